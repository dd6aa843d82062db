// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices: created, taken over by a new daemon, changed by a reload. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/daemon.h"
#include "daemon/dispatch.h"
#include "lib/log.h"
#include "tests/fake.h"
#include "tests/fake_kernel.h"

#define TUNNEL \
	"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\nProtection=none\n"
#define NHS "[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\nMulticast=yes\n"
#define MAP "[Map]\nPrefix=10.0.0.9/32\nNbma=192.0.2.9\nMulticast=yes\n"

static struct fake_net *net;
static struct fake_node *node;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	node = fake_node(net, "192.0.2.2", NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static void test_create(void **state)
{
	(void)state;
	assert_int_equal(fake_start(node, TUNNEL "Key=0\nTTL=64\n" NHS MAP), 0);
	assert_true(node->has_link);
	assert_true(node->link.up);
	/* An IPv6 address may come later, and its link-local one with it. */
	assert_true(node->link.present & DMVPN_NL_LINK_NO_ADDRGEN);
	assert_true(DMVPN_NL_HAS(&node->link, IFLA_DMVPN_KEY));
	assert_int_equal(node->link.ttl, 64);
	assert_int_equal(node->link.protection, DMVPN_PROTECTION_NONE);
	assert_false(DMVPN_NL_HAS(&node->link, IFLA_DMVPN_LINK));
	assert_false(DMVPN_NL_HAS(&node->link, IFLA_DMVPN_MAX_PEERS));
	assert_int_equal(node->naddr, 1);
	assert_int_equal(fake_entry(node, "10.0.0.9/32")->type,
			 DMVPN_ENTRY_TYPE_STATIC);
	assert_true(fake_peer(node, "192.0.2.9")->mcast);
}

static void test_source_device(void **state)
{
	(void)state;
	assert_int_equal(fake_start(node, "[Tunnel]\nSource=eth0\n"
				    "Address=10.0.0.2/24\n"), 0);
	assert_int_equal(node->link.link, FAKE_LAN);
}

static void test_cannot(void **state)
{
	(void)state;
	assert_int_equal(fake_start(node, "[Tunnel]\nSource=eth7\n"
				    "Address=10.0.0.2/24\n"), -ENODEV);
	assert_false(node->has_link);
	/* What was created for nothing is removed. */
	node->owner_taken = true;
	assert_int_equal(fake_start(node, TUNNEL), -EBUSY);
	assert_false(node->has_link);
	node->owner_taken = false;
	node->foreign = true;
	assert_int_equal(fake_start(node, TUNNEL), -EMEDIUMTYPE);
	node->foreign = false;
	assert_int_equal(fake_start(node, TUNNEL), 0);
	/* What was there is not. */
	fake_kill(node);
	node->owner_taken = true;
	assert_int_equal(fake_start(node, TUNNEL), -EBUSY);
	assert_true(node->has_link);
}

/* Killed and started again: nothing that forwards is touched. */
static void test_restart(void **state)
{
	struct dmvpn_nl_entry *e;
	unsigned int sets;
	size_t n;

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL NHS MAP), 0);
	e = fake_put(node, "10.0.0.7/32", DMVPN_ENTRY_TYPE_REGISTERED,
		     "192.0.2.7");
	e->flags = DMVPN_ENTRY_FLAGS_UNIQUE;
	fake_put(node, "10.7.0.0/16", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.7");
	fake_put(node, "10.0.0.50/32", DMVPN_ENTRY_TYPE_STATIC, "192.0.2.50");
	fake_put(node, "10.0.0.51/32", DMVPN_ENTRY_TYPE_INCOMPLETE, NULL);
	fake_put(node, "10.0.0.52/32", DMVPN_ENTRY_TYPE_NEGATIVE, NULL);
	n = node->nentry;
	sets = node->sets;
	fake_kill(node);
	assert_int_equal(node->nentry, n);
	assert_int_equal(fake_start(node, TUNNEL NHS MAP), 0);
	/* Only the request that nobody waits for any more is gone. */
	assert_int_equal(node->sets, sets);
	assert_int_equal(node->nentry, n - 1);
	assert_null(fake_entry(node, "10.0.0.51/32"));
	e = fake_entry(node, "10.0.0.7/32");
	assert_int_equal(e->flags, DMVPN_ENTRY_FLAGS_UNIQUE);
	assert_int_equal(fake_peer(node, "192.0.2.1")->flags,
			 DMVPN_PEER_FLAGS_NHS);
	/* It registers again. */
	assert_int_equal(net->nsent, 2);
}

