// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control socket's answer about IKE. Packets and octets are the kernel's to
 * tell: whoever asks joins them by the SPIs.
 */
#include "daemon/ctl_ipsec.h"

#include "daemon/daemon.h"
#include "daemon/json.h"

static struct json_object *child_facts(const struct nh_ike_child *child,
				       uint64_t now)
{
	struct json_object *o = json_object_new_object();

	nh_json_number(o, "id", child->id);
	nh_json_text(o, "state", child->state);
	nh_json_text(o, "mode", child->mode);
	nh_json_number(o, "spi_in", child->spi_in);
	nh_json_number(o, "spi_out", child->spi_out);
	nh_json_number(o, "if_id", child->if_id);
	nh_json_since(o, "installed_ms", now, child->installed);
	nh_json_until(o, "rekey_ms", now, child->rekey);
	nh_json_until(o, "expires_ms", now, child->expires);
	return o;
}

static struct json_object *sa_facts(const struct nh_iface *iface,
				    const struct nh_ike_sa *sa)
{
	struct json_object *o = json_object_new_object();
	struct json_object *children = json_object_new_array();
	uint64_t now = nh_loop_now(iface->loop);
	size_t i;

	nh_json_text(o, "ifname", iface->conf->name);
	nh_json_addr(o, "nbma", &sa->remote);
	nh_json_number(o, "port", sa->port);
	nh_json_text(o, "name", sa->name);
	nh_json_number(o, "ike_id", sa->id);
	nh_json_number(o, "version", sa->version);
	nh_json_text(o, "state", sa->state);
	json_object_object_add(o, "initiator",
			       json_object_new_boolean(sa->initiator));
	nh_json_text(o, "local_identity",
		     sa->local_identity[0] ? sa->local_identity : NULL);
	nh_json_text(o, "identity", sa->identity[0] ? sa->identity : NULL);
	json_object_object_add(o, "nat",
			       json_object_new_boolean(sa->nat_local ||
						       sa->nat_remote));
	nh_json_text(o, "algorithms",
		     sa->algorithms[0] ? sa->algorithms : NULL);
	nh_json_since(o, "established_ms", now, sa->established);
	nh_json_until(o, "rekey_ms", now, sa->rekey);
	for (i = 0; i < sa->nchild; i++)
		json_object_array_add(children,
				      child_facts(&sa->child[i], now));
	json_object_object_add(o, "children", children);
	return o;
}

static const char *state_of(const struct nh_ike *ike)
{
	if (!nh_vici_is_up(ike->vici))
		return "unreachable";
	return ike->error[0] ? "refused" : "connected";
}

static struct json_object *ike_facts(const struct nh_iface *iface)
{
	struct json_object *o = json_object_new_object();
	const struct nh_ike *ike = &iface->ike;

	nh_json_text(o, "ifname", iface->conf->name);
	nh_json_text(o, "state", state_of(ike));
	nh_json_text(o, "socket", iface->conf->ipsec.socket);
	nh_json_text(o, "error", ike->error[0] ? ike->error : NULL);
	nh_json_since(o, "since_ms", nh_loop_now(iface->loop), ike->since);
	return o;
}

void nh_ctl_ipsec(struct nh_daemon *daemon, struct json_object *reply)
{
	struct json_object *connections = json_object_new_array();
	struct json_object *sas = json_object_new_array();
	const struct nh_iface *iface;
	const struct nh_ike_sa *sa;

	LIST_FOREACH(iface, &daemon->ifaces, link) {
		if (!iface->ike.vici)
			continue;
		json_object_array_add(connections, ike_facts(iface));
		sa = NULL;
		while ((sa = nh_ike_table_next(&iface->ike.table, sa)))
			json_object_array_add(sas, sa_facts(iface, sa));
	}
	json_object_object_add(reply, "ike", connections);
	json_object_object_add(reply, "ipsec", sas);
}
