// SPDX-License-Identifier: GPL-2.0-or-later
/* Taking back from the IKE daemon what it was told for a device. */
#include "daemon/ike_unload.h"

#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/iface.h"
#include "daemon/ike.h"
#include "daemon/ike_conn.h"
#include "lib/log.h"

#define LIMIT_MS	30000

/**
 * struct nh_ike_unload - a connection that takes back what another one told
 * @link: among those whose devices were let go
 * @ike: whose it is, or NULL: the device was let go
 * @loop: of the daemon
 * @vici: the connection
 * @dev: name of the device
 * @limit: it is given up then
 * @nat: NATs with a connection of their own
 * @nnat: entries in @nat
 */
struct nh_ike_unload {
	LIST_ENTRY(nh_ike_unload) link;
	struct nh_ike *ike;
	struct nh_loop *loop;
	struct nh_vici *vici;
	char dev[IFNAMSIZ];
	struct nh_timer limit;
	struct nh_addr nat[NH_IKE_NATS_MAX];
	size_t nnat;
};

void nh_ike_unload_secret(struct nh_vici *vici, const char *dev)
{
	struct vici_builder b = { 0 };
	char id[NH_IKE_NAME_LEN];

	vici_put(&b, "id", nh_ike_secret_id(id, sizeof(id), dev));
	nh_vici_call(vici, "unload-shared", &b, NULL, NULL, NULL, NULL);
}

static void unload_conn(struct nh_vici *vici, const char *dev,
			enum nh_ike_kind kind, const struct nh_addr *remote,
			bool close)
{
	struct vici_builder b = { 0 };
	char name[NH_IKE_NAME_LEN];

	nh_ike_conn_name(name, sizeof(name), dev, kind, remote);
	vici_put(&b, "name", name);
	nh_vici_call(vici, "unload-conn", &b, NULL, NULL, NULL, NULL);
	if (!close)
		return;
	vici_put(&b, "ike", name);
	vici_put(&b, "timeout", "-1");
	nh_vici_call(vici, "terminate", &b, NULL, NULL, NULL, NULL);
}

static void say(struct nh_vici *vici, const char *dev,
		const struct nh_addr *nat, size_t nnat, bool close)
{
	static const uint8_t zero[16];
	struct nh_addr any4, any6;
	size_t i;

	nh_addr_from_bytes(&any4, zero, 4);
	nh_addr_from_bytes(&any6, zero, 16);
	nh_ike_unload_secret(vici, dev);
	unload_conn(vici, dev, NH_IKE_ANY, &any4, close);
	unload_conn(vici, dev, NH_IKE_ANY, &any6, close);
	for (i = 0; i < nnat; i++)
		unload_conn(vici, dev, NH_IKE_NAT, &nat[i], close);
}

void nh_ike_unload_say(struct nh_ike *ike, bool close)
{
	say(ike->vici, ike->iface->conf->name, ike->nat, ike->nnat, close);
}

static void end(struct nh_ike_unload *u)
{
	if (u->ike)
		u->ike->unload = NULL;
	else
		LIST_REMOVE(u, link);
	nh_loop_cancel(u->loop, &u->limit);
	nh_vici_close(u->vici);
	free(u);
}

static void on_done(void *arg, int err, const struct vici_view *body)
{
	struct nh_ike_unload *u = arg;

	(void)body;
	if (!err)
		nh_info(u->dev, NULL, "IKE at %s has the connection no more",
			nh_vici_path(u->vici));
	end(u);
}

static void on_up(void *arg)
{
	struct nh_ike_unload *u = arg;

	say(u->vici, u->dev, u->nat, u->nnat, false);
	if (nh_vici_call(u->vici, "version", NULL, NULL, NULL, on_done, u))
		end(u);
}

/* It may come back within the time. */
static void on_down(void *arg, const char *why)
{
	(void)arg;
	(void)why;
}

static void on_limit(void *arg)
{
	end(arg);
}

void nh_ike_unload_start(struct nh_ike *ike)
{
	static const char *const events[] = { NULL };
	static const struct nh_vici_ops ops = {
		.up = on_up, .down = on_down,
		.patience_ms = NH_VICI_PATIENCE_MS,
	};
	struct nh_loop *loop = ike->iface->loop;
	struct nh_ike_unload *u = calloc(1, sizeof(*u));

	if (u)
		u->vici = nh_vici_open(loop, nh_vici_path(ike->vici), events,
				       &ops, u);
	if (!u || !u->vici) {
		nh_error(ike->iface->conf->name, NULL,
			 "out of memory: IKE keeps the connection");
		free(u);
		return;
	}
	u->ike = ike;
	u->loop = loop;
	snprintf(u->dev, sizeof(u->dev), "%s", ike->iface->conf->name);
	memcpy(u->nat, ike->nat, sizeof(u->nat));
	u->nnat = ike->nnat;
	nh_timer_init(&u->limit, on_limit, u);
	nh_loop_set(loop, &u->limit, LIMIT_MS);
	ike->unload = u;
}

void nh_ike_unload_stop(struct nh_ike *ike)
{
	if (ike->unload)
		end(ike->unload);
}

void nh_ike_unload_leave(struct nh_ike *ike, struct nh_ike_unloads *unloads)
{
	struct nh_ike_unload *u;

	if (!ike->unload && nh_vici_is_up(ike->vici))
		nh_ike_unload_start(ike);
	u = ike->unload;
	if (!u)
		return;
	u->ike = NULL;
	ike->unload = NULL;
	LIST_INSERT_HEAD(unloads, u, link);
}

void nh_ike_unload_forget(struct nh_ike_unloads *unloads, const char *dev)
{
	struct nh_ike_unload *u, *next;

	for (u = LIST_FIRST(unloads); u; u = next) {
		next = LIST_NEXT(u, link);
		if (!dev || strcmp(u->dev, dev) == 0)
			end(u);
	}
}
