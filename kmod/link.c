// SPDX-License-Identifier: GPL-2.0-only
/* The link kind "dmvpn": attributes to configuration and back. */
#include "link.h"

#include <linux/ipv6.h>
#include <linux/netdevice.h>
#include <net/rtnetlink.h>

#include "compat/compat.h"
#include "device.h"
#include "dmvpn.h"
#include "local.h"
#include "net.h"

#define DMVPN_LIMIT_MAX		16777216
#define DMVPN_HOLD_QUEUE_MAX	4096
#define DMVPN_RATE_MAX		1000000
#define DMVPN_INTERVAL_MAX	3600000

static const struct nla_policy dmvpn_link_policy[IFLA_DMVPN_MAX + 1] = {
	[IFLA_DMVPN_LINK] = { .type = NLA_U32 },
	[IFLA_DMVPN_LOCAL4] = { .type = NLA_BE32 },
	[IFLA_DMVPN_LOCAL6] = NLA_POLICY_EXACT_LEN(sizeof(struct in6_addr)),
	[IFLA_DMVPN_KEY] = { .type = NLA_U32 },
	[IFLA_DMVPN_NO_KEY] = { .type = NLA_FLAG },
	[IFLA_DMVPN_TTL] = { .type = NLA_U8 },
	[IFLA_DMVPN_TOS] = { .type = NLA_U8 },
	[IFLA_DMVPN_DF] = NLA_POLICY_MAX(NLA_U8, DMVPN_DF_INHERIT),
	[IFLA_DMVPN_FWMARK] = { .type = NLA_U32 },
	[IFLA_DMVPN_NETWORK_ID] = { .type = NLA_U32 },
	[IFLA_DMVPN_PROTECTION] = NLA_POLICY_MAX(NLA_U8,
						 DMVPN_PROTECTION_NONE),
	[IFLA_DMVPN_REDIRECT] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_DMVPN_SHORTCUT] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_DMVPN_STRICT_SOURCE] = NLA_POLICY_MAX(NLA_U8, 1),
	[IFLA_DMVPN_MAX_PEERS] = { .type = NLA_U32 },
	[IFLA_DMVPN_MAX_ENTRIES] = { .type = NLA_U32 },
	[IFLA_DMVPN_MAX_MCAST] = { .type = NLA_U32 },
	[IFLA_DMVPN_HOLD_QUEUE] = { .type = NLA_U32 },
	[IFLA_DMVPN_UPCALL_RATE] = { .type = NLA_U32 },
	[IFLA_DMVPN_REDIRECT_RATE] = { .type = NLA_U32 },
	[IFLA_DMVPN_REDIRECT_INTERVAL] = { .type = NLA_U32 },
};

static int dmvpn_link_refuse(struct nlattr *attr, const char *why,
			     struct netlink_ext_ack *extack)
{
	NL_SET_BAD_ATTR(extack, attr);
	if (extack)
		extack->_msg = why;
	return -EINVAL;
}

static int dmvpn_parse_underlay(struct net *net, struct net_device *dev,
				struct nlattr *data[], struct dmvpn_conf *conf,
				struct netlink_ext_ack *extack)
{
	struct net_device *link;
	__be32 local4;

	if (data[IFLA_DMVPN_LINK]) {
		conf->link = nla_get_u32(data[IFLA_DMVPN_LINK]);
		link = conf->link ? __dev_get_by_index(net, conf->link) : NULL;
		if (conf->link && !link)
			return dmvpn_link_refuse(data[IFLA_DMVPN_LINK],
				"link: no such device in the underlay's namespace",
				extack);
		if (link == dev)
			return dmvpn_link_refuse(data[IFLA_DMVPN_LINK],
				"link: a device cannot be its own underlay",
				extack);
	}
	if (data[IFLA_DMVPN_LOCAL4]) {
		local4 = nla_get_in_addr(data[IFLA_DMVPN_LOCAL4]);
		if (ipv4_is_multicast(local4) || ipv4_is_lbcast(local4))
			return dmvpn_link_refuse(data[IFLA_DMVPN_LOCAL4],
				"local4: not a unicast address", extack);
		conf->set_local4 = local4;
	}
	if (data[IFLA_DMVPN_LOCAL6]) {
		conf->set_local6 = nla_get_in6_addr(data[IFLA_DMVPN_LOCAL6]);
		if (ipv6_addr_is_multicast(&conf->set_local6) ||
		    ipv6_addr_v4mapped(&conf->set_local6))
			return dmvpn_link_refuse(data[IFLA_DMVPN_LOCAL6],
				"local6: not a unicast address", extack);
		if (!ipv6_addr_any(&conf->set_local6) && !ipv6_mod_enabled())
			return dmvpn_link_refuse(data[IFLA_DMVPN_LOCAL6],
				"local6: IPv6 is disabled", extack);
	}
	dmvpn_local_select(net, conf);
	return 0;
}

