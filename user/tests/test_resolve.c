// SPDX-License-Identifier: GPL-2.0-or-later
/* Own Resolution Requests: what is asked, believed, stored and forgotten. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "nhrp/indication.h"
#include "nhrp/nat.h"
#include "tests/fake.h"

#define SPOKE \
	"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\nMTU=1400\n" \
	"Protection=none\n[NHRP]\nHoldTime=600\n" \
	"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"

static struct fake_net *net;
static struct fake_node *spoke;
static struct nhrp_self hub, egress;
static struct nhrp_pdu pdu, reply;
static struct nhrp_cie cie;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	spoke = fake_node(net, "192.0.2.2", SPOKE);
	fake_route(spoke, "0.0.0.0/0", FAKE_IFINDEX, "10.0.0.1");
	hub = (struct nhrp_self){
		.nbma = fake_addr("192.0.2.1"),
		.proto = fake_addr("10.0.0.1"),
		.holdtime = 600,
		.nat = true,
	};
	egress = hub;
	egress.nbma = fake_addr("192.0.2.3");
	egress.proto = fake_addr("10.0.0.3");
	fake_last(net, &pdu);
	nhrp_build_registration_reply(&reply, &pdu, &hub, NHRP_CODE_OK, 600,
				      &pdu.src_nbma);
	fake_inject(spoke, "192.0.2.1", &reply);
	assert_non_null(nh_nhs_best(spoke->iface, AF_INET));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

/* Makes the egress's reply to the request sent last. */
static void make_reply(uint8_t prefix)
{
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
	nhrp_self_cie(&cie, &egress);
	cie.prefix = prefix;
	cie.holdtime = 600;
	assert_int_equal(nhrp_build_resolution_reply(
		&reply, &pdu, &egress, &cie, pdu.flags | NHRP_RES_UNIQUE), 0);
}

static uint32_t type_of(const char *prefix)
{
	struct dmvpn_nl_entry *e = fake_entry(spoke, prefix);

	return e ? e->type : DMVPN_ENTRY_TYPE_UNSPEC;
}

static void test_request(void **state)
{
	size_t n = net->nsent;

	(void)state;
	fake_miss(spoke, "10.0.0.3");
	assert_int_equal(net->nsent, n + 1);
	assert_true(nh_addr_equal(&fake_last(net, &pdu)->to, &hub.nbma));
	assert_int_equal(pdu.flags, NHRP_RES_ROUTER | NHRP_RES_SRC_STABLE |
			 NHRP_RES_NAT);
	assert_int_equal(pdu.cie[0].holdtime, 600);
	assert_int_equal(type_of("10.0.0.3/32"), DMVPN_ENTRY_TYPE_INCOMPLETE);
	assert_in_range(fake_entry(spoke, "10.0.0.3/32")->holding_time, 38,
			60);
	/* One request a destination. */
	fake_miss(spoke, "10.0.0.3");
	assert_int_equal(net->nsent, n + 1);
	/* Nothing to ask about. */
	fake_miss(spoke, "10.0.0.2");
	fake_miss(spoke, "224.0.0.5");
	fake_miss(spoke, "0.0.0.0");
	fake_miss(spoke, "fd00::1");
	assert_int_equal(net->nsent, n + 1);
}

static void test_timeout(void **state)
{
	size_t n = net->nsent;

	(void)state;
	fake_miss(spoke, "10.0.0.3");
	/* 1 + 2 + 4 + 8 + 16 s, each by up to 20 % more or less */
	nh_loop_advance(net->loop, 24700);
	assert_int_equal(type_of("10.0.0.3/32"), DMVPN_ENTRY_TYPE_INCOMPLETE);
	nh_loop_advance(net->loop, 12600);
	assert_int_equal(net->nsent, n + 5);
	assert_int_equal(type_of("10.0.0.3/32"), DMVPN_ENTRY_TYPE_NEGATIVE);
	assert_int_equal(fake_entry(spoke, "10.0.0.3/32")->holding_time,
			 NH_NEGATIVE_TIMEOUT);
	assert_int_equal(spoke->iface->stats.count[NH_C_TIMEOUT], 1);
	fake_miss(spoke, "10.0.0.3");
	assert_int_equal(net->nsent, n + 6);
}

