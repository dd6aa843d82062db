// SPDX-License-Identifier: GPL-2.0-or-later
/* From what the kernel tells to who deals with it: tables of handlers. */
#include "daemon/dispatch.h"

#include "daemon/answer.h"
#include "daemon/events.h"
#include "daemon/purge.h"
#include "daemon/remark.h"
#include "daemon/resolve.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "daemon/server.h"
#include "daemon/transit.h"
#include "lib/log.h"
#include "nhrp/auth.h"
#include "nhrp/print.h"

typedef void (*rx_fn)(struct nh_iface *iface, const struct nh_rx *rx);

/* Whether the packet ends here; otherwise @towards says where it goes on. */
typedef bool (*rx_to_us_fn)(const struct nh_iface *iface,
			    const struct nh_rx *rx,
			    const struct nh_addr **towards);

static bool always(const struct nh_iface *iface, const struct nh_rx *rx,
		   const struct nh_addr **towards)
{
	(void)iface;
	(void)rx;
	(void)towards;
	return true;
}

/*
 * What a client registers or withdraws: one that does not know the server's
 * address writes its own there.
 */
static bool binding_to_us(const struct nh_iface *iface, const struct nh_rx *rx,
			  const struct nh_addr **towards)
{
	*towards = &rx->pdu->dst_proto;
	return nh_conf_is_own(iface->conf, &rx->pdu->dst_proto) ||
	       nh_addr_equal(&rx->pdu->dst_proto, &rx->pdu->src_proto);
}

/* Replies go back to the node that asked, errors to the one at fault. */
static bool reply_to_us(const struct nh_iface *iface, const struct nh_rx *rx,
			const struct nh_addr **towards)
{
	*towards = &rx->pdu->src_proto;
	return nh_conf_is_own(iface->conf, &rx->pdu->src_proto);
}

/* A purge in the name of a client is answered to that. */
static bool purge_reply_to_us(const struct nh_iface *iface,
			      const struct nh_rx *rx,
			      const struct nh_addr **towards)
{
	return reply_to_us(iface, rx, towards) ||
	       nh_purge_awaited(iface, rx->pdu);
}

static bool destined_to_us(const struct nh_iface *iface,
			   const struct nh_rx *rx,
			   const struct nh_addr **towards)
{
	*towards = &rx->pdu->dst_proto;
	return nh_conf_is_own(iface->conf, &rx->pdu->dst_proto);
}

static const struct {
	rx_to_us_fn to_us;
	rx_fn handle;
} types[] = {
	[NHRP_RESOLUTION_REQUEST]	= { always, nh_answer_request },
	[NHRP_RESOLUTION_REPLY]		= { reply_to_us, nh_resolve_reply },
	[NHRP_REGISTRATION_REQUEST]	= { binding_to_us, nh_server_request },
	[NHRP_REGISTRATION_REPLY]	= { reply_to_us, nh_nhs_reply },
	[NHRP_PURGE_REQUEST]		= { binding_to_us, nh_purge_request },
	[NHRP_PURGE_REPLY]		= { purge_reply_to_us, nh_purge_reply },
	[NHRP_ERROR_INDICATION]		= { destined_to_us, nh_error_receive },
	[NHRP_TRAFFIC_INDICATION]	= { always, nh_redirect_receive },
};

/* Resolution Requests have limits of their own; our servers may say a lot. */
static const struct nh_rate per_peer = { .per_second = 50, .burst = 500 };

static bool over_limit(struct nh_iface *iface, const struct nh_rx *rx)
{
	if (rx->pdu->type == NHRP_RESOLUTION_REQUEST ||
	    nh_nhs_by_endpoint(iface, &rx->from) ||
	    nh_peer_take(&iface->peer_limit, &rx->from.nbma, &per_peer,
			 nh_loop_now(iface->loop)))
		return false;
	nh_limited(iface, NH_L_PACKETS, &rx->from.nbma);
	return true;
}

static void refuse(struct nh_iface *iface, struct nh_rx *rx,
		   enum nh_counter counter, const struct nhrp_refusal *why)
{
	nh_count(iface, counter);
	iface->stats.refused[why->reason]++;
	nh_event(iface, NH_EV_REFUSED, why->reason, &rx->from.nbma, NULL);
	nh_remark(NH_LOG_INFO, iface, &rx->from.nbma,
		  "packet refused: %s offset=%u size=%zu",
		  nhrp_reason_text(why->reason), why->offset, rx->len);
	nh_error_send(iface, rx, nhrp_reason_error(why->reason), why->offset);
}

