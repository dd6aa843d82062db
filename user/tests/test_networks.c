// SPDX-License-Identifier: GPL-2.0-or-later
/* Networks that clients register: what a hub accepts, and answers by it. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nhrp/nat.h"
#include "tests/fake.h"

#define TUNNEL \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\n" \
	"Address=fd00::1/64\nProtection=none\n"
#define MAPS \
	"[Map]\nPrefix=10.1.100.0/24\nNbma=192.0.2.200\n" \
	"[Map]\nPrefix=10.1.7.77/32\nNbma=192.0.2.200\n"
#define HUB \
	TUNNEL "[NHRP]\nMaxRegistrations=6\n" \
	"AcceptPrefixes=10.1.0.0/16 10.0.0.0/23\n" \
	"AcceptPrefixes=fd01::/32 10.255.0.0/16\n" MAPS

static struct fake_net *net;
static struct fake_node *hub;
static struct nhrp_self client;
static struct nhrp_pdu pdu;
static uint16_t holdtime;

static void be(unsigned int n)
{
	char nbma[32], proto[32];

	snprintf(nbma, sizeof(nbma), "192.0.2.%u", n);
	snprintf(proto, sizeof(proto), "10.0.0.%u", n);
	client = (struct nhrp_self){
		.nbma = fake_addr(nbma),
		.proto = fake_addr(proto),
		.holdtime = 600,
		.nat = true,
	};
}

/* Registers a prefix, as seen from @from or from the client's own address. */
static int submit(const char *text, bool unique, const char *from)
{
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr(client.proto.family == AF_INET ?
				       "10.0.0.1" : "fd00::1"),
		.nhs_nbma = fake_addr("192.0.2.1"),
		.reqid = 77,
		.unique = unique,
		.prefix = 255,
	};
	char nbma[NH_ADDR_STRLEN];
	struct nh_prefix prefix;
	size_t n = net->nsent;

	client.holdtime = holdtime;
	assert_int_equal(nhrp_build_registration_request(&pdu, &client, &reg),
			 0);
	if (text) {
		assert_int_equal(nh_prefix_parse(&prefix, text, NULL), 0);
		pdu.cie[0].nbma = client.nbma;
		pdu.cie[0].proto = prefix.addr;
		pdu.cie[0].prefix = prefix.plen;
	}
	nh_addr_format(&client.nbma, nbma, sizeof(nbma));
	fake_inject(hub, from ? from : nbma, &pdu);
	/* It may be followed by purges. */
	assert_true(net->nsent > n);
	while (fake_last(net, &pdu), pdu.type != NHRP_REGISTRATION_REPLY)
		net->nsent--;
	if (pdu.cie[0].code)
		assert_int_equal(pdu.cie[0].holdtime, 0);
	return pdu.cie[0].code;
}

static int registers(const char *text)
{
	return submit(text, false, NULL);
}

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1", HUB);
	fake_route(hub, "10.0.0.0/8", FAKE_IFINDEX, NULL);
	holdtime = 600;
	be(2);
	assert_int_equal(submit(NULL, true, NULL), NHRP_CODE_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static void is_at(const char *prefix, const char *nbma)
{
	struct dmvpn_nl_entry *e = fake_entry(hub, prefix);
	struct nh_addr addr = fake_addr(nbma);

	assert_non_null(e);
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_REGISTERED);
	assert_true(nh_addr_equal(&e->nbma, &addr));
}

