// SPDX-License-Identifier: GPL-2.0-or-later
/* The classic lab: a hub and two spokes, their packets and their sizes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "lib/log.h"
#include "daemon/rx.h"
#include "tests/fake.h"

#define COMMON(protection, nat) \
	"MTU=1440\nKey=0\nProtection=" protection "\n" \
	"[NHRP]\nNetworkId=1\nAuthentication=cisco123\nHoldTime=600\n" \
	"NatExtension=" nat "\n"
#define HUB(protection, nat) \
	"[Tunnel]\nSource=209.168.202.225\nAddress=192.168.1.1/24\n" \
	COMMON(protection, nat)
#define SPOKE(n, nbma, protection, nat) \
	"[Tunnel]\nSource=" nbma "\nAddress=192.168.1." #n "/24\n" \
	COMMON(protection, nat) \
	"[NHS]\nAddress=192.168.1.1\nNbma=209.168.202.225\nMulticast=yes\n"

static struct fake_net *net;
static struct fake_node *hub, *sv9_3, *sv9_4;

static void routes(struct fake_node *node)
{
	fake_route(node, "192.168.1.0/24", FAKE_IFINDEX, NULL);
	if (node == hub) {
		fake_route(node, "2.2.2.0/24", FAKE_IFINDEX, "192.168.1.2");
		fake_route(node, "3.3.3.0/24", FAKE_IFINDEX, "192.168.1.3");
	} else {
		fake_route(node, node == sv9_3 ? "2.2.2.0/24" : "3.3.3.0/24",
			   FAKE_LAN, NULL);
		fake_route(node, node == sv9_3 ? "3.3.3.0/24" : "2.2.2.0/24",
			   FAKE_IFINDEX, NULL);
	}
}

static void build(const char *hub_conf, const char *conf_3,
		  const char *conf_4)
{
	net = fake_net_new();
	hub = fake_node(net, "209.168.202.225", hub_conf);
	sv9_3 = fake_node(net, "209.168.202.131", conf_3);
	sv9_4 = fake_node(net, "209.168.202.130", conf_4);
	routes(hub);
	routes(sv9_3);
	routes(sv9_4);
}

static int setup_clear(void **state)
{
	(void)state;
	build(HUB("none", "no"), SPOKE(2, "209.168.202.131", "none", "no"),
	      SPOKE(3, "209.168.202.130", "none", "no"));
	return 0;
}

static int setup_newer(void **state)
{
	(void)state;
	build(HUB("none", "yes"), SPOKE(2, "209.168.202.131", "none", "yes"),
	      SPOKE(3, "209.168.202.130", "none", "yes"));
	return 0;
}

static int setup_protected(void **state)
{
	(void)state;
	build(HUB("required", "no"),
	      SPOKE(2, "209.168.202.131", "required", "no"),
	      SPOKE(3, "209.168.202.130", "required", "no"));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static void test_registration(void **state)
{
	struct dmvpn_nl_entry *e;

	(void)state;
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, 0), "84 84 104 104");
	e = fake_entry(hub, "192.168.1.2/32");
	assert_non_null(e);
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_REGISTERED);
	assert_int_equal(e->flags, DMVPN_ENTRY_FLAGS_UNIQUE);
	assert_int_equal(e->holding_time, 600);
	assert_true(nh_addr_equal(&e->nbma, &sv9_3->nbma));
	assert_true(fake_peer(hub, "209.168.202.131")->mcast);
	e = fake_entry(sv9_3, "192.168.1.1/32");
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_NHS);
	assert_int_equal(e->holding_time, 0);
	assert_int_equal(fake_peer(sv9_3, "209.168.202.225")->flags,
			 DMVPN_PEER_FLAGS_NHS);
	assert_true(fake_peer(sv9_3, "209.168.202.225")->mcast);
	assert_int_equal(LIST_FIRST(&sv9_3->iface->nhs)->state, NH_NHS_UP);
}

/* What sv9-4 asks for: the request, forwarded, the egress's answer. */
static void test_egress_sizes(void **state)
{
	struct dmvpn_nl_entry *e;
	struct nhrp_pdu pdu;
	size_t first;

	(void)state;
	fake_deliver(net);
	first = net->nsent;
	fake_miss(sv9_4, "2.2.2.2");
	e = fake_entry(sv9_4, "2.2.2.2/32");
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_INCOMPLETE);
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "84 104 132");
	fake_last(net, &pdu);
	assert_true(nh_addr_equal(&net->sent[net->nsent - 1].to,
				  &sv9_4->nbma));
	assert_int_equal(pdu.cie[0].prefix, 24);

	assert_null(fake_entry(sv9_4, "2.2.2.2/32"));
	e = fake_entry(sv9_4, "2.2.2.0/24");
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_RESOLVED);
	assert_true(nh_addr_equal(&e->nbma, &sv9_3->nbma));
	assert_true(e->flags & DMVPN_ENTRY_FLAGS_REFRESH);
	assert_int_equal(e->holding_time, 600);
	assert_true(nh_addr_equal(&e->protocol,
				  &sv9_3->iface->conf->addr[0].addr));
	e = fake_entry(sv9_4, "192.168.1.2/32");
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_RESOLVED);
}

