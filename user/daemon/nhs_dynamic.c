// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Servers whose tunnel address is learned from their replies.
 *
 * A registration is addressed to the client itself when it does not know the
 * server (RFC 2332 5.2.3). Who answers names itself in the Responder Address
 * extension; without that the reply's destination may be it, as with FRR.
 */
#include "daemon/nhs_dynamic.h"

#include <stdlib.h>

#include "daemon/claim.h"
#include "daemon/iface.h"
#include "daemon/nhs_kernel.h"
#include "daemon/rx.h"
#include "lib/log.h"
#include "nhrp/pdu.h"

static bool is_others(const struct nh_nhs *nhs, const struct nh_addr *addr)
{
	const struct nh_conf *conf = nhs->iface->conf;
	const struct nh_nhs *other;
	size_t i;

	LIST_FOREACH(other, &nhs->iface->nhs, link)
		if (other != nhs && nh_addr_equal(&other->conf.proto, addr))
			return true;
	for (i = 0; i < conf->nnhs; i++)
		if (nh_addr_equal(&conf->nhs[i].proto, addr))
			return true;
	return false;
}

static bool is_usable(const struct nh_nhs *nhs, const struct nh_addr *addr)
{
	return addr->family == nhs->conf.family && !nh_addr_is_any(addr) &&
	       !nh_addr_is_multicast(addr) && !nh_addr_is_loopback(addr) &&
	       !nh_addr_is_v4mapped(addr) && !nh_addr_is_linklocal6(addr) &&
	       !nh_conf_is_own(nhs->iface->conf, addr) &&
	       !is_others(nhs, addr) && !nh_nhs_is_taken(nhs, addr);
}

static const struct nh_addr *told_address(const struct nhrp_pdu *reply)
{
	const struct nhrp_ext *ext;

	ext = nhrp_ext_find_const(reply, NHRP_EXT_RESPONDER);
	if (ext && ext->ncie && nh_addr_is_set(&ext->cie[0].proto))
		return &ext->cie[0].proto;
	return &reply->dst_proto;
}

static bool may_be_its(const struct nh_nhs *nhs, const struct nh_rx *rx,
		       const struct nh_addr *addr)
{
	struct nh_prefix host;

	return nh_prefix_make(&host, addr, nh_addr_bits(addr)) == 0 &&
	       nh_claim_prefix(nhs->iface, rx, &host);
}

bool nh_nhs_learn_address(struct nh_nhs *nhs, const struct nh_rx *rx)
{
	const struct nh_addr *addr = told_address(rx->pdu);
	const char *dev = nhs->iface->conf->name;
	char text[NH_ADDR_STRLEN];

	if (!nhs->conf.dynamic || nh_addr_equal(addr, &nhs->conf.proto))
		return true;
	nh_addr_format(addr, text, sizeof(text));
	if (!is_usable(nhs, addr) || !may_be_its(nhs, rx, addr)) {
		if (!nhs->unknown)
			nh_warn(dev, &nhs->conf.nbma,
				"the server's tunnel address cannot be %s",
				text);
		nhs->unknown = true;
		return false;
	}
	nhs->unknown = false;
	nh_nhs_unlearn(nhs);
	nh_nhs_forget_address(nhs);
	nhs->conf.proto = *addr;
	nh_info(dev, &nhs->conf.nbma, "the server's tunnel address is %s",
		text);
	nh_nhs_install(nhs);
	return true;
}

void nh_nhs_forget_address(struct nh_nhs *nhs)
{
	const struct nh_addr old = nhs->conf.proto;

	if (!nhs->conf.dynamic || !nh_addr_is_set(&old))
		return;
	/* First, or the end of the entry has it written again. */
	nhs->conf.proto = (struct nh_addr){ 0 };
	nh_nhs_del_entry(nhs, &old);
}

static bool is_learned(const struct dmvpn_nl_entry *entry)
{
	return entry->type == DMVPN_ENTRY_TYPE_NHS && !entry->if_id &&
	       nh_prefix_is_host(&entry->prefix) &&
	       !nh_addr_is_linklocal6(&entry->prefix.addr);
}

void nh_nhs_adopt(struct nh_nhs *nhs)
{
	struct nh_kernel *k = nhs->iface->kernel;
	struct dmvpn_nl_entry *list;
	size_t i, n;

	if (!nhs->conf.dynamic ||
	    k->ops->entry_dump(k, nhs->iface->ifindex, &list, &n))
		return;
	for (i = 0; i < n && !nh_addr_is_set(&nhs->conf.proto); i++) {
		const struct nh_addr *addr = &list[i].prefix.addr;

		if (!is_learned(&list[i]) ||
		    addr->family != nhs->conf.family || is_others(nhs, addr))
			continue;
		/* Its name may have any address. */
		if (nhs->conf.name[0])
			nhs->conf.nbma = list[i].nbma;
		if (nh_addr_equal(&nhs->conf.nbma, &list[i].nbma))
			nhs->conf.proto = *addr;
	}
	free(list);
}

static bool is_ours(const struct nh_iface *iface,
		    const struct dmvpn_nl_entry *entry)
{
	const struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nh_addr_equal(&nhs->conf.proto,
				  nh_addr_is_linklocal6(&entry->prefix.addr) ?
				  &entry->protocol : &entry->prefix.addr))
			return true;
	return false;
}

void nh_nhs_sweep(struct nh_iface *iface)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry *list;
	const struct nh_nhs *nhs;
	bool any = false;
	size_t i, n;

	LIST_FOREACH(nhs, &iface->nhs, link)
		any |= nhs->conf.dynamic;
	if (!any || k->ops->entry_dump(k, iface->ifindex, &list, &n))
		return;
	for (i = 0; i < n; i++) {
		if (list[i].type != DMVPN_ENTRY_TYPE_NHS ||
		    is_ours(iface, &list[i]))
			continue;
		k->ops->entry_del(k, iface->ifindex, &list[i].prefix);
		nh_nhs_leave(iface, &list[i].nbma);
	}
	free(list);
}
