// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets that pass a server: records, hop counts, loops, and their faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "nhrp/indication.h"
#include "tests/cloud.h"

static struct fake_net *net;
static struct fake_node *hub, *s2, *s3;
static struct nhrp_self server, egress, client;
static struct nhrp_pdu pdu;

static struct nhrp_self self_of(const struct fake_node *node)
{
	return (struct nhrp_self){
		.nbma = node->nbma,
		.proto = node->iface->conf->addr[0].addr,
		.holdtime = 600,
		.auth = &node->iface->conf->auth,
	};
}

/* Two registered spokes; s2 has a LAN. */
static int setup(void **state)
{
	struct cloud c = cloud_build("Authentication=cisco123\nHoldTime=600\n");

	(void)state;
	net = c.net;
	hub = c.hub;
	s2 = c.s2;
	s3 = c.s3;
	server = self_of(hub);
	egress = self_of(s2);
	client = self_of(s3);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

/* s3 asks for what is behind s2. */
static void make_request(void)
{
	struct nh_addr dst = fake_addr("10.1.2.9");

	assert_int_equal(nhrp_build_resolution_request(&pdu, &client, &dst, 7,
						       0xc800), 0);
}

/* What s2 answers to that. */
static void make_reply(void)
{
	struct nhrp_pdu req;
	struct nhrp_cie cie;

	make_request();
	req = pdu;
	nhrp_self_cie(&cie, &egress);
	assert_int_equal(nhrp_build_resolution_reply(&pdu, &req, &egress, &cie,
						     0x2000), 0);
}

/* The hub gets @pdu from @from; the one packet that it sends goes to @to. */
static void pass(const struct fake_node *from, const struct fake_node *to,
		 enum nhrp_type type)
{
	char nbma[NH_ADDR_STRLEN];
	size_t n = net->nsent;

	nh_addr_format(&from->nbma, nbma, sizeof(nbma));
	fake_inject(hub, nbma, &pdu);
	assert_int_equal(net->nsent, n + 1);
	assert_true(nh_addr_equal(&fake_last(net, &pdu)->to, &to->nbma));
	fake_drop(net);
	assert_int_equal(pdu.type, type);
}

/* It goes back where it came from, to @offender, who made what was wrong. */
static void expect_error(const struct fake_node *from,
			 const struct nhrp_self *offender,
			 enum nhrp_error_code code)
{
	const uint8_t type = pdu.type;

	pass(from, from, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.ind_code, code);
	assert_true(nh_addr_equal(&pdu.src_nbma, &server.nbma));
	assert_true(nh_addr_equal(&pdu.src_proto, &server.proto));
	assert_true(nh_addr_equal(&pdu.dst_proto, &offender->proto));
	assert_int_equal(pdu.quoted.data[NHRP_OFF_TYPE], type);
	assert_int_equal(hub->iface->stats.forwarded[type], 0);
	fake_advance(net, 1100);
}

static void record(uint16_t type, const struct nhrp_self *who)
{
	struct nhrp_ext *ext = nhrp_ext_find(&pdu, type);
	struct nhrp_cie cie;

	assert_non_null(ext);
	nhrp_self_cie(&cie, who);
	ext->ncie = 0;
	assert_true(nhrp_ext_append(ext, &cie));
}

/* One that has too much forwarded leaves enough for others. */
static void test_share(void **state)
{
	size_t n = net->nsent, i;

	(void)state;
	for (i = 0; i < 400; i++) {
		make_reply();
		pdu.reqid = (uint32_t)i;
		fake_inject(hub, "192.0.2.2", &pdu);
		fake_drop(net);
	}
	assert_int_equal(net->nsent - n, 250);
	assert_int_equal(hub->iface->stats.count[NH_C_LIMITED], 150);
	make_request();
	pass(s3, s2, NHRP_RESOLUTION_REQUEST);
}

/* Whatever has been here is dropped, and its maker told. */
static void test_loops(void **state)
{
	uint64_t *loops = &hub->iface->stats.count[NH_C_LOOP];

	(void)state;
	make_request();
	record(NHRP_EXT_FORWARD, &server);
	expect_error(s3, &client, NHRP_ERR_LOOP);
	make_reply();
	record(NHRP_EXT_REVERSE, &server);
	expect_error(s2, &egress, NHRP_ERR_LOOP);
	/* An answer of the hub's own, says another. */
	make_reply();
	record(NHRP_EXT_RESPONDER, &server);
	expect_error(s2, &server, NHRP_ERR_LOOP);
	assert_int_equal(*loops, 3);
	/* The record of the other direction is none. */
	make_reply();
	record(NHRP_EXT_FORWARD, &server);
	pass(s2, s3, NHRP_RESOLUTION_REPLY);
	assert_int_equal(*loops, 3);
}

/* Without the extension that names the responder, it is who was asked for. */
static void test_responder_unknown(void **state)
{
	(void)state;
	make_reply();
	nhrp_ext_remove(&pdu, NHRP_EXT_RESPONDER);
	record(NHRP_EXT_REVERSE, &server);
	egress.proto = pdu.dst_proto;
	expect_error(s2, &egress, NHRP_ERR_LOOP);
}

/* Its own error that comes back is dropped in silence. */
static void test_own_error(void **state)
{
	uint8_t octets[DMVPN_PACKET_MAX];
	struct nhrp_pdu error;
	size_t n = net->nsent;
	ssize_t len;

	(void)state;
	make_request();
	len = nhrp_pdu_encode(&pdu, octets, sizeof(octets));
	assert_true(len > 0);
	nhrp_build_error(&error, &server, NHRP_ERR_LOOP, 0, &client.proto,
			 (struct nh_view){ octets, (uint16_t)len });
	fake_inject(hub, "192.0.2.2", &error);
	assert_int_equal(net->nsent, n);
	assert_int_equal(hub->iface->stats.count[NH_C_LOOP], 1);
}

/* It has no room for the record of the hub. The error quotes what fits. */
static void test_too_big(void **state)
{
	static const uint8_t filling[DMVPN_PACKET_MAX];
	struct nhrp_ext *ext;
	uint8_t octets[DMVPN_PACKET_MAX];
	uint16_t room;

	(void)state;
	make_request();
	ext = nhrp_ext_insert(&pdu, 0x123);
	ext->value = (struct nh_view){ filling, 0 };
	room = (uint16_t)(sizeof(octets) -
			  (size_t)nhrp_pdu_encode(&pdu, octets,
						  sizeof(octets)));
	ext->value.len = room - 20;
	pass(s3, s2, NHRP_RESOLUTION_REQUEST);
	assert_int_equal(net->sent[net->nsent - 1].len, DMVPN_PACKET_MAX);

	make_request();
	ext = nhrp_ext_insert(&pdu, 0x123);
	ext->value = (struct nh_view){ filling, room };
	hub->iface->stats.forwarded[NHRP_RESOLUTION_REQUEST] = 0;
	expect_error(s3, &client, NHRP_ERR_TOO_BIG);
	assert_in_range(pdu.quoted.len, 1900, DMVPN_PACKET_MAX);
}

/* Counted down by each server, and a reply counts anew. */
static void test_hop_counts(void **state)
{
	struct nhrp_pdu req;

	(void)state;
	make_request();
	pdu.hopcnt = 2;
	pass(s3, s2, NHRP_RESOLUTION_REQUEST);
	assert_int_equal(pdu.hopcnt, 1);
	/* Whoever answers does not look at it. */
	req = pdu;
	fake_inject(s2, "192.0.2.1", &req);
	fake_last(net, &pdu);
	fake_drop(net);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REPLY);
	assert_int_equal(pdu.hopcnt, 255);

	hub->iface->stats.forwarded[NHRP_RESOLUTION_REQUEST] = 0;
	make_request();
	pdu.hopcnt = 1;
	expect_error(s3, &client, NHRP_ERR_HOPCNT);
	assert_int_equal(pdu.ind_offset, NHRP_OFF_HOPCNT);
	make_reply();
	pdu.hopcnt = 1;
	expect_error(s2, &egress, NHRP_ERR_HOPCNT);
	assert_int_equal(hub->iface->stats.count[NH_C_HOPCNT], 2);
	/* One that has none left should not have been sent. */
	make_request();
	pdu.hopcnt = 0;
	expect_error(s3, &client, NHRP_ERR_HOPCNT);
	make_reply();
	pdu.hopcnt = 0;
	expect_error(s2, &egress, NHRP_ERR_HOPCNT);
	assert_int_equal(hub->iface->stats.refused[NHRP_R_HOPCNT_ZERO], 2);
}

