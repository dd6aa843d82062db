// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn help and version. */
#include "cli/cmd.h"
#include "lib/version.h"

static const struct arg help_args[] = {
	{ .name = "COMMAND", .kind = ARG_TEXT, .positional = true,
	  .offer = OFFER_COMMAND, .doc = "the command to explain" },
	{ .name = NULL },
};

static const struct arg no_args[] = {
	{ .name = NULL },
};

static void explain_arg(const struct arg *arg, FILE *out)
{
	char expected[ARG_ERROR_LEN];

	arg_expected(arg, expected, sizeof(expected));
	fprintf(out, "  %-18s %s", arg->name, arg->doc);
	if (*expected && arg->kind != ARG_ADDR && arg->kind != ARG_TEXT &&
	    arg->kind != ARG_PATH)
		fprintf(out, "\n  %-18s (%s)", "", expected);
	fputc('\n', out);
}

static void explain(const struct cmd *cmd, FILE *out)
{
	const struct arg *arg;

	cmd_usage(cmd, out);
	fprintf(out, "\n%s\n", cmd->doc);
	for (arg = cmd->args; arg->name; arg++)
		explain_arg(arg, out);
	fputc('\n', out);
}

static void overview(FILE *out)
{
	const struct cmd *const *c;

	fputs("dmvpn shows and changes DMVPN devices. The commands are:\n\n",
	      out);
	for (c = cmd_table; *c; c++) {
		if (!(*c)->hidden)
			fprintf(out, "  %-16s %s\n", (*c)->name, (*c)->doc);
	}
	fputs("\n\"dmvpn help COMMAND\" tells what a command takes; -j prints JSON.\n",
	      out);
}

static int run_help(struct cli *cli)
{
	const struct cmd *cmd;
	int words;

	if (!cli->args.n_rest) {
		overview(cli->out);
		return CLI_OK;
	}
	cmd = cmd_find(cli->args.n_rest, cli->args.rest, &words);
	if (cmd && (words != cli->args.n_rest || cmd->hidden))
		cmd = NULL;
	if (cmd)
		explain(cmd, cli->out);
	if (cmd_list(cli->args.n_rest, cli->args.rest, cmd, cli->out) || cmd)
		return CLI_OK;
	return cli_fail(cli, CLI_USAGE, "unknown command \"%.64s\"",
			cli->args.rest[0]);
}

const struct cmd cmd_help = {
	.name = "help",
	.args = help_args,
	.run = run_help,
	.doc = "explain a command, or list them all",
};

static int run_version(struct cli *cli)
{
	fprintf(cli->out, "dmvpn %s\n", DMVPN_VERSION);
	return CLI_OK;
}

const struct cmd cmd_version = {
	.name = "version",
	.args = no_args,
	.run = run_version,
	.doc = "print the version of this command",
};
