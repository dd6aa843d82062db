// SPDX-License-Identifier: GPL-2.0-or-later
/* Places of the nodes of a graph: two circles, one inside of the other. */
#include "cli/graph_layout.h"

#include <math.h>
#include <stdlib.h>

#include "cli/graph.h"

#define RADIUS_MIN	180.0

/* Along the circle: room for a line of text across it, and for a label. */
#define NODE_ROOM	16.0
#define HUB_ROOM	150.0

/* So many have room for labels side by side. */
#define CROWD		24

/**
 * struct circle - places being given away
 * @radius: of it
 * @n: number of places
 * @next: the one that is given away next
 */
struct circle {
	double radius;
	size_t n;
	size_t next;
};

static double radius_for(size_t n, double room)
{
	return n * room / (2 * M_PI);
}

/* The first one is at the top, in the middle to the left; then clockwise. */
static struct graph_place place(struct circle *c, bool centre)
{
	double turn = (double)c->next++ / c->n - (centre ? 0.25 : 0);
	double angle = 2 * M_PI * turn - M_PI / 2;

	return (struct graph_place){
		.x = c->radius * cos(angle),
		.y = c->radius * sin(angle),
		.angle = 360 * turn - 90,
		.centre = centre,
	};
}

struct graph_layout *graph_layout_new(const struct graph *g)
{
	struct graph_layout *layout;
	struct circle inner = { .n = g->centre }, outer = { .n = !g->centre };
	size_t i;

	layout = calloc(1, sizeof(*layout) + g->n * sizeof(layout->nodes[0]));
	if (!layout)
		return NULL;
	for (i = 0; i < g->n; i++) {
		if (g->nodes[i].role == GRAPH_HUB)
			inner.n++;
		else
			outer.n++;
	}
	/* A single one is in the very middle. */
	inner.radius = inner.n > 1 ? fmax(60, radius_for(inner.n, HUB_ROOM)) :
				     0;
	outer.radius = fmax(RADIUS_MIN, radius_for(outer.n, NODE_ROOM));
	outer.radius = fmax(outer.radius, inner.radius + 120);
	layout->radius = outer.radius;
	layout->crowded = outer.n > CROWD;
	layout->self = place(g->centre ? &inner : &outer, g->centre);
	for (i = 0; i < g->n; i++) {
		bool hub = g->nodes[i].role == GRAPH_HUB;

		layout->nodes[i] = place(hub ? &inner : &outer, hub);
	}
	return layout;
}
