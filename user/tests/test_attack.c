// SPDX-License-Identifier: GPL-2.0-or-later
/* Forgeries of a node of the lab against the others: see attack_lab.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nhrp/indication.h"
#include "tests/attack_lab.h"

static void test_hijack_unique(void **state)
{
	(void)state;
	attack_registration("192.168.1.2", true, 255);
	assert_int_equal(attack_code(ATTACKER), NHRP_CODE_ALREADY_REGISTERED);
	attack_registration("192.168.1.2", false, 32);
	assert_int_equal(attack_code(ATTACKER), NHRP_CODE_ALREADY_REGISTERED);
	/* To write the victim's address into the packet does not help. */
	attacker.nbma = sv9_3->nbma;
	attack_registration("192.168.1.2", true, 255);
	assert_int_equal(attack_code(ATTACKER), NHRP_CODE_ALREADY_REGISTERED);
	/* Nor to take the registration back in its name. */
	attacker.holdtime = 0;
	attack_registration("192.168.1.2", true, 255);
	assert_int_equal(attack_code(ATTACKER), NHRP_CODE_PROHIBITED);
	assert_int_equal(attack_count(hub, NH_C_REFUSED), 4);
	attack_cloud_works();
}

/* Who does without "unique" may move, and so may others who say they are it;
 * [Peers] is against that. It lasts until the next renewal.
 */
static void test_hijack_not_unique(void **state)
{
	(void)state;
	fake_net_free(net);
	attack_build("RegistrationUnique=no\n");
	attack_registration("192.168.1.2", false, 255);
	assert_int_equal(attack_code(ATTACKER), NHRP_CODE_OK);
	assert_false(attack_is_at(hub, "192.168.1.2/32", sv9_3));
	fake_advance(net, 250000);
	attack_carry();
	attack_cloud_works();
}

static void test_replayed_registration(void **state)
{
	struct nhrp_pdu old;

	(void)state;
	/* What sv9-3 sent from where it was is heard again from there. */
	fake_advance(net, 1000);
	nh_nhs_restart(sv9_3->iface);
	fake_last(net, &old);
	assert_int_equal(old.type, NHRP_REGISTRATION_REQUEST);
	attack_carry();
	pdu = old;
	assert_int_equal(attack_code(ATTACKER), NHRP_CODE_ALREADY_REGISTERED);
	attack_cloud_works();
}

static void test_addresses_of_nobody(void **state)
{
	static const char *const addrs[] = {
		"192.168.1.1", "0.0.0.0", "224.0.0.5", "127.0.0.1",
		"192.168.2.9", "2.2.2.2", "255.255.255.255",
	};
	size_t i, entries = hub->nentry;

	(void)state;
	for (i = 0; i < sizeof(addrs) / sizeof(addrs[0]); i++) {
		attack_registration(addrs[i], true, 255);
		assert_int_not_equal(attack_code(ATTACKER), NHRP_CODE_OK);
	}
	for (i = 1; i < 32; i++) {
		attack_registration("192.168.1.66", false, (uint8_t)i);
		assert_int_not_equal(attack_code(ATTACKER), NHRP_CODE_OK);
	}
	assert_int_equal(hub->nentry, entries);
	assert_true(attack_count(hub, NH_C_REFUSED) >= 31);
	attack_cloud_works();
}

/* An answer to sv9-4's request that names @nbma, as the attacker makes it. */
static void forge(const struct nhrp_pdu *request, const char *nbma)
{
	struct nhrp_cie cie;

	nhrp_self_cie(&cie, &attacker);
	cie.nbma = fake_addr(nbma);
	cie.prefix = 24;
	cie.holdtime = 65535;
	assert_int_equal(nhrp_build_resolution_reply(&pdu, request, &attacker,
						     &cie, 0x6000), 0);
}

