// SPDX-License-Identifier: GPL-2.0-or-later
/* All that kernel and daemon tell of the devices, read at one go. */
#include "cli/snapshot.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>

#include "cli/cmd.h"
#include "cli/ctl.h"
#include "cli/facts.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"
#include "genl/nl_cache.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"

static int read_links(struct cli *cli, uint32_t ifindex, struct snapshot *s)
{
	if (!ifindex)
		return dmvpn_nl_link_dump(cli->route, &s->links, &s->n_links);
	s->links = calloc(1, sizeof(*s->links));
	if (!s->links)
		return -ENOMEM;
	s->n_links = 1;
	return dmvpn_nl_link_get(cli->route, ifindex, s->links);
}

static int read_devs(struct cli *cli, uint32_t ifindex, struct snapshot *s)
{
	if (!ifindex)
		return dmvpn_nl_dev_dump(cli->nl, &s->devs, &s->n_devs);
	s->devs = calloc(1, sizeof(*s->devs));
	if (!s->devs)
		return -ENOMEM;
	s->n_devs = 1;
	return dmvpn_nl_dev_get(cli->nl, ifindex, s->devs);
}

static int read_kernel(struct cli *cli, uint32_t ifindex, unsigned int want,
		       struct snapshot *s)
{
	int err;

	err = read_devs(cli, ifindex, s);
	if (err < 0)
		return cli_refused(cli, cli->nl, err, "devices");
	s->changed += err > 0;
	if (want & SNAPSHOT_PEERS) {
		err = dmvpn_nl_peer_dump(cli->nl, ifindex, &s->peers,
					 &s->n_peers);
		if (err < 0)
			return cli_refused(cli, cli->nl, err, "peers");
		s->changed += err > 0;
	}
	if (want & SNAPSHOT_ENTRIES) {
		err = dmvpn_nl_entry_dump(cli->nl, ifindex, &s->entries,
					  &s->n_entries);
		if (err < 0)
			return cli_refused(cli, cli->nl, err, "cache");
		s->changed += err > 0;
	}
	return 0;
}

static void forget(struct json_object **answer)
{
	json_object_put(*answer);
	*answer = NULL;
}

static void forget_daemon(struct snapshot *s)
{
	s->daemon = false;
	s->version = NULL;
	forget(&s->hello);
	forget(&s->nhs);
	forget(&s->stats);
	forget(&s->ipsec);
	forget(&s->groups);
}

/*
 * One that hangs is not asked any more: each question takes seconds then. And a
 * part of the answers would pass for all of them.
 */
static void read_daemon(struct cli *cli, unsigned int want, struct snapshot *s)
{
	const struct {
		unsigned int want;
		const char *command;
		struct json_object **answer;
	} parts[] = {
		{ SNAPSHOT_NHS, "nhs", &s->nhs },
		{ SNAPSHOT_STATS, "stats", &s->stats },
		{ SNAPSHOT_IPSEC, "ipsec", &s->ipsec },
		{ SNAPSHOT_GROUPS, "groups", &s->groups },
	};
	size_t i;

	if (!(want & (SNAPSHOT_NHS | SNAPSHOT_STATS | SNAPSHOT_IPSEC |
		      SNAPSHOT_GROUPS)))
		return;
	if (ctl_command(cli, "version", true, &s->hello))
		return;
	s->daemon = true;
	s->version = facts_text(s->hello, "version");
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (want & parts[i].want &&
		    ctl_command(cli, parts[i].command, true,
				parts[i].answer)) {
			forget_daemon(s);
			return;
		}
	}
}

int snapshot_read(struct cli *cli, uint32_t ifindex, unsigned int want,
		  struct snapshot *s)
{
	int code, err;

	*s = (struct snapshot){ 0 };
	code = cli_route(cli);
	if (code)
		return code;
	err = read_links(cli, ifindex, s);
	if (err < 0)
		return cli_refused(cli, cli->route, err, "devices");
	s->changed += err > 0;

	code = cli_nl_try(cli);
	if (code && code != CLI_NO_SERVICE)
		return code;
	s->kernel = !code;
	code = s->kernel ? read_kernel(cli, ifindex, want, s) : 0;
	if (!code)
		read_daemon(cli, want, s);
	return code;
}

void snapshot_free(struct snapshot *s)
{
	free(s->links);
	free(s->devs);
	free(s->peers);
	free(s->entries);
	forget_daemon(s);
	*s = (struct snapshot){ 0 };
}

const struct dmvpn_nl_link *snapshot_link(const struct snapshot *s,
					  uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < s->n_links; i++)
		if (s->links[i].ifindex == ifindex)
			return &s->links[i];
	return NULL;
}

struct json_object *snapshot_list(struct json_object *answer, const char *key)
{
	struct json_object *list;

	if (!answer || !json_object_object_get_ex(answer, key, &list) ||
	    !json_object_is_type(list, json_type_array))
		return NULL;
	return list;
}
