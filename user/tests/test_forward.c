// SPDX-License-Identifier: GPL-2.0-or-later
/* Transit, authentication, NAT and vendor extensions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab.h"

static struct nhrp_pdu pdu, before;
static struct lab lab;

static int setup(void **state)
{
	const struct nh_addr dst = lab_addr("2.2.2.2");

	(void)state;
	lab_init(&lab, 8, true);
	return nhrp_build_resolution_request(&pdu, &lab.sv9_4, &dst, 7,
					     0xc800);
}

static void assert_refused(const struct nhrp_self *self,
			   enum nhrp_reason reason,
			   enum nhrp_error_code error)
{
	struct nhrp_refusal why = { 0 };

	before = pdu;
	assert_false(nhrp_forward(&pdu, self, &why));
	assert_int_equal(why.reason, reason);
	assert_int_equal(nhrp_reason_error(why.reason), error);
	assert_int_equal(pdu.hopcnt, before.hopcnt);
}

static void test_hop_count(void **state)
{
	struct nhrp_refusal why;

	(void)state;
	pdu.hopcnt = 2;
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	assert_int_equal(pdu.hopcnt, 1);
	assert_refused(&lab.sv9_3, NHRP_R_HOPCNT_EXCEEDED, NHRP_ERR_HOPCNT);
	pdu.hopcnt = 0;
	assert_refused(&lab.sv9_3, NHRP_R_HOPCNT_EXCEEDED, NHRP_ERR_HOPCNT);
}

static void test_loop_request(void **state)
{
	struct nhrp_self other = lab.sv9_3;
	struct nhrp_refusal why;

	(void)state;
	assert_refused(&lab.sv9_4, NHRP_R_LOOP, NHRP_ERR_LOOP);
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	assert_refused(&lab.hub, NHRP_R_LOOP, NHRP_ERR_LOOP);
	other.proto = lab.hub.proto;
	assert_refused(&other, NHRP_R_LOOP, NHRP_ERR_LOOP);
	assert_true(nhrp_forward(&pdu, &lab.sv9_3, &why));
	assert_int_equal(nhrp_ext_find(&pdu, NHRP_EXT_FORWARD)->ncie, 2);
}

/* Behind NATs of their own nodes may have the same NBMA address. */
static void test_same_nbma(void **state)
{
	struct nhrp_self other = lab.sv9_3;
	struct nhrp_refusal why;

	(void)state;
	other.nbma = lab.sv9_4.nbma;
	assert_false(nhrp_forward_loops(&pdu, &other));
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	other.nbma = lab.hub.nbma;
	assert_false(nhrp_forward_loops(&pdu, &other));
	before = pdu;
	nhrp_build_reply(&pdu, &before, &lab.sv9_3);
	other = lab.hub;
	other.nbma = lab.sv9_3.nbma;
	assert_false(nhrp_forward_loops(&pdu, &other));
	/* A record without a protocol address has nothing else to go by. */
	pdu = before;
	nhrp_ext_find(&pdu, NHRP_EXT_FORWARD)->cie[0].proto =
		(struct nh_addr){ 0 };
	assert_true(nhrp_forward_loops(&pdu, &lab.hub));
}

/* The request's record is no loop for the reply that comes back. */
static void test_loop_reply(void **state)
{
	struct nhrp_refusal why;
	struct nhrp_pdu *req = &before;

	(void)state;
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	*req = pdu;
	nhrp_build_reply(&pdu, req, &lab.sv9_3);
	assert_false(nhrp_forward_loops(&pdu, &lab.hub));
	assert_true(nhrp_forward_loops(&pdu, &lab.sv9_3));
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	assert_int_equal(nhrp_ext_find(&pdu, NHRP_EXT_FORWARD)->ncie, 1);
	assert_int_equal(nhrp_ext_find(&pdu, NHRP_EXT_REVERSE)->ncie, 1);
	assert_refused(&lab.hub, NHRP_R_LOOP, NHRP_ERR_LOOP);
}

