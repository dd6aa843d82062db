// SPDX-License-Identifier: GPL-2.0-or-later
/* Several hubs: hubs that are clients of another one, and two for one spoke. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "tests/fake.h"

#define NODE(n, last) \
	"[Tunnel]\nSource=192.0.2." #n "\nAddress=10.0." last "/16\n" \
	"Protection=none\n[NHRP]\nNetworkId=1\nHoldTime=60\n" \
	"NatExtension=no\n"
#define HUB	"Redirect=yes\nServer=yes\nMapMulticast=dynamic\n"
#define NHS(n, last) "[NHS]\nAddress=10.0." last "\nNbma=192.0.2." #n "\n"

/*
 * Two tiers, each with the spokes' addresses of one hub in a prefix:
 *
 *            central 10.0.0.1
 *           /               \
 *       a 10.0.1.1        b 10.0.2.1
 *          |                 |
 *      s1 10.0.1.9       s2 10.0.2.9
 *      10.1.1.0/24       10.1.2.0/24
 */
static struct fake_net *net;
static struct fake_node *central, *a, *b, *s1, *s2;

static int setup_tiers(void **state)
{
	(void)state;
	net = fake_net_new();
	central = fake_node(net, "192.0.2.1", NODE(1, "0.1") HUB);
	a = fake_node(net, "192.0.2.11", NODE(11, "1.1") HUB NHS(1, "0.1"));
	b = fake_node(net, "192.0.2.12", NODE(12, "2.1") HUB NHS(1, "0.1"));
	s1 = fake_node(net, "192.0.2.21", NODE(21, "1.9") NHS(11, "1.1"));
	s2 = fake_node(net, "192.0.2.22", NODE(22, "2.9") NHS(12, "2.1"));
	fake_deliver(net);

	fake_route(central, "10.0.0.0/16", FAKE_IFINDEX, NULL);
	fake_route(central, "10.0.1.0/24", FAKE_IFINDEX, "10.0.1.1");
	fake_route(central, "10.0.2.0/24", FAKE_IFINDEX, "10.0.2.1");
	fake_route(central, "10.1.1.0/24", FAKE_IFINDEX, "10.0.1.1");
	fake_route(central, "10.1.2.0/24", FAKE_IFINDEX, "10.0.2.1");
	fake_route(a, "10.0.0.0/16", FAKE_IFINDEX, NULL);
	fake_route(a, "10.1.1.0/24", FAKE_IFINDEX, "10.0.1.9");
	fake_route(a, "10.1.0.0/16", FAKE_IFINDEX, "10.0.0.1");
	fake_route(b, "10.0.0.0/16", FAKE_IFINDEX, NULL);
	fake_route(b, "10.1.2.0/24", FAKE_IFINDEX, "10.0.2.9");
	fake_route(b, "10.1.0.0/16", FAKE_IFINDEX, "10.0.0.1");
	fake_route(s1, "10.0.0.0/16", FAKE_IFINDEX, NULL);
	fake_route(s1, "10.1.1.0/24", FAKE_LAN, NULL);
	fake_route(s1, "10.1.0.0/16", FAKE_IFINDEX, "10.0.1.1");
	fake_route(s2, "10.0.0.0/16", FAKE_IFINDEX, NULL);
	fake_route(s2, "10.1.2.0/24", FAKE_LAN, NULL);
	fake_route(s2, "10.1.0.0/16", FAKE_IFINDEX, "10.0.2.1");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

/* Packet @i of those that were sent, decoded. */
static const struct fake_sent *sent(size_t i, struct nhrp_pdu *pdu)
{
	struct fake_sent *s = &net->sent[i];
	struct nhrp_refusal why;

	assert_true(i < net->nsent);
	assert_true(nhrp_pdu_parse(pdu, s->octets, s->len, &why));
	return s;
}

static void record_is(const struct nhrp_pdu *pdu, uint16_t type,
		      struct fake_node *const *node, size_t n)
{
	const struct nhrp_ext *ext = nhrp_ext_find_const(pdu, type);
	size_t i;

	assert_non_null(ext);
	assert_int_equal(ext->ncie, n);
	for (i = 0; i < n; i++)
		assert_true(nh_addr_equal(&ext->cie[i].nbma, &node[i]->nbma));
}

static bool leads_to(struct fake_node *node, const char *prefix,
		     const struct fake_node *peer)
{
	struct dmvpn_nl_entry *e = fake_entry(node, prefix);

	return e && e->type == DMVPN_ENTRY_TYPE_RESOLVED &&
	       nh_addr_equal(&e->nbma, &peer->nbma);
}

/* Who was told of a client by its server, two hubs away, hears of its end. */
static void test_client_leaves(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_ENTRY_GONE,
		.ifindex = FAKE_IFINDEX,
	};
	struct nh_kernel *k = &b->kernel;
	struct nhrp_pdu pdu;

	(void)state;
	/* It does not answer itself. */
	fake_route(s1, "10.0.2.0/24", FAKE_IFINDEX, "10.0.1.1");
	fake_route(a, "10.0.2.0/24", FAKE_IFINDEX, "10.0.0.1");
	fake_miss(s1, "10.0.2.9");
	fake_deliver(net);
	assert_true(leads_to(s1, "10.0.2.9/32", s2));
	assert_int_equal(b->iface->told.n, 1);
	ev.entry = *fake_entry(b, "10.0.2.9/32");
	k->ops->entry_del(k, FAKE_IFINDEX, &ev.entry.prefix);
	nh_dispatch_event(&b->ifaces, &ev);
	fake_deliver(net);
	assert_null(fake_entry(s1, "10.0.2.9/32"));
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REPLY);
	assert_int_equal(b->iface->requests.n, 0);
}

