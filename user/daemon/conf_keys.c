// SPDX-License-Identifier: GPL-2.0-or-later
/* The keys of a configuration file: a table of names, types and places. */
#include <errno.h>
#include <linux/dmvpn.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/conf_ipsec.h"
#include "daemon/conf_nhrp.h"
#include "daemon/conf_nhs.h"
#include "daemon/conf_peers.h"
#include "daemon/conf_value.h"
#include "lib/mtu.h"

static bool key_key(struct nh_conf_parse *p, const struct nh_conf_key *key,
		    const char *value)
{
	p->conf->has_key = true;
	return nh_conf_u32(p, key, value);
}

static bool key_ttl(struct nh_conf_parse *p, const struct nh_conf_key *key,
		    const char *value)
{
	if (strcmp(value, "inherit") == 0) {
		p->conf->ttl = 0;
		return true;
	}
	return nh_conf_u8(p, key, value);
}

static bool key_tos(struct nh_conf_parse *p, const struct nh_conf_key *key,
		    const char *value)
{
	uint32_t v;

	if (strcmp(value, "inherit") == 0) {
		p->conf->tos = 1;
		return true;
	}
	if (!nh_conf_number(p, key, value, &v))
		return false;
	if (v == 1)
		return nh_conf_wrong(p, key, value,
				     "inherit, or a number but 1");
	p->conf->tos = (uint8_t)v;
	return true;
}

static bool key_df(struct nh_conf_parse *p, const struct nh_conf_key *key,
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
	return nh_conf_wrong(p, key, value, "set, unset or inherit");
}

static bool key_protection(struct nh_conf_parse *p,
			   const struct nh_conf_key *key, const char *value)
{
	if (strcmp(value, "required") == 0)
		p->conf->protection = DMVPN_PROTECTION_REQUIRED;
	else if (strcmp(value, "none") == 0)
		p->conf->protection = DMVPN_PROTECTION_NONE;
	else
		return nh_conf_wrong(p, key, value, "required or none");
	return true;
}

static bool key_mcast(struct nh_conf_parse *p, const struct nh_conf_key *key,
		      const char *value)
{
	if (strcmp(value, "dynamic") && strcmp(value, "none"))
		return nh_conf_wrong(p, key, value, "dynamic or none");
	p->conf->mcast_dynamic = strcmp(value, "dynamic") == 0;
	return true;
}

static bool key_if_state(struct nh_conf_parse *p,
			 const struct nh_conf_key *key, const char *value)
{
	if (strcmp(value, "nhrp") && strcmp(value, "none"))
		return nh_conf_wrong(p, key, value, "nhrp or none");
	p->conf->if_state = strcmp(value, "nhrp") == 0;
	return true;
}

/* What the kernel's dev_valid_name() accepts. */
static bool valid_ifname(const char *name)
{
	size_t len = strlen(name);

	return len && len < IFNAMSIZ && strcmp(name, ".") &&
	       strcmp(name, "..") && !strpbrk(name, "/: \t\v\f");
}

static bool key_ifname(struct nh_conf_parse *p, const struct nh_conf_key *key,
		       const char *value)
{
	if (!valid_ifname(value))
		return nh_conf_wrong(p, key, value, "the name of a device");
	strcpy(nh_conf_member(p, key), value);
	return true;
}

static bool key_addr(struct nh_conf_parse *p, const struct nh_conf_key *key,
		     const char *value)
{
	return nh_conf_host(p, key, value, nh_conf_member(p, key));
}

static bool key_source(struct nh_conf_parse *p, const struct nh_conf_key *key,
		       const char *value)
{
	struct nh_conf *conf = p->conf;
	struct nh_addr addr, *slot;

	if (nh_addr_parse(&addr, value)) {
		if (!valid_ifname(value))
			return nh_conf_wrong(p, key, value,
					     "an address or the name of a device");
		if (conf->source_dev[0])
			return nh_conf_wrong(p, key, value, "only one device");
		strcpy(conf->source_dev, value);
		return true;
	}
	if (!nh_conf_host(p, key, value, &addr))
		return false;
	slot = addr.len == 4 ? &conf->source4 : &conf->source6;
	if (nh_addr_is_set(slot))
		return nh_conf_wrong(p, key, value,
				     "only one address of a family");
	*slot = addr;
	return true;
}

