// SPDX-License-Identifier: GPL-2.0-or-later
/* A reload takes back what servers hold: as they know us, not as we are then. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/inets.h"
#include "tests/fake.h"
#include "tests/fake_kernel.h"

#define HUB \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\n" \
	"Address=fd00::1/64\nProtection=none\n[NHRP]\n" \
	"AcceptPrefixes=10.1.0.0/16 fd01::/32\n"
#define TUNNEL(address) \
	"[Tunnel]\nSource=192.0.2.2\nAddress=" address "/24\nProtection=none\n"
#define NHRP	"[NHRP]\nHoldTime=600\n"
#define TWO	"Register=10.1.2.0/24 10.1.20.0/22\n"
#define NHS	"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"
#define NHS6	"[NHS]\nAddress=fd00::1\nNbma=192.0.2.1\n"
#define LEARNED	"[NHS]\nAddress=dynamic\nNbma=192.0.2.1\n"
#define SPOKE	TUNNEL("10.0.0.2") NHRP TWO NHS
/* Another server, and what belongs to it. */
#define MOVED \
	TUNNEL("10.2.0.2") "TTL=9\n" NHRP \
	"[NHS]\nAddress=10.2.0.1\nNbma=192.0.2.9\n"

static struct fake_net *net;
static struct fake_node *hub, *spoke;
static struct nh_kernel_ops ops;

/* What leaves has the outer source, and the key, that the device has then. */
static int link_set(struct nh_kernel *k, const struct dmvpn_nl_link *link)
{
	int err = fake_kernel_ops.link_set(k, link);

	if (err)
		return err;
	if (DMVPN_NL_HAS(link, IFLA_DMVPN_LOCAL4))
		spoke->nbma = link->local4;
	if (DMVPN_NL_HAS(link, IFLA_DMVPN_KEY))
		spoke->fail_send = hub->nbma;
	return 0;
}

static void begin(const char *conf)
{
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1", HUB);
	fake_route(hub, "10.0.0.0/8", FAKE_IFINDEX, NULL);
	spoke = fake_node(net, "192.0.2.2", conf);
	ops = fake_kernel_ops;
	ops.link_set = link_set;
	spoke->kernel.ops = &ops;
	fake_deliver(net);
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static void reload(const char *conf)
{
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(conf)), 0);
}

static void refused(const char *conf, int why)
{
	struct nh_conf *set = fake_conf(conf);

	assert_int_equal(nh_iface_reload(spoke->iface, set), why);
	nh_conf_free(set);
}

static const struct nh_nhs *nhs(void)
{
	return LIST_FIRST(&spoke->iface->nhs);
}

static bool has(const char *prefix)
{
	return fake_entry(hub, prefix);
}

static uint64_t counted(enum nh_counter counter)
{
	return spoke->iface->stats.count[counter];
}

/* How many of the packets sent from number @first on are of @type. */
static unsigned int sent(size_t first, uint8_t type)
{
	unsigned int n = 0;

	for (; first < net->nsent; first++)
		n += net->sent[first].octets[NHRP_OFF_TYPE] == type;
	return n;
}

/* The servers go in the same reload as the address that they know us by. */
static void goes(bool lost)
{
	size_t first;

	begin(SPOKE);
	first = net->nsent;
	reload(MOVED);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 2);
	if (lost)
		fake_drop(net);
	fake_advance(net, 5000);
	assert_false(has("10.0.0.2/32") || has("10.1.2.0/24") ||
		     has("10.1.20.0/22"));
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), lost ? 4 : 2);
	assert_int_equal(spoke->iface->requests.n, 0);
}

static void test_goes(void **state)
{
	(void)state;
	goes(false);
}

static void test_goes_lost(void **state)
{
	(void)state;
	goes(true);
}

/* The whole family goes. */
static void family(bool lost)
{
	size_t first;

	begin("[Tunnel]\nSource=192.0.2.2\nAddress=fd00::2/64\n"
	      "Protection=none\nAddress=10.0.0.2/24\nAddress=10.0.0.22/24\n"
	      "[NHRP]\nRegister=10.1.2.0/24\n" NHS NHS6);
	assert_true(has("10.0.0.22/32"));
	first = net->nsent;
	reload("[Tunnel]\nSource=192.0.2.2\nAddress=fd00::2/64\n"
	       "Protection=none\n" NHS6);
	if (lost)
		fake_drop(net);
	fake_deliver(net);
	assert_int_equal(spoke->iface->requests.n, lost ? 2 : 0);
	fake_advance(net, 10000);
	assert_false(has("10.0.0.2/32") || has("10.0.0.22/32") ||
		     has("10.1.2.0/24"));
	assert_true(has("fd00::2/128"));
	assert_int_equal(spoke->iface->requests.n, 0);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), lost ? 4 : 2);
	assert_int_equal(counted(NH_C_TIMEOUT), 0);
	assert_int_equal(counted(NH_C_NO_ROUTE), 0);
}

