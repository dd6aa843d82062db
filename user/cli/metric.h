/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metrics as text: OpenMetrics, or the older format of Prometheus. */
#ifndef CLI_METRIC_H
#define CLI_METRIC_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/addr.h"

/**
 * enum metric_kind - what a value may do
 * @METRIC_GAUGE: go up and down
 * @METRIC_COUNTER: only go up; "_total" is added to the name
 */
enum metric_kind {
	METRIC_GAUGE,
	METRIC_COUNTER,
};

/**
 * struct metric_family - metrics of one name
 * @name: the name; ends in the unit, if there is one
 * @kind: enum metric_kind
 * @unit: "bytes", "seconds", or NULL
 * @help: what it is; no quotation marks and no backslashes, which the two
 *        formats write in different ways
 */
struct metric_family {
	const char *name;
	enum metric_kind kind;
	const char *unit;
	const char *help;
};

/**
 * struct metrics - a text being written
 * @out: where to
 * @classic: in the older format
 * @family: the one that values belong to
 * @begun: its description is written
 * @labels: number of labels of the value being written
 *
 * Order of calls: metrics_begin(), for each family metric_family() and, for
 * each of its values, the labels and then the value; metrics_end(). A family
 * comes once only, with all of its values; one without values leaves no trace.
 */
struct metrics {
	FILE *out;
	bool classic;
	const struct metric_family *family;
	bool begun;
	unsigned int labels;
};

void metrics_begin(struct metrics *m, FILE *out, bool classic);
void metrics_end(struct metrics *m);

void metric_family(struct metrics *m, const struct metric_family *family);

/**
 * metric_label() - a label of the value that follows
 * @value: any octets; those that are no UTF-8 become "?"; with NULL or ""
 *         there is no label, which means the same
 */
void metric_label(struct metrics *m, const char *name, const char *value);

/** metric_label_addr() - an address as a label; none for the empty address */
void metric_label_addr(struct metrics *m, const char *name,
		       const struct nh_addr *addr);

/** metric_number() - the value */
void metric_number(struct metrics *m, uint64_t value);

/** metric_seconds() - the value, of milliseconds in seconds */
void metric_seconds(struct metrics *m, uint64_t ms);

#endif /* CLI_METRIC_H */