static void test_accepted(void **state)
{
	struct dmvpn_nl_entry *e;

	(void)state;
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_OK);
	assert_int_equal(pdu.cie[0].holdtime, 600);
	assert_int_equal(pdu.cie[0].prefix, 24);
	is_at("10.1.2.0/24", "192.0.2.2");
	e = fake_entry(hub, "10.1.2.0/24");
	assert_true(nh_addr_equal(&e->protocol, &client.proto));
	assert_int_equal(e->flags, 0);
	/* An address that is not of the tunnel is a network of one. */
	assert_int_equal(submit("10.255.0.2/32", true, NULL), NHRP_CODE_OK);
	assert_int_equal(fake_entry(hub, "10.255.0.2/32")->flags,
			 DMVPN_ENTRY_FLAGS_UNIQUE);
	/* Renewed, then to its end. */
	fake_advance(net, 400000);
	submit(NULL, true, NULL);
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_OK);
	fake_advance(net, 400000);
	is_at("10.1.2.0/24", "192.0.2.2");
	assert_null(fake_entry(hub, "10.255.0.2/32"));
	fake_advance(net, 201000);
	assert_null(fake_entry(hub, "10.1.2.0/24"));
}

/* The other family, by the client's address of it. */
static void test_ipv6(void **state)
{
	(void)state;
	client.proto = fake_addr("fd00::2");
	assert_int_equal(registers("fd01:0:2::/48"), NHRP_CODE_PROHIBITED);
	assert_int_equal(submit(NULL, true, NULL), NHRP_CODE_OK);
	assert_int_equal(registers("fd01:0:2::/48"), NHRP_CODE_OK);
	is_at("fd01:0:2::/48", "192.0.2.2");
	assert_int_equal(registers("fd02::/48"), NHRP_CODE_PROHIBITED);
}

static void test_refused(void **state)
{
	static const char *const wrong[] = {
		"10.2.0.0/24",		/* in no range */
		"10.0.0.0/15",		/* half of it is */
		"10.0.0.0/24",		/* the tunnel's subnet */
		"10.0.0.128/25",	/* a part of it */
		"10.0.0.0/23",		/* and what takes it in */
		"10.1.100.0/24",	/* configured */
		"10.1.100.128/25",	/* a part of that */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (registers(wrong[i]) != NHRP_CODE_PROHIBITED)
			fail_msg("%s", wrong[i]);
		if (i != 5)
			assert_null(fake_entry(hub, wrong[i]));
	}
	/* Unique is what one host has. */
	assert_int_equal(submit("10.1.2.0/24", true, NULL),
			 NHRP_CODE_PROHIBITED);
	assert_int_equal(hub->iface->stats.count[NH_C_REFUSED], i + 1);
	/* Who is no client has no networks: nobody, or somebody elsewhere. */
	be(3);
	assert_int_equal(registers("10.1.3.0/24"), NHRP_CODE_PROHIBITED);
	be(2);
	assert_int_equal(submit("10.1.3.0/24", false, "192.0.2.3"),
			 NHRP_CODE_PROHIBITED);
	hub->fail_entry_get = -ENOBUFS;
	assert_int_not_equal(registers("10.1.2.0/24"), NHRP_CODE_OK);
	hub->fail_entry_get = 0;
	assert_null(fake_entry(hub, "10.1.2.0/24"));
}

/* Without a range there are none, and hosts are as they were. */
static void test_none_by_default(void **state)
{
	(void)state;
	hub->iface->conf->accept.n = 0;
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_PROHIBITED);
	assert_int_equal(submit(NULL, true, NULL), NHRP_CODE_OK);
}

/* Who has a network keeps it, with all of its parts, while it lives. */
static void test_held(void **state)
{
	(void)state;
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_OK);
	assert_int_equal(submit("10.255.0.2/32", true, NULL), NHRP_CODE_OK);
	be(3);
	assert_int_equal(submit(NULL, true, NULL), NHRP_CODE_OK);
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_PROHIBITED);
	assert_int_equal(registers("10.1.2.128/25"), NHRP_CODE_PROHIBITED);
	assert_int_equal(registers("10.1.2.9/32"), NHRP_CODE_PROHIBITED);
	assert_int_equal(registers("10.255.0.2/32"),
			 NHRP_CODE_ALREADY_REGISTERED);
	is_at("10.1.2.0/24", "192.0.2.2");
	/* Nor can he take it back for him. */
	holdtime = 0;
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_PROHIBITED);
	holdtime = 600;
	is_at("10.1.2.0/24", "192.0.2.2");
	/* A wider one takes nothing from it. */
	assert_int_equal(registers("10.1.0.0/16"), NHRP_CODE_OK);
	be(2);
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_OK);
	assert_int_equal(registers("10.1.4.0/24"), NHRP_CODE_PROHIBITED);
	be(3);
	fake_advance(net, 601000);
	submit(NULL, true, NULL);
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_OK);
}

