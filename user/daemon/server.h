/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Server side: registrations of clients (RFC 2332 5.2.3, 5.2.4). */
#ifndef NH_SERVER_H
#define NH_SERVER_H

#include "daemon/kernel.h"

struct nh_iface;
struct nh_rx;

/** nh_server_request() - handler of type 3, for us */
void nh_server_request(struct nh_iface *iface, const struct nh_rx *rx);

/** nh_server_gone() - an entry with a peer went: does it still get multicast? */
void nh_server_gone(struct nh_iface *iface, const struct dmvpn_nl_entry *entry);

/**
 * nh_server_tidy() - end the multicast of clients that are not there any more
 *
 * Goes through all peers, for when events were lost or nobody heard them.
 * What the configuration wants stays, and peers that are permanent.
 */
void nh_server_tidy(struct nh_iface *iface);

#endif /* NH_SERVER_H */
