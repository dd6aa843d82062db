/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mesh as one node knows it: a device, its peers, and what is between. */
#ifndef CLI_GRAPH_H
#define CLI_GRAPH_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/addr.h"

struct dmvpn_nl_dev;
struct dmvpn_nl_inet;
struct snapshot;

/**
 * enum graph_role - what a peer is
 * @GRAPH_HUB: a server of this device
 * @GRAPH_CLIENT: registered with this device
 * @GRAPH_PEER: any other
 */
enum graph_role {
	GRAPH_HUB,
	GRAPH_CLIENT,
	GRAPH_PEER,
};

/**
 * enum graph_way - how packets get to a peer
 * @GRAPH_DIRECT: by themselves
 * @GRAPH_RELAYED: by a server
 * @GRAPH_UNSECURED: not yet: there is no security association
 */
enum graph_way {
	GRAPH_DIRECT,
	GRAPH_RELAYED,
	GRAPH_UNSECURED,
};

/**
 * struct graph_node - a peer
 * @proto: its tunnel address, or empty
 * @nbma: its NBMA address
 * @if_id: xfrm interface id, 0 without one
 * @role: enum graph_role
 * @way: enum graph_way
 * @relay: NBMA address of the server that relays, or empty
 * @via: the node of that server, or NULL
 * @tx: octets sent to it
 * @rx: octets received from it
 */
struct graph_node {
	struct nh_addr proto;
	struct nh_addr nbma;
	uint32_t if_id;
	enum graph_role role;
	enum graph_way way;
	struct nh_addr relay;
	const struct graph_node *via;
	uint64_t tx;
	uint64_t rx;
};

/**
 * struct graph - a device and its peers
 * @ifname: of the device
 * @proto: its tunnel address, or empty
 * @nbma: its NBMA address, or empty
 * @centre: it is a server itself, or has none
 * @nodes: hubs first, then by traffic
 * @n: number of nodes that are drawn
 * @left_out: number of those that are not
 * @most: most octets of a node
 */
struct graph {
	char ifname[IFNAMSIZ];
	struct nh_addr proto;
	struct nh_addr nbma;
	bool centre;
	struct graph_node *nodes;
	size_t n;
	size_t left_out;
	uint64_t most;
};

/**
 * graph_build() - make the graph of a device
 * @snapshot: with peers and entries
 * @dev: the device, of the snapshot
 * @inets: addresses of all devices
 * @n_inets: their number
 * @limit: most nodes
 *
 * Return: 0, @g is for graph_free(); -ENOMEM.
 */
int graph_build(struct graph *g, const struct snapshot *snapshot,
		const struct dmvpn_nl_dev *dev,
		const struct dmvpn_nl_inet *inets, size_t n_inets,
		size_t limit);

void graph_free(struct graph *g);

/* Room for a number of octets as people write it. */
#define GRAPH_BYTES_LEN	24

/** graph_bytes() - "0 B", "1.5 kB"; returns @buf */
char *graph_bytes(uint64_t bytes, char buf[GRAPH_BYTES_LEN]);

/** graph_width() - of a line for so much traffic: 1 to 6 */
unsigned int graph_width(const struct graph *g, const struct graph_node *node);

/** graph_way_name() - in a word */
const char *graph_way_name(enum graph_way way);

/** graph_way_color() - of its lines */
const char *graph_way_color(enum graph_way way);

/** graph_dot() - write graphs in the language of graphviz */
void graph_dot(FILE *out, const struct graph *list, size_t n);

/** graph_svg() - draw graphs; 0 or -ENOMEM */
int graph_svg(FILE *out, const struct graph *list, size_t n);

#endif /* CLI_GRAPH_H */
