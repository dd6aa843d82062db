// SPDX-License-Identifier: GPL-2.0-or-later
/* Addresses and prefixes: text, order, masks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/addr.h"

static struct nh_addr addr(const char *text)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, text), 0);
	return a;
}

static struct nh_prefix prefix(const char *text)
{
	struct nh_prefix p;
	const char *why;

	if (nh_prefix_parse(&p, text, &why) < 0)
		fail_msg("%s: %s", text, why);
	assert_null(why);
	return p;
}

static void test_text(void **state)
{
	static const char *const same[] = {
		"0.0.0.0", "192.168.1.1", "255.255.255.255", "::", "::1",
		"2001:db8::1", "fe80::f816:3eff:fe91:8a8a", "::ffff:10.0.0.1",
		"ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
	};
	static const char *const bad[] = {
		"", " ", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ",
		" 1.2.3.4", "1.2.3.4/24", "01.2.3.4", ":", ":::", "1::2::3",
		"fe80::1%eth0", "12345::", "2001:db8::1/64", "localhost",
	};
	char buf[NH_ADDR_STRLEN], little[5];
	struct nh_addr a, back;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		a = addr(same[i]);
		assert_ptr_equal(nh_addr_format(&a, buf, sizeof(buf)), buf);
		back = addr(buf);
		assert_true(nh_addr_equal(&a, &back));
		if (i < 7)
			assert_string_equal(buf, same[i]);
	}
	memset(&a, 0x5a, sizeof(a));
	back = a;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (nh_addr_parse(&a, bad[i]) == 0)
			fail_msg("\"%s\" is accepted", bad[i]);
		assert_memory_equal(&a, &back, sizeof(a));
	}
	memset(&a, 0, sizeof(a));
	assert_string_equal(nh_addr_format(&a, buf, sizeof(buf)), "-");
	a = addr("10.20.30.40");
	assert_string_equal(nh_addr_format(&a, little, sizeof(little)),
			    "10.2");
}

static void test_bytes(void **state)
{
	const uint8_t b[17] = { 10, 1, 2, 3 };
	struct nh_addr a;
	size_t n;

	(void)state;
	for (n = 0; n <= sizeof(b); n++)
		assert_int_equal(nh_addr_from_bytes(&a, b, n) == 0,
				 n == 0 || n == 4 || n == 16);
	assert_int_equal(nh_addr_from_bytes(&a, b, 16), 0);
	assert_int_equal(nh_addr_from_bytes(&a, b, 4), 0);
	assert_int_equal(a.bytes[4], 0);
	assert_int_equal(nh_addr_bits(&a), 32);
	assert_true(nh_addr_is_set(&a));
	assert_int_equal(nh_addr_from_bytes(&a, NULL, 0), 0);
	assert_int_equal(nh_addr_bits(&a), 0);
	assert_false(nh_addr_is_set(&a));
}

static void test_order(void **state)
{
	static const char *const sorted[] = {
		"0.0.0.0", "9.255.255.255", "10.0.0.0", "200.0.0.0", "::",
		"::1", "2001:db8::", "ff02::1",
	};
	struct nh_addr empty = { 0 }, a, b;
	size_t i, j;

	(void)state;
	for (i = 0; i < 8; i++) {
		a = addr(sorted[i]);
		assert_true(nh_addr_cmp(&empty, &a) < 0);
		for (j = 0; j < 8; j++) {
			b = addr(sorted[j]);
			assert_int_equal(nh_addr_cmp(&a, &b) < 0, i < j);
			assert_int_equal(nh_addr_cmp(&a, &b) > 0, i > j);
			assert_int_equal(nh_addr_equal(&a, &b), i == j);
		}
	}
	a = addr("0.0.0.0");
	b = addr("::");
	assert_false(nh_addr_equal(&a, &b));
	assert_int_not_equal(nh_addr_hash(&a, 1), nh_addr_hash(&b, 1));
}

/* A hash that lost bits would put neighbours into few buckets. */
static void test_hash_spreads(void **state)
{
	unsigned int used[256] = { 0 }, filled = 0, i;
	struct nh_addr a = addr("10.0.0.0");
	struct nh_prefix p, q;

	(void)state;
	for (i = 0; i < 1024; i++) {
		a.bytes[2] = (uint8_t)(i >> 8);
		a.bytes[3] = (uint8_t)i;
		used[nh_addr_hash(&a, 0x1234) % 256]++;
	}
	for (i = 0; i < 256; i++) {
		filled += used[i] > 0;
		assert_true(used[i] < 24);
	}
	assert_true(filled > 230);
	assert_int_not_equal(nh_addr_hash(&a, 1), nh_addr_hash(&a, 2));
	p = prefix("10.0.0.0/8");
	q = prefix("10.0.0.0/9");
	assert_int_not_equal(nh_prefix_hash(&p, 1), nh_prefix_hash(&q, 1));
	assert_int_equal(nh_prefix_hash(&p, 1), nh_prefix_hash(&p, 1));
}

