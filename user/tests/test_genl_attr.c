// SPDX-License-Identifier: GPL-2.0-or-later
/* Objects to messages and back; messages that make no sense. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include "genl/link.h"
#include "genl/nl_event.h"
#include "genl/nl_priv.h"

#define ALL	UINT64_MAX

static struct dmvpn_nl nl = { .family = 31, .event_fd = -1, .wake_fd = -1 };

static struct nh_addr addr(const char *text)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, text), 0);
	return a;
}

static struct nh_prefix prefix(const char *text)
{
	struct nh_prefix p;

	assert_int_equal(nh_prefix_parse(&p, text, NULL), 0);
	return p;
}

static const struct dmvpn_nl_peer a_peer = {
	.ifindex = 7,
	.nbma = { .family = 2, .len = 4, .bytes = { 192, 0, 2, 1 } },
	.if_id = 0x10203,
	.flags = DMVPN_PEER_FLAGS_NHS,
	.preference = 200,
	.state = DMVPN_PEER_STATE_SECURED,
	.mtu = 1438,
	.tx_packets = 1ull << 40,
	.tx_bytes = 1ull << 50,
	.rx_packets = 3,
	.rx_bytes = 4,
	.tx_dropped = 5,
	.rx_dropped = 6,
	.tx_idle = 7000,
	.rx_idle = 8000,
	.entries = 9,
	.mcast = true,
	.age = 10000,
};

static struct dmvpn_nl_entry an_entry(void)
{
	return (struct dmvpn_nl_entry){
		.ifindex = 7,
		.prefix = prefix("2001:db8:1::/48"),
		.type = DMVPN_ENTRY_TYPE_REGISTERED,
		.nbma = addr("192.0.2.1"),
		.if_id = 5,
		.holding_time = 600,
		.mtu = 1400,
		.preference = 3,
		.flags = DMVPN_ENTRY_FLAGS_NAT | DMVPN_ENTRY_FLAGS_UNIQUE,
		.claimed = addr("10.0.0.1"),
		.protocol = addr("2001:db8::2"),
		.age = 1,
		.expires = 2,
		.idle = 3,
		.packets = 4,
		.path = DMVPN_PATH_RELAYED,
		.relay = addr("192.0.2.9"),
		.peer_state = DMVPN_PEER_STATE_NEGOTIATING,
	};
}

static struct nl_msg *message(uint8_t cmd)
{
	struct nl_msg *msg = dmvpn_nl_msg(&nl, cmd, 0);

	assert_non_null(msg);
	return msg;
}

static void assert_same(struct nl_msg *a, struct nl_msg *b)
{
	assert_int_equal(nlmsg_hdr(a)->nlmsg_len, nlmsg_hdr(b)->nlmsg_len);
	assert_memory_equal(nlmsg_hdr(a), nlmsg_hdr(b),
			    nlmsg_hdr(a)->nlmsg_len);
	nlmsg_free(a);
	nlmsg_free(b);
}

static void test_peer(void **state)
{
	struct nl_msg *msg = message(DMVPN_CMD_PEER_CHANGE_NTF);
	struct nl_msg *again = message(DMVPN_CMD_PEER_CHANGE_NTF);
	struct dmvpn_nl_peer peer;
	int i;

	(void)state;
	assert_int_equal(dmvpn_nl_peer_put(msg, &a_peer, ALL), 0);
	assert_int_equal(dmvpn_nl_peer_parse(nlmsg_hdr(msg), &peer), 0);
	for (i = DMVPN_A_PEER_IFINDEX; i < DMVPN_A_PEER_PAD; i++)
		assert_true(DMVPN_NL_HAS(&peer, i));
	assert_true(nh_addr_equal(&peer.nbma, &a_peer.nbma));
	assert_int_equal(peer.preference, 200);
	assert_int_equal(peer.state, DMVPN_PEER_STATE_SECURED);
	assert_true(peer.tx_packets == 1ull << 40);
	assert_true(peer.tx_bytes == 1ull << 50);
	assert_int_equal(peer.rx_idle, 8000);
	assert_true(peer.mcast);
	assert_int_equal(peer.age, 10000);
	assert_int_equal(dmvpn_nl_peer_put(again, &peer, ALL), 0);
	assert_same(msg, again);
}

static void test_entry(void **state)
{
	const struct dmvpn_nl_entry given = an_entry();
	struct nl_msg *msg = message(DMVPN_CMD_ENTRY_CHANGE_NTF);
	struct nl_msg *again = message(DMVPN_CMD_ENTRY_CHANGE_NTF);
	struct dmvpn_nl_entry entry;
	int i;

	(void)state;
	assert_int_equal(dmvpn_nl_entry_put(msg, &given, ALL), 0);
	assert_int_equal(dmvpn_nl_entry_parse(nlmsg_hdr(msg), &entry), 0);
	for (i = DMVPN_A_ENTRY_IFINDEX; i < DMVPN_A_ENTRY_FLUSHED; i++)
		assert_true(DMVPN_NL_HAS(&entry, i));
	assert_true(nh_prefix_equal(&entry.prefix, &given.prefix));
	assert_int_equal(entry.type, DMVPN_ENTRY_TYPE_REGISTERED);
	assert_int_equal(entry.holding_time, 600);
	assert_int_equal(entry.mtu, 1400);
	assert_true(nh_addr_equal(&entry.claimed, &given.claimed));
	assert_true(nh_addr_equal(&entry.protocol, &given.protocol));
	assert_true(nh_addr_equal(&entry.relay, &given.relay));
	assert_int_equal(entry.packets, 4);
	assert_int_equal(dmvpn_nl_entry_put(again, &entry, ALL), 0);
	assert_same(msg, again);
}

/* A length of 0 must be told from none, which means a host. */
static void test_entry_default(void **state)
{
	struct dmvpn_nl_entry given = {
		.ifindex = 1,
		.prefix = prefix("0.0.0.0/0"),
	};
	struct nl_msg *msg = message(DMVPN_CMD_ENTRY_GET);
	struct dmvpn_nl_entry entry;

	(void)state;
	assert_int_equal(dmvpn_nl_entry_put(msg, &given, ALL), 0);
	assert_int_equal(dmvpn_nl_entry_parse(nlmsg_hdr(msg), &entry), 0);
	assert_int_equal(entry.prefix.plen, 0);
	assert_int_equal(entry.prefix.addr.len, 4);
	nlmsg_free(msg);

	msg = message(DMVPN_CMD_ENTRY_GET);
	nla_put_u32(msg, DMVPN_A_ENTRY_IFINDEX, 1);
	nla_put(msg, DMVPN_A_ENTRY_PREFIX, 4, "\xc0\0\2\1");
	assert_int_equal(dmvpn_nl_entry_parse(nlmsg_hdr(msg), &entry), 0);
	assert_int_equal(entry.prefix.plen, 32);
	nlmsg_free(msg);
}

