// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing: the lines of a file, and classes for them. */
#include "cli/import.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import_tunnel.h"

/* What a saved "^C", the delimiter of IOS's banners, is. */
#define ETX	'\003'

/* Notes that room is made for at a time. */
#define NOTES	64

static const char blanks[] = " \t\r";

__attribute__((format(printf, 4, 5)))
static int refuse(const struct import *in, char *error, size_t size,
		  const char *fmt, ...)
{
	int n = snprintf(error, size, "%s", in->file);
	va_list ap;

	if (n < 0 || (size_t)n >= size)
		return -EINVAL;
	va_start(ap, fmt);
	vsnprintf(error + n, size - (size_t)n, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* Room for all, and an octet more. */
static bool grow(struct import *in)
{
	size_t size = in->size ? 2 * in->size : 1 << 14;
	char *data = calloc(1, size + 1);

	if (!data)
		return false;
	/* Not realloc(): there may be secrets in it. */
	if (in->data) {
		memcpy(data, in->data, in->size);
		explicit_bzero(in->data, in->size);
		free(in->data);
	}
	in->data = data;
	in->size = size;
	return true;
}

/* Reads all, and a bit more than is allowed. */
static int slurp(struct import *in, FILE *file, size_t *len, char *error,
		 size_t size)
{
	*len = 0;
	while (*len <= IMPORT_SIZE && !feof(file) && !ferror(file)) {
		if (*len == in->size && !grow(in))
			return -ENOMEM;
		*len += fread(in->data + *len, 1, in->size - *len, file);
	}
	if (ferror(file)) {
		refuse(in, error, size, ": %s", strerror(errno));
		return -EIO;
	}
	if (*len > IMPORT_SIZE)
		return refuse(in, error, size, ": more than %d octets",
			      IMPORT_SIZE);
	in->data[*len] = '\0';
	return 0;
}

/* A text has no control characters; octets above 126 may be letters. */
static const char *bad_octet(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < ' ' && c != '\t' && c != '\r' && c != ETX) ||
		    c == 0x7f)
			return &text[i];
	}
	return NULL;
}

static int check_line(const struct import *in, unsigned int number,
		      const char *text, size_t len, char *error, size_t size)
{
	const char *bad = bad_octet(text, len);

	if (bad)
		return refuse(in, error, size,
			      ":%u: control character 0x%02x in column %zu",
			      number, (unsigned char)*bad,
			      (size_t)(bad - text) + 1);
	if (len > IMPORT_LINE)
		return refuse(in, error, size,
			      ":%u: the line is longer than %d characters",
			      number, IMPORT_LINE);
	return 0;
}

static void add_line(struct import *in, unsigned int number, char *text,
		     const char *comments)
{
	size_t indent = strspn(text, blanks);
	size_t len = strlen(text + indent);
	struct import_line *l;

	while (len && strchr(blanks, text[indent + len - 1]))
		text[indent + --len] = '\0';
	/* A banner of IOS may end in what looks like a comment. */
	if (!len || (strchr(comments, text[indent]) && !strchr(text, ETX) &&
		     !strstr(text, "^C")))
		return;
	l = &in->line[in->nline++];
	l->text = text + indent;
	l->number = number;
	l->indent = (unsigned int)indent;
	l->device = "";
}

int import_read(struct import *in, const char *name, FILE *file,
		const char *comments, char *error, size_t size)
{
	unsigned int number = 0;
	char *at, *end;
	size_t len, i;
	size_t n;
	int err;

	*in = (struct import){ .file = name };
	snprintf(error, size, "%s: out of memory", name);
	err = slurp(in, file, &len, error, size);
	if (err)
		return err;
	/* Behind the last end of a line there is none. */
	n = len && in->data[len - 1] != '\n';
	for (i = 0; i < len; i++)
		n += in->data[i] == '\n';
	if (n > IMPORT_LINES)
		return refuse(in, error, size, ": more than %d lines",
			      IMPORT_LINES);
	in->line = calloc(n + 1, sizeof(*in->line));
	if (!in->line)
		return -ENOMEM;
	for (at = in->data; at < in->data + len; at = end + 1) {
		end = memchr(at, '\n', (size_t)(in->data + len - at));
		if (!end)
			end = in->data + len;
		err = check_line(in, ++number, at, (size_t)(end - at), error,
				 size);
		if (err)
			return err;
		*end = '\0';
		add_line(in, number, at, comments);
	}
	error[0] = '\0';
	return 0;
}

