// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registrations of clients.
 *
 * The kernel's cache is the only table of clients: what was registered is read
 * from there, so that a daemon started anew knows as much as the one before.
 */
#include "daemon/server.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "daemon/claim.h"
#include "daemon/events.h"
#include "daemon/holder.h"
#include "daemon/iface.h"
#include "daemon/networks.h"
#include "daemon/remark.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "lib/log.h"
#include "nhrp/print.h"

/* Whether a peer has as many entries as one may have: a single one must not
 * be able to fill the cache, and to keep all others out of it.
 */
static bool has_enough(struct nh_iface *iface, const struct nh_rx *rx,
		       const struct dmvpn_nl_entry *old)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer peer;

	if (old && nh_holder_is_sender(rx, old))
		return false;
	if (k->ops->peer_get(k, iface->ifindex, &rx->from, &peer) ||
	    peer.entries < iface->conf->max_registrations)
		return false;
	nh_limited(iface, NH_L_ENTRIES, &rx->from.nbma);
	return true;
}

/* Whether an entry may be replaced by a registration of @rx. */
static enum nhrp_code check_old(struct nh_iface *iface,
				const struct nh_rx *rx,
				const struct dmvpn_nl_entry *old)
{
	switch (old->type) {
	case DMVPN_ENTRY_TYPE_STATIC:
	case DMVPN_ENTRY_TYPE_NHS:
		return NHRP_CODE_PROHIBITED;
	case DMVPN_ENTRY_TYPE_REGISTERED:
		if (old->flags & DMVPN_ENTRY_FLAGS_UNIQUE &&
		    !nh_holder_yields(iface, rx, old))
			return NHRP_CODE_ALREADY_REGISTERED;
		if (nh_addr_is_linklocal6(&old->prefix.addr) &&
		    !nh_claim_of(iface, rx, &old->prefix, &old->protocol))
			return NHRP_CODE_PROHIBITED;
		return NHRP_CODE_OK;
	default:
		return NHRP_CODE_OK;
	}
}

/*
 * The outer source is what packets are sent to: it is the only address that
 * the SA, or the path itself, vouches for. The claimed one is only told to
 * others that know NAT.
 */
static void make_entry(const struct nh_iface *iface, const struct nh_rx *rx,
		       const struct nhrp_cie *cie,
		       const struct nh_prefix *prefix, uint16_t holdtime,
		       struct dmvpn_nl_entry *entry)
{
	const struct nh_addr *claimed = &rx->pdu->src_nbma;

	if (nh_addr_is_set(&cie->nbma))
		claimed = &cie->nbma;
	*entry = (struct dmvpn_nl_entry){
		.ifindex = iface->ifindex,
		.prefix = *prefix,
		.type = DMVPN_ENTRY_TYPE_REGISTERED,
		.nbma = rx->from.nbma,
		.if_id = rx->from.if_id,
		.holding_time = holdtime,
		.preference = cie->preference,
		.protocol = rx->pdu->src_proto,
	};
	if (rx->pdu->flags & NHRP_REG_UNIQUE)
		entry->flags |= DMVPN_ENTRY_FLAGS_UNIQUE;
	if (!nh_addr_equal(claimed, &rx->from.nbma)) {
		entry->flags |= DMVPN_ENTRY_FLAGS_NAT;
		entry->claimed = *claimed;
	}
}

/* A client is known by its address, a network has a length too. */
static char *format(const struct nh_prefix *prefix, char *text, size_t size)
{
	return nh_prefix_is_host(prefix) ?
	       nh_addr_format(&prefix->addr, text, size) :
	       nh_prefix_format(prefix, text, size);
}

static void tell_registered(struct nh_iface *iface, const struct nh_rx *rx,
			    const struct dmvpn_nl_entry *entry, bool moved)
{
	char what[NH_PREFIX_STRLEN], nbma[NH_ADDR_STRLEN];

	nh_remark(NH_LOG_INFO, iface, &rx->from.nbma,
		  "client %s%s holding-time=%u claimed=%s",
		  format(&entry->prefix, what, sizeof(what)),
		  moved ? " moved" : " registered", entry->holding_time,
		  nh_addr_format(&entry->claimed, nbma, sizeof(nbma)));
	nh_event_prefix(iface, moved ? NH_EV_MOVED : NH_EV_REGISTERED, 0,
			&rx->from.nbma, &entry->prefix);
}

