/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes and packets of the classic lab, for tests of the codec. */
#ifndef TEST_LAB_H
#define TEST_LAB_H

#include "nhrp/forward.h"
#include "nhrp/indication.h"

/**
 * struct lab - a hub and two spokes that share a password
 * @auth: what each @self borrows; empty when no password was given
 * @hub: 209.168.202.225, tunnel 192.168.1.1
 * @sv9_3: .131, tunnel .2, 2.2.2.2 behind it
 * @sv9_4: .130, tunnel .3
 */
struct lab {
	struct nhrp_auth auth;
	struct nhrp_self hub;
	struct nhrp_self sv9_3;
	struct nhrp_self sv9_4;
};

/**
 * lab_init() - set the nodes up
 * @n: length of the password, the first @n octets of "cisco123"
 * @nat: newer software, which sends the NAT extension
 */
void lab_init(struct lab *lab, unsigned int n, bool nat);

/** lab_init_ipv6() - the same with IPv6 tunnel addresses, N = 5 */
void lab_init_ipv6(struct lab *lab);

/** lab_addr() - address from text that must be right */
struct nh_addr lab_addr(const char *text);

/** lab_encode() - encode what must encode; returns the size */
size_t lab_encode(const struct nhrp_pdu *pdu, uint8_t *buf, size_t cap);

/** lab_decode() - decode and check what must be valid */
void lab_decode(struct nhrp_pdu *pdu, const uint8_t *buf, size_t len);

/** lab_hex() - octets of a hex text with blanks; returns their number */
size_t lab_hex(uint8_t *buf, size_t cap, const char *hex);

/**
 * lab_fix() - set ar$pktsz and ar$chksum after a packet was changed
 *
 * Own arithmetic, so that the encoder's is not tested against itself.
 */
void lab_fix(uint8_t *buf, size_t len);

/** LAB_PACKETS - how many kinds lab_packet() knows */
#define LAB_PACKETS 18

/**
 * lab_packet() - one valid packet of each kind, encoded
 * @which: below LAB_PACKETS
 */
size_t lab_packet(unsigned int which, uint8_t *buf, size_t cap);

#endif /* TEST_LAB_H */
