/* SPDX-License-Identifier: GPL-2.0-only */
/* Receive: the hooks that take GRE packets of our devices. */
#ifndef _DMVPN_RX_H
#define _DMVPN_RX_H

#include <linux/netfilter.h>

struct dmvpn_addr;
struct dmvpn_dev;
struct dmvpn_gre_info;

#define DMVPN_RX_HOOKS	4

extern const struct nf_hook_ops dmvpn_rx_hooks[DMVPN_RX_HOOKS];

struct dmvpn_dev *dmvpn_rx_dev(struct net *net, const struct sk_buff *skb,
			       const struct dmvpn_addr *local,
			       const struct dmvpn_gre_info *gre);

#endif /* _DMVPN_RX_H */
