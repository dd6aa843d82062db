// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel is told about servers: entry, relay, multicast. */
#include "daemon/nhs_kernel.h"

#include <sys/socket.h>

#include "daemon/iface.h"
#include "daemon/path.h"
#include "lib/log.h"

static void complain(struct nh_nhs *nhs, const char *what)
{
	struct nh_kernel *k = nhs->iface->kernel;

	nh_error(nhs->iface->conf->name, &nhs->conf.nbma, "%s: %s", what,
		 k->ops->error(k));
}

static void endpoint(const struct nh_nhs *nhs, struct nh_endpoint *ep)
{
	ep->nbma = nhs->conf.nbma;
	ep->if_id = 0;
}

/* An entry that is right stays untouched, with its counters. */
static void set_entry(struct nh_nhs *nhs)
{
	struct nh_iface *iface = nhs->iface;
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry entry;

	if (nh_path_host(iface, &nhs->conf.proto, &entry) == 0 &&
	    entry.type == DMVPN_ENTRY_TYPE_NHS && !entry.if_id &&
	    nh_addr_equal(&entry.nbma, &nhs->conf.nbma))
		return;
	entry = (struct dmvpn_nl_entry){
		.ifindex = iface->ifindex,
		.type = DMVPN_ENTRY_TYPE_NHS,
		.nbma = nhs->conf.nbma,
		.protocol = nhs->conf.proto,
	};
	nh_prefix_make(&entry.prefix, &nhs->conf.proto,
		       nh_addr_bits(&nhs->conf.proto));
	if (k->ops->entry_set(k, &entry, DMVPN_NL_ENTRY_ANY))
		complain(nhs, "the server's cache entry is not set");
}

static void set_relay(struct nh_nhs *nhs, bool relay)
{
	struct nh_iface *iface = nhs->iface;
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer peer, old = { 0 };
	struct nh_endpoint ep;

	endpoint(nhs, &ep);
	k->ops->peer_get(k, iface->ifindex, &ep, &old);
	peer = (struct dmvpn_nl_peer){
		.present = DMVPN_NL_BIT(DMVPN_A_PEER_FLAGS) |
			   DMVPN_NL_BIT(DMVPN_A_PEER_PREFERENCE),
		.ifindex = iface->ifindex,
		.nbma = nhs->conf.nbma,
		.flags = old.flags & ~(uint32_t)DMVPN_PEER_FLAGS_NHS,
		.preference = (uint8_t)(255 - nhs->conf.priority),
	};
	if (relay)
		peer.flags |= DMVPN_PEER_FLAGS_NHS;
	if (peer.flags == old.flags && peer.preference == old.preference)
		return;
	if (k->ops->peer_set(k, &peer))
		complain(nhs, "the server's peer is not set");
}

/* Two servers may be one: with a tunnel address of each family. */
static bool shares(const struct nh_nhs *a, const struct nh_nhs *b)
{
	return nh_addr_equal(&a->conf.nbma, &b->conf.nbma);
}

static bool is_shared(const struct nh_nhs *nhs)
{
	const struct nh_nhs *other;

	LIST_FOREACH(other, &nhs->iface->nhs, link)
		if (other != nhs && shares(nhs, other))
			return true;
	return false;
}

void nh_nhs_install(struct nh_nhs *nhs)
{
	set_entry(nhs);
	if (nh_iface_mcast(nhs->iface, &nhs->conf.nbma))
		complain(nhs, "the multicast list is not changed");
}

void nh_nhs_remove(struct nh_nhs *nhs)
{
	struct nh_iface *iface = nhs->iface;
	struct nh_kernel *k = iface->kernel;
	struct nh_prefix host;

	nh_prefix_make(&host, &nhs->conf.proto, nh_addr_bits(&nhs->conf.proto));
	k->ops->entry_del(k, iface->ifindex, &host);
	if (is_shared(nhs))
		return;
	set_relay(nhs, false);
	nh_iface_mcast(iface, &nhs->conf.nbma);
}

void nh_nhs_relays(struct nh_iface *iface)
{
	struct nh_nhs *nhs, *other;
	bool any_up = false, relay;

	LIST_FOREACH(nhs, &iface->nhs, link)
		any_up |= nhs->state == NH_NHS_UP;
	LIST_FOREACH(nhs, &iface->nhs, link) {
		/* Without any that is up, sending is better than dropping. */
		relay = !any_up;
		LIST_FOREACH(other, &iface->nhs, link)
			relay |= shares(nhs, other) &&
				 other->state != NH_NHS_DOWN;
		set_relay(nhs, relay);
	}
}