/* The one entry of an extension is the hub, without code or prefix. */
static void expect_record(uint16_t type, const struct nhrp_self *who)
{
	const struct nhrp_ext *ext = nhrp_ext_find(&pdu, type);

	assert_non_null(ext);
	assert_int_equal(ext->ncie, who ? 1 : 0);
	if (!who)
		return;
	assert_int_equal(ext->cie[0].code, NHRP_CODE_OK);
	assert_int_equal(ext->cie[0].prefix, 0);
	assert_true(nh_addr_equal(&ext->cie[0].nbma, &who->nbma));
	assert_true(nh_addr_equal(&ext->cie[0].proto, &who->proto));
}

/* Each direction has a record, and only who passes a packet on is in it. */
static void test_records(void **state)
{
	struct nhrp_pdu req;

	(void)state;
	make_request();
	expect_record(NHRP_EXT_RESPONDER, NULL);
	expect_record(NHRP_EXT_FORWARD, NULL);
	expect_record(NHRP_EXT_REVERSE, NULL);
	pass(s3, s2, NHRP_RESOLUTION_REQUEST);
	expect_record(NHRP_EXT_RESPONDER, NULL);
	expect_record(NHRP_EXT_FORWARD, &server);
	expect_record(NHRP_EXT_REVERSE, NULL);
	req = pdu;
	s2->fail_send = s3->nbma;
	fake_inject(s2, "192.0.2.1", &req);
	fake_last(net, &pdu);
	fake_drop(net);
	expect_record(NHRP_EXT_RESPONDER, &egress);
	expect_record(NHRP_EXT_FORWARD, &server);
	expect_record(NHRP_EXT_REVERSE, NULL);
	pass(s2, s3, NHRP_RESOLUTION_REPLY);
	expect_record(NHRP_EXT_RESPONDER, &egress);
	expect_record(NHRP_EXT_FORWARD, &server);
	expect_record(NHRP_EXT_REVERSE, &server);
}

