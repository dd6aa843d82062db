// SPDX-License-Identifier: GPL-2.0-or-later
/* Route lookups over rtnetlink. */
#include "genl/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "genl/nl_priv.h"

static int get_u32(const struct nlattr *nla, uint32_t *value)
{
	if (!nla)
		return 0;
	if (nla_len(nla) != sizeof(*value))
		return -EPROTO;
	*value = nla_get_u32(nla);
	return 0;
}

static int get_addr(const struct nlattr *nla, struct nh_addr *addr)
{
	if (!nla)
		return 0;
	return nh_addr_from_bytes(addr, nla_data(nla), nla_len(nla)) ?
		       -EPROTO : 0;
}

/* A next hop of the other family. */
static int get_via(const struct nlattr *nla, struct nh_addr *gateway)
{
	const struct rtvia *via;

	if (!nla)
		return 0;
	if ((size_t)nla_len(nla) < sizeof(*via))
		return -EPROTO;
	via = nla_data(nla);
	return nh_addr_from_bytes(gateway, via->rtvia_addr,
				  nla_len(nla) - sizeof(*via)) ?
		       -EPROTO : 0;
}

static int get_metrics(const struct nlattr *nla, uint32_t *mtu)
{
	struct nlattr *tb[RTAX_MAX + 1];

	if (!nla)
		return 0;
	if (nla_parse_nested(tb, RTAX_MAX, (struct nlattr *)nla, NULL))
		return -EPROTO;
	return get_u32(tb[RTAX_MTU], mtu);
}

static int get_prefix(const struct rtmsg *rtm, const struct nlattr *dst,
		      struct nh_prefix *prefix)
{
	static const uint8_t zero[16];
	struct nh_addr addr;
	int err;

	/* A default route has no RTA_DST. */
	if (dst)
		err = nh_addr_from_bytes(&addr, nla_data(dst), nla_len(dst));
	else
		err = nh_addr_from_bytes(&addr, zero,
					 rtm->rtm_family == AF_INET ? 4 : 16);
	if (err || addr.family != rtm->rtm_family ||
	    nh_prefix_make(prefix, &addr, rtm->rtm_dst_len))
		return -EPROTO;
	return 0;
}

int dmvpn_nl_route_parse(const struct nlmsghdr *nlh,
			 struct dmvpn_nl_route *route)
{
	struct nlattr *tb[RTA_MAX + 1];
	const struct rtmsg *rtm;
	int err;

	memset(route, 0, sizeof(*route));
	if (!nlmsg_valid_hdr(nlh, sizeof(*rtm)) ||
	    nlh->nlmsg_type != RTM_NEWROUTE)
		return -EPROTO;
	rtm = nlmsg_data(nlh);
	if (rtm->rtm_family != AF_INET && rtm->rtm_family != AF_INET6)
		return 1;
	if (nlmsg_parse((struct nlmsghdr *)nlh, sizeof(*rtm), tb, RTA_MAX,
			NULL))
		return -EPROTO;

	route->type = rtm->rtm_type;
	route->table = rtm->rtm_table;
	err = get_u32(tb[RTA_TABLE], &route->table);
	if (!err)
		err = get_u32(tb[RTA_OIF], &route->oif);
	if (!err)
		err = get_addr(tb[RTA_GATEWAY], &route->gateway);
	if (!err)
		err = get_via(tb[RTA_VIA], &route->gateway);
	if (!err)
		err = get_addr(tb[RTA_PREFSRC], &route->source);
	if (!err)
		err = get_metrics(tb[RTA_METRICS], &route->mtu);
	if (!err)
		err = get_prefix(rtm, tb[RTA_DST], &route->prefix);
	return err;
}

static int put(struct nl_msg *msg, const struct dmvpn_nl_route_key *key,
	       unsigned int flags)
{
	const struct nh_addr *dst = &key->destination;
	const struct nh_addr *src = &key->source;
	struct rtmsg rtm = {
		.rtm_family = dst->family,
		.rtm_dst_len = nh_addr_bits(dst),
		.rtm_src_len = nh_addr_bits(src),
		.rtm_flags = flags,
	};

	if (!msg)
		return -ENOMEM;
	if (!dst->len || (src->len && src->family != dst->family))
		return -EINVAL;
	if (nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO) ||
	    nla_put(msg, RTA_DST, dst->len, dst->bytes))
		return -EINVAL;
	if (src->len && nla_put(msg, RTA_SRC, src->len, src->bytes))
		return -EINVAL;
	if (key->iif && nla_put_u32(msg, RTA_IIF, key->iif))
		return -EINVAL;
	if (key->vrf && nla_put_u32(msg, RTA_OIF, key->vrf))
		return -EINVAL;
	if (key->mark && nla_put_u32(msg, RTA_MARK, key->mark))
		return -EINVAL;
	return 0;
}

static int reply_route(const struct nlmsghdr *nlh, void *arg)
{
	int err = dmvpn_nl_route_parse(nlh, arg);

	return err > 0 ? -EPROTO : err;
}

static int lookup(struct dmvpn_nl *nl, const struct dmvpn_nl_route_key *key,
		  unsigned int flags, struct dmvpn_nl_route *route)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETROUTE, 0);
	int err = put(msg, key, flags);

	return dmvpn_nl_talk(nl, msg, err, reply_route, route);
}

/*
 * Two questions: the one tells the next hop that was chosen but calls the
 * destination itself the prefix, the other tells the prefix of the route but
 * all its next hops.
 */
int dmvpn_nl_route_get(struct dmvpn_nl *nl,
		       const struct dmvpn_nl_route_key *key,
		       struct dmvpn_nl_route *route)
{
	struct dmvpn_nl_route taken, match;
	int err;

	err = lookup(nl, key, 0, &taken);
	if (err)
		return err;
	err = lookup(nl, key, RTM_F_FIB_MATCH | RTM_F_LOOKUP_TABLE,
		     &match);
	if (err)
		return err;

	taken.prefix = match.prefix;
	taken.table = match.table;
	*route = taken;
	return 0;
}
