// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether all of a route's prefix takes the route's way, over rtnetlink. */
#include "genl/route_inside.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "genl/nl_priv.h"

/**
 * struct search - a look through the table
 * @route: whose prefix is looked into
 * @found: a route inside goes another way
 */
struct search {
	const struct dmvpn_nl_route *route;
	bool found;
};

/* A VRF has its own addresses in the table of its routes. */
static bool is_address(uint8_t type)
{
	return type == RTN_LOCAL || type == RTN_BROADCAST ||
	       type == RTN_ANYCAST || type == RTN_MULTICAST;
}

bool dmvpn_nl_route_differs(const struct nlmsghdr *nlh,
			    const struct dmvpn_nl_route *route)
{
	const struct rtmsg *rtm = nlmsg_data(nlh);
	struct dmvpn_nl_route inside;

	/* Of the other family, or none: not of interest. */
	if (dmvpn_nl_route_parse(nlh, &inside))
		return false;
	/* Exceptions to routes, such as a path's MTU, are listed as well. */
	if (rtm->rtm_flags & RTM_F_CLONED || inside.table != route->table)
		return false;
	if (is_address(inside.type))
		return false;
	if (inside.prefix.plen <= route->prefix.plen ||
	    !nh_prefix_covers(&route->prefix, &inside.prefix))
		return false;
	return inside.type != route->type || inside.oif != route->oif ||
	       !nh_addr_equal(&inside.gateway, &route->gateway);
}

static int look(const struct nlmsghdr *nlh, void *arg)
{
	struct search *search = arg;

	if (!search->found)
		search->found = dmvpn_nl_route_differs(nlh, search->route);
	return 0;
}

int dmvpn_nl_route_inside(struct dmvpn_nl *nl,
			  const struct dmvpn_nl_route *route)
{
	struct rtmsg rtm = { .rtm_family = route->prefix.addr.family };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, NLM_F_DUMP);
	struct search search = { .route = route };
	int err = 0;

	if (msg && nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO))
		err = -EINVAL;
	err = dmvpn_nl_talk(nl, msg, err, look, &search);
	return err ? err : search.found;
}