static int dmvpn_parse_key(struct nlattr *data[], struct dmvpn_conf *conf,
			   struct netlink_ext_ack *extack)
{
	if (data[IFLA_DMVPN_KEY] && nla_get_flag(data[IFLA_DMVPN_NO_KEY]))
		return dmvpn_link_refuse(data[IFLA_DMVPN_NO_KEY],
			"no-key: a key is given as well", extack);
	if (data[IFLA_DMVPN_KEY]) {
		conf->key = htonl(nla_get_u32(data[IFLA_DMVPN_KEY]));
		conf->has_key = true;
	}
	if (nla_get_flag(data[IFLA_DMVPN_NO_KEY])) {
		conf->key = 0;
		conf->has_key = false;
	}
	return 0;
}

static void dmvpn_parse_u8(struct nlattr *attr, u8 *value)
{
	if (attr)
		*value = nla_get_u8(attr);
}

static void dmvpn_parse_bool(struct nlattr *attr, bool *value)
{
	if (attr)
		*value = nla_get_u8(attr);
}

static void dmvpn_parse_header(struct nlattr *data[], struct dmvpn_conf *conf)
{
	dmvpn_parse_u8(data[IFLA_DMVPN_TTL], &conf->ttl);
	dmvpn_parse_u8(data[IFLA_DMVPN_TOS], &conf->tos);
	dmvpn_parse_u8(data[IFLA_DMVPN_DF], &conf->df);
	if (data[IFLA_DMVPN_FWMARK])
		conf->mark = nla_get_u32(data[IFLA_DMVPN_FWMARK]);
	if (data[IFLA_DMVPN_NETWORK_ID])
		conf->network_id = nla_get_u32(data[IFLA_DMVPN_NETWORK_ID]);
	if (data[IFLA_DMVPN_PROTECTION])
		conf->required = nla_get_u8(data[IFLA_DMVPN_PROTECTION]) ==
				 DMVPN_PROTECTION_REQUIRED;
	dmvpn_parse_bool(data[IFLA_DMVPN_REDIRECT], &conf->redirect);
	dmvpn_parse_bool(data[IFLA_DMVPN_SHORTCUT], &conf->shortcut);
	dmvpn_parse_bool(data[IFLA_DMVPN_STRICT_SOURCE], &conf->strict_source);
}

/**
 * struct dmvpn_limit - an attribute that is a number within bounds
 * @attr: IFLA_DMVPN_*
 * @offset: of the u32 in struct dmvpn_conf
 * @min: least value
 * @max: largest value
 * @why: refusal of another one
 */
struct dmvpn_limit {
	int attr;
	size_t offset;
	u32 min;
	u32 max;
	const char *why;
};

#define DMVPN_LIMIT(ATTR, field, low, high, text) {			\
	.attr = IFLA_DMVPN_ ## ATTR,					\
	.offset = offsetof(struct dmvpn_conf, field),			\
	.min = low, .max = high, .why = text,				\
}

