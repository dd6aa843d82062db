// SPDX-License-Identifier: GPL-2.0-only
/* Tests of grehdr.c. */
#include "../grehdr.c"

#include <kunit/test.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <net/checksum.h>

#define HEADROOM 32
#define OUTER_LEN 20

/*
 * A packet of the fixture, freed when the next one is made: @linear bytes in
 * the head, the others in a page.
 */
static struct sk_buff *packet(struct kunit *test, const void *data,
			      unsigned int len, unsigned int linear)
{
	struct sk_buff *skb;
	struct page *page;

	kfree_skb(test->priv);
	skb = alloc_skb(HEADROOM + len, GFP_KERNEL);
	test->priv = skb;
	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_reserve(skb, HEADROOM);
	skb_put_data(skb, data, linear);
	if (linear < len) {
		page = alloc_page(GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, page);
		memcpy(page_address(page), data + linear, len - linear);
		skb_add_rx_frag(skb, 0, page, 0, len - linear, PAGE_SIZE);
	}
	return skb;
}

struct header {
	const char *name;
	u8 bytes[16];
	u8 len;
	int err;
	struct dmvpn_gre_info info;
};

#define GRE_INFO(proto_, hlen_, ...) \
	{ .proto = cpu_to_be16(proto_), .hlen = hlen_, __VA_ARGS__ }

static const struct header headers[] = {
	{ "plain IPv4", { 0, 0, 0x08, 0 }, 4, 0, GRE_INFO(0x0800, 4) },
	{ "plain NHRP", { 0, 0, 0x20, 0x01 }, 4, 0, GRE_INFO(0x2001, 4) },
	{ "key", { 0x20, 0, 0x86, 0xdd, 1, 2, 3, 4 }, 8, 0,
	  GRE_INFO(0x86dd, 8, .has_key = true,
		   .key = cpu_to_be32(0x01020304)) },
	{ "key of zero", { 0x20, 0, 0x08, 0, 0, 0, 0, 0 }, 8, 0,
	  GRE_INFO(0x0800, 8, .has_key = true) },
	{ "checksum", { 0x80, 0, 0x08, 0, 9, 9, 0, 0 }, 8, 0,
	  GRE_INFO(0x0800, 8, .has_csum = true) },
	{ "sequence", { 0x10, 0, 0x08, 0, 9, 9, 9, 9 }, 8, 0,
	  GRE_INFO(0x0800, 8, .has_seq = true) },
	{ "checksum, key", { 0xa0, 0, 0x08, 0, 9, 9, 0, 0, 1, 2, 3, 4 }, 12, 0,
	  GRE_INFO(0x0800, 12, .has_csum = true, .has_key = true,
		   .key = cpu_to_be32(0x01020304)) },
	{ "key, sequence", { 0x30, 0, 0x08, 0, 1, 2, 3, 4, 9, 9, 9, 9 }, 12, 0,
	  GRE_INFO(0x0800, 12, .has_seq = true, .has_key = true,
		   .key = cpu_to_be32(0x01020304)) },
	{ "all", { 0xb0, 0, 0x08, 0, 9, 9, 0, 0, 1, 2, 3, 4, 9, 9, 9, 9 },
	  16, 0,
	  GRE_INFO(0x0800, 16, .has_csum = true, .has_key = true,
		   .has_seq = true, .key = cpu_to_be32(0x01020304)) },
	{ "bits 6 to 12 are ignored", { 0x03, 0xf8, 0x08, 0 }, 4, 0,
	  GRE_INFO(0x0800, 4) },
	{ "version 1", { 0, 1, 0x88, 0x0b }, 4, -EINVAL },
	{ "version 4", { 0, 4, 0x08, 0 }, 4, -EINVAL },
	{ "routing", { 0x40, 0, 0x08, 0, 9, 9, 0, 0 }, 8, -EINVAL },
	{ "bit 4", { 0x08, 0, 0x08, 0 }, 4, -EINVAL },
	{ "bit 5", { 0x04, 0, 0x08, 0 }, 4, -EINVAL },
};

static void expect_info(struct kunit *test, const struct header *h,
			const struct dmvpn_gre_info *info)
{
	KUNIT_EXPECT_TRUE_MSG(test, info->proto == h->info.proto, "%s",
			      h->name);
	KUNIT_EXPECT_TRUE_MSG(test, info->key == h->info.key, "%s", h->name);
	KUNIT_EXPECT_EQ_MSG(test, info->hlen, h->info.hlen, "%s", h->name);
	KUNIT_EXPECT_EQ_MSG(test, info->has_key, h->info.has_key, "%s",
			    h->name);
	KUNIT_EXPECT_EQ_MSG(test, info->has_csum, h->info.has_csum, "%s",
			    h->name);
	KUNIT_EXPECT_EQ_MSG(test, info->has_seq, h->info.has_seq, "%s",
			    h->name);
}

