// SPDX-License-Identifier: GPL-2.0-or-later
/* Purges: who is told that a binding is gone, when, by which way. */
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
static struct nhrp_pdu pdu;

/* Two spokes with a LAN each; the second one has resolved that of the first. */
static int setup(void **state)
{
	struct cloud c = cloud_build("HoldTime=600\nRegistrationUnique=no\n");

	(void)state;
	net = c.net;
	hub = c.hub;
	s2 = c.s2;
	s3 = c.s3;
	fake_route(hub, "10.1.3.0/24", FAKE_IFINDEX, "10.0.0.3");
	fake_route(s2, "0.0.0.0/0", FAKE_IFINDEX, "10.0.0.1");
	assert_int_equal(s2->watching, 0);
	fake_miss(s3, "10.1.2.9");
	fake_deliver(net);
	assert_non_null(fake_entry(s3, "10.1.2.0/24"));
	assert_non_null(fake_entry(s3, "10.0.0.2/32"));
	return 0;
}

static int teardown(void **state)
{
	int watching;

	(void)state;
	if (s2->iface) {
		nh_iface_close(s2->iface, false);
		s2->iface = NULL;
	}
	watching = s2->watching;
	fake_net_free(net);
	assert_int_equal(watching, 0);
	return 0;
}

static void changed(struct fake_node *node, const char *text)
{
	struct nh_prefix prefix;

	assert_int_equal(nh_prefix_parse(&prefix, text ? text : "0.0.0.0/0",
					 NULL), 0);
	nh_routes_changed(&node->ifaces, text ? &prefix : NULL);
}

/* How many packets of a type were sent since @first. */
static unsigned int sent(size_t first, uint8_t type)
{
	unsigned int n = 0;

	for (; first < net->nsent; first++)
		n += net->sent[first].octets[NHRP_OFF_TYPE] == type;
	return n;
}

/* The route for the prefix goes: the answer that was given for it too. */
static void test_route_goes(void **state)
{
	size_t first = net->nsent;

	(void)state;
	assert_int_equal(s2->watching, 1);
	/* A change elsewhere is none of ours. */
	changed(s2, "10.9.0.0/16");
	fake_advance(net, 2000);
	assert_int_equal(net->nsent, first);
	/* Nor is one that changes nothing. */
	changed(s2, "10.1.2.0/24");
	changed(s2, NULL);
	fake_advance(net, 2000);
	assert_int_equal(net->nsent, first);
	assert_int_equal(s2->watching, 1);

	s2->route[0] = s2->route[--s2->nroute];
	changed(s2, "10.1.2.0/24");
	assert_int_equal(net->nsent, first);
	fake_advance(net, 2000);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 1);
	assert_int_equal(sent(first, NHRP_PURGE_REPLY), 1);
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	/* The node itself is where it was. */
	assert_non_null(fake_entry(s3, "10.0.0.2/32"));
	assert_int_equal(s2->iface->told.n, 0);
	assert_int_equal(s2->iface->requests.n, 0);
	assert_int_equal(s2->watching, 0);
}

/* It moves: the LAN is elsewhere now, with the same prefix, or in part. */
static void test_route_moves(void **state)
{
	(void)state;
	s2->route[0].oif = FAKE_IFINDEX;
	s2->route[0].gateway = fake_addr("10.0.0.3");
	changed(s2, NULL);
	fake_advance(net, 200);
	assert_null(fake_entry(s3, "10.1.2.0/24"));
}

static void test_route_divided(void **state)
{
	(void)state;
	fake_route(s2, "10.1.2.128/25", FAKE_IFINDEX, "10.0.0.3");
	changed(s2, "10.1.2.128/25");
	fake_advance(net, 200);
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	/* The next answer is for the host alone. */
	fake_miss(s3, "10.1.2.9");
	fake_deliver(net);
	assert_non_null(fake_entry(s3, "10.1.2.9/32"));
	assert_null(fake_entry(s3, "10.1.2.0/24"));
}

/* Another LAN interface is no other egress. */
static void test_route_stays(void **state)
{
	(void)state;
	s2->route[0].oif = FAKE_LAN + 1;
	changed(s2, "10.1.2.0/24");
	fake_advance(net, 2000);
	assert_non_null(fake_entry(s3, "10.1.2.0/24"));
}

/* However often routes change, they are looked at once a second. */
static void test_flapping(void **state)
{
	size_t first = net->nsent;
	unsigned int i;

	(void)state;
	for (i = 0; i < 200; i++) {
		s2->route[0].oif = FAKE_IFINDEX;
		changed(s2, "10.1.2.0/24");
		fake_advance(net, 10);
		if (!fake_entry(s3, "10.1.2.0/24")) {
			s2->route[0].oif = FAKE_LAN;
			fake_miss(s3, "10.1.2.9");
			fake_deliver(net);
		}
	}
	assert_in_range(sent(first, NHRP_PURGE_REQUEST), 2, 3);
}

