// SPDX-License-Identifier: GPL-2.0-only
/* The table of NBMA peers of a device, and what happens to a peer. */
#include "peer.h"

#include <linux/netlink.h>
#include <linux/rhashtable.h>

#include "cache.h"
#include "dmvpn.h"
#include "hold.h"
#include "netlink.h"
#include "xfrm.h"

static const struct rhashtable_params dmvpn_peer_params = {
	.head_offset = offsetof(struct dmvpn_peer, node),
	.key_offset = offsetof(struct dmvpn_peer, key),
	.key_len = sizeof(struct dmvpn_peer_key),
	.automatic_shrinking = true,
};

/**
 * dmvpn_peer_lookup() - find a peer
 * @ddev: device
 * @nbma: NBMA address
 * @if_id: xfrm interface id, 0 for none
 *
 * Context: RCU read side or the device's lock; the peer is not referenced.
 *
 * Return: the peer, or NULL.
 */
struct dmvpn_peer *dmvpn_peer_lookup(struct dmvpn_dev *ddev,
				     const struct dmvpn_addr *nbma, u32 if_id)
{
	struct dmvpn_peer_key key = { .nbma = *nbma, .if_id = if_id };

	return rhashtable_lookup_fast(&ddev->peers, &key, dmvpn_peer_params);
}

static void dmvpn_peer_free(struct dmvpn_peer *peer)
{
	dst_cache_destroy(&peer->dst_cache);
	free_percpu(peer->flow);
	kfree(peer);
}

static void dmvpn_peer_free_rcu(struct rcu_head *rcu)
{
	dmvpn_peer_free(container_of(rcu, struct dmvpn_peer, rcu));
}

/**
 * dmvpn_peer_put() - give a reference back
 * @peer: peer; may be gone afterwards
 *
 * Context: any.
 */
void dmvpn_peer_put(struct dmvpn_peer *peer)
{
	if (refcount_dec_and_test(&peer->refs))
		call_rcu(&peer->rcu, dmvpn_peer_free_rcu);
}

static struct dmvpn_peer *dmvpn_peer_alloc(struct dmvpn_dev *ddev,
					   const struct dmvpn_addr *nbma,
					   u32 if_id)
{
	struct dmvpn_peer *peer = kzalloc(sizeof(*peer), GFP_KERNEL_ACCOUNT);

	if (!peer)
		return NULL;
	peer->key.nbma = *nbma;
	peer->key.if_id = if_id;
	peer->ddev = ddev;
	peer->created = jiffies;
	INIT_LIST_HEAD(&peer->entries);
	INIT_LIST_HEAD(&peer->nhs_node);
	refcount_set(&peer->refs, 1);

	peer->flow = __netdev_alloc_pcpu_stats(struct dmvpn_flow,
					       GFP_KERNEL_ACCOUNT);
	if (!peer->flow)
		goto err_peer;
	if (dst_cache_init(&peer->dst_cache, GFP_KERNEL_ACCOUNT))
		goto err_flow;
	return peer;

err_flow:
	free_percpu(peer->flow);
err_peer:
	kfree(peer);
	return NULL;
}

/* An NBMA address must be one that a single host can answer from. */
static int dmvpn_nbma_check(const struct dmvpn_addr *nbma,
			    struct netlink_ext_ack *extack)
{
	if (dmvpn_addr_is_unspec(nbma) || dmvpn_addr_is_multicast(nbma) ||
	    (nbma->family == AF_INET && (ipv4_is_lbcast(nbma->v4) ||
					 ipv4_is_loopback(nbma->v4))) ||
	    (nbma->family == AF_INET6 && (ipv6_addr_loopback(&nbma->v6) ||
					  ipv6_addr_v4mapped(&nbma->v6)))) {
		NL_SET_ERR_MSG(extack, "nbma: not the unicast address of a host");
		return -EINVAL;
	}
	return 0;
}

static int dmvpn_peer_insert(struct dmvpn_dev *ddev, struct dmvpn_peer *peer,
			     struct netlink_ext_ack *extack)
{
	int err;

	err = xa_alloc_cyclic(&ddev->peer_ids, &peer->id, peer, xa_limit_31b,
			      &ddev->next_peer_id, GFP_KERNEL);
	if (err < 0) {
		NL_SET_ERR_MSG(extack, "no memory for a peer");
		return err;
	}
	err = rhashtable_insert_fast(&ddev->peers, &peer->node,
				     dmvpn_peer_params);
	if (err) {
		xa_erase(&ddev->peer_ids, peer->id);
		NL_SET_ERR_MSG(extack, "no memory for a peer");
		return err;
	}
	ddev->nr_peers++;
	return 0;
}

