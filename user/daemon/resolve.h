/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Own Resolution Requests: asking, and what becomes of the answers. */
#ifndef NH_RESOLVE_H
#define NH_RESOLVE_H

#include "daemon/kernel.h"

struct nh_iface;
struct nh_rx;

/** nh_resolve_miss() - the kernel has a packet for an unknown address */
void nh_resolve_miss(struct nh_iface *iface, const struct dmvpn_nl_miss *miss);

/**
 * nh_resolve_redirect() - a server says that there is a shorter way to @dst
 * @by: its NBMA address; it is the one that is asked
 *
 * Nothing is written to the cache before the answer: until then packets go on
 * by the route they have.
 */
void nh_resolve_redirect(struct nh_iface *iface, const struct nh_addr *dst,
			 const struct nh_addr *by);

/** nh_resolve_refresh() - an entry that is in use is about to expire */
void nh_resolve_refresh(struct nh_iface *iface,
			const struct dmvpn_nl_entry *entry);

/** nh_resolve_reply() - handler of type 2, for us */
void nh_resolve_reply(struct nh_iface *iface, const struct nh_rx *rx);

/** nh_resolve_error() - an Error Indication about the request with @reqid */
void nh_resolve_error(struct nh_iface *iface, const struct nh_rx *rx,
		      uint32_t reqid);

#endif /* NH_RESOLVE_H */