/* Without a reply it is sent three times in all, with one id. */
static void test_retransmitted(void **state)
{
	size_t first = net->nsent;
	uint32_t id;

	(void)state;
	s2->route[0] = s2->route[--s2->nroute];
	changed(s2, "10.1.2.0/24");
	nh_loop_advance(net->loop, 100);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REQUEST);
	assert_int_equal(pdu.flags & NHRP_PURGE_NO_REPLY, 0);
	id = pdu.reqid;
	fake_drop(net);
	nh_loop_advance(net->loop, 1300);
	fake_last(net, &pdu);
	assert_int_equal(pdu.reqid, id);
	fake_drop(net);
	nh_loop_advance(net->loop, 20000);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 3);
	assert_int_equal(s2->iface->requests.n, 0);
	assert_int_equal(s2->iface->stats.count[NH_C_TIMEOUT], 1);
}

/* An error about it ends that, if it is from where the purge went. */
static void test_error_ends_it(void **state)
{
	struct nhrp_self self = { .nbma = fake_addr("192.0.2.3"),
				  .proto = fake_addr("10.0.0.3") };
	struct nhrp_pdu error;
	struct fake_sent *s;

	(void)state;
	s2->route[0] = s2->route[--s2->nroute];
	changed(s2, "10.1.2.0/24");
	nh_loop_advance(net->loop, 100);
	s = &net->sent[net->nsent - 1];
	fake_drop(net);
	nhrp_build_error(&error, &self, NHRP_ERR_AUTH, 0,
			 &s2->iface->conf->addr[0].addr,
			 (struct nh_view){ s->octets, (uint16_t)s->len });
	fake_inject(s2, "192.0.2.9", &error);
	assert_int_equal(s2->iface->requests.n, 1);
	fake_inject(s2, "192.0.2.3", &error);
	assert_int_equal(s2->iface->requests.n, 0);
}

/* Moves a node to another NBMA address, which it is told by its kernel. */
static void move(struct fake_node *node, const char *nbma)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_DEV_CHANGE,
		.ifindex = FAKE_IFINDEX,
	};

	node->nbma = fake_addr(nbma);
	nh_dispatch_event(&node->ifaces, &ev);
	fake_deliver(net);
}

/* A new address is believed of nobody but by way of the server. */
static void test_nbma_moves(void **state)
{
	(void)state;
	move(s2, "192.0.2.77");
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	assert_null(fake_entry(s3, "10.0.0.2/32"));
	assert_int_equal(s2->iface->requests.n, 0);
	fake_miss(s3, "10.1.2.9");
	fake_deliver(net);
	assert_true(nh_addr_equal(&fake_entry(s3, "10.1.2.0/24")->nbma,
				  &s2->nbma));
}

/* With other words for the same tunnel, of which the device may be gone. */
static void reload_at(struct fake_node *node, const char *nbma)
{
	char text[256];

	node->nbma = fake_addr(nbma);
	snprintf(text, sizeof(text), "[Tunnel]\nSource=%s\n"
		 "Address=10.0.0.2/24\nProtection=none\n[NHRP]\n"
		 "HoldTime=600\nRegistrationUnique=no\n"
		 "[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n", nbma);
	assert_int_equal(nh_iface_reload(node->iface, fake_conf(text)), 0);
}

/* The kernel is told by the daemon, and tells nothing that it does not know. */
static void test_nbma_moves_by_reload(void **state)
{
	size_t first = net->nsent;

	(void)state;
	reload_at(s2, "192.0.2.2");
	assert_int_equal(net->nsent, first);
	reload_at(s2, "192.0.2.77");
	move(s2, "192.0.2.77");
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	assert_null(fake_entry(s3, "10.0.0.2/32"));
	assert_false(s2->iface->moved);
}

/* The device is made anew by us, and has another address. */
static void test_nbma_moves_anew(void **state)
{
	(void)state;
	s2->has_link = false;
	reload_at(s2, "192.0.2.77");
	fake_deliver(net);
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	assert_null(fake_entry(s3, "10.0.0.2/32"));
}

/* The same by others. */
static void test_nbma_moves_again(void **state)
{
	(void)state;
	s2->link.ifindex = 55;
	s2->nbma = fake_addr("192.0.2.78");
	nh_iface_again(s2->iface);
	fake_advance(net, 3000);
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	assert_null(fake_entry(s3, "10.0.0.2/32"));
}

