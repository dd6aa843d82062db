// SPDX-License-Identifier: GPL-2.0-or-later
/* Registration as a client: tries, states, answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "lib/log.h"
#include "nhrp/indication.h"
#include "nhrp/nat.h"
#include "tests/fake.h"

#define SPOKE \
	"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\nMTU=1400\n" \
	"Protection=none\n[NHRP]\nHoldTime=600\nAuthentication=cisco123\n"
#define NHS1 "[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\nPriority=10\n"
#define NHS2 "[NHS]\nAddress=10.0.0.9\nNbma=192.0.2.9\nMulticast=yes\n"

static struct fake_net *net;
static struct fake_node *spoke;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	spoke = fake_node(net, "192.0.2.2", SPOKE NHS1);
	return 0;
}

static int setup_two(void **state)
{
	(void)state;
	net = fake_net_new();
	spoke = fake_node(net, "192.0.2.2", SPOKE NHS1 NHS2);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static struct nh_nhs *nhs(const char *proto)
{
	struct nh_addr addr = fake_addr(proto);
	struct nh_nhs *n;

	LIST_FOREACH(n, &spoke->iface->nhs, link)
		if (nh_addr_equal(&n->conf.proto, &addr))
			return n;
	fail();
	return NULL;
}

/* The answer of the server to the last request sent. */
static void answer(enum nhrp_code code, uint16_t holdtime,
		   const char *observed)
{
	struct nhrp_self self = {
		.nbma = fake_addr("192.0.2.1"),
		.proto = fake_addr("10.0.0.1"),
		.holdtime = 600,
		.auth = &spoke->iface->conf->auth,
		.nat = true,
	};
	struct nhrp_pdu request, reply;
	struct nh_addr seen;

	fake_last(net, &request);
	seen = observed ? fake_addr(observed) : request.src_nbma;
	assert_int_equal(nhrp_build_registration_reply(&reply, &request,
						       &self, code, holdtime,
						       &seen), 0);
	fake_inject(spoke, "192.0.2.1", &reply);
}

static void test_request(void **state)
{
	const struct fake_sent *s;
	struct nhrp_pdu pdu;

	(void)state;
	assert_int_equal(net->nsent, 1);
	s = fake_last(net, &pdu);
	assert_int_equal(s->len, 108);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REQUEST);
	assert_int_equal(pdu.hopcnt, 255);
	assert_int_equal(pdu.flags, NHRP_REG_UNIQUE | NHRP_REG_NAT);
	assert_int_equal(pdu.cie[0].prefix, NHRP_PREFIX_HOST_RFC);
	assert_int_equal(pdu.cie[0].holdtime, 600);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_PROBE);
}

/* Tries double up to 64 s and keep their id. */
static void test_backoff(void **state)
{
	static const unsigned int wait[] = { 1, 2, 4, 8, 16, 32, 64, 64, 64 };
	uint64_t last = nh_loop_now(net->loop), now;
	struct nhrp_pdu pdu;
	unsigned int odd = 0;
	uint32_t id;
	size_t i;

	(void)state;
	fake_last(net, &pdu);
	id = pdu.reqid;
	for (i = 0; i < sizeof(wait) / sizeof(wait[0]); i++) {
		size_t n = net->nsent;

		while (net->nsent == n)
			nh_loop_advance(net->loop, 10);
		now = nh_loop_now(net->loop);
		assert_in_range(now - last, wait[i] * 900, wait[i] * 1100 + 10);
		odd += now - last < wait[i] * 990 || now - last > wait[i] * 1010;
		last = now;
		fake_last(net, &pdu);
		assert_int_equal(pdu.reqid, id);
		assert_int_equal(nhs("10.0.0.1")->state,
				 i >= 2 ? NH_NHS_DOWN : NH_NHS_PROBE);
	}
	assert_int_equal(nhs("10.0.0.1")->failures, i);
	/* Many spokes that lost one hub do not come back at one moment. */
	assert_true(odd > 4);
}

