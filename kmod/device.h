/* SPDX-License-Identifier: GPL-2.0-only */
/* The net_device: its operations and its life. */
#ifndef _DMVPN_DEVICE_H
#define _DMVPN_DEVICE_H

#include <linux/types.h>

struct dmvpn_conf;
struct dmvpn_dev;
struct net_device;

bool dmvpn_is_dev(const struct net_device *dev);
bool dmvpn_dev_redirect(struct dmvpn_dev *ddev);
void dmvpn_dev_setup(struct net_device *dev);
void dmvpn_conf_defaults(struct dmvpn_conf *conf);
void dmvpn_dev_configure(struct dmvpn_dev *ddev, struct dmvpn_conf *conf);

#endif /* _DMVPN_DEVICE_H */
