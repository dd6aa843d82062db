// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/pidfile.h"

/**
 * nh_pidfile_write - write our process id into a file
 * @path: its absolute path; what is in the file is replaced
 *
 * A link is not followed: where others may write, it may lead to any file.
 *
 * Return: 0, or a negative errno; nothing is left behind then.
 */
int nh_pidfile_write(const char *path)
{
	char text[24];
	int err = 0;
	int len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW |
			    O_CLOEXEC, 0644);

	if (fd < 0)
		return -errno;
	if (write(fd, text, (size_t)len) != len)
		err = -EIO;
	if (close(fd))
		err = -errno;
	if (err)
		unlink(path);
	return err;
}
