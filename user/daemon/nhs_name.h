/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Servers whose NBMA address is that of a name; for nhs.c only. */
#ifndef NH_NHS_NAME_H
#define NH_NHS_NAME_H

#include "daemon/nhs.h"

/** nh_nhs_name_init() - of a new server, also of one without a name */
void nh_nhs_name_init(struct nh_nhs *nhs);

/** nh_nhs_name_end() - look nothing up any more */
void nh_nhs_name_end(struct nh_nhs *nhs);

/**
 * nh_nhs_name_hurry() - look up again: it does not answer, or we have moved
 *
 * But not more often than each few seconds. Nothing happens without a name.
 */
void nh_nhs_name_hurry(struct nh_nhs *nhs);

/* Of nhs.c: */

/** nh_nhs_move() - @nbma is its first NBMA address, or another one */
void nh_nhs_move(struct nh_nhs *nhs, const struct nh_addr *nbma);

#endif /* NH_NHS_NAME_H */
