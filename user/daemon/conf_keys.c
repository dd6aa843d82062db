// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys of a configuration file: a table of names, types and places. */
#include <errno.h>
#include <linux/dmvpn.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/conf_parse.h"

struct key;

/* Stores @value; false after it has reported what is wrong. */
typedef bool (*key_fn)(struct nh_conf_parse *p, const struct key *key,
		       const char *value);

/**
 * struct key - one key
 * @section: where it may stand
 * @name: as written
 * @fn: its type
 * @offset: of its member in struct nh_conf, nh_conf_nhs or nh_conf_map
 * @min: smallest number
 * @max: largest number
 * @repeat: may be given more than once in a section
 */
struct key {
	enum nh_conf_section section;
	const char *name;
	key_fn fn;
	size_t offset;
	uint32_t min;
	uint32_t max;
	bool repeat;
};

/* The structure that the members of the current section are in. */
static void *member(struct nh_conf_parse *p, const struct key *key)
{
	struct nh_conf *conf = p->conf;
	char *base = (char *)conf;

	if (key->section == NH_CONF_NHS_)
		base = (char *)&conf->nhs[conf->nnhs - 1];
	else if (key->section == NH_CONF_MAP_)
		base = (char *)&conf->map[conf->nmap - 1];
	return base + key->offset;
}

static bool wrong(struct nh_conf_parse *p, const struct key *key,
		  const char *value, const char *expected)
{
	nh_conf_say(p, p->line, "[%s] %s=%s: expected %s", p->name, key->name,
		    value, expected);
	return false;
}

/* A decimal number and nothing else. */
static bool number(struct nh_conf_parse *p, const struct key *key,
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
		return wrong(p, key, value, expected);
	}
	*out = (uint32_t)v;
	return true;
}

static bool key_u32(struct nh_conf_parse *p, const struct key *key,
		    const char *value)
{
	return number(p, key, value, member(p, key));
}

static bool key_u16(struct nh_conf_parse *p, const struct key *key,
		    const char *value)
{
	uint32_t v;

	if (!number(p, key, value, &v))
		return false;
	*(uint16_t *)member(p, key) = (uint16_t)v;
	return true;
}

static bool key_u8(struct nh_conf_parse *p, const struct key *key,
		   const char *value)
{
	uint32_t v;

	if (!number(p, key, value, &v))
		return false;
	*(uint8_t *)member(p, key) = (uint8_t)v;
	return true;
}

/* A limit of the kernel's, which is not touched when it is not given. */
static bool key_limit(struct nh_conf_parse *p, const struct key *key,
		      const char *value)
{
	uint32_t v;

	if (!number(p, key, value, &v))
		return false;
	*(int64_t *)member(p, key) = v;
	return true;
}

static bool key_bool(struct nh_conf_parse *p, const struct key *key,
		     const char *value)
{
	bool *out = member(p, key);

	if (strcmp(value, "yes") && strcmp(value, "no"))
		return wrong(p, key, value, "yes or no");
	*out = strcmp(value, "yes") == 0;
	return true;
}

static bool key_key(struct nh_conf_parse *p, const struct key *key,
		    const char *value)
{
	p->conf->has_key = true;
	return key_u32(p, key, value);
}

static bool key_ttl(struct nh_conf_parse *p, const struct key *key,
		    const char *value)
{
	if (strcmp(value, "inherit") == 0) {
		p->conf->ttl = 0;
		return true;
	}
	return key_u8(p, key, value);
}

static bool key_tos(struct nh_conf_parse *p, const struct key *key,
		    const char *value)
{
	uint32_t v;

	if (strcmp(value, "inherit") == 0) {
		p->conf->tos = 1;
		return true;
	}
	if (!number(p, key, value, &v))
		return false;
	if (v == 1)
		return wrong(p, key, value, "inherit, or a number but 1");
	p->conf->tos = (uint8_t)v;
	return true;
}

static bool key_df(struct nh_conf_parse *p, const struct key *key,
		   const char *value)
{
	static const char *const names[] = {
		[DMVPN_DF_SET] = "set",
		[DMVPN_DF_UNSET] = "unset",
		[DMVPN_DF_INHERIT] = "inherit",
	};
	uint8_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(value, names[i]) == 0) {
			p->conf->df = i;
			return true;
		}
	}
	return wrong(p, key, value, "set, unset or inherit");
}

