// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Own Resolution Requests.
 *
 * Asked is for three reasons: the kernel misses a mapping (phase 2), a server
 * tells of a shorter way (phase 3), or an entry in use is about to expire. The
 * reasons differ in what the cache holds meanwhile and after a refusal; see
 * fail().
 */
#include "daemon/resolve.h"

#include <errno.h>
#include <stdlib.h>

#include "daemon/claim.h"
#include "daemon/events.h"
#include "daemon/iface.h"
#include "daemon/install.h"
#include "daemon/path.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "lib/log.h"
#include "nhrp/print.h"

/* Longer than all tries together, so that the entry outlives the request. */
#define INCOMPLETE_SECONDS	45
#define HOLDDOWN_MS		8000

/**
 * enum reason - why we ask
 */
enum reason {
	MISS,
	REDIRECT,
	REFRESH,
};

/**
 * struct resolution - a Resolution Request in flight
 * @req: in the table; @req.target is the address asked for
 * @reason: enum reason
 * @by: NBMA address of the server that told of a shorter way, or empty
 * @old: entry that is to be refreshed
 */
struct resolution {
	struct nh_request req;
	enum reason reason;
	struct nh_addr by;
	struct nh_prefix old;
};

static void set_unresolved(struct nh_iface *iface,
			   const struct nh_addr *target, uint32_t type,
			   uint32_t seconds, enum dmvpn_nl_entry_mode mode)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry entry = {
		.ifindex = iface->ifindex,
		.type = type,
		.holding_time = seconds,
	};

	nh_prefix_make(&entry.prefix, target, nh_addr_bits(target));
	k->ops->entry_set(k, &entry, mode);
}

/* A client may have registered meanwhile, or a mapping been configured. */
static void set_negative(struct nh_iface *iface, const struct nh_addr *target,
			 uint32_t seconds)
{
	struct dmvpn_nl_entry old;
	int err = nh_path_host(iface, target, &old);

	if (err ? err != -ENOENT : nh_addr_is_set(&old.nbma))
		return;
	set_unresolved(iface, target, DMVPN_ENTRY_TYPE_NEGATIVE, seconds,
		       DMVPN_NL_ENTRY_ANY);
}

/* Nor is what is there by now the entry that was to be refreshed, perhaps. */
static void forget_resolved(struct nh_iface *iface,
			    const struct nh_prefix *prefix)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry old;

	if (!k->ops->entry_get(k, iface->ifindex, prefix, &old) &&
	    old.type == DMVPN_ENTRY_TYPE_RESOLVED)
		k->ops->entry_del(k, iface->ifindex, prefix);
}

/* Remembers that @target cannot be resolved, for a while. */
static void fail(struct resolution *res, uint32_t seconds, bool refused)
{
	struct nh_iface *iface = res->req.iface;

	switch (res->reason) {
	case MISS:
		set_negative(iface, &res->req.target, seconds);
		break;
	case REDIRECT:
		nh_holddown_add(&iface->holddown, &res->req.target,
				nh_loop_now(iface->loop) + seconds * 1000);
		break;
	case REFRESH:
		/* Silence is no answer: the entry lives to its end. */
		if (refused)
			forget_resolved(iface, &res->old);
		break;
	}
}

static const struct nh_nhs *server_at(const struct nh_iface *iface,
				      uint8_t family,
				      const struct nh_addr *nbma)
{
	const struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nhs->state == NH_NHS_UP && nhs->conf.family == family &&
		    nh_addr_equal(&nhs->conf.nbma, nbma))
			return nhs;
	return NULL;
}

/* The server that our packets to @target go by, if it is one that is up. */
static const struct nh_nhs *server_by_route(struct nh_iface *iface,
					    const struct nh_addr *target)
{
	const struct nh_nhs *nhs;
	struct nh_path path;

	nh_path_find(iface, target, &path);
	if (path.kind != NH_PATH_TRANSIT || path.out != iface)
		return NULL;
	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nhs->state == NH_NHS_UP &&
		    nhs->conf.family == target->family &&
		    (nh_addr_equal(&nhs->conf.proto, &path.next_hop) ||
		     nh_addr_equal(&nhs->link_local, &path.next_hop)))
			return nhs;
	return NULL;
}

