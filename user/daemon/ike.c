// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The connection with the IKE daemon: what [IPsec] says is told to it when it
 * is there and whenever it comes back, and its SAs with our peers are followed
 * by its events.
 */
#include "daemon/ike.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/iface.h"
#include "daemon/ike_conn.h"
#include "daemon/ike_unload.h"
#include "lib/log.h"

/* A peer that has not agreed to the end of an IKE SA by then knows it no more. */
#define ANSWER_MS	8000
/* How long an end in order may take. */
#define FAREWELL_MS	3000
/* When the queue of calls was full. */
#define RELIST_MS	1000

static const char *dev(const struct nh_ike *ike)
{
	return ike->iface->conf->name;
}

bool nh_ike_owns(const struct nh_ike *ike, const char *name)
{
	size_t len = strlen(dev(ike));

	return strncmp(name, dev(ike), len) == 0 &&
	       (name[len] == '\0' || name[len] == '/');
}

static void refused(struct nh_ike *ike, const char *what, const char *why)
{
	if (ike->error[0])
		return;
	snprintf(ike->error, sizeof(ike->error), "%s: %s", what, why);
	nh_error(dev(ike), NULL, "IKE refuses %s", ike->error);
}

/* Reply to whatever was loaded. */
static void on_loaded(void *arg, int err, const struct vici_view *body)
{
	struct nh_ike *ike = arg;
	char why[160];

	if (err == -ECONNRESET)
		return;
	if (err)
		refused(ike, "a command", strerror(-err));
	else if (!nh_vici_ok(body, why, sizeof(why)))
		refused(ike, "what [IPsec] says", why);
}

/* A private key is told by a name of the IKE daemon's from then on. */
static void on_secret(void *arg, int err, const struct vici_view *body)
{
	struct nh_ike *ike = arg;

	on_loaded(ike, err, body);
	if (!err && !vici_find_text(body, "id", ike->key_id,
				    sizeof(ike->key_id)))
		ike->key_id[0] = '\0';
}

static void load(struct nh_ike *ike, const char *command,
		 struct vici_builder *b,
		 void (*done)(void *arg, int err, const struct vici_view *body))
{
	int err = nh_vici_call(ike->vici, command, b, NULL, NULL, done, ike);

	if (err == -ENOBUFS) {
		ike->untold = true;
		nh_loop_set(ike->iface->loop, &ike->relist, RELIST_MS);
	} else if (err && err != -ENOTCONN) {
		refused(ike, command, strerror(-err));
	}
}

void nh_ike_load_conn(struct nh_ike *ike, int kind,
		      const struct nh_addr *remote)
{
	struct vici_builder b = { 0 };
	char why[160] = "";
	int err;

	err = nh_ike_conn_build(&b, ike->iface, (enum nh_ike_kind)kind,
				remote, why, sizeof(why));
	if (!err)
		load(ike, "load-conn", &b, on_loaded);
	else if (err == -EADDRNOTAVAIL)
		nh_ike_unload_conn(ike, kind, remote);
	else
		refused(ike, "a connection", why);
}

void nh_ike_unload_conn(struct nh_ike *ike, int kind,
			const struct nh_addr *remote)
{
	struct vici_builder b = { 0 };
	char name[NH_IKE_NAME_LEN];

	vici_put(&b, "name", nh_ike_conn_name(name, sizeof(name), dev(ike),
					      (enum nh_ike_kind)kind, remote));
	nh_vici_call(ike->vici, "unload-conn", &b, NULL, NULL, NULL, NULL);
}

void nh_ike_by_id(struct nh_ike *ike, const char *command, const char *key,
		  uint32_t id)
{
	struct vici_builder b = { 0 };

	vici_put_u(&b, key, id);
	/* Do not wait for the peer. */
	vici_put(&b, "timeout", "-1");
	nh_vici_call(ike->vici, command, &b, NULL, NULL, NULL, NULL);
}

/* What could not be told is told again when it is looked at next. */
static void terminate(struct nh_ike *ike, struct nh_ike_sa *sa, bool force)
{
	struct vici_builder b = { 0 };

	vici_put_u(&b, "ike-id", sa->id);
	if (force)
		vici_put(&b, "force", "yes");
	/* Do not wait for the peer. */
	vici_put(&b, "timeout", "-1");
	if (nh_vici_call(ike->vici, "terminate", &b, NULL, NULL, NULL, NULL) == 0)
		sa->closed = nh_loop_now(ike->iface->loop);
}

