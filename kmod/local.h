/* SPDX-License-Identifier: GPL-2.0-only */
/* The local NBMA addresses of a device. */
#ifndef _DMVPN_LOCAL_H
#define _DMVPN_LOCAL_H

#include <linux/types.h>

struct dmvpn_conf;
struct dmvpn_dev;
struct net;
struct work_struct;

bool dmvpn_local_select(struct net *net, struct dmvpn_conf *conf);
void dmvpn_local_changed(struct dmvpn_dev *ddev);
void dmvpn_local_work(struct work_struct *work);

#endif /* _DMVPN_LOCAL_H */
