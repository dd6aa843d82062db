/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purge Request and Reply: bindings that are withdrawn. */
#ifndef NH_PURGE_H
#define NH_PURGE_H

#include "daemon/kernel.h"

struct nh_iface;
struct nh_rx;

/**
 * nh_purge_send() - withdraw a binding from one node
 * @ep: where the node is
 * @node: its tunnel address
 * @prefix: the binding
 * @last: no reply is awaited; otherwise it is sent up to 3 times
 */
void nh_purge_send(struct nh_iface *iface, const struct nh_endpoint *ep,
		   const struct nh_addr *node, const struct nh_prefix *prefix,
		   bool last);

/** nh_purge_request() - handler of type 5, for us */
void nh_purge_request(struct nh_iface *iface, const struct nh_rx *rx);

/** nh_purge_reply() - handler of type 6, for us */
void nh_purge_reply(struct nh_iface *iface, const struct nh_rx *rx);

#endif /* NH_PURGE_H */
