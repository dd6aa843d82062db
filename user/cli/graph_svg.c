// SPDX-License-Identifier: GPL-2.0-or-later
/* Graphs as a drawing that needs nothing else. */
#include <errno.h>
#include <stdlib.h>

#include "cli/graph.h"
#include "cli/graph_layout.h"
#include "lib/utf8.h"

/* Around the circle, for labels; above it, for the heading; at the end. */
#define MARGIN		190.0
#define HEADING		40.0
#define LEGEND		40.0

#define DOT		7.0

/**
 * struct panel - the part of the drawing that a device has
 * @g: the device
 * @layout: places of its nodes
 * @top: where it begins
 */
struct panel {
	const struct graph *g;
	struct graph_layout *layout;
	double top;
};

static double size_of(const struct panel *p)
{
	return 2 * (p->layout->radius + MARGIN);
}

static void put_escaped(FILE *out, const char *text)
{
	size_t len;

	for (; *text; text += len) {
		len = nh_utf8_len(text);
		switch (len == 1 ? *text : 0) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		default:
			/* XML has no control characters, even escaped. */
			if (len > 1 || (len == 1 && *text >= ' '))
				fwrite(text, 1, len, out);
			else
				fputc('?', out);
		}
		len = len ?: 1;
	}
}

/* The name that people know it by. */
static const struct nh_addr *name_of(const struct graph_node *node)
{
	return nh_addr_is_set(&node->proto) ? &node->proto : &node->nbma;
}

static void put_title(FILE *out, const struct graph_node *node)
{
	char name[NH_ADDR_STRLEN], nbma[NH_ADDR_STRLEN], via[NH_ADDR_STRLEN];
	char tx[GRAPH_BYTES_LEN], rx[GRAPH_BYTES_LEN];

	fprintf(out, "<title>%s at %s: %s",
		nh_addr_format(name_of(node), name, sizeof(name)),
		nh_addr_format(&node->nbma, nbma, sizeof(nbma)),
		graph_way_name(node->way));
	if (node->way == GRAPH_RELAYED && nh_addr_is_set(&node->relay))
		fprintf(out, " via %s",
			nh_addr_format(&node->relay, via, sizeof(via)));
	fprintf(out, ", %s sent, %s received</title>",
		graph_bytes(node->tx, tx), graph_bytes(node->rx, rx));
}

static void put_line(FILE *out, const struct panel *p, size_t i)
{
	const struct graph_node *node = &p->g->nodes[i];
	const struct graph_place *to = &p->layout->nodes[i];
	const struct graph_place *from =
		node->via ? &p->layout->nodes[node->via - p->g->nodes] :
			    &p->layout->self;
	char tx[GRAPH_BYTES_LEN], rx[GRAPH_BYTES_LEN];

	fprintf(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke-width=\"%u\">",
		graph_way_name(node->way), from->x, from->y, to->x, to->y,
		graph_width(p->g, node));
	put_title(out, node);
	fputs("</line>\n", out);
	if (p->layout->crowded || !(node->tx + node->rx))
		return;
	/* Nearer to the peer, where lines are farther from each other. */
	fprintf(out, "<text class=\"traffic\" x=\"%.1f\" y=\"%.1f\">%s / %s</text>\n",
		from->x + (to->x - from->x) * 0.6,
		from->y + (to->y - from->y) * 0.6,
		graph_bytes(node->tx, tx), graph_bytes(node->rx, rx));
}

/* Two lines of text: below a node of the middle, outside of one on the circle. */
static void put_label(FILE *out, const struct panel *p,
		      const struct graph_place *at, const char *first,
		      const char *second)
{
	bool left = at->x < -1;
	double out_x = at->centre ? 0 : left ? -12 : 12;
	double down = at->centre ? 22 : 0;

	if (p->layout->crowded && !at->centre) {
		/* Along the radius, and never upside down. */
		fprintf(out, "<text transform=\"translate(%.1f %.1f) rotate(%.1f)\" x=\"%d\" y=\"3\" text-anchor=\"%s\">",
			at->x, at->y, left ? at->angle - 180 : at->angle,
			left ? -12 : 12, left ? "end" : "start");
		put_escaped(out, first);
		fputs("</text>\n", out);
		return;
	}
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">",
		at->x + out_x, at->y + down,
		at->centre ? "middle" : left ? "end" : "start");
	put_escaped(out, first);
	fprintf(out, "<tspan x=\"%.1f\" dy=\"13\">", at->x + out_x);
	put_escaped(out, second);
	fputs("</tspan></text>\n", out);
}

