/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network devices of kind "dmvpn" over rtnetlink. */
#ifndef DMVPN_NL_LINK_H
#define DMVPN_NL_LINK_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dmvpn.h>

#include "lib/addr.h"

struct dmvpn_nl;

/* Bits of dmvpn_nl_link.present beside those of IFLA_DMVPN_*. */
#define DMVPN_NL_LINK_CARRIER		(1ULL << 60)
#define DMVPN_NL_LINK_NO_ADDRGEN	(1ULL << 61)
#define DMVPN_NL_LINK_MTU		(1ULL << 62)
#define DMVPN_NL_LINK_UP		(1ULL << 63)

/**
 * struct dmvpn_nl_link - a network device of kind "dmvpn"
 * @present: mask of IFLA_DMVPN_* (by DMVPN_NL_BIT()), DMVPN_NL_LINK_MTU,
 *           DMVPN_NL_LINK_CARRIER, DMVPN_NL_LINK_UP; DMVPN_NL_LINK_NO_ADDRGEN
 *           has no field: the kernel makes no link-local address, which a
 *           device that does not exist yet cannot be told. In a request only
 *           fields with their bit are sent: here a zero means something
 * @ifindex: names the device to change; 0, @name does
 * @name: name of the device
 * @mtu: octets
 * @up: administratively up
 * @carrier: has a carrier; in a request only for a device that is there
 * @running: has a carrier and is up; only in what was parsed
 * @master: interface index of the VRF it is in, or 0; only in what was parsed
 * @link: IFLA_DMVPN_LINK, interface index of the underlay device
 * @local4: IFLA_DMVPN_LOCAL4; with the bit but empty: taken from the underlay
 * @local6: IFLA_DMVPN_LOCAL6; the same
 * @key: IFLA_DMVPN_KEY, host byte order
 * @no_key: IFLA_DMVPN_NO_KEY
 * @ttl: IFLA_DMVPN_TTL, 0 copies the inner one
 * @tos: IFLA_DMVPN_TOS, 1 copies the inner one
 * @df: IFLA_DMVPN_DF, enum dmvpn_df
 * @fwmark: IFLA_DMVPN_FWMARK
 * @network_id: IFLA_DMVPN_NETWORK_ID
 * @protection: IFLA_DMVPN_PROTECTION, enum dmvpn_protection
 * @redirect: IFLA_DMVPN_REDIRECT, 0 or 1
 * @shortcut: IFLA_DMVPN_SHORTCUT, 0 or 1
 * @strict_source: IFLA_DMVPN_STRICT_SOURCE, 0 or 1
 * @max_peers: IFLA_DMVPN_MAX_PEERS
 * @max_entries: IFLA_DMVPN_MAX_ENTRIES
 * @max_mcast: IFLA_DMVPN_MAX_MCAST
 * @hold_queue: IFLA_DMVPN_HOLD_QUEUE, packets
 * @upcall_rate: IFLA_DMVPN_UPCALL_RATE, per second
 * @redirect_rate: IFLA_DMVPN_REDIRECT_RATE, per second
 * @redirect_interval: IFLA_DMVPN_REDIRECT_INTERVAL, milliseconds
 */
struct dmvpn_nl_link {
	uint64_t present;
	uint32_t ifindex;
	char name[IFNAMSIZ];
	uint32_t mtu;
	bool up;
	bool carrier;
	bool running;
	uint32_t master;
	uint32_t link;
	struct nh_addr local4;
	struct nh_addr local6;
	uint32_t key;
	bool no_key;
	uint8_t ttl;
	uint8_t tos;
	uint8_t df;
	uint32_t fwmark;
	uint32_t network_id;
	uint8_t protection;
	uint8_t redirect;
	uint8_t shortcut;
	uint8_t strict_source;
	uint32_t max_peers;
	uint32_t max_entries;
	uint32_t max_mcast;
	uint32_t hold_queue;
	uint32_t upcall_rate;
	uint32_t redirect_rate;
	uint32_t redirect_interval;
};

/**
 * dmvpn_nl_link_add() - create a device
 * @nl: opened by dmvpn_nl_open_route()
 * @link: @name, and what @present names
 *
 * Return: 0; -EEXIST when the name is taken; -EOPNOTSUPP without the module.
 */
int dmvpn_nl_link_add(struct dmvpn_nl *nl, const struct dmvpn_nl_link *link);

/**
 * dmvpn_nl_link_set() - change a device; what @present does not name stays
 *
 * Return: 0; -ENODEV without such a device.
 */
int dmvpn_nl_link_set(struct dmvpn_nl *nl, const struct dmvpn_nl_link *link);

/** dmvpn_nl_link_del() - remove a device; the caller has made sure of its kind */
int dmvpn_nl_link_del(struct dmvpn_nl *nl, uint32_t ifindex);

/**
 * dmvpn_nl_link_get() - read a device
 * @ifindex: its index
 * @link: set on success
 *
 * Return: 0; -ENODEV without such a device; -EMEDIUMTYPE when it is of
 * another kind.
 */
int dmvpn_nl_link_get(struct dmvpn_nl *nl, uint32_t ifindex,
		      struct dmvpn_nl_link *link);

/**
 * dmvpn_nl_link_dump() - read all devices of kind "dmvpn"
 * @list: set on success to an array for free(); NULL when it is empty
 * @n: set on success to its length
 *
 * Return: 0, DMVPN_NL_CHANGED, or a negative errno.
 */
int dmvpn_nl_link_dump(struct dmvpn_nl *nl, struct dmvpn_nl_link **list,
		       size_t *n);

#endif /* DMVPN_NL_LINK_H */
