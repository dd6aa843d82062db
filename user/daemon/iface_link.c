// SPDX-License-Identifier: GPL-2.0-or-later
/* The network device itself, brought to what the configuration says. */
#include "daemon/iface_link.h"

#include <errno.h>
#include <string.h>

#include "lib/log.h"

static int complain(struct nh_iface *iface, const char *what, int err)
{
	nh_error(iface->conf->name, NULL, "%s: %s", what,
		 iface->kernel->ops->error(iface->kernel));
	return err;
}

static void want_limit(struct dmvpn_nl_link *link, unsigned int attr,
		       uint32_t *field, int64_t value)
{
	if (value < 0)
		return;
	*field = (uint32_t)value;
	link->present |= DMVPN_NL_BIT(attr);
}

static int no_source(const struct nh_conf *conf)
{
	nh_error(conf->name, NULL,
		 "[Tunnel] Source=%s: there is no such device",
		 conf->source_dev);
	return -ENODEV;
}

/* A device that is away for a while is no reason to refuse all else. */
static int want_source(struct nh_iface *iface, const struct nh_conf *conf,
		       struct dmvpn_nl_link *link)
{
	struct nh_kernel *k = iface->kernel;

	if (!conf->source_dev[0])
		return 0;
	link->link = k->ops->ifindex_of(k, conf->source_dev);
	if (link->link)
		return 0;
	if (!iface->ifindex ||
	    strcmp(iface->conf->source_dev, conf->source_dev) != 0)
		return no_source(conf);
	nh_warn(conf->name, NULL,
		"[Tunnel] Source=%s: there is no such device at present",
		conf->source_dev);
	link->present &= ~DMVPN_NL_BIT(IFLA_DMVPN_LINK);
	return 0;
}

/* All that the configuration says about the device, as attributes. */
static int wanted(struct nh_iface *iface, const struct nh_conf *conf,
		  struct dmvpn_nl_link *link)
{
	memset(link, 0, sizeof(*link));
	strcpy(link->name, conf->name);
	link->local4 = conf->source4;
	link->local6 = conf->source6;
	link->key = conf->key;
	link->no_key = !conf->has_key;
	link->ttl = conf->ttl;
	link->tos = conf->tos;
	link->df = conf->df;
	link->fwmark = conf->mark;
	link->network_id = conf->network_id;
	link->protection = conf->protection;
	link->redirect = conf->redirect;
	link->shortcut = conf->shortcut;
	link->strict_source = conf->strict_source;
	link->present = DMVPN_NL_BIT(IFLA_DMVPN_LINK) |
		DMVPN_NL_BIT(IFLA_DMVPN_LOCAL4) |
		DMVPN_NL_BIT(IFLA_DMVPN_LOCAL6) |
		DMVPN_NL_BIT(conf->has_key ? IFLA_DMVPN_KEY :
			     IFLA_DMVPN_NO_KEY) |
		DMVPN_NL_BIT(IFLA_DMVPN_TTL) | DMVPN_NL_BIT(IFLA_DMVPN_TOS) |
		DMVPN_NL_BIT(IFLA_DMVPN_DF) | DMVPN_NL_BIT(IFLA_DMVPN_FWMARK) |
		DMVPN_NL_BIT(IFLA_DMVPN_NETWORK_ID) |
		DMVPN_NL_BIT(IFLA_DMVPN_PROTECTION) |
		DMVPN_NL_BIT(IFLA_DMVPN_REDIRECT) |
		DMVPN_NL_BIT(IFLA_DMVPN_SHORTCUT) |
		DMVPN_NL_BIT(IFLA_DMVPN_STRICT_SOURCE);
	want_limit(link, IFLA_DMVPN_HOLD_QUEUE, &link->hold_queue,
		   conf->hold_queue);
	want_limit(link, IFLA_DMVPN_UPCALL_RATE, &link->upcall_rate,
		   conf->upcall_rate);
	want_limit(link, IFLA_DMVPN_MAX_PEERS, &link->max_peers,
		   conf->max_peers);
	want_limit(link, IFLA_DMVPN_MAX_ENTRIES, &link->max_entries,
		   conf->max_entries);
	want_limit(link, IFLA_DMVPN_MAX_MCAST, &link->max_mcast,
		   conf->max_mcast);
	if (conf->mtu) {
		link->mtu = conf->mtu;
		link->present |= DMVPN_NL_LINK_MTU;
	}
	return want_source(iface, conf, link);
}

