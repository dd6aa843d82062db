/* SPDX-License-Identifier: GPL-2.0-only */
/* ICMP errors of the underlay about packets of ours. */
#ifndef _DMVPN_ERR_H
#define _DMVPN_ERR_H

struct net;
struct sk_buff;

unsigned int dmvpn_err4(struct net *net, struct sk_buff *skb);
unsigned int dmvpn_err6(struct net *net, struct sk_buff *skb,
			unsigned int offset);

#endif /* _DMVPN_ERR_H */
