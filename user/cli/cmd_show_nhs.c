// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn show nhs: the servers a device is a client of, as the daemon sees it. */
#include <json-c/json.h>

#include "cli/cmd.h"
#include "cli/ctl.h"
#include "cli/facts.h"
#include "cli/print.h"
#include "cli/target.h"

static const struct arg args[] = {
	TARGET_DEVS,
	{ .name = NULL },
};

static int show_facts(struct cli *cli, struct json_object *reply,
		      const char *member, const char *ifname)
{
	struct json_object *list;
	struct print *p;
	size_t i, n;

	if (!json_object_object_get_ex(reply, member, &list) ||
	    !json_object_is_type(list, json_type_array))
		return cli_fail(cli, CLI_REFUSED, "dmvpnd: senseless answer");
	n = json_object_array_length(list);
	p = print_new(cli->out, cli->json, PRINT_TABLE);
	for (i = 0; p && i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (!facts_about(o, ifname))
			continue;
		print_row(p);
		facts_print(p, o, true);
	}
	return cli_end(cli, p);
}

static int run(struct cli *cli)
{
	const struct arg_value *dev = &cli->args.v[0];
	struct json_object *reply;
	uint32_t ifindex;
	int code = 0;

	if (dev->set)
		code = cli_dmvpn_link(cli, dev->text, &ifindex);
	if (!code)
		code = ctl_command(cli, "nhs", false, &reply);
	if (code)
		return code;
	code = show_facts(cli, reply, "nhs", dev->set ? dev->text : NULL);
	json_object_put(reply);
	return code;
}

const struct cmd cmd_show_nhs = {
	.name = "show nhs",
	.args = args,
	.run = run,
	.json = true,
	.doc = "show the servers that devices register with",
};
