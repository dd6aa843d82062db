// SPDX-License-Identifier: GPL-2.0-or-later
/* The mesh as one node knows it, from its tables. */
#include "cli/graph.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/snapshot.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/inet.h"
#include "genl/link.h"
#include "genl/nl_cache.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"

#define WIDTH_MAX	6

static int by_address(const void *a, const void *b)
{
	const struct graph_node *x = a, *y = b;
	int order = nh_addr_cmp(&x->nbma, &y->nbma);

	return order ? order : (x->if_id > y->if_id) - (x->if_id < y->if_id);
}

/* What is drawn when there is too much of it comes first. */
static int by_weight(const void *a, const void *b)
{
	const struct graph_node *x = a, *y = b;
	uint64_t tx = x->tx + x->rx, ty = y->tx + y->rx;
	bool hub_x = x->role == GRAPH_HUB, hub_y = y->role == GRAPH_HUB;

	if (hub_x != hub_y)
		return hub_y - hub_x;
	return tx != ty ? (tx < ty) - (tx > ty) : by_address(a, b);
}

static void take_peers(struct graph *g, const struct snapshot *s,
		       uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < s->n_peers; i++) {
		const struct dmvpn_nl_peer *p = &s->peers[i];
		bool ready = p->state == DMVPN_PEER_STATE_SECURED ||
			     p->state == DMVPN_PEER_STATE_CLEAR;

		if (p->ifindex == ifindex)
			g->nodes[g->n++] = (struct graph_node){
				.nbma = p->nbma, .if_id = p->if_id,
				.role = p->flags & DMVPN_PEER_FLAGS_NHS ?
						GRAPH_HUB : GRAPH_PEER,
				.way = ready ? GRAPH_DIRECT : GRAPH_UNSECURED,
				.tx = p->tx_bytes, .rx = p->rx_bytes,
			};
	}
	qsort(g->nodes, g->n, sizeof(*g->nodes), by_address);
}

static void take_entry(struct graph *g, const struct dmvpn_nl_entry *e)
{
	const struct graph_node key = { .nbma = e->nbma, .if_id = e->if_id };
	struct graph_node *node = bsearch(&key, g->nodes, g->n, sizeof(key),
					  by_address);

	if (!node)
		return;
	if (!nh_addr_is_set(&node->proto))
		node->proto = nh_addr_is_set(&e->protocol) ? e->protocol :
			      nh_prefix_is_host(&e->prefix) ? e->prefix.addr :
							      node->proto;
	if (e->type == DMVPN_ENTRY_TYPE_NHS)
		node->role = GRAPH_HUB;
	if (e->type == DMVPN_ENTRY_TYPE_REGISTERED && node->role == GRAPH_PEER)
		node->role = GRAPH_CLIENT;
	if (DMVPN_NL_HAS(e, DMVPN_A_ENTRY_PATH) &&
	    e->path == DMVPN_PATH_RELAYED) {
		node->way = GRAPH_RELAYED;
		node->relay = e->relay;
	}
}

static void take_entries(struct graph *g, const struct snapshot *s,
			 uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < s->n_entries; i++)
		if (s->entries[i].ifindex == ifindex &&
		    nh_addr_is_set(&s->entries[i].nbma))
			take_entry(g, &s->entries[i]);
}

static void take_self(struct graph *g, const struct dmvpn_nl_dev *dev,
		      const struct dmvpn_nl_inet *inets, size_t n)
{
	size_t i;

	cli_ifname(dev->ifindex, g->ifname);
	g->nbma = nh_addr_is_set(&dev->local4) ? dev->local4 : dev->local6;
	for (i = 0; i < n; i++)
		if (inets[i].ifindex == dev->ifindex &&
		    (!nh_addr_is_set(&g->proto) ||
		     nh_addr_is_linklocal6(&g->proto)))
			g->proto = inets[i].addr;
}

/* Nodes do not move any more. */
static void connect_relays(struct graph *g)
{
	size_t i, k;

	for (i = 0; i < g->n; i++) {
		struct graph_node *node = &g->nodes[i];

		for (k = 0; k < g->n && nh_addr_is_set(&node->relay); k++)
			if (nh_addr_equal(&g->nodes[k].nbma, &node->relay) &&
			    k != i && !node->via)
				node->via = &g->nodes[k];
	}
}

int graph_build(struct graph *g, const struct snapshot *s,
		const struct dmvpn_nl_dev *dev,
		const struct dmvpn_nl_inet *inets, size_t n_inets,
		size_t limit)
{
	bool hubs = false, clients = false;
	size_t i;

	*g = (struct graph){ .n = 0 };
	g->nodes = calloc(s->n_peers + 1, sizeof(*g->nodes));
	if (!g->nodes)
		return -ENOMEM;
	take_self(g, dev, inets, n_inets);
	take_peers(g, s, dev->ifindex);
	take_entries(g, s, dev->ifindex);
	for (i = 0; i < g->n; i++) {
		hubs |= g->nodes[i].role == GRAPH_HUB;
		clients |= g->nodes[i].role == GRAPH_CLIENT;
	}
	g->centre = clients || !hubs;
	qsort(g->nodes, g->n, sizeof(*g->nodes), by_weight);
	if (g->n > limit) {
		g->left_out = g->n - limit;
		g->n = limit;
	}
	for (i = 0; i < g->n; i++)
		if (g->nodes[i].tx + g->nodes[i].rx > g->most)
			g->most = g->nodes[i].tx + g->nodes[i].rx;
	connect_relays(g);
	return 0;
}

void graph_free(struct graph *g)
{
	free(g->nodes);
	*g = (struct graph){ .n = 0 };
}

char *graph_bytes(uint64_t bytes, char buf[GRAPH_BYTES_LEN])
{
	static const char *const units[] = {
		"kB", "MB", "GB", "TB", "PB", "EB"
	};
	unsigned int unit = 0;

	if (bytes < 1000) {
		snprintf(buf, GRAPH_BYTES_LEN, "%" PRIu64 " B", bytes);
		return buf;
	}
	for (; bytes >= 1000000; bytes /= 1000)
		unit++;
	snprintf(buf, GRAPH_BYTES_LEN, "%" PRIu64 ".%" PRIu64 " %s",
		 bytes / 1000, bytes % 1000 / 100, units[unit]);
	return buf;
}

static unsigned int bits(uint64_t n)
{
	unsigned int count = 0;

	for (; n; n >>= 1)
		count++;
	return count;
}

/* By the logarithm: one who has a thousandth is to be seen, too. */
unsigned int graph_width(const struct graph *g, const struct graph_node *node)
{
	if (!g->most)
		return 1;
	return 1 + (WIDTH_MAX - 1) * bits(node->tx + node->rx) / bits(g->most);
}

const char *graph_way_name(enum graph_way way)
{
	return way == GRAPH_DIRECT ? "direct" :
	       way == GRAPH_RELAYED ? "relayed" : "unsecured";
}

const char *graph_way_color(enum graph_way way)
{
	return way == GRAPH_DIRECT ? "#2a7f3f" :
	       way == GRAPH_RELAYED ? "#c77700" : "#b3261e";
}
