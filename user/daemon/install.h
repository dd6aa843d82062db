/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bindings told by Resolution Replies: read, judged, written to the cache. */
#ifndef NH_INSTALL_H
#define NH_INSTALL_H

#include "daemon/kernel.h"

struct nh_iface;
struct nh_rx;

/**
 * struct nh_binding - what a positive reply says
 * @prefix: may be used for these addresses
 * @nbma: where to send, behind a NAT if there is one
 * @if_id: xfrm interface id
 * @claimed: the egress's own idea of its address, where a NAT changes it
 * @proto: tunnel address of the egress
 * @holdtime: seconds
 * @mtu: octets, 0 for no limit
 * @preference: of the CIE
 * @unique: the binding is unique
 */
struct nh_binding {
	struct nh_prefix prefix;
	struct nh_addr nbma;
	uint32_t if_id;
	struct nh_addr claimed;
	struct nh_addr proto;
	uint16_t holdtime;
	uint16_t mtu;
	uint8_t preference;
	bool unique;
};

/**
 * nh_binding_read() - take the binding out of a Resolution Reply
 * @rx: reply with at least one CIE
 * @binding: always written; @nbma is empty when the reply has none
 *
 * A prefix that reaches too far is cut down to the host that was asked for.
 *
 * Return: NULL, or why the binding cannot be used.
 */
const char *nh_binding_read(const struct nh_iface *iface,
			    const struct nh_rx *rx,
			    struct nh_binding *binding);

/**
 * nh_binding_install() - write the prefix, and the egress's own address
 *
 * Entries that were configured or registered are not replaced. The own address
 * is left out where the rules of [Peers] do not let the sender speak for it.
 *
 * Return: 0; -EEXIST when such an entry holds the prefix; another negative
 * errno, which was logged.
 */
int nh_binding_install(struct nh_iface *iface, const struct nh_rx *rx,
		       const struct nh_binding *binding);

#endif /* NH_INSTALL_H */
