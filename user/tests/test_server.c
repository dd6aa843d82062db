// SPDX-License-Identifier: GPL-2.0-or-later
/* Registrations of clients, purges, errors: what a hub accepts and refuses. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "lib/log.h"
#include "nhrp/indication.h"
#include "nhrp/nat.h"
#include "tests/fake.h"
#include "tests/fake_kernel.h"

#define HUB \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\n" \
	"Address=fd00::1/64\nProtection=none\n" \
	"[NHRP]\nAuthentication=cisco123\n" \
	"[Map]\nPrefix=10.0.0.200/32\nNbma=192.0.2.200\n"

static struct fake_net *net;
static struct fake_node *hub;
static struct nhrp_self client;
static struct nhrp_pdu pdu;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1", HUB);
	fake_route(hub, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	client = (struct nhrp_self){
		.nbma = fake_addr("192.0.2.2"),
		.proto = fake_addr("10.0.0.2"),
		.holdtime = 600,
		.auth = &hub->iface->conf->auth,
		.nat = true,
	};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static void request(bool unique)
{
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr("10.0.0.1"),
		.nhs_nbma = fake_addr("192.0.2.1"),
		.reqid = 77,
		.unique = unique,
		.prefix = 255,
	};

	if (client.proto.family == AF_INET6)
		reg.nhs_proto = fake_addr("fd00::1");
	assert_int_equal(nhrp_build_registration_request(&pdu, &client, &reg),
			 0);
}

/* Sends @pdu; the code of the reply, -1 without one. Leaves the reply there. */
static int submit(const char *from)
{
	size_t n = net->nsent;

	fake_inject(hub, from, &pdu);
	if (net->nsent == n)
		return -1;
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REPLY);
	assert_int_equal(pdu.reqid, 77);
	if (pdu.cie[0].code)
		assert_int_equal(pdu.cie[0].holdtime, 0);
	return pdu.cie[0].code;
}

static void test_accepted(void **state)
{
	struct dmvpn_nl_entry *e;

	(void)state;
	request(true);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	assert_int_equal(pdu.cie[0].holdtime, 600);
	e = fake_entry(hub, "10.0.0.2/32");
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_REGISTERED);
	assert_int_equal(e->flags, DMVPN_ENTRY_FLAGS_UNIQUE);
	assert_false(nh_addr_is_set(&e->claimed));
	assert_int_equal(e->holding_time, 600);
	assert_true(fake_peer(hub, "192.0.2.2")->mcast);
	/* Again, without unique. */
	request(false);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	assert_int_equal(fake_entry(hub, "10.0.0.2/32")->flags, 0);
}

static void test_unique(void **state)
{
	(void)state;
	request(true);
	submit("192.0.2.2");
	/* Another place claims the address. */
	client.nbma = fake_addr("192.0.2.3");
	request(true);
	assert_int_equal(submit("192.0.2.3"), NHRP_CODE_ALREADY_REGISTERED);
	request(false);
	assert_int_equal(submit("192.0.2.3"), NHRP_CODE_ALREADY_REGISTERED);
	assert_true(nh_addr_equal(&fake_entry(hub, "10.0.0.2/32")->nbma,
				  &(struct nh_addr){ AF_INET, 4,
						     { 192, 0, 2, 2 } }));
	/* A claimed address does not help: the outer one counts. */
	client.nbma = fake_addr("192.0.2.2");
	request(true);
	assert_int_equal(submit("192.0.2.3"), NHRP_CODE_ALREADY_REGISTERED);
	/* When it has ended, the address is free. */
	fake_advance(net, 601000);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	client.nbma = fake_addr("192.0.2.3");
	request(true);
	assert_int_equal(submit("192.0.2.3"), NHRP_CODE_OK);
}

