/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a protocol address lies, seen from this node. */
#ifndef NH_PATH_H
#define NH_PATH_H

#include "daemon/kernel.h"

struct nh_iface;

/**
 * struct nh_divided - what was found, by prefix; a ring
 * @place: of a route, or with @cache of a network that a client has registered
 * @tables: routing tables read for it so far
 */
struct nh_divided {
	struct {
		struct nh_prefix prefix;
		uint64_t until;
		bool cache;
		bool divided;
	} place[16];
	unsigned int next;
	unsigned int tables;
};

/**
 * enum nh_path_kind - where
 * @NH_PATH_NONE: there is no route
 * @NH_PATH_LOCAL: it is our own address
 * @NH_PATH_EGRESS: the route leaves the NHRP network here
 * @NH_PATH_TRANSIT: the route goes on within the NHRP network
 */
enum nh_path_kind {
	NH_PATH_NONE,
	NH_PATH_LOCAL,
	NH_PATH_EGRESS,
	NH_PATH_TRANSIT,
};

/**
 * struct nh_path - the way to a protocol address
 * @kind: enum nh_path_kind
 * @prefix: of the route; the host itself for a local address
 * @out: device of a transit path
 * @next_hop: tunnel address of the next node of a transit path
 * @route: the route, where the kernel gave one
 */
struct nh_path {
	enum nh_path_kind kind;
	struct nh_prefix prefix;
	struct nh_iface *out;
	struct nh_addr next_hop;
	struct dmvpn_nl_route route;
};

/** nh_path_find() - ask the routing table about @dst */
void nh_path_find(struct nh_iface *iface, const struct nh_addr *dst,
		  struct nh_path *path);

/**
 * nh_path_is_divided() - parts of the prefix of an egress path go elsewhere
 *
 * RFC 2332 6.3: such a prefix must not be told. What was found is believed for
 * some seconds, as the whole routing table must be read for it.
 */
bool nh_path_is_divided(struct nh_iface *iface, const struct nh_path *path);

/**
 * nh_path_entry_is_divided() - parts of a network of the cache go elsewhere
 *
 * The same of what a client has registered: an entry inside it is another
 * peer's. Also true when that is not known, as others made us look too often.
 */
bool nh_path_entry_is_divided(struct nh_iface *iface,
			      const struct dmvpn_nl_entry *network);

/**
 * nh_path_lookup() - the cache entry that covers an address
 * @entry: set on success
 *
 * The longest match, of whatever type; but, as where packets go, that of a host
 * without a peer does not hide a network with one.
 *
 * Return: 0, -ENOENT, or another negative errno.
 */
int nh_path_lookup(struct nh_iface *iface, const struct nh_addr *addr,
		   struct dmvpn_nl_entry *entry);

/**
 * nh_path_endpoint() - where packets for a tunnel address are sent
 * @ep: set on success
 *
 * Return: 0, or -ENOENT when no entry with a peer covers @addr.
 */
int nh_path_endpoint(struct nh_iface *iface, const struct nh_addr *addr,
		     struct nh_endpoint *ep);

/**
 * nh_path_too_wide() - a prefix that nobody speaks for
 *
 * It is very short, or takes in our own or a server's tunnel address.
 */
bool nh_path_too_wide(const struct nh_iface *iface,
		      const struct nh_prefix *prefix);

/**
 * nh_path_host() - the entry of exactly this host
 * @addr: of it; none has an empty one
 *
 * Return: 0; -ENOENT, there is none; or another negative errno.
 */
int nh_path_host(struct nh_iface *iface, const struct nh_addr *addr,
		 struct dmvpn_nl_entry *entry);

#endif /* NH_PATH_H */
