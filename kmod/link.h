/* SPDX-License-Identifier: GPL-2.0-only */
/* rtnetlink: "ip link ... type dmvpn". */
#ifndef _DMVPN_LINK_H
#define _DMVPN_LINK_H

#include <linux/types.h>

struct dmvpn_conf;
struct dmvpn_dev;
struct net;

bool dmvpn_link_clashes(struct net *net, const struct dmvpn_dev *self,
			const struct dmvpn_conf *conf);

int dmvpn_link_register(void);
void dmvpn_link_unregister(void);

#endif /* _DMVPN_LINK_H */
