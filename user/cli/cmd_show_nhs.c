// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn show nhs: the servers a device is a client of, as the daemon sees it. */
#include "cli/cmd.h"
#include "cli/target.h"
#include "cli/told.h"

static const struct arg args[] = {
	TARGET_DEVS,
	{ .name = NULL },
};

static int run(struct cli *cli)
{
	static const struct told told = {
		.command = "nhs",
		.member = "nhs",
		.layout = PRINT_TABLE,
	};

	return told_show(cli, &told);
}

const struct cmd cmd_show_nhs = {
	.name = "show nhs",
	.args = args,
	.run = run,
	.json = true,
	.doc = "show the servers that devices register with",
};
