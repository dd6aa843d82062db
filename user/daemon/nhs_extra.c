// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is registered beside the tunnel address: networks behind this node, and
 * the device's other addresses.
 *
 * Each of them has a request of its own, which follows each registration of the
 * address that the server has accepted: a server that takes no networks, as
 * most do not, refuses these and nothing else. It is asked again with the next
 * registration.
 */
#include "daemon/nhs_extra.h"

#include <string.h>

#include "daemon/iface.h"
#include "daemon/purge.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "lib/log.h"
#include "nhrp/print.h"

#define TRIES		5
#define BACKOFF_JITTER	10	/* percent */

static void transmit(struct nh_nhs *nhs, const struct nh_extra *extra)
{
	const struct nh_endpoint ep = { .nbma = nhs->conf.nbma };
	struct nh_iface *iface = nhs->iface;
	struct nhrp_registration reg = {
		.nhs_proto = nhs->conf.proto,
		.nhs_nbma = nhs->conf.nbma,
		.reqid = extra->reqid,
		.unique = iface->conf->unique &&
			  nh_prefix_is_host(&extra->prefix),
		.prefix = NHRP_PREFIX_HOST_RFC,
		.other = extra->prefix,
	};
	struct nhrp_self self;
	struct nhrp_pdu pdu;

	if (nh_iface_self(iface, &nhs->conf.nbma, &nhs->conf.proto, &self) ||
	    nhrp_build_registration_request(&pdu, &self, &reg))
		return;
	nh_send(iface, &pdu, &ep, &nhs->conf.proto);
}

static void arm(struct nh_nhs *nhs)
{
	struct nh_loop *loop = nhs->iface->loop;

	nh_loop_set(loop, &nhs->extra_timer,
		    nh_loop_jitter(loop, 1000U << nhs->extra_tries,
				   BACKOFF_JITTER));
}

static void start(struct nh_nhs *nhs, struct nh_extra *extra)
{
	const struct nh_endpoint ep = { .nbma = nhs->conf.nbma };

	extra->reqid = nh_requests_id(&nhs->iface->requests);
	extra->awaited = true;
	/* A withdrawal that is sent again would come behind this. */
	nh_purge_recall(nhs->iface, &ep, &nhs->conf.proto, &extra->prefix);
	transmit(nhs, extra);
}

static void on_timer(void *arg)
{
	struct nh_nhs *nhs = arg;
	bool any = false;
	size_t i;

	if (!nhs->reached || ++nhs->extra_tries >= TRIES)
		return;
	for (i = 0; i < nhs->nextra; i++) {
		if (!nhs->extra[i].awaited)
			continue;
		transmit(nhs, &nhs->extra[i]);
		any = true;
	}
	if (any)
		arm(nhs);
}

void nh_nhs_extra_init(struct nh_nhs *nhs)
{
	nh_timer_init(&nhs->extra_timer, on_timer, nhs);
}

void nh_nhs_extra_end(struct nh_nhs *nhs)
{
	nh_loop_cancel(nhs->iface->loop, &nhs->extra_timer);
}

void nh_nhs_extra_begin(struct nh_nhs *nhs)
{
	size_t i;

	if (!nhs->reached || !nhs->nextra)
		return;
	for (i = 0; i < nhs->nextra; i++)
		start(nhs, &nhs->extra[i]);
	nhs->extra_tries = 0;
	arm(nhs);
}

static void want(const struct nh_nhs *nhs, const struct nh_prefix *prefix,
		 bool address, struct nh_extra *list, size_t *n)
{
	size_t i;

	if (prefix->addr.family != nhs->conf.family ||
	    *n == NH_NHS_EXTRAS)
		return;
	list[*n] = (struct nh_extra){ .prefix = *prefix };
	for (i = 0; i < nhs->nextra; i++)
		if (nh_prefix_equal(&nhs->extra[i].prefix, prefix))
			list[*n] = nhs->extra[i];
	list[*n].address = address;
	++*n;
}

/* The first address registers itself, and the link-local one with it. */
static void want_all(const struct nh_nhs *nhs, const struct nh_conf *conf,
		     struct nh_extra *list, size_t *n)
{
	const struct nh_inets *inets = &nhs->iface->inets;
	struct nh_prefix host;
	size_t i;

	for (i = 0; i < conf->naddr; i++) {
		const struct nh_conf_addr *own = &conf->addr[i];

		if (own == nh_conf_proto(conf, own->addr.family) ||
		    nh_addr_is_linklocal6(&own->addr))
			continue;
		nh_prefix_make(&host, &own->addr, nh_addr_bits(&own->addr));
		want(nhs, &host, true, list, n);
	}
	for (i = 0; i < inets->n; i++) {
		nh_prefix_make(&host, &inets->addr[i],
			       nh_addr_bits(&inets->addr[i]));
		want(nhs, &host, true, list, n);
	}
	for (i = 0; i < conf->also.n; i++)
		want(nhs, &conf->also.at[i].prefix, false, list, n);
}

