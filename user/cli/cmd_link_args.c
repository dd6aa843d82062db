// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments of "link add" and "link set", and the request made of them. */
#include <net/if.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/cmd_link.h"
#include "cli/names.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"
#include "genl/netdev.h"
#include "lib/mtu.h"

static const struct arg_word none[] = { { "none", 0 }, { NULL, 0 } };
static const struct arg_word inherit_ttl[] = { { "inherit", 0 }, { NULL, 0 } };
static const struct arg_word inherit_tos[] = { { "inherit", 1 }, { NULL, 0 } };

/* As the kernel has it */
#define LIMIT_MAX	(1 << 24)

#define NUMBER(text, least, most, what) \
	{ .name = text, .kind = ARG_NUMBER, .min = least, .max = most, \
	  .doc = what }
#define WORD(text, list, what) \
	{ .name = text, .kind = ARG_WORD, .words = list, .doc = what }

/* In the order of enum link_arg. */
#define SHARED_ARGS \
	{ .name = "underlay", .kind = ARG_IFNAME, .value = "DEV", \
	  .words = none, .offer = OFFER_DEVICE, \
	  .doc = "device that has the address, and whose VRF has the routes" }, \
	{ .name = "local", .kind = ARG_ADDRS, \
	  .doc = "own NBMA address, one a family; 0.0.0.0 or ::, the underlay's" }, \
	{ .name = "key", .kind = ARG_NUMBER, .max = UINT32_MAX, \
	  .words = none, .doc = "GRE key; 0 is a key" }, \
	{ .name = "ttl", .kind = ARG_NUMBER, .min = 1, .max = UINT8_MAX, \
	  .words = inherit_ttl, .doc = "outer TTL or hop limit" }, \
	{ .name = "tos", .kind = ARG_NUMBER, .max = UINT8_MAX, \
	  .words = inherit_tos, .doc = "outer TOS or traffic class" }, \
	WORD("df", names_df, "don't-fragment bit of outer IPv4 packets"), \
	NUMBER("fwmark", 0, UINT32_MAX, "mark of outer packets"), \
	NUMBER("network-id", 0, UINT32_MAX, "NHRP network identifier"), \
	WORD("protection", names_protection, "whether ESP is demanded"), \
	WORD("redirect", arg_onoff, "notice packets that take a detour"), \
	WORD("shortcut", arg_onoff, "use shortcuts"), \
	WORD("strict-source", arg_onoff, \
	     "drop packets whose inner source is not the peer's"), \
	NUMBER("max-peers", 1, LIMIT_MAX, "most peers"), \
	NUMBER("max-entries", 1, LIMIT_MAX, "most cache entries"), \
	NUMBER("max-multicast", 0, LIMIT_MAX, "most multicast peers"), \
	NUMBER("hold-queue", 0, 4096, "most packets held"), \
	NUMBER("upcall-rate", 1, 1000000, "most resolve upcalls a second"), \
	NUMBER("redirect-rate", 1, 1000000, "most redirect upcalls a second"), \
	{ .name = "redirect-interval", .kind = ARG_NUMBER, .value = "MS", \
	  .min = 1, .max = 3600000, \
	  .doc = "least time between redirects of one flow" }, \
	NUMBER("mtu", 68, NH_MTU_MAX, "largest inner packet in octets"), \
	{ .name = "up", .kind = ARG_FLAG, .doc = "bring the device up" }

enum link_arg {
	LINK_UNDERLAY = 1,
	LINK_LOCAL,
	LINK_KEY,
	LINK_TTL,
	LINK_TOS,
	LINK_DF,
	LINK_FWMARK,
	LINK_NETWORK_ID,
	LINK_PROTECTION,
	LINK_REDIRECT,
	LINK_SHORTCUT,
	LINK_STRICT_SOURCE,
	LINK_MAX_PEERS,
	LINK_MAX_ENTRIES,
	LINK_MAX_MCAST,
	LINK_HOLD_QUEUE,
	LINK_UPCALL_RATE,
	LINK_REDIRECT_RATE,
	LINK_REDIRECT_INTERVAL,
	LINK_MTU,
	LINK_UP,
	LINK_DOWN,
};

const struct arg link_add_args[] = {
	{ .name = "NAME", .kind = ARG_IFNAME, .positional = true,
	  .needed = true, .doc = "name of the new device" },
	SHARED_ARGS,
	{ .name = NULL },
};

const struct arg link_set_args[] = {
	{ .name = "NAME", .kind = ARG_IFNAME, .positional = true,
	  .needed = true, .offer = OFFER_DMVPN, .doc = "name of the device" },
	SHARED_ARGS,
	{ .name = "down", .kind = ARG_FLAG, .doc = "take the device down" },
	{ .name = NULL },
};

