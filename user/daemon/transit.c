// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets of others that pass through this node (RFC 2332 5.1, 6). */
#include "daemon/transit.h"

#include <errno.h>

#include "daemon/claim.h"
#include "daemon/events.h"
#include "daemon/iface.h"
#include "daemon/remark.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "lib/log.h"
#include "nhrp/auth.h"
#include "nhrp/forward.h"
#include "nhrp/nat.h"
#include "nhrp/print.h"

/*
 * A client behind a NAT does not know its outer address, its NHS does: adds
 * it to the packet if the sender understands that and nobody has done it. Who
 * does not know all of the packet adds nothing to it.
 */
static void tell_mapping(struct nh_iface *iface, struct nhrp_pdu *pdu,
			 const struct nh_addr *proto)
{
	struct dmvpn_nl_entry entry;
	struct nh_addr nbma;

	if (!nh_addr_is_set(proto) || nhrp_nat_lookup(pdu, proto, &nbma) ||
	    !nhrp_ext_find(pdu, NHRP_EXT_NAT) ||
	    nhrp_ext_unknown_compulsory(pdu))
		return;
	if (nh_path_host(iface, proto, &entry) == 0 &&
	    entry.type == DMVPN_ENTRY_TYPE_REGISTERED &&
	    entry.flags & DMVPN_ENTRY_FLAGS_NAT)
		nhrp_nat_add(pdu, &entry.nbma, proto);
}

static void pass_on(struct nh_iface *iface, const struct nh_rx *rx,
		    struct nh_iface *out, const struct nh_endpoint *ep)
{
	struct nhrp_pdu pdu = *rx->pdu;
	struct nhrp_refusal why;
	struct nhrp_self self;

	/* Who withdraws need not say its NBMA address. */
	if (nh_iface_self(out, nh_addr_is_set(&pdu.src_nbma) ?
			  &pdu.src_nbma : &rx->from.nbma, &pdu.src_proto,
			  &self)) {
		nh_count(iface, NH_C_NO_ROUTE);
		return;
	}
	if (!nhrp_forward(&pdu, &self, &why)) {
		nh_count(iface, why.reason == NHRP_R_HOPCNT_EXCEEDED ?
			 NH_C_HOPCNT : NH_C_LOOP);
		nh_remark(NH_LOG_INFO, iface, &rx->from.nbma,
			  "%s not forwarded: %s", nhrp_type_name(pdu.type),
			  nhrp_reason_text(why.reason));
		nh_error_send(iface, rx, nhrp_reason_error(why.reason),
			      why.offset);
		return;
	}
	if (pdu.type == NHRP_RESOLUTION_REQUEST)
		tell_mapping(iface, &pdu, &pdu.src_proto);
	else if (pdu.type == NHRP_RESOLUTION_REPLY && pdu.ncie)
		tell_mapping(iface, &pdu, &pdu.cie[0].proto);
	/* Another device may be another cloud, with a password of its own. */
	if (out != iface && !nhrp_auth_replace(&pdu, self.auth)) {
		nh_count(iface, NH_C_NO_ROUTE);
		return;
	}
	nh_debug(iface->conf->name, &rx->from.nbma,
		 "NHRP: calling nhrp_forward");
	if (nh_send_forwarded(out, &pdu, ep) == -EMSGSIZE)
		nh_error_send(iface, rx, NHRP_ERR_TOO_BIG, 0);
}

/* No peer but a server has more than a quarter of what goes for all. */
static bool within_share(struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nh_rate *all = &iface->conf->max_send;
	const struct nh_rate share = {
		.per_second = all->per_second / 4 + !(all->per_second / 4),
		.burst = all->burst / 4 + !(all->burst / 4),
		.seconds = all->seconds,
	};

	return nh_nhs_by_endpoint(iface, &rx->from) ||
	       nh_peer_take(&iface->transit_limit, &rx->from.nbma, &share,
			    nh_loop_now(iface->loop));
}

static bool over_limit(struct nh_iface *iface, const struct nh_rx *rx)
{
	if (within_share(iface, rx) &&
	    nh_bucket_take(&iface->transit, &iface->conf->max_send,
			   nh_loop_now(iface->loop)))
		return false;
	nh_limited(iface, NH_L_TRANSIT, &rx->from.nbma);
	return true;
}

/*
 * Whom to hand a packet to, but not back to where it came from. A hub that is
 * the client of others does not know their clients: its server may.
 */
static int hand_to(const struct nh_rx *rx, const struct nh_path *path,
		   struct nh_endpoint *ep)
{
	const struct nh_nhs *nhs;

	if (nh_path_endpoint(path->out, &path->next_hop, ep)) {
		nhs = nh_nhs_best(path->out, path->next_hop.family);
		if (!nhs || !path->out->conf->server)
			return -ENOENT;
		*ep = (struct nh_endpoint){ .nbma = nhs->conf.nbma };
	}
	return nh_endpoint_equal(ep, &rx->from) ? -ENOENT : 0;
}

int nh_transit_request(struct nh_iface *iface, const struct nh_rx *rx,
		       const struct nh_path *path)
{
	struct nh_endpoint ep;

	if (over_limit(iface, rx))
		return 0;
	if (hand_to(rx, path, &ep)) {
		nh_count(iface, NH_C_NO_ROUTE);
		return -ENOENT;
	}
	pass_on(iface, rx, path->out, &ep);
	return 0;
}

