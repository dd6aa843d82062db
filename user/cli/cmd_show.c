// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn show, show shortcuts: the cache, and where its packets go. */
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/columns.h"
#include "cli/names.h"
#include "cli/print.h"
#include "cli/relay.h"
#include "cli/show.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_cache.h"

static const struct arg args[] = {
	TARGET_DEVS,
	{ .name = NULL },
};

void show_changed(struct cli *cli, int err)
{
	if (err == DMVPN_NL_CHANGED)
		cli_note(cli, "the table changed while it was read: a row may be missing or be there twice");
}

/* What only JSON has room for. */
static void print_details(struct print *p, const struct dmvpn_nl_entry *e,
			  const struct relays *relays)
{
	if (DMVPN_NL_HAS(e, DMVPN_A_ENTRY_PATH))
		print_text(p, "path", NULL, names_of(names_path, e->path));
	print_addr(p, "relay_nbma", NULL, &e->relay);
	print_addr(p, "relay", NULL, relay_addr(relays, e));
	if (DMVPN_NL_HAS(e, DMVPN_A_ENTRY_PEER_STATE))
		print_text(p, "peer_state", NULL,
			   names_of(names_peer_state, e->peer_state));
	print_number(p, "holding_time", NULL, e->holding_time);
	print_number(p, "mtu", NULL, e->mtu);
	print_number(p, "preference", NULL, e->preference);
	print_flags(p, "flags", NULL, e->flags, names_entry_flags,
		    NAMES_ENTRY_FLAGS);
	print_addr(p, "claimed", NULL, &e->claimed);
	if (DMVPN_NL_HAS(e, DMVPN_A_ENTRY_IDLE))
		print_duration(p, "idle_ms", NULL, e->idle);
}

static struct columns columns_of(const struct dmvpn_nl_entry *e, size_t n)
{
	struct columns c = { .device = NULL };
	size_t i;

	for (i = 0; i < n; i++)
		columns_see(&c, e[i].ifindex, e[i].if_id);
	return c;
}

static void print_entry(struct print *p, const struct dmvpn_nl_entry *e,
			const char *ifname, const struct relays *relays,
			struct columns columns, bool shortcuts)
{
	char state[RELAY_STATE_LEN];

	print_row(p);
	print_text(p, "ifname", columns.device, ifname);
	print_prefix(p, "prefix", "PREFIX", &e->prefix);
	print_addr(p, "nbma", "NBMA", &e->nbma);
	print_number(p, "if_id", columns.if_id, e->if_id);
	if (shortcuts && !nh_addr_is_set(&e->protocol))
		print_text(p, NULL, "SERVED-BY", "-");
	print_addr(p, "protocol", shortcuts ? "SERVED-BY" : NULL,
		   &e->protocol);
	print_text(p, "type", shortcuts ? NULL : "TYPE",
		   names_of(names_entry_type, e->type));
	print_text(p, "state", "STATE", relay_state(relays, e, state));
	print_duration(p, "age_ms", "AGE", e->age);
	if (DMVPN_NL_HAS(e, DMVPN_A_ENTRY_EXPIRES))
		print_duration(p, "expires_ms", "EXPIRES", e->expires);
	else
		print_instead(p, "EXPIRES", "never");
	print_number(p, "packets", "PACKETS", e->packets);
	print_details(p, e, relays);
}

static int show(struct cli *cli, const struct dmvpn_nl_entry *entries,
		size_t n, bool shortcuts)
{
	struct columns columns = columns_of(entries, n);
	struct cli_device device = { 0 };
	struct relays relays;
	struct print *p;
	size_t i;

	if (relays_collect(&relays, entries, n))
		return cli_fail(cli, CLI_REFUSED, "out of memory");
	p = print_new(cli->out, cli->json, PRINT_TABLE);
	for (i = 0; p && i < n; i++)
		if (!shortcuts || entries[i].type == DMVPN_ENTRY_TYPE_RESOLVED)
			print_entry(p, &entries[i],
				    cli_device_name(&device,
						    entries[i].ifindex),
				    &relays, columns, shortcuts);
	relays_free(&relays);
	return cli_end(cli, p);
}

int show_entries(struct cli *cli, const struct dmvpn_nl_entry *entries,
		 size_t n)
{
	return show(cli, entries, n, false);
}

int show_shortcuts(struct cli *cli, const struct dmvpn_nl_entry *entries,
		   size_t n)
{
	return show(cli, entries, n, true);
}

static int run(struct cli *cli,
	       int (*print)(struct cli *cli,
			    const struct dmvpn_nl_entry *entries, size_t n))
{
	struct dmvpn_nl_entry *entries;
	uint32_t ifindex;
	int code, err;
	size_t n;

	code = cli_devices(cli, &cli->args.v[0], &ifindex);
	if (code)
		return code;
	err = dmvpn_nl_entry_dump(cli->nl, ifindex, &entries, &n);
	if (err < 0)
		return cli_refused(cli, cli->nl, err, "cache");
	code = print(cli, entries, n);
	show_changed(cli, err);
	free(entries);
	return code;
}

static int run_all(struct cli *cli)
{
	return run(cli, show_entries);
}

const struct cmd cmd_show = {
	.name = "show",
	.args = args,
	.run = run_all,
	.json = true,
	.doc = "show the cache and where its packets go",
};

static int run_shortcuts(struct cli *cli)
{
	return run(cli, show_shortcuts);
}

const struct cmd cmd_show_shortcuts = {
	.name = "show shortcuts",
	.args = args,
	.run = run_shortcuts,
	.json = true,
	.doc = "show what was learned by asking, and who serves it",
};