static void test_kinds(void **state)
{
	static const struct {
		const char *text;
		bool any, multicast, loopback, linklocal, mapped;
	} kinds[] = {
		{ "0.0.0.0", true, false, false, false, false },
		{ "::", true, false, false, false, false },
		{ "224.0.0.5", false, true, false, false, false },
		{ "239.255.255.255", false, true, false, false, false },
		{ "240.0.0.0", false, false, false, false, false },
		{ "223.255.255.255", false, false, false, false, false },
		{ "ff02::5", false, true, false, false, false },
		{ "127.1.2.3", false, false, true, false, false },
		{ "::1", false, false, true, false, false },
		{ "169.254.1.1", false, false, false, true, false },
		{ "169.255.1.1", false, false, false, false, false },
		{ "fe80::1", false, false, false, true, false },
		{ "febf::1", false, false, false, true, false },
		{ "fec0::1", false, false, false, false, false },
		{ "::ffff:1.2.3.4", false, false, false, false, true },
		{ "::fffe:1.2.3.4", false, false, false, false, false },
		{ "10.0.0.1", false, false, false, false, false },
	};
	struct nh_addr a, empty = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		a = addr(kinds[i].text);
		assert_int_equal(nh_addr_is_any(&a), kinds[i].any);
		assert_int_equal(nh_addr_is_multicast(&a), kinds[i].multicast);
		assert_int_equal(nh_addr_is_loopback(&a), kinds[i].loopback);
		assert_int_equal(nh_addr_is_linklocal(&a), kinds[i].linklocal);
		assert_int_equal(nh_addr_is_v4mapped(&a), kinds[i].mapped);
	}
	assert_false(nh_addr_is_any(&empty));
	assert_false(nh_addr_is_multicast(&empty));
	assert_false(nh_addr_is_loopback(&empty));
	assert_false(nh_addr_is_linklocal(&empty));
	assert_false(nh_addr_is_v4mapped(&empty));
}

static void assert_bad(const char *text, const char *word)
{
	struct nh_prefix p = prefix("10.0.0.0/8"), was = p;
	const char *why = NULL;

	if (nh_prefix_parse(&p, text, &why) == 0)
		fail_msg("\"%s\" is accepted", text);
	if (!strstr(why, word))
		fail_msg("\"%s\": \"%s\" does not say \"%s\"", text, why, word);
	assert_true(nh_prefix_equal(&p, &was));
	assert_true(nh_prefix_parse(&p, text, NULL) < 0);
}

