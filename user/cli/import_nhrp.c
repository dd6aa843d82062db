// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing: the commands "nhrp ...", which IOS and nhrpd have in common. */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/import_tunnel.h"

#define NO_KEY	"there is no key for it"

static void network_id(struct import_at *at, int n, char **w)
{
	import_set(at, &at->t->network_id, "[NHRP] NetworkId",
		   n == 1 ? w[0] : NULL, 0, UINT32_MAX);
}

static void authentication(struct import_at *at, int n, char **w)
{
	struct import_tunnel *t = at->t;

	/* "0" tells that it is not encrypted. */
	if (n == 2 && !strcmp(w[0], "0")) {
		w++;
		n--;
	}
	if (n == 2) {
		import_left(at->line, "the password is encrypted");
		import_instead(at->line,
			       "write it in clear as [NHRP] Authentication=");
	} else if (n != 1 || !import_plain(w[0], sizeof(t->auth) - 1)) {
		import_left(at->line, "a password has 1 to 8 characters");
	} else if (t->auth_line && strcmp(t->auth, w[0])) {
		import_left(at->line, "line %u has another password",
			    t->auth_line->number);
		import_instead(at->line,
			       "a device has one value; two need two devices");
	} else {
		strcpy(t->auth, w[0]);
		if (!t->auth_line)
			t->auth_line = at->line;
		import_used(at->line, "[NHRP] Authentication=(not shown)");
	}
}

static void group(struct import_at *at, int n, char **w)
{
	struct import_tunnel *t = at->t;

	if (n != 1 || !import_plain(w[0], sizeof(t->group) - 1)) {
		import_left(at->line, "a group has 1 to 64 characters");
	} else if (t->group_line && strcmp(t->group, w[0])) {
		import_left(at->line, "line %u names another group",
			    t->group_line->number);
	} else {
		strcpy(t->group, w[0]);
		t->group_line = at->line;
		import_used(at->line, "[NHRP] Group=%s", t->group);
	}
}

static void holdtime(struct import_at *at, int n, char **w)
{
	import_set(at, &at->t->holdtime, "[NHRP] HoldTime",
		   n == 1 ? w[0] : NULL, 30, 65535);
}

static void registration_timeout(struct import_at *at, int n, char **w)
{
	import_set(at, &at->t->registration, "[NHRP] RegistrationTimeout",
		   n == 1 ? w[0] : NULL, 1, 65535);
}

static void no_unique(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	import_set_bool(at, &at->t->no_unique, "[NHRP] RegistrationUnique",
			at->no);
}

static void redirect(struct import_at *at, int n, char **w)
{
	uint32_t seconds;

	import_set_bool(at, &at->t->redirect, "[NHRP] Redirect", !at->no);
	if (!n || at->no || at->line->class != IMPORT_USED)
		return;
	if (n == 2 && !strcmp(w[0], "timeout") &&
	    import_number(w[1], 0, UINT32_MAX, &seconds)) {
		import_used(at->line,
			    "[NHRP] Redirect=yes; its time is that of \"redirect-interval\" of dmvpn link set");
		return;
	}
	import_left(at->line,
		    "Redirect=yes is set, for all traffic: there is no key for the rest");
}

static void shortcut(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	import_set_bool(at, &at->t->shortcut, "[NHRP] Shortcut", !at->no);
}

static void max_send(struct import_at *at, int n, char **w)
{
	struct import_tunnel *t = at->t;
	uint32_t packets, seconds = 10;

	if ((n != 1 && n != 3) || !import_number(w[0], 1, 65535, &packets) ||
	    (n == 3 && (strcmp(w[1], "every") ||
			!import_number(w[2], 1, 65535, &seconds)))) {
		import_left(at->line,
			    "[NHRP] MaxSend is PACKETS/SECONDS, each from 1 to 65535");
		return;
	}
	if (t->send_packets.line && (t->send_packets.value != packets ||
				     t->send_seconds.value != seconds)) {
		import_left(at->line, "line %u has another limit",
			    t->send_packets.line->number);
		return;
	}
	t->send_packets = (struct import_num){ at->line, packets };
	t->send_seconds = (struct import_num){ at->line, seconds };
	import_used(at->line, "[NHRP] MaxSend=%u/%u", packets, seconds);
}

static void add_map(struct import_at *at, const struct nh_prefix *prefix,
		    const struct nh_addr *nbma)
{
	struct import_tunnel *t = at->t;
	struct import_map *map = t->map;

	if (t->nmap == IMPORT_MAPS) {
		import_left(at->line, "more than %d mappings", IMPORT_MAPS);
		return;
	}
	/* Room doubles. */
	if (!(t->nmap & (t->nmap - 1)))
		map = reallocarray(t->map, t->nmap ? 2 * t->nmap : 1,
				   sizeof(*map));
	if (!map) {
		at->in->nomem = true;
		return;
	}
	t->map = map;
	map[t->nmap++] = (struct import_map){ at->line, *prefix, *nbma, false };
	import_used(at->line, "[Map]");
}

