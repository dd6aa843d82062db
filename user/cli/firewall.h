/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What nftables would do with a packet, as far as its rules are plain. */
#ifndef CLI_FIREWALL_H
#define CLI_FIREWALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

/**
 * enum firewall_verdict - what becomes of a packet
 * @FIREWALL_ACCEPT: it passes
 * @FIREWALL_DROP: no rule lets it pass
 * @FIREWALL_MAYBE: only a rule with a condition that is not looked at does
 */
enum firewall_verdict {
	FIREWALL_ACCEPT,
	FIREWALL_DROP,
	FIREWALL_MAYBE,
};

/**
 * enum firewall_way - where a packet goes
 * @FIREWALL_IN: it is for us
 * @FIREWALL_OUT: it is our own
 * @FIREWALL_FORWARD: it is for somebody else
 */
enum firewall_way {
	FIREWALL_IN,
	FIREWALL_OUT,
	FIREWALL_FORWARD,
};

/**
 * struct firewall_packet - what is known of it
 * @way: where it goes
 * @family: AF_INET or AF_INET6, of the packet
 * @proto: IPPROTO_ESP, IPPROTO_GRE or IPPROTO_UDP, or 0 for any
 * @port: destination port of UDP
 * @from_esp: came out of ESP
 * @established: there was one the other way before
 * @ifname: interface it comes in or leaves by, or NULL; with
 *          FIREWALL_FORWARD both
 */
struct firewall_packet {
	enum firewall_way way;
	uint8_t family;
	uint8_t proto;
	uint16_t port;
	bool from_esp;
	bool established;
	const char *ifname;
};

/* Room for the name of a chain with its table. */
#define FIREWALL_CHAIN_LEN	96

/**
 * firewall_judge() - follow a packet through the chains of type filter
 * @ruleset: what "nft -j list ruleset" prints
 * @chain: receives family, table and name of the chain that does not let it
 *         pass for sure; "" when all do
 *
 * A rule that drops under a condition that is not looked at, as of a list of
 * blocked addresses, is taken not to be about this packet.
 */
enum firewall_verdict firewall_judge(struct json_object *ruleset,
				     const struct firewall_packet *packet,
				     char chain[FIREWALL_CHAIN_LEN]);

#endif /* CLI_FIREWALL_H */
