// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Networks that clients register.
 *
 * A network belongs to a tunnel address: it is taken from a client whose own
 * registration is in the cache, and goes where that goes. So it is as safe
 * from others as the tunnel address is, and not less.
 */
#include "daemon/networks.h"

#include <errno.h>
#include <stdlib.h>

#include "daemon/claim.h"
#include "daemon/holder.h"
#include "daemon/iface.h"
#include "daemon/path.h"
#include "daemon/rx.h"
#include "daemon/server.h"
#include "lib/log.h"

/* With a subnet on the device, clients have an address of it. */
static bool in_subnet(const struct nh_conf *conf, const struct nh_addr *addr)
{
	bool any = false;
	size_t i;

	if (nh_addr_is_linklocal6(addr))
		return true;
	for (i = 0; i < conf->naddr; i++) {
		const struct nh_conf_addr *own = &conf->addr[i];
		struct nh_prefix subnet;

		if (own->addr.family != addr->family ||
		    own->plen == nh_addr_bits(&own->addr))
			continue;
		any = true;
		nh_prefix_make(&subnet, &own->addr, own->plen);
		if (nh_prefix_contains(&subnet, addr))
			return true;
	}
	return !any;
}

static bool unicast(const struct nh_addr *addr)
{
	return nh_addr_is_set(addr) && !nh_addr_is_any(addr) &&
	       !nh_addr_is_multicast(addr) && !nh_addr_is_loopback(addr) &&
	       !nh_addr_is_v4mapped(addr);
}

bool nh_network_is_host(const struct nh_iface *iface,
			const struct nh_prefix *prefix)
{
	return nh_prefix_is_host(prefix) && unicast(&prefix->addr) &&
	       !nh_conf_is_own(iface->conf, &prefix->addr) &&
	       in_subnet(iface->conf, &prefix->addr);
}

/* Length of the widest range that has all of it; -1 when none has. */
static int range_of(const struct nh_conf *conf, const struct nh_prefix *prefix)
{
	int plen = -1;
	size_t i;

	for (i = 0; i < conf->accept.n; i++) {
		const struct nh_prefix *range = &conf->accept.at[i].prefix;

		if (nh_prefix_covers(range, prefix) &&
		    (plen < 0 || range->plen < plen))
			plen = range->plen;
	}
	return plen;
}

static bool touches_tunnels(const struct nh_iface *iface,
			    const struct nh_prefix *prefix)
{
	const struct nh_iface *each;

	LIST_FOREACH(each, iface->siblings, link)
		if (nh_conf_touches(each->conf, prefix))
			return true;
	return false;
}

/* Whether the sender's tunnel address is registered, from where it is. */
static bool is_client(struct nh_iface *iface, const struct nh_rx *rx)
{
	struct dmvpn_nl_entry entry;

	return nh_path_host(iface, &rx->pdu->src_proto, &entry) == 0 &&
	       entry.type == DMVPN_ENTRY_TYPE_REGISTERED &&
	       nh_holder_is_sender(rx, &entry);
}

bool nh_network_allowed(struct nh_iface *iface, const struct nh_rx *rx,
			const struct nh_prefix *prefix)
{
	/* RFC 2332 5.2.3: what is unique is a host. */
	if (rx->pdu->flags & NHRP_REG_UNIQUE && !nh_prefix_is_host(prefix))
		return false;
	return range_of(iface->conf, prefix) >= 0 && unicast(&prefix->addr) &&
	       !nh_addr_is_linklocal6(&prefix->addr) &&
	       !touches_tunnels(iface, prefix) &&
	       !nh_path_too_wide(iface, prefix) && is_client(iface, rx);
}

/* Whether the sender, who is the client with its tunnel address, may have what
 * the entry has: all of it, or a part.
 */
static bool may_have(struct nh_iface *iface, const struct nh_rx *rx,
		     const struct dmvpn_nl_entry *entry)
{
	switch (entry->type) {
	case DMVPN_ENTRY_TYPE_STATIC:
	case DMVPN_ENTRY_TYPE_NHS:
		return false;
	case DMVPN_ENTRY_TYPE_REGISTERED:
		return nh_addr_equal(&entry->protocol, &rx->pdu->src_proto) ||
		       nh_holder_yields(iface, rx, entry);
	default:
		return true;
	}
}

enum nhrp_code nh_network_check(struct nh_iface *iface,
				const struct nh_rx *rx,
				const struct nh_prefix *prefix,
				const struct dmvpn_nl_entry *old)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry wider;
	struct nh_prefix outer;
	int plen, widest, err;

	if (old && !may_have(iface, rx, old))
		return old->flags & DMVPN_ENTRY_FLAGS_UNIQUE ?
		       NHRP_CODE_ALREADY_REGISTERED : NHRP_CODE_PROHIBITED;
	/* What was looked at when it came. */
	if (old && old->type == DMVPN_ENTRY_TYPE_REGISTERED)
		return NHRP_CODE_OK;
	/* A part of another's network would take its traffic as well. */
	widest = range_of(iface->conf, prefix);
	for (plen = prefix->plen - 1; plen > 0 && plen >= widest; plen--) {
		nh_prefix_make(&outer, &prefix->addr, (unsigned int)plen);
		err = k->ops->entry_get(k, iface->ifindex, &outer, &wider);
		if (err && err != -ENOENT)
			return NHRP_CODE_RESOURCES;
		if (!err && !may_have(iface, rx, &wider))
			return NHRP_CODE_PROHIBITED;
	}
	return NHRP_CODE_OK;
}

