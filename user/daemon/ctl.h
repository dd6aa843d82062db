/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket: one line of JSON each way. */
#ifndef NH_CTL_H
#define NH_CTL_H

#include <stddef.h>

struct nh_ctl;
struct nh_daemon;

/* Abstract name, and so one a network namespace. */
#define NH_CTL_NAME	"dmvpnd"
/* Longest request, with its newline. */
#define NH_CTL_LINE_MAX	4096

/**
 * nh_ctl_open() - listen
 * @ctl: set on success, to be given to nh_ctl_close()
 *
 * Return: 0; -EADDRINUSE when a daemon runs in this network namespace; -EPERM
 * when another user has taken its name.
 */
int nh_ctl_open(struct nh_ctl **ctl, struct nh_daemon *daemon);

void nh_ctl_close(struct nh_ctl *ctl);

/**
 * nh_ctl_answer() - what a request is answered
 * @line: the request, of any octets
 * @len: its length
 *
 * Return: a line with its newline for free(), or NULL without memory.
 */
char *nh_ctl_answer(struct nh_daemon *daemon, const char *line, size_t len);

#endif /* NH_CTL_H */
