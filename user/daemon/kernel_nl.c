// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's operations over netlink, by seven connections.
 *
 * The one that owns the devices receives events, and does nothing besides but
 * what only an owner may do: the answers of all other requests would have to
 * be found among events, and be lost with them when there are too many.
 *
 * One hears of changes of the routing table while somebody wants to know, one
 * of changes of addresses, and one of devices.
 *
 * The one to IPsec is made when it is first needed, and tried again after a
 * failure: a kernel without IPsec does for tunnels without protection.
 */
#include "daemon/kernel_nl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "genl/dmvpn_nl.h"
#include "genl/inet_watch.h"
#include "genl/link_watch.h"
#include "genl/nl_mcast.h"
#include "genl/route_inside.h"
#include "genl/route_watch.h"

/* Room for the upcalls of a busy hub while the daemon works. */
#define RCVBUF	(4 << 20)

struct kernel_nl {
	struct nh_kernel kernel;
	struct dmvpn_nl *owner;	/* events; bind, unbind, packet-send */
	struct dmvpn_nl *genl;
	struct dmvpn_nl *route;
	struct dmvpn_nl *watch;	/* changes of routes */
	struct dmvpn_nl *inets;	/* changes of addresses */
	struct dmvpn_nl *links;	/* changes of devices */
	unsigned int watchers;	/* who wants to hear of them */
	struct dmvpn_nl *xfrm;
	bool has_xfrm;		/* it is open */
	struct dmvpn_nl *last;	/* whose words error() gives */
};

static struct dmvpn_nl *owner(struct nh_kernel *k)
{
	struct kernel_nl *nl = (struct kernel_nl *)k;

	nl->last = nl->owner;
	return nl->owner;
}

static struct dmvpn_nl *genl(struct nh_kernel *k)
{
	struct kernel_nl *nl = (struct kernel_nl *)k;

	nl->last = nl->genl;
	return nl->genl;
}

static struct dmvpn_nl *route(struct nh_kernel *k)
{
	struct kernel_nl *nl = (struct kernel_nl *)k;

	nl->last = nl->route;
	return nl->route;
}

static int xfrm(struct nh_kernel *k, struct dmvpn_nl **out)
{
	struct kernel_nl *nl = (struct kernel_nl *)k;
	int err;

	nl->last = nl->xfrm;
	*out = nl->xfrm;
	if (nl->has_xfrm)
		return 0;
	err = dmvpn_nl_open_xfrm(nl->xfrm);
	nl->has_xfrm = !err;
	return err;
}

static uint32_t ifindex_of(struct nh_kernel *k, const char *name)
{
	(void)k;
	return if_nametoindex(name);
}

static int link_get(struct nh_kernel *k, const char *name,
		    struct dmvpn_nl_link *link)
{
	uint32_t ifindex = if_nametoindex(name);

	if (!ifindex)
		return -ENODEV;
	return dmvpn_nl_link_get(route(k), ifindex, link);
}

static int link_add(struct nh_kernel *k, const struct dmvpn_nl_link *link)
{
	return dmvpn_nl_link_add(route(k), link);
}

static int link_set(struct nh_kernel *k, const struct dmvpn_nl_link *link)
{
	return dmvpn_nl_link_set(route(k), link);
}

static int link_del(struct nh_kernel *k, uint32_t ifindex)
{
	return dmvpn_nl_link_del(route(k), ifindex);
}

static int inet_add(struct nh_kernel *k, uint32_t ifindex,
		    const struct nh_addr *addr, uint8_t plen)
{
	return dmvpn_nl_inet_add(route(k), ifindex, addr, plen);
}

static int inet_del(struct nh_kernel *k, uint32_t ifindex,
		    const struct nh_addr *addr, uint8_t plen)
{
	return dmvpn_nl_inet_del(route(k), ifindex, addr, plen);
}

/* A list of objects that are right one by one serves as well as a snapshot. */
static int dumped(int err)
{
	return err == DMVPN_NL_CHANGED ? 0 : err;
}

static int inet_dump(struct nh_kernel *k, uint32_t ifindex,
		     struct dmvpn_nl_inet **list, size_t *n)
{
	return dumped(dmvpn_nl_inet_dump(route(k), ifindex, list, n));
}

