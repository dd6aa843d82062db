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
#include <sys/socket.h>
#include <unistd.h>

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
static int device;	/* that the request is about, or 0 */
static const char *name;	/* or its name, or NULL */

/**
 * struct other - a device that the kernel tells of
 * @ifindex: its index, 0 behind the last one
 * @kind: its kind
 * @link: what it is on top of
 * @moved: that is in another network namespace
 */
struct other {
	int ifindex;
	const char *kind;
	uint32_t link;
	bool moved;
};

static const struct other *others;

static void put(struct nlmsghdr *n, int type, const void *data, size_t len)
{
	struct rtattr *a = (struct rtattr *)((char *)n + n->nlmsg_len);

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	if (data)
		memcpy(RTA_DATA(a), data, len);
	n->nlmsg_len += RTA_ALIGN(a->rta_len);
}

static void tell(int fd, const struct other *o)
{
	struct {
		struct nlmsghdr n;
		struct ifinfomsg i;
		char buf[128];
	} msg = {
		.n = {
			.nlmsg_len = NLMSG_LENGTH(sizeof(msg.i)),
			.nlmsg_type = o->ifindex ? RTM_NEWLINK : NLMSG_DONE,
		},
		.i = { .ifi_index = o->ifindex },
	};
	const size_t len = o->ifindex ? strlen(o->kind) + 1 : 0;
	const int32_t id = 0;

	if (o->ifindex) {
		put(&msg.n, IFLA_LINK, &o->link, sizeof(o->link));
		put(&msg.n, IFLA_LINKINFO, NULL, RTA_SPACE(len));
		msg.n.nlmsg_len -= RTA_SPACE(len);
		put(&msg.n, IFLA_INFO_KIND, o->kind, len);
	}
	if (o->moved)
		put(&msg.n, IFLA_LINK_NETNSID, &id, sizeof(id));
	assert_int_equal(write(fd, &msg, msg.n.nlmsg_len), msg.n.nlmsg_len);
}

/* Takes the place of the C library's: the answer is there before the question. */
int socket(int domain, int type, int protocol)
{
	static int kernel = -1;
	const struct other *o = others;
	int fds[2];

	(void)type;
	assert_int_equal(domain, AF_NETLINK);
	assert_int_equal(protocol, NETLINK_ROUTE);
	if (!o)
		return -1;
	close(kernel);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	kernel = fds[1];
	do {
		tell(kernel, o);
	} while (o++->ifindex);
	return fds[0];
}

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
	req.i.ifi_index = device;
	if (name) {
		put(&req.n, IFLA_IFNAME, name, strlen(name) + 1);
		put(&req.n, IFLA_LINKINFO, NULL, 0);
	}
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

/* Where a device has its underlay, numbers are those of other devices. */
static void test_moved(void **state)
{
	static const struct other list[] = {
		{ 1, "dmvpn", 99, true },
		{ 5, "dmvpn", 99, false },
		{ 6, "dmvpn0", 1, true },
		{ 7, "veth", 1, true },
		{ 8, "dmvpn", 1, true },
		{ 0, NULL, 0, false },
	};

	(void)state;
	others = list;
	device = 8;
	assert_int_equal(parse("ttl 5 underlay lo"), -1);
	assert_int_equal(parse("ttl 5 underlay none"), 0);
	device = 0;
	/* lo itself, of which ip has said no more. */
	name = "lo";
	assert_int_equal(parse("underlay lo"), -1);
	name = "nowhere0";
	assert_int_equal(parse("underlay lo"), 0);
	name = NULL;
	for (device = 4; device < 8; device++)
		assert_int_equal(parse("underlay lo"), 0);
	device = 0;
	assert_int_equal(parse("underlay lo"), 0);
	assert_string_equal(printed(), "underlay=if1 ");
	/* The last one has gone. */
	others = (const struct other[]){
		list[0], list[1], list[2], list[3], list[5],
	};
	assert_string_equal(printed(), "underlay=lo ");
	others = NULL;
	assert_string_equal(printed(), "underlay=lo ");
}

/* A key of the kind may have the number that the name has outside of it. */
static void test_no_name(void **state)
{
	(void)state;
	others = (const struct other[]){ { 1, "dmvpn", 99, true }, { 0 } };
	memset(&req, 0, sizeof(req));
	req.n.nlmsg_len = NLMSG_LENGTH(sizeof(req.i));
	put(&req.n, IFLA_LINKINFO, NULL, 0);
	put(&req.n, IFLA_IFNAME, "lo", 3);
	assert_int_equal(dmvpn_link_util.parse_opt(&dmvpn_link_util, 2,
			 (char *[]){ "underlay", "lo", NULL }, &req.n), 0);
	others = NULL;
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
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_no_name),
		cmocka_unit_test(test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