/* Registrations and purges for another server, and what it answers. */
static void test_for_another(void **state)
{
	struct nhrp_registration reg = {
		.nhs_proto = egress.proto,
		.reqid = 7,
		.prefix = 255,
	};
	struct nh_prefix prefix;
	struct nhrp_pdu req;

	(void)state;
	nhrp_build_registration_request(&pdu, &client, &reg);
	pass(s3, s2, NHRP_REGISTRATION_REQUEST);
	expect_record(NHRP_EXT_FORWARD, &server);
	assert_true(nh_addr_equal(&pdu.src_nbma, &client.nbma));
	nh_prefix_parse(&prefix, "10.0.0.3/32", NULL);
	nhrp_build_purge_request(&pdu, &client, &egress.proto, 8, 0);
	nhrp_build_purge_add(&pdu, &prefix, NULL);
	pass(s3, s2, NHRP_PURGE_REQUEST);
	expect_record(NHRP_EXT_FORWARD, &server);
	req = pdu;
	nhrp_build_reply(&pdu, &req, &egress);
	pass(s2, s3, NHRP_PURGE_REPLY);
	expect_record(NHRP_EXT_REVERSE, &server);
	assert_non_null(fake_entry(hub, "10.0.0.3/32"));
}

/* A purge need not name its NBMA address: the family is then that of whoever
 * handed it over, whatever else the server has.
 */
static void test_without_nbma(void **state)
{
	static const char *const others[] = { NULL, "192.0.2.31" };
	struct nh_prefix prefix;
	size_t i;

	(void)state;
	egress.proto = fake_addr("10.0.0.2");
	egress.nbma = fake_addr("2001:db8::2");
	client.proto = fake_addr("10.0.0.3");
	client.nbma = fake_addr("2001:db8::3");
	nh_prefix_parse(&prefix, "10.1.2.0/24", NULL);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		hub = fake_node(net, i ? "2001:db8::a" : "2001:db8::1", NULL);
		if (others[i])
			hub->other = fake_addr(others[i]);
		assert_int_equal(fake_start(hub,
			"[Tunnel]\nSource=eth0\nAddress=10.0.0.1/24\n"
			"Protection=none\n[NHRP]\nAuthentication=cisco123\n"), 0);
		fake_route(hub, "10.0.0.0/24", FAKE_IFINDEX, NULL);
		fake_put(hub, "10.0.0.2/32", DMVPN_ENTRY_TYPE_REGISTERED,
			 "2001:db8::2");
		fake_put(hub, "10.0.0.3/32", DMVPN_ENTRY_TYPE_REGISTERED,
			 "2001:db8::3");
		server = self_of(hub);
		nhrp_build_purge_request(&pdu, &egress, &client.proto, 8, 0);
		nhrp_build_purge_add(&pdu, &prefix, NULL);
		pdu.src_nbma = (struct nh_addr){ 0 };
		fake_inject(hub, "2001:db8::2", &pdu);
		assert_true(nh_addr_equal(&fake_last(net, &pdu)->to,
					  &client.nbma));
		assert_int_equal(pdu.type, NHRP_PURGE_REQUEST);
		assert_false(nh_addr_is_set(&pdu.src_nbma));
		expect_record(NHRP_EXT_FORWARD, &server);
		assert_int_equal(hub->iface->stats.count[NH_C_NO_ROUTE], 0);
		assert_int_equal(hub->iface->stats.count[NH_C_LOOP], 0);
		fake_drop(net);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_loops),
		T(test_share),
		T(test_responder_unknown),
		T(test_own_error),
		T(test_too_big),
		T(test_hop_counts),
		T(test_records),
		T(test_for_another),
		T(test_without_nbma),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