static bool key_protection(struct nh_conf_parse *p, const struct key *key,
			   const char *value)
{
	if (strcmp(value, "required") == 0)
		p->conf->protection = DMVPN_PROTECTION_REQUIRED;
	else if (strcmp(value, "none") == 0)
		p->conf->protection = DMVPN_PROTECTION_NONE;
	else
		return wrong(p, key, value, "required or none");
	return true;
}

static bool key_mcast(struct nh_conf_parse *p, const struct key *key,
		      const char *value)
{
	if (strcmp(value, "dynamic") && strcmp(value, "none"))
		return wrong(p, key, value, "dynamic or none");
	p->conf->mcast_dynamic = strcmp(value, "dynamic") == 0;
	return true;
}

/* What the kernel's dev_valid_name() accepts. */
static bool valid_ifname(const char *name)
{
	size_t len = strlen(name);

	return len && len < IFNAMSIZ && strcmp(name, ".") &&
	       strcmp(name, "..") && !strpbrk(name, "/: \t\v\f");
}

static bool key_ifname(struct nh_conf_parse *p, const struct key *key,
		       const char *value)
{
	if (!valid_ifname(value))
		return wrong(p, key, value, "the name of a device");
	strcpy(member(p, key), value);
	return true;
}

/* An address that one host can have. */
static bool host_address(struct nh_conf_parse *p, const struct key *key,
			 const char *value, struct nh_addr *out)
{
	if (nh_addr_parse(out, value))
		return wrong(p, key, value, "an IPv4 or IPv6 address");
	if (nh_addr_is_any(out) || nh_addr_is_multicast(out) ||
	    nh_addr_is_loopback(out) || nh_addr_is_v4mapped(out))
		return wrong(p, key, value, "the address of a host");
	return true;
}

static bool key_addr(struct nh_conf_parse *p, const struct key *key,
		     const char *value)
{
	return host_address(p, key, value, member(p, key));
}

static bool key_source(struct nh_conf_parse *p, const struct key *key,
		       const char *value)
{
	struct nh_conf *conf = p->conf;
	struct nh_addr addr, *slot;

	if (nh_addr_parse(&addr, value)) {
		if (!valid_ifname(value))
			return wrong(p, key, value,
				     "an address or the name of a device");
		if (conf->source_dev[0])
			return wrong(p, key, value, "only one device");
		strcpy(conf->source_dev, value);
		return true;
	}
	if (!host_address(p, key, value, &addr))
		return false;
	slot = addr.len == 4 ? &conf->source4 : &conf->source6;
	if (nh_addr_is_set(slot))
		return wrong(p, key, value, "only one address of a family");
	*slot = addr;
	return true;
}

static bool key_address(struct nh_conf_parse *p, const struct key *key,
			const char *value)
{
	char text[NH_PREFIX_STRLEN], *slash;
	struct nh_conf *conf = p->conf;
	struct nh_conf_addr a;
	struct nh_prefix subnet;

	snprintf(text, sizeof(text), "%s", value);
	slash = strchr(text, '/');
	if (!slash)
		return wrong(p, key, value, "ADDRESS/LENGTH");
	*slash = '\0';
	if (!host_address(p, key, text, &a.addr))
		return false;
	/* The length is read with a prefix that has no host bits to mind. */
	snprintf(text, sizeof(text), "%s%s", a.addr.len == 4 ? "0.0.0.0" : "::",
		 strchr(value, '/'));
	if (nh_prefix_parse(&subnet, text, NULL) || !subnet.plen)
		return wrong(p, key, value, a.addr.len == 4 ?
			     "a length from 1 to 32" :
			     "a length from 1 to 128");
	a.plen = subnet.plen;
	if (nh_conf_is_own(conf, &a.addr))
		return wrong(p, key, value, "each address only once");
	if (conf->naddr == NH_CONF_ADDRS)
		return wrong(p, key, value, "fewer addresses");
	conf->addr[conf->naddr++] = a;
	return true;
}

