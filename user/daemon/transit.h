/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets of others that pass through this node. */
#ifndef NH_TRANSIT_H
#define NH_TRANSIT_H

#include "daemon/path.h"

struct nh_rx;

/**
 * nh_transit_request() - pass a Resolution Request on along a route
 * @path: of kind NH_PATH_TRANSIT
 *
 * Return: -ENOENT when the next node is not known, or is the one that the
 * request came from: the caller refuses it then. Otherwise 0: what else goes
 * wrong has been dealt with.
 */
int nh_transit_request(struct nh_iface *iface, const struct nh_rx *rx,
		       const struct nh_path *path);

/** nh_transit_packet() - pass any other packet on towards @dst, or drop it */
void nh_transit_packet(struct nh_iface *iface, const struct nh_rx *rx,
		       const struct nh_addr *dst);

#endif /* NH_TRANSIT_H */