/*
 * Nearly all registrations are new, or renew what is there, and take one request
 * to the kernel. Anything else is looked into: -EEXIST when there is an entry
 * that says something else, or another negative errno.
 */
static int store_at_once(struct nh_iface *iface, const struct nh_rx *rx,
			 const struct dmvpn_nl_entry *entry)
{
	struct dmvpn_nl_entry whole = *entry;
	struct nh_kernel *k = iface->kernel;
	int err;

	whole.peer_max = iface->conf->max_registrations;
	whole.mcast = iface->conf->mcast_dynamic;
	err = k->ops->entry_set(k, &whole, DMVPN_NL_ENTRY_RENEW);
	if (!err)
		tell_registered(iface, rx, entry, false);
	return err;
}

static enum nhrp_code store(struct nh_iface *iface, const struct nh_rx *rx,
			    const struct dmvpn_nl_entry *entry,
			    const struct dmvpn_nl_entry *old)
{
	struct nh_kernel *k = iface->kernel;
	bool is_new = !old || old->type != DMVPN_ENTRY_TYPE_REGISTERED;
	bool moved = !is_new && (old->if_id != entry->if_id ||
				 !nh_addr_equal(&old->nbma, &entry->nbma));

	if (k->ops->entry_set(k, entry, DMVPN_NL_ENTRY_ANY)) {
		nh_remark(NH_LOG_WARNING, iface, &rx->from.nbma,
			  "client not registered: %s", k->ops->error(k));
		return NHRP_CODE_RESOURCES;
	}
	if (iface->conf->mcast_dynamic &&
	    k->ops->mcast_add(k, iface->ifindex, &rx->from))
		nh_remark(NH_LOG_WARNING, iface, &rx->from.nbma,
			  "client without multicast: %s", k->ops->error(k));
	if (is_new || moved)
		tell_registered(iface, rx, entry, moved);
	if (moved) {
		nh_told_purge(iface, &entry->prefix, &rx->pdu->src_proto,
			      false);
		nh_network_moved(iface, old, entry);
		nh_server_gone(iface, old);
	}
	return NHRP_CODE_OK;
}

/* A holding time of 0 takes a registration back: the client's own only. */
static enum nhrp_code deregister(struct nh_iface *iface,
				 const struct nh_rx *rx,
				 const struct nh_prefix *prefix,
				 const struct dmvpn_nl_entry *old)
{
	struct nh_kernel *k = iface->kernel;

	if (!old)
		return NHRP_CODE_OK;
	if (old->type != DMVPN_ENTRY_TYPE_REGISTERED ||
	    !nh_holder_speaks(iface, rx, old))
		return NHRP_CODE_PROHIBITED;
	/* First, or the end of the entry tells the client as well. */
	nh_told_purge(iface, prefix, &rx->pdu->src_proto, false);
	k->ops->entry_del(k, iface->ifindex, prefix);
	nh_remark(NH_LOG_INFO, iface, &rx->from.nbma, "client deregistered");
	nh_event_prefix(iface, NH_EV_DEREGISTERED, 0, &rx->from.nbma, prefix);
	return NHRP_CODE_OK;
}

/* What the sender has registered and may not have, or not alone, any more. */
static void revoke(struct nh_iface *iface, const struct nh_rx *rx,
		   const struct nh_prefix *prefix)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry old;

	if (k->ops->entry_get(k, iface->ifindex, prefix, &old) ||
	    old.type != DMVPN_ENTRY_TYPE_REGISTERED ||
	    !nh_holder_speaks(iface, rx, &old))
		return;
	nh_told_purge(iface, prefix, NULL, false);
	k->ops->entry_del(k, iface->ifindex, prefix);
	nh_event_prefix(iface, NH_EV_DEREGISTERED, 0, &rx->from.nbma, prefix);
}

