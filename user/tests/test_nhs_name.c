// SPDX-License-Identifier: GPL-2.0-or-later
/* Servers by name: looked up, looked up again, moved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/log.h"
#include "tests/fake.h"
#include "tests/fake_names.h"

#define HUB(nbma) \
	"[Tunnel]\nSource=" nbma "\nAddress=10.0.0.1/24\nProtection=none\n"
#define SPOKE \
	"[Tunnel]\nSource=192.0.2.20\nAddress=10.0.0.20/24\n" \
	"Protection=none\n[NHRP]\nHoldTime=60\n"
#define NAME "hub.example.net"
#define NHS "[NHS]\nAddress=10.0.0.1\nNbma=" NAME "\nMulticast=yes\n"

static struct fake_net *net;
static struct fake_node *hub[2], *spoke;
static unsigned int complaints;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	hub[0] = fake_node(net, "192.0.2.1", HUB("192.0.2.1"));
	hub[1] = fake_node(net, "192.0.2.9", HUB("192.0.2.9"));
	spoke = fake_node(net, "192.0.2.20", NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static void begin(const char *list)
{
	fake_names_set(net->names, NAME, list);
	assert_int_equal(fake_start(spoke, SPOKE NHS), 0);
}

static struct nh_nhs *nhs(void)
{
	return LIST_FIRST(&spoke->iface->nhs);
}

static void is_at(const char *nbma)
{
	struct nh_addr addr = fake_addr(nbma);

	assert_int_equal(nhs()->state, NH_NHS_UP);
	assert_true(nh_addr_equal(&nhs()->conf.nbma, &addr));
	assert_true(nh_addr_equal(&fake_entry(spoke, "10.0.0.1/32")->nbma,
				  &addr));
	assert_true(fake_peer(spoke, nbma)->flags & DMVPN_PEER_FLAGS_NHS);
	assert_true(fake_peer(spoke, nbma)->mcast);
}

static void is_left(const char *nbma)
{
	assert_false(fake_peer(spoke, nbma)->flags & DMVPN_PEER_FLAGS_NHS);
	assert_false(fake_peer(spoke, nbma)->mcast);
}

static void test_resolved(void **state)
{
	(void)state;
	begin("192.0.2.1");
	/* Nothing goes to nowhere. */
	assert_int_equal(net->nsent, 0);
	assert_null(fake_entry(spoke, "10.0.0.1/32"));
	fake_advance(net, 110);
	is_at("192.0.2.1");
	assert_non_null(fake_entry(hub[0], "10.0.0.20/32"));
	assert_int_equal(fake_names_asked(net->names), 1);
	/* Looked up again after a while, and found where it was. */
	fake_advance(net, 260000);
	assert_int_equal(fake_names_asked(net->names), 1);
	fake_advance(net, 80000);
	assert_int_equal(fake_names_asked(net->names), 2);
	is_at("192.0.2.1");
}

/* What cannot be sent to is passed over. */
static void test_usable(void **state)
{
	(void)state;
	begin("2001:db8::1 127.0.0.1 192.0.2.20 192.0.2.9");
	fake_advance(net, 110);
	is_at("192.0.2.9");
}

static void test_moved(void **state)
{
	(void)state;
	begin("192.0.2.1");
	fake_advance(net, 110);
	is_at("192.0.2.1");
	fake_names_set(net->names, NAME, "192.0.2.9");
	/* Not before it is asked again. */
	fake_advance(net, 100000);
	is_at("192.0.2.1");
	fake_advance(net, 240000);
	is_at("192.0.2.9");
	is_left("192.0.2.1");
	assert_non_null(fake_entry(hub[1], "10.0.0.20/32"));
}

/* A server that does not answer is looked for at once. */
static void test_lost(void **state)
{
	(void)state;
	begin("192.0.2.1");
	fake_advance(net, 110);
	fake_names_set(net->names, NAME, "192.0.2.9");
	fake_kill(hub[0]);
	fake_advance(net, 40000);
	is_at("192.0.2.9");
	is_left("192.0.2.1");
}

/* Of several addresses, the next one when the server does not answer. */
static void test_several(void **state)
{
	(void)state;
	fake_kill(hub[0]);
	begin("192.0.2.1 192.0.2.9");
	fake_advance(net, 3000);
	assert_int_equal(nhs()->state, NH_NHS_PROBE);
	fake_advance(net, 15000);
	is_at("192.0.2.9");
	/* And back by the same way. */
	assert_int_equal(fake_start(hub[0], HUB("192.0.2.1")), 0);
	fake_kill(hub[1]);
	fake_advance(net, 60000);
	is_at("192.0.2.1");
	is_left("192.0.2.9");
}

static void hear(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	complaints += level <= NH_LOG_WARNING &&
		      strstr(line, "is not resolved: no such name");
}

/* Without an answer it is asked for more and more seldom, and told once. */
static void test_failure(void **state)
{
	unsigned int asked;

	(void)state;
	complaints = 0;
	nh_log_sink(hear, NULL);
	begin("");
	fake_advance(net, 30000);
	assert_int_equal(nhs()->state, NH_NHS_DOWN);
	assert_int_equal(net->nsent, 0);
	assert_int_equal(complaints, 1);
	asked = fake_names_asked(net->names);
	assert_in_range(asked, 3, 8);
	fake_advance(net, 600000);
	assert_in_range(fake_names_asked(net->names) - asked, 6, 30);
	assert_int_equal(complaints, 1);
	fake_names_set(net->names, NAME, "192.0.2.1");
	fake_advance(net, 100000);
	is_at("192.0.2.1");
	/* The name goes: the server that answers is kept. */
	fake_names_set(net->names, NAME, "");
	fake_advance(net, 400000);
	is_at("192.0.2.1");
	assert_int_equal(complaints, 2);
}

/* The next daemon goes on with what the kernel has, and then by the name. */
static void test_takeover(void **state)
{
	(void)state;
	begin("192.0.2.1");
	fake_advance(net, 110);
	fake_kill(spoke);
	fake_names_set(net->names, NAME, "");
	assert_int_equal(fake_start(spoke, SPOKE NHS), 0);
	fake_advance(net, 20);
	is_at("192.0.2.1");
	fake_kill(spoke);
	fake_names_set(net->names, NAME, "192.0.2.9");
	assert_int_equal(fake_start(spoke, SPOKE NHS), 0);
	fake_advance(net, 120);
	is_at("192.0.2.9");
	is_left("192.0.2.1");
}

static void test_reload(void **state)
{
	(void)state;
	begin("192.0.2.1");
	fake_advance(net, 110);
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(SPOKE NHS)),
			 0);
	is_at("192.0.2.1");
	assert_int_equal(fake_names_asked(net->names), 1);
	/* Another name, in the middle of whose lookup it ends. */
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(SPOKE
		"[NHS]\nAddress=10.0.0.1\nNbma=other.example.net\n")), 0);
	assert_int_equal(fake_names_asked(net->names), 2);
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(SPOKE
		"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.9\n"
		"Multicast=yes\n")), 0);
	fake_advance(net, 20);
	is_at("192.0.2.9");
	is_left("192.0.2.1");
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_resolved),
		T(test_usable),
		T(test_moved),
		T(test_lost),
		T(test_several),
		T(test_failure),
		T(test_takeover),
		T(test_reload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
