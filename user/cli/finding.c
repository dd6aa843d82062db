// SPDX-License-Identifier: GPL-2.0-or-later
/* A list of what was found. */
#include "cli/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const struct arg_word severity_words[] = {
	{ "ok", SEVERITY_OK },
	{ "warn", SEVERITY_WARN },
	{ "fail", SEVERITY_FAIL },
	{ "unknown", SEVERITY_UNKNOWN },
	{ NULL, 0 },
};

void finding_add(struct findings *f, enum severity severity, const char *check,
		 const char *device, const char *found, ...)
{
	struct finding *list;
	struct finding one = {
		.severity = severity, .check = check, .device = device,
	};
	va_list ap;

	va_start(ap, found);
	if (vasprintf(&one.found, found, ap) < 0)
		one.found = NULL;
	va_end(ap);
	list = one.found && !f->failed ?
		       realloc(f->list, (f->n + 1) * sizeof(*list)) : NULL;
	if (!list) {
		free(one.found);
		f->failed = true;
		return;
	}
	f->list = list;
	f->list[f->n++] = one;
}

void finding_remedy(struct findings *f, const char *remedy, ...)
{
	struct finding *last = f->n ? &f->list[f->n - 1] : NULL;
	va_list ap;

	if (f->failed || !last || last->remedy)
		return;
	va_start(ap, remedy);
	if (vasprintf(&last->remedy, remedy, ap) < 0) {
		last->remedy = NULL;
		f->failed = true;
	}
	va_end(ap);
}

void findings_free(struct findings *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		free(f->list[i].found);
		free(f->list[i].remedy);
	}
	free(f->list);
	*f = (struct findings){ 0 };
}
