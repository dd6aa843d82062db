// SPDX-License-Identifier: GPL-2.0-or-later
/* Types of values that keys of several sections have. */
#include "daemon/conf_value.h"

#include <string.h>

void *nh_conf_member(struct nh_conf_parse *p, const struct nh_conf_key *key)
{
	struct nh_conf *conf = p->conf;
	char *base = (char *)conf;

	if (key->section == NH_CONF_NHS_)
		base = (char *)&conf->nhs[conf->nnhs - 1];
	else if (key->section == NH_CONF_CLUSTER)
		base = (char *)&conf->cluster[conf->ncluster - 1];
	else if (key->section == NH_CONF_MAP_)
		base = (char *)&conf->map[conf->nmap - 1];
	return base + key->offset;
}

bool nh_conf_wrong(struct nh_conf_parse *p, const struct nh_conf_key *key,
		   const char *value, const char *expected)
{
	nh_conf_say(p, p->line, "[%s] %s=%s: expected %s", p->name, key->name,
		    value, expected);
	return false;
}

bool nh_conf_hidden(struct nh_conf_parse *p, const struct nh_conf_key *key,
		    int max)
{
	nh_conf_say(p, p->line,
		    "[%s] %s=(not shown): expected 1 to %d characters",
		    p->name, key->name, max);
	return false;
}

bool nh_conf_number(struct nh_conf_parse *p, const struct nh_conf_key *key,
		    const char *value, uint32_t *out)
{
	unsigned long long v = 0;
	const char *c = value;
	char expected[64];

	for (; *c >= '0' && *c <= '9' && v <= UINT32_MAX; c++)
		v = v * 10 + (unsigned int)(*c - '0');
	if (c == value || *c || v < key->min || v > key->max) {
		snprintf(expected, sizeof(expected), "a number from %u to %u",
			 key->min, key->max);
		return nh_conf_wrong(p, key, value, expected);
	}
	*out = (uint32_t)v;
	return true;
}

bool nh_conf_u32(struct nh_conf_parse *p, const struct nh_conf_key *key,
		 const char *value)
{
	return nh_conf_number(p, key, value, nh_conf_member(p, key));
}

bool nh_conf_u16(struct nh_conf_parse *p, const struct nh_conf_key *key,
		 const char *value)
{
	uint32_t v;

	if (!nh_conf_number(p, key, value, &v))
		return false;
	*(uint16_t *)nh_conf_member(p, key) = (uint16_t)v;
	return true;
}

bool nh_conf_u8(struct nh_conf_parse *p, const struct nh_conf_key *key,
		const char *value)
{
	uint32_t v;

	if (!nh_conf_number(p, key, value, &v))
		return false;
	*(uint8_t *)nh_conf_member(p, key) = (uint8_t)v;
	return true;
}

bool nh_conf_limit(struct nh_conf_parse *p, const struct nh_conf_key *key,
		   const char *value)
{
	uint32_t v;

	if (!nh_conf_number(p, key, value, &v))
		return false;
	*(int64_t *)nh_conf_member(p, key) = v;
	return true;
}

bool nh_conf_bool(struct nh_conf_parse *p, const struct nh_conf_key *key,
		  const char *value)
{
	bool *out = nh_conf_member(p, key);

	if (strcmp(value, "yes") && strcmp(value, "no"))
		return nh_conf_wrong(p, key, value, "yes or no");
	*out = strcmp(value, "yes") == 0;
	return true;
}

bool nh_conf_string(struct nh_conf_parse *p, const struct nh_conf_key *key,
		    const char *value)
{
	char **out = nh_conf_member(p, key);

	*out = strdup(value);
	p->nomem |= !*out;
	return *out;
}

bool nh_conf_host(struct nh_conf_parse *p, const struct nh_conf_key *key,
		  const char *value, struct nh_addr *out)
{
	if (nh_addr_parse(out, value))
		return nh_conf_wrong(p, key, value, "an IPv4 or IPv6 address");
	if (nh_addr_is_any(out) || nh_addr_is_multicast(out) ||
	    nh_addr_is_loopback(out) || nh_addr_is_v4mapped(out))
		return nh_conf_wrong(p, key, value, "the address of a host");
	return true;
}
