// SPDX-License-Identifier: GPL-2.0-or-later
/* Graphs in the language of graphviz. */
#include <ctype.h>

#include "cli/graph.h"

/* A backslash would begin an escape of graphviz' own. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', out);
		fputc(iscntrl((unsigned char)*text) ? '?' : *text, out);
	}
}

/* What a node is called: its device, and its NBMA address. */
static void put_id(FILE *out, const struct graph *g,
		   const struct graph_node *node)
{
	char text[NH_ADDR_STRLEN];

	fputc('"', out);
	put_escaped(out, g->ifname);
	if (node)
		fprintf(out, " %s",
			nh_addr_format(&node->nbma, text, sizeof(text)));
	if (node && node->if_id)
		fprintf(out, " %u", node->if_id);
	fputc('"', out);
}

static void put_self(FILE *out, const struct graph *g)
{
	char proto[NH_ADDR_STRLEN], nbma[NH_ADDR_STRLEN];

	fputs("\t\t", out);
	put_id(out, g, NULL);
	fputs(" [shape=doubleoctagon, label=\"", out);
	put_escaped(out, g->ifname);
	fprintf(out, "\\n%s\\n%s\"];\n",
		nh_addr_format(&g->proto, proto, sizeof(proto)),
		nh_addr_format(&g->nbma, nbma, sizeof(nbma)));
}

static void put_node(FILE *out, const struct graph *g,
		     const struct graph_node *node)
{
	static const char *const shapes[] = {
		[GRAPH_HUB] = "box3d",
		[GRAPH_CLIENT] = "box",
		[GRAPH_PEER] = "ellipse",
	};
	char proto[NH_ADDR_STRLEN], nbma[NH_ADDR_STRLEN];

	fputs("\t\t", out);
	put_id(out, g, node);
	fprintf(out, " [shape=%s, label=\"%s\\n%s\"];\n", shapes[node->role],
		nh_addr_format(&node->proto, proto, sizeof(proto)),
		nh_addr_format(&node->nbma, nbma, sizeof(nbma)));
}

/* What is relayed goes on from the server; the way there is the server's. */
static void put_edge(FILE *out, const struct graph *g,
		     const struct graph_node *node)
{
	static const char *const styles[] = {
		[GRAPH_DIRECT] = "solid",
		[GRAPH_RELAYED] = "dashed",
		[GRAPH_UNSECURED] = "dotted",
	};
	char tx[GRAPH_BYTES_LEN], rx[GRAPH_BYTES_LEN];

	fputs("\t\t", out);
	put_id(out, g, node->via);
	fputs(" -- ", out);
	put_id(out, g, node);
	fprintf(out, " [style=%s, color=\"%s\", penwidth=%u, label=\"%s\\n%s sent\\n%s received\"];\n",
		styles[node->way], graph_way_color(node->way),
		graph_width(g, node), graph_way_name(node->way),
		graph_bytes(node->tx, tx), graph_bytes(node->rx, rx));
}

static void put_left_out(FILE *out, const struct graph *g)
{
	if (!g->left_out)
		return;
	fputs("\t\t\"", out);
	put_escaped(out, g->ifname);
	fprintf(out, " more\" [shape=plaintext, label=\"and %zu more\"];\n",
		g->left_out);
}

void graph_dot(FILE *out, const struct graph *list, size_t n)
{
	size_t i, k;

	fputs("graph dmvpn {\n\tlayout=fdp;\n\toverlap=false;\n"
	      "\tnode [fontname=\"sans-serif\", fontsize=10];\n"
	      "\tedge [fontname=\"sans-serif\", fontsize=8];\n", out);
	for (i = 0; i < n; i++) {
		const struct graph *g = &list[i];

		fprintf(out, "\tsubgraph cluster_%zu {\n\t\tlabel=\"", i);
		put_escaped(out, g->ifname);
		fputs("\";\n", out);
		put_self(out, g);
		for (k = 0; k < g->n; k++)
			put_node(out, g, &g->nodes[k]);
		put_left_out(out, g);
		for (k = 0; k < g->n; k++)
			put_edge(out, g, &g->nodes[k]);
		fputs("\t}\n", out);
	}
	fputs("}\n", out);
}
