// SPDX-License-Identifier: GPL-2.0-or-later
/* What a client registers beside its tunnel address. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "daemon/inets.h"
#include "lib/log.h"
#include "tests/fake.h"

#define HUB(keys) \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\n" \
	"Address=fd00::1/64\nProtection=none\n[NHRP]\n" keys
#define ACCEPT	"AcceptPrefixes=10.1.0.0/16 fd01::/32\n"
#define SPOKE(n, keys) \
	"[Tunnel]\nSource=192.0.2." #n "\nAddress=10.0.0." #n "/24\n" \
	"Protection=none\n[NHRP]\nHoldTime=600\n" keys
#define NHS	"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"
#define NHS6	"[NHS]\nAddress=fd00::1\nNbma=192.0.2.1\n"
#define TWO	"Register=10.1.2.0/24 10.1.20.0/22\n"

static struct fake_net *net;
static struct fake_node *hub, *spoke;
static unsigned int refusals;

static void count(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	refusals += level == NH_LOG_WARNING && strstr(line, "refused") &&
		    strstr(line, "10.1.2.0/24");
}

static void begin(const char *hub_conf, const char *conf)
{
	net = fake_net_new();
	refusals = 0;
	hub = fake_node(net, "192.0.2.1", hub_conf);
	fake_route(hub, "10.0.0.0/8", FAKE_IFINDEX, NULL);
	spoke = fake_node(net, "192.0.2.2", conf);
	fake_deliver(net);
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static const struct nh_nhs *nhs(void)
{
	return LIST_FIRST(&spoke->iface->nhs);
}

/* How many of the packets sent from number @first on are of @type. */
static unsigned int sent(size_t first, enum nhrp_type type)
{
	struct nhrp_refusal why;
	struct nhrp_pdu pdu;
	unsigned int n = 0;

	for (; first < net->nsent; first++) {
		assert_true(nhrp_pdu_parse(&pdu, net->sent[first].octets,
					   net->sent[first].len, &why));
		n += pdu.type == type;
	}
	return n;
}

static void test_registered(void **state)
{
	struct nhrp_refusal why;
	struct nhrp_pdu pdu;

	(void)state;
	begin(HUB(ACCEPT), SPOKE(2, TWO) NHS);
	/* Each by a request of its own, after the address. */
	assert_int_equal(sent(0, NHRP_REGISTRATION_REQUEST), 3);
	assert_true(nhrp_pdu_parse(&pdu, net->sent[2].octets,
				   net->sent[2].len, &why));
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REQUEST);
	assert_int_equal(pdu.flags, NHRP_REG_NAT);
	assert_int_equal(pdu.ncie, 1);
	assert_int_equal(pdu.cie[0].prefix, 24);
	assert_int_equal(pdu.cie[0].holdtime, 600);
	assert_true(nh_addr_equal(&pdu.cie[0].nbma, &spoke->nbma));
	assert_true(nh_addr_equal(&pdu.src_proto,
				  &spoke->iface->conf->addr[0].addr));
	assert_int_equal(fake_entry(hub, "10.1.2.0/24")->type,
			 DMVPN_ENTRY_TYPE_REGISTERED);
	assert_non_null(fake_entry(hub, "10.1.20.0/22"));
	assert_int_equal(nhs()->nextra, 2);
	assert_true(nhs()->extra[0].held && nhs()->extra[1].held);
	/* And renewed like it. */
	fake_advance(net, 2000000);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	assert_non_null(fake_entry(hub, "10.1.2.0/24"));
	assert_non_null(fake_entry(hub, "10.1.20.0/22"));
}

/* A network belongs to the family of its server. */
static void test_families(void **state)
{
	(void)state;
	begin(HUB(ACCEPT), "[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
	      "Address=fd00::2/64\nProtection=none\n"
	      "[NHRP]\nRegister=10.1.2.0/24 fd01:0:2::/48\n" NHS NHS6);
	assert_int_equal(nhs()->nextra, 1);
	assert_int_equal(LIST_NEXT(nhs(), link)->nextra, 1);
	assert_non_null(fake_entry(hub, "10.1.2.0/24"));
	assert_non_null(fake_entry(hub, "fd01:0:2::/48"));
	assert_non_null(fake_entry(hub, "fd00::2/128"));
}

