// SPDX-License-Identifier: GPL-2.0-or-later
/* Malformed packets: each refused for its own reason, none overrun. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nhrp/print.h"
#include "tests/lab.h"

static struct nhrp_pdu pdu;
static uint8_t packet[4096], out[4096];
static size_t len;

/* A copy on the heap: ASan sees each octet read beyond it. */
static enum nhrp_reason parse(const uint8_t *data, size_t n, uint16_t *offset)
{
	struct nhrp_refusal why = { 0 };
	uint8_t *copy = malloc(n ? n : 1);
	enum nhrp_reason reason;

	memcpy(copy, data, n);
	if (nhrp_pdu_decode(&pdu, copy, n, &why)) {
		/* What is accepted must come out as it went in. */
		assert_int_equal(nhrp_pdu_encode(&pdu, out, sizeof(out)), n);
		assert_memory_equal(out, copy, n);
		nhrp_pdu_check(&pdu, &why);
	}
	reason = why.reason;
	if (offset)
		*offset = why.offset;
	free(copy);
	return reason;
}

static void assert_reason(enum nhrp_reason want, uint16_t at)
{
	enum nhrp_reason reason;
	uint16_t offset;

	reason = parse(packet, len, &offset);
	if (reason != want || (want != NHRP_OK && offset != at))
		fail_msg("\"%s\" at %u instead of \"%s\" at %u",
			 nhrp_reason_text(reason), offset,
			 nhrp_reason_text(want), at);
}

/* A Registration Request without extensions, CIE at 40. */
static void start(void)
{
	len = lab_hex(packet, sizeof(packet),
		"00010800 00000000 00ff0000 00000000 01030400"
		"04040002 00000001 d1a8ca82 c0a80103 c0a80101"
		"00200000 05ea0258 00000000");
	lab_fix(packet, len);
	assert_reason(NHRP_OK, 0);
}

static void append(const char *hex)
{
	len += lab_hex(packet + len, sizeof(packet) - len, hex);
	lab_fix(packet, len);
}

static void set16(size_t at, uint16_t v)
{
	packet[at] = (uint8_t)(v >> 8);
	packet[at + 1] = (uint8_t)v;
	lab_fix(packet, len);
}

static void set8(size_t at, uint8_t v)
{
	packet[at] = v;
	lab_fix(packet, len);
}

static void test_frame(void **state)
{
	(void)state;
	start();
	len = 19;
	assert_reason(NHRP_R_SHORT, 19);
	len = 0;
	assert_reason(NHRP_R_SHORT, 0);
	start();
	len--;
	assert_reason(NHRP_R_PKTSZ, 10);
	len += 2;
	assert_reason(NHRP_R_PKTSZ, 10);
	start();
	packet[10] = 0;
	packet[11] = 19;
	assert_reason(NHRP_R_PKTSZ_SMALL, 10);
	start();
	packet[12] ^= 1;
	assert_reason(NHRP_R_CHECKSUM, 12);
}

static void test_header(void **state)
{
	(void)state;
	start();
	set8(16, 0);
	assert_reason(NHRP_R_VERSION, 16);
	start();
	set8(17, 0);
	assert_reason(NHRP_R_TYPE, 17);
	set8(17, 9);
	assert_reason(NHRP_R_TYPE, 17);
	start();
	set16(0, 3);
	assert_reason(NHRP_R_NBMA_FAMILY, 0);
	set16(0, 2);
	assert_reason(NHRP_R_NBMA_LEN, 18);
	start();
	set16(2, NHRP_PRO_SNAP);
	assert_reason(NHRP_R_PROTO_FAMILY, 2);
	set16(2, NHRP_PRO_IPV6);
	assert_reason(NHRP_R_PROTO_LEN, 20);
	start();
	set8(18, 0x84);
	assert_reason(NHRP_R_TL_RESERVED, 18);
	set8(18, 0x05);
	assert_reason(NHRP_R_NBMA_LEN, 18);
	start();
	set8(19, 0x80);
	assert_reason(NHRP_R_TL_RESERVED, 19);
	set8(19, 0x3f);
	assert_reason(NHRP_R_TRUNCATED, 32);
	start();
	set8(20, 16);
	assert_reason(NHRP_R_PROTO_LEN, 20);
	start();
	set8(21, 5);
	assert_reason(NHRP_R_PROTO_LEN, 21);
	start();
	len = 27;
	lab_fix(packet, len);
	assert_reason(NHRP_R_TRUNCATED, 24);
	len = 39;
	lab_fix(packet, len);
	assert_reason(NHRP_R_TRUNCATED, 36);
}

