// SPDX-License-Identifier: GPL-2.0-or-later
/* Clusters of servers: the maximum, the next one, the way back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fake.h"

#define HUB(n) \
	"[Tunnel]\nSource=192.0.2." #n "\nAddress=10.0.0." #n "/24\n" \
	"Protection=none\n"
#define SPOKE \
	"[Tunnel]\nSource=192.0.2.20\nAddress=10.0.0.20/24\n" \
	"Protection=none\n[NHRP]\nHoldTime=60\n"
#define NHS(n, more) \
	"[NHS]\nAddress=10.0.0." #n "\nNbma=192.0.2." #n "\n" \
	"Multicast=yes\n" more
/* Not in the order of their priorities */
#define THREE \
	NHS(2, "Cluster=3\nPriority=20\n") NHS(1, "Cluster=3\nPriority=10\n") \
	NHS(3, "Cluster=3\nPriority=30\n")
#define MAX(n) "[Cluster]\nId=3\nMaxConnections=" #n "\n"
#define BACK "NhsFallback=30\n"

static struct fake_net *net;
static struct fake_node *hub[3], *spoke;

static const char *const hub_conf[] = { HUB(1), HUB(2), HUB(3) };

static int setup(void **state)
{
	static const char *const nbma[] = {
		"192.0.2.1", "192.0.2.2", "192.0.2.3",
	};
	size_t i;

	(void)state;
	net = fake_net_new();
	for (i = 0; i < 3; i++)
		hub[i] = fake_node(net, nbma[i], hub_conf[i]);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static void begin(const char *conf)
{
	spoke = fake_node(net, "192.0.2.20", conf);
	fake_advance(net, 100);
}

static struct nh_nhs *nhs(unsigned int n)
{
	struct nh_addr addr = fake_addr("10.0.0.1");
	struct nh_nhs *server;

	addr.bytes[3] = (uint8_t)n;
	LIST_FOREACH(server, &spoke->iface->nhs, link)
		if (nh_addr_equal(&server->conf.proto, &addr))
			return server;
	fail();
	return NULL;
}

/* "UP DOWN WAIT" of 1, 2 and 3 */
static void states(const char *expected)
{
	char text[64];

	snprintf(text, sizeof(text), "%s %s %s",
		 nh_nhs_state_name(nhs(1)->state),
		 nh_nhs_state_name(nhs(2)->state),
		 nh_nhs_state_name(nhs(3)->state));
	assert_string_equal(text, expected);
}

static bool relays(unsigned int n)
{
	struct dmvpn_nl_peer *peer;
	char text[16];

	snprintf(text, sizeof(text), "192.0.2.%u", n);
	peer = fake_peer(spoke, text);
	return peer && peer->flags & DMVPN_PEER_FLAGS_NHS;
}

static bool has_us(unsigned int n)
{
	return fake_entry(hub[n - 1], "10.0.0.20/32");
}

static void die(unsigned int n)
{
	fake_kill(hub[n - 1]);
}

static void revive(unsigned int n)
{
	assert_int_equal(fake_start(hub[n - 1], hub_conf[n - 1]), 0);
}

/* Until it is registered with, or has been for a while. */
static void wait_for(unsigned int n, enum nh_nhs_state state, uint64_t max)
{
	uint64_t end = nh_loop_now(net->loop) + max;

	while (nhs(n)->state != state && nh_loop_now(net->loop) < end)
		fake_advance(net, 10);
	assert_int_equal(nhs(n)->state, state);
}

static void test_no_maximum(void **state)
{
	(void)state;
	begin(SPOKE THREE);
	states("UP UP UP");
	assert_true(has_us(1) && has_us(2) && has_us(3));
}

/* Zero is no maximum, and neither is one of another cluster. */
static void test_other_cluster(void **state)
{
	(void)state;
	begin(SPOKE NHS(1, "") NHS(2, "Cluster=3\n") NHS(3, "Cluster=3\n")
	      "[Cluster]\nId=0\nMaxConnections=1\n"
	      "[Cluster]\nId=3\nMaxConnections=0\n");
	states("UP UP UP");
}

static void test_maximum(void **state)
{
	(void)state;
	begin(SPOKE THREE MAX(1));
	states("UP WAIT WAIT");
	assert_true(has_us(1));
	assert_false(has_us(2) || has_us(3));
	assert_true(relays(1));
	assert_false(relays(2) || relays(3));
	assert_true(fake_peer(spoke, "192.0.2.1")->mcast);
	assert_false(fake_peer(spoke, "192.0.2.2")->mcast);
	/* Those that wait are left alone. */
	fake_advance(net, 600000);
	states("UP WAIT WAIT");
	assert_int_equal(nhs(2)->last_request, 0);
	assert_true(nh_nhs_best(spoke->iface, AF_INET) == nhs(1));
}

static void test_two_of_three(void **state)
{
	(void)state;
	begin(SPOKE THREE MAX(2));
	states("UP UP WAIT");
	die(2);
	wait_for(2, NH_NHS_DOWN, 60000);
	/* At once. */
	fake_advance(net, 20);
	states("UP DOWN UP");
	assert_true(relays(1) && relays(3));
	assert_false(relays(2));
}

static void test_fallback(void **state)
{
	uint64_t since;

	(void)state;
	begin(SPOKE BACK THREE MAX(1));
	die(1);
	wait_for(1, NH_NHS_DOWN, 60000);
	fake_advance(net, 20);
	states("DOWN UP WAIT");
	assert_true(has_us(2) && relays(2) && !relays(1));
	assert_true(fake_peer(spoke, "192.0.2.2")->mcast);
	/* It is asked again and again while it is away. */
	fake_advance(net, 200000);
	states("DOWN UP WAIT");
	revive(1);
	wait_for(1, NH_NHS_WAIT, 80000);
	since = nh_loop_now(net->loop);
	/* Registered, and yet nothing goes its way for the fallback time. */
	assert_true(has_us(1) && has_us(2));
	states("WAIT UP WAIT");
	assert_false(relays(1));
	fake_advance(net, 29900);
	states("WAIT UP WAIT");
	wait_for(1, NH_NHS_UP, 200);
	assert_in_range(nh_loop_now(net->loop) - since, 29900, 30100);
	states("UP WAIT WAIT");
	assert_true(relays(1));
	assert_false(relays(2));
	/* The other one forgets us. */
	fake_advance(net, 20);
	assert_true(has_us(1));
	assert_false(has_us(2));
	assert_false(fake_peer(spoke, "192.0.2.2")->mcast);
}

static void test_no_fallback_time(void **state)
{
	(void)state;
	begin(SPOKE THREE MAX(1));
	die(1);
	wait_for(1, NH_NHS_DOWN, 60000);
	fake_advance(net, 20);
	states("DOWN UP WAIT");
	revive(1);
	wait_for(1, NH_NHS_UP, 80000);
	states("UP WAIT WAIT");
}

/* With nobody else there is nothing to wait for. */
static void test_back_in_need(void **state)
{
	(void)state;
	begin(SPOKE BACK THREE MAX(1));
	die(1);
	wait_for(1, NH_NHS_DOWN, 60000);
	fake_advance(net, 20);
	revive(1);
	wait_for(1, NH_NHS_WAIT, 80000);
	/* Renewed during the fallback time, the other one goes. */
	fake_advance(net, 5000);
	nh_nhs_restart(spoke->iface);
	die(2);
	fake_drop(net);
	nhs(1)->conf.priority = 10;
	wait_for(2, NH_NHS_WAIT, 40000);
	states("UP WAIT WAIT");
}

/* All are away: all are asked, the first to answer is it. */
static void test_all_away(void **state)
{
	(void)state;
	die(1);
	die(2);
	die(3);
	begin(SPOKE BACK THREE MAX(1));
	states("PROBE WAIT WAIT");
	wait_for(1, NH_NHS_DOWN, 10000);
	states("DOWN PROBE WAIT");
	wait_for(2, NH_NHS_DOWN, 10000);
	wait_for(3, NH_NHS_DOWN, 10000);
	states("DOWN DOWN DOWN");
	assert_true(relays(1) && relays(2) && relays(3));
	revive(3);
	wait_for(3, NH_NHS_UP, 80000);
	states("DOWN DOWN UP");
	revive(2);
	wait_for(2, NH_NHS_UP, 200000);
	states("DOWN UP WAIT");
}

/* It comes and goes within the fallback time: the other one stays. */
static void test_flapping(void **state)
{
	(void)state;
	begin(SPOKE BACK THREE MAX(1));
	die(1);
	wait_for(1, NH_NHS_DOWN, 60000);
	fake_advance(net, 20);
	revive(1);
	wait_for(1, NH_NHS_WAIT, 80000);
	die(1);
	wait_for(1, NH_NHS_DOWN, 29900);
	states("DOWN UP WAIT");
	fake_advance(net, 100000);
	states("DOWN UP WAIT");
}

/* One that has us, but is not used yet, may have been started anew as well. */
static void test_secured_anew(void **state)
{
	const struct nh_endpoint first = { fake_addr("192.0.2.1"), 0 };
	const struct nh_endpoint third = { fake_addr("192.0.2.3"), 0 };
	uint64_t last;

	(void)state;
	begin(SPOKE BACK THREE MAX(1));
	die(1);
	wait_for(1, NH_NHS_DOWN, 60000);
	fake_advance(net, 20);
	revive(1);
	wait_for(1, NH_NHS_WAIT, 80000);
	last = nhs(1)->last_request;
	nh_nhs_secured(spoke->iface, &first, false);
	nh_nhs_secured(spoke->iface, &first, true);
	fake_advance(net, 3000);
	assert_true(nhs(1)->last_request > last);
	states("WAIT UP WAIT");
	/* Not so one that has us not. */
	last = net->nsent;
	nh_nhs_secured(spoke->iface, &third, true);
	fake_advance(net, 3000);
	assert_int_equal(net->nsent, last);
}

static bool mcast(unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "192.0.2.%u", n);
	return fake_peer(spoke, text)->mcast;
}