/* A server that takes no networks has the address all the same; said once. */
static void test_refused(void **state)
{
	size_t n;

	(void)state;
	begin(HUB(""), SPOKE(2, TWO) NHS);
	nh_log_sink(count, NULL);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	assert_non_null(fake_entry(hub, "10.0.0.2/32"));
	assert_null(fake_entry(hub, "10.1.2.0/24"));
	assert_false(nhs()->extra[0].held);
	assert_true(nhs()->extra[0].answered);
	assert_int_equal(nhs()->extra[0].code, NHRP_CODE_PROHIBITED);
	assert_int_equal(nhs()->code, NHRP_CODE_OK);
	/* Asked again with the next registration. */
	n = net->nsent;
	fake_advance(net, 150000);
	assert_int_equal(net->nsent, n);
	fake_advance(net, 850000);
	assert_in_range(sent(n, NHRP_REGISTRATION_REQUEST), 12, 18);
	assert_int_equal(refusals, 0);
	/* It changes its mind, and changes it back. */
	assert_int_equal(nh_iface_reload(hub->iface, fake_conf(HUB(ACCEPT))),
			 0);
	fake_advance(net, 221000);
	assert_true(nhs()->extra[0].held);
	assert_non_null(fake_entry(hub, "10.1.2.0/24"));
	assert_int_equal(nh_iface_reload(hub->iface, fake_conf(HUB(""))), 0);
	assert_null(fake_entry(hub, "10.1.2.0/24"));
	fake_advance(net, 500000);
	assert_false(nhs()->extra[0].held);
	assert_int_equal(refusals, 1);
	assert_int_equal(nhs()->state, NH_NHS_UP);
}

/* Lost requests are repeated, a few times; the server stays up. */
static void test_lost(void **state)
{
	struct nhrp_pdu pdu;
	uint32_t id;
	size_t n;

	(void)state;
	begin(HUB(ACCEPT), SPOKE(2, TWO) NHS);
	fake_kill(hub);
	fake_deliver(net);
	nh_nhs_anew(spoke->iface, &(struct nh_addr){ 0 });
	assert_int_equal(fake_start(hub, HUB(ACCEPT)), 0);
	n = net->nsent;
	/* The address gets through, what comes behind does not. */
	fake_deliver(net);
	fake_last(net, &pdu);
	net->nsent = n;
	fake_drop(net);
	spoke->iface->nhs.lh_first->extra[0].awaited = true;
	id = nhs()->extra[0].reqid;
	for (n = 0; n < 4; n++) {
		size_t before = net->nsent;

		while (net->nsent == before)
			nh_loop_advance(net->loop, 10);
		fake_last(net, &pdu);
		assert_int_equal(pdu.reqid, id);
		fake_drop(net);
	}
	n = net->nsent;
	nh_loop_advance(net->loop, 60000);
	assert_int_equal(net->nsent, n);
	assert_int_equal(nhs()->state, NH_NHS_UP);
}

/* An answer of somebody else, or to no request, is none. */
static void test_strange_replies(void **state)
{
	uint64_t *unsolicited;
	struct nhrp_pdu pdu;

	(void)state;
	begin(HUB(""), SPOKE(2, TWO) NHS);
	unsolicited = &spoke->iface->stats.count[NH_C_UNSOLICITED];
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REPLY);
	pdu.cie[0].code = NHRP_CODE_OK;
	fake_inject(spoke, "192.0.2.1", &pdu);
	assert_int_equal(*unsolicited, 1);
	LIST_FIRST(&spoke->iface->nhs)->extra[1].awaited = true;
	fake_inject(spoke, "192.0.2.9", &pdu);
	assert_int_equal(*unsolicited, 2);
	assert_false(nhs()->extra[1].held);
	fake_inject(spoke, "192.0.2.1", &pdu);
	assert_int_equal(*unsolicited, 2);
	assert_true(nhs()->extra[1].held);
}

static void test_reload(void **state)
{
	size_t n;

	(void)state;
	begin(HUB(ACCEPT), SPOKE(2, TWO) NHS);
	n = net->nsent;
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		SPOKE(2, "Register=10.1.2.0/24 10.1.3.0/24\n") NHS)), 0);
	fake_deliver(net);
	/* One is withdrawn, one registered, and the others are left alone. */
	assert_int_equal(sent(n, NHRP_PURGE_REQUEST), 1);
	assert_int_equal(sent(n, NHRP_REGISTRATION_REQUEST), 1);
	assert_non_null(fake_entry(hub, "10.1.2.0/24"));
	assert_non_null(fake_entry(hub, "10.1.3.0/24"));
	assert_null(fake_entry(hub, "10.1.20.0/22"));
	/* None of them is in the server's list any more. */
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		SPOKE(2, "") NHS)), 0);
	fake_deliver(net);
	assert_null(fake_entry(hub, "10.1.2.0/24"));
	assert_null(fake_entry(hub, "10.1.3.0/24"));
	assert_non_null(fake_entry(hub, "10.0.0.2/32"));
}

