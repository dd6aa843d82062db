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
