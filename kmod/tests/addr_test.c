// SPDX-License-Identifier: GPL-2.0-only
/* Tests of addr.h. */
#include "../addr.h"

#include <kunit/test.h>

#include "prefix.h"

static void from_bytes_takes_two_lengths(struct kunit *test)
{
	static const u8 bytes[20] = { 192, 0, 2, 1, 5, 6, 7, 8,
				      9, 10, 11, 12, 13, 14, 15, 16 };
	struct dmvpn_addr addr, want;
	size_t len;

	memset(&addr, 0xff, sizeof(addr));
	KUNIT_EXPECT_EQ(test, dmvpn_addr_from_bytes(&addr, bytes, 4), 0);
	want = dmvpn_addr_from_v4(htonl(0xc0000201));
	KUNIT_EXPECT_EQ(test, memcmp(&addr, &want, sizeof(addr)), 0);
	KUNIT_EXPECT_EQ(test, dmvpn_addr_len(&addr), 4);
	KUNIT_EXPECT_EQ(test, dmvpn_addr_bits(&addr), 32);

	/* An odd address: attributes and packets align to less than we do. */
	KUNIT_EXPECT_EQ(test, dmvpn_addr_from_bytes(&addr, bytes + 1, 16), 0);
	KUNIT_EXPECT_EQ(test, memcmp(&addr.v6, bytes + 1, 16), 0);
	KUNIT_EXPECT_EQ(test, addr.family, AF_INET6);
	KUNIT_EXPECT_EQ(test, dmvpn_addr_len(&addr), 16);
	KUNIT_EXPECT_EQ(test, dmvpn_addr_bits(&addr), 128);

	want = addr;
	for (len = 0; len <= sizeof(bytes); len++) {
		if (len == 4 || len == 16)
			continue;
		KUNIT_EXPECT_EQ(test, dmvpn_addr_from_bytes(&addr, bytes, len),
				-EINVAL);
	}
	KUNIT_EXPECT_EQ(test, memcmp(&addr, &want, sizeof(addr)), 0);
}

static void families_are_not_mixed_up(struct kunit *test)
{
	struct dmvpn_addr v4 = prefix(test, "32.1.13.184").addr;
	struct dmvpn_addr v6 = prefix(test, "2001:db8::").addr;
	struct dmvpn_addr none = {};

	/* The same 16 bytes. */
	KUNIT_ASSERT_EQ(test, memcmp(&v4.v6, &v6.v6, sizeof(v4.v6)), 0);
	KUNIT_EXPECT_FALSE(test, dmvpn_addr_equal(&v4, &v6));
	KUNIT_EXPECT_TRUE(test, dmvpn_addr_equal(&v4, &v4));
	KUNIT_EXPECT_FALSE(test, dmvpn_prefix_contains(&v6, 0, &v4, 32));
	KUNIT_EXPECT_FALSE(test, dmvpn_addr_equal(&none, &v4));
	KUNIT_EXPECT_EQ(test, dmvpn_addr_len(&none), 0);
	KUNIT_EXPECT_FALSE(test, dmvpn_addr_plen_ok(&none, 0));
}

struct kind {
	const char *text;
	bool unspec;
	bool multicast;
};

static const struct kind kinds[] = {
	{ "0.0.0.0", true, false },
	{ "0.0.0.1", false, false },
	{ "10.0.0.1", false, false },
	{ "223.255.255.255", false, false },
	{ "224.0.0.0", false, true },
	{ "239.255.255.255", false, true },
	{ "240.0.0.0", false, false },
	{ "255.255.255.255", false, false },
	{ "::", true, false },
	{ "::1", false, false },
	{ "2001:db8::1", false, false },
	{ "fe80::1", false, false },
	{ "feff::1", false, false },
	{ "ff02::1", false, true },
};

static void kinds_of_addresses(struct kunit *test)
{
	struct dmvpn_addr addr = {};
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, dmvpn_addr_is_unspec(&addr));
	KUNIT_EXPECT_FALSE(test, dmvpn_addr_is_multicast(&addr));
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		addr = prefix(test, kinds[i].text).addr;
		KUNIT_EXPECT_EQ_MSG(test, dmvpn_addr_is_unspec(&addr),
				    kinds[i].unspec, "%s", kinds[i].text);
		KUNIT_EXPECT_EQ_MSG(test, dmvpn_addr_is_multicast(&addr),
				    kinds[i].multicast, "%s", kinds[i].text);
	}
}

struct mask {
	const char *text;
	const char *masked;
};

static const struct mask masks[] = {
	{ "255.255.255.255/0", "0.0.0.0" },
	{ "255.255.255.255/1", "128.0.0.0" },
	{ "192.0.2.255/24", "192.0.2.0" },
	{ "192.0.2.255/31", "192.0.2.254" },
	{ "192.0.2.255/32", "192.0.2.255" },
	{ "ffff::1/0", "::" },
	{ "ffff::1/1", "8000::" },
	{ "2001:db8:ff:ffff:1::/63", "2001:db8:ff:fffe::" },
	{ "2001:db8:ff:ffff:1::/64", "2001:db8:ff:ffff::" },
	{ "2001:db8:ff:ffff:c000::/65", "2001:db8:ff:ffff:8000::" },
	{ "2001:db8::ffff/127", "2001:db8::fffe" },
	{ "2001:db8::ffff/128", "2001:db8::ffff" },
};