/* The server goes out of the file, or the daemon ends in order. */
static void test_withdrawn(void **state)
{
	struct nhrp_pdu pdu;

	(void)state;
	begin(HUB(ACCEPT), SPOKE(2, TWO) NHS);
	nh_iface_close(spoke->iface, true);
	spoke->iface = NULL;
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REQUEST);
	assert_int_equal(pdu.flags, NHRP_PURGE_NO_REPLY);
	fake_deliver(net);
	assert_int_equal(hub->nentry, 0);
}

/* Our NBMA address changes: they are where we are. */
static void test_address_change(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_DEV_CHANGE,
		.ifindex = FAKE_IFINDEX,
	};

	(void)state;
	begin(HUB(ACCEPT), SPOKE(2, TWO "RegistrationUnique=no\n") NHS);
	spoke->nbma = fake_addr("192.0.2.77");
	nh_dispatch_event(&spoke->ifaces, &ev);
	fake_deliver(net);
	assert_true(nh_addr_equal(&fake_entry(hub, "10.1.2.0/24")->nbma,
				  &spoke->nbma));
	assert_true(nh_addr_equal(&fake_entry(hub, "10.1.20.0/22")->nbma,
				  &spoke->nbma));
	assert_true(nhs()->extra[1].held);
}

/* A spoke without a route for it asks, and the hub knows: no third packet. */
static void test_shortcut(void **state)
{
	struct fake_node *other;
	struct dmvpn_nl_entry *e;
	size_t n;

	(void)state;
	begin(HUB(ACCEPT), SPOKE(2, TWO) NHS);
	other = fake_node(net, "192.0.2.3", SPOKE(3, "") NHS);
	fake_deliver(net);
	fake_route(other, "10.1.0.0/16", FAKE_IFINDEX, NULL);
	n = net->nsent;
	fake_miss(other, "10.1.2.5");
	fake_deliver(net);
	assert_int_equal(net->nsent, n + 2);
	e = fake_entry(other, "10.1.2.0/24");
	assert_non_null(e);
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_RESOLVED);
	assert_true(nh_addr_equal(&e->nbma, &spoke->nbma));
	assert_non_null(fake_entry(other, "10.0.0.2/32"));
	/* It ends when the spoke takes the network back. */
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		SPOKE(2, "") NHS)), 0);
	fake_deliver(net);
	assert_null(fake_entry(other, "10.1.2.0/24"));
}

/* All addresses of the device, with the first one as the source. */
static void test_addresses(void **state)
{
	struct nh_addr first = fake_addr("10.0.0.2");
	struct dmvpn_nl_entry *e;
	struct nhrp_refusal why;
	struct nhrp_pdu pdu;
	size_t n;

	(void)state;
	begin(HUB(ACCEPT), "[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
	      "Address=10.0.0.22/24\nAddress=fd00::2/64\nAddress=fd00::22/64\n"
	      "Protection=none\n" NHS NHS6);
	assert_true(nhrp_pdu_parse(&pdu, net->sent[4].octets,
				   net->sent[4].len, &why));
	e = fake_entry(hub, "10.0.0.22/32");
	assert_non_null(e);
	assert_int_equal(e->flags, DMVPN_ENTRY_FLAGS_UNIQUE);
	assert_true(nh_addr_equal(&e->protocol, &first));
	assert_non_null(fake_entry(hub, "fd00::22/128"));
	assert_non_null(fake_entry(hub, "fd00::2/128"));
	assert_non_null(fake_entry(hub, "fe80::2/128"));
	assert_int_equal(hub->nentry, 5);
	assert_int_equal(sent(0, NHRP_REGISTRATION_REQUEST), 4);
	/* One goes, one comes: at once, and nothing else is sent. */
	n = net->nsent;
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
		"Address=10.0.0.23/24\nAddress=fd00::2/64\n"
		"Protection=none\n" NHS NHS6)), 0);
	fake_deliver(net);
	assert_int_equal(sent(n, NHRP_REGISTRATION_REQUEST), 1);
	/* Each server of the family is told. */
	assert_int_equal(sent(n, NHRP_PURGE_REQUEST), 2);
	assert_non_null(fake_entry(hub, "10.0.0.23/32"));
	assert_null(fake_entry(hub, "10.0.0.22/32"));
	assert_null(fake_entry(hub, "fd00::22/128"));
	/* The first goes, and the second takes its place. */
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.23/24\n"
		"Address=fd00::2/64\nProtection=none\n" NHS NHS6)), 0);
	fake_deliver(net);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	e = fake_entry(hub, "10.0.0.23/32");
	assert_non_null(e);
	assert_true(nh_addr_equal(&e->protocol, &e->prefix.addr));
	assert_int_equal(nhs()->nextra, 0);
	nh_iface_close(spoke->iface, true);
	spoke->iface = NULL;
	fake_deliver(net);
	assert_int_equal(hub->nentry, 0);
}