static void test_forged_reply(void **state)
{
	struct nhrp_pdu request;
	uint32_t id;

	(void)state;
	fake_miss(sv9_4, "2.2.2.2");
	fake_last(net, &request);
	assert_int_equal(request.type, NHRP_RESOLUTION_REQUEST);
	fake_drop(net);
	/* Guesses, some of them with the hub's address for a source. */
	forge(&request, ATTACKER);
	for (id = 1; id <= 450; id++) {
		pdu.reqid = request.reqid + id;
		assert_int_equal(attack_hit(sv9_4, id % 2 ? ATTACKER :
				     "209.168.202.225"), 0);
	}
	assert_int_equal(attack_count(sv9_4, NH_C_UNSOLICITED), 450);
	/* The right id for another address, or from another place. */
	pdu.reqid = request.reqid;
	pdu.dst_proto = fake_addr("2.2.2.3");
	attack_hit(sv9_4, ATTACKER);
	assert_int_equal(attack_count(sv9_4, NH_C_UNSOLICITED), 451);
	forge(&request, "203.0.113.1");
	attack_hit(sv9_4, ATTACKER);
	assert_int_equal(attack_count(sv9_4, NH_C_NOT_TRUSTED), 1);
	assert_null(fake_entry(sv9_4, "2.2.2.0/24"));
	attack_cloud_works();
}

/* As wide as it likes: no answer takes in the tunnel, the server, the world. */
static void test_wide_reply(void **state)
{
	uint8_t prefix;

	(void)state;
	for (prefix = 1; prefix < 32; prefix++) {
		struct nhrp_pdu request;

		sv9_4->iface->own.milli = 0;
		fake_miss(sv9_4, "192.168.1.99");
		fake_last(net, &request);
		forge(&request, ATTACKER);
		pdu.cie[0].prefix = prefix;
		pdu.cie[0].proto = fake_addr("192.168.1.66");
		fake_inject(sv9_4, ATTACKER, &pdu);
		fake_drop(net);
		assert_true(attack_is_at(sv9_4, "192.168.1.1/32", hub));
		assert_int_equal(fake_entry(sv9_4, "192.168.1.1/32")->type,
				 DMVPN_ENTRY_TYPE_NHS);
	}
	for (prefix = 1; prefix < 30; prefix++) {
		struct nh_prefix p;
		char text[NH_PREFIX_STRLEN];

		nh_prefix_make(&p, &attacker.proto, prefix);
		nh_prefix_format(&p, text, sizeof(text));
		if (nh_prefix_contains(&p, &hub->iface->conf->addr[0].addr) ||
		    nh_prefix_contains(&p, &sv9_4->iface->conf->addr[0].addr))
			assert_null(fake_entry(sv9_4, text));
	}
	attack_cloud_works();
}

static void test_unsolicited(void **state)
{
	static const enum nhrp_type types[] = {
		NHRP_RESOLUTION_REPLY, NHRP_REGISTRATION_REPLY,
		NHRP_PURGE_REPLY,
	};
	struct nhrp_pdu request;
	size_t i, entries = sv9_4->nentry;

	(void)state;
	nhrp_build_resolution_request(&request, &attacker,
				      &sv9_3->iface->conf->addr[0].addr, 4711,
				      0);
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		forge(&request, ATTACKER);
		pdu.type = types[i];
		pdu.src_proto = sv9_4->iface->conf->addr[0].addr;
		pdu.src_nbma = sv9_4->nbma;
		/* No answer, not even an error: the source may be forged. */
		assert_int_equal(attack_hit(sv9_4, ATTACKER), 0);
		assert_int_equal(attack_hit(sv9_4, "209.168.202.225"), 0);
	}
	assert_int_equal(sv9_4->nentry, entries);
	assert_true(attack_count(sv9_4, NH_C_UNSOLICITED) >= 4);
	attack_cloud_works();
}

/* A part of the password, a longer one, none: all are wrong. */
static void test_password(void **state)
{
	static const char *const tries[] = {
		"c", "cisco12", "cisco124", "Cisco123",
	};
	struct nhrp_auth wrong;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		nhrp_auth_init(&wrong, tries[i]);
		attacker.auth = &wrong;
		attack_registration("192.168.1.66", true, 255);
		assert_int_equal(attack_code(ATTACKER), -1);
	}
	attacker.auth = NULL;
	attack_registration("192.168.1.66", true, 255);
	assert_int_equal(attack_code(ATTACKER), -1);
	assert_int_equal(attack_count(hub, NH_C_AUTH_FAILED), 5);
	assert_null(fake_entry(hub, "192.168.1.66/32"));
	attacker.auth = &hub->iface->conf->auth;
	attack_cloud_works();
}

