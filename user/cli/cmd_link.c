// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn link add|set|del: the devices themselves. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_link.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"

static int run_add(struct cli *cli)
{
	const char *name = cli->args.v[0].text;
	struct dmvpn_nl_link link = { 0 };
	int err;

	snprintf(link.name, sizeof(link.name), "%s", name);
	err = link_request(cli, &link);
	if (!err)
		err = cli_route(cli);
	if (err)
		return err;
	err = dmvpn_nl_link_add(cli->route, &link);
	/* The kernel's word for a kind that no module brings. */
	if (err == -EOPNOTSUPP &&
	    !strcmp(dmvpn_nl_error(cli->route), "Unknown device type"))
		return cli_fail(cli, CLI_NO_SERVICE,
				"the kernel does not know dmvpn: module dmvpn is not loaded");
	return err ? cli_refused(cli, cli->route, err, name) : CLI_OK;
}

const struct cmd cmd_link_add = {
	.name = "link add",
	.args = link_add_args,
	.run = run_add,
	.doc = "create a device",
};

static int run_set(struct cli *cli)
{
	const char *name = cli->args.v[0].text;
	struct dmvpn_nl_link link = { 0 };
	int err;

	err = link_request(cli, &link);
	if (err)
		return err;
	if (!link.present)
		return cli_fail(cli, CLI_USAGE, "nothing to change");
	err = cli_dmvpn_link(cli, name, &link.ifindex);
	/* Its index would be one of there. */
	if (!err && link.link && link_is_elsewhere(cli, link.ifindex))
		err = cli_fail(cli, CLI_REFUSED,
			       "underlay: that of %s is in another network namespace",
			       name);
	if (err)
		return err;
	err = dmvpn_nl_link_set(cli->route, &link);
	return err ? cli_refused(cli, cli->route, err, name) : CLI_OK;
}

const struct cmd cmd_link_set = {
	.name = "link set",
	.args = link_set_args,
	.run = run_set,
	.doc = "change a device",
};

static const struct arg del_args[] = {
	{ .name = "NAME", .kind = ARG_IFNAME, .positional = true,
	  .needed = true, .offer = OFFER_DMVPN, .doc = "name of the device" },
	{ .name = NULL },
};

static int run_del(struct cli *cli)
{
	const char *name = cli->args.v[0].text;
	uint32_t ifindex;
	int err;

	err = cli_dmvpn_link(cli, name, &ifindex);
	if (err)
		return err;
	err = dmvpn_nl_link_del(cli->route, ifindex);
	return err ? cli_refused(cli, cli->route, err, name) : CLI_OK;
}

const struct cmd cmd_link_del = {
	.name = "link del",
	.args = del_args,
	.run = run_del,
	.doc = "remove a device with all it holds",
};
