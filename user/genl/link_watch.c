// SPDX-License-Identifier: GPL-2.0-or-later
/* Network devices that come, or get another name, over rtnetlink. */
#include "genl/link_watch.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "genl/nl_priv.h"

int dmvpn_nl_link_watch(struct dmvpn_nl *nl)
{
	int err = nl_socket_add_membership(nl->sk, RTNLGRP_LINK);

	if (!err)
		return 0;
	return dmvpn_nl_fail(nl, -EIO, "cannot listen to devices: %s",
			     nl_geterror(err));
}

int dmvpn_nl_link_watch_fd(const struct dmvpn_nl *nl)
{
	return nl_socket_get_fd(nl->sk);
}

bool dmvpn_nl_link_there(const struct nlmsghdr *nlh, char *name, size_t size)
{
	const struct nlattr *nla;

	if (nlh->nlmsg_type != RTM_NEWLINK ||
	    !nlmsg_valid_hdr(nlh, sizeof(struct ifinfomsg)))
		return false;
	nla = nlmsg_find_attr((struct nlmsghdr *)nlh, sizeof(struct ifinfomsg),
			      IFLA_IFNAME);
	return nla && nla_strlcpy(name, nla, size) < size;
}

struct listener {
	dmvpn_nl_link_fn fn;
	void *arg;
};

static void heard(struct nlmsghdr *nlh, void *arg)
{
	const struct listener *l = arg;
	char name[IFNAMSIZ];

	if (!nlh)
		l->fn(NULL, l->arg);
	else if (dmvpn_nl_link_there(nlh, name, sizeof(name)))
		l->fn(name, l->arg);
}

int dmvpn_nl_link_watch_read(struct dmvpn_nl *nl, dmvpn_nl_link_fn fn,
			     void *arg)
{
	struct listener l = { fn, arg };

	return dmvpn_nl_hear(nl, heard, &l);
}
