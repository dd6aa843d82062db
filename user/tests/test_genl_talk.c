// SPDX-License-Identifier: GPL-2.0-or-later
/* Talking to the running kernel's netlinks, in a namespace of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "genl/inet.h"
#include "genl/link.h"
#include "genl/nl_event.h"
#include "genl/nl_priv.h"
#include "genl/route.h"
#include "genl/sa.h"

/* Whether the test may change its namespace. */
static bool own_namespace;

static struct nh_addr addr(const char *text)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, text), 0);
	return a;
}

static int open_route(void **state)
{
	struct dmvpn_nl *nl = dmvpn_nl_new();

	*state = nl;
	return !nl || dmvpn_nl_open_route(nl);
}

static int close_it(void **state)
{
	dmvpn_nl_free(*state);
	return 0;
}

static void test_link_errors(void **state)
{
	struct dmvpn_nl *nl = *state;
	struct dmvpn_nl_link link, *list;
	size_t n;

	assert_int_equal(dmvpn_nl_link_get(nl, 0x7fffff, &link), -ENODEV);
	assert_string_equal(dmvpn_nl_error(nl), "No such device");
	assert_int_equal(dmvpn_nl_link_get(nl, 1, &link), -EMEDIUMTYPE);
	assert_string_equal(dmvpn_nl_error(nl), "not a dmvpn device");
	assert_int_equal(dmvpn_nl_link_dump(nl, &list, &n), 0);
	free(list);
}

/* The kernel's own words come with a refusal. */
static void test_text(void **state)
{
	const struct nh_addr a = addr("10.9.8.7");
	struct dmvpn_nl *nl = *state;

	if (!own_namespace)
		skip();
	assert_int_equal(dmvpn_nl_inet_add(nl, 1, &a, 24), 0);
	assert_int_equal(dmvpn_nl_inet_del(nl, 1, &a, 23), -EADDRNOTAVAIL);
	assert_string_equal(dmvpn_nl_error(nl), "ipv4: Address not found");
	assert_int_equal(dmvpn_nl_inet_del(nl, 1, &a, 24), 0);
}

static size_t count_addr(struct dmvpn_nl *nl, const struct nh_addr *a,
			 uint8_t plen)
{
	struct dmvpn_nl_inet *list;
	size_t i, n, found = 0;

	assert_int_equal(dmvpn_nl_inet_dump(nl, 1, &list, &n), 0);
	for (i = 0; i < n; i++)
		found += nh_addr_equal(&list[i].addr, a) &&
			 list[i].plen == plen && list[i].ifindex == 1;
	free(list);
	return found;
}

static void test_inet(void **state)
{
	static const char *const texts[] = { "10.9.8.7", "2001:db8::7" };
	struct dmvpn_nl *nl = *state;
	size_t i;

	if (!own_namespace)
		skip();
	for (i = 0; i < 2; i++) {
		const struct nh_addr a = addr(texts[i]);
		uint8_t plen = i ? 64 : 24;

		assert_int_equal(dmvpn_nl_inet_add(nl, 1, &a, plen), 0);
		assert_int_equal(dmvpn_nl_inet_add(nl, 1, &a, plen), 0);
		assert_int_equal(count_addr(nl, &a, plen), 1);
		assert_int_equal(dmvpn_nl_inet_del(nl, 1, &a, plen), 0);
		assert_int_equal(count_addr(nl, &a, plen), 0);
		assert_int_equal(dmvpn_nl_inet_add(nl, 1, &a, 129), -EINVAL);
	}
}

static void test_route(void **state)
{
	struct dmvpn_nl_route_key key = { .destination = addr("10.9.8.3") };
	const struct nh_addr a = addr("10.9.8.7");
	struct dmvpn_nl *nl = *state;
	struct dmvpn_nl_route route;
	char text[NH_PREFIX_STRLEN];

	if (!own_namespace)
		skip();
	assert_int_equal(dmvpn_nl_inet_add(nl, 1, &a, 24), 0);
	assert_int_equal(dmvpn_nl_route_get(nl, &key, &route), 0);
	assert_string_equal(nh_prefix_format(&route.prefix, text,
					     sizeof(text)), "10.9.8.0/24");
	assert_int_equal(route.oif, 1);
	assert_false(nh_addr_is_set(&route.gateway));

	/* Its own address. */
	key.destination = a;
	assert_int_equal(dmvpn_nl_route_get(nl, &key, &route), 0);
	assert_int_equal(route.type, RTN_LOCAL);
	assert_int_equal(route.prefix.plen, 32);

	key.destination = addr("192.0.2.1");
	assert_int_equal(dmvpn_nl_route_get(nl, &key, &route), -ENETUNREACH);
	key.source = addr("2001:db8::1");
	assert_int_equal(dmvpn_nl_route_get(nl, &key, &route), -EINVAL);
	assert_int_equal(dmvpn_nl_inet_del(nl, 1, &a, 24), 0);
}

