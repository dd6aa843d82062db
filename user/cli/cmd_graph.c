// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn graph: the mesh as this node knows it, to be drawn. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/graph.h"
#include "cli/show.h"
#include "cli/snapshot.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/inet.h"
#include "genl/nl_dev.h"

enum {
	ARG_DEV,
	ARG_FORMAT,
	ARG_PEERS,
};

enum {
	FORMAT_DOT,
	FORMAT_SVG,
};

/* What eyes can follow; and what a drawing can hold. */
#define PEERS		200
#define PEERS_MAX	2000

static const struct arg_word formats[] = {
	{ "dot", FORMAT_DOT },
	{ "svg", FORMAT_SVG },
	{ NULL, 0 },
};

static const struct arg args[] = {
	[ARG_DEV] = TARGET_DEVS,
	[ARG_FORMAT] = {
		.name = "format", .kind = ARG_WORD, .words = formats,
		.doc = "dot for graphviz, which is the default, or a drawing" },
	[ARG_PEERS] = {
		.name = "peers", .kind = ARG_NUMBER, .min = 1,
		.max = PEERS_MAX,
		.doc = "most peers of a device that are drawn, default 200" },
	{ .name = NULL },
};

static int build(struct cli *cli, struct snapshot *s, struct graph *list,
		 size_t limit)
{
	struct dmvpn_nl_inet *inets = NULL;
	size_t i, n = 0;
	int err;

	err = dmvpn_nl_inet_dump(cli->route, 0, &inets, &n);
	if (err < 0)
		return cli_refused(cli, cli->route, err, "addresses");
	s->changed += err > 0;
	err = 0;
	for (i = 0; i < s->n_devs && !err; i++)
		err = graph_build(&list[i], s, &s->devs[i], inets, n, limit);
	free(inets);
	return err ? cli_fail(cli, CLI_REFUSED, "out of memory") : 0;
}

static int draw(struct cli *cli, struct snapshot *s)
{
	const struct arg_value *v = cli->args.v;
	struct graph *list = calloc(s->n_devs + 1, sizeof(*list));
	size_t i, limit = v[ARG_PEERS].set ? v[ARG_PEERS].number : PEERS;
	int code, err = 0;

	if (!list)
		return cli_fail(cli, CLI_REFUSED, "out of memory");
	code = build(cli, s, list, limit);
	if (!code && v[ARG_FORMAT].number == FORMAT_SVG)
		err = graph_svg(cli->out, list, s->n_devs);
	else if (!code)
		graph_dot(cli->out, list, s->n_devs);
	if (!code && !err && (fflush(cli->out) || ferror(cli->out)))
		err = -EIO;
	if (err)
		code = cli_fail(cli, CLI_REFUSED, "output: %s",
				strerror(-err));
	for (i = 0; i < s->n_devs; i++)
		graph_free(&list[i]);
	free(list);
	return code;
}

static int run(struct cli *cli)
{
	struct snapshot s = { .kernel = false };
	uint32_t ifindex;
	int code;

	code = cli_devices(cli, &cli->args.v[ARG_DEV], &ifindex);
	if (!code)
		code = snapshot_read(cli, ifindex, SNAPSHOT_PEERS |
				     SNAPSHOT_ENTRIES, &s);
	if (!code)
		code = draw(cli, &s);
	if (!code && s.changed)
		show_changed(cli, DMVPN_NL_CHANGED);
	snapshot_free(&s);
	return code;
}

const struct cmd cmd_graph = {
	.name = "graph",
	.args = args,
	.run = run,
	.doc = "draw the peers, and how packets get to them",
};
