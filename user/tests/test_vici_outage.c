// SPDX-License-Identifier: GPL-2.0-or-later
/* The connection to charon is lost, refused, closed, and comes again. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/vici_rig.h"

static void test_closed_midway(void **state)
{
	(void)state;
	rig_up();
	rig_call("half");
	rig_call_stream("list-sas", "list-sa");
	rig_call("never");
	rig_await(rig.told, "down");
	assert_string_equal(rig.told, "half reset;stream reset;never reset;"
				      "down charon closed the connection;");
	assert_int_equal(rig_try("x", NULL, NULL), -ENOTCONN);
	assert_string_equal(rig.logged, "");
	rig_forget();
	rig_await(rig.told, "up;");
	assert_string_equal(rig.charon->log, "connect;register child-updown;"
					     "register ike-updown;");
	rig_call("again");
	rig_await(rig.told, "again ok again;");
	assert_string_equal(rig.told, "up;again ok again;");
}

static void test_closed_after_reply(void **state)
{
	(void)state;
	rig_up();
	rig_call_stream("list-sas", "list-sa");
	rig_await(rig.told, "stream ok");
	/* The stream is still to be unregistered. */
	fake_charon_hangup(rig.charon);
	rig_await(rig.told, "down");
	assert_string_equal(rig.told, "item one;event between;item two;"
				      "stream ok list-sas;"
				      "down charon closed the connection;");
}

static void test_late(void **state)
{
	(void)state;
	fake_charon_free(rig.charon);
	rig.charon = NULL;
	unlink(rig.path);
	rig_open();
	rig_await(rig.told, "down");
	assert_string_equal(rig.told, "down cannot connect: "
				      "No such file or directory;");
	rig_listen();
	/* An attempt that ends before "up" is the same outage. */
	rig.charon->deaf = true;
	rig_await(rig.charon->log, "connect;");
	rig.charon->deaf = false;
	rig_await(rig.told, "up;");
	assert_string_equal(rig.told, "down cannot connect: "
				      "No such file or directory;up;");
	assert_string_equal(rig.logged, "");
}

static int accepted(void)
{
	int fd, n = 0;

	while ((fd = accept4(rig.charon->listener, NULL, NULL, 0)) >= 0) {
		close(fd);
		n++;
	}
	return n;
}

/* By a clock of our own: on a manual loop no connection comes up. */
static void test_backoff(void **state)
{
	static const unsigned int seconds[] = { 1, 2, 4, 5, 5, 5 };
	struct nh_loop *manual = nh_loop_new_manual(1);
	size_t i;

	(void)state;
	nh_watch_free(rig.charon->listening);
	rig.charon->listening = NULL;
	rig.vici = nh_vici_open(manual, rig.path, rig_events, &rig_ops, &rig);
	assert_int_equal(accepted(), 0);
	nh_loop_advance(manual, 0);
	assert_int_equal(accepted(), 1);
	for (i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		nh_loop_advance(manual, seconds[i] * 1000 - 1);
		assert_int_equal(accepted(), 0);
		nh_loop_advance(manual, 1);
		assert_int_equal(accepted(), 1);
	}
	assert_string_equal(rig.told, "down out of memory;");
	nh_vici_close(rig.vici);
	rig.vici = NULL;
	nh_loop_advance(manual, 60000);
	assert_int_equal(accepted(), 0);
	nh_loop_free(manual);
}

/* Connections need real time: long for a fake that answers at once. */
static void open_impatient(void)
{
	static struct nh_vici_ops ops;

	ops = rig_ops;
	ops.patience_ms = 500;
	rig.vici = nh_vici_open(rig.loop, rig.path, rig_events, &ops, &rig);
	assert_non_null(rig.vici);
}

static void test_no_answer(void **state)
{
	(void)state;
	open_impatient();
	rig_await(rig.told, "up;");
	rig_forget();
	rig_call("hang");
	rig_call("never");
	rig_await(rig.told, "down");
	assert_string_equal(rig.told, "hang reset;never reset;"
				      "down charon does not answer;");
	rig_forget();
	rig_await(rig.told, "up;");
	assert_string_equal(rig.told, "up;");
}

static void on_over(void *arg)
{
	*(bool *)arg = true;
	nh_loop_stop(rig.loop);
}

static void run_for(unsigned int ms)
{
	struct nh_timer timer;
	bool over = false;

	nh_timer_init(&timer, on_over, &over);
	nh_loop_set(rig.loop, &timer, ms);
	while (!over)
		nh_loop_run(rig.loop);
}

/* The kernel takes connections for a charon that does not. */
static void test_no_answer_ever(void **state)
{
	(void)state;
	nh_watch_free(rig.charon->listening);
	rig.charon->listening = NULL;
	open_impatient();
	rig_await(rig.told, "down");
	run_for(2000);
	assert_true(accepted() >= 2);
	assert_string_equal(rig.told, "down charon does not answer;");
}

