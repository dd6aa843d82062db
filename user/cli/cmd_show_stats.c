// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn show stats: counters of the kernel. */
#include <json-c/json.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/counters.h"
#include "cli/ctl.h"
#include "cli/facts.h"
#include "cli/print.h"
#include "cli/show.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_dev.h"

static const struct arg args[] = {
	TARGET_DEVS,
	{ .name = NULL },
};

static void print_counters(struct print *p, const struct dmvpn_nl_dev *dev)
{
	int i;

	print_open(p, "kernel");
	for (i = 0; i <= DMVPN_A_COUNTER_MAX; i++) {
		if (counter_docs[i].name)
			print_count(p, counter_docs[i].name,
				    counter_docs[i].name, dev->counters[i],
				    counter_docs[i].doc);
	}
	print_close(p);
}

static void print_dev(struct cli *cli, struct print *p, const struct dmvpn_nl_dev *dev,
		      struct json_object *nhrp)
{
	char name[IFNAMSIZ];

	cli_ifname(dev->ifindex, name);
	print_row(p);
	print_text(p, "ifname", "device", name);
	print_number_or(p, "owner", "owner", dev->owner,
			dev->owner ? NULL : "none");
	print_addr(p, "local4", "local (IPv4)", &dev->local4);
	print_addr(p, "local6", "local (IPv6)", &dev->local6);
	print_number(p, "network_id", "network-id", dev->network_id);
	print_number(p, "peers", "peers", dev->peers);
	print_number(p, "entries", "entries", dev->entries);
	print_number(p, "multicast", "multicast peers", dev->mcast);
	print_counters(p, dev);
	/* For people that is "show traffic"; a program has it in one reading. */
	nhrp = cli->json ? facts_find(nhrp, name) : NULL;
	if (nhrp) {
		/* Has been printed. */
		json_object_object_del(nhrp, "ifname");
		print_open(p, "nhrp");
		facts_print(p, nhrp, false);
		print_close(p);
	}
}

/*
 * The kernel counts without a daemon, so that it is missing is no failure. One
 * that refuses is; but what the kernel has counted is shown all the same.
 */
int show_devs(struct cli *cli, const struct dmvpn_nl_dev *devs, size_t n)
{
	struct json_object *reply = NULL, *nhrp = NULL;
	struct print *p;
	int refused, code;
	size_t i;

	refused = cli->json ? ctl_command(cli, "stats", true, &reply) :
			      CLI_NO_SERVICE;
	if (!refused)
		json_object_object_get_ex(reply, "stats", &nhrp);
	p = print_new(cli->out, cli->json, PRINT_RECORD);
	for (i = 0; p && i < n; i++)
		print_dev(cli, p, &devs[i], nhrp);
	json_object_put(reply);
	code = cli_end(cli, p);
	return code || refused == CLI_NO_SERVICE ? code : refused;
}

static int run(struct cli *cli)
{
	struct dmvpn_nl_dev *devs, dev;
	uint32_t ifindex;
	int code, err;
	size_t n;

	code = cli_devices(cli, &cli->args.v[0], &ifindex);
	if (code)
		return code;
	if (ifindex) {
		err = dmvpn_nl_dev_get(cli->nl, ifindex, &dev);
		return err ? cli_refused(cli, cli->nl, err,
					 cli->args.v[0].text) :
			     show_devs(cli, &dev, 1);
	}
	err = dmvpn_nl_dev_dump(cli->nl, &devs, &n);
	if (err < 0)
		return cli_refused(cli, cli->nl, err, "devices");
	code = show_devs(cli, devs, n);
	show_changed(cli, err);
	free(devs);
	return code;
}

const struct cmd cmd_show_stats = {
	.name = "show stats",
	.args = args,
	.run = run,
	.json = true,
	.doc = "show the counters of the kernel",
};
