// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registration with servers.
 *
 * Each server is registered with on its own: PROBE until it answers, UP while
 * it does, DOWN after three tries without an answer or when it refuses us; or
 * it is one that WAITs (nhs_cluster.c).
 * Tries are repeated with one request id after 1, 2, 4 ... 64 s; a
 * registration is renewed after a third of its holding time.
 */
#include "daemon/nhs.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "daemon/events.h"
#include "daemon/iface.h"
#include "daemon/nhs_cluster.h"
#include "daemon/nhs_dynamic.h"
#include "daemon/nhs_extra.h"
#include "daemon/nhs_kernel.h"
#include "daemon/nhs_name.h"
#include "daemon/nhs_nat.h"
#include "daemon/nhs_withdraw.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "lib/log.h"
#include "nhrp/print.h"

#define TRIES_TO_DOWN	3
#define TRIES_TO_RENEW	5
#define BACKOFF_MAX	64	/* seconds */
#define BACKOFF_JITTER	10	/* percent */
#define RENEW_JITTER	10
#define REFUSED_MIN	60	/* seconds until a server that refused */
#define REFUSED_MAX	180	/* is asked again */
#define TAKEN		30	/* seconds, when our address is taken */
#define ANEW		2	/* seconds, when our SAs with it are going */

const char *nh_nhs_state_name(enum nh_nhs_state state)
{
	static const char *const names[] = {
		[NH_NHS_PROBE] = "PROBE",
		[NH_NHS_UP] = "UP",
		[NH_NHS_DOWN] = "DOWN",
		[NH_NHS_WAIT] = "WAIT",
	};

	return names[state];
}

void nh_nhs_set_state(struct nh_nhs *nhs, enum nh_nhs_state state,
		      const char *why)
{
	struct nh_iface *iface = nhs->iface;
	enum nh_nhs_state old = nhs->state;
	char text[NH_ADDR_STRLEN];

	if (old == state)
		return;
	nhs->state = state;
	if (state == NH_NHS_UP)
		nhs->up_since = nh_loop_now(iface->loop);
	nh_log(state == NH_NHS_DOWN ? NH_LOG_WARNING : NH_LOG_INFO,
	       iface->conf->name, &nhs->conf.nbma,
	       "NHS %s is %s%s%s old=%s",
	       nh_addr_format(&nhs->conf.proto, text, sizeof(text)),
	       nh_nhs_state_name(state), why ? ": " : "", why ? why : "",
	       nh_nhs_state_name(old));
	nh_event(iface, NH_EV_NHS, state, &nhs->conf.nbma, &nhs->conf.proto);
	if (state == NH_NHS_UP || state == NH_NHS_DOWN)
		nh_nhs_keep_end(nhs);
	/* One that stands by gets no multicast packets. */
	if (state == NH_NHS_WAIT || old == NH_NHS_WAIT)
		nh_nhs_install(nhs);
	nh_nhs_relays(iface);
	if (state == NH_NHS_UP)
		nh_requests_kick(&iface->requests, NULL);
}

static void endpoint(const struct nh_nhs *nhs, struct nh_endpoint *ep)
{
	ep->nbma = nhs->conf.nbma;
	ep->if_id = 0;
}

static int self_for(const struct nh_nhs *nhs, struct nhrp_self *self)
{
	const struct nh_iface *iface = nhs->iface;
	const struct nh_conf_addr *own;
	int err;

	own = nh_conf_proto(iface->conf, nhs->conf.family);
	if (!own)
		return -EADDRNOTAVAIL;
	err = nh_iface_self(iface, &nhs->conf.nbma, &own->addr, self);
	if (!err && !iface->conf->link_local)
		self->link_local = (struct nh_addr){ 0 };
	return err;
}

