/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop: clock, chance, timers, descriptors and signals. */
#ifndef NH_LOOP_H
#define NH_LOOP_H

#include "daemon/timer.h"

struct event_base;
struct nh_loop;
struct nh_watch;

enum nh_loop_events {
	NH_LOOP_READ	= 1,
	NH_LOOP_WRITE	= 2,
};

/** nh_loop_new() - a loop that runs by the machine's monotonic clock */
struct nh_loop *nh_loop_new(void);

/**
 * nh_loop_new_manual() - a loop whose time passes only when told
 * @seed: of nh_loop_random(), which then repeats itself
 *
 * By nh_loop_advance() and nh_loop_run(). For tests: no descriptors and no
 * signals.
 */
struct nh_loop *nh_loop_new_manual(uint32_t seed);

/** nh_loop_free() - timers that are set are dropped, watches must be gone */
void nh_loop_free(struct nh_loop *loop);

/** nh_loop_now() - milliseconds since some fixed moment; never goes back */
uint64_t nh_loop_now(const struct nh_loop *loop);

/** nh_loop_random() - 32 bits that nobody outside can foresee */
uint32_t nh_loop_random(struct nh_loop *loop);

/** nh_loop_jitter() - @value changed by chance by up to @percent of it */
uint32_t nh_loop_jitter(struct nh_loop *loop, uint32_t value,
			unsigned int percent);

/**
 * nh_loop_run() - until nh_loop_stop()
 *
 * On a manual loop time passes from timer to timer, as long as there are any.
 *
 * Return: 0 or a negative errno.
 */
int nh_loop_run(struct nh_loop *loop);

void nh_loop_stop(struct nh_loop *loop);

/** nh_loop_advance() - let @ms pass on a manual loop, timer by timer */
void nh_loop_advance(struct nh_loop *loop, uint64_t ms);

/**
 * nh_loop_set() - call the timer's function in @ms milliseconds
 *
 * A timer already set is set anew. Out of memory is logged and fires nothing:
 * whoever waits for a peer waits for the peer's next word then.
 */
void nh_loop_set(struct nh_loop *loop, struct nh_timer *timer, uint64_t ms);

void nh_loop_cancel(struct nh_loop *loop, struct nh_timer *timer);

/**
 * nh_loop_watch() - call @fn whenever @fd is ready
 * @events: enum nh_loop_events
 *
 * Return: the watch, or NULL (out of memory, or a manual loop).
 */
struct nh_watch *nh_loop_watch(struct nh_loop *loop, int fd,
			       unsigned int events,
			       void (*fn)(void *arg, unsigned int events),
			       void *arg);

/** nh_loop_base() - for the resolver; NULL of a manual loop */
struct event_base *nh_loop_base(const struct nh_loop *loop);

/** nh_loop_signal() - call @fn in the loop when the process gets @signo */
struct nh_watch *nh_loop_signal(struct nh_loop *loop, int signo,
				void (*fn)(void *arg, unsigned int signo),
				void *arg);

/** nh_watch_free() - end a watch; the descriptor stays open; NULL is fine */
void nh_watch_free(struct nh_watch *watch);

#endif /* NH_LOOP_H */