static void test_answer(void **state)
{
	struct dmvpn_nl_entry *e;

	(void)state;
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	fake_inject(spoke, "192.0.2.3", &reply);
	e = fake_entry(spoke, "10.3.0.0/16");
	assert_non_null(e);
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_RESOLVED);
	assert_int_equal(e->flags, DMVPN_ENTRY_FLAGS_REFRESH |
			 DMVPN_ENTRY_FLAGS_UNIQUE);
	assert_true(nh_addr_equal(&e->nbma, &egress.nbma));
	assert_int_equal(e->mtu, 0);
	assert_true(nh_addr_equal(&e->protocol, &egress.proto));
	assert_int_equal(type_of("10.0.0.3/32"), DMVPN_ENTRY_TYPE_RESOLVED);
	assert_int_equal(type_of("10.3.0.3/32"), DMVPN_ENTRY_TYPE_UNSPEC);
	assert_int_equal(spoke->iface->requests.n, 0);
	/* The same again answers nothing any more. */
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(spoke->iface->stats.count[NH_C_UNSOLICITED], 1);
}

/* Of several ways the first one is taken: it is the one to prefer. */
static void test_several(void **state)
{
	(void)state;
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	cie.nbma = fake_addr("192.0.2.4");
	assert_non_null(nhrp_pdu_add_cie(&reply, &cie));
	fake_inject(spoke, "192.0.2.1", &reply);
	assert_true(nh_addr_equal(&fake_entry(spoke, "10.3.0.0/16")->nbma,
				  &egress.nbma));
}

/* Prefixes that reach too far are cut to the host that was asked for. */
static void test_too_wide(void **state)
{
	static const struct {
		const char *dst;
		uint8_t prefix;
		const char *stored;
	} cases[] = {
		{ "10.0.1.3", 8, "10.0.1.3/32" },	/* covers our subnet */
		{ "10.0.0.4", 24, "10.0.0.4/32" },	/* and us */
		{ "172.16.0.1", 7, "172.16.0.1/32" },
		{ "172.17.0.1", 8, "172.0.0.0/8" },
		{ "192.168.7.7", 0, "192.168.7.7/32" },
		{ "192.168.7.8", 255, "192.168.7.8/32" },
		{ "192.168.7.9", 32, "192.168.7.9/32" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_miss(spoke, cases[i].dst);
		make_reply(cases[i].prefix);
		fake_inject(spoke, "192.0.2.3", &reply);
		if (type_of(cases[i].stored) != DMVPN_ENTRY_TYPE_RESOLVED)
			fail_msg("%s is missing", cases[i].stored);
	}
}

static void test_forged(void **state)
{
	struct nh_stats *stats = &spoke->iface->stats;

	(void)state;
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	/* From a third place. */
	fake_inject(spoke, "192.0.2.99", &reply);
	assert_int_equal(stats->count[NH_C_NOT_TRUSTED], 1);
	/* Another id, another address. */
	reply.reqid++;
	fake_inject(spoke, "192.0.2.3", &reply);
	reply.reqid--;
	reply.dst_proto = fake_addr("10.3.0.4");
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(stats->count[NH_C_UNSOLICITED], 2);
	assert_int_equal(spoke->nentry, 2);
	assert_int_equal(type_of("10.3.0.3/32"), DMVPN_ENTRY_TYPE_INCOMPLETE);
	/* By the server it is fine. */
	reply.dst_proto = fake_addr("10.3.0.3");
	fake_inject(spoke, "192.0.2.1", &reply);
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_RESOLVED);
}

/* Who serves one network does not thereby get a neighbour's address. */
static void test_claims_next_hop(void **state)
{
	(void)state;
	fake_put(spoke, "10.0.0.4/32", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.4");
	egress.proto = fake_addr("10.0.0.4");
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_RESOLVED);
	assert_true(nh_addr_equal(&fake_entry(spoke, "10.0.0.4/32")->nbma,
				  &fake_peer(spoke, "192.0.2.4")->nbma));
	/* Nor one that is being asked for. */
	egress.proto = fake_addr("10.0.0.5");
	fake_miss(spoke, "10.4.0.3");
	make_reply(16);
	fake_miss(spoke, "10.0.0.5");
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(type_of("10.4.0.0/16"), DMVPN_ENTRY_TYPE_RESOLVED);
	assert_int_equal(type_of("10.0.0.5/32"), DMVPN_ENTRY_TYPE_INCOMPLETE);
}