/* Odd but legal: what is not understood survives. */
static void test_accepts_odd(void **state)
{
	(void)state;
	start();
	set8(4, 0xaa);		/* SNAP */
	set8(18, 0x44);		/* E.164 bit of an IPv4 address */
	set16(22, 0x7ffd);	/* unknown flags */
	set16(42, 0xbeef);	/* unused field of the CIE */
	set8(49, 0x42);		/* subaddress of two octets */
	append("cafe");
	assert_reason(NHRP_OK, 0);
	assert_int_equal(pdu.cie[0].sub.len, 2);
	assert_int_equal(pdu.cie[0].unused, 0xbeef);

	/* All ones and all zeroes are one number, but two spellings. */
	start();
	set16(24, 0);
	set16(26, 0);
	set16(26, (uint16_t)(packet[12] << 8 | packet[13]));
	assert_int_equal(packet[12] | packet[13], 0);
	assert_reason(NHRP_OK, 0);
	packet[12] = 0xff;
	packet[13] = 0xff;
	assert_reason(NHRP_OK, 0);
}

static void test_extoff(void **state)
{
	(void)state;
	start();
	set16(14, 19);
	assert_reason(NHRP_R_EXTOFF, 14);
	set16(14, 39);
	assert_reason(NHRP_R_EXTOFF, 14);
	set16(14, 53);
	assert_reason(NHRP_R_EXTOFF, 14);
	set16(14, 52);
	assert_reason(NHRP_R_EXT_NO_END, 14);
	append("80000000");
	assert_reason(NHRP_OK, 0);
	set16(14, 51);
	assert_reason(NHRP_R_CIE_TRUNCATED, 40);
	start();
	set8(17, 7);
	set16(14, 40);
	assert_reason(NHRP_R_EXT_FORBIDDEN, 14);
	set16(14, 0);
	assert_reason(NHRP_OK, 0);
}

static void test_cies(void **state)
{
	unsigned int i;

	(void)state;
	start();
	len -= 1;
	lab_fix(packet, len);
	assert_reason(NHRP_R_CIE_TRUNCATED, 40);
	len = 40;
	lab_fix(packet, len);
	assert_reason(NHRP_R_CIE_MISSING, 40);

	start();
	for (i = 1; i < NHRP_MAX_CIES; i++)
		append("00200000 00000000 00000000");
	assert_reason(NHRP_OK, 0);
	append("00200000 00000000 00000000");
	assert_reason(NHRP_R_CIE_LIMIT, 40 + 8 * 12);

	start();
	set8(48, 4);
	assert_reason(NHRP_R_CIE_TRUNCATED, 40);
	append("0a000001");
	assert_reason(NHRP_OK, 0);
	set8(48, 0x85);
	assert_reason(NHRP_R_TL_RESERVED, 48);
	set8(48, 3);
	assert_reason(NHRP_R_NBMA_LEN, 48);
	start();
	set8(49, 0xc0);
	assert_reason(NHRP_R_TL_RESERVED, 49);
	start();
	set8(50, 16);
	assert_reason(NHRP_R_PROTO_LEN, 50);
}

