// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn show ipsec: what is known of the security associations. */
#include <stdlib.h>
#include <time.h>

#include "cli/cmd.h"
#include "cli/ipsec_join.h"
#include "cli/show.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"
#include "genl/sa.h"

static const struct arg args[] = {
	TARGET_DEVS,
	{ .name = NULL },
};

/**
 * struct kernel_facts - what the kernel knows, for free()
 * @devs: all devices
 * @peers: those of all devices
 * @sas: the security associations of the network namespace
 * @changed: some table changed while it was read: DMVPN_NL_CHANGED, or 0
 */
struct kernel_facts {
	struct ipsec_dev *devs;
	struct dmvpn_nl_peer *peers;
	struct dmvpn_nl_sa *sas;
	int changed;
};

static int read_devs(struct cli *cli, struct kernel_facts *k, size_t *n)
{
	struct dmvpn_nl_dev *devs;
	size_t i;
	int err;

	err = dmvpn_nl_dev_dump(cli->nl, &devs, n);
	if (err < 0)
		return cli_refused(cli, cli->nl, err, "devices");
	k->changed |= err;
	k->devs = calloc(*n + 1, sizeof(*k->devs));
	for (i = 0; k->devs && i < *n; i++) {
		k->devs[i].ifindex = devs[i].ifindex;
		k->devs[i].local4 = devs[i].local4;
		k->devs[i].local6 = devs[i].local6;
		cli_ifname(devs[i].ifindex, k->devs[i].name);
	}
	free(devs);
	return k->devs ? 0 : cli_fail(cli, CLI_REFUSED, "out of memory");
}

static int read_kernel(struct cli *cli, struct kernel_facts *k,
		       struct ipsec_tables *t)
{
	int code, err;

	code = read_devs(cli, k, &t->n_devs);
	if (code)
		return code;
	err = dmvpn_nl_peer_dump(cli->nl, 0, &k->peers, &t->n_peers);
	if (err < 0)
		return cli_refused(cli, cli->nl, err, "peers");
	k->changed |= err;
	err = dmvpn_nl_sa_dump(cli->xfrm, &k->sas, &t->n_sas);
	if (err < 0)
		return cli_refused(cli, cli->xfrm, err,
				   "security associations");
	k->changed |= err;
	t->devs = k->devs;
	t->peers = k->peers;
	t->sas = k->sas;
	return 0;
}

static int run(struct cli *cli)
{
	struct kernel_facts k = { .devs = NULL };
	struct ipsec_tables t = { .devs = NULL };
	int code;

	code = cli_devices(cli, &cli->args.v[0], &t.ifindex);
	if (!code)
		code = cli_xfrm(cli);
	if (!code)
		code = read_kernel(cli, &k, &t);
	if (!code) {
		code = show_ipsec(cli, &t, time(NULL));
		show_changed(cli, k.changed);
	}
	free(k.devs);
	free(k.peers);
	free(k.sas);
	return code;
}

const struct cmd cmd_show_ipsec = {
	.name = "show ipsec",
	.args = args,
	.run = run,
	.json = true,
	.doc = "show the security associations, and what IKE knows of them",
};
