/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is registered with servers is taken back; for nhs.c only. */
#ifndef NH_NHS_WITHDRAW_H
#define NH_NHS_WITHDRAW_H

#include "daemon/nhs.h"

/**
 * nh_nhs_withdraw_all() - take back what the configuration has us register
 * @last: no answer can be awaited
 */
void nh_nhs_withdraw_all(struct nh_nhs *nhs, bool last);

/**
 * nh_nhs_hold() - our tunnel address is registered again
 *
 * What withdraws it and was not answered yet must not be sent again behind that.
 */
void nh_nhs_hold(struct nh_nhs *nhs);

#endif /* NH_NHS_WITHDRAW_H */
