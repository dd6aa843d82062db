// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel of a fake node: what the contract says, without the packets. */
#include "tests/fake_kernel.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/dispatch.h"

static struct fake_node *node_of(struct nh_kernel *k)
{
	return (struct fake_node *)k;
}

struct dmvpn_nl_entry *fake_kernel_entry(struct fake_node *node,
					 const struct nh_prefix *prefix)
{
	size_t i;

	for (i = 0; i < node->nentry; i++)
		if (nh_prefix_equal(&node->entry[i].prefix, prefix))
			return &node->entry[i];
	return NULL;
}

struct dmvpn_nl_peer *fake_kernel_peer(struct fake_node *node,
				       const struct nh_endpoint *ep,
				       bool create)
{
	struct dmvpn_nl_peer *peer;
	size_t i;

	for (i = 0; i < node->npeer; i++)
		if (nh_addr_equal(&node->peer[i].nbma, &ep->nbma) &&
		    node->peer[i].if_id == ep->if_id)
			return &node->peer[i];
	if (!create || node->npeer == FAKE_PEERS)
		return NULL;
	peer = &node->peer[node->npeer++];
	*peer = (struct dmvpn_nl_peer){
		.ifindex = FAKE_IFINDEX,
		.nbma = ep->nbma,
		.if_id = ep->if_id,
	};
	return peer;
}

static void count_entries(struct fake_node *node)
{
	size_t i, j;

	for (i = 0; i < node->npeer; i++) {
		node->peer[i].entries = 0;
		for (j = 0; j < node->nentry; j++)
			node->peer[i].entries +=
				node->entry[j].if_id == node->peer[i].if_id &&
				nh_addr_equal(&node->entry[j].nbma,
					      &node->peer[i].nbma);
	}
}

static uint32_t ifindex_of(struct nh_kernel *k, const char *name)
{
	return strcmp(name, "eth0") ? 0 : node_of(k)->eth0;
}

static int link_get(struct nh_kernel *k, const char *name,
		    struct dmvpn_nl_link *link)
{
	struct fake_node *node = node_of(k);

	(void)name;
	if (node->foreign)
		return -EMEDIUMTYPE;
	if (!node->has_link)
		return -ENODEV;
	*link = node->link;
	return 0;
}

static int link_add(struct nh_kernel *k, const struct dmvpn_nl_link *link)
{
	struct fake_node *node = node_of(k);

	node->link = *link;
	/* A device that is made again has another index. */
	node->link.ifindex = FAKE_IFINDEX + node->created++;
	node->link.carrier = true;
	node->has_link = true;
	return 0;
}

static int link_set(struct nh_kernel *k, const struct dmvpn_nl_link *link)
{
	struct fake_node *node = node_of(k);
	int err = node->fail_link_set;

	node->fail_link_set = 0;
	if (err)
		return err;
	/* To rename a device that is up is refused, to the same name too. */
	if (link->ifindex && link->name[0] && node->link.up)
		return -EBUSY;
	if (DMVPN_NL_HAS(link, IFLA_DMVPN_LINK))
		node->link.link = link->link;
	if (DMVPN_NL_HAS(link, IFLA_DMVPN_TTL))
		node->link.ttl = link->ttl;
	if (DMVPN_NL_HAS(link, IFLA_DMVPN_NETWORK_ID))
		node->link.network_id = link->network_id;
	if (link->present & DMVPN_NL_LINK_CARRIER) {
		node->link.carrier = link->carrier;
		node->carriers++;
	}
	node->link.present |= link->present & DMVPN_NL_LINK_NO_ADDRGEN;
	if (link->present & DMVPN_NL_LINK_UP)
		node->link.up = link->up;
	return 0;
}

static int link_del(struct nh_kernel *k, uint32_t ifindex)
{
	struct fake_node *node = node_of(k);

	(void)ifindex;
	node->has_link = false;
	node->nentry = 0;
	node->npeer = 0;
	return 0;
}

static int inet_add(struct nh_kernel *k, uint32_t ifindex,
		    const struct nh_addr *addr, uint8_t plen)
{
	struct fake_node *node = node_of(k);
	size_t i;

	(void)ifindex;
	for (i = 0; i < node->naddr; i++)
		if (nh_addr_equal(&node->addr[i].addr, addr))
			return 0;
	node->addr[node->naddr].addr = *addr;
	node->addr[node->naddr++].plen = plen;
	return 0;
}

