// SPDX-License-Identifier: GPL-2.0-only
/* Packets that nobody can relay wait here for a moment. */
#include "hold.h"

#include <net/dst.h>
#include <net/ip.h>

#include "compat/compat.h"
#include "dmvpn.h"
#include "tx.h"

/* How long a packet may wait */
#define DMVPN_HOLD_TIME		(3 * HZ)
/* How often the queue is looked through without a reason */
#define DMVPN_HOLD_TICK		(HZ / 2)

/**
 * struct dmvpn_hold_cb - in skb->cb while the packet is ours
 * @ip: left to the IP layer
 * @since: jiffies at which the packet was first held, 0 before
 */
struct dmvpn_hold_cb {
	union {
		struct inet_skb_parm ip4;
		struct inet6_skb_parm ip6;
	} ip;
	unsigned long since;
};

static struct dmvpn_hold_cb *dmvpn_hold_cb(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct dmvpn_hold_cb) > sizeof(skb->cb));
	return (struct dmvpn_hold_cb *)skb->cb;
}

/**
 * dmvpn_hold_new() - prepare a packet that comes from the stack
 * @skb: packet
 */
void dmvpn_hold_new(struct sk_buff *skb)
{
	memset(skb->cb, 0, sizeof(struct dmvpn_hold_cb));
}

/**
 * dmvpn_hold_full() - would another packet have to go for one that is to wait?
 * @ddev: device
 * @conf: its configuration
 *
 * Context: RCU read side.
 *
 * Return: true when the queue has its length, which may be 0.
 */
bool dmvpn_hold_full(const struct dmvpn_dev *ddev,
		     const struct dmvpn_conf *conf)
{
	return skb_queue_len_lockless(&ddev->hold) >= conf->hold_queue;
}

/**
 * dmvpn_hold_over() - has a packet waited for as long as it may?
 * @skb: packet
 *
 * Return: true when it is not to wait again.
 */
bool dmvpn_hold_over(const struct sk_buff *skb)
{
	unsigned long since = dmvpn_hold_cb(skb)->since;

	return since && time_after(jiffies, since + DMVPN_HOLD_TIME);
}

/**
 * dmvpn_hold() - let a packet wait
 * @ddev: device
 * @conf: its configuration; the queue is not of length 0
 * @skb: packet, consumed
 *
 * One that has waited for as long as it may goes, and when the queue is full its
 * oldest packet. The lock is taken on this
 * path only, which a packet comes to when it cannot go anywhere.
 *
 * Context: RCU read side, bottom halves are off.
 */
void dmvpn_hold(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		struct sk_buff *skb)
{
	struct dmvpn_hold_cb *cb = dmvpn_hold_cb(skb);
	struct sk_buff *oldest = NULL;

	if (dmvpn_hold_over(skb)) {
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_HOLD_EXPIRED);
		return;
	}
	if (!cb->since) {
		cb->since = jiffies | 1;
		dmvpn_count(ddev, DMVPN_A_COUNTER_HELD);
	}
	skb_dst_force(skb);

	spin_lock(&ddev->hold.lock);
	/* The last packets of a device that stops may come behind the purge. */
	if (!netif_running(ddev->dev)) {
		spin_unlock(&ddev->hold.lock);
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_HOLD_EXPIRED);
		return;
	}
	if (skb_queue_len(&ddev->hold) >= conf->hold_queue)
		oldest = __skb_dequeue(&ddev->hold);
	__skb_queue_tail(&ddev->hold, skb);
	spin_unlock(&ddev->hold.lock);

	if (oldest)
		dmvpn_drop(ddev, oldest, DMVPN_A_COUNTER_TX_HOLD_OVERFLOW);
	/* Does nothing when it is scheduled already. */
	queue_delayed_work(system_percpu_wq, &ddev->hold_work,
			   DMVPN_HOLD_TICK);
}

/**
 * dmvpn_hold_flush() - something became reachable, try the packets again
 * @ddev: device
 *
 * Context: any.
 */
void dmvpn_hold_flush(struct dmvpn_dev *ddev)
{
	if (!skb_queue_empty_lockless(&ddev->hold))
		mod_delayed_work(system_percpu_wq, &ddev->hold_work, 0);
}

/* The last try of a packet whose time is over may be the one that succeeds. */
static void dmvpn_hold_retry(struct dmvpn_dev *ddev, struct sk_buff *skb)
{
	struct dmvpn_inner in;

	if (!netif_running(ddev->dev)) {
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_HOLD_EXPIRED);
		return;
	}
	local_bh_disable();
	rcu_read_lock();
	if (dmvpn_tx_inner(skb, &in))
		dmvpn_tx_unicast(ddev, rcu_dereference(ddev->conf), skb, &in,
				 false);
	else
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_NOT_IP);
	rcu_read_unlock();
	local_bh_enable();
}

static void dmvpn_hold_work(struct work_struct *work)
{
	struct dmvpn_dev *ddev = container_of(to_delayed_work(work),
					      struct dmvpn_dev, hold_work);
	struct sk_buff_head list;
	struct sk_buff *skb;

	__skb_queue_head_init(&list);
	spin_lock_bh(&ddev->hold.lock);
	skb_queue_splice_init(&ddev->hold, &list);
	spin_unlock_bh(&ddev->hold.lock);

	while ((skb = __skb_dequeue(&list)))
		dmvpn_hold_retry(ddev, skb);
}

/**
 * dmvpn_hold_init() - make an empty queue
 * @ddev: device
 */
void dmvpn_hold_init(struct dmvpn_dev *ddev)
{
	skb_queue_head_init(&ddev->hold);
	INIT_DELAYED_WORK(&ddev->hold_work, dmvpn_hold_work);
}

/**
 * dmvpn_hold_stop() - drop what waits
 * @ddev: device; it transmits no more
 */
void dmvpn_hold_stop(struct dmvpn_dev *ddev)
{
	struct sk_buff *skb;

	cancel_delayed_work_sync(&ddev->hold_work);
	while ((skb = skb_dequeue(&ddev->hold)))
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_HOLD_EXPIRED);
}
