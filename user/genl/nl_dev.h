/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device facts: owner, local addresses, table sizes, counters. */
#ifndef DMVPN_NL_DEV_H
#define DMVPN_NL_DEV_H

#include <stddef.h>
#include <stdint.h>

#include <linux/dmvpn.h>

#include "lib/addr.h"

struct dmvpn_nl;

/**
 * struct dmvpn_nl_dev - a device as the family "dmvpn" shows it
 * @present: mask of DMVPN_A_DEV_* that were given
 * @ifindex: in the caller's network namespace
 * @owner: netlink port of the daemon, 0 without one
 * @local4: local IPv4 NBMA address in use, empty without one
 * @local6: local IPv6 NBMA address in use, empty without one
 * @peers: number of peers
 * @entries: number of cache entries
 * @mcast: number of peers in the multicast list
 * @network_id: NHRP network identifier
 * @counters: by DMVPN_A_COUNTER_*; those the kernel does not know are 0
 */
struct dmvpn_nl_dev {
	uint64_t present;
	uint32_t ifindex;
	uint32_t owner;
	struct nh_addr local4;
	struct nh_addr local6;
	uint32_t peers;
	uint32_t entries;
	uint32_t mcast;
	uint32_t network_id;
	uint64_t counters[DMVPN_A_COUNTER_MAX + 1];
};

/**
 * dmvpn_nl_dev_get() - read one device
 * @dev: set on success
 *
 * Return: 0; -ENODEV or -EOPNOTSUPP when @ifindex is no dmvpn device.
 */
int dmvpn_nl_dev_get(struct dmvpn_nl *nl, uint32_t ifindex,
		     struct dmvpn_nl_dev *dev);

/**
 * dmvpn_nl_dev_dump() - read all devices of the network namespace
 * @list: set on success to an array for free(); NULL when it is empty
 * @n: set on success to its length
 *
 * Return: 0, DMVPN_NL_CHANGED, or a negative errno.
 */
int dmvpn_nl_dev_dump(struct dmvpn_nl *nl, struct dmvpn_nl_dev **list,
		      size_t *n);

/**
 * dmvpn_nl_bind() - own a device: get its upcalls, may send its NHRP packets
 *
 * The upcalls come as events of this very connection, so call
 * dmvpn_nl_event_open() first. One connection may own several devices.
 *
 * Return: 0; -EBUSY when another connection owns it.
 */
int dmvpn_nl_bind(struct dmvpn_nl *nl, uint32_t ifindex);

/** dmvpn_nl_unbind() - give the ownership back; closing does so as well */
int dmvpn_nl_unbind(struct dmvpn_nl *nl, uint32_t ifindex);

#endif /* DMVPN_NL_DEV_H */
