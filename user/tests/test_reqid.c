// SPDX-License-Identifier: GPL-2.0-or-later
/* Timers, token buckets, and requests in flight. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ratelimit.h"
#include "daemon/reqid.h"
#include "lib/log.h"
#include "nhrp/proto.h"

static struct nh_loop *loop;
static struct nh_requests table;

static void quiet(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

static int setup(void **state)
{
	(void)state;
	nh_log_sink(quiet, NULL);
	loop = nh_loop_new_manual(1);
	nh_requests_init(&table, loop);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	nh_requests_free(&table);
	nh_loop_free(loop);
	return 0;
}

#define NTIMERS	200

static struct nh_timer timers[NTIMERS];
static uint64_t fired_last;
static unsigned int fired;

static void fire(void *arg)
{
	struct nh_timer *timer = arg;

	/* In order, at its time, and out of the queue. */
	assert_true(timer->due >= fired_last);
	assert_int_equal(nh_loop_now(loop), timer->due);
	assert_false(nh_timer_is_set(timer));
	fired_last = timer->due;
	fired++;
}

static void test_timers_in_order(void **state)
{
	unsigned int i;

	(void)state;
	fired = 0;
	fired_last = 0;
	for (i = 0; i < NTIMERS; i++) {
		nh_timer_init(&timers[i], fire, &timers[i]);
		nh_loop_set(loop, &timers[i], nh_loop_random(loop) % 5000);
	}
	/* Some are set anew, some taken back. */
	for (i = 0; i < NTIMERS; i += 3)
		nh_loop_set(loop, &timers[i], nh_loop_random(loop) % 5000);
	for (i = 0; i < NTIMERS; i += 10)
		nh_loop_cancel(loop, &timers[i]);
	nh_loop_cancel(loop, &timers[0]);
	nh_loop_advance(loop, 5000);
	assert_int_equal(fired, NTIMERS - NTIMERS / 10);
}

static void again(void *arg)
{
	fired++;
	nh_loop_set(loop, arg, 10);
}

static void test_timer_sets_itself(void **state)
{
	struct nh_timer t;

	(void)state;
	fired = 0;
	nh_timer_init(&t, again, &t);
	nh_loop_set(loop, &t, 10);
	nh_loop_advance(loop, 105);
	assert_int_equal(fired, 10);
	nh_loop_cancel(loop, &t);
}

static void on_real(void *arg)
{
	nh_loop_stop(arg);
}

/* The loop over libevent keeps the order of times as well. */
static void test_real_clock(void **state)
{
	struct nh_loop *real = nh_loop_new();
	struct nh_timer t;
	uint64_t start;

	(void)state;
	assert_non_null(real);
	nh_timer_init(&t, on_real, real);
	start = nh_loop_now(real);
	nh_loop_set(real, &t, 30);
	assert_int_equal(nh_loop_run(real), 0);
	assert_true(nh_loop_now(real) - start >= 30);
	nh_loop_free(real);
}

static void test_jitter(void **state)
{
	uint32_t low = 1000, high = 1000, v;
	int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		v = nh_loop_jitter(loop, 1000, 20);
		assert_in_range(v, 800, 1200);
		low = v < low ? v : low;
		high = v > high ? v : high;
	}
	assert_true(low < 850 && high > 1150);
	assert_int_equal(nh_loop_jitter(loop, 1000, 0), 1000);
}

static void test_bucket(void **state)
{
	const struct nh_rate rate = { .per_second = 2, .burst = 3 };
	struct nh_bucket b = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		assert_true(nh_bucket_take(&b, &rate, 1000));
	assert_false(nh_bucket_take(&b, &rate, 1000));
	assert_false(nh_bucket_take(&b, &rate, 1499));
	assert_true(nh_bucket_take(&b, &rate, 1500));
	assert_false(nh_bucket_take(&b, &rate, 1500));
	/* A long rest fills it, but not beyond the burst. */
	for (i = 0; i < 3; i++)
		assert_true(nh_bucket_take(&b, &rate, 1000000));
	assert_false(nh_bucket_take(&b, &rate, 1000000));
}

static void test_peer_buckets(void **state)
{
	const struct nh_rate rate = { .per_second = 1, .burst = 1 };
	static struct nh_peer_buckets buckets;
	struct nh_addr a, b;

	(void)state;
	nh_addr_parse(&a, "192.0.2.1");
	nh_addr_parse(&b, "192.0.2.2");
	assert_true(nh_peer_take(&buckets, &a, &rate, 5000));
	assert_false(nh_peer_take(&buckets, &a, &rate, 5000));
	assert_true(nh_peer_take(&buckets, &b, &rate, 5000));
	assert_false(nh_peer_take(&buckets, &a, &rate, 5999));
	assert_true(nh_peer_take(&buckets, &a, &rate, 6000));
}

static uint64_t sent_at[16];
static uint32_t sent_id;
static unsigned int sends, give_ups, frees;

static void on_send(struct nh_request *req)
{
	if (sends)
		assert_int_equal(req->id, sent_id);
	sent_id = req->id;
	if (sends < 16)
		sent_at[sends] = nh_loop_now(loop);
	sends++;
}

