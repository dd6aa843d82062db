// SPDX-License-Identifier: GPL-2.0-or-later
/* Output: the values of rows, and the one place that knows text from JSON. */
#include "cli/print.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/table.h"
#include "lib/duration.h"
#include "lib/utf8.h"

/* Objects in objects. */
#define DEPTH_MAX	4

/**
 * struct print - see print.h
 * @out: where to
 * @layout: of text
 * @json: JSON is wanted
 * @table: text of all rows, NULL in JSON
 * @list: text of the rows before, in JSON other than by line: a hundred thousand
 *        rows are a tenth of the memory that way
 * @text: what @list has, once it is flushed
 * @size: of @text, in octets
 * @row: the row being filled, in JSON
 * @into: the object in it that is being filled, last of @depth in @outer
 * @outer: the objects around it
 * @depth: their number
 * @failed: memory was short or writing failed
 */
struct print {
	FILE *out;
	enum print_layout layout;
	bool json;
	struct table *table;
	FILE *list;
	char *text;
	size_t size;
	struct json_object *row;
	struct json_object *into;
	struct json_object *outer[DEPTH_MAX];
	unsigned int depth;
	bool failed;
};

struct print *print_new(FILE *out, bool json, enum print_layout layout)
{
	struct print *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->out = out;
	p->json = json;
	p->layout = layout;
	if (json && layout != PRINT_LINE)
		p->list = open_memstream(&p->text, &p->size);
	if (!json)
		p->table = table_new();
	if (!p->table && !p->list && !(json && layout == PRINT_LINE)) {
		free(p);
		return NULL;
	}
	return p;
}

/* The row that is filled goes to @to as text, with @before in front. */
static void row_done(struct print *p, FILE *to, const char *before)
{
	const char *text;

	if (!p->row)
		return;
	text = json_object_to_json_string_ext(p->row,
					      JSON_C_TO_STRING_PLAIN |
					      JSON_C_TO_STRING_NOSLASHESCAPE);
	if (!text || fputs(before, to) < 0 || fputs(text, to) < 0)
		p->failed = true;
	json_object_put(p->row);
	p->row = NULL;
	p->into = NULL;
}

/* The same, to the list. */
static void row_listed(struct print *p)
{
	row_done(p, p->list, ftell(p->list) ? "," : "");
}

static void flush_line(struct print *p)
{
	if (p->json && p->row) {
		row_done(p, p->out, "");
		fputc('\n', p->out);
	}
	if (!p->json && table_rows(p->table)) {
		table_write_lines(p->table, p->out);
		table_clear(p->table);
	}
	if (fflush(p->out) || ferror(p->out))
		p->failed = true;
}

void print_row(struct print *p)
{
	if (p->layout == PRINT_LINE)
		flush_line(p);
	if (!p->json) {
		p->failed |= table_row(p->table) < 0;
		return;
	}
	if (p->list)
		row_listed(p);
	p->row = json_object_new_object();
	p->into = p->row;
	p->depth = 0;
	if (!p->row)
		p->failed = true;
}

int print_flush(struct print *p)
{
	flush_line(p);
	return p->failed ? -EIO : 0;
}

/* Nothing of the list is written before all of it is there. */
static void write_list(struct print *p)
{
	row_listed(p);
	if (fflush(p->list) || ferror(p->list))
		p->failed = true;
	if (p->failed)
		return;
	fprintf(p->out, "[%s]\n", p->text);
}

int print_end(struct print *p)
{
	int err = 0;

	if (!p)
		return -ENOMEM;
	if (p->layout == PRINT_LINE)
		flush_line(p);
	else if (p->json)
		write_list(p);
	else if (p->layout == PRINT_TABLE)
		table_write(p->table, p->out);
	else
		table_write_records(p->table, p->out);

	if (fflush(p->out) || ferror(p->out))
		err = -EIO;
	if (p->failed && !err)
		err = -ENOMEM;
	table_free(p->table);
	if (p->list)
		fclose(p->list);
	free(p->text);
	free(p);
	return err;
}

/* In JSON a value of NULL is null, so what memory lacked for is told apart. */
static bool add_value(struct print *p, const char *key, struct json_object *o)
{
	if (p->into && !json_object_object_add(p->into, key, o))
		return true;
	json_object_put(o);
	p->failed = true;
	return false;
}

static bool add_json(struct print *p, const char *key, struct json_object *o)
{
	if (o)
		return add_value(p, key, o);
	p->failed = true;
	return false;
}

static void add_text(struct print *p, const char *key, const char *heading,
		     const char *text, bool right)
{
	if (table_cell(p->table, *heading ? heading : key ?: "", heading,
		       text, right))
		p->failed = true;
}

static bool in_json(const struct print *p, const char *key)
{
	return p->json && key;
}

static bool in_text(const struct print *p, const char *heading)
{
	return !p->json && heading;
}

void print_open(struct print *p, const char *key)
{
	struct json_object *o;

	if (!p->json)
		return;
	if (p->depth == DEPTH_MAX) {
		p->failed = true;
		return;
	}
	o = json_object_new_object();
	p->outer[p->depth++] = p->into;
	/* What could not be added is gone. */
	p->into = add_json(p, key, o) ? o : NULL;
}

