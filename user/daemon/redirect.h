/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Traffic Indications, both ways, and the hold-down of what they ask for. */
#ifndef NH_REDIRECT_H
#define NH_REDIRECT_H

#include "daemon/kernel.h"

struct nh_iface;
struct nh_rx;

#define NH_HOLDDOWN_MAX	256

/**
 * struct nh_holddown - destinations not to be asked for again yet
 *
 * A ring: when it is full the oldest is forgotten, the rates still hold.
 */
struct nh_holddown {
	struct {
		struct nh_addr addr;
		uint64_t until;
	} place[NH_HOLDDOWN_MAX];
	size_t next;
};

/** nh_holddown_add() - hold @addr down until @until, milliseconds */
void nh_holddown_add(struct nh_holddown *h, const struct nh_addr *addr,
		     uint64_t until);

/** nh_holddown_has() - @addr is held down at @now */
bool nh_holddown_has(const struct nh_holddown *h, const struct nh_addr *addr,
		     uint64_t now);

/** nh_redirect_send() - the kernel saw a detour: tell the peer it came from */
void nh_redirect_send(struct nh_iface *iface,
		      const struct dmvpn_nl_packet *packet);

/** nh_redirect_receive() - handler of type 8 */
void nh_redirect_receive(struct nh_iface *iface, const struct nh_rx *rx);

#endif /* NH_REDIRECT_H */
