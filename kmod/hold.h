/* SPDX-License-Identifier: GPL-2.0-only */
/* The bounded queue of packets that wait for an entry or an association. */
#ifndef _DMVPN_HOLD_H
#define _DMVPN_HOLD_H

#include <linux/types.h>

struct dmvpn_conf;
struct dmvpn_dev;
struct sk_buff;

void dmvpn_hold_init(struct dmvpn_dev *ddev);
void dmvpn_hold_stop(struct dmvpn_dev *ddev);
void dmvpn_hold_new(struct sk_buff *skb);
bool dmvpn_hold_full(const struct dmvpn_dev *ddev,
		     const struct dmvpn_conf *conf);
bool dmvpn_hold_over(const struct sk_buff *skb);
void dmvpn_hold(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		struct sk_buff *skb);
void dmvpn_hold_flush(struct dmvpn_dev *ddev);

#endif /* _DMVPN_HOLD_H */
