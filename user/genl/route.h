/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the routing table sends a destination, over rtnetlink. */
#ifndef DMVPN_NL_ROUTE_H
#define DMVPN_NL_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"

struct dmvpn_nl;

/**
 * struct dmvpn_nl_route - the route that a destination takes
 * @type: RTN_UNICAST, RTN_LOCAL, RTN_BROADCAST ...
 * @table: RT_TABLE_*; that of local addresses shows as the main one while no
 *         rules were added
 * @prefix: prefix of the route that matched; 0.0.0.0/0 or ::/0 for a default
 *          route
 * @oif: interface it leaves by; 0 when it does not leave
 * @gateway: next hop; empty for a destination on the link itself. May be of
 *           the other family
 * @source: source address the system would use, or empty
 * @mtu: the route's MTU in octets, 0 without one
 */
struct dmvpn_nl_route {
	uint8_t type;
	uint32_t table;
	struct nh_prefix prefix;
	uint32_t oif;
	struct nh_addr gateway;
	struct nh_addr source;
	uint32_t mtu;
};

/**
 * struct dmvpn_nl_route_key - what to look for
 * @destination: must be set
 * @source: source address of the packet, or empty
 * @iif: interface it came in by, 0 for one of our own
 * @mark: its mark, 0 without one
 * @vrf: interface index of the VRF whose table is asked, 0 for none
 */
struct dmvpn_nl_route_key {
	struct nh_addr destination;
	struct nh_addr source;
	uint32_t iif;
	uint32_t mark;
	uint32_t vrf;
};

/**
 * dmvpn_nl_route_get() - where does a destination go, by which route
 * @nl: opened by dmvpn_nl_open_route()
 * @key: what to look for
 * @route: set on success
 *
 * With several next hops, the one that a packet of this key takes.
 *
 * Return: 0; -ENETUNREACH without a route; for a route that refuses its own
 * error: -EHOSTUNREACH (unreachable), -EACCES (prohibit), -EINVAL (blackhole).
 */
int dmvpn_nl_route_get(struct dmvpn_nl *nl,
		       const struct dmvpn_nl_route_key *key,
		       struct dmvpn_nl_route *route);

#endif /* DMVPN_NL_ROUTE_H */
