/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the programs of the benchmark have in common: arguments and time. */
#ifndef BENCH_NUMBER_H
#define BENCH_NUMBER_H

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/* Packets that are handed to the kernel at once */
#define BATCH	64

static inline unsigned long number(const char *text, unsigned long least,
				   unsigned long most)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (!*text || *end || n < least || n > most)
		errx(2, "'%s': not a number from %lu to %lu", text, least,
		     most);
	return n;
}

static inline uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

#endif /* BENCH_NUMBER_H */
