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
 * @dst: address that was asked about
 * @egress: it was told because our route to @dst leaves the network here,
 *	or ends; otherwise for a client of ours
 * @marked: a route that has to do with @prefix has changed
 * @going: about to be withdrawn
 * @client: tunnel address of that client
 * @requester: tunnel address of the node that asked
 * @ep: where it is
 * @until: end of the holding time, milliseconds of the loop
 */
struct nh_telling {
	TAILQ_ENTRY(nh_telling) link;
	struct nh_prefix prefix;
	struct nh_addr dst;
	bool egress;
	bool marked;
	bool going;
	struct nh_addr client;
	struct nh_addr requester;
	struct nh_endpoint ep;
	uint64_t until;
};

/**
 * struct nh_told - the list
 * @n: members
 * @egress: those of them with @egress
 */
struct nh_told {
	TAILQ_HEAD(nh_tellings, nh_telling) list;
	size_t n;
	size_t egress;
};

void nh_told_init(struct nh_told *told);
void nh_told_free(struct nh_told *told);

/**
 * nh_told_add() - somebody may use a binding for a while
 * @what: @prefix, @dst, @egress, @client, @requester and @ep are set
 * @holdtime: seconds
 */
void nh_told_add(struct nh_iface *iface, const struct nh_telling *what,
		 uint16_t holdtime);

/**
 * nh_told_purge() - tell everybody that a binding is gone, and forget them
 * @prefix: bindings inside it, by whichever device of the network they were
 *	told; NULL, all of this one
 * @except: requester who knows, or NULL
 * @last: no replies are awaited: the daemon is about to end
 */
void nh_told_purge(struct nh_iface *iface, const struct nh_prefix *prefix,
		   const struct nh_addr *except, bool last);

/**
 * nh_told_moved() - our own address is another one now
 *
 * What we answered for ourselves is withdrawn by way of a server, if there is
 * one: from the new address nobody else would believe it.
 */
void nh_told_moved(struct nh_iface *iface);

/**
 * nh_told_mark() - a route has changed
 *
 * Return: whether somebody was told a binding that overlaps @prefix.
 */
bool nh_told_mark(struct nh_iface *iface, const struct nh_prefix *prefix);

/**
 * nh_told_review() - withdraw what was told of routes that are others now
 * @all: look at each binding, not at marked ones only
 *
 * Reading whole routing tables is dear: of that some is left for the next time.
 *
 * Return: whether something was left.
 */
bool nh_told_review(struct nh_iface *iface, bool all);

#endif /* NH_TOLD_H */
