// SPDX-License-Identifier: GPL-2.0-or-later
/* Other programs: starting them, hearing them out, seeing them off. */
#include "cli/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The first call of nft has the kernel load modules, which may take a while. */
#define TIMEOUT_MS	30000

/* A firewall with tens of thousands of rules says that much. */
#define TEXT_MAX	(16 << 20)

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* The descriptor @wanted goes into the pipe, the other one nowhere. */
static int start(char *const argv[], int fd, int wanted, pid_t *pid)
{
	int other = wanted == STDOUT_FILENO ? STDERR_FILENO : STDOUT_FILENO;
	posix_spawn_file_actions_t actions;
	int err;

	err = posix_spawn_file_actions_init(&actions);
	if (err)
		return -err;
	err = posix_spawn_file_actions_adddup2(&actions, fd, wanted);
	if (!err)
		err = posix_spawn_file_actions_addopen(&actions, other,
						       "/dev/null", O_WRONLY,
						       0);
	if (!err)
		err = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
						       "/dev/null", O_RDONLY,
						       0);
	if (!err)
		err = posix_spawnp(pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -err;
}

/* Waits for more; 0 or a negative errno. */
static int wait_readable(int fd, int64_t end)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	int64_t left = end - now_ms();
	int n;

	if (left <= 0)
		return -ETIMEDOUT;
	n = poll(&p, 1, left);
	if (n < 0 && errno != EINTR)
		return -errno;
	return 0;
}

/* Until the other side closes it. */
static int read_all(int fd, char **text)
{
	int64_t end = now_ms() + TIMEOUT_MS;
	size_t len = 0, room = 0;
	char *grown;
	ssize_t n;
	int err;

	for (;;) {
		if (room - len < 2) {
			room = room ? 2 * room : 65536;
			grown = room > TEXT_MAX ? NULL : realloc(*text, room);
			if (!grown)
				return room > TEXT_MAX ? -EFBIG : -ENOMEM;
			*text = grown;
		}
		(*text)[len] = '\0';
		err = wait_readable(fd, end);
		if (err)
			return err;
		n = read(fd, *text + len, room - len - 1);
		if (!n)
			return 0;
		if (n > 0)
			len += n;
		else if (errno != EINTR && errno != EAGAIN)
			return -errno;
	}
}

static int end(pid_t pid, int err)
{
	int status;

	if (err)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	if (err)
		return err;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -ECHILD;
}

int spawn_read(char *const argv[], bool complaints, char **text)
{
	int fds[2], err;
	pid_t pid;

	*text = NULL;
	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK))
		return -errno;
	/* The program's own end of the pipe blocks, as it expects. */
	fcntl(fds[1], F_SETFL, 0);
	err = start(argv, fds[1],
		    complaints ? STDERR_FILENO : STDOUT_FILENO, &pid);
	close(fds[1]);
	if (!err)
		err = end(pid, read_all(fds[0], text));
	close(fds[0]);
	if (err < 0) {
		free(*text);
		*text = NULL;
	}
	return err;
}