static void transmit(struct nh_nhs *nhs)
{
	struct nh_iface *iface = nhs->iface;
	struct nhrp_registration reg = {
		.nhs_nbma = nhs->conf.nbma,
		.reqid = nhs->reqid,
		.unique = iface->conf->unique,
		.prefix = NHRP_PREFIX_HOST_RFC,
	};
	struct nhrp_self self;
	struct nh_endpoint ep;
	struct nhrp_pdu pdu;
	int err;

	/* What held the last try back says nothing of this one. */
	nhs->unsent = false;
	nhs->down = false;
	if (!nh_addr_is_set(&nhs->conf.nbma))
		return;
	/* At each time anew, as another server may be there now. */
	if (!nhs->conf.dynamic)
		reg.nhs_proto = nhs->conf.proto;
	nhs->last_request = nh_loop_now(iface->loop);
	if (self_for(nhs, &self) ||
	    nhrp_build_registration_request(&pdu, &self, &reg)) {
		nh_debug(iface->conf->name, &nhs->conf.nbma,
			 "not registered: no local NBMA address yet");
		return;
	}
	endpoint(nhs, &ep);
	err = nh_send(iface, &pdu, &ep, &pdu.dst_proto);
	nhs->unsent = err == -EAGAIN;
	nhs->down = err == -ENETDOWN;
	/* What has left had SAs, or needs none. */
	nhs->secured |= !err;
}

static void arm(struct nh_nhs *nhs, uint32_t seconds, unsigned int jitter)
{
	struct nh_loop *loop = nhs->iface->loop;

	nh_loop_set(loop, &nhs->timer,
		    nh_loop_jitter(loop, seconds * 1000, jitter));
}

/* A new exchange, with a new id. */
static void start(struct nh_nhs *nhs)
{
	nhs->reqid = nh_requests_id(&nhs->iface->requests);
	nhs->awaited = true;
	nhs->tries = 0;
	nhs->backoff = 1;
	arm(nhs, nhs->backoff, BACKOFF_JITTER);
	nh_nhs_hold(nhs);
	transmit(nhs);
}

void nh_nhs_begin(struct nh_nhs *nhs)
{
	nh_nhs_set_state(nhs, NH_NHS_PROBE, NULL);
	start(nhs);
}

static const char *why_lost(const struct nh_nhs *nhs)
{
	struct nhrp_self self;

	if (!nh_addr_is_set(&nhs->conf.nbma))
		return "its name is not resolved";
	if (self_for(nhs, &self))
		return "no local NBMA address";
	if (nhs->down)
		return "the device is not up";
	return nhs->unsent ? "no security association" : "no answer";
}

static void on_timer(void *arg)
{
	struct nh_nhs *nhs = arg;

	if (!nhs->awaited) {
		start(nhs);
		return;
	}
	nhs->tries++;
	nhs->failures++;
	if (nhs->tries >= TRIES_TO_DOWN) {
		nh_nhs_lost(nhs, why_lost(nhs));
		nh_nhs_name_hurry(nhs);
		/* Others may be better now. */
		if (nhs->state == NH_NHS_WAIT)
			return;
		/* There may be SAs that only we believe in. A negotiation
		 * that is under way gets more time.
		 */
		if (nh_addr_is_set(&nhs->conf.nbma) &&
		    (!nhs->unsent || nhs->tries >= TRIES_TO_RENEW))
			nh_ike_renew(&nhs->iface->ike, &nhs->conf.nbma);
	}
	nhs->backoff = nhs->backoff * 2 > BACKOFF_MAX ? BACKOFF_MAX :
		       nhs->backoff * 2;
	arm(nhs, nhs->backoff, BACKOFF_JITTER);
	transmit(nhs);
}

void nh_nhs_park(struct nh_nhs *nhs)
{
	/* One that has not answered yet may have us registered. */
	if (nhs->reached || (nhs->state == NH_NHS_PROBE && nhs->awaited &&
			     !nhs->unsent))
		nh_nhs_withdraw_all(nhs, false);
	nhs->reached = false;
	nhs->awaited = false;
	nhs->unsent = false;
	nhs->tries = 0;
	nh_loop_cancel(nhs->iface->loop, &nhs->timer);
	nh_nhs_set_state(nhs, NH_NHS_WAIT, "others are better");
}

