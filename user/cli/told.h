/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands that show what the daemon tells of its devices. */
#ifndef CLI_TOLD_H
#define CLI_TOLD_H

#include "cli/print.h"

struct cli;
struct json_object;

/**
 * struct told - what such a command asks for, and how it looks
 * @command: to the daemon
 * @member: list of its answer, an object a device or more
 * @layout: of text
 * @change: applied to an object before it becomes text; NULL: none
 */
struct told {
	const char *command;
	const char *member;
	enum print_layout layout;
	void (*change)(struct json_object *facts);
};

/**
 * told_show() - ask, and print what is about the device of the first argument
 * @told: what for
 *
 * Return: an exit code.
 */
int told_show(struct cli *cli, const struct told *told);

#endif /* CLI_TOLD_H */