/* Without unique the address moves, and who was told of it hears that. */
/* What the kernel does not tell now may be another client's, or configured. */
static void test_unreadable(void **state)
{
	(void)state;
	request(true);
	submit("192.0.2.2");
	client.nbma = fake_addr("192.0.2.3");
	hub->fail_entry_get = -ENOBUFS;
	request(true);
	assert_int_equal(submit("192.0.2.3"), NHRP_CODE_RESOURCES);
	hub->fail_entry_get = 0;
	assert_true(nh_addr_equal(&fake_entry(hub, "10.0.0.2/32")->nbma,
				  &fake_peer(hub, "192.0.2.2")->nbma));
}

static void test_moves(void **state)
{
	size_t n;

	(void)state;
	request(false);
	submit("192.0.2.2");
	client.nbma = fake_addr("192.0.2.5");
	client.proto = fake_addr("10.0.0.5");
	nhrp_build_resolution_request(&pdu, &client,
				      &(struct nh_addr){ AF_INET, 4,
							 { 10, 0, 0, 2 } },
				      5, 0);
	fake_inject(hub, "192.0.2.5", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REPLY);
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
	client.nbma = fake_addr("192.0.2.3");
	client.proto = fake_addr("10.0.0.2");
	request(false);
	n = net->nsent;
	fake_inject(hub, "192.0.2.3", &pdu);
	assert_int_equal(net->nsent, n + 2);
	net->nsent--;
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REQUEST);
	assert_true(nh_addr_equal(&net->sent[n].to,
				  &(struct nh_addr){ AF_INET, 4,
						     { 192, 0, 2, 5 } }));
	assert_false(fake_peer(hub, "192.0.2.2")->mcast);
	assert_true(fake_peer(hub, "192.0.2.3")->mcast);
}

static void expect(const char *proto, int code)
{
	client.proto = fake_addr(proto);
	request(true);
	assert_int_equal(submit("192.0.2.2"), code);
}

static void test_addresses(void **state)
{
	(void)state;
	expect("10.0.0.1", NHRP_CODE_PROHIBITED);	/* our own */
	expect("10.0.0.200", NHRP_CODE_PROHIBITED);	/* configured */
	expect("10.0.1.2", NHRP_CODE_PROHIBITED);	/* not of the subnet */
	expect("224.0.0.5", NHRP_CODE_PROHIBITED);
	expect("127.0.0.1", NHRP_CODE_PROHIBITED);
	expect("10.0.0.3", NHRP_CODE_OK);
	client.proto = fake_addr("fd00::3");
	request(true);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	assert_non_null(fake_entry(hub, "fd00::3/128"));
	client.proto = fake_addr("fd01::3");
	request(true);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_PROHIBITED);
	assert_int_equal(hub->iface->stats.count[NH_C_REFUSED], 6);
}

/* Newer IOS: the link-local address in the CIE, the global one outside. */
static void test_link_local(void **state)
{
	(void)state;
	client.proto = fake_addr("fd00::4");
	client.link_local = fake_addr("fe80::4");
	request(true);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	assert_non_null(fake_entry(hub, "fd00::4/128"));
	assert_non_null(fake_entry(hub, "fe80::4/128"));
}

static void test_prefixes(void **state)
{
	static const uint8_t hosts[] = { 0, 32, 255 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(hosts); i++) {
		request(true);
		pdu.cie[0].prefix = hosts[i];
		assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	}
	request(false);
	pdu.cie[0].prefix = 24;
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_PROHIBITED);
	assert_null(fake_entry(hub, "10.0.0.0/24"));
}

/* Unique, and yet several: the packet does not fit its own words. */
static void test_two_cies(void **state)
{
	struct nhrp_cie second;

	(void)state;
	request(true);
	second = pdu.cie[0];
	second.proto = fake_addr("10.0.0.77");
	nhrp_pdu_add_cie(&pdu, &second);
	fake_inject(hub, "192.0.2.2", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.ind_code, NHRP_ERR_PROTOCOL);
	assert_null(fake_entry(hub, "10.0.0.77/32"));
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	request(false);
	nhrp_pdu_add_cie(&pdu, &second);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	assert_non_null(fake_entry(hub, "10.0.0.77/32"));
	assert_non_null(fake_entry(hub, "10.0.0.2/32"));
	/* Each of them has an answer of its own. */
	request(false);
	second.proto = fake_addr("10.0.1.77");
	nhrp_pdu_add_cie(&pdu, &second);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	assert_int_equal(pdu.cie[0].holdtime, 600);
	assert_int_equal(pdu.cie[1].code, NHRP_CODE_PROHIBITED);
	assert_int_equal(pdu.cie[1].holdtime, 0);
}

