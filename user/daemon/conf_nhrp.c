// SPDX-License-Identifier: GPL-2.0-or-later
/* Types of values of the section [NHRP]. */
#include "daemon/conf_nhrp.h"

#include <string.h>

bool nh_conf_nhrp_group(struct nh_conf_parse *p, const struct nh_conf_key *key,
			const char *value)
{
	struct nh_conf *conf = p->conf;
	const char *c;

	for (c = value; *c > ' ' && *c <= '~'; c++)
		;
	if (*c || nhrp_vendor_set_group(&conf->vendor, value))
		return nh_conf_wrong(p, key, value,
				     "1 to 64 printable characters without blanks");
	strcpy(conf->group, value);
	return true;
}
