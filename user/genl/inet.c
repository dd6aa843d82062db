// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses of network devices to and from rtnetlink messages. */
#include "genl/inet.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "genl/nl_priv.h"

int dmvpn_nl_inet_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_inet *inet)
{
	const struct nlattr *addr, *flags;
	struct nlattr *tb[IFA_MAX + 1];
	const struct ifaddrmsg *ifa;

	memset(inet, 0, sizeof(*inet));
	if (!nlmsg_valid_hdr(nlh, sizeof(*ifa)) ||
	    nlh->nlmsg_type != RTM_NEWADDR)
		return -EPROTO;
	ifa = nlmsg_data(nlh);
	if (ifa->ifa_family != AF_INET && ifa->ifa_family != AF_INET6)
		return 1;
	if (nlmsg_parse((struct nlmsghdr *)nlh, sizeof(*ifa), tb, IFA_MAX,
			NULL))
		return -EPROTO;

	/* On a point-to-point IPv4 link IFA_ADDRESS is the other end. */
	addr = tb[IFA_LOCAL] ?: tb[IFA_ADDRESS];
	if (!addr || nh_addr_from_bytes(&inet->addr, nla_data(addr),
					nla_len(addr)) ||
	    inet->addr.family != ifa->ifa_family ||
	    ifa->ifa_prefixlen > nh_addr_bits(&inet->addr))
		return -EPROTO;

	inet->ifindex = ifa->ifa_index;
	inet->plen = ifa->ifa_prefixlen;
	inet->scope = ifa->ifa_scope;
	flags = tb[IFA_FLAGS];
	if (flags && nla_len(flags) == sizeof(uint32_t))
		inet->flags = nla_get_u32(flags);
	else
		inet->flags = ifa->ifa_flags;
	return 0;
}

static int put(struct nl_msg *msg, uint32_t ifindex,
	       const struct nh_addr *addr, uint8_t plen)
{
	struct ifaddrmsg ifa = {
		.ifa_family = addr->family,
		.ifa_prefixlen = plen,
		.ifa_index = ifindex,
	};

	if (!msg)
		return -ENOMEM;
	if (!addr->len || plen > nh_addr_bits(addr))
		return -EINVAL;
	if (nlmsg_append(msg, &ifa, sizeof(ifa), NLMSG_ALIGNTO) ||
	    nla_put(msg, IFA_LOCAL, addr->len, addr->bytes) ||
	    nla_put(msg, IFA_ADDRESS, addr->len, addr->bytes))
		return -EINVAL;
	return 0;
}

/* Duplicate address detection on a link without neighbours takes a second
 * and finds nothing.
 */
static int put_nodad(struct nl_msg *msg, const struct nh_addr *addr)
{
	if (addr->family != AF_INET6)
		return 0;
	return nla_put_u32(msg, IFA_FLAGS, IFA_F_NODAD) ? -EINVAL : 0;
}

int dmvpn_nl_inet_add(struct dmvpn_nl *nl, uint32_t ifindex,
		      const struct nh_addr *addr, uint8_t plen)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWADDR,
						NLM_F_CREATE | NLM_F_REPLACE);
	int err = put(msg, ifindex, addr, plen);

	if (!err)
		err = put_nodad(msg, addr);
	return dmvpn_nl_talk(nl, msg, err, NULL, NULL);
}

int dmvpn_nl_inet_del(struct dmvpn_nl *nl, uint32_t ifindex,
		      const struct nh_addr *addr, uint8_t plen)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_DELADDR, 0);
	int err = put(msg, ifindex, addr, plen);

	return dmvpn_nl_talk(nl, msg, err, NULL, NULL);
}

static int list_inet(const struct nlmsghdr *nlh, void *object,
		     uint32_t ifindex)
{
	struct dmvpn_nl_inet *inet = object;
	int err = dmvpn_nl_inet_parse(nlh, inet);

	if (err)
		return err;
	return ifindex && inet->ifindex != ifindex;
}

int dmvpn_nl_inet_dump(struct dmvpn_nl *nl, uint32_t ifindex,
		       struct dmvpn_nl_inet **list, size_t *n)
{
	const struct dmvpn_nl_list how = {
		.size = sizeof(**list),
		.parse = list_inet,
		.ifindex = ifindex,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETADDR, NLM_F_DUMP);
	struct ifaddrmsg ifa = { .ifa_family = AF_UNSPEC };
	void *objects;
	int err = 0;

	if (msg && nlmsg_append(msg, &ifa, sizeof(ifa), NLMSG_ALIGNTO))
		err = -EINVAL;
	err = dmvpn_nl_dump(nl, msg, err, &how, &objects, n);
	if (err >= 0)
		*list = objects;
	return err;
}