static void test_family(void **state)
{
	(void)state;
	family(false);
}

static void test_family_lost(void **state)
{
	(void)state;
	family(true);
}

/* The server has the password of before. */
static void test_password(void **state)
{
	(void)state;
	begin(NULL);
	fake_kill(hub);
	assert_int_equal(fake_start(hub, HUB "Authentication=before\n"), 0);
	assert_int_equal(fake_start(spoke, TUNNEL("10.0.0.2")
				    NHRP "Authentication=before\n" NHS), 0);
	fake_deliver(net);
	assert_true(has("10.0.0.2/32"));
	reload(TUNNEL("10.2.0.2") NHRP "Authentication=after\n");
	fake_drop(net);
	fake_advance(net, 10000);
	assert_false(has("10.0.0.2/32"));
	assert_int_equal(spoke->iface->requests.n, 0);
	assert_int_equal(counted(NH_C_TIMEOUT), 0);
	assert_int_equal(counted(NH_C_AUTH_FAILED), 0);
}

/* So does our NBMA address, or the key: the server knows those of before. */
static void test_link(void **state)
{
	(void)state;
	begin(SPOKE);
	reload("[Tunnel]\nSource=192.0.2.77\nAddress=10.0.0.2/24\n"
	       "Protection=none\n");
	fake_advance(net, 10000);
	assert_true(nh_addr_equal(&spoke->iface->local4, &spoke->nbma));
	assert_false(has("10.0.0.2/32") || has("10.1.2.0/24"));
	reload(SPOKE);
	fake_advance(net, 10000);
	assert_true(has("10.0.0.2/32") && has("10.1.2.0/24"));
	reload("[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\nKey=7\n"
	       "Protection=none\n");
	fake_advance(net, 10000);
	assert_false(has("10.0.0.2/32") || has("10.1.2.0/24"));
}

/* A server that stays knows by our old address what it is to forget. */
static void test_stays(void **state)
{
	(void)state;
	begin(SPOKE);
	reload(TUNNEL("10.0.0.5") NHRP "Register=10.1.2.0/24\n" NHS);
	fake_deliver(net);
	assert_true(has("10.0.0.5/32") && has("10.1.2.0/24"));
	assert_false(has("10.0.0.2/32") || has("10.1.20.0/22"));
	assert_int_equal(spoke->iface->requests.n, 0);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	/* And by our old place. */
	reload("[Tunnel]\nSource=192.0.2.77\nAddress=10.0.0.6/24\n"
	       "Protection=none\n" NHRP NHS);
	fake_advance(net, 10000);
	assert_true(has("10.0.0.6/32"));
	assert_false(has("10.0.0.5/32") || has("10.1.2.0/24"));
}

/* We are unique: a server would refuse who comes from elsewhere. */
static void test_moves(void **state)
{
	(void)state;
	begin(SPOKE);
	reload("[Tunnel]\nSource=192.0.2.77\nAddress=10.0.0.2/24\n"
	       "Protection=none\n" NHRP TWO NHS);
	fake_deliver(net);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	assert_true(nh_addr_equal(&fake_entry(hub, "10.0.0.2/32")->nbma,
				  &spoke->nbma));
	assert_true(nh_addr_equal(&fake_entry(hub, "10.1.2.0/24")->nbma,
				  &spoke->nbma));
	assert_int_equal(spoke->iface->requests.n, 0);
}

/* One that others have put there goes with the first of its subnet. */
static void test_foreign(void **state)
{
	const struct nh_addr virtual = fake_addr("10.0.0.99");

	(void)state;
	begin(SPOKE);
	ops.inet_add(&spoke->kernel, FAKE_IFINDEX, &virtual, 32);
	nh_inets_changed(&spoke->ifaces, FAKE_IFINDEX);
	fake_deliver(net);
	assert_true(has("10.0.0.99/32"));
	reload(TUNNEL("10.0.0.5") NHRP TWO NHS);
	fake_deliver(net);
	assert_int_equal(spoke->iface->inets.n, 0);
	assert_true(has("10.0.0.5/32"));
	assert_false(has("10.0.0.2/32") || has("10.0.0.99/32"));
}

/* Nothing is told before it is known that what is told comes true, if it can be
 * known, and else it is taken back.
 */
