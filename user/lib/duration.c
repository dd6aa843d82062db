// SPDX-License-Identifier: GPL-2.0-or-later
/* Lengths of time as text for people. */
#include "lib/duration.h"

#include <inttypes.h>
#include <stdio.h>

#define MINUTE	60
#define HOUR	(60 * MINUTE)
#define DAY	(24 * HOUR)

char *nh_duration_format(uint64_t ms, char *buf, size_t size)
{
	uint64_t s = ms / 1000;

	if (s < DAY)
		snprintf(buf, size, "%02u:%02u:%02u", (unsigned int)(s / HOUR),
			 (unsigned int)(s % HOUR / MINUTE),
			 (unsigned int)(s % MINUTE));
	else
		snprintf(buf, size, "%" PRIu64 "d%uh", s / DAY,
			 (unsigned int)(s % DAY / HOUR));
	return buf;
}
