// SPDX-License-Identifier: GPL-2.0-or-later
/* The plug-in for iproute2: words to attributes, and attributes to words. */
#include <arpa/inet.h>
#include <linux/dmvpn.h>
#include <linux/if_link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "iproute2/iproute2.h"

extern struct link_util dmvpn_link_util;

static struct {
	struct nlmsghdr n;
	struct ifinfomsg i;
	char buf[IPROUTE2_REQUEST_LEN];
} req;

static char said[2048];
static size_t filled;	/* with attributes that are not ours */

/* What ip has: these note what they are to print. */
static void say(const char *key, const char *value)
{
	size_t len = strlen(said);

	snprintf(said + len, sizeof(said) - len, "%s=%s ", key, value);
}

int print_color_string(int output, int color, const char *key, const char *fmt,
		       const char *value)
{
	assert_int_equal(output, IPROUTE2_PRINT_ANY);
	assert_int_equal(color, IPROUTE2_COLOR_NONE);
	assert_non_null(strstr(fmt, " %s "));
	say(key, value);
	return 0;
}

int print_color_uint(int output, int color, const char *key, const char *fmt,
		     unsigned int value)
{
	char text[16];

	assert_int_equal(output, IPROUTE2_PRINT_ANY);
	assert_int_equal(color, IPROUTE2_COLOR_NONE);
	assert_non_null(strstr(fmt, " %u "));
	snprintf(text, sizeof(text), "%u", value);
	say(key, text);
	return 0;
}

int print_color_on_off(int output, int color, const char *key, const char *fmt,
		       bool value)
{
	return print_color_string(output, color, key, fmt,
				  value ? "on" : "off");
}

/* Words of a line become attributes. */
static int parse(const char *line)
{
	char text[1024], *argv[160], *save = NULL;
	int argc = 0;

	memset(&req, 0, sizeof(req));
	req.n.nlmsg_len = (uint32_t)(NLMSG_LENGTH(sizeof(req.i)) + filled);
	snprintf(text, sizeof(text), "%s", line);
	for (argv[0] = strtok_r(text, " ", &save); argv[argc];
	     argv[argc] = strtok_r(NULL, " ", &save))
		argc++;
	return dmvpn_link_util.parse_opt(&dmvpn_link_util, argc, argv, &req.n);
}

/* And words again. */
static const char *printed(void)
{
	struct rtattr *tb[IFLA_DMVPN_MAX + 1] = { NULL }, *a;
	int left = req.n.nlmsg_len - NLMSG_LENGTH(sizeof(req.i));

	for (a = (struct rtattr *)req.buf; RTA_OK(a, left);
	     a = RTA_NEXT(a, left))
		tb[a->rta_type] = a;
	assert_int_equal(left, 0);
	said[0] = '\0';
	dmvpn_link_util.print_opt(&dmvpn_link_util, stdout, tb);
	return said;
}

static void test_there_and_back(void **state)
{
	static const struct {
		const char *line;
		const char *back;
	} cases[] = {
		{ "", "" },
		{ "local 192.0.2.1 local 2001:db8::1",
		  "local4=192.0.2.1 local6=2001:db8::1 " },
		{ "underlay lo", "underlay=lo " },
		{ "underlay none", "" },
		{ "key 0", "key=0 " },
		{ "key 0xffffffff", "key=4294967295 " },
		{ "key none", "" },
		{ "ttl 255 tos 0", "ttl=255 tos=0 " },
		{ "ttl inherit tos inherit", "ttl=inherit tos=inherit " },
		{ "df unset fwmark 7", "df=unset fwmark=7 " },
		{ "df inherit", "df=inherit " },
		{ "protection none", "protection=none " },
		{ "protection required network-id 1",
		  "network_id=1 protection=required " },
		{ "redirect on shortcut off strict-source on",
		  "redirect=on shortcut=off strict_source=on " },
		{ "max-peers 1 max-entries 2 max-multicast 3 hold-queue 4 upcall-rate 5 redirect-rate 6 redirect-interval 7",
		  "max_peers=1 max_entries=2 max_multicast=3 hold_queue=4 upcall_rate=5 redirect_rate=6 redirect_interval_ms=7 " },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(cases[i].line), 0);
		assert_string_equal(printed(), cases[i].back);
	}
}

static void test_no_key(void **state)
{
	const struct rtattr *a = (struct rtattr *)req.buf;

	(void)state;
	assert_int_equal(parse("key none"), 0);
	assert_int_equal(a->rta_type, IFLA_DMVPN_NO_KEY);
	assert_int_equal(a->rta_len, RTA_LENGTH(0));
}

static void test_refused(void **state)
{
	static const char *const lines[] = {
		"help", "nonsense", "nonsense 1", "key", "key x", "key 1x",
		"key -1", "key 4294967296", "key 0x", "ttl 0", "ttl 256", "ttl",
		"tos 256", "df maybe", "df 1", "protection yes", "redirect 1",
		"redirect", "local x", "local 192.0.2", "underlay nowhere0",
		"max-peers inherit", "local 192.0.2.1 key",
		"local 192.0.2.1 local 192.0.2.2", "key 1 key 1",
		"key none key 1", "ttl 5 tos 1 ttl 6",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(parse(lines[i]), -1);
}

/* ip's buffer has an end, and other options of ip's may be in it. */
static void test_too_many(void **state)
{
	(void)state;
	filled = IPROUTE2_REQUEST_LEN - NLMSG_LENGTH(sizeof(req.i)) - 8;
	assert_int_equal(parse("ttl 5"), 0);
	assert_int_equal(req.n.nlmsg_len, IPROUTE2_REQUEST_LEN);
	assert_int_equal(parse("ttl 5 tos 1"), -1);
	assert_int_equal(req.n.nlmsg_len, IPROUTE2_REQUEST_LEN);
	filled = 0;
}

/* What a kernel of another version might send. */
static void test_short_attributes(void **state)
{
	struct rtattr *tb[IFLA_DMVPN_MAX + 1] = { NULL };
	struct rtattr empty = { .rta_len = RTA_LENGTH(0) };
	size_t i;

	(void)state;
	for (i = 1; i <= IFLA_DMVPN_MAX; i++)
		tb[i] = &empty;
	said[0] = '\0';
	dmvpn_link_util.print_opt(&dmvpn_link_util, stdout, tb);
	dmvpn_link_util.print_opt(&dmvpn_link_util, stdout, NULL);
	assert_string_equal(said, "");
}

static void test_help(void **state)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	(void)state;
	dmvpn_link_util.print_help(&dmvpn_link_util, 0, NULL, f);
	fclose(f);
	assert_non_null(strstr(text, "[ key { NUMBER | none } ]"));
	assert_non_null(strstr(text, "[ redirect { on | off } ]"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_no_key),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_short_attributes),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
