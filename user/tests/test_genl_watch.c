// SPDX-License-Identifier: GPL-2.0-or-later
/* What messages about routes, links and the like change. */
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "genl/inet_watch.h"
#include "genl/link_watch.h"
#include "genl/route_watch.h"

static int changes(uint16_t type, const char *text, unsigned int flags,
		   struct nh_prefix *out)
{
	struct nl_msg *msg = nlmsg_alloc_simple(type, 0);
	struct nh_prefix prefix;
	struct rtmsg rtm = { .rtm_flags = flags, .rtm_table = RT_TABLE_MAIN };
	int result;

	assert_int_equal(nh_prefix_parse(&prefix, text, NULL), 0);
	rtm.rtm_family = prefix.addr.family;
	rtm.rtm_dst_len = prefix.plen;
	nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO);
	if (prefix.plen)
		nla_put(msg, RTA_DST, prefix.addr.len, prefix.addr.bytes);
	result = dmvpn_nl_route_changed(nlmsg_hdr(msg), out);
	nlmsg_free(msg);
	if (result == 1)
		assert_true(nh_prefix_equal(out, &prefix));
	return result;
}

static void test_routes(void **state)
{
	struct nh_prefix p;

	(void)state;
	assert_int_equal(changes(RTM_NEWROUTE, "10.2.0.0/16", 0, &p), 1);
	assert_int_equal(changes(RTM_DELROUTE, "10.2.0.0/16", 0, &p), 1);
	assert_int_equal(changes(RTM_DELROUTE, "fd01::/64", 0, &p), 1);
	assert_int_equal(changes(RTM_DELROUTE, "0.0.0.0/0", 0, &p), 1);
	/* The MTU of a path and the like */
	assert_int_equal(changes(RTM_NEWROUTE, "10.2.0.1/32", RTM_F_CLONED,
				 &p), 0);
}

static void test_others(void **state)
{
	struct nh_prefix p;

	(void)state;
	assert_int_equal(changes(RTM_NEWLINK, "10.2.0.0/16", 0, &p), 2);
	assert_int_equal(changes(RTM_DELADDR, "10.2.0.0/16", 0, &p), 2);
	assert_int_equal(changes(RTM_NEWRULE, "10.2.0.0/16", 0, &p), 2);
	assert_int_equal(changes(RTM_DELNEXTHOP, "10.2.0.0/16", 0, &p), 2);
	assert_int_equal(changes(RTM_NEWNEIGH, "10.2.0.0/16", 0, &p), 0);
}

static void test_addresses(void **state)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_INET, .ifa_index = 7 };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWADDR, 0);

	(void)state;
	assert_int_equal(dmvpn_nl_inet_changed(nlmsg_hdr(msg)), 0);
	nlmsg_append(msg, &ifa, sizeof(ifa), NLMSG_ALIGNTO);
	assert_int_equal(dmvpn_nl_inet_changed(nlmsg_hdr(msg)), 7);
	nlmsg_hdr(msg)->nlmsg_type = RTM_DELADDR;
	assert_int_equal(dmvpn_nl_inet_changed(nlmsg_hdr(msg)), 7);
	nlmsg_hdr(msg)->nlmsg_type = RTM_NEWLINK;
	assert_int_equal(dmvpn_nl_inet_changed(nlmsg_hdr(msg)), 0);
	nlmsg_free(msg);
}

static void test_links(void **state)
{
	struct ifinfomsg ifi = { .ifi_index = 7 };
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);
	char name[16];

	(void)state;
	assert_false(dmvpn_nl_link_there(nlmsg_hdr(msg), name, sizeof(name)));
	nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
	assert_false(dmvpn_nl_link_there(nlmsg_hdr(msg), name, sizeof(name)));
	nla_put_string(msg, IFLA_IFNAME, "ppp0");
	assert_true(dmvpn_nl_link_there(nlmsg_hdr(msg), name, sizeof(name)));
	assert_string_equal(name, "ppp0");
	/* Longer than any name of a device */
	assert_false(dmvpn_nl_link_there(nlmsg_hdr(msg), name, 4));
	nlmsg_hdr(msg)->nlmsg_type = RTM_DELLINK;
	assert_false(dmvpn_nl_link_there(nlmsg_hdr(msg), name, sizeof(name)));
	nlmsg_free(msg);
}

/* Too short, or of a family that is none of ours */
static void test_senseless(void **state)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_DELROUTE, 0);
	struct rtmsg rtm = { .rtm_family = AF_UNIX };
	struct nh_prefix p;

	(void)state;
	assert_int_equal(dmvpn_nl_route_changed(nlmsg_hdr(msg), &p), 0);
	nlmsg_hdr(msg)->nlmsg_type = RTM_DELROUTE;
	nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO);
	assert_int_equal(dmvpn_nl_route_changed(nlmsg_hdr(msg), &p), 0);
	nlmsg_free(msg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_senseless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
