// SPDX-License-Identifier: GPL-2.0-or-later
/* Types of values of the section [NHRP]. */
#include "daemon/conf_nhrp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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

static bool add_network(struct nh_conf_parse *p, const struct nh_conf_key *key,
			const char *text)
{
	struct nh_conf_networks *list = nh_conf_member(p, key);
	struct nh_prefix prefix;
	const char *why;
	size_t i;

	if (nh_prefix_parse(&prefix, text, &why)) {
		nh_conf_say(p, p->line,
			    "[%s] %s=%s: %s; expected ADDRESS/LENGTH", p->name,
			    key->name, text, why);
		return false;
	}
	if (nh_addr_is_multicast(&prefix.addr) ||
	    nh_addr_is_loopback(&prefix.addr) ||
	    nh_addr_is_linklocal(&prefix.addr) ||
	    nh_addr_is_v4mapped(&prefix.addr))
		return nh_conf_wrong(p, key, text, "a unicast prefix");
	for (i = 0; i < list->n; i++)
		if (nh_prefix_equal(&list->at[i].prefix, &prefix)) {
			nh_conf_say(p, p->line,
				    "[%s] %s=%s: already given in line %u",
				    p->name, key->name, text,
				    list->at[i].line);
			return false;
		}
	if (list->n == key->max)
		return nh_conf_wrong(p, key, text, "fewer prefixes");
	list->at[list->n].prefix = prefix;
	list->at[list->n++].line = p->line;
	return true;
}

bool nh_conf_nhrp_networks(struct nh_conf_parse *p,
			   const struct nh_conf_key *key, const char *value)
{
	char *copy = strdup(value), *list = copy, *item;
	bool ok = true, any = false;

	if (!copy) {
		p->nomem = true;
		return false;
	}
	while (ok && (item = strsep(&list, " \t"))) {
		if (!*item)
			continue;
		any = true;
		ok = add_network(p, key, item);
	}
	free(copy);
	return ok && (any || nh_conf_wrong(p, key, value, "prefixes"));
}

/* What lies in the tunnel's own subnet is registered as an address. */
static bool is_inside(const struct nh_conf *conf,
		      const struct nh_prefix *prefix)
{
	struct nh_prefix subnet;
	size_t i;

	for (i = 0; i < conf->naddr; i++) {
		nh_prefix_make(&subnet, &conf->addr[i].addr,
			       conf->addr[i].plen);
		if (nh_prefix_covers(&subnet, prefix))
			return true;
	}
	return false;
}

/* Servers refuse networks that touch the tunnel's, and all too wide ones. */
static bool registrable(const struct nh_conf *conf,
			const struct nh_prefix *prefix)
{
	return !nh_conf_touches(conf, prefix) &&
	       prefix->plen >= (prefix->addr.family == AF_INET ? 8 : 16);
}

static bool has_server(const struct nh_conf *conf, uint8_t family)
{
	size_t i;

	for (i = 0; i < conf->nnhs; i++)
		if (conf->nhs[i].family == family)
			return true;
	return false;
}

static void check_also(struct nh_conf_parse *p)
{
	const struct nh_conf *conf = p->conf;
	char text[NH_PREFIX_STRLEN];
	size_t i;

	for (i = 0; i < conf->also.n; i++) {
		const struct nh_prefix *prefix = &conf->also.at[i].prefix;
		unsigned int line = conf->also.at[i].line;

		nh_prefix_format(prefix, text, sizeof(text));
		if (!has_server(conf, prefix->addr.family))
			nh_conf_say(p, line,
				    "[NHRP] Register=%s: expected an [NHS] of its family",
				    text);
		if (!registrable(conf, prefix))
			nh_conf_say(p, line,
				    "[NHRP] Register=%s: expected a network of at least 8 bits (IPv6: 16) outside of the subnet of [Tunnel] Address=",
				    text);
	}
}

void nh_conf_networks_check(struct nh_conf_parse *p)
{
	const struct nh_conf *conf = p->conf;
	char text[NH_PREFIX_STRLEN];
	size_t i;

	check_also(p);
	for (i = 0; i < conf->accept.n; i++) {
		const struct nh_prefix *range = &conf->accept.at[i].prefix;
		unsigned int line = conf->accept.at[i].line;

		nh_prefix_format(range, text, sizeof(text));
		if (!conf->server)
			nh_conf_say(p, line,
				    "[NHRP] AcceptPrefixes=%s: expected Server=yes",
				    text);
		if (!nh_conf_proto(conf, range->addr.family))
			nh_conf_say(p, line,
				    "[NHRP] AcceptPrefixes=%s: expected a prefix of the family of a [Tunnel] Address=",
				    text);
		if (is_inside(conf, range))
			nh_conf_say(p, line,
				    "[NHRP] AcceptPrefixes=%s: expected a prefix outside of the subnet of [Tunnel] Address=",
				    text);
	}
}
