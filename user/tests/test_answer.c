// SPDX-License-Identifier: GPL-2.0-or-later
/* Resolution Requests of others: who is answered what, where, and how often. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fake.h"

static struct fake_net *net;
static struct fake_node *spoke;
static struct nhrp_self egress;
static struct nhrp_pdu pdu;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	spoke = fake_node(net, "192.0.2.2",
			  "[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
			  "Protection=none\n"
			  "[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n");
	fake_route(spoke, "0.0.0.0/0", FAKE_IFINDEX, "10.0.0.1");
	egress = (struct nhrp_self){
		.nbma = fake_addr("192.0.2.3"),
		.proto = fake_addr("10.0.0.3"),
		.holdtime = 600,
	};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static void ask_spoke(const char *from, const char *dst)
{
	struct nh_addr addr = fake_addr(dst);

	nhrp_build_resolution_request(&pdu, &egress, &addr, 31, 0);
	fake_inject(spoke, from, &pdu);
	fake_last(net, &pdu);
}

static void test_answers(void **state)
{
	(void)state;
	fake_route(spoke, "10.2.0.0/16", FAKE_LAN, NULL);
	fake_route(spoke, "10.2.0.1/32", 0, NULL);
	fake_route(spoke, "10.0.0.0/9", FAKE_LAN, NULL);
	fake_route(spoke, "64.0.0.0/2", FAKE_LAN, NULL);
	/* Answered to the asker itself, as the server vouches for it. */
	ask_spoke("192.0.2.1", "10.2.7.7");
	assert_true(nh_addr_equal(&net->sent[net->nsent - 1].to,
				  &egress.nbma));
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
	assert_int_equal(pdu.cie[0].prefix, 16);
	assert_int_equal(pdu.flags, NHRP_RES_AUTHORITATIVE |
			 NHRP_RES_DST_STABLE | NHRP_RES_UNIQUE);
	/* Our own addresses are hosts. */
	ask_spoke("192.0.2.1", "10.2.0.1");
	assert_int_equal(pdu.cie[0].prefix, 32);
	ask_spoke("192.0.2.1", "10.0.0.2");
	assert_int_equal(pdu.cie[0].prefix, 32);
	/* A prefix that takes in the tunnel is not told. */
	ask_spoke("192.0.2.1", "10.1.1.1");
	assert_int_equal(pdu.cie[0].prefix, 32);
	ask_spoke("192.0.2.1", "70.1.1.1");
	assert_int_equal(pdu.cie[0].prefix, 32);
	/* Nor one of which a part goes elsewhere. */
	fake_route(spoke, "172.20.0.0/16", FAKE_LAN, NULL);
	fake_route(spoke, "172.20.9.0/24", FAKE_LAN + 1, NULL);
	ask_spoke("192.0.2.1", "172.20.1.1");
	assert_int_equal(pdu.cie[0].prefix, 32);
	ask_spoke("192.0.2.1", "172.20.9.1");
	assert_int_equal(pdu.cie[0].prefix, 24);
	spoke->nroute--;
	nh_loop_advance(net->loop, 10000);
	ask_spoke("192.0.2.1", "172.20.1.1");
	assert_int_equal(pdu.cie[0].prefix, 16);
	/* Who is not vouched for is answered through whoever asked for it. */
	ask_spoke("192.0.2.99", "10.2.7.7");
	assert_true(nh_addr_equal(&net->sent[net->nsent - 1].to,
				  &(struct nh_addr){ AF_INET, 4,
						     { 192, 0, 2, 99 } }));
	/* Back where it came from it does not go: there is no binding. */
	ask_spoke("192.0.2.1", "172.16.0.1");
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REPLY);
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_NO_BINDING);
	spoke->nroute = 0;
	ask_spoke("192.0.2.1", "172.16.0.1");
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_NO_BINDING);
}

