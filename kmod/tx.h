/* SPDX-License-Identifier: GPL-2.0-only */
/* Transmit: from an inner packet to the peers that get it. */
#ifndef _DMVPN_TX_H
#define _DMVPN_TX_H

#include <linux/netdevice.h>

#include "addr.h"

struct dmvpn_conf;
struct dmvpn_dev;
struct dmvpn_entry;
struct dmvpn_peer;
struct netlink_ext_ack;

/**
 * struct dmvpn_inner - what transmit needs to know of an inner packet
 * @src: its source
 * @dst: its destination
 * @tos: TOS or traffic class
 * @ttl: TTL or hop limit
 * @df: must not be fragmented (always so for IPv6)
 * @mcast: for many
 */
struct dmvpn_inner {
	struct dmvpn_addr src;
	struct dmvpn_addr dst;
	u8 tos;
	u8 ttl;
	bool df;
	bool mcast;
};

netdev_tx_t dmvpn_xmit(struct sk_buff *skb, struct net_device *dev);
bool dmvpn_tx_inner(struct sk_buff *skb, struct dmvpn_inner *in);
struct dmvpn_entry *dmvpn_tx_lookup(struct dmvpn_dev *ddev,
				    const struct dmvpn_conf *conf,
				    const struct sk_buff *skb,
				    const struct dmvpn_inner *in,
				    struct dmvpn_addr *target);
void dmvpn_tx_unicast(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		      struct sk_buff *skb, const struct dmvpn_inner *in,
		      bool first);
int dmvpn_tx_to(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		struct sk_buff *skb, const struct dmvpn_inner *in,
		struct dmvpn_peer *peer, u32 limit);
int dmvpn_tx_nhrp(struct dmvpn_dev *ddev, const struct dmvpn_addr *nbma,
		  u32 if_id, const void *packet, unsigned int len,
		  struct netlink_ext_ack *extack);

#endif /* _DMVPN_TX_H */
