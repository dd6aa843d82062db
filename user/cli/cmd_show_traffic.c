// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn show traffic: the daemon's counters of NHRP packets. */
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

static bool is_zero(struct json_object *o)
{
	return json_object_is_type(o, json_type_int) &&
	       !json_object_get_uint64(o);
}

/* Text has room for what was counted only; but each type of packet is told. */
static void leave_out_zeros(struct json_object *facts)
{
	json_object_object_foreach(facts, key, value) {
		if (json_object_is_type(value, json_type_object))
			leave_out_zeros(value);
		else if (is_zero(value))
			json_object_object_del(facts, key);
	}
}

static void shorten(struct json_object *facts)
{
	static const char *const whole[] = { "in", "out", "forwarded" };
	struct json_object *kept[3] = { NULL };
	size_t i;

	for (i = 0; i < 3; i++) {
		if (!json_object_object_get_ex(facts, whole[i], &kept[i]))
			continue;
		kept[i] = json_object_get(kept[i]);
		json_object_object_add(facts, whole[i], NULL);
	}
	leave_out_zeros(facts);
	for (i = 0; i < 3; i++)
		if (kept[i])
			json_object_object_add(facts, whole[i], kept[i]);
	/* What the codes add up to. */
	json_object_object_del(facts, "errors_in");
	json_object_object_del(facts, "errors_out");
}

static int show(struct cli *cli, struct json_object *reply, const char *ifname)
{
	struct json_object *list;
	struct print *p;
	size_t i, n;

	if (!json_object_object_get_ex(reply, "stats", &list) ||
	    !json_object_is_type(list, json_type_array))
		return cli_fail(cli, CLI_REFUSED, "dmvpnd: senseless answer");
	n = json_object_array_length(list);
	p = print_new(cli->out, cli->json, PRINT_RECORD);
	for (i = 0; p && i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (!facts_about(o, ifname))
			continue;
		if (!cli->json)
			shorten(o);
		print_row(p);
		facts_print(p, o, false);
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
		code = ctl_command(cli, "stats", false, &reply);
	if (code)
		return code;
	code = show(cli, reply, dev->set ? dev->text : NULL);
	json_object_put(reply);
	return code;
}

const struct cmd cmd_show_traffic = {
	.name = "show traffic",
	.args = args,
	.run = run,
	.json = true,
	.doc = "show NHRP packets, answers, errors and refusals by dmvpnd",
};