static void test_nat(void **state)
{
	struct nh_addr seen;
	struct dmvpn_nl_entry *e;

	(void)state;
	client.nbma = fake_addr("172.20.0.5");
	request(true);
	assert_int_equal(submit("192.0.2.66"), NHRP_CODE_OK);
	assert_int_equal(net->sent[net->nsent - 1].len, 148);
	assert_true(nhrp_nat_lookup(&pdu, &client.proto, &seen));
	assert_true(nh_addr_equal(&seen, &net->sent[net->nsent - 1].to));
	e = fake_entry(hub, "10.0.0.2/32");
	assert_true(e->flags & DMVPN_ENTRY_FLAGS_NAT);
	assert_true(nh_addr_equal(&e->nbma, &seen));
	assert_true(nh_addr_equal(&e->claimed, &client.nbma));

	/* Told to one that knows NAT: both addresses. */
	client.nbma = fake_addr("192.0.2.5");
	client.proto = fake_addr("10.0.0.5");
	nhrp_build_resolution_request(&pdu, &client, &e->prefix.addr, 5, 0);
	fake_inject(hub, "192.0.2.5", &pdu);
	fake_last(net, &pdu);
	assert_true(nh_addr_equal(&pdu.cie[0].nbma, &e->claimed));
	assert_true(nhrp_nat_lookup(&pdu, &e->prefix.addr, &seen));
	assert_true(nh_addr_equal(&seen, &e->nbma));
	/* To one that does not, the address that works. */
	client.nat = false;
	nhrp_build_resolution_request(&pdu, &client, &e->prefix.addr, 6, 0);
	fake_inject(hub, "192.0.2.5", &pdu);
	fake_last(net, &pdu);
	assert_true(nh_addr_equal(&pdu.cie[0].nbma, &e->nbma));
}

static void test_hold_times(void **state)
{
	(void)state;
	client.holdtime = 65535;
	request(true);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	assert_int_equal(pdu.cie[0].holdtime, NH_HOLD_MAX);
	assert_int_equal(fake_entry(hub, "10.0.0.2/32")->holding_time,
			 NH_HOLD_MAX);
	/* 0 takes it back, but only for its owner. */
	client.holdtime = 0;
	request(true);
	assert_int_equal(submit("192.0.2.3"), NHRP_CODE_PROHIBITED);
	assert_non_null(fake_entry(hub, "10.0.0.2/32"));
	request(true);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	assert_false(fake_peer(hub, "192.0.2.2")->mcast);
}

static void test_refusals_of_ours(void **state)
{
	(void)state;
	hub->fail_entry_set = -ENOSPC;
	request(true);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_RESOURCES);
	hub->fail_entry_set = 0;
	hub->iface->conf->server = false;
	request(true);
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_PROHIBITED);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
}

/* Addressed to itself: a client that does not know the server's address. */
static void test_destination(void **state)
{
	(void)state;
	request(true);
	pdu.dst_proto = client.proto;
	assert_int_equal(submit("192.0.2.2"), NHRP_CODE_OK);
	request(true);
	pdu.dst_proto = fake_addr("10.0.0.99");
	fake_inject(hub, "192.0.2.2", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.ind_code, NHRP_ERR_UNREACHABLE);
}

