// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink commands about a device: get, own, send by it. */
#include "netlink.h"

#include <linux/netdevice.h>

#include "dmvpn.h"
#include "netlink-gen.h"
#include "tx.h"
#include "upcall.h"

static size_t dmvpn_dev_size(void)
{
	return 7 * nla_total_size(sizeof(u32)) +
	       nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size(DMVPN_A_COUNTER_MAX *
			      nla_total_size_64bit(sizeof(u64)));
}

static int dmvpn_fill_counters(struct sk_buff *skb,
			       const struct dmvpn_dev *ddev)
{
	struct nlattr *nest = nla_nest_start(skb, DMVPN_A_DEV_COUNTERS);
	int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = DMVPN_A_COUNTER_PAD + 1; i <= DMVPN_A_COUNTER_MAX; i++) {
		if (nla_put_u64_64bit(skb, i, dmvpn_counter_read(ddev, i),
				      DMVPN_A_COUNTER_PAD))
			return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int dmvpn_fill_dev(struct sk_buff *skb, const void *obj)
{
	const struct dmvpn_dev *ddev = obj;
	const struct dmvpn_conf *conf = dmvpn_conf_locked(ddev);

	if (nla_put_u32(skb, DMVPN_A_DEV_IFINDEX, ddev->dev->ifindex) ||
	    nla_put_u32(skb, DMVPN_A_DEV_OWNER, READ_ONCE(ddev->owner)) ||
	    (conf->local4 &&
	     nla_put_in_addr(skb, DMVPN_A_DEV_LOCAL4, conf->local4)) ||
	    (!ipv6_addr_any(&conf->local6) &&
	     nla_put_in6_addr(skb, DMVPN_A_DEV_LOCAL6, &conf->local6)) ||
	    nla_put_u32(skb, DMVPN_A_DEV_NETWORK_ID, conf->network_id) ||
	    nla_put_u32(skb, DMVPN_A_DEV_PEERS, ddev->nr_peers) ||
	    nla_put_u32(skb, DMVPN_A_DEV_ENTRIES, ddev->cache.entries) ||
	    nla_put_u32(skb, DMVPN_A_DEV_MCAST, ddev->nr_mcast))
		return -EMSGSIZE;
	return dmvpn_fill_counters(skb, ddev);
}

/**
 * dmvpn_nl_notify_dev() - tell that a device changed
 * @ddev: device; its lock is held
 */
void dmvpn_nl_notify_dev(struct dmvpn_dev *ddev)
{
	dmvpn_nl_notify(ddev, DMVPN_CMD_DEV_CHANGE_NTF, dmvpn_dev_size(),
			dmvpn_fill_dev, ddev);
}

int dmvpn_nl_dev_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info, DMVPN_A_DEV_IFINDEX);
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	err = dmvpn_nl_reply(info, DMVPN_CMD_DEV_GET, dmvpn_dev_size(),
			     dmvpn_fill_dev, ddev);
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

static int dmvpn_dump_dev(struct sk_buff *skb, struct netlink_callback *cb,
			  struct dmvpn_dev *ddev, struct dmvpn_dump *dump)
{
	return dmvpn_nl_dump_put(skb, cb, DMVPN_CMD_DEV_GET, dmvpn_fill_dev,
				 ddev);
}

int dmvpn_nl_dev_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dmvpn_nl_dump(skb, cb, DMVPN_A_DEV_IFINDEX, dmvpn_dump_dev);
}

int dmvpn_nl_bind_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info, DMVPN_A_DEV_IFINDEX);
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	err = dmvpn_owner_bind(ddev, info->snd_portid, info->extack);
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

int dmvpn_nl_unbind_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info, DMVPN_A_DEV_IFINDEX);
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	err = dmvpn_owner_unbind(ddev, info->snd_portid, info->extack);
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

static int dmvpn_packet_send(struct dmvpn_dev *ddev, struct genl_info *info,
			     const struct dmvpn_addr *nbma)
{
	const struct nlattr *payload = info->attrs[DMVPN_A_PACKET_PAYLOAD];

	if (READ_ONCE(ddev->owner) != info->snd_portid) {
		NL_SET_ERR_MSG(info->extack,
			       "only the owner of the device may send by it");
		return -EPERM;
	}
	if (!netif_running(ddev->dev)) {
		NL_SET_ERR_MSG(info->extack, "the device is not up");
		return -ENETDOWN;
	}
	if (!nla_len(payload) || nla_len(payload) > DMVPN_PACKET_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack, payload,
				    "payload: must have 1 to 2048 octets");
		return -EINVAL;
	}
	return dmvpn_tx_nhrp(ddev, nbma,
			     dmvpn_nl_get_u32(info, DMVPN_A_PACKET_IF_ID),
			     nla_data(payload), nla_len(payload),
			     info->extack);
}

int dmvpn_nl_packet_send_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_addr nbma;
	struct dmvpn_dev *ddev;
	int err;

	if (dmvpn_nl_get_addr(info, DMVPN_A_PACKET_NBMA, "nbma: missing",
			      &nbma) ||
	    dmvpn_nl_need(info, DMVPN_A_PACKET_PAYLOAD, "payload: missing"))
		return -EINVAL;
	ddev = dmvpn_nl_dev_lock(info, DMVPN_A_PACKET_IFINDEX);
	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	err = dmvpn_packet_send(ddev, info, &nbma);
	dmvpn_nl_dev_unlock(ddev);
	return err;
}