static bool is_closing(const struct nh_ike *ike, const struct nh_ike_sa *sa)
{
	return sa->closed &&
	       nh_loop_now(ike->iface->loop) - sa->closed < ANSWER_MS;
}

void nh_ike_terminate(struct nh_ike *ike, struct nh_ike_sa *sa,
		      const char *why)
{
	if (is_closing(ike, sa))
		return;
	nh_info(dev(ike), &sa->remote, "IKE SA %u closed: %s%s", sa->id, why,
		sa->closed ? "; its peer does not answer" : "");
	/* Whose peer knows it no more would stay for minutes. */
	terminate(ike, sa, sa->closed);
}

void nh_ike_kill(struct nh_ike *ike, struct nh_ike_sa *sa, const char *why)
{
	if (is_closing(ike, sa))
		return;
	nh_warn(dev(ike), &sa->remote, "IKE SA %u of \"%s\" closed: %s",
		sa->id, sa->identity, why);
	terminate(ike, sa, true);
}

static void any_of(struct nh_addr *addr, uint8_t family)
{
	static const uint8_t zero[16];

	nh_addr_from_bytes(addr, zero, family == AF_INET ? 4 : 16);
}

static void load_all(struct nh_ike *ike)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct vici_builder b = { 0 };
	const char *command;
	char why[160] = "";
	struct nh_addr any;
	size_t i;

	ike->error[0] = '\0';
	ike->loaded = false;
	ike->untold = false;
	if (nh_ike_secret_build(&b, ike->iface, &command, why, sizeof(why)))
		refused(ike, "the secret", why);
	else
		load(ike, command, &b, on_secret);
	/* One of before is of no use any more, but to others. */
	if (!ike->iface->conf->ipsec.secret)
		nh_ike_unload_secret(ike->vici, dev(ike));
	for (i = 0; i < 2; i++) {
		any_of(&any, families[i]);
		nh_ike_load_conn(ike, NH_IKE_ANY, &any);
	}
	for (i = 0; i < ike->nnat; i++)
		nh_ike_load_conn(ike, NH_IKE_NAT, &ike->nat[i]);
}

static struct nh_ike_sa *take_item(struct nh_ike *ike,
				   const struct vici_view *body)
{
	struct nh_ike_sa sa;

	if (!nh_ike_sa_read(&sa, body, nh_loop_now(ike->iface->loop)) ||
	    !nh_ike_owns(ike, sa.name))
		return NULL;
	sa.round = ike->round;
	return nh_ike_table_put(&ike->table, &sa);
}

static void on_item(void *arg, const struct vici_view *body)
{
	take_item(arg, body);
}

/* Until then they are believed to be there: peers may be asked about. */
static void forget_unlisted(struct nh_ike *ike)
{
	struct nh_ike_sa *sa, *next = nh_ike_table_next(&ike->table, NULL);

	while ((sa = next)) {
		next = nh_ike_table_next(&ike->table, sa);
		if (sa->round != ike->round)
			nh_ike_table_del(&ike->table, sa);
	}
}

static void on_listed(void *arg, int err, const struct vici_view *body)
{
	struct nh_ike *ike = arg;

	(void)body;
	ike->listing--;
	/* Another list may have been asked for meanwhile. */
	if (err || ike->listing)
		return;
	forget_unlisted(ike);
	ike->listed = true;
	ike->loaded = !ike->error[0];
	if (ike->loaded)
		nh_info(dev(ike), NULL, "IKE has the connection, sas=%zu",
			ike->table.n);
	nh_ike_tidy_start(ike);
	/* What was sent before could not ask for SAs. */
	nh_nhs_kick(ike->iface);
}

static void list_all(struct nh_ike *ike)
{
	if (nh_vici_call(ike->vici, "list-sas", NULL, "list-sa", on_item,
			 on_listed, ike)) {
		nh_loop_set(ike->iface->loop, &ike->relist, RELIST_MS);
		return;
	}
	ike->listed = false;
	ike->listing++;
	ike->round++;
}