/* A node that leaves says so to whom it has answered, and to its server. */
static void test_leaves(void **state)
{
	size_t first = net->nsent;

	(void)state;
	nh_iface_close(s2->iface, true);
	s2->iface = NULL;
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 2);
	fake_deliver(net);
	assert_int_equal(sent(first, NHRP_PURGE_REPLY), 0);
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	assert_null(fake_entry(s3, "10.0.0.2/32"));
	assert_null(fake_entry(hub, "10.0.0.2/32"));
}

static void purge(struct fake_node *at, const char *from, const char *src,
		  const char *dst, const char *prefixes, const char *nbma)
{
	struct nhrp_self self = { .nbma = fake_addr(from),
				  .proto = fake_addr(src) };
	struct nh_addr to = fake_addr(dst);
	struct nh_addr named = { 0 };
	struct nh_prefix p;
	char *list = strdup(prefixes), *at_list = list, *one;

	if (nbma)
		named = fake_addr(nbma);
	assert_non_null(list);
	nhrp_build_purge_request(&pdu, &self, &to, 99, 0);
	while ((one = strsep(&at_list, " "))) {
		assert_int_equal(nh_prefix_parse(&p, one, NULL), 0);
		nhrp_build_purge_add(&pdu, &p, nbma ? &named : NULL);
	}
	free(list);
	fake_inject(at, from, &pdu);
}

/* Nobody takes away what is another's, directly or by way of the server. */
static void test_others(void **state)
{
	(void)state;
	purge(s3, "192.0.2.66", "10.0.0.2", "10.0.0.3", "10.1.2.0/24", NULL);
	purge(s3, "192.0.2.66", "10.0.0.2", "10.0.0.3", "10.0.0.0/8", NULL);
	purge(s3, "192.0.2.66", "10.0.0.2", "10.0.0.3", "10.0.0.1/32", NULL);
	/* By the server, but its source is not there. */
	purge(hub, "192.0.2.66", "10.0.0.2", "10.0.0.3", "10.1.2.0/24", NULL);
	purge(hub, "192.0.2.3", "10.0.0.2", "10.0.0.3", "10.1.2.0/24", NULL);
	fake_deliver(net);
	/* By the server, from a node that another one's entry is not of. */
	purge(s3, "192.0.2.1", "10.0.0.66", "10.0.0.3", "10.1.2.0/24", NULL);
	assert_non_null(fake_entry(s3, "10.1.2.0/24"));
	assert_non_null(fake_entry(s3, "10.0.0.2/32"));
	assert_non_null(fake_entry(s3, "10.0.0.1/32"));
	assert_int_equal(hub->iface->stats.count[NH_C_NOT_TRUSTED], 1);
	assert_int_equal(hub->iface->stats.count[NH_C_NO_ROUTE], 1);
	assert_int_equal(s3->iface->stats.count[NH_C_NOT_TRUSTED], 3);
}

/* An NBMA address names one binding; other ones stay. */
static void test_named(void **state)
{
	(void)state;
	purge(s3, "192.0.2.2", "10.0.0.2", "10.0.0.3", "10.1.2.0/24",
	      "192.0.2.99");
	assert_non_null(fake_entry(s3, "10.1.2.0/24"));
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REPLY);
	purge(s3, "192.0.2.2", "10.0.0.2", "10.0.0.3", "10.1.2.0/24",
	      "192.0.2.2");
	assert_null(fake_entry(s3, "10.1.2.0/24"));
}

