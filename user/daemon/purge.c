// SPDX-License-Identifier: GPL-2.0-or-later
/* Purge Request and Reply (RFC 2332 5.2.5, 5.2.6). */
#include "daemon/purge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/events.h"
#include "daemon/holder.h"
#include "daemon/iface.h"
#include "daemon/remark.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "lib/log.h"

/**
 * struct purge - a Purge Request in flight
 * @req: in the table; @req.target is the node that was told the bindings
 * @ep: where it is
 * @src: in whose name it is, a client or what we were; empty, what we are
 * @kept: @self is set
 * @self: what we were when it was sent first, if that is @src
 * @auth: our password then
 * @how: which way it goes
 * @list: the bindings
 * @n: their number
 */
struct purge {
	struct nh_request req;
	struct nh_endpoint ep;
	struct nh_addr src;
	bool kept;
	struct nhrp_self self;
	struct nhrp_auth auth;
	enum nh_purge_how how;
	struct nh_prefix list[NH_PURGE_PREFIXES];
	size_t n;
};

static void keep(struct purge *purge, const struct nhrp_self *self)
{
	purge->kept = true;
	purge->self = *self;
	purge->self.vendor = NULL;
	if (!self->auth)
		return;
	purge->auth = *self->auth;
	purge->self.auth = &purge->auth;
}

/* The configuration that it was written by may be gone at the next try, with
 * all that we would have to write.
 */
static int self_for(struct nh_iface *iface, const struct nh_endpoint *ep,
		    struct purge *purge, struct nhrp_self *self)
{
	int err;

	if (purge->kept && purge->self.nbma.family == ep->nbma.family) {
		*self = purge->self;
		return 0;
	}
	err = nh_iface_self(iface, &ep->nbma, &purge->req.target, self);
	if (err || !nh_addr_is_set(&purge->src))
		return err;
	self->proto = purge->src;
	if (!purge->kept && nh_conf_is_own(iface->conf, &purge->src))
		keep(purge, self);
	return 0;
}

static int transmit(struct nh_iface *iface, const struct nh_endpoint *ep,
		    struct purge *purge, uint32_t id, uint16_t flags)
{
	const struct nh_addr *node = &purge->req.target;
	struct nhrp_self self;
	struct nhrp_pdu pdu;
	size_t i;

	if (self_for(iface, ep, purge, &self))
		return -EADDRNOTAVAIL;
	if (nhrp_build_purge_request(&pdu, &self, node, id, flags))
		return -EADDRNOTAVAIL;
	for (i = 0; i < purge->n; i++)
		nhrp_build_purge_add(&pdu, &purge->list[i], NULL);
	return nh_send(iface, &pdu, ep, node);
}

static bool server_for(const struct nh_iface *iface, const struct purge *purge,
		       struct nh_endpoint *ep)
{
	const struct nh_nhs *nhs;

	nhs = nh_nhs_best(iface, purge->req.target.family);
	if (!nhs || nh_addr_equal(&nhs->conf.proto, &purge->req.target))
		return false;
	*ep = (struct nh_endpoint){ .nbma = nhs->conf.nbma };
	return true;
}

static void purge_transmit(struct nh_request *req)
{
	struct purge *purge = (struct purge *)req;
	struct nh_endpoint server;
	bool has_server = server_for(req->iface, purge, &server);
	bool by_server = purge->how == NH_PURGE_BY_SERVER;

	req->server = by_server && has_server ? server : purge->ep;
	if (transmit(req->iface, &req->server, purge, req->id, 0) &&
	    has_server && !by_server)
		transmit(req->iface, &server, purge, req->id, 0);
}

static void purge_give_up(struct nh_request *req)
{
	const struct purge *purge = (const struct purge *)req;

	nh_count(req->iface, NH_C_TIMEOUT);
	nh_event_prefix(req->iface, NH_EV_TIMEOUT, NHRP_PURGE_REQUEST,
			&req->server.nbma, &purge->list[0]);
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
		   const struct nh_addr *node, const struct nh_prefix *list,
		   size_t n, enum nh_purge_how how, const struct nh_addr *src)
{
	struct purge *purge = calloc(1, sizeof(*purge));
	size_t i;

	for (i = 0; i < n; i++)
		nh_event_prefix(iface, NH_EV_PURGE_SENT, 0, &ep->nbma,
				&list[i]);
	if (!purge)
		return;
	purge->req.ops = &purge_ops;
	purge->req.iface = iface;
	purge->req.target = *node;
	purge->req.server = *ep;
	purge->ep = *ep;
	if (src)
		purge->src = *src;
	purge->how = how;
	purge->n = n;
	memcpy(purge->list, list, n * sizeof(*list));
	if (how == NH_PURGE_LAST) {
		transmit(iface, ep, purge, nh_requests_id(&iface->requests),
			 NHRP_PURGE_NO_REPLY);
		free(purge);
	} else if (nh_request_start(&iface->requests, &purge->req)) {
		nh_limited(iface, NH_L_IN_FLIGHT, &ep->nbma);
	}
}