static void on_refresh_item(void *arg, const struct vici_view *body)
{
	struct nh_ike *ike = arg;
	struct nh_ike_refresh *r = STAILQ_FIRST(&ike->refresh);
	struct nh_ike_sa *sa = take_item(ike, body);

	if (!sa)
		return;
	if (r && r->id == sa->id)
		r->seen = true;
	if (ike->listed)
		nh_ike_news(ike, sa);
}

static void on_refreshed(void *arg, int err, const struct vici_view *body)
{
	struct nh_ike *ike = arg;
	struct nh_ike_refresh *r = STAILQ_FIRST(&ike->refresh);
	struct nh_ike_sa *sa;

	(void)body;
	if (!r)
		return;
	STAILQ_REMOVE_HEAD(&ike->refresh, link);
	sa = nh_ike_table_find(&ike->table, r->id);
	if (!err && !r->seen && sa)
		nh_ike_table_del(&ike->table, sa);
	free(r);
}

void nh_ike_refresh(struct nh_ike *ike, uint32_t id)
{
	struct nh_ike_refresh *r = calloc(1, sizeof(*r));
	struct vici_builder b = { 0 };

	if (!r)
		return;
	r->id = id;
	vici_put_u(&b, "ike-id", id);
	if (nh_vici_call(ike->vici, "list-sas", &b, "list-sa",
			 on_refresh_item, on_refreshed, ike)) {
		/* Too much at once: all of it anew, when there is time. */
		free(r);
		nh_loop_set(ike->iface->loop, &ike->relist, RELIST_MS);
		return;
	}
	STAILQ_INSERT_TAIL(&ike->refresh, r, link);
}

static void on_relist(void *arg)
{
	struct nh_ike *ike = arg;

	if (!nh_vici_is_up(ike->vici))
		return;
	if (ike->untold)
		load_all(ike);
	list_all(ike);
}

/*
 * A server tells those behind a NAT apart by their IKE SAs, and what it has of us
 * may be bound to this one, though there is another.
 */
static void on_gone(struct nh_ike *ike, struct nh_ike_sa *sa)
{
	struct nh_addr remote = sa->remote;
	bool nat = sa->nat_local;

	nh_debug(dev(ike), &remote, "IKE SA %u is gone", sa->id);
	nh_ike_table_del(&ike->table, sa);
	if (nat)
		nh_nhs_seen_anew(ike->iface, &remote);
}

static void on_event(void *arg, const char *event,
		     const struct vici_view *body)
{
	struct nh_ike *ike = arg;
	struct nh_ike_sa *sa;
	struct nh_view up;
	char name[256];
	uint32_t ids[4];
	size_t i, n;

	n = nh_ike_ids(body, name, sizeof(name), ids, 4);
	if (!nh_ike_owns(ike, name))
		return;
	if (strcmp(event, "ike-updown") == 0 && !vici_find(body, "up", &up)) {
		sa = n ? nh_ike_table_find(&ike->table, ids[0]) : NULL;
		if (sa)
			on_gone(ike, sa);
		return;
	}
	for (i = 0; i < n; i++)
		nh_ike_refresh(ike, ids[i]);
}

/* Another IKE daemon may give their numbers to others. */
static void forget_notes(struct nh_ike *ike)
{
	struct nh_ike_sa *sa = NULL;

	while ((sa = nh_ike_table_next(&ike->table, sa))) {
		sa->orphan = 0;
		sa->chosen = 0;
		sa->closed = 0;
		sa->suspect = 0;
	}
}

static void on_up(void *arg)
{
	struct nh_ike *ike = arg;

	ike->since = nh_loop_now(ike->iface->loop);
	forget_notes(ike);
	nh_info(dev(ike), NULL, "IKE reached at %s",
		ike->iface->conf->ipsec.socket);
	nh_ike_learn_nats(ike);
	load_all(ike);
	list_all(ike);
}

static void forget_refreshes(struct nh_ike *ike)
{
	struct nh_ike_refresh *r;

	while ((r = STAILQ_FIRST(&ike->refresh))) {
		STAILQ_REMOVE_HEAD(&ike->refresh, link);
		free(r);
	}
}

