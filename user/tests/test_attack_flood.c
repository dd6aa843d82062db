// SPDX-License-Identifier: GPL-2.0-or-later
/* Floods of a node of the lab against the others: see attack_lab.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/server.h"
#include "nhrp/indication.h"
#include "tests/attack_lab.h"

/* "There is a shorter way to @dst", with the attacker for the hub. */
static void indication(const char *dst)
{
	static uint8_t inner[28];
	struct nh_addr to = fake_addr(dst), from = fake_addr("3.3.3.3");

	memset(inner, 0, sizeof(inner));
	inner[0] = 0x45;
	memcpy(inner + 12, from.bytes, 4);
	memcpy(inner + 16, to.bytes, 4);
	assert_int_equal(nhrp_build_traffic(&pdu, &attacker,
					    (struct nh_view){ inner, 28 }), 0);
}

static void test_indications(void **state)
{
	char dst[32];
	int i;

	(void)state;
	indication("2.2.2.2");
	assert_int_equal(attack_hit(sv9_4, ATTACKER), 0);
	assert_int_equal(attack_hit(sv9_4, "209.168.202.131"), 0);
	assert_int_equal(attack_count(sv9_4, NH_C_NOT_TRUSTED), 2);
	/* A server that is not up does not count. */
	LIST_FIRST(&sv9_4->iface->nhs)->state = NH_NHS_PROBE;
	assert_int_equal(attack_hit(sv9_4, "209.168.202.225"), 0);
	LIST_FIRST(&sv9_4->iface->nhs)->state = NH_NHS_UP;
	assert_int_equal(attack_count(sv9_4, NH_C_NOT_TRUSTED), 3);
	/* Even the server does not make it ask for everything. */
	for (i = 0; i < 400; i++) {
		snprintf(dst, sizeof(dst), "2.2.2.%d", i % 250 + 1);
		indication(dst);
		fake_inject(sv9_4, "209.168.202.225", &pdu);
		fake_drop(net);
		net->nsent = 0;
		net->delivered = 0;
	}
	assert_true(sv9_4->iface->requests.n <= 101);
	assert_true(attack_count(sv9_4, NH_C_LIMITED) > 0);
	fake_advance(net, 60000);
	attack_carry();
	attack_cloud_works();
}

/* One node cannot fill the cache, and what it has put there ends. */
static void test_exhaustion_by_one(void **state)
{
	char proto[32];
	int i, stored = 0, refused = 0;

	(void)state;
	attacker.holdtime = 65535;
	for (i = 10; i < 250; i++) {
		snprintf(proto, sizeof(proto), "192.168.1.%d", i);
		attack_registration(proto, true, 255);
		switch (attack_code(ATTACKER)) {
		case NHRP_CODE_OK:
			stored++;
			break;
		case NHRP_CODE_RESOURCES:
			refused++;
		}
	}
	assert_int_equal(stored, NH_CONF_REGISTRATIONS);
	assert_int_equal(refused, 240 - NH_CONF_REGISTRATIONS);
	assert_int_equal(attack_count(hub, NH_C_LIMITED), refused);
	assert_int_equal(fake_entry(hub, "192.168.1.10/32")->holding_time,
			 NH_HOLD_MAX);
	/* It may renew what it has, and others may come. */
	attack_registration("192.168.1.10", true, 255);
	assert_int_equal(attack_code(ATTACKER), NHRP_CODE_OK);
	attack_registration("192.168.1.251", true, 255);
	assert_int_equal(attack_code("209.168.202.67"), NHRP_CODE_OK);
	attack_cloud_works();
	fake_advance(net, NH_HOLD_MAX * 1000UL);
	attack_carry();
	assert_null(fake_entry(hub, "192.168.1.10/32"));
	attack_cloud_works();
}

/* Many of them can; who is registered stays so. */
static void test_exhaustion_by_many(void **state)
{
	char proto[32], from[32];
	int i, refused = 0;

	(void)state;
	for (i = 10; i < 250; i++) {
		snprintf(proto, sizeof(proto), "192.168.1.%d", i);
		snprintf(from, sizeof(from), "198.51.100.%d", i);
		attacker.nbma = fake_addr(from);
		attack_registration(proto, true, 255);
		refused += attack_code(from) == NHRP_CODE_RESOURCES;
	}
	assert_int_equal(hub->nentry, FAKE_ENTRIES);
	assert_true(refused > 100);
	assert_int_equal(attack_count(hub, NH_C_REFUSED), refused);
	attack_cloud_works();
}

