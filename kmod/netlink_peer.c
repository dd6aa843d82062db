// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink commands about peers and the multicast list. */
#include "netlink.h"

#include "dmvpn.h"
#include "netlink-gen.h"
#include "peer.h"

static size_t dmvpn_peer_size(void)
{
	return 8 * nla_total_size(sizeof(u32)) +
	       nla_total_size(sizeof(struct in6_addr)) +
	       9 * nla_total_size_64bit(sizeof(u64)) + nla_total_size(0);
}

static int dmvpn_put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, DMVPN_A_PEER_PAD);
}

static int dmvpn_fill_flow(struct sk_buff *skb, const struct dmvpn_peer *peer)
{
	static const struct {
		int attr;
		size_t offset;
	} fields[] = {
		{ DMVPN_A_PEER_TX_PACKETS, offsetof(struct dmvpn_flow, tx_packets) },
		{ DMVPN_A_PEER_TX_BYTES, offsetof(struct dmvpn_flow, tx_bytes) },
		{ DMVPN_A_PEER_RX_PACKETS, offsetof(struct dmvpn_flow, rx_packets) },
		{ DMVPN_A_PEER_RX_BYTES, offsetof(struct dmvpn_flow, rx_bytes) },
		{ DMVPN_A_PEER_TX_DROPPED, offsetof(struct dmvpn_flow, tx_dropped) },
		{ DMVPN_A_PEER_RX_DROPPED, offsetof(struct dmvpn_flow, rx_dropped) },
	};
	u64 sum[ARRAY_SIZE(fields)] = {};
	int cpu, i;

	for_each_possible_cpu(cpu) {
		const struct dmvpn_flow *flow = per_cpu_ptr(peer->flow, cpu);
		u64 value[ARRAY_SIZE(fields)];
		unsigned int start;

		do {
			start = u64_stats_fetch_begin(&flow->syncp);
			for (i = 0; i < ARRAY_SIZE(fields); i++)
				value[i] = u64_stats_read((const u64_stats_t *)
					((const char *)flow + fields[i].offset));
		} while (u64_stats_fetch_retry(&flow->syncp, start));
		for (i = 0; i < ARRAY_SIZE(fields); i++)
			sum[i] += value[i];
	}
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		if (dmvpn_put_u64(skb, fields[i].attr, sum[i]))
			return -EMSGSIZE;
	}
	return 0;
}

static int dmvpn_fill_times(struct sk_buff *skb, const struct dmvpn_peer *peer)
{
	unsigned long tx = READ_ONCE(peer->last_tx);
	unsigned long rx = READ_ONCE(peer->last_rx);

	if ((tx && dmvpn_put_u64(skb, DMVPN_A_PEER_TX_IDLE,
				 dmvpn_nl_msecs(tx))) ||
	    (rx && dmvpn_put_u64(skb, DMVPN_A_PEER_RX_IDLE,
				 dmvpn_nl_msecs(rx))) ||
	    dmvpn_put_u64(skb, DMVPN_A_PEER_AGE,
			  dmvpn_nl_msecs(peer->created)))
		return -EMSGSIZE;
	return 0;
}

static int dmvpn_fill_peer(struct sk_buff *skb, const void *obj)
{
	const struct dmvpn_peer *peer = obj;
	const struct dmvpn_dev *ddev = peer->ddev;
	u32 if_id = peer->key.if_id;

	if (nla_put_u32(skb, DMVPN_A_PEER_IFINDEX, ddev->dev->ifindex) ||
	    dmvpn_nl_put_addr(skb, DMVPN_A_PEER_NBMA, &peer->key.nbma) ||
	    (if_id && nla_put_u32(skb, DMVPN_A_PEER_IF_ID, if_id)) ||
	    nla_put_u32(skb, DMVPN_A_PEER_FLAGS, peer->flags) ||
	    nla_put_u8(skb, DMVPN_A_PEER_PREFERENCE, peer->preference) ||
	    nla_put_u32(skb, DMVPN_A_PEER_STATE, READ_ONCE(peer->state)) ||
	    nla_put_u32(skb, DMVPN_A_PEER_MTU, READ_ONCE(peer->mtu)) ||
	    nla_put_u32(skb, DMVPN_A_PEER_ENTRIES, peer->nr_entries) ||
	    (dmvpn_peer_is_mcast(peer) &&
	     nla_put_flag(skb, DMVPN_A_PEER_MCAST)) ||
	    dmvpn_fill_flow(skb, peer))
		return -EMSGSIZE;
	return dmvpn_fill_times(skb, peer);
}

/**
 * dmvpn_nl_notify_peer() - tell what became of a peer
 * @peer: peer; the device's lock is held
 * @cmd: DMVPN_CMD_PEER_*_NTF
 */
void dmvpn_nl_notify_peer(struct dmvpn_peer *peer, u8 cmd)
{
	dmvpn_nl_notify(peer->ddev, cmd, dmvpn_peer_size(), dmvpn_fill_peer,
			peer);
}