/* ADDRESS, ADDRESS/LENGTH or ADDRESS MASK; returns the words used, or 0. */
static int take_prefix(uint8_t family, int n, char **w,
		       struct nh_prefix *prefix)
{
	struct nh_addr addr, mask;
	int len;

	if (!n || (family == AF_INET6 && strchr(w[0], '/')))
		return n && !nh_prefix_parse(prefix, w[0], NULL);
	if (nh_addr_parse(&addr, w[0]))
		return 0;
	if (n > 2 && addr.len == 4 && !nh_addr_parse(&mask, w[1]) &&
	    mask.len == 4 && !nh_addr_parse(&mask, w[2])) {
		nh_addr_parse(&mask, w[1]);
		len = import_mask_len(&mask);
		return len < 0 || nh_prefix_make(prefix, &addr,
						 (unsigned int)len) ? 0 : 2;
	}
	return nh_prefix_make(prefix, &addr, nh_addr_bits(&addr)) ? 0 : 1;
}

static void map(struct import_at *at, int n, char **w)
{
	struct nh_prefix prefix;
	struct nh_addr nbma;
	int used = take_prefix(at->family, n, w, &prefix);

	if (n == 2 && used == 1 && !strcmp(w[1], "local")) {
		import_ignored(at->line, "own addresses are [Tunnel] Address=");
		return;
	}
	if (!used || n <= used || nh_addr_parse(&nbma, w[used]) ||
	    !import_is_host(&nbma) || nh_addr_is_multicast(&prefix.addr) ||
	    !prefix.plen || prefix.addr.family != at->family) {
		import_left(at->line,
			    "expected a tunnel address and an NBMA address of a host");
		return;
	}
	if (n > used + 1) {
		import_left(at->line, "a mapping has no \"%.32s\"",
			    w[used + 1]);
		import_instead(at->line, "write a section [Map] without it");
		return;
	}
	add_map(at, &prefix, &nbma);
}

static void map_multicast(struct import_at *at, int n, char **w)
{
	struct import_tunnel *t = at->t;
	struct nh_addr nbma;

	if (n == 1 && !strcmp(w[0], "dynamic")) {
		import_set_bool(at, &t->mcast_dynamic, "[NHRP] MapMulticast",
				!at->no);
		if (at->line->class == IMPORT_USED)
			import_used(at->line, "[NHRP] MapMulticast=%s",
				    at->no ? "none" : "dynamic");
	} else if (at->no) {
		import_ignored(at->line, "switches something off");
	} else if (n == 1 && !strcmp(w[0], "nhs")) {
		t->mcast_nhs = at->line;
		import_used(at->line, "[NHS] Multicast=yes");
	} else if (n != 1 || nh_addr_parse(&nbma, w[0])) {
		import_left(at->line,
			    "expected an NBMA address, dynamic or nhs");
	} else if (t->nmcast == IMPORT_MCASTS) {
		import_left(at->line, "more than %d of them", IMPORT_MCASTS);
	} else {
		t->mcast[t->nmcast++] = (struct import_mcast){ at->line, nbma };
		import_used(at->line, "Multicast=yes");
	}
}

static bool take_nbma(struct import_nhs *nhs, const char *text)
{
	if (!nh_addr_parse(&nhs->nbma, text))
		return import_is_host(&nhs->nbma);
	if (!nh_hostname_ok(text))
		return false;
	strcpy(nhs->name, text);
	return true;
}

/* What stands behind the address: returns what is wrong with it, or NULL. */
static const char *nhs_options(struct import_nhs *nhs, int n, char **w)
{
	uint32_t v;

	for (; n; n--, w++) {
		if (!strcmp(*w, "multicast")) {
			nhs->multicast = true;
			continue;
		}
		if (n == 1)
			return *w;
		n--;
		w++;
		if (!strcmp(w[-1], "nbma")) {
			if (nh_addr_is_set(&nhs->nbma) || nhs->name[0])
				return "second nbma";
			if (!take_nbma(nhs, *w))
				return *w;
		} else if (!strcmp(w[-1], "priority") &&
			   import_number(*w, 0, 255, &v)) {
			nhs->priority = (uint8_t)v;
		} else if (!strcmp(w[-1], "cluster") &&
			   import_number(*w, 0, IMPORT_CLUSTERS - 1, &v)) {
			nhs->cluster = (uint8_t)v;
		} else {
			return w[-1];
		}
	}
	return NULL;
}

