// SPDX-License-Identifier: GPL-2.0-or-later
/* The event loop over libevent, which only the resolver sees besides. */
#include "daemon/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

#include "lib/log.h"

struct nh_loop {
	struct event_base *base;	/* NULL: manual */
	struct event *wake;		/* for the timer due first */
	struct nh_timerq timers;
	uint64_t manual_now;
	bool manual_stop;
	uint32_t seed;
};

struct nh_watch {
	struct event *event;
	void (*fn)(void *arg, unsigned int what);
	void *arg;
	bool is_signal;
};

static void run_due(struct nh_loop *loop);

static void arm(struct nh_loop *loop)
{
	const struct nh_timer *first = nh_timerq_first(&loop->timers);
	struct timeval tv = { 0 };
	uint64_t now, wait = 0;

	if (!loop->base)
		return;
	if (!first) {
		event_del(loop->wake);
		return;
	}
	now = nh_loop_now(loop);
	if (first->due > now)
		wait = first->due - now;
	tv.tv_sec = (time_t)(wait / 1000);
	tv.tv_usec = (suseconds_t)(wait % 1000 * 1000);
	event_add(loop->wake, &tv);
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct nh_loop *loop = arg;

	(void)fd;
	(void)what;
	run_due(loop);
	arm(loop);
}

static void run_due(struct nh_loop *loop)
{
	uint64_t now = nh_loop_now(loop);
	struct nh_timer *first;

	while ((first = nh_timerq_first(&loop->timers)) && first->due <= now) {
		nh_timerq_del(&loop->timers, first);
		first->fn(first->arg);
	}
}

struct nh_loop *nh_loop_new(void)
{
	struct nh_loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return NULL;
	loop->base = event_base_new();
	if (loop->base)
		loop->wake = event_new(loop->base, -1, 0, on_wake, loop);
	if (!loop->wake) {
		nh_loop_free(loop);
		return NULL;
	}
	return loop;
}

struct nh_loop *nh_loop_new_manual(uint32_t seed)
{
	struct nh_loop *loop = calloc(1, sizeof(*loop));

	if (loop) {
		loop->seed = seed;
		loop->manual_now = 1000;
	}
	return loop;
}

void nh_loop_free(struct nh_loop *loop)
{
	if (!loop)
		return;
	nh_timerq_free(&loop->timers);
	if (loop->wake)
		event_free(loop->wake);
	if (loop->base)
		event_base_free(loop->base);
	free(loop);
}

uint64_t nh_loop_now(const struct nh_loop *loop)
{
	struct timespec ts;

	if (!loop->base)
		return loop->manual_now;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

uint32_t nh_loop_random(struct nh_loop *loop)
{
	uint32_t v;

	if (loop->base && getrandom(&v, sizeof(v), 0) == sizeof(v))
		return v;
	/* xorshift: only for manual loops, and a kernel without entropy. */
	v = loop->seed ? loop->seed : 2463534242u;
	v ^= v << 13;
	v ^= v >> 17;
	v ^= v << 5;
	loop->seed = v;
	return v;
}

uint32_t nh_loop_jitter(struct nh_loop *loop, uint32_t value,
			unsigned int percent)
{
	uint32_t span = (uint32_t)((uint64_t)value * percent / 100);

	if (!span)
		return value;
	return value - span + nh_loop_random(loop) % (2 * span + 1);
}

static void run_manual(struct nh_loop *loop)
{
	const struct nh_timer *first;
	uint64_t now;

	loop->manual_stop = false;
	while (!loop->manual_stop &&
	       (first = nh_timerq_first(&loop->timers))) {
		now = loop->manual_now;
		nh_loop_advance(loop, first->due > now ? first->due - now : 0);
	}
}

int nh_loop_run(struct nh_loop *loop)
{
	if (!loop->base) {
		run_manual(loop);
		return 0;
	}
	return event_base_dispatch(loop->base) < 0 ? -EIO : 0;
}

void nh_loop_stop(struct nh_loop *loop)
{
	loop->manual_stop = true;
	if (loop->base)
		event_base_loopbreak(loop->base);
}

void nh_loop_advance(struct nh_loop *loop, uint64_t ms)
{
	uint64_t end = loop->manual_now + ms;
	const struct nh_timer *first;

	while ((first = nh_timerq_first(&loop->timers)) && first->due <= end) {
		if (first->due > loop->manual_now)
			loop->manual_now = first->due;
		run_due(loop);
	}
	loop->manual_now = end;
}

void nh_loop_set(struct nh_loop *loop, struct nh_timer *timer, uint64_t ms)
{
	if (nh_timerq_add(&loop->timers, timer, nh_loop_now(loop) + ms))
		nh_error(NULL, NULL, "out of memory: a timer is not set");
	arm(loop);
}

void nh_loop_cancel(struct nh_loop *loop, struct nh_timer *timer)
{
	if (!nh_timer_is_set(timer))
		return;
	nh_timerq_del(&loop->timers, timer);
	arm(loop);
}

static void on_event(evutil_socket_t fd, short what, void *arg)
{
	struct nh_watch *watch = arg;
	unsigned int events = 0;

	if (watch->is_signal) {
		watch->fn(watch->arg, (unsigned int)fd);
		return;
	}
	if (what & EV_READ)
		events |= NH_LOOP_READ;
	if (what & EV_WRITE)
		events |= NH_LOOP_WRITE;
	watch->fn(watch->arg, events);
}

static struct nh_watch *watch_new(struct nh_loop *loop, int fd, short what,
				  void (*fn)(void *arg, unsigned int events),
				  void *arg)
{
	struct nh_watch *watch;

	if (!loop->base)
		return NULL;
	watch = calloc(1, sizeof(*watch));
	if (!watch)
		return NULL;
	watch->fn = fn;
	watch->arg = arg;
	watch->is_signal = what & EV_SIGNAL;
	watch->event = event_new(loop->base, fd, what | EV_PERSIST, on_event,
				 watch);
	if (!watch->event || event_add(watch->event, NULL) < 0) {
		nh_watch_free(watch);
		return NULL;
	}
	return watch;
}

struct nh_watch *nh_loop_watch(struct nh_loop *loop, int fd,
			       unsigned int events,
			       void (*fn)(void *arg, unsigned int events),
			       void *arg)
{
	short what = 0;

	if (events & NH_LOOP_READ)
		what |= EV_READ;
	if (events & NH_LOOP_WRITE)
		what |= EV_WRITE;
	return watch_new(loop, fd, what, fn, arg);
}

struct event_base *nh_loop_base(const struct nh_loop *loop)
{
	return loop->base;
}

struct nh_watch *nh_loop_signal(struct nh_loop *loop, int signo,
				void (*fn)(void *arg, unsigned int signo),
				void *arg)
{
	return watch_new(loop, signo, EV_SIGNAL, fn, arg);
}

void nh_watch_free(struct nh_watch *watch)
{
	if (!watch)
		return;
	if (watch->event)
		event_free(watch->event);
	free(watch);
}
