// SPDX-License-Identifier: GPL-2.0-or-later
/* Purge Request and Reply (RFC 2332 5.2.5, 5.2.6). */
#include "daemon/purge.h"

#include <stdlib.h>

#include "daemon/events.h"
#include "daemon/iface.h"
#include "daemon/remark.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "lib/log.h"

/**
 * struct purge - a Purge Request in flight
 * @req: in the table; @req.target is the node that was told the binding
 * @prefix: the binding
 */
struct purge {
	struct nh_request req;
	struct nh_prefix prefix;
};

static void transmit(struct nh_iface *iface, const struct nh_endpoint *ep,
		     const struct nh_addr *node, const struct nh_prefix *prefix,
		     uint32_t id, uint16_t flags)
{
	struct nhrp_self self;
	struct nhrp_pdu pdu;

	if (nh_iface_self(iface, &ep->nbma, node, &self) ||
	    nhrp_build_purge_request(&pdu, &self, node, id, flags) ||
	    nhrp_build_purge_add(&pdu, prefix, NULL))
		return;
	nh_send(iface, &pdu, ep, node);
}

static void purge_transmit(struct nh_request *req)
{
	const struct purge *purge = (const struct purge *)req;

	transmit(req->iface, &req->server, &req->target, &purge->prefix,
		 req->id, 0);
}

static void purge_give_up(struct nh_request *req)
{
	const struct purge *purge = (const struct purge *)req;

	nh_count(req->iface, NH_C_TIMEOUT);
	nh_event_prefix(req->iface, NH_EV_TIMEOUT, NHRP_PURGE_REQUEST,
			&req->server.nbma, &purge->prefix);
	nh_debug(req->iface->conf->name, &req->server.nbma,
		 "NHRP: no Purge Reply, giving up");
}

static void purge_free(struct nh_request *req)
{
	free(req);
}

static const struct nh_request_ops purge_ops = {
	.type = NHRP_PURGE_REQUEST,
	.tries = 3,
	.send = purge_transmit,
	.give_up = purge_give_up,
	.free = purge_free,
};

void nh_purge_send(struct nh_iface *iface, const struct nh_endpoint *ep,
		   const struct nh_addr *node, const struct nh_prefix *prefix,
		   bool last)
{
	struct purge *purge;

	nh_event_prefix(iface, NH_EV_PURGE_SENT, 0, &ep->nbma, prefix);
	if (last) {
		transmit(iface, ep, node, prefix,
			 nh_requests_id(&iface->requests), NHRP_PURGE_NO_REPLY);
		return;
	}
	purge = calloc(1, sizeof(*purge));
	if (!purge)
		return;
	purge->req.ops = &purge_ops;
	purge->req.iface = iface;
	purge->req.target = *node;
	purge->req.server = *ep;
	purge->prefix = *prefix;
	if (nh_request_start(&iface->requests, &purge->req))
		nh_limited(iface, NH_L_IN_FLIGHT, &ep->nbma);
}

/* Whether the sender of a packet may withdraw an entry: it is the entry's own
 * peer, or the server through which we learned it.
 */
static bool may_purge(const struct nh_iface *iface, const struct nh_rx *rx,
		      const struct nhrp_cie *cie,
		      const struct dmvpn_nl_entry *entry)
{
	const struct nh_endpoint peer = { entry->nbma, entry->if_id };

	if (entry->type != DMVPN_ENTRY_TYPE_REGISTERED &&
	    entry->type != DMVPN_ENTRY_TYPE_RESOLVED)
		return false;
	if (nh_addr_is_set(&cie->nbma) &&
	    !nh_addr_equal(&cie->nbma, &entry->nbma) &&
	    !nh_addr_equal(&cie->nbma, &entry->claimed))
		return false;
	if (nh_endpoint_equal(&peer, &rx->from))
		return true;
	return entry->type == DMVPN_ENTRY_TYPE_RESOLVED &&
	       nh_nhs_by_endpoint(iface, &rx->from);
}

static void purge_one(struct nh_iface *iface, const struct nh_rx *rx,
		      const struct nhrp_cie *cie)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry entry;
	char text[NH_PREFIX_STRLEN];
	struct nh_prefix prefix;

	if (nhrp_cie_claim(&prefix, cie, &rx->pdu->src_proto))
		return;
	if (k->ops->entry_get(k, iface->ifindex, &prefix, &entry))
		return;
	nh_prefix_format(&prefix, text, sizeof(text));
	if (!may_purge(iface, rx, cie, &entry)) {
		nh_count(iface, NH_C_NOT_TRUSTED);
		nh_event_prefix(iface, NH_EV_PURGE_REFUSED, 0, &rx->from.nbma,
				&prefix);
		nh_remark(NH_LOG_INFO, iface, &rx->from.nbma,
			  "purge refused: not the sender's binding prefix=%s",
			  text);
		return;
	}
	k->ops->entry_del(k, iface->ifindex, &prefix);
	nh_remark(NH_LOG_INFO, iface, &rx->from.nbma, "purged prefix=%s",
		  text);
	nh_event_prefix(iface, NH_EV_PURGED, 0, &rx->from.nbma, &prefix);
	if (entry.type == DMVPN_ENTRY_TYPE_REGISTERED)
		nh_told_purge(iface, &prefix, &rx->pdu->src_proto, false);
}

void nh_purge_request(struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nhrp_ext *unknown = nhrp_ext_unknown_compulsory(rx->pdu);
	struct nhrp_pdu reply;
	unsigned int i;

	if (unknown) {
		nh_error_send(iface, rx, NHRP_ERR_UNRECOGNIZED_EXT,
			      unknown->offset);
		return;
	}
	for (i = 0; i < rx->pdu->ncie; i++)
		purge_one(iface, rx, &rx->pdu->cie[i]);
	if (rx->pdu->flags & NHRP_PURGE_NO_REPLY)
		return;
	if (nhrp_build_reply(&reply, rx->pdu, &rx->self) == 0)
		nh_send(iface, &reply, &rx->from, &rx->pdu->src_proto);
}

void nh_purge_reply(struct nh_iface *iface, const struct nh_rx *rx)
{
	struct nh_request *req;

	req = nh_request_find(&iface->requests, NHRP_PURGE_REQUEST,
			      rx->pdu->reqid);
	if (req && nh_addr_equal(&req->target, &rx->pdu->dst_proto))
		nh_request_end(req);
	else
		nh_count(iface, NH_C_UNSOLICITED);
}