/*
 * The server that knows the way: the one that told of a shorter one, or that
 * packets go by now. Another may have no route to the destination, or one
 * that leads out of the network. Without either it is the preferred one, and
 * @others may know as well.
 */
static const struct nh_nhs *first_choice(const struct resolution *res,
					 bool *others)
{
	const struct nh_addr *target = &res->req.target;
	struct nh_iface *iface = res->req.iface;
	const struct nh_nhs *nhs = NULL;

	*others = false;
	if (nh_addr_is_set(&res->by))
		nhs = server_at(iface, target->family, &res->by);
	if (!nhs)
		nhs = server_by_route(iface, target);
	if (nhs)
		return nhs;
	*others = true;
	return nh_nhs_best(iface, target->family);
}

/*
 * Every other try goes to the next server that is up, where that may know: the
 * first may be gone without that we know it yet.
 */
static const struct nh_nhs *whom_to_ask(const struct nh_request *req)
{
	const struct nh_nhs *best, *nhs, *other = NULL;
	bool others;

	best = first_choice((const struct resolution *)req, &others);
	if (!best || !others || req->sent % 2)
		return best;
	LIST_FOREACH(nhs, &req->iface->nhs, link) {
		if (nhs->state != NH_NHS_UP ||
		    nhs->conf.family != req->target.family ||
		    nh_addr_equal(&nhs->conf.nbma, &best->conf.nbma))
			continue;
		if (!other || nhs->conf.priority < other->conf.priority)
			other = nhs;
	}
	return other ? other : best;
}

/* The word of a server that was asked because the first one is silent is not
 * the last: the first may still wait for who knows.
 */
static bool is_second(const struct resolution *res,
		      const struct nh_endpoint *from)
{
	const struct nh_nhs *nhs = nh_nhs_by_endpoint(res->req.iface, from);
	const struct nh_nhs *first;
	bool others;

	if (!nhs)
		return false;
	first = first_choice(res, &others);
	return first && !nh_addr_equal(&first->conf.nbma, &nhs->conf.nbma);
}

static void transmit(struct nh_request *req)
{
	const struct resolution *res = (const struct resolution *)req;
	struct nh_iface *iface = req->iface;
	const struct nh_nhs *nhs = whom_to_ask(req);
	char text[NH_ADDR_STRLEN];
	struct nhrp_self self;
	struct nhrp_pdu pdu;
	uint16_t flags = NHRP_RES_ROUTER | NHRP_RES_SRC_STABLE;

	if (!nhs) {
		req->server = (struct nh_endpoint){ 0 };
		nh_debug(iface->conf->name, NULL,
			 "NHRP: no NHS is up to be asked for %s",
			 nh_addr_format(&req->target, text, sizeof(text)));
		return;
	}
	req->server.nbma = nhs->conf.nbma;
	/*
	 * A server may answer for its clients, whose mapping it knows best. But
	 * where it told us of a shorter way, only the egress knows its prefix.
	 */
	if (res->reason == REDIRECT)
		flags |= NHRP_RES_AUTHORITATIVE;
	nh_debug(iface->conf->name, &req->server.nbma,
		 "NHRP: Sending packet to NHS %s on %s",
		 nh_addr_format(&nhs->conf.proto, text, sizeof(text)),
		 iface->conf->name);
	if (nh_iface_self(iface, &nhs->conf.nbma, &req->target, &self) ||
	    nhrp_build_resolution_request(&pdu, &self, &req->target, req->id,
					  flags))
		return;
	nh_send(iface, &pdu, &req->server, &nhs->conf.proto);
}

static void give_up(struct nh_request *req)
{
	char text[NH_ADDR_STRLEN];

	nh_count(req->iface, NH_C_TIMEOUT);
	nh_event(req->iface, NH_EV_TIMEOUT, NHRP_RESOLUTION_REQUEST,
		 &req->server.nbma, &req->target);
	nh_info(req->iface->conf->name, &req->server.nbma,
		"no answer to Resolution Requests target=%s",
		nh_addr_format(&req->target, text, sizeof(text)));
	fail((struct resolution *)req, NH_NEGATIVE_TIMEOUT, false);
}

static void resolution_free(struct nh_request *req)
{
	free(req);
}

