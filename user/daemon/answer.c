// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Resolution Requests of others.
 *
 * Whose request it is, is decided by the routing table: a route that leaves
 * the NHRP network here makes us the egress, which answers with the route's
 * prefix and directly to the requester, once there are SAs with it. A route
 * that stays in the network makes us a transit node; an NHS answers itself
 * only for what is registered with it and not asked for authoritatively.
 */
#include "daemon/answer.h"

#include <errno.h>
#include <sys/socket.h>

#include "daemon/events.h"
#include "daemon/iface.h"
#include "daemon/networks.h"
#include "daemon/path.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "daemon/transit.h"
#include "lib/log.h"
#include "nhrp/forward.h"
#include "nhrp/nat.h"

static const struct nh_rate replies = { .per_second = 10, .burst = 100 };
/* Of one outer source that is not the requester: a hub's requests for many. */
static const struct nh_rate relayed = { .per_second = 50, .burst = 500 };

static void no_delay(struct nh_iface *iface, const struct nh_rx *rx,
		     const struct nh_addr *requester)
{
	char a[NH_ADDR_STRLEN], b[NH_ADDR_STRLEN];

	nh_debug(iface->conf->name, requester,
		 "NHRP: No need to delay processing of resolution event nbma src:%s nbma dst:%s",
		 nh_addr_format(&rx->self.nbma, a, sizeof(a)),
		 nh_addr_format(requester, b, sizeof(b)));
}

/* NBMA endpoint of the requester, behind its NAT if it says that it has one. */
static void requester_of(const struct nh_rx *rx, struct nh_endpoint *ep)
{
	const struct nhrp_pdu *pdu = rx->pdu;

	if (!nhrp_nat_lookup(pdu, &pdu->src_proto, &ep->nbma))
		ep->nbma = pdu->src_nbma;
	ep->if_id = rx->from.if_id;
}

/* Who is behind a NAT can begin with us, but not we with it. */
static bool behind_nat(const struct nh_rx *rx)
{
	const struct nhrp_pdu *pdu = rx->pdu;
	struct nh_addr nbma;

	return nhrp_nat_lookup(pdu, &pdu->src_proto, &nbma) &&
	       !nh_addr_equal(&nbma, &pdu->src_nbma);
}

/* Of peers behind one NAT a request by way of a server does not show which one
 * it is from; what is cached of it may.
 */
static bool find_behind_nat(struct nh_iface *iface, const struct nh_rx *rx,
			    struct nh_endpoint *ep)
{
	struct nh_endpoint known;

	if (nh_path_endpoint(iface, &rx->pdu->src_proto, &known) ||
	    !nh_addr_equal(&known.nbma, &ep->nbma))
		return false;
	*ep = known;
	return true;
}

/*
 * Where a reply goes. Straight to the requester if the request came from it,
 * or by one of our servers, whom we believe the requester's address; through
 * whoever handed us the request otherwise, and if the requester has our own
 * outer address, both being behind one NAT.
 */
static bool reply_endpoint(struct nh_iface *iface, const struct nh_rx *rx,
			   struct nh_endpoint *ep)
{
	requester_of(rx, ep);
	if (nh_addr_equal(&ep->nbma, &rx->from.nbma) ||
	    !nh_nhs_by_endpoint(iface, &rx->from) ||
	    nh_addr_equal(&ep->nbma, &iface->mapped4) ||
	    nh_addr_equal(&ep->nbma, &iface->mapped6) ||
	    nh_addr_equal(&ep->nbma, &rx->self.nbma) ||
	    nh_addr_is_any(&ep->nbma) || nh_addr_is_multicast(&ep->nbma) ||
	    nh_addr_is_loopback(&ep->nbma) ||
	    (nh_ike_has_nat(&iface->ike, &ep->nbma) &&
	     !find_behind_nat(iface, rx, ep))) {
		*ep = rx->from;
		return false;
	}
	return true;
}

static void nak(struct nh_iface *iface, const struct nh_rx *rx,
		enum nhrp_code code)
{
	struct nhrp_pdu reply;

	nh_event(iface, NH_EV_ANSWER_REFUSED, code, &rx->from.nbma,
		 &rx->pdu->dst_proto);
	if (nhrp_build_resolution_nak(&reply, rx->pdu, &rx->self, code) == 0)
		nh_send(iface, &reply, &rx->from, &rx->pdu->src_proto);
}

/* Whether the requester wants a unique binding or none, and this is not one. */
static bool refuses(const struct nh_rx *rx, bool unique)
{
	return rx->pdu->flags & NHRP_RES_UNIQUE && !unique;
}