/* What sv9-3 asks for is registered at the hub, which answers itself. */
static void test_cache_sizes(void **state)
{
	struct dmvpn_nl_entry *e;
	size_t first;

	(void)state;
	fake_deliver(net);
	first = net->nsent;
	fake_miss(sv9_3, "192.168.1.3");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "84 112");
	e = fake_entry(sv9_3, "192.168.1.3/32");
	assert_int_equal(e->type, DMVPN_ENTRY_TYPE_RESOLVED);
	assert_true(nh_addr_equal(&e->nbma, &sv9_4->nbma));
	/* It lives no longer than the client's registration. */
	assert_in_range(e->holding_time, 598, 600);
}

static void test_newer_sizes(void **state)
{
	size_t first;

	(void)state;
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, 0), "108 108 128 128");
	first = net->nsent;
	fake_miss(sv9_4, "2.2.2.2");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "88 108 136");
	first = net->nsent;
	fake_miss(sv9_3, "192.168.1.3");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "88 116");
}

static void up(void)
{
	fake_secure(hub, sv9_3);
	fake_secure(hub, sv9_4);
	fake_deliver(net);
	assert_int_equal(LIST_FIRST(&sv9_3->iface->nhs)->state, NH_NHS_UP);
	assert_int_equal(LIST_FIRST(&sv9_4->iface->nhs)->state, NH_NHS_UP);
}

static void test_registers_when_secured(void **state)
{
	(void)state;
	assert_int_equal(net->nsent, 0);
	assert_int_equal(sv9_3->acquires, 1);
	up();
	assert_string_equal(fake_sizes(net, 0), "84 84 104 104");
}

/* The answer waits for the SAs of the two spokes. */
static void test_delayed(void **state)
{
	struct nh_stats *stats = &sv9_3->iface->stats;
	struct nh_rx rx = { .data = NULL };
	struct nhrp_pdu pdu;
	size_t first;

	(void)state;
	up();
	first = net->nsent;
	fake_miss(sv9_4, "2.2.2.2");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "84 104");
	assert_int_equal(sv9_3->iface->delayed.n, 1);
	assert_true(sv9_3->acquires >= 2);
	/* The retransmission is recognised. */
	fake_advance(net, 1300);
	assert_string_equal(fake_sizes(net, first), "84 104 84 104");
	assert_int_equal(stats->count[NH_C_DELAYED], 1);
	assert_int_equal(stats->count[NH_C_DELAYED_AGAIN], 1);
	assert_int_equal(sv9_3->iface->delayed.n, 1);
	/* One in its name with another NBMA address is no copy of it. */
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
	rx.pdu = &pdu;
	assert_true(nh_delayed_has(&sv9_3->iface->delayed, &rx));
	pdu.src_nbma = fake_addr("192.0.2.99");
	assert_false(nh_delayed_has(&sv9_3->iface->delayed, &rx));
	fake_secure(sv9_3, sv9_4);
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "84 104 84 104 132");
	assert_int_equal(sv9_3->iface->delayed.n, 0);
	assert_non_null(fake_entry(sv9_4, "2.2.2.0/24"));
	fake_advance(net, 60000);
	assert_int_equal(stats->count[NH_C_DELAYED_DROPPED], 0);
}

/* SAs that the kernel does not tell of are found by trying again. */
static void test_delayed_found_by_timer(void **state)
{
	(void)state;
	up();
	fake_miss(sv9_4, "2.2.2.2");
	fake_deliver(net);
	assert_int_equal(sv9_3->iface->delayed.n, 1);
	sv9_3->secured[sv9_3->nsecured++] = sv9_4->nbma;
	fake_advance(net, 200);
	assert_int_equal(sv9_3->iface->delayed.n, 0);
	assert_non_null(fake_entry(sv9_4, "2.2.2.0/24"));
}

static void test_delayed_dropped(void **state)
{
	(void)state;
	up();
	fake_miss(sv9_4, "2.2.2.2");
	fake_deliver(net);
	fake_advance(net, 29000);
	assert_int_equal(sv9_3->iface->delayed.n, 1);
	fake_advance(net, 3000);
	assert_int_equal(sv9_3->iface->delayed.n, 0);
	assert_int_equal(
		sv9_3->iface->stats.count[NH_C_DELAYED_DROPPED], 1);
}

