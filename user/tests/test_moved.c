// SPDX-License-Identifier: GPL-2.0-or-later
/* Our NBMA address may have changed, and the kernel does not do its part. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/cloud.h"
#include "tests/fake_kernel.h"

#define KEYS	"HoldTime=600\n"
#define HUB \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\n" \
	"Protection=none\n[NHRP]\n" KEYS

static struct fake_net *net;
static struct fake_node *hub, *s2, *s3;
static struct nh_kernel_ops ops;
static bool broken;

static int link_set(struct nh_kernel *k, const struct dmvpn_nl_link *link)
{
	if (broken && link->present & DMVPN_NL_LINK_UP)
		return -EIO;
	return fake_kernel_ops.link_set(k, link);
}

static int dev_get(struct nh_kernel *k, uint32_t ifindex,
		   struct dmvpn_nl_dev *dev)
{
	return broken ? -EIO : fake_kernel_ops.dev_get(k, ifindex, dev);
}

static int setup(void **state)
{
	struct cloud c = cloud_build(KEYS);

	(void)state;
	net = c.net;
	hub = c.hub;
	s2 = c.s2;
	s3 = c.s3;
	ops = fake_kernel_ops;
	broken = false;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

/* How many of the packets sent from number @first on are of @type. */
static unsigned int sent(size_t first, uint8_t type)
{
	unsigned int n = 0;

	for (; first < net->nsent; first++)
		n += net->sent[first].octets[NHRP_OFF_TYPE] == type;
	return n;
}

/* Who has no server tells them itself; not by a device that is not up. */
static void test_not_up(void **state)
{
	size_t first;

	(void)state;
	ops.link_set = link_set;
	hub->kernel.ops = &ops;
	fake_route(hub, "10.1.1.0/24", FAKE_LAN, NULL);
	fake_miss(s3, "10.1.1.9");
	fake_deliver(net);
	assert_non_null(fake_entry(s3, "10.1.1.0/24"));
	assert_int_equal(hub->iface->told.n, 1);
	hub->link.ifindex = 55;
	hub->nbma = fake_addr("192.0.2.78");
	broken = true;
	nh_iface_again(hub->iface);
	fake_advance(net, 3000);
	assert_int_equal(hub->iface->refused, 55);
	assert_int_equal(hub->iface->told.n, 1);
	/* Nor by one that is still not. */
	assert_int_equal(nh_iface_reload(hub->iface, fake_conf(HUB)), -EIO);
	assert_int_equal(hub->iface->told.n, 1);
	broken = false;
	first = net->nsent;
	assert_int_equal(nh_iface_reload(hub->iface, fake_conf(HUB)), 0);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 1);
	assert_int_equal(hub->iface->told.n, 0);
	/* Once. */
	first = net->nsent;
	assert_int_equal(nh_iface_reload(hub->iface, fake_conf(HUB)), 0);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 0);
}

/* What cannot be read may be another one: who does not move loses nothing. */
static void test_unread(void **state)
{
	const char *conf = "[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
		"Protection=none\n[NHRP]\n" KEYS
		"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n";
	size_t first = net->nsent;

	(void)state;
	ops.dev_get = dev_get;
	s2->kernel.ops = &ops;
	assert_int_equal(nh_iface_reload(s2->iface, fake_conf(conf)), 0);
	assert_int_equal(net->nsent, first);
	broken = true;
	assert_int_equal(nh_iface_reload(s2->iface, fake_conf(conf)), 0);
	assert_int_equal(sent(first, NHRP_REGISTRATION_REQUEST), 1);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 0);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_not_up),
		T(test_unread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
