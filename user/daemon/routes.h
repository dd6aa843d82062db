/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes that change, and who was told of them (RFC 2332 5.2.5). */
#ifndef NH_ROUTES_H
#define NH_ROUTES_H

#include "daemon/loop.h"
#include "lib/addr.h"

struct nh_iface;
struct nh_ifaces;

/**
 * struct nh_routes - a device's look at the routing table
 * @timer: of the next look
 * @watching: changes are listened to
 * @all: any route may have changed
 * @last: when it was looked at last, milliseconds of the loop
 */
struct nh_routes {
	struct nh_timer timer;
	bool watching;
	bool all;
	uint64_t last;
};

void nh_routes_init(struct nh_iface *iface);
void nh_routes_free(struct nh_iface *iface);

/** nh_routes_watch() - listen for as long as somebody was told of a route */
void nh_routes_watch(struct nh_iface *iface);

/**
 * nh_routes_changed() - routes changed
 * @prefix: of the route; NULL, perhaps all of them
 *
 * What was told of them is looked at soon, for each device and at most once a
 * second, however often they change; see nh_told_review().
 */
void nh_routes_changed(struct nh_ifaces *ifaces, const struct nh_prefix *prefix);

#endif /* NH_ROUTES_H */
