// SPDX-License-Identifier: GPL-2.0-or-later
/* Who was told which binding. */
#include "daemon/told.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/iface.h"
#include "daemon/path.h"
#include "daemon/purge.h"
#include "lib/log.h"

/* Whole routing tables read in one look. */
#define TABLES_MAX	16

void nh_told_init(struct nh_told *told)
{
	TAILQ_INIT(&told->list);
	told->n = 0;
	told->egress = 0;
}

static void forget(struct nh_told *told, struct nh_telling *t)
{
	TAILQ_REMOVE(&told->list, t, link);
	told->n--;
	told->egress -= t->egress;
	free(t);
}

void nh_told_free(struct nh_told *told)
{
	while (!TAILQ_EMPTY(&told->list))
		forget(told, TAILQ_FIRST(&told->list));
}

static struct nh_telling *find(struct nh_told *told,
			       const struct nh_telling *what)
{
	struct nh_telling *t;

	TAILQ_FOREACH(t, &told->list, link)
		if (nh_prefix_equal(&t->prefix, &what->prefix) &&
		    nh_addr_equal(&t->requester, &what->requester))
			return t;
	return NULL;
}

void nh_told_add(struct nh_iface *iface, const struct nh_telling *what,
		 uint16_t holdtime)
{
	struct nh_told *told = &iface->told;
	struct nh_telling *t = find(told, what);

	if (t)
		forget(told, t);
	else if (told->n == NH_TOLD_MAX)
		forget(told, TAILQ_LAST(&told->list, nh_tellings));
	t = malloc(sizeof(*t));
	if (t) {
		*t = *what;
		t->marked = false;
		t->going = false;
		t->until = nh_loop_now(iface->loop) +
			   (uint64_t)holdtime * 1000;
		TAILQ_INSERT_HEAD(&told->list, t, link);
		told->n++;
		told->egress += t->egress;
	}
	nh_routes_watch(iface);
}

/* Whether the requester is a client of ours, and believes its server. A client of
 * another one believes that of ours, whose packets its own server knows to come
 * from here.
 */
static bool is_client(struct nh_iface *iface, const struct nh_telling *t)
{
	struct dmvpn_nl_entry entry;

	return nh_path_host(iface, &t->requester, &entry) == 0 &&
	       nh_addr_equal(&entry.nbma, &t->ep.nbma) &&
	       entry.if_id == t->ep.if_id;
}

/* One packet for all that the requester of @first is to forget, if it fits. */
static void withdraw(struct nh_iface *iface, struct nh_telling *first,
		     const struct nh_addr *except, enum nh_purge_how how)
{
	const struct nh_addr node = first->requester, client = first->client;
	const struct nh_endpoint ep = first->ep;
	bool ours = !nh_addr_is_set(&client) || is_client(iface, first);
	struct nh_prefix list[NH_PURGE_PREFIXES];
	struct nh_telling *t, *next;
	const struct nh_conf_addr *own;
	size_t n = 0;

	/* Each answer of our own has told our tunnel address besides. */
	own = nh_conf_proto(iface->conf, node.family);
	if (own && first->egress && how != NH_PURGE_DIRECT)
		nh_prefix_make(&list[n++], &own->addr,
			       nh_addr_bits(&own->addr));
	for (t = first; t && n < NH_PURGE_PREFIXES; t = next) {
		next = TAILQ_NEXT(t, link);
		if (!t->going || !nh_addr_equal(&t->requester, &node) ||
		    !nh_addr_equal(&t->client, &client) ||
		    !nh_endpoint_equal(&t->ep, &ep))
			continue;
		list[n++] = t->prefix;
		forget(&iface->told, t);
	}
	if (!except || !nh_addr_equal(except, &node))
		nh_purge_send(iface, &ep, &node, list, n, how,
			      ours ? NULL : &client);
}