static void nak(uint8_t code)
{
	fake_last(net, &pdu);
	nhrp_build_resolution_nak(&reply, &pdu, &hub, code);
	fake_inject(spoke, "192.0.2.1", &reply);
}

static void test_nak(void **state)
{
	static const uint8_t codes[] = { 4, 5, 11, 12, 13 };
	char dst[32], prefix[40];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(codes); i++) {
		snprintf(dst, sizeof(dst), "10.3.0.%zu", i + 1);
		snprintf(prefix, sizeof(prefix), "%s/32", dst);
		fake_miss(spoke, dst);
		nak(codes[i]);
		assert_int_equal(type_of(prefix), DMVPN_ENTRY_TYPE_NEGATIVE);
		assert_int_equal(fake_entry(spoke, prefix)->holding_time,
				 NH_NEGATIVE_REFUSED);
	}
	assert_int_equal(spoke->iface->requests.n, 0);
}

static void expect_useless(void)
{
	fake_inject(spoke, "192.0.2.1", &reply);
	assert_int_equal(type_of("10.3.0.3/32"), DMVPN_ENTRY_TYPE_NEGATIVE);
	spoke->nentry = 1;
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_UNSPEC);
}

static void test_useless_answers(void **state)
{
	(void)state;
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	reply.cie[0].nbma = fake_addr("224.0.0.1");
	expect_useless();
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	reply.cie[0].nbma = (struct nh_addr){ 0 };
	expect_useless();
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	reply.cie[0].holdtime = 0;
	expect_useless();
	/* Ourselves. */
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	reply.cie[0].nbma = fake_addr("192.0.2.2");
	expect_useless();
}

static void test_nat(void **state)
{
	struct dmvpn_nl_entry *e;
	struct nh_addr outer = fake_addr("198.51.100.3");

	(void)state;
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	assert_true(nhrp_nat_add(&reply, &outer, &egress.proto));
	fake_inject(spoke, "198.51.100.3", &reply);
	e = fake_entry(spoke, "10.3.0.0/16");
	assert_true(nh_addr_equal(&e->nbma, &outer));
	assert_true(nh_addr_equal(&e->claimed, &egress.nbma));
	assert_true(e->flags & DMVPN_ENTRY_FLAGS_NAT);
	/* Both behind one NAT: no way but by the hub. */
	spoke->iface->mapped4 = outer;
	spoke->nentry = 1;
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	nhrp_nat_add(&reply, &outer, &egress.proto);
	expect_useless();
}

/* What was configured, or registered, is not replaced by what is told. */
static void test_ranks(void **state)
{
	(void)state;
	fake_put(spoke, "10.0.0.3/32", DMVPN_ENTRY_TYPE_STATIC, "192.0.2.33");
	fake_put(spoke, "10.3.0.0/16", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.34");
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(type_of("10.0.0.3/32"), DMVPN_ENTRY_TYPE_STATIC);
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_REGISTERED);
	fake_miss(spoke, "10.4.0.3");
	make_reply(16);
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(type_of("10.4.0.0/16"), DMVPN_ENTRY_TYPE_RESOLVED);
	assert_int_equal(type_of("10.0.0.3/32"), DMVPN_ENTRY_TYPE_STATIC);
}

/* A refusal that comes after a better word does not count. */
/* What the kernel does not tell now is not written over. */
static void test_unreadable(void **state)
{
	(void)state;
	fake_miss(spoke, "10.0.0.3");
	fake_put(spoke, "10.0.0.3/32", DMVPN_ENTRY_TYPE_STATIC, "192.0.2.77");
	make_reply(32);
	spoke->fail_entry_get = -ENOBUFS;
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(type_of("10.0.0.3/32"), DMVPN_ENTRY_TYPE_STATIC);
	fake_miss(spoke, "10.0.0.4");
	fake_put(spoke, "10.0.0.4/32", DMVPN_ENTRY_TYPE_STATIC, "192.0.2.77");
	nak(NHRP_CODE_NO_BINDING);
	assert_int_equal(type_of("10.0.0.4/32"), DMVPN_ENTRY_TYPE_STATIC);
	assert_int_equal(spoke->iface->requests.n, 0);
}

