// SPDX-License-Identifier: GPL-2.0-or-later
/* What may come next on a command line: the tables and the kernel tell. */
#include "cli/complete.h"

#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"
#include "genl/nl_cache.h"
#include "genl/nl_peer.h"

/**
 * struct wanted - the word to be completed
 * @out: where to write what it may become
 * @begin: its beginning
 */
struct wanted {
	FILE *out;
	const char *begin;
};

static void offer(const struct wanted *w, const char *word)
{
	if (!strncmp(word, w->begin, strlen(w->begin)))
		fprintf(w->out, "%s\n", word);
}

static void offer_dmvpn(const struct wanted *w)
{
	struct dmvpn_nl *nl = dmvpn_nl_new();
	struct dmvpn_nl_link *links;
	size_t i, n;

	if (nl && !dmvpn_nl_open_route(nl) &&
	    dmvpn_nl_link_dump(nl, &links, &n) >= 0) {
		for (i = 0; i < n; i++)
			offer(w, links[i].name);
		free(links);
	}
	dmvpn_nl_free(nl);
}

static void offer_devices(const struct wanted *w)
{
	struct if_nameindex *list = if_nameindex();
	struct if_nameindex *i;

	for (i = list; i && i->if_index; i++)
		offer(w, i->if_name);
	if_freenameindex(list);
}

static void offer_peers(const struct wanted *w)
{
	struct dmvpn_nl *nl = dmvpn_nl_new();
	struct dmvpn_nl_peer *peers;
	char text[NH_ADDR_STRLEN];
	size_t i, n;

	if (nl && !dmvpn_nl_open(nl) &&
	    dmvpn_nl_peer_dump(nl, 0, &peers, &n) >= 0) {
		for (i = 0; i < n; i++)
			offer(w, nh_addr_format(&peers[i].nbma, text,
						sizeof(text)));
		free(peers);
	}
	dmvpn_nl_free(nl);
}

static void offer_prefixes(const struct wanted *w)
{
	struct dmvpn_nl *nl = dmvpn_nl_new();
	struct dmvpn_nl_entry *entries;
	char text[NH_PREFIX_STRLEN];
	size_t i, n;

	if (nl && !dmvpn_nl_open(nl) &&
	    dmvpn_nl_entry_dump(nl, 0, &entries, &n) >= 0) {
		for (i = 0; i < n; i++)
			offer(w, nh_prefix_format(&entries[i].prefix, text,
						  sizeof(text)));
		free(entries);
	}
	dmvpn_nl_free(nl);
}

static void offer_word(void *arg, const char *word)
{
	offer(arg, word);
}

static void offer_commands(struct wanted *w, int argc, char **argv)
{
	cmd_next_words(argc, argv, offer_word, w);
}

static void offer_values(struct wanted *w, const struct arg *arg)
{
	const struct arg_word *word = arg->words;

	for (; word && word->name; word++)
		offer(w, word->name);
	switch (arg->offer) {
	case OFFER_DMVPN:
		offer_dmvpn(w);
		break;
	case OFFER_DEVICE:
		offer_devices(w);
		break;
	case OFFER_PEER:
		offer_peers(w);
		break;
	case OFFER_PREFIX:
		offer_prefixes(w);
		break;
	case OFFER_COMMAND:
		offer_commands(w, 0, NULL);
		break;
	case OFFER_FILE:
		/* Shells know how: this is none, and asks them. */
		fputs("/\n", w->out);
		break;
	}
}

static const struct arg *place_left(const struct arg *table, const bool *set)
{
	const struct arg *arg;

	for (arg = table; arg->name && arg->positional; arg++) {
		if (!set[arg - table])
			return arg;
	}
	return NULL;
}

static void offer_args(struct wanted *w, const struct arg *table,
		       int argc, char **argv)
{
	const struct arg *arg, *place;
	bool set[ARGS_MAX] = { false };
	int i;

	for (i = 0; i < argc; i++) {
		place = place_left(table, set);
		arg = arg_find(table, argv[i]);
		if (place && (place->needed || !arg)) {
			set[place - table] = true;
			continue;
		}
		if (!arg)
			continue;
		set[arg - table] = arg->kind != ARG_ADDRS;
		if (arg->kind == ARG_FLAG)
			continue;
		if (++i == argc) {
			offer_values(w, arg);
			return;
		}
	}

	place = place_left(table, set);
	if (place)
		offer_values(w, place);
	if (place && place->needed)
		return;
	for (arg = table; arg->name; arg++) {
		if (!arg->positional && !set[arg - table])
			offer(w, arg->name);
	}
}

void complete_words(struct cli *cli, int argc, char **argv)
{
	struct wanted w = { .out = cli->out };
	const struct cmd *cmd;
	int words, i;

	if (!argc)
		return;
	w.begin = argv[--argc];
	if (*w.begin == '-') {
		offer(&w, "--json");
		offer(&w, "--help");
		return;
	}
	for (i = 0; i < argc; i++) {
		if (argv[i][0] != '-' || !argv[i][1])
			continue;
		memmove(&argv[i], &argv[i + 1],
			(argc - i - 1) * sizeof(argv[0]));
		argc--;
		i--;
	}

	cmd = cmd_find(argc, argv, &words);
	if (cmd == &cmd_help) {
		offer_commands(&w, argc - words, argv + words);
		return;
	}
	offer_commands(&w, argc, argv);
	if (cmd)
		offer_args(&w, cmd->args, argc - words, argv + words);
}

static const struct arg args[] = {
	{ .name = "WORD", .kind = ARG_TEXT, .positional = true,
	  .doc = "the words of a command line" },
	{ .name = NULL },
};

static int run(struct cli *cli)
{
	complete_words(cli, cli->args.n_rest, cli->args.rest);
	return CLI_OK;
}

const struct cmd cmd_complete = {
	.name = "complete",
	.args = args,
	.run = run,
	.hidden = true,
	.doc = "print what the last word may become, for shells",
};