static void test_taken_back(void **state)
{
	struct nh_addr dst = fake_addr("10.0.0.1");
	struct nh_prefix prefix;

	(void)state;
	registers("10.1.2.0/24");
	holdtime = 0;
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_OK);
	assert_null(fake_entry(hub, "10.1.2.0/24"));
	holdtime = 600;
	registers("10.1.2.0/24");
	nh_prefix_parse(&prefix, "10.1.2.0/24", NULL);
	nhrp_build_purge_request(&pdu, &client, &dst, 99, 0);
	nhrp_build_purge_add(&pdu, &prefix, NULL);
	fake_inject(hub, "192.0.2.3", &pdu);
	is_at("10.1.2.0/24", "192.0.2.2");
	fake_inject(hub, "192.0.2.2", &pdu);
	assert_null(fake_entry(hub, "10.1.2.0/24"));
	assert_non_null(fake_entry(hub, "10.0.0.2/32"));
}

static void test_limit(void **state)
{
	char text[32];
	int i;

	(void)state;
	for (i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "10.1.%d.0/24", i);
		assert_int_equal(registers(text), NHRP_CODE_OK);
	}
	assert_int_equal(registers("10.1.9.0/24"), NHRP_CODE_RESOURCES);
	assert_int_equal(registers("10.1.4.0/24"), NHRP_CODE_OK);
}

/* Asks the hub as client 9; the reply is in pdu. */
static void ask(const char *dst)
{
	struct nh_addr addr = fake_addr(dst);

	be(9);
	nhrp_build_resolution_request(&pdu, &client, &addr, 5, 0);
	fake_inject(hub, "192.0.2.9", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REPLY);
}

static void told(const char *prefix, const char *nbma, const char *proto)
{
	struct nh_addr a = fake_addr(nbma), b = fake_addr(proto);
	struct nh_prefix want, got;

	nh_prefix_parse(&want, prefix, NULL);
	nh_prefix_make(&got, &pdu.dst_proto, pdu.cie[0].prefix);
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
	assert_true(nh_prefix_equal(&want, &got));
	assert_true(nh_addr_equal(&pdu.cie[0].nbma, &a));
	assert_true(nh_addr_equal(&pdu.cie[0].proto, &b));
}

static void test_answered(void **state)
{
	(void)state;
	registers("10.1.2.0/24");
	ask("10.1.2.5");
	told("10.1.2.0/24", "192.0.2.2", "10.0.0.2");
	assert_int_equal(pdu.cie[0].holdtime, 600);
	ask("10.0.0.2");
	told("10.0.0.2/32", "192.0.2.2", "10.0.0.2");
	/* What nobody registered is nobody's. */
	ask("10.1.3.5");
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_NO_BINDING);
	/* A part of it that is somebody else's: only what was asked for. */
	be(2);
	registers("10.1.7.0/24");
	ask("10.1.7.5");
	told("10.1.7.5/32", "192.0.2.2", "10.0.0.2");
	/* Nor is told what takes in the one who asks. */
	be(2);
	registers("10.1.9.0/24");
	client.proto = fake_addr("10.1.9.9");
	nhrp_build_resolution_request(&pdu, &client, &(struct nh_addr){
				      AF_INET, 4, { 10, 1, 9, 1 } }, 5, 0);
	fake_inject(hub, "192.0.2.9", &pdu);
	fake_last(net, &pdu);
	told("10.1.9.1/32", "192.0.2.2", "10.0.0.2");
	/* Found again when it is a part no more. */
	fake_kill(hub);
	fake_start(hub, TUNNEL "[NHRP]\nAcceptPrefixes=10.1.0.0/16\n");
	ask("10.1.7.5");
	told("10.1.7.0/24", "192.0.2.2", "10.0.0.2");
}

