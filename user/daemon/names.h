/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of hosts and their addresses, so that tests can stand in for DNS. */
#ifndef NH_NAMES_H
#define NH_NAMES_H

#include <stddef.h>

#include "lib/addr.h"

struct nh_lookup;
struct nh_loop;
struct nh_names;

/* Most addresses of a name that are looked at. */
#define NH_NAMES_ADDRS	8

/**
 * typedef nh_names_fn - takes the answer
 * @list: addresses in the resolver's order, valid during the call
 * @n: entries in @list; 0 when there are none
 * @error: why not, when @n is 0
 */
typedef void (*nh_names_fn)(void *arg, const struct nh_addr *list, size_t n,
			    const char *error);

/**
 * struct nh_names_ops - the resolver, or a test's fake of it
 * @lookup: ask for @name; @fn is called once, later, never from in here.
 *	NULL when memory has run out
 * @cancel: @fn is not called any more
 */
struct nh_names_ops {
	struct nh_lookup *(*lookup)(struct nh_names *names, const char *name,
				    nh_names_fn fn, void *arg);
	void (*cancel)(struct nh_names *names, struct nh_lookup *lookup);
};

/** struct nh_names - first member of whatever implements the operations */
struct nh_names {
	const struct nh_names_ops *ops;
};

/**
 * nh_names_new() - the machine's names: its hosts file, then DNS
 *
 * Both files are read again when they have changed. Nothing is remembered.
 */
struct nh_names *nh_names_new(struct nh_loop *loop);

/** nh_names_free() - all lookups have ended or been cancelled; NULL is fine */
void nh_names_free(struct nh_names *names);

#endif /* NH_NAMES_H */