static void restart(const char *conf)
{
	fake_kill(spoke);
	assert_int_equal(fake_start(spoke, conf), 0);
}

/* A new daemon leaves traffic with the one in use, until it knows better. */
static void test_restart(void **state)
{
	unsigned int i;

	(void)state;
	begin(SPOKE THREE MAX(1));
	die(1);
	wait_for(1, NH_NHS_DOWN, 60000);
	fake_advance(net, 20);
	restart(SPOKE THREE MAX(1));
	states("PROBE WAIT WAIT");
	for (i = 0; i < 1000; i++) {
		assert_true(relays(2) && mcast(2));
		assert_false(relays(1) || relays(3) || mcast(3));
		fake_advance(net, 10);
	}
	states("DOWN UP WAIT");
	/* The other one answers, as it is back. */
	revive(1);
	restart(SPOKE THREE MAX(1));
	states("PROBE WAIT WAIT");
	assert_true(relays(2) && mcast(2));
	fake_advance(net, 20);
	states("UP WAIT WAIT");
	assert_true(relays(1) && mcast(1));
	assert_false(relays(2) || mcast(2) || relays(3) || mcast(3));
}

/* Another cluster, or another one of this, says nothing of the one away. */
static void restart_one_away(const char *conf, unsigned int away,
			     unsigned int kept, const char *before,
			     const char *after)
{
	unsigned int i;

	begin(conf);
	die(away);
	wait_for(away, NH_NHS_DOWN, 60000);
	fake_advance(net, 20);
	states(after);
	restart(conf);
	fake_advance(net, 20);
	states(before);
	for (i = 0; i < 1000; i++) {
		assert_true(mcast(kept));
		fake_advance(net, 10);
	}
	states(after);
	/* It is back: the other one is not needed any more. */
	revive(away);
	restart(conf);
	assert_true(mcast(kept));
	fake_advance(net, 20);
	assert_int_equal(nhs(kept)->state, NH_NHS_WAIT);
	assert_false(mcast(kept) || relays(kept));
	assert_true(mcast(away) && relays(away));
}

