// SPDX-License-Identifier: GPL-2.0-or-later
/* enterns FILE COMMAND...: run a command in the network namespace of a file.
 *
 * nsenter does it too, and needs as long to start as the command itself. Linked
 * statically this one does not count.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int fd;

	if (argc < 3)
		errx(2, "usage: enterns FILE COMMAND...");
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", argv[1]);
	execvp(argv[2], argv + 2);
	err(errno == ENOENT ? 127 : 126, "%s", argv[2]);
}