void import_free(struct import *in)
{
	size_t i;

	for (i = 0; i < in->ntunnel; i++)
		import_tunnel_free(in->tunnel[i]);
	free(in->note);
	free(in->line);
	/* There may be secrets in it. */
	if (in->data)
		explicit_bzero(in->data, in->size);
	free(in->data);
	*in = (struct import){ 0 };
}

void import_split(const struct import_line *line, struct import_words *words)
{
	char *at = words->buf, *word;

	snprintf(words->buf, sizeof(words->buf), "%s", line->text);
	words->n = 0;
	while (words->n < IMPORT_WORDS && (word = strsep(&at, blanks)))
		if (*word)
			words->w[words->n++] = word;
}

int import_begins(const char *name, int n, char *const *w)
{
	int i;

	for (i = 0; *name; i++) {
		size_t len = strcspn(name, " ");

		if (i == n || strlen(w[i]) != len || strncmp(w[i], name, len))
			return 0;
		name += len;
		name += *name == ' ';
	}
	return i;
}

/* Words of the file may be part of it. */
static void __attribute__((format(printf, 2, 0)))
say(char *out, const char *fmt, va_list ap)
{
	vsnprintf(out, IMPORT_TEXT, fmt, ap);
	for (; *out; out++)
		if (*out < ' ' || *out > '~')
			*out = '?';
}

static void __attribute__((format(printf, 3, 0)))
classify(struct import_line *line, enum import_class class, const char *fmt,
	 va_list ap)
{
	line->class = class;
	line->instead[0] = '\0';
	say(line->what, fmt, ap);
}

void import_used(struct import_line *line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	classify(line, IMPORT_USED, fmt, ap);
	va_end(ap);
}

void import_ignored(struct import_line *line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	classify(line, IMPORT_IGNORED, fmt, ap);
	va_end(ap);
}

void import_left(struct import_line *line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	classify(line, IMPORT_LEFT, fmt, ap);
	va_end(ap);
}

void import_instead(struct import_line *line, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(line->instead, fmt, ap);
	va_end(ap);
}

void import_note(struct import *in, const char *device, const char *fmt, ...)
{
	struct import_note *grown;
	va_list ap;

	if (in->nnote % NOTES == 0) {
		grown = reallocarray(in->note, in->nnote + NOTES,
				     sizeof(*in->note));
		if (!grown) {
			in->nomem = true;
			return;
		}
		in->note = grown;
	}
	in->note[in->nnote].device = device;
	va_start(ap, fmt);
	say(in->note[in->nnote++].text, fmt, ap);
	va_end(ap);
}

void import_close(struct import *in)
{
	size_t i;

	for (i = 0; i < in->nline; i++)
		if (in->line[i].class == IMPORT_OPEN)
			import_ignored(&in->line[i],
				       "nothing that DMVPN needs");
}

bool import_number(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
	unsigned long long v = 0;
	const char *c;

	for (c = text; *c >= '0' && *c <= '9' && v <= UINT32_MAX; c++)
		v = v * 10 + (unsigned int)(*c - '0');
	if (c == text || *c || v < min || v > max)
		return false;
	*out = (uint32_t)v;
	return true;
}

bool import_plain(const char *text, size_t max)
{
	const char *c;

	for (c = text; *c > ' ' && *c <= '~'; c++)
		;
	return !*c && c != text && (size_t)(c - text) <= max;
}
