// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn peer set|del: the NBMA endpoints. */
#include <errno.h>
#include <linux/dmvpn.h>

#include "cli/cmd.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_peer.h"

enum set_arg {
	SET_NBMA,
	SET_IF_ID,
	SET_NHS,
	SET_PERMANENT,
	SET_PREFERENCE,
	SET_DEV,
};

#define ARG_NBMA(offered) \
	{ .name = "NBMA", .kind = ARG_ADDR, .positional = true, \
	  .needed = true, .offer = offered, \
	  .doc = "NBMA address of the peer" }

static const struct arg set_args[] = {
	ARG_NBMA(OFFER_PEER),
	TARGET_IF_ID,
	{ .name = "nhs", .kind = ARG_WORD, .words = arg_onoff,
	  .doc = "relays packets that have no way of their own" },
	{ .name = "permanent", .kind = ARG_WORD, .words = arg_onoff,
	  .doc = "stays without cache entries and multicast use" },
	{ .name = "preference", .kind = ARG_NUMBER, .max = UINT8_MAX,
	  .doc = "of several relays the highest is taken" },
	TARGET_DEV,
	{ .name = NULL },
};

static uint32_t with_flag(uint32_t flags, uint32_t flag,
			  const struct arg_value *v)
{
	if (!v->set)
		return flags;
	return v->number ? flags | flag : flags & ~flag;
}

/* The kernel takes all flags at once: those not named stay as they are. */
static int new_flags(struct cli *cli, const struct dmvpn_nl_peer *key,
		     uint32_t *flags)
{
	const struct arg_value *v = cli->args.v;
	struct dmvpn_nl_peer old;
	int err;

	err = dmvpn_nl_peer_get(cli->nl, key->ifindex, &key->nbma, key->if_id,
				&old);
	if (err && err != -ENOENT)
		return err;
	*flags = with_flag(err ? 0 : old.flags, DMVPN_PEER_FLAGS_NHS,
			   &v[SET_NHS]);
	*flags = with_flag(*flags, DMVPN_PEER_FLAGS_PERMANENT,
			   &v[SET_PERMANENT]);
	/* The kernel would create it, and remove it as nothing keeps it. */
	return *flags ? 0 : err;
}

static int run_set(struct cli *cli)
{
	const struct arg_value *v = cli->args.v;
	struct dmvpn_nl_peer peer = {
		.nbma = v[SET_NBMA].addr,
		.if_id = v[SET_IF_ID].number,
		.preference = v[SET_PREFERENCE].number,
	};
	bool flags = v[SET_NHS].set || v[SET_PERMANENT].set;
	int err;

	if (!flags && !v[SET_PREFERENCE].set)
		return cli_fail(cli, CLI_USAGE, "nothing to change");
	err = cli_device(cli, &v[SET_DEV], &peer.ifindex);
	if (err)
		return err;
	if (v[SET_PREFERENCE].set)
		peer.present |= DMVPN_NL_BIT(DMVPN_A_PEER_PREFERENCE);
	if (flags)
		peer.present |= DMVPN_NL_BIT(DMVPN_A_PEER_FLAGS);
	err = new_flags(cli, &peer, &peer.flags);
	if (!err)
		err = dmvpn_nl_peer_set(cli->nl, &peer);
	return err ? cli_refused(cli, cli->nl, err, v[SET_NBMA].text) : CLI_OK;
}

const struct cmd cmd_peer_set = {
	.name = "peer set",
	.args = set_args,
	.run = run_set,
	.doc = "create a peer, or change what it is used as",
};

static const struct arg del_args[] = {
	ARG_NBMA(OFFER_PEER),
	TARGET_IF_ID,
	TARGET_DEV,
	{ .name = NULL },
};

static int run_del(struct cli *cli)
{
	const struct arg_value *v = cli->args.v;
	uint32_t ifindex;
	int err;

	err = cli_device(cli, &v[2], &ifindex);
	if (err)
		return err;
	err = dmvpn_nl_peer_del(cli->nl, ifindex, &v[0].addr, v[1].number);
	return err ? cli_refused(cli, cli->nl, err, v[0].text) : CLI_OK;
}

const struct cmd cmd_peer_del = {
	.name = "peer del",
	.args = del_args,
	.run = run_del,
	.doc = "remove a peer with its entries and its multicast use",
};
