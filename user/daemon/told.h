/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who was told which binding, to be told when it does not hold any more. */
#ifndef NH_TOLD_H
#define NH_TOLD_H

#include <sys/queue.h>

#include "daemon/kernel.h"

struct nh_iface;

/* Beyond this the oldest is forgotten: it then lives to its holding time. */
#define NH_TOLD_MAX	1024

/**
 * struct nh_telling - one answer that we gave
 * @link: in the list, youngest first
 * @prefix: the binding
 * @requester: tunnel address of the node that asked
 * @ep: where it is
 * @until: end of the holding time, milliseconds of the loop
 */
struct nh_telling {
	TAILQ_ENTRY(nh_telling) link;
	struct nh_prefix prefix;
	struct nh_addr requester;
	struct nh_endpoint ep;
	uint64_t until;
};

/** struct nh_told - the list */
struct nh_told {
	TAILQ_HEAD(nh_tellings, nh_telling) list;
	size_t n;
};

void nh_told_init(struct nh_told *told);
void nh_told_free(struct nh_told *told);

/** nh_told_add() - @requester at @ep may use @prefix for @holdtime seconds */
void nh_told_add(struct nh_iface *iface, const struct nh_prefix *prefix,
		 const struct nh_addr *requester, const struct nh_endpoint *ep,
		 uint16_t holdtime);

/**
 * nh_told_purge() - tell everybody that a binding is gone, and forget them
 * @prefix: bindings inside it; NULL, all
 * @except: requester who knows, or NULL
 * @last: no replies are awaited: the daemon is about to end
 */
void nh_told_purge(struct nh_iface *iface, const struct nh_prefix *prefix,
		   const struct nh_addr *except, bool last);

#endif /* NH_TOLD_H */