static void test_restart_clusters(void **state)
{
	(void)state;
	restart_one_away(SPOKE NHS(1, "Cluster=3\nPriority=10\n")
			 NHS(2, "Cluster=3\nPriority=20\n") NHS(3, "") MAX(1),
			 1, 2, "PROBE WAIT UP", "DOWN UP UP");
}

static void test_restart_two(void **state)
{
	(void)state;
	restart_one_away(SPOKE THREE MAX(2), 1, 3, "PROBE UP WAIT",
			 "DOWN UP UP");
}

/* What we have written ourselves is no news of an earlier daemon. */
static void test_restart_reload(void **state)
{
	(void)state;
	spoke = fake_node(net, "192.0.2.20", SPOKE NHS(1, "") NHS(2, ""));
	assert_true(relays(1) && relays(2));
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		SPOKE "[Tunnel]\nAddress=fd00::20/64\n" NHS(1, "") NHS(2, "")
		"[NHS]\nAddress=fd00::1\nNbma=192.0.2.1\n")), 0);
	assert_int_equal(nhs(2)->state, NH_NHS_PROBE);
	assert_true(relays(1) && relays(2));
}

/* The one in use is gone as well: then any will do. */
static void test_restart_alone(void **state)
{
	(void)state;
	begin(SPOKE THREE MAX(1));
	die(1);
	restart(SPOKE THREE MAX(1));
	assert_true(relays(1) && mcast(1));
	wait_for(1, NH_NHS_DOWN, 10000);
	assert_true(relays(2));
	wait_for(2, NH_NHS_UP, 100);
	states("DOWN UP WAIT");
	assert_true(relays(2) && mcast(2));
	assert_false(relays(1) || relays(3) || mcast(3));
}

