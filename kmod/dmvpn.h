/* SPDX-License-Identifier: GPL-2.0-only */
/* The device and its configuration, the objects everything else hangs on. */
#ifndef _DMVPN_H
#define _DMVPN_H

#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/rbtree.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/gro_cells.h>
#include <uapi/linux/dmvpn.h>

#include "addr.h"
#include "lpm.h"
#include "ratelimit.h"
#include "stats.h"

#define DMVPN_VERSION	"0.1.0"

/* GRE protocol type of NHRP (RFC 2332 section 5.1, as used by DMVPN) */
#define DMVPN_P_NHRP	0x2001

/* Mark of the members of the multicast list in dmvpn_dev.peer_ids */
#define DMVPN_PEER_MCAST	XA_MARK_1

/**
 * struct dmvpn_conf - configuration of a device, replaced as a whole
 * @rcu: frees it after the last packet that saw it
 * @key: GRE key, network byte order
 * @has_key: packets carry a key field, which may hold 0
 * @link: interface index of the underlay device, 0 without one
 * @set_local4: configured IPv4 NBMA address, 0 to take it from @link
 * @set_local6: configured IPv6 NBMA address, :: to take it from @link
 * @local4: IPv4 NBMA address in use, 0 without one
 * @local6: IPv6 NBMA address in use, :: without one
 * @last_local6: the last one in use, which is taken again when it comes back
 * @ttl: outer TTL, 0 copies the inner one
 * @tos: outer TOS, 1 copies the inner one
 * @df: enum dmvpn_df
 * @required: outer packets must be ESP, both ways
 * @redirect: report packets that leave by the network they came from
 * @shortcut: look up the inner destination before the next hop
 * @strict_source: the inner source must be an entry of the outer source
 * @mark: fwmark of outer packets, 0 leaves the packet's own
 * @network_id: NHRP network, host byte order
 * @max_peers: limit of the peer table
 * @max_entries: limit of the cache
 * @max_mcast: limit of the multicast list
 * @hold_queue: limit of the queue of held packets
 * @upcall_rate: resolve upcalls a second
 * @redirect_rate: redirect upcalls a second
 * @redirect_interval: milliseconds between two redirects of one pair
 *
 * A packet dereferences it once, so it never sees half of a change.
 */
struct dmvpn_conf {
	struct rcu_head rcu;
	__be32 key;
	int link;
	__be32 set_local4;
	struct in6_addr set_local6;
	__be32 local4;
	struct in6_addr local6;
	struct in6_addr last_local6;
	u8 ttl;
	u8 tos;
	u8 df;
	bool has_key;
	bool required;
	bool redirect;
	bool shortcut;
	bool strict_source;
	u32 mark;
	u32 network_id;
	u32 max_peers;
	u32 max_entries;
	u32 max_mcast;
	u32 hold_queue;
	u32 upcall_rate;
	u32 redirect_rate;
	u32 redirect_interval;
};

/**
 * struct dmvpn_dev - a DMVPN device, netdev_priv() of its net_device
 * @dev: the net_device
 * @net: network namespace of the underlay, where the device was created
 * @list: in dmvpn_net.devices of @net; RTNL, RCU readers
 * @all: in the list of all devices; RTNL, RCU readers
 * @conf: configuration; written under @lock
 * @lock: serialises the writers of all that follows
 * @dead: tables are gone, refuse; under @lock
 * @redirects: counted in dmvpn_net.nr_redirects; RTNL
 * @peers: NBMA endpoints by address and xfrm interface id
 * @peer_ids: the same by a stable number, for dumps
 * @next_peer_id: where the search for a free number begins
 * @nr_peers: how many they are
 * @cache: NHRP cache, prefix to entry
 * @hosts: those of its entries whose prefix is an address, for packets
 * @nets: the others, for packets
 * @deadlines: entries by the time something happens to them
 * @expire_work: does it
 * @nhs: peers that relay, best preference first; RCU readers
 * @nr_mcast: how many peers get copies of multicast packets; they carry
 *	DMVPN_PEER_MCAST in @peer_ids
 * @mcast_queue: packets waiting for a long multicast list
 * @mcast_work: copies them
 * @hold: packets waiting for an entry or a security association
 * @hold_work: sends or drops them
 * @kicked: peers whose state is to be looked at or told
 * @kick_work: does it
 * @kick_all: look at every peer; bit 0
 * @local_work: takes the NBMA addresses from the underlay device anew
 * @local_news: bit 0: something about that device changed since
 * @owner: netlink port of the daemon, 0 without one
 * @owner_work: tells that the daemon is gone
 * @miss_limit: reports each missing target once a second
 * @miss_bucket: bounds all misses
 * @redirect_limit: reports each pair of source and destination seldom
 * @redirect_bucket: bounds all redirects
 * @counters: drops and events by reason, index DMVPN_A_COUNTER_*
 * @gro_cells: receive aggregation of inner packets
 */
struct dmvpn_dev {
	struct net_device *dev;
	struct net *net;
	struct list_head list;
	struct list_head all;
	struct dmvpn_conf __rcu *conf;
	struct mutex lock; /* conf, peers, cache, nhs, mcast */
	bool dead;
	bool redirects;
	struct rhashtable peers;
	struct xarray peer_ids;
	u32 next_peer_id;
	u32 nr_peers;
	struct dmvpn_lpm cache;
	struct rhashtable hosts;
	struct dmvpn_lpm nets;
	struct rb_root_cached deadlines;
	struct delayed_work expire_work;
	struct list_head nhs;
	u32 nr_mcast;
	struct sk_buff_head mcast_queue;
	struct work_struct mcast_work;
	struct sk_buff_head hold;
	struct delayed_work hold_work;
	struct llist_head kicked;
	struct work_struct kick_work;
	unsigned long kick_all;
	struct delayed_work local_work;
	unsigned long local_news;
	u32 owner;
	struct work_struct owner_work;
	struct dmvpn_hashlimit miss_limit;
	struct dmvpn_bucket miss_bucket;
	struct dmvpn_hashlimit redirect_limit;
	struct dmvpn_bucket redirect_bucket;
	struct dmvpn_counters __percpu *counters;
	struct gro_cells gro_cells;
};

/**
 * dmvpn_conf_locked() - configuration, for a writer
 * @ddev: device; its lock is held
 *
 * Return: the current configuration.
 */
static inline struct dmvpn_conf *
dmvpn_conf_locked(const struct dmvpn_dev *ddev)
{
	return rcu_dereference_protected(ddev->conf,
					 lockdep_is_held(&ddev->lock));
}

/**
 * dmvpn_conf_has_local() - is there a local NBMA address of the family?
 * @conf: configuration
 * @family: AF_INET or AF_INET6
 *
 * Return: true when outer packets of the family have a source.
 */
static inline bool dmvpn_conf_has_local(const struct dmvpn_conf *conf,
					u8 family)
{
	if (family == AF_INET)
		return conf->local4;
	return !ipv6_addr_any(&conf->local6);
}

/**
 * dmvpn_conf_is_local() - is it a local NBMA address?
 * @conf: configuration
 * @addr: address
 *
 * Return: true when outer packets of its family have it as their source.
 */
static inline bool dmvpn_conf_is_local(const struct dmvpn_conf *conf,
				       const struct dmvpn_addr *addr)
{
	if (!dmvpn_conf_has_local(conf, addr->family))
		return false;
	if (addr->family == AF_INET)
		return conf->local4 == addr->v4;
	return ipv6_addr_equal(&conf->local6, &addr->v6);
}

#endif /* _DMVPN_H */