/* Each tier knows its own clients. */
static void test_tiers(void **state)
{
	(void)state;
	assert_int_equal(fake_entry(central, "10.0.1.1/32")->type,
			 DMVPN_ENTRY_TYPE_REGISTERED);
	assert_int_equal(fake_entry(a, "10.0.1.9/32")->type,
			 DMVPN_ENTRY_TYPE_REGISTERED);
	assert_int_equal(fake_entry(a, "10.0.0.1/32")->type,
			 DMVPN_ENTRY_TYPE_NHS);
	assert_null(fake_entry(central, "10.0.1.9/32"));
	assert_null(fake_entry(a, "10.0.2.9/32"));
}

/* A request crosses three hubs, and the answer none. */
static void test_request_crosses(void **state)
{
	struct fake_node *const way[] = { a, central, b };
	const struct fake_sent *s;
	struct nhrp_pdu pdu;
	size_t first = net->nsent;

	(void)state;
	fake_redirect(a, s1, "10.1.1.1", "10.1.2.1");
	fake_deliver(net);
	/* Indication, request, forwarded thrice, answer */
	assert_int_equal(net->nsent - first, 6);
	s = sent(first + 4, &pdu);
	assert_true(nh_addr_equal(&s->from, &b->nbma));
	assert_true(nh_addr_equal(&s->to, &s2->nbma));
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
	assert_int_equal(pdu.hopcnt, 252);
	assert_true(nh_addr_equal(&pdu.src_nbma, &s1->nbma));
	record_is(&pdu, NHRP_EXT_FORWARD, way, 3);
	s = fake_last(net, &pdu);
	assert_true(nh_addr_equal(&s->from, &s2->nbma));
	assert_true(nh_addr_equal(&s->to, &s1->nbma));
	assert_int_equal(pdu.hopcnt, 255);
	record_is(&pdu, NHRP_EXT_FORWARD, way, 3);
	record_is(&pdu, NHRP_EXT_REVERSE, NULL, 0);
	assert_true(leads_to(s1, "10.1.2.0/24", s2));
	assert_true(leads_to(s1, "10.0.2.9/32", s2));
}

/* Without a way to the requester the answer goes back by the hubs. */
static void test_answer_crosses(void **state)
{
	struct fake_node *const way[] = { b, central, a };
	const struct fake_sent *s;
	struct nhrp_pdu pdu;

	(void)state;
	s2->fail_send = s1->nbma;
	fake_redirect(a, s1, "10.1.1.1", "10.1.2.1");
	fake_deliver(net);
	s = fake_last(net, &pdu);
	assert_true(nh_addr_equal(&s->from, &a->nbma));
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REPLY);
	assert_int_equal(pdu.hopcnt, 252);
	record_is(&pdu, NHRP_EXT_REVERSE, way, 3);
	assert_true(leads_to(s1, "10.1.2.0/24", s2));
}

/* The tunnel address of another hub's client, as "phase 2" asks for it: that
 * hub answers, and its answer comes by hubs that the requester trusts.
 */