/* A made-up requester neither escapes the limit nor uses up another's. */
static void test_answers_limited(void **state)
{
	size_t n = net->nsent, i;
	char nbma[32];

	(void)state;
	fake_route(spoke, "10.2.0.0/16", FAKE_LAN, NULL);
	for (i = 0; i < 510; i++) {
		net->nsent = n;
		snprintf(nbma, sizeof(nbma), "198.51.100.%zu", i % 250 + 1);
		egress.nbma = fake_addr(i == 1 ? "192.0.2.3" : nbma);
		ask_spoke("192.0.2.99", "10.2.7.7");
	}
	assert_int_equal(spoke->iface->stats.count[NH_C_LIMITED], 10);
	net->nsent = n;
	egress.nbma = fake_addr("192.0.2.3");
	for (i = 0; i < 110; i++) {
		net->nsent = n;
		ask_spoke("192.0.2.3", "10.2.7.7");
	}
	assert_int_equal(spoke->iface->stats.count[NH_C_LIMITED], 20);
}

/* The answer of the server @spoke to a request with @flags for 10.0.0.7. */
static void ask_server(uint16_t flags)
{
	struct nh_addr addr = fake_addr("10.0.0.7");

	nhrp_build_resolution_request(&pdu, &egress, &addr, 31, flags);
	fake_inject(spoke, "192.0.2.3", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REPLY);
	assert_int_equal(pdu.ncie, 1);
}

static void assert_nak(uint8_t code)
{
	const struct nhrp_cie *cie = &pdu.cie[0];

	assert_int_equal(cie->code, code);
	assert_int_equal(cie->prefix | cie->unused | cie->mtu | cie->holdtime |
			 cie->preference, 0);
	assert_int_equal(nhrp_cie_size(cie), NHRP_CIE_LEN);
}

/* Who asks for a unique binding gets that or a refusal. */
static void test_unique(void **state)
{
	struct dmvpn_nl_entry *e;

	(void)state;
	spoke->iface->conf->server = true;
	e = fake_put(spoke, "10.0.0.7/32", DMVPN_ENTRY_TYPE_REGISTERED,
		     "192.0.2.7");
	ask_server(0);
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
	assert_int_equal(pdu.flags & NHRP_RES_UNIQUE, 0);
	ask_server(NHRP_RES_UNIQUE);
	assert_nak(NHRP_CODE_NOT_UNIQUE);
	e->flags = DMVPN_ENTRY_FLAGS_UNIQUE;
	ask_server(NHRP_RES_UNIQUE);
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
	assert_int_equal(pdu.flags & NHRP_RES_UNIQUE, NHRP_RES_UNIQUE);
	/* Our own binding is as unique as we register it. */
	e->prefix.addr = fake_addr("10.0.0.8");
	fake_route(spoke, "10.0.0.7/32", FAKE_LAN, NULL);
	ask_server(NHRP_RES_UNIQUE);
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
	spoke->iface->conf->unique = false;
	ask_server(NHRP_RES_UNIQUE);
	assert_nak(NHRP_CODE_NOT_UNIQUE);
	ask_server(0);
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
}

/* What a client registered, as it registered it, for the time that is left,
 * by the server that it is registered with.
 */
static void test_registered(void **state)
{
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr("10.0.0.2"),
		.reqid = 5,
		.prefix = 255,
	};
	struct nhrp_self client = {
		.nbma = fake_addr("192.0.2.7"),
		.proto = fake_addr("10.0.0.7"),
		.holdtime = 600,
		.preference = 77,
	};
	const struct nhrp_cie *cie;

	(void)state;
	spoke->iface->conf->server = true;
	nhrp_build_registration_request(&pdu, &client, &reg);
	fake_inject(spoke, "192.0.2.7", &pdu);
	fake_advance(net, 100000);
	ask_server(NHRP_RES_ROUTER | NHRP_RES_SRC_STABLE);
	assert_int_equal(pdu.flags, NHRP_RES_ROUTER | NHRP_RES_SRC_STABLE |
			 NHRP_RES_AUTHORITATIVE | NHRP_RES_DST_STABLE);
	cie = &pdu.cie[0];
	assert_int_equal(cie->code, NHRP_CODE_OK);
	assert_in_range(cie->holdtime, 498, 500);
	assert_int_equal(cie->preference, 77);
	assert_true(nh_addr_equal(&cie->nbma, &client.nbma));
	assert_true(nh_addr_equal(&cie->proto, &client.proto));
	/* Once it has ended there is nothing to tell: others are asked. */
	fake_advance(net, 501000);
	nhrp_build_resolution_request(&pdu, &egress, &client.proto, 32, 0);
	fake_inject(spoke, "192.0.2.3", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
}