/* Registered, then renewed after a third of the time, with a new id. */
static void test_renewal(void **state)
{
	struct nhrp_pdu pdu;
	uint64_t start;
	uint32_t id;
	size_t n;

	(void)state;
	fake_last(net, &pdu);
	id = pdu.reqid;
	answer(NHRP_CODE_OK, 600, NULL);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_UP);
	start = nh_loop_now(net->loop);
	assert_int_equal(nhs("10.0.0.1")->expires, start + 600000);
	n = net->nsent;
	while (net->nsent == n)
		nh_loop_advance(net->loop, 10);
	assert_in_range(nh_loop_now(net->loop) - start, 180000, 220010);
	fake_last(net, &pdu);
	assert_int_not_equal(pdu.reqid, id);
	/* It stays up while it is asked again, until three tries are lost. */
	nh_loop_advance(net->loop, 3500);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_UP);
	nh_loop_advance(net->loop, 5000);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_DOWN);
	assert_int_equal(nhs("10.0.0.1")->failures, 3);
	/* The answer to the try brings it back. */
	answer(NHRP_CODE_OK, 600, NULL);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_UP);
	assert_int_equal(nhs("10.0.0.1")->failures, 0);
}

/* A server that grants less time is asked more often. */
static void test_shorter_grant(void **state)
{
	size_t n;

	(void)state;
	answer(NHRP_CODE_OK, 60, NULL);
	n = net->nsent;
	nh_loop_advance(net->loop, 17000);
	assert_int_equal(net->nsent, n);
	nh_loop_advance(net->loop, 5010);
	assert_true(net->nsent > n);
}

/* One that grants none leaves the time to us. */
static void test_no_grant(void **state)
{
	(void)state;
	answer(NHRP_CODE_OK, 0, NULL);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_UP);
	assert_int_equal(nhs("10.0.0.1")->expires,
			 nh_loop_now(net->loop) + 600000);
}

static void test_registration_timeout(void **state)
{
	size_t n;

	(void)state;
	spoke->iface->conf->registration = 30;
	answer(NHRP_CODE_OK, 600, NULL);
	n = net->nsent;
	nh_loop_advance(net->loop, 26000);
	assert_int_equal(net->nsent, n);
	nh_loop_advance(net->loop, 7010);
	assert_true(net->nsent > n);
}

static unsigned int warnings;

static void count_warnings(void *arg, enum nh_log_level level,
			   const char *line)
{
	(void)arg;
	if (level != NH_LOG_WARNING || !strstr(line, "registered as unique"))
		return;
	warnings++;
	assert_non_null(strstr(line, "10.0.0.2"));
	assert_non_null(strstr(line, "192.0.2.2"));
}

/* Another NBMA address has ours: said once, and asked again twice a minute. */
static void test_taken(void **state)
{
	size_t i, n;

	(void)state;
	warnings = 0;
	nh_log_sink(count_warnings, NULL);
	for (i = 0; i < 3; i++) {
		answer(NHRP_CODE_ALREADY_REGISTERED, 0, NULL);
		assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_DOWN);
		n = net->nsent;
		nh_loop_advance(net->loop, 26900);
		assert_int_equal(net->nsent, n);
		nh_loop_advance(net->loop, 6110);
		assert_true(net->nsent > n);
	}
	assert_int_equal(warnings, 1);
	answer(NHRP_CODE_OK, 600, NULL);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_UP);
	nh_nhs_restart(spoke->iface);
	spoke->iface->conf->registration = 10;
	answer(NHRP_CODE_ALREADY_REGISTERED, 0, NULL);
	assert_int_equal(warnings, 2);
	n = net->nsent;
	nh_loop_advance(net->loop, 11010);
	assert_true(net->nsent > n);
}

