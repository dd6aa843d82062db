// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device has at most one owner: the netlink socket of its daemon. Upcalls
 * are unicast to it, so its receive buffer bounds them; what does not fit is
 * counted, and the count goes with each later upcall, so that the daemon
 * knows when to look for itself.
 */
#include "upcall.h"

#include <linux/netlink.h>
#include <net/genetlink.h>

#include "cache.h"
#include "compat/compat.h"
#include "dmvpn.h"
#include "net.h"
#include "netlink.h"
#include "netlink-gen.h"
#include "peer.h"
#include "trace.h"
#include "tx.h"
#include "xfrm.h"

/**
 * dmvpn_owner_bind() - make a socket the owner
 * @ddev: device; its lock is held
 * @portid: netlink port of the socket
 * @extack: says why not
 *
 * Return: 0, or -EBUSY when there is another owner.
 */
int dmvpn_owner_bind(struct dmvpn_dev *ddev, u32 portid,
		     struct netlink_ext_ack *extack)
{
	u32 old = cmpxchg(&ddev->owner, 0, portid);

	if (old == portid)
		return 0;
	if (old) {
		NL_SET_ERR_MSG(extack, "another daemon owns the device");
		return -EBUSY;
	}
	dmvpn_nl_notify_dev(ddev);
	return 0;
}

/**
 * dmvpn_owner_unbind() - end the ownership of a socket
 * @ddev: device; its lock is held
 * @portid: netlink port of the socket
 * @extack: says why not
 *
 * Return: 0, or -EPERM when it is not the owner.
 */
int dmvpn_owner_unbind(struct dmvpn_dev *ddev, u32 portid,
		       struct netlink_ext_ack *extack)
{
	if (cmpxchg(&ddev->owner, portid, 0) != portid) {
		NL_SET_ERR_MSG(extack, "the caller does not own the device");
		return -EPERM;
	}
	dmvpn_nl_notify_dev(ddev);
	return 0;
}

static void dmvpn_owner_work(struct work_struct *work)
{
	struct dmvpn_dev *ddev = container_of(work, struct dmvpn_dev,
					      owner_work);

	mutex_lock(&ddev->lock);
	if (!ddev->dead)
		dmvpn_nl_notify_dev(ddev);
	mutex_unlock(&ddev->lock);
}

/**
 * dmvpn_owner_init() - a device without owner
 * @ddev: device
 */
void dmvpn_owner_init(struct dmvpn_dev *ddev)
{
	INIT_WORK(&ddev->owner_work, dmvpn_owner_work);
}

/**
 * dmvpn_owner_stop() - tell nobody any more
 * @ddev: device; nobody finds it any more
 */
void dmvpn_owner_stop(struct dmvpn_dev *ddev)
{
	cancel_work_sync(&ddev->owner_work);
}

/* A socket that is gone, seen where nothing may sleep */
static void dmvpn_owner_lost(struct dmvpn_dev *ddev, u32 portid)
{
	if (portid && cmpxchg(&ddev->owner, portid, 0) == portid)
		queue_work(system_percpu_wq, &ddev->owner_work);
}

/**
 * dmvpn_owner_reset() - the owner cannot be reached any more
 * @ddev: device
 *
 * Context: any.
 */
void dmvpn_owner_reset(struct dmvpn_dev *ddev)
{
	dmvpn_owner_lost(ddev, READ_ONCE(ddev->owner));
}

static int dmvpn_owner_released(struct notifier_block *nb,
				unsigned long event, void *data)
{
	const struct netlink_notify *n = data;
	struct dmvpn_dev *ddev;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	rcu_read_lock();
	list_for_each_entry_rcu(ddev, &dmvpn_devices, all) {
		if (net_eq(dev_net(ddev->dev), n->net))
			dmvpn_owner_lost(ddev, n->portid);
	}
	rcu_read_unlock();
	return NOTIFY_DONE;
}

static struct notifier_block dmvpn_owner_notifier = {
	.notifier_call = dmvpn_owner_released,
};

static void *dmvpn_upcall_begin(struct dmvpn_dev *ddev, struct sk_buff **msg,
				size_t size, u8 cmd, int attr_ifindex)
{
	void *hdr;

	*msg = genlmsg_new(size + nla_total_size(sizeof(u32)), GFP_ATOMIC);
	if (!*msg)
		return NULL;
	hdr = genlmsg_put(*msg, 0, 0, &dmvpn_nl_family, 0, cmd);
	if (!hdr || nla_put_u32(*msg, attr_ifindex, ddev->dev->ifindex)) {
		nlmsg_free(*msg);
		return NULL;
	}
	return hdr;
}

static u64 dmvpn_upcalls_lost(const struct dmvpn_dev *ddev)
{
	return dmvpn_counter_read(ddev, DMVPN_A_COUNTER_UPCALL_LOST);
}

