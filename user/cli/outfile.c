// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that others read while it is written anew: beside it, then renamed. */
#include "cli/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void forget(struct outfile *file)
{
	free(file->temporary);
	*file = (struct outfile){ 0 };
}

int outfile_open(struct outfile *file, const char *path)
{
	struct stat st;
	int fd, err;

	*file = (struct outfile){ .path = path };
	/* Renaming would put a file in the place of a device, or of a link. */
	if (!lstat(path, &st) && !S_ISREG(st.st_mode))
		return -EINVAL;
	/* In the same directory, without which it cannot be renamed. Readers
	 * that take all files with a certain ending do not take this one.
	 */
	if (asprintf(&file->temporary, "%s.XXXXXX", path) < 0) {
		file->temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(file->temporary, O_CLOEXEC);
	if (fd >= 0) {
		/* Made for us alone; but others are to read it. */
		if (!fchmod(fd, 0644))
			file->out = fdopen(fd, "w");
		if (file->out)
			return 0;
	}
	err = -errno;
	if (fd >= 0) {
		close(fd);
		unlink(file->temporary);
	}
	forget(file);
	return err;
}

int outfile_commit(struct outfile *file)
{
	bool failed = ferror(file->out);
	int err = failed ? -EIO : 0;

	/* A full disk may show no earlier than here. */
	if (fclose(file->out) && !err)
		err = -errno;
	if (!err && rename(file->temporary, file->path))
		err = -errno;
	if (err)
		unlink(file->temporary);
	forget(file);
	return err;
}

void outfile_discard(struct outfile *file)
{
	fclose(file->out);
	unlink(file->temporary);
	forget(file);
}