/* It is asked each time, as the device may be put into a VRF at any time. */
static int route_get(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_addr *dst, struct dmvpn_nl_route *out)
{
	struct dmvpn_nl_route_key key = { .destination = *dst };
	struct dmvpn_nl_link link;
	int err = dmvpn_nl_link_get(route(k), ifindex, &link);

	if (err)
		return err;
	key.vrf = link.master;
	return dmvpn_nl_route_get(route(k), &key, out);
}

static int route_inside(struct nh_kernel *k,
			const struct dmvpn_nl_route *r)
{
	return dmvpn_nl_route_inside(route(k), r);
}

static int route_watch(struct nh_kernel *k, bool on)
{
	struct kernel_nl *nl = (struct kernel_nl *)k;
	int err = 0;

	nl->last = nl->watch;
	if (nl->watchers == (on ? 0 : 1))
		err = dmvpn_nl_route_watch(nl->watch, on);
	if (!err)
		nl->watchers += on ? 1 : -1;
	return err;
}

static int dev_get(struct nh_kernel *k, uint32_t ifindex,
		   struct dmvpn_nl_dev *dev)
{
	return dmvpn_nl_dev_get(genl(k), ifindex, dev);
}

static int bind_dev(struct nh_kernel *k, uint32_t ifindex)
{
	return dmvpn_nl_bind(owner(k), ifindex);
}

static int unbind_dev(struct nh_kernel *k, uint32_t ifindex)
{
	return dmvpn_nl_unbind(owner(k), ifindex);
}

static int entry_set(struct nh_kernel *k, const struct dmvpn_nl_entry *entry,
		     enum dmvpn_nl_entry_mode mode)
{
	return dmvpn_nl_entry_set(genl(k), entry, mode);
}

static int entry_del(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_prefix *prefix)
{
	return dmvpn_nl_entry_del(genl(k), ifindex, prefix);
}

static int entry_get(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_prefix *prefix,
		     struct dmvpn_nl_entry *entry)
{
	return dmvpn_nl_entry_get(genl(k), ifindex, prefix, entry);
}

static int entry_dump(struct nh_kernel *k, uint32_t ifindex,
		      struct dmvpn_nl_entry **list, size_t *n)
{
	return dumped(dmvpn_nl_entry_dump(genl(k), ifindex, list, n));
}

static int peer_set(struct nh_kernel *k, const struct dmvpn_nl_peer *peer)
{
	return dmvpn_nl_peer_set(genl(k), peer);
}

static int peer_get(struct nh_kernel *k, uint32_t ifindex,
		    const struct nh_endpoint *ep, struct dmvpn_nl_peer *peer)
{
	return dmvpn_nl_peer_get(genl(k), ifindex, &ep->nbma, ep->if_id, peer);
}

static int peer_dump(struct nh_kernel *k, uint32_t ifindex,
		     struct dmvpn_nl_peer **list, size_t *n)
{
	return dumped(dmvpn_nl_peer_dump(genl(k), ifindex, list, n));
}

static int mcast_add(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_endpoint *ep)
{
	int err = dmvpn_nl_mcast_add(genl(k), ifindex, &ep->nbma, ep->if_id);

	return err == -EEXIST ? 0 : err;
}

static int mcast_del(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_endpoint *ep)
{
	int err = dmvpn_nl_mcast_del(genl(k), ifindex, &ep->nbma, ep->if_id);

	return err == -ENOENT ? 0 : err;
}

static int packet_send(struct nh_kernel *k, uint32_t ifindex,
		       const struct nh_endpoint *ep, const void *payload,
		       size_t len)
{
	struct dmvpn_nl_packet packet = {
		.ifindex = ifindex,
		.nbma = ep->nbma,
		.if_id = ep->if_id,
		.payload = payload,
		.payload_len = len,
	};

	return dmvpn_nl_packet_send(owner(k), &packet);
}

static int sa_dump(struct nh_kernel *k, struct dmvpn_nl_sa **list, size_t *n)
{
	struct dmvpn_nl *nl;
	int err = xfrm(k, &nl);

	return err ? err : dumped(dmvpn_nl_sa_dump(nl, list, n));
}

static int sa_del(struct nh_kernel *k, const struct dmvpn_nl_sa *sa)
{
	struct dmvpn_nl *nl;
	int err = xfrm(k, &nl);

	return err ? err : dmvpn_nl_sa_del(nl, sa);
}

static int policy_has(struct nh_kernel *k, const struct nh_addr *local)
{
	struct dmvpn_nl *nl;
	int err = xfrm(k, &nl);

	return err ? err : dmvpn_nl_policy_has(nl, local);
}

