/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lengths of time as text for people. */
#ifndef NH_DURATION_H
#define NH_DURATION_H

#include <stddef.h>
#include <stdint.h>

/* Room for the longest text, with its NUL. */
#define NH_DURATION_STRLEN	32

/**
 * nh_duration_format() - write a length of time as Cisco's show commands do
 * @ms: milliseconds; parts of a second are dropped
 * @buf: receives "00:01:23" below a day, "1d2h" from there on
 * @size: of @buf, NH_DURATION_STRLEN is always enough
 *
 * Return: @buf, so that the call can stand in an argument list.
 */
char *nh_duration_format(uint64_t ms, char *buf, size_t size);

#endif /* NH_DURATION_H */
