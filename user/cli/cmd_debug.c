// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn debug: what dmvpnd writes into its log. */
#include <json-c/json.h>

#include "cli/cmd.h"
#include "cli/ctl.h"
#include "cli/facts.h"
#include "cli/print.h"
#include "lib/log.h"

enum debug_arg {
	DEBUG_PEER,
	DEBUG_TUNNEL,
	DEBUG_DEV,
	DEBUG_REMOVE,
	DEBUG_LEVEL,
};

static const struct arg_word all[] = { { "all", 0 }, { NULL, 0 } };

static const struct arg_word levels[] = {
	{ "error", NH_LOG_ERROR },
	{ "warning", NH_LOG_WARNING },
	{ "info", NH_LOG_INFO },
	{ "debug", NH_LOG_DEBUG },
	{ NULL, 0 },
};

static const struct arg args[] = {
	{ .name = "peer", .kind = ARG_ADDR, .words = all, .offer = OFFER_PEER,
	  .doc = "debug lines about this NBMA address only; all: no conditions" },
	{ .name = "tunnel", .kind = ARG_PREFIX, .offer = OFFER_PREFIX,
	  .doc = "debug lines about packets of these tunnel addresses only" },
	{ .name = "dev", .kind = ARG_IFNAME, .offer = OFFER_DMVPN,
	  .doc = "debug lines about this device only" },
	{ .name = "remove", .kind = ARG_FLAG,
	  .doc = "the conditions that are named end" },
	{ .name = "level", .kind = ARG_WORD, .words = levels,
	  .doc = "least important lines that are written" },
	{ .name = NULL },
};

static int add(struct json_object *o, const char *key,
	       const struct arg_value *v)
{
	if (!v->set)
		return 0;
	return ctl_add_text(o, key, v->text);
}

static int print_state(struct cli *cli, struct json_object *reply)
{
	struct print *p = print_new(cli->out, cli->json, PRINT_LINE);

	if (p) {
		json_object_object_del(reply, "ok");
		print_row(p);
		facts_print(p, reply, false);
	}
	return cli_end(cli, p);
}

static int run(struct cli *cli)
{
	struct json_object *request = json_object_new_object();
	const struct arg_value *v = cli->args.v;
	struct json_object *reply;
	int code;

	if (v[DEBUG_REMOVE].set && !v[DEBUG_PEER].set &&
	    !v[DEBUG_TUNNEL].set && !v[DEBUG_DEV].set) {
		json_object_put(request);
		return cli_fail(cli, CLI_USAGE,
				"remove: only together with peer, tunnel or dev");
	}
	if (!request ||
	    ctl_add_text(request, "cmd", "debug") ||
	    add(request, "peer", &cli->args.v[DEBUG_PEER]) ||
	    add(request, "tunnel", &cli->args.v[DEBUG_TUNNEL]) ||
	    add(request, "dev", &cli->args.v[DEBUG_DEV]) ||
	    (cli->args.v[DEBUG_REMOVE].set &&
	     ctl_add(request, "remove", json_object_new_boolean(true))) ||
	    add(request, "level", &cli->args.v[DEBUG_LEVEL])) {
		json_object_put(request);
		return cli_fail(cli, CLI_REFUSED, "out of memory");
	}
	code = ctl_request(cli, request, false, &reply);
	json_object_put(request);
	if (code)
		return code;
	code = print_state(cli, reply);
	json_object_put(reply);
	return code;
}

const struct cmd cmd_debug = {
	.name = "debug",
	.args = args,
	.run = run,
	.json = true,
	.doc = "set what dmvpnd writes into its log, and show it",
};