static void test_authentication(void **state)
{
	struct nhrp_auth wrong;

	(void)state;
	nhrp_auth_init(&wrong, "cisco12");
	client.auth = &wrong;
	request(true);
	fake_inject(hub, "192.0.2.2", &pdu);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.ind_code, NHRP_ERR_AUTH);
	assert_int_equal(net->nsent, 1);
	/* One a second to a peer. */
	client.auth = NULL;
	request(true);
	fake_inject(hub, "192.0.2.2", &pdu);
	assert_int_equal(net->nsent, 1);
	fake_inject(hub, "192.0.2.3", &pdu);
	assert_int_equal(net->nsent, 2);
	nh_loop_advance(net->loop, 1000);
	fake_inject(hub, "192.0.2.2", &pdu);
	assert_int_equal(net->nsent, 3);
	assert_int_equal(hub->iface->stats.count[NH_C_AUTH_FAILED], 4);
	/* An Error Indication is never answered with one. */
	fake_last(net, &pdu);
	nh_loop_advance(net->loop, 5000);
	fake_inject(hub, "192.0.2.2", &pdu);
	assert_int_equal(net->nsent, 3);
}

static void test_unknown_compulsory(void **state)
{
	struct nhrp_ext *ext;

	(void)state;
	request(true);
	ext = nhrp_ext_insert(&pdu, 0x77);
	ext->head |= NHRP_EXT_COMPULSORY;
	fake_inject(hub, "192.0.2.2", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.ind_code, NHRP_ERR_UNRECOGNIZED_EXT);
	assert_true(pdu.ind_offset > 0);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
}

static void purge(const char *prefix, const char *src, uint16_t flags)
{
	struct nh_prefix p;
	struct nh_addr dst = fake_addr("10.0.0.1");

	nh_prefix_parse(&p, prefix, NULL);
	client.proto = fake_addr(src);
	nhrp_build_purge_request(&pdu, &client, &dst, 99, flags);
	nhrp_build_purge_add(&pdu, &p, NULL);
}

static void test_purge(void **state)
{
	size_t n;

	(void)state;
	request(true);
	submit("192.0.2.2");
	/* Not by another one, but with a reply all the same. */
	purge("10.0.0.2/32", "10.0.0.3", 0);
	n = net->nsent;
	fake_inject(hub, "192.0.2.3", &pdu);
	assert_non_null(fake_entry(hub, "10.0.0.2/32"));
	assert_int_equal(hub->iface->stats.count[NH_C_NOT_TRUSTED], 1);
	assert_int_equal(net->nsent, n + 1);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REPLY);
	assert_int_equal(pdu.reqid, 99);
	/* Static entries are nobody's. */
	purge("10.0.0.200/32", "10.0.0.2", 0);
	fake_inject(hub, "192.0.2.200", &pdu);
	assert_non_null(fake_entry(hub, "10.0.0.200/32"));
	purge("10.0.0.2/32", "10.0.0.2", NHRP_PURGE_NO_REPLY);
	n = net->nsent;
	fake_inject(hub, "192.0.2.2", &pdu);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	assert_int_equal(net->nsent, n);
	/* Nothing matches: still a reply. */
	purge("10.0.0.2/32", "10.0.0.2", 0);
	fake_inject(hub, "192.0.2.2", &pdu);
	assert_int_equal(net->nsent, n + 1);
}

/* A purge need not say where its sender is, over IPv6 either. */
static void test_purge_without_nbma(void **state)
{
	struct nh_prefix prefix;

	(void)state;
	hub = fake_node(net, "2001:db8::1",
			"[Tunnel]\nSource=2001:db8::1\nAddress=10.0.0.1/24\n"
			"Protection=none\n");
	fake_put(hub, "10.0.0.2/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 "2001:db8::2");
	client.nbma = fake_addr("2001:db8::2");
	client.auth = NULL;
	nh_prefix_parse(&prefix, "10.0.0.2/32", NULL);
	nhrp_build_purge_request(&pdu, &client,
				 &hub->iface->conf->addr[0].addr, 99, 0);
	nhrp_build_purge_add(&pdu, &prefix, NULL);
	pdu.src_nbma = (struct nh_addr){ 0 };
	fake_inject(hub, "2001:db8::2", &pdu);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REPLY);
}

