// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls to charon: their order, their streams, and the events between. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/vici_rig.h"

static void test_connect(void **state)
{
	(void)state;
	rig_open();
	assert_false(nh_vici_is_up(rig.vici));
	assert_int_equal(rig_try("x", NULL, NULL), -ENOTCONN);
	assert_string_equal(rig.told, "");
	rig_await(rig.told, "up;");
	assert_string_equal(rig.told, "up;");
	assert_string_equal(rig.charon->log, "connect;register child-updown;"
					     "register ike-updown;");
	assert_string_equal(rig.logged, "");
}

static void test_unknown_event(void **state)
{
	(void)state;
	rig.charon->unknown = "child-updown";
	rig_open();
	rig_await(rig.told, "up;");
	assert_non_null(strstr(rig.charon->log, "register ike-updown;"));
	assert_non_null(strstr(rig.logged, "child-updown"));
	assert_null(strstr(rig.logged, "ike-updown"));
}

static void test_call(void **state)
{
	struct vici_builder b = rig_text("secret");

	(void)state;
	rig_up();
	assert_int_equal(rig_try("one", &b, NULL), 0);
	assert_null(b.data);
	rig_call("two");
	assert_int_equal(nh_vici_call(rig.vici, "quiet", NULL, NULL, NULL,
				      NULL, NULL), 0);
	rig_call("three");
	/* Nobody is called before the loop runs. */
	assert_string_equal(rig.told, "");
	rig_await(rig.told, "three ok");
	assert_string_equal(rig.told, "one ok one;two ok two;three ok three;");
	assert_string_equal(rig.charon->log, "request one;request two;"
					     "request quiet;request three;");
	/* Idle, and woken again. */
	rig_forget();
	rig_call("four");
	rig_await(rig.told, "four ok four;");
	assert_string_equal(rig.logged, "");
}

static void test_unknown_command(void **state)
{
	(void)state;
	rig_up();
	rig_call("unknown");
	rig_call("known");
	rig_await(rig.told, "known ok known;");
	assert_string_equal(rig.told, "unknown unknown;known ok known;");
}

static void test_stream(void **state)
{
	(void)state;
	rig_up();
	rig_call_stream("list-sas", "list-sa");
	rig_call("next");
	rig_await(rig.told, "next ok");
	assert_string_equal(rig.told, "item one;event between;item two;"
				      "stream ok list-sas;next ok next;");
	assert_string_equal(rig.charon->log,
			    "register list-sa;request list-sas;"
			    "unregister list-sa;request next;");
	/* More than is read in a round of the loop. */
	rig_forget();
	rig_call_stream("many", "list-sa");
	rig_await(rig.told, "stream ok");
	assert_int_equal(strlen(rig.told), 200 * strlen("item x;") +
				       strlen("stream ok many;"));
}

static void test_unknown_stream(void **state)
{
	(void)state;
	rig_up();
	rig.charon->unknown = "list-sa";
	rig_call_stream("list-sas", "list-sa");
	rig_call("next");
	rig_await(rig.told, "next ok");
	assert_string_equal(rig.told, "stream unknown;next ok next;");
	assert_string_equal(rig.charon->log, "register list-sa;request next;");
}

static void test_events(void **state)
{
	(void)state;
	rig_up();
	rig_send(VICI_EVENT, "child-updown", "first");
	rig_await(rig.told, "event first;");
	/* Between a request and its reply, too. */
	rig_call("hang");
	rig_await(rig.charon->log, "request hang;");
	rig_send(VICI_EVENT, "child-updown", "second");
	rig_await(rig.told, "event second;");
	rig_send(VICI_CMD_RESPONSE, NULL, "at last");
	rig_await(rig.told, "hang ok at last;");
	assert_string_equal(rig.told, "event first;event second;"
				      "hang ok at last;");
}

static void test_split(void **state)
{
	(void)state;
	rig.charon->split = true;
	rig_up();
	rig_call_stream("list-sas", "list-sa");
	rig_await(rig.told, "stream ok list-sas;");
	assert_string_equal(rig.told, "item one;event between;item two;"
				      "stream ok list-sas;");
}