static void test_delayed_share(void **state)
{
	char dst[32];
	int i;

	(void)state;
	up();
	for (i = 1; i <= 6; i++) {
		snprintf(dst, sizeof(dst), "2.2.2.%d", i);
		fake_miss(sv9_4, dst);
	}
	fake_deliver(net);
	assert_int_equal(sv9_3->iface->delayed.n, NH_DELAYED_PER_PEER);
	assert_int_equal(sv9_3->iface->stats.limited[NH_L_DELAYED], 2);
}

/* Both spokes ask at once, as in the lab, and both get their answers. */
static void test_both_directions(void **state)
{
	(void)state;
	up();
	fake_miss(sv9_4, "2.2.2.2");
	fake_miss(sv9_3, "192.168.1.3");
	fake_deliver(net);
	assert_non_null(fake_entry(sv9_3, "192.168.1.3/32"));
	fake_secure(sv9_3, sv9_4);
	fake_deliver(net);
	assert_non_null(fake_entry(sv9_4, "2.2.2.0/24"));
}

/* The way to the requester's address does not exist: back through the hub. */
static void test_answer_through_hub(void **state)
{
	size_t first;

	(void)state;
	fake_deliver(net);
	first = net->nsent;
	sv9_3->fail_send = sv9_4->nbma;
	fake_miss(sv9_4, "2.2.2.2");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "84 104 132 152");
	assert_non_null(fake_entry(sv9_4, "2.2.2.0/24"));
}

/* sv9-4 is behind a NAT: its hub knows its outer address, and tells it. */
static void test_behind_nat(void **state)
{
	struct dmvpn_nl_entry *e;
	size_t first;

	(void)state;
	fake_drop(net);
	fake_kill(sv9_4);
	sv9_4->inner = fake_addr("10.9.9.9");
	assert_int_equal(fake_start(sv9_4, SPOKE(3, "10.9.9.9", "none",
						 "yes")), 0);
	nh_nhs_restart(sv9_3->iface);
	fake_deliver(net);
	e = fake_entry(hub, "192.168.1.3/32");
	assert_true(e->flags & DMVPN_ENTRY_FLAGS_NAT);
	assert_true(nh_addr_equal(&sv9_4->iface->mapped4, &sv9_4->nbma));

	/* As the one that asks: the answer goes to the outer address. */
	first = net->nsent;
	fake_miss(sv9_4, "2.2.2.2");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "88 128 156");
	assert_true(nh_addr_equal(&net->sent[net->nsent - 1].to,
				  &sv9_4->nbma));
	e = fake_entry(sv9_4, "2.2.2.0/24");
	assert_true(nh_addr_equal(&e->nbma, &sv9_3->nbma));

	/* As the one that answers, in its hub's place and by itself. */
	fake_miss(sv9_3, "192.168.1.3");
	fake_miss(sv9_3, "3.3.3.3");
	fake_deliver(net);
	e = fake_entry(sv9_3, "192.168.1.3/32");
	assert_true(nh_addr_equal(&e->nbma, &sv9_4->nbma));
	assert_true(nh_addr_equal(&e->claimed, &sv9_4->inner));
	e = fake_entry(sv9_3, "3.3.3.0/24");
	assert_true(nh_addr_equal(&e->nbma, &sv9_4->nbma));
	assert_true(nh_addr_equal(&e->claimed, &sv9_4->inner));
	assert_true(e->flags & DMVPN_ENTRY_FLAGS_NAT);
}

/* sv9-4 is behind a NAT, and who asks does not know the extension for that. */
static void test_behind_nat_classic(void **state)
{
	struct dmvpn_nl_entry *e;

	(void)state;
	fake_drop(net);
	fake_kill(sv9_3);
	fake_kill(sv9_4);
	sv9_4->inner = fake_addr("10.9.9.9");
	assert_int_equal(fake_start(sv9_3, SPOKE(2, "209.168.202.131", "none",
						 "no")), 0);
	assert_int_equal(fake_start(sv9_4, SPOKE(3, "10.9.9.9", "none",
						 "yes")), 0);
	fake_deliver(net);
	assert_true(nh_addr_equal(&sv9_4->iface->mapped4, &sv9_4->nbma));
	/* By the server, and by sv9-4 itself. */
	fake_miss(sv9_3, "192.168.1.3");
	fake_miss(sv9_3, "3.3.3.3");
	fake_deliver(net);
	e = fake_entry(sv9_3, "192.168.1.3/32");
	assert_true(nh_addr_equal(&e->nbma, &sv9_4->nbma));
	assert_int_equal(e->flags & DMVPN_ENTRY_FLAGS_NAT, 0);
	assert_int_equal(sv9_3->iface->stats.count[NH_C_NOT_TRUSTED], 0);
	e = fake_entry(sv9_3, "3.3.3.0/24");
	assert_non_null(e);
	assert_true(nh_addr_equal(&e->nbma, &sv9_4->nbma));
	assert_int_equal(e->flags & DMVPN_ENTRY_FLAGS_NAT, 0);
}

