/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Taking back from the IKE daemon what it was told for a device. */
#ifndef NH_IKE_UNLOAD_H
#define NH_IKE_UNLOAD_H

#include <stdbool.h>
#include <sys/queue.h>

struct nh_ike;
struct nh_vici;
struct nh_ike_unload;

/* Those of devices that were let go, each for half a minute at most */
LIST_HEAD(nh_ike_unloads, nh_ike_unload);

/**
 * nh_ike_unload_say() - take back the secret and the connections
 * @ike: connected
 * @close: close the SAs made by them as well
 *
 * A private key stays: another device may have it, too.
 */
void nh_ike_unload_say(struct nh_ike *ike, bool close);

/** nh_ike_unload_secret() - take the secret of a device back */
void nh_ike_unload_secret(struct nh_vici *vici, const char *dev);

/**
 * nh_ike_unload_start() - [IPsec] is gone, or another IKE daemon's: take all
 *	back, with a connection of its own, as the present one is about to end
 * @ike: connected
 *
 * SAs stay until their end, so that nothing is lost when somebody else makes
 * new ones. A daemon that cannot be reached for half a minute has ended, and
 * forgotten everything by that.
 */
void nh_ike_unload_start(struct nh_ike *ike);

/** nh_ike_unload_stop() - leave it, done or not */
void nh_ike_unload_stop(struct nh_ike *ike);

/**
 * nh_ike_unload_leave() - as nh_ike_unload_start(), for a device that is let go
 * @ike: may end before it is done
 * @unloads: where it is kept
 */
void nh_ike_unload_leave(struct nh_ike *ike, struct nh_ike_unloads *unloads);

/**
 * nh_ike_unload_forget() - leave it, done or not
 * @unloads: where it is kept
 * @dev: name of the device, which is back; NULL for all
 */
void nh_ike_unload_forget(struct nh_ike_unloads *unloads, const char *dev);

#endif /* NH_IKE_UNLOAD_H */
