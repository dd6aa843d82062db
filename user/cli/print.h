/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output: each value is printed once, the context makes it text or JSON. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/addr.h"

/**
 * enum print_layout - what the text of a list looks like
 * @PRINT_TABLE: a line a row, columns aligned under their headings
 * @PRINT_RECORD: a block a row: the first value, then a line for each other
 *                one with its heading in front
 * @PRINT_LINE: a line a row at once, each value with its heading in front
 *
 * In JSON the first two are an array of objects, the third an object a line.
 */
enum print_layout {
	PRINT_TABLE,
	PRINT_RECORD,
	PRINT_LINE,
};

/**
 * struct print - a list being printed
 *
 * Order of calls: print_new(), for each row print_row() and its values,
 * print_end(). Memory that cannot be had shows in print_end().
 *
 * All value functions take @key, the name in JSON (NULL: not in JSON), and
 * @heading, the name in text (NULL: not in text; "": without heading).
 */
struct print;

/** print_new() - begin a list on @out; NULL without memory */
struct print *print_new(FILE *out, bool json, enum print_layout layout);

/** print_row() - begin a row, ending the one before */
void print_row(struct print *p);

/** print_flush() - write the row of PRINT_LINE now; 0 or -EIO */
int print_flush(struct print *p);

/**
 * print_end() - write what is not written yet, and free @p
 * @p: may be NULL, as print_new() returns it without memory
 *
 * Return: 0; -ENOMEM or -EIO when the output is not complete.
 */
int print_end(struct print *p);

/** print_open() - the values up to print_close() are an object in JSON */
void print_open(struct print *p, const char *key);
void print_close(struct print *p);

/** print_json_text() - a string of JSON; what is no UTF-8 in @text becomes "?" */
struct json_object *print_json_text(const char *text);

/** print_text() - a string; what could move a terminal's cursor becomes "?" */
void print_text(struct print *p, const char *key, const char *heading,
		const char *value);

/** print_word() - a string that has another form in JSON */
void print_word(struct print *p, const char *key, const char *heading,
		const char *json, const char *text);

/** print_number() - a number */
void print_number(struct print *p, const char *key, const char *heading,
		  uint64_t value);

/** print_number_or() - a number in JSON; in text @word, if there is one */
void print_number_or(struct print *p, const char *key, const char *heading,
		     uint64_t value, const char *word);

/** print_instead() - text only, where other rows have a number or duration */
void print_instead(struct print *p, const char *heading, const char *text);

/** print_null() - what is not known: null in JSON, "-" in text */
void print_null(struct print *p, const char *key, const char *heading);

/** print_count() - a number; in text followed by what it counts */
void print_count(struct print *p, const char *key, const char *heading,
		 uint64_t value, const char *doc);

/** print_onoff() - true or false in JSON, "on" or "off" in text */
void print_onoff(struct print *p, const char *key, const char *heading,
		 bool value);

/** print_addr() - an address; an empty one is left out in JSON */
void print_addr(struct print *p, const char *key, const char *heading,
		const struct nh_addr *addr);

/** print_prefix() - an address block */
void print_prefix(struct print *p, const char *key, const char *heading,
		  const struct nh_prefix *prefix);

/** print_duration() - milliseconds: a number in JSON, "00:01:23" in text */
void print_duration(struct print *p, const char *key, const char *heading,
		    uint64_t ms);

/** print_seconds() - seconds: a number in JSON, "00:01:23" in text */
void print_seconds(struct print *p, const char *key, const char *heading,
		   uint64_t seconds);

/**
 * print_strings() - a list of strings
 * @none: text of an empty one
 *
 * An array in JSON; in text the strings with commas between.
 */
void print_strings(struct print *p, const char *key, const char *heading,
		   const char *const *strings, size_t n, const char *none);

/**
 * print_flags() - print_strings() of the names of the bits set
 * @names: of the bits from the lowest on
 * @n: number of names, at most 32
 */
void print_flags(struct print *p, const char *key, const char *heading,
		 uint32_t flags, const char *const *names, unsigned int n);

#endif /* CLI_PRINT_H */