static void purge(const char *prefix, uint16_t flags)
{
	struct nh_addr dst = fake_addr("192.168.1.1");
	struct nh_prefix p;

	assert_int_equal(nh_prefix_parse(&p, prefix, NULL), 0);
	nhrp_build_purge_request(&pdu, &attacker, &dst, 99, flags);
	nhrp_build_purge_add(&pdu, &p, NULL);
}

static void test_purge_spoofing(void **state)
{
	(void)state;
	attack_cloud_works();
	purge("192.168.1.2/32", NHRP_PURGE_NO_REPLY);
	assert_int_equal(attack_hit(hub, ATTACKER), 0);
	/* In the victim's name, but not from its place. */
	pdu.src_nbma = sv9_3->nbma;
	pdu.src_proto = sv9_3->iface->conf->addr[0].addr;
	assert_int_equal(attack_hit(hub, ATTACKER), 0);
	assert_int_equal(attack_count(hub, NH_C_NOT_TRUSTED), 2);
	/* A wide one does not take along what lies inside. */
	purge("192.168.1.0/24", NHRP_PURGE_NO_REPLY);
	attack_hit(hub, ATTACKER);
	/* A spoke's shortcut is the egress's or the server's to take. */
	purge("2.2.2.0/24", NHRP_PURGE_NO_REPLY);
	pdu.dst_proto = sv9_4->iface->conf->addr[0].addr;
	attack_hit(sv9_4, ATTACKER);
	assert_true(attack_is_at(sv9_4, "2.2.2.0/24", sv9_3));
	assert_int_equal(attack_count(sv9_4, NH_C_NOT_TRUSTED), 1);
	/* Configuration is nobody's, not even the server's own. */
	purge("192.168.1.1/32", NHRP_PURGE_NO_REPLY);
	pdu.dst_proto = sv9_4->iface->conf->addr[0].addr;
	attack_hit(sv9_4, "209.168.202.225");
	assert_true(attack_is_at(sv9_4, "192.168.1.1/32", hub));
	attack_cloud_works();
}

/* A node that passes a packet on lends it its place, but not its name. */
static void test_by_a_forwarder(void **state)
{
	(void)state;
	attack_cloud_works();
	fake_put(sv9_3, "192.168.1.66/32", DMVPN_ENTRY_TYPE_RESOLVED, ATTACKER);
	purge("192.168.1.2/32", 0);
	assert_int_equal(attack_hit(sv9_3, ATTACKER), 1);
	assert_true(attack_is_at(hub, "192.168.1.2/32", sv9_3));
	assert_int_equal(attack_count(hub, NH_C_NOT_TRUSTED), 1);
	/* Nor does it pass registrations on: it is no server. */
	attack_registration("192.168.1.66", true, 255);
	assert_int_equal(attack_hit(sv9_3, ATTACKER), 0);
	assert_int_equal(attack_count(sv9_3, NH_C_NOT_TRUSTED), 1);
	/* If it did, it could not take back what is its own. */
	attacker.nbma = sv9_3->nbma;
	attacker.holdtime = 0;
	attack_registration("192.168.1.66", true, 32);
	pdu.cie[0].proto = sv9_3->iface->conf->addr[0].addr;
	attack_hit(hub, "209.168.202.131");
	assert_true(attack_is_at(hub, "192.168.1.2/32", sv9_3));
	attacker.holdtime = 600;
	attack_cloud_works();
}