static const struct dmvpn_limit dmvpn_limits[] = {
	DMVPN_LIMIT(MAX_PEERS, max_peers, 1, DMVPN_LIMIT_MAX,
		    "max-peers: must be 1 to 16777216"),
	DMVPN_LIMIT(MAX_ENTRIES, max_entries, 1, DMVPN_LIMIT_MAX,
		    "max-entries: must be 1 to 16777216"),
	DMVPN_LIMIT(MAX_MCAST, max_mcast, 0, DMVPN_LIMIT_MAX,
		    "max-mcast: must be 0 to 16777216"),
	DMVPN_LIMIT(HOLD_QUEUE, hold_queue, 0, DMVPN_HOLD_QUEUE_MAX,
		    "hold-queue: must be 0 to 4096"),
	DMVPN_LIMIT(UPCALL_RATE, upcall_rate, 1, DMVPN_RATE_MAX,
		    "upcall-rate: must be 1 to 1000000"),
	DMVPN_LIMIT(REDIRECT_RATE, redirect_rate, 1, DMVPN_RATE_MAX,
		    "redirect-rate: must be 1 to 1000000"),
	DMVPN_LIMIT(REDIRECT_INTERVAL, redirect_interval, 1,
		    DMVPN_INTERVAL_MAX,
		    "redirect-interval: must be 1 to 3600000"),
};

static u32 *dmvpn_limit_value(const struct dmvpn_limit *limit,
			      const struct dmvpn_conf *conf)
{
	return (u32 *)((char *)conf + limit->offset);
}

static int dmvpn_parse_limits(struct nlattr *data[], struct dmvpn_conf *conf,
			      struct netlink_ext_ack *extack)
{
	const struct dmvpn_limit *limit;
	struct nlattr *attr;
	u32 value;
	int i;

	for (i = 0; i < ARRAY_SIZE(dmvpn_limits); i++) {
		limit = &dmvpn_limits[i];
		attr = data[limit->attr];
		if (!attr)
			continue;
		value = nla_get_u32(attr);
		if (value < limit->min || value > limit->max)
			return dmvpn_link_refuse(attr, limit->why, extack);
		*dmvpn_limit_value(limit, conf) = value;
	}
	return 0;
}

static int dmvpn_parse(struct net *net, struct net_device *dev,
		       struct nlattr *data[], struct dmvpn_conf *conf,
		       struct netlink_ext_ack *extack)
{
	int err;

	if (!data)
		return 0;
	err = dmvpn_parse_underlay(net, dev, data, conf, extack);
	if (err)
		return err;
	err = dmvpn_parse_key(data, conf, extack);
	if (err)
		return err;
	dmvpn_parse_header(data, conf);
	return dmvpn_parse_limits(data, conf, extack);
}

/* Are all of its addresses the underlay's? */
static bool dmvpn_conf_follows(const struct dmvpn_conf *conf)
{
	return !conf->set_local4 && ipv6_addr_any(&conf->set_local6);
}

/* Would packets that come for one of the two be taken by the other? */
static bool dmvpn_conf_clash(const struct dmvpn_conf *a,
			     const struct dmvpn_conf *b)
{
	if (a->has_key != b->has_key || a->key != b->key ||
	    (a->link && b->link && a->link != b->link))
		return false;
	/* They will have the same ones, once the underlay has any. */
	if (a->link && a->link == b->link && dmvpn_conf_follows(a) &&
	    dmvpn_conf_follows(b))
		return true;
	return (a->local4 && a->local4 == b->local4) ||
	       (!ipv6_addr_any(&a->local6) &&
		ipv6_addr_equal(&a->local6, &b->local6));
}

/**
 * dmvpn_link_clashes() - would another device take packets of this one?
 * @net: underlay namespace
 * @self: device, or NULL before there is one
 * @conf: its configuration
 *
 * Return: true when there is one with a local address and the key of @conf.
 */
bool dmvpn_link_clashes(struct net *net, const struct dmvpn_dev *self,
			const struct dmvpn_conf *conf)
{
	struct dmvpn_net *dn = dmvpn_net(net);
	struct dmvpn_dev *ddev;
	bool clash = false;

	rcu_read_lock();
	list_for_each_entry_rcu(ddev, &dn->devices, list) {
		if (ddev != self &&
		    dmvpn_conf_clash(conf, rcu_dereference(ddev->conf)))
			clash = true;
	}
	rcu_read_unlock();
	return clash;
}

