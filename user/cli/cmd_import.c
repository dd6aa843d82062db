// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn import: configurations for dmvpnd of those of other programs. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cmd.h"
#include "cli/import_tunnel.h"

enum import_arg {
	IMPORT_FILE,
	IMPORT_OUT,
};

#define ARGS(what) { \
	{ .name = "FILE", .kind = ARG_PATH, .positional = true, \
	  .needed = true, .offer = OFFER_FILE, \
	  .doc = what ", - is standard input" }, \
	{ .name = "out", .kind = ARG_PATH, .value = "DIRECTORY", \
	  .offer = OFFER_FILE, \
	  .doc = "write a file for each device, none of which is there yet" }, \
	{ .name = NULL }, \
}

static const struct arg ios_args[] = ARGS("running-config of a Cisco router");
static const struct arg frr_args[] = ARGS("frr.conf or nhrpd.conf");

static void print_all(const struct import *in, FILE *out)
{
	size_t i;

	for (i = 0; i < in->ntunnel; i++) {
		fprintf(out, "%s# %s.conf\n", i ? "\n" : "",
			in->tunnel[i]->device);
		import_write(in->tunnel[i], out);
	}
}

static int open_input(struct cli *cli, const char *path, FILE **file)
{
	struct stat st;
	int err = 0;

	if (!strcmp(path, "-")) {
		*file = stdin;
		return CLI_OK;
	}
	*file = fopen(path, "re");
	if (!*file)
		err = errno;
	else if (!fstat(fileno(*file), &st) && S_ISDIR(st.st_mode))
		err = EISDIR;
	if (!err)
		return CLI_OK;
	if (*file)
		fclose(*file);
	return cli_fail(cli, err == ENOENT || err == ENOTDIR ? CLI_NOT_FOUND :
			CLI_REFUSED, "%s: %s", path, strerror(err));
}

static int read_input(struct cli *cli, const char *path, const char *comments,
		      struct import *in)
{
	const char *name = strcmp(path, "-") ? path : "standard input";
	char error[512];
	FILE *file;
	int code, err;

	code = open_input(cli, path, &file);
	if (code)
		return code;
	err = import_read(in, name, file, comments, error, sizeof(error));
	if (file != stdin)
		fclose(file);
	if (err)
		return cli_fail(cli, CLI_REFUSED, "%s", error);
	return CLI_OK;
}

static int output(struct cli *cli, const struct import *in)
{
	const struct arg_value *out = &cli->args.v[IMPORT_OUT];
	char error[512];
	int err;

	if (!cli->json)
		import_report(in, cli->err);
	if (out->set && in->ntunnel) {
		err = import_save(in, out->text, error, sizeof(error));
		if (err)
			return cli_fail(cli, err == -ENOENT ? CLI_NOT_FOUND :
					CLI_REFUSED, "%s", error);
	} else if (!cli->json) {
		print_all(in, cli->out);
	}
	if (cli->json && import_json(in, cli->out))
		return cli_fail(cli, CLI_REFUSED, "output: not complete");
	if (fflush(cli->out) || ferror(cli->out))
		return cli_fail(cli, CLI_REFUSED, "output: %s",
				strerror(errno));
	if (!in->ntunnel)
		return cli_fail(cli, CLI_NOT_FOUND,
				"%s: no multipoint tunnel with NHRP in it",
				in->file);
	return CLI_OK;
}

static int run(struct cli *cli, const char *comments,
	       void (*import)(struct import *in))
{
	struct import in = { 0 };
	int code;

	code = read_input(cli, cli->args.v[IMPORT_FILE].text, comments, &in);
	if (!code) {
		import(&in);
		code = in.nomem ? cli_fail(cli, CLI_REFUSED, "out of memory") :
		       output(cli, &in);
	}
	import_free(&in);
	return code;
}

static int run_ios(struct cli *cli)
{
	return run(cli, "!", import_ios);
}

static int run_frr(struct cli *cli)
{
	return run(cli, "!#", import_frr);
}

const struct cmd cmd_import_ios = {
	.name = "import ios",
	.args = ios_args,
	.run = run_ios,
	.json = true,
	.doc = "translate the configuration of a Cisco router",
};

const struct cmd cmd_import_frr = {
	.name = "import frr",
	.args = frr_args,
	.run = run_frr,
	.json = true,
	.doc = "translate the configuration of FRR's nhrpd",
};
