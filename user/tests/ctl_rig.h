/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command, and a daemon in a child that answers what it is told to. */
#ifndef TESTS_CTL_RIG_H
#define TESTS_CTL_RIG_H

#include <stddef.h>
#include <sys/types.h>

/* The daemon's socket; -1 without a network namespace of our own. */
extern int ctl_listener;

/* Of a group of tests, before it and after it. */
int ctl_open(void **state);
int ctl_close(void **state);

/** ctl_needed() - skip the test without a socket */
void ctl_needed(void);

/** ctl_run() - run the command; @line: its arguments, @out, @err: for free() */
int ctl_run(const char *line, char **out, char **err);

/** ctl_prints() - the command says exactly this, without a daemon */
void ctl_prints(const char *line, int code, const char *out, const char *err);

/**
 * ctl_begin_talk() - a daemon in a child; skips the test without a socket
 * @exchanges: what it must be asked and what it answers, in turns; ends with NULL
 *
 * Each exchange is a connection of its own.
 */
pid_t ctl_begin_talk(const char *const *exchanges);

/** ctl_begin() - one for a single exchange */
pid_t ctl_begin(const char *request, const char *reply);

/** ctl_serve() - answer all requests, the last reply again and again; ctl_stop() */
pid_t ctl_serve(const char *const *replies, size_t n);
void ctl_stop(pid_t pid);

/** ctl_end() - it was asked what it should be */
void ctl_end(pid_t pid);

/** ctl_talk() - the command asks the daemon this, and says exactly that */
void ctl_talk(const char *line, const char *request, const char *reply, int code,
	  const char *out, const char *err);

#endif /* TESTS_CTL_RIG_H */