static void test_late_refusal(void **state)
{
	(void)state;
	fake_miss(spoke, "10.3.0.3");
	fake_put(spoke, "10.3.0.3/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.34");
	nak(12);
	assert_int_equal(type_of("10.3.0.3/32"), DMVPN_ENTRY_TYPE_REGISTERED);
	assert_int_equal(spoke->iface->requests.n, 0);
}

static void test_hold_cap(void **state)
{
	(void)state;
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	reply.cie[0].holdtime = 65535;
	reply.cie[0].mtu = 1300;
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(fake_entry(spoke, "10.3.0.0/16")->holding_time,
			 NH_HOLD_MAX);
	assert_int_equal(fake_entry(spoke, "10.3.0.0/16")->mtu, 1300);
	/* A nominal size is no limit. */
	fake_miss(spoke, "10.4.0.3");
	make_reply(16);
	reply.cie[0].mtu = 17912;
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(fake_entry(spoke, "10.4.0.0/16")->mtu, 0);
}

static void refresh(const char *prefix)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_ENTRY_REFRESH,
		.ifindex = FAKE_IFINDEX,
		.entry = *fake_entry(spoke, prefix),
	};

	nh_dispatch_event(&spoke->ifaces, &ev);
}

static void test_refresh(void **state)
{
	unsigned int sets;
	size_t n;

	(void)state;
	fake_put(spoke, "10.3.0.0/16", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.3");
	sets = spoke->sets;
	refresh("10.3.0.0/16");
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
	/* Asked for is a host inside; the old entry stays meanwhile. */
	assert_int_equal(pdu.dst_proto.bytes[1], 3);
	assert_int_equal(spoke->sets, sets);
	make_reply(16);
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(fake_entry(spoke, "10.3.0.0/16")->holding_time, 600);
	/* Silence leaves it to its end, a refusal ends it. */
	refresh("10.3.0.0/16");
	nh_loop_advance(net->loop, 40000);
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_RESOLVED);
	refresh("10.3.0.0/16");
	nak(12);
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_UNSPEC);
	/* But not what somebody else has put there meanwhile. */
	fake_put(spoke, "10.3.0.0/16", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.3");
	refresh("10.3.0.0/16");
	fake_entry(spoke, "10.3.0.0/16")->type = DMVPN_ENTRY_TYPE_REGISTERED;
	nak(12);
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_REGISTERED);
	/* Hosts are asked for as they are; others are not refreshed. */
	fake_put(spoke, "10.9.0.9/32", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.3");
	refresh("10.9.0.9/32");
	fake_last(net, &pdu);
	assert_true(nh_addr_equal(&pdu.dst_proto,
				  &fake_entry(spoke, "10.9.0.9/32")
				  ->prefix.addr));
	n = net->nsent;
	refresh("10.0.0.1/32");
	assert_int_equal(net->nsent, n);
}

static void test_no_server_up(void **state)
{
	size_t n = net->nsent;

	(void)state;
	LIST_FIRST(&spoke->iface->nhs)->state = NH_NHS_DOWN;
	LIST_FIRST(&spoke->iface->nhs)->reached = false;
	fake_miss(spoke, "10.3.0.3");
	assert_int_equal(net->nsent, n);
	assert_int_equal(type_of("10.3.0.3/32"), DMVPN_ENTRY_TYPE_INCOMPLETE);
	/* When one comes up it is asked at once. */
	nh_nhs_restart(spoke->iface);
	fake_last(net, &pdu);
	nhrp_build_registration_reply(&reply, &pdu, &hub, NHRP_CODE_OK, 600,
				      &pdu.src_nbma);
	n = net->nsent;
	fake_inject(spoke, "192.0.2.1", &reply);
	assert_int_equal(net->nsent, n + 1);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
}

/* Without servers nobody can be asked: remembered for a short while. */
static void test_no_server(void **state)
{
	size_t n;

	(void)state;
	nh_iface_reload(spoke->iface, fake_conf(
		"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
		"Protection=none\n"));
	n = net->nsent;
	fake_miss(spoke, "10.3.0.3");
	assert_int_equal(net->nsent, n);
	assert_int_equal(type_of("10.3.0.3/32"), DMVPN_ENTRY_TYPE_NEGATIVE);
}