/* Takes out of @want what the device has already. */
static void keep_difference(struct dmvpn_nl_link *want,
			    const struct dmvpn_nl_link *have)
{
	uint64_t same = 0;

#define SAME(attr, field) \
	same |= want->field == have->field ? DMVPN_NL_BIT(attr) : 0
	SAME(IFLA_DMVPN_LINK, link);
	SAME(IFLA_DMVPN_TTL, ttl);
	SAME(IFLA_DMVPN_TOS, tos);
	SAME(IFLA_DMVPN_DF, df);
	SAME(IFLA_DMVPN_FWMARK, fwmark);
	SAME(IFLA_DMVPN_NETWORK_ID, network_id);
	SAME(IFLA_DMVPN_PROTECTION, protection);
	SAME(IFLA_DMVPN_REDIRECT, redirect);
	SAME(IFLA_DMVPN_SHORTCUT, shortcut);
	SAME(IFLA_DMVPN_STRICT_SOURCE, strict_source);
	SAME(IFLA_DMVPN_MAX_PEERS, max_peers);
	SAME(IFLA_DMVPN_MAX_ENTRIES, max_entries);
	SAME(IFLA_DMVPN_MAX_MCAST, max_mcast);
	SAME(IFLA_DMVPN_HOLD_QUEUE, hold_queue);
	SAME(IFLA_DMVPN_UPCALL_RATE, upcall_rate);
#undef SAME
	if (nh_addr_equal(&want->local4, &have->local4))
		same |= DMVPN_NL_BIT(IFLA_DMVPN_LOCAL4);
	if (nh_addr_equal(&want->local6, &have->local6))
		same |= DMVPN_NL_BIT(IFLA_DMVPN_LOCAL6);
	if (want->no_key == !DMVPN_NL_HAS(have, IFLA_DMVPN_KEY) &&
	    (want->no_key || want->key == have->key))
		same |= DMVPN_NL_BIT(IFLA_DMVPN_KEY) |
			DMVPN_NL_BIT(IFLA_DMVPN_NO_KEY);
	if (want->mtu == have->mtu)
		same |= DMVPN_NL_LINK_MTU;
	want->present &= ~same;
}

bool nh_link_moves(const struct nh_link_plan *plan)
{
	struct dmvpn_nl_link want = plan->want;

	keep_difference(&want, &plan->have);
	return DMVPN_NL_HAS(&want, IFLA_DMVPN_LOCAL4) ||
	       DMVPN_NL_HAS(&want, IFLA_DMVPN_LOCAL6) ||
	       DMVPN_NL_HAS(&want, IFLA_DMVPN_LINK) ||
	       DMVPN_NL_HAS(&want, IFLA_DMVPN_KEY) ||
	       DMVPN_NL_HAS(&want, IFLA_DMVPN_NO_KEY);
}

static int take_over(struct nh_iface *iface, const struct nh_link_plan *plan)
{
	const struct dmvpn_nl_link *have = &plan->have;
	struct dmvpn_nl_link want = plan->want;
	struct nh_kernel *k = iface->kernel;
	int err;

	iface->ifindex = have->ifindex;
	iface->carrier = have->carrier ? NH_CARRIER_ON : NH_CARRIER_OFF;
	keep_difference(&want, have);
	if (!want.present) {
		nh_debug(iface->conf->name, NULL,
			 "the device is there, as it should be");
		return 0;
	}
	want.ifindex = have->ifindex;
	/* A name beside the index would be a new name, even if it is the old. */
	want.name[0] = '\0';
	err = k->ops->link_set(k, &want);
	if (err)
		return complain(iface, "the device cannot be changed", err);
	nh_info(iface->conf->name, NULL, "device changed");
	return 0;
}

static int create(struct nh_iface *iface, const struct dmvpn_nl_link *want)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_link add = *want, have;
	int err;

	/* A zero takes a binding back; a new device has none. */
	if (!add.link)
		add.present &= ~DMVPN_NL_BIT(IFLA_DMVPN_LINK);
	if (!nh_addr_is_set(&add.local4))
		add.present &= ~DMVPN_NL_BIT(IFLA_DMVPN_LOCAL4);
	if (!nh_addr_is_set(&add.local6))
		add.present &= ~DMVPN_NL_BIT(IFLA_DMVPN_LOCAL6);
	err = k->ops->link_add(k, &add);
	if (!err) {
		iface->created = true;
		err = k->ops->link_get(k, add.name, &have);
	}
	if (err)
		return complain(iface, "the device cannot be created", err);
	iface->ifindex = have.ifindex;
	iface->carrier = NH_CARRIER_ON;
	nh_info(iface->conf->name, NULL, "device created ifindex=%u",
		have.ifindex);
	return 0;
}

int nh_link_plan(struct nh_iface *iface, const struct nh_conf *conf,
		 struct nh_link_plan *plan)
{
	struct nh_kernel *k = iface->kernel;
	int err;

