/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From what the kernel tells to who deals with it. */
#ifndef NH_DISPATCH_H
#define NH_DISPATCH_H

#include "daemon/iface.h"

/** nh_dispatch_event() - deal with an event of any of the devices */
void nh_dispatch_event(struct nh_ifaces *ifaces, const struct dmvpn_event *ev);

/**
 * nh_dispatch_packet() - deal with an NHRP packet
 * @octets: the packet without GRE header
 * @len: its length
 * @from: outer source
 */
void nh_dispatch_packet(struct nh_iface *iface, const uint8_t *octets,
			size_t len, const struct nh_endpoint *from);

#endif /* NH_DISPATCH_H */
