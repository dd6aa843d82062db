// SPDX-License-Identifier: GPL-2.0-or-later
/* Network devices of any kind from rtnetlink messages. */
#include "genl/netdev.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "genl/nl_priv.h"

#define VRF_KIND	"vrf"

/* The master is one for routing only when it is a VRF; it may be a bridge. */
static bool in_vrf(const struct nlattr *nla)
{
	struct nlattr *tb[IFLA_INFO_MAX + 1];
	const struct nlattr *kind;

	if (!nla || nla_parse_nested(tb, IFLA_INFO_MAX, (struct nlattr *)nla,
				     NULL))
		return false;
	kind = tb[IFLA_INFO_SLAVE_KIND];
	return kind && (size_t)nla_len(kind) >= sizeof(VRF_KIND) - 1 &&
	       !strncmp(nla_data(kind), VRF_KIND, nla_len(kind));
}

static uint32_t number(const struct nlattr *nla)
{
	return nla && nla_len(nla) == sizeof(uint32_t) ? nla_get_u32(nla) : 0;
}

static int take(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[IFLA_MAX + 1], *name;
	struct dmvpn_nl_netdev *netdev = arg;
	const struct ifinfomsg *ifi;

	if (!nlmsg_valid_hdr(nlh, sizeof(*ifi)) ||
	    nlh->nlmsg_type != RTM_NEWLINK ||
	    nlmsg_parse((struct nlmsghdr *)nlh, sizeof(*ifi), tb, IFLA_MAX,
			NULL))
		return -EPROTO;
	ifi = nlmsg_data(nlh);
	*netdev = (struct dmvpn_nl_netdev){
		.ifindex = ifi->ifi_index,
		.mtu = number(tb[IFLA_MTU]),
		.up = ifi->ifi_flags & IFF_UP,
		.elsewhere = tb[IFLA_LINK_NETNSID],
	};
	netdev->running = netdev->up && ifi->ifi_flags & IFF_RUNNING;
	if (in_vrf(tb[IFLA_LINKINFO]))
		netdev->vrf = number(tb[IFLA_MASTER]);
	name = tb[IFLA_IFNAME];
	if (!name || nla_strlcpy(netdev->name, name, sizeof(netdev->name)) >=
		     sizeof(netdev->name))
		return -EPROTO;
	return 0;
}

int dmvpn_nl_netdev_get(struct dmvpn_nl *nl, uint32_t ifindex,
			struct dmvpn_nl_netdev *netdev)
{
	const struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, 0);
	int err = 0;

	if (msg && nlmsg_append(msg, (void *)&ifi, sizeof(ifi), NLMSG_ALIGNTO))
		err = -EINVAL;
	return dmvpn_nl_talk(nl, msg, err, take, netdev);
}
