// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a protocol address lies: routing table and cache of the kernel. */
#include "daemon/path.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "daemon/iface.h"

#define DIVIDED_MS	10000

/* Shorter ones would draw half of the world: nobody speaks for them. */
#define SHORTEST_IPV4	8
#define SHORTEST_IPV6	16

static void make_host(struct nh_prefix *prefix, const struct nh_addr *addr)
{
	nh_prefix_make(prefix, addr, nh_addr_bits(addr));
}

void nh_path_find(struct nh_iface *iface, const struct nh_addr *dst,
		  struct nh_path *path)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_route route;
	struct nh_iface *out;

	*path = (struct nh_path){ .kind = NH_PATH_NONE };
	make_host(&path->prefix, dst);
	if (nh_conf_is_own(iface->conf, dst)) {
		path->kind = NH_PATH_LOCAL;
		return;
	}
	/* It is on this link, whatever the table says of others. */
	if (nh_addr_is_linklocal6(dst)) {
		path->kind = NH_PATH_TRANSIT;
		path->out = iface;
		path->next_hop = *dst;
		return;
	}
	if (k->ops->route_get(k, iface->ifindex, dst, &route))
		return;
	if (route.type == RTN_LOCAL) {
		path->kind = NH_PATH_LOCAL;
		return;
	}
	if (route.type != RTN_UNICAST)
		return;
	path->route = route;
	path->prefix = route.prefix;
	out = nh_iface_find(iface->siblings, route.oif);
	if (!out || !nh_iface_same_network(out, iface)) {
		path->kind = NH_PATH_EGRESS;
		return;
	}
	/* A gateway of the other family has no mapping of this one. */
	path->kind = NH_PATH_TRANSIT;
	path->out = out;
	path->next_hop = route.gateway.family == dst->family ? route.gateway :
			 *dst;
}

static unsigned int next_place(struct nh_divided *d,
			       const struct nh_prefix *prefix, uint64_t now)
{
	unsigned int i = d->next;

	d->next = (d->next + 1) % (sizeof(d->place) / sizeof(d->place[0]));
	d->place[i].prefix = *prefix;
	d->place[i].until = now + DIVIDED_MS;
	d->place[i].cache = false;
	return i;
}

bool nh_path_is_divided(struct nh_iface *iface, const struct nh_path *path)
{
	uint64_t now = nh_loop_now(iface->loop);
	struct nh_divided *d = &iface->divided;
	struct nh_kernel *k = iface->kernel;
	unsigned int i, n = sizeof(d->place) / sizeof(d->place[0]);

	if (nh_prefix_is_host(&path->prefix))
		return false;
	for (i = 0; i < n; i++)
		if (d->place[i].until > now && !d->place[i].cache &&
		    nh_prefix_equal(&d->place[i].prefix, &path->prefix))
			return d->place[i].divided;
	i = next_place(d, &path->prefix, now);
	d->tables++;
	/* Not known is not sure: the host alone is told then. */
	d->place[i].divided = k->ops->route_inside(k, &path->route) != 0;
	return d->place[i].divided;
}

/* Whether an entry leads a part of a network elsewhere. */
static bool divides(const struct dmvpn_nl_entry *part,
		    const struct dmvpn_nl_entry *network)
{
	return part->prefix.plen > network->prefix.plen &&
	       nh_prefix_covers(&network->prefix, &part->prefix) &&
	       nh_addr_is_set(&part->nbma) &&
	       (part->if_id != network->if_id ||
		!nh_addr_equal(&part->nbma, &network->nbma));
}

bool nh_path_entry_is_divided(struct nh_iface *iface,
			      const struct dmvpn_nl_entry *network)
{
	uint64_t now = nh_loop_now(iface->loop);
	struct nh_divided *d = &iface->divided;
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry *list;
	unsigned int i;
	size_t j, n;

	for (i = 0; i < sizeof(d->place) / sizeof(d->place[0]); i++)
		if (d->place[i].until > now && d->place[i].cache &&
		    nh_prefix_equal(&d->place[i].prefix, &network->prefix))
			return d->place[i].divided;
	if (!nh_iface_may_walk(iface, &network->nbma) ||
	    k->ops->entry_dump(k, iface->ifindex, &list, &n))
		return true;
	i = next_place(d, &network->prefix, now);
	d->place[i].cache = true;
	d->place[i].divided = false;
	for (j = 0; j < n; j++)
		d->place[i].divided |= divides(&list[j], network);
	free(list);
	return d->place[i].divided;
}

bool nh_path_too_wide(const struct nh_iface *iface,
		      const struct nh_prefix *prefix)
{
	const struct nh_conf *conf = iface->conf;
	const struct nh_nhs *nhs;
	size_t i;

	if (prefix->plen < (prefix->addr.family == AF_INET ? SHORTEST_IPV4 :
			    SHORTEST_IPV6))
		return true;
	for (i = 0; i < conf->naddr; i++)
		if (nh_prefix_contains(prefix, &conf->addr[i].addr))
			return true;
	for (i = 0; i < conf->nnhs; i++)
		if (nh_prefix_contains(prefix, &conf->nhs[i].proto))
			return true;
	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nh_prefix_contains(prefix, &nhs->conf.proto))
			return true;
	return false;
}

int nh_path_host(struct nh_iface *iface, const struct nh_addr *addr,
		 struct dmvpn_nl_entry *entry)
{
	struct nh_kernel *k = iface->kernel;
	struct nh_prefix prefix;

	/* Of an address that is not known nothing can be asked. */
	if (nh_prefix_make(&prefix, addr, nh_addr_bits(addr)))
		return -ENOENT;
	return k->ops->entry_get(k, iface->ifindex, &prefix, entry);
}

/* The longest entry of at most this length. */
static int longest(struct nh_iface *iface, const struct nh_addr *addr,
		   unsigned int plen, struct dmvpn_nl_entry *entry)
{
	struct nh_kernel *k = iface->kernel;
	struct nh_prefix prefix;
	int err = -ENOENT;

	/*
	 * The kernel answers for exact prefixes only. A host entry is the
	 * rule, so that the first question is mostly the last.
	 */
	for (; plen; plen--) {
		nh_prefix_make(&prefix, addr, plen);
		err = k->ops->entry_get(k, iface->ifindex, &prefix, entry);
		if (err != -ENOENT)
			break;
	}
	return err;
}

int nh_path_lookup(struct nh_iface *iface, const struct nh_addr *addr,
		   struct dmvpn_nl_entry *entry)
{
	struct dmvpn_nl_entry network;
	int err;

	err = longest(iface, addr, nh_addr_bits(addr), entry);
	/* Packets go past a host without a peer as well. */
	if (!err && !nh_addr_is_set(&entry->nbma) &&
	    nh_prefix_is_host(&entry->prefix) &&
	    longest(iface, addr, entry->prefix.plen - 1U, &network) == 0 &&
	    nh_addr_is_set(&network.nbma))
		*entry = network;
	return err;
}

int nh_path_endpoint(struct nh_iface *iface, const struct nh_addr *addr,
		     struct nh_endpoint *ep)
{
	struct dmvpn_nl_entry entry;

	if (nh_path_lookup(iface, addr, &entry) ||
	    !nh_addr_is_set(&entry.nbma))
		return -ENOENT;
	ep->nbma = entry.nbma;
	ep->if_id = entry.if_id;
	return 0;
}