/* A gateway of the other family comes in an attribute of its own. */
static void test_route_via(void **state)
{
	struct rtmsg rtm = {
		.rtm_family = AF_INET, .rtm_type = RTN_UNICAST,
		.rtm_table = RT_TABLE_MAIN, .rtm_dst_len = 0,
	};
	uint8_t via[18] = { AF_INET6, 0, 0xfe, 0x80 };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWROUTE, 0);
	const struct nh_addr gateway = addr("fe80::");
	struct dmvpn_nl_route route;

	(void)state;
	nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO);
	nla_put(msg, RTA_VIA, sizeof(via), via);
	nla_put_u32(msg, RTA_OIF, 3);
	assert_int_equal(dmvpn_nl_route_parse(nlmsg_hdr(msg), &route), 0);
	assert_true(nh_addr_equal(&route.gateway, &gateway));
	assert_int_equal(route.prefix.plen, 0);
	assert_int_equal(route.prefix.addr.len, 4);
	assert_int_equal(route.oif, 3);
	nla_put(msg, RTA_PREFSRC, 5, "abcde");
	assert_int_equal(dmvpn_nl_route_parse(nlmsg_hdr(msg), &route),
			 -EPROTO);
	nlmsg_free(msg);
}

static int count_sa(const struct nlmsghdr *nlh, void *arg)
{
	struct dmvpn_nl_sa sa;

	/* It has an SPI and waits for its algorithms. */
	assert_int_equal(dmvpn_nl_sa_parse(nlh, &sa), 1);
	(*(size_t *)arg)++;
	return 0;
}

/* What the kernel itself counts, with those under negotiation. */
static size_t kernels_sa(struct dmvpn_nl *nl)
{
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_GETSA, NLM_F_DUMP);
	size_t n = 0;

	assert_int_equal(dmvpn_nl_talk(nl, msg, 0, count_sa, &n), 0);
	return n;
}

/* As a key manager begins: this needs no kernel that can encrypt. */
static void reserve_spi(struct dmvpn_nl *nl, const struct dmvpn_nl_sa *sa)
{
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_ALLOCSPI, 0);
	struct xfrm_userspi_info spi = {
		.info = {
			.id.proto = IPPROTO_ESP,
			.family = sa->dst.family,
			.mode = XFRM_MODE_TRANSPORT,
			.reqid = 7,
		},
		.min = sa->spi,
		.max = sa->spi,
	};
	size_t n = 0;

	memcpy(&spi.info.id.daddr, sa->dst.bytes, sa->dst.len);
	nlmsg_append(msg, &spi, sizeof(spi), NLMSG_ALIGNTO);
	assert_int_equal(dmvpn_nl_talk(nl, msg, 0, count_sa, &n), 0);
	assert_int_equal(n, 1);
}

static void test_sa(void **state)
{
	struct dmvpn_nl_sa sa = { .spi = 0xc0ffee, .dst = addr("192.0.2.2") };
	struct dmvpn_nl *nl = dmvpn_nl_new();
	struct dmvpn_nl_sa *list = &sa;
	size_t n = 1;
	int err;

	(void)state;
	assert_int_equal(dmvpn_nl_sa_dump(nl, &list, &n), -ENOTCONN);
	err = dmvpn_nl_open_xfrm(nl);
	if (err || !own_namespace) {
		dmvpn_nl_free(nl);
		assert_true(!err || err == -EPROTONOSUPPORT);
		skip();
	}
	reserve_spi(nl, &sa);
	assert_int_equal(kernels_sa(nl), 1);
	assert_int_equal(dmvpn_nl_sa_dump(nl, &list, &n), 0);
	assert_int_equal(n, 0);
	assert_null(list);

	assert_int_equal(dmvpn_nl_sa_del(nl, &sa), 0);
	assert_int_equal(kernels_sa(nl), 0);
	assert_int_equal(dmvpn_nl_sa_del(nl, &sa), 0);
	assert_string_equal(dmvpn_nl_error(nl), "No such process");
	dmvpn_nl_free(nl);
}

static void test_not_open(void **state)
{
	struct dmvpn_nl *nl = dmvpn_nl_new();
	struct dmvpn_nl_link link;

	(void)state;
	assert_int_equal(dmvpn_nl_link_get(nl, 1, &link), -ENOTCONN);
	assert_int_equal(dmvpn_nl_event_open(nl, DMVPN_NL_HEAR_NONE, 0), -ENOTCONN);
	assert_int_equal(dmvpn_nl_event_read(nl, NULL, NULL), -ENOTCONN);
	dmvpn_nl_free(nl);
}

