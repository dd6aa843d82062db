// SPDX-License-Identifier: GPL-2.0-or-later
/* The log's lines, levels, filter and escapes. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/log.h"

static char last[NH_LOG_LINE_MAX];
static enum nh_log_level last_level;
static unsigned int lines;

static void sink(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	lines++;
	last_level = level;
	strcpy(last, line);
}

static int setup(void **state)
{
	(void)state;
	nh_log_sink(sink, NULL);
	nh_log_set_level(NH_LOG_DEBUG);
	nh_log_condition_clear();
	lines = 0;
	return 0;
}

static struct nh_addr addr(const char *text)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, text), 0);
	return a;
}

static void test_fields(void **state)
{
	struct nh_addr peer = addr("192.0.2.1");

	(void)state;
	nh_info("dmvpn0", &peer, "registered holding-time=%d", 600);
	assert_string_equal(last,
			    "registered holding-time=600 dev=dmvpn0 peer=192.0.2.1");
	assert_int_equal(last_level, NH_LOG_INFO);
	nh_error(NULL, NULL, "alone");
	assert_string_equal(last, "alone");
	nh_warn("dmvpn0", NULL, "device");
	assert_string_equal(last, "device dev=dmvpn0");
	assert_int_equal(last_level, NH_LOG_WARNING);
}

static void test_levels(void **state)
{
	enum nh_log_level level;

	(void)state;
	nh_log_set_level(NH_LOG_WARNING);
	nh_info(NULL, NULL, "x");
	nh_debug(NULL, NULL, "x");
	assert_int_equal(lines, 0);
	nh_warn(NULL, NULL, "x");
	nh_error(NULL, NULL, "x");
	assert_int_equal(lines, 2);
	assert_int_equal(nh_log_level_parse(&level, "debug"), 0);
	assert_int_equal(level, NH_LOG_DEBUG);
	assert_true(nh_log_level_parse(&level, "chatty") < 0);
	assert_string_equal(nh_log_level_name(NH_LOG_INFO), "info");
}

static struct nh_log_condition condition(enum nh_log_condition_kind kind,
					 const char *text)
{
	struct nh_log_condition c = { .kind = kind };

	if (kind == NH_LOG_DEV)
		snprintf(c.dev, sizeof(c.dev), "%s", text);
	else
		assert_int_equal(nh_prefix_parse(&c.prefix, text, NULL), 0);
	return c;
}

static void test_conditions(void **state)
{
	struct nh_addr a = addr("192.0.2.1"), b = addr("2001:db8::1");
	struct nh_log_condition c = condition(NH_LOG_PEER, "192.0.2.1");
	const struct nh_log_condition *list;
	char text[32];
	int i;

	(void)state;
	assert_int_equal(nh_log_condition_add(&c), 0);
	nh_debug(NULL, &b, "x");
	nh_debug(NULL, NULL, "x");
	assert_int_equal(lines, 0);
	nh_debug(NULL, &a, "x");
	assert_int_equal(lines, 1);
	/* What is worse than debugging is never hidden. */
	nh_info(NULL, &b, "x");
	assert_int_equal(lines, 2);
	c = condition(NH_LOG_PEER, "2001:db8::1");
	assert_int_equal(nh_log_condition_add(&c), 0);
	assert_int_equal(nh_log_condition_add(&c), 0);
	nh_debug(NULL, &b, "x");
	assert_int_equal(lines, 3);
	assert_int_equal(nh_log_condition_list(&list), 2);
	assert_true(nh_addr_equal(&list[1].prefix.addr, &b));
	for (i = 2; i < NH_LOG_CONDITIONS_MAX; i++) {
		snprintf(text, sizeof(text), "198.51.100.%d", i);
		c = condition(NH_LOG_PEER, text);
		assert_int_equal(nh_log_condition_add(&c), 0);
	}
	c = condition(NH_LOG_DEV, "dmvpn0");
	assert_int_equal(nh_log_condition_add(&c), -ENOSPC);
	/* The first one goes, the others stay. */
	c = condition(NH_LOG_PEER, "192.0.2.1");
	assert_int_equal(nh_log_condition_del(&c), 0);
	assert_int_equal(nh_log_condition_del(&c), -ENOENT);
	nh_debug(NULL, &a, "x");
	assert_int_equal(lines, 3);
	nh_debug(NULL, &b, "x");
	assert_int_equal(lines, 4);
	nh_log_condition_clear();
	nh_debug(NULL, NULL, "x");
	assert_int_equal(lines, 5);
}

