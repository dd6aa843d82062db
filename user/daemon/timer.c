// SPDX-License-Identifier: GPL-2.0-or-later
/* The queue of timers: a binary heap, so that thousands of requests are cheap. */
#include "daemon/timer.h"

#include <errno.h>
#include <stdlib.h>

void nh_timer_init(struct nh_timer *timer, void (*fn)(void *arg), void *arg)
{
	timer->fn = fn;
	timer->arg = arg;
	timer->due = 0;
	timer->slot = 0;
}

static void place(struct nh_timerq *q, size_t slot, struct nh_timer *timer)
{
	q->heap[slot] = timer;
	timer->slot = slot;
}

static void sift_up(struct nh_timerq *q, size_t slot, struct nh_timer *timer)
{
	while (slot > 1 && q->heap[slot / 2]->due > timer->due) {
		place(q, slot, q->heap[slot / 2]);
		slot /= 2;
	}
	place(q, slot, timer);
}

static void sift_down(struct nh_timerq *q, size_t slot, struct nh_timer *timer)
{
	size_t child;

	while ((child = slot * 2) <= q->len) {
		if (child < q->len &&
		    q->heap[child + 1]->due < q->heap[child]->due)
			child++;
		if (q->heap[child]->due >= timer->due)
			break;
		place(q, slot, q->heap[child]);
		slot = child;
	}
	place(q, slot, timer);
}

static int grow(struct nh_timerq *q)
{
	size_t cap = q->cap ? q->cap * 2 : 32;
	struct nh_timer **heap;

	heap = reallocarray(q->heap, cap + 1, sizeof(struct nh_timer *));
	if (!heap)
		return -ENOMEM;
	q->heap = heap;
	q->cap = cap;
	return 0;
}

int nh_timerq_add(struct nh_timerq *q, struct nh_timer *timer, uint64_t due)
{
	nh_timerq_del(q, timer);
	if (q->len == q->cap && grow(q))
		return -ENOMEM;
	timer->due = due;
	q->len++;
	sift_up(q, q->len, timer);
	return 0;
}

void nh_timerq_del(struct nh_timerq *q, struct nh_timer *timer)
{
	size_t slot = timer->slot;
	struct nh_timer *last;

	if (!slot)
		return;
	timer->slot = 0;
	last = q->heap[q->len--];
	if (last == timer)
		return;
	if (slot > 1 && q->heap[slot / 2]->due > last->due)
		sift_up(q, slot, last);
	else
		sift_down(q, slot, last);
}

struct nh_timer *nh_timerq_first(const struct nh_timerq *q)
{
	return q->len ? q->heap[1] : NULL;
}

void nh_timerq_free(struct nh_timerq *q)
{
	size_t i;

	for (i = 1; i <= q->len; i++)
		q->heap[i]->slot = 0;
	free(q->heap);
	*q = (struct nh_timerq){ 0 };
}