static void withdraw(struct nh_nhs *nhs, const struct nh_prefix *list,
		     size_t n, bool last)
{
	const struct nh_endpoint ep = { .nbma = nhs->conf.nbma };
	const struct nh_conf_addr *own;

	own = nh_conf_proto(nhs->iface->conf, nhs->conf.family);
	if (n && own)
		nh_purge_send(nhs->iface, &ep, &nhs->conf.proto, list, n,
			      last ? NH_PURGE_LAST : NH_PURGE_SERVER,
			      &own->addr);
}

static bool is_wanted(const struct nh_prefix *prefix,
		      const struct nh_extra *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (nh_prefix_equal(&list[i].prefix, prefix))
			return true;
	return false;
}

/* One that has not been answered may be registered. Return: whether any is. */
static bool withdraw_all_but(struct nh_nhs *nhs, const struct nh_extra *list,
			     size_t n, bool addresses, bool last)
{
	struct nh_prefix gone[NH_PURGE_PREFIXES];
	size_t i, ngone = 0;
	bool any = false;

	for (i = 0; i < nhs->nextra; i++) {
		struct nh_extra *extra = &nhs->extra[i];

		if ((!extra->held && !extra->awaited) ||
		    (extra->address && !addresses) ||
		    is_wanted(&extra->prefix, list, n))
			continue;
		extra->held = false;
		extra->awaited = false;
		any = true;
		gone[ngone++] = extra->prefix;
		if (ngone < NH_PURGE_PREFIXES)
			continue;
		withdraw(nhs, gone, ngone, last);
		ngone = 0;
	}
	withdraw(nhs, gone, ngone, last);
	return any;
}

void nh_nhs_extra_withdraw(struct nh_nhs *nhs, bool last)
{
	withdraw_all_but(nhs, NULL, 0, true, last);
}

bool nh_nhs_extra_let_go(struct nh_nhs *nhs, const struct nh_conf *conf)
{
	struct nh_extra list[NH_NHS_EXTRAS];
	size_t n = 0;

	want_all(nhs, conf, list, &n);
	return withdraw_all_but(nhs, list, n, false, false);
}

void nh_nhs_extra_sync(struct nh_nhs *nhs)
{
	struct nh_extra list[NH_NHS_EXTRAS];
	bool any = false;
	size_t i, n = 0;

	want_all(nhs, nhs->iface->conf, list, &n);
	if (nhs->reached)
		withdraw_all_but(nhs, list, n, false, false);
	memcpy(nhs->extra, list, n * sizeof(list[0]));
	nhs->nextra = n;
	for (i = 0; nhs->reached && i < n; i++) {
		if (nhs->extra[i].awaited || nhs->extra[i].answered)
			continue;
		start(nhs, &nhs->extra[i]);
		any = true;
	}
	if (any) {
		nhs->extra_tries = 0;
		arm(nhs);
	}
}

static void answered(struct nh_nhs *nhs, struct nh_extra *extra, uint8_t code)
{
	bool news = !extra->answered || extra->code != code;
	char text[NH_PREFIX_STRLEN];

	extra->awaited = false;
	extra->answered = true;
	extra->code = code;
	extra->held = code == NHRP_CODE_OK;
	if (!news)
		return;
	nh_prefix_format(&extra->prefix, text, sizeof(text));
	if (extra->held)
		nh_info(nhs->iface->conf->name, &nhs->conf.nbma,
			"%s is registered", text);
	else
		nh_warn(nhs->iface->conf->name, &nhs->conf.nbma,
			"registration of %s refused: %s code=%u", text,
			nhrp_code_name(code), code);
}

bool nh_nhs_extra_reply(struct nh_iface *iface, const struct nh_rx *rx)
{
	struct nh_nhs *nhs;
	size_t i;

	if (rx->from.if_id || !rx->pdu->ncie)
		return false;
	LIST_FOREACH(nhs, &iface->nhs, link) {
		if (!nh_addr_equal(&nhs->conf.nbma, &rx->from.nbma))
			continue;
		for (i = 0; i < nhs->nextra; i++) {
			struct nh_extra *extra = &nhs->extra[i];

			if (!extra->awaited || extra->reqid != rx->pdu->reqid)
				continue;
			answered(nhs, extra, rx->pdu->cie[0].code);
			return true;
		}
	}
	return false;
}
