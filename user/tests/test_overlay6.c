// SPDX-License-Identifier: GPL-2.0-or-later
/* IPv6 tunnels, beside IPv4 ones, over either family. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "tests/fake.h"

#define NODE(n, nbma) \
	"[Tunnel]\nSource=" nbma #n "\nAddress=10.0.0." #n "/24\n" \
	"Address=fd00::" #n "/64\nMTU=1400\nProtection=none\n" \
	"[NHRP]\nNetworkId=1\nAuthentication=DMVPN\nHoldTime=600\n"
#define NHS(nbma) \
	"[NHS]\nAddress=10.0.0.1\nNbma=" nbma "1\nMulticast=yes\n" \
	"[NHS]\nAddress=fd00::1\nNbma=" nbma "1\nMulticast=yes\n"
#define NHS6(nbma) \
	"[NHS]\nAddress=fd00::1\nNbma=" nbma "1\nMulticast=yes\n"
#define V4	"192.0.2."
#define V6	"2001:db8::"

static struct fake_net *net;
static struct fake_node *hub, *s1, *s2;

static void routes(struct fake_node *node, bool v4, bool is_hub)
{
	fake_route(node, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	fake_route(node, "fd00::/64", FAKE_IFINDEX, NULL);
	/* What the kernel names for link-local addresses is any link. */
	fake_route(node, "fe80::/64", FAKE_LAN, NULL);
	if (is_hub) {
		fake_route(node, "10.1.3.0/24", FAKE_IFINDEX, "10.0.0.3");
		fake_route(node, "fd01:2::/64", FAKE_IFINDEX, "fd00::2");
		fake_route(node, "fd01:3::/64", FAKE_IFINDEX, "fd00::3");
	} else {
		fake_route(node, v4 ? "fd01:2::/64" : "fd01:3::/64", FAKE_LAN,
			   NULL);
		fake_route(node, "fd01::/16", FAKE_IFINDEX, "fd00::1");
	}
}

static void build(const char *nbma, const char *hub_conf, const char *conf_1,
		  const char *conf_2)
{
	char addr[3][NH_ADDR_STRLEN];
	int i;

	for (i = 0; i < 3; i++)
		snprintf(addr[i], sizeof(addr[i]), "%s%d", nbma, i + 1);
	net = fake_net_new();
	hub = fake_node(net, addr[0], hub_conf);
	s1 = fake_node(net, addr[1], conf_1);
	s2 = fake_node(net, addr[2], conf_2);
	routes(hub, false, true);
	routes(s1, true, false);
	routes(s2, false, false);
	fake_deliver(net);
}

static int setup(void **state)
{
	(void)state;
	build(V4, NODE(1, V4) "Redirect=yes\n", NODE(2, V4) NHS(V4),
	      NODE(3, V4) NHS(V4));
	return 0;
}