static bool key_address(struct nh_conf_parse *p, const struct nh_conf_key *key,
			const char *value)
{
	char text[NH_PREFIX_STRLEN], *slash;
	struct nh_conf *conf = p->conf;
	struct nh_conf_addr a;
	struct nh_prefix subnet;

	snprintf(text, sizeof(text), "%s", value);
	slash = strchr(text, '/');
	if (!slash)
		return nh_conf_wrong(p, key, value, "ADDRESS/LENGTH");
	*slash = '\0';
	if (!nh_conf_host(p, key, text, &a.addr))
		return false;
	/* The length is read with a prefix that has no host bits to mind. */
	snprintf(text, sizeof(text), "%s%s", a.addr.len == 4 ? "0.0.0.0" : "::",
		 strchr(value, '/'));
	if (nh_prefix_parse(&subnet, text, NULL) || !subnet.plen)
		return nh_conf_wrong(p, key, value, a.addr.len == 4 ?
				     "a length from 1 to 32" :
				     "a length from 1 to 128");
	a.plen = subnet.plen;
	if (nh_conf_is_own(conf, &a.addr))
		return nh_conf_wrong(p, key, value, "each address only once");
	if (nh_addr_is_linklocal6(&a.addr) && nh_conf_link_local(conf))
		return nh_conf_wrong(p, key, value,
				     "only one link-local address");
	if (conf->naddr == NH_CONF_ADDRS)
		return nh_conf_wrong(p, key, value, "fewer addresses");
	conf->addr[conf->naddr++] = a;
	return true;
}

static bool key_prefix(struct nh_conf_parse *p, const struct nh_conf_key *key,
		       const char *value)
{
	struct nh_prefix *prefix = nh_conf_member(p, key);
	const char *why;

	if (nh_prefix_parse(prefix, value, &why)) {
		nh_conf_say(p, p->line,
			    "[%s] %s=%s: %s; expected ADDRESS/LENGTH",
			    p->name, key->name, value, why);
		return false;
	}
	if (nh_addr_is_multicast(&prefix->addr) || prefix->plen == 0)
		return nh_conf_wrong(p, key, value, "a unicast prefix");
	return true;
}

/* The value is a secret: it never goes into a message. */
static bool key_auth(struct nh_conf_parse *p, const struct nh_conf_key *key,
		     const char *value)
{
	if (nhrp_auth_init(&p->conf->auth, value) == 0)
		return true;
	return nh_conf_hidden(p, key, NHRP_AUTH_MAX);
}

#define TUNNEL(name, fn, field, ...) \
	{ NH_CONF_TUNNEL, name, fn, offsetof(struct nh_conf, field), \
	  __VA_ARGS__ }
#define NHRP(name, fn, field, ...) \
	{ NH_CONF_NHRP, name, fn, offsetof(struct nh_conf, field), \
	  __VA_ARGS__ }
#define IPSEC(name, fn, field, ...) \
	{ NH_CONF_IPSEC, name, fn, offsetof(struct nh_conf, ipsec.field), \
	  __VA_ARGS__ }
#define PEERS(name, fn, field, ...) \
	{ NH_CONF_PEERS, name, fn, offsetof(struct nh_conf, field), \
	  __VA_ARGS__ }
#define NHS(name, fn, field, ...) \
	{ NH_CONF_NHS_, name, fn, offsetof(struct nh_conf_nhs, field), \
	  __VA_ARGS__ }
#define CLUSTER(name, fn, field, ...) \
	{ NH_CONF_CLUSTER, name, fn, offsetof(struct nh_conf_cluster, field), \
	  __VA_ARGS__ }
#define MAP(name, fn, field, ...) \
	{ NH_CONF_MAP_, name, fn, offsetof(struct nh_conf_map, field), \
	  __VA_ARGS__ }

/* As the kernel has it */
#define LIMIT_MAX	(1 << 24)

