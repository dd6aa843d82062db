/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel is told about servers; for nhs.c only. */
#ifndef NH_NHS_KERNEL_H
#define NH_NHS_KERNEL_H

#include "daemon/nhs.h"

/** nh_nhs_install() - write a server's cache entry and multicast use */
void nh_nhs_install(struct nh_nhs *nhs);

/** nh_nhs_remove() - take them back, and the relay flag; it has left the list */
void nh_nhs_remove(struct nh_nhs *nhs);

/** nh_nhs_del_entry() - remove the entry of an address of the server */
void nh_nhs_del_entry(struct nh_nhs *nhs, const struct nh_addr *addr);

/**
 * nh_nhs_is_taken() - an address is somebody's else
 *
 * It is configured, registered here, or another server's; or it may be.
 */
bool nh_nhs_is_taken(const struct nh_nhs *nhs, const struct nh_addr *addr);

/** nh_nhs_unlearn() - take back what nh_nhs_learn() has written */
void nh_nhs_unlearn(struct nh_nhs *nhs);

/** nh_nhs_leave() - no server is at @nbma any more, unless another one is */
void nh_nhs_leave(struct nh_iface *iface, const struct nh_addr *nbma);

/**
 * nh_nhs_carrier() - let the device's carrier follow the servers' states
 *
 * It has one while some server is up; without IfState=nhrp, always. While none
 * is up and some have not had the time to answer, it stays as it is.
 */
void nh_nhs_carrier(struct nh_iface *iface);

/**
 * nh_nhs_keep() - find out what an earlier daemon used a new server for
 *
 * It knew which of them answered: that one goes on relaying and getting multicast
 * packets, also while it stands by, until its cluster has as many that are UP as
 * it may have, or it is UP or DOWN itself. Only the first nh_nhs_apply() looks.
 */
void nh_nhs_keep(struct nh_nhs *nhs);

/** nh_nhs_keep_end() - more is known of this server, or its cluster, than that */
void nh_nhs_keep_end(struct nh_nhs *nhs);

/** nh_nhs_relays() - flag those that may relay data packets, by their states */
void nh_nhs_relays(struct nh_iface *iface);

/**
 * nh_nhs_learn() - take the server's link-local address from its reply
 *
 * Cisco's servers write it behind what the client registered. Without an entry
 * for it their routing protocols' messages could not be answered.
 */
void nh_nhs_learn(struct nh_nhs *nhs, const struct nhrp_pdu *reply);

#endif /* NH_NHS_KERNEL_H */