static void put_node(FILE *out, const struct panel *p, size_t i)
{
	static const char *const classes[] = {
		[GRAPH_HUB] = "hub",
		[GRAPH_CLIENT] = "client",
		[GRAPH_PEER] = "peer",
	};
	const struct graph_node *node = &p->g->nodes[i];
	const struct graph_place *at = &p->layout->nodes[i];
	char name[NH_ADDR_STRLEN], nbma[NH_ADDR_STRLEN];

	fprintf(out, "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.0f\">",
		classes[node->role], at->x, at->y, DOT);
	put_title(out, node);
	fputs("</circle>\n", out);
	put_label(out, p, at,
		  nh_addr_format(name_of(node), name, sizeof(name)),
		  nh_addr_format(&node->nbma, nbma, sizeof(nbma)));
}

static void put_self(FILE *out, const struct panel *p)
{
	const struct graph_place *at = &p->layout->self;
	char proto[NH_ADDR_STRLEN], nbma[NH_ADDR_STRLEN];

	fprintf(out, "<rect class=\"self\" x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" height=\"%.0f\"/>\n",
		at->x - DOT - 1, at->y - DOT - 1, 2 * DOT + 2, 2 * DOT + 2);
	put_label(out, p, at,
		  nh_addr_format(&p->g->proto, proto, sizeof(proto)),
		  nh_addr_format(&p->g->nbma, nbma, sizeof(nbma)));
}

static void put_panel(FILE *out, const struct panel *p, double width)
{
	double half = size_of(p) / 2;
	size_t i;

	fprintf(out, "<text class=\"heading\" x=\"20\" y=\"%.1f\">",
		p->top + 25);
	put_escaped(out, p->g->ifname);
	if (p->g->left_out)
		fprintf(out, ": %zu peers, and %zu more", p->g->n,
			p->g->left_out);
	fprintf(out, "</text>\n<g transform=\"translate(%.1f %.1f)\">\n",
		width / 2, p->top + HEADING + half);
	/* Lines first, so that they end below the nodes. */
	for (i = 0; i < p->g->n; i++)
		put_line(out, p, i);
	for (i = 0; i < p->g->n; i++)
		put_node(out, p, i);
	put_self(out, p);
	fputs("</g>\n", out);
}

static void put_head(FILE *out, double width, double height)
{
	enum graph_way way;

	fprintf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\">\n"
		"<title>dmvpn</title>\n<style>\n"
		"text { font: 11px sans-serif; fill: #222; stroke: #fff; stroke-width: 3px; paint-order: stroke }\n"
		".heading { font-size: 15px; font-weight: bold }\n"
		".traffic { font-size: 9px; fill: #555; text-anchor: middle }\n"
		"circle, .self { stroke: #222; fill: #fff }\n"
		".hub { fill: #f2c94c }\n.client { fill: #9ec5fe }\n"
		".self { fill: #222 }\n", width, height, width, height);
	for (way = GRAPH_DIRECT; way <= GRAPH_UNSECURED; way++)
		fprintf(out, ".%s { stroke: %s%s }\n", graph_way_name(way),
			graph_way_color(way),
			way == GRAPH_DIRECT ? "" :
			way == GRAPH_RELAYED ? "; stroke-dasharray: 8 5" :
					       "; stroke-dasharray: 2 4");
	fprintf(out, "</style>\n<rect width=\"%.0f\" height=\"%.0f\" fill=\"#fff\"/>\n",
		width, height);
}

static void put_legend(FILE *out, double y)
{
	enum graph_way way;
	unsigned int x = 20;

	for (way = GRAPH_DIRECT; way <= GRAPH_UNSECURED; way++, x += 130)
		fprintf(out, "<line class=\"%s\" x1=\"%u\" y1=\"%.1f\" x2=\"%u\" y2=\"%.1f\" stroke-width=\"2\"/>"
			"<text x=\"%u\" y=\"%.1f\">%s</text>\n",
			graph_way_name(way), x, y, x + 40, y, x + 48, y + 4,
			graph_way_name(way));
}

static void put_all(FILE *out, const struct panel *panels, size_t n)
{
	double width = 2 * MARGIN, height = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (size_of(&panels[i]) > width)
			width = size_of(&panels[i]);
		height = panels[i].top + HEADING + size_of(&panels[i]);
	}
	put_head(out, width, height + LEGEND);
	for (i = 0; i < n; i++)
		put_panel(out, &panels[i], width);
	put_legend(out, height + LEGEND / 2);
	fputs("</svg>\n", out);
}

int graph_svg(FILE *out, const struct graph *list, size_t n)
{
	struct panel *panels = calloc(n + 1, sizeof(*panels));
	int err = panels ? 0 : -ENOMEM;
	double top = 0;
	size_t i;

	for (i = 0; i < n && !err; i++) {
		panels[i] = (struct panel){
			.g = &list[i],
			.layout = graph_layout_new(&list[i]),
			.top = top,
		};
		if (panels[i].layout)
			top += HEADING + size_of(&panels[i]);
		else
			err = -ENOMEM;
	}
	if (!err)
		put_all(out, panels, n);
	for (i = 0; panels && i < n; i++)
		free(panels[i].layout);
	free(panels);
	return err;
}
