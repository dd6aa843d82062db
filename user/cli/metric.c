// SPDX-License-Identifier: GPL-2.0-or-later
/* Metrics as text: names, labels, values, and what must be escaped in them. */
#include "cli/metric.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "lib/utf8.h"

void metrics_begin(struct metrics *m, FILE *out, bool classic)
{
	*m = (struct metrics){ .out = out, .classic = classic };
}

void metrics_end(struct metrics *m)
{
	/* By it a reader knows that nothing was cut off. */
	if (!m->classic)
		fputs("# EOF\n", m->out);
}

void metric_family(struct metrics *m, const struct metric_family *family)
{
	m->family = family;
	m->begun = false;
	m->labels = 0;
}

static const char *suffix(const struct metrics *m)
{
	return m->family->kind == METRIC_COUNTER ? "_total" : "";
}

/*
 * OpenMetrics describes the family, whose name lacks what the kind adds; the
 * older format describes the very name that values have, and knows no units.
 */
static void describe(struct metrics *m)
{
	const struct metric_family *f = m->family;
	const char *end = m->classic ? suffix(m) : "";

	if (m->begun)
		return;
	m->begun = true;
	fprintf(m->out, "# TYPE %s%s %s\n", f->name, end,
		f->kind == METRIC_COUNTER ? "counter" : "gauge");
	if (f->unit && !m->classic)
		fprintf(m->out, "# UNIT %s %s\n", f->name, f->unit);
	fprintf(m->out, "# HELP %s%s %s\n", f->name, end, f->help);
}

static void write_name(struct metrics *m)
{
	describe(m);
	fprintf(m->out, "%s%s", m->family->name, suffix(m));
}

static void write_escaped(FILE *out, const char *text)
{
	size_t len;

	for (; *text; text += len) {
		len = nh_utf8_len(text);
		if (!len) {
			fputc('?', out);
			len = 1;
		} else if (*text == '\n') {
			fputs("\\n", out);
		} else if (*text == '"' || *text == '\\') {
			fprintf(out, "\\%c", *text);
		} else {
			fwrite(text, 1, len, out);
		}
	}
}

void metric_label(struct metrics *m, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	if (!m->labels)
		write_name(m);
	fprintf(m->out, "%c%s=\"", m->labels ? ',' : '{', name);
	write_escaped(m->out, value);
	fputc('"', m->out);
	m->labels++;
}

void metric_label_addr(struct metrics *m, const char *name,
		       const struct nh_addr *addr)
{
	char text[NH_ADDR_STRLEN];

	if (nh_addr_is_set(addr))
		metric_label(m, name, nh_addr_format(addr, text, sizeof(text)));
}

static void end_labels(struct metrics *m)
{
	if (!m->labels)
		write_name(m);
	else
		fputc('}', m->out);
	m->labels = 0;
}

void metric_number(struct metrics *m, uint64_t value)
{
	end_labels(m);
	fprintf(m->out, " %" PRIu64 "\n", value);
}

void metric_seconds(struct metrics *m, uint64_t ms)
{
	end_labels(m);
	fprintf(m->out, " %" PRIu64 ".%03" PRIu64 "\n", ms / 1000, ms % 1000);
}
