/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's xfrm policies, as far as they make it ask for SAs. */
#ifndef DMVPN_NL_POLICY_H
#define DMVPN_NL_POLICY_H

#include "lib/addr.h"

struct dmvpn_nl;

/**
 * dmvpn_nl_policy_has() - is there a policy for all GRE from an address?
 * @nl: opened by dmvpn_nl_open_xfrm()
 * @local: source address
 *
 * The outbound one with that host as its source, any destination, and neither
 * mark nor interface id: the one by which the kernel asks for missing SAs.
 *
 * Return: 1, 0, or a negative errno.
 */
int dmvpn_nl_policy_has(struct dmvpn_nl *nl, const struct nh_addr *local);

#endif /* DMVPN_NL_POLICY_H */
