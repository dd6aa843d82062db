/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What servers say of the NAT that we are behind. */
#ifndef NH_NHS_NAT_H
#define NH_NHS_NAT_H

struct nh_nhs;
struct nh_rx;

/**
 * nh_nhs_learn_mapping() - read what the server's reply says of our address
 *
 * A server without the NAT extension says nothing, and one on our side of the
 * NAT sees no translation: whatever another one sees holds beside that.
 */
void nh_nhs_learn_mapping(struct nh_nhs *nhs, const struct nh_rx *rx);

#endif /* NH_NHS_NAT_H */