static bool key_prefix(struct nh_conf_parse *p, const struct key *key,
		       const char *value)
{
	struct nh_prefix *prefix = member(p, key);
	const char *why;

	if (nh_prefix_parse(prefix, value, &why)) {
		nh_conf_say(p, p->line,
			    "[%s] %s=%s: %s; expected ADDRESS/LENGTH",
			    p->name, key->name, value, why);
		return false;
	}
	if (nh_addr_is_multicast(&prefix->addr) || prefix->plen == 0)
		return wrong(p, key, value, "a unicast prefix");
	return true;
}

/* The value is a secret: it never goes into a message. */
static bool key_auth(struct nh_conf_parse *p, const struct key *key,
		     const char *value)
{
	if (nhrp_auth_init(&p->conf->auth, value) == 0)
		return true;
	nh_conf_say(p, p->line, "[%s] %s=(not shown): expected 1 to %d characters",
		    p->name, key->name, NHRP_AUTH_MAX);
	return false;
}

#define TUNNEL(name, fn, field, ...) \
	{ NH_CONF_TUNNEL, name, fn, offsetof(struct nh_conf, field), \
	  __VA_ARGS__ }
#define NHRP(name, fn, field, ...) \
	{ NH_CONF_NHRP, name, fn, offsetof(struct nh_conf, field), \
	  __VA_ARGS__ }
#define NHS(name, fn, field, ...) \
	{ NH_CONF_NHS_, name, fn, offsetof(struct nh_conf_nhs, field), \
	  __VA_ARGS__ }
#define MAP(name, fn, field, ...) \
	{ NH_CONF_MAP_, name, fn, offsetof(struct nh_conf_map, field), \
	  __VA_ARGS__ }

/* As the kernel has it */
#define LIMIT_MAX	(1 << 24)

static const struct key keys[] = {
	TUNNEL("Name", key_ifname, name, 0, 0, false),
	TUNNEL("Source", key_source, source4, 0, 0, true),
	TUNNEL("Address", key_address, addr, 0, 0, true),
	TUNNEL("MTU", key_u32, mtu, 576, 65535, false),
	TUNNEL("Key", key_key, key, 0, UINT32_MAX, false),
	TUNNEL("TTL", key_ttl, ttl, 1, 255, false),
	TUNNEL("TOS", key_tos, tos, 0, 255, false),
	TUNNEL("DF", key_df, df, 0, 0, false),
	TUNNEL("Mark", key_u32, mark, 0, UINT32_MAX, false),
	TUNNEL("Protection", key_protection, protection, 0, 0, false),
	TUNNEL("StrictSource", key_bool, strict_source, 0, 0, false),
	TUNNEL("HoldQueue", key_limit, hold_queue, 0, 4096, false),
	TUNNEL("UpcallRate", key_limit, upcall_rate, 1, 1000000, false),
	TUNNEL("MaxPeers", key_limit, max_peers, 1, LIMIT_MAX, false),
	TUNNEL("MaxEntries", key_limit, max_entries, 1, LIMIT_MAX, false),
	TUNNEL("MaxMulticast", key_limit, max_mcast, 0, LIMIT_MAX, false),
	NHRP("NetworkId", key_u32, network_id, 0, UINT32_MAX, false),
	NHRP("Authentication", key_auth, auth, 0, 0, false),
	NHRP("HoldTime", key_u16, holdtime, 30, 65535, false),
	NHRP("RegistrationTimeout", key_u16, registration, 1, 65535, false),
	NHRP("RegistrationUnique", key_bool, unique, 0, 0, false),
	NHRP("Redirect", key_bool, redirect, 0, 0, false),
	NHRP("Shortcut", key_bool, shortcut, 0, 0, false),
	NHRP("MapMulticast", key_mcast, mcast_dynamic, 0, 0, false),
	NHRP("NatExtension", key_bool, nat, 0, 0, false),
	NHRP("Server", key_bool, server, 0, 0, false),
	NHS("Address", key_addr, proto, 0, 0, false),
	NHS("Nbma", key_addr, nbma, 0, 0, false),
	NHS("Multicast", key_bool, multicast, 0, 0, false),
	NHS("Priority", key_u8, priority, 0, 255, false),
	MAP("Prefix", key_prefix, prefix, 0, 0, false),
	MAP("Nbma", key_addr, nbma, 0, 0, false),
	MAP("Multicast", key_bool, multicast, 0, 0, false),
};

#define NKEYS (sizeof(keys) / sizeof(keys[0]))
_Static_assert(NKEYS <= NH_CONF_KEYS_MAX, "seen[] is too small");

