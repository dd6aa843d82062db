/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers whose tunnel address is learned; for nhs.c and iface.c only. */
#ifndef NH_NHS_DYNAMIC_H
#define NH_NHS_DYNAMIC_H

#include "daemon/nhs.h"

struct nh_rx;

/* All of these do nothing about a server whose address is configured. */

/**
 * nh_nhs_learn_address() - take the server's tunnel address from its reply
 *
 * If the rules of [Peers] let it be the server's. Its entry is written, when it
 * is another than before.
 *
 * Return: whether it is known now.
 */
bool nh_nhs_learn_address(struct nh_nhs *nhs, const struct nh_rx *rx);

/** nh_nhs_forget_address() - another server may be there now */
void nh_nhs_forget_address(struct nh_nhs *nhs);

/** nh_nhs_adopt() - take over what an earlier daemon has learned */
void nh_nhs_adopt(struct nh_nhs *nhs);

/** nh_nhs_sweep() - remove what it had learned of servers that we have not */
void nh_nhs_sweep(struct nh_iface *iface);

#endif /* NH_NHS_DYNAMIC_H */
