// SPDX-License-Identifier: GPL-2.0-or-later
/* Servers whose tunnel address is learned from their replies. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fake.h"
#include "tests/fake_names.h"

#define HUB(nbma, n) \
	"[Tunnel]\nSource=" nbma "\nAddress=10.0.0." n "/24\n" \
	"Address=fd00::" n "/64\nProtection=none\n"
#define SPOKE \
	"[Tunnel]\nSource=192.0.2.20\nAddress=10.0.0.20/24\n" \
	"Address=fd00::20/64\nProtection=none\n[NHRP]\nHoldTime=60\n"
#define NHS	"[NHS]\nAddress=dynamic\nNbma=192.0.2.1\nMulticast=yes\n"
#define NHS6	"[NHS]\nAddress=dynamic6\nNbma=192.0.2.1\n"
#define NAMED	"[NHS]\nAddress=dynamic\nNbma=hub.example.net\n"

static struct fake_net *net;
static struct fake_node *hub, *spoke;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1", HUB("192.0.2.1", "1"));
	spoke = fake_node(net, "192.0.2.20", NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static struct nh_nhs *nhs(void)
{
	return LIST_FIRST(&spoke->iface->nhs);
}

static void is_server(const char *prefix, const char *nbma)
{
	struct dmvpn_nl_entry *e = fake_entry(spoke, prefix);
	struct nh_addr addr = fake_addr(nbma);

	assert_non_null(e);
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_NHS);
	assert_int_equal(e->holding_time, 0);
	assert_true(nh_addr_equal(&e->nbma, &addr));
	assert_true(nh_addr_equal(&e->protocol, &e->prefix.addr));
	assert_true(fake_peer(spoke, nbma)->flags & DMVPN_PEER_FLAGS_NHS);
}

static void test_learned(void **state)
{
	struct nh_addr server = fake_addr("10.0.0.1");
	struct nhrp_pdu pdu;

	(void)state;
	assert_int_equal(fake_start(spoke, SPOKE NHS), 0);
	/* It is written to itself, as nobody else is known. */
	fake_last(net, &pdu);
	assert_true(nh_addr_equal(&pdu.dst_proto, &pdu.src_proto));
	assert_false(nh_addr_is_set(&nhs()->conf.proto));
	/* Packets can be relayed already. */
	assert_true(fake_peer(spoke, "192.0.2.1")->flags &
		    DMVPN_PEER_FLAGS_NHS);
	assert_int_equal(spoke->nentry, 0);
	fake_deliver(net);
	/* FRR's clients look for the server's address there. */
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REPLY);
	assert_true(nh_addr_equal(&pdu.dst_proto, &server));
	assert_int_equal(nhs()->state, NH_NHS_UP);
	is_server("10.0.0.1/32", "192.0.2.1");
	assert_true(fake_peer(spoke, "192.0.2.1")->mcast);
	assert_non_null(fake_entry(hub, "10.0.0.20/32"));
	assert_ptr_equal(nh_nhs_best(spoke->iface, AF_INET), nhs());
	/* The same with each renewal. */
	fake_advance(net, 200000);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	assert_int_equal(spoke->nentry, 1);
	/* Whoever clears the cache does not mean it. */
	spoke->kernel.ops->entry_del(&spoke->kernel, FAKE_IFINDEX,
				     &fake_entry(spoke, "10.0.0.1/32")->prefix);
	is_server("10.0.0.1/32", "192.0.2.1");
	nh_iface_close(spoke->iface, true);
	spoke->iface = NULL;
	fake_deliver(net);
	assert_null(fake_entry(hub, "10.0.0.20/32"));
}

static void test_ipv6(void **state)
{
	(void)state;
	assert_int_equal(fake_start(spoke, SPOKE NHS NHS6), 0);
	fake_deliver(net);
	is_server("10.0.0.1/32", "192.0.2.1");
	is_server("fd00::1/128", "192.0.2.1");
	assert_non_null(fake_entry(spoke, "fe80::1/128"));
	assert_non_null(fake_entry(hub, "fd00::20/128"));
	assert_int_equal(spoke->nentry, 3);
}