static void leave_out(struct purge *purge, const struct nh_prefix *prefix)
{
	size_t i, n = 0;

	for (i = 0; i < purge->n; i++)
		if (!nh_prefix_equal(&purge->list[i], prefix))
			purge->list[n++] = purge->list[i];
	purge->n = n;
}

/* What was told to others by way of the server is another matter. */
static bool is_to(const struct purge *purge, const struct nh_endpoint *ep,
		  const struct nh_addr *node)
{
	return nh_addr_equal(&purge->req.target, node) ||
	       (purge->how == NH_PURGE_SERVER &&
		nh_endpoint_equal(&purge->ep, ep));
}

void nh_purge_recall(struct nh_iface *iface, const struct nh_endpoint *ep,
		     const struct nh_addr *node,
		     const struct nh_prefix *prefix)
{
	struct nh_request *req, *next;

	for (req = LIST_FIRST(&iface->requests.list); req; req = next) {
		struct purge *purge = (struct purge *)req;

		next = LIST_NEXT(req, link);
		if (req->ops != &purge_ops || !is_to(purge, ep, node))
			continue;
		leave_out(purge, prefix);
		if (!purge->n)
			nh_request_end(req);
	}
}

static bool names_binding(const struct nhrp_cie *cie,
			  const struct dmvpn_nl_entry *entry)
{
	return !nh_addr_is_set(&cie->nbma) ||
	       nh_addr_equal(&cie->nbma, &entry->nbma) ||
	       nh_addr_equal(&cie->nbma, &entry->claimed);
}

/*
 * Whether the sender of a packet may withdraw an entry: it is the entry's own
 * peer, or a server of ours, for itself or for the node behind the entry,
 * whose packets it has looked at before it passed them on.
 */
static bool may_purge(struct nh_iface *iface, const struct nh_rx *rx,
		      const struct dmvpn_nl_entry *entry)
{
	const struct nh_addr *src = &rx->pdu->src_proto;
	const struct nh_nhs *nhs;

	if (entry->type != DMVPN_ENTRY_TYPE_REGISTERED &&
	    entry->type != DMVPN_ENTRY_TYPE_RESOLVED)
		return false;
	if (nh_holder_speaks(iface, rx, entry))
		return true;
	nhs = nh_nhs_by_endpoint(iface, &rx->from);
	return nhs && entry->type == DMVPN_ENTRY_TYPE_RESOLVED &&
	       (nh_addr_equal(src, &nhs->conf.proto) ||
		nh_addr_equal(src, &entry->protocol));
}

static void forget(struct nh_iface *iface, const struct nh_rx *rx,
		   const struct dmvpn_nl_entry *entry)
{
	struct nh_kernel *k = iface->kernel;
	char text[NH_PREFIX_STRLEN];

	/* First, or the end of the entry tells the sender as well. */
	if (entry->type == DMVPN_ENTRY_TYPE_REGISTERED)
		nh_told_purge(iface, &entry->prefix, &rx->pdu->src_proto,
			      false);
	k->ops->entry_del(k, iface->ifindex, &entry->prefix);
	nh_event_prefix(iface, NH_EV_PURGED, 0, &rx->from.nbma, &entry->prefix);
	nh_remark(NH_LOG_INFO, iface, &rx->from.nbma, "purged prefix=%s",
		  nh_prefix_format(&entry->prefix, text, sizeof(text)));
}

/* What is reached by a node whose own binding is gone is gone as well. */
static bool is_behind(const struct dmvpn_nl_entry *entry,
		      const struct dmvpn_nl_entry *node)
{
	return entry->type == DMVPN_ENTRY_TYPE_RESOLVED &&
	       nh_addr_equal(&entry->protocol, &node->prefix.addr) &&
	       nh_addr_equal(&entry->nbma, &node->nbma) &&
	       entry->if_id == node->if_id;
}

/**
 * struct sought - what a purge has us look for in the whole cache
 * @at: for a CIE each
 * @at.cie: the CIE
 * @at.prefix: what it names, for all that lies inside
 * @at.node: the entry of that host, for what lies behind it; or without a type
 * @n: their number
 * @has_node: one of them is for a host
 */
struct sought {
	struct {
		const struct nhrp_cie *cie;
		struct nh_prefix prefix;
		struct dmvpn_nl_entry node;
	} at[NHRP_MAX_CIES];
	size_t n;
	bool has_node;
};

static void seek(struct sought *sought, const struct nhrp_cie *cie,
		 const struct nh_prefix *prefix,
		 const struct dmvpn_nl_entry *node)
{
	sought->at[sought->n].cie = cie;
	sought->at[sought->n].prefix = *prefix;
	if (node)
		sought->at[sought->n].node = *node;
	sought->has_node |= !!node;
	sought->n++;
}

static bool is_sought(struct nh_iface *iface, const struct nh_rx *rx,
		      const struct sought *sought,
		      const struct dmvpn_nl_entry *entry)
{
	size_t i;

	for (i = 0; i < sought->n; i++) {
		const struct nh_prefix *prefix = &sought->at[i].prefix;
		const struct dmvpn_nl_entry *node = &sought->at[i].node;

		if ((node->type && (nh_prefix_equal(&entry->prefix, prefix) ||
				    is_behind(entry, node))) ||
		    (nh_prefix_covers(prefix, &entry->prefix) &&
		     names_binding(sought->at[i].cie, entry) &&
		     may_purge(iface, rx, entry)))
			return true;
	}
	return false;
}

