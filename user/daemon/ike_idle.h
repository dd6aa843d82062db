/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Paths that are not used any more; for the ike*.c files only. */
#ifndef NH_IKE_IDLE_H
#define NH_IKE_IDLE_H

#include "daemon/ike.h"

/** nh_ike_idle() - forget idle paths, close SAs that nothing needs or uses */
void nh_ike_idle(struct nh_ike *ike);

/** nh_ike_note_use() - does anything need this IKE SA? */
void nh_ike_note_use(struct nh_ike *ike, struct nh_ike_sa *sa);

#endif /* NH_IKE_IDLE_H */