static int dmvpn_check_clash(struct net *net, const struct dmvpn_dev *self,
			     const struct dmvpn_conf *conf,
			     struct netlink_ext_ack *extack)
{
	if (!dmvpn_link_clashes(net, self, conf))
		return 0;
	NL_SET_ERR_MSG(extack,
		       "another device has this local address and key");
	return -EEXIST;
}

static int dmvpn_newlink(struct net *net, struct net_device *dev,
			 struct nlattr *data[], struct netlink_ext_ack *extack)
{
	struct dmvpn_dev *ddev = netdev_priv(dev);
	struct dmvpn_conf *conf;
	int err;

	conf = kzalloc(sizeof(*conf), GFP_KERNEL);
	if (!conf) {
		NL_SET_ERR_MSG(extack, "no memory for the configuration");
		return -ENOMEM;
	}
	dmvpn_conf_defaults(conf);
	err = dmvpn_parse(net, dev, data, conf, extack);
	if (err)
		goto err_conf;
	err = dmvpn_check_clash(net, NULL, conf, extack);
	if (err)
		goto err_conf;

	ddev->net = net;
	err = register_netdevice(dev);
	if (err)
		goto err_conf;
	err = dmvpn_net_redirects(ddev, conf->redirect);
	if (err)
		goto err_dev;
	err = dmvpn_net_add(ddev);
	if (err)
		goto err_dev;
	mutex_lock(&ddev->lock);
	dmvpn_dev_configure(ddev, conf);
	mutex_unlock(&ddev->lock);
	/* Its addresses may have changed before anybody told us of it. */
	dmvpn_local_changed(ddev);
	return 0;

err_dev:
	NL_SET_ERR_MSG(extack, "cannot register the packet hooks");
	unregister_netdevice(dev);
err_conf:
	kfree(conf);
	return err;
}

DMVPN_NEWLINK(dmvpn_newlink)

/* Does a change name what packets are told apart by? */
static bool dmvpn_names_ends(struct nlattr *data[])
{
	return data && (data[IFLA_DMVPN_LINK] || data[IFLA_DMVPN_LOCAL4] ||
			data[IFLA_DMVPN_LOCAL6] || data[IFLA_DMVPN_KEY] ||
			data[IFLA_DMVPN_NO_KEY]);
}

static int dmvpn_changelink(struct net_device *dev, struct nlattr *tb[],
			    struct nlattr *data[],
			    struct netlink_ext_ack *extack)
{
	struct dmvpn_dev *ddev = netdev_priv(dev);
	struct dmvpn_conf *conf;
	int err;

	/* It changes what the underlay's namespace sends and receives. */
	if (!rtnl_dev_link_net_capable(dev, ddev->net)) {
		NL_SET_ERR_MSG(extack,
			       "no permission in the underlay's namespace");
		return -EPERM;
	}
	mutex_lock(&ddev->lock);
	conf = kmemdup(dmvpn_conf_locked(ddev), sizeof(*conf), GFP_KERNEL);
	if (!conf) {
		NL_SET_ERR_MSG(extack, "no memory for the configuration");
		err = -ENOMEM;
		goto out;
	}
	err = dmvpn_parse(ddev->net, dev, data, conf, extack);
	/* An address of the underlay may have made it one since. */
	if (!err && dmvpn_names_ends(data))
		err = dmvpn_check_clash(ddev->net, ddev, conf, extack);
	if (err)
		goto err_conf;
	err = dmvpn_net_redirects(ddev, conf->redirect);
	if (err) {
		NL_SET_ERR_MSG(extack, "cannot register the packet hooks");
		goto err_conf;
	}
	dmvpn_dev_configure(ddev, conf);
	/* An address that it is to have may not be there quite yet. */
	dmvpn_local_changed(ddev);
	mutex_unlock(&ddev->lock);
	return 0;

err_conf:
	kfree(conf);
out:
	mutex_unlock(&ddev->lock);
	return err;
}

static size_t dmvpn_get_size(const struct net_device *dev)
{
	return 4 * nla_total_size(sizeof(u32)) + /* link local4 key fwmark */
	       nla_total_size(sizeof(struct in6_addr)) +
	       7 * nla_total_size(sizeof(u8)) +
	       nla_total_size(sizeof(u32)) + /* network-id */
	       ARRAY_SIZE(dmvpn_limits) * nla_total_size(sizeof(u32));
}