static void test_dev(void **state)
{
	struct dmvpn_nl_dev dev, given = {
		.present = DMVPN_NL_BIT(DMVPN_A_DEV_COUNTERS) |
			   DMVPN_NL_BIT(DMVPN_A_DEV_LOCAL6),
		.ifindex = 7,
		.owner = 1234,
		.local4 = addr("192.0.2.1"),
		.peers = 1,
		.entries = 2,
		.mcast = 3,
		.network_id = 4,
	};
	struct nl_msg *msg = message(DMVPN_CMD_DEV_CHANGE_NTF);
	struct nl_msg *again = message(DMVPN_CMD_DEV_CHANGE_NTF);
	int i;

	(void)state;
	for (i = 0; i <= DMVPN_A_COUNTER_MAX; i++)
		given.counters[i] = i == DMVPN_A_COUNTER_PAD ? 0 : i * 1000ull;
	assert_int_equal(dmvpn_nl_dev_put(msg, &given, ALL), 0);
	assert_int_equal(dmvpn_nl_dev_parse(nlmsg_hdr(msg), &dev), 0);
	for (i = DMVPN_A_DEV_IFINDEX; i <= DMVPN_A_DEV_MAX; i++)
		assert_true(DMVPN_NL_HAS(&dev, i));
	assert_int_equal(dev.owner, 1234);
	assert_true(nh_addr_equal(&dev.local4, &given.local4));
	/* :: on the wire is "no address". */
	assert_false(nh_addr_is_set(&dev.local6));
	assert_memory_equal(dev.counters, given.counters,
			    sizeof(dev.counters));
	assert_int_equal(dmvpn_nl_dev_put(again, &dev, ALL), 0);
	assert_same(msg, again);
}