/* Who has asked nothing waits for nothing. */
static void test_no_question(void **state)
{
	(void)state;
	open_impatient();
	rig_await(rig.told, "up;");
	rig_call("version");
	rig_await(rig.told, "version ok version;");
	rig_forget();
	run_for(1500);
	assert_string_equal(rig.told, "");
	assert_true(nh_vici_is_up(rig.vici));
}

static void test_refusals(void **state)
{
#define R(octets, text)	{ octets, sizeof(octets) - 1, text }
	static const struct {
		const char *octets;
		size_t len;
		const char *why;
	} bad[] = {
		R("\0\0\0\0", "a packet of impossible length"),
		R("\0\x8\0\1\1", "a packet of impossible length"),
		R("\xff\xff\xff\xff", "a packet of impossible length"),
		R("\0\0\0\1\x8", "a malformed packet"),
		R("\0\0\0\2\1\2", "a malformed packet"),
		R("\0\0\0\4\7\1x\2", "a malformed packet"),
		R("\0\0\0\2\5\0", "a malformed packet"),
		R("\0\0\0\1\5", "an unexpected packet"),
		R("\0\0\0\1\6", "an unexpected packet"),
		R("\0\0\0\2\0\0", "an unexpected packet"),
		R("\0\0\0\1\1\0\0\0\1\1", "an unexpected packet"),
	};
	char why[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rig_up();
		/* What comes before it is taken. */
		rig_send(VICI_EVENT, "child-updown", "good");
		rig_await(rig.told, "event good;");
		rig_call("hang");
		rig_await(rig.charon->log, "request hang;");
		rig_forget();
		fake_charon_send_raw(rig.charon, bad[i].octets, bad[i].len);
		rig_await(rig.told, "down");
		snprintf(why, sizeof(why), "down charon sent %s;",
			 bad[i].why);
		assert_non_null(strstr(rig.told, why));
		assert_non_null(strstr(rig.logged, bad[i].why));
		rig_await(rig.charon->log, "close;");
		nh_vici_close(rig.vici);
		rig.vici = NULL;
	}
}

static void test_close_with_calls(void **state)
{
	(void)state;
	rig_up();
	rig_call("hang");
	rig_call("never");
	rig_await(rig.charon->log, "request hang;");
	rig_call_stream("list-sas", "list-sa");
	nh_vici_close(rig.vici);
	rig.vici = NULL;
	rig_await(rig.charon->log, "close;");
	assert_string_equal(rig.told, "");
	/* Before anything was sent, and before the first attempt. */
	rig_up();
	rig_call("never");
	nh_vici_close(rig.vici);
	rig_open();
	nh_vici_close(rig.vici);
	rig.vici = NULL;
	rig_await(rig.charon->log, "close;");
	assert_string_equal(rig.told, "");
}

/* The owner closes from inside of what it is told, and hears no more. */
static void test_close_inside(void **state)
{
	(void)state;
	rig.close_at = "up";
	rig_open();
	rig_await(rig.charon->log, "close;");
	assert_string_equal(rig.told, "up;");

	rig.close_at = NULL;
	rig_up();
	rig.close_at = "event";
	rig_call_stream("list-sas", "list-sa");
	rig_await(rig.charon->log, "close;");
	assert_string_equal(rig.told, "item one;event between;");

	rig.close_at = NULL;
	rig_up();
	rig.close_at = "item";
	rig_call_stream("list-sas", "list-sa");
	rig_await(rig.charon->log, "close;");
	assert_string_equal(rig.told, "item one;");

	rig.close_at = NULL;
	rig_up();
	rig.close_at = "stream ok";
	rig_call_stream("list-sas", "list-sa");
	rig_call("next");
	rig_await(rig.charon->log, "close;");
	assert_non_null(strstr(rig.told, "stream ok list-sas;"));
	assert_null(strstr(rig.told, "next"));
}

static void test_close_inside_of_bad_news(void **state)
{
	(void)state;
	rig_up();
	rig.close_at = "half reset";
	rig_call("half");
	rig_call("next");
	rig_await(rig.told, "half");
	assert_null(rig.vici);
	assert_string_equal(rig.told, "half reset;");

	rig.close_at = NULL;
	rig_up();
	rig.close_at = "down";
	rig_call("half");
	rig_await(rig.told, "down");
	assert_null(rig.vici);
	assert_string_equal(rig.told, "half reset;"
				      "down charon closed the connection;");
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(test_closed_midway),
		T(test_closed_after_reply),
		T(test_late),
		T(test_backoff),
		T(test_no_answer),
		T(test_no_answer_ever),
		T(test_no_question),
		T(test_refusals),
		T(test_close_with_calls),
		T(test_close_inside),
		T(test_close_inside_of_bad_news),
	};

	return cmocka_run_group_tests_name("vici_outage", tests, NULL, NULL);
}
