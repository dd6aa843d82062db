// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn show peers|multicast: the NBMA endpoints. */
#include <json-c/json.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/columns.h"
#include "cli/ctl.h"
#include "cli/groups.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/show.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_peer.h"

static const struct arg args[] = {
	TARGET_DEVS,
	{ .name = NULL },
};

static struct columns columns_of(const struct dmvpn_nl_peer *peers, size_t n)
{
	struct columns c = { .device = NULL };
	size_t i;

	for (i = 0; i < n; i++)
		columns_see(&c, peers[i].ifindex, peers[i].if_id);
	return c;
}

static void print_key(struct print *p, const struct dmvpn_nl_peer *peer,
		      const char *ifname, struct columns columns)
{
	print_row(p);
	print_text(p, "ifname", columns.device, ifname);
	print_addr(p, "nbma", "NBMA", &peer->nbma);
	print_number(p, "if_id", columns.if_id, peer->if_id);
	print_text(p, "state", "STATE",
		   names_of(names_peer_state, peer->state));
}

static void print_traffic(struct print *p, const struct dmvpn_nl_peer *peer)
{
	print_number(p, "tx_packets", "TX", peer->tx_packets);
	print_number(p, "tx_bytes", NULL, peer->tx_bytes);
	print_number(p, "tx_dropped", "TX-DROP", peer->tx_dropped);
	if (DMVPN_NL_HAS(peer, DMVPN_A_PEER_TX_IDLE))
		print_duration(p, "tx_idle_ms", "TX-IDLE", peer->tx_idle);
	else
		print_instead(p, "TX-IDLE", "never");
	print_number(p, "rx_packets", "RX", peer->rx_packets);
	print_number(p, "rx_bytes", NULL, peer->rx_bytes);
	print_number(p, "rx_dropped", "RX-DROP", peer->rx_dropped);
	if (DMVPN_NL_HAS(peer, DMVPN_A_PEER_RX_IDLE))
		print_duration(p, "rx_idle_ms", "RX-IDLE", peer->rx_idle);
	else
		print_instead(p, "RX-IDLE", "never");
}

/* The column is there when a client has named a group. */
static void print_group(struct print *p, const struct dmvpn_nl_peer *peer,
			const char *ifname, const struct groups *groups)
{
	const char *heading = groups && groups->n ? "GROUP" : NULL;
	const char *name = NULL;

	if (groups)
		name = groups_find(groups, ifname, &peer->nbma, peer->if_id);
	if (name)
		print_text(p, "group", heading, name);
	else
		print_null(p, NULL, heading);
}

int show_peers(struct cli *cli, const struct dmvpn_nl_peer *peers, size_t n,
	       const struct groups *groups)
{
	struct print *p = print_new(cli->out, cli->json, PRINT_TABLE);
	struct columns columns = columns_of(peers, n);
	struct cli_device device = { 0 };
	size_t i;

	for (i = 0; p && i < n; i++) {
		const struct dmvpn_nl_peer *peer = &peers[i];
		const char *ifname = cli_device_name(&device, peer->ifindex);

		print_key(p, peer, ifname, columns);
		print_flags(p, "flags", "FLAGS", peer->flags, names_peer_flags,
			    NAMES_PEER_FLAGS);
		print_onoff(p, "multicast", "MULTICAST", peer->mcast);
		print_number(p, "preference", "PREF", peer->preference);
		print_number(p, "entries", "ENTRIES", peer->entries);
		print_number_or(p, "mtu", "MTU", peer->mtu,
				peer->mtu ? NULL : "-");
		print_traffic(p, peer);
		print_group(p, peer, ifname, groups);
		print_duration(p, "age_ms", "AGE", peer->age);
	}
	return cli_end(cli, p);
}

int show_multicast(struct cli *cli, const struct dmvpn_nl_peer *peers, size_t n)
{
	struct print *p = print_new(cli->out, cli->json, PRINT_TABLE);
	struct columns columns = columns_of(peers, n);
	struct cli_device device = { 0 };
	size_t i;

	for (i = 0; p && i < n; i++) {
		if (!peers[i].mcast)
			continue;
		print_key(p, &peers[i],
			  cli_device_name(&device, peers[i].ifindex), columns);
		print_flags(p, "flags", "FLAGS", peers[i].flags,
			    names_peer_flags, NAMES_PEER_FLAGS);
		print_number(p, "entries", "ENTRIES", peers[i].entries);
		print_duration(p, "age_ms", "AGE", peers[i].age);
	}
	return cli_end(cli, p);
}

static int run(struct cli *cli,
	       int (*show)(struct cli *cli, const struct dmvpn_nl_peer *peers,
			   size_t n))
{
	struct dmvpn_nl_peer *peers;
	uint32_t ifindex;
	int code, err;
	size_t n;

	code = cli_devices(cli, &cli->args.v[0], &ifindex);
	if (code)
		return code;
	err = dmvpn_nl_peer_dump(cli->nl, ifindex, &peers, &n);
	if (err < 0)
		return cli_refused(cli, cli->nl, err, "peers");
	code = show(cli, peers, n);
	show_changed(cli, err);
	free(peers);
	return code;
}

/* The kernel knows its peers without the daemon as well. */
static int show_with_groups(struct cli *cli, const struct dmvpn_nl_peer *peers,
			    size_t n)
{
	struct groups groups = { .list = NULL };
	struct json_object *reply = NULL;
	int code;

	if (ctl_command(cli, "groups", true, &reply) == 0 &&
	    groups_read(&groups, reply))
		code = cli_fail(cli, CLI_REFUSED, "out of memory");
	else
		code = show_peers(cli, peers, n, &groups);
	groups_free(&groups);
	json_object_put(reply);
	return code;
}

static int run_peers(struct cli *cli)
{
	return run(cli, show_with_groups);
}

const struct cmd cmd_show_peers = {
	.name = "show peers",
	.args = args,
	.run = run_peers,
	.json = true,
	.doc = "show the NBMA endpoints and their traffic",
};

static int run_multicast(struct cli *cli)
{
	return run(cli, show_multicast);
}

const struct cmd cmd_show_multicast = {
	.name = "show multicast",
	.args = args,
	.run = run_multicast,
	.json = true,
	.doc = "show which peers get copies of multicast packets",
};
