/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Static mappings, and entries left behind by an earlier daemon. */
#ifndef NH_MAPS_H
#define NH_MAPS_H

struct nh_conf;
struct nh_iface;

/**
 * nh_maps_take_over() - bring the cache of a device to the configuration
 *
 * Static entries that a daemon made carry their own address as protocol
 * address, which tells them from those made by hand. Of them, and of those of
 * servers, the ones that the configuration lacks are removed, and entries of
 * requests that nobody waits for any more. All other entries stay.
 *
 * Return: 0, or a negative errno after an error was logged.
 */
int nh_maps_take_over(struct nh_iface *iface);

/**
 * nh_maps_apply() - write the mappings; remove those that only @old has
 *
 * Return: 0, or a negative errno after an error was logged.
 */
int nh_maps_apply(struct nh_iface *iface, const struct nh_conf *old);

/** nh_maps_forget_incomplete() - remove those without a request in flight */
void nh_maps_forget_incomplete(struct nh_iface *iface);

#endif /* NH_MAPS_H */
