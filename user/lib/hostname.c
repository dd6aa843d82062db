// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of hosts. */
#include "lib/hostname.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define LABEL_MAX	63

bool nh_hostname_ok(const char *text)
{
	size_t len, i;
	bool digits;

	if (strlen(text) > NH_HOSTNAME_MAX)
		return false;
	for (;; text += len + 1) {
		len = strcspn(text, ".");
		if (!len || len > LABEL_MAX || text[0] == '-' ||
		    text[len - 1] == '-')
			return false;
		digits = true;
		for (i = 0; i < len; i++) {
			if (!isalnum((unsigned char)text[i]) &&
			    text[i] != '-' && text[i] != '_')
				return false;
			digits &= isdigit((unsigned char)text[i]) != 0;
		}
		if (!text[len])
			return !digits;
	}
}
