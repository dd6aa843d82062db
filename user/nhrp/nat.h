/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cisco's NAT address extension. */
#ifndef NHRP_NAT_H
#define NHRP_NAT_H

#include "nhrp/pdu.h"

/**
 * nhrp_nat_lookup() - the translated NBMA address of @proto
 * @pdu: packet with or without Cisco's NAT extension
 * @proto: tunnel address of the node in question
 * @nbma: set when found: where GRE for that node must be sent
 *
 * The last matching entry counts: a hub appends what it observed.
 *
 * Return: whether the extension has an entry for @proto.
 */
bool nhrp_nat_lookup(const struct nhrp_pdu *pdu, const struct nh_addr *proto,
		     struct nh_addr *nbma);

/**
 * nhrp_nat_add() - append {@nbma, @proto} to the NAT extension
 *
 * Does nothing when the packet has no such extension: its sender would not
 * understand it.
 *
 * Return: whether an entry was added.
 */
bool nhrp_nat_add(struct nhrp_pdu *pdu, const struct nh_addr *nbma,
		  const struct nh_addr *proto);

#endif /* NHRP_NAT_H */