static int dmvpn_upcall_send(struct dmvpn_dev *ddev, struct sk_buff *msg,
			     void *hdr, u32 owner, u8 cmd)
{
	int err;

	genlmsg_end(msg, hdr);
	err = genlmsg_unicast(dev_net(ddev->dev), msg, owner);
	if (err == -ECONNREFUSED)
		dmvpn_owner_lost(ddev, owner);
	dmvpn_count(ddev, err ? DMVPN_A_COUNTER_UPCALL_LOST :
				DMVPN_A_COUNTER_UPCALL_SENT);
	trace_dmvpn_upcall(ddev->dev, cmd, err);
	return err;
}

static size_t dmvpn_miss_size(void)
{
	return 3 * nla_total_size(sizeof(struct in6_addr)) +
	       nla_total_size_64bit(sizeof(u64));
}

static void dmvpn_miss_send(struct dmvpn_dev *ddev, u32 owner,
			    const struct dmvpn_addr *target,
			    const struct dmvpn_inner *in)
{
	struct sk_buff *msg;
	void *hdr;

	hdr = dmvpn_upcall_begin(ddev, &msg, dmvpn_miss_size(),
				 DMVPN_CMD_MISS_NTF, DMVPN_A_MISS_IFINDEX);
	if (!hdr)
		goto lost;
	if (dmvpn_nl_put_addr(msg, DMVPN_A_MISS_TARGET, target) ||
	    dmvpn_nl_put_addr(msg, DMVPN_A_MISS_DESTINATION, &in->dst) ||
	    dmvpn_nl_put_addr(msg, DMVPN_A_MISS_SOURCE, &in->src) ||
	    nla_put_u64_64bit(msg, DMVPN_A_MISS_LOST, dmvpn_upcalls_lost(ddev),
			      DMVPN_A_MISS_PAD)) {
		nlmsg_free(msg);
		goto lost;
	}
	dmvpn_upcall_send(ddev, msg, hdr, owner, DMVPN_CMD_MISS_NTF);
	return;
lost:
	dmvpn_count(ddev, DMVPN_A_COUNTER_UPCALL_LOST);
}

/**
 * dmvpn_upcall_miss() - a packet has no cache entry
 * @ddev: device
 * @target: address that needs a mapping
 * @in: the packet's header
 *
 * Each target is reported once a second, and all of them no faster than the
 * device's rate.
 *
 * Context: RCU read side, bottom halves are off.
 */
void dmvpn_upcall_miss(struct dmvpn_dev *ddev, const struct dmvpn_addr *target,
		       const struct dmvpn_inner *in)
{
	u32 owner = READ_ONCE(ddev->owner);
	bool tell;

	tell = owner &&
	       dmvpn_hashlimit_allow(&ddev->miss_limit, target,
				     sizeof(*target), jiffies);
	if (tell && !dmvpn_bucket_take(&ddev->miss_bucket, jiffies)) {
		dmvpn_count(ddev, DMVPN_A_COUNTER_UPCALL_LIMITED);
		tell = false;
	}
	trace_dmvpn_miss(ddev->dev, target, tell);
	if (tell)
		dmvpn_miss_send(ddev, owner, target, in);
}

static int dmvpn_packet_put(struct dmvpn_dev *ddev, struct sk_buff *msg,
			    const struct dmvpn_addr *nbma, u32 if_id)
{
	if (dmvpn_nl_put_addr(msg, DMVPN_A_PACKET_NBMA, nbma) ||
	    (if_id && nla_put_u32(msg, DMVPN_A_PACKET_IF_ID, if_id)) ||
	    nla_put_u64_64bit(msg, DMVPN_A_PACKET_LOST,
			      dmvpn_upcalls_lost(ddev), DMVPN_A_PACKET_PAD))
		return -EMSGSIZE;
	return 0;
}

static int dmvpn_packet_put_sa(struct sk_buff *msg, const struct dmvpn_sa *sa)
{
	if (!sa->present)
		return 0;
	if (nla_put_be32(msg, DMVPN_A_PACKET_SPI, sa->spi) ||
	    nla_put_u32(msg, DMVPN_A_PACKET_REQID, sa->reqid))
		return -EMSGSIZE;
	return 0;
}

static int dmvpn_packet_put_payload(struct sk_buff *msg,
				    const struct sk_buff *skb,
				    unsigned int offset, unsigned int len)
{
	struct nlattr *attr = nla_reserve(msg, DMVPN_A_PACKET_PAYLOAD, len);

	if (!attr)
		return -EMSGSIZE;
	return skb_copy_bits(skb, offset, nla_data(attr), len);
}