static void test_prefix_text(void **state)
{
	static const char *const same[] = {
		"0.0.0.0/0", "10.0.0.0/8", "10.1.2.3/32", "128.0.0.0/1",
		"10.1.2.2/31", "::/0", "2001:db8::/33", "2001:db8::1/128",
	};
	char buf[NH_PREFIX_STRLEN];
	struct nh_prefix p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		p = prefix(same[i]);
		assert_string_equal(nh_prefix_format(&p, buf, sizeof(buf)),
				    same[i]);
	}
	p = prefix("10.1.2.3");
	assert_int_equal(p.plen, 32);
	assert_true(nh_prefix_is_host(&p));
	p = prefix("2001:db8::1");
	assert_int_equal(p.plen, 128);

	assert_bad("", "address");
	assert_bad("/8", "address");
	assert_bad("10.0.0/8", "address");
	assert_bad("1111:2222:3333:4444:5555:6666:255.255.255.2555", "address");
	assert_bad("10.0.0.0/", "length");
	assert_bad("10.0.0.0/33", "length");
	assert_bad("10.0.0.0/08", "length");
	assert_bad("10.0.0.0/+8", "length");
	assert_bad("10.0.0.0/ 8", "length");
	assert_bad("10.0.0.0/8/8", "length");
	assert_bad("10.0.0.0/4294967304", "length");
	assert_bad("::/129", "length");
	assert_bad("10.0.0.1/8", "host bits");
	assert_bad("10.1.2.3/31", "host bits");
	assert_bad("2001:db8::1/127", "host bits");
	assert_bad("128.0.0.0/0", "host bits");
}

/* Against a model that looks at single bits. */
static void test_mask(void **state)
{
	unsigned int plen, bit;
	struct nh_addr a, full;

	(void)state;
	full = addr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	for (plen = 0; plen <= 128; plen++) {
		a = full;
		nh_addr_mask(&a, plen);
		for (bit = 0; bit < 128; bit++)
			assert_int_equal(a.bytes[bit / 8] >> (7 - bit % 8) & 1,
					 bit < plen);
	}
	a = addr("255.255.255.255");
	nh_addr_mask(&a, 40);
	assert_int_equal(a.bytes[4], 0);
	assert_int_equal(a.bytes[3], 255);
}

static void test_containment(void **state)
{
	struct nh_prefix ten = prefix("10.0.0.0/8"), sub = prefix("10.9.0.0/16");
	struct nh_prefix all = prefix("0.0.0.0/0"), all6 = prefix("::/0");
	struct nh_prefix p;
	struct nh_addr in = addr("10.9.8.7"), out = addr("11.0.0.0");
	struct nh_addr six = addr("a00::"), empty = { 0 };

	(void)state;
	assert_true(nh_prefix_contains(&ten, &in));
	assert_false(nh_prefix_contains(&ten, &out));
	assert_false(nh_prefix_contains(&ten, &six));
	assert_true(nh_prefix_contains(&all, &out));
	assert_false(nh_prefix_contains(&all, &six));
	assert_true(nh_prefix_contains(&all6, &six));
	assert_false(nh_prefix_contains(&all, &empty));
	assert_false(nh_prefix_contains(&all6, &out));

	assert_true(nh_prefix_covers(&ten, &sub));
	assert_true(nh_prefix_covers(&ten, &ten));
	assert_false(nh_prefix_covers(&sub, &ten));
	assert_false(nh_prefix_covers(&all6, &ten));

	assert_true(nh_prefix_cmp(&ten, &sub) < 0);
	assert_true(nh_prefix_cmp(&sub, &ten) > 0);
	p = prefix("10.0.0.0/9");
	assert_true(nh_prefix_cmp(&ten, &p) < 0);
	assert_false(nh_prefix_equal(&ten, &p));
	assert_false(nh_prefix_is_host(&p));

	assert_int_equal(nh_prefix_make(&p, &in, 12), 0);
	assert_int_equal(p.addr.bytes[1], 0);
	assert_true(nh_prefix_make(&p, &in, 33) < 0);
	assert_true(nh_prefix_make(&p, &in, 288) < 0);
	assert_true(nh_prefix_make(&p, &empty, 0) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_hash_spreads),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_prefix_text),
		cmocka_unit_test(test_mask),
		cmocka_unit_test(test_containment),
	};

	return cmocka_run_group_tests_name("addr", tests, NULL, NULL);
}
