/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text of rows with named columns, written once the widths are known. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct table;

/** table_new() - an empty table; NULL without memory */
struct table *table_new(void);

void table_free(struct table *t);

/** table_clear() - forget rows and columns */
void table_clear(struct table *t);

/** table_rows() - number of rows */
size_t table_rows(const struct table *t);

/** table_row() - begin a row; 0 or -ENOMEM */
int table_row(struct table *t);

/**
 * table_cell() - set a cell of the last row
 * @id: names its column, which is made when it is new
 * @heading: of the column, may be ""
 * @text: copied; characters that do not print become "?"
 * @right: the column is aligned to the right
 *
 * Return: 0 or -ENOMEM.
 */
int table_cell(struct table *t, const char *id, const char *heading,
	       const char *text, bool right);

/** table_write() - aligned, headings first; "-" where a row lacks a cell */
void table_write(const struct table *t, FILE *out);

/** table_write_records() - a block a row, an empty line between two */
void table_write_records(const struct table *t, FILE *out);

/** table_write_lines() - a line a row, cells with their headings in front */
void table_write_lines(const struct table *t, FILE *out);

#endif /* CLI_TABLE_H */