/* Whether @prefix would lead traffic to us that has another way. */
static bool too_wide(const struct nh_iface *iface, const struct nh_rx *rx,
		     const struct nh_prefix *prefix)
{
	return nh_path_too_wide(iface, prefix) ||
	       nh_prefix_contains(prefix, &rx->pdu->src_proto);
}

/* Whoever asked trusts the @egress, and its own servers, but not those of
 * others, whose answers go the way that the request came.
 */
static int send_answer(struct nh_iface *iface, const struct nh_rx *rx,
		       const struct nhrp_pdu *reply,
		       const struct nh_prefix *prefix, bool egress)
{
	struct nh_telling what = {
		.prefix = *prefix,
		.dst = rx->pdu->dst_proto,
		.egress = egress,
		.requester = rx->pdu->src_proto,
	};
	struct nh_endpoint ep;
	bool direct;
	int err;

	if (!egress)
		what.client = reply->cie[0].proto;
	what.ep = rx->from;
	direct = egress && reply_endpoint(iface, rx, &what.ep);
	ep = what.ep;
	err = nh_send(iface, reply, &ep, &rx->pdu->src_proto);
	/* By the answer it learns with whom to negotiate. */
	if (err == -EAGAIN && !(direct && behind_nat(rx)))
		return err;
	/* No way to the requester: the one by the server is left. */
	if (err && direct)
		err = nh_send(iface, reply, &rx->from, &rx->pdu->src_proto);
	if (!err) {
		no_delay(iface, rx, &ep.nbma);
		nh_event(iface, NH_EV_ANSWERED, 0, &ep.nbma,
			 &rx->pdu->dst_proto);
		nh_told_add(iface, &what, reply->cie[0].holdtime);
	}
	return err;
}

/*
 * The requester may bound the prefix that it takes. Cisco's routers write 0
 * there and FRR 255, and mean anything by it.
 */
static void narrow(const struct nh_rx *rx, struct nh_prefix *prefix)
{
	const struct nh_addr *dst = &rx->pdu->dst_proto;
	unsigned int bound = 0;

	if (rx->pdu->ncie)
		bound = rx->pdu->cie[0].prefix;
	if (bound > prefix->plen && bound < nh_addr_bits(dst))
		nh_prefix_make(prefix, dst, bound);
}

/* Whether the requester may see us as our NAT shows us. From the same side of it
 * we are who we are, but without IKE that is not known.
 */
static bool by_our_nat(const struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nh_ike_sa *sa;
	struct nh_endpoint ep;

	requester_of(rx, &ep);
	sa = nh_ike_who(&iface->ike, &ep);
	return !sa || sa->nat_local;
}

/* The kernel has SAs as soon as IKE has made them, but we read of them after
 * that.
 */
static bool will_be_known(const struct nh_iface *iface, const struct nh_rx *rx)
{
	struct nh_endpoint ep;

	requester_of(rx, &ep);
	return rx->patient && nh_vici_is_up(iface->ike.vici) &&
	       !nh_ike_who(&iface->ike, &ep);
}

/* -EAGAIN while there are no SAs, -EINPROGRESS while too little is known. */
static int answer_egress(struct nh_iface *iface, const struct nh_rx *rx,
			 const struct nh_path *path)
{
	const struct nh_addr *mapped = &iface->mapped4;
	const struct nh_addr *dst = &rx->pdu->dst_proto;
	struct nh_prefix prefix = path->prefix;
	struct nhrp_cie cie;
	struct nhrp_pdu reply;
	uint16_t flags;

	if (refuses(rx, iface->conf->unique)) {
		nak(iface, rx, NHRP_CODE_NOT_UNIQUE);
		return 0;
	}
	narrow(rx, &prefix);
	if (path->kind == NH_PATH_LOCAL || too_wide(iface, rx, &prefix) ||
	    nh_path_is_divided(iface, path))
		nh_prefix_make(&prefix, dst, nh_addr_bits(dst));
	nhrp_self_cie(&cie, &rx->self);
	cie.prefix = prefix.plen;
	cie.holdtime = iface->conf->holdtime;
	flags = rx->pdu->flags | NHRP_RES_AUTHORITATIVE | NHRP_RES_DST_STABLE;
	flags &= (uint16_t)~NHRP_RES_UNIQUE;
	if (iface->conf->unique)
		flags |= NHRP_RES_UNIQUE;
	if (nhrp_build_resolution_reply(&reply, rx->pdu, &rx->self, &cie,
					flags))
		return -EINVAL;
	if (rx->self.nbma.family == AF_INET6)
		mapped = &iface->mapped6;
	/* As in answer_cached() */
	if (iface->conf->nat && nh_addr_is_set(mapped) &&
	    !nhrp_nat_add(&reply, mapped, &rx->self.proto)) {
		if (will_be_known(iface, rx))
			return -EINPROGRESS;
		if (by_our_nat(iface, rx))
			reply.cie[0].nbma = *mapped;
	}
	return send_answer(iface, rx, &reply, &prefix, true);
}

