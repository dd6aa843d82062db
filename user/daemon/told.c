// SPDX-License-Identifier: GPL-2.0-or-later
/* Who was told which binding. */
#include "daemon/told.h"

#include <stdlib.h>

#include "daemon/iface.h"
#include "daemon/purge.h"

void nh_told_init(struct nh_told *told)
{
	TAILQ_INIT(&told->list);
	told->n = 0;
}

static void forget(struct nh_told *told, struct nh_telling *t)
{
	TAILQ_REMOVE(&told->list, t, link);
	told->n--;
	free(t);
}

void nh_told_free(struct nh_told *told)
{
	while (!TAILQ_EMPTY(&told->list))
		forget(told, TAILQ_FIRST(&told->list));
}

static struct nh_telling *find(struct nh_told *told,
			       const struct nh_prefix *prefix,
			       const struct nh_addr *requester)
{
	struct nh_telling *t;

	TAILQ_FOREACH(t, &told->list, link)
		if (nh_prefix_equal(&t->prefix, prefix) &&
		    nh_addr_equal(&t->requester, requester))
			return t;
	return NULL;
}

void nh_told_add(struct nh_iface *iface, const struct nh_prefix *prefix,
		 const struct nh_addr *requester, const struct nh_endpoint *ep,
		 uint16_t holdtime)
{
	struct nh_told *told = &iface->told;
	struct nh_telling *t = find(told, prefix, requester);

	if (t)
		forget(told, t);
	else if (told->n == NH_TOLD_MAX)
		forget(told, TAILQ_LAST(&told->list, nh_tellings));
	t = malloc(sizeof(*t));
	if (!t)
		return;
	t->prefix = *prefix;
	t->requester = *requester;
	t->ep = *ep;
	t->until = nh_loop_now(iface->loop) + (uint64_t)holdtime * 1000;
	TAILQ_INSERT_HEAD(&told->list, t, link);
	told->n++;
}

void nh_told_purge(struct nh_iface *iface, const struct nh_prefix *prefix,
		   const struct nh_addr *except, bool last)
{
	uint64_t now = nh_loop_now(iface->loop);
	struct nh_told *told = &iface->told;
	struct nh_telling *t, *next;

	for (t = TAILQ_FIRST(&told->list); t; t = next) {
		next = TAILQ_NEXT(t, link);
		if (t->until > now) {
			if (prefix && !nh_prefix_covers(prefix, &t->prefix))
				continue;
			if (!except || !nh_addr_equal(except, &t->requester))
				nh_purge_send(iface, &t->ep, &t->requester,
					      &t->prefix, last);
		}
		forget(told, t);
	}
}