static const struct nh_conf_key keys[] = {
	TUNNEL("Name", key_ifname, name, 0, 0, false),
	TUNNEL("Source", key_source, source4, 0, 0, true),
	TUNNEL("Address", key_address, addr, 0, 0, true),
	TUNNEL("MTU", nh_conf_u32, mtu, 576, NH_MTU_MAX, false),
	TUNNEL("Key", key_key, key, 0, UINT32_MAX, false),
	TUNNEL("TTL", key_ttl, ttl, 1, 255, false),
	TUNNEL("TOS", key_tos, tos, 0, 255, false),
	TUNNEL("DF", key_df, df, 0, 0, false),
	TUNNEL("Mark", nh_conf_u32, mark, 0, UINT32_MAX, false),
	TUNNEL("Protection", key_protection, protection, 0, 0, false),
	TUNNEL("StrictSource", nh_conf_bool, strict_source, 0, 0, false),
	TUNNEL("HoldQueue", nh_conf_limit, hold_queue, 0, 4096, false),
	TUNNEL("UpcallRate", nh_conf_limit, upcall_rate, 1, 1000000, false),
	TUNNEL("MaxPeers", nh_conf_limit, max_peers, 1, LIMIT_MAX, false),
	TUNNEL("MaxEntries", nh_conf_limit, max_entries, 1, LIMIT_MAX, false),
	TUNNEL("MaxMulticast", nh_conf_limit, max_mcast, 0, LIMIT_MAX, false),
	NHRP("NetworkId", nh_conf_u32, network_id, 0, UINT32_MAX, false),
	NHRP("Authentication", key_auth, auth, 0, 0, false),
	NHRP("HoldTime", nh_conf_u16, holdtime, 30, 65535, false),
	NHRP("RegistrationTimeout", nh_conf_u16, registration, 1, 65535, false),
	NHRP("RegistrationUnique", nh_conf_bool, unique, 0, 0, false),
	NHRP("RegistrationLinkLocal", nh_conf_bool, link_local, 0, 0, false),
	NHRP("Redirect", nh_conf_bool, redirect, 0, 0, false),
	NHRP("Shortcut", nh_conf_bool, shortcut, 0, 0, false),
	NHRP("MapMulticast", key_mcast, mcast_dynamic, 0, 0, false),
	NHRP("NatExtension", nh_conf_bool, nat, 0, 0, false),
	NHRP("Server", nh_conf_bool, server, 0, 0, false),
	NHRP("MaxSend", nh_conf_nhrp_rate, max_send, 0, 0, false),
	NHRP("MaxRegistrations", nh_conf_u32, max_registrations, 1, LIMIT_MAX,
	     false),
	NHRP("AcceptPrefixes", nh_conf_nhrp_networks, accept, 0,
	     NH_CONF_NETWORKS, true),
	NHRP("Register", nh_conf_nhrp_networks, also, 0, NH_CONF_ALSO, true),
	NHRP("Group", nh_conf_nhrp_group, group, 0, 0, false),
	NHRP("IfState", key_if_state, if_state, 0, 0, false),
	NHRP("NhsFallback", nh_conf_u16, fallback, 0, 3600, false),
	NHS("Address", nh_conf_nhs_address, proto, 0, 0, false),
	NHS("Nbma", nh_conf_nhs_nbma, nbma, 0, 0, false),
	NHS("Multicast", nh_conf_bool, multicast, 0, 0, false),
	NHS("Priority", nh_conf_u8, priority, 0, 255, false),
	NHS("Cluster", nh_conf_u8, cluster, 0, NH_CONF_CLUSTERS - 1, false),
	CLUSTER("Id", nh_conf_u8, id, 0, NH_CONF_CLUSTERS - 1, false),
	CLUSTER("MaxConnections", nh_conf_u8, max, 0, 255, false),
	MAP("Prefix", key_prefix, prefix, 0, 0, false),
	MAP("Nbma", key_addr, nbma, 0, 0, false),
	MAP("Multicast", nh_conf_bool, multicast, 0, 0, false),
	IPSEC("Secret", nh_conf_ipsec_secret, secret, 0, 0, false),
	IPSEC("SecretFile", nh_conf_ipsec_secret_file, secret, 0, 0, false),
	IPSEC("Certificate", nh_conf_ipsec_file, cert, 0, 0, false),
	IPSEC("PrivateKey", nh_conf_ipsec_file, key, 0, 0, false),
	IPSEC("CA", nh_conf_ipsec_ca, ca, 0, 0, true),
	IPSEC("Identity", nh_conf_ipsec_identity, identity, 0, 0, false),
	IPSEC("RemoteIdentity", nh_conf_ipsec_identity, remote_identity, 0, 0,
	      false),
	IPSEC("Version", nh_conf_u8, version, 1, 2, false),
	IPSEC("Proposals", nh_conf_ipsec_proposals, proposals, 0, 0, false),
	IPSEC("EspProposals", nh_conf_ipsec_proposals, esp_proposals, 0, 0,
	      false),
	IPSEC("Mode", nh_conf_ipsec_mode, tunnel, 0, 0, false),
	IPSEC("Lifetime", nh_conf_u32, lifetime, 60, 86400, false),
	IPSEC("IkeLifetime", nh_conf_u32, ike_lifetime, 60, 604800, false),
	IPSEC("DPD", nh_conf_u32, dpd, 0, 3600, false),
	IPSEC("IdleTime", nh_conf_ipsec_idle, idle, 0, 86400, false),
	IPSEC("Socket", nh_conf_ipsec_socket, socket, 0, 0, false),
	PEERS("Allow", nh_conf_peers_allow, rule, 0, 0, true),
};