static void test_exts(void **state)
{
	unsigned int i;

	(void)state;
	start();
	set16(14, 52);
	append("800300");
	assert_reason(NHRP_R_EXT_TRUNCATED, 52);
	append("01");
	assert_reason(NHRP_R_EXT_TRUNCATED, 52);
	append("00");
	assert_reason(NHRP_R_EXT_LIST, 56);

	start();
	set16(14, 52);
	append("80040000 80040000 80000000");
	assert_reason(NHRP_R_EXT_DUPLICATE, 56);
	start();
	set16(14, 52);
	append("0008000100 0008000100 01230000 01230000 80000000");
	assert_reason(NHRP_OK, 0);
	assert_int_equal(pdu.next, 4);

	start();
	set16(14, 52);
	append("80000001 00");
	assert_reason(NHRP_R_EXT_END_VALUE, 52);
	start();
	set16(14, 52);
	append("40000000");
	assert_reason(NHRP_OK, 0);
	append("00");
	assert_reason(NHRP_R_EXT_AFTER_END, 56);

	start();
	set16(14, 52);
	for (i = 0; i < NHRP_MAX_EXTS; i++)
		append("80770000");
	append("80000000");
	assert_reason(NHRP_OK, 0);
	assert_int_equal(pdu.next, NHRP_MAX_EXTS);
	len -= 4;
	append("80770000 80000000");
	assert_reason(NHRP_R_EXT_LIMIT, 52 + 16 * 4);
}

static void test_lists(void **state)
{
	unsigned int i;

	(void)state;
	start();
	set16(14, 52);
	append("8004 00c0");
	for (i = 0; i < NHRP_MAX_LIST_CIES; i++)
		append("00000000 00000000 00000000");
	append("80000000");
	assert_reason(NHRP_OK, 0);
	len -= 4;
	append("00000000 00000000 00000000 80000000");
	set16(54, 0xcc);
	assert_reason(NHRP_R_EXT_LIST_LIMIT, 56 + 16 * 12);

	/* RFC 2735's capabilities, and one octet less. */
	start();
	set16(14, 52);
	append("00090008 0102030405060708 80000000");
	assert_reason(NHRP_OK, 0);
	assert_false(pdu.ext[0].is_list);
	len -= 4;
	append("00090000 80000000");
	assert_reason(NHRP_OK, 0);
	len -= 4;
	append("00090000 80000000");
	assert_reason(NHRP_R_EXT_DUPLICATE, 68);
	start();
	set16(14, 52);
	append("00090000 00090008 0102030405060708 80000000");
	assert_reason(NHRP_OK, 0);
	start();
	set16(14, 52);
	append("00090007 01020304050607 80000000");
	assert_reason(NHRP_R_EXT_LIST, 56);
	start();
	set16(14, 52);
	append("8004000c 00000000 00000000 10000000 80000000");
	assert_reason(NHRP_R_NBMA_LEN, 64);

	start();
	set16(14, 52);
	append("80030018 00000000 00000000 00000000"
	       "00000000 00000000 00000000 80000000");
	assert_reason(NHRP_R_EXT_RESPONDER, 52);
}

static void test_rules(void **state)
{
	(void)state;
	start();
	set8(9, 0);
	assert_reason(NHRP_R_HOPCNT_ZERO, 9);
	start();
	set16(22, NHRP_REG_UNIQUE);
	append("00200000 00000000 00000000");
	assert_reason(NHRP_R_CIE_EXCESS, 52);
	set8(17, NHRP_REGISTRATION_REPLY);
	assert_reason(NHRP_OK, 0);
	set8(17, NHRP_RESOLUTION_REQUEST);
	assert_reason(NHRP_R_CIE_EXCESS, 52);
	set8(17, NHRP_RESOLUTION_REPLY);
	assert_reason(NHRP_OK, 0);
	set8(52, NHRP_CODE_NO_BINDING);
	assert_reason(NHRP_R_CIE_EXCESS, 52);

	start();
	set8(41, 33);
	assert_reason(NHRP_R_PREFIX, 41);
	set8(41, 255);
	assert_reason(NHRP_OK, 0);
	set8(41, 0);
	assert_reason(NHRP_OK, 0);

	start();
	len = 40;
	set8(17, NHRP_RESOLUTION_REQUEST);
	assert_reason(NHRP_OK, 0);
	set8(17, NHRP_RESOLUTION_REPLY);
	assert_reason(NHRP_R_CIE_MISSING, 40);
	set8(17, NHRP_PURGE_REQUEST);
	assert_reason(NHRP_R_CIE_MISSING, 40);
	set8(17, NHRP_TRAFFIC_INDICATION);
	assert_reason(NHRP_R_INNER, 40);
}