/* Each header at an offset, and cut at each place into head and page. */
static void headers_are_read(struct kunit *test)
{
	u8 bytes[OUTER_LEN + 16] = {};
	struct dmvpn_gre_info info;
	const struct header *h;
	unsigned int i, linear, len;
	struct sk_buff *skb;

	for (i = 0; i < ARRAY_SIZE(headers); i++) {
		h = &headers[i];
		len = OUTER_LEN + h->len;
		memcpy(bytes + OUTER_LEN, h->bytes, h->len);
		for (linear = 0; linear <= len; linear++) {
			skb = packet(test, bytes, len, linear);
			memset(&info, 0xff, sizeof(info));
			KUNIT_EXPECT_EQ_MSG(test,
					    dmvpn_gre_parse(skb, OUTER_LEN,
							    &info),
					    h->err, "%s", h->name);
			if (!h->err)
				expect_info(test, h, &info);
			KUNIT_EXPECT_EQ(test, skb_headlen(skb), linear);
		}
	}
}

static void short_headers_are_refused(struct kunit *test)
{
	struct dmvpn_gre_info info;
	struct sk_buff *skb;
	unsigned int i, len;

	for (i = 0; i < ARRAY_SIZE(headers); i++) {
		for (len = 0; len < headers[i].len; len++) {
			skb = packet(test, headers[i].bytes, len, len);
			KUNIT_EXPECT_EQ_MSG(test,
					    dmvpn_gre_parse(skb, 0, &info),
					    -EINVAL, "%s, %u bytes",
					    headers[i].name, len);
		}
	}
	skb = packet(test, headers[0].bytes, 4, 4);
	KUNIT_EXPECT_EQ(test, dmvpn_gre_parse(skb, 5, &info), -EINVAL);
}

/* Which bytes must be there is up to and with the key. */
static void quoted_headers_may_be_short(struct kunit *test)
{
	struct dmvpn_gre_info info;
	const struct header *h;
	unsigned int i, len, need;
	struct sk_buff *skb;

	for (i = 0; i < ARRAY_SIZE(headers); i++) {
		h = &headers[i];
		need = h->err ? U32_MAX : h->len - 4 * h->info.has_seq;
		for (len = 0; len <= h->len; len++) {
			skb = packet(test, h->bytes, len, len);
			KUNIT_EXPECT_EQ_MSG(test,
					    dmvpn_gre_parse_quoted(skb, 0,
								   &info),
					    len < need ? -EINVAL : 0,
					    "%s, %u bytes", h->name, len);
			if (len >= need)
				expect_info(test, h, &info);
		}
	}
}

static void pushed_headers_can_be_read(struct kunit *test)
{
	static const u8 payload[] = { 0x45, 1, 2, 3 };
	static const u8 with_key[] = { 0x20, 0, 0x08, 0, 0xde, 0xad, 0xbe,
				       0xef, 0x45, 1, 2, 3 };
	static const u8 without[] = { 0, 0, 0x20, 0x01, 0x45, 1, 2, 3 };
	struct dmvpn_gre_info info;
	struct sk_buff *skb;

	KUNIT_EXPECT_EQ(test, dmvpn_gre_len(true), 8);
	KUNIT_EXPECT_EQ(test, dmvpn_gre_len(false), 4);

	skb = packet(test, payload, 4, 4);
	dmvpn_gre_push(skb, htons(ETH_P_IP), true, htonl(0xdeadbeef));
	KUNIT_ASSERT_EQ(test, skb->len, sizeof(with_key));
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, with_key, skb->len), 0);
	KUNIT_EXPECT_PTR_EQ(test, skb_transport_header(skb), skb->data);
	KUNIT_EXPECT_TRUE(test, skb->inner_protocol == htons(ETH_P_IP));
	KUNIT_EXPECT_EQ(test, dmvpn_gre_parse(skb, 0, &info), 0);
	KUNIT_EXPECT_TRUE(test, info.key == htonl(0xdeadbeef));

	skb = packet(test, payload, 4, 4);
	dmvpn_gre_push(skb, htons(0x2001), false, htonl(0xdeadbeef));
	KUNIT_ASSERT_EQ(test, skb->len, sizeof(without));
	KUNIT_EXPECT_EQ(test, memcmp(skb->data, without, skb->len), 0);
}

#define SUMMED_LEN (OUTER_LEN + 8 + 60)

