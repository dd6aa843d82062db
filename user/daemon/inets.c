// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Addresses that others have put on a device: by hand, or a routing daemon.
 *
 * They are registered like those of the file. Only a client reads them.
 */
#include "daemon/inets.h"

#include <stdlib.h>

#include "daemon/iface.h"
#include "daemon/nhs_extra.h"
#include "lib/log.h"

static bool has(const struct nh_inets *inets, const struct nh_addr *addr)
{
	size_t i;

	for (i = 0; i < inets->n; i++)
		if (nh_addr_equal(&inets->addr[i], addr))
			return true;
	return false;
}

static bool is_wanted(const struct nh_conf *conf, const struct nh_addr *addr)
{
	return nh_conf_proto(conf, addr->family) &&
	       !nh_conf_is_own(conf, addr) && !nh_addr_is_linklocal(addr) &&
	       !nh_addr_is_loopback(addr) && !nh_addr_is_multicast(addr);
}

static int collect(struct nh_iface *iface, struct nh_inets *inets)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_inet *list;
	size_t i, n;
	int err;

	inets->n = 0;
	if (!iface->conf->nnhs)
		return 0;
	err = k->ops->inet_dump(k, iface->ifindex, &list, &n);
	if (err)
		return err;
	for (i = 0; i < n && inets->n < NH_INETS_MAX; i++)
		if (is_wanted(iface->conf, &list[i].addr) &&
		    !has(inets, &list[i].addr))
			inets->addr[inets->n++] = list[i].addr;
	free(list);
	return 0;
}

static void note(const struct nh_iface *iface, const struct nh_addr *addr,
		 const char *what)
{
	char text[NH_ADDR_STRLEN];

	nh_info(iface->conf->name, NULL, "address %s is %s",
		nh_addr_format(addr, text, sizeof(text)), what);
}

void nh_inets_read(struct nh_iface *iface)
{
	const struct nh_inets old = iface->inets;
	struct nh_prefix host;
	struct nh_inets now;
	struct nh_nhs *nhs;
	size_t i;

	if (collect(iface, &now))
		return;
	iface->inets = now;
	for (i = 0; i < now.n; i++)
		if (!has(&old, &now.addr[i]))
			note(iface, &now.addr[i], "there");
	LIST_FOREACH(nhs, &iface->nhs, link)
		nh_nhs_extra_sync(nhs);
	for (i = 0; i < old.n; i++) {
		if (has(&now, &old.addr[i]) ||
		    nh_conf_is_own(iface->conf, &old.addr[i]))
			continue;
		note(iface, &old.addr[i], "gone");
		nh_prefix_make(&host, &old.addr[i],
			       nh_addr_bits(&old.addr[i]));
		nh_told_purge(iface, &host, NULL, false);
		nh_nhs_withdraw(iface, &old.addr[i]);
	}
}

void nh_inets_changed(struct nh_ifaces *ifaces, uint32_t ifindex)
{
	struct nh_iface *iface;

	LIST_FOREACH(iface, ifaces, link)
		if (iface->ifindex && (!ifindex || iface->ifindex == ifindex))
			nh_inets_read(iface);
}