/* A server passes registrations on for its clients, each for itself. */
static void test_by_a_server(void **state)
{
	(void)state;
	sv9_3->iface->conf->server = true;
	fake_put(sv9_3, "192.168.1.66/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 ATTACKER);
	attack_registration("192.168.1.66", true, 255);
	assert_int_equal(attack_hit(sv9_3, ATTACKER), 1);
	assert_true(attack_is_at(hub, "192.168.1.66/32", sv9_3));
	/* It is no part of the server for that. */
	purge("192.168.1.2/32", 0);
	attack_hit(sv9_3, ATTACKER);
	assert_true(attack_is_at(hub, "192.168.1.2/32", sv9_3));
	assert_int_equal(attack_count(hub, NH_C_NOT_TRUSTED), 1);
	attacker.nbma = sv9_3->nbma;
	attack_registration("192.168.1.66", true, 255);
	assert_int_equal(attack_hit(sv9_3, ATTACKER), 0);
	assert_int_equal(attack_count(sv9_3, NH_C_NOT_TRUSTED), 1);
	attacker.nbma = fake_addr(ATTACKER);
	attack_registration("192.168.1.66", true, 32);
	pdu.cie[0].proto = fake_addr("192.168.1.77");
	assert_int_equal(attack_hit(sv9_3, ATTACKER), 0);
	assert_int_equal(attack_count(sv9_3, NH_C_NOT_TRUSTED), 2);
	/* Nor for one that is elsewhere. */
	attack_registration("192.168.1.3", true, 255);
	assert_int_equal(attack_hit(sv9_3, ATTACKER), 0);
	assert_int_equal(attack_count(sv9_3, NH_C_NOT_TRUSTED), 3);
}

/* Errors about requests that were never sent, or by strangers. */
static void test_forged_errors(void **state)
{
	uint8_t octets[DMVPN_PACKET_MAX];
	struct nhrp_pdu request;
	struct nh_view view;
	ssize_t len;

	(void)state;
	fake_miss(sv9_4, "2.2.2.2");
	fake_last(net, &request);
	fake_drop(net);
	len = nhrp_pdu_encode(&request, octets, sizeof(octets));
	view = (struct nh_view){ octets, (uint16_t)len };
	nhrp_build_error(&pdu, &attacker, NHRP_ERR_UNREACHABLE, 0,
			 &sv9_4->iface->conf->addr[0].addr, view);
	assert_int_equal(attack_hit(sv9_4, ATTACKER), 0);
	assert_int_equal(sv9_4->iface->requests.n, 1);
	request.type = NHRP_REGISTRATION_REQUEST;
	len = nhrp_pdu_encode(&request, octets, sizeof(octets));
	view.len = (uint16_t)len;
	nhrp_build_error(&pdu, &attacker, NHRP_ERR_AUTH, 0,
			 &sv9_4->iface->conf->addr[0].addr, view);
	attack_hit(sv9_4, ATTACKER);
	fake_advance(net, 2000);
	attack_carry();
	attack_cloud_works();
}

static void test_loops(void **state)
{
	struct nh_addr dst = fake_addr("2.2.2.2");
	struct nhrp_cie record;
	struct nhrp_ext *ext;

	(void)state;
	/* A request that has passed the hub before, as its record says. */
	nhrp_build_resolution_request(&pdu, &attacker, &dst, 5, 0xc800);
	ext = nhrp_ext_find(&pdu, NHRP_EXT_FORWARD);
	assert_non_null(ext);
	memset(&record, 0, sizeof(record));
	record.nbma = hub->nbma;
	record.proto = hub->iface->conf->addr[0].addr;
	ext->cie[ext->ncie++] = record;
	ext->is_list = true;
	attack_hit(hub, ATTACKER);
	assert_int_equal(attack_count(hub, NH_C_LOOP), 1);
	/* One that says it is the hub's own. */
	nhrp_build_resolution_request(&pdu, &attacker, &dst, 6, 0xc800);
	pdu.src_proto = hub->iface->conf->addr[0].addr;
	fake_advance(net, 1000);
	attack_hit(hub, ATTACKER);
	assert_int_equal(attack_count(hub, NH_C_LOOP), 2);
	/* And one at the end of its hops. */
	nhrp_build_resolution_request(&pdu, &attacker, &dst, 7, 0xc800);
	pdu.hopcnt = 1;
	fake_advance(net, 1000);
	attack_hit(hub, ATTACKER);
	assert_int_equal(attack_count(hub, NH_C_HOPCNT), 1);
	assert_int_equal(hub->iface->stats.forwarded[NHRP_RESOLUTION_REQUEST],
			 0);
	attack_cloud_works();
}

int main(void)
{
#define T(fn) \
	cmocka_unit_test_setup_teardown(fn, attack_setup, attack_teardown)
	const struct CMUnitTest tests[] = {
		T(test_hijack_unique),
		T(test_hijack_not_unique),
		T(test_replayed_registration),
		T(test_addresses_of_nobody),
		T(test_forged_reply),
		T(test_wide_reply),
		T(test_unsolicited),
		T(test_password),
		T(test_purge_spoofing),
		T(test_by_a_forwarder),
		T(test_by_a_server),
		T(test_forged_errors),
		T(test_loops),
	};

	return cmocka_run_group_tests_name("attack", tests, NULL, NULL);
}