static const struct nh_request_ops resolution_ops = {
	.type = NHRP_RESOLUTION_REQUEST,
	.tries = 5,
	.send = transmit,
	.give_up = give_up,
	.free = resolution_free,
};

static bool askable(const struct nh_iface *iface, const struct nh_addr *target)
{
	return nh_addr_is_set(target) && !nh_addr_is_any(target) &&
	       !nh_addr_is_multicast(target) && !nh_addr_is_loopback(target) &&
	       !nh_conf_is_own(iface->conf, target) &&
	       nh_conf_proto(iface->conf, target->family) &&
	       !nh_request_about(&iface->requests, NHRP_RESOLUTION_REQUEST,
				 target);
}

static bool within_rate(struct nh_iface *iface)
{
	if (nh_bucket_take(&iface->own, &iface->conf->max_send,
			   nh_loop_now(iface->loop)))
		return true;
	nh_limited(iface, NH_L_OWN, NULL);
	return false;
}

static bool ask(struct nh_iface *iface, const struct nh_addr *target,
		enum reason reason, const struct nh_prefix *old,
		const struct nh_addr *by)
{
	struct resolution *res = calloc(1, sizeof(*res));
	const struct nh_nhs *nhs;
	bool others;

	if (!res)
		return false;
	res->req.ops = &resolution_ops;
	res->req.iface = iface;
	res->req.target = *target;
	res->reason = reason;
	if (old)
		res->old = *old;
	if (by)
		res->by = *by;
	nhs = first_choice(res, &others);
	if (nhs)
		res->req.server.nbma = nhs->conf.nbma;
	if (nh_request_start(&iface->requests, &res->req) == 0) {
		nh_event(iface, NH_EV_ASKED, 0, nhs ? &nhs->conf.nbma : NULL,
			 target);
		return true;
	}
	nh_limited(iface, NH_L_IN_FLIGHT, nhs ? &nhs->conf.nbma : NULL);
	return false;
}

static void forget_incomplete(struct nh_iface *iface,
			      const struct nh_addr *target)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry entry;

	if (nh_path_host(iface, target, &entry) == 0 &&
	    entry.type == DMVPN_ENTRY_TYPE_INCOMPLETE)
		k->ops->entry_del(k, iface->ifindex, &entry.prefix);
}

void nh_resolve_miss(struct nh_iface *iface, const struct dmvpn_nl_miss *miss)
{
	const struct nh_addr *target = &miss->target;

	if (!askable(iface, target))
		return;
	if (!iface->conf->nnhs) {
		/* Nobody to ask; the kernel need not say so again at once. */
		set_unresolved(iface, target, DMVPN_ENTRY_TYPE_NEGATIVE,
			       NH_NEGATIVE_TIMEOUT, DMVPN_NL_ENTRY_CREATE);
		return;
	}
	if (!within_rate(iface))
		return;
	set_unresolved(iface, target, DMVPN_ENTRY_TYPE_INCOMPLETE,
		       INCOMPLETE_SECONDS, DMVPN_NL_ENTRY_CREATE);
	/* Without a request nothing would end it before its time. */
	if (!ask(iface, target, MISS, NULL, NULL))
		forget_incomplete(iface, target);
}

void nh_resolve_redirect(struct nh_iface *iface, const struct nh_addr *dst,
			 const struct nh_addr *by)
{
	uint64_t now = nh_loop_now(iface->loop);

	if (!askable(iface, dst))
		return;
	if (nh_holddown_has(&iface->holddown, dst, now)) {
		nh_count(iface, NH_C_HELD_DOWN);
		return;
	}
	if (!within_rate(iface))
		return;
	nh_holddown_add(&iface->holddown, dst, now + HOLDDOWN_MS);
	ask(iface, dst, REDIRECT, NULL, by);
}

/* An address in the middle of the prefix: not a network's, a broadcast or,
 * most likely, a router's own address, whose answer would be a host.
 */
static void somewhere_in(const struct nh_prefix *prefix, struct nh_addr *addr)
{
	unsigned int bits = nh_addr_bits(&prefix->addr);

	*addr = prefix->addr;
	if (prefix->plen == bits)
		return;
	addr->bytes[prefix->plen / 8] |= (uint8_t)(0x80 >> prefix->plen % 8);
	if (bits - prefix->plen > 2)
		addr->bytes[bits / 8 - 1] |= 1;
}

