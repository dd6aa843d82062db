/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Settings of the kernel's network, of this network namespace. */
#ifndef CLI_SYSCTL_H
#define CLI_SYSCTL_H

/**
 * sysctl_number() - read one that is a number
 * @fmt: path below /proc/sys/net
 *
 * Return: the number; -1 when there is no such setting, or none that is one.
 */
int sysctl_number(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** file_line() - the first line of a file, as far as there is room; 0 or -errno */
int file_line(const char *path, char *line, unsigned int size);

#endif /* CLI_SYSCTL_H */