static int setup_over_v6(void **state)
{
	(void)state;
	build(V6, NODE(1, V6) "Redirect=yes\n", NODE(2, V6) NHS(V6),
	      NODE(3, V6) NHS(V6));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static void leads(struct fake_node *node, const char *prefix, uint32_t type,
		  const struct fake_node *to)
{
	struct dmvpn_nl_entry *e = fake_entry(node, prefix);

	assert_non_null(e);
	assert_int_equal(e->type, type);
	assert_true(nh_addr_equal(&e->nbma, &to->nbma));
}

/* The packet of @type that @node sent for an IPv6 address first. */
static const struct fake_sent *first_of(const struct fake_node *node,
					enum nhrp_type type,
					struct nhrp_pdu *pdu)
{
	struct nhrp_refusal why;
	size_t i;

	for (i = 0; i < net->nsent; i++) {
		const struct fake_sent *s = &net->sent[i];

		assert_true(nhrp_pdu_parse(pdu, s->octets, s->len, &why));
		if (pdu->type == type &&
		    pdu->src_proto.family == AF_INET6 &&
		    nh_addr_equal(&s->from, &node->nbma))
			return s;
	}
	fail();
	return NULL;
}

/* Both overlays, and both addresses of the second one, at both ends. */
static void test_registration(void **state)
{
	const struct nh_nhs *nhs;
	struct nh_addr addr;

	(void)state;
	leads(hub, "10.0.0.2/32", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	leads(hub, "fd00::2/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	leads(hub, "fe80::2/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	leads(s1, "10.0.0.1/32", DMVPN_ENTRY_TYPE_NHS, hub);
	leads(s1, "fd00::1/128", DMVPN_ENTRY_TYPE_NHS, hub);
	leads(s1, "fe80::1/128", DMVPN_ENTRY_TYPE_NHS, hub);
	addr = fake_addr("fd00::2");
	assert_true(nh_addr_equal(&fake_entry(hub, "fe80::2/128")->protocol,
				  &addr));
	LIST_FOREACH(nhs, &s1->iface->nhs, link)
		assert_int_equal(nhs->state, NH_NHS_UP);
	assert_int_equal(s1->npeer, 1);
	assert_true(s1->peer[0].mcast);
	assert_true(s1->peer[0].flags & DMVPN_PEER_FLAGS_NHS);
}

/* The sizes and addresses of Cisco's routers. */
static void test_dialect(void **state)
{
	struct nh_addr global = fake_addr("fd00::2");
	struct nh_addr link_local = fake_addr("fe80::2");
	struct nh_addr hubs = fake_addr("fe80::1");
	const struct fake_sent *s;
	struct nhrp_pdu pdu;

	(void)state;
	s = first_of(s1, NHRP_REGISTRATION_REQUEST, &pdu);
	assert_int_equal(s->len, 161);
	assert_true(nh_addr_equal(&pdu.src_proto, &global));
	assert_int_equal(pdu.ncie, 1);
	assert_true(nh_addr_equal(&pdu.cie[0].proto, &link_local));
	assert_true(nh_addr_equal(&pdu.cie[0].nbma, &s1->nbma));
	s = first_of(hub, NHRP_REGISTRATION_REPLY, &pdu);
	assert_int_equal(s->len, 225);
	assert_int_equal(pdu.ncie, 2);
	assert_true(nh_addr_equal(&pdu.cie[1].proto, &hubs));
	assert_true(nh_addr_equal(&pdu.cie[1].nbma, &hub->nbma));
}

/* Who has no link-local address to tell gets none. */
static void test_without(void **state)
{
	struct nhrp_pdu pdu;

	(void)state;
	build(V4, NODE(1, V4), NODE(2, V4) "RegistrationLinkLocal=no\n"
	      NHS(V4), NODE(3, V4) NHS(V4));
	first_of(s1, NHRP_REGISTRATION_REQUEST, &pdu);
	assert_false(nh_addr_is_set(&pdu.cie[0].proto));
	assert_non_null(fake_entry(hub, "fd00::2/128"));
	assert_null(fake_entry(hub, "fe80::2/128"));
	assert_null(fake_entry(s1, "fe80::1/128"));
	assert_non_null(fake_entry(hub, "fe80::3/128"));
}

/* A neighbour of a routing protocol is known by its link-local address. */
static void test_neighbour(void **state)
{
	(void)state;
	fake_miss(s1, "fe80::3");
	assert_int_equal(fake_entry(s1, "fe80::3/128")->type,
			 DMVPN_ENTRY_TYPE_INCOMPLETE);
	fake_deliver(net);
	leads(s1, "fe80::3/128", DMVPN_ENTRY_TYPE_RESOLVED, s2);
	fake_miss(s1, "fd00::3");
	fake_deliver(net);
	leads(s1, "fd00::3/128", DMVPN_ENTRY_TYPE_RESOLVED, s2);
	/* Nobody has this one. */
	fake_miss(s1, "fe80::9");
	fake_deliver(net);
	assert_int_equal(fake_entry(s1, "fe80::9/128")->type,
			 DMVPN_ENTRY_TYPE_NEGATIVE);
}

static void test_redirect(void **state)
{
	(void)state;
	fake_redirect(hub, s1, "fd01:2::1", "fd01:3::1");
	fake_deliver(net);
	leads(s1, "fd01:3::/64", DMVPN_ENTRY_TYPE_RESOLVED, s2);
	leads(s1, "fd00::3/128", DMVPN_ENTRY_TYPE_RESOLVED, s2);
}

/* One section is down, the other's server is still believed. */
static void test_one_family_down(void **state)
{
	struct nh_nhs *nhs;

	(void)state;
	LIST_FOREACH(nhs, &s1->iface->nhs, link)
		if (nhs->conf.proto.family == AF_INET)
			nhs->state = NH_NHS_DOWN;
	fake_redirect(hub, s1, "fd01:2::1", "fd01:3::1");
	fake_deliver(net);
	leads(s1, "fd01:3::/64", DMVPN_ENTRY_TYPE_RESOLVED, s2);
}

/* A daemon that was started anew does not know what the old one learned, but
 * leaves it alone; without the server it goes.
 */
static void test_restart(void **state)
{
	(void)state;
	fake_kill(s1);
	assert_int_equal(fake_start(s1, NODE(2, V4) NHS(V4)), 0);
	leads(s1, "fe80::1/128", DMVPN_ENTRY_TYPE_NHS, hub);
	fake_deliver(net);
	leads(s1, "fe80::1/128", DMVPN_ENTRY_TYPE_NHS, hub);
	assert_int_equal(nh_iface_reload(s1->iface, fake_conf(NODE(2, V4))),
			 0);
	assert_null(fake_entry(s1, "fe80::1/128"));
	assert_null(fake_entry(s1, "fd00::1/128"));
	/* And the server has forgotten us, by all our names. */
	fake_deliver(net);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	assert_null(fake_entry(hub, "fd00::2/128"));
	assert_null(fake_entry(hub, "fe80::2/128"));
}

/* Left over of a configuration that is gone. */
static void test_left_over(void **state)
{
	(void)state;
	fake_kill(s1);
	assert_int_equal(fake_start(s1, NODE(2, V4)), 0);
	assert_null(fake_entry(s1, "fe80::1/128"));
}

/* Somebody clears the cache: the server's addresses come back at once. */
static void test_cleared(void **state)
{
	struct nh_kernel *k = &s1->kernel;
	struct nh_prefix prefix;

	(void)state;
	nh_prefix_parse(&prefix, "fe80::1/128", NULL);
	assert_int_equal(k->ops->entry_del(k, FAKE_IFINDEX, &prefix), 0);
	leads(s1, "fe80::1/128", DMVPN_ENTRY_TYPE_NHS, hub);
}

/* Another tunnel address brings another link-local one. */
static void test_readdressed(void **state)
{
	(void)state;
	assert_int_equal(nh_iface_reload(s1->iface, fake_conf(
		"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
		"Address=fd00::22/64\nMTU=1400\nProtection=none\n"
		"[NHRP]\nNetworkId=1\nAuthentication=DMVPN\n" NHS(V4))), 0);
	fake_deliver(net);
	leads(hub, "fe80::22/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	leads(hub, "fd00::22/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	assert_null(fake_entry(hub, "fe80::2/128"));
	assert_null(fake_entry(hub, "fd00::2/128"));
}

/* One that has the link-local address of another is refused, and what it would
 * have registered beside it is not there for that.
 */
static void test_conflict(void **state)
{
	const struct nh_nhs *nhs;

	(void)state;
	fake_kill(s2);
	assert_int_equal(fake_start(s2,
		"[Tunnel]\nSource=192.0.2.3\nAddress=fd00::33/64\n"
		"Address=fe80::2/64\nMTU=1400\nProtection=none\n"
		"[NHRP]\nNetworkId=1\nAuthentication=DMVPN\n"
		"[NHS]\nAddress=fd00::1\nNbma=192.0.2.1\n"), 0);
	fake_deliver(net);
	nhs = LIST_FIRST(&s2->iface->nhs);
	assert_int_equal(nhs->state, NH_NHS_DOWN);
	assert_int_equal(nhs->code, NHRP_CODE_ALREADY_REGISTERED);
	leads(hub, "fe80::2/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	assert_null(fake_entry(hub, "fd00::33/128"));
}

static void refused_whole(enum nhrp_code code)
{
	const struct nh_nhs *nhs = LIST_FIRST(&s1->iface->nhs);

	assert_int_equal(nhs->state, NH_NHS_DOWN);
	assert_int_equal(nhs->code, code);
	assert_null(fake_entry(hub, "fd00::2/128"));
	assert_null(fake_entry(hub, "fe80::2/128"));
	assert_false(fake_peer(hub, V4 "2") && fake_peer(hub, V4 "2")->mcast);
}

/* Room for one of the two is none. */
static void test_no_room(void **state)
{
	unsigned int i;
	char text[32];

	(void)state;
	build(V4, NODE(1, V4) "MaxRegistrations=1\n", NODE(2, V4) NHS6(V4),
	      NODE(3, V4) NHS6(V4));
	refused_whole(NHRP_CODE_RESOURCES);
	assert_null(fake_entry(hub, "fd00::3/128"));
	/* Nor in the cache of all. */
	hub->iface->conf->max_registrations = 64;
	for (i = 0; hub->nentry < FAKE_ENTRIES - 1; i++) {
		snprintf(text, sizeof(text), "fd09::%u/128", i + 1);
		fake_put(hub, text, DMVPN_ENTRY_TYPE_STATIC, "192.0.2.99");
	}
	nh_nhs_restart(s1->iface);
	fake_deliver(net);
	refused_whole(NHRP_CODE_RESOURCES);
	hub->nentry--;
	nh_nhs_restart(s1->iface);
	fake_deliver(net);
	leads(hub, "fd00::2/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	leads(hub, "fe80::2/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	assert_true(fake_peer(hub, V4 "2")->mcast);
}

/* An entry of somebody else's, in the place of what is there. */
static void take(const char *prefix)
{
	struct dmvpn_nl_entry *e;

	e = fake_put(hub, prefix, DMVPN_ENTRY_TYPE_REGISTERED, V4 "77");
	e->flags = DMVPN_ENTRY_FLAGS_UNIQUE;
	e->protocol = fake_addr("fd00::77");
}

static void is_taken(const char *prefix)
{
	struct nh_addr nbma = fake_addr(V4 "77");

	assert_non_null(fake_entry(hub, prefix));
	assert_true(nh_addr_equal(&fake_entry(hub, prefix)->nbma, &nbma));
}

static void renew(enum nhrp_code code)
{
	nh_nhs_restart(s1->iface);
	fake_deliver(net);
	assert_int_equal(LIST_FIRST(&s1->iface->nhs)->code, code);
}

/* What one may not have keeps it from the other one as well, whichever it is:
 * one of them is another's, or the link-local one is the server's. What was
 * there of an earlier registration goes, but nothing of the other one.
 */
static void test_not_allowed(void **state)
{
	(void)state;
	build(V4, NODE(1, V4), NODE(2, V4) NHS6(V4), NODE(3, V4));
	leads(hub, "fd00::2/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	leads(hub, "fe80::2/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	take("fd00::2/128");
	renew(NHRP_CODE_ALREADY_REGISTERED);
	assert_null(fake_entry(hub, "fe80::2/128"));
	is_taken("fd00::2/128");
	hub->nentry = 0;
	renew(NHRP_CODE_OK);
	leads(hub, "fd00::2/128", DMVPN_ENTRY_TYPE_REGISTERED, s1);
	take("fe80::2/128");
	renew(NHRP_CODE_ALREADY_REGISTERED);
	assert_null(fake_entry(hub, "fd00::2/128"));
	is_taken("fe80::2/128");
	hub->nentry = 0;
	fake_kill(s1);
	s1->naddr = 0;
	assert_int_equal(fake_start(s1,
		"[Tunnel]\nSource=192.0.2.2\nAddress=fd00::2/64\n"
		"Address=fe80::1/64\nMTU=1400\nProtection=none\n"
		"[NHRP]\nNetworkId=1\nAuthentication=DMVPN\n" NHS6(V4)), 0);
	fake_deliver(net);
	refused_whole(NHRP_CODE_PROHIBITED);
	assert_null(fake_entry(hub, "fe80::1/128"));
}

/* A server that claims the address of another one does not get it. */
static void test_servers_conflict(void **state)
{
	(void)state;
	fake_put(s1, "fe80::1/128", DMVPN_ENTRY_TYPE_STATIC, "192.0.2.77");
	nh_nhs_restart(s1->iface);
	fake_deliver(net);
	assert_int_equal(fake_entry(s1, "fe80::1/128")->type,
			 DMVPN_ENTRY_TYPE_STATIC);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
#define OVER_V6(fn) { #fn " over IPv6", fn, setup_over_v6, teardown, NULL }
	const struct CMUnitTest tests[] = {
		T(test_registration),
		T(test_dialect),
		cmocka_unit_test_teardown(test_without, teardown),
		T(test_neighbour),
		T(test_redirect),
		T(test_one_family_down),
		T(test_restart),
		T(test_left_over),
		T(test_cleared),
		T(test_readdressed),
		T(test_conflict),
		cmocka_unit_test_teardown(test_no_room, teardown),
		cmocka_unit_test_teardown(test_not_allowed, teardown),
		T(test_servers_conflict),
		OVER_V6(test_registration),
		OVER_V6(test_neighbour),
		OVER_V6(test_redirect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