static void masks_clear_host_bits(struct kunit *test)
{
	struct dmvpn_addr want, got;
	struct prefix p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(masks); i++) {
		p = prefix(test, masks[i].text);
		want = prefix(test, masks[i].masked).addr;
		got = dmvpn_addr_masked(&p.addr, p.plen);
		/* All bytes: it is to be a hash key. */
		KUNIT_EXPECT_EQ_MSG(test, memcmp(&got, &want, sizeof(got)), 0,
				    "%s", masks[i].text);
		KUNIT_EXPECT_EQ_MSG(test,
				    dmvpn_addr_has_host_bits(&p.addr, p.plen),
				    !dmvpn_addr_equal(&p.addr, &want),
				    "%s", masks[i].text);
		KUNIT_EXPECT_FALSE_MSG(test,
				       dmvpn_addr_has_host_bits(&got, p.plen),
				       "%s", masks[i].text);
	}
}

static void prefix_lengths_have_limits(struct kunit *test)
{
	struct dmvpn_addr v4 = prefix(test, "192.0.2.1").addr;
	struct dmvpn_addr v6 = prefix(test, "2001:db8::1").addr;

	KUNIT_EXPECT_TRUE(test, dmvpn_addr_plen_ok(&v4, 0));
	KUNIT_EXPECT_TRUE(test, dmvpn_addr_plen_ok(&v4, 32));
	KUNIT_EXPECT_FALSE(test, dmvpn_addr_plen_ok(&v4, 33));
	KUNIT_EXPECT_TRUE(test, dmvpn_addr_plen_ok(&v6, 128));
	KUNIT_EXPECT_FALSE(test, dmvpn_addr_plen_ok(&v6, 129));
	KUNIT_EXPECT_FALSE(test, dmvpn_addr_plen_ok(&v6, 255));
}

struct cover {
	const char *outer;
	const char *inner;
	bool covers;
};

static const struct cover covers[] = {
	{ "10.0.0.0/8", "10.0.0.0/8", true },
	{ "10.0.0.0/8", "10.255.0.0/16", true },
	{ "10.0.0.0/8", "10.255.255.255", true },
	{ "10.0.0.0/8", "11.0.0.0", false },
	{ "10.0.0.0/8", "10.0.0.0/7", false },
	{ "10.1.2.3/8", "10.9.0.0/16", true },
	{ "0.0.0.0/0", "255.0.0.0/8", true },
	{ "192.0.2.1/32", "192.0.2.1/32", true },
	{ "192.0.2.1/32", "192.0.2.0/32", false },
	{ "::/0", "ffff::/16", true },
	{ "2001:db8::/65", "2001:db8:0:0:7fff::/80", true },
	{ "2001:db8::/65", "2001:db8:0:0:8000::/80", false },
	{ "2001:db8::1/128", "2001:db8::1/128", true },
	{ "2001:db8::1/128", "2001:db8::/128", false },
	{ "::/0", "10.0.0.0/8", false },
};

static void prefixes_contain_others(struct kunit *test)
{
	struct prefix outer, inner;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(covers); i++) {
		outer = prefix(test, covers[i].outer);
		inner = prefix(test, covers[i].inner);
		KUNIT_EXPECT_EQ_MSG(test,
				    dmvpn_prefix_contains(&outer.addr,
							  outer.plen,
							  &inner.addr,
							  inner.plen),
				    covers[i].covers, "%s in %s",
				    covers[i].inner, covers[i].outer);
	}
}

static void sockaddr_prints(struct kunit *test)
{
	static const char * const texts[] = { "192.0.2.1", "2001:db8::1" };
	struct sockaddr_storage ss;
	struct dmvpn_addr addr;
	char text[INET6_ADDRSTRLEN];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		addr = prefix(test, texts[i]).addr;
		dmvpn_addr_to_sockaddr(&addr, &ss);
		snprintf(text, sizeof(text), "%pISc", &ss);
		KUNIT_EXPECT_STREQ(test, text, texts[i]);
	}
}

static struct kunit_case addr_cases[] = {
	KUNIT_CASE(from_bytes_takes_two_lengths),
	KUNIT_CASE(families_are_not_mixed_up),
	KUNIT_CASE(kinds_of_addresses),
	KUNIT_CASE(masks_clear_host_bits),
	KUNIT_CASE(prefix_lengths_have_limits),
	KUNIT_CASE(prefixes_contain_others),
	KUNIT_CASE(sockaddr_prints),
	{}
};

static struct kunit_suite addr_suite = {
	.name = "dmvpn_addr",
	.test_cases = addr_cases,
};

kunit_test_suite(addr_suite);