static void test_unknown_compulsory(void **state)
{
	struct nhrp_refusal why;
	struct nhrp_ext *ext;

	(void)state;
	assert_null(nhrp_ext_unknown_compulsory(&pdu));
	ext = nhrp_ext_insert(&pdu, 0x77);
	assert_null(nhrp_ext_unknown_compulsory(&pdu));
	ext->head |= NHRP_EXT_COMPULSORY;
	assert_ptr_equal(nhrp_ext_unknown_compulsory(&pdu), ext);
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	assert_int_equal(pdu.hopcnt, 254);
	assert_int_equal(nhrp_ext_find(&pdu, NHRP_EXT_FORWARD)->ncie, 0);

	/* RFC 2735's capabilities are not Cisco's NAT address. */
	nhrp_ext_remove(&pdu, 0x77);
	ext = nhrp_ext_find(&pdu, NHRP_EXT_NAT);
	ext->head |= NHRP_EXT_COMPULSORY;
	assert_null(nhrp_ext_unknown_compulsory(&pdu));
	ext->is_list = false;
	ext->value = (struct nh_view){ (const uint8_t *)"capabili", 8 };
	assert_ptr_equal(nhrp_ext_unknown_compulsory(&pdu), ext);
}

static void test_no_record(void **state)
{
	struct nhrp_refusal why;

	(void)state;
	nhrp_ext_remove(&pdu, NHRP_EXT_FORWARD);
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	assert_null(nhrp_ext_find(&pdu, NHRP_EXT_FORWARD));
	pdu.type = NHRP_TRAFFIC_INDICATION;
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	assert_false(nhrp_forward_loops(&pdu, &lab.hub));
}

static void test_record_full(void **state)
{
	struct nhrp_ext *ext = nhrp_ext_find(&pdu, NHRP_EXT_FORWARD);
	struct nhrp_cie cie;

	(void)state;
	nhrp_self_cie(&cie, &lab.sv9_3);
	while (ext->ncie < NHRP_MAX_LIST_CIES)
		assert_true(nhrp_ext_append(ext, &cie));
	assert_refused(&lab.hub, NHRP_R_RECORD_FULL, NHRP_ERR_TOO_BIG);
}

static void test_other_family(void **state)
{
	(void)state;
	lab.hub.proto = lab_addr("2001:db8::1");
	assert_refused(&lab.hub, NHRP_R_PROTO_FAMILY, NHRP_ERR_PROTOCOL);
}

/* Only authentication is rebuilt, and it stays where it was. */
static void test_auth_rebuilt(void **state)
{
	static const uint8_t old[] = { 0, 0, 0, 1, 'o', 'l', 'd' };
	struct nhrp_refusal why = { 0 };
	struct nhrp_ext *ext;

	(void)state;
	nhrp_ext_remove(&pdu, NHRP_EXT_AUTH);
	ext = nhrp_ext_insert(&pdu, 0x55);
	ext->value = (struct nh_view){ old, 3 };
	ext = nhrp_ext_insert(&pdu, NHRP_EXT_AUTH);
	ext->value = (struct nh_view){ old, sizeof(old) };
	before = pdu;
	assert_false(nhrp_auth_check(&pdu, &lab.auth, &why));
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	assert_true(nhrp_auth_check(&pdu, &lab.auth, &why));
	assert_int_equal(pdu.next, before.next);
	for (unsigned int i = 0; i < pdu.next; i++)
		assert_int_equal(pdu.ext[i].head, before.ext[i].head);

	/* A node without a password leaves the packet's alone. */
	lab.hub.auth = NULL;
	pdu = before;
	assert_true(nhrp_forward(&pdu, &lab.hub, &why));
	assert_ptr_equal(nhrp_ext_find(&pdu, NHRP_EXT_AUTH)->value.data, old);
}

static void assert_auth(const char *value, size_t len, enum nhrp_reason want)
{
	struct nhrp_refusal why = { 0 };
	struct nhrp_ext *ext = nhrp_ext_find(&pdu, NHRP_EXT_AUTH);

	ext->value = (struct nh_view){ (const uint8_t *)value, (uint16_t)len };
	assert_int_equal(nhrp_auth_check(&pdu, &lab.auth, &why),
			 want == NHRP_OK);
	assert_int_equal(why.reason, want);
	if (want != NHRP_OK)
		assert_int_equal(nhrp_reason_error(want), NHRP_ERR_AUTH);
}

/* Into another cloud, whose password is another one, or which has none. */
static void test_auth_replaced(void **state)
{
	struct nhrp_refusal why = { 0 };
	struct nhrp_auth other;

	(void)state;
	assert_int_equal(nhrp_auth_init(&other, "other"), 0);
	assert_true(nhrp_auth_replace(&pdu, &other));
	assert_true(nhrp_auth_check(&pdu, &other, &why));
	assert_true(nhrp_auth_replace(&pdu, NULL));
	assert_null(nhrp_ext_find(&pdu, NHRP_EXT_AUTH));
	assert_true(nhrp_auth_replace(&pdu, &other));
	assert_true(nhrp_auth_check(&pdu, &other, &why));
	assert_true(nhrp_ext_find(&pdu, NHRP_EXT_AUTH)->head &
		    NHRP_EXT_COMPULSORY);
	nhrp_ext_remove(&pdu, NHRP_EXT_AUTH);
	while (nhrp_ext_insert(&pdu, 0x77))
		;
	assert_false(nhrp_auth_replace(&pdu, &other));
}

