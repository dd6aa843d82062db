// SPDX-License-Identifier: GPL-2.0-or-later
/* What the operator wants forgotten. */
#include "daemon/ctl_clear.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/daemon.h"
#include "daemon/events.h"
#include "daemon/json.h"
#include "lib/log.h"

/**
 * struct clearing - one such wish
 * @dev: on this device, or NULL
 * @prefix: entries inside of it, or empty
 * @peer: NBMA address of the peer, or empty
 * @address: tunnel address of the server, or empty
 * @cleared: what was done away with, or made anew
 * @kept: what matches and was left, as the configuration made it
 * @kept_type: enum dmvpn_entry_type of one of those
 * @purges: Purge Requests sent
 */
struct clearing {
	const char *dev;
	struct nh_prefix prefix;
	struct nh_addr peer;
	struct nh_addr address;
	uint64_t cleared;
	uint64_t kept;
	uint32_t kept_type;
	uint64_t purges;
};

/* NULL, or why nothing of the kind can be done on @iface. */
typedef const char *(*clear_fn)(struct nh_iface *iface, struct clearing *c);

static bool matches(const struct clearing *c,
		    const struct dmvpn_nl_entry *entry)
{
	if (nh_addr_is_set(&c->peer) && !nh_addr_equal(&c->peer, &entry->nbma))
		return false;
	return !nh_addr_is_set(&c->prefix.addr) ||
	       nh_prefix_covers(&c->prefix, &entry->prefix);
}

static void clear_entry(struct nh_iface *iface, struct clearing *c,
			const struct dmvpn_nl_entry *entry)
{
	struct nh_kernel *k = iface->kernel;
	uint64_t before = iface->stats.out[NHRP_PURGE_REQUEST];

	/* It may have gone meanwhile, which is as good. */
	if (k->ops->entry_del(k, iface->ifindex, &entry->prefix))
		return;
	c->cleared++;
	nh_event_prefix(iface, NH_EV_CLEARED, 0, &entry->nbma, &entry->prefix);
	if (entry->type != DMVPN_ENTRY_TYPE_REGISTERED)
		return;
	/* Unless the end of the entry has done it already. */
	nh_told_purge(iface, &entry->prefix, NULL, false);
	c->purges += iface->stats.out[NHRP_PURGE_REQUEST] - before;
}

static const char *clear_entries(struct nh_iface *iface, struct clearing *c,
				 bool shortcuts)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry *list;
	size_t i, n;

	if (k->ops->entry_dump(k, iface->ifindex, &list, &n))
		return "the cache cannot be read";
	for (i = 0; i < n; i++) {
		const struct dmvpn_nl_entry *e = &list[i];

		if (!matches(c, e) ||
		    (shortcuts && e->type != DMVPN_ENTRY_TYPE_RESOLVED))
			continue;
		if (e->type == DMVPN_ENTRY_TYPE_STATIC ||
		    e->type == DMVPN_ENTRY_TYPE_NHS) {
			c->kept++;
			c->kept_type = e->type;
			continue;
		}
		clear_entry(iface, c, e);
	}
	free(list);
	return NULL;
}

static const char *clear_nhrp(struct nh_iface *iface, struct clearing *c)
{
	return clear_entries(iface, c, false);
}

static const char *clear_shortcuts(struct nh_iface *iface, struct clearing *c)
{
	return clear_entries(iface, c, true);
}

static const char *clear_counters(struct nh_iface *iface, struct clearing *c)
{
	iface->stats = (struct nh_stats){
		.since = nh_loop_now(iface->loop),
	};
	c->cleared++;
	return NULL;
}

static const char *clear_nhs(struct nh_iface *iface, struct clearing *c)
{
	c->cleared += nh_nhs_anew(iface, &c->address);
	return NULL;
}

static const char *clear_ipsec(struct nh_iface *iface, struct clearing *c)
{
	struct nh_ike_sa *sa = NULL, *next;

	if (!nh_addr_is_set(&c->peer))
		return "peer: expected an address";
	if (!iface->ike.vici)
		return c->dev ? "the device has no [IPsec]: its SAs are not ours to clear" :
		       NULL;
	next = nh_ike_table_with(&iface->ike.table, &c->peer, NULL);
	while ((sa = next)) {
		next = nh_ike_table_with(&iface->ike.table, &c->peer, sa);
		nh_ike_terminate(&iface->ike, sa, "the operator wants it");
		c->cleared++;
	}
	return NULL;
}

static const struct {
	const char *what;
	clear_fn clear;
} kinds[] = {
	{ "nhrp", clear_nhrp },
	{ "shortcuts", clear_shortcuts },
	{ "counters", clear_counters },
	{ "nhs", clear_nhs },
	{ "ipsec", clear_ipsec },
};

static clear_fn find(const char *what)
{
	size_t i;

	for (i = 0; what && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].what, what) == 0)
			return kinds[i].clear;
	return NULL;
}

static const char *read_request(struct json_object *request,
				struct clearing *c)
{
	const char *prefix = nh_json_get_text(request, "prefix");
	const char *peer = nh_json_get_text(request, "peer");
	const char *address = nh_json_get_text(request, "address");

	*c = (struct clearing){ .dev = nh_json_get_text(request, "dev") };
	if (prefix && nh_prefix_parse(&c->prefix, prefix, NULL))
		return "prefix: expected an address block";
	if (peer && nh_addr_parse(&c->peer, peer))
		return "peer: expected an address";
	if (address && nh_addr_parse(&c->address, address))
		return "address: expected an address";
	return NULL;
}

static void tell(const struct clearing *c, struct json_object *reply)
{
	static const char *const types[] = {
		[DMVPN_ENTRY_TYPE_STATIC] = "static",
		[DMVPN_ENTRY_TYPE_NHS] = "nhs",
	};

	nh_json_number(reply, "cleared", c->cleared);
	nh_json_number(reply, "kept", c->kept);
	nh_json_text(reply, "kept_type", c->kept ? types[c->kept_type] : NULL);
	nh_json_number(reply, "purges", c->purges);
}

const char *nh_ctl_clear(struct nh_daemon *daemon, struct json_object *request,
			 struct json_object *reply)
{
	const char *what = nh_json_get_text(request, "what");
	clear_fn clear = find(what);
	struct nh_iface *iface;
	struct clearing c;
	const char *why;
	bool any = false;

	if (!clear)
		return "what: expected nhrp, shortcuts, counters, nhs or ipsec";
	why = read_request(request, &c);
	LIST_FOREACH(iface, &daemon->ifaces, link) {
		if (why || (c.dev && strcmp(c.dev, iface->conf->name)))
			continue;
		any = true;
		why = clear(iface, &c);
	}
	if (!why && !any && c.dev)
		why = "dev: dmvpnd does not serve this device";
	if (why)
		return why;
	nh_info(c.dev, &c.peer, "cleared by the operator: %s number=%ju", what,
		(uintmax_t)c.cleared);
	tell(&c, reply);
	return NULL;
}