/* More than a socket takes at once, both ways. */
static void test_big(void **state)
{
	static uint8_t value[60000];
	struct vici_builder b = { 0 };
	int i;

	(void)state;
	rig_up();
	for (i = 0; i < RIG_BIG / 60000; i++)
		vici_put_bytes(&b, "data", value, sizeof(value));
	assert_int_equal(rig_try("big", &b, NULL), 0);
	rig_await(rig.told, "big ok big;");
}

static void test_queue_limit(void **state)
{
	size_t i;

	(void)state;
	rig_up();
	for (i = 0; i < NH_VICI_CALLS_MAX; i++)
		rig_call("c");
	assert_int_equal(rig_try("c", NULL, NULL), -ENOBUFS);
	while (strlen(rig.told) < NH_VICI_CALLS_MAX * strlen("c ok c;"))
		nh_loop_run(rig.loop);
	rig_call("last");
	rig_await(rig.told, "last ok");
	assert_int_equal(strlen(rig.told),
			 NH_VICI_CALLS_MAX * strlen("c ok c;") +
			 strlen("last ok last;"));
}

static void test_bad_arguments(void **state)
{
	static uint8_t value[VICI_VALUE_MAX];
	const char *names[] = { NULL, NULL };
	struct vici_builder b = { 0 };
	char name[VICI_NAME_MAX + 2];
	size_t i;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	names[0] = name;
	assert_null(nh_vici_open(rig.loop, rig.path, names, &rig_ops, &rig));
	assert_null(nh_vici_open(rig.loop, name, rig_events, &rig_ops, &rig));
	nh_vici_close(NULL);

	rig_up();
	vici_section_begin(&b, "s");
	assert_int_equal(rig_try("x", &b, NULL), -EINVAL);
	assert_null(b.data);
	for (i = 0; i < 7; i++)
		vici_put_bytes(&b, "k", value, sizeof(value));
	vici_put_bytes(&b, "k", value, VICI_PACKET_MAX - b.len - 5);
	assert_int_equal(rig_try("x", &b, NULL), -EMSGSIZE);
	assert_int_equal(rig_try(name, NULL, NULL), -EINVAL);
	assert_int_equal(rig_try("x", NULL, name), -EINVAL);
	assert_int_equal(nh_vici_call(rig.vici, "x", NULL, "list-sa", NULL,
				      NULL, NULL), -EINVAL);
	rig_call("good");
	rig_await(rig.told, "good ok");
	assert_string_equal(rig.told, "good ok good;");
}

static void call_more(void *arg, int err, const struct vici_view *body)
{
	(void)body;
	if (err)
		assert_int_equal(rig_try("x", NULL, NULL), -ENOTCONN);
	else
		rig_call("more");
	rig_tell(arg, "");
}

static void test_call_inside(void **state)
{
	(void)state;
	rig_up();
	nh_vici_call(rig.vici, "one", NULL, NULL, NULL, call_more, "one");
	rig_await(rig.told, "more ok more;");
	assert_string_equal(rig.told, "one;more ok more;");
	nh_vici_call(rig.vici, "half", NULL, NULL, NULL, call_more, "half");
	rig_await(rig.told, "half;down");
}

static void test_ok(void **state)
{
	struct vici_builder b = { 0 };
	struct vici_view v;
	char why[8];

	(void)state;
	vici_put(&b, "success", "yes");
	v = vici_builder_view(&b);
	assert_true(nh_vici_ok(&v, why, sizeof(why)));
	assert_string_equal(why, "");
	vici_builder_free(&b);
	vici_put(&b, "success", "no");
	v = vici_builder_view(&b);
	assert_false(nh_vici_ok(&v, why, sizeof(why)));
	assert_string_equal(why, "no reas");
	vici_put(&b, "errmsg", "no such connection");
	v = vici_builder_view(&b);
	assert_false(nh_vici_ok(&v, why, sizeof(why)));
	assert_string_equal(why, "no such");
	vici_builder_free(&b);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, rig_setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		T(test_connect),
		T(test_unknown_event),
		T(test_call),
		T(test_unknown_command),
		T(test_stream),
		T(test_unknown_stream),
		T(test_events),
		T(test_split),
		T(test_big),
		T(test_queue_limit),
		T(test_bad_arguments),
		T(test_call_inside),
		cmocka_unit_test(test_ok),
	};

	return cmocka_run_group_tests_name("vici", tests, NULL, NULL);
}
