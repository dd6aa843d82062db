// SPDX-License-Identifier: GPL-2.0-or-later
/* What the operator has the daemon forget, and who hears of it. */
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ctl.h"
#include "daemon/daemon.h"
#include "daemon/events.h"
#include "tests/fake.h"

static struct fake_net *net;
static struct fake_node *hub, *s1, *s2;

#define SPOKE(n) \
	"[Tunnel]\nName=tun" #n "\nSource=192.0.2." #n \
	"\nAddress=10.0.0." #n "/24\n" \
	"Protection=none\n[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1",
			"[Tunnel]\nName=tun1\nSource=192.0.2.1\n"
			"Address=10.0.0.1/24\nProtection=none\n"
			"[Map]\nPrefix=10.0.0.200/32\nNbma=192.0.2.200\n");
	s1 = fake_node(net, "192.0.2.2", SPOKE(2));
	s2 = fake_node(net, "192.0.2.3", SPOKE(3));
	fake_deliver(net);
	fake_route(hub, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	fake_route(s1, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	fake_miss(s1, "10.0.0.3");
	fake_deliver(net);
	assert_non_null(fake_entry(s1, "10.0.0.3/32"));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	nh_events_clear();
	return 0;
}

/* The rest of the request @rest, and the whole answer. */
static void clear(struct fake_node *node, const char *rest, const char *text)
{
	struct nh_daemon daemon = { .loop = net->loop,
				    .ifaces = node->ifaces };
	char line[256], *answer;

	snprintf(line, sizeof(line), "{\"cmd\":\"clear\",%s}", rest);
	answer = nh_ctl_answer(&daemon, line, strlen(line));
	assert_non_null(answer);
	answer[strlen(answer) - 1] = '\0';
	assert_string_equal(answer, text);
	free(answer);
	fake_deliver(net);
}

#define CLEARED(n, kept, type, purges) \
	"{\"ok\":true,\"cleared\":" #n ",\"kept\":" #kept \
	",\"kept_type\":" type ",\"purges\":" #purges "}"

static uint32_t type_of(struct fake_node *node, const char *prefix)
{
	struct dmvpn_nl_entry *e = fake_entry(node, prefix);

	return e ? e->type : DMVPN_ENTRY_TYPE_UNSPEC;
}

/* Who was told by the hub forgets as well; others keep theirs. */
static void test_registered(void **state)
{
	(void)state;
	assert_true(fake_peer(hub, "192.0.2.3")->mcast);
	clear(hub, "\"what\":\"nhrp\",\"prefix\":\"10.0.0.3/32\"",
	      CLEARED(1, 0, "null", 1));
	assert_int_equal(type_of(hub, "10.0.0.3/32"), DMVPN_ENTRY_TYPE_UNSPEC);
	assert_int_equal(type_of(s1, "10.0.0.3/32"), DMVPN_ENTRY_TYPE_UNSPEC);
	assert_int_equal(type_of(hub, "10.0.0.2/32"),
			 DMVPN_ENTRY_TYPE_REGISTERED);
	/* The answer came back: nothing is in flight. */
	assert_int_equal(hub->iface->requests.n, 0);
	assert_int_equal(hub->iface->told.n, 0);
	clear(hub, "\"what\":\"nhrp\",\"prefix\":\"10.0.0.3/32\"",
	      CLEARED(0, 0, "null", 0));
}

static void test_all(void **state)
{
	(void)state;
	clear(hub, "\"what\":\"nhrp\"", CLEARED(2, 1, "\"static\"", 1));
	assert_int_equal(type_of(hub, "10.0.0.200/32"),
			 DMVPN_ENTRY_TYPE_STATIC);
	assert_int_equal(type_of(hub, "10.0.0.2/32"), DMVPN_ENTRY_TYPE_UNSPEC);
	/* Of a client its server is left. */
	fake_miss(s1, "10.0.0.77");
	fake_drop(net);
	clear(s1, "\"what\":\"nhrp\",\"dev\":\"tun2\"",
	      CLEARED(1, 1, "\"nhs\"", 0));
	assert_int_equal(type_of(s1, "10.0.0.1/32"), DMVPN_ENTRY_TYPE_NHS);
	assert_int_equal(type_of(s1, "10.0.0.77/32"), DMVPN_ENTRY_TYPE_UNSPEC);
}

static void test_peer(void **state)
{
	(void)state;
	clear(hub, "\"what\":\"nhrp\",\"peer\":\"192.0.2.2\"",
	      CLEARED(1, 0, "null", 0));
	assert_int_equal(type_of(hub, "10.0.0.2/32"), DMVPN_ENTRY_TYPE_UNSPEC);
	assert_int_equal(type_of(hub, "10.0.0.3/32"),
			 DMVPN_ENTRY_TYPE_REGISTERED);
	clear(hub, "\"what\":\"nhrp\",\"peer\":\"192.0.2.200\"",
	      CLEARED(0, 1, "\"static\"", 0));
}

static void test_shortcuts(void **state)
{
	(void)state;
	clear(hub, "\"what\":\"shortcuts\"", CLEARED(0, 0, "null", 0));
	clear(s1, "\"what\":\"shortcuts\",\"prefix\":\"10.1.0.0/16\"",
	      CLEARED(0, 0, "null", 0));
	assert_int_equal(type_of(s1, "10.0.0.3/32"),
			 DMVPN_ENTRY_TYPE_RESOLVED);
	clear(s1, "\"what\":\"shortcuts\",\"prefix\":\"10.0.0.0/24\"",
	      CLEARED(1, 0, "null", 0));
	assert_int_equal(type_of(s1, "10.0.0.3/32"), DMVPN_ENTRY_TYPE_UNSPEC);
	assert_int_equal(type_of(hub, "10.0.0.3/32"),
			 DMVPN_ENTRY_TYPE_REGISTERED);
}

static void test_counters(void **state)
{
	(void)state;
	assert_true(hub->iface->stats.in[NHRP_REGISTRATION_REQUEST] > 0);
	nh_loop_advance(net->loop, 1000);
	fake_drop(net);
	clear(hub, "\"what\":\"counters\"", CLEARED(1, 0, "null", 0));
	assert_int_equal(hub->iface->stats.in[NHRP_REGISTRATION_REQUEST], 0);
	assert_int_equal(hub->iface->stats.since, nh_loop_now(net->loop));
}

static void test_nhs(void **state)
{
	size_t n = net->nsent;
	struct nhrp_pdu pdu;

	(void)state;
	clear(s1, "\"what\":\"nhs\",\"address\":\"10.0.0.9\"",
	      CLEARED(0, 0, "null", 0));
	assert_int_equal(net->nsent, n);
	clear(s1, "\"what\":\"nhs\",\"address\":\"10.0.0.1\"",
	      CLEARED(1, 0, "null", 0));
	assert_int_equal(net->nsent, n + 2);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REPLY);
	assert_int_equal(LIST_FIRST(&s1->iface->nhs)->state, NH_NHS_UP);
	clear(hub, "\"what\":\"nhs\"", CLEARED(0, 0, "null", 0));
}