/* The CIE moves forward when an address before it is dropped. */
static void drop(size_t at, size_t n)
{
	memmove(packet + at, packet + at + n, len - at - n);
	len -= n;
	lab_fix(packet, len);
}

static void test_addresses(void **state)
{
	(void)state;
	start();
	set8(18, 0);
	drop(28, 4);
	assert_reason(NHRP_R_ADDR_MISSING, 18);
	set8(17, NHRP_PURGE_REQUEST);
	assert_reason(NHRP_OK, 0);
	start();
	set8(20, 0);
	drop(32, 4);
	assert_reason(NHRP_R_ADDR_MISSING, 20);
	start();
	set8(21, 0);
	drop(36, 4);
	assert_reason(NHRP_R_ADDR_MISSING, 21);
}

/* ::ffff:0:0/96 would give one host two names. */
static void test_mapped(void **state)
{
	const struct nh_addr mapped = lab_addr("::ffff:10.0.0.1");
	struct nhrp_refusal why;
	unsigned int which;

	(void)state;
	for (which = 0; which < 6; which++) {
		len = lab_packet(LAB_PACKETS / 2, packet, sizeof(packet));
		lab_decode(&pdu, packet, len);
		if (which == 0)
			pdu.src_proto = mapped;
		else if (which == 1)
			pdu.dst_proto = mapped;
		else if (which == 2)
			pdu.cie[0].proto = mapped;
		else if (which == 3)
			nhrp_ext_find(&pdu, NHRP_EXT_NAT)->cie[0].proto = mapped;
		else if (which == 4)
			pdu.src_nbma = mapped;
		else
			pdu.cie[0].nbma = mapped;
		assert_false(nhrp_pdu_check(&pdu, &why));
		assert_int_equal(why.reason, NHRP_R_ADDR_MAPPED);
	}
}

/* What a structure may say but a packet cannot. */
static void test_encode_refuses(void **state)
{
	struct nhrp_pdu good;
	ssize_t n;

	(void)state;
	len = lab_packet(0, packet, sizeof(packet));
	lab_decode(&good, packet, len);
	assert_int_equal(nhrp_pdu_encode(&good, out, len), len);
	for (n = 0; n < (ssize_t)len; n++)
		assert_int_equal(nhrp_pdu_encode(&good, out, (size_t)n),
				 -EMSGSIZE);
#define BAD(change) do { \
	pdu = good; \
	change; \
	assert_int_equal(nhrp_pdu_encode(&pdu, out, sizeof(out)), -EINVAL); \
} while (0)
	BAD(pdu.type = 0);
	BAD(pdu.type = 9);
	BAD(pdu.family.afn = 0);
	BAD(pdu.family.pro_type = 1);
	BAD(pdu.src_nbma = lab_addr("::1"));
	BAD(pdu.src_proto = lab_addr("::1"));
	BAD(pdu.dst_proto = lab_addr("::1"));
	BAD(pdu.src_sub = ((struct nh_view){ packet, 64 }));
	BAD(pdu.quoted = ((struct nh_view){ packet, 1 }));
	BAD(pdu.cie[0].nbma = lab_addr("::1"));
	BAD(pdu.cie[0].proto = lab_addr("::1"));
	BAD(pdu.cie[0].sub = ((struct nh_view){ packet, 64 }));
	BAD(pdu.type = NHRP_TRAFFIC_INDICATION);
	BAD(pdu.type = NHRP_ERROR_INDICATION; pdu.ncie = 0);
	BAD(pdu.has_exts = false);
	BAD(pdu.ext[0].head = NHRP_EXT_END);
	BAD(pdu.ext[0].is_list = false);
	BAD(nhrp_ext_find(&pdu, NHRP_EXT_AUTH)->is_list = true);
	BAD(nhrp_ext_find(&pdu, NHRP_EXT_NAT)->cie[0].nbma = lab_addr("::1"));