/* A section that may be repeated starts with its keys unseen. */
static void forget_seen(struct nh_conf_parse *p)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (keys[i].section == p->section)
			p->seen[i] = 0;
}

bool nh_conf_seen(const struct nh_conf_parse *p, enum nh_conf_section section,
		  const char *name)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (keys[i].section == section &&
		    strcmp(keys[i].name, name) == 0)
			return p->seen[i];
	return false;
}

static void begin_nhs(struct nh_conf_parse *p)
{
	struct nh_conf *conf = p->conf;

	if (conf->nnhs == NH_CONF_NHS) {
		nh_conf_say(p, p->line, "[NHS]: expected at most %d of them",
			    NH_CONF_NHS);
		p->section = NH_CONF_UNKNOWN;
		return;
	}
	conf->nhs[conf->nnhs++] = (struct nh_conf_nhs){ .line = p->line };
}

static void begin_map(struct nh_conf_parse *p)
{
	struct nh_conf *conf = p->conf;
	struct nh_conf_map *map;

	if (conf->nmap == NH_CONF_MAPS) {
		nh_conf_say(p, p->line, "[Map]: expected at most %d of them",
			    NH_CONF_MAPS);
		p->section = NH_CONF_UNKNOWN;
		return;
	}
	map = reallocarray(conf->map, conf->nmap + 1, sizeof(*map));
	if (!map) {
		p->nomem = true;
		p->section = NH_CONF_UNKNOWN;
		return;
	}
	conf->map = map;
	conf->map[conf->nmap++] = (struct nh_conf_map){ .line = p->line };
}

void nh_conf_section_begin(struct nh_conf_parse *p, const char *name)
{
	static const struct {
		const char *name;
		enum nh_conf_section section;
	} sections[] = {
		{ "Tunnel", NH_CONF_TUNNEL },
		{ "NHRP", NH_CONF_NHRP },
		{ "NHS", NH_CONF_NHS_ },
		{ "Map", NH_CONF_MAP_ },
	};
	size_t i;

	nh_conf_section_end(p);
	p->section = NH_CONF_UNKNOWN;
	p->section_line = p->line;
	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (strcmp(name, sections[i].name) == 0) {
			p->section = sections[i].section;
			strcpy(p->name, name);
		}
	}
	if (p->section == NH_CONF_UNKNOWN) {
		nh_conf_say(p, p->line,
			    "[%s]: unknown section; expected Tunnel, NHRP, NHS or Map",
			    name);
	} else if (p->section == NH_CONF_NHS_) {
		forget_seen(p);
		begin_nhs(p);
	} else if (p->section == NH_CONF_MAP_) {
		forget_seen(p);
		begin_map(p);
	}
}

static void require(struct nh_conf_parse *p, const char *name)
{
	if (!nh_conf_seen(p, p->section, name))
		nh_conf_say(p, p->section_line, "[%s]: %s= is missing",
			    p->name, name);
}

void nh_conf_section_end(struct nh_conf_parse *p)
{
	if (p->section == NH_CONF_NHS_) {
		require(p, "Address");
		require(p, "Nbma");
	} else if (p->section == NH_CONF_MAP_) {
		require(p, "Prefix");
		require(p, "Nbma");
	}
}

void nh_conf_key(struct nh_conf_parse *p, const char *name, const char *value)
{
	const struct key *key = NULL;
	size_t i;

	/* Its header has been reported already. */
	if (p->section == NH_CONF_UNKNOWN)
		return;
	if (p->section == NH_CONF_NONE) {
		nh_conf_say(p, p->line, "%s=: expected a section before it",
			    name);
		return;
	}
	for (i = 0; i < NKEYS && !key; i++)
		if (keys[i].section == p->section &&
		    strcmp(keys[i].name, name) == 0)
			key = &keys[i];
	if (!key) {
		nh_conf_say(p, p->line, "[%s] %s=: unknown key", p->name, name);
		return;
	}
	i = (size_t)(key - keys);
	if (p->seen[i] && !key->repeat) {
		nh_conf_say(p, p->line,
			    "[%s] %s=: already given in line %u", p->name, name,
			    p->seen[i]);
		return;
	}
	/* Also when the value is bad: it is not missing. */
	p->seen[i] = p->line;
	key->fn(p, key, value);
}
