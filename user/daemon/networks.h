/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Server side: networks that clients register beside their addresses. */
#ifndef NH_NETWORKS_H
#define NH_NETWORKS_H

#include "daemon/kernel.h"
#include "nhrp/proto.h"

struct nh_iface;
struct nh_rx;

/**
 * nh_network_is_host() - a tunnel address that a client may have
 *
 * All else that is registered is a network, be it of one address.
 */
bool nh_network_is_host(const struct nh_iface *iface,
			const struct nh_prefix *prefix);

/**
 * nh_network_allowed() - whether the sender may register this network at all
 *
 * It lies in AcceptPrefixes=, does not touch the tunnel, and its sender is a
 * client: its tunnel address is registered, where the packet came from.
 */
bool nh_network_allowed(struct nh_iface *iface, const struct nh_rx *rx,
			const struct nh_prefix *prefix);

/**
 * nh_network_check() - whether another client holds the network
 * @old: the entry of exactly this network, or NULL
 *
 * Who holds it, or a network that it lies in, keeps it while it lives.
 *
 * Return: NHRP_CODE_OK, or the refusal.
 */
enum nhrp_code nh_network_check(struct nh_iface *iface,
				const struct nh_rx *rx,
				const struct nh_prefix *prefix,
				const struct dmvpn_nl_entry *old);

/**
 * nh_network_lookup() - what of our clients' an address belongs to
 * @entry: set on success: of the host itself, or of the longest network
 *
 * Return: 0, -ENOENT, or another negative errno.
 */
int nh_network_lookup(struct nh_iface *iface, const struct nh_addr *addr,
		      struct dmvpn_nl_entry *entry);

/**
 * nh_network_moved() - a client's tunnel address is at another place now
 * @from: its entry as it was
 * @to: as it is
 *
 * Its networks go along, but for what it registered as unique.
 */
void nh_network_moved(struct nh_iface *iface,
		      const struct dmvpn_nl_entry *from,
		      const struct dmvpn_nl_entry *to);

/** nh_network_review() - remove those that AcceptPrefixes= has not any more */
void nh_network_review(struct nh_iface *iface);

#endif /* NH_NETWORKS_H */
