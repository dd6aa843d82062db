/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of the routing table, over rtnetlink. */
#ifndef DMVPN_NL_ROUTE_WATCH_H
#define DMVPN_NL_ROUTE_WATCH_H

#include <stdbool.h>

#include "lib/addr.h"

struct dmvpn_nl;
struct nlmsghdr;

/**
 * typedef dmvpn_nl_route_fn - takes a change
 * @prefix: of the route; NULL, any route may be another one now
 */
typedef void (*dmvpn_nl_route_fn)(const struct nh_prefix *prefix, void *arg);

/**
 * dmvpn_nl_route_watch() - hear of changes from now on, or no longer
 * @nl: opened by dmvpn_nl_open_route(), and used for nothing else
 *
 * Return: 0, or a negative errno.
 */
int dmvpn_nl_route_watch(struct dmvpn_nl *nl, bool on);

/** dmvpn_nl_route_watch_fd() - readable while there are changes to read */
int dmvpn_nl_route_watch_fd(const struct dmvpn_nl *nl);

/**
 * dmvpn_nl_route_watch_read() - hand over changes, up to some hundred
 *
 * Changes that were lost are one of all routes. A link that goes down takes
 * its routes with it without a word about each: that is one of all too, as are
 * changes of rules, of addresses and of next hops that have a number.
 *
 * Return: 0, or a negative errno when the socket is of no use any more.
 */
int dmvpn_nl_route_watch_read(struct dmvpn_nl *nl, dmvpn_nl_route_fn fn,
			      void *arg);

/**
 * dmvpn_nl_route_changed() - what a message changes; for tests too
 * @prefix: set when it returns 1
 *
 * Return: 0 nothing of interest, 1 one prefix, 2 perhaps all.
 */
int dmvpn_nl_route_changed(struct nlmsghdr *nlh, struct nh_prefix *prefix);

#endif /* DMVPN_NL_ROUTE_WATCH_H */