static int dmvpn_fill_underlay(struct sk_buff *skb,
			       const struct dmvpn_conf *conf)
{
	if ((conf->link && nla_put_u32(skb, IFLA_DMVPN_LINK, conf->link)) ||
	    (conf->set_local4 &&
	     nla_put_in_addr(skb, IFLA_DMVPN_LOCAL4, conf->set_local4)) ||
	    (!ipv6_addr_any(&conf->set_local6) &&
	     nla_put_in6_addr(skb, IFLA_DMVPN_LOCAL6, &conf->set_local6)) ||
	    (conf->has_key &&
	     nla_put_u32(skb, IFLA_DMVPN_KEY, ntohl(conf->key))))
		return -EMSGSIZE;
	return 0;
}

static int dmvpn_fill_header(struct sk_buff *skb,
			     const struct dmvpn_conf *conf)
{
	u8 protection = conf->required ? DMVPN_PROTECTION_REQUIRED :
					 DMVPN_PROTECTION_NONE;

	if (nla_put_u8(skb, IFLA_DMVPN_TTL, conf->ttl) ||
	    nla_put_u8(skb, IFLA_DMVPN_TOS, conf->tos) ||
	    nla_put_u8(skb, IFLA_DMVPN_DF, conf->df) ||
	    nla_put_u32(skb, IFLA_DMVPN_FWMARK, conf->mark) ||
	    nla_put_u32(skb, IFLA_DMVPN_NETWORK_ID, conf->network_id) ||
	    nla_put_u8(skb, IFLA_DMVPN_PROTECTION, protection) ||
	    nla_put_u8(skb, IFLA_DMVPN_REDIRECT, conf->redirect) ||
	    nla_put_u8(skb, IFLA_DMVPN_SHORTCUT, conf->shortcut) ||
	    nla_put_u8(skb, IFLA_DMVPN_STRICT_SOURCE, conf->strict_source))
		return -EMSGSIZE;
	return 0;
}

static int dmvpn_fill_limits(struct sk_buff *skb,
			     const struct dmvpn_conf *conf)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(dmvpn_limits); i++) {
		if (nla_put_u32(skb, dmvpn_limits[i].attr,
				*dmvpn_limit_value(&dmvpn_limits[i], conf)))
			return -EMSGSIZE;
	}
	return 0;
}

static int dmvpn_fill_info(struct sk_buff *skb, const struct net_device *dev)
{
	const struct dmvpn_dev *ddev = netdev_priv(dev);
	const struct dmvpn_conf *conf;
	int err;

	rcu_read_lock();
	conf = rcu_dereference(ddev->conf);
	err = dmvpn_fill_underlay(skb, conf);
	if (!err)
		err = dmvpn_fill_header(skb, conf);
	if (!err)
		err = dmvpn_fill_limits(skb, conf);
	rcu_read_unlock();
	return err;
}

static struct net *dmvpn_get_link_net(const struct net_device *dev)
{
	const struct dmvpn_dev *ddev = netdev_priv(dev);

	return READ_ONCE(ddev->net);
}

static struct rtnl_link_ops dmvpn_link_ops __read_mostly = {
	.kind = "dmvpn",
	.maxtype = IFLA_DMVPN_MAX,
	.policy = dmvpn_link_policy,
	.priv_size = sizeof(struct dmvpn_dev),
	.setup = dmvpn_dev_setup,
	.newlink = dmvpn_newlink_compat,
	.changelink = dmvpn_changelink,
	.get_size = dmvpn_get_size,
	.fill_info = dmvpn_fill_info,
	.get_link_net = dmvpn_get_link_net,
};

/**
 * dmvpn_link_register() - offer the link kind
 *
 * Return: 0 or a negative error.
 */
int dmvpn_link_register(void)
{
	return rtnl_link_register(&dmvpn_link_ops);
}

/**
 * dmvpn_link_unregister() - remove all devices and the link kind
 */
void dmvpn_link_unregister(void)
{
	rtnl_link_unregister(&dmvpn_link_ops);
}