void nh_resolve_refresh(struct nh_iface *iface,
			const struct dmvpn_nl_entry *entry)
{
	struct nh_addr target;

	if (entry->type != DMVPN_ENTRY_TYPE_RESOLVED)
		return;
	somewhere_in(&entry->prefix, &target);
	if (askable(iface, &target) && within_rate(iface))
		ask(iface, &target, REFRESH, &entry->prefix, NULL);
}

/* The server that was asked, any other of ours, or the egress it names. */
static bool trusted(const struct nh_iface *iface, const struct nh_rx *rx,
		    const struct resolution *res,
		    const struct nh_binding *binding)
{
	return nh_endpoint_equal(&rx->from, &res->req.server) ||
	       nh_nhs_by_endpoint(iface, &rx->from) ||
	       nh_addr_equal(&rx->from.nbma, &binding->nbma);
}

/* A server answers for others; anybody else for itself only. */
static bool may_answer(struct nh_iface *iface, const struct nh_rx *rx,
		       const struct nh_binding *binding)
{
	return nh_claim_of(iface, rx, &binding->prefix, &binding->proto) &&
	       (nh_nhs_by_endpoint(iface, &rx->from) ||
		nh_claim_nbma(iface, rx, &rx->pdu->cie[0].nbma));
}

static void refused(struct nh_iface *iface, struct resolution *res,
		    const struct nh_endpoint *from, unsigned int code,
		    const char *why)
{
	char text[NH_ADDR_STRLEN];

	nh_addr_format(&res->req.target, text, sizeof(text));
	if (is_second(res, from)) {
		nh_debug(iface->conf->name, &from->nbma,
			 "NHRP: %s target=%s: another server is asked first",
			 why, text);
		return;
	}
	nh_event(iface, NH_EV_NOT_RESOLVED, code, &from->nbma,
		 &res->req.target);
	nh_info(iface->conf->name, &from->nbma, "not resolved: %s target=%s",
		why, text);
	fail(res, NH_NEGATIVE_REFUSED, true);
	nh_request_end(&res->req);
}

void nh_resolve_reply(struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nhrp_pdu *pdu = rx->pdu;
	struct nh_binding binding;
	struct nh_request *req;
	struct resolution *res;
	const char *why;

	req = nh_request_find(&iface->requests, NHRP_RESOLUTION_REQUEST,
			      pdu->reqid);
	if (!req || !nh_addr_equal(&req->target, &pdu->dst_proto) ||
	    !pdu->ncie || !req->sent) {
		nh_count(iface, NH_C_UNSOLICITED);
		nh_debug(iface->conf->name, &rx->from.nbma,
			 "NHRP: nobody asked for this Resolution Reply");
		return;
	}
	res = (struct resolution *)req;
	why = nh_binding_read(iface, rx, &binding);
	if (!trusted(iface, rx, res, &binding)) {
		nh_count(iface, NH_C_NOT_TRUSTED);
		return;
	}
	if (!may_answer(iface, rx, &binding))
		return;
	if (pdu->cie[0].code != NHRP_CODE_OK)
		why = nhrp_code_name(pdu->cie[0].code);
	if (why) {
		refused(iface, res, &rx->from, pdu->cie[0].code, why);
		return;
	}
	if (nh_binding_install(iface, rx, &binding))
		fail(res, NH_NEGATIVE_TIMEOUT, false);
	else if (!nh_prefix_is_host(&binding.prefix))
		forget_incomplete(iface, &req->target);
	nh_request_end(req);
}

void nh_resolve_error(struct nh_iface *iface, const struct nh_rx *rx,
		      uint32_t reqid)
{
	struct nh_request *req;

	req = nh_request_find(&iface->requests, NHRP_RESOLUTION_REQUEST,
			      reqid);
	if (!req || !req->sent)
		return;
	/* To ask again, with the same packet, would meet the same error. Who
	 * is no server may be the egress, or may have guessed.
	 */
	if (nh_nhs_by_endpoint(iface, &rx->from))
		refused(iface, (struct resolution *)req, &rx->from,
			NHRP_CODE_NO_BINDING,
			nhrp_error_name(rx->pdu->ind_code));
	else
		nh_count(iface, NH_C_NOT_TRUSTED);
}
