/* SPDX-License-Identifier: GPL-2.0-only */
/* Outer headers: GRE and IP in front of a packet, and out. */
#ifndef _DMVPN_ENCAP_H
#define _DMVPN_ENCAP_H

#include <linux/types.h>

struct dmvpn_addr;
struct dmvpn_conf;
struct dmvpn_dev;
struct dst_entry;
struct sk_buff;

/**
 * struct dmvpn_outer - what the outer header says that the path does not
 * @proto: GRE protocol type, network byte order
 * @tos: TOS or traffic class with the ECN bits
 * @ttl: TTL or hop limit
 * @df: do not fragment on the way
 */
struct dmvpn_outer {
	__be16 proto;
	u8 tos;
	u8 ttl;
	bool df;
};

u32 dmvpn_encap_mtu(const struct dmvpn_conf *conf, const struct dst_entry *dst,
		    u8 family);
int dmvpn_encap_xmit(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		     struct sk_buff *skb, struct dst_entry *dst,
		     const struct dmvpn_addr *nbma,
		     const struct dmvpn_outer *outer);

#endif /* _DMVPN_ENCAP_H */
