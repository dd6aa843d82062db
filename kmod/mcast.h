/* SPDX-License-Identifier: GPL-2.0-only */
/* Copies of multicast and broadcast packets. */
#ifndef _DMVPN_MCAST_H
#define _DMVPN_MCAST_H

struct dmvpn_conf;
struct dmvpn_dev;
struct dmvpn_inner;
struct sk_buff;

void dmvpn_mcast_init(struct dmvpn_dev *ddev);
void dmvpn_mcast_stop(struct dmvpn_dev *ddev);
void dmvpn_mcast_xmit(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		      struct sk_buff *skb, const struct dmvpn_inner *in);

#endif /* _DMVPN_MCAST_H */