/**
 * dmvpn_peer_is_mcast() - does the peer get copies of multicast packets?
 * @peer: peer
 *
 * Return: true when it is in the multicast list.
 */
bool dmvpn_peer_is_mcast(const struct dmvpn_peer *peer)
{
	return xa_get_mark(&peer->ddev->peer_ids, peer->id, DMVPN_PEER_MCAST);
}

static int dmvpn_mcast_room(struct dmvpn_dev *ddev,
			    struct netlink_ext_ack *extack)
{
	if (ddev->nr_mcast < dmvpn_conf_locked(ddev)->max_mcast)
		return 0;
	NL_SET_ERR_MSG(extack, "the limit of the multicast list is reached");
	return -ENOSPC;
}

static void dmvpn_mcast_mark(struct dmvpn_peer *peer)
{
	struct dmvpn_dev *ddev = peer->ddev;

	xa_set_mark(&ddev->peer_ids, peer->id, DMVPN_PEER_MCAST);
	WRITE_ONCE(ddev->nr_mcast, ddev->nr_mcast + 1);
}

/**
 * dmvpn_peer_mcast_add() - put a peer into the multicast list
 * @peer: peer; the device's lock is held
 * @extack: says why not
 *
 * Return: 0, -EEXIST, or -ENOSPC at the limit.
 */
int dmvpn_peer_mcast_add(struct dmvpn_peer *peer,
			 struct netlink_ext_ack *extack)
{
	int err;

	if (dmvpn_peer_is_mcast(peer)) {
		NL_SET_ERR_MSG(extack, "nbma: is in the multicast list already");
		return -EEXIST;
	}
	err = dmvpn_mcast_room(peer->ddev, extack);
	if (err)
		return err;
	dmvpn_mcast_mark(peer);
	dmvpn_nl_notify_peer(peer, DMVPN_CMD_PEER_CHANGE_NTF);
	return 0;
}

/* A known peer joins, unless it is in the list; says whether it did. */
static int dmvpn_peer_joins(struct dmvpn_peer *peer, bool *mcast,
			    struct netlink_ext_ack *extack)
{
	*mcast = *mcast && !dmvpn_peer_is_mcast(peer);
	return *mcast ? dmvpn_peer_mcast_add(peer, extack) : 0;
}

/**
 * dmvpn_peer_obtain() - find a peer or create it
 * @ddev: device; its lock is held
 * @nbma: NBMA address
 * @if_id: xfrm interface id, 0 for none
 * @mcast: whether it is to join the multicast list; set to whether it has done
 *	so now, which on a later error is to be undone. NULL: it is not to
 * @extack: says why not
 *
 * A peer that nothing comes to use must be given to dmvpn_peer_unuse().
 *
 * Return: the peer, or an error pointer: -EINVAL for an address no host can
 * have, -ENOSPC at a limit, -ENOMEM.
 */
struct dmvpn_peer *dmvpn_peer_obtain(struct dmvpn_dev *ddev,
				     const struct dmvpn_addr *nbma, u32 if_id,
				     bool *mcast,
				     struct netlink_ext_ack *extack)
{
	struct dmvpn_conf *conf = dmvpn_conf_locked(ddev);
	struct dmvpn_peer *peer;
	bool proven = true;
	int err;

	lockdep_assert_held(&ddev->lock);
	peer = dmvpn_peer_lookup(ddev, nbma, if_id);
	if (peer) {
		err = mcast ? dmvpn_peer_joins(peer, mcast, extack) : 0;
		return err ? ERR_PTR(err) : peer;
	}
	err = dmvpn_nbma_check(nbma, extack);
	if (!err && mcast && *mcast)
		err = dmvpn_mcast_room(ddev, extack);
	if (err)
		return ERR_PTR(err);
	if (ddev->nr_peers >= conf->max_peers) {
		NL_SET_ERR_MSG(extack, "the device's limit of peers is reached");
		return ERR_PTR(-ENOSPC);
	}
	peer = dmvpn_peer_alloc(ddev, nbma, if_id);
	if (!peer) {
		NL_SET_ERR_MSG(extack, "no memory for a peer");
		return ERR_PTR(-ENOMEM);
	}
	peer->state = DMVPN_PEER_STATE_CLEAR;
	if (conf->required)
		peer->state = dmvpn_xfrm_probe(ddev, conf, peer, &proven);
	peer->told = peer->state;
	peer->secured = jiffies;
	if (peer->state == DMVPN_PEER_STATE_SECURED && !proven)
		peer->settle = (jiffies + DMVPN_SETTLE) | 1;
	err = dmvpn_peer_insert(ddev, peer, extack);
	if (err) {
		dmvpn_peer_free(peer);
		return ERR_PTR(err);
	}
	if (mcast && *mcast)
		dmvpn_mcast_mark(peer);
	dmvpn_nl_notify_peer(peer, DMVPN_CMD_PEER_CHANGE_NTF);
	return peer;
}