/* As Linux does: the first address of a subnet takes the others with it. */
static int inet_del(struct nh_kernel *k, uint32_t ifindex,
		    const struct nh_addr *addr, uint8_t plen)
{
	struct fake_node *node = node_of(k);
	struct nh_prefix subnet;
	size_t i, n = 0;
	bool found = false;

	(void)ifindex;
	nh_prefix_make(&subnet, addr, plen);
	for (i = 0; i < node->naddr; i++) {
		found |= nh_addr_equal(&node->addr[i].addr, addr);
		if (!found || !nh_prefix_contains(&subnet, &node->addr[i].addr))
			node->addr[n++] = node->addr[i];
	}
	node->naddr = n;
	return found ? 0 : -EADDRNOTAVAIL;
}

static int inet_dump(struct nh_kernel *k, uint32_t ifindex,
		     struct dmvpn_nl_inet **list, size_t *n)
{
	struct fake_node *node = node_of(k);
	size_t i;

	*n = node->naddr;
	*list = calloc(node->naddr + 1, sizeof(**list));
	for (i = 0; *list && i < *n; i++)
		(*list)[i] = (struct dmvpn_nl_inet){
			.ifindex = ifindex,
			.addr = node->addr[i].addr,
			.plen = node->addr[i].plen,
		};
	return *list ? 0 : -ENOMEM;
}

static int route_get(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_addr *dst, struct dmvpn_nl_route *route)
{
	const struct dmvpn_nl_route *best = NULL;
	struct fake_node *node = node_of(k);
	size_t i;

	/* Of no other device's VRF */
	if (ifindex != node->link.ifindex)
		return -ENODEV;
	for (i = 0; i < node->nroute; i++)
		if (nh_prefix_contains(&node->route[i].prefix, dst) &&
		    (!best || node->route[i].prefix.plen > best->prefix.plen))
			best = &node->route[i];
	if (!best)
		return -ENETUNREACH;
	*route = *best;
	return 0;
}

static int route_inside(struct nh_kernel *k,
			const struct dmvpn_nl_route *route)
{
	struct fake_node *node = node_of(k);
	size_t i;

	for (i = 0; i < node->nroute; i++)
		if (node->route[i].type == RTN_UNICAST &&
		    node->route[i].prefix.plen > route->prefix.plen &&
		    nh_prefix_covers(&route->prefix, &node->route[i].prefix) &&
		    node->route[i].oif != route->oif)
			return 1;
	return 0;
}

static int route_watch(struct nh_kernel *k, bool on)
{
	node_of(k)->watching += on ? 1 : -1;
	return 0;
}

static int dev_get(struct nh_kernel *k, uint32_t ifindex,
		   struct dmvpn_nl_dev *dev)
{
	struct fake_node *node = node_of(k);

	*dev = (struct dmvpn_nl_dev){ .ifindex = ifindex };
	if (nh_addr_is_set(&node->inner))
		dev->local4 = node->inner;
	else if (node->nbma.family == AF_INET)
		dev->local4 = node->nbma;
	else
		dev->local6 = node->nbma;
	if (node->other.family == AF_INET6)
		dev->local6 = node->other;
	else if (nh_addr_is_set(&node->other))
		dev->local4 = node->other;
	return 0;
}

static int bind_dev(struct nh_kernel *k, uint32_t ifindex)
{
	if (node_of(k)->owner_taken)
		return -EBUSY;
	node_of(k)->bound = ifindex;
	return 0;
}

int fake_kernel_ignore(struct nh_kernel *k, uint32_t ifindex)
{
	(void)k;
	(void)ifindex;
	return 0;
}

static bool says_the_same(const struct dmvpn_nl_entry *a,
			  const struct dmvpn_nl_entry *b)
{
	return a->type == b->type && a->flags == b->flags &&
	       a->if_id == b->if_id && a->mtu == b->mtu &&
	       a->preference == b->preference &&
	       nh_addr_equal(&a->nbma, &b->nbma) &&
	       nh_addr_equal(&a->claimed, &b->claimed) &&
	       nh_addr_equal(&a->protocol, &b->protocol);
}

static unsigned int has_entries(struct fake_node *node,
				const struct nh_endpoint *ep)
{
	const struct dmvpn_nl_peer *p = fake_kernel_peer(node, ep, false);

	return p ? p->entries : 0;
}

static int entry_set(struct nh_kernel *k, const struct dmvpn_nl_entry *entry,
		     enum dmvpn_nl_entry_mode mode)
{
	struct fake_node *node = node_of(k);
	struct nh_endpoint ep = { entry->nbma, entry->if_id };
	struct dmvpn_nl_entry *e;
	bool renewed;

