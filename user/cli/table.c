// SPDX-License-Identifier: GPL-2.0-or-later
/* Text of rows with named columns, written once the widths are known. */
#include "cli/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct column - a column
 * @id: its name
 * @heading: what people read
 * @width: of the longest cell or the heading
 * @right: aligned to the right
 */
struct column {
	char *id;
	char *heading;
	size_t width;
	bool right;
};

/**
 * struct row - a row
 * @cells: by column, NULL where it has none
 * @n: number of columns it knows, the others are as if NULL
 */
struct row {
	char **cells;
	size_t n;
};

/**
 * struct table - see table.h
 * @columns: in the order of their first cells
 * @n_columns: their number
 * @rows: all rows
 * @n_rows: their number
 * @room: rows there is room for
 */
struct table {
	struct column *columns;
	size_t n_columns;
	struct row *rows;
	size_t n_rows;
	size_t room;
};

struct table *table_new(void)
{
	return calloc(1, sizeof(struct table));
}

void table_clear(struct table *t)
{
	size_t i, c;

	for (i = 0; i < t->n_rows; i++) {
		for (c = 0; c < t->rows[i].n; c++)
			free(t->rows[i].cells[c]);
		free(t->rows[i].cells);
	}
	for (c = 0; c < t->n_columns; c++) {
		free(t->columns[c].id);
		free(t->columns[c].heading);
	}
	free(t->columns);
	t->columns = NULL;
	t->n_columns = 0;
	t->n_rows = 0;
}

void table_free(struct table *t)
{
	if (!t)
		return;
	table_clear(t);
	free(t->rows);
	free(t);
}

size_t table_rows(const struct table *t)
{
	return t->n_rows;
}

int table_row(struct table *t)
{
	if (t->n_rows == t->room) {
		size_t room = t->room ? 2 * t->room : 8;
		struct row *rows = reallocarray(t->rows, room, sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		t->rows = rows;
		t->room = room;
	}
	memset(&t->rows[t->n_rows++], 0, sizeof(*t->rows));
	return 0;
}

static struct column *add_column(struct table *t, const char *id,
				 const char *heading)
{
	struct column *columns, *c;

	columns = reallocarray(t->columns, t->n_columns + 1, sizeof(*columns));
	if (!columns)
		return NULL;
	t->columns = columns;
	c = &columns[t->n_columns];
	*c = (struct column){
		.id = strdup(id),
		.heading = strdup(heading),
		.width = strlen(heading),
	};
	if (!c->id || !c->heading) {
		free(c->id);
		free(c->heading);
		return NULL;
	}
	t->n_columns++;
	return c;
}

static struct column *find_column(struct table *t, const char *id,
				  const char *heading)
{
	size_t i;

	for (i = 0; i < t->n_columns; i++) {
		if (!strcmp(t->columns[i].id, id))
			return &t->columns[i];
	}
	return add_column(t, id, heading);
}

/* The place of a cell in the last row, which may know fewer columns yet. */
static char **make_cell(struct table *t, size_t column)
{
	struct row *row = &t->rows[t->n_rows - 1];

	if (column >= row->n) {
		size_t n = t->n_columns;
		char **cells = reallocarray(row->cells, n, sizeof(*cells));

		if (!cells)
			return NULL;
		memset(cells + row->n, 0, (n - row->n) * sizeof(*cells));
		row->cells = cells;
		row->n = n;
	}
	return &row->cells[column];
}

static const char *cell_of(const struct table *t, size_t i, size_t column)
{
	const struct row *row = &t->rows[i];

	return column < row->n ? row->cells[column] : NULL;
}

/* Texts may come from a daemon, and through it from a stranger. */
static char *printable(const char *text)
{
	char *copy = strdup(text);
	char *c;

	for (c = copy; c && *c; c++) {
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
			*c = '?';
	}
	return copy;
}

int table_cell(struct table *t, const char *id, const char *heading,
	       const char *text, bool right)
{
	struct column *c;
	char **cell;

	if (!t->n_rows)
		return -ENOMEM;
	c = find_column(t, id, heading);
	cell = c ? make_cell(t, c - t->columns) : NULL;
	if (!cell)
		return -ENOMEM;
	free(*cell);
	*cell = printable(text);
	if (!*cell)
		return -ENOMEM;
	c->right |= right;
	if (strlen(*cell) > c->width)
		c->width = strlen(*cell);
	return 0;
}

/* No blanks at the end of a line. */
static void write_aligned(const struct table *t, FILE *out, size_t i,
			  const char *text)
{
	const struct column *c = &t->columns[i];
	bool last = i + 1 == t->n_columns;
	int width = c->width;

	if (c->right)
		fprintf(out, "%*s", width, text);
	else if (last)
		fputs(text, out);
	else
		fprintf(out, "%-*s", width, text);
	fputs(last ? "\n" : "  ", out);
}

void table_write(const struct table *t, FILE *out)
{
	size_t i, c;

	if (!t->n_rows)
		return;
	for (c = 0; c < t->n_columns; c++)
		write_aligned(t, out, c, t->columns[c].heading);
	for (i = 0; i < t->n_rows; i++) {
		for (c = 0; c < t->n_columns; c++)
			write_aligned(t, out, c, cell_of(t, i, c) ?: "-");
	}
}

void table_write_records(const struct table *t, FILE *out)
{
	int width = 0;
	size_t i, c;

	for (c = 1; c < t->n_columns; c++) {
		if ((int)strlen(t->columns[c].heading) > width)
			width = strlen(t->columns[c].heading);
	}
	for (i = 0; i < t->n_rows; i++) {
		fprintf(out, "%s%s\n", i ? "\n" : "",
			cell_of(t, i, 0) ?: "-");
		for (c = 1; c < t->n_columns; c++) {
			const char *cell = cell_of(t, i, c);

			if (cell)
				fprintf(out, "    %-*s  %s\n", width,
					t->columns[c].heading, cell);
		}
	}
}

void table_write_lines(const struct table *t, FILE *out)
{
	size_t i, c;

	for (i = 0; i < t->n_rows; i++) {
		const char *blank = "";

		for (c = 0; c < t->n_columns; c++) {
			const char *heading = t->columns[c].heading;
			const char *cell = cell_of(t, i, c);

			if (!cell)
				continue;
			fprintf(out, "%s%s%s%s", blank, heading,
				*heading ? " " : "", cell);
			blank = " ";
		}
		fputc('\n', out);
	}
}