#define WRONG(why)	"{\"ok\":false,\"error\":\"" why "\"}"

static void test_wrong(void **state)
{
	(void)state;
	clear(hub, "\"what\":\"all\"",
	      WRONG("what: expected nhrp, shortcuts, counters, nhs or ipsec"));
	clear(hub, "\"x\":1",
	      WRONG("what: expected nhrp, shortcuts, counters, nhs or ipsec"));
	clear(hub, "\"what\":\"nhrp\",\"prefix\":\"10.0.0.3/24\"",
	      WRONG("prefix: expected an address block"));
	clear(hub, "\"what\":\"nhrp\",\"peer\":\"x\"",
	      WRONG("peer: expected an address"));
	clear(hub, "\"what\":\"nhs\",\"address\":\"x\"",
	      WRONG("address: expected an address"));
	clear(hub, "\"what\":\"nhrp\",\"dev\":\"tun9\"",
	      WRONG("dev: dmvpnd does not serve this device"));
	clear(hub, "\"what\":\"ipsec\"", WRONG("peer: expected an address"));
	clear(hub, "\"what\":\"ipsec\",\"peer\":\"192.0.2.2\"",
	      CLEARED(0, 0, "null", 0));
	clear(hub, "\"what\":\"ipsec\",\"dev\":\"tun1\",\"peer\":\"192.0.2.2\"",
	      WRONG("the device has no [IPsec]: its SAs are not ours to clear"));
	assert_non_null(fake_entry(hub, "10.0.0.3/32"));
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_registered),
		T(test_all),
		T(test_peer),
		T(test_shortcuts),
		T(test_counters),
		T(test_nhs),
		T(test_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
