// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that show what the daemon tells of its devices. */
#include "cli/told.h"

#include <json-c/json.h>

#include "cli/cmd.h"
#include "cli/ctl.h"
#include "cli/facts.h"
#include "cli/target.h"

static int print_list(struct cli *cli, const struct told *told,
		      struct json_object *reply, const char *ifname)
{
	struct json_object *list;
	struct print *p;
	size_t i, n;

	if (!json_object_object_get_ex(reply, told->member, &list) ||
	    !json_object_is_type(list, json_type_array))
		return cli_fail(cli, CLI_REFUSED, "dmvpnd: senseless answer");
	n = json_object_array_length(list);
	p = print_new(cli->out, cli->json, told->layout);
	for (i = 0; p && i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (!facts_about(o, ifname))
			continue;
		if (told->change && !cli->json)
			told->change(o);
		print_row(p);
		facts_print(p, o, told->layout == PRINT_TABLE);
	}
	return cli_end(cli, p);
}

int told_show(struct cli *cli, const struct told *told)
{
	const struct arg_value *dev = &cli->args.v[0];
	struct json_object *reply;
	uint32_t ifindex;
	int code = 0;

	if (dev->set)
		code = cli_dmvpn_link(cli, dev->text, &ifindex);
	if (!code)
		code = ctl_command(cli, told->command, false, &reply);
	if (code)
		return code;
	code = print_list(cli, told, reply, dev->set ? dev->text : NULL);
	json_object_put(reply);
	return code;
}
