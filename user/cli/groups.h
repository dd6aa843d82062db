/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NHRP groups of clients, as the daemon tells them. */
#ifndef CLI_GROUPS_H
#define CLI_GROUPS_H

#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

struct json_object;

/**
 * struct group - that of a client
 * @ifname: device, borrowed
 * @nbma: where it is
 * @if_id: xfrm interface id, 0 without one
 * @name: of the group, borrowed
 */
struct group {
	const char *ifname;
	struct nh_addr nbma;
	uint32_t if_id;
	const char *name;
};

/**
 * struct groups - all of them, in an order that groups_find() knows
 */
struct groups {
	struct group *list;
	size_t n;
};

/**
 * groups_read() - from the daemon's answer to "groups"
 * @groups: set, to be given to groups_free(); borrows from @reply
 *
 * What makes no sense is left out. Return: 0 or -ENOMEM.
 */
int groups_read(struct groups *groups, struct json_object *reply);
void groups_free(struct groups *groups);

/** groups_find() - name of the group of a client of a device, or NULL */
const char *groups_find(const struct groups *groups, const char *ifname,
			const struct nh_addr *nbma, uint32_t if_id);

#endif /* CLI_GROUPS_H */
