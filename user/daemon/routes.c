// SPDX-License-Identifier: GPL-2.0-or-later
/* Routes that change, and who was told of them. */
#include "daemon/routes.h"

#include "daemon/iface.h"
#include "lib/log.h"

#define SOON	100	/* milliseconds: changes rarely come alone */
#define SPACING	1000	/* between two looks */

static void schedule(struct nh_iface *iface)
{
	struct nh_routes *routes = &iface->routes;
	uint64_t now = nh_loop_now(iface->loop);
	uint64_t wait = SOON;

	if (nh_timer_is_set(&routes->timer))
		return;
	if (routes->last && routes->last + SPACING > now + SOON)
		wait = routes->last + SPACING - now;
	nh_loop_set(iface->loop, &routes->timer, (uint32_t)wait);
}

static void on_timer(void *arg)
{
	struct nh_iface *iface = arg;
	struct nh_routes *routes = &iface->routes;
	bool all = routes->all;

	routes->all = false;
	routes->last = nh_loop_now(iface->loop);
	if (nh_told_review(iface, all))
		schedule(iface);
	nh_routes_watch(iface);
}

void nh_routes_init(struct nh_iface *iface)
{
	nh_timer_init(&iface->routes.timer, on_timer, iface);
}

void nh_routes_free(struct nh_iface *iface)
{
	nh_loop_cancel(iface->loop, &iface->routes.timer);
	nh_routes_watch(iface);
}

void nh_routes_watch(struct nh_iface *iface)
{
	struct nh_routes *routes = &iface->routes;
	struct nh_kernel *k = iface->kernel;
	bool want = iface->told.egress;
	int err;

	if (routes->watching == want)
		return;
	err = k->ops->route_watch(k, want);
	if (err)
		nh_warn(iface->conf->name, NULL, "%s", k->ops->error(k));
	else
		routes->watching = want;
}

void nh_routes_changed(struct nh_ifaces *ifaces, const struct nh_prefix *prefix)
{
	struct nh_iface *iface;

	LIST_FOREACH(iface, ifaces, link) {
		if (!iface->routes.watching)
			continue;
		if (!prefix)
			iface->routes.all = true;
		/* Then each one is looked at anyway. */
		if (iface->routes.all || nh_told_mark(iface, prefix))
			schedule(iface);
	}
}