	if (node->fail_entry_set)
		return node->fail_entry_set;
	e = fake_kernel_entry(node, &entry->prefix);
	if (e && mode == DMVPN_NL_ENTRY_CREATE)
		return -EEXIST;
	if (!e && mode == DMVPN_NL_ENTRY_REPLACE)
		return -ENOENT;
	if (e && mode == DMVPN_NL_ENTRY_RENEW && !says_the_same(e, entry))
		return -EEXIST;
	renewed = e && mode == DMVPN_NL_ENTRY_RENEW;
	if (!e && entry->peer_max && has_entries(node, &ep) >= entry->peer_max)
		return -EDQUOT;
	if (!e && node->nentry == FAKE_ENTRIES)
		return -ENOSPC;
	if (entry->mcast && node->mcast_full)
		return -ENOSPC;
	if (!e)
		e = &node->entry[node->nentry++];
	*e = *entry;
	node->sets++;
	node->until[e - node->entry] = entry->holding_time ?
		nh_loop_now(node->net->loop) + entry->holding_time * 1000ULL :
		0;
	if (nh_addr_is_set(&entry->nbma)) {
		struct dmvpn_nl_peer *p = fake_kernel_peer(node, &ep, true);

		p->mcast |= entry->mcast;
	}
	count_entries(node);
	return renewed;
}

static void remove_at(struct fake_node *node, size_t i)
{
	node->nentry--;
	node->entry[i] = node->entry[node->nentry];
	node->until[i] = node->until[node->nentry];
	count_entries(node);
}

static int entry_del(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_prefix *prefix)
{
	struct fake_node *node = node_of(k);
	struct dmvpn_nl_entry *e = fake_kernel_entry(node, prefix);
	struct dmvpn_event ev = { .type = DMVPN_EVENT_ENTRY_GONE };

	if (!e)
		return -ENOENT;
	ev.ifindex = ifindex;
	ev.entry = *e;
	remove_at(node, (size_t)(e - node->entry));
	nh_dispatch_event(&node->ifaces, &ev);
	return 0;
}

void fake_kernel_expire(struct fake_net *net)
{
	uint64_t now = nh_loop_now(net->loop);
	size_t i, j;

	for (i = 0; i < net->nnodes; i++) {
		struct fake_node *node = &net->node[i];

		for (j = 0; j < node->nentry;) {
			struct dmvpn_event ev = {
				.type = DMVPN_EVENT_ENTRY_EXPIRED,
				.ifindex = FAKE_IFINDEX,
				.entry = node->entry[j],
			};

			if (!node->until[j] || node->until[j] > now) {
				j++;
				continue;
			}
			remove_at(node, j);
			nh_dispatch_event(&node->ifaces, &ev);
		}
	}
}

static int entry_get(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_prefix *prefix,
		     struct dmvpn_nl_entry *entry)
{
	struct fake_node *node = node_of(k);
	struct dmvpn_nl_entry *e = fake_kernel_entry(node, prefix);
	uint64_t until;

	(void)ifindex;
	if (node->fail_entry_get)
		return node->fail_entry_get;
	if (!e)
		return -ENOENT;
	*entry = *e;
	until = node->until[e - node->entry];
	if (until) {
		entry->expires = until - nh_loop_now(node->net->loop);
		entry->present |= DMVPN_NL_BIT(DMVPN_A_ENTRY_EXPIRES);
	}
	return 0;
}

static int entry_dump(struct nh_kernel *k, uint32_t ifindex,
		      struct dmvpn_nl_entry **list, size_t *n)
{
	struct fake_node *node = node_of(k);
	size_t size = node->nentry * sizeof(node->entry[0]);

	(void)ifindex;
	if (node->fail_entry_dump)
		return node->fail_entry_dump;
	*n = node->nentry;
	*list = size ? malloc(size) : NULL;
	if (*list)
		memcpy(*list, node->entry, size);
	return 0;
}

static int peer_set(struct nh_kernel *k, const struct dmvpn_nl_peer *peer)
{
	struct nh_endpoint ep = { peer->nbma, peer->if_id };
	struct dmvpn_nl_peer *p = fake_kernel_peer(node_of(k), &ep, true);

	if (!p)
		return -ENOSPC;
	if (peer->flags || DMVPN_NL_HAS(peer, DMVPN_A_PEER_FLAGS))
		p->flags = peer->flags;
	if (peer->preference || DMVPN_NL_HAS(peer, DMVPN_A_PEER_PREFERENCE))
		p->preference = peer->preference;
	return 0;
}