static void test_refused(void **state)
{
	size_t n;

	(void)state;
	answer(NHRP_CODE_PROHIBITED, 0, NULL);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_DOWN);
	assert_int_equal(nhs("10.0.0.1")->code, NHRP_CODE_PROHIBITED);
	assert_int_equal(nhs("10.0.0.1")->failures, 1);
	n = net->nsent;
	nh_loop_advance(net->loop, 59000);
	assert_int_equal(net->nsent, n);
	nh_loop_advance(net->loop, 121001);
	assert_true(net->nsent > n);
}

static void test_strange_replies(void **state)
{
	struct nh_stats *stats = &spoke->iface->stats;
	struct nhrp_self self = {
		.nbma = fake_addr("192.0.2.1"),
		.proto = fake_addr("10.0.0.1"),
		.auth = &spoke->iface->conf->auth,
		.nat = true,
	};
	struct nhrp_pdu request, reply;

	(void)state;
	fake_last(net, &request);
	nhrp_build_registration_reply(&reply, &request, &self, NHRP_CODE_OK,
				      600, NULL);
	/* From somebody else; with another id; twice. */
	fake_inject(spoke, "192.0.2.7", &reply);
	assert_int_equal(stats->count[NH_C_UNSOLICITED], 1);
	reply.reqid++;
	fake_inject(spoke, "192.0.2.1", &reply);
	assert_int_equal(stats->count[NH_C_UNSOLICITED], 2);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_PROBE);
	reply.reqid--;
	fake_inject(spoke, "192.0.2.1", &reply);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_UP);
	fake_inject(spoke, "192.0.2.1", &reply);
	assert_int_equal(stats->count[NH_C_UNSOLICITED], 3);
}

static void test_wrong_password(void **state)
{
	struct nhrp_self self = {
		.nbma = fake_addr("192.0.2.1"),
		.proto = fake_addr("10.0.0.1"),
	};
	const struct fake_sent *s;
	struct nhrp_pdu request, error;
	struct nh_view quoted;
	size_t n;

	(void)state;
	s = fake_last(net, &request);
	quoted.data = s->octets;
	quoted.len = (uint16_t)s->len;
	nhrp_build_error(&error, &self, NHRP_ERR_AUTH, 0, &request.src_proto,
			 quoted);
	/* A stranger's word does not count. */
	fake_inject(spoke, "192.0.2.7", &error);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_PROBE);
	fake_inject(spoke, "192.0.2.1", &error);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_DOWN);
	assert_int_equal(spoke->iface->stats.errors_in[NHRP_ERR_AUTH], 2);
	n = net->nsent;
	nh_loop_advance(net->loop, 57000);
	assert_int_equal(net->nsent, n);
	nh_loop_advance(net->loop, 15000);
	assert_int_equal(net->nsent, n + 1);
}

static void test_nat(void **state)
{
	(void)state;
	answer(NHRP_CODE_OK, 600, "198.51.100.7");
	assert_true(nh_addr_is_set(&spoke->iface->mapped4));
	nh_nhs_restart(spoke->iface);
	answer(NHRP_CODE_OK, 600, NULL);
	assert_false(nh_addr_is_set(&spoke->iface->mapped4));
}

/* A server on our side of the NAT does not know what one outside does. */
static void test_nat_of_another(void **state)
{
	const struct nh_addr seen = fake_addr("198.51.100.7");

	(void)state;
	nhs("10.0.0.9")->reached = true;
	nhs("10.0.0.9")->mapped = seen;
	answer(NHRP_CODE_OK, 600, NULL);
	assert_true(nh_addr_equal(&spoke->iface->mapped4, &seen));
}

/* New SAs with a server: it may be another one than the one that knows us. */
static void test_secured_anew(void **state)
{
	const struct nh_endpoint ep = { fake_addr("192.0.2.1"), 0 };
	struct nhrp_pdu pdu;
	size_t n;

	(void)state;
	answer(NHRP_CODE_OK, 600, NULL);
	n = net->nsent;
	nh_nhs_secured(spoke->iface, &ep, true);
	nh_loop_advance(net->loop, 500);
	assert_int_equal(net->nsent, n);
	nh_nhs_secured(spoke->iface, &ep, false);
	nh_nhs_secured(spoke->iface, &ep, true);
	while (net->nsent == n)
		nh_loop_advance(net->loop, 10);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REQUEST);
	assert_true(nh_loop_now(net->loop) < 5000);
}