#undef BAD
}

/* ar$pktsz has 16 bits, however large the buffer is. */
static void test_encode_limit(void **state)
{
	static uint8_t inner[NHRP_MAX_PKTSZ], large[NHRP_MAX_PKTSZ + 100];
	const size_t room = NHRP_MAX_PKTSZ - 28;

	(void)state;
	memset(&pdu, 0, sizeof(pdu));
	pdu.type = NHRP_TRAFFIC_INDICATION;
	pdu.family.afn = NHRP_AFN_IPV4;
	pdu.family.pro_type = NHRP_PRO_IPV4;
	pdu.quoted = (struct nh_view){ inner, (uint16_t)room };
	assert_int_equal(nhrp_pdu_encode(&pdu, large, sizeof(large)),
			 NHRP_MAX_PKTSZ);
	pdu.quoted.len++;
	assert_int_equal(nhrp_pdu_encode(&pdu, large, sizeof(large)),
			 -EMSGSIZE);
}

/* Cut anywhere, as it arrives and with a header that agrees. */
static void test_truncations(void **state)
{
	unsigned int which;
	size_t full, n;

	(void)state;
	for (which = 0; which < LAB_PACKETS; which++) {
		full = lab_packet(which, packet, sizeof(packet));
		assert_int_equal(parse(packet, full, NULL), NHRP_OK);
		for (n = 0; n < full; n++)
			assert_int_not_equal(parse(packet, n, NULL), NHRP_OK);
		for (n = full - 1; n >= NHRP_HDR_LEN; n--) {
			lab_fix(packet, n);
			parse(packet, n, NULL);
		}
	}
}

/* Each octet takes each value; parse() compares what is accepted. */
static void test_changed_octets(void **state)
{
	unsigned int which, v;
	size_t full, at;

	(void)state;
	for (which = 0; which < LAB_PACKETS; which++) {
		full = lab_packet(which, packet, sizeof(packet));
		for (at = 0; at < full; at++) {
			uint8_t old = packet[at];

			for (v = 0; v < 256; v += v < 70 ? 1 : 37) {
				packet[at] = (uint8_t)v;
				lab_fix(packet, full);
				parse(packet, full, NULL);
			}
			packet[at] = old;
		}
	}
}

static void test_reasons_have_words(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i < NHRP_R_COUNT_; i++) {
		assert_true(strlen(nhrp_reason_text(i)) > 0);
		for (j = 0; j < i; j++)
			assert_string_not_equal(nhrp_reason_text(i),
						nhrp_reason_text(j));
	}
	assert_string_equal(nhrp_reason_text(NHRP_R_COUNT_), "unknown reason");
	assert_int_equal(nhrp_reason_error(NHRP_R_COUNT_), NHRP_ERR_NONE);
	assert_int_equal(nhrp_reason_error(NHRP_R_CHECKSUM), NHRP_ERR_NONE);
	assert_int_equal(nhrp_reason_error(NHRP_R_HOPCNT_EXCEEDED),
			 NHRP_ERR_HOPCNT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frame),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_accepts_odd),
		cmocka_unit_test(test_extoff),
		cmocka_unit_test(test_cies),
		cmocka_unit_test(test_exts),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_mapped),
		cmocka_unit_test(test_encode_refuses),
		cmocka_unit_test(test_encode_limit),
		cmocka_unit_test(test_truncations),
		cmocka_unit_test(test_changed_octets),
		cmocka_unit_test(test_reasons_have_words),
	};

	return cmocka_run_group_tests_name("refuse", tests, NULL, NULL);
}