void print_close(struct print *p)
{
	if (p->json && p->depth)
		p->into = p->outer[--p->depth];
}

struct json_object *print_json_text(const char *text)
{
	char *copy = strdup(text), *c = copy;
	struct json_object *o = NULL;

	if (!copy)
		return NULL;
	while (*c) {
		size_t len = nh_utf8_len(c);

		if (!len)
			*c = '?';
		c += len ? len : 1;
	}
	o = json_object_new_string(copy);
	free(copy);
	return o;
}

void print_word(struct print *p, const char *key, const char *heading,
		const char *json, const char *text)
{
	if (in_json(p, key))
		add_json(p, key, print_json_text(json));
	if (in_text(p, heading))
		add_text(p, key, heading, text, false);
}

void print_text(struct print *p, const char *key, const char *heading,
		const char *value)
{
	print_word(p, key, heading, value, value);
}

void print_number_or(struct print *p, const char *key, const char *heading,
		     uint64_t value, const char *word)
{
	char text[24];

	if (in_json(p, key))
		add_json(p, key, json_object_new_uint64(value));
	if (!in_text(p, heading))
		return;
	snprintf(text, sizeof(text), "%" PRIu64, value);
	add_text(p, key, heading, word ? word : text, true);
}

void print_instead(struct print *p, const char *heading, const char *text)
{
	if (in_text(p, heading))
		add_text(p, NULL, heading, text, true);
}

void print_null(struct print *p, const char *key, const char *heading)
{
	if (in_json(p, key))
		add_value(p, key, NULL);
	if (in_text(p, heading))
		add_text(p, key, heading, "-", false);
}

void print_number(struct print *p, const char *key, const char *heading,
		  uint64_t value)
{
	print_number_or(p, key, heading, value, NULL);
}

void print_count(struct print *p, const char *key, const char *heading,
		 uint64_t value, const char *doc)
{
	char text[160];

	if (in_json(p, key))
		add_json(p, key, json_object_new_uint64(value));
	if (!in_text(p, heading))
		return;
	snprintf(text, sizeof(text), "%-10" PRIu64 "  %s", value, doc);
	add_text(p, key, heading, text, false);
}

void print_onoff(struct print *p, const char *key, const char *heading,
		 bool value)
{
	if (in_json(p, key))
		add_json(p, key, json_object_new_boolean(value));
	if (in_text(p, heading))
		add_text(p, key, heading, value ? "on" : "off", false);
}

void print_addr(struct print *p, const char *key, const char *heading,
		const struct nh_addr *addr)
{
	char text[NH_ADDR_STRLEN];

	if (p->json && !nh_addr_is_set(addr))
		return;
	print_text(p, key, heading, nh_addr_format(addr, text, sizeof(text)));
}

void print_prefix(struct print *p, const char *key, const char *heading,
		  const struct nh_prefix *prefix)
{
	char text[NH_PREFIX_STRLEN];

	print_text(p, key, heading,
		   nh_prefix_format(prefix, text, sizeof(text)));
}

void print_duration(struct print *p, const char *key, const char *heading,
		    uint64_t ms)
{
	char text[NH_DURATION_STRLEN];

	if (in_json(p, key))
		add_json(p, key, json_object_new_uint64(ms));
	if (in_text(p, heading))
		add_text(p, key, heading,
			 nh_duration_format(ms, text, sizeof(text)), true);
}

void print_seconds(struct print *p, const char *key, const char *heading,
		   uint64_t seconds)
{
	char text[NH_DURATION_STRLEN];

	if (in_json(p, key))
		add_json(p, key, json_object_new_uint64(seconds));
	if (in_text(p, heading))
		add_text(p, key, heading,
			 nh_duration_format(seconds * 1000, text, sizeof(text)),
			 true);
}

static struct json_object *string_array(const char *const *strings, size_t n)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; array && i < n; i++)
		json_object_array_add(array,
				      print_json_text(strings[i]));
	return array;
}

/* With commas between, for free(); NULL without memory. */
static char *join(const char *const *strings, size_t n)
{
	size_t i, size;
	FILE *out;
	char *text;

	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	for (i = 0; i < n; i++)
		fprintf(out, "%s%s", i ? "," : "", strings[i]);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

void print_strings(struct print *p, const char *key, const char *heading,
		   const char *const *strings, size_t n, const char *none)
{
	char *text;

	if (in_json(p, key))
		add_json(p, key, string_array(strings, n));
	if (!in_text(p, heading))
		return;
	text = n ? join(strings, n) : NULL;
	if (n && !text)
		p->failed = true;
	else
		add_text(p, key, heading, n ? text : none, false);
	free(text);
}

void print_flags(struct print *p, const char *key, const char *heading,
		 uint32_t flags, const char *const *names, unsigned int n)
{
	const char *set[32];
	size_t n_set = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (flags & 1u << i)
			set[n_set++] = names[i];
	}
	print_strings(p, key, heading, set, n_set, "-");
}