/* The configuration changed while no daemon ran. */
static void test_restart_without(void **state)
{
	(void)state;
	assert_int_equal(fake_start(node, TUNNEL NHS MAP), 0);
	fake_put(node, "10.0.0.50/32", DMVPN_ENTRY_TYPE_STATIC, "192.0.2.50");
	fake_kill(node);
	assert_int_equal(fake_start(node, TUNNEL "[NHRP]\nNetworkId=7\n"), 0);
	assert_null(fake_entry(node, "10.0.0.1/32"));
	assert_null(fake_entry(node, "10.0.0.9/32"));
	/* That one was made by hand. */
	assert_non_null(fake_entry(node, "10.0.0.50/32"));
	assert_int_equal(fake_peer(node, "192.0.2.1")->flags, 0);
	assert_int_equal(node->link.network_id, 7);
}

static void test_reload(void **state)
{
	struct nh_conf *conf;

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL "Address=fd00::2/64\n"
				    NHS MAP), 0);
	/* With its link-local one, which goes with it. */
	assert_int_equal(node->naddr, 3);
	assert_int_equal(nh_iface_reload(node->iface, fake_conf(
		TUNNEL "Address=10.1.0.2/24\nTTL=9\n" NHS
		"[Map]\nPrefix=10.0.0.10/32\nNbma=192.0.2.10\n")), 0);
	assert_int_equal(node->naddr, 2);
	assert_int_equal(node->link.ttl, 9);
	assert_null(fake_entry(node, "10.0.0.9/32"));
	assert_non_null(fake_entry(node, "10.0.0.10/32"));
	assert_false(fake_peer(node, "192.0.2.10")->mcast);
	assert_false(fake_peer(node, "192.0.2.9")->mcast);
	/* Refused by the kernel: all stays. */
	conf = fake_conf(TUNNEL "TTL=11\n");
	node->fail_link_set = -EOPNOTSUPP;
	assert_int_equal(nh_iface_reload(node->iface, conf), -EOPNOTSUPP);
	nh_conf_free(conf);
	assert_int_equal(node->link.ttl, 9);
	assert_non_null(fake_entry(node, "10.0.0.1/32"));
	assert_int_equal(node->iface->conf->nnhs, 1);
}

/* A new password is used at once. */
/* What was a server's address is a mapping now. */
static void test_reload_to_map(void **state)
{
	(void)state;
	assert_int_equal(fake_start(node, TUNNEL NHS), 0);
	assert_int_equal(fake_entry(node, "10.0.0.1/32")->type,
			 DMVPN_ENTRY_TYPE_NHS);
	assert_int_equal(nh_iface_reload(node->iface, fake_conf(TUNNEL
			"[Map]\nPrefix=10.0.0.1/32\nNbma=192.0.2.1\n")), 0);
	assert_non_null(fake_entry(node, "10.0.0.1/32"));
	assert_int_equal(fake_entry(node, "10.0.0.1/32")->type,
			 DMVPN_ENTRY_TYPE_STATIC);
	/* One that the kernel refuses is told. */
	node->fail_entry_set = -ENOSPC;
	assert_int_equal(nh_iface_reload(node->iface, fake_conf(TUNNEL MAP)),
			 -ENOSPC);
	node->fail_entry_set = 0;
}

static void test_reload_registers(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL NHS), 0);
	n = net->nsent;
	assert_int_equal(nh_iface_reload(node->iface,
					 fake_conf(TUNNEL NHS)), 0);
	assert_int_equal(net->nsent, n);
	assert_int_equal(nh_iface_reload(node->iface, fake_conf(
		TUNNEL "[NHRP]\nAuthentication=x\n" NHS)), 0);
	assert_int_equal(net->nsent, n + 1);
	assert_int_equal(nh_iface_reload(node->iface, fake_conf(
		TUNNEL "[NHRP]\nAuthentication=y\n" NHS)), 0);
	assert_int_equal(net->nsent, n + 2);
}

static void test_lost_events(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_MISS,
		.ifindex = FAKE_IFINDEX,
		.miss = { .lost = 3 },
	};

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL NHS), 0);
	fake_put(node, "10.0.0.51/32", DMVPN_ENTRY_TYPE_INCOMPLETE, NULL);
	nh_dispatch_event(&node->ifaces, &ev);
	assert_int_equal(node->iface->stats.count[NH_C_LOST], 3);
	assert_null(fake_entry(node, "10.0.0.51/32"));
	/* What an event would have told us to put back is put back. */
	node->nentry = 0;
	node->npeer = 0;
	nh_loop_advance(net->loop, 1000);
	ev.miss.lost = 3 + 1;
	nh_dispatch_event(&node->ifaces, &ev);
	assert_int_equal(fake_entry(node, "10.0.0.1/32")->type,
			 DMVPN_ENTRY_TYPE_NHS);
	assert_int_equal(fake_peer(node, "192.0.2.1")->flags,
			 DMVPN_PEER_FLAGS_NHS);
	node->iface->stats.count[NH_C_LOST]--;
	nh_dispatch_event(&node->ifaces, &ev);
	assert_int_equal(node->iface->stats.count[NH_C_LOST], 3);
}