/*
 * Whether a reply to us has nothing in it that we would have to know. Nobody
 * is told otherwise: the request, which had no such extension, is repeated.
 */
static bool understood(struct nh_iface *iface, struct nh_rx *rx)
{
	const struct nhrp_ext *unknown;
	struct nhrp_refusal why;

	if (!nhrp_pdu_is_reply(rx->pdu))
		return true;
	unknown = nhrp_ext_unknown_compulsory(rx->pdu);
	if (!unknown)
		return true;
	nhrp_refuse(&why, NHRP_R_EXT_UNKNOWN, unknown->offset);
	refuse(iface, rx, NH_C_MALFORMED, &why);
	return false;
}

static void trace(const struct nh_iface *iface, const struct nh_rx *rx,
		  bool to_us)
{
	const struct nh_addr *peer = &rx->from.nbma;
	const char *dev = iface->conf->name;
	char event[128];

	if (!nh_log_wants(NH_LOG_DEBUG, peer))
		return;
	nh_debug(dev, peer, "NHRP: %s",
		 nhrp_print_event(event, sizeof(event), "Receive",
				  rx->pdu->type, dev, rx->len));
	nh_debug(dev, peer, "NHRP: netid_in = %u, to_us = %d",
		 iface->conf->network_id, to_us);
}

static void take(struct nh_iface *iface, const uint8_t *octets, size_t len,
		 const struct nh_endpoint *from)
{
	struct nh_rx rx = { .data = octets, .len = len, .from = *from };
	const struct nh_addr *towards;
	const struct nhrp_auth *auth;
	struct nhrp_refusal why, wrong;
	struct nhrp_pdu pdu;
	bool to_us;

	if (!nhrp_pdu_decode(&pdu, octets, len, &why)) {
		refuse(iface, &rx, NH_C_MALFORMED, &why);
		return;
	}
	nh_log_about(&(struct nh_log_subject){
		{ pdu.src_proto, pdu.dst_proto } });
	/* A packet of families that we have no address of concerns nobody here.
	 * Who withdraws need not say its NBMA address. What we withdrew with
	 * our last one of a family is answered to that.
	 */
	auth = nh_purge_awaited(iface, &pdu);
	if (nh_iface_self(iface, nh_addr_is_set(&pdu.src_nbma) ?
			  &pdu.src_nbma : &from->nbma, &pdu.src_proto,
			  &rx.self) && !auth) {
		nh_count(iface, NH_C_NO_ROUTE);
		return;
	}
	if (!auth)
		auth = &iface->conf->auth;
	if (!nhrp_pdu_check(&pdu, &why)) {
		/* Who does not know the password gets no lessons. */
		if (nhrp_auth_check(&pdu, auth, &wrong))
			rx.pdu = &pdu;
		refuse(iface, &rx, NH_C_MALFORMED, &why);
		return;
	}
	rx.pdu = &pdu;
	if (!nhrp_auth_check(&pdu, auth, &why)) {
		refuse(iface, &rx, NH_C_AUTH_FAILED, &why);
		return;
	}
	iface->stats.in[pdu.type]++;
	if (over_limit(iface, &rx))
		return;
	to_us = types[pdu.type].to_us(iface, &rx, &towards);
	trace(iface, &rx, pdu.type == NHRP_RESOLUTION_REQUEST ?
	      nh_conf_is_own(iface->conf, &pdu.dst_proto) : to_us);
	if (!to_us) {
		nh_transit_packet(iface, &rx, towards);
		return;
	}
	if (!understood(iface, &rx))
		return;
	nh_stats_answers(iface->stats.answers_in, &pdu);
	types[pdu.type].handle(iface, &rx);
}

void nh_dispatch_packet(struct nh_iface *iface, const uint8_t *octets,
			size_t len, const struct nh_endpoint *from)
{
	struct nh_log_subject before = nh_log_about(NULL);

	take(iface, octets, len, from);
	nh_log_about(&before);
}