static void test_packet(void **state)
{
	static const uint8_t payload[] = { 1, 2, 3, 0, 5 };
	const struct dmvpn_nl_packet given = {
		.ifindex = 7,
		.nbma = addr("192.0.2.1"),
		.if_id = 2,
		.payload = payload,
		.payload_len = sizeof(payload),
		.local = addr("192.0.2.2"),
		.spi = 0x01020304,
		.reqid = 9,
		.lost = 10,
	};
	struct nl_msg *msg = message(DMVPN_CMD_PACKET_NTF);
	struct nl_msg *again = message(DMVPN_CMD_PACKET_NTF);
	struct dmvpn_nl_packet packet;
	int i;

	(void)state;
	assert_int_equal(dmvpn_nl_packet_put(msg, &given, ALL), 0);
	assert_int_equal(dmvpn_nl_packet_parse(nlmsg_hdr(msg), &packet), 0);
	for (i = DMVPN_A_PACKET_IFINDEX; i < DMVPN_A_PACKET_PAD; i++)
		assert_true(DMVPN_NL_HAS(&packet, i));
	assert_int_equal(packet.payload_len, sizeof(payload));
	assert_memory_equal(packet.payload, payload, sizeof(payload));
	assert_int_equal(packet.spi, 0x01020304);
	assert_int_equal(packet.lost, 10);
	assert_int_equal(dmvpn_nl_packet_put(again, &packet, ALL), 0);
	assert_same(msg, again);
}

static void test_miss(void **state)
{
	const struct dmvpn_nl_miss given = {
		.ifindex = 7,
		.target = addr("192.168.1.3"),
		.destination = addr("3.3.3.3"),
		.source = addr("2.2.2.2"),
		.lost = 1,
	};
	struct nl_msg *msg = message(DMVPN_CMD_MISS_NTF);
	struct nl_msg *again = message(DMVPN_CMD_MISS_NTF);
	struct dmvpn_nl_miss miss;

	(void)state;
	assert_int_equal(dmvpn_nl_miss_put(msg, &given, ALL), 0);
	assert_int_equal(dmvpn_nl_miss_parse(nlmsg_hdr(msg), &miss), 0);
	assert_true(nh_addr_equal(&miss.target, &given.target));
	assert_true(nh_addr_equal(&miss.destination, &given.destination));
	assert_true(nh_addr_equal(&miss.source, &given.source));
	assert_int_equal(miss.lost, 1);
	assert_int_equal(dmvpn_nl_miss_put(again, &miss, ALL), 0);
	assert_same(msg, again);
}

static struct nl_msg *link_message(const struct dmvpn_nl_link *link)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);

	assert_non_null(msg);
	assert_int_equal(dmvpn_nl_link_put(msg, link), 0);
	return msg;
}