static void count_resyncs(void *arg, enum nh_log_level level, const char *line)
{
	unsigned int *n = arg;

	(void)level;
	*n += strstr(line, "events were lost") != NULL;
}

/* However often events are lost, the kernel is asked once a second; and always
 * after the last one.
 */
static void test_lost_flood(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_MISS,
		.ifindex = FAKE_IFINDEX,
	};
	unsigned int i, n = 0;

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL MAP), 0);
	nh_log_sink(count_resyncs, &n);
	for (i = 0; i < 300; i++) {
		ev.miss.lost++;
		nh_dispatch_event(&node->ifaces, &ev);
		/* The connection to the kernel may be what has lost some. */
		nh_iface_resync(node->iface);
		nh_loop_advance(net->loop, 10);
	}
	assert_int_equal(node->iface->stats.count[NH_C_LOST], 300);
	assert_int_equal(n, 1 + 3);
	fake_put(node, "10.0.0.51/32", DMVPN_ENTRY_TYPE_INCOMPLETE, NULL);
	ev.miss.lost++;
	nh_dispatch_event(&node->ifaces, &ev);
	assert_non_null(fake_entry(node, "10.0.0.51/32"));
	nh_loop_advance(net->loop, 1000);
	assert_null(fake_entry(node, "10.0.0.51/32"));
	assert_int_equal(n, 1 + 3 + 1);
	/* Then it is over, and the next one need not wait. */
	nh_loop_advance(net->loop, 10000);
	assert_int_equal(n, 1 + 3 + 1);
	nh_iface_resync(node->iface);
	assert_int_equal(n, 1 + 3 + 2);
	/* One that is put off ends with the device. */
	nh_iface_resync(node->iface);
	nh_iface_close(node->iface, false);
	node->iface = NULL;
	nh_loop_advance(net->loop, 10000);
	assert_int_equal(n, 1 + 3 + 2);
}

static void put_member(const char *nbma, uint32_t flags)
{
	struct nh_endpoint ep = { .nbma = fake_addr(nbma) };

	node->kernel.ops->mcast_add(&node->kernel, FAKE_IFINDEX, &ep);
	fake_peer(node, nbma)->flags = flags;
}

/* Clients that went while nobody heard of it get no multicast any more. */
static void test_gone_clients(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_MISS,
		.ifindex = FAKE_IFINDEX,
		.miss = { .lost = 1 },
	};

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL MAP), 0);
	fake_put(node, "10.0.0.7/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.7");
	put_member("192.0.2.7", 0);
	put_member("192.0.2.8", DMVPN_PEER_FLAGS_PERMANENT);
	put_member("192.0.2.6", 0);
	fake_kill(node);
	assert_int_equal(fake_start(node, TUNNEL MAP), 0);
	assert_false(fake_peer(node, "192.0.2.6")->mcast);
	assert_true(fake_peer(node, "192.0.2.7")->mcast);
	assert_true(fake_peer(node, "192.0.2.8")->mcast);
	assert_true(fake_peer(node, "192.0.2.9")->mcast);
	put_member("192.0.2.6", 0);
	nh_dispatch_event(&node->ifaces, &ev);
	assert_false(fake_peer(node, "192.0.2.6")->mcast);
	assert_true(fake_peer(node, "192.0.2.7")->mcast);
	/* Nor those that are there when clients get none any more. */
	assert_int_equal(nh_iface_reload(node->iface, fake_conf(
		TUNNEL "[NHRP]\nMapMulticast=none\n" MAP)), 0);
	assert_false(fake_peer(node, "192.0.2.7")->mcast);
	assert_true(fake_peer(node, "192.0.2.8")->mcast);
	assert_true(fake_peer(node, "192.0.2.9")->mcast);
	/* By hand then, and left alone. */
	put_member("192.0.2.6", 0);
	fake_kill(node);
	assert_int_equal(fake_start(node, TUNNEL "[NHRP]\nMapMulticast=none\n"
				    MAP), 0);
	assert_true(fake_peer(node, "192.0.2.6")->mcast);
}

/* Without --teardown device and cache stay. */
static void test_close(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL NHS MAP), 0);
	n = node->nentry;
	nh_iface_close(node->iface, false);
	node->iface = NULL;
	assert_true(node->has_link);
	assert_int_equal(node->nentry, n);
	assert_int_equal(net->nsent, 1);
}

