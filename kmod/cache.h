/* SPDX-License-Identifier: GPL-2.0-only */
/* The NHRP cache: protocol prefix to peer, typed, with a holding time. */
#ifndef _DMVPN_CACHE_H
#define _DMVPN_CACHE_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/rhashtable-types.h>

#include "addr.h"

struct dmvpn_dev;
struct dmvpn_peer;
struct netlink_ext_ack;

/* Longest holding time, seconds; far beyond NHRP's 16 bits and well within
 * what jiffies of 32 bits can compare.
 */
#define DMVPN_HOLDING_TIME_MAX	1048576

/**
 * struct dmvpn_binding - what a cache entry says
 * @mtu: largest packet, octets, 0 for no limit
 * @plen: length of @prefix
 * @type: enum dmvpn_entry_type
 * @holding_time: seconds, 0 for ever
 * @flags: enum dmvpn_entry_flags
 * @prefix: protocol address, no host bits set
 * @protocol: protocol address of the peer that serves the prefix, or none
 * @claimed: NBMA address the peer claims where a NAT changes it, or none
 * @preference: of the CIE (RFC 2332 section 5.2.0.1)
 */
struct dmvpn_binding {
	u16 mtu;
	u8 plen;
	u8 type;
	u32 holding_time;
	u32 flags;
	struct dmvpn_addr prefix;
	struct dmvpn_addr protocol;
	struct dmvpn_addr claimed;
	u8 preference;
};

/**
 * struct dmvpn_entry - a binding in the cache
 * @peer: where to, NULL for incomplete and negative entries; never changes
 * @packets: packets that used it, one for each CPU
 * @used: jiffies of the last packet that used it, 0 for none
 * @host: in dmvpn_dev.hosts, when the prefix is an address
 * @b: what it says; only its holding time ever changes, under the device's lock
 * @peer_node: in dmvpn_peer.entries
 * @rb: in dmvpn_dev.deadlines when it has a holding time
 * @deadline: jiffies at which to look at it
 * @created: jiffies
 * @expires: jiffies, when it has a holding time
 * @told: the daemon was asked to renew it
 * @rcu: frees it after the last packet that saw it
 *
 * What a packet needs of it comes first, to be in one cache line.
 */
struct dmvpn_entry {
	struct dmvpn_peer *peer;
	unsigned long __percpu *packets;
	unsigned long used;
	struct rhash_head host;
	struct dmvpn_binding b;
	struct list_head peer_node;
	struct rb_node rb;
	unsigned long deadline;
	unsigned long created;
	unsigned long expires;
	bool told;
	struct rcu_head rcu;
};

/**
 * struct dmvpn_set - what dmvpn_cache_set() may do, and did
 * @exclusive: an existing entry is an error
 * @update: a missing entry is an error
 * @renew: an existing entry gets the holding time only, and is an error when it
 *	says something else
 * @created: set: there was no entry
 * @peer_max: most entries of a peer with a new one, 0 for no limit
 */
struct dmvpn_set {
	bool exclusive;
	bool update;
	bool renew;
	bool created;
	u32 peer_max;
};

/**
 * struct dmvpn_filter - which entries a flush removes
 * @prefix: those inside of it; family 0 for all
 * @plen: its length
 * @type: enum dmvpn_entry_type; DMVPN_ENTRY_TYPE_UNSPEC for all
 * @peer: those of the peer; NULL for all
 * @keep_static: but not static ones
 */
struct dmvpn_filter {
	struct dmvpn_addr prefix;
	u8 plen;
	u8 type;
	const struct dmvpn_peer *peer;
	bool keep_static;
};

/**
 * dmvpn_entry_is_host() - whether an entry is of a single address
 * @e: entry
 */
static inline bool dmvpn_entry_is_host(const struct dmvpn_entry *e)
{
	return e->b.plen == dmvpn_addr_bits(&e->b.prefix);
}

void dmvpn_cache_init(struct dmvpn_dev *ddev);
void dmvpn_cache_free(struct dmvpn_dev *ddev);

struct dmvpn_entry *dmvpn_cache_lookup(const struct dmvpn_dev *ddev,
				       const struct dmvpn_addr *addr);
int dmvpn_cache_set(struct dmvpn_dev *ddev, const struct dmvpn_binding *b,
		    struct dmvpn_peer *peer, struct dmvpn_set *set,
		    struct netlink_ext_ack *extack);
void dmvpn_cache_remove(struct dmvpn_dev *ddev, struct dmvpn_entry *e,
			u8 cmd);
u32 dmvpn_cache_flush(struct dmvpn_dev *ddev, const struct dmvpn_filter *f);

void dmvpn_entry_use(struct dmvpn_entry *e);
u64 dmvpn_entry_packets(const struct dmvpn_entry *e);

#endif /* _DMVPN_CACHE_H */
