/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places of the nodes of a graph. */
#ifndef CLI_GRAPH_LAYOUT_H
#define CLI_GRAPH_LAYOUT_H

#include <stdbool.h>

struct graph;

/**
 * struct graph_place - where a node is
 * @x: from the middle to the right
 * @y: from the middle down
 * @angle: seen from the middle, in degrees, 0 is to the right
 * @centre: in the middle, among those that the others depend on
 */
struct graph_place {
	double x;
	double y;
	double angle;
	bool centre;
};

/**
 * struct graph_layout - places of all nodes, for free()
 * @radius: of the circle that all are in
 * @crowded: nodes are too close together for labels side by side
 * @self: the device itself
 * @nodes: by the index of the node
 */
struct graph_layout {
	double radius;
	bool crowded;
	struct graph_place self;
	struct graph_place nodes[];
};

/** graph_layout_new() - hubs in the middle, the others on a circle; NULL without memory */
struct graph_layout *graph_layout_new(const struct graph *g);

#endif /* CLI_GRAPH_LAYOUT_H */
