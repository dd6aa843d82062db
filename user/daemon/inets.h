/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses that others have put on a device. */
#ifndef NH_INETS_H
#define NH_INETS_H

#include "daemon/conf.h"

struct nh_iface;
struct nh_ifaces;

/* Most of them that are registered. */
#define NH_INETS_MAX	16

/**
 * struct nh_inets - what is on the device and not in its file
 * @addr: the addresses, but for link-local ones
 * @n: entries in @addr
 */
struct nh_inets {
	struct nh_addr addr[NH_INETS_MAX];
	size_t n;
};

/**
 * nh_inets_read() - look what is there
 *
 * What is new is registered with the servers, what is gone is withdrawn.
 */
void nh_inets_read(struct nh_iface *iface);

/** nh_inets_changed() - the same when the kernel says so; 0: of all devices */
void nh_inets_changed(struct nh_ifaces *ifaces, uint32_t ifindex);

#endif /* NH_INETS_H */
