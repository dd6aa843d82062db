// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands: finding, carrying out, and what all of them say in the same way. */
#include "cli/cmd.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/print.h"
#include "genl/dmvpn_nl.h"

/* Of usage texts, in columns. */
#define WIDTH	79

const struct cmd *const cmd_table[] = {
	&cmd_link_add,
	&cmd_link_set,
	&cmd_link_del,
	&cmd_link_show,
	&cmd_show,
	&cmd_show_shortcuts,
	&cmd_show_peers,
	&cmd_show_ipsec,
	&cmd_show_nhs,
	&cmd_show_stats,
	&cmd_show_traffic,
	&cmd_show_multicast,
	&cmd_graph,
	&cmd_metrics,
	&cmd_doctor,
	&cmd_clear_nhrp,
	&cmd_clear_shortcuts,
	&cmd_clear_nhs,
	&cmd_clear_ipsec,
	&cmd_clear_counters,
	&cmd_cache_add,
	&cmd_cache_del,
	&cmd_cache_flush,
	&cmd_peer_set,
	&cmd_peer_del,
	&cmd_multicast_add,
	&cmd_multicast_del,
	&cmd_monitor,
	&cmd_events,
	&cmd_debug,
	&cmd_import_ios,
	&cmd_import_frr,
	&cmd_help,
	&cmd_version,
	&cmd_complete,
	NULL,
};

/* How many words of @name stand at the beginning of @argv, all or none. */
static int words_of(const char *name, int argc, char **argv)
{
	int n;

	for (n = 0; *name; n++) {
		size_t len = strcspn(name, " ");

		if (n == argc || strlen(argv[n]) != len ||
		    strncmp(argv[n], name, len))
			return 0;
		name += len;
		name += *name == ' ';
	}
	return n;
}

const struct cmd *cmd_find(int argc, char **argv, int *words)
{
	const struct cmd *const *c;
	const struct cmd *best = NULL;

	*words = 0;
	for (c = cmd_table; *c; c++) {
		int n = words_of((*c)->name, argc, argv);

		if (n > *words) {
			*words = n;
			best = *c;
		}
	}
	return best;
}

void cmd_usage(const struct cmd *cmd, FILE *out)
{
	const struct arg *arg;
	char text[128];
	int column;

	column = fprintf(out, "dmvpn %s%s", cmd->json ? "[-j] " : "",
			 cmd->name);
	for (arg = cmd->args; arg->name; arg++) {
		arg_usage(arg, text, sizeof(text));
		if (column + 1 + strlen(text) > WIDTH) {
			fputs("\n       ", out);
			column = 7;
		}
		column += fprintf(out, " %s", text);
	}
	fputc('\n', out);
}

bool cmd_begins_with(const struct cmd *cmd, int argc, char **argv)
{
	const char *name = cmd->name;
	int i;

	for (i = 0; i < argc && *name; i++) {
		size_t len = strcspn(name, " ");

		if (strlen(argv[i]) != len || strncmp(argv[i], name, len))
			return false;
		name += len;
		name += *name == ' ';
	}
	return i == argc;
}

int cmd_list(int argc, char **argv, const struct cmd *except, FILE *out)
{
	const struct cmd *const *c;
	int n = 0;

	for (c = cmd_table; *c; c++) {
		if ((*c)->hidden || *c == except ||
		    !cmd_begins_with(*c, argc, argv))
			continue;
		if (out)
			cmd_usage(*c, out);
		n++;
	}
	return n;
}

static void __attribute__((format(printf, 2, 0)))
complain(struct cli *cli, const char *fmt, va_list ap)
{
	fprintf(cli->err, "dmvpn: %s%s", cli->cmd ? cli->cmd->name : "",
		cli->cmd ? ": " : "");
	vfprintf(cli->err, fmt, ap);
	fputc('\n', cli->err);
}

int cli_fail(struct cli *cli, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(cli, fmt, ap);
	va_end(ap);
	return code;
}

void cli_note(struct cli *cli, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(cli, fmt, ap);
	va_end(ap);
}

int cli_refused(struct cli *cli, const struct dmvpn_nl *nl, int err,
		const char *what)
{
	int code = CLI_REFUSED;

	if (err == -ENODEV || err == -ENOENT || err == -EMEDIUMTYPE ||
	    err == -EADDRNOTAVAIL)
		code = CLI_NOT_FOUND;
	return cli_fail(cli, code, "%s: %s", what, dmvpn_nl_error(nl));
}