/* One of the devices and one of the peers, by whatever address. */
static void test_kinds(void **state)
{
	struct nh_log_subject about = { { { 0 }, addr("10.0.0.3") } }, before;
	struct nh_log_condition dev = condition(NH_LOG_DEV, "dmvpn0");
	struct nh_log_condition tunnel = condition(NH_LOG_TUNNEL,
						   "10.0.0.2/31");
	struct nh_log_condition peer = condition(NH_LOG_PEER, "192.0.2.1");
	struct nh_addr a = addr("192.0.2.1"), b = addr("192.0.2.2");

	(void)state;
	nh_log_condition_add(&dev);
	nh_debug("dmvpn1", &a, "x");
	nh_debug(NULL, &a, "x");
	assert_int_equal(lines, 0);
	/* The device is not known yet when it is asked for the peer. */
	assert_true(nh_log_wants(NH_LOG_DEBUG, &a));
	nh_debug("dmvpn0", NULL, "x");
	assert_int_equal(lines, 1);
	nh_log_condition_add(&tunnel);
	nh_debug("dmvpn0", &b, "x");
	assert_int_equal(lines, 1);
	before = nh_log_about(&about);
	nh_debug("dmvpn1", &b, "x");
	assert_int_equal(lines, 1);
	nh_debug("dmvpn0", &b, "x");
	assert_int_equal(lines, 2);
	nh_log_about(&before);
	nh_debug("dmvpn0", &b, "x");
	assert_int_equal(lines, 2);
	nh_log_condition_add(&peer);
	nh_debug("dmvpn0", &a, "x");
	assert_int_equal(lines, 3);
	nh_debug("dmvpn0", &b, "x");
	nh_debug("dmvpn1", &a, "x");
	assert_int_equal(lines, 3);
}

static void test_escape(void **state)
{
	char longer[2 * NH_LOG_LINE_MAX];

	(void)state;
	nh_info(NULL, NULL, "group=%s", "a\nb\x1b[2J\xff");
	assert_string_equal(last, "group=a\\x0ab\\x1b[2J\\xff");
	memset(longer, '\n', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	nh_info("dmvpn0", NULL, "%s", longer);
	assert_true(strlen(last) < NH_LOG_LINE_MAX);
	assert_null(strchr(last, '\n'));
}

/* Without a sink a line goes to stderr, with its level and one newline. */
static void test_stderr(void **state)
{
	char text[128];
	int fds[2], saved;
	ssize_t n;

	(void)state;
	nh_log_sink(NULL, NULL);
	nh_log_open(NH_LOG_STDERR, "test");
	assert_int_equal(pipe(fds), 0);
	saved = dup(2);
	dup2(fds[1], 2);
	nh_error("dmvpn0", NULL, "broken");
	dup2(saved, 2);
	close(saved);
	close(fds[1]);
	n = read(fds[0], text, sizeof(text) - 1);
	close(fds[0]);
	assert_true(n > 0);
	text[n] = '\0';
	assert_string_equal(text, "error: broken dev=dmvpn0\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_fields, setup),
		cmocka_unit_test_setup(test_levels, setup),
		cmocka_unit_test_setup(test_conditions, setup),
		cmocka_unit_test_setup(test_kinds, setup),
		cmocka_unit_test_setup(test_escape, setup),
		cmocka_unit_test_setup(test_stderr, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