/* The answer of a server that is not ours to the last request. */
static void answer(const char *responder, const char *dst)
{
	struct nhrp_self self = {
		.nbma = fake_addr("192.0.2.1"),
		.proto = fake_addr("10.0.0.1"),
		.nat = true,
	};
	struct nhrp_pdu request, reply;
	struct nhrp_ext *ext;

	fake_last(net, &request);
	nhrp_build_registration_reply(&reply, &request, &self, NHRP_CODE_OK,
				      60, NULL);
	ext = nhrp_ext_find(&reply, NHRP_EXT_RESPONDER);
	ext->cie[0].proto = responder ? fake_addr(responder) :
			    (struct nh_addr){ 0 };
	if (dst)
		reply.dst_proto = fake_addr(dst);
	fake_inject(spoke, "192.0.2.1", &reply);
}

/* FRR names itself as the destination of the reply, too. */
static void test_destination(void **state)
{
	(void)state;
	assert_int_equal(fake_start(spoke, SPOKE NHS), 0);
	answer(NULL, "10.0.0.5");
	assert_int_equal(nhs()->state, NH_NHS_UP);
	is_server("10.0.0.5/32", "192.0.2.1");
}

/* Who does not say who it is is no server, nor who claims to be another. */
static void test_unusable(void **state)
{
	static const char *const wrong[] = {
		NULL, "10.0.0.20", "224.0.0.1", "127.0.0.1", "0.0.0.0",
		"10.0.0.7", "10.0.0.8", "10.0.0.9",
	};
	size_t i, n;

	(void)state;
	assert_int_equal(fake_start(spoke, SPOKE NHS
		"[NHS]\nAddress=10.0.0.7\nNbma=192.0.2.7\nCluster=1\n"
		"[Map]\nPrefix=10.0.0.8/32\nNbma=192.0.2.8\n"), 0);
	fake_put(spoke, "10.0.0.9/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.9");
	n = spoke->nentry;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		nh_nhs_anew(spoke->iface, &(struct nh_addr){ 0 });
		while (!nh_addr_equal(&net->sent[net->nsent - 1].to,
				      &hub->nbma))
			net->nsent--;
		answer(wrong[i], NULL);
		assert_int_equal(nhs()->state, NH_NHS_DOWN);
		assert_false(nh_addr_is_set(&nhs()->conf.proto));
		assert_int_equal(spoke->nentry, n);
	}
	/* Asked again, but not at once. */
	n = net->nsent;
	fake_drop(net);
	nh_loop_advance(net->loop, 1000);
	for (; n < net->nsent; n++)
		assert_false(nh_addr_equal(&net->sent[n].to, &hub->nbma));
	fake_drop(net);
	fake_advance(net, 300000);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	is_server("10.0.0.1/32", "192.0.2.1");
}

/* Another machine at the server's place, with another tunnel address. */
static void test_replaced(void **state)
{
	(void)state;
	assert_int_equal(fake_start(spoke, SPOKE NHS), 0);
	fake_deliver(net);
	fake_kill(hub);
	hub->naddr = 0;
	assert_int_equal(fake_start(hub, HUB("192.0.2.1", "5")), 0);
	fake_advance(net, 60000);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	is_server("10.0.0.5/32", "192.0.2.1");
	assert_null(fake_entry(spoke, "10.0.0.1/32"));
}

/* Its name leads elsewhere: what is there is asked who it is. */
static void test_named(void **state)
{
	struct fake_node *other;

	(void)state;
	other = fake_node(net, "192.0.2.9", HUB("192.0.2.9", "9"));
	fake_names_set(net->names, "hub.example.net", "192.0.2.1");
	assert_int_equal(fake_start(spoke, SPOKE NAMED), 0);
	fake_advance(net, 110);
	is_server("10.0.0.1/32", "192.0.2.1");
	fake_names_set(net->names, "hub.example.net", "192.0.2.9");
	fake_advance(net, 400000);
	is_server("10.0.0.9/32", "192.0.2.9");
	assert_null(fake_entry(spoke, "10.0.0.1/32"));
	assert_false(fake_peer(spoke, "192.0.2.1")->flags &
		     DMVPN_PEER_FLAGS_NHS);
	assert_non_null(fake_entry(other, "10.0.0.20/32"));
}

