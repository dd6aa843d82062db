/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is registered beside the tunnel address; for nhs.c and ctl_*.c only. */
#ifndef NH_NHS_EXTRA_H
#define NH_NHS_EXTRA_H

#include "daemon/nhs.h"

/** nh_nhs_extra_init() - of a new server */
void nh_nhs_extra_init(struct nh_nhs *nhs);

/**
 * nh_nhs_extra_sync() - go over to what the configuration has
 *
 * With a server that has us registered, what is new is registered at once, and
 * networks that are gone are withdrawn. Addresses are not: one that is gone is
 * withdrawn by nh_nhs_withdraw(), and one may be the first now.
 */
void nh_nhs_extra_sync(struct nh_nhs *nhs);

/**
 * nh_nhs_extra_let_go() - withdraw the networks that @conf does not have
 *
 * In the name that they were registered in: that of the device's configuration,
 * which is still the one of before. Return: whether there were any.
 */
bool nh_nhs_extra_let_go(struct nh_nhs *nhs, const struct nh_conf *conf);

/** nh_nhs_extra_begin() - the server has (again) registered our address */
void nh_nhs_extra_begin(struct nh_nhs *nhs);

/** nh_nhs_extra_reply() - whether a Registration Reply was about one of these */
bool nh_nhs_extra_reply(struct nh_iface *iface, const struct nh_rx *rx);

/** nh_nhs_extra_withdraw() - what is registered; @last: as nh_purge_how has it */
void nh_nhs_extra_withdraw(struct nh_nhs *nhs, bool last);

/** nh_nhs_extra_end() - send nothing any more */
void nh_nhs_extra_end(struct nh_nhs *nhs);

#endif /* NH_NHS_EXTRA_H */