/* The sum of RFC 1071, without any help of the kernel. */
static u16 plain_sum(const u8 *bytes, unsigned int len)
{
	unsigned int i;
	u32 sum = 0;

	for (i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* A packet with a GRE checksum, right but for @damage. */
static struct sk_buff *summed_packet(struct kunit *test, unsigned int linear,
				     u16 damage)
{
	u8 bytes[SUMMED_LEN];
	unsigned int i;
	u16 sum;

	/* An outer header whose sum is not zero: IPv6 has no checksum. */
	for (i = 0; i < sizeof(bytes); i++)
		bytes[i] = i * 37 + 11;
	memset(bytes + OUTER_LEN, 0, 8);
	bytes[OUTER_LEN] = 0x80;
	bytes[OUTER_LEN + 2] = 0x08;
	sum = ~plain_sum(bytes + OUTER_LEN, SUMMED_LEN - OUTER_LEN) + damage;
	bytes[OUTER_LEN + 4] = sum >> 8;
	bytes[OUTER_LEN + 5] = sum;
	return packet(test, bytes, SUMMED_LEN, linear);
}

/* If it claims to know the sum from skb->data on, is that so? */
static void expect_coherent(struct kunit *test, struct sk_buff *skb)
{
	__wsum sum = skb_checksum(skb, 0, skb->len, 0);

	KUNIT_EXPECT_EQ(test, skb->len, SUMMED_LEN);
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		KUNIT_EXPECT_TRUE(test, csum_fold(skb->csum) == csum_fold(sum));
}

static void checksum_is_computed(struct kunit *test)
{
	static const unsigned int heads[] = { 0, 10, OUTER_LEN, OUTER_LEN + 5,
					      SUMMED_LEN };
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(heads); i++) {
		skb = summed_packet(test, heads[i], 0);
		KUNIT_EXPECT_TRUE(test, dmvpn_gre_csum_ok(skb, OUTER_LEN));
		expect_coherent(test, skb);
		/* Computed once: the payload's checksum can use it. */
		KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_COMPLETE);

		skb = summed_packet(test, heads[i], 1);
		KUNIT_EXPECT_FALSE(test, dmvpn_gre_csum_ok(skb, OUTER_LEN));
		KUNIT_EXPECT_EQ(test, skb->len, SUMMED_LEN);
	}
	/* There is not even a GRE header. */
	KUNIT_EXPECT_FALSE(test, dmvpn_gre_csum_ok(skb, SUMMED_LEN + 1));
}

static void checksum_of_hardware_is_used(struct kunit *test)
{
	struct sk_buff *skb;

	skb = summed_packet(test, SUMMED_LEN, 0);
	skb->csum = skb_checksum(skb, 0, skb->len, 0);
	skb->ip_summed = CHECKSUM_COMPLETE;
	KUNIT_EXPECT_TRUE(test, dmvpn_gre_csum_ok(skb, OUTER_LEN));
	KUNIT_EXPECT_FALSE(test, skb->csum_complete_sw);
	expect_coherent(test, skb);

	skb = summed_packet(test, SUMMED_LEN, 1);
	skb->csum = skb_checksum(skb, 0, skb->len, 0);
	skb->ip_summed = CHECKSUM_COMPLETE;
	KUNIT_EXPECT_FALSE(test, dmvpn_gre_csum_ok(skb, OUTER_LEN));
}

static void checksum_verdicts_are_used_up(struct kunit *test)
{
	struct sk_buff *skb;

	/* The hardware checked this one and the one in the payload. */
	skb = summed_packet(test, SUMMED_LEN, 0);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->csum_level = 1;
	KUNIT_EXPECT_TRUE(test, dmvpn_gre_csum_ok(skb, OUTER_LEN));
	KUNIT_EXPECT_TRUE(test, skb->ip_summed == CHECKSUM_UNNECESSARY);
	KUNIT_EXPECT_TRUE(test, skb->csum_level == 0);

	/* It checked this one only: that says nothing of the payload. */
	skb = summed_packet(test, SUMMED_LEN, 0);
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	skb->csum_level = 0;
	KUNIT_EXPECT_TRUE(test, dmvpn_gre_csum_ok(skb, OUTER_LEN));
	KUNIT_EXPECT_TRUE(test, skb->ip_summed != CHECKSUM_UNNECESSARY);
	expect_coherent(test, skb);
}

static void gre_test_exit(struct kunit *test)
{
	kfree_skb(test->priv);
}

static struct kunit_case gre_cases[] = {
	KUNIT_CASE(headers_are_read),
	KUNIT_CASE(short_headers_are_refused),
	KUNIT_CASE(quoted_headers_may_be_short),
	KUNIT_CASE(pushed_headers_can_be_read),
	KUNIT_CASE(checksum_is_computed),
	KUNIT_CASE(checksum_of_hardware_is_used),
	KUNIT_CASE(checksum_verdicts_are_used_up),
	{}
};

static struct kunit_suite gre_suite = {
	.name = "dmvpn_gre",
	.exit = gre_test_exit,
	.test_cases = gre_cases,
};

kunit_test_suite(gre_suite);