static void discard(struct nh_nhs *nhs)
{
	nh_loop_cancel(nhs->iface->loop, &nhs->timer);
	nh_loop_cancel(nhs->iface->loop, &nhs->back);
	nh_nhs_extra_end(nhs);
	nh_nhs_name_end(nhs);
	free(nhs);
}

static void remove_gone(struct nh_iface *iface)
{
	struct nh_nhs *nhs, *next;

	for (nhs = LIST_FIRST(&iface->nhs); nhs; nhs = next) {
		next = LIST_NEXT(nhs, link);
		if (nh_nhs_stays(nhs, iface->conf))
			continue;
		/* Out of the list first, or it would be restored. */
		LIST_REMOVE(nhs, link);
		nh_nhs_remove(nhs);
		discard(nhs);
	}
}

static struct nh_nhs *add(struct nh_iface *iface,
			  const struct nh_conf_nhs *conf,
			  struct nh_nhs *after)
{
	struct nh_nhs *nhs = calloc(1, sizeof(*nhs));

	if (!nhs) {
		nh_error(iface->conf->name, &conf->nbma,
			 "out of memory: a server is left out");
		return after;
	}
	nhs->iface = iface;
	nhs->conf = *conf;
	nh_timer_init(&nhs->timer, on_timer, nhs);
	nh_timer_init(&nhs->back, nh_nhs_back, nhs);
	nh_nhs_extra_init(nhs);
	nh_nhs_adopt(nhs);
	nh_nhs_name_init(nhs);
	nh_nhs_keep(nhs);
	if (after)
		LIST_INSERT_AFTER(after, nhs, link);
	else
		LIST_INSERT_HEAD(&iface->nhs, nhs, link);
	return nhs;
}

static void update(struct nh_nhs *nhs, const struct nh_conf_nhs *conf)
{
	struct nh_addr nbma = nhs->conf.nbma, proto = nhs->conf.proto;

	nhs->conf = *conf;
	nhs->conf.nbma = nbma;
	nhs->conf.proto = proto;
}

void nh_nhs_move(struct nh_nhs *nhs, const struct nh_addr *nbma)
{
	const struct nh_addr old = nhs->conf.nbma;
	struct nh_iface *iface = nhs->iface;

	nh_nhs_unlearn(nhs);
	nh_nhs_forget_address(nhs);
	nhs->conf.nbma = *nbma;
	nhs->mapped = (struct nh_addr){ 0 };
	nhs->secured = false;
	nhs->kept_relay = false;
	nhs->kept_mcast = false;
	nh_nhs_install(nhs);
	if (nh_addr_is_set(&old))
		nh_nhs_leave(iface, &old);
	nh_nhs_relays(iface);
	/* With one that stands by there is nothing to register. */
	if (nhs->state != NH_NHS_WAIT || nhs->returning)
		start(nhs);
}

void nh_nhs_apply(struct nh_iface *iface)
{
	const struct nh_conf *conf = iface->conf;
	struct nh_nhs *nhs, *last = NULL;
	size_t i;

	remove_gone(iface);
	for (i = 0; i < conf->nnhs; i++) {
		nhs = nh_nhs_find(iface, &conf->nhs[i]);
		if (nhs)
			update(nhs, &conf->nhs[i]);
		else
			nhs = add(iface, &conf->nhs[i], last);
		last = nhs;
	}
	LIST_FOREACH(nhs, &iface->nhs, link) {
		nh_nhs_install(nhs);
		nh_nhs_extra_sync(nhs);
	}
	iface->applied = true;
	nh_nhs_relays(iface);
	nh_nhs_elect(iface);
}

