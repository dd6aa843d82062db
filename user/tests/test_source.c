// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices named in Source= that come late, go, and come back. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/daemon.h"
#include "lib/log.h"
#include "tests/fake.h"

#define TUNNEL "[Tunnel]\nSource=eth0\nAddress=10.0.0.2/24\nProtection=none\n"
#define NHS "[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"

static struct fake_net *net;
static struct fake_node *node, *other;
static const char *why;
static unsigned int said;
static struct nh_daemon daemon_;

/* How often a server is DOWN because of @why. */
static void listen_to(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	said += level == NH_LOG_WARNING && strstr(line, "NHS 10.0.0.1 is DOWN") &&
		strstr(line, why);
}

static void listen_for(const char *reason)
{
	why = reason;
	said = 0;
	nh_log_sink(listen_to, NULL);
}

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	node = fake_node(net, "192.0.2.2", NULL);
	other = fake_node(net, "192.0.2.1", NULL);
	daemon_ =
		(struct nh_daemon){.loop = net->loop, .kernel = &node->kernel};
	LIST_INIT(&daemon_.ifaces);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	nh_daemon_stop(&daemon_, false);
	fake_net_free(net);
	return 0;
}

static int start(const char *conf)
{
	struct nh_conf_set set = {calloc(1, sizeof(struct nh_conf *)), 1};

	set.conf[0] = fake_conf(conf);
	return nh_daemon_start(&daemon_, &set);
}

static struct nh_iface *iface(void)
{
	return LIST_FIRST(&daemon_.ifaces);
}

static void test_late(void **state)
{
	(void)state;
	node->eth0 = 0;
	assert_int_equal(start(TUNNEL NHS), 0);
	assert_null(iface());
	assert_false(node->has_link);
	/* It is none of those. */
	nh_daemon_link(&daemon_, "eth1");
	nh_daemon_link(&daemon_, "eth0");
	nh_daemon_link(&daemon_, NULL);
	assert_null(iface());
	/* Source= may be another name of it than the event has. */
	node->eth0 = 77;
	nh_daemon_link(&daemon_, "enp1s0");
	assert_non_null(iface());
	assert_int_equal(node->link.link, 77);
	assert_int_equal(net->nsent, 1);
	/* Once only. */
	nh_daemon_link(&daemon_, NULL);
	assert_null(LIST_NEXT(iface(), link));
	assert_int_equal(node->created, 1);
}

/* All that was heard is lost. */
static void test_late_unheard(void **state)
{
	(void)state;
	node->eth0 = 0;
	assert_int_equal(start(TUNNEL), 0);
	node->eth0 = 77;
	nh_daemon_link(&daemon_, NULL);
	assert_int_equal(node->link.link, 77);
}

static void test_back_again(void **state)
{
	(void)state;
	assert_int_equal(start(TUNNEL), 0);
	assert_int_equal(node->link.link, FAKE_LAN);
	node->link.ttl = 9;
	node->eth0 = 0;
	nh_daemon_link(&daemon_, "eth0");
	assert_int_equal(node->link.link, FAKE_LAN);
	node->eth0 = 78;
	node->fail_link_set = -ENOMEM;
	nh_daemon_link(&daemon_, "eth0");
	assert_int_equal(node->link.link, FAKE_LAN);
	nh_daemon_link(&daemon_, "eth0");
	assert_int_equal(node->link.link, 78);
	/* And nothing else was written. */
	assert_int_equal(node->link.ttl, 9);
	/* Nothing at all if it is the same. */
	node->fail_link_set = -ENOMEM;
	nh_daemon_link(&daemon_, "eth0");
	assert_int_equal(node->fail_link_set, -ENOMEM);
	node->fail_link_set = 0;
}

static void test_reload_without(void **state)
{
	(void)state;
	assert_int_equal(start(TUNNEL), 0);
	node->eth0 = 0;
	assert_int_equal(nh_iface_reload(iface(), fake_conf(TUNNEL "TTL=7\n")),
			 0);
	assert_int_equal(node->link.ttl, 7);
	assert_int_equal(node->link.link, FAKE_LAN);
	/* It has the index of before. */
	node->link.link = 0;
	node->eth0 = FAKE_LAN;
	nh_daemon_link(&daemon_, "eth0");
	assert_int_equal(node->link.link, FAKE_LAN);
}

static void test_reload_to_none(void **state)
{
	struct nh_conf *conf;

	(void)state;
	assert_int_equal(
		start("[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
		      "Protection=none\n"),
		0);
	node->eth0 = 0;
	conf = fake_conf(TUNNEL);
	assert_int_equal(nh_iface_reload(iface(), conf), -ENODEV);
	nh_conf_free(conf);
	/* A tunnel that is made then would be bound to nothing. */
	node->eth0 = FAKE_LAN;
	assert_int_equal(nh_iface_reload(iface(), fake_conf(TUNNEL)), 0);
	node->eth0 = 0;
	node->has_link = false;
	conf = fake_conf(TUNNEL);
	assert_int_equal(nh_iface_reload(iface(), conf), -ENODEV);
	nh_conf_free(conf);
	assert_false(node->has_link);
}

