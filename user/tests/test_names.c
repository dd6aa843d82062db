// SPDX-License-Identifier: GPL-2.0-or-later
/* The machine's names, as far as its hosts file has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/loop.h"
#include "daemon/names.h"

struct answer {
	struct nh_loop *loop;
	unsigned int calls;
	unsigned int loopbacks;
	size_t n;
};

static struct nh_loop *loop;
static struct nh_names *names;

static int setup(void **state)
{
	(void)state;
	loop = nh_loop_new();
	names = nh_names_new(loop);
	assert_non_null(names);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	nh_names_free(names);
	nh_loop_free(loop);
	return 0;
}

static void answered(void *arg, const struct nh_addr *list, size_t n,
		     const char *error)
{
	struct answer *a = arg;
	size_t i;

	assert_true(n || error);
	a->calls++;
	a->n = n;
	for (i = 0; i < n; i++)
		a->loopbacks += nh_addr_is_loopback(&list[i]);
	nh_loop_stop(loop);
}

static void stop(void *arg)
{
	(void)arg;
	nh_loop_stop(loop);
}

static void test_hosts(void **state)
{
	struct answer a = { 0 };

	(void)state;
	assert_non_null(names->ops->lookup(names, "localhost", answered, &a));
	/* Though it is known at once, it is told later. */
	assert_int_equal(a.calls, 0);
	nh_loop_run(loop);
	assert_int_equal(a.calls, 1);
	assert_true(a.n > 0 && a.loopbacks == a.n);
}

static void test_cancel(void **state)
{
	struct answer a = { 0 }, b = { 0 };
	struct nh_lookup *l;
	struct nh_timer timer;

	(void)state;
	nh_timer_init(&timer, stop, NULL);
	l = names->ops->lookup(names, "localhost", answered, &a);
	assert_non_null(l);
	assert_non_null(names->ops->lookup(names, "localhost", answered, &b));
	names->ops->cancel(names, l);
	nh_loop_run(loop);
	assert_int_equal(b.calls, 1);
	nh_loop_set(loop, &timer, 20);
	nh_loop_run(loop);
	assert_int_equal(a.calls, 0);
	assert_int_equal(b.calls, 1);
}

/* One that takes its time, whatever becomes of it, is ended as well. */
static void test_cancel_query(void **state)
{
	struct answer a = { 0 };
	struct nh_lookup *l;
	struct nh_timer timer;

	(void)state;
	nh_timer_init(&timer, stop, NULL);
	l = names->ops->lookup(names, "hub.invalid", answered, &a);
	assert_non_null(l);
	names->ops->cancel(names, l);
	nh_loop_set(loop, &timer, 20);
	nh_loop_run(loop);
	assert_int_equal(a.calls, 0);
	/* The files may be read again now. */
	assert_non_null(names->ops->lookup(names, "localhost", answered, &a));
	nh_loop_run(loop);
	assert_int_equal(a.calls, 1);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_hosts),
		T(test_cancel),
		T(test_cancel_query),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
