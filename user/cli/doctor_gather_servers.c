// SPDX-License-Identifier: GPL-2.0-or-later
/* Gathering of what "dmvpn doctor" looks at: the servers of a device. */
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "cli/cmd.h"
#include "cli/doctor_facts.h"
#include "cli/doctor_gather.h"
#include "cli/facts.h"
#include "cli/snapshot.h"
#include "genl/link.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"

static uint64_t number(struct json_object *o, const char *key, uint64_t none)
{
	struct json_object *value;

	if (!json_object_object_get_ex(o, key, &value) ||
	    !json_object_is_type(value, json_type_int))
		return none;
	return json_object_get_uint64(value);
}

static void from_daemon(struct doctor_server *server, struct json_object *o)
{
	const char *proto = facts_text(o, "address");
	const char *nbma = facts_text(o, "nbma");

	/* What is no address stays empty. */
	if (proto)
		nh_addr_parse(&server->proto, proto);
	if (nbma)
		nh_addr_parse(&server->nbma, nbma);
	server->name = facts_text(o, "name");
	server->state = facts_text(o, "state");
	server->answer = facts_text(o, "answer");
	server->failures = number(o, "failures", 0);
	server->expires = number(o, "expires_ms", DOCTOR_NEVER);
	server->next = number(o, "next_request_ms", DOCTOR_NEVER);
}

static const struct dmvpn_nl_peer *peer_at(const struct snapshot *s,
					   uint32_t ifindex,
					   const struct nh_addr *nbma)
{
	size_t i;

	for (i = 0; i < s->n_peers; i++)
		if (s->peers[i].ifindex == ifindex &&
		    nh_addr_equal(&s->peers[i].nbma, nbma))
			return &s->peers[i];
	return NULL;
}

/* As the module does: in the VRF of the underlay, not bound to it. */
static void find_route(struct cli *cli, const struct doctor_device *d,
		       struct doctor_server *server)
{
	struct dmvpn_nl_route_key key = {
		.destination = server->nbma,
		.mark = d->link->fwmark,
	};
	struct dmvpn_nl_netdev underlay;

	if (!nh_addr_is_set(&server->nbma))
		return;
	if (d->dev)
		key.source = server->nbma.family == AF_INET ? d->dev->local4 :
							      d->dev->local6;
	if (d->link->link &&
	    !dmvpn_nl_netdev_get(cli->route, d->link->link, &underlay))
		key.vrf = underlay.vrf;
	server->route_err = dmvpn_nl_route_get(cli->route, &key,
					       &server->route);
	if (!server->route_err && server->route.oif)
		dmvpn_nl_netdev_get(cli->route, server->route.oif,
				    &server->way);
}

int doctor_gather_servers(struct cli *cli, const struct snapshot *s,
			  struct doctor_device *d)
{
	struct json_object *list = snapshot_list(s->nhs, "nhs");
	size_t i, n = list ? json_object_array_length(list) : 0;

	d->servers = calloc(n + s->n_peers + 1, sizeof(*d->servers));
	if (!d->servers)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (facts_about(o, d->link->name))
			from_daemon(&d->servers[d->n_servers++], o);
	}
	/* Without the daemon the kernel has those that relay. */
	for (i = 0; i < s->n_peers && !list; i++)
		if (s->peers[i].ifindex == d->link->ifindex &&
		    s->peers[i].flags & DMVPN_PEER_FLAGS_NHS)
			d->servers[d->n_servers++] = (struct doctor_server){
				.nbma = s->peers[i].nbma,
				.expires = DOCTOR_NEVER,
				.next = DOCTOR_NEVER,
			};
	for (i = 0; i < d->n_servers; i++) {
		d->servers[i].peer = peer_at(s, d->link->ifindex,
					     &d->servers[i].nbma);
		if (!d->self.elsewhere)
			find_route(cli, d, &d->servers[i]);
	}
	return 0;
}
