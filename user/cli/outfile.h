/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that others read while it is written anew. */
#ifndef CLI_OUTFILE_H
#define CLI_OUTFILE_H

#include <stdio.h>

/**
 * struct outfile - a file being written
 * @path: the file
 * @temporary: what is written until it is complete, beside @path
 * @out: to be written to
 */
struct outfile {
	const char *path;
	char *temporary;
	FILE *out;
};

/**
 * outfile_open() - begin to write
 * @path: must stay
 *
 * Return: 0 or a negative errno.
 */
int outfile_open(struct outfile *file, const char *path);

/**
 * outfile_commit() - put what was written in the place of the file
 *
 * Who reads @path gets the old content or all of the new one.
 *
 * Return: 0 or a negative errno; the old content is left then.
 */
int outfile_commit(struct outfile *file);

/** outfile_discard() - leave the file as it was */
void outfile_discard(struct outfile *file);

#endif /* CLI_OUTFILE_H */