static void test_client_of_another(void **state)
{
	const struct fake_sent *s;
	struct nhrp_pdu pdu;

	(void)state;
	fake_miss(s1, "10.0.2.9");
	fake_deliver(net);
	s = fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REPLY);
	assert_true(nh_addr_equal(&s->from, &a->nbma));
	assert_int_equal(s1->iface->stats.count[NH_C_NOT_TRUSTED], 0);
	assert_true(leads_to(s1, "10.0.2.9/32", s2));
}

/* Nobody has it: the topmost hub says so, and its answer finds back. */
static void test_nobody(void **state)
{
	(void)state;
	fake_miss(s1, "10.0.3.3");
	fake_deliver(net);
	assert_int_equal(fake_entry(s1, "10.0.3.3/32")->type,
			 DMVPN_ENTRY_TYPE_NEGATIVE);
}

/* A server tells a hub of a shorter way: its own shortcut changes nothing. */
static void test_redirect_of_hub(void **state)
{
	(void)state;
	fake_redirect(central, a, "10.1.1.1", "10.1.2.1");
	fake_deliver(net);
	assert_true(leads_to(a, "10.1.2.0/24", s2));
	fake_redirect(a, s1, "10.1.1.1", "10.1.2.1");
	fake_deliver(net);
	assert_true(leads_to(s1, "10.1.2.0/24", s2));
}

/* Not even that it asks for itself, if it is told to leave it to the first
 * router on the way.
 */
static void test_no_domino(void **state)
{
	size_t n;

	(void)state;
	a->iface->conf->shortcut = false;
	fake_redirect(central, a, "10.1.1.1", "10.1.2.1");
	n = net->nsent;
	fake_deliver(net);
	assert_int_equal(net->nsent, n);
	assert_null(fake_entry(a, "10.1.2.0/24"));
	fake_redirect(a, s1, "10.1.1.1", "10.1.2.1");
	fake_deliver(net);
	assert_true(leads_to(s1, "10.1.2.0/24", s2));
	assert_int_equal(a->iface->stats.forwarded[NHRP_RESOLUTION_REQUEST],
			 1);
}

/* Routes in a circle: each packet ends, and so does the asking. */
static void test_circle(void **state)
{
	size_t first, i, n;

	(void)state;
	/* Two that point at each other. */
	fake_route(central, "10.9.0.0/16", FAKE_IFINDEX, "10.0.1.1");
	fake_route(a, "10.9.0.0/16", FAKE_IFINDEX, "10.0.0.1");
	fake_route(s1, "10.9.0.0/16", FAKE_IFINDEX, "10.0.1.1");
	first = net->nsent;
	fake_redirect(a, s1, "10.1.1.1", "10.9.9.9");
	fake_deliver(net);
	/* Indication, request, forwarded, refused, refusal forwarded */
	assert_int_equal(net->nsent - first, 5);
	assert_null(fake_entry(s1, "10.9.9.9/32"));

	/* Three: what comes back to the first of them is seen. */
	fake_route(central, "10.8.0.0/16", FAKE_IFINDEX, "10.0.2.1");
	fake_route(a, "10.8.0.0/16", FAKE_IFINDEX, "10.0.0.1");
	fake_route(b, "10.8.0.0/16", FAKE_IFINDEX, "10.0.1.1");
	fake_put(b, "10.0.1.1/32", DMVPN_ENTRY_TYPE_STATIC, "192.0.2.11");
	fake_route(s1, "10.8.0.0/16", FAKE_IFINDEX, "10.0.1.1");
	first = net->nsent;
	fake_redirect(a, s1, "10.1.1.1", "10.8.8.8");
	fake_advance(net, 120000);
	assert_true(a->iface->stats.count[NH_C_LOOP] > 0);
	for (i = first, n = 0; i < net->nsent; i++) {
		struct nhrp_pdu pdu;

		sent(i, &pdu);
		n += pdu.type == NHRP_RESOLUTION_REQUEST;
	}
	/* Five tries of three hops each */
	assert_in_range(n, 4, 24);
	assert_null(fake_entry(s1, "10.8.8.8/32"));
}

/*
 * Two hubs for all spokes, which prefer the first one:
 *
 *      hub a 10.0.0.1    hub b 10.0.0.2
 *          |      \\    //      |
 *      s1 10.0.0.9         s2 10.0.0.10
 *      10.1.1.0/24         10.1.2.0/24
 */
