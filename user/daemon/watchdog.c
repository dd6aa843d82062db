// SPDX-License-Identifier: GPL-2.0-or-later
/* Signs of life for the service manager, from the event loop. */
#include "daemon/watchdog.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/loop.h"
#include "daemon/notify.h"

/* A number from the environment; 0 when there is none, or no number. */
static uint64_t from_environment(const char *name)
{
	const char *text = getenv(name);
	unsigned long long value;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoull(text, &end, 10);
	return errno || *end ? 0 : value;
}

static void alive(void *arg)
{
	struct nh_watchdog *dog = arg;

	nh_notify("WATCHDOG=1");
	nh_loop_set(dog->loop, &dog->timer, dog->every_ms);
}

void nh_watchdog_start(struct nh_watchdog *dog, struct nh_loop *loop)
{
	uint64_t limit_us = from_environment("WATCHDOG_USEC");

	dog->loop = loop;
	dog->every_ms = limit_us / 2000;
	nh_timer_init(&dog->timer, alive, dog);
	/* The variables may have been meant for the process that started us. */
	if (getenv("WATCHDOG_PID") &&
	    from_environment("WATCHDOG_PID") != (uint64_t)getpid())
		dog->every_ms = 0;
	if (dog->every_ms)
		alive(dog);
}

void nh_watchdog_stop(struct nh_watchdog *dog)
{
	if (dog->every_ms)
		nh_loop_cancel(dog->loop, &dog->timer);
	dog->every_ms = 0;
}