	err = wanted(iface, conf, &plan->want);
	if (err)
		return err;
	err = k->ops->link_get(k, conf->name, &plan->have);
	switch (err) {
	case 0:
		/* Bound to none, it would take packets from anywhere. */
		if (conf->source_dev[0] && !plan->want.link && !plan->have.link)
			return no_source(conf);
		return 0;
	case -ENODEV:
		plan->have.ifindex = 0;
		if (conf->source_dev[0] && !plan->want.link)
			return no_source(conf);
		return 0;
	case -EMEDIUMTYPE:
		nh_error(conf->name, NULL,
			 "there is a device of this name, and it is no dmvpn device");
		return err;
	}
	return complain(iface, "the device cannot be read", err);
}

int nh_link_apply(struct nh_iface *iface, const struct nh_conf *conf,
		  const struct nh_link_plan *plan)
{
	bool anew = !plan->have.ifindex;
	int err;

	err = anew ? create(iface, &plan->want) : take_over(iface, plan);
	if (err)
		return err;
	iface->source = plan->want.link;
	/* It has no server yet; one that was there may have. */
	if (anew && conf->if_state)
		nh_link_carrier(iface, false);
	return 0;
}

int nh_link_setup(struct nh_iface *iface, const struct nh_conf *conf)
{
	struct nh_link_plan plan;
	int err = nh_link_plan(iface, conf, &plan);

	return err ? err : nh_link_apply(iface, conf, &plan);
}

void nh_link_source(struct nh_iface *iface)
{
	const char *source = iface->conf->source_dev;
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_link link = {
		.present = DMVPN_NL_BIT(IFLA_DMVPN_LINK),
		.ifindex = iface->ifindex,
	};
	int err;

	if (!iface->ifindex || !source[0])
		return;
	link.link = k->ops->ifindex_of(k, source);
	if (!link.link || link.link == iface->source)
		return;
	err = k->ops->link_set(k, &link);
	if (err) {
		complain(iface, "the underlay device cannot be changed", err);
		return;
	}
	iface->source = link.link;
	nh_info(iface->conf->name, NULL,
		"[Tunnel] Source=%s: bound to the device that is there now ifindex=%u",
		source, link.link);
}

static bool has_address(const struct nh_conf *conf,
			const struct nh_conf_addr *a)
{
	size_t i;

	for (i = 0; i < conf->naddr; i++)
		if (nh_addr_equal(&conf->addr[i].addr, &a->addr) &&
		    conf->addr[i].plen == a->plen)
			return true;
	return false;
}

int nh_link_addresses(struct nh_iface *iface, const struct nh_conf *conf,
		      const struct nh_conf *old)
{
	struct nh_kernel *k = iface->kernel;
	size_t i;
	int err;

	/* First, as an address may take others of its subnet with it. */
	for (i = 0; old && i < old->naddr; i++)
		if (!has_address(conf, &old->addr[i]))
			k->ops->inet_del(k, iface->ifindex, &old->addr[i].addr,
					 old->addr[i].plen);
	for (i = 0; i < conf->naddr; i++) {
		err = k->ops->inet_add(k, iface->ifindex, &conf->addr[i].addr,
				       conf->addr[i].plen);
		if (err)
			return complain(iface, "an address cannot be added",
					err);
	}
	return 0;
}

int nh_link_no_addrgen(struct nh_iface *iface)
{
	struct dmvpn_nl_link link = {
		.present = DMVPN_NL_LINK_NO_ADDRGEN,
		.ifindex = iface->ifindex,
	};
	struct nh_kernel *k = iface->kernel;
	int err;

	/* A reload may bring an address when the kernel has made its own. */
	err = k->ops->link_set(k, &link);
	if (!err || !nh_conf_link_local(iface->conf))
		return 0;
	return complain(iface, "the device takes no IPv6 addresses", err);
}

int nh_link_up(struct nh_iface *iface)
{
	struct dmvpn_nl_link up = {
		.present = DMVPN_NL_LINK_UP,
		.ifindex = iface->ifindex,
		.up = true,
	};
	struct nh_kernel *k = iface->kernel;
	int err = k->ops->link_set(k, &up);

	return err ? complain(iface, "the device cannot be brought up", err) :
	       0;
}

void nh_link_carrier(struct nh_iface *iface, bool on)
{
	struct dmvpn_nl_link link = {
		.present = DMVPN_NL_LINK_CARRIER,
		.ifindex = iface->ifindex,
		.carrier = on,
	};
	enum nh_carrier want = on ? NH_CARRIER_ON : NH_CARRIER_OFF;
	struct nh_kernel *k = iface->kernel;
	int err;

	if (iface->carrier == want)
		return;
	/* Also after a failure, which is not told again and again. */
	iface->carrier = want;
	err = k->ops->link_set(k, &link);
	if (err)
		complain(iface, "the carrier cannot be changed", err);
	else
		nh_info(iface->conf->name, NULL, "carrier is %s",
			on ? "on" : "off");
}