static void note_lost(struct nh_iface *iface, uint64_t lost)
{
	if (lost <= iface->lost)
		return;
	iface->stats.count[NH_C_LOST] += lost - iface->lost;
	iface->lost = lost;
	nh_iface_resync(iface);
}

static void on_dev_change(struct nh_iface *iface, const struct dmvpn_event *ev)
{
	(void)ev;
	nh_iface_locals(iface);
}

static void on_peer_change(struct nh_iface *iface,
			   const struct dmvpn_event *ev)
{
	const struct nh_endpoint ep = { ev->peer.nbma, ev->peer.if_id };
	bool secured = ev->peer.state == DMVPN_PEER_STATE_SECURED ||
		       ev->peer.state == DMVPN_PEER_STATE_CLEAR;

	nh_event(iface, NH_EV_PEER, ev->peer.state, &ev->peer.nbma, NULL);
	nh_ike_peer(&iface->ike, &ev->peer);
	nh_nhs_secured(iface, &ep, secured);
	if (!secured)
		return;
	nh_requests_kick(&iface->requests, &ep);
	nh_delayed_secured(&iface->delayed, &ep);
}

static void on_peer_gone(struct nh_iface *iface, const struct dmvpn_event *ev)
{
	const struct nh_endpoint ep = { ev->peer.nbma, ev->peer.if_id };

	nh_event(iface, NH_EV_PEER_GONE, 0, &ev->peer.nbma, NULL);
	nh_ike_peer_gone(&iface->ike, &ep);
}

static void on_entry_refresh(struct nh_iface *iface,
			     const struct dmvpn_event *ev)
{
	nh_resolve_refresh(iface, &ev->entry);
}

static void on_entry_gone(struct nh_iface *iface, const struct dmvpn_event *ev)
{
	char text[NH_PREFIX_STRLEN];

	nh_debug(iface->conf->name, &ev->entry.nbma, "NHRP: %s is gone",
		 nh_prefix_format(&ev->entry.prefix, text, sizeof(text)));
	nh_server_gone(iface, &ev->entry);
}

/* Whoever clears the cache does not mean what the configuration wants there. */
static void on_entry_removed(struct nh_iface *iface,
			     const struct dmvpn_event *ev)
{
	on_entry_gone(iface, ev);
	if (ev->entry.type == DMVPN_ENTRY_TYPE_REGISTERED)
		nh_told_purge(iface, &ev->entry.prefix, NULL, false);
	nh_nhs_restore(iface, &ev->entry);
}

static void on_packet(struct nh_iface *iface, const struct dmvpn_event *ev)
{
	const struct nh_endpoint from = { ev->packet.nbma, ev->packet.if_id };

	note_lost(iface, ev->packet.lost);
	nh_dispatch_packet(iface, ev->packet.payload, ev->packet.payload_len,
			   &from);
}

static void on_miss(struct nh_iface *iface, const struct dmvpn_event *ev)
{
	note_lost(iface, ev->miss.lost);
	nh_resolve_miss(iface, &ev->miss);
}

static void on_redirect(struct nh_iface *iface, const struct dmvpn_event *ev)
{
	note_lost(iface, ev->packet.lost);
	nh_redirect_send(iface, &ev->packet);
}

void nh_dispatch_event(struct nh_ifaces *ifaces, const struct dmvpn_event *ev)
{
	static void (*const handlers[])(struct nh_iface *iface,
					const struct dmvpn_event *ev) = {
		[DMVPN_EVENT_DEV_CHANGE]	= on_dev_change,
		[DMVPN_EVENT_PEER_CHANGE]	= on_peer_change,
		[DMVPN_EVENT_PEER_GONE]		= on_peer_gone,
		[DMVPN_EVENT_ENTRY_REFRESH]	= on_entry_refresh,
		[DMVPN_EVENT_ENTRY_EXPIRED]	= on_entry_gone,
		[DMVPN_EVENT_ENTRY_GONE]	= on_entry_removed,
		[DMVPN_EVENT_PACKET]		= on_packet,
		[DMVPN_EVENT_MISS]		= on_miss,
		[DMVPN_EVENT_REDIRECT]		= on_redirect,
	};
	struct nh_iface *iface = nh_iface_find(ifaces, ev->ifindex);

	if (iface && ev->type < sizeof(handlers) / sizeof(handlers[0]) &&
	    handlers[ev->type])
		handlers[ev->type](iface, ev);
}
