// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn clear: have dmvpnd forget what it has learned. */
#include <json-c/json.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/ctl.h"
#include "cli/print.h"
#include "cli/target.h"

#define ARG_PEER \
	{ .name = "peer", .kind = ARG_ADDR, .offer = OFFER_PEER, \
	  .doc = "only what is of this NBMA address" }

static const struct arg entry_args[] = {
	{ .name = "PREFIX", .kind = ARG_PREFIX, .positional = true,
	  .offer = OFFER_PREFIX, .doc = "only entries inside of it" },
	ARG_PEER,
	TARGET_DEVS,
	{ .name = NULL },
};

static const struct arg dev_args[] = {
	TARGET_DEVS,
	{ .name = NULL },
};

static const struct arg nhs_args[] = {
	{ .name = "ADDRESS", .kind = ARG_ADDR, .positional = true,
	  .doc = "only the server with this tunnel address" },
	TARGET_DEVS,
	{ .name = NULL },
};

static const struct arg ipsec_args[] = {
	{ .name = "NBMA", .kind = ARG_ADDR, .positional = true,
	  .needed = true, .offer = OFFER_PEER,
	  .doc = "NBMA address of the peer" },
	TARGET_DEVS,
	{ .name = NULL },
};

/* What the daemon calls the arguments. */
static const char *key_of(const struct arg *arg)
{
	static const struct {
		const char *name;
		const char *key;
	} keys[] = {
		{ "PREFIX", "prefix" },
		{ "ADDRESS", "address" },
		{ "NBMA", "peer" },
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].name, arg->name))
			return keys[i].key;
	return arg->name;
}

/*
 * @chosen: whether something else than a device was named. NULL without memory:
 * with less than what was named, more would be cleared.
 */
static struct json_object *make_request(const struct cli *cli, bool *chosen)
{
	const char *what = strchr(cli->cmd->name, ' ') + 1;
	struct json_object *request = json_object_new_object();
	const struct arg *args = cli->cmd->args;
	int i, err;

	*chosen = false;
	if (!request)
		return NULL;
	err = ctl_add_text(request, "cmd", "clear") |
	      ctl_add_text(request, "what", what);
	for (i = 0; args[i].name; i++) {
		if (!cli->args.v[i].set)
			continue;
		*chosen |= strcmp(args[i].name, "dev") != 0;
		err |= ctl_add_text(request, key_of(&args[i]),
				    cli->args.v[i].text);
	}
	if (err) {
		json_object_put(request);
		request = NULL;
	}
	return request;
}

static uint64_t number(struct json_object *reply, const char *key)
{
	struct json_object *o;

	return json_object_object_get_ex(reply, key, &o) ?
	       json_object_get_uint64(o) : 0;
}

static int tell(struct cli *cli, struct json_object *reply, bool chosen)
{
	uint64_t cleared = number(reply, "cleared");
	struct json_object *type;
	struct print *p;

	if (!cleared && chosen && number(reply, "kept") &&
	    json_object_object_get_ex(reply, "kept_type", &type))
		return cli_fail(cli, CLI_REFUSED,
				"of type %s: what is configured stays",
				json_object_get_string(type) ?: "unknown");
	if (!cleared && chosen)
		return cli_fail(cli, CLI_NOT_FOUND, "nothing of the kind");
	p = print_new(cli->out, cli->json, PRINT_LINE);
	if (p) {
		print_row(p);
		print_number(p, "cleared", "cleared", cleared);
		if (cli->cmd->args == entry_args) {
			print_number(p, "kept", "kept", number(reply, "kept"));
			print_number(p, "purges", "purges",
				     number(reply, "purges"));
		}
	}
	return cli_end(cli, p);
}

static int run(struct cli *cli)
{
	const struct arg *args = cli->cmd->args;
	struct json_object *request, *reply;
	uint32_t ifindex;
	bool chosen;
	int i, code;

	for (i = 0; args[i].name; i++) {
		if (strcmp(args[i].name, "dev") || !cli->args.v[i].set)
			continue;
		code = cli_dmvpn_link(cli, cli->args.v[i].text, &ifindex);
		if (code)
			return code;
	}
	request = make_request(cli, &chosen);
	if (!request)
		return cli_fail(cli, CLI_REFUSED, "out of memory");
	code = ctl_request(cli, request, false, &reply);
	json_object_put(request);
	if (code)
		return code;
	code = tell(cli, reply, chosen);
	json_object_put(reply);
	return code;
}

const struct cmd cmd_clear_nhrp = {
	.name = "clear nhrp",
	.args = entry_args,
	.run = run,
	.json = true,
	.doc = "forget cache entries that were learned, and tell who was told",
};

const struct cmd cmd_clear_shortcuts = {
	.name = "clear shortcuts",
	.args = entry_args,
	.run = run,
	.json = true,
	.doc = "forget cache entries that were learned by asking",
};

const struct cmd cmd_clear_nhs = {
	.name = "clear nhs",
	.args = nhs_args,
	.run = run,
	.json = true,
	.doc = "register anew with the servers, at once",
};

const struct cmd cmd_clear_ipsec = {
	.name = "clear ipsec",
	.args = ipsec_args,
	.run = run,
	.json = true,
	.doc = "close the IKE and ESP security associations with a peer",
};

const struct cmd cmd_clear_counters = {
	.name = "clear counters",
	.args = dev_args,
	.run = run,
	.json = true,
	.doc = "set the counters of show traffic to 0",
};
