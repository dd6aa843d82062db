// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn show traffic: the daemon's counters of NHRP packets. */
#include <json-c/json.h>

#include "cli/cmd.h"
#include "cli/target.h"
#include "cli/told.h"

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

static int run(struct cli *cli)
{
	static const struct told told = {
		.command = "stats",
		.member = "stats",
		.layout = PRINT_RECORD,
		.change = shorten,
	};

	return told_show(cli, &told);
}

const struct cmd cmd_show_traffic = {
	.name = "show traffic",
	.args = args,
	.run = run,
	.json = true,
	.doc = "show NHRP packets, answers, errors and refusals by dmvpnd",
};
