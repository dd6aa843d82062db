// SPDX-License-Identifier: GPL-2.0-or-later
/* The command, and a daemon in a child that answers what it is told to. */
#include "tests/ctl_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/ctl.h"

#define LINE_LEN	512

int ctl_listener = -1;

int ctl_open(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)state;
	/* Abstract names belong to a network namespace. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) && unshare(CLONE_NEWNET))
		return 0;
	ctl_listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(addr.sun_path + 1, CTL_SOCKET_NAME, strlen(CTL_SOCKET_NAME));
	if (bind(ctl_listener, (struct sockaddr *)&addr,
		 offsetof(struct sockaddr_un, sun_path) + 1 +
			 strlen(CTL_SOCKET_NAME)) ||
	    listen(ctl_listener, 1))
		return -1;
	return 0;
}

int ctl_close(void **state)
{
	(void)state;
	if (ctl_listener >= 0)
		close(ctl_listener);
	ctl_listener = -1;
	return 0;
}

/* In a child: a connection, and the line that comes by it. */
static int take_line(char line[LINE_LEN])
{
	int fd = accept(ctl_listener, NULL, NULL);
	size_t len = 0;

	memset(line, 0, LINE_LEN);
	while (len < LINE_LEN - 1 && !strchr(line, '\n')) {
		ssize_t n = read(fd, line + len, LINE_LEN - 1 - len);

		if (n <= 0)
			_exit(2);
		len += (size_t)n;
	}
	return fd;
}

/* Takes a line, which must be @request; answers in two pieces. */
static void serve(const char *request, const char *reply)
{
	size_t half = strlen(reply) / 2;
	char line[LINE_LEN];
	int fd = take_line(line);

	if (strcmp(line, request))
		_exit(3);
	if (write(fd, reply, half) != (ssize_t)half ||
	    write(fd, reply + half, strlen(reply) - half) < 0)
		_exit(4);
	close(fd);
}

int ctl_run(const char *line, char **out, char **err)
{
	char words[256], *argv[32], *word, *save = NULL;
	size_t out_size, err_size;
	FILE *o = open_memstream(out, &out_size);
	FILE *e = open_memstream(err, &err_size);
	int argc = 0, code;

	snprintf(words, sizeof(words), "%s", line);
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	code = cli_run(argc, argv, o, e);
	fclose(o);
	fclose(e);
	return code;
}

void ctl_prints(const char *line, int code, const char *out, const char *err)
{
	char *got_out, *got_err;
	int got = ctl_run(line, &got_out, &got_err);

	if (got != code || strcmp(got_out, out) || strcmp(got_err, err))
		fail_msg("%s: %d: %s%s", line, got, got_out, got_err);
	free(got_out);
	free(got_err);
}

void ctl_needed(void)
{
	if (ctl_listener < 0)
		skip();
}

pid_t ctl_begin_talk(const char *const *exchanges)
{
	pid_t pid;

	ctl_needed();
	pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	for (; *exchanges; exchanges += 2)
		serve(exchanges[0], exchanges[1]);
	_exit(0);
}

pid_t ctl_begin(const char *request, const char *reply)
{
	const char *const exchange[] = { request, reply, NULL };

	return ctl_begin_talk(exchange);
}

pid_t ctl_serve(const char *const *replies, size_t n)
{
	char line[LINE_LEN];
	size_t i = 0;
	pid_t pid;

	ctl_needed();
	pid = fork();
	assert_true(pid >= 0);
	while (!pid) {
		size_t len = strlen(replies[i]);
		int fd = take_line(line);

		if (write(fd, replies[i], len) != (ssize_t)len)
			_exit(4);
		close(fd);
		i += i < n - 1;
	}
	return pid;
}

void ctl_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_true(waitpid(pid, NULL, 0) == pid);
}

void ctl_end(pid_t pid)
{
	int status;

	assert_true(waitpid(pid, &status, 0) == pid);
	assert_int_equal(status, 0);
}

void ctl_talk(const char *line, const char *request, const char *reply, int code,
	  const char *out, const char *err)
{
	pid_t pid = ctl_begin(request, reply);

	ctl_prints(line, code, out, err);
	ctl_end(pid);
}
