/* SPDX-License-Identifier: GPL-2.0-only */
/* A peer: one NBMA endpoint with its path, its security state, its counters. */
#ifndef _DMVPN_PEER_H
#define _DMVPN_PEER_H

#include <linux/jiffies.h>
#include <linux/llist.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <net/dst_cache.h>

#include "addr.h"
#include "stats.h"

struct dmvpn_conf;
struct dmvpn_dev;
struct netlink_ext_ack;
struct work_struct;

/* Time for the last message of an IKE exchange to get there and be acted on */
#define DMVPN_SETTLE		(2 * HZ)
/* How long after the first one another IKE exchange may be one that crossed it;
 * soon after that the daemon makes one pair of two
 */
#define DMVPN_YOUNG		(3 * HZ)

/**
 * dmvpn_pending() - is a time that was set yet to come?
 * @end: jiffies
 * @span: the most that it was ahead when it was set, in jiffies
 *
 * Nothing clears such a time of a peer that nobody sends to. Where jiffies are
 * 32 bit wide, one that was weeks ago is ahead again, but not by so little.
 *
 * Return: true before @end.
 */
static inline bool dmvpn_pending(unsigned long end, unsigned long span)
{
	return time_in_range_open(jiffies, end - span, end);
}

/**
 * struct dmvpn_peer_key - what names a peer within a device
 * @nbma: NBMA address
 * @if_id: xfrm interface id, tells peers behind one NAT address apart
 */
struct dmvpn_peer_key {
	struct dmvpn_addr nbma;
	u32 if_id;
};

/* Bits of dmvpn_peer.kick */
#define DMVPN_KICK_QUEUED	0 /* is in dmvpn_dev.kicked */
#define DMVPN_KICK_CHECK	1 /* its security associations changed */

/**
 * struct dmvpn_peer - an NBMA endpoint
 * @node: in dmvpn_dev.peers
 * @key: its name
 * @state: enum dmvpn_peer_state; written from packets too
 * @told: the state that was last notified; under the device's lock
 * @flags: enum dmvpn_peer_flags; under the device's lock
 * @preference: as a relay; under the device's lock
 * @dead: removed from the tables; under the device's lock
 * @settle: jiffies before which only NHRP is sent to it, as it was secured just
 *	now and may not be ready; 0 when it is. Of no meaning unless @state is
 *	secured
 * @secured: jiffies when @state changed last; if it is secured, since when
 * @in_spi: of the association from it that was added last, network byte order;
 *	0 when none was added since the peer is known
 * @unpaired: how many associations from it were added, less those to it; not 0
 *	while a pair is half there
 * @retry: jiffies before which a missing security association is not looked
 *	for again; 0 when it may be looked for at once
 * @mtu: largest inner packet, octets, 0 when not known; from the last route
 * @last_tx: jiffies of the last packet to it, 0 for none
 * @last_rx: jiffies of the last packet from it, 0 for none
 * @dst_cache: route and xfrm bundle, one for each CPU
 * @flow: traffic, one for each CPU
 * @ddev: its device
 * @entries: cache entries that name it; under the device's lock
 * @nr_entries: how many they are
 * @nhs_node: in dmvpn_dev.nhs when it is an NHS
 * @id: index in dmvpn_dev.peer_ids
 * @created: jiffies
 * @kick: DMVPN_KICK_*
 * @kick_node: in dmvpn_dev.kicked
 * @refs: one for the tables, one for being in dmvpn_dev.kicked
 * @rcu: frees it after the last packet that saw it
 */
struct dmvpn_peer {
	struct rhash_head node;
	struct dmvpn_peer_key key;
	u8 state;
	u8 told;
	u8 preference;
	bool dead;
	u32 flags;
	u32 mtu;
	unsigned long settle;
	unsigned long secured;
	__be32 in_spi;
	atomic_t unpaired;
	unsigned long retry;
	unsigned long last_tx;
	unsigned long last_rx;
	struct dst_cache dst_cache;
	struct dmvpn_flow __percpu *flow;
	struct dmvpn_dev *ddev;
	struct list_head entries;
	u32 nr_entries;
	struct list_head nhs_node;
	u32 id;
	unsigned long created;
	unsigned long kick;
	struct llist_node kick_node;
	refcount_t refs;
	struct rcu_head rcu;
};

int dmvpn_peers_init(struct dmvpn_dev *ddev);
void dmvpn_peers_free(struct dmvpn_dev *ddev);
void dmvpn_peers_reset(struct dmvpn_dev *ddev);

struct dmvpn_peer *dmvpn_peer_lookup(struct dmvpn_dev *ddev,
				     const struct dmvpn_addr *nbma, u32 if_id);
struct dmvpn_peer *dmvpn_peer_obtain(struct dmvpn_dev *ddev,
				     const struct dmvpn_addr *nbma, u32 if_id,
				     bool *mcast,
				     struct netlink_ext_ack *extack);
void dmvpn_peer_set(struct dmvpn_peer *peer, u32 flags, u8 preference);
void dmvpn_peer_put(struct dmvpn_peer *peer);
int dmvpn_peer_mcast_add(struct dmvpn_peer *peer,
			 struct netlink_ext_ack *extack);
void dmvpn_peer_mcast_del(struct dmvpn_peer *peer);
bool dmvpn_peer_is_mcast(const struct dmvpn_peer *peer);
void dmvpn_peer_unuse(struct dmvpn_peer *peer);
void dmvpn_peer_remove(struct dmvpn_peer *peer);

void dmvpn_peer_set_state(struct dmvpn_peer *peer, u8 state);
void dmvpn_peer_found(const struct dmvpn_conf *conf, struct dmvpn_peer *peer);
void dmvpn_peer_heard(struct dmvpn_peer *peer, __be32 spi);
void dmvpn_peer_sa_added(struct dmvpn_peer *peer, __be32 spi, bool in);
bool dmvpn_peer_settle_over(struct dmvpn_peer *peer, unsigned long settle);
void dmvpn_peer_kick(struct dmvpn_peer *peer, bool check);
void dmvpn_peers_kick_all(struct dmvpn_dev *ddev);
void dmvpn_kick_work(struct work_struct *work);

/**
 * dmvpn_peer_settled() - may packets go to a peer that is secured?
 * @peer: peer
 *
 * Context: RCU read side or the device's lock; any.
 *
 * Return: false while the other end may not be ready for them.
 */
static inline bool dmvpn_peer_settled(struct dmvpn_peer *peer)
{
	unsigned long settle = READ_ONCE(peer->settle);

	if (likely(!settle))
		return true;
	return !dmvpn_pending(settle, DMVPN_SETTLE + 1) &&
	       dmvpn_peer_settle_over(peer, settle);
}

void dmvpn_peer_count_tx(struct dmvpn_peer *peer, unsigned int len);
void dmvpn_peer_count_rx(struct dmvpn_peer *peer, unsigned int len);
void dmvpn_peer_count_drop(struct dmvpn_peer *peer, bool tx);

#endif /* _DMVPN_PEER_H */