#define BOTH	NHS(11, "0.1") "Priority=1\nMulticast=yes\n" \
		NHS(12, "0.2") "Priority=2\nMulticast=yes\n"

static void routes_of_hub(struct fake_node *hub)
{
	fake_route(hub, "10.0.0.0/16", FAKE_IFINDEX, NULL);
	fake_route(hub, "10.1.1.0/24", FAKE_IFINDEX, "10.0.0.9");
	fake_route(hub, "10.1.2.0/24", FAKE_IFINDEX, "10.0.0.10");
}

static int setup_two(void **state)
{
	(void)state;
	net = fake_net_new();
	a = fake_node(net, "192.0.2.11", NODE(11, "0.1") HUB);
	b = fake_node(net, "192.0.2.12", NODE(12, "0.2") HUB);
	s1 = fake_node(net, "192.0.2.21", NODE(21, "0.9") BOTH);
	s2 = fake_node(net, "192.0.2.22", NODE(22, "0.10") BOTH);
	routes_of_hub(a);
	routes_of_hub(b);
	fake_route(s1, "10.0.0.0/16", FAKE_IFINDEX, NULL);
	fake_route(s1, "10.1.1.0/24", FAKE_LAN, NULL);
	fake_route(s1, "10.1.0.0/16", FAKE_IFINDEX, NULL);
	fake_route(s2, "10.0.0.0/16", FAKE_IFINDEX, NULL);
	fake_route(s2, "10.1.2.0/24", FAKE_LAN, NULL);
	fake_route(s2, "10.1.0.0/16", FAKE_IFINDEX, NULL);
	fake_deliver(net);
	return 0;
}

static const struct nh_nhs *server(const struct fake_node *node,
				   const struct fake_node *hub)
{
	const struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &node->iface->nhs, link)
		if (nh_addr_equal(&nhs->conf.nbma, &hub->nbma))
			return nhs;
	fail();
	return NULL;
}

static bool relays(struct fake_node *node, const char *nbma)
{
	return fake_peer(node, nbma)->flags & DMVPN_PEER_FLAGS_NHS;
}

static void test_both_know(void **state)
{
	(void)state;
	assert_int_equal(server(s1, a)->state, NH_NHS_UP);
	assert_int_equal(server(s1, b)->state, NH_NHS_UP);
	assert_int_equal(fake_entry(a, "10.0.0.9/32")->type,
			 DMVPN_ENTRY_TYPE_REGISTERED);
	assert_int_equal(fake_entry(b, "10.0.0.9/32")->type,
			 DMVPN_ENTRY_TYPE_REGISTERED);
	assert_true(relays(s1, "192.0.2.11") && relays(s1, "192.0.2.12"));
	assert_true(fake_peer(s1, "192.0.2.11")->preference >
		    fake_peer(s1, "192.0.2.12")->preference);
}

/* Before anybody knows that a hub is gone, the second try finds the other. */
static void test_resolves_at_once(void **state)
{
	(void)state;
	fake_kill(a);
	fake_miss(s1, "10.0.0.10");
	fake_advance(net, 500);
	assert_false(leads_to(s1, "10.0.0.10/32", s2));
	assert_int_equal(server(s1, a)->state, NH_NHS_UP);
	fake_advance(net, 800);
	assert_true(leads_to(s1, "10.0.0.10/32", s2));
}

static uint64_t requests(const struct fake_node *hub)
{
	return hub->iface->stats.in[NHRP_RESOLUTION_REQUEST];
}

/* Who told of the shorter way is asked, and not the preferred hub. */
static void test_redirecting_hub(void **state)
{
	(void)state;
	fake_redirect(b, s1, "10.1.1.1", "10.1.2.1");
	fake_advance(net, 3000);
	assert_int_equal(requests(a), 0);
	assert_int_equal(requests(b), 1);
	assert_true(leads_to(s1, "10.1.2.0/24", s2));
}

/* Nor is one that packets do not go by. */
static void test_hub_of_the_route(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_ENTRY_REFRESH,
		.ifindex = FAKE_IFINDEX,
	};

	(void)state;
	fake_route(s1, "10.1.2.0/24", FAKE_IFINDEX, "10.0.0.2");
	fake_redirect(b, s1, "10.1.1.1", "10.1.2.1");
	fake_deliver(net);
	ev.entry = *fake_entry(s1, "10.1.2.0/24");
	nh_dispatch_event(&s1->ifaces, &ev);
	fake_advance(net, 3000);
	assert_int_equal(requests(a), 0);
	assert_int_equal(requests(b), 2);
}

