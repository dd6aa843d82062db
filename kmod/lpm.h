/* SPDX-License-Identifier: GPL-2.0-only */
/* Longest-prefix table of both address families with RCU readers. */
#ifndef _DMVPN_LPM_H
#define _DMVPN_LPM_H

#include <linux/types.h>

#include "addr.h"

struct dmvpn_lpm_node;
struct mutex;

/**
 * struct dmvpn_lpm - a table from prefixes to entries
 * @root4: IPv4 tree
 * @root6: IPv6 tree
 * @lock: the caller's mutex that serialises writers
 * @entries: number of prefixes, written under @lock
 * @nodes: number of tree nodes, less than two for each prefix
 *
 * Entries belong to the caller. One that was removed or replaced may still
 * be seen by readers until an RCU grace period has passed.
 */
struct dmvpn_lpm {
	struct dmvpn_lpm_node __rcu *root4;
	struct dmvpn_lpm_node __rcu *root6;
	struct mutex *lock; /* taken by the caller, never here */
	unsigned int entries;
	unsigned int nodes;
};

int dmvpn_lpm_cache_init(void);
void dmvpn_lpm_cache_destroy(void);

void dmvpn_lpm_init(struct dmvpn_lpm *t, struct mutex *lock);
void dmvpn_lpm_free(struct dmvpn_lpm *t);

int dmvpn_lpm_insert(struct dmvpn_lpm *t, const struct dmvpn_addr *addr,
		     u8 plen, void *entry);
void *dmvpn_lpm_replace(struct dmvpn_lpm *t, const struct dmvpn_addr *addr,
			u8 plen, void *entry);
void *dmvpn_lpm_remove(struct dmvpn_lpm *t, const struct dmvpn_addr *addr,
		       u8 plen);

void *dmvpn_lpm_find(const struct dmvpn_lpm *t, const struct dmvpn_addr *addr,
		     u8 plen);
void *dmvpn_lpm_lookup4(const struct dmvpn_lpm *t, __be32 addr);
void *dmvpn_lpm_lookup6(const struct dmvpn_lpm *t, const struct in6_addr *addr);

void *dmvpn_lpm_next(const struct dmvpn_lpm *t, struct dmvpn_addr *addr,
		     u8 *plen);
void *dmvpn_lpm_next_within(const struct dmvpn_lpm *t,
			    const struct dmvpn_addr *outer, u8 outer_plen,
			    struct dmvpn_addr *addr, u8 *plen);

#endif /* _DMVPN_LPM_H */