/* The list is searched from its head, so the order is the preference. */
static void dmvpn_nhs_link(struct dmvpn_peer *peer)
{
	struct dmvpn_dev *ddev = peer->ddev;
	struct dmvpn_peer *pos;

	list_for_each_entry(pos, &ddev->nhs, nhs_node) {
		if (pos->preference < peer->preference) {
			list_add_tail_rcu(&peer->nhs_node, &pos->nhs_node);
			return;
		}
	}
	list_add_tail_rcu(&peer->nhs_node, &ddev->nhs);
}

static void dmvpn_nhs_unlink(struct dmvpn_peer *peer)
{
	if (list_empty(&peer->nhs_node))
		return;
	list_del_rcu(&peer->nhs_node);
	/* A reader may stand on it: only then may its pointers change. */
	synchronize_rcu();
	INIT_LIST_HEAD(&peer->nhs_node);
}

/**
 * dmvpn_peer_set() - change what a peer is used as
 * @peer: peer; the device's lock is held
 * @flags: enum dmvpn_peer_flags, all of them
 * @preference: among several NHS the highest relays
 *
 * The caller goes on to dmvpn_peer_unuse(), as the peer may have lost what
 * kept it.
 */
void dmvpn_peer_set(struct dmvpn_peer *peer, u32 flags, u8 preference)
{
	bool nhs = flags & DMVPN_PEER_FLAGS_NHS;

	lockdep_assert_held(&peer->ddev->lock);
	if (flags == peer->flags && preference == peer->preference)
		return;
	if (!nhs || preference != peer->preference)
		dmvpn_nhs_unlink(peer);
	peer->flags = flags;
	peer->preference = preference;
	if (nhs && list_empty(&peer->nhs_node)) {
		dmvpn_nhs_link(peer);
		dmvpn_hold_flush(peer->ddev);
	}
	dmvpn_nl_notify_peer(peer, DMVPN_CMD_PEER_CHANGE_NTF);
}

/**
 * dmvpn_peer_mcast_del() - take a peer out of the multicast list
 * @peer: peer in the list; the device's lock is held
 */
void dmvpn_peer_mcast_del(struct dmvpn_peer *peer)
{
	struct dmvpn_dev *ddev = peer->ddev;

	xa_clear_mark(&ddev->peer_ids, peer->id, DMVPN_PEER_MCAST);
	WRITE_ONCE(ddev->nr_mcast, ddev->nr_mcast - 1);
}

/* Takes the peer out of all tables; packets may see it until RCU is through. */
static void dmvpn_peer_unlink(struct dmvpn_peer *peer)
{
	struct dmvpn_dev *ddev = peer->ddev;

	peer->dead = true;
	if (!list_empty(&peer->nhs_node))
		list_del_rcu(&peer->nhs_node);
	if (dmvpn_peer_is_mcast(peer))
		dmvpn_peer_mcast_del(peer);
	rhashtable_remove_fast(&ddev->peers, &peer->node, dmvpn_peer_params);
	xa_erase(&ddev->peer_ids, peer->id);
	ddev->nr_peers--;
}

/**
 * dmvpn_peer_unuse() - remove a peer that nothing uses any more
 * @peer: peer; the device's lock is held; gone or not afterwards
 */
void dmvpn_peer_unuse(struct dmvpn_peer *peer)
{
	lockdep_assert_held(&peer->ddev->lock);
	if (peer->dead || peer->nr_entries || peer->flags ||
	    dmvpn_peer_is_mcast(peer))
		return;
	dmvpn_nl_notify_peer(peer, DMVPN_CMD_PEER_GONE_NTF);
	dmvpn_peer_unlink(peer);
	dmvpn_peer_put(peer);
}

/**
 * dmvpn_peer_remove() - remove a peer with its cache entries
 * @peer: peer; the device's lock is held; gone afterwards
 */