/* The other hub, asked as the first one is silent, knows nothing; the first one
 * may still know.
 */
static void test_second_refuses(void **state)
{
	struct nh_kernel *k = &b->kernel;
	struct nh_prefix host;

	(void)state;
	nh_prefix_parse(&host, "10.0.0.10/32", NULL);
	assert_int_equal(k->ops->entry_del(k, FAKE_IFINDEX, &host), 0);
	fake_kill(a);
	fake_miss(s1, "10.0.0.10");
	fake_advance(net, 1500);
	assert_int_equal(requests(b), 1);
	assert_int_equal(fake_entry(s1, "10.0.0.10/32")->type,
			 DMVPN_ENTRY_TYPE_INCOMPLETE);
	assert_int_equal(fake_start(a, NODE(11, "0.1") HUB), 0);
	fake_advance(net, 8000);
	assert_true(leads_to(s1, "10.0.0.10/32", s2));
}

/* NBMA addresses of two families do not fit into one packet. */
static void test_other_family(void **state)
{
	(void)state;
	fake_put(a, "10.0.0.44/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 "2001:db8::44");
	fake_miss(s1, "10.0.0.44");
	fake_deliver(net);
	assert_int_equal(fake_entry(s1, "10.0.0.44/32")->type,
			 DMVPN_ENTRY_TYPE_NEGATIVE);
}

/* What was resolved by the lost hub stays, is used and is renewed. */
static void test_shortcuts_stay(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_ENTRY_REFRESH,
		.ifindex = FAKE_IFINDEX,
	};

	(void)state;
	fake_redirect(a, s1, "10.1.1.1", "10.1.2.1");
	fake_deliver(net);
	assert_true(leads_to(s1, "10.1.2.0/24", s2));
	fake_kill(a);
	/* A third of the holding time, and three tries */
	fake_advance(net, 22000 + 8000);
	assert_int_equal(server(s1, a)->state, NH_NHS_DOWN);
	assert_int_equal(server(s1, b)->state, NH_NHS_UP);
	assert_false(relays(s1, "192.0.2.11"));
	assert_true(relays(s1, "192.0.2.12"));
	assert_true(leads_to(s1, "10.1.2.0/24", s2));
	ev.entry = *fake_entry(s1, "10.1.2.0/24");
	nh_dispatch_event(&s1->ifaces, &ev);
	fake_advance(net, 40000);
	assert_true(leads_to(s1, "10.1.2.0/24", s2));
	/* New ones come by the other, at once now. */
	fake_redirect(b, s2, "10.1.2.1", "10.1.1.1");
	fake_deliver(net);
	assert_true(leads_to(s2, "10.1.1.0/24", s1));
}

/* The hub comes back, and is preferred again. */
static void test_hub_returns(void **state)
{
	(void)state;
	fake_kill(a);
	fake_advance(net, 40000);
	assert_int_equal(server(s1, a)->state, NH_NHS_DOWN);
	assert_int_equal(fake_start(a, NODE(11, "0.1") HUB), 0);
	fake_advance(net, 71000);
	assert_int_equal(server(s1, a)->state, NH_NHS_UP);
	assert_ptr_equal(nh_nhs_best(s1->iface, AF_INET), server(s1, a));
	assert_true(relays(s1, "192.0.2.11") && relays(s1, "192.0.2.12"));
}

int main(void)
{
#define TIERS(fn) cmocka_unit_test_setup_teardown(fn, setup_tiers, teardown)
#define TWO(fn) cmocka_unit_test_setup_teardown(fn, setup_two, teardown)
	const struct CMUnitTest tests[] = {
		TIERS(test_client_leaves),
		TIERS(test_tiers),
		TIERS(test_request_crosses),
		TIERS(test_answer_crosses),
		TIERS(test_client_of_another),
		TIERS(test_nobody),
		TIERS(test_redirect_of_hub),
		TIERS(test_no_domino),
		TIERS(test_circle),
		TWO(test_both_know),
		TWO(test_resolves_at_once),
		TWO(test_redirecting_hub),
		TWO(test_hub_of_the_route),
		TWO(test_second_refuses),
		TWO(test_other_family),
		TWO(test_shortcuts_stay),
		TWO(test_hub_returns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