static int peer_get(struct nh_kernel *k, uint32_t ifindex,
		    const struct nh_endpoint *ep, struct dmvpn_nl_peer *peer)
{
	struct dmvpn_nl_peer *p = fake_kernel_peer(node_of(k), ep, false);

	(void)ifindex;
	if (!p)
		return -ENOENT;
	*peer = *p;
	return 0;
}

static bool is_secured(const struct fake_node *node,
		       const struct nh_addr *nbma)
{
	size_t i;

	for (i = 0; i < node->nsecured; i++)
		if (nh_addr_equal(&node->secured[i], nbma))
			return true;
	return false;
}

static int peer_dump(struct nh_kernel *k, uint32_t ifindex,
		     struct dmvpn_nl_peer **list, size_t *n)
{
	struct fake_node *node = node_of(k);
	size_t i, size = node->npeer * sizeof(node->peer[0]);

	(void)ifindex;
	*n = node->npeer;
	*list = size ? malloc(size) : NULL;
	if (*list)
		memcpy(*list, node->peer, size);
	for (i = 0; *list && i < *n; i++)
		if (is_secured(node, &(*list)[i].nbma))
			(*list)[i].state = DMVPN_PEER_STATE_SECURED;
	return 0;
}

static int mcast_add(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_endpoint *ep)
{
	struct dmvpn_nl_peer *p = fake_kernel_peer(node_of(k), ep, true);

	(void)ifindex;
	if (!p || node_of(k)->mcast_full)
		return -ENOSPC;
	p->mcast = true;
	return 0;
}

static int mcast_del(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_endpoint *ep)
{
	struct dmvpn_nl_peer *p = fake_kernel_peer(node_of(k), ep, false);

	(void)ifindex;
	if (p)
		p->mcast = false;
	return 0;
}

static int packet_send(struct nh_kernel *k, uint32_t ifindex,
		       const struct nh_endpoint *ep, const void *payload,
		       size_t len)
{
	struct fake_node *node = node_of(k);
	struct fake_net *net = node->net;
	struct fake_sent *s = &net->sent[net->nsent];

	(void)ifindex;
	if (!node->link.up)
		return -ENETDOWN;
	if (nh_addr_equal(&node->fail_send, &ep->nbma))
		return -ENETUNREACH;
	if (node->link.protection == DMVPN_PROTECTION_REQUIRED &&
	    !is_secured(node, &ep->nbma)) {
		node->acquires++;
		return -EAGAIN;
	}
	if (net->nsent == FAKE_SENT)
		return -ENOBUFS;
	net->nsent++;
	s->from = node->nbma;
	s->to = ep->nbma;
	s->if_id = ep->if_id;
	s->len = len;
	memcpy(s->octets, payload, len);
	return 0;
}

static int sa_dump(struct nh_kernel *k, struct dmvpn_nl_sa **list, size_t *n)
{
	struct fake_node *node = node_of(k);
	size_t size = node->nsa * sizeof(node->sa[0]);

	if (node->fail_sa)
		return node->fail_sa;
	*n = node->nsa;
	*list = size ? malloc(size) : NULL;
	if (*list)
		memcpy(*list, node->sa, size);
	return 0;
}

/* No error for one that is not there, as the contract says. */
static int sa_del(struct nh_kernel *k, const struct dmvpn_nl_sa *sa)
{
	struct fake_node *node = node_of(k);
	size_t i;

	if (node->fail_sa)
		return node->fail_sa;
	if (node->nsa_deleted < FAKE_SAS)
		node->sa_deleted[node->nsa_deleted] = *sa;
	node->nsa_deleted++;
	for (i = 0; i < node->nsa; i++) {
		if (node->sa[i].spi != sa->spi ||
		    !nh_addr_equal(&node->sa[i].dst, &sa->dst))
			continue;
		node->nsa--;
		memmove(&node->sa[i], &node->sa[i + 1],
			(node->nsa - i) * sizeof(node->sa[0]));
		break;
	}
	return 0;
}

static int policy_has(struct nh_kernel *k, const struct nh_addr *local)
{
	(void)local;
	return !node_of(k)->no_policy;
}

static const char *error(struct nh_kernel *k)
{
	(void)k;
	return "because the test says so";
}

const struct nh_kernel_ops fake_kernel_ops = {
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
	.unbind = fake_kernel_ignore,
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