/*
 * One look for the whole packet. A host pays for it with its entry, which
 * somebody here had to ask for: it must not wait for those who name what is not
 * there as often as they like. Return: whether the cache could be looked at.
 */
static bool walk(struct nh_iface *iface, const struct nh_rx *rx,
		 const struct sought *sought)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry *list;
	size_t i, n;

	if ((!sought->has_node && !nh_iface_may_walk(iface, &rx->from.nbma)) ||
	    k->ops->entry_dump(k, iface->ifindex, &list, &n))
		return false;
	for (i = 0; i < n; i++)
		if (is_sought(iface, rx, sought, &list[i]))
			forget(iface, rx, &list[i]);
	free(list);
	return true;
}

static void purge_refused(struct nh_iface *iface, const struct nh_rx *rx,
			  const struct nh_prefix *prefix)
{
	char text[NH_PREFIX_STRLEN];

	nh_count(iface, NH_C_NOT_TRUSTED);
	nh_event_prefix(iface, NH_EV_PURGE_REFUSED, 0, &rx->from.nbma, prefix);
	nh_remark(NH_LOG_INFO, iface, &rx->from.nbma,
		  "purge refused: not the sender's binding prefix=%s",
		  nh_prefix_format(prefix, text, sizeof(text)));
}

/* Return: whether all is done, or is not to be, but for what is then sought. */
static bool purge_one(struct nh_iface *iface, const struct nh_rx *rx,
		      const struct nhrp_cie *cie, struct sought *sought)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry entry;
	struct nh_prefix prefix;
	bool is_host;
	int err;

	if (nhrp_cie_claim(&prefix, cie, &rx->pdu->src_proto))
		return true;
	is_host = nh_prefix_is_host(&prefix);
	err = k->ops->entry_get(k, iface->ifindex, &prefix, &entry);
	if (err && err != -ENOENT)
		return false;
	if (err || !names_binding(cie, &entry)) {
		if (!is_host)
			seek(sought, cie, &prefix, NULL);
		return true;
	}
	if (!may_purge(iface, rx, &entry)) {
		purge_refused(iface, rx, &prefix);
		return true;
	}
	/* All or nothing: without a host's entry nobody would find what lies
	 * behind it when this is said again. What lies inside a network is
	 * found without that one's.
	 */
	if (entry.type == DMVPN_ENTRY_TYPE_RESOLVED && is_host) {
		seek(sought, cie, &prefix, &entry);
		return true;
	}
	forget(iface, rx, &entry);
	if (entry.type == DMVPN_ENTRY_TYPE_RESOLVED)
		seek(sought, cie, &prefix, NULL);
	return true;
}

void nh_purge_request(struct nh_iface *iface, const struct nh_rx *rx)
{
	struct sought sought = { 0 };
	struct nhrp_pdu reply;
	bool done = true;
	unsigned int i;

	if (!nh_acceptable(iface, rx))
		return;
	for (i = 0; i < rx->pdu->ncie; i++)
		done &= purge_one(iface, rx, &rx->pdu->cie[i], &sought);
	if (sought.n)
		done &= walk(iface, rx, &sought);
	/* Who hears nothing says it again. */
	if (!done || rx->pdu->flags & NHRP_PURGE_NO_REPLY)
		return;
	if (nhrp_build_reply(&reply, rx->pdu, &rx->self) == 0)
		nh_send(iface, &reply, &rx->from, &rx->pdu->src_proto);
}

/* The request that a Purge Reply is to, or NULL. */
static struct nh_request *answered(const struct nh_iface *iface,
				   const struct nhrp_pdu *reply)
{
	struct nh_request *req;

	req = nh_request_find(&iface->requests, NHRP_PURGE_REQUEST,
			      reply->reqid);
	return req && nh_addr_equal(&req->target, &reply->dst_proto) ? req :
	       NULL;
}

const struct nhrp_auth *nh_purge_awaited(const struct nh_iface *iface,
					 const struct nhrp_pdu *pdu)
{
	const struct purge *purge;

	if (pdu->type != NHRP_PURGE_REPLY)
		return NULL;
	purge = (const struct purge *)answered(iface, pdu);
	if (!purge)
		return NULL;
	return purge->kept ? &purge->auth : &iface->conf->auth;
}

void nh_purge_reply(struct nh_iface *iface, const struct nh_rx *rx)
{
	struct nh_request *req = answered(iface, rx->pdu);

	if (req)
		nh_request_end(req);
	else
		nh_count(iface, NH_C_UNSOLICITED);
}

void nh_purge_error(struct nh_iface *iface, const struct nh_rx *rx,
		    uint32_t reqid)
{
	struct nh_request *req;

	req = nh_request_find(&iface->requests, NHRP_PURGE_REQUEST, reqid);
	if (req && nh_endpoint_equal(&req->server, &rx->from))
		nh_request_end(req);
}
