/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolution Requests that are answered once the SAs with their sender exist. */
#ifndef NH_DELAYED_H
#define NH_DELAYED_H

#include <sys/queue.h>

#include "daemon/kernel.h"
#include "daemon/loop.h"

struct nh_iface;
struct nh_rx;

#define NH_DELAYED_MAX		64
#define NH_DELAYED_PER_PEER	4
#define NH_DELAYED_SECONDS	30

struct nh_delayed_request;

/**
 * struct nh_delayed - the queue of a device
 * @iface: the device
 * @list: oldest first
 * @n: length of @list
 * @timer: next look at the queue, whether or not the kernel tells anything
 * @wait: milliseconds of that look
 */
struct nh_delayed {
	struct nh_iface *iface;
	TAILQ_HEAD(nh_delayed_list, nh_delayed_request) list;
	size_t n;
	struct nh_timer timer;
	uint32_t wait;
};

void nh_delayed_init(struct nh_delayed *delayed, struct nh_iface *iface);
void nh_delayed_free(struct nh_delayed *delayed);

/** nh_delayed_has() - the request of @rx waits already (in another copy) */
bool nh_delayed_has(const struct nh_delayed *delayed, const struct nh_rx *rx);

/**
 * nh_delayed_add() - keep a request
 * @requester: NBMA endpoint whose SAs are awaited
 *
 * Return: 0, -EBUSY when the queue, or the requester's share of it, is full,
 * or -ENOMEM.
 */
int nh_delayed_add(struct nh_delayed *delayed, const struct nh_rx *rx,
		   const struct nh_endpoint *requester);

/** nh_delayed_secured() - SAs with @peer exist: answer what waited for them */
void nh_delayed_secured(struct nh_delayed *delayed,
			const struct nh_endpoint *peer);

#endif /* NH_DELAYED_H */