/* "ip link del" and "ip link add", by somebody else */
static void test_made_anew(void **state)
{
	(void)state;
	assert_int_equal(start(TUNNEL NHS), 0);
	assert_int_equal(net->nsent, 1);
	nh_daemon_link(&daemon_, iface()->conf->name);
	assert_int_equal(net->nsent, 1);
	node->link.ifindex = 55;
	node->link.link = 0;
	node->link.up = false;
	node->nentry = 0;
	node->npeer = 0;
	node->bound = 0;
	/* Whoever made it has its time to give it an address. */
	nh_daemon_link(&daemon_, iface()->conf->name);
	nh_loop_advance(net->loop, 5900);
	assert_int_equal(node->bound, 0);
	node->link.up = true;
	nh_daemon_link(&daemon_, iface()->conf->name);
	nh_loop_advance(net->loop, 200);
	assert_int_equal(node->bound, 55);
	assert_int_equal(node->link.link, FAKE_LAN);
	assert_true(node->link.up);
	assert_non_null(fake_entry(node, "10.0.0.1/32"));
	assert_true(net->nsent > 1);
}

/* "ip link set dmvpn0 down", and up a while later: the next try may be far. */
static void test_up_again(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(start(TUNNEL NHS), 0);
	node->link.up = false;
	n = net->nsent;
	listen_for("the device is not up");
	nh_daemon_link(&daemon_, iface()->conf->name);
	nh_loop_advance(net->loop, 200000);
	assert_int_equal(said, 1);
	nh_daemon_link(&daemon_, iface()->conf->name);
	assert_int_equal(net->nsent, n);
	node->link.up = true;
	nh_daemon_link(&daemon_, "eth0");
	assert_int_equal(net->nsent, n);
	nh_daemon_link(&daemon_, iface()->conf->name);
	assert_int_equal(net->nsent, n + 1);
	/* What has left is not sent again. */
	nh_daemon_link(&daemon_, iface()->conf->name);
	assert_int_equal(net->nsent, n + 1);
}

/* It is up again, but what is wrong now is something else. */
static void test_up_without_address(void **state)
{
	(void)state;
	assert_int_equal(start(TUNNEL NHS), 0);
	node->link.up = false;
	nh_loop_advance(net->loop, 2000);
	assert_true(LIST_FIRST(&iface()->nhs)->down);
	node->link.up = true;
	node->nbma = fake_addr("2001:db8::2");
	listen_for("no local NBMA address");
	nh_iface_locals(iface());
	nh_loop_advance(net->loop, 10000);
	assert_int_equal(said, 1);
}

/* Somebody who does not bring it up does not keep it from us for ever. */
static void test_made_anew_down(void **state)
{
	(void)state;
	assert_int_equal(start(TUNNEL NHS), 0);
	node->link.ifindex = 55;
	node->link.up = false;
	node->bound = 0;
	nh_daemon_link(&daemon_, iface()->conf->name);
	nh_loop_advance(net->loop, 9900);
	assert_int_equal(node->bound, 0);
	nh_loop_advance(net->loop, 200);
	assert_int_equal(node->bound, 55);
	assert_true(node->link.up);
}

/* One that cannot be had is left alone, as what was tried changes it, too. */
static void test_made_anew_refused(void **state)
{
	(void)state;
	assert_int_equal(start(TUNNEL NHS), 0);
	node->link.ifindex = 55;
	node->bound = 0;
	node->owner_taken = true;
	nh_daemon_link(&daemon_, NULL);
	nh_loop_advance(net->loop, 3000);
	node->owner_taken = false;
	nh_daemon_link(&daemon_, NULL);
	nh_loop_advance(net->loop, 3000);
	assert_int_equal(node->bound, 0);
	assert_int_equal(nh_iface_reload(iface(), fake_conf(TUNNEL NHS)), 0);
	assert_int_equal(node->bound, 55);
}

/* Nor is one that is bound to nothing, while the underlay device is away. */
static void test_made_anew_unbound(void **state)
{
	(void)state;
	assert_int_equal(start(TUNNEL NHS), 0);
	node->eth0 = 0;
	node->link.ifindex = 55;
	node->link.link = 0;
	node->bound = 0;
	nh_daemon_link(&daemon_, NULL);
	nh_loop_advance(net->loop, 3000);
	assert_int_equal(node->bound, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_late, setup, teardown),
		cmocka_unit_test_setup_teardown(test_late_unheard, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_back_again, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_reload_without, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_reload_to_none, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_made_anew, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_up_again, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_up_without_address, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_made_anew_down, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_made_anew_refused, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_made_anew_unbound, setup,
						teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
