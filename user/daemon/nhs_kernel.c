// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel is told about servers: entry, relay, multicast. */
#include "daemon/nhs_kernel.h"

#include <errno.h>
#include <sys/socket.h>

#include "daemon/iface.h"
#include "daemon/iface_link.h"
#include "daemon/path.h"
#include "lib/log.h"
#include "nhrp/pdu.h"

static void complain(struct nh_nhs *nhs, const char *what)
{
	struct nh_kernel *k = nhs->iface->kernel;

	nh_error(nhs->iface->conf->name, &nhs->conf.nbma, "%s: %s", what,
		 k->ops->error(k));
}

/* An entry that is right stays untouched, with its counters. */
static void set_entry(struct nh_nhs *nhs, const struct nh_addr *addr)
{
	struct nh_iface *iface = nhs->iface;
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry entry;

	if (nh_path_host(iface, addr, &entry) == 0 &&
	    entry.type == DMVPN_ENTRY_TYPE_NHS && !entry.if_id &&
	    nh_addr_equal(&entry.nbma, &nhs->conf.nbma))
		return;
	entry = (struct dmvpn_nl_entry){
		.ifindex = iface->ifindex,
		.type = DMVPN_ENTRY_TYPE_NHS,
		.nbma = nhs->conf.nbma,
		.protocol = nhs->conf.proto,
	};
	nh_prefix_make(&entry.prefix, addr, nh_addr_bits(addr));
	if (k->ops->entry_set(k, &entry, DMVPN_NL_ENTRY_ANY))
		complain(nhs, "the server's cache entry is not set");
}

static void set_relay(struct nh_iface *iface, const struct nh_addr *nbma,
		      uint8_t priority, bool relay)
{
	const struct nh_endpoint ep = { .nbma = *nbma };
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer peer, old = { 0 };

	k->ops->peer_get(k, iface->ifindex, &ep, &old);
	peer = (struct dmvpn_nl_peer){
		.present = DMVPN_NL_BIT(DMVPN_A_PEER_FLAGS) |
			   DMVPN_NL_BIT(DMVPN_A_PEER_PREFERENCE),
		.ifindex = iface->ifindex,
		.nbma = *nbma,
		.flags = old.flags & ~(uint32_t)DMVPN_PEER_FLAGS_NHS,
		.preference = (uint8_t)(255 - priority),
	};
	if (relay)
		peer.flags |= DMVPN_PEER_FLAGS_NHS;
	if (peer.flags == old.flags && peer.preference == old.preference)
		return;
	if (k->ops->peer_set(k, &peer))
		nh_error(iface->conf->name, nbma,
			 "the server's peer is not set: %s", k->ops->error(k));
}

/* Two servers may be one: with a tunnel address of each family. */
static bool shares(const struct nh_nhs *a, const struct nh_nhs *b)
{
	return nh_addr_equal(&a->conf.nbma, &b->conf.nbma);
}

void nh_nhs_del_entry(struct nh_nhs *nhs, const struct nh_addr *addr)
{
	struct nh_kernel *k = nhs->iface->kernel;
	struct nh_prefix host;

	if (nh_prefix_make(&host, addr, nh_addr_bits(addr)) == 0)
		k->ops->entry_del(k, nhs->iface->ifindex, &host);
}

bool nh_nhs_is_taken(const struct nh_nhs *nhs, const struct nh_addr *addr)
{
	struct dmvpn_nl_entry old;
	int err = nh_path_host(nhs->iface, addr, &old);

	if (err)
		return err != -ENOENT;
	return old.type == DMVPN_ENTRY_TYPE_STATIC ||
	       old.type == DMVPN_ENTRY_TYPE_REGISTERED ||
	       (old.type == DMVPN_ENTRY_TYPE_NHS &&
		!nh_addr_equal(&old.nbma, &nhs->conf.nbma));
}

static void del_link_local(struct nh_nhs *nhs, const struct nh_addr *addr)
{
	if (nh_addr_is_set(addr) && !nh_nhs_is_taken(nhs, addr))
		nh_nhs_del_entry(nhs, addr);
}

void nh_nhs_learn(struct nh_nhs *nhs, const struct nhrp_pdu *reply)
{
	const struct nh_conf *conf = nhs->iface->conf;
	struct nh_addr found = { 0 }, old = nhs->link_local;
	char text[NH_ADDR_STRLEN];
	unsigned int i;

	for (i = 1; i < reply->ncie && !nh_addr_is_set(&found); i++)
		if (reply->cie[i].code == NHRP_CODE_OK &&
		    nh_addr_is_linklocal6(&reply->cie[i].proto) &&
		    !nh_conf_is_own(conf, &reply->cie[i].proto))
			found = reply->cie[i].proto;
	if (nh_addr_is_set(&found) && nh_nhs_is_taken(nhs, &found)) {
		nh_warn(conf->name, &nhs->conf.nbma,
			"the server's link-local address %s is not used: another node has it",
			nh_addr_format(&found, text, sizeof(text)));
		found = (struct nh_addr){ 0 };
	}
	nhs->link_local = found;
	if (!nh_addr_equal(&old, &found))
		del_link_local(nhs, &old);
	if (nh_addr_is_set(&found))
		set_entry(nhs, &found);
}

