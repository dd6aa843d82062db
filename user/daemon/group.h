/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NHRP groups that clients have named when they registered. */
#ifndef NH_GROUP_H
#define NH_GROUP_H

#include <sys/queue.h>

#include "daemon/kernel.h"
#include "nhrp/vendor.h"

struct nh_iface;
struct nh_rx;

/* Beyond this the groups of further clients are not kept, but counted. */
#define NH_GROUPS_MAX		16384
#define NH_GROUP_BUCKETS	1024

/**
 * struct nh_group - the group of a client
 * @link: in its bucket
 * @proto: tunnel address of the client
 * @ep: where it is
 * @name: printable, octets that were not are "?"
 */
struct nh_group {
	LIST_ENTRY(nh_group) link;
	struct nh_addr proto;
	struct nh_endpoint ep;
	char name[NHRP_GROUP_MAX + 1];
};

/**
 * struct nh_groups - those of a device's clients, by tunnel address
 * @n: their number
 */
struct nh_groups {
	LIST_HEAD(, nh_group) bucket[NH_GROUP_BUCKETS];
	uint32_t seed;
	size_t n;
};

void nh_groups_init(struct nh_groups *groups, uint32_t seed);
void nh_groups_free(struct nh_groups *groups);

/**
 * nh_group_learn() - keep what a registration that was accepted names
 *
 * One that names none ends what is known. A name that is too long is cut.
 */
void nh_group_learn(struct nh_iface *iface, const struct nh_rx *rx);

/** nh_group_forget() - the client is gone */
void nh_group_forget(struct nh_groups *groups, const struct nh_addr *proto);

/** nh_group_of() - the group of a client, or NULL */
const struct nh_group *nh_group_of(const struct nh_groups *groups,
				   const struct nh_addr *proto);

#endif /* NH_GROUP_H */