static void test_link(void **state)
{
	struct dmvpn_nl_link link, given = {
		.present = DMVPN_NL_LINK_MTU | DMVPN_NL_LINK_UP |
			   DMVPN_NL_LINK_CARRIER |
			   (DMVPN_NL_BIT(IFLA_DMVPN_MAX + 1) - 2),
		.ifindex = 7,
		.name = "dmvpn0",
		.mtu = 1440,
		.up = true,
		.carrier = true,
		.link = 2,
		.local4 = addr("192.0.2.1"),
		.local6 = addr("2001:db8::1"),
		.key = 0xdeadbeef,
		.no_key = true,
		.ttl = 1,
		.tos = 2,
		.df = 3,
		.fwmark = 4,
		.network_id = 5,
		.protection = 6,
		.redirect = 7,
		.shortcut = 8,
		.strict_source = 9,
		.max_peers = 10,
		.max_entries = 11,
		.max_mcast = 12,
		.hold_queue = 13,
		.upcall_rate = 14,
		.redirect_rate = 15,
		.redirect_interval = 16,
	};
	struct nl_msg *msg = link_message(&given);

	(void)state;
	assert_int_equal(dmvpn_nl_link_parse(nlmsg_hdr(msg), &link), 0);
	assert_true(link.present == given.present);
	assert_string_equal(link.name, "dmvpn0");
	assert_int_equal(link.mtu, 1440);
	assert_true(link.up);
	assert_true(link.carrier);
	assert_int_equal(link.key, 0xdeadbeef);
	assert_true(link.no_key);
	assert_int_equal(link.shortcut, 8);
	assert_int_equal(link.redirect_interval, 16);
	assert_same(msg, link_message(&link));
}

/* The VRF that a device is in; none without the attribute. */
static void test_link_vrf(void **state)
{
	struct dmvpn_nl_link link, given = { .ifindex = 7, .name = "dmvpn0" };
	struct nl_msg *msg = link_message(&given);

	(void)state;
	assert_int_equal(dmvpn_nl_link_parse(nlmsg_hdr(msg), &link), 0);
	assert_int_equal(link.master, 0);
	nla_put_u32(msg, IFLA_MASTER, 12);
	assert_int_equal(dmvpn_nl_link_parse(nlmsg_hdr(msg), &link), 0);
	assert_int_equal(link.master, 12);
	nlmsg_free(msg);
}

/* In a link, 0 is a value: of the key, of an address, of a switch. */
static void test_link_zero(void **state)
{
	struct dmvpn_nl_link link, given = {
		.present = DMVPN_NL_BIT(IFLA_DMVPN_KEY) |
			   DMVPN_NL_BIT(IFLA_DMVPN_LOCAL4) |
			   DMVPN_NL_BIT(IFLA_DMVPN_LOCAL6) |
			   DMVPN_NL_BIT(IFLA_DMVPN_SHORTCUT),
		.ifindex = 7,
		.name = "dmvpn0",
		.ttl = 9,
	};
	struct nl_msg *msg = link_message(&given);

	(void)state;
	assert_int_equal(dmvpn_nl_link_parse(nlmsg_hdr(msg), &link), 0);
	assert_true(link.present == (given.present | DMVPN_NL_LINK_UP));
	assert_int_equal(link.ttl, 0);
	nlmsg_free(msg);

	given.local4 = addr("2001:db8::1");
	msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);
	assert_int_equal(dmvpn_nl_link_put(msg, &given), -EINVAL);
	nlmsg_free(msg);
}

static void test_link_kinds(void **state)
{
	static const char *const other[] = { "dmvpn2", "dmvp", "", "vxlan" };
	struct ifinfomsg ifi = { .ifi_index = 1 };
	struct dmvpn_nl_link link;
	size_t i;

	(void)state;
	for (i = 0; i < 5; i++) {
		struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);
		struct nlattr *info;

		nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO);
		nla_put_string(msg, IFLA_IFNAME, "eth0");
		if (i < 4) {
			info = nla_nest_start(msg, IFLA_LINKINFO);
			nla_put_string(msg, IFLA_INFO_KIND, other[i]);
			nla_nest_end(msg, info);
		}
		assert_int_equal(dmvpn_nl_link_parse(nlmsg_hdr(msg), &link),
				 1);
		nlmsg_free(msg);
	}
}