void nh_nhs_unlearn(struct nh_nhs *nhs)
{
	del_link_local(nhs, &nhs->link_local);
	nhs->link_local = (struct nh_addr){ 0 };
}

bool nh_nhs_wants_mcast(const struct nh_iface *iface,
			const struct nh_addr *nbma)
{
	const struct nh_conf *conf = iface->conf;
	bool known = false, wants = false;
	const struct nh_nhs *nhs;
	size_t i;

	LIST_FOREACH(nhs, &iface->nhs, link) {
		if (!nh_addr_equal(&nhs->conf.nbma, nbma))
			continue;
		known = true;
		wants |= nhs->conf.multicast &&
			 (nhs->state != NH_NHS_WAIT || nhs->kept_mcast);
	}
	/* At the start of the daemon it is not one of ours yet. */
	for (i = 0; !known && i < conf->nnhs; i++)
		wants |= conf->nhs[i].multicast &&
			 nh_addr_equal(&conf->nhs[i].nbma, nbma);
	return wants;
}

void nh_nhs_install(struct nh_nhs *nhs)
{
	/* Its name has not been resolved yet. */
	if (!nh_addr_is_set(&nhs->conf.nbma))
		return;
	/* Nor has it said its tunnel address, perhaps. */
	if (nh_addr_is_set(&nhs->conf.proto))
		set_entry(nhs, &nhs->conf.proto);
	if (nh_addr_is_set(&nhs->link_local) &&
	    !nh_nhs_is_taken(nhs, &nhs->link_local))
		set_entry(nhs, &nhs->link_local);
	if (nh_iface_mcast(nhs->iface, &nhs->conf.nbma))
		complain(nhs, "the multicast list is not changed");
}

void nh_nhs_remove(struct nh_nhs *nhs)
{
	struct nh_iface *iface = nhs->iface;

	/* It may have become another one's, or a mapping; or not be known. */
	if (nh_addr_is_set(&nhs->conf.proto) &&
	    !nh_nhs_is_taken(nhs, &nhs->conf.proto))
		nh_nhs_del_entry(nhs, &nhs->conf.proto);
	nh_nhs_unlearn(nhs);
	if (nh_addr_is_set(&nhs->conf.nbma))
		nh_nhs_leave(iface, &nhs->conf.nbma);
}

void nh_nhs_leave(struct nh_iface *iface, const struct nh_addr *nbma)
{
	if (nh_nhs_has(iface, nbma))
		return;
	set_relay(iface, nbma, 255, false);
	nh_iface_mcast(iface, nbma);
}

void nh_nhs_keep(struct nh_nhs *nhs)
{
	const struct nh_endpoint ep = { .nbma = nhs->conf.nbma };
	struct nh_iface *iface = nhs->iface;
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer peer;

	/* Later, what is there is what we have written. */
	if (iface->applied || !nh_addr_is_set(&ep.nbma) ||
	    k->ops->peer_get(k, iface->ifindex, &ep, &peer))
		return;
	nhs->kept_relay = peer.flags & DMVPN_PEER_FLAGS_NHS;
	nhs->kept_mcast = peer.mcast;
}

void nh_nhs_keep_end(struct nh_nhs *nhs)
{
	nhs->kept_relay = false;
	if (!nhs->kept_mcast)
		return;
	nhs->kept_mcast = false;
	nh_iface_mcast(nhs->iface, &nhs->conf.nbma);
}

/* Whether a server may relay, by what is known of all of them. */
static bool relays(const struct nh_nhs *nhs, bool any_up, bool any_kept)
{
	if (any_up)
		return nhs->state == NH_NHS_UP;
	if (any_kept)
		return nhs->kept_relay;
	/* Without any that is up, sending is better than dropping. */
	return nhs->state != NH_NHS_WAIT;
}

void nh_nhs_relays(struct nh_iface *iface)
{
	bool any_up = false, any_kept = false, relay;
	struct nh_nhs *nhs, *other;

	LIST_FOREACH(nhs, &iface->nhs, link) {
		any_up |= nhs->state == NH_NHS_UP;
		any_kept |= nhs->kept_relay;
	}
	LIST_FOREACH(nhs, &iface->nhs, link) {
		relay = false;
		LIST_FOREACH(other, &iface->nhs, link)
			relay |= shares(nhs, other) &&
				 relays(other, any_up, any_kept);
		if (nh_addr_is_set(&nhs->conf.nbma))
			set_relay(iface, &nhs->conf.nbma, nhs->conf.priority,
				  relay);
	}
}

void nh_nhs_carrier(struct nh_iface *iface)
{
	bool up = !iface->conf->if_state, asked = false;
	const struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link) {
		up |= nhs->state == NH_NHS_UP;
		asked |= nhs->state == NH_NHS_PROBE;
	}
	if (up || !asked)
		nh_link_carrier(iface, up);
}