static void send_redirect(struct fake_node *to, const char *src,
			  const char *dst)
{
	fake_redirect(hub, to, src, dst);
}

static void test_redirect(void **state)
{
	size_t first;

	(void)state;
	fake_deliver(net);
	first = net->nsent;
	/* Not without the knob. */
	send_redirect(sv9_4, "3.3.3.3", "2.2.2.2");
	assert_int_equal(net->nsent, first);
	hub->iface->conf->redirect = true;
	send_redirect(sv9_4, "3.3.3.3", "2.2.2.2");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "96 84 104 132");
	assert_non_null(fake_entry(sv9_4, "2.2.2.0/24"));
	/* The answer is there: another indication changes nothing. */
	first = net->nsent;
	send_redirect(sv9_4, "3.3.3.3", "2.2.2.2");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "96");
	/* Nor where the host itself was not found before that. */
	fake_put(sv9_4, "2.2.2.9/32", DMVPN_ENTRY_TYPE_NEGATIVE, NULL);
	first = net->nsent;
	send_redirect(sv9_4, "3.3.3.3", "2.2.2.9");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "96");
}

/* Whoever follows a redirect asks the egress, not the hub's cache. */
static void test_redirect_authoritative(void **state)
{
	size_t first;

	(void)state;
	fake_deliver(net);
	first = net->nsent;
	hub->iface->conf->redirect = true;
	send_redirect(sv9_4, "192.168.1.3", "192.168.1.2");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "96 84 104 132");
}

static void test_redirect_hold_down(void **state)
{
	size_t first;
	int i;

	(void)state;
	fake_deliver(net);
	hub->iface->conf->redirect = true;
	/* Nobody answers for it. */
	fake_route(sv9_4, "9.9.9.0/24", FAKE_IFINDEX, "192.168.1.1");
	first = net->nsent;
	send_redirect(sv9_4, "3.3.3.3", "9.9.9.9");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "96 84 104");
	assert_null(fake_entry(sv9_4, "9.9.9.9/32"));
	for (i = 0; i < 5; i++) {
		send_redirect(sv9_4, "3.3.3.3", "9.9.9.9");
		fake_advance(net, 9000);
	}
	assert_int_equal(sv9_4->iface->stats.count[NH_C_HELD_DOWN], 5);
	fake_advance(net, 20000);
	first = net->nsent;
	send_redirect(sv9_4, "3.3.3.3", "9.9.9.9");
	fake_deliver(net);
	assert_string_equal(fake_sizes(net, first), "96 84 104");
}

static void test_redirect_from_stranger(void **state)
{
	struct nhrp_pdu pdu;
	size_t first;

	(void)state;
	fake_deliver(net);
	hub->iface->conf->redirect = true;
	send_redirect(sv9_4, "3.3.3.3", "2.2.2.2");
	fake_last(net, &pdu);
	fake_drop(net);
	first = net->nsent;
	fake_inject(sv9_4, "209.168.202.131", &pdu);
	assert_int_equal(net->nsent, first);
	assert_int_equal(sv9_4->iface->stats.count[NH_C_NOT_TRUSTED], 1);
}

static void test_redirects_limited(void **state)
{
	size_t first;
	int i;

	(void)state;
	fake_deliver(net);
	first = net->nsent;
	hub->iface->conf->redirect = true;
	for (i = 0; i < 30; i++)
		send_redirect(sv9_4, "3.3.3.3", "2.2.2.2");
	assert_int_equal(net->nsent - first, 10);
}

int main(void)
{
#define LAB(fn, setup) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		LAB(test_registration, setup_clear),
		LAB(test_egress_sizes, setup_clear),
		LAB(test_cache_sizes, setup_clear),
		LAB(test_newer_sizes, setup_newer),
		LAB(test_registers_when_secured, setup_protected),
		LAB(test_delayed, setup_protected),
		LAB(test_delayed_found_by_timer, setup_protected),
		LAB(test_delayed_dropped, setup_protected),
		LAB(test_delayed_share, setup_protected),
		LAB(test_both_directions, setup_protected),
		LAB(test_answer_through_hub, setup_clear),
		LAB(test_behind_nat, setup_newer),
		LAB(test_behind_nat_classic, setup_newer),
		LAB(test_redirect, setup_clear),
		LAB(test_redirect_authoritative, setup_clear),
		LAB(test_redirect_hold_down, setup_clear),
		LAB(test_redirect_from_stranger, setup_clear),
		LAB(test_redirects_limited, setup_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
