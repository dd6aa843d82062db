// SPDX-License-Identifier: GPL-2.0-or-later
/* Settings and facts that the kernel shows as files. */
#include "cli/sysctl.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_LEN	128

int file_line(const char *path, char *line, unsigned int size)
{
	FILE *f = fopen(path, "re");

	line[0] = '\0';
	if (!f)
		return -errno;
	if (!fgets(line, size, f))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fclose(f);
	return 0;
}

int sysctl_number(const char *fmt, ...)
{
	char path[PATH_LEN] = "/proc/sys/net/", line[32], *rest;
	size_t len = strlen(path);
	va_list ap;
	long value;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(path + len, sizeof(path) - len, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(path) - len ||
	    file_line(path, line, sizeof(line)))
		return -1;
	value = strtol(line, &rest, 10);
	return rest == line || *rest || value < 0 || value > INT_MAX ? -1 :
								       value;
}
