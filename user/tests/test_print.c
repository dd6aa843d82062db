// SPDX-License-Identifier: GPL-2.0-or-later
/* Debug text: the classic words, no password, never beyond the buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nhrp/print.h"
#include "tests/lab.h"

static struct nhrp_pdu pdu;
static uint8_t packet[2048];
static char text[NHRP_PRINT_SIZE];

static void test_classic_lines(void **state)
{
	struct nh_addr src = lab_addr("192.168.1.3");
	struct nh_addr dst = lab_addr("192.168.1.1");

	(void)state;
	assert_string_equal(nhrp_print_event(text, sizeof(text), "Send",
			    NHRP_RESOLUTION_REQUEST, "Tunnel0", 84),
		"Send Resolution Request via Tunnel0, packet size: 84");
	assert_string_equal(nhrp_print_event(text, sizeof(text), "Receive",
			    NHRP_RESOLUTION_REPLY, "Tunnel0", 132),
		"Receive Resolution Reply via Tunnel0, packet size: 132");
	assert_string_equal(nhrp_print_ends(text, sizeof(text), &src, &dst),
			    " src: 192.168.1.3, dst: 192.168.1.1");
}

static const char *print(unsigned int which)
{
	lab_decode(&pdu, packet, lab_packet(which, packet, sizeof(packet)));
	return nhrp_print_pdu(text, sizeof(text), &pdu);
}

static void test_request(void **state)
{
	(void)state;
	assert_string_equal(print(2),
		" (F) Resolution Request, afn: AF_IP(1), type: IP(800), "
		"hop: 255, ver: 1\n"
		"     shtl: 4, sstl: 0\n"
		" (M) flags: \"router auth src-stable nat \", reqid: 7\n"
		"     src NBMA: 209.168.202.130\n"
		"     src protocol: 192.168.1.3, dst protocol: 2.2.2.2\n"
		" (C-1) code: no error(0)\n"
		"       prefix: 0, mtu: 1514, hd_time: 7200\n"
		"       addr_len: 0, subaddr_len: 0, proto_len: 0, pref: 0\n"
		" Responder Address Extension(3), compulsory:\n"
		" Forward Transit NHS Record Extension(4), compulsory:\n"
		" Reverse Transit NHS Record Extension(5), compulsory:\n"
		" Authentication Extension(7), compulsory, length: 12:\n"
		" NAT address Extension(9):\n");
}

static void assert_says(unsigned int which, const char *words)
{
	if (!strstr(print(which), words))
		fail_msg("packet %u: no \"%s\" in\n%s", which, words, text);
}

static void test_kinds(void **state)
{
	unsigned int i;

	(void)state;
	assert_says(0, "flags: \"unique nat \"");
	assert_says(0, " NHRP group: SHAPE_1M\n");
	assert_says(1, "client NBMA: 198.51.100.9\n");
	assert_says(4, "(F) Purge Request");
	assert_says(4, "prefix: 24");
	assert_says(6, "code: no binding exists(12)");
	assert_says(7, "error code: protocol address unreachable(6), "
		       "offset: 0\n     about: Resolution Request, reqid: 7\n");
	assert_says(8, "traffic code: redirect(0)\n"
		       "     inner packet: src: 192.168.1.3, dst: 2.2.2.2\n");
	assert_says(9, "type: IPV6(86DD)");
	assert_says(9, "client protocol: fe80::3\n");
	for (i = 0; i < LAB_PACKETS; i++) {
		assert_null(strstr(print(i), "cisco123"));
		assert_null(strstr(text, "DMVPN"));
		assert_int_equal(text[strlen(text) - 1], '\n');
	}
}

static void test_hostile(void **state)
{
	(void)state;
	print(0);
	pdu.flags = 0xffff;
	nhrp_ext_find(&pdu, NHRP_EXT_VENDOR)->value = (struct nh_view){
		(const uint8_t *)"\0\0\x0c\1\5a\nb\033\xff", 10 };
	nhrp_ext_insert(&pdu, 0x123);
	nhrp_print_pdu(text, sizeof(text), &pdu);
	assert_non_null(strstr(text, " NHRP group: a?b??\n"));
	assert_non_null(strstr(text, "\"unique nat 0x7ffd \""));
	assert_non_null(strstr(text, " Unknown Extension(291)"));

	print(8);
	pdu.ind_code = 9;
	pdu.quoted.len = 3;
	nhrp_print_pdu(text, sizeof(text), &pdu);
	assert_non_null(strstr(text, "unknown(9)"));
	assert_null(strstr(text, "inner packet"));
}

/* Each size of buffer, with a guard octet behind. */
static void test_cut(void **state)
{
	static char whole[NHRP_PRINT_SIZE];
	size_t n, size;

	(void)state;
	strcpy(whole, print(1));
	n = strlen(whole);
	for (size = 1; size <= n + 1; size++) {
		text[size] = '#';
		nhrp_print_pdu(text, size, &pdu);
		assert_int_equal(strlen(text), size - 1);
		assert_memory_equal(text, whole, size - 1);
		assert_int_equal(text[size], '#');
	}
	text[0] = '#';
	nhrp_print_pdu(text, 0, &pdu);
	assert_int_equal(text[0], '#');
}

static void test_names(void **state)
{
	unsigned int i;

	(void)state;
	assert_string_equal(nhrp_type_name(0), "Unknown");
	assert_string_equal(nhrp_type_name(9), "Unknown");
	assert_string_equal(nhrp_type_name(NHRP_TRAFFIC_INDICATION),
			    "Traffic Indication");
	assert_string_equal(nhrp_code_name(NHRP_CODE_NO_BINDING_OLD),
			    nhrp_code_name(NHRP_CODE_NO_BINDING));
	assert_string_equal(nhrp_code_name(14),
			    "unique address already registered");
	assert_string_equal(nhrp_error_name(NHRP_ERR_AUTH),
			    "authentication failure");
	for (i = 0; i < 256; i++) {
		assert_non_null(nhrp_code_name(i));
		assert_non_null(nhrp_error_name(i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classic_lines),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