static size_t dmvpn_packet_size(unsigned int payload)
{
	return 2 * nla_total_size(sizeof(struct in6_addr)) +
	       3 * nla_total_size(sizeof(u32)) +
	       nla_total_size_64bit(sizeof(u64)) + nla_total_size(payload);
}

/* Returns what to count when the packet did not reach the daemon. */
static unsigned int dmvpn_nhrp_send(struct dmvpn_dev *ddev, u32 owner,
				    const struct sk_buff *skb,
				    unsigned int offset,
				    const struct dmvpn_addr *src,
				    const struct dmvpn_addr *dst,
				    const struct dmvpn_sa *sa)
{
	unsigned int len = skb->len - offset;
	struct sk_buff *msg;
	void *hdr;

	if (len > DMVPN_PACKET_MAX)
		return DMVPN_A_COUNTER_NHRP_TOO_BIG;
	hdr = dmvpn_upcall_begin(ddev, &msg, dmvpn_packet_size(len),
				 DMVPN_CMD_PACKET_NTF, DMVPN_A_PACKET_IFINDEX);
	if (!hdr)
		return DMVPN_A_COUNTER_NHRP_OVERFLOW;
	if (dmvpn_packet_put(ddev, msg, src, sa->if_id) ||
	    dmvpn_nl_put_addr(msg, DMVPN_A_PACKET_LOCAL, dst) ||
	    dmvpn_packet_put_sa(msg, sa) ||
	    dmvpn_packet_put_payload(msg, skb, offset, len)) {
		nlmsg_free(msg);
		return DMVPN_A_COUNTER_NHRP_OVERFLOW;
	}
	switch (dmvpn_upcall_send(ddev, msg, hdr, owner,
				  DMVPN_CMD_PACKET_NTF)) {
	case 0:
		return 0;
	case -ECONNREFUSED:
		return DMVPN_A_COUNTER_NHRP_NO_OWNER;
	default:
		return DMVPN_A_COUNTER_NHRP_OVERFLOW;
	}
}

/**
 * dmvpn_upcall_nhrp() - hand an NHRP packet to the daemon
 * @ddev: device
 * @skb: received packet, consumed
 * @offset: of the NHRP packet behind skb->data
 * @src: outer source
 * @dst: outer destination
 * @sa: security association it came by
 *
 * Context: RCU read side.
 */
void dmvpn_upcall_nhrp(struct dmvpn_dev *ddev, struct sk_buff *skb,
		       unsigned int offset, const struct dmvpn_addr *src,
		       const struct dmvpn_addr *dst, const struct dmvpn_sa *sa)
{
	unsigned int reason = DMVPN_A_COUNTER_NHRP_NO_OWNER;
	u32 owner = READ_ONCE(ddev->owner);

	if (owner)
		reason = dmvpn_nhrp_send(ddev, owner, skb, offset, src, dst,
					 sa);
	if (reason)
		dmvpn_drop(ddev, skb, reason);
	else
		consume_skb(skb);
}

/**
 * dmvpn_upcall_redirect() - a packet takes a detour by this router
 * @ddev: device it came by
 * @skb: the packet, data at its inner IP header
 * @from: peer it came from
 *
 * Context: RCU read side.
 *
 * Return: true when the daemon was told.
 */
bool dmvpn_upcall_redirect(struct dmvpn_dev *ddev, const struct sk_buff *skb,
			   const struct dmvpn_peer_key *from)
{
	unsigned int len = min_t(unsigned int, skb->len,
				 DMVPN_REDIRECT_HEADER);
	u32 owner = READ_ONCE(ddev->owner);
	struct sk_buff *msg;
	void *hdr;

	if (!owner)
		goto lost;
	hdr = dmvpn_upcall_begin(ddev, &msg, dmvpn_packet_size(len),
				 DMVPN_CMD_REDIRECT_NTF,
				 DMVPN_A_PACKET_IFINDEX);
	if (!hdr)
		goto lost;
	if (dmvpn_packet_put(ddev, msg, &from->nbma, from->if_id) ||
	    dmvpn_packet_put_payload(msg, skb, 0, len)) {
		nlmsg_free(msg);
		goto lost;
	}
	return !dmvpn_upcall_send(ddev, msg, hdr, owner,
				  DMVPN_CMD_REDIRECT_NTF);
lost:
	dmvpn_count(ddev, DMVPN_A_COUNTER_UPCALL_LOST);
	return false;
}

/**
 * dmvpn_upcall_register() - start noticing daemons that die
 *
 * Return: 0 or a negative error.
 */
int dmvpn_upcall_register(void)
{
	return netlink_register_notifier(&dmvpn_owner_notifier);
}

/**
 * dmvpn_upcall_unregister() - stop noticing daemons that die
 */
void dmvpn_upcall_unregister(void)
{
	netlink_unregister_notifier(&dmvpn_owner_notifier);
}
