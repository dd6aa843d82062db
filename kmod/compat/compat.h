/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the kernels we build for. Code is written for the
 * newest; this makes older ones look like it. Each HAVE_ comes from a look
 * into the headers (kmod/Kbuild), as stable kernels move such changes too.
 */
#ifndef _DMVPN_COMPAT_H
#define _DMVPN_COMPAT_H

#include <linux/netdevice.h>
#include <linux/workqueue.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>
#include <net/route.h>

#ifdef HAVE_GSO_H
#include <net/gso.h>
#endif

#ifndef HAVE_DST_RTABLE
static inline const struct rtable *dst_rtable(const struct dst_entry *dst)
{
	return container_of(dst, const struct rtable, dst);
}
#endif

#ifdef HAVE_NETDEV_LLTX_BIT
static inline void dmvpn_compat_set_lltx(struct net_device *dev)
{
	dev->lltx = true;
}
#else
static inline void dmvpn_compat_set_lltx(struct net_device *dev)
{
	dev->features |= NETIF_F_LLTX;
}
#endif

#ifdef HAVE_GENL_DUMPIT_INFO
static inline struct nlattr **
dmvpn_compat_dump_attrs(struct netlink_callback *cb)
{
	return genl_dumpit_info(cb)->info.attrs;
}
#else
static inline struct nlattr **
dmvpn_compat_dump_attrs(struct netlink_callback *cb)
{
	return genl_dumpit_info(cb)->attrs;
}
#endif

/* schedule_work() is on the old queue in some kernels that have both: name the
 * queue always, as a work on two of them may run twice at once.
 */
#ifndef HAVE_SYSTEM_PERCPU_WQ
#define system_percpu_wq system_wq
#endif

/* Before it had a name of its own, a group took the flag of a command. */
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN GENL_UNS_ADMIN_PERM
#endif

#ifndef HAVE_LINK_NET_CAPABLE
static inline bool rtnl_dev_link_net_capable(const struct net_device *dev,
					     const struct net *link_net)
{
	return net_eq(link_net, dev_net(dev)) ||
	       ns_capable(link_net->user_ns, CAP_NET_ADMIN);
}
#endif

/* DMVPN_NEWLINK(fn) makes an rtnl_link_ops.newlink called fn##_compat of
 * int fn(struct net *link_net, struct net_device *dev, struct nlattr *data[],
 *	  struct netlink_ext_ack *extack)
 */
#ifdef HAVE_RTNL_NEWLINK_PARAMS
#define DMVPN_NEWLINK(fn)						\
static int fn##_compat(struct net_device *dev,				\
		       struct rtnl_newlink_params *params,		\
		       struct netlink_ext_ack *extack)			\
{									\
	return fn(rtnl_newlink_link_net(params), dev, params->data,	\
		  extack);						\
}
#else
#define DMVPN_NEWLINK(fn)						\
static int fn##_compat(struct net *src_net, struct net_device *dev,	\
		       struct nlattr *tb[], struct nlattr *data[],	\
		       struct netlink_ext_ack *extack)			\
{									\
	return fn(src_net, dev, data, extack);				\
}
#endif

#endif /* _DMVPN_COMPAT_H */
