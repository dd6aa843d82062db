/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Configurations of other programs: their lines, and what becomes of each. */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Limits, so that a wrong file cannot eat the machine. */
#define IMPORT_SIZE	(1 << 20)
#define IMPORT_LINES	32768
#define IMPORT_LINE	1024
#define IMPORT_WORDS	40
#define IMPORT_TUNNELS	64
#define IMPORT_TEXT	240

struct import_tunnel;

/**
 * enum import_class - what has become of a line
 * @IMPORT_OPEN: nobody has looked at it yet
 * @IMPORT_USED: it is in the configuration
 * @IMPORT_IGNORED: DMVPN does not need it
 * @IMPORT_LEFT: it means something that the configuration does not say
 */
enum import_class {
	IMPORT_OPEN,
	IMPORT_USED,
	IMPORT_IGNORED,
	IMPORT_LEFT,
};

/**
 * struct import_line - a line of the input that is neither blank nor comment
 * @text: the line without blanks around it
 * @number: in the file, from 1
 * @indent: blanks in front
 * @class: what has become of it
 * @device: of the configuration that it is about, or ""
 * @what: the key that it became, or why it became none
 * @instead: what to do instead, or ""
 */
struct import_line {
	const char *text;
	unsigned int number;
	unsigned int indent;
	enum import_class class;
	const char *device;
	char what[IMPORT_TEXT];
	char instead[IMPORT_TEXT];
};

/**
 * struct import_note - what is to be known of a whole configuration
 * @device: the device, or ""
 * @text: the note
 */
struct import_note {
	const char *device;
	char text[IMPORT_TEXT];
};

/**
 * struct import - a file being imported
 * @file: its name, for messages
 * @data: its text, which the lines point into
 * @size: room of @data
 * @line: its lines
 * @nline: entries in @line
 * @tunnel: the configurations made of it
 * @ntunnel: entries in @tunnel
 * @note: remarks: a few of each tunnel, and of the file
 * @nnote: entries in @note
 * @nomem: memory ran out; what there is is not complete
 */
struct import {
	const char *file;
	char *data;
	size_t size;
	struct import_line *line;
	size_t nline;
	struct import_tunnel *tunnel[IMPORT_TUNNELS];
	size_t ntunnel;
	struct import_note *note;
	size_t nnote;
	bool nomem;
};

/**
 * struct import_words - a line cut into words
 * @w: the words
 * @n: their number; IMPORT_WORDS also when there are more
 * @buf: what @w points into
 */
struct import_words {
	char *w[IMPORT_WORDS];
	int n;
	char buf[IMPORT_LINE + 1];
};

/**
 * import_read() - take the lines of a file
 * @in: set, to be given to import_free() in any case
 * @name: of the file, for messages
 * @file: open for reading
 * @comments: characters that a comment begins with
 * @error: receives, on failure, what is wrong in which line
 * @size: of @error
 *
 * Return: 0; -EINVAL when the file is no text; -EIO; -ENOMEM.
 */
int import_read(struct import *in, const char *name, FILE *file,
		const char *comments, char *error, size_t size);

void import_free(struct import *in);

/** import_ios() - make configurations of a running-config of Cisco IOS */
void import_ios(struct import *in);

/** import_frr() - make configurations of a frr.conf or nhrpd.conf */
void import_frr(struct import *in);

/** import_split() - cut a line into words */
void import_split(const struct import_line *line, struct import_words *words);

/** import_begins() - how many words of @name stand at @w, all or none */
int import_begins(const char *name, int n, char *const *w);

/** import_used() - the line became a key, which the text names */
void import_used(struct import_line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** import_ignored() - the line is not needed, and why */
void import_ignored(struct import_line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** import_left() - the line is not translated, and why */
void import_left(struct import_line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** import_instead() - what to do in place of a line that import_left() took */
void import_instead(struct import_line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** import_note() - something about a configuration that no line says */
void import_note(struct import *in, const char *device, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/** import_close() - give each line that nobody took a class */
void import_close(struct import *in);

/** import_number() - a decimal number from @min to @max, nothing else */
bool import_number(const char *text, uint32_t min, uint32_t max,
		   uint32_t *out);

/** import_plain() - printable ASCII without blanks, 1 to @max characters */
bool import_plain(const char *text, size_t max);

/**
 * import_report() - write what has become of each line
 *
 * Secrets are not in it.
 */
void import_report(const struct import *in, FILE *out);

/** import_json() - the same with the configurations, as a JSON object; 0, -1 */
int import_json(const struct import *in, FILE *out);

/**
 * import_save() - write each configuration into a file of its own
 * @dir: an existing directory
 * @error: receives, on failure, what is wrong
 * @size: of @error
 *
 * All files are written, or none; none may exist yet.
 *
 * Return: 0, or a negative errno.
 */
int import_save(const struct import *in, const char *dir, char *error,
		size_t size);

#endif /* CLI_IMPORT_H */