/* The prefix told is no wider than the requester takes, and holds as long as
 * the route around it.
 */
static void test_bounded(void **state)
{
	static const uint8_t bound[][2] = {
		{ 0, 16 }, { 255, 16 }, { 32, 16 }, { 8, 16 }, { 16, 16 },
		{ 17, 17 }, { 24, 24 }, { 31, 31 },
	};
	struct nh_addr dst = fake_addr("10.2.7.7");
	size_t i;

	(void)state;
	fake_route(spoke, "10.2.0.0/16", FAKE_LAN, NULL);
	for (i = 0; i < sizeof(bound) / sizeof(bound[0]); i++) {
		nhrp_build_resolution_request(&pdu, &egress, &dst, 31, 0);
		pdu.cie[0].prefix = bound[i][0];
		fake_inject(spoke, "192.0.2.3", &pdu);
		fake_last(net, &pdu);
		assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
		assert_int_equal(pdu.cie[0].prefix, bound[i][1]);
	}
	/* Without a CIE nothing is asked of it. */
	nhrp_build_resolution_request(&pdu, &egress, &dst, 31, 0);
	pdu.ncie = 0;
	fake_inject(spoke, "192.0.2.3", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.cie[0].prefix, 16);

	nh_routes_changed(&spoke->ifaces, NULL);
	fake_advance(net, 2000);
	assert_int_equal(spoke->iface->stats.out[NHRP_PURGE_REQUEST], 0);
	spoke->nroute--;
	nh_routes_changed(&spoke->ifaces, NULL);
	fake_advance(net, 200);
	assert_true(spoke->iface->stats.out[NHRP_PURGE_REQUEST] > 0);
}

/* A request's CIE says how wide the answer may be, and nothing else; and of
 * whom it is from nothing is kept but that it was answered.
 */
static void test_request_cie(void **state)
{
	struct nh_addr dst = fake_addr("10.2.7.7");
	struct nhrp_cie *cie = &pdu.cie[0];
	size_t n = spoke->nentry;

	(void)state;
	fake_route(spoke, "10.2.0.0/16", FAKE_LAN, NULL);
	nhrp_build_resolution_request(&pdu, &egress, &dst, 31,
				      NHRP_RES_SRC_STABLE);
	cie->code = NHRP_CODE_RESOURCES;
	cie->unused = 0xbeef;
	cie->preference = 9;
	cie->holdtime = 0;
	cie->nbma = fake_addr("192.0.2.77");
	cie->proto = fake_addr("10.0.0.77");
	fake_inject(spoke, "192.0.2.3", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.ncie, 1);
	assert_int_equal(cie->code, NHRP_CODE_OK);
	assert_int_equal(cie->unused, 0);
	assert_int_equal(cie->prefix, 16);
	assert_int_equal(cie->holdtime, spoke->iface->conf->holdtime);
	assert_true(nh_addr_equal(&cie->nbma, &spoke->nbma));
	assert_true(nh_addr_equal(&cie->proto,
				  &spoke->iface->conf->addr[0].addr));
	assert_int_equal(spoke->nentry, n);
	assert_int_equal(spoke->iface->told.n, 1);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_answers),
		T(test_answers_limited),
		T(test_unique),
		T(test_registered),
		T(test_bounded),
		T(test_request_cie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