/* Where the number of an argument goes. */
#define MEMBER(ARG, ATTR, member) \
	{ LINK_##ARG, DMVPN_NL_BIT(IFLA_DMVPN_##ATTR), \
	  offsetof(struct dmvpn_nl_link, member), \
	  sizeof(((struct dmvpn_nl_link *)0)->member) }

static const struct {
	enum link_arg arg;
	uint64_t bit;
	size_t offset;
	size_t size;
} members[] = {
	MEMBER(TTL, TTL, ttl),
	MEMBER(TOS, TOS, tos),
	MEMBER(DF, DF, df),
	MEMBER(FWMARK, FWMARK, fwmark),
	MEMBER(NETWORK_ID, NETWORK_ID, network_id),
	MEMBER(PROTECTION, PROTECTION, protection),
	MEMBER(REDIRECT, REDIRECT, redirect),
	MEMBER(SHORTCUT, SHORTCUT, shortcut),
	MEMBER(STRICT_SOURCE, STRICT_SOURCE, strict_source),
	MEMBER(MAX_PEERS, MAX_PEERS, max_peers),
	MEMBER(MAX_ENTRIES, MAX_ENTRIES, max_entries),
	MEMBER(MAX_MCAST, MAX_MCAST, max_mcast),
	MEMBER(HOLD_QUEUE, HOLD_QUEUE, hold_queue),
	MEMBER(UPCALL_RATE, UPCALL_RATE, upcall_rate),
	MEMBER(REDIRECT_RATE, REDIRECT_RATE, redirect_rate),
	MEMBER(REDIRECT_INTERVAL, REDIRECT_INTERVAL, redirect_interval),
};

static void take_numbers(const struct arg_value *v, struct dmvpn_nl_link *link)
{
	size_t i;

	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		char *member = (char *)link + members[i].offset;
		uint64_t number = v[members[i].arg].number;

		if (!v[members[i].arg].set)
			continue;
		link->present |= members[i].bit;
		if (members[i].size == sizeof(uint8_t))
			*(uint8_t *)member = number;
		else
			*(uint32_t *)member = number;
	}
}

static void take_key(const struct arg_value *key, struct dmvpn_nl_link *link)
{
	if (!key->set)
		return;
	if (key->word) {
		link->no_key = true;
		link->present |= DMVPN_NL_BIT(IFLA_DMVPN_NO_KEY);
	} else {
		link->key = key->number;
		link->present |= DMVPN_NL_BIT(IFLA_DMVPN_KEY);
	}
}

static void take_local(const struct arg_value *local,
		       struct dmvpn_nl_link *link)
{
	if (nh_addr_is_set(&local->addr)) {
		link->local4 = local->addr;
		link->present |= DMVPN_NL_BIT(IFLA_DMVPN_LOCAL4);
	}
	if (nh_addr_is_set(&local->addr6)) {
		link->local6 = local->addr6;
		link->present |= DMVPN_NL_BIT(IFLA_DMVPN_LOCAL6);
	}
}

bool link_is_elsewhere(struct cli *cli, uint32_t ifindex)
{
	struct dmvpn_nl_netdev dev;

	return !dmvpn_nl_netdev_get(cli->route, ifindex, &dev) &&
	       dev.elsewhere;
}

int link_request(struct cli *cli, struct dmvpn_nl_link *link)
{
	const struct arg_value *v = cli->args.v;
	const struct arg_value *underlay = &v[LINK_UNDERLAY];

	if (v[LINK_UP].set && v[LINK_DOWN].set)
		return cli_fail(cli, CLI_USAGE, "down: contradicts up");
	if (underlay->set) {
		if (!underlay->word)
			link->link = if_nametoindex(underlay->text);
		if (!underlay->word && !link->link)
			return cli_fail(cli, CLI_NOT_FOUND,
					"underlay: no device \"%s\"",
					underlay->text);
		link->present |= DMVPN_NL_BIT(IFLA_DMVPN_LINK);
	}
	take_local(&v[LINK_LOCAL], link);
	take_key(&v[LINK_KEY], link);
	take_numbers(v, link);
	if (v[LINK_MTU].set) {
		link->mtu = v[LINK_MTU].number;
		link->present |= DMVPN_NL_LINK_MTU;
	}
	if (v[LINK_UP].set || v[LINK_DOWN].set) {
		link->up = v[LINK_UP].set;
		link->present |= DMVPN_NL_LINK_UP;
	}
	return 0;
}