int cli_end(struct cli *cli, struct print *p)
{
	int err = print_end(p);

	if (err)
		return cli_fail(cli, CLI_REFUSED, "output: %s",
				strerror(-err));
	return CLI_OK;
}

/* Options may stand anywhere: no word of a command begins with "-". */
static int take_options(struct cli *cli, int argc, char **argv, bool *help)
{
	int kept = 0;
	int i;

	for (i = 0; i < argc; i++) {
		if (!strcmp(argv[i], "-j") || !strcmp(argv[i], "--json"))
			cli->json = true;
		else if (!strcmp(argv[i], "-h") || !strcmp(argv[i], "--help"))
			*help = true;
		else if (argv[i][0] == '-' && argv[i][1])
			return -cli_fail(cli, CLI_USAGE,
					 "unknown option \"%.64s\"", argv[i]);
		else
			argv[kept++] = argv[i];
	}
	return kept;
}

void cmd_next_words(int argc, char **argv,
		    void (*fn)(void *arg, const char *word), void *arg)
{
	const struct cmd *const *c;
	char before[32] = "";

	for (c = cmd_table; *c; c++) {
		const char *word = (*c)->name;
		char next[32];
		int i;

		if ((*c)->hidden || !cmd_begins_with(*c, argc, argv))
			continue;
		for (i = 0; i < argc && word; i++) {
			word = strchr(word, ' ');
			word = word ? word + 1 : NULL;
		}
		if (!word)
			continue;
		snprintf(next, sizeof(next), "%.*s", (int)strcspn(word, " "),
			 word);
		/* Commands of one first word stand together. */
		if (strcmp(next, before))
			fn(arg, next);
		memcpy(before, next, sizeof(before));
	}
}

static void name_word(void *arg, const char *word)
{
	fprintf(arg, " %s", word);
}

/* Names the words that could stand where the command line stops to make sense. */
static int unknown(struct cli *cli, int argc, char **argv)
{
	int known = argc && cmd_list(1, argv, NULL, NULL) ? 1 : 0;

	fprintf(cli->err, "dmvpn: %s%sexpected one of", known ? argv[0] : "",
		known ? ": " : "");
	cmd_next_words(known, argv, name_word, cli->err);
	if (argc > known)
		fprintf(cli->err, ", got \"%.64s\"\n", argv[known]);
	else
		fputs(", got nothing\n", cli->err);
	return CLI_USAGE;
}

/* "-h" anywhere asks for help with what was given. */
static void ask_help(struct cli *cli, int argc, char **argv, int words)
{
	memset(&cli->args, 0, sizeof(cli->args));
	cli->args.rest = argv;
	cli->args.n_rest = words ? words : argc;
	cli->cmd = &cmd_help;
}

int cli_parse(struct cli *cli, int argc, char **argv)
{
	char error[ARG_ERROR_LEN];
	bool want_help = false;
	int words;

	/* What is to be completed may be an option, or anything. */
	cli->cmd = cmd_find(argc, argv, &words);
	if (cli->cmd == &cmd_complete) {
		cli->args.rest = argv + words;
		cli->args.n_rest = argc - words;
		return CLI_OK;
	}
	cli->cmd = NULL;

	argc = take_options(cli, argc, argv, &want_help);
	if (argc < 0)
		return -argc;
	cli->cmd = cmd_find(argc, argv, &words);
	if (want_help) {
		ask_help(cli, argc, argv, words);
		return CLI_OK;
	}
	if (!cli->cmd)
		return unknown(cli, argc, argv);
	if (cli->json && !cli->cmd->json)
		return cli_fail(cli, CLI_USAGE, "-j: this command has no JSON");
	if (!arg_parse(cli->cmd->args, argc - words, argv + words, &cli->args,
		       error))
		return CLI_OK;
	cli_fail(cli, CLI_USAGE, "%s", error);
	fprintf(cli->err, "try \"dmvpn help %s\"\n", cli->cmd->name);
	return CLI_USAGE;
}

int cli_run(int argc, char **argv, FILE *out, FILE *err)
{
	struct cli cli = { .out = out, .err = err };
	int code = cli_parse(&cli, argc, argv);

	if (!code)
		code = cli.cmd->run(&cli);
	if (!code && (fflush(out) || ferror(out)))
		code = cli_fail(&cli, CLI_REFUSED, "output: %s",
				strerror(EIO));
	dmvpn_nl_free(cli.nl);
	dmvpn_nl_free(cli.route);
	dmvpn_nl_free(cli.xfrm);
	return code;
}
