// SPDX-License-Identifier: GPL-2.0-only
/*
 * One copy of a multicast packet for each peer in the list. A short list is
 * served at once; a long one by a work, in pieces, so that a packet to ten
 * thousand peers does not keep the CPU from all else.
 */
#include "mcast.h"

#include <net/dst.h>

#include "compat/compat.h"
#include "dmvpn.h"
#include "hold.h"
#include "peer.h"
#include "route.h"
#include "tx.h"

/* Copies in one go */
#define DMVPN_MCAST_BATCH	64
/* Packets that may wait for the work */
#define DMVPN_MCAST_QUEUE	128

static void dmvpn_mcast_copy(struct dmvpn_dev *ddev,
			     const struct dmvpn_conf *conf,
			     struct sk_buff *skb, const struct dmvpn_inner *in,
			     struct dmvpn_peer *peer)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);
	int err;

	if (!copy) {
		dmvpn_count(ddev, DMVPN_A_COUNTER_TX_NO_MEMORY);
		return;
	}
	err = dmvpn_tx_to(ddev, conf, copy, in, peer, 0);
	if (!err)
		return;
	dmvpn_peer_count_drop(peer, true);
	dmvpn_drop(ddev, copy, err == -EAGAIN || err == -EACCES ?
			       DMVPN_A_COUNTER_TX_MCAST_UNSECURED :
			       dmvpn_route_reason(err));
}

/* Copies to at most a batch of peers behind *id; false at the list's end. */
static bool dmvpn_mcast_batch(struct dmvpn_dev *ddev,
			      const struct dmvpn_conf *conf,
			      struct sk_buff *skb,
			      const struct dmvpn_inner *in, unsigned long *id)
{
	struct dmvpn_peer *peer;
	int i;

	for (i = 0; i < DMVPN_MCAST_BATCH; i++) {
		peer = xa_find_after(&ddev->peer_ids, id, ULONG_MAX,
				     DMVPN_PEER_MCAST);
		if (!peer)
			return false;
		dmvpn_mcast_copy(ddev, conf, skb, in, peer);
	}
	return true;
}

/**
 * dmvpn_mcast_xmit() - send a packet to all peers in the multicast list
 * @ddev: device
 * @conf: its configuration
 * @skb: packet, consumed
 * @in: its header
 *
 * Context: RCU read side, bottom halves are off.
 */
void dmvpn_mcast_xmit(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		      struct sk_buff *skb, const struct dmvpn_inner *in)
{
	u32 count = READ_ONCE(ddev->nr_mcast);
	unsigned long id = 0;

	if (!count) {
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_MCAST_EMPTY);
		return;
	}
	if (count <= DMVPN_MCAST_BATCH) {
		dmvpn_mcast_batch(ddev, conf, skb, in, &id);
		consume_skb(skb);
		return;
	}
	if (skb_queue_len_lockless(&ddev->mcast_queue) >= DMVPN_MCAST_QUEUE) {
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_NO_MEMORY);
		return;
	}
	skb_dst_force(skb);
	skb_queue_tail(&ddev->mcast_queue, skb);
	queue_work(system_percpu_wq, &ddev->mcast_work);
}

static void dmvpn_mcast_work(struct work_struct *work)
{
	struct dmvpn_dev *ddev = container_of(work, struct dmvpn_dev,
					      mcast_work);
	struct dmvpn_inner in;
	struct sk_buff *skb;
	unsigned long id;
	bool more;

	while ((skb = skb_dequeue(&ddev->mcast_queue))) {
		id = 0;
		more = dmvpn_tx_inner(skb, &in);
		while (more && netif_running(ddev->dev)) {
			local_bh_disable();
			rcu_read_lock();
			more = dmvpn_mcast_batch(ddev,
						 rcu_dereference(ddev->conf),
						 skb, &in, &id);
			rcu_read_unlock();
			local_bh_enable();
			cond_resched();
		}
		if (more)
			dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_HOLD_EXPIRED);
		else
			consume_skb(skb);
	}
}

/**
 * dmvpn_mcast_init() - prepare the work of long lists
 * @ddev: device
 */
void dmvpn_mcast_init(struct dmvpn_dev *ddev)
{
	skb_queue_head_init(&ddev->mcast_queue);
	INIT_WORK(&ddev->mcast_work, dmvpn_mcast_work);
}

/**
 * dmvpn_mcast_stop() - drop what waits
 * @ddev: device; it transmits no more, which ends the work
 */
void dmvpn_mcast_stop(struct dmvpn_dev *ddev)
{
	struct sk_buff *skb;

	cancel_work_sync(&ddev->mcast_work);
	while ((skb = skb_dequeue(&ddev->mcast_queue)))
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_HOLD_EXPIRED);
}