/* Seconds that an entry still has, at least 1. */
static uint16_t time_left(const struct nh_iface *iface,
			  const struct dmvpn_nl_entry *entry)
{
	uint64_t seconds = entry->expires / 1000;

	if (!DMVPN_NL_HAS(entry, DMVPN_A_ENTRY_EXPIRES))
		return iface->conf->holdtime;
	if (seconds > NH_HOLD_MAX)
		return NH_HOLD_MAX;
	return seconds ? (uint16_t)seconds : 1;
}

/*
 * An NHS answers for its client @entry of @out, or for a network of it. What a
 * client has registered is authoritative, whether it was asked for or not.
 */
static int answer_cached(struct nh_iface *iface, const struct nh_rx *rx,
			 struct nh_iface *out,
			 const struct dmvpn_nl_entry *entry)
{
	const struct nh_addr *dst = &rx->pdu->dst_proto;
	bool unique = entry->flags & DMVPN_ENTRY_FLAGS_UNIQUE;
	bool nat = entry->flags & DMVPN_ENTRY_FLAGS_NAT;
	struct nh_prefix prefix = entry->prefix;
	struct nhrp_cie cie = { 0 };
	struct nhrp_pdu reply;
	uint16_t flags;

	if (refuses(rx, unique)) {
		nak(iface, rx, NHRP_CODE_NOT_UNIQUE);
		return 0;
	}
	cie.nbma = entry->nbma;
	cie.proto = entry->prefix.addr;
	if (!nh_network_is_host(out, &entry->prefix)) {
		cie.proto = entry->protocol;
		narrow(rx, &prefix);
		if (too_wide(iface, rx, &prefix) ||
		    nh_path_entry_is_divided(out, entry))
			nh_prefix_make(&prefix, dst, nh_addr_bits(dst));
	}
	cie.prefix = prefix.plen;
	cie.mtu = entry->mtu;
	cie.preference = entry->preference;
	cie.holdtime = time_left(iface, entry);
	/* Only who knows the NAT extension can use the untranslated address. */
	nat = nat && nhrp_ext_find_const(rx->pdu, NHRP_EXT_NAT) &&
	      nh_addr_is_set(&entry->claimed);
	if (nat)
		cie.nbma = entry->claimed;
	flags = rx->pdu->flags | NHRP_RES_AUTHORITATIVE | NHRP_RES_DST_STABLE;
	flags &= (uint16_t)~NHRP_RES_UNIQUE;
	if (unique)
		flags |= NHRP_RES_UNIQUE;
	if (nhrp_build_resolution_reply(&reply, rx->pdu, &rx->self, &cie,
					flags))
		return -EINVAL;
	if (nat)
		nhrp_nat_add(&reply, &entry->nbma, &cie.proto);
	return send_answer(iface, rx, &reply, &prefix, false);
}

/* Whether the address asked for is one of our clients', or behind one. */
static bool is_client(struct nh_iface *out, const struct nh_addr *dst,
		      struct dmvpn_nl_entry *entry)
{
	return nh_network_lookup(out, dst, entry) == 0 &&
	       entry->type == DMVPN_ENTRY_TYPE_REGISTERED;
}

static int answer_transit(struct nh_iface *iface, const struct nh_rx *rx,
			  const struct nh_path *path)
{
	const char *dev = iface->conf->name;
	struct dmvpn_nl_entry entry;
	bool cached;

	nh_debug(dev, &rx->from.nbma, "NHRP: nhrp_rtlookup yielded %s",
		 path->out->conf->name);
	nh_debug(dev, &rx->from.nbma, "NHRP: netid_out %u, netid_in %u",
		 path->out->conf->network_id, iface->conf->network_id);
	cached = is_client(path->out, &rx->pdu->dst_proto, &entry);
	nh_debug(dev, &rx->from.nbma, "NHRP: nhrp_cache_lookup_comp returned %s",
		 cached ? "a registered client" : "0x0");
	/* A packet has NBMA addresses of one family; and nobody of this one
	 * could send to the other.
	 */
	if (cached && entry.nbma.family != rx->pdu->src_nbma.family &&
	    nh_acceptable(iface, rx)) {
		nak(iface, rx, NHRP_CODE_NO_BINDING);
		return 0;
	}
	if (cached && !(rx->pdu->flags & NHRP_RES_AUTHORITATIVE) &&
	    !nhrp_ext_unknown_compulsory(rx->pdu))
		return answer_cached(iface, rx, path->out, &entry);
	if (nh_transit_request(iface, rx, path) == -ENOENT &&
	    nh_acceptable(iface, rx))
		nak(iface, rx, NHRP_CODE_NO_BINDING);
	return 0;
}