/* What was registered while it was allowed ends with the permission. */
static bool may_have(struct nh_iface *iface, const struct nh_rx *rx,
		     const struct nh_prefix *prefix)
{
	if (nh_claim_of(iface, rx, prefix, &rx->pdu->src_proto))
		return true;
	revoke(iface, rx, prefix);
	return false;
}

static enum nhrp_code register_one(struct nh_iface *iface,
				   const struct nh_rx *rx,
				   const struct nhrp_cie *cie,
				   uint16_t holdtime)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry old, entry;
	struct nh_prefix prefix;
	enum nhrp_code code = NHRP_CODE_OK;
	bool has_old, is_host;
	int err;

	if (nhrp_cie_claim(&prefix, cie, &rx->pdu->src_proto))
		return NHRP_CODE_PROHIBITED;
	is_host = nh_network_is_host(iface, &prefix);
	if (!may_have(iface, rx, &prefix) ||
	    (!is_host && !nh_network_allowed(iface, rx, &prefix)) ||
	    !nh_claim_nbma(iface, rx, nh_addr_is_set(&cie->nbma) ?
			   &cie->nbma : &rx->pdu->src_nbma))
		return NHRP_CODE_PROHIBITED;
	make_entry(iface, rx, cie, &prefix, holdtime, &entry);
	if (is_host && holdtime && store_at_once(iface, rx, &entry) >= 0)
		return NHRP_CODE_OK;
	err = k->ops->entry_get(k, iface->ifindex, &prefix, &old);
	/* An entry that cannot be read may be somebody else's. */
	if (err && err != -ENOENT)
		return NHRP_CODE_RESOURCES;
	has_old = !err;
	if (!holdtime)
		return deregister(iface, rx, &prefix, has_old ? &old : NULL);
	if (!is_host)
		code = nh_network_check(iface, rx, &prefix,
					has_old ? &old : NULL);
	else if (has_old)
		code = check_old(iface, rx, &old);
	if (code != NHRP_CODE_OK)
		return code;
	if (has_enough(iface, rx, has_old ? &old : NULL))
		return NHRP_CODE_RESOURCES;
	return store(iface, rx, &entry, has_old ? &old : NULL);
}

/* Whether a tunnel address may be had; nothing is stored for that. */
static enum nhrp_code check(struct nh_iface *iface, const struct nh_rx *rx,
			    const struct nhrp_cie *cie)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry old;
	struct nh_prefix prefix;
	int err;

	if (nhrp_cie_claim(&prefix, cie, &rx->pdu->src_proto) ||
	    !may_have(iface, rx, &prefix) ||
	    !nh_network_is_host(iface, &prefix))
		return NHRP_CODE_PROHIBITED;
	err = k->ops->entry_get(k, iface->ifindex, &prefix, &old);
	if (err)
		return err == -ENOENT ? NHRP_CODE_OK : NHRP_CODE_RESOURCES;
	return check_old(iface, rx, &old);
}

/*
 * Newer IOS registers its IPv6 link-local address in the CIE, and means the
 * global one, the packet's source, as well. One code is for both: what it is
 * told not to have it must not have by halves, nor of an earlier registration.
 * The global one, which others are told of, is touched last; what is refused
 * then is mostly for want of room.
 */
static enum nhrp_code register_both(struct nh_iface *iface,
				    const struct nh_rx *rx,
				    const struct nhrp_cie *cie,
				    const struct nhrp_cie *global,
				    uint16_t holdtime)
{
	const struct nhrp_cie *both[] = { cie, global };
	struct nh_prefix prefix;
	enum nhrp_code code;
	size_t i;

	code = check(iface, rx, global);
	if (code == NHRP_CODE_OK)
		code = register_one(iface, rx, cie, holdtime);
	if (code == NHRP_CODE_OK)
		code = register_one(iface, rx, global, holdtime);
	if (code == NHRP_CODE_OK)
		return code;
	for (i = 0; i < 2; i++)
		if (!nhrp_cie_claim(&prefix, both[i], &rx->pdu->src_proto))
			revoke(iface, rx, &prefix);
	return code;
}

