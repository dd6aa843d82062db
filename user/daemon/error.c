// SPDX-License-Identifier: GPL-2.0-or-later
/* Error Indications: sent sparingly, received with distrust. */
#include <linux/dmvpn.h>
#include <string.h>

#include "daemon/events.h"
#include "daemon/iface.h"
#include "daemon/nhs.h"
#include "daemon/purge.h"
#include "daemon/remark.h"
#include "daemon/resolve.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "lib/log.h"
#include "nhrp/indication.h"
#include "nhrp/print.h"

/* Largest quotation that leaves room for the error's own addresses. */
#define QUOTED_MAX	(DMVPN_PACKET_MAX - NHRP_OFF_ADDRS - 3 * 16)

static const struct nh_rate per_peer = { .per_second = 1, .burst = 1 };
static const struct nh_rate for_all = { .per_second = 20, .burst = 20 };

/*
 * Who made the packet. A reply has its requester for a source: it is the
 * responder's, or it is about the responder's address.
 */
static const struct nh_addr *maker(const struct nhrp_pdu *pdu)
{
	const struct nhrp_ext *ext;

	if (!nhrp_pdu_is_reply(pdu))
		return &pdu->src_proto;
	ext = nhrp_ext_find_const(pdu, NHRP_EXT_RESPONDER);
	if (ext && ext->ncie && nh_addr_is_set(&ext->cie[0].proto))
		return &ext->cie[0].proto;
	return &pdu->dst_proto;
}

void nh_error_send(struct nh_iface *iface, const struct nh_rx *rx,
		   enum nhrp_error_code code, uint16_t offset)
{
	struct nh_view packet = { rx->data, (uint16_t)rx->len };
	uint64_t now = nh_loop_now(iface->loop);
	const struct nh_addr *offender;
	struct nhrp_pdu pdu;

	if (code == NHRP_ERR_NONE || !rx->pdu)
		return;
	if (!nh_peer_take(&iface->error_limit, &rx->from.nbma, &per_peer,
			  now) ||
	    !nh_bucket_take(&iface->errors, &for_all, now)) {
		nh_limited(iface, NH_L_ERRORS, &rx->from.nbma);
		return;
	}
	/* Refuses an error about an error. */
	if (packet.len > QUOTED_MAX)
		packet.len = QUOTED_MAX;
	offender = maker(rx->pdu);
	if (nhrp_build_error(&pdu, &rx->self, code, offset, offender, packet))
		return;
	if (nh_send(iface, &pdu, &rx->from, offender))
		return;
	iface->stats.errors_out[code]++;
	nh_event(iface, NH_EV_ERROR_SENT, code, &rx->from.nbma, offender);
}

bool nh_acceptable(struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nhrp_ext *unknown = nhrp_ext_unknown_compulsory(rx->pdu);

	if (!unknown)
		return true;
	nh_error_send(iface, rx, NHRP_ERR_UNRECOGNIZED_EXT, unknown->offset);
	return false;
}

void nh_error_receive(struct nh_iface *iface, const struct nh_rx *rx)
{
	uint16_t code = rx->pdu->ind_code;
	struct nhrp_quoted quoted;

	if (code >= NH_STATS_ERRORS)
		iface->stats.errors_in[0]++;
	else
		iface->stats.errors_in[code]++;
	nh_event(iface, NH_EV_ERROR_RECEIVED, code, &rx->from.nbma,
		 &rx->pdu->src_proto);
	nhrp_error_quoted(rx->pdu, &quoted);
	nh_remark(NH_LOG_INFO, iface, &rx->from.nbma,
		  "Error Indication: %s code=%u about=\"%s\" request-id=%u",
		  nhrp_error_name(code), code, nhrp_type_name(quoted.type),
		  quoted.has_reqid ? quoted.reqid : 0);
	if (!quoted.has_reqid)
		return;
	if (quoted.type == NHRP_REGISTRATION_REQUEST)
		nh_nhs_error(iface, rx, quoted.reqid);
	else if (quoted.type == NHRP_RESOLUTION_REQUEST)
		nh_resolve_error(iface, rx, quoted.reqid);
	else if (quoted.type == NHRP_PURGE_REQUEST)
		nh_purge_error(iface, rx, quoted.reqid);
}