static void withdraw_going(struct nh_iface *iface, const struct nh_addr *except,
			   enum nh_purge_how how)
{
	struct nh_telling *t = TAILQ_FIRST(&iface->told.list);

	while (t) {
		if (!t->going) {
			t = TAILQ_NEXT(t, link);
			continue;
		}
		/* Others behind it may go with it. */
		withdraw(iface, t, except, how);
		t = TAILQ_FIRST(&iface->told.list);
	}
	nh_routes_watch(iface);
}

static void forget_old(struct nh_iface *iface)
{
	uint64_t now = nh_loop_now(iface->loop);
	struct nh_telling *t, *next;

	for (t = TAILQ_FIRST(&iface->told.list); t; t = next) {
		next = TAILQ_NEXT(t, link);
		if (t->until <= now)
			forget(&iface->told, t);
	}
}

static void purge_on(struct nh_iface *iface, const struct nh_prefix *prefix,
		     const struct nh_addr *except, bool last)
{
	struct nh_telling *t;

	forget_old(iface);
	TAILQ_FOREACH(t, &iface->told.list, link)
		t->going = !prefix || nh_prefix_covers(prefix, &t->prefix);
	withdraw_going(iface, except, last ? NH_PURGE_LAST : NH_PURGE_DIRECT);
}

void nh_told_purge(struct nh_iface *iface, const struct nh_prefix *prefix,
		   const struct nh_addr *except, bool last)
{
	struct nh_iface *other;

	purge_on(iface, prefix, except, last);
	if (!prefix)
		return;
	/* Who asked by another device was told as well. */
	LIST_FOREACH(other, iface->siblings, link)
		if (other != iface && nh_iface_same_network(other, iface))
			purge_on(other, prefix, except, last);
}

void nh_told_moved(struct nh_iface *iface)
{
	struct nh_telling *t;

	forget_old(iface);
	TAILQ_FOREACH(t, &iface->told.list, link)
		t->going = t->egress;
	withdraw_going(iface, NULL, NH_PURGE_BY_SERVER);
}

bool nh_told_mark(struct nh_iface *iface, const struct nh_prefix *prefix)
{
	struct nh_telling *t;
	bool any = false;

	TAILQ_FOREACH(t, &iface->told.list, link) {
		if (!t->egress || (!nh_prefix_covers(prefix, &t->prefix) &&
				   !nh_prefix_covers(&t->prefix, prefix)))
			continue;
		t->marked = true;
		any = true;
	}
	return any;
}

/* Whether we would still answer what we have answered. */
static bool holds(struct nh_iface *iface, const struct nh_telling *t)
{
	struct nh_path path;

	nh_path_find(iface, &t->dst, &path);
	if (path.kind != NH_PATH_LOCAL && path.kind != NH_PATH_EGRESS)
		return false;
	if (nh_prefix_is_host(&t->prefix))
		return true;
	return path.kind == NH_PATH_EGRESS &&
	       nh_prefix_covers(&path.prefix, &t->prefix) &&
	       !nh_path_is_divided(iface, &path);
}

bool nh_told_review(struct nh_iface *iface, bool all)
{
	char text[NH_PREFIX_STRLEN];
	struct nh_telling *t;
	bool left = false;

	forget_old(iface);
	/* What was found of routes before they changed. */
	memset(&iface->divided, 0, sizeof(iface->divided));
	TAILQ_FOREACH(t, &iface->told.list, link) {
		t->marked |= all && t->egress;
		if (!t->marked)
			continue;
		if (iface->divided.tables >= TABLES_MAX) {
			left = true;
			continue;
		}
		t->marked = false;
		t->going = !holds(iface, t);
		if (t->going)
			nh_info(iface->conf->name, &t->ep.nbma,
				"withdrawn, as the route has changed: %s",
				nh_prefix_format(&t->prefix, text,
						 sizeof(text)));
	}
	withdraw_going(iface, NULL, NH_PURGE_DIRECT);
	return left;
}