/* A new daemon goes on with what the old one has learned. */
static void test_restart(void **state)
{
	unsigned int sets;

	(void)state;
	assert_int_equal(fake_start(spoke, SPOKE NHS NHS6), 0);
	fake_deliver(net);
	fake_kill(spoke);
	sets = spoke->sets;
	assert_int_equal(fake_start(spoke, SPOKE NHS NHS6), 0);
	is_server("10.0.0.1/32", "192.0.2.1");
	is_server("fd00::1/128", "192.0.2.1");
	assert_non_null(fake_entry(spoke, "fe80::1/128"));
	assert_int_equal(spoke->sets, sets);
	fake_deliver(net);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	assert_int_equal(spoke->sets, sets);
	/* By its name, before that is looked up. */
	fake_kill(spoke);
	fake_drop(net);
	assert_int_equal(fake_start(spoke, SPOKE NAMED), 0);
	is_server("10.0.0.1/32", "192.0.2.1");
	assert_null(fake_entry(spoke, "fd00::1/128"));
	assert_null(fake_entry(spoke, "fe80::1/128"));
	/* What belongs to no server goes. */
	fake_kill(spoke);
	fake_put(spoke, "10.0.0.6/32", DMVPN_ENTRY_TYPE_NHS, "192.0.2.6");
	fake_names_set(net->names, "hub.example.net", "192.0.2.1");
	assert_int_equal(fake_start(spoke, SPOKE NAMED), 0);
	is_server("10.0.0.1/32", "192.0.2.1");
	assert_null(fake_entry(spoke, "10.0.0.6/32"));
	/* Now by another section, which has its address. */
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(SPOKE
		"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n")), 0);
	fake_deliver(net);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	is_server("10.0.0.1/32", "192.0.2.1");
	/* And back. */
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(SPOKE NHS)),
			 0);
	assert_null(fake_entry(spoke, "10.0.0.1/32"));
	fake_deliver(net);
	is_server("10.0.0.1/32", "192.0.2.1");
	/* A reload that leaves it alone does not forget it. */
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(SPOKE NHS)),
			 0);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	is_server("10.0.0.1/32", "192.0.2.1");
}

/* One that never told its address has none that could be taken back. */
static void test_never_known(void **state)
{
	const struct nh_addr unknown = { 0 };
	struct dmvpn_nl_entry entry;

	(void)state;
	assert_int_equal(fake_start(spoke, SPOKE NHS), 0);
	/* The kernel would say something else. */
	spoke->fail_entry_get = -EIO;
	assert_int_equal(nh_path_host(spoke->iface, &unknown, &entry),
			 -ENOENT);
	spoke->fail_entry_get = 0;
	fake_put(spoke, "10.0.0.9/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.9");
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(SPOKE)), 0);
	assert_true(LIST_EMPTY(&spoke->iface->nhs));
	assert_int_equal(spoke->nentry, 1);
	assert_false(fake_peer(spoke, "192.0.2.1")->flags &
		     DMVPN_PEER_FLAGS_NHS);
}

/* A prefix that takes the server's address in is nobody's to tell. */
static void test_too_wide(void **state)
{
	struct nh_prefix prefix;

	(void)state;
	nh_prefix_parse(&prefix, "10.0.0.0/30", NULL);
	assert_int_equal(fake_start(spoke, SPOKE NHS), 0);
	assert_false(nh_path_too_wide(spoke->iface, &prefix));
	fake_deliver(net);
	assert_true(nh_path_too_wide(spoke->iface, &prefix));
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_learned),
		T(test_ipv6),
		T(test_destination),
		T(test_unusable),
		T(test_replaced),
		T(test_named),
		T(test_restart),
		T(test_never_known),
		T(test_too_wide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
