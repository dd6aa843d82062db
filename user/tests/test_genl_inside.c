// SPDX-License-Identifier: GPL-2.0-or-later
/* Which routes divide the prefix of another one. */
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "genl/route_inside.h"

static struct dmvpn_nl_route route;

static int setup(void **state)
{
	(void)state;
	route = (struct dmvpn_nl_route){
		.type = RTN_UNICAST,
		.table = RT_TABLE_MAIN,
		.oif = 3,
	};
	return nh_prefix_parse(&route.prefix, "10.2.0.0/16", NULL);
}

/* A route as a dump shows it, compared with @route. */
static bool differs(const char *text, uint8_t type, uint8_t table,
		    unsigned int flags, uint32_t oif, const char *gateway)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWROUTE, 0);
	struct nh_prefix prefix;
	struct nh_addr addr;
	struct rtmsg rtm = { 0 };
	bool result;

	assert_int_equal(nh_prefix_parse(&prefix, text, NULL), 0);
	rtm.rtm_family = prefix.addr.family;
	rtm.rtm_dst_len = prefix.plen;
	rtm.rtm_type = type;
	rtm.rtm_table = table;
	rtm.rtm_flags = flags;
	nlmsg_append(msg, &rtm, sizeof(rtm), NLMSG_ALIGNTO);
	nla_put(msg, RTA_DST, prefix.addr.len, prefix.addr.bytes);
	nla_put_u32(msg, RTA_OIF, oif);
	if (gateway) {
		assert_int_equal(nh_addr_parse(&addr, gateway), 0);
		nla_put(msg, RTA_GATEWAY, addr.len, addr.bytes);
	}
	result = dmvpn_nl_route_differs(nlmsg_hdr(msg), &route);
	nlmsg_free(msg);
	return result;
}

static void test_ways(void **state)
{
	(void)state;
	assert_true(differs("10.2.9.0/24", RTN_UNICAST, RT_TABLE_MAIN, 0, 4,
			    NULL));
	assert_true(differs("10.2.9.0/24", RTN_UNICAST, RT_TABLE_MAIN, 0, 3,
			    "10.2.0.9"));
	assert_true(differs("10.2.9.0/24", RTN_BLACKHOLE, RT_TABLE_MAIN, 0, 3,
			    NULL));
	/* The same way does not divide. */
	assert_false(differs("10.2.9.0/24", RTN_UNICAST, RT_TABLE_MAIN, 0, 3,
			     NULL));
}

static void test_others(void **state)
{
	(void)state;
	/* Itself, what is around it, beside it, and of another family. */
	assert_false(differs("10.2.0.0/16", RTN_UNICAST, RT_TABLE_MAIN, 0, 4,
			     NULL));
	assert_false(differs("10.0.0.0/8", RTN_UNICAST, RT_TABLE_MAIN, 0, 4,
			     NULL));
	assert_false(differs("10.3.9.0/24", RTN_UNICAST, RT_TABLE_MAIN, 0, 4,
			     NULL));
	assert_false(differs("fd00::/64", RTN_UNICAST, RT_TABLE_MAIN, 0, 4,
			     NULL));
	/* Other tables, and exceptions. */
	assert_false(differs("10.2.9.1/32", RTN_LOCAL, RT_TABLE_LOCAL, 0, 4,
			     NULL));
	assert_false(differs("10.2.9.1/32", RTN_UNICAST, RT_TABLE_MAIN,
			     RTM_F_CLONED, 4, NULL));
	/* A VRF has no table of local routes beside the other one. */
	assert_false(differs("10.2.9.1/32", RTN_LOCAL, RT_TABLE_MAIN, 0, 4,
			     NULL));
	assert_false(differs("10.2.9.255/32", RTN_BROADCAST, RT_TABLE_MAIN, 0,
			     4, NULL));
	assert_false(differs("fe80::/128", RTN_ANYCAST, RT_TABLE_MAIN, 0, 4,
			     NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_ways, setup),
		cmocka_unit_test_setup(test_others, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