static void ask_client(const char *dst)
{
	struct nh_addr addr = fake_addr(dst);

	nhrp_build_resolution_request(&pdu, &client, &addr, 5,
				      NHRP_RES_AUTHORITATIVE);
	fake_inject(hub, "192.0.2.9", &pdu);
	fake_last(net, &pdu);
}

/* Without an answer from the cache, the request goes to the client. */
static void test_forwarded(void **state)
{
	struct nh_addr addr = fake_addr("192.0.2.2");

	(void)state;
	registers("10.1.2.0/24");
	be(9);
	ask_client("10.1.2.5");
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
	assert_true(nh_addr_equal(&net->sent[net->nsent - 1].to, &addr));
}

/* What was not found before the network was registered does not keep the
 * request from the client, as it does not keep packets.
 */
static void test_forwarded_past_negative(void **state)
{
	struct nh_addr addr = fake_addr("192.0.2.2");

	(void)state;
	fake_put(hub, "10.1.2.5/32", DMVPN_ENTRY_TYPE_NEGATIVE, NULL);
	be(9);
	ask_client("10.1.2.5");
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_NO_BINDING);
	be(2);
	registers("10.1.2.0/24");
	be(9);
	ask_client("10.1.2.5");
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
	assert_true(nh_addr_equal(&net->sent[net->nsent - 1].to, &addr));
	/* A network that leads nowhere is none, but hides others. */
	fake_put(hub, "10.1.2.0/28", DMVPN_ENTRY_TYPE_NEGATIVE, NULL);
	ask_client("10.1.2.5");
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_NO_BINDING);
}

static void test_behind_nat(void **state)
{
	struct nh_addr seen, proto = fake_addr("10.0.0.2");

	(void)state;
	client.nbma = fake_addr("172.20.0.5");
	submit(NULL, true, "192.0.2.2");
	assert_int_equal(submit("10.1.2.0/24", false, "192.0.2.2"),
			 NHRP_CODE_OK);
	ask("10.1.2.5");
	told("10.1.2.0/24", "172.20.0.5", "10.0.0.2");
	assert_true(nhrp_nat_lookup(&pdu, &proto, &seen));
	proto = fake_addr("192.0.2.2");
	assert_true(nh_addr_equal(&seen, &proto));
}

/* To another NBMA address they go with the client, and who was told hears. */
static void test_moved(void **state)
{
	(void)state;
	submit(NULL, false, NULL);
	registers("10.1.2.0/24");
	registers("10.1.3.0/24");
	submit("10.255.0.2/32", true, NULL);
	ask("10.1.2.5");
	be(2);
	client.nbma = fake_addr("192.0.2.66");
	assert_int_equal(submit(NULL, false, NULL), NHRP_CODE_OK);
	is_at("10.0.0.2/32", "192.0.2.66");
	is_at("10.1.2.0/24", "192.0.2.66");
	is_at("10.1.3.0/24", "192.0.2.66");
	assert_int_equal(fake_entry(hub, "10.1.3.0/24")->holding_time, 600);
	/* What is unique waits for its end, as it does for all others. */
	is_at("10.255.0.2/32", "192.0.2.2");
	assert_true(fake_peer(hub, "192.0.2.2")->mcast);
	assert_true(fake_peer(hub, "192.0.2.66")->mcast);
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_OK);
	/* The old place has no say any more. */
	assert_int_equal(submit("10.1.2.0/24", false, "192.0.2.2"),
			 NHRP_CODE_PROHIBITED);
}

