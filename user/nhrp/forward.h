/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a transit NHS does to a packet (RFC 2332 5.1, 5.3). */
#ifndef NHRP_FORWARD_H
#define NHRP_FORWARD_H

#include "nhrp/build.h"

/**
 * nhrp_forward_loops() - whether the packet has been here before
 *
 * Own tunnel address as source of the packet, in the transit record of its
 * direction, or in the Responder Address of a reply. Others may have the same
 * NBMA address, behind a NAT of their own.
 */
bool nhrp_forward_loops(const struct nhrp_pdu *pdu,
			const struct nhrp_self *self);

/**
 * nhrp_forward() - make a received packet ready for its next hop
 * @pdu: changed in place on success: hop count, transit record of the
 *	direction, authentication; nothing else, and no order
 * @self: the transit node
 * @why: set on failure; nhrp_reason_error() says which error to send
 *
 * With an unknown compulsory extension no record is added.
 *
 * Return: whether the packet may go on.
 */
bool nhrp_forward(struct nhrp_pdu *pdu, const struct nhrp_self *self,
		  struct nhrp_refusal *why);

#endif /* NHRP_FORWARD_H */