/* The same with one that does not answer: its next try may be far. */
static void test_secured_when_down(void **state)
{
	const struct nh_endpoint ep = { fake_addr("192.0.2.1"), 0 };
	size_t n;

	(void)state;
	answer(NHRP_CODE_OK, 600, NULL);
	nh_loop_advance(net->loop, 400000);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_DOWN);
	assert_int_equal(nhs("10.0.0.1")->backoff, 64);
	nh_nhs_secured(spoke->iface, &ep, false);
	n = net->nsent;
	nh_nhs_secured(spoke->iface, &ep, true);
	assert_int_equal(net->nsent, n + 1);
	/* That is no news. */
	nh_nhs_secured(spoke->iface, &ep, true);
	assert_int_equal(net->nsent, n + 1);
	assert_int_equal(nhs("10.0.0.1")->backoff, 64);
	answer(NHRP_CODE_OK, 600, NULL);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_UP);
}

/* One that was asked by SAs that are there is not asked again for those. */
static void test_secured_before(void **state)
{
	const struct nh_endpoint ep = { fake_addr("192.0.2.1"), 0 };

	(void)state;
	assert_int_equal(net->nsent, 1);
	nh_nhs_secured(spoke->iface, &ep, true);
	assert_int_equal(net->nsent, 1);
}

static void change_address(const char *nbma)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_DEV_CHANGE,
		.ifindex = FAKE_IFINDEX,
	};

	spoke->nbma = fake_addr(nbma);
	nh_dispatch_event(&spoke->ifaces, &ev);
}

/* A new NBMA address is registered at once. */
static void test_address_change(void **state)
{
	struct nhrp_pdu pdu;
	size_t n;

	(void)state;
	answer(NHRP_CODE_OK, 600, NULL);
	n = net->nsent;
	change_address("192.0.2.2");
	assert_int_equal(net->nsent, n);
	change_address("192.0.2.77");
	assert_int_equal(net->nsent, n + 1);
	fake_last(net, &pdu);
	assert_true(nh_addr_equal(&pdu.src_nbma, &spoke->nbma));
}

static uint32_t relay(const char *nbma)
{
	return fake_peer(spoke, nbma)->flags & DMVPN_PEER_FLAGS_NHS;
}

/* The preferred server that is up is asked; one that is down does not relay. */
static void test_failover(void **state)
{
	const struct nh_nhs *best;

	(void)state;
	assert_true(relay("192.0.2.1"));
	assert_true(relay("192.0.2.9"));
	assert_int_equal(fake_peer(spoke, "192.0.2.1")->preference, 245);
	assert_int_equal(fake_peer(spoke, "192.0.2.9")->preference, 255);
	assert_false(fake_peer(spoke, "192.0.2.1")->mcast);
	assert_true(fake_peer(spoke, "192.0.2.9")->mcast);
	assert_null(nh_nhs_best(spoke->iface, AF_INET));
	/* Requests went to both, the best one first; answer as .1. */
	answer(NHRP_CODE_OK, 600, NULL);
	assert_ptr_equal(nh_nhs_best(spoke->iface, AF_INET), nhs("10.0.0.1"));
	assert_null(nh_nhs_best(spoke->iface, AF_INET6));
	fake_advance(net, 10000);
	assert_int_equal(nhs("10.0.0.9")->state, NH_NHS_DOWN);
	assert_false(relay("192.0.2.9"));
	assert_true(relay("192.0.2.1"));
	nhs("10.0.0.9")->state = NH_NHS_UP;
	best = nh_nhs_best(spoke->iface, AF_INET);
	assert_ptr_equal(best, nhs("10.0.0.9"));
}