void dmvpn_peer_remove(struct dmvpn_peer *peer)
{
	struct dmvpn_entry *e, *next;

	lockdep_assert_held(&peer->ddev->lock);
	if (dmvpn_peer_is_mcast(peer))
		dmvpn_peer_mcast_del(peer);
	/* Keeps the peer until its last entry is gone. */
	peer->flags |= DMVPN_PEER_FLAGS_PERMANENT;
	list_for_each_entry_safe(e, next, &peer->entries, peer_node)
		dmvpn_cache_remove(peer->ddev, e, DMVPN_CMD_ENTRY_GONE_NTF);
	peer->flags = 0;
	dmvpn_peer_unuse(peer);
}

/**
 * dmvpn_peers_reset() - forget the paths to all peers
 * @ddev: device; its lock is held, its new configuration is published
 *
 * Packets that saw the old configuration may be filling a path just now,
 * so they have to end first.
 */
void dmvpn_peers_reset(struct dmvpn_dev *ddev)
{
	struct dmvpn_peer *peer;
	unsigned long id;

	lockdep_assert_held(&ddev->lock);
	if (xa_empty(&ddev->peer_ids))
		return;
	synchronize_net();
	xa_for_each(&ddev->peer_ids, id, peer) {
		dst_cache_reset(&peer->dst_cache);
		WRITE_ONCE(peer->mtu, 0);
		cond_resched();
	}
	dmvpn_peers_kick_all(ddev);
}

/**
 * dmvpn_peers_init() - make an empty table
 * @ddev: device
 *
 * Return: 0 or a negative error.
 */
int dmvpn_peers_init(struct dmvpn_dev *ddev)
{
	INIT_LIST_HEAD(&ddev->nhs);
	init_llist_head(&ddev->kicked);
	INIT_WORK(&ddev->kick_work, dmvpn_kick_work);
	xa_init_flags(&ddev->peer_ids, XA_FLAGS_ALLOC1);
	return rhashtable_init(&ddev->peers, &dmvpn_peer_params);
}

/**
 * dmvpn_peers_free() - remove all peers
 * @ddev: device; nobody finds it any more, the cache is empty
 */
void dmvpn_peers_free(struct dmvpn_dev *ddev)
{
	struct dmvpn_peer *peer;
	unsigned long id;

	/* Ends with an empty list, as nobody is left to kick. */
	flush_work(&ddev->kick_work);
	mutex_lock(&ddev->lock);
	xa_for_each(&ddev->peer_ids, id, peer) {
		dmvpn_peer_unlink(peer);
		dmvpn_peer_put(peer);
		cond_resched();
	}
	mutex_unlock(&ddev->lock);
	flush_work(&ddev->kick_work);
	rhashtable_destroy(&ddev->peers);
	xa_destroy(&ddev->peer_ids);
}

/**
 * dmvpn_peer_count_tx() - count a packet that was sent
 * @peer: peer
 * @len: octets without outer headers
 *
 * Context: bottom halves are off.
 */
void dmvpn_peer_count_tx(struct dmvpn_peer *peer, unsigned int len)
{
	struct dmvpn_flow *flow = this_cpu_ptr(peer->flow);
	unsigned long now = jiffies | 1;

	u64_stats_update_begin(&flow->syncp);
	u64_stats_inc(&flow->tx_packets);
	u64_stats_add(&flow->tx_bytes, len);
	u64_stats_update_end(&flow->syncp);
	if (READ_ONCE(peer->last_tx) != now)
		WRITE_ONCE(peer->last_tx, now);
}

/**
 * dmvpn_peer_count_rx() - count a packet that came
 * @peer: peer
 * @len: octets without outer headers
 *
 * Context: bottom halves are off.
 */
void dmvpn_peer_count_rx(struct dmvpn_peer *peer, unsigned int len)
{
	struct dmvpn_flow *flow = this_cpu_ptr(peer->flow);
	unsigned long now = jiffies | 1;

	u64_stats_update_begin(&flow->syncp);
	u64_stats_inc(&flow->rx_packets);
	u64_stats_add(&flow->rx_bytes, len);
	u64_stats_update_end(&flow->syncp);
	if (READ_ONCE(peer->last_rx) != now)
		WRITE_ONCE(peer->last_rx, now);
}

/**
 * dmvpn_peer_count_drop() - count a packet that was dropped
 * @peer: peer
 * @tx: on its way to the peer
 *
 * Context: bottom halves are off.
 */
void dmvpn_peer_count_drop(struct dmvpn_peer *peer, bool tx)
{
	struct dmvpn_flow *flow = this_cpu_ptr(peer->flow);

	u64_stats_update_begin(&flow->syncp);
	u64_stats_inc(tx ? &flow->tx_dropped : &flow->rx_dropped);
	u64_stats_update_end(&flow->syncp);
}
