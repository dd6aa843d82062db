/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command, and a daemon in a child that answers what it is told to. */
#ifndef TESTS_CTL_RIG_H
#define TESTS_CTL_RIG_H

#include <sys/types.h>

/* The daemon's socket; -1 without a network namespace of our own. */
extern int listener;

/* Of a group of tests, before it and after it. */
int open_listener(void **state);
int close_listener(void **state);

/** run() - run the command; @line: its arguments, @out, @err: for free() */
int run(const char *line, char **out, char **err);

/** prints() - the command says exactly this, without a daemon */
void prints(const char *line, int code, const char *out, const char *err);

/**
 * begin_talk() - a daemon in a child; skips the test without a socket
 * @exchanges: what it must be asked and what it answers, in turns; ends with NULL
 *
 * Each exchange is a connection of its own.
 */
pid_t begin_talk(const char *const *exchanges);

/** begin_daemon() - one for a single exchange */
pid_t begin_daemon(const char *request, const char *reply);

/** end_daemon() - it was asked what it should be */
void end_daemon(pid_t pid);

/** talk() - the command asks the daemon this, and says exactly that */
void talk(const char *line, const char *request, const char *reply, int code,
	  const char *out, const char *err);

#endif /* TESTS_CTL_RIG_H */