void nh_nhs_restore(struct nh_iface *iface, const struct dmvpn_nl_entry *entry)
{
	struct nh_nhs *nhs;

	if (entry->type != DMVPN_ENTRY_TYPE_NHS)
		return;
	LIST_FOREACH(nhs, &iface->nhs, link)
		if ((nh_addr_equal(&nhs->conf.proto, &entry->prefix.addr) ||
		     nh_addr_equal(&nhs->link_local, &entry->prefix.addr)) &&
		    nh_addr_equal(&nhs->conf.nbma, &entry->nbma))
			nh_nhs_install(nhs);
	nh_nhs_relays(iface);
}

void nh_nhs_restart(struct nh_iface *iface)
{
	struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link) {
		/* Another family may be usable now. */
		if (nhs->name_failed)
			nh_nhs_name_hurry(nhs);
		if (nhs->state != NH_NHS_WAIT || nhs->returning)
			start(nhs);
	}
}

unsigned int nh_nhs_anew(struct nh_iface *iface, const struct nh_addr *addr)
{
	struct nh_nhs *nhs;
	unsigned int n = 0;

	LIST_FOREACH(nhs, &iface->nhs, link) {
		if (nh_addr_is_set(addr) &&
		    !nh_addr_equal(addr, &nhs->conf.proto))
			continue;
		/* It is not its turn. */
		if (nhs->state == NH_NHS_WAIT && !nhs->returning)
			continue;
		start(nhs);
		n++;
	}
	return n;
}

void nh_nhs_kick(struct nh_iface *iface)
{
	struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nhs->awaited && (nhs->unsent || nhs->down))
			transmit(nhs);
}

void nh_nhs_free(struct nh_iface *iface, bool last_words)
{
	struct nh_nhs *nhs;

	while ((nhs = LIST_FIRST(&iface->nhs))) {
		if (last_words && nhs->reached)
			nh_nhs_withdraw_all(nhs, true);
		LIST_REMOVE(nhs, link);
		discard(nhs);
	}
}

/* Registers again, but not by SAs that are about to go. */
static void soon(struct nh_nhs *nhs)
{
	if (nhs->reached && !nhs->awaited)
		arm(nhs, ANEW, BACKOFF_JITTER);
}

void nh_nhs_secured(struct nh_iface *iface, const struct nh_endpoint *peer,
		    bool secured)
{
	struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link) {
		if (peer->if_id || !nh_addr_equal(&nhs->conf.nbma, &peer->nbma))
			continue;
		/* Once for each pair: the next try may be a minute away. */
		if (secured && nhs->awaited && (nhs->unsent || !nhs->secured))
			transmit(nhs);
		else if (secured && !nhs->secured)
			soon(nhs);
		nhs->secured = secured;
	}
}

void nh_nhs_seen_anew(struct nh_iface *iface, const struct nh_addr *nbma)
{
	struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nh_addr_equal(&nhs->conf.nbma, nbma))
			soon(nhs);
}

static void put_off(struct nh_nhs *nhs)
{
	struct nh_loop *loop = nhs->iface->loop;

	arm(nhs, REFUSED_MIN +
	    nh_loop_random(loop) % (REFUSED_MAX - REFUSED_MIN + 1), 0);
}

static void accepted(struct nh_nhs *nhs, const struct nh_rx *rx)
{
	const struct nh_conf *conf = nhs->iface->conf;
	uint16_t granted = rx->pdu->cie[0].holdtime;
	uint32_t renew = conf->registration;

	if (!granted || granted > conf->holdtime)
		granted = conf->holdtime;
	if (!renew || renew >= granted)
		renew = granted / 3 ? granted / 3 : 1;
	nh_nhs_learn_mapping(nhs, rx);
	nhs->secured = true;
	if (!nh_nhs_learn_address(nhs, rx)) {
		put_off(nhs);
		nh_nhs_lost(nhs, "it does not tell its tunnel address");
		return;
	}
	nh_nhs_learn(nhs, rx->pdu);
	nhs->auth_failed = false;
	nhs->failures = 0;
	nhs->refusal = NHRP_CODE_OK;
	nhs->expires = nhs->last_reply + (uint64_t)granted * 1000;
	arm(nhs, renew, RENEW_JITTER);
	nh_nhs_reached(nhs);
	nh_nhs_extra_begin(nhs);
	if (nhs->iface->moved) {
		nhs->iface->moved = false;
		nh_told_moved(nhs->iface);
	}
}