static void nhs(struct import_at *at, int n, char **w)
{
	struct import_nhs nhs = { .line = at->line, .family = at->family };
	struct import_tunnel *t = at->t;
	const char *wrong;

	if (n && !strcmp(w[0], "dynamic")) {
		nhs.dynamic = true;
	} else if (!n || nh_addr_parse(&nhs.proto, w[0]) ||
		   !import_is_host(&nhs.proto) ||
		   nhs.proto.family != at->family) {
		import_left(at->line,
			    "expected the tunnel address of a server");
		return;
	}
	wrong = nhs_options(&nhs, n - 1, w + 1);
	if (wrong) {
		import_left(at->line,
			    "a section [NHS] has no \"%.64s\"", wrong);
		import_instead(at->line, "write the section without it");
	} else if (t->nnhs == IMPORT_NHS) {
		import_left(at->line, "more than %d servers", IMPORT_NHS);
	} else {
		t->nhs[t->nnhs++] = nhs;
		import_used(at->line, "[NHS] Address=%s", w[0]);
	}
}

static void nhs_fallback(struct import_at *at, int n, char **w)
{
	import_set(at, &at->t->fallback, "[NHRP] NhsFallback",
		   n == 1 ? w[0] : NULL, 0, 3600);
}

static void nhs_cluster(struct import_at *at, int n, char **w)
{
	uint32_t id;

	if (n != 3 || strcmp(w[1], "max-connections") ||
	    !import_number(w[0], 0, IMPORT_CLUSTERS - 1, &id)) {
		import_left(at->line,
			    "expected a cluster from 0 to %d and max-connections",
			    IMPORT_CLUSTERS - 1);
		return;
	}
	import_set(at, &at->t->cluster[id], "[Cluster] MaxConnections", w[2],
		   0, 255);
}

static const struct import_cmd commands[] = {
	{ "network-id", .fn = network_id },
	{ "authentication", .fn = authentication },
	{ "group", .fn = group },
	{ "holdtime", .fn = holdtime },
	{ "registration timeout", .fn = registration_timeout },
	{ "registration no-unique", .fn = no_unique, .no = true },
	{ "registration", .left = NO_KEY },
	{ "redirect", .fn = redirect, .no = true },
	{ "shortcut", .fn = shortcut, .no = true },
	{ "max-send", .fn = max_send },
	{ "map", .fn = map },
	{ "map multicast", .fn = map_multicast, .no = true },
	{ "map group",
	  .left = "QoS by group is not done: the group of a client is shown and no more",
	  .instead = "tc(8) with the NBMA addresses of dmvpn show peers" },
	{ "nhs", .fn = nhs },
	{ "nhs fallback", .fn = nhs_fallback },
	{ "nhs cluster", .fn = nhs_cluster },
	{ "server-only",
	  .left = NO_KEY ": the device asks for what it does not know",
	  .instead = "Shortcut=no, and no [NHS], on a hub" },
	{ "event-publisher",
	  .ignored = "dmvpn events and dmvpn monitor tell what happens" },
	{ "record", .ignored = "always so" },
	{ "cache non-authoritative", .ignored = "always so" },
	{ "use", .ignored = "the first packet is enough" },
	{ "interest",
	  .left = NO_KEY ": any packet has its destination resolved",
	  .instead = "a firewall rule for what is not to use the tunnel" },
	{ "trigger-svc", .ignored = "the first packet is enough" },
	{ "responder", .left = NO_KEY ": the tunnel address answers" },
	{ "attribute", .left = "attributes are not sent" },
	{ "route-watch", .ignored = "routes are always watched" },
	{ "mtu", .left = NO_KEY ": the MTU of a path is found out",
	  .instead = "[Tunnel] MTU=" },
	{ "summary-map",
	  .left = NO_KEY, .instead = "[NHRP] Register= on the spokes" },
	{ "bfd", .left = NO_KEY, .instead = "FRR's bfdd, and [IPsec] DPD=" },
	{ .words = NULL },
};

static void nhrp(struct import_at *at, uint8_t family, int n, char **w)
{
	at->family = family;
	at->t->nhrp |= !at->no;
	if (import_run(at, commands, n, w))
		return;
	at->line->device = at->t->device;
	import_left(at->line, "unknown command of NHRP");
}

void import_nhrp4(struct import_at *at, int n, char **w)
{
	nhrp(at, AF_INET, n, w);
}

void import_nhrp6(struct import_at *at, int n, char **w)
{
	nhrp(at, AF_INET6, n, w);
}