static void on_give_up(struct nh_request *req)
{
	/* It can be asked for again from here. */
	assert_null(nh_request_about(&table, NHRP_RESOLUTION_REQUEST,
				     &req->target));
	give_ups++;
}

static void on_free(struct nh_request *req)
{
	frees++;
	free(req);
}

static const struct nh_request_ops ops = {
	.type = NHRP_RESOLUTION_REQUEST,
	.tries = 5,
	.send = on_send,
	.give_up = on_give_up,
	.free = on_free,
};

static struct nh_request *request(uint32_t n, uint8_t server)
{
	struct nh_request *req = calloc(1, sizeof(*req));
	const uint8_t octets[4] = {
		10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n
	};
	const uint8_t nbma[4] = { 192, 0, 2, server };

	req->ops = &ops;
	nh_addr_from_bytes(&req->target, octets, 4);
	nh_addr_from_bytes(&req->server.nbma, nbma, 4);
	return req;
}

static void reset(void)
{
	sends = 0;
	give_ups = 0;
	frees = 0;
}

static void test_retries(void **state)
{
	static const uint32_t wait[] = { 1000, 2000, 4000, 8000 };
	struct nh_request *req = request(1, 1);
	int i;

	(void)state;
	reset();
	assert_int_equal(nh_request_start(&table, req), 0);
	assert_int_equal(sends, 1);
	nh_loop_advance(loop, 60000);
	assert_int_equal(sends, 5);
	for (i = 0; i < 4; i++)
		assert_in_range(sent_at[i + 1] - sent_at[i],
				wait[i] * 8 / 10, wait[i] * 12 / 10);
	assert_int_equal(give_ups, 1);
	assert_int_equal(frees, 1);
	assert_int_equal(table.n, 0);
}

static void test_answer_ends_it(void **state)
{
	struct nh_request *req = request(1, 1);

	(void)state;
	reset();
	nh_request_start(&table, req);
	assert_ptr_equal(nh_request_find(&table, NHRP_RESOLUTION_REQUEST,
					 req->id), req);
	assert_null(nh_request_find(&table, NHRP_PURGE_REQUEST, req->id));
	assert_null(nh_request_find(&table, NHRP_RESOLUTION_REQUEST,
				    req->id + 1));
	nh_request_end(req);
	nh_loop_advance(loop, 60000);
	assert_int_equal(sends, 1);
	assert_int_equal(give_ups, 0);
	assert_int_equal(frees, 1);
}

static void test_ids(void **state)
{
	struct nh_request *a = request(1, 1), *b = request(2, 1);
	struct nh_loop *l = nh_loop_new_manual(99), *same;
	struct nh_requests other;
	uint32_t first;

	(void)state;
	reset();
	nh_request_start(&table, a);
	reset();
	nh_request_start(&table, b);
	/* Who knows one does not know the next. */
	assert_true(b->id - a->id > 1000 && a->id - b->id > 1000);
	nh_requests_init(&other, l);
	first = nh_requests_id(&other);
	nh_loop_free(l);
	/* Ids in use are passed over. */
	same = nh_loop_new_manual(99);
	table.loop = same;
	a->id = first;
	assert_int_not_equal(nh_requests_id(&table), first);
	table.loop = loop;
	nh_loop_free(same);
}

static void test_limits(void **state)
{
	uint32_t i;

	(void)state;
	for (i = 0; i < NH_REQUESTS_PER_SERVER; i++) {
		reset();
		assert_int_equal(nh_request_start(&table, request(i, 1)), 0);
	}
	reset();
	assert_true(nh_request_start(&table, request(i, 1)) < 0);
	assert_int_equal(frees, 1);
	assert_int_equal(sends, 0);
	for (; i < NH_REQUESTS_MAX; i++) {
		reset();
		assert_int_equal(nh_request_start(
			&table, request(i, (uint8_t)(2 + i / 200))), 0);
	}
	reset();
	assert_true(nh_request_start(&table, request(i, 99)) < 0);
	assert_int_equal(table.n, NH_REQUESTS_MAX);
}

static void test_kick(void **state)
{
	struct nh_request *req = request(1, 1);
	struct nh_endpoint other = { 0 };

	(void)state;
	reset();
	nh_request_start(&table, req);
	nh_addr_parse(&other.nbma, "192.0.2.9");
	nh_requests_kick(&table, &other);
	assert_int_equal(sends, 1);
	nh_requests_kick(&table, NULL);
	assert_int_equal(sends, 1);
	nh_requests_kick(&table, &req->server);
	assert_int_equal(sends, 2);
	/* Its own retries go on as they were. */
	nh_loop_advance(loop, 1200);
	assert_int_equal(sends, 3);
	nh_requests_kick(&table, &req->server);
	assert_int_equal(sends, 3);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_timers_in_order),
		T(test_timer_sets_itself),
		T(test_real_clock),
		T(test_jitter),
		T(test_bucket),
		T(test_peer_buckets),
		T(test_retries),
		T(test_answer_ends_it),
		T(test_ids),
		T(test_limits),
		T(test_kick),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
