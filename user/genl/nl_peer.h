/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Peers: the NBMA endpoints of a device. */
#ifndef DMVPN_NL_PEER_H
#define DMVPN_NL_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dmvpn.h>

#include "lib/addr.h"

struct dmvpn_nl;

/**
 * struct dmvpn_nl_peer - an NBMA endpoint
 * @present: mask of DMVPN_A_PEER_*, see DMVPN_NL_BIT()
 * @ifindex: the device; with @nbma and @if_id the key
 * @nbma: NBMA address
 * @if_id: xfrm interface id, 0 without one
 * @flags: DMVPN_PEER_FLAGS_*
 * @preference: among servers that could relay the highest is taken
 * @state: enum dmvpn_peer_state
 * @mtu: largest inner packet in octets, 0 when not known yet
 * @tx_packets: inner packets sent
 * @tx_bytes: octets of them
 * @rx_packets: inner packets received
 * @rx_bytes: octets of them
 * @tx_dropped: inner packets not sent
 * @rx_dropped: packets from the peer that were refused
 * @tx_idle: milliseconds since the last one sent, when present
 * @rx_idle: milliseconds since the last one received, when present
 * @entries: number of cache entries that name the peer
 * @mcast: it is in the multicast list
 * @age: milliseconds since it was created
 */
struct dmvpn_nl_peer {
	uint64_t present;
	uint32_t ifindex;
	struct nh_addr nbma;
	uint32_t if_id;
	uint32_t flags;
	uint8_t preference;
	uint32_t state;
	uint32_t mtu;
	uint64_t tx_packets;
	uint64_t tx_bytes;
	uint64_t rx_packets;
	uint64_t rx_bytes;
	uint64_t tx_dropped;
	uint64_t rx_dropped;
	uint64_t tx_idle;
	uint64_t rx_idle;
	uint32_t entries;
	bool mcast;
	uint64_t age;
};

/**
 * dmvpn_nl_peer_set() - create a peer, or change its flags and preference
 * @peer: key; @flags and @preference where present or not zero, and as they
 *        are otherwise
 */
int dmvpn_nl_peer_set(struct dmvpn_nl *nl, const struct dmvpn_nl_peer *peer);

/**
 * dmvpn_nl_peer_del() - remove a peer with its entries and multicast use
 *
 * Return: 0; -ENOENT without such a peer.
 */
int dmvpn_nl_peer_del(struct dmvpn_nl *nl, uint32_t ifindex,
		      const struct nh_addr *nbma, uint32_t if_id);

/**
 * dmvpn_nl_peer_get() - read one peer
 * @peer: set on success
 *
 * Return: 0; -ENOENT without such a peer.
 */
int dmvpn_nl_peer_get(struct dmvpn_nl *nl, uint32_t ifindex,
		      const struct nh_addr *nbma, uint32_t if_id,
		      struct dmvpn_nl_peer *peer);

/**
 * dmvpn_nl_peer_dump() - read all peers
 * @ifindex: of this device, or 0 for all devices of the namespace
 * @list: set on success to an array for free(); NULL when it is empty
 * @n: set on success to its length
 *
 * Return: 0, DMVPN_NL_CHANGED, or a negative errno.
 */
int dmvpn_nl_peer_dump(struct dmvpn_nl *nl, uint32_t ifindex,
		       struct dmvpn_nl_peer **list, size_t *n);

#endif /* DMVPN_NL_PEER_H */