static void test_rate(void **state)
{
	size_t n = net->nsent;
	char dst[32];
	int i;

	(void)state;
	for (i = 0; i < 120; i++) {
		snprintf(dst, sizeof(dst), "10.3.1.%d", i);
		spoke->nentry = 1;
		fake_miss(spoke, dst);
	}
	assert_int_equal(net->nsent - n, 100);
	assert_int_equal(spoke->iface->stats.limited[NH_L_OWN], 20);
}

/* A request that is one too many leaves nothing that waits for an answer. */
static void test_too_many(void **state)
{
	char dst[32];
	int i;

	(void)state;
	for (i = 0; i <= NH_REQUESTS_PER_SERVER; i++) {
		snprintf(dst, sizeof(dst), "10.3.%d.%d", i / 100, i % 100);
		spoke->nentry = 1;
		spoke->iface->own.milli = 0;
		fake_miss(spoke, dst);
	}
	assert_int_equal(spoke->iface->requests.n, NH_REQUESTS_PER_SERVER);
	assert_int_equal(spoke->iface->stats.limited[NH_L_IN_FLIGHT],
			 1);
	assert_int_equal(type_of("10.3.2.56/32"), DMVPN_ENTRY_TYPE_UNSPEC);
}

/* An answer that cannot be stored ends the waiting as well. */
static void test_held(void **state)
{
	(void)state;
	fake_miss(spoke, "10.3.0.3");
	fake_put(spoke, "10.3.0.0/16", DMVPN_ENTRY_TYPE_STATIC, "192.0.2.77");
	make_reply(16);
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_STATIC);
	assert_int_equal(type_of("10.3.0.3/32"), DMVPN_ENTRY_TYPE_NEGATIVE);
	assert_int_equal(spoke->iface->requests.n, 0);
}

static void test_error(void **state)
{
	const struct fake_sent *s;
	struct nh_view quoted;

	(void)state;
	fake_miss(spoke, "10.3.0.3");
	s = fake_last(net, &pdu);
	quoted.data = s->octets;
	quoted.len = (uint16_t)s->len;
	nhrp_build_error(&reply, &egress, NHRP_ERR_UNREACHABLE, 0,
			 &pdu.src_proto, quoted);
	fake_inject(spoke, "192.0.2.3", &reply);
	assert_int_equal(type_of("10.3.0.3/32"), DMVPN_ENTRY_TYPE_INCOMPLETE);
	fake_inject(spoke, "192.0.2.1", &reply);
	assert_int_equal(type_of("10.3.0.3/32"), DMVPN_ENTRY_TYPE_NEGATIVE);
}

/* A server withdraws what we learned through it. */
static void test_purged(void **state)
{
	struct nh_prefix prefix;

	(void)state;
	fake_miss(spoke, "10.3.0.3");
	make_reply(16);
	fake_inject(spoke, "192.0.2.3", &reply);
	nh_prefix_parse(&prefix, "10.3.0.0/16", NULL);
	nhrp_build_purge_request(&pdu, &hub, &spoke->iface->conf->addr[0].addr,
				 5, 0);
	nhrp_build_purge_add(&pdu, &prefix, NULL);
	fake_inject(spoke, "192.0.2.9", &pdu);
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_RESOLVED);
	fake_inject(spoke, "192.0.2.1", &pdu);
	assert_int_equal(type_of("10.3.0.0/16"), DMVPN_ENTRY_TYPE_UNSPEC);
}

/* The request that comes back to us is dropped. */
static void test_loop(void **state)
{
	size_t n;

	(void)state;
	fake_miss(spoke, "10.3.0.3");
	fake_last(net, &pdu);
	n = net->nsent;
	fake_inject(spoke, "192.0.2.1", &pdu);
	assert_int_equal(spoke->iface->stats.count[NH_C_LOOP], 1);
	fake_last(net, &pdu);
	assert_int_equal(net->nsent, n + 1);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.ind_code, NHRP_ERR_LOOP);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_request),
		T(test_timeout),
		T(test_answer),
		T(test_several),
		T(test_too_wide),
		T(test_forged),
		T(test_claims_next_hop),
		T(test_nak),
		T(test_useless_answers),
		T(test_nat),
		T(test_ranks),
		T(test_unreadable),
		T(test_late_refusal),
		T(test_hold_cap),
		T(test_refresh),
		T(test_no_server_up),
		T(test_no_server),
		T(test_rate),
		T(test_too_many),
		T(test_held),
		T(test_error),
		T(test_purged),
		T(test_loop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
