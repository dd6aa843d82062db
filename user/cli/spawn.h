/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other programs, of which only what they say is wanted. */
#ifndef CLI_SPAWN_H
#define CLI_SPAWN_H

#include <stdbool.h>

/**
 * spawn_read() - run a program to its end
 * @argv: its name, looked for in PATH, and its arguments; ends with NULL
 * @complaints: what it says on standard error is wanted, and not its output
 * @text: set on success to what it said, for free()
 *
 * A program that takes longer than some seconds is ended, and what is beyond
 * some megabytes is an error.
 *
 * Return: its exit status; -ENOENT without such a program; another negative
 * errno when it could not be run or did not come to an end of its own.
 */
int spawn_read(char *const argv[], bool complaints, char **text);

#endif /* CLI_SPAWN_H */
