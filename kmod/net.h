/* SPDX-License-Identifier: GPL-2.0-only */
/* What a network namespace knows of the devices on it and in it. */
#ifndef _DMVPN_NET_H
#define _DMVPN_NET_H

#include <linux/list.h>

struct dmvpn_dev;
struct net;

/**
 * struct dmvpn_net - one network namespace
 * @devices: those whose underlay it is; RTNL, RCU readers
 * @nr_devices: how many they are; RTNL
 * @nr_redirects: devices in it that detect redirects; RTNL
 */
struct dmvpn_net {
	struct list_head devices;
	unsigned int nr_devices;
	unsigned int nr_redirects;
};

/* All devices; RTNL, RCU readers */
extern struct list_head dmvpn_devices;

struct dmvpn_net *dmvpn_net(const struct net *net);
int dmvpn_net_add(struct dmvpn_dev *ddev);
void dmvpn_net_del(struct dmvpn_dev *ddev);
int dmvpn_net_redirects(struct dmvpn_dev *ddev, bool want);

int dmvpn_net_register(void);
void dmvpn_net_unregister(void);

#endif /* _DMVPN_NET_H */
