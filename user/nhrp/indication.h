/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Error Indication (RFC 2332 5.2.7) and Cisco's Traffic Indication. */
#ifndef NHRP_INDICATION_H
#define NHRP_INDICATION_H

#include "nhrp/build.h"

/**
 * struct nhrp_quoted - what can be told about a packet quoted in an error
 * @type: enum nhrp_type, 0 when too little is quoted
 * @has_reqid: @reqid is known
 * @reqid: request id
 *
 * Peers quote 40 octets only, or fill up with zeroes: nothing more is read.
 */
struct nhrp_quoted {
	uint8_t type;
	bool has_reqid;
	uint32_t reqid;
};

/**
 * nhrp_build_error() - Error Indication about a received packet
 * @code: enum nhrp_error_code
 * @offset: place of the error, from the start of the offending packet
 * @offender: protocol address of who made the offending packet
 * @packet: the offending packet, or its beginning; borrowed
 *
 * Return: 0; -EINVAL for empty addresses, or when @packet is itself an Error
 * Indication or too short to tell.
 */
int nhrp_build_error(struct nhrp_pdu *pdu, const struct nhrp_self *self,
		     enum nhrp_error_code code, uint16_t offset,
		     const struct nh_addr *offender, struct nh_view packet);

/** nhrp_error_quoted() - look into the packet that an error is about */
void nhrp_error_quoted(const struct nhrp_pdu *pdu, struct nhrp_quoted *quoted);

/**
 * nhrp_build_traffic() - Traffic Indication about a packet that took a detour
 * @packet: the inner IP packet, or at least its header and 8 octets; that
 *	much is quoted, borrowed
 *
 * The destination on the wire is the packet's source: Cisco, FRR, opennhrp
 * and rockhopper agree on it against the draft's text.
 *
 * Return: 0; -EINVAL when @packet is no IP packet of @self's tunnel family.
 */
int nhrp_build_traffic(struct nhrp_pdu *pdu, const struct nhrp_self *self,
		       struct nh_view packet);

/**
 * nhrp_traffic_inner() - addresses of the packet a Traffic Indication quotes
 * @src: set on success
 * @dst: set on success: what the receiver has to resolve
 *
 * Return: whether version, header length and both addresses are there.
 */
bool nhrp_traffic_inner(const struct nhrp_pdu *pdu, struct nh_addr *src,
			struct nh_addr *dst);

#endif /* NHRP_INDICATION_H */