static void test_many_cies(void **state)
{
	size_t entries = hub->nentry;
	unsigned int i, n;

	(void)state;
	attack_registration("192.168.1.66", false, 255);
	for (i = 1; i < NHRP_MAX_CIES; i++) {
		struct nhrp_cie cie = pdu.cie[0];

		cie.proto = fake_addr("192.168.1.70");
		cie.proto.bytes[3] += (uint8_t)i;
		nhrp_pdu_add_cie(&pdu, &cie);
	}
	n = pdu.ncie;
	assert_int_equal(attack_hit(hub, ATTACKER), 1);
	assert_int_equal(hub->nentry, entries + n);
	assert_true(n <= NHRP_MAX_CIES);
	attack_cloud_works();
}

/* Errors: few, none larger than what it is about and its own header. */
static void test_reflection(void **state)
{
	struct nhrp_auth wrong;
	size_t sent = 0, octets = 0;
	char from[32];
	int i;

	(void)state;
	nhrp_auth_init(&wrong, "wrong");
	attacker.auth = &wrong;
	for (i = 0; i < 1000; i++) {
		/* Of many sources, all of them forged. */
		snprintf(from, sizeof(from), "198.51.%d.%d", i / 250,
			 i % 250 + 1);
		attack_registration("192.168.1.66", true, 255);
		net->nsent = 0;
		net->delivered = 0;
		fake_inject(hub, from, &pdu);
		assert_true(net->nsent <= 1);
		sent += net->nsent;
		if (!net->nsent)
			continue;
		octets = (size_t)nhrp_pdu_encode(&pdu, net->sent[1].octets,
						 DMVPN_PACKET_MAX);
		assert_true(net->sent[0].len <= octets + 40);
		fake_drop(net);
	}
	assert_int_equal(sent, 20);
	assert_int_equal(attack_count(hub, NH_C_AUTH_FAILED), 1000);
	assert_int_equal(attack_count(hub, NH_C_LIMITED), 980);
	/* From one source: one a second. */
	for (i = 0; i < 100; i++) {
		nh_loop_advance(net->loop, 100);
		attack_registration("192.168.1.66", true, 255);
		fake_inject(hub, ATTACKER, &pdu);
		fake_drop(net);
	}
	assert_true(hub->iface->stats.errors_out[NHRP_ERR_AUTH] <= 20 + 11);
	attack_cloud_works();
}

/* Requests of all kinds, as fast as it can. */
static void test_request_flood(void **state)
{
	struct nh_addr dst = fake_addr("2.2.2.2");
	size_t sent = 0;
	int i;

	(void)state;
	for (i = 0; i < 3000; i++) {
		dst.bytes[3] = (uint8_t)i;
		if (i % 2)
			nhrp_build_resolution_request(&pdu, &attacker, &dst,
						      (uint32_t)i, 0xc800);
		else
			attack_registration("192.168.1.66", true, 255);
		sent += attack_hit(hub, ATTACKER);
	}
	/* 500 registrations and 100 forwarded requests. */
	assert_in_range(sent, 600, 620);
	assert_true(attack_count(hub, NH_C_LIMITED) >= 2300);
	attack_cloud_works();
}

/* Through the hub, from requesters that are not there, to one egress. */
static void test_made_up_requesters(void **state)
{
	struct nh_addr dst = fake_addr("2.2.2.2");
	char nbma[32];
	int i;

	(void)state;
	for (i = 0; i < 1500; i++) {
		snprintf(nbma, sizeof(nbma), "198.51.%d.%d", i / 250,
			 i % 250 + 1);
		attacker.nbma = fake_addr(nbma);
		attacker.proto = fake_addr("192.168.1.66");
		nhrp_build_resolution_request(&pdu, &attacker, &dst,
					      (uint32_t)i, 0xc800);
		attack_hit(hub, ATTACKER);
	}
	/* It has a quarter of what the hub forwards, and leaves the rest. */
	assert_int_equal(attack_count(hub, NH_C_LIMITED), 1250);
	assert_true(sv9_3->iface->told.n <= 500);
	attack_cloud_works();
}

int main(void)
{
#define T(fn) \
	cmocka_unit_test_setup_teardown(fn, attack_setup, attack_teardown)
	const struct CMUnitTest tests[] = {
		T(test_indications),
		T(test_exhaustion_by_one),
		T(test_exhaustion_by_many),
		T(test_many_cies),
		T(test_reflection),
		T(test_request_flood),
		T(test_made_up_requesters),
	};

	return cmocka_run_group_tests_name("attack flood", tests, NULL, NULL);
}
