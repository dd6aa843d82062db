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

/* A decimal number from 1 to @max, up to @end. */
static bool number(const char **text, char end, unsigned long max,
		   uint32_t *out)
{
	unsigned long v = 0;
	const char *c;

	for (c = *text; *c >= '0' && *c <= '9' && v <= max; c++)
		v = v * 10 + (unsigned int)(*c - '0');
	if (c == *text || *c != end || !v || v > max)
		return false;
	*text = c + 1;
	*out = (uint32_t)v;
	return true;
}

bool nh_conf_nhrp_rate(struct nh_conf_parse *p, const struct nh_conf_key *key,
		       const char *value)
{
	struct nh_rate *rate = nh_conf_member(p, key);
	const char *text = value;

	if (!number(&text, '/', 65535, &rate->burst) ||
	    !number(&text, '\0', 65535, &rate->seconds))
		return nh_conf_wrong(p, key, value,
				     "PACKETS/SECONDS, each from 1 to 65535");
	rate->per_second = rate->burst;
	return true;
}