int nh_network_lookup(struct nh_iface *iface, const struct nh_addr *addr,
		      struct dmvpn_nl_entry *entry)
{
	struct nh_kernel *k = iface->kernel;
	struct nh_prefix prefix;
	int plen, widest, err;

	err = nh_prefix_make(&prefix, addr, nh_addr_bits(addr));
	if (err)
		return err;
	widest = range_of(iface->conf, &prefix);
	plen = prefix.plen;
	do {
		nh_prefix_make(&prefix, addr, (unsigned int)plen);
		err = k->ops->entry_get(k, iface->ifindex, &prefix, entry);
		/* What leads nowhere hides nothing. */
		if (!err && !nh_addr_is_set(&entry->nbma))
			err = -ENOENT;
	} while (err == -ENOENT && widest >= 0 && --plen > 0 && plen >= widest);
	return err;
}

static bool move_one(struct nh_iface *iface,
		     const struct dmvpn_nl_entry *network,
		     const struct dmvpn_nl_entry *to)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry entry = *network;
	char text[NH_PREFIX_STRLEN];

	entry.present = 0;
	entry.nbma = to->nbma;
	entry.if_id = to->if_id;
	entry.claimed = to->claimed;
	entry.flags = to->flags & DMVPN_ENTRY_FLAGS_NAT;
	if (DMVPN_NL_HAS(network, DMVPN_A_ENTRY_EXPIRES))
		entry.holding_time = (uint32_t)(network->expires / 1000 + 1);
	if (k->ops->entry_set(k, &entry, DMVPN_NL_ENTRY_ANY))
		return false;
	nh_info(iface->conf->name, &to->nbma, "network %s moved with its client",
		nh_prefix_format(&entry.prefix, text, sizeof(text)));
	nh_told_purge(iface, &entry.prefix, NULL, false);
	return true;
}

void nh_network_moved(struct nh_iface *iface,
		      const struct dmvpn_nl_entry *from,
		      const struct dmvpn_nl_entry *to)
{
	const struct nh_endpoint old = { from->nbma, from->if_id };
	const struct nh_endpoint now = { to->nbma, to->if_id };
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry *list;
	struct dmvpn_nl_peer peer;
	size_t i, n, has;

	if (!nh_prefix_is_host(&to->prefix))
		return;
	/* Mostly it had nothing else there. What is left out here, as others
	 * make us look too often or there is too much at the new place, moves
	 * when the client renews it, or ends.
	 */
	if (k->ops->peer_get(k, iface->ifindex, &old, &peer) || !peer.entries ||
	    k->ops->peer_get(k, iface->ifindex, &now, &peer) ||
	    !nh_iface_may_walk(iface, &to->nbma) ||
	    k->ops->entry_dump(k, iface->ifindex, &list, &n))
		return;
	has = peer.entries;
	for (i = 0; i < n && has < iface->conf->max_registrations; i++) {
		const struct nh_endpoint ep = { list[i].nbma, list[i].if_id };

		if (list[i].type == DMVPN_ENTRY_TYPE_REGISTERED &&
		    !(list[i].flags & DMVPN_ENTRY_FLAGS_UNIQUE) &&
		    nh_endpoint_equal(&ep, &old) &&
		    nh_addr_equal(&list[i].protocol, &to->prefix.addr))
			has += move_one(iface, &list[i], to);
	}
	free(list);
}

void nh_network_review(struct nh_iface *iface)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry *list;
	char text[NH_PREFIX_STRLEN];
	size_t i, n;

	if (k->ops->entry_dump(k, iface->ifindex, &list, &n))
		return;
	for (i = 0; i < n; i++) {
		const struct nh_prefix *prefix = &list[i].prefix;
		const char *why = NULL;

		if (list[i].type != DMVPN_ENTRY_TYPE_REGISTERED)
			continue;
		if (!nh_prefix_is_host(prefix) &&
		    range_of(iface->conf, prefix) < 0)
			why = "is no longer in AcceptPrefixes=";
		else if (!nh_claim_holds(iface, &list[i]))
			why = "is no longer allowed to who has it, see [Peers]";
		if (!why)
			continue;
		nh_info(iface->conf->name, &list[i].nbma, "%s %s",
			nh_prefix_format(prefix, text, sizeof(text)), why);
		nh_told_purge(iface, prefix, NULL, false);
		k->ops->entry_del(k, iface->ifindex, prefix);
	}
	free(list);
}
