/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a peer may say what it says of itself. */
#ifndef NH_CLAIM_H
#define NH_CLAIM_H

#include <stdbool.h>

#include "lib/addr.h"

struct dmvpn_nl_entry;
struct nh_iface;
struct nh_rx;

/**
 * nh_claim_known() - is it known who sent this, if the rules of [Peers] ask?
 *
 * The first packet by new SAs may be here before IKE has told of them. Who is
 * refused stays away for minutes, who is not answered tries again.
 *
 * Return: false after it was counted and logged.
 */
bool nh_claim_known(struct nh_iface *iface, const struct nh_rx *rx);

/**
 * nh_claim_prefix() - may who sent this speak for these addresses?
 * @prefix: that it registers, or answers for
 *
 * By the rules of [Peers], for what it authenticated as with IKE. The device
 * has seen to it that the outer source is that of the security association.
 *
 * Return: false after it was counted and logged.
 */
bool nh_claim_prefix(struct nh_iface *iface, const struct nh_rx *rx,
		     const struct nh_prefix *prefix);

/**
 * nh_claim_nbma() - may who sent this name this NBMA address as its own?
 * @nbma: not the outer source, perhaps; empty, nothing is named
 *
 * Where we know from IKE whether there is a NAT between us, only who is behind
 * one may name another address than the one that its packets come from.
 *
 * Return: false after it was counted and logged.
 */
bool nh_claim_nbma(struct nh_iface *iface, const struct nh_rx *rx,
		   const struct nh_addr *nbma);

/**
 * nh_claim_of() - the same, of a binding of the node with the address @node
 *
 * Rules name nodes by their other addresses: who may speak for @node may for
 * its link-local address.
 */
bool nh_claim_of(struct nh_iface *iface, const struct nh_rx *rx,
		 const struct nh_prefix *prefix, const struct nh_addr *node);

/**
 * nh_claim_holds() - who has registered @entry may still have it, by [Peers]
 *
 * As long as it is not known who that is, nothing speaks against it.
 */
bool nh_claim_holds(struct nh_iface *iface,
		    const struct dmvpn_nl_entry *entry);

#endif /* NH_CLAIM_H */
