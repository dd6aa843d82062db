// SPDX-License-Identifier: GPL-2.0-or-later
/* What is registered with servers is taken back. */
#include "daemon/nhs_withdraw.h"

#include "daemon/iface.h"
#include "daemon/nhs_cluster.h"
#include "daemon/nhs_extra.h"
#include "daemon/purge.h"

/* @src: our own address in the packet, as by nh_purge_send() */
static void withdraw_address(struct nh_nhs *nhs, const struct nh_addr *addr,
			     bool last, const struct nh_addr *src)
{
	const struct nh_endpoint ep = { .nbma = nhs->conf.nbma };
	struct nh_prefix host;

	if (nhs->conf.family != addr->family)
		return;
	nh_prefix_make(&host, addr, nh_addr_bits(addr));
	nh_purge_send(nhs->iface, &ep, &nhs->conf.proto, &host, 1,
		      last ? NH_PURGE_LAST : NH_PURGE_SERVER, src);
}

void nh_nhs_withdraw_all(struct nh_nhs *nhs, bool last)
{
	const struct nh_conf *conf = nhs->iface->conf;
	const struct nh_conf_addr *own, *link_local;

	/* One that has not told its address cannot be told anything. */
	if (!nh_addr_is_set(&nhs->conf.proto))
		return;
	nh_nhs_extra_withdraw(nhs, last);
	own = nh_conf_proto(conf, nhs->conf.family);
	if (!own)
		return;
	withdraw_address(nhs, &own->addr, last, &own->addr);
	link_local = nh_conf_link_local(conf);
	if (link_local && conf->link_local)
		withdraw_address(nhs, &link_local->addr, last, &own->addr);
}

void nh_nhs_withdraw(struct nh_iface *iface, const struct nh_addr *addr)
{
	struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nhs->reached)
			withdraw_address(nhs, addr, false, NULL);
}

/* What @conf does not have any more. Return: whether that is anything. */
static bool withdraw_gone(struct nh_nhs *nhs, const struct nh_conf *conf)
{
	const struct nh_conf *old = nhs->iface->conf;
	const struct nh_conf_addr *own;
	bool any;
	size_t i;

	any = nh_nhs_extra_let_go(nhs, conf);
	own = nh_conf_proto(old, nhs->conf.family);
	for (i = 0; own && i < old->naddr; i++) {
		const struct nh_addr *addr = &old->addr[i].addr;

		if (addr->family != nhs->conf.family ||
		    nh_conf_is_own(conf, addr))
			continue;
		withdraw_address(nhs, addr, false, &own->addr);
		any = true;
	}
	return any;
}

bool nh_nhs_let_go(struct nh_iface *iface, const struct nh_conf *conf,
		   bool moves)
{
	struct nh_nhs *nhs;
	bool any = false;

	LIST_FOREACH(nhs, &iface->nhs, link) {
		if (!nhs->reached)
			continue;
		if (!moves && nh_nhs_stays(nhs, conf)) {
			any |= withdraw_gone(nhs, conf);
			continue;
		}
		nh_nhs_withdraw_all(nhs, false);
		any = true;
	}
	return any;
}

void nh_nhs_hold(struct nh_nhs *nhs)
{
	const struct nh_endpoint ep = { .nbma = nhs->conf.nbma };
	const struct nh_conf *conf = nhs->iface->conf;
	const struct nh_conf_addr *own[2];
	struct nh_prefix host;
	size_t i;

	own[0] = nh_conf_proto(conf, nhs->conf.family);
	own[1] = nh_conf_link_local(conf);
	for (i = 0; i < 2; i++) {
		if (!own[i] || own[i]->addr.family != nhs->conf.family)
			continue;
		nh_prefix_make(&host, &own[i]->addr,
			       nh_addr_bits(&own[i]->addr));
		nh_purge_recall(nhs->iface, &ep, &nhs->conf.proto, &host);
	}
}