static const char *error(struct nh_kernel *k)
{
	return dmvpn_nl_error(((struct kernel_nl *)k)->last);
}

static const struct nh_kernel_ops ops = {
	.link_get = link_get,
	.link_add = link_add,
	.link_set = link_set,
	.link_del = link_del,
	.ifindex_of = ifindex_of,
	.inet_add = inet_add,
	.inet_del = inet_del,
	.inet_dump = inet_dump,
	.route_get = route_get,
	.route_inside = route_inside,
	.route_watch = route_watch,
	.dev_get = dev_get,
	.bind = bind_dev,
	.unbind = unbind_dev,
	.entry_set = entry_set,
	.entry_del = entry_del,
	.entry_get = entry_get,
	.entry_dump = entry_dump,
	.peer_set = peer_set,
	.peer_get = peer_get,
	.peer_dump = peer_dump,
	.mcast_add = mcast_add,
	.mcast_del = mcast_del,
	.packet_send = packet_send,
	.sa_dump = sa_dump,
	.sa_del = sa_del,
	.policy_has = policy_has,
	.error = error,
};

static int connect_all(struct kernel_nl *nl)
{
	int err;

	nl->last = nl->route;
	err = dmvpn_nl_open_route(nl->route);
	if (err)
		return err;
	nl->last = nl->watch;
	err = dmvpn_nl_open_route(nl->watch);
	if (err)
		return err;
	nl->last = nl->inets;
	err = dmvpn_nl_open_route(nl->inets);
	if (!err)
		err = dmvpn_nl_inet_watch(nl->inets);
	if (err)
		return err;
	nl->last = nl->links;
	err = dmvpn_nl_open_route(nl->links);
	if (!err)
		err = dmvpn_nl_link_watch(nl->links);
	if (err)
		return err;
	nl->last = nl->genl;
	err = dmvpn_nl_open(nl->genl);
	if (err)
		return err;
	nl->last = nl->owner;
	err = dmvpn_nl_open(nl->owner);
	if (err)
		return err;
	return dmvpn_nl_event_open(nl->owner, DMVPN_NL_HEAR_EVENTS,
				   RCVBUF);
}

int nh_kernel_nl_open(struct nh_kernel **kernel, char *why, size_t size)
{
	struct kernel_nl *nl = calloc(1, sizeof(*nl));
	int err;

	snprintf(why, size, "out of memory");
	if (!nl)
		return -ENOMEM;
	nl->kernel.ops = &ops;
	nl->owner = dmvpn_nl_new();
	nl->genl = dmvpn_nl_new();
	nl->route = dmvpn_nl_new();
	nl->watch = dmvpn_nl_new();
	nl->inets = dmvpn_nl_new();
	nl->links = dmvpn_nl_new();
	nl->xfrm = dmvpn_nl_new();
	if (!nl->owner || !nl->genl || !nl->route || !nl->watch ||
	    !nl->inets || !nl->links || !nl->xfrm) {
		nh_kernel_nl_close(&nl->kernel);
		return -ENOMEM;
	}
	err = connect_all(nl);
	if (err) {
		snprintf(why, size, "%s", dmvpn_nl_error(nl->last));
		nh_kernel_nl_close(&nl->kernel);
		return err;
	}
	*kernel = &nl->kernel;
	return 0;
}

void nh_kernel_nl_close(struct nh_kernel *kernel)
{
	struct kernel_nl *nl = (struct kernel_nl *)kernel;

	if (!nl)
		return;
	dmvpn_nl_free(nl->owner);
	dmvpn_nl_free(nl->genl);
	dmvpn_nl_free(nl->route);
	dmvpn_nl_free(nl->watch);
	dmvpn_nl_free(nl->inets);
	dmvpn_nl_free(nl->links);
	dmvpn_nl_free(nl->xfrm);
	free(nl);
}

struct dmvpn_nl *nh_kernel_nl_events(struct nh_kernel *kernel)
{
	return ((struct kernel_nl *)kernel)->owner;
}

struct dmvpn_nl *nh_kernel_nl_routes(struct nh_kernel *kernel)
{
	return ((struct kernel_nl *)kernel)->watch;
}

struct dmvpn_nl *nh_kernel_nl_inets(struct nh_kernel *kernel)
{
	return ((struct kernel_nl *)kernel)->inets;
}

struct dmvpn_nl *nh_kernel_nl_links(struct nh_kernel *kernel)
{
	return ((struct kernel_nl *)kernel)->links;
}
