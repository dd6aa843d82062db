/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an examination has found, and what to do about it. */
#ifndef CLI_FINDING_H
#define CLI_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/arg.h"

/**
 * enum severity - how bad it is
 * @SEVERITY_OK: as it should be
 * @SEVERITY_WARN: works, or may; but not as it should
 * @SEVERITY_FAIL: something cannot work
 * @SEVERITY_UNKNOWN: could not be looked at
 */
enum severity {
	SEVERITY_OK,
	SEVERITY_WARN,
	SEVERITY_FAIL,
	SEVERITY_UNKNOWN,
};

extern const struct arg_word severity_words[];

/**
 * struct finding - one thing that was looked at
 * @severity: enum severity
 * @check: which check it is of, constant
 * @device: that it is about, or NULL; as long as the facts
 * @found: what there is
 * @remedy: what to do: a command, or a line of a file; or NULL
 */
struct finding {
	enum severity severity;
	const char *check;
	const char *device;
	char *found;
	char *remedy;
};

/**
 * struct findings - all of them, in the order of the checks
 * @list: array
 * @n: its length
 * @failed: there was no memory for some
 */
struct findings {
	struct finding *list;
	size_t n;
	bool failed;
};

/** finding_add() - one more */
void finding_add(struct findings *f, enum severity severity, const char *check,
		 const char *device, const char *found, ...)
	__attribute__((format(printf, 5, 6)));

/** finding_remedy() - what to do about the last one that was added */
void finding_remedy(struct findings *f, const char *remedy, ...)
	__attribute__((format(printf, 2, 3)));

void findings_free(struct findings *f);

#endif /* CLI_FINDING_H */