static void test_malformed(void **state)
{
	struct nh_endpoint from = { .nbma = fake_addr("192.0.2.2") };
	uint8_t octets[4] = { 0, 1, 8, 0 };

	(void)state;
	nh_dispatch_packet(hub->iface, octets, sizeof(octets), &from);
	nh_dispatch_packet(hub->iface, octets, 0, &from);
	assert_int_equal(hub->iface->stats.count[NH_C_MALFORMED], 2);
	assert_int_equal(net->nsent, 0);
}

/* One client's flood is no other's loss. */
static void test_flood(void **state)
{
	int i, accepted = 0;

	(void)state;
	for (i = 0; i < 510; i++) {
		net->nsent = 0;
		request(true);
		accepted += submit("192.0.2.2") == NHRP_CODE_OK;
	}
	assert_int_equal(accepted, 500);
	assert_int_equal(hub->iface->stats.count[NH_C_LIMITED], 10);
	client.nbma = fake_addr("192.0.2.3");
	client.proto = fake_addr("10.0.0.3");
	request(true);
	assert_int_equal(submit("192.0.2.3"), NHRP_CODE_OK);
}

static unsigned int lines, told;

static void count_line(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	(void)level;
	lines++;
	told += strstr(line, "left out: 500") ? 1 : 0;
}

/* A flood of rubbish does not fill the disk. */
static void test_log_limited(void **state)
{
	struct nh_endpoint from = { .nbma = fake_addr("192.0.2.2") };
	uint8_t octets[4] = { 0, 1, 8, 0 };
	int i;

	(void)state;
	lines = 0;
	told = 0;
	nh_log_sink(count_line, NULL);
	for (i = 0; i < 1500; i++)
		nh_dispatch_packet(hub->iface, octets, sizeof(octets), &from);
	assert_int_equal(lines, 1000);
	assert_int_equal(hub->iface->stats.count[NH_C_MALFORMED], 1500);
	nh_loop_advance(net->loop, 1000);
	nh_dispatch_packet(hub->iface, octets, sizeof(octets), &from);
	assert_int_equal(lines, 1002);
	assert_int_equal(told, 1);
}

/* Two places behind one address, told apart by the interface of their SAs. */
static void test_moves_by_if_id(void **state)
{
	struct nh_endpoint from = { fake_addr("192.0.2.2"), 5 };
	struct nh_endpoint old = from, now = from;
	uint8_t octets[DMVPN_PACKET_MAX];
	ssize_t len;

	(void)state;
	now.if_id = 6;
	request(false);
	len = nhrp_pdu_encode(&pdu, octets, sizeof(octets));
	nh_dispatch_packet(hub->iface, octets, (size_t)len, &from);
	assert_true(fake_kernel_peer(hub, &old, false)->mcast);
	nh_dispatch_packet(hub->iface, octets, (size_t)len, &now);
	assert_int_equal(fake_entry(hub, "10.0.0.2/32")->if_id, 6);
	assert_true(fake_kernel_peer(hub, &now, false)->mcast);
	assert_false(fake_kernel_peer(hub, &old, false)->mcast);
}

/* Multicast ends with the client's last entry. */
static void test_multicast_ends(void **state)
{
	(void)state;
	request(true);
	submit("192.0.2.2");
	client.proto = fake_addr("fd00::3");
	client.holdtime = 1200;
	request(true);
	submit("192.0.2.2");
	fake_advance(net, 601000);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	assert_true(fake_peer(hub, "192.0.2.2")->mcast);
	fake_advance(net, 600000);
	assert_false(fake_peer(hub, "192.0.2.2")->mcast);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_accepted),
		T(test_unique),
		T(test_unreadable),
		T(test_moves),
		T(test_addresses),
		T(test_link_local),
		T(test_prefixes),
		T(test_two_cies),
		T(test_nat),
		T(test_hold_times),
		T(test_refusals_of_ours),
		T(test_destination),
		T(test_authentication),
		T(test_unknown_compulsory),
		T(test_purge),
		T(test_purge_without_nbma),
		T(test_malformed),
		T(test_flood),
		T(test_log_limited),
		T(test_moves_by_if_id),
		T(test_multicast_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