/* Most likely it is our own registration from where we were before. It is not
 * known when it ends, but that we are to have the address soon after.
 */
static void taken(struct nh_nhs *nhs, const struct nh_rx *rx, bool news)
{
	const struct nh_conf *conf = nhs->iface->conf;
	uint32_t wait = conf->registration;
	char proto[NH_ADDR_STRLEN], nbma[NH_ADDR_STRLEN];

	if (news)
		nh_warn(conf->name, &nhs->conf.nbma,
			"the server has our address %s registered as unique by another NBMA address than ours, %s; it is asked again until that registration ends",
			nh_addr_format(&rx->self.proto, proto, sizeof(proto)),
			nh_addr_format(&rx->self.nbma, nbma, sizeof(nbma)));
	if (!wait || wait > TAKEN)
		wait = TAKEN;
	arm(nhs, wait, RENEW_JITTER);
	nh_nhs_lost(nhs, "our address is registered by another NBMA address");
}

static void refused(struct nh_nhs *nhs, const struct nh_rx *rx)
{
	bool news = nhs->refusal != nhs->code;

	nhs->failures++;
	nhs->refusal = nhs->code;
	if (nhs->code == NHRP_CODE_ALREADY_REGISTERED) {
		taken(nhs, rx, news);
		return;
	}
	if (news)
		nh_warn(nhs->iface->conf->name, &nhs->conf.nbma,
			"registration refused: %s code=%u",
			nhrp_code_name(nhs->code), nhs->code);
	put_off(nhs);
	nh_nhs_lost(nhs, "registration refused");
}

static struct nh_nhs *by_request(const struct nh_iface *iface,
				 const struct nh_rx *rx, uint32_t reqid)
{
	struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nhs->awaited && nhs->reqid == reqid && !rx->from.if_id &&
		    nh_addr_equal(&nhs->conf.nbma, &rx->from.nbma))
			return nhs;
	return NULL;
}

void nh_nhs_reply(struct nh_iface *iface, const struct nh_rx *rx)
{
	struct nh_nhs *nhs = by_request(iface, rx, rx->pdu->reqid);

	if (!nhs && nh_nhs_extra_reply(iface, rx))
		return;
	if (!nhs || !rx->pdu->ncie) {
		nh_count(iface, NH_C_UNSOLICITED);
		return;
	}
	nhs->awaited = false;
	nhs->unsent = false;
	nhs->tries = 0;
	nhs->last_reply = nh_loop_now(iface->loop);
	nhs->code = rx->pdu->cie[0].code;
	if (nhs->code == NHRP_CODE_OK)
		accepted(nhs, rx);
	else
		refused(nhs, rx);
}

void nh_nhs_error(struct nh_iface *iface, const struct nh_rx *rx,
		  uint32_t reqid)
{
	struct nh_nhs *nhs = by_request(iface, rx, reqid);

	if (!nhs || rx->pdu->ind_code != NHRP_ERR_AUTH)
		return;
	if (!nhs->auth_failed)
		nh_error(iface->conf->name, &nhs->conf.nbma,
			 "the server refuses our Authentication=");
	nhs->auth_failed = true;
	nhs->backoff = BACKOFF_MAX;
	arm(nhs, nhs->backoff, BACKOFF_JITTER);
	nh_nhs_lost(nhs, "authentication failed");
}