/* What a request must not carry is left out, though the struct has it. */
static void test_mask(void **state)
{
	struct nl_msg *msg = message(DMVPN_CMD_PEER_SET);
	struct dmvpn_nl_peer peer;
	const uint64_t key = DMVPN_NL_BIT(DMVPN_A_PEER_IFINDEX) |
			     DMVPN_NL_BIT(DMVPN_A_PEER_NBMA);

	(void)state;
	assert_int_equal(dmvpn_nl_peer_put(msg, &a_peer, key), 0);
	assert_int_equal(dmvpn_nl_peer_parse(nlmsg_hdr(msg), &peer), 0);
	assert_true(peer.present == key);
	nlmsg_free(msg);
}

static int parse_any(const struct nlmsghdr *nlh)
{
	struct dmvpn_event ev;

	return dmvpn_event_parse(nlh, &ev);
}

/* Of every attribute, a payload of a length that no type has. */
static void test_wrong_length(void **state)
{
	static const struct {
		uint8_t cmd;
		int last;
		int skip;
	} sets[] = {
		{ DMVPN_CMD_DEV_CHANGE_NTF, DMVPN_A_DEV_NETWORK_ID,
		  DMVPN_A_DEV_COUNTERS },
		{ DMVPN_CMD_PEER_GONE_NTF, DMVPN_A_PEER_AGE,
		  DMVPN_A_PEER_MCAST },
		{ DMVPN_CMD_ENTRY_GONE_NTF, DMVPN_A_ENTRY_PEER_STATE, 0 },
		{ DMVPN_CMD_PACKET_NTF, DMVPN_A_PACKET_LOST,
		  DMVPN_A_PACKET_PAYLOAD },
		{ DMVPN_CMD_MISS_NTF, DMVPN_A_MISS_LOST, 0 },
	};
	size_t i;
	int a;

	(void)state;
	for (i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		for (a = 1; a <= sets[i].last; a++) {
			struct nl_msg *msg = message(sets[i].cmd);

			/* ifindex and address, so that nothing is missing. */
			if (a != 1)
				nla_put_u32(msg, 1, 1);
			if (a != 2)
				nla_put(msg, 2, 4, "\xc0\0\2\1");
			nla_put(msg, a, 5, "abcde");
			if (a != sets[i].skip)
				assert_int_equal(parse_any(nlmsg_hdr(msg)),
						 -EPROTO);
			nlmsg_free(msg);
		}
	}
}

static void test_counter_length(void **state)
{
	struct nl_msg *msg = message(DMVPN_CMD_DEV_CHANGE_NTF);
	struct nlattr *nest;

	(void)state;
	nla_put_u32(msg, DMVPN_A_DEV_IFINDEX, 1);
	nest = nla_nest_start(msg, DMVPN_A_DEV_COUNTERS);
	nla_put_u32(msg, DMVPN_A_COUNTER_MISS, 1);
	nla_nest_end(msg, nest);
	assert_int_equal(parse_any(nlmsg_hdr(msg)), -EPROTO);
	nlmsg_free(msg);
}

static void test_missing(void **state)
{
	static const uint8_t cmds[] = {
		DMVPN_CMD_DEV_CHANGE_NTF, DMVPN_CMD_PEER_CHANGE_NTF,
		DMVPN_CMD_ENTRY_CHANGE_NTF, DMVPN_CMD_PACKET_NTF,
		DMVPN_CMD_REDIRECT_NTF, DMVPN_CMD_MISS_NTF,
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cmds); i++) {
		struct nl_msg *msg = message(cmds[i]);

		assert_int_equal(parse_any(nlmsg_hdr(msg)), -EPROTO);
		nlmsg_free(msg);
	}
}