#define NKEYS (sizeof(keys) / sizeof(keys[0]))
_Static_assert(NKEYS <= NH_CONF_KEYS_MAX, "seen[] is too small");

void nh_conf_forget_seen(struct nh_conf_parse *p)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (keys[i].section == p->section)
			p->seen[i] = 0;
}

unsigned int nh_conf_seen(const struct nh_conf_parse *p,
			  enum nh_conf_section section, const char *name)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (keys[i].section == section &&
		    strcmp(keys[i].name, name) == 0)
			return p->seen[i];
	return 0;
}

static void begin_map(struct nh_conf_parse *p)
{
	struct nh_conf *conf = p->conf;
	struct nh_conf_map *map;

	nh_conf_forget_seen(p);
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
		void (*begin)(struct nh_conf_parse *p);
	} sections[] = {
		{ "Tunnel", NH_CONF_TUNNEL, NULL },
		{ "NHRP", NH_CONF_NHRP, NULL },
		{ "NHS", NH_CONF_NHS_, nh_conf_nhs_begin },
		{ "Cluster", NH_CONF_CLUSTER, nh_conf_cluster_begin },
		{ "Map", NH_CONF_MAP_, begin_map },
		{ "IPsec", NH_CONF_IPSEC, nh_conf_ipsec_begin },
		{ "Peers", NH_CONF_PEERS, nh_conf_peers_begin },
	};
	size_t i;

	nh_conf_section_end(p);
	p->section = NH_CONF_UNKNOWN;
	p->section_line = p->line;
	for (i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
		if (strcmp(name, sections[i].name))
			continue;
		p->section = sections[i].section;
		strcpy(p->name, name);
		if (sections[i].begin)
			sections[i].begin(p);
		return;
	}
	nh_conf_say(p, p->line,
		    "[%s]: unknown section; expected Tunnel, NHRP, NHS, Cluster, Map, IPsec or Peers",
		    name);
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
	} else if (p->section == NH_CONF_CLUSTER) {
		require(p, "Id");
		require(p, "MaxConnections");
	} else if (p->section == NH_CONF_MAP_) {
		require(p, "Prefix");
		require(p, "Nbma");
	}
}

void nh_conf_key(struct nh_conf_parse *p, const char *name, const char *value)
{
	const struct nh_conf_key *key = NULL;
	/* "Secret abc=def" is a mistake, and its second word a secret. */
	int word = (int)strcspn(name, " \t");
	size_t i;

	/* Its header has been reported already. */
	if (p->section == NH_CONF_UNKNOWN)
		return;
	if (p->section == NH_CONF_NONE) {
		nh_conf_say(p, p->line, "%.*s=: expected a section before it",
			    word, name);
		return;
	}
	for (i = 0; i < NKEYS && !key; i++)
		if (keys[i].section == p->section &&
		    strcmp(keys[i].name, name) == 0)
			key = &keys[i];
	if (!key) {
		nh_conf_say(p, p->line, "[%s] %.*s=: unknown key", p->name,
			    word, name);
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