static void on_down(void *arg, const char *why)
{
	struct nh_ike *ike = arg;

	ike->since = nh_loop_now(ike->iface->loop);
	ike->loaded = false;
	ike->listed = false;
	nh_warn(dev(ike), NULL,
		"IKE cannot be reached at %s: %s; no new SAs until it is back",
		ike->iface->conf->ipsec.socket, why);
	nh_ike_tidy_stop(ike);
	nh_ike_want_clear(ike);
	forget_refreshes(ike);
	/* Who is at the other end of the SAs that are left stays known. */
}

static int connect_ike(struct nh_ike *ike)
{
	static const char *const events[] = {
		"ike-updown", "ike-rekey", "ike-update", "child-updown",
		"child-rekey", NULL
	};
	static const struct nh_vici_ops ops = {
		.up = on_up, .down = on_down, .event = on_event,
		.patience_ms = NH_VICI_PATIENCE_MS,
	};
	struct nh_iface *iface = ike->iface;

	ike->since = nh_loop_now(iface->loop);
	ike->vici = nh_vici_open(iface->loop, iface->conf->ipsec.socket,
				 events, &ops, ike);
	return ike->vici ? 0 : -ENOMEM;
}

int nh_ike_open(struct nh_ike *ike, struct nh_iface *iface)
{
	ike->iface = iface;
	STAILQ_INIT(&ike->refresh);
	STAILQ_INIT(&ike->wanted);
	nh_timer_init(&ike->relist, on_relist, ike);
	nh_ike_tidy_init(ike);
	return iface->conf->ipsec.present ? connect_ike(ike) : 0;
}

static void disconnect(struct nh_ike *ike)
{
	if (!ike->vici)
		return;
	nh_ike_tidy_stop(ike);
	nh_loop_cancel(ike->iface->loop, &ike->relist);
	nh_vici_close(ike->vici);
	ike->vici = NULL;
	ike->loaded = false;
	ike->listed = false;
	ike->listing = 0;
	nh_ike_want_clear(ike);
	forget_refreshes(ike);
	nh_ike_table_clear(&ike->table);
}

static void on_farewell(void *arg, int err, const struct vici_view *body)
{
	(void)err;
	(void)body;
	nh_loop_stop(arg);
}

static void on_limit(void *arg)
{
	nh_loop_stop(arg);
}

/* The loop has ended: it runs once more until the IKE daemon has heard it. */
static void farewell(struct nh_ike *ike)
{
	struct nh_loop *loop = ike->iface->loop;
	const struct nh_ike_sa *sa = NULL;
	struct nh_timer limit;

	/* The device is no longer ours to look after. */
	nh_ike_tidy_stop(ike);
	nh_ike_unload_say(ike, true);
	/* Those of single peers, whose connections may be gone already */
	while ((sa = nh_ike_table_next(&ike->table, sa)))
		if (strchr(sa->name, '/'))
			nh_ike_by_id(ike, "terminate", "ike-id", sa->id);
	if (nh_vici_call(ike->vici, "version", NULL, NULL, NULL, on_farewell,
			 loop))
		return;
	nh_timer_init(&limit, on_limit, loop);
	nh_loop_set(loop, &limit, FAREWELL_MS);
	nh_loop_run(loop);
	nh_loop_cancel(loop, &limit);
}

void nh_ike_close(struct nh_ike *ike, bool teardown)
{
	if (teardown && nh_vici_is_up(ike->vici))
		farewell(ike);
	nh_ike_unload_stop(ike);
	disconnect(ike);
}

void nh_ike_reload(struct nh_ike *ike, bool reconnect)
{
	if (reconnect || !ike->iface->conf->ipsec.present) {
		nh_ike_unload_stop(ike);
		if (nh_vici_is_up(ike->vici))
			nh_ike_unload_start(ike);
		disconnect(ike);
		if (ike->iface->conf->ipsec.present && connect_ike(ike))
			nh_error(dev(ike), NULL, "out of memory: no IKE");
		return;
	}
	if (nh_vici_is_up(ike->vici)) {
		load_all(ike);
		list_all(ike);
	}
}

const struct nh_ike_sa *nh_ike_who(const struct nh_ike *ike,
				   const struct nh_endpoint *ep)
{
	return ike->vici ? nh_ike_table_at(&ike->table, ep) : NULL;
}
