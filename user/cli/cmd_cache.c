// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn cache add|del|flush: the bindings of prefixes to peers. */
#include <linux/dmvpn.h>

#include "cli/cmd.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_cache.h"

enum add_arg {
	ADD_PREFIX,
	ADD_NBMA,
	ADD_IF_ID,
	ADD_TYPE,
	ADD_HOLDTIME,
	ADD_MTU,
	ADD_PREFERENCE,
	ADD_CLAIMED,
	ADD_PROTOCOL,
	ADD_UNIQUE,
	ADD_NAT,
	ADD_REFRESH,
	ADD_REPLACE,
	ADD_DEV,
};

static const struct arg add_args[] = {
	{ .name = "PREFIX", .kind = ARG_PREFIX, .positional = true,
	  .needed = true, .doc = "tunnel address, or prefix behind a peer" },
	{ .name = "nbma", .kind = ARG_ADDR, .offer = OFFER_PEER,
	  .doc = "NBMA address of the peer; not for incomplete and negative" },
	TARGET_IF_ID,
	{ .name = "type", .kind = ARG_WORD, .words = names_entry_type,
	  .doc = "how the entry came to be; static" },
	{ .name = "holdtime", .kind = ARG_NUMBER, .value = "S",
	  .max = UINT32_MAX, .doc = "seconds it lives; 0, for ever" },
	{ .name = "mtu", .kind = ARG_NUMBER, .max = UINT16_MAX,
	  .doc = "largest packet in octets; 0, no limit" },
	{ .name = "preference", .kind = ARG_NUMBER, .max = UINT8_MAX,
	  .doc = "preference of the CIE" },
	{ .name = "claimed", .kind = ARG_ADDR,
	  .doc = "NBMA address the peer claims behind a NAT" },
	{ .name = "protocol", .kind = ARG_ADDR,
	  .doc = "tunnel address of the peer that serves the prefix" },
	{ .name = "unique", .kind = ARG_FLAG,
	  .doc = "registered as unique" },
	{ .name = "nat", .kind = ARG_FLAG, .doc = "the peer is behind a NAT" },
	{ .name = "refresh", .kind = ARG_FLAG,
	  .doc = "have the daemon renew it while it is used" },
	{ .name = "replace", .kind = ARG_FLAG,
	  .doc = "replace an entry of the same prefix" },
	TARGET_DEV,
	{ .name = NULL },
};

static int run_add(struct cli *cli)
{
	const struct arg_value *v = cli->args.v;
	struct dmvpn_nl_entry entry = {
		.prefix = v[ADD_PREFIX].prefix,
		.nbma = v[ADD_NBMA].addr,
		.if_id = v[ADD_IF_ID].number,
		.type = DMVPN_ENTRY_TYPE_STATIC,
		.holding_time = v[ADD_HOLDTIME].number,
		.mtu = v[ADD_MTU].number,
		.preference = v[ADD_PREFERENCE].number,
		.claimed = v[ADD_CLAIMED].addr,
		.protocol = v[ADD_PROTOCOL].addr,
	};
	enum dmvpn_nl_entry_mode mode = DMVPN_NL_ENTRY_CREATE;
	int err;

	if (v[ADD_TYPE].set)
		entry.type = v[ADD_TYPE].number;
	if (v[ADD_UNIQUE].set)
		entry.flags |= DMVPN_ENTRY_FLAGS_UNIQUE;
	if (v[ADD_NAT].set)
		entry.flags |= DMVPN_ENTRY_FLAGS_NAT;
	if (v[ADD_REFRESH].set)
		entry.flags |= DMVPN_ENTRY_FLAGS_REFRESH;
	if (v[ADD_REPLACE].set)
		mode = DMVPN_NL_ENTRY_ANY;

	err = cli_device(cli, &v[ADD_DEV], &entry.ifindex);
	if (err)
		return err;
	err = dmvpn_nl_entry_set(cli->nl, &entry, mode);
	return err ? cli_refused(cli, cli->nl, err, v[ADD_PREFIX].text) :
		     CLI_OK;
}

const struct cmd cmd_cache_add = {
	.name = "cache add",
	.args = add_args,
	.run = run_add,
	.doc = "add a cache entry",
};

static const struct arg del_args[] = {
	{ .name = "PREFIX", .kind = ARG_PREFIX, .positional = true,
	  .needed = true, .offer = OFFER_PREFIX,
	  .doc = "exactly the prefix of the entry" },
	TARGET_DEV,
	{ .name = NULL },
};

static int run_del(struct cli *cli)
{
	const struct arg_value *v = cli->args.v;
	uint32_t ifindex;
	int err;

	err = cli_device(cli, &v[1], &ifindex);
	if (err)
		return err;
	err = dmvpn_nl_entry_del(cli->nl, ifindex, &v[0].prefix);
	return err ? cli_refused(cli, cli->nl, err, v[0].text) : CLI_OK;
}

const struct cmd cmd_cache_del = {
	.name = "cache del",
	.args = del_args,
	.run = run_del,
	.doc = "remove a cache entry",
};

enum flush_arg {
	FLUSH_PREFIX,
	FLUSH_TYPE,
	FLUSH_NBMA,
	FLUSH_IF_ID,
	FLUSH_DEV,
};

static const struct arg flush_args[] = {
	{ .name = "PREFIX", .kind = ARG_PREFIX, .positional = true,
	  .offer = OFFER_PREFIX, .doc = "only entries inside of it" },
	{ .name = "type", .kind = ARG_WORD, .words = names_entry_type,
	  .doc = "only entries of this type" },
	{ .name = "nbma", .kind = ARG_ADDR, .offer = OFFER_PEER,
	  .doc = "only entries of this peer" },
	TARGET_IF_ID,
	TARGET_DEV,
	{ .name = NULL },
};

static int run_flush(struct cli *cli)
{
	const struct arg_value *v = cli->args.v;
	struct dmvpn_nl_entry match = {
		.prefix = v[FLUSH_PREFIX].prefix,
		.type = v[FLUSH_TYPE].number,
		.nbma = v[FLUSH_NBMA].addr,
		.if_id = v[FLUSH_IF_ID].number,
	};
	struct print *p;
	uint32_t flushed;
	int err;

	if (v[FLUSH_IF_ID].set && !v[FLUSH_NBMA].set)
		return cli_fail(cli, CLI_USAGE, "if-id: only together with nbma");
	err = cli_device(cli, &v[FLUSH_DEV], &match.ifindex);
	if (err)
		return err;
	err = dmvpn_nl_entry_flush(cli->nl, &match, &flushed);
	if (err)
		return cli_refused(cli, cli->nl, err, "cache");

	p = print_new(cli->out, cli->json, PRINT_LINE);
	if (p) {
		print_row(p);
		print_number(p, "flushed", "flushed", flushed);
	}
	return cli_end(cli, p);
}

const struct cmd cmd_cache_flush = {
	.name = "cache flush",
	.args = flush_args,
	.run = run_flush,
	.json = true,
	.doc = "remove entries that match; without a match all but static ones",
};