static void test_reload(void **state)
{
	(void)state;
	begin(SPOKE THREE);
	states("UP UP UP");
	assert_int_equal(nh_iface_reload(spoke->iface,
					 fake_conf(SPOKE THREE MAX(1))), 0);
	fake_advance(net, 20);
	states("UP WAIT WAIT");
	assert_true(has_us(1));
	assert_false(has_us(2) || has_us(3));
	assert_int_equal(nh_iface_reload(spoke->iface,
					 fake_conf(SPOKE THREE MAX(2))), 0);
	fake_advance(net, 20);
	states("UP UP WAIT");
	/* A better one that is new is tried before the old one is let go. */
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		SPOKE NHS(1, "Cluster=3\nPriority=9\n")
		NHS(2, "Cluster=3\nPriority=8\n")
		NHS(3, "Cluster=3\nPriority=1\n") MAX(1))), 0);
	states("WAIT UP PROBE");
	fake_advance(net, 20);
	states("WAIT WAIT UP");
	assert_true(has_us(3));
	assert_false(has_us(1) || has_us(2));
}

/* Both families of a hub are registered with: each counts on its own. */
static void test_families(void **state)
{
	struct nh_nhs *n;

	(void)state;
	fake_kill(hub[0]);
	assert_int_equal(fake_start(hub[0], HUB(1) "Address=fd00::1/64\n"), 0);
	begin("[Tunnel]\nSource=192.0.2.20\nAddress=10.0.0.20/24\n"
	      "Address=fd00::20/64\nProtection=none\n"
	      NHS(1, "") NHS(2, "")
	      "[NHS]\nAddress=fd00::1\nNbma=192.0.2.1\n"
	      "[Cluster]\nId=0\nMaxConnections=1\n");
	n = LIST_FIRST(&spoke->iface->nhs);
	assert_int_equal(n->state, NH_NHS_UP);
	n = LIST_NEXT(n, link);
	assert_int_equal(n->state, NH_NHS_WAIT);
	n = LIST_NEXT(n, link);
	assert_int_equal(n->state, NH_NHS_UP);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_no_maximum),
		T(test_other_cluster),
		T(test_maximum),
		T(test_two_of_three),
		T(test_fallback),
		T(test_no_fallback_time),
		T(test_back_in_need),
		T(test_all_away),
		T(test_flapping),
		T(test_secured_anew),
		T(test_restart),
		T(test_restart_clusters),
		T(test_restart_two),
		T(test_restart_reload),
		T(test_restart_alone),
		T(test_reload),
		T(test_families),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
