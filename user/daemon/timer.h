/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers in a queue ordered by due time; the queue knows no clock. */
#ifndef NH_TIMER_H
#define NH_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct nh_timer - one timer, embedded in the object that it is for
 * @fn: called when due; may set the timer again, or free its object
 * @arg: for @fn
 * @due: milliseconds of the loop's clock
 * @slot: place in the queue, from 1; 0 when not set
 */
struct nh_timer {
	void (*fn)(void *arg);
	void *arg;
	uint64_t due;
	size_t slot;
};

/**
 * struct nh_timerq - binary heap of the timers that are set
 * @heap: the timer due first is @heap[1]
 * @len: timers set
 * @cap: room in @heap, without the unused place 0
 */
struct nh_timerq {
	struct nh_timer **heap;
	size_t len;
	size_t cap;
};

void nh_timer_init(struct nh_timer *timer, void (*fn)(void *arg), void *arg);

static inline bool nh_timer_is_set(const struct nh_timer *timer)
{
	return timer->slot != 0;
}

/**
 * nh_timerq_add() - set a timer, or set it to another time
 *
 * Return: 0, or -ENOMEM; a timer that was set before never fails.
 */
int nh_timerq_add(struct nh_timerq *q, struct nh_timer *timer, uint64_t due);

/** nh_timerq_del() - take a timer out; nothing happens when it is not set */
void nh_timerq_del(struct nh_timerq *q, struct nh_timer *timer);

/** nh_timerq_first() - the timer due first, or NULL */
struct nh_timer *nh_timerq_first(const struct nh_timerq *q);

/** nh_timerq_free() - drop the queue; the timers belong to others */
void nh_timerq_free(struct nh_timerq *q);

#endif /* NH_TIMER_H */