static void test_senseless(void **state)
{
	struct nl_msg *msg = message(DMVPN_CMD_ENTRY_CHANGE_NTF);

	(void)state;
	/* A prefix longer than its address. */
	nla_put_u32(msg, DMVPN_A_ENTRY_IFINDEX, 1);
	nla_put(msg, DMVPN_A_ENTRY_PREFIX, 4, "\xc0\0\2\1");
	nla_put_u8(msg, DMVPN_A_ENTRY_PLEN, 33);
	assert_int_equal(parse_any(nlmsg_hdr(msg)), -EPROTO);
	nlmsg_free(msg);

	/* Replies are no events, nor are commands of a newer kernel. */
	msg = message(DMVPN_CMD_ENTRY_GET);
	assert_int_equal(parse_any(nlmsg_hdr(msg)), -ENOMSG);
	nlmsg_free(msg);
	msg = message(DMVPN_CMD_MAX + 1);
	assert_int_equal(parse_any(nlmsg_hdr(msg)), -ENOMSG);
	nlmsg_free(msg);

	/* Larger than any NHRP packet. */
	msg = nlmsg_alloc_size(8192);
	nlmsg_put(msg, 0, 0, 31, 4, 0);
	*(uint8_t *)nlmsg_data(nlmsg_hdr(msg)) = DMVPN_CMD_PACKET_NTF;
	nla_put_u32(msg, DMVPN_A_PACKET_IFINDEX, 1);
	nla_put(msg, DMVPN_A_PACKET_NBMA, 4, "\xc0\0\2\1");
	nla_reserve(msg, DMVPN_A_PACKET_PAYLOAD, DMVPN_PACKET_MAX + 1);
	assert_int_equal(parse_any(nlmsg_hdr(msg)), -EPROTO);
	nlmsg_free(msg);
}

/* A newer kernel's attributes are passed over. */
static void test_unknown(void **state)
{
	struct nl_msg *msg = message(DMVPN_CMD_PEER_CHANGE_NTF);
	struct dmvpn_event ev;

	(void)state;
	nla_put_u32(msg, DMVPN_A_PEER_MAX + 1, 1);
	nla_put(msg, 300, 5, "abcde");
	assert_int_equal(dmvpn_nl_peer_put(msg, &a_peer, ALL), 0);
	assert_int_equal(dmvpn_event_parse(nlmsg_hdr(msg), &ev), 0);
	assert_int_equal(ev.type, DMVPN_EVENT_PEER_CHANGE);
	assert_int_equal(ev.ifindex, 7);
	assert_int_equal(ev.peer.age, 10000);
	nlmsg_free(msg);
}

/* Cut at each octet, in a buffer of exactly that size for the sanitizer. */
static void test_truncated(void **state)
{
	const struct dmvpn_nl_entry entry = an_entry();
	struct nl_msg *msg = message(DMVPN_CMD_ENTRY_CHANGE_NTF);
	const struct nlmsghdr *whole = nlmsg_hdr(msg);
	int refused = 0;
	uint32_t len;

	(void)state;
	assert_int_equal(dmvpn_nl_entry_put(msg, &entry, ALL), 0);
	for (len = NLMSG_HDRLEN; len < whole->nlmsg_len; len++) {
		struct nlmsghdr *nlh = malloc(len);

		memcpy(nlh, whole, len);
		nlh->nlmsg_len = len;
		refused += parse_any(nlh) != 0;
		free(nlh);
	}
	/* As long as interface index and prefix are not whole. */
	assert_int_equal(refused, GENL_HDRLEN + 8 + 20);
	nlmsg_free(msg);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(dmvpn_event_name(DMVPN_EVENT_ENTRY_EXPIRED),
			    "entry-expired");
	assert_string_equal(dmvpn_event_name(DMVPN_EVENT_REDIRECT),
			    "redirect");
	assert_string_equal(dmvpn_event_name(99), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_peer),
		cmocka_unit_test(test_entry),
		cmocka_unit_test(test_entry_default),
		cmocka_unit_test(test_dev),
		cmocka_unit_test(test_packet),
		cmocka_unit_test(test_miss),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_link_vrf),
		cmocka_unit_test(test_link_zero),
		cmocka_unit_test(test_link_kinds),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_wrong_length),
		cmocka_unit_test(test_counter_length),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_senseless),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