/* With no server up, packets are still handed to those there are. */
static void test_all_down(void **state)
{
	(void)state;
	fake_advance(net, 10000);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_DOWN);
	assert_int_equal(nhs("10.0.0.9")->state, NH_NHS_DOWN);
	assert_true(relay("192.0.2.1"));
	assert_true(relay("192.0.2.9"));
}

/* The configuration changes: one server stays up, another goes, one comes. */
static void test_reload(void **state)
{
	struct nhrp_pdu pdu;
	size_t n;

	(void)state;
	answer(NHRP_CODE_OK, 600, NULL);
	n = net->nsent;
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		SPOKE NHS1 "[NHS]\nAddress=10.0.0.8\nNbma=192.0.2.8\n")), 0);
	assert_int_equal(nhs("10.0.0.1")->state, NH_NHS_UP);
	assert_null(fake_entry(spoke, "10.0.0.9/32"));
	assert_non_null(fake_entry(spoke, "10.0.0.8/32"));
	assert_false(relay("192.0.2.9"));
	assert_false(fake_peer(spoke, "192.0.2.9")->mcast);
	/* One that is up is better than one that may be. */
	assert_false(relay("192.0.2.8"));
	/* Only the new one is registered with. */
	assert_int_equal(net->nsent, n + 1);
	/* One that we were registered with is told. */
	n = net->nsent;
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		SPOKE "[NHS]\nAddress=10.0.0.8\nNbma=192.0.2.8\n")), 0);
	assert_int_equal(net->nsent, n + 1);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REQUEST);
	assert_int_equal(pdu.flags, 0);
	assert_true(nh_addr_equal(&pdu.cie[0].proto, &pdu.src_proto));
}

/* Another tunnel address: the old one is withdrawn, the new one registered. */
static void test_readdressed(void **state)
{
	struct nh_addr old = fake_addr("10.0.0.2"), new = fake_addr("10.0.0.3");
	struct nhrp_pdu pdu;
	size_t n;

	(void)state;
	answer(NHRP_CODE_OK, 600, NULL);
	n = net->nsent;
	assert_int_equal(nh_iface_reload(spoke->iface, fake_conf(
		"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.3/24\n"
		"Protection=none\n[NHRP]\nAuthentication=cisco123\n"
		NHS1)), 0);
	assert_int_equal(net->nsent, n + 2);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REQUEST);
	assert_true(nh_addr_equal(&pdu.src_proto, &new));
	/* Before that, and as it was registered. */
	net->nsent--;
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REQUEST);
	assert_true(nh_addr_equal(&pdu.cie[0].proto, &old));
	assert_true(nh_addr_equal(&pdu.src_proto, &old));
	/* The kernel has the new one, though they share a subnet. */
	assert_int_equal(spoke->naddr, 1);
	assert_true(nh_addr_equal(&spoke->addr[0].addr, &new));
}

/* --teardown: the last word needs no answer. */
static void test_withdraw(void **state)
{
	struct nhrp_pdu pdu;

	(void)state;
	answer(NHRP_CODE_OK, 600, NULL);
	nh_iface_close(spoke->iface, true);
	spoke->iface = NULL;
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REQUEST);
	assert_int_equal(pdu.flags, NHRP_PURGE_NO_REPLY);
	assert_false(spoke->has_link);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
#define TWO(fn) cmocka_unit_test_setup_teardown(fn, setup_two, teardown)
	const struct CMUnitTest tests[] = {
		T(test_request),
		T(test_backoff),
		T(test_renewal),
		T(test_shorter_grant),
		T(test_no_grant),
		T(test_registration_timeout),
		T(test_taken),
		T(test_refused),
		T(test_strange_replies),
		T(test_wrong_password),
		T(test_nat),
		TWO(test_nat_of_another),
		T(test_secured_anew),
		T(test_secured_when_down),
		T(test_secured_before),
		T(test_address_change),
		TWO(test_failover),
		TWO(test_all_down),
		TWO(test_reload),
		T(test_readdressed),
		T(test_withdraw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
