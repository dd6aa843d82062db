// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing: configurations as files, all of them or none. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/import_tunnel.h"

#define NAME_LEN	(IFNAMSIZ + 32)

/* dmvpnd reads names that end in .conf and do not begin with a dot. */
static void names(const struct import_tunnel *t, char name[NAME_LEN],
		  char temp[NAME_LEN])
{
	snprintf(name, NAME_LEN, "%s.conf", t->device);
	snprintf(temp, NAME_LEN, ".%s.%d", t->device, (int)getpid());
}

__attribute__((format(printf, 3, 4)))
static int tell(char *error, size_t size, const char *fmt, ...)
{
	int err = -errno;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(error, size, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < size)
		snprintf(error + n, size - (size_t)n, ": %s", strerror(-err));
	return err;
}

/* The file may have a secret in it: it is the owner's alone from the start. */
static int write_temp(int dir, const char *temp, const struct import_tunnel *t)
{
	int fd = openat(dir, temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
			O_NOFOLLOW, 0600);
	FILE *file;
	bool bad;

	if (fd < 0)
		return -1;
	file = fdopen(fd, "w");
	if (!file) {
		close(fd);
		unlinkat(dir, temp, 0);
		return -1;
	}
	import_write(t, file);
	bad = fflush(file) || fsync(fd);
	bad |= ferror(file) != 0;
	if (!fclose(file) && !bad)
		return 0;
	unlinkat(dir, temp, 0);
	return -1;
}

static void remove_temps(const struct import *in, int dir, size_t n)
{
	char name[NAME_LEN], temp[NAME_LEN];
	size_t i;

	for (i = 0; i < n; i++) {
		names(in->tunnel[i], name, temp);
		unlinkat(dir, temp, 0);
	}
}

static int write_temps(const struct import *in, int dir, const char *path,
		       char *error, size_t size)
{
	char name[NAME_LEN], temp[NAME_LEN];
	struct stat st;
	size_t i;
	int err;

	for (i = 0; i < in->ntunnel; i++) {
		names(in->tunnel[i], name, temp);
		errno = EEXIST;
		if (!fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) ||
		    errno != ENOENT || write_temp(dir, temp, in->tunnel[i])) {
			err = tell(error, size, "%s/%s", path, name);
			remove_temps(in, dir, i);
			return err;
		}
	}
	return 0;
}

/* link(), unlike rename(), does not replace what has come up meanwhile. */
static int put_in_place(const struct import *in, int dir, const char *path,
			char *error, size_t size)
{
	char name[NAME_LEN], temp[NAME_LEN];
	size_t i;
	int err;

	for (i = 0; i < in->ntunnel; i++) {
		names(in->tunnel[i], name, temp);
		if (!linkat(dir, temp, dir, name, 0))
			continue;
		err = tell(error, size, "%s/%s", path, name);
		while (i--) {
			names(in->tunnel[i], name, temp);
			unlinkat(dir, name, 0);
		}
		return err;
	}
	return 0;
}

int import_save(const struct import *in, const char *path, char *error,
		size_t size)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int err;

	if (dir < 0)
		return tell(error, size, "%s", path);
	err = write_temps(in, dir, path, error, size);
	if (!err) {
		err = put_in_place(in, dir, path, error, size);
		remove_temps(in, dir, in->ntunnel);
	}
	if (!err)
		fsync(dir);
	close(dir);
	return err;
}