/*
 * Whether a packet came by the way that leads to its source. The receiver of a
 * purge believes us what it says of its sender, as we believe our own servers.
 */
static bool from_its_source(struct nh_iface *iface, const struct nh_rx *rx)
{
	struct nh_endpoint ep;
	struct nh_path path;

	if (nh_nhs_by_endpoint(iface, &rx->from))
		return true;
	nh_path_find(iface, &rx->pdu->src_proto, &path);
	return path.kind == NH_PATH_TRANSIT &&
	       !nh_path_endpoint(path.out, &path.next_hop, &ep) &&
	       nh_endpoint_equal(&ep, &rx->from);
}

/*
 * Whether who sent an answer may speak for what it is about. The receiver
 * believes us, and cannot see who that was.
 */
static bool may_speak(struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nhrp_pdu *pdu = rx->pdu;
	const struct nh_addr *dst = &pdu->dst_proto;
	struct nh_prefix prefix;
	int plen;

	if (pdu->type != NHRP_RESOLUTION_REPLY || !pdu->ncie ||
	    pdu->cie[0].code != NHRP_CODE_OK ||
	    nh_nhs_by_endpoint(iface, &rx->from))
		return true;
	plen = nhrp_cie_prefix(&pdu->cie[0], dst);
	if (plen < 0 || nh_prefix_make(&prefix, dst, (unsigned int)plen))
		nh_prefix_make(&prefix, dst, nh_addr_bits(dst));
	if (!nh_claim_of(iface, rx, &prefix, &pdu->cie[0].proto))
		return false;
	return !nh_addr_is_set(&pdu->cie[0].proto) ||
	       nh_prefix_make(&prefix, &pdu->cie[0].proto,
			      nh_addr_bits(&pdu->cie[0].proto)) ||
	       nh_claim_prefix(iface, rx, &prefix);
}

/* Who has our NBMA address would be taken for us where the packet leaves us. */
static bool is_ours(const struct nh_iface *iface, const struct nh_rx *rx,
		    const struct nh_addr *nbma)
{
	return nh_addr_is_set(nbma) &&
	       (nh_addr_equal(nbma, &rx->self.nbma) ||
		nh_addr_equal(nbma, nh_iface_local(iface, nbma->family)) ||
		nh_addr_equal(nbma, &iface->mapped4) ||
		nh_addr_equal(nbma, &iface->mapped6));
}

/*
 * Whether a registration may go on. Where it leaves us it binds what it names
 * to us, which concerns servers only, and for clients of theirs: each for
 * itself.
 */
static bool may_register(struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nh_addr *src = &rx->pdu->src_proto;
	struct nh_prefix prefix;
	unsigned int i;

	if (!iface->conf->server || !from_its_source(iface, rx) ||
	    is_ours(iface, rx, &rx->pdu->src_nbma))
		return false;
	for (i = 0; i < rx->pdu->ncie; i++)
		if (is_ours(iface, rx, &rx->pdu->cie[i].nbma) ||
		    nhrp_cie_claim(&prefix, &rx->pdu->cie[i], src) ||
		    !nh_prefix_is_host(&prefix) ||
		    !(nh_addr_equal(&prefix.addr, src) ||
		      nh_addr_is_linklocal6(&prefix.addr)) ||
		    !nh_claim_of(iface, rx, &prefix, src))
			return false;
	return true;
}

/* Whether what others would believe of us is what its source may say. */
static bool may_pass(struct nh_iface *iface, const struct nh_rx *rx)
{
	bool may = true;

	if (rx->pdu->type == NHRP_PURGE_REQUEST)
		may = from_its_source(iface, rx);
	else if (rx->pdu->type == NHRP_REGISTRATION_REQUEST)
		may = may_register(iface, rx);
	if (may)
		return true;
	nh_count(iface, NH_C_NOT_TRUSTED);
	nh_remark(NH_LOG_WARNING, iface, &rx->from.nbma,
		  "%s not forwarded: its source is elsewhere, or may not say that",
		  nhrp_type_name(rx->pdu->type));
	return false;
}

void nh_transit_packet(struct nh_iface *iface, const struct nh_rx *rx,
		       const struct nh_addr *dst)
{
	struct nh_endpoint ep;
	struct nh_path path;

	if (over_limit(iface, rx) || !may_speak(iface, rx))
		return;
	if (nhrp_forward_loops(rx->pdu, &rx->self)) {
		nh_count(iface, NH_C_LOOP);
		nh_error_send(iface, rx, NHRP_ERR_LOOP, 0);
		return;
	}
	nh_path_find(iface, dst, &path);
	if (path.kind != NH_PATH_TRANSIT || hand_to(rx, &path, &ep)) {
		nh_count(iface, NH_C_NO_ROUTE);
		nh_debug(iface->conf->name, &rx->from.nbma,
			 "NHRP: nowhere to forward a %s to",
			 nhrp_type_name(rx->pdu->type));
		/* Whoever asks waits for an answer; for a reply nobody does. */
		if (nhrp_pdu_is_request(rx->pdu))
			nh_error_send(iface, rx, NHRP_ERR_UNREACHABLE, 0);
		return;
	}
	if (may_pass(iface, rx))
		pass_on(iface, rx, path.out, &ep);
}