/* The peer a request names, which must exist; its device is locked. */
static struct dmvpn_peer *dmvpn_nl_peer(struct dmvpn_dev *ddev,
					struct genl_info *info)
{
	struct dmvpn_peer *peer;
	struct dmvpn_addr nbma;

	if (dmvpn_nl_get_addr(info, DMVPN_A_PEER_NBMA, "nbma: missing", &nbma))
		return ERR_PTR(-EINVAL);
	peer = dmvpn_peer_lookup(ddev, &nbma,
				 dmvpn_nl_get_u32(info, DMVPN_A_PEER_IF_ID));
	if (peer)
		return peer;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[DMVPN_A_PEER_NBMA],
			    "nbma: no such peer");
	return ERR_PTR(-ENOENT);
}

/* The same, but it is created when it does not exist. */
static struct dmvpn_peer *dmvpn_nl_peer_obtain(struct dmvpn_dev *ddev,
					       struct genl_info *info)
{
	struct dmvpn_addr nbma;

	if (dmvpn_nl_get_addr(info, DMVPN_A_PEER_NBMA, "nbma: missing", &nbma))
		return ERR_PTR(-EINVAL);
	return dmvpn_peer_obtain(ddev, &nbma,
				 dmvpn_nl_get_u32(info, DMVPN_A_PEER_IF_ID),
				 NULL, info->extack);
}

int dmvpn_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info, DMVPN_A_PEER_IFINDEX);
	struct dmvpn_peer *peer;
	u8 preference;
	u32 flags;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	peer = dmvpn_nl_peer_obtain(ddev, info);
	err = PTR_ERR_OR_ZERO(peer);
	if (err)
		goto out;
	flags = info->attrs[DMVPN_A_PEER_FLAGS] ?
		nla_get_u32(info->attrs[DMVPN_A_PEER_FLAGS]) : peer->flags;
	preference = info->attrs[DMVPN_A_PEER_PREFERENCE] ?
		     nla_get_u8(info->attrs[DMVPN_A_PEER_PREFERENCE]) :
		     peer->preference;
	dmvpn_peer_set(peer, flags, preference);
	dmvpn_peer_unuse(peer);
out:
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

int dmvpn_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info, DMVPN_A_PEER_IFINDEX);
	struct dmvpn_peer *peer;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	peer = dmvpn_nl_peer(ddev, info);
	if (!IS_ERR(peer))
		dmvpn_peer_remove(peer);
	dmvpn_nl_dev_unlock(ddev);
	return PTR_ERR_OR_ZERO(peer);
}

int dmvpn_nl_peer_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info, DMVPN_A_PEER_IFINDEX);
	struct dmvpn_peer *peer;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	peer = dmvpn_nl_peer(ddev, info);
	err = PTR_ERR_OR_ZERO(peer);
	if (!err)
		err = dmvpn_nl_reply(info, DMVPN_CMD_PEER_GET,
				     dmvpn_peer_size(), dmvpn_fill_peer, peer);
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

static int dmvpn_dump_peers(struct sk_buff *skb, struct netlink_callback *cb,
			    struct dmvpn_dev *ddev, struct dmvpn_dump *dump)
{
	unsigned long id = dump->id;
	struct dmvpn_peer *peer;

	while ((peer = xa_find_after(&ddev->peer_ids, &id, ULONG_MAX,
				     XA_PRESENT))) {
		if (dmvpn_nl_dump_put(skb, cb, DMVPN_CMD_PEER_GET,
				      dmvpn_fill_peer, peer))
			return -EMSGSIZE;
		dump->id = id;
	}
	return 0;
}

int dmvpn_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dmvpn_nl_dump(skb, cb, DMVPN_A_PEER_IFINDEX, dmvpn_dump_peers);
}

int dmvpn_nl_mcast_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info, DMVPN_A_PEER_IFINDEX);
	struct dmvpn_peer *peer;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	peer = dmvpn_nl_peer_obtain(ddev, info);
	err = PTR_ERR_OR_ZERO(peer);
	if (!err) {
		err = dmvpn_peer_mcast_add(peer, info->extack);
		dmvpn_peer_unuse(peer);
	}
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

int dmvpn_nl_mcast_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info, DMVPN_A_PEER_IFINDEX);
	struct dmvpn_peer *peer;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	peer = dmvpn_nl_peer(ddev, info);
	err = PTR_ERR_OR_ZERO(peer);
	if (!err && !dmvpn_peer_is_mcast(peer)) {
		NL_SET_ERR_MSG(info->extack,
			       "nbma: is not in the multicast list");
		err = -ENOENT;
	}
	if (!err) {
		dmvpn_peer_mcast_del(peer);
		dmvpn_nl_notify_peer(peer, DMVPN_CMD_PEER_CHANGE_NTF);
		dmvpn_peer_unuse(peer);
	}
	dmvpn_nl_dev_unlock(ddev);
	return err;
}