/* As answer_egress(), for those that are ours to answer. */
static int answer(struct nh_iface *iface, const struct nh_rx *rx)
{
	struct nh_path path;

	nh_path_find(iface, &rx->pdu->dst_proto, &path);
	if (path.kind == NH_PATH_TRANSIT)
		return answer_transit(iface, rx, &path);
	if (!nh_acceptable(iface, rx))
		return 0;
	if (path.kind == NH_PATH_NONE) {
		nh_count(iface, NH_C_NO_ROUTE);
		nak(iface, rx, NHRP_CODE_NO_BINDING);
		return 0;
	}
	return answer_egress(iface, rx, &path);
}

static void delay(struct nh_iface *iface, const struct nh_rx *rx)
{
	char a[NH_ADDR_STRLEN], b[NH_ADDR_STRLEN];
	struct nh_endpoint requester;

	reply_endpoint(iface, rx, &requester);
	if (nh_delayed_add(&iface->delayed, rx, &requester)) {
		nh_limited(iface, NH_L_DELAYED, &requester.nbma);
		return;
	}
	nh_ike_need(&iface->ike, &requester);
	nh_count(iface, NH_C_DELAYED);
	nh_debug(iface->conf->name, &requester.nbma,
		 "NHRP: Delaying resolution request nbma src:%s nbma dst:%s reason:IPSEC-IFC: need to wait for IPsec SAs.",
		 nh_addr_format(&rx->self.nbma, a, sizeof(a)),
		 nh_addr_format(&requester.nbma, b, sizeof(b)));
}

/* The requester's address is believed from our own servers only: others could
 * take any, to escape their limit and to use up somebody else's.
 */
static bool within_rate(struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nh_addr *requester = &rx->pdu->src_nbma;
	const struct nh_rate *rate = &replies;

	if (!nh_nhs_by_endpoint(iface, &rx->from)) {
		if (!nh_addr_equal(requester, &rx->from.nbma))
			rate = &relayed;
		requester = &rx->from.nbma;
	}
	if (nh_peer_take(&iface->reply_limit, requester, rate,
			 nh_loop_now(iface->loop)))
		return true;
	nh_limited(iface, NH_L_ANSWERS, &rx->from.nbma);
	return false;
}

void nh_answer_request(struct nh_iface *iface, const struct nh_rx *rx)
{
	const char *dev = iface->conf->name;

	if (nhrp_forward_loops(rx->pdu, &rx->self)) {
		nh_count(iface, NH_C_LOOP);
		nh_error_send(iface, rx, NHRP_ERR_LOOP, 0);
		return;
	}
	if (nh_delayed_has(&iface->delayed, rx)) {
		nh_count(iface, NH_C_DELAYED_AGAIN);
		nh_debug(dev, &rx->from.nbma,
			 "NHRP: Resolution request is already being processed (delayed).");
		nh_debug(dev, &rx->from.nbma,
			 "NHRP: Resolution Request not queued. Already being processed (delayed).");
		return;
	}
	if (!within_rate(iface, rx))
		return;
	if (answer(iface, rx) == -EAGAIN)
		delay(iface, rx);
}

int nh_answer_delayed(struct nh_iface *iface, const uint8_t *octets,
		      size_t len, const struct nh_endpoint *from, bool patient)
{
	struct nh_rx rx = { .data = octets, .len = len, .from = *from,
			    .patient = patient };
	struct nhrp_refusal why;
	struct nhrp_pdu pdu;

	/* The daemon's own copy: it was good, but the addresses may be gone. */
	if (!nhrp_pdu_parse(&pdu, octets, len, &why) ||
	    nh_iface_self(iface, &pdu.src_nbma, &pdu.src_proto, &rx.self))
		return -EINVAL;
	rx.pdu = &pdu;
	return answer(iface, &rx);
}
