// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn multicast add|del: who gets copies of multicast packets. */
#include "cli/cmd.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_mcast.h"

static const struct arg args[] = {
	{ .name = "NBMA", .kind = ARG_ADDR, .positional = true,
	  .needed = true, .offer = OFFER_PEER,
	  .doc = "NBMA address of the peer" },
	TARGET_IF_ID,
	TARGET_DEV,
	{ .name = NULL },
};

static int run(struct cli *cli,
	       int (*change)(struct dmvpn_nl *nl, uint32_t ifindex,
			     const struct nh_addr *nbma, uint32_t if_id))
{
	const struct arg_value *v = cli->args.v;
	uint32_t ifindex;
	int err;

	err = cli_device(cli, &v[2], &ifindex);
	if (err)
		return err;
	err = change(cli->nl, ifindex, &v[0].addr, v[1].number);
	return err ? cli_refused(cli, cli->nl, err, v[0].text) : CLI_OK;
}

static int run_add(struct cli *cli)
{
	return run(cli, dmvpn_nl_mcast_add);
}

const struct cmd cmd_multicast_add = {
	.name = "multicast add",
	.args = args,
	.run = run_add,
	.doc = "send a peer copies of multicast packets",
};

static int run_del(struct cli *cli)
{
	return run(cli, dmvpn_nl_mcast_del);
}

const struct cmd cmd_multicast_del = {
	.name = "multicast del",
	.args = args,
	.run = run_del,
	.doc = "send a peer no more copies of multicast packets",
};
