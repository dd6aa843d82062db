// SPDX-License-Identifier: GPL-2.0-or-later
/* By which address a node behind a NAT answers: IKE knows who is inside too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ike_lab.h"

static struct nh_addr mapped;

/* Ours is 192.0.2.2, and its server sees another one. */
static int setup(void **state)
{
	ike_lab_setup(state);
	mapped = fake_addr("203.0.113.2");
	ike_lab_up("192.0.2.2", IKE_LAB_SECRET IKE_LAB_NHS);
	lab.node->secured[lab.node->nsecured++] = fake_addr("192.0.2.9");
	lab.node->iface->mapped4 = mapped;
	fake_route(lab.node, "10.1.0.0/16", FAKE_LAN, NULL);
	return 0;
}

static void secure(void)
{
	lab.node->secured[lab.node->nsecured++] = fake_addr("192.0.2.3");
}

/* The server hands on a request of 192.0.2.3. */
static void ask(bool nat)
{
	struct nhrp_self requester = {
		.nbma = fake_addr("192.0.2.3"), .proto = fake_addr("10.0.0.3"),
		.holdtime = 600, .nat = nat,
	};
	struct nh_addr dst = fake_addr("10.1.1.1");
	struct nhrp_pdu pdu;

	ike_net->nsent = 0;
	nhrp_build_resolution_request(&pdu, &requester, &dst, 31, 0);
	fake_inject(lab.node, "192.0.2.9", &pdu);
}

/* The address in the one answer that was sent since then, or NULL. */
static const struct nh_addr *told(void)
{
	static struct nhrp_pdu pdu;
	const struct nh_addr *nbma = NULL;
	size_t n = ike_net->nsent;

	for (; ike_net->nsent; ike_net->nsent--) {
		fake_last(ike_net, &pdu);
		if (pdu.type != NHRP_RESOLUTION_REPLY)
			continue;
		assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
		nbma = &pdu.cie[0].nbma;
		break;
	}
	ike_net->nsent = n;
	return nbma;
}

static bool told_mapped(void)
{
	assert_non_null(told());
	return nh_addr_equal(told(), &mapped);
}

static bool told_own(void)
{
	assert_non_null(told());
	return nh_addr_equal(told(), &lab.node->nbma);
}

static struct fake_ike_sa with_requester(bool nat_local)
{
	return (struct fake_ike_sa){
		.name = "dmvpn0/192.0.2.3", .id = nat_local ? 8 : 9,
		.remote = "192.0.2.3", .identity = "three",
		.nat_local = nat_local,
		.child = { { 9, 0xe1, 0xe2, 0, NULL } },
	};
}

/* Behind a NAT we tell those who do not know the extension the address that
 * they see: our own, where IKE has found no NAT between us.
 */
static void test_mapped(void **state)
{
	struct fake_ike_sa sa = with_requester(true);

	(void)state;
	secure();
	lab.node->iface->mapped4 = (struct nh_addr){ 0 };
	ask(false);
	assert_true(told_own());
	lab.node->iface->mapped4 = mapped;
	ask(true);
	assert_true(told_own());
	ask(false);
	assert_true(told_mapped());
	ike_lab_sa(lab.node, &sa);
	ask(false);
	assert_true(told_mapped());
	ike_lab_sa_gone(lab.node, sa.id);
	sa = with_requester(false);
	ike_lab_sa(lab.node, &sa);
	ask(false);
	assert_true(told_own());
}

/* The request has to wait for SAs, and they are there: so says the kernel. */
static void ask_before(bool nat)
{
	const struct dmvpn_nl_peer peer = { .nbma = fake_addr("192.0.2.3") };

	ask(nat);
	nh_loop_advance(ike_net->loop, 2000);
	assert_null(told());
	secure();
	ike_lab_peer(lab.node, &peer);
}

/* It says so before IKE does, which knows of the NAT. */
static void test_delayed(void **state)
{
	struct fake_ike_sa sa = with_requester(false);

	(void)state;
	ask_before(false);
	nh_loop_advance(ike_net->loop, 40);
	assert_null(told());
	ike_lab_sa(lab.node, &sa);
	nh_loop_advance(ike_net->loop, 10);
	assert_true(told_own());
	assert_int_equal(lab.node->iface->delayed.n, 0);
}

/* But it need not know them. */
static void test_delayed_unknown(void **state)
{
	(void)state;
	ask_before(false);
	nh_loop_advance(ike_net->loop, 749);
	assert_null(told());
	nh_loop_advance(ike_net->loop, 1);
	assert_true(told_mapped());
	assert_int_equal(lab.node->iface->delayed.n, 0);
}

/* However often the kernel says so: neither sooner nor later. */
static void test_delayed_again(void **state)
{
	const struct dmvpn_nl_peer peer = { .nbma = fake_addr("192.0.2.3") };
	unsigned int i;

	(void)state;
	ask_before(false);
	for (i = 0; i < 30; i++) {
		assert_null(told());
		ike_lab_peer(lab.node, &peer);
		nh_loop_advance(ike_net->loop, 25);
	}
	assert_true(told_mapped());
}

/* There is nothing to wait for where IKE is away, or the request has room for
 * both addresses.
 */
static void test_delayed_no_more(void **state)
{
	(void)state;
	ask_before(true);
	assert_true(told_own());
	lab.node->nsecured--;
	fake_vici_down(ike_lab_vici(lab.node));
	ask_before(false);
	assert_true(told_mapped());
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, ike_lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_mapped),
		T(test_delayed),
		T(test_delayed_unknown),
		T(test_delayed_again),
		T(test_delayed_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
