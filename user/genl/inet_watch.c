// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of the addresses of network devices, over rtnetlink. */
#include "genl/inet_watch.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include "genl/nl_priv.h"

int dmvpn_nl_inet_watch(struct dmvpn_nl *nl)
{
	int err = nl_socket_add_memberships(nl->sk, RTNLGRP_IPV4_IFADDR,
					    RTNLGRP_IPV6_IFADDR, 0);

	if (!err)
		return 0;
	return dmvpn_nl_fail(nl, -EIO, "cannot listen to addresses: %s",
			     nl_geterror(err));
}

int dmvpn_nl_inet_watch_fd(const struct dmvpn_nl *nl)
{
	return nl_socket_get_fd(nl->sk);
}

uint32_t dmvpn_nl_inet_changed(const struct nlmsghdr *nlh)
{
	const struct ifaddrmsg *ifa;

	if (nlh->nlmsg_type != RTM_NEWADDR && nlh->nlmsg_type != RTM_DELADDR)
		return 0;
	if (!nlmsg_valid_hdr(nlh, sizeof(*ifa)))
		return 0;
	ifa = nlmsg_data(nlh);
	return ifa->ifa_index;
}

struct listener {
	dmvpn_nl_inet_fn fn;
	void *arg;
};

static void heard(struct nlmsghdr *nlh, void *arg)
{
	uint32_t ifindex = nlh ? dmvpn_nl_inet_changed(nlh) : 0;
	const struct listener *l = arg;

	if (ifindex || !nlh)
		l->fn(ifindex, l->arg);
}

int dmvpn_nl_inet_watch_read(struct dmvpn_nl *nl, dmvpn_nl_inet_fn fn,
			     void *arg)
{
	struct listener l = { fn, arg };

	return dmvpn_nl_hear(nl, heard, &l);
}
