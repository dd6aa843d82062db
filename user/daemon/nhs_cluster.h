/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which servers of a cluster are registered with; for nhs.c only. */
#ifndef NH_NHS_CLUSTER_H
#define NH_NHS_CLUSTER_H

#include "daemon/nhs.h"

/**
 * nh_nhs_elect() - let the best servers of each cluster be registered with
 *
 * To be called after each change of a state, as it decides by all of them. It
 * may change any server's, also that of the one that the caller has in hand.
 */
void nh_nhs_elect(struct nh_iface *iface);

/** nh_nhs_reached() - a server has answered well: it is UP, or must wait */
void nh_nhs_reached(struct nh_nhs *nhs);

/** nh_nhs_lost() - it is DOWN, because of @why */
void nh_nhs_lost(struct nh_nhs *nhs, const char *why);

/** nh_nhs_back() - function of the timer @back, a struct nh_nhs */
void nh_nhs_back(void *arg);

/* Of nhs_find.c: */

/** nh_nhs_find() - the server that a section of the configuration means */
struct nh_nhs *nh_nhs_find(const struct nh_iface *iface,
			   const struct nh_conf_nhs *conf);

/** nh_nhs_stays() - some section of @conf means the server */
bool nh_nhs_stays(const struct nh_nhs *nhs, const struct nh_conf *conf);

/* Of nhs.c: */

/** nh_nhs_set_state() - and do what depends on it, but for other servers */
void nh_nhs_set_state(struct nh_nhs *nhs, enum nh_nhs_state state,
		      const char *why);

/** nh_nhs_begin() - register, as if it were for the first time */
void nh_nhs_begin(struct nh_nhs *nhs);

/** nh_nhs_park() - do not register any more, and withdraw what was */
void nh_nhs_park(struct nh_nhs *nhs);

#endif /* NH_NHS_CLUSTER_H */
