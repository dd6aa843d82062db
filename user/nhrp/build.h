/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests, replies and indications made from what the daemon knows. */
#ifndef NHRP_BUILD_H
#define NHRP_BUILD_H

#include "nhrp/auth.h"
#include "nhrp/nat.h"
#include "nhrp/vendor.h"

/**
 * struct nhrp_self - what a node writes about itself into packets
 * @nbma: own NBMA address
 * @proto: own tunnel address
 * @link_local: own IPv6 link-local tunnel address, else empty; Cisco
 *	registers it in the CIE while the packet's source is the global one
 * @mtu: octets for CIEs, 0 for none
 * @holdtime: seconds for CIEs
 * @preference: for CIEs of registrations and replies
 * @auth: NULL or empty: no authentication extension is sent
 * @vendor: NULL or empty: no vendor extension in registrations
 * @nat: offer Cisco's NAT extension and flag; off for old routers
 *
 * Packets borrow from @auth and @vendor.
 */
struct nhrp_self {
	struct nh_addr nbma;
	struct nh_addr proto;
	struct nh_addr link_local;
	uint16_t mtu;
	uint16_t holdtime;
	uint8_t preference;
	const struct nhrp_auth *auth;
	const struct nhrp_vendor *vendor;
	bool nat;
};

/**
 * struct nhrp_registration - the variable part of a Registration Request
 * @nhs_proto: tunnel address of the NHS; empty: unknown, own one is written
 * @nhs_nbma: its NBMA address, for the NAT extension
 * @reqid: request id; the same one in retransmissions
 * @unique: no other node may register the address while it is held
 * @prefix: prefix length octet of a host; 255 is understood by all (RFC 2332
 *	5.2.3)
 * @other: network or address that is registered instead of the source; empty:
 *	the source itself. A network is never @unique
 */
struct nhrp_registration {
	struct nh_addr nhs_proto;
	struct nh_addr nhs_nbma;
	uint32_t reqid;
	bool unique;
	uint8_t prefix;
	struct nh_prefix other;
};

/* All builders write the whole of @pdu; 0, or -EINVAL for empty addresses. */

int nhrp_build_registration_request(struct nhrp_pdu *pdu,
				    const struct nhrp_self *self,
				    const struct nhrp_registration *reg);

/**
 * nhrp_build_resolution_request() - ask for the NBMA address behind @dst
 * @flags: enum nhrp_resolution_flag; NHRP_RES_NAT follows @self->nat
 */
int nhrp_build_resolution_request(struct nhrp_pdu *pdu,
				  const struct nhrp_self *self,
				  const struct nh_addr *dst, uint32_t reqid,
				  uint16_t flags);

/**
 * nhrp_build_purge_request() - withdraw bindings from @dst
 * @dst: tunnel address of the node that was told them
 * @flags: NHRP_PURGE_NO_REPLY or 0
 *
 * The caller adds what is withdrawn by nhrp_build_purge_add().
 */
int nhrp_build_purge_request(struct nhrp_pdu *pdu, const struct nhrp_self *self,
			     const struct nh_addr *dst, uint32_t reqid,
			     uint16_t flags);

/**
 * nhrp_build_purge_add() - add one block of addresses to a Purge Request
 * @nbma: NULL or empty: whatever the NBMA address was
 *
 * Return: 0, or -ENOSPC when the packet is full.
 */
int nhrp_build_purge_add(struct nhrp_pdu *pdu, const struct nh_prefix *prefix,
			 const struct nh_addr *nbma);

/**
 * nhrp_build_reply() - the reply's frame made from a request
 * @reply: type + 1, hop count 255, addresses, flags, CIEs and extensions of
 *	@req in their order; Responder Address filled if asked for,
 *	authentication rebuilt; borrows from whatever @req borrows from
 * @req: type 1, 3 or 5
 * @self: the responder
 *
 * The special replies below start from it. A Purge Reply is complete as it is.
 *
 * Return: 0, or -EINVAL when @req is no request.
 */
int nhrp_build_reply(struct nhrp_pdu *reply, const struct nhrp_pdu *req,
		     const struct nhrp_self *self);

/**
 * nhrp_build_registration_reply() - answer a Registration Request
 * @code: enum nhrp_code for each CIE; the holding time of a refused one is 0
 * @holdtime: upper bound for the holding time granted, seconds
 * @observed: outer source of the request; goes into the NAT extension when it
 *	differs from the claimed NBMA address; may be NULL
 *
 * The caller may change code and holding time of single CIEs afterwards.
 */
int nhrp_build_registration_reply(struct nhrp_pdu *reply,
				  const struct nhrp_pdu *req,
				  const struct nhrp_self *self,
				  enum nhrp_code code, uint16_t holdtime,
				  const struct nh_addr *observed);

/**
 * nhrp_build_resolution_reply() - answer a Resolution Request positively
 * @answer: the binding: NBMA and tunnel address of the egress, prefix,
 *	holding time, MTU; for an own one start from nhrp_self_cie()
 * @flags: A, D and U as they are true of @answer; Q, S and unknown bits are
 *	the requester's, the NAT bit is his if @self->nat is on
 */
int nhrp_build_resolution_reply(struct nhrp_pdu *reply,
				const struct nhrp_pdu *req,
				const struct nhrp_self *self,
				const struct nhrp_cie *answer, uint16_t flags);

/** nhrp_build_resolution_nak() - refuse: one CIE with @code, the rest zero */
int nhrp_build_resolution_nak(struct nhrp_pdu *reply,
			      const struct nhrp_pdu *req,
			      const struct nhrp_self *self,
			      enum nhrp_code code);

/** nhrp_self_cie() - CIE with own addresses, for records and answers */
void nhrp_self_cie(struct nhrp_cie *cie, const struct nhrp_self *self);

/**
 * nhrp_build_start() - first step of each builder, for indication.c too
 * @type: decides which extensions there are
 * @dst: destination protocol address
 */
int nhrp_build_start(struct nhrp_pdu *pdu, const struct nhrp_self *self,
		     enum nhrp_type type, const struct nh_addr *dst);

#endif /* NHRP_BUILD_H */
