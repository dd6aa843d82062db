// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The queue of delayed Resolution Requests.
 *
 * An answer sent before its SAs exist would let the requester send into
 * nothing. The kernel tells when a peer is secured, but only of peers it
 * knows; so the queue is also looked at by a timer, each look being an attempt
 * to answer, which asks for the SAs again.
 */
#include "daemon/delayed.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/answer.h"
#include "daemon/iface.h"
#include "daemon/remark.h"
#include "daemon/rx.h"
#include "lib/log.h"

#define FIRST_LOOK	50	/* milliseconds; doubles up to the last */
#define LAST_LOOK	1000
/* The look after which IKE should have told of SAs: 750 ms as a rule. */
#define PATIENCE	4

/**
 * struct nh_delayed_request - a request that waits
 * @link: in the queue
 * @src_proto: requester's tunnel address
 * @src_nbma: its NBMA address, as it says
 * @dst_proto: what it asks for
 * @requester: where the answer goes
 * @from: outer source
 * @until: end of waiting
 * @secured: there were SAs
 * @patience: looks until it waits no more for what IKE tells of them
 * @len: of @octets
 * @octets: the packet
 */
struct nh_delayed_request {
	TAILQ_ENTRY(nh_delayed_request) link;
	struct nh_addr src_proto;
	struct nh_addr src_nbma;
	struct nh_addr dst_proto;
	struct nh_endpoint requester;
	struct nh_endpoint from;
	uint64_t until;
	bool secured;
	unsigned int patience;
	size_t len;
	uint8_t octets[];
};

static void drop(struct nh_delayed *delayed, struct nh_delayed_request *r)
{
	TAILQ_REMOVE(&delayed->list, r, link);
	delayed->n--;
	free(r);
}

/* Return: whether it goes on waiting for what IKE tells of its SAs. */
static bool process(struct nh_delayed *delayed, struct nh_delayed_request *r)
{
	const struct nh_log_subject ends = { { r->src_proto, r->dst_proto } };
	struct nh_log_subject before = nh_log_about(&ends);
	char src[NH_ADDR_STRLEN], dst[NH_ADDR_STRLEN];
	struct nh_iface *iface = delayed->iface;
	bool patient = r->patience, waits;
	int err;

	err = nh_answer_delayed(iface, r->octets, r->len, &r->from, patient);
	waits = patient && err == -EINPROGRESS;
	if (!waits && err != -EAGAIN) {
		nh_debug(iface->conf->name, &r->requester.nbma,
			 "NHRP: Process delayed resolution request src:%s dst:%s",
			 nh_addr_format(&r->src_proto, src, sizeof(src)),
			 nh_addr_format(&r->dst_proto, dst, sizeof(dst)));
		drop(delayed, r);
	} else if (!waits && r->until <= nh_loop_now(iface->loop)) {
		nh_count(iface, NH_C_DELAYED_DROPPED);
		nh_remark(NH_LOG_INFO, iface, &r->requester.nbma,
			  "no security association: delayed request dropped src=%s dst=%s",
			  nh_addr_format(&r->src_proto, src, sizeof(src)),
			  nh_addr_format(&r->dst_proto, dst, sizeof(dst)));
		drop(delayed, r);
	}
	nh_log_about(&before);
	return waits;
}

static void schedule(struct nh_delayed *delayed)
{
	if (TAILQ_EMPTY(&delayed->list)) {
		nh_loop_cancel(delayed->iface->loop, &delayed->timer);
		delayed->wait = 0;
		return;
	}
	delayed->wait = delayed->wait ? delayed->wait * 2 : FIRST_LOOK;
	if (delayed->wait > LAST_LOOK)
		delayed->wait = LAST_LOOK;
	nh_loop_set(delayed->iface->loop, &delayed->timer, delayed->wait);
}

static void on_timer(void *arg)
{
	struct nh_delayed *delayed = arg;
	struct nh_delayed_request *r, *next;

	for (r = TAILQ_FIRST(&delayed->list); r; r = next) {
		next = TAILQ_NEXT(r, link);
		if (r->patience)
			r->patience--;
		process(delayed, r);
	}
	schedule(delayed);
}

void nh_delayed_init(struct nh_delayed *delayed, struct nh_iface *iface)
{
	delayed->iface = iface;
	TAILQ_INIT(&delayed->list);
	nh_timer_init(&delayed->timer, on_timer, delayed);
}

void nh_delayed_free(struct nh_delayed *delayed)
{
	while (!TAILQ_EMPTY(&delayed->list))
		drop(delayed, TAILQ_FIRST(&delayed->list));
	nh_loop_cancel(delayed->iface->loop, &delayed->timer);
}

bool nh_delayed_has(const struct nh_delayed *delayed, const struct nh_rx *rx)
{
	const struct nh_delayed_request *r;

	TAILQ_FOREACH(r, &delayed->list, link)
		/* One in another's name, or from where it was, is another. */
		if (nh_addr_equal(&r->src_proto, &rx->pdu->src_proto) &&
		    nh_addr_equal(&r->src_nbma, &rx->pdu->src_nbma) &&
		    nh_addr_equal(&r->dst_proto, &rx->pdu->dst_proto))
			return true;
	return false;
}

static size_t share(const struct nh_delayed *delayed,
		    const struct nh_endpoint *requester)
{
	const struct nh_delayed_request *r;
	size_t n = 0;

	TAILQ_FOREACH(r, &delayed->list, link)
		if (nh_endpoint_equal(&r->requester, requester))
			n++;
	return n;
}

int nh_delayed_add(struct nh_delayed *delayed, const struct nh_rx *rx,
		   const struct nh_endpoint *requester)
{
	struct nh_delayed_request *r;

	if (delayed->n >= NH_DELAYED_MAX ||
	    share(delayed, requester) >= NH_DELAYED_PER_PEER)
		return -EBUSY;
	r = malloc(sizeof(*r) + rx->len);
	if (!r)
		return -ENOMEM;
	r->src_proto = rx->pdu->src_proto;
	r->src_nbma = rx->pdu->src_nbma;
	r->dst_proto = rx->pdu->dst_proto;
	r->requester = *requester;
	r->from = rx->from;
	r->until = nh_loop_now(delayed->iface->loop) +
		   NH_DELAYED_SECONDS * 1000;
	r->secured = false;
	r->patience = 0;
	r->len = rx->len;
	memcpy(r->octets, rx->data, rx->len);
	TAILQ_INSERT_TAIL(&delayed->list, r, link);
	delayed->n++;
	/* A new one is looked at soon, however long the others wait. */
	delayed->wait = 0;
	schedule(delayed);
	return 0;
}

void nh_delayed_secured(struct nh_delayed *delayed,
			const struct nh_endpoint *peer)
{
	struct nh_delayed_request *r, *next;
	bool soon = false, first;

	for (r = TAILQ_FIRST(&delayed->list); r; r = next) {
		next = TAILQ_NEXT(r, link);
		if (!nh_endpoint_equal(&r->requester, peer))
			continue;
		first = !r->secured;
		if (first)
			r->patience = PATIENCE;
		r->secured = true;
		soon |= process(delayed, r) && first;
	}
	if (soon)
		delayed->wait = 0;
	if (soon || TAILQ_EMPTY(&delayed->list))
		schedule(delayed);
}