/**
 * struct seen - what an event callback was given
 * @n: number of events
 * @last: interface index of the last one
 * @more: event to set aside while one is handled
 * @nl: where to
 */
struct seen {
	int n;
	uint32_t last;
	struct nl_msg *more;
	struct dmvpn_nl *nl;
};

static void on_event(const struct dmvpn_event *ev, void *arg)
{
	struct seen *seen = arg;

	assert_int_equal(ev->type, DMVPN_EVENT_PEER_GONE);
	seen->n++;
	seen->last = ev->ifindex;
	if (seen->more && ev->ifindex == 3)
		dmvpn_nl_set_aside(seen->nl, nlmsg_hdr(seen->more));
}

static struct nl_msg *gone(struct dmvpn_nl *nl, uint32_t ifindex)
{
	struct nl_msg *msg = dmvpn_nl_msg(nl, DMVPN_CMD_PEER_GONE_NTF, 0);

	nla_put_u32(msg, DMVPN_A_PEER_IFINDEX, ifindex);
	nla_put(msg, DMVPN_A_PEER_NBMA, 4, "\xc0\0\2\1");
	return msg;
}

static bool readable(struct dmvpn_nl *nl)
{
	struct pollfd pfd = { dmvpn_nl_event_fd(nl), POLLIN, 0 };

	return poll(&pfd, 1, 0) == 1;
}

/* Events that a request met are kept, in order, and wake the reader. */
static void test_set_aside(void **state)
{
	struct dmvpn_nl *nl = dmvpn_nl_new();
	struct seen seen = { .nl = nl };
	struct nl_msg *msg, *bad;
	uint32_t i;

	(void)state;
	nl->sk = nl_socket_alloc();
	assert_int_equal(nl_connect(nl->sk, NETLINK_GENERIC), 0);
	nl_socket_set_nonblocking(nl->sk);
	nl->family = 31;
	assert_int_equal(dmvpn_nl_event_open(nl, DMVPN_NL_HEAR_NONE, 65536), 0);
	assert_int_equal(dmvpn_nl_event_open(nl, DMVPN_NL_HEAR_NONE, 0), -EALREADY);
	assert_false(readable(nl));
	assert_int_equal(dmvpn_nl_event_read(nl, on_event, &seen), 0);

	for (i = 1; i <= 3; i++) {
		msg = gone(nl, i);
		assert_true(dmvpn_nl_is_event(nl, nlmsg_hdr(msg)));
		dmvpn_nl_set_aside(nl, nlmsg_hdr(msg));
		nlmsg_free(msg);
	}
	bad = dmvpn_nl_msg(nl, DMVPN_CMD_PEER_GONE_NTF, 0);
	dmvpn_nl_set_aside(nl, nlmsg_hdr(bad));
	seen.more = gone(nl, 4);
	assert_true(readable(nl));
	assert_int_equal(dmvpn_nl_event_read(nl, on_event, &seen), 4);
	assert_int_equal(seen.n, 4);
	assert_int_equal(seen.last, 4);
	assert_int_equal(dmvpn_nl_event_bad(nl), 1);
	assert_false(readable(nl));

	dmvpn_nl_set_overrun(nl);
	assert_true(readable(nl));
	assert_int_equal(dmvpn_nl_event_read(nl, on_event, &seen), -ENOBUFS);
	assert_false(readable(nl));
	assert_int_equal(dmvpn_nl_event_read(nl, on_event, &seen), 0);

	/* Bounded in one go, and still awake for the rest. */
	for (i = 0; i < 300; i++)
		dmvpn_nl_set_aside(nl, nlmsg_hdr(seen.more));
	assert_int_equal(dmvpn_nl_event_read(nl, on_event, &seen), 256);
	assert_true(readable(nl));
	dmvpn_nl_set_aside(nl, nlmsg_hdr(seen.more));
	nlmsg_free(seen.more);
	nlmsg_free(bad);
	dmvpn_nl_free(nl);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		print_message("cannot write %s\n", path);
	close(fd);
}

static void enter_namespace(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	char map[32];
	int fd;

	snprintf(map, sizeof(map), "0 %u 1", geteuid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) && unshare(CLONE_NEWNET))
		return;
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", map);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	own_namespace = fd >= 0 && !ioctl(fd, SIOCSIFFLAGS, &ifr);
	close(fd);
}

#define ROUTE_TEST(fn) \
	cmocka_unit_test_setup_teardown(fn, open_route, close_it)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ROUTE_TEST(test_link_errors),
		ROUTE_TEST(test_text),
		ROUTE_TEST(test_inet),
		ROUTE_TEST(test_route),
		cmocka_unit_test(test_route_via),
		cmocka_unit_test(test_sa),
		cmocka_unit_test(test_not_open),
		cmocka_unit_test(test_set_aside),
	};

	enter_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