static void test_auth_check(void **state)
{
	struct nhrp_refusal why = { 0 };
	struct nhrp_auth none = { 0 };

	(void)state;
	assert_auth("\0\0\0\1cisco123", 12, NHRP_OK);
	assert_auth("\0\0\0\1cisco12", 11, NHRP_R_AUTH_WRONG);
	assert_auth("\0\0\0\1cisco1234", 13, NHRP_R_AUTH_WRONG);
	assert_auth("\0\0\0\1cisco123\0\0\0\0", 16, NHRP_R_AUTH_WRONG);
	assert_auth("\0\0\0\1Cisco123", 12, NHRP_R_AUTH_WRONG);
	assert_auth("\0\0\0\1cisco124", 12, NHRP_R_AUTH_WRONG);
	assert_auth("\0\0\0\2cisco123", 12, NHRP_R_AUTH_WRONG);
	assert_auth("\0\0\0\1", 4, NHRP_R_AUTH_WRONG);
	assert_auth("", 0, NHRP_R_AUTH_WRONG);
	assert_true(nhrp_auth_check(&pdu, &none, &why));
	assert_true(nhrp_auth_check(&pdu, NULL, &why));

	nhrp_ext_insert(&pdu, NHRP_EXT_AUTH);
	assert_auth("\0\0\0\1cisco123", 12, NHRP_R_AUTH_DUPLICATE);
	nhrp_ext_remove(&pdu, NHRP_EXT_AUTH);
	assert_null(nhrp_ext_find(&pdu, NHRP_EXT_AUTH));
	assert_false(nhrp_auth_check(&pdu, &lab.auth, &why));
	assert_int_equal(why.reason, NHRP_R_AUTH_MISSING);
	pdu.type = NHRP_ERROR_INDICATION;
	assert_true(nhrp_auth_check(&pdu, &lab.auth, &why));

	assert_true(nhrp_auth_init(&none, "") < 0);
	assert_true(nhrp_auth_init(&none, "ninechars") < 0);
	assert_int_equal(none.len, 0);
}

static void test_insert_order(void **state)
{
	static const uint16_t mixed[] = { 9, 0x77, 5, 8, 3, 7, 8, 4 };
	static const uint16_t sorted[] = { 3, 4, 5, 7, 9, 8, 8, 0x77 };
	unsigned int i;

	(void)state;
	while (pdu.next)
		nhrp_ext_remove(&pdu, nhrp_ext_type(&pdu.ext[0]));
	for (i = 0; i < 8; i++) {
		struct nhrp_ext *ext = nhrp_ext_insert(&pdu, mixed[i]);

		assert_non_null(ext);
		ext->offset = (uint16_t)i;	/* marks the two of type 8 */
	}
	assert_true(pdu.ext[5].offset < pdu.ext[6].offset);
	for (i = 0; i < 8; i++) {
		assert_int_equal(nhrp_ext_type(&pdu.ext[i]), sorted[i]);
		assert_int_equal(!!(pdu.ext[i].head & NHRP_EXT_COMPULSORY),
				 i < 4);
	}
	while (pdu.next < NHRP_MAX_EXTS)
		assert_non_null(nhrp_ext_insert(&pdu, 0x99));
	assert_null(nhrp_ext_insert(&pdu, 0x99));
}

static void test_nat(void **state)
{
	const struct nh_addr one = lab_addr("198.51.100.1");
	const struct nh_addr two = lab_addr("198.51.100.2");
	struct nh_addr nbma, empty = { 0 };

	(void)state;
	assert_false(nhrp_nat_lookup(&pdu, &lab.sv9_4.proto, &nbma));
	assert_true(nhrp_nat_add(&pdu, &one, &lab.sv9_4.proto));
	assert_true(nhrp_nat_add(&pdu, &two, &lab.sv9_4.proto));
	assert_true(nhrp_nat_add(&pdu, &empty, &lab.sv9_4.proto));
	assert_true(nhrp_nat_lookup(&pdu, &lab.sv9_4.proto, &nbma));
	assert_true(nh_addr_equal(&nbma, &two));
	assert_false(nhrp_nat_lookup(&pdu, &lab.hub.proto, &nbma));
	assert_false(nhrp_nat_lookup(&pdu, &empty, &nbma));

	/* RFC 2735's capabilities in front hide nothing. */
	before.ext[0] = *nhrp_ext_find(&pdu, NHRP_EXT_NAT);
	nhrp_ext_find(&pdu, NHRP_EXT_NAT)->is_list = false;
	*nhrp_ext_insert(&pdu, NHRP_EXT_NAT) = before.ext[0];
	assert_true(nhrp_nat_lookup(&pdu, &lab.sv9_4.proto, &nbma));
	pdu.next--;
	assert_false(nhrp_nat_lookup(&pdu, &lab.sv9_4.proto, &nbma));
	assert_false(nhrp_nat_add(&pdu, &one, &lab.sv9_4.proto));
	nhrp_ext_remove(&pdu, NHRP_EXT_NAT);
	assert_false(nhrp_nat_lookup(&pdu, &lab.sv9_4.proto, &nbma));
	assert_false(nhrp_nat_add(&pdu, &one, &lab.sv9_4.proto));
}

