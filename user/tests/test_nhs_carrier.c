// SPDX-License-Identifier: GPL-2.0-or-later
/* IfState=nhrp: the carrier of the device follows the servers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/fake.h"

#define HUB \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\nProtection=none\n"
#define NO_STATE \
	"[Tunnel]\nSource=192.0.2.20\nAddress=10.0.0.20/24\n" \
	"Protection=none\n[NHRP]\nHoldTime=60\n"
#define SPOKE NO_STATE "IfState=nhrp\n"
#define NHS1 "[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"
#define NHS9 "[NHS]\nAddress=10.0.0.9\nNbma=192.0.2.9\n"

static struct fake_net *net;
static struct fake_node *hub, *spoke;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1", HUB);
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
}

static void carrier(bool on, unsigned int times)
{
	assert_int_equal(spoke->link.carrier, on);
	assert_int_equal(spoke->carriers, times);
}

static void test_without(void **state)
{
	(void)state;
	begin(NO_STATE NHS1);
	fake_kill(hub);
	fake_advance(net, 60000);
	carrier(true, 0);
}

/* One of two servers is enough. */
static void test_up_and_down(void **state)
{
	(void)state;
	begin(SPOKE NHS1 NHS9);
	carrier(false, 1);
	assert_true(spoke->link.up);
	fake_advance(net, 10);
	carrier(true, 2);
	fake_advance(net, 100000);
	carrier(true, 2);
	fake_kill(hub);
	fake_advance(net, 60000);
	carrier(false, 3);
	assert_int_equal(fake_start(hub, HUB), 0);
	fake_advance(net, 80000);
	carrier(true, 4);
}

/* A daemon that dies leaves it, and the next one knows no better at first. */
static void test_takeover(void **state)
{
	(void)state;
	begin(SPOKE NHS1);
	fake_advance(net, 10);
	carrier(true, 2);
	fake_kill(spoke);
	carrier(true, 2);
	assert_int_equal(fake_start(spoke, SPOKE NHS1), 0);
	carrier(true, 2);
	fake_advance(net, 10);
	carrier(true, 2);
	fake_kill(spoke);
	fake_kill(hub);
	assert_int_equal(fake_start(spoke, SPOKE NHS1), 0);
	fake_advance(net, 2000);
	carrier(true, 2);
	fake_advance(net, 8000);
	carrier(false, 3);
	fake_kill(spoke);
	assert_int_equal(fake_start(spoke, SPOKE NHS1), 0);
	carrier(false, 3);
	/* Nobody asks for it any more: it does not stay without for ever. */
	fake_kill(spoke);
	assert_int_equal(fake_start(spoke, NO_STATE NHS1), 0);
	carrier(true, 4);
}

static void test_reload(void **state)
{
	(void)state;
	fake_kill(hub);
	begin(SPOKE NHS1);
	fake_advance(net, 10000);
	carrier(false, 1);
	assert_int_equal(nh_iface_reload(spoke->iface,
					 fake_conf(NO_STATE NHS1)), 0);
	carrier(true, 2);
	assert_int_equal(nh_iface_reload(spoke->iface,
					 fake_conf(SPOKE NHS1)), 0);
	carrier(false, 3);
}

/* Registrations need no carrier; a server that stands by is none that is up. */
static void test_cluster(void **state)
{
	(void)state;
	fake_kill(hub);
	begin(SPOKE NHS9 NHS1 "[Cluster]\nId=0\nMaxConnections=1\n");
	fake_advance(net, 5000);
	carrier(false, 1);
	assert_int_equal(fake_start(hub, HUB), 0);
	fake_advance(net, 5000);
	carrier(true, 2);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_without),
		T(test_up_and_down),
		T(test_takeover),
		T(test_reload),
		T(test_cluster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