/* By hand, or by a routing daemon: registered and withdrawn at once. */
static void test_foreign_addresses(void **state)
{
	const struct nh_kernel_ops *ops;
	struct nh_addr virtual = fake_addr("10.0.0.99");
	size_t n;

	(void)state;
	begin(HUB(ACCEPT), SPOKE(2, TWO) NHS);
	ops = spoke->kernel.ops;
	n = net->nsent;
	nh_inets_changed(&spoke->ifaces, FAKE_IFINDEX);
	assert_int_equal(net->nsent, n);
	ops->inet_add(&spoke->kernel, FAKE_IFINDEX, &virtual, 32);
	nh_inets_changed(&spoke->ifaces, FAKE_IFINDEX + 1);
	assert_int_equal(net->nsent, n);
	nh_inets_changed(&spoke->ifaces, FAKE_IFINDEX);
	assert_int_equal(sent(n, NHRP_REGISTRATION_REQUEST), 1);
	fake_deliver(net);
	assert_non_null(fake_entry(hub, "10.0.0.99/32"));
	/* A new daemon finds it, and knows that it is its. */
	fake_kill(spoke);
	assert_int_equal(fake_start(spoke, SPOKE(2, TWO) NHS), 0);
	assert_int_equal(spoke->iface->inets.n, 1);
	fake_deliver(net);
	/* It is in the file now, and then no more. */
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
		"Address=10.0.0.99/32\nProtection=none\n[NHRP]\n"
		"HoldTime=600\n" TWO NHS)), 0);
	fake_deliver(net);
	assert_int_equal(spoke->iface->inets.n, 0);
	assert_non_null(fake_entry(hub, "10.0.0.99/32"));
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		SPOKE(2, TWO) NHS)), 0);
	fake_deliver(net);
	assert_null(fake_entry(hub, "10.0.0.99/32"));
	ops->inet_add(&spoke->kernel, FAKE_IFINDEX, &virtual, 32);
	nh_inets_changed(&spoke->ifaces, 0);
	fake_deliver(net);
	assert_non_null(fake_entry(hub, "10.0.0.99/32"));
	ops->inet_del(&spoke->kernel, FAKE_IFINDEX, &virtual, 32);
	nh_inets_changed(&spoke->ifaces, FAKE_IFINDEX);
	fake_deliver(net);
	assert_null(fake_entry(hub, "10.0.0.99/32"));
	assert_int_equal(nhs()->nextra, 2);
}

/* Another node holds the second address: the first is none the worse. */
static void test_address_taken(void **state)
{
	(void)state;
	begin(HUB(""), SPOKE(2, "") NHS);
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.22/24\n"
		"Protection=none\n" NHS)), 0);
	fake_deliver(net);
	assert_non_null(fake_entry(hub, "10.0.0.22/32"));
	spoke = fake_node(net, "192.0.2.3",
			  "[Tunnel]\nSource=192.0.2.3\nAddress=10.0.0.2/24\n"
			  "Address=10.0.0.22/24\nProtection=none\n" NHS);
	fake_deliver(net);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	assert_int_equal(nhs()->extra[0].code, NHRP_CODE_ALREADY_REGISTERED);
	assert_false(nhs()->extra[0].held);
}

/* A unique address is ours soon after the old registration has run out. */
static void test_moved_unique(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_DEV_CHANGE,
		.ifindex = FAKE_IFINDEX,
	};

	(void)state;
	begin(HUB(ACCEPT), SPOKE(2, TWO) NHS);
	spoke->nbma = fake_addr("192.0.2.77");
	nh_dispatch_event(&spoke->ifaces, &ev);
	fake_deliver(net);
	assert_int_equal(nhs()->state, NH_NHS_DOWN);
	assert_int_equal(nhs()->code, NHRP_CODE_ALREADY_REGISTERED);
	fake_advance(net, 598000);
	assert_int_equal(nhs()->state, NH_NHS_DOWN);
	fake_advance(net, 2000 + 34000);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	assert_true(nh_addr_equal(&fake_entry(hub, "10.1.2.0/24")->nbma,
				  &spoke->nbma));
}

int main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
	const struct CMUnitTest tests[] = {
		T(test_registered),
		T(test_families),
		T(test_refused),
		T(test_lost),
		T(test_strange_replies),
		T(test_reload),
		T(test_withdrawn),
		T(test_address_change),
		T(test_shortcut),
		T(test_moved_unique),
		T(test_addresses),
		T(test_address_taken),
		T(test_foreign_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
