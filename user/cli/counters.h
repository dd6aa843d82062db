/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and meanings of the kernel's counters. */
#ifndef CLI_COUNTERS_H
#define CLI_COUNTERS_H

#include <linux/dmvpn.h>

/**
 * struct counter_doc - a counter
 * @name: as the spec calls it
 * @doc: what it counts
 */
struct counter_doc {
	const char *name;
	const char *doc;
};

/* By DMVPN_A_COUNTER_*; those that are no counter have no name. */
extern const struct counter_doc counter_docs[DMVPN_A_COUNTER_MAX + 1];

#endif /* CLI_COUNTERS_H */
