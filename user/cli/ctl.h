/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Client of dmvpnd's control socket. */
#ifndef CLI_CTL_H
#define CLI_CTL_H

#include <stdbool.h>

struct cli;
struct json_object;

/* Abstract name, and so one a network namespace. */
#define CTL_SOCKET_NAME	"dmvpnd"

/**
 * ctl_add() - a member of a request, which must not be without it
 * @value: taken in any case; NULL is what there was no memory for
 *
 * Return: 0, or -1 without memory. What was asked for would be something else
 * without the member: such a request is not to be sent.
 */
int ctl_add(struct json_object *request, const char *key,
	    struct json_object *value);

/** ctl_add_text() - the same for a string */
int ctl_add_text(struct json_object *request, const char *key,
		 const char *text);

/**
 * ctl_request() - ask the daemon
 * @request: one JSON object
 * @quiet: say nothing when the daemon does not run
 * @reply: set on success, for json_object_put()
 *
 * Return: 0, or an exit code after having said why: CLI_NO_SERVICE when the
 * daemon does not run, CLI_REFUSED when it says no or makes no sense.
 */
int ctl_request(struct cli *cli, struct json_object *request, bool quiet,
		struct json_object **reply);

/** ctl_command() - ctl_request() of a command without arguments */
int ctl_command(struct cli *cli, const char *name, bool quiet,
		struct json_object **reply);

#endif /* CLI_CTL_H */