static bool group_of(const char *value, size_t len, struct nh_view *group)
{
	nhrp_ext_remove(&pdu, NHRP_EXT_VENDOR);
	nhrp_ext_insert(&pdu, NHRP_EXT_VENDOR)->value =
		(struct nh_view){ (const uint8_t *)value, (uint16_t)len };
	return nhrp_vendor_group(&pdu, group);
}

static void test_vendor_group(void **state)
{
	struct nh_view g;

	(void)state;
	assert_false(nhrp_vendor_group(&pdu, &g));
	assert_true(group_of("\0\0\x0c\1\3abc", 8, &g));
	assert_int_equal(g.len, 3);
	assert_memory_equal(g.data, "abc", 3);
	assert_true(group_of("\0\0\x0c\7\2xx\1\3abc", 12, &g));
	assert_memory_equal(g.data, "abc", 3);
	assert_false(group_of("\0\0\x0d\1\3abc", 8, &g));
	assert_false(group_of("\0\0\x0c\1\4abc", 8, &g));
	assert_false(group_of("\0\0\x0c\1\0", 5, &g));
	assert_false(group_of("\0\0\x0c\1", 4, &g));
	assert_false(group_of("\0\0\x0c", 3, &g));
	assert_false(group_of("\0\0", 2, &g));
	assert_false(group_of("", 0, &g));
}

static void test_claims(void **state)
{
	const struct nh_addr empty = { 0 };
	const struct nh_addr v6 = lab_addr("2001:db8::7");
	struct nhrp_cie cie = { .proto = lab_addr("10.1.2.3") };
	struct nh_prefix p;

	(void)state;
	cie.prefix = NHRP_PREFIX_HOST_RFC;
	assert_int_equal(nhrp_cie_claim(&p, &cie, &empty), 0);
	assert_int_equal(p.plen, 32);
	cie.prefix = NHRP_PREFIX_HOST_ZERO;
	assert_int_equal(nhrp_cie_claim(&p, &cie, &empty), 0);
	assert_int_equal(p.plen, 32);
	cie.prefix = 16;
	assert_int_equal(nhrp_cie_claim(&p, &cie, &empty), 0);
	assert_int_equal(p.plen, 16);
	assert_memory_equal(p.addr.bytes, "\x0a\x01\0\0", 4);
	cie.prefix = 33;
	assert_true(nhrp_cie_claim(&p, &cie, &empty) < 0);
	cie.proto = empty;
	assert_int_equal(nhrp_cie_claim(&p, &cie, &v6), 0);
	assert_int_equal(p.plen, 33);
	cie.prefix = 0;
	assert_true(nhrp_cie_claim(&p, &cie, &empty) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_hop_count, setup),
		cmocka_unit_test_setup(test_loop_request, setup),
		cmocka_unit_test_setup(test_same_nbma, setup),
		cmocka_unit_test_setup(test_loop_reply, setup),
		cmocka_unit_test_setup(test_unknown_compulsory, setup),
		cmocka_unit_test_setup(test_no_record, setup),
		cmocka_unit_test_setup(test_record_full, setup),
		cmocka_unit_test_setup(test_other_family, setup),
		cmocka_unit_test_setup(test_auth_rebuilt, setup),
		cmocka_unit_test_setup(test_auth_replaced, setup),
		cmocka_unit_test_setup(test_auth_check, setup),
		cmocka_unit_test_setup(test_insert_order, setup),
		cmocka_unit_test_setup(test_nat, setup),
		cmocka_unit_test_setup(test_vendor_group, setup),
		cmocka_unit_test_setup(test_claims, setup),
	};

	return cmocka_run_group_tests_name("forward", tests, NULL, NULL);
}
