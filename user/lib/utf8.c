// SPDX-License-Identifier: GPL-2.0-or-later
/* Characters of UTF-8 text. */
#include "lib/utf8.h"

#include <stdint.h>

size_t nh_utf8_len(const char *text)
{
	/* By the length: what must not be written in so many octets. */
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const uint8_t *c = (const uint8_t *)text;
	uint32_t code;
	size_t len, i;

	if (*c < 0x80)
		return *c ? 1 : 0;
	if (*c < 0xc0 || *c >= 0xf8)
		return 0;
	len = *c < 0xe0 ? 2 : *c < 0xf0 ? 3 : 4;
	code = *c & (0x7f >> len);
	/* The NUL at the end is no continuation, so nothing is read beyond. */
	for (i = 1; i < len; i++) {
		if ((c[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (c[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff ||
	    (code >= 0xd800 && code < 0xe000))
		return 0;
	return len;
}
