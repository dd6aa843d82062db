/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Signs of life for the service manager, from the event loop. */
#ifndef NH_WATCHDOG_H
#define NH_WATCHDOG_H

#include <stdint.h>

#include "daemon/timer.h"

struct nh_loop;

/**
 * struct nh_watchdog - signs of life that the service manager waits for
 * @loop: they come from; a loop that hangs gives none
 * @timer: of the next one
 * @every_ms: milliseconds between two; 0: nobody waits for any
 */
struct nh_watchdog {
	struct nh_loop *loop;
	struct nh_timer timer;
	uint64_t every_ms;
};

/**
 * nh_watchdog_start() - give them, if $WATCHDOG_USEC asks this process to
 *
 * Twice as often as asked for, so that one may be late (sd_watchdog_enabled(3)).
 */
void nh_watchdog_start(struct nh_watchdog *dog, struct nh_loop *loop);

/** nh_watchdog_stop() - no more of them */
void nh_watchdog_stop(struct nh_watchdog *dog);

#endif /* NH_WATCHDOG_H */
