// SPDX-License-Identifier: GPL-2.0-or-later
/* What IKE believes, held against what the kernel has. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ctl.h"
#include "daemon/daemon.h"
#include "tests/ike_lab.h"

static const struct fake_ike_sa sa7 = {
	.name = "dmvpn0", .id = 3, .remote = "192.0.2.7",
	.child = { { 5, 0xc1, 0xc2, 0, NULL } },
};

static void peer_is(uint32_t state)
{
	ike_lab_peer(lab.node, &(struct dmvpn_nl_peer){
		.nbma = fake_addr("192.0.2.7"), .state = state });
}

static void test_trap(void **state)
{
	(void)state;
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_string_equal(fake_vici_said(), "");
	lab.node->no_policy = true;
	ike_lab_log_forget();
	ike_lab_advance(lab.node, 5);
	/* It may have lost the connection as well. */
	assert_int_equal(fake_vici_count("load-shared"), 1);
	assert_int_equal(fake_vici_count("load-conn dmvpn0{"), 1);
	assert_int_equal(fake_vici_count("uninstall ike=dmvpn0 child=gre"), 1);
	assert_int_equal(fake_vici_count("install ike=dmvpn0 child=gre"), 1);
	/* It is told again and again, but not to the log. */
	ike_lab_advance(lab.node, 10);
	assert_int_equal(fake_vici_count("install"), 3);
	assert_int_equal(ike_lab_lines(ike_lab_log(), "told the connection"),
			 1);
	lab.node->no_policy = false;
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_string_equal(fake_vici_said(), "");
	lab.node->no_policy = true;
	ike_lab_advance(lab.node, 5);
	assert_int_equal(ike_lab_lines(ike_lab_log(), "told the connection"),
			 2);
}

/* What IKE refuses has no policy, which is nobody's loss; but something else may
 * have been refused, and the connection be there.
 */
static void test_refused(void **state)
{
	(void)state;
	lab.vici->refuse = "load-conn";
	lab.vici->errmsg = "no such proposal";
	ike_lab_reload(lab.node, IKE_LAB_SECRET);
	fake_vici_serve(lab.vici);
	lab.node->no_policy = true;
	fake_vici_forget();
	ike_lab_log_forget();
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("load-conn"), 0);
	assert_true(fake_vici_count("install ike=dmvpn0 child=gre") > 0);
	assert_int_equal(ike_lab_lines(ike_lab_log(), "policy"), 0);
}

/* In tunnel mode there is no such policy to be missed. */
static void test_no_trap(void **state)
{
	(void)state;
	ike_lab_reload(lab.node, IKE_LAB_SECRET "Mode=tunnel\n");
	fake_vici_serve(lab.vici);
	fake_vici_forget();
	lab.node->no_policy = true;
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("install"), 0);
	assert_int_equal(fake_vici_count("load-conn"), 0);
	/* But the connection itself */
	lab.vici->no_conns = true;
	ike_lab_advance(lab.node, 10);
	assert_true(fake_vici_count("load-conn dmvpn0{") > 0);
	lab.vici->no_conns = false;
	ike_lab_advance(lab.node, 10);
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("load-conn"), 0);
}

/* "swanctl --load-creds" leaves the connection, and takes what it needs. */
static void test_no_creds(void **state)
{
	(void)state;
	ike_lab_reload(lab.node, IKE_LAB_SECRET);
	fake_vici_serve(lab.vici);
	ike_lab_advance(lab.node, 20);
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("load-shared"), 0);
	lab.vici->no_creds = true;
	ike_lab_advance(lab.node, 5);
	lab.vici->no_creds = false;
	assert_int_equal(fake_vici_count("load-shared id=dmvpn-dmvpn0 "), 1);
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("load-shared"), 1);
	/* So with a private key */
	ike_lab_reload(lab.node, ike_lab_certs());
	fake_vici_serve(lab.vici);
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("load-key"), 0);
	lab.vici->no_creds = true;
	ike_lab_advance(lab.node, 5);
	assert_int_equal(fake_vici_count("load-key"), 1);
}

/* A peer is not secured for a moment whenever its SAs are replaced. */
static void test_whole(void **state)
{
	(void)state;
	ike_lab_esp(lab.node, "192.0.2.7", 0xc1, 1, 1);
	ike_lab_sa(lab.node, &sa7);
	peer_is(DMVPN_PEER_STATE_NEGOTIATING);
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("terminate"), 0);
	assert_int_equal(fake_vici_count("initiate"), 0);
}

static void test_lost(void **state)
{
	(void)state;
	ike_lab_sa(lab.node, &sa7);
	peer_is(DMVPN_PEER_STATE_SECURED);
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("terminate"), 0);
	peer_is(DMVPN_PEER_STATE_NEGOTIATING);
	lab.node->fail_sa = -ENOBUFS;
	ike_lab_advance(lab.node, 10);
	assert_int_equal(fake_vici_count("terminate"), 0);
	lab.node->fail_sa = 0;
	ike_lab_log_forget();
	ike_lab_advance(lab.node, 10);
	assert_int_equal(fake_vici_count("terminate ike-id=3 "), 1);
	assert_int_equal(fake_vici_count("initiate ike=dmvpn0/192.0.2.7 "), 1);
	assert_non_null(strstr(ike_lab_log(), "the kernel lost its SAs"));
}

/* Whose peer lost an IKE SA waits for its consent in vain. */
static void test_deaf_peer(void **state)
{
	struct nh_ike_sa *sa;

	(void)state;
	ike_lab_sa(lab.node, &sa7);
	sa = nh_ike_table_find(&lab.ike->table, 3);
	nh_ike_terminate(lab.ike, sa, "a test");
	nh_ike_terminate(lab.ike, sa, "a test");
	assert_int_equal(fake_vici_count("terminate ike-id=3 timeout=-1"), 1);
	ike_lab_advance(lab.node, 8);
	nh_ike_terminate(lab.ike, sa, "a test");
	assert_int_equal(fake_vici_count("terminate ike-id=3 force=yes"), 1);
}

/* The operator clears those with one peer; another's stay. */
static void test_cleared(void **state)
{
	static const char line[] =
		"{\"cmd\":\"clear\",\"what\":\"ipsec\",\"peer\":\"192.0.2.7\"}";
	struct nh_daemon daemon = {
		.loop = lab.node->net->loop, .ifaces = lab.node->ifaces
	};
	struct fake_ike_sa other = sa7;
	char *answer;

	(void)state;
	other.id = 4;
	other.remote = "192.0.2.8";
	ike_lab_sa(lab.node, &sa7);
	ike_lab_sa(lab.node, &other);
	fake_vici_forget();
	answer = nh_ctl_answer(&daemon, line, sizeof(line) - 1);
	assert_non_null(strstr(answer, "\"ok\":true,\"cleared\":1,"));
	free(answer);
	assert_int_equal(fake_vici_count("terminate ike-id=3 "), 1);
	assert_int_equal(fake_vici_count("terminate"), 1);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, ike_lab_setup_up, \
					      ike_lab_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_trap),
		T(test_refused),
		T(test_no_trap),
		T(test_no_creds),
		T(test_whole),
		T(test_lost),
		T(test_deaf_peer),
		T(test_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
