/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether all of a route's prefix takes the route's way. */
#ifndef DMVPN_NL_ROUTE_INSIDE_H
#define DMVPN_NL_ROUTE_INSIDE_H

#include "genl/route.h"

struct nlmsghdr;

/**
 * dmvpn_nl_route_inside() - look for a more specific route with another way
 * @nl: opened by dmvpn_nl_open_route()
 * @route: as dmvpn_nl_route_get() gave it
 *
 * Reads the whole routing table of the route's family; other tables than the
 * route's do not count, and own addresses inside the prefix do not either.
 *
 * Return: 0 when there is none, 1 when there is one, or a negative errno.
 */
int dmvpn_nl_route_inside(struct dmvpn_nl *nl,
			  const struct dmvpn_nl_route *route);

/** dmvpn_nl_route_differs() - a route message is such a route; for tests too */
bool dmvpn_nl_route_differs(const struct nlmsghdr *nlh,
			    const struct dmvpn_nl_route *route);

#endif /* DMVPN_NL_ROUTE_INSIDE_H */