/* Nor do more come along than one peer may have. */
static void test_moved_limit(void **state)
{
	char text[32];
	int i, there = 0;

	(void)state;
	submit(NULL, false, NULL);
	for (i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "10.1.%d.0/24", i);
		registers(text);
	}
	be(3);
	submit(NULL, true, NULL);
	for (i = 5; i < 8; i++) {
		snprintf(text, sizeof(text), "10.1.%d.0/24", i);
		registers(text);
	}
	/* Who may take the address takes what it has room for. */
	client.proto = fake_addr("10.0.0.2");
	assert_int_equal(submit(NULL, false, NULL), NHRP_CODE_OK);
	assert_int_equal(fake_peer(hub, "192.0.2.3")->entries, 6);
	for (i = 0; i < 5; i++) {
		snprintf(text, sizeof(text), "10.1.%d.0/24", i);
		there += nh_addr_equal(&fake_entry(hub, text)->nbma,
				       &client.nbma);
	}
	assert_int_equal(there, 1);
}

/* Who was told of a network that moves is told of that. */
static void test_moved_is_told(void **state)
{
	struct nh_addr asker = fake_addr("192.0.2.9");
	struct nh_prefix network;
	size_t i, n, purges = 0;
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr("10.0.0.1"),
		.reqid = 78,
		.prefix = 255,
	};

	(void)state;
	nh_prefix_parse(&network, "10.1.2.0/24", NULL);
	submit(NULL, false, NULL);
	registers("10.1.2.0/24");
	ask("10.1.2.5");
	be(2);
	client.nbma = fake_addr("192.0.2.66");
	nhrp_build_registration_request(&pdu, &client, &reg);
	n = net->nsent;
	fake_inject(hub, "192.0.2.66", &pdu);
	for (i = n; i < net->nsent; i++) {
		struct nhrp_refusal why;

		assert_true(nhrp_pdu_parse(&pdu, net->sent[i].octets,
					   net->sent[i].len, &why));
		purges += pdu.type == NHRP_PURGE_REQUEST &&
			  nh_addr_equal(&net->sent[i].to, &asker) &&
			  nh_addr_equal(&pdu.cie[0].proto, &network.addr) &&
			  pdu.cie[0].prefix == 24;
	}
	assert_int_equal(purges, 1);
}

/* A daemon that is started anew knows them, and an old range's no more. */
static void test_restart(void **state)
{
	(void)state;
	registers("10.1.2.0/24");
	submit("10.255.0.0/24", false, NULL);
	fake_kill(hub);
	assert_int_equal(fake_start(hub, HUB), 0);
	is_at("10.1.2.0/24", "192.0.2.2");
	ask("10.1.2.5");
	told("10.1.2.0/24", "192.0.2.2", "10.0.0.2");
	be(2);
	assert_int_equal(registers("10.1.2.0/24"), NHRP_CODE_OK);
	assert_int_equal(nh_iface_reload(hub->iface, fake_conf(TUNNEL
		"[NHRP]\nAcceptPrefixes=10.255.0.0/16\n" MAPS)), 0);
	assert_null(fake_entry(hub, "10.1.2.0/24"));
	is_at("10.255.0.0/24", "192.0.2.2");
	/* Who was told of it is told of that. */
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REQUEST);
	fake_kill(hub);
	assert_int_equal(fake_start(hub, TUNNEL), 0);
	assert_null(fake_entry(hub, "10.255.0.0/24"));
	assert_non_null(fake_entry(hub, "10.0.0.2/32"));
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_accepted),
		T(test_ipv6),
		T(test_refused),
		T(test_none_by_default),
		T(test_held),
		T(test_taken_back),
		T(test_limit),
		T(test_answered),
		T(test_forwarded),
		T(test_forwarded_past_negative),
		T(test_behind_nat),
		T(test_moved),
		T(test_moved_limit),
		T(test_moved_is_told),
		T(test_restart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
