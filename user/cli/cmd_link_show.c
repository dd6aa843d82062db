// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn link show: how devices are set up. */
#include <errno.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/cmd_link.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/show.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"

static const struct arg show_args[] = {
	{ .name = "NAME", .kind = ARG_IFNAME, .positional = true,
	  .offer = OFFER_DMVPN, .doc = "only this device; otherwise all" },
	{ .name = NULL },
};

/* A number of another network namespace has another name here, or none. */
static void print_underlay(struct cli *cli, struct print *p,
			   const struct dmvpn_nl_link *l)
{
	char name[IFNAMSIZ];
	const char *text = name;

	if (link_is_elsewhere(cli, l->ifindex))
		snprintf(name, sizeof(name), "if%u", l->link);
	else
		text = cli_ifname(l->link, name);
	print_text(p, "underlay", "underlay", text);
}

static void print_identity(struct cli *cli, struct print *p,
			   const struct dmvpn_nl_link *l)
{

	print_text(p, "ifname", "device", l->name);
	print_number(p, "ifindex", NULL, l->ifindex);
	print_word(p, "state", "state", l->up ? "up" : "down",
		   l->running ? "up, running" : l->up ? "up" : "down");
	print_number(p, "mtu", "mtu", l->mtu);
	if (l->link)
		print_underlay(cli, p, l);
	if (nh_addr_is_set(&l->local4))
		print_addr(p, "local4", "local (IPv4)", &l->local4);
	if (nh_addr_is_set(&l->local6))
		print_addr(p, "local6", "local (IPv6)", &l->local6);
	if (DMVPN_NL_HAS(l, IFLA_DMVPN_KEY))
		print_number(p, "key", "key", l->key);
	else
		print_instead(p, "key", "none");
}

static void print_outer(struct print *p, const struct dmvpn_nl_link *l)
{
	print_number_or(p, "ttl", "ttl", l->ttl, l->ttl ? NULL : "inherit");
	print_number_or(p, "tos", "tos", l->tos,
			l->tos == 1 ? "inherit" : NULL);
	print_text(p, "df", "df", names_of(names_df, l->df));
	print_number(p, "fwmark", "fwmark", l->fwmark);
	print_text(p, "protection", "protection",
		   names_of(names_protection, l->protection));
}

static void print_nhrp(struct print *p, const struct dmvpn_nl_link *l)
{
	print_number(p, "network_id", "network-id", l->network_id);
	print_onoff(p, "redirect", "redirect", l->redirect);
	print_onoff(p, "shortcut", "shortcut", l->shortcut);
	print_onoff(p, "strict_source", "strict-source", l->strict_source);
	print_number(p, "max_peers", "max-peers", l->max_peers);
	print_number(p, "max_entries", "max-entries", l->max_entries);
	print_number(p, "max_multicast", "max-multicast", l->max_mcast);
	print_number(p, "hold_queue", "hold-queue", l->hold_queue);
	print_number(p, "upcall_rate", "upcall-rate", l->upcall_rate);
	print_number(p, "redirect_rate", "redirect-rate", l->redirect_rate);
	print_number(p, "redirect_interval_ms", "redirect-interval",
		     l->redirect_interval);
}

static int print_links(struct cli *cli, const struct dmvpn_nl_link *links,
		       size_t n)
{
	struct print *p = print_new(cli->out, cli->json, PRINT_RECORD);
	size_t i;

	for (i = 0; p && i < n; i++) {
		print_row(p);
		print_identity(cli, p, &links[i]);
		print_outer(p, &links[i]);
		print_nhrp(p, &links[i]);
	}
	return cli_end(cli, p);
}

static int run_show(struct cli *cli)
{
	const struct arg_value *name = &cli->args.v[0];
	struct dmvpn_nl_link *links, link;
	uint32_t ifindex;
	size_t n;
	int code, err;

	if (name->set) {
		err = cli_dmvpn_link(cli, name->text, &ifindex);
		if (err)
			return err;
		err = dmvpn_nl_link_get(cli->route, ifindex, &link);
		if (err)
			return cli_refused(cli, cli->route, err, name->text);
		return print_links(cli, &link, 1);
	}

	err = cli_route(cli);
	if (err)
		return err;
	err = dmvpn_nl_link_dump(cli->route, &links, &n);
	if (err < 0)
		return cli_refused(cli, cli->route, err, "devices");
	code = print_links(cli, links, n);
	show_changed(cli, err);
	free(links);
	return code;
}

const struct cmd cmd_link_show = {
	.name = "link show",
	.args = show_args,
	.run = run_show,
	.json = true,
	.doc = "show how devices are set up",
};