static enum nhrp_code register_cie(struct nh_iface *iface,
				   const struct nh_rx *rx,
				   const struct nhrp_cie *cie,
				   uint16_t holdtime)
{
	struct nhrp_cie global = *cie;
	enum nhrp_code code;

	if (!nh_addr_is_linklocal6(&cie->proto) ||
	    nh_addr_equal(&cie->proto, &rx->pdu->src_proto))
		return register_one(iface, rx, cie, holdtime);
	global.proto = rx->pdu->src_proto;
	if (holdtime)
		return register_both(iface, rx, cie, &global, holdtime);
	code = register_one(iface, rx, &global, 0);
	return code == NHRP_CODE_OK ? register_one(iface, rx, cie, 0) : code;
}

void nh_server_request(struct nh_iface *iface, const struct nh_rx *rx)
{
	enum nhrp_code code = NHRP_CODE_OK;
	struct nhrp_pdu reply;
	unsigned int i, n = rx->pdu->ncie;
	uint16_t holdtime;

	if (!nh_acceptable(iface, rx) || !nh_claim_known(iface, rx))
		return;
	if (!iface->conf->server)
		code = NHRP_CODE_PROHIBITED;
	if (nhrp_build_registration_reply(&reply, rx->pdu, &rx->self, code,
					  NH_HOLD_MAX, &rx->from.nbma))
		return;
	/* A client that did not know our address takes it from there, as FRR's
	 * with "nhs dynamic" do.
	 */
	if (nh_addr_equal(&reply.dst_proto, &reply.src_proto))
		reply.dst_proto = rx->self.proto;
	/* The reply may have a CIE of ours behind those of the request. */
	for (i = 0; i < n && code == NHRP_CODE_OK; i++) {
		const struct nhrp_cie *cie = &rx->pdu->cie[i];

		holdtime = cie->holdtime < NH_HOLD_MAX ? cie->holdtime :
			   NH_HOLD_MAX;
		reply.cie[i].code = register_cie(iface, rx, cie, holdtime);
	}
	for (i = 0; i < reply.ncie; i++) {
		if (reply.cie[i].code == NHRP_CODE_OK)
			continue;
		reply.cie[i].holdtime = 0;
		nh_count(iface, NH_C_REFUSED);
		nh_event(iface, NH_EV_REG_REFUSED, reply.cie[i].code,
			 &rx->from.nbma, &rx->pdu->src_proto);
		nh_remark(NH_LOG_INFO, iface, &rx->from.nbma,
			  "client refused: %s code=%u",
			  nhrp_code_name(reply.cie[i].code),
			  reply.cie[i].code);
	}
	if (reply.ncie && reply.cie[0].code == NHRP_CODE_OK &&
	    reply.cie[0].holdtime)
		nh_group_learn(iface, rx);
	nh_send(iface, &reply, &rx->from, &rx->pdu->src_proto);
}

void nh_server_gone(struct nh_iface *iface, const struct dmvpn_nl_entry *entry)
{
	const struct nh_endpoint ep = { entry->nbma, entry->if_id };
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer peer;

	if (entry->type == DMVPN_ENTRY_TYPE_REGISTERED)
		nh_group_forget(&iface->groups, &entry->prefix.addr);
	if (!iface->conf->mcast_dynamic || !nh_addr_is_set(&entry->nbma) ||
	    nh_iface_wants_mcast(iface, &entry->nbma))
		return;
	if (k->ops->peer_get(k, iface->ifindex, &ep, &peer) == 0 &&
	    peer.mcast && !peer.entries)
		k->ops->mcast_del(k, iface->ifindex, &ep);
}

void nh_server_tidy(struct nh_iface *iface)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer *list;
	size_t i, n;

	if (k->ops->peer_dump(k, iface->ifindex, &list, &n))
		return;
	for (i = 0; i < n; i++) {
		const struct nh_endpoint ep = { list[i].nbma, list[i].if_id };

		if (!list[i].mcast ||
		    list[i].flags & DMVPN_PEER_FLAGS_PERMANENT ||
		    (iface->conf->mcast_dynamic && list[i].entries) ||
		    nh_iface_wants_mcast(iface, &list[i].nbma))
			continue;
		k->ops->mcast_del(k, iface->ifindex, &ep);
	}
	free(list);
}
