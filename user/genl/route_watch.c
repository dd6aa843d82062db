// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of the routing table, over rtnetlink. */
#include "genl/route_watch.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "genl/nl_priv.h"
#include "genl/route.h"

static const int groups[] = {
	RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE, RTNLGRP_LINK, RTNLGRP_NEXTHOP,
	RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE, RTNLGRP_IPV4_IFADDR,
};

int dmvpn_nl_route_watch(struct dmvpn_nl *nl, bool on)
{
	size_t i;
	int err;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		err = on ? nl_socket_add_membership(nl->sk, groups[i]) :
		      nl_socket_drop_membership(nl->sk, groups[i]);
		if (!err || !on)
			continue;
		dmvpn_nl_route_watch(nl, false);
		return dmvpn_nl_fail(nl, -EIO,
				     "cannot listen to the routing table: %s",
				     nl_geterror(err));
	}
	return 0;
}

int dmvpn_nl_route_watch_fd(const struct dmvpn_nl *nl)
{
	return nl_socket_get_fd(nl->sk);
}

int dmvpn_nl_route_changed(struct nlmsghdr *nlh, struct nh_prefix *prefix)
{
	struct dmvpn_nl_route route;
	const struct rtmsg *rtm;

	switch (nlh->nlmsg_type) {
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		break;
	case RTM_NEWLINK:
	case RTM_DELLINK:
	case RTM_NEWADDR:
	case RTM_DELADDR:
	case RTM_NEWRULE:
	case RTM_DELRULE:
	case RTM_NEWNEXTHOP:
	case RTM_DELNEXTHOP:
		return 2;
	default:
		return 0;
	}
	/* A route that goes is told in the form of one that comes. */
	nlh->nlmsg_type = RTM_NEWROUTE;
	if (dmvpn_nl_route_parse(nlh, &route))
		return 0;
	rtm = nlmsg_data(nlh);
	if (rtm->rtm_flags & RTM_F_CLONED)
		return 0;
	*prefix = route.prefix;
	return 1;
}

struct listener {
	dmvpn_nl_route_fn fn;
	void *arg;
};

static void heard(struct nlmsghdr *nlh, void *arg)
{
	const struct listener *l = arg;
	struct nh_prefix prefix;

	switch (nlh ? dmvpn_nl_route_changed(nlh, &prefix) : 2) {
	case 1:
		l->fn(&prefix, l->arg);
		break;
	case 2:
		l->fn(NULL, l->arg);
		break;
	}
}

int dmvpn_nl_route_watch_read(struct dmvpn_nl *nl, dmvpn_nl_route_fn fn,
			      void *arg)
{
	struct listener l = { fn, arg };

	return dmvpn_nl_hear(nl, heard, &l);
}
