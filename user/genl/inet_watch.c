// SPDX-License-Identifier: GPL-2.0-or-later
/* Changes of the addresses of network devices, over rtnetlink. */
#include "genl/inet_watch.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>

#include "genl/nl_priv.h"

/* Datagrams at a time, so that a flood of them does not keep us from others. */
#define READ_MAX	256

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

static void hand_over(struct nlmsghdr *nlh, int len, dmvpn_nl_inet_fn fn,
		      void *arg)
{
	uint32_t ifindex;

	for (; nlmsg_ok(nlh, len); nlh = nlmsg_next(nlh, &len)) {
		ifindex = dmvpn_nl_inet_changed(nlh);
		if (ifindex)
			fn(ifindex, arg);
	}
}

int dmvpn_nl_inet_watch_read(struct dmvpn_nl *nl, dmvpn_nl_inet_fn fn,
			     void *arg)
{
	unsigned char *buf;
	unsigned int i;
	int n;

	for (i = 0; i < READ_MAX; i++) {
		n = dmvpn_nl_receive(nl, &buf, 0);
		if (n == -EAGAIN)
			return 0;
		if (n == -ENOBUFS) {
			fn(0, arg);
			continue;
		}
		if (n < 0)
			return n;
		hand_over((struct nlmsghdr *)buf, n, fn, arg);
		free(buf);
	}
	return 0;
}
