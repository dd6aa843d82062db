// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family: finding the device, addresses, dumps. */
#include "netlink.h"

#include <linux/netdevice.h>

#include "compat/compat.h"
#include "device.h"
#include "dmvpn.h"
#include "net.h"
#include "netlink-gen.h"

static const struct genl_multicast_group dmvpn_nl_mcgrps[] = {
	[DMVPN_NLGRP_EVENTS] = {
		.name = DMVPN_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[DMVPN_NLGRP_UPDATES] = {
		.name = DMVPN_MCGRP_UPDATES,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family dmvpn_nl_family __ro_after_init = {
	.name = DMVPN_FAMILY_NAME,
	.version = DMVPN_FAMILY_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.resv_start_op = DMVPN_CMD_DEV_GET,
	.ops = dmvpn_nl_ops,
	.n_ops = ARRAY_SIZE(dmvpn_nl_ops),
	.mcgrps = dmvpn_nl_mcgrps,
	.n_mcgrps = ARRAY_SIZE(dmvpn_nl_mcgrps),
};

/* References the device; the caller has named it by its index. */
static struct dmvpn_dev *dmvpn_nl_dev_get(struct net *net, int ifindex,
					  struct netlink_ext_ack *extack)
{
	struct net_device *dev = dev_get_by_index(net, ifindex);

	if (!dev) {
		NL_SET_ERR_MSG(extack, "ifindex: no such device");
		return ERR_PTR(-ENODEV);
	}
	if (!dmvpn_is_dev(dev)) {
		dev_put(dev);
		NL_SET_ERR_MSG(extack, "ifindex: not a dmvpn device");
		return ERR_PTR(-EOPNOTSUPP);
	}
	return netdev_priv(dev);
}

/* Who waited for the lock may find that the device is gone, or went to another
 * namespace, where it is not to be changed from this one.
 */
static bool dmvpn_nl_dev_here(const struct dmvpn_dev *ddev,
			      const struct net *net)
{
	lockdep_assert_held(&ddev->lock);
	return !ddev->dead && net_eq(dev_net(ddev->dev), net);
}

/**
 * dmvpn_nl_dev_lock() - find the device a request names, and lock it
 * @info: request
 * @attr: its attribute that holds the interface index
 *
 * Return: the device, referenced and locked, or an error pointer.
 */
struct dmvpn_dev *dmvpn_nl_dev_lock(struct genl_info *info, int attr)
{
	struct dmvpn_dev *ddev;

	if (GENL_REQ_ATTR_CHECK(info, attr)) {
		NL_SET_ERR_MSG(info->extack, "ifindex: missing");
		return ERR_PTR(-EINVAL);
	}
	ddev = dmvpn_nl_dev_get(genl_info_net(info),
				nla_get_u32(info->attrs[attr]), info->extack);
	if (IS_ERR(ddev))
		return ddev;
	mutex_lock(&ddev->lock);
	if (dmvpn_nl_dev_here(ddev, genl_info_net(info)))
		return ddev;
	dmvpn_nl_dev_unlock(ddev);
	NL_SET_ERR_MSG(info->extack,
		       "ifindex: the device is being removed or moved");
	return ERR_PTR(-ENODEV);
}

/**
 * dmvpn_nl_dev_unlock() - let a device go
 * @ddev: device from dmvpn_nl_dev_lock()
 */
void dmvpn_nl_dev_unlock(struct dmvpn_dev *ddev)
{
	mutex_unlock(&ddev->lock);
	dev_put(ddev->dev);
}

/* References the device of the namespace with the next higher index. */
static struct dmvpn_dev *dmvpn_nl_dev_next(struct net *net, int after)
{
	struct dmvpn_dev *ddev, *best = NULL;

	rcu_read_lock();
	list_for_each_entry_rcu(ddev, &dmvpn_devices, all) {
		if (!net_eq(dev_net(ddev->dev), net) ||
		    ddev->dev->ifindex <= after)
			continue;
		if (!best || ddev->dev->ifindex < best->dev->ifindex)
			best = ddev;
	}
	if (best)
		dev_hold(best->dev);
	rcu_read_unlock();
	return best;
}

static int dmvpn_nl_dump_one(struct sk_buff *skb, struct netlink_callback *cb,
			     struct dmvpn_dev *ddev, dmvpn_dump_fn fn)
{
	struct dmvpn_dump *dump = (struct dmvpn_dump *)cb->ctx;
	int err = 0;

	if (dump->ifindex != ddev->dev->ifindex) {
		memset(dump, 0, sizeof(*dump));
		dump->ifindex = ddev->dev->ifindex;
	}
	mutex_lock(&ddev->lock);
	if (dmvpn_nl_dev_here(ddev, sock_net(skb->sk)))
		err = fn(skb, cb, ddev, dump);
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

/* The device that the request names. Ends the dump by moving behind it. */
static int dmvpn_nl_dump_named(struct sk_buff *skb,
			       struct netlink_callback *cb, int ifindex,
			       dmvpn_dump_fn fn)
{
	struct dmvpn_dump *dump = (struct dmvpn_dump *)cb->ctx;
	struct dmvpn_dev *ddev;
	int err;

	if (dump->ifindex == INT_MAX)
		return 0;
	ddev = dmvpn_nl_dev_get(sock_net(skb->sk), ifindex, cb->extack);
	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	err = dmvpn_nl_dump_one(skb, cb, ddev, fn);
	if (err == -EMSGSIZE && skb->len)
		return skb->len;
	dump->ifindex = INT_MAX;
	return err ?: skb->len;
}

/**
 * dmvpn_nl_dump() - dump objects of one device or of all in the namespace
 * @skb: message to fill
 * @cb: dump
 * @attr: attribute of the request that holds the interface index
 * @fn: dumps the objects of one device
 *
 * The place in the dump is an object's name, not a position in a table, so
 * objects that come and go meanwhile disturb no other ones.
 *
 * Return: as netlink_callback.dump.
 */
int dmvpn_nl_dump(struct sk_buff *skb, struct netlink_callback *cb, int attr,
		  dmvpn_dump_fn fn)
{
	struct dmvpn_dump *dump = (struct dmvpn_dump *)cb->ctx;
	struct nlattr **attrs = dmvpn_compat_dump_attrs(cb);
	struct dmvpn_dev *ddev;
	int next, err;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	if (attrs && attrs[attr])
		return dmvpn_nl_dump_named(skb, cb, nla_get_u32(attrs[attr]),
					   fn);
	/* Goes on with the device it stopped in, then to higher ones. */
	while ((ddev = dmvpn_nl_dev_next(sock_net(skb->sk),
					 dump->ifindex - 1))) {
		err = dmvpn_nl_dump_one(skb, cb, ddev, fn);
		if (err == -EMSGSIZE && skb->len)
			return skb->len;
		if (err)
			return err;
		/* The place in this device is none in the next one. */
		next = dump->ifindex + 1;
		memset(dump, 0, sizeof(*dump));
		dump->ifindex = next;
	}
	return skb->len;
}

/**
 * dmvpn_nl_need() - an attribute must be there
 * @info: request
 * @attr: attribute
 * @why: what to say otherwise
 *
 * Return: 0, or -EINVAL, which is said.
 */
int dmvpn_nl_need(struct genl_info *info, int attr, const char *why)
{
	if (!GENL_REQ_ATTR_CHECK(info, attr))
		return 0;
	info->extack->_msg = why;
	return -EINVAL;
}

/**
 * dmvpn_nl_get_addr() - read an address
 * @info: request
 * @attr: attribute that must be there
 * @why: what to say when it is not
 * @addr: filled
 *
 * Return: 0, or -EINVAL, which is said.
 */
int dmvpn_nl_get_addr(struct genl_info *info, int attr, const char *why,
		      struct dmvpn_addr *addr)
{
	const struct nlattr *nla = info->attrs[attr];

	if (dmvpn_nl_need(info, attr, why))
		return -EINVAL;
	if (dmvpn_addr_from_bytes(addr, nla_data(nla), nla_len(nla))) {
		NL_SET_ERR_MSG_ATTR(info->extack, nla,
				    "address: must have 4 or 16 octets");
		return -EINVAL;
	}
	return 0;
}

/**
 * dmvpn_nl_get_u32() - read a number that may be absent
 * @info: request
 * @attr: attribute
 *
 * Return: its value, 0 without it.
 */
u32 dmvpn_nl_get_u32(struct genl_info *info, int attr)
{
	return info->attrs[attr] ? nla_get_u32(info->attrs[attr]) : 0;
}

/**
 * dmvpn_nl_put_addr() - write an address
 * @skb: message
 * @attr: attribute
 * @addr: address; nothing is written for "no address"
 *
 * Return: 0 or -EMSGSIZE.
 */
int dmvpn_nl_put_addr(struct sk_buff *skb, int attr,
		      const struct dmvpn_addr *addr)
{
	if (!addr->family)
		return 0;
	return nla_put(skb, attr, dmvpn_addr_len(addr), &addr->v6);
}

/**
 * dmvpn_nl_msecs() - how long ago
 * @since: jiffies
 *
 * Return: milliseconds.
 */
u64 dmvpn_nl_msecs(unsigned long since)
{
	unsigned long now = jiffies;

	/* Marks of use are rounded up to an odd tick. */
	return time_after(since, now) ? 0 : jiffies64_to_msecs(now - since);
}

static struct sk_buff *dmvpn_nl_msg(u8 cmd, u32 portid, u32 seq, size_t size,
				    dmvpn_fill_fn fill, const void *obj)
{
	struct sk_buff *msg = genlmsg_new(size, GFP_KERNEL);
	void *hdr;

	if (!msg)
		return NULL;
	hdr = genlmsg_put(msg, portid, seq, &dmvpn_nl_family, 0, cmd);
	if (!hdr || fill(msg, obj)) {
		nlmsg_free(msg);
		return NULL;
	}
	genlmsg_end(msg, hdr);
	return msg;
}

/**
 * dmvpn_nl_reply() - answer a request with an object
 * @info: request
 * @cmd: DMVPN_CMD_*
 * @size: most octets that the attributes take
 * @fill: writes the object
 * @obj: the object; its device is locked
 *
 * Return: 0 or a negative error.
 */
int dmvpn_nl_reply(struct genl_info *info, u8 cmd, size_t size,
		   dmvpn_fill_fn fill, const void *obj)
{
	struct sk_buff *msg = dmvpn_nl_msg(cmd, info->snd_portid,
					   info->snd_seq, size, fill, obj);

	return msg ? genlmsg_reply(msg, info) : -ENOMEM;
}

/**
 * dmvpn_nl_dump_put() - add an object to a dump
 * @skb: message of the dump
 * @cb: dump
 * @cmd: DMVPN_CMD_*
 * @fill: writes the object
 * @obj: the object; its device is locked
 *
 * Return: 0, or -EMSGSIZE when the message is full.
 */
int dmvpn_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
		      u8 cmd, dmvpn_fill_fn fill, const void *obj)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &dmvpn_nl_family,
				NLM_F_MULTI, cmd);

	if (!hdr)
		return -EMSGSIZE;
	if (fill(skb, obj)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * dmvpn_nl_notify() - tell what became of an object, if anybody listens
 * @ddev: device; its lock is held
 * @cmd: DMVPN_CMD_*_NTF
 * @size: most octets that the attributes take
 * @fill: writes the object
 * @obj: the object
 */
void dmvpn_nl_notify(struct dmvpn_dev *ddev, u8 cmd, size_t size,
		     dmvpn_fill_fn fill, const void *obj)
{
	unsigned int group = cmd == DMVPN_CMD_ENTRY_CHANGE_NTF ?
			     DMVPN_NLGRP_UPDATES : DMVPN_NLGRP_EVENTS;
	struct net *net = dev_net(ddev->dev);
	struct sk_buff *msg;

	if (!genl_has_listeners(&dmvpn_nl_family, net, group))
		return;
	msg = dmvpn_nl_msg(cmd, 0, 0, size, fill, obj);
	if (msg)
		genlmsg_multicast_netns(&dmvpn_nl_family, net, msg, 0, group,
					GFP_KERNEL);
}

/**
 * dmvpn_nl_register() - offer the family
 *
 * Return: 0 or a negative error.
 */
int dmvpn_nl_register(void)
{
	return genl_register_family(&dmvpn_nl_family);
}

/**
 * dmvpn_nl_unregister() - withdraw the family
 */
void dmvpn_nl_unregister(void)
{
	genl_unregister_family(&dmvpn_nl_family);
}