static void test_refused(void **state)
{
	unsigned int lost;
	size_t first;

	(void)state;
	begin(SPOKE);
	first = net->nsent;
	spoke->eth0 = 0;
	refused("[Tunnel]\nSource=eth0\nAddress=10.2.0.2/24\n"
		"Protection=none\n", -ENODEV);
	assert_int_equal(net->nsent, first);
	for (lost = 0; lost < 2; lost++) {
		spoke->fail_link_set = -EINVAL;
		refused(MOVED, -EINVAL);
		assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 2);
		if (lost)
			fake_drop(net);
		fake_advance(net, 10000);
		assert_true(has("10.0.0.2/32") && has("10.1.2.0/24") &&
			    has("10.1.20.0/22"));
		assert_int_equal(nhs()->state, NH_NHS_UP);
		assert_true(nhs()->extra[0].held && nhs()->extra[1].held);
		assert_int_equal(spoke->iface->requests.n, 0);
		first = net->nsent;
	}
	/* Nor does one that changes nothing at servers tell them anything. */
	spoke->fail_link_set = -EINVAL;
	refused(SPOKE "[Tunnel]\nTTL=9\n", -EINVAL);
	assert_int_equal(net->nsent, first);
}

/* By a device that this reload has to make, nothing leaves before it is up. */
static void test_anew(void **state)
{
	(void)state;
	begin(SPOKE);
	spoke->has_link = false;
	reload(MOVED);
	assert_int_equal(counted(NH_C_SEND_FAILED), 0);
	fake_deliver(net);
	assert_false(has("10.0.0.2/32") || has("10.1.2.0/24"));
	assert_int_equal(spoke->iface->requests.n, 0);
}

/* The same server by other words is registered with behind that. */
static void test_anew_same(void **state)
{
	(void)state;
	begin(SPOKE);
	spoke->has_link = false;
	reload(TUNNEL("10.0.0.2") NHRP TWO LEARNED);
	assert_int_equal(counted(NH_C_SEND_FAILED), 0);
	fake_advance(net, 10000);
	assert_int_equal(nhs()->state, NH_NHS_UP);
	assert_true(has("10.0.0.2/32") && has("10.1.2.0/24") &&
		    has("10.1.20.0/22"));
}

/* What was lost before that does not come again to take it away. */
static void test_same_lost(void **state)
{
	size_t first;

	(void)state;
	begin(SPOKE);
	first = net->nsent;
	reload(TUNNEL("10.0.0.2") NHRP TWO LEARNED);
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 2);
	assert_int_equal(sent(first, NHRP_REGISTRATION_REQUEST), 1);
	net->delivered = net->nsent - 1;
	fake_deliver(net);
	assert_int_equal(spoke->iface->requests.n, 0);
	fake_advance(net, 10000);
	assert_true(has("10.0.0.2/32") && has("10.1.2.0/24") &&
		    has("10.1.20.0/22"));
	/* Of two, only the one that is not registered again is told of. */
	reload(TUNNEL("10.0.0.2") NHRP NHS);
	fake_drop(net);
	reload(TUNNEL("10.0.0.2") NHRP "Register=10.1.2.0/24\n" NHS);
	fake_advance(net, 10000);
	assert_true(has("10.0.0.2/32") && has("10.1.2.0/24"));
	assert_false(has("10.1.20.0/22"));
}

/* The same server is to be had by another NBMA address. */
static void test_elsewhere(void **state)
{
	size_t first;

	(void)state;
	begin(SPOKE);
	first = net->nsent;
	reload(TUNNEL("10.0.0.2") NHRP TWO
	       "[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.9\n");
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 2);
	fake_drop(net);
	hub->nbma = fake_addr("192.0.2.9");
	first = net->nsent;
	fake_advance(net, 10000);
	assert_true(has("10.0.0.2/32") && has("10.1.2.0/24") &&
		    has("10.1.20.0/22"));
	assert_int_equal(sent(first, NHRP_PURGE_REQUEST), 0);
	assert_int_equal(counted(NH_C_TIMEOUT), 0);
}

int main(void)
{
#define T(fn) cmocka_unit_test_teardown(fn, teardown)
	const struct CMUnitTest tests[] = {
		T(test_goes),
		T(test_goes_lost),
		T(test_family),
		T(test_family_lost),
		T(test_password),
		T(test_link),
		T(test_stays),
		T(test_moves),
		T(test_foreign),
		T(test_refused),
		T(test_anew),
		T(test_anew_same),
		T(test_same_lost),
		T(test_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
