/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cache entries: which peer serves a protocol prefix. */
#ifndef DMVPN_NL_CACHE_H
#define DMVPN_NL_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dmvpn.h>

#include "lib/addr.h"

struct dmvpn_nl;

/**
 * struct dmvpn_nl_entry - a cache entry
 * @present: mask of DMVPN_A_ENTRY_*, see DMVPN_NL_BIT(); the bit of the
 *           prefix length is part of it only in what was parsed
 * @ifindex: the device; with @prefix the key
 * @prefix: protocol address block
 * @type: enum dmvpn_entry_type
 * @nbma: NBMA address of the peer; empty for types incomplete and negative
 * @if_id: xfrm interface id of the peer, 0 without one
 * @holding_time: seconds the entry may live, 0 for ever
 * @mtu: largest packet in octets, 0 for no limit
 * @preference: of the CIE
 * @flags: DMVPN_ENTRY_FLAGS_*
 * @claimed: NBMA address the peer claims, empty when it is @nbma
 * @protocol: protocol address of the peer that serves the prefix, or empty
 * @age: milliseconds since it was created
 * @expires: milliseconds until it goes, when present
 * @idle: milliseconds since a packet used it, when present
 * @packets: packets that used it
 * @path: enum dmvpn_path, where packets go now
 * @relay: NBMA address of the server that relays now, or empty
 * @peer_state: enum dmvpn_peer_state, when it has a peer
 * @peer_max: only for dmvpn_nl_entry_set(): most entries of a peer with a new
 *            one, 0 for no limit
 * @mcast: only for dmvpn_nl_entry_set(): the peer joins the multicast list
 */
struct dmvpn_nl_entry {
	uint64_t present;
	uint32_t ifindex;
	struct nh_prefix prefix;
	uint32_t type;
	struct nh_addr nbma;
	uint32_t if_id;
	uint32_t holding_time;
	uint16_t mtu;
	uint8_t preference;
	uint32_t flags;
	struct nh_addr claimed;
	struct nh_addr protocol;
	uint64_t age;
	uint64_t expires;
	uint64_t idle;
	uint64_t packets;
	uint32_t path;
	struct nh_addr relay;
	uint32_t peer_state;
	uint32_t peer_max;
	bool mcast;
};

/**
 * enum dmvpn_nl_entry_mode - what dmvpn_nl_entry_set() does about an old entry
 * @DMVPN_NL_ENTRY_ANY: create the entry, or replace the one of this prefix
 * @DMVPN_NL_ENTRY_CREATE: only create; -EEXIST when there is one
 * @DMVPN_NL_ENTRY_REPLACE: only replace; -ENOENT when there is none
 * @DMVPN_NL_ENTRY_RENEW: create it, or give the holding time anew to one that
 *	says the same otherwise; -EEXIST when it says something else
 */
enum dmvpn_nl_entry_mode {
	DMVPN_NL_ENTRY_ANY,
	DMVPN_NL_ENTRY_CREATE,
	DMVPN_NL_ENTRY_REPLACE,
	DMVPN_NL_ENTRY_RENEW,
};

/**
 * dmvpn_nl_entry_set() - create, replace or renew a cache entry
 * @entry: from @ifindex to @protocol, @peer_max and @mcast; the rest is not
 *         looked at
 * @mode: about an entry of the same prefix
 *
 * Return: 0, or 1 when an entry was renewed; -EDQUOT when the peer has
 * @peer_max entries, -ENOSPC when the cache, the table of peers or the multicast
 * list is full, or what @mode says.
 */
int dmvpn_nl_entry_set(struct dmvpn_nl *nl, const struct dmvpn_nl_entry *entry,
		       enum dmvpn_nl_entry_mode mode);

/**
 * dmvpn_nl_entry_del() - remove the entry of exactly this prefix
 *
 * Return: 0; -ENOENT without such an entry.
 */
int dmvpn_nl_entry_del(struct dmvpn_nl *nl, uint32_t ifindex,
		       const struct nh_prefix *prefix);

/**
 * dmvpn_nl_entry_get() - read the entry of exactly this prefix
 * @entry: set on success
 *
 * Return: 0; -ENOENT without such an entry.
 */
int dmvpn_nl_entry_get(struct dmvpn_nl *nl, uint32_t ifindex,
		       const struct nh_prefix *prefix,
		       struct dmvpn_nl_entry *entry);

/**
 * dmvpn_nl_entry_dump() - read all entries, ordered by device and prefix
 * @ifindex: of this device, or 0 for all devices of the namespace
 * @list: set on success to an array for free(); NULL when it is empty
 * @n: set on success to its length
 *
 * Return: 0, DMVPN_NL_CHANGED, or a negative errno.
 */
int dmvpn_nl_entry_dump(struct dmvpn_nl *nl, uint32_t ifindex,
			struct dmvpn_nl_entry **list, size_t *n);

/**
 * dmvpn_nl_entry_flush() - remove all entries that match
 * @match: @ifindex, and what else must match where it is set: @prefix (entries
 *         inside it), @type, @nbma with @if_id; with none of these all
 *         entries but static ones go
 * @flushed: set on success to the number of entries removed; may be NULL
 */
int dmvpn_nl_entry_flush(struct dmvpn_nl *nl,
			 const struct dmvpn_nl_entry *match, uint32_t *flushed);

#endif /* DMVPN_NL_CACHE_H */
