// SPDX-License-Identifier: GPL-2.0-or-later
/* Gathering of what "dmvpn doctor" looks at: the machine and its devices. */
#include "cli/doctor_gather.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "cli/cmd.h"
#include "cli/doctor_facts.h"
#include "cli/snapshot.h"
#include "cli/spawn.h"
#include "cli/sysctl.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/inet.h"
#include "genl/link.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"
#include "genl/policy.h"

#define MODULE_VERSION_FILE	"/sys/module/dmvpn/version"

bool doctor_is_hub(const struct doctor_device *d)
{
	return d->link->redirect || d->clients > 0 || !d->n_servers;
}

bool doctor_is_esp(const struct doctor_device *d)
{
	return d->link->protection == DMVPN_PROTECTION_REQUIRED;
}

void doctor_gather_config(struct doctor_facts *facts)
{
	char *const argv[] = {
		"dmvpnd", "--check", "-c", (char *)facts->config_dir, NULL
	};

	facts->config = spawn_read(argv, true, &facts->complaint);
	/* One finding has room for one complaint. */
	if (facts->complaint)
		facts->complaint[strcspn(facts->complaint, "\n")] = '\0';
}

/* Of the two that the kernel has for a device the stricter one counts. */
static int rp_filter(const char *ifname)
{
	int all = sysctl_number("ipv4/conf/all/rp_filter");
	int own = sysctl_number("ipv4/conf/%s/rp_filter", ifname);

	if (all < 0 || own < 0)
		return -1;
	return all > own ? all : own;
}

void doctor_addresses(struct doctor_device *d,
		      const struct dmvpn_nl_inet *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		const struct nh_addr *addr = &list[i].addr;

		if (list[i].ifindex == d->link->ifindex) {
			d->inet4 |= addr->family == AF_INET;
			d->inet6 |= addr->family == AF_INET6 &&
				    !nh_addr_is_linklocal6(addr);
		} else if (d->dev) {
			if (nh_addr_equal(addr, &d->dev->local4))
				d->holder4 = list[i].ifindex;
			d->local6 |= nh_addr_equal(addr, &d->dev->local6);
		}
	}
	d->local4 = d->holder4;
}

/* Who has the local address; but what has it on lo comes by another device. */
static void see_holder(struct cli *cli, struct doctor_device *d)
{
	struct dmvpn_nl_netdev holder;

	if (d->holder4 && !d->self.elsewhere &&
	    !dmvpn_nl_netdev_get(cli->route, d->holder4, &holder) &&
	    strcmp(holder.name, "lo"))
		memcpy(d->way, holder.name, sizeof(d->way));
}

/*
 * The underlay is what the settings name; or whatever leads to a server, of which
 * a hub has none.
 */
static void see_underlay(struct cli *cli, struct doctor_device *d)
{
	size_t i;

	if (d->link->link && !d->self.elsewhere) {
		d->underlay_err = dmvpn_nl_netdev_get(cli->route, d->link->link,
						      &d->underlay);
		if (!d->underlay_err)
			memcpy(d->way, d->underlay.name, sizeof(d->way));
	}
	for (i = 0; i < d->n_servers && !d->way[0]; i++)
		if (!d->servers[i].route_err)
			memcpy(d->way, d->servers[i].way.name, sizeof(d->way));
	if (!d->way[0])
		see_holder(cli, d);
	d->rp_filter = rp_filter(d->link->name);
	d->underlay_rp_filter = d->way[0] ? rp_filter(d->way) : -1;
}

static void see_ike(struct cli *cli, const struct ike_facts *ike,
		    struct doctor_device *d)
{
	const struct nh_addr *local;
	size_t i;

	for (i = 0; i < ike->n_daemons; i++)
		if (!strcmp(ike->daemons[i].ifname, d->link->name))
			d->ike = &ike->daemons[i];
	d->policy = -ENODATA;
	if (!d->dev || d->ike || !doctor_is_esp(d) || cli_xfrm(cli))
		return;
	local = nh_addr_is_set(&d->dev->local4) ? &d->dev->local4 :
						  &d->dev->local6;
	if (nh_addr_is_set(local))
		d->policy = dmvpn_nl_policy_has(cli->xfrm, local);
}

static void count_clients(const struct snapshot *s, struct doctor_device *d)
{
	size_t i;

	for (i = 0; i < s->n_peers; i++)
		d->clients += s->peers[i].ifindex == d->link->ifindex &&
			      !(s->peers[i].flags & DMVPN_PEER_FLAGS_NHS);
	/* A spoke's peers are no clients of it. */
	if (d->n_servers)
		d->clients = 0;
}

static int gather_devices(struct cli *cli, const struct snapshot *s,
			  const struct ike_facts *ike,
			  struct doctor_facts *facts)
{
	struct dmvpn_nl_inet *inets = NULL;
	size_t i, k, n_inets = 0;
	int err = 0;

	if (dmvpn_nl_inet_dump(cli->route, 0, &inets, &n_inets) < 0)
		inets = NULL;
	for (i = 0; i < s->n_links && !err; i++) {
		struct doctor_device *d = &facts->devices[facts->n_devices];

		if (facts->wanted && strcmp(s->links[i].name, facts->wanted))
			continue;
		facts->n_devices++;
		d->link = &s->links[i];
		for (k = 0; k < s->n_devs; k++)
			if (s->devs[k].ifindex == d->link->ifindex)
				d->dev = &s->devs[k];
		/* Where the underlay is decides what can be looked at. */
		if (dmvpn_nl_netdev_get(cli->route, d->link->ifindex,
					&d->self))
			d->self = (struct dmvpn_nl_netdev){ 0 };
		err = doctor_gather_servers(cli, s, d);
		count_clients(s, d);
		doctor_addresses(d, inets, inets ? n_inets : 0);
		see_underlay(cli, d);
		see_ike(cli, ike, d);
	}
	free(inets);
	return err;
}

int doctor_gather(struct cli *cli, const struct snapshot *s,
		  const struct ike_facts *ike, struct doctor_facts *facts)
{
	int err;

	facts->now = time(NULL);
	facts->kernel = s->kernel;
	facts->family = dmvpn_nl_family_version();
	file_line(MODULE_VERSION_FILE, facts->module, sizeof(facts->module));
	facts->daemon = s->daemon;
	facts->version = s->version;
	facts->forward4 = sysctl_number("ipv4/ip_forward");
	facts->forward6 = sysctl_number("ipv6/conf/all/forwarding");
	doctor_gather_config(facts);
	err = doctor_gather_secrets(facts);
	facts->devices = calloc(s->n_links + 1, sizeof(*facts->devices));
	if (err || !facts->devices)
		return -ENOMEM;
	err = gather_devices(cli, s, ike, facts);
	if (!err)
		doctor_gather_firewall(facts);
	return err;
}

void doctor_facts_free(struct doctor_facts *facts)
{
	size_t i;

	for (i = 0; i < facts->n_devices; i++)
		free(facts->devices[i].servers);
	free(facts->devices);
	for (i = 0; i < facts->n_open; i++)
		free(facts->open[i]);
	free(facts->open);
	free(facts->complaint);
}