/* Several at once, and what is inside of one. */
static void test_several(void **state)
{
	(void)state;
	fake_put(s3, "10.1.4.0/24", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.2");
	fake_put(s3, "10.1.4.7/32", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.2");
	fake_put(s3, "10.1.5.0/24", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.2");
	fake_put(s3, "10.1.6.0/24", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.5");
	fake_put(s3, "10.1.7.0/24", DMVPN_ENTRY_TYPE_STATIC, "192.0.2.2");
	purge(s3, "192.0.2.2", "10.0.0.2", "10.0.0.3",
	      "10.1.2.0/24 10.1.5.0/24", NULL);
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	assert_null(fake_entry(s3, "10.1.5.0/24"));
	assert_non_null(fake_entry(s3, "10.1.4.0/24"));
	purge(s3, "192.0.2.2", "10.0.0.2", "10.0.0.3", "10.1.0.0/16", NULL);
	assert_null(fake_entry(s3, "10.1.4.0/24"));
	assert_null(fake_entry(s3, "10.1.4.7/32"));
	assert_non_null(fake_entry(s3, "10.1.6.0/24"));
	assert_non_null(fake_entry(s3, "10.1.7.0/24"));
}

/* With a node's own binding goes what is reached by it. */
static void test_behind(void **state)
{
	(void)state;
	purge(s3, "192.0.2.1", "10.0.0.1", "10.0.0.3", "10.0.0.2/32", NULL);
	assert_null(fake_entry(s3, "10.0.0.2/32"));
	assert_null(fake_entry(s3, "10.1.2.0/24"));
}

/* An answer from the cache of the server: it tells when the client goes. */
static void test_server_tells(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_ENTRY_GONE,
		.ifindex = FAKE_IFINDEX,
	};
	size_t first;

	(void)state;
	fake_kill(s2);
	fake_miss(s3, "10.0.0.2");
	fake_deliver(net);
	assert_int_equal(hub->iface->told.n, 1);
	/* A server need not look at routes for that. */
	assert_int_equal(hub->watching, 0);
	first = net->nsent;
	/* Somebody clears the cache. */
	ev.entry = *fake_entry(hub, "10.0.0.2/32");
	nh_dispatch_event(&hub->ifaces, &ev);
	fake_deliver(net);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 1);
	assert_null(fake_entry(s3, "10.0.0.2/32"));
}

/* A client withdraws itself, who was told of it is told by the server in its
 * own name, and the client gets its reply.
 */
static void test_client_withdraws(void **state)
{
	struct fake_sent *s;
	struct nhrp_refusal why;
	size_t first;

	(void)state;
	fake_kill(s2);
	fake_miss(s3, "10.0.0.2");
	fake_deliver(net);
	first = net->nsent;
	purge(hub, "192.0.2.2", "10.0.0.2", "10.0.0.1", "10.0.0.2/32", NULL);
	assert_int_equal(net->nsent, first + 2);
	s = &net->sent[first];
	assert_true(nhrp_pdu_parse(&pdu, s->octets, s->len, &why));
	assert_int_equal(pdu.type, NHRP_PURGE_REQUEST);
	assert_true(nh_addr_equal(&s->to, &s3->nbma));
	assert_true(nh_addr_equal(&pdu.src_nbma, &hub->nbma));
	assert_true(nh_addr_equal(&pdu.src_proto,
				  &hub->iface->conf->addr[0].addr));
	assert_true(nh_addr_equal(&pdu.dst_proto,
				  &s3->iface->conf->addr[0].addr));
	assert_int_equal(fake_last(net, &pdu)->to.bytes[3], 2);
	assert_int_equal(pdu.type, NHRP_PURGE_REPLY);
	assert_int_equal(pdu.reqid, 99);
	fake_deliver(net);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	assert_null(fake_entry(s3, "10.0.0.2/32"));
	assert_int_equal(hub->iface->requests.n, 0);
}

/* It need not know the server's address, as when it registers. */
static void test_to_itself(void **state)
{
	size_t first = net->nsent;

	(void)state;
	purge(hub, "192.0.2.66", "10.0.0.2", "10.0.0.2", "10.0.0.2/32", NULL);
	assert_non_null(fake_entry(hub, "10.0.0.2/32"));
	assert_int_equal(hub->iface->stats.count[NH_C_NOT_TRUSTED], 1);
	purge(hub, "192.0.2.2", "10.0.0.2", "10.0.0.2", "10.0.0.2/32", NULL);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	assert_int_equal(sent(first, NHRP_PURGE_REPLY), 2);
	assert_int_equal(sent(first, NHRP_ERROR_INDICATION), 0);
	assert_int_equal(fake_last(net, &pdu)->to.bytes[3], 2);
	assert_true(nh_addr_equal(&pdu.dst_proto, &pdu.src_proto));
}

/* Many answers to one node go in few packets. */
static void test_together(void **state)
{
	size_t first;
	unsigned int i;

	(void)state;
	for (i = 0; i < 20; i++) {
		struct nh_telling what = {
			.dst = fake_addr("10.1.2.9"),
			.egress = true,
			.requester = fake_addr("10.0.0.3"),
			.ep = { .nbma = fake_addr("192.0.2.3") },
		};

		what.dst.bytes[3] = (uint8_t)(10 + i);
		nh_prefix_make(&what.prefix, &what.dst, 32);
		nh_told_add(s2->iface, &what, 600);
	}
	first = net->nsent;
	nh_told_purge(s2->iface, NULL, NULL, false);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 3);
	fake_last(net, &pdu);
	assert_int_equal(pdu.ncie, 21 - 2 * NHRP_MAX_CIES);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_route_goes),
		T(test_route_moves),
		T(test_route_divided),
		T(test_route_stays),
		T(test_flapping),
		T(test_retransmitted),
		T(test_error_ends_it),
		T(test_nbma_moves),
		T(test_nbma_moves_by_reload),
		T(test_nbma_moves_anew),
		T(test_nbma_moves_again),
		T(test_leaves),
		T(test_others),
		T(test_named),
		T(test_several),
		T(test_behind),
		T(test_server_tells),
		T(test_client_withdraws),
		T(test_to_itself),
		T(test_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