/* The cache is cleared by hand: the servers are back at once. */
static void test_flush(void **state)
{
	struct nh_prefix prefix;

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL NHS), 0);
	nh_prefix_parse(&prefix, "10.0.0.1/32", NULL);
	node->npeer = 0;
	node->kernel.ops->entry_del(&node->kernel, FAKE_IFINDEX, &prefix);
	assert_int_equal(fake_entry(node, "10.0.0.1/32")->type,
			 DMVPN_ENTRY_TYPE_NHS);
	assert_int_equal(fake_peer(node, "192.0.2.1")->flags,
			 DMVPN_PEER_FLAGS_NHS);
	assert_true(fake_peer(node, "192.0.2.1")->mcast);
}

/* The device is removed by hand: a reload makes it again, completely. */
static void test_removed_device(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL NHS MAP), 0);
	node->kernel.ops->link_del(&node->kernel, FAKE_IFINDEX);
	node->naddr = 0;
	node->link.up = false;
	n = net->nsent;
	assert_int_equal(nh_iface_reload(node->iface,
					 fake_conf(TUNNEL NHS MAP)), 0);
	assert_int_equal(node->iface->ifindex, FAKE_IFINDEX + 1);
	assert_true(node->link.up);
	assert_int_equal(node->naddr, 1);
	assert_non_null(fake_entry(node, "10.0.0.1/32"));
	assert_non_null(fake_entry(node, "10.0.0.9/32"));
	assert_int_equal(net->nsent, n + 1);
}

/* What kept the new device from being started is over by the next reload. */
static void test_removed_device_again(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_MISS,
		.ifindex = FAKE_IFINDEX,
		.miss = { .lost = 9 },
	};

	(void)state;
	assert_int_equal(fake_start(node, TUNNEL NHS MAP), 0);
	nh_dispatch_event(&node->ifaces, &ev);
	node->kernel.ops->link_del(&node->kernel, FAKE_IFINDEX);
	node->link.up = false;
	node->owner_taken = true;
	assert_int_equal(nh_iface_reload(node->iface,
					 fake_conf(TUNNEL NHS MAP)), -EBUSY);
	assert_false(node->link.up);
	node->owner_taken = false;
	assert_int_equal(nh_iface_reload(node->iface,
					 fake_conf(TUNNEL NHS MAP)), 0);
	assert_int_equal(node->bound, FAKE_IFINDEX + 1);
	assert_true(node->link.up);
	assert_non_null(fake_entry(node, "10.0.0.9/32"));
	/* The new device counts its losses from 0. */
	ev.ifindex = FAKE_IFINDEX + 1;
	ev.miss.lost = 1;
	nh_dispatch_event(&node->ifaces, &ev);
	assert_int_equal(node->iface->stats.count[NH_C_LOST], 9 + 1);
}

static char dir[] = "/tmp/test_daemon.XXXXXX";

static void put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (!text) {
		unlink(path);
		return;
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void ignore(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

/* The whole daemon: a bad file leaves all, a missing one lets go. */
static void test_daemon_reload(void **state)
{
	struct nh_daemon daemon = {
		.loop = net->loop,
		.kernel = &node->kernel,
		.conf_dir = dir,
	};
	struct nh_conf_set set;
	struct nh_iface *iface;

	(void)state;
	LIST_INIT(&daemon.ifaces);
	assert_non_null(mkdtemp(dir));
	put("a.conf", TUNNEL NHS);
	assert_int_equal(nh_conf_load(&set, dir, ignore, NULL), 0);
	assert_int_equal(nh_daemon_start(&daemon, &set), 0);
	iface = LIST_FIRST(&daemon.ifaces);
	assert_string_equal(iface->conf->name, "a");
	put("a.conf", TUNNEL "TTL=7\n");
	put("b.conf", "nonsense\n");
	assert_true(nh_daemon_reload(&daemon) < 0);
	assert_int_equal(iface->conf->nnhs, 1);
	assert_int_equal(node->link.ttl, 255);
	put("b.conf", NULL);
	assert_int_equal(nh_daemon_reload(&daemon), 0);
	assert_int_equal(iface->conf->nnhs, 0);
	assert_int_equal(node->link.ttl, 7);
	put("b.conf", TUNNEL);
	put("a.conf", NULL);
	assert_int_equal(nh_daemon_reload(&daemon), 0);
	iface = LIST_FIRST(&daemon.ifaces);
	assert_string_equal(iface->conf->name, "b");
	assert_null(LIST_NEXT(iface, link));
	assert_true(node->has_link);
	nh_daemon_stop(&daemon, true);
	assert_false(node->has_link);
	put("b.conf", NULL);
	rmdir(dir);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_create),
		T(test_source_device),
		T(test_cannot),
		T(test_restart),
		T(test_restart_without),
		T(test_reload),
		T(test_reload_to_map),
		T(test_reload_registers),
		T(test_lost_events),
		T(test_lost_flood),
		T(test_gone_clients),
		T(test_close),
		T(test_flush),
		T(test_removed_device),
		T(test_removed_device_again),
		T(test_daemon_reload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
