// SPDX-License-Identifier: GPL-2.0-or-later
/* Which SAs stay: of two the better one, those in use, those known to IKE. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "daemon/ike_conn.h"
#include "tests/ike_lab.h"

static int setup(void **state)
{
	ike_lab_setup(state);
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET "IdleTime=60\n");
	return 0;
}

/* The kernel has a peer, so that no SA with it is an orphan. */
static struct dmvpn_nl_peer *peer(const char *nbma)
{
	ike_lab_peer(lab.node, &(struct dmvpn_nl_peer){
		.nbma = fake_addr(nbma),
		.state = DMVPN_PEER_STATE_SECURED });
	return fake_peer(lab.node, nbma);
}

/* One end of two negotiations with 192.0.2.7 that both went through. */
static void cross(const char *spi_ours, const char *spi_theirs)
{
	struct fake_ike_sa sa = {
		.name = "dmvpn0", .id = 3, .remote = "192.0.2.7",
		.identity = "seven", .initiator = true, .spi = spi_ours,
		.child = { { 5, 0xc1, 0xc2, 0, NULL } },
	};

	peer("192.0.2.7");
	ike_lab_sa(lab.node, &sa);
	sa.id = 4;
	sa.initiator = false;
	sa.spi = spi_theirs;
	sa.child[0] = (struct fake_child){ 6, 0xd1, 0xd2, 0, NULL };
	ike_lab_sa(lab.node, &sa);
	fake_vici_forget();
}

/* First both ends use what stays, and only then the other one is closed. */
static void test_winner_acts(void **state)
{
	(void)state;
	ike_lab_advance(lab.node, 2);
	cross("00000000000000f2", "00000000000000f1");
	/* Not yet: the other end may be busy with the second one. */
	ike_lab_advance(lab.node, 4);
	assert_string_equal(fake_vici_said(), "");
	ike_lab_advance(lab.node, 4);
	assert_string_equal(fake_vici_said(),
			    "rekey child-id=5 timeout=-1\n");
	/* Nor closed at once: packets are on their way. */
	ike_lab_advance(lab.node, 4);
	assert_int_equal(fake_vici_count("terminate"), 0);
	ike_lab_advance(lab.node, 5);
	assert_int_equal(fake_vici_count("rekey"), 1);
	assert_non_null(fake_vici_line("terminate ike-id=4 timeout=-1\n"));
	assert_null(fake_vici_line("terminate ike-id=3"));
	assert_non_null(strstr(ike_lab_log(),
			       "IKE SA 4 closed: there is another one"));
	/* Alone again, there is nothing more to do. */
	fake_vici_del(lab.vici, 4);
	ike_lab_sa_gone(lab.node, 3);
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_string_equal(fake_vici_said(), "");
}

static void test_loser_waits(void **state)
{
	(void)state;
	cross("00000000000000f1", "00000000000000f2");
	ike_lab_advance(lab.node, 60);
	assert_string_equal(fake_vici_said(), "");
}

/* What was chosen is remembered when charon tells of it anew. */
static void test_chosen_is_kept(void **state)
{
	(void)state;
	cross("00000000000000f2", "00000000000000f1");
	ike_lab_advance(lab.node, 6);
	assert_int_equal(fake_vici_count("rekey"), 1);
	nh_ike_refresh(lab.ike, 3);
	nh_ike_reload(lab.ike, false);
	fake_vici_serve(lab.vici);
	ike_lab_advance(lab.node, 6);
	assert_int_equal(fake_vici_count("rekey"), 1);
	assert_int_equal(fake_vici_count("terminate"), 1);
}

/* A pair that is on its way out cannot be rekeyed. */
static void test_rekeys_what_can_be(void **state)
{
	struct fake_ike_sa sa;

	(void)state;
	cross("00000000000000f2", "00000000000000f1");
	sa = lab.vici->sa[0];
	sa.child[0].state = "REKEYED";
	sa.child[1] = (struct fake_child){ 7, 0xe1, 0xe2, 0, NULL };
	ike_lab_sa(lab.node, &sa);
	fake_vici_forget();
	ike_lab_advance(lab.node, 6);
	assert_int_equal(fake_vici_count("rekey child-id=7 "), 1);
	assert_int_equal(fake_vici_count("rekey"), 1);
	/* Two rounds later there is none at all: the other one is closed. */
	sa.child[1].state = "DELETING";
	sa.child[0].state = "REKEYING";
	ike_lab_sa(lab.node, &sa);
	ike_lab_advance(lab.node, 5);
	assert_int_equal(fake_vici_count("terminate ike-id=4 "), 1);
}

/*
 * The same two IKE SAs as both ends see them; @first began by @a, and this
 * many seconds before the other one. Returns what each of them closed.
 */
static void both_ends(unsigned int apart, unsigned int *a, unsigned int *b)
{
	struct fake_ike_sa first = {
		.name = "dmvpn0", .id = 3, .identity = "x", .initiator = true,
		.spi = "f000000000000002", .age = 100 + apart,
		.child = { { 5, 0xc1, 0xc2, 0, NULL } },
	};
	struct fake_ike_sa second = {
		.name = "dmvpn0", .id = 4, .identity = "x",
		.spi = "f000000000000001", .age = 100,
		.child = { { 6, 0xd1, 0xd2, 0, NULL } },
	};
	unsigned int *const closed[] = { a, b };
	const char *const nbma[] = { "192.0.2.20", "192.0.2.21" };
	size_t i;

	nh_loop_advance(ike_net->loop, 1000000);
	for (i = 0; i < 2; i++) {
		ike_lab_up(nbma[i], IKE_LAB_SECRET);
		peer(nbma[!i]);
		first.remote = nbma[!i];
		second.remote = nbma[!i];
		ike_lab_sa(lab.node, &first);
		ike_lab_sa(lab.node, &second);
		fake_vici_forget();
		ike_lab_advance(lab.node, 30);
		*closed[i] = fake_vici_count("terminate ike-id=3 ") ? 3 :
			     fake_vici_count("terminate ike-id=4 ") ? 4 : 0;
		fake_kill(lab.node);
		ike_net->nnodes--;
		first.initiator = !first.initiator;
		second.initiator = !second.initiator;
	}
}

static void test_both_agree(void **state)
{
	unsigned int a, b;

	(void)state;
	/* They crossed: the number decides, and who began that one acts. */
	both_ends(2, &a, &b);
	assert_int_equal(a, 4);
	assert_int_equal(b, 0);
	/* They did not: the older one may be dead. */
	both_ends(60, &a, &b);
	assert_int_equal(a, 0);
	assert_int_equal(b, 3);
}

/* Another identity, port or interface: that is somebody else. */
static void test_no_twins(void **state)
{
	struct fake_ike_sa sa;

	(void)state;
	cross("00000000000000f2", "00000000000000f1");
	sa = lab.vici->sa[1];
	sa.identity = "eight";
	ike_lab_sa(lab.node, &sa);
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_string_equal(fake_vici_said(), "");
	sa.identity = "seven";
	sa.port = 4500;
	ike_lab_sa(lab.node, &sa);
	sa.id = 9;
	sa.port = 0;
	sa.child[0].if_id = 7;
	ike_lab_peer(lab.node, &(struct dmvpn_nl_peer){
		.nbma = fake_addr("192.0.2.7"), .if_id = 7 });
	ike_lab_sa(lab.node, &sa);
	sa.id = 10;
	sa.child[0].if_id = 0;
	sa.child[0].state = "CREATED";
	ike_lab_sa(lab.node, &sa);
	fake_vici_forget();
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("rekey"), 0);
	assert_int_equal(fake_vici_count("terminate"), 0);
}

static const struct fake_ike_sa sa7 = {
	.name = "dmvpn0", .id = 3, .remote = "192.0.2.7", .identity = "seven",
	.child = { { 5, 0xc1, 0xc2, 0, NULL } },
};

/* A path to 10.7.0.0/16 that was not used for this long, with its SAs. */
static struct dmvpn_nl_peer *path(uint64_t tx_idle, uint64_t rx_idle)
{
	struct dmvpn_nl_peer *p = peer("192.0.2.7");

	fake_put(lab.node, "10.7.0.0/16", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.7");
	ike_lab_sa(lab.node, &sa7);
	p->age = 500000;
	p->tx_idle = tx_idle;
	p->rx_idle = rx_idle;
	p->present = DMVPN_NL_BIT(DMVPN_A_PEER_TX_IDLE) |
		     DMVPN_NL_BIT(DMVPN_A_PEER_RX_IDLE);
	fake_vici_forget();
	return p;
}

static void test_idle(void **state)
{
	struct dmvpn_nl_peer *p = path(60000, 61000);

	(void)state;
	fake_put(lab.node, "10.7.7.7/32", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.7");
	fake_put(lab.node, "10.8.0.0/16", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.8");
	p->tx_idle = 59000;
	ike_lab_advance(lab.node, 10);
	assert_int_equal(lab.node->nentry, 3);
	p->tx_idle = 60000;
	p->rx_idle = 59000;
	ike_lab_advance(lab.node, 10);
	p->rx_idle = 61000;
	p->age = 50000;
	ike_lab_advance(lab.node, 10);
	assert_int_equal(lab.node->nentry, 3);
	p->age = 90000;
	ike_lab_advance(lab.node, 10);
	assert_null(fake_entry(lab.node, "10.7.0.0/16"));
	assert_null(fake_entry(lab.node, "10.7.7.7/32"));
	assert_non_null(fake_entry(lab.node, "10.8.0.0/16"));
	assert_int_equal(ike_lab_lines(ike_lab_log(),
				       "path not used for 60 s: closed"), 1);
	/* The peer is there still: so are its SAs. */
	ike_lab_esp(lab.node, "192.0.2.7", 0xc1, 500, 500);
	ike_lab_advance(lab.node, 60);
	assert_string_equal(fake_vici_said(), "");
	ike_lab_peer_gone(lab.node, "192.0.2.7", 0);
	ike_lab_advance(lab.node, 9);
	assert_string_equal(fake_vici_said(), "");
	ike_lab_advance(lab.node, 5);
	assert_string_equal(fake_vici_said(),
			    "terminate ike-id=3 timeout=-1\n");
	/* Charon may take its time, and is reminded. */
	ike_lab_advance(lab.node, 5);
	assert_int_equal(fake_vici_count("terminate"), 1);
	ike_lab_advance(lab.node, 6);
	assert_int_equal(fake_vici_count("terminate"), 2);
}

/* Never heard of: as idle as a peer can be. */
static void test_idle_from_the_beginning(void **state)
{
	struct dmvpn_nl_peer *p = path(0, 0);

	(void)state;
	p->present = 0;
	ike_lab_advance(lab.node, 10);
	assert_null(fake_entry(lab.node, "10.7.0.0/16"));
}

/* Servers, static ones, clients, and who gets multicast: by their own rules. */
static void test_not_idle(void **state)
{
	static const uint32_t types[] = {
		DMVPN_ENTRY_TYPE_STATIC, DMVPN_ENTRY_TYPE_NHS,
		DMVPN_ENTRY_TYPE_REGISTERED,
	};
	struct dmvpn_nl_peer *p = path(600000, 600000);
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		fake_put(lab.node, "10.0.0.7/32", types[i], "192.0.2.7");
		ike_lab_advance(lab.node, 10);
		assert_non_null(fake_entry(lab.node, "10.7.0.0/16"));
	}
	fake_put(lab.node, "10.0.0.7/32", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.7");
	p->mcast = true;
	ike_lab_advance(lab.node, 10);
	assert_int_equal(lab.node->nentry, 2);
	p->mcast = false;
	p->flags = DMVPN_PEER_FLAGS_PERMANENT;
	ike_lab_advance(lab.node, 10);
	assert_int_equal(lab.node->nentry, 2);
	p->flags = 0;
	ike_lab_advance(lab.node, 10);
	assert_int_equal(lab.node->nentry, 0);
}

static void test_idle_never(void **state)
{
	(void)state;
	ike_lab_up("192.0.2.2", IKE_LAB_SECRET "IdleTime=0\n");
	path(UINT32_MAX, UINT32_MAX)->age = UINT32_MAX;
	ike_lab_advance(lab.node, 300);
	assert_non_null(fake_entry(lab.node, "10.7.0.0/16"));
	assert_string_equal(fake_vici_said(), "");
}

/* The other end may still need them, whatever our cache says. */
static void test_in_use(void **state)
{
	(void)state;
	ike_lab_sa(lab.node, &sa7);
	fake_vici_forget();
	ike_lab_esp(lab.node, "192.0.2.7", 0xc1, 500, 500);
	lab.node->sa[1].used += 495;
	ike_lab_advance(lab.node, 60);
	assert_string_equal(fake_vici_said(), "");
	/* Nor are those closed that are new, and may be about to be used. */
	lab.node->sa[1].used = 0;
	lab.node->sa[0].added += 495;
	ike_lab_advance(lab.node, 60);
	assert_string_equal(fake_vici_said(), "");
	/* Not known is not unused. */
	lab.node->sa[0].added -= 495;
	lab.node->fail_sa = -ENOBUFS;
	ike_lab_advance(lab.node, 60);
	assert_string_equal(fake_vici_said(), "");
	lab.node->fail_sa = 0;
	/* Those of others with the same peer do not count. */
	ike_lab_esp(lab.node, "192.0.2.7", 0xee01, 500, 1);
	ike_lab_esp(lab.node, "192.0.2.8", 0xc1, 500, 1);
	ike_lab_advance(lab.node, 5);
	assert_int_equal(fake_vici_count("terminate ike-id=3 "), 1);
}

/* Needed again before the time was over. */
static void test_orphan_no_more(void **state)
{
	(void)state;
	ike_lab_sa(lab.node, &sa7);
	ike_lab_advance(lab.node, 8);
	peer("192.0.2.7");
	ike_lab_advance(lab.node, 60);
	assert_int_equal(fake_vici_count("terminate"), 0);
	/* By another interface it is another peer. */
	ike_lab_peer(lab.node, &(struct dmvpn_nl_peer){
		.nbma = fake_addr("192.0.2.7"), .if_id = 7 });
	ike_lab_peer_gone(lab.node, "192.0.2.7", 7);
	ike_lab_advance(lab.node, 60);
	assert_int_equal(fake_vici_count("terminate"), 0);
	/* Found out when it is read anew, if the event was lost. */
	lab.node->npeer = 0;
	nh_ike_refresh(lab.ike, 3);
	ike_lab_advance(lab.node, 16);
	assert_int_equal(fake_vici_count("terminate ike-id=3 "), 1);
}

/* SAs of a charon that died: new ones first, then the old ones go. */
static void test_stale(void **state)
{
	(void)state;
	fake_vici_down(lab.vici);
	ike_lab_esp(lab.node, "192.0.2.7", 0xc1, 500, 1);
	ike_lab_esp(lab.node, "192.0.2.8", 0xd1, 500, 1);
	ike_lab_esp(lab.node, "192.0.2.10", 0xe1, 500, 1);
	/* Of somebody else, of another device, or not of this machine. */
	fake_sa(lab.node, "192.0.2.11", "192.0.2.1", 0xf1);
	fake_sa(lab.node, "192.0.2.12", "192.0.2.1", 0xf2)->reqid =
		nh_ike_reqid("dmvpn1", AF_INET);
	fake_sa(lab.node, "192.0.2.13", "192.0.2.1", 0xf3)->reqid =
		nh_ike_reqid("dmvpn0", AF_INET6);
	fake_sa(lab.node, "192.0.2.14", "192.0.2.15", 0xf4)->reqid =
		nh_ike_reqid("dmvpn0", AF_INET);
	fake_vici_add(lab.vici, &sa7);
	ike_lab_log_forget();
	fake_vici_up(lab.vici);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("initiate"), 2);
	assert_non_null(fake_vici_line("load-conn dmvpn0/192.0.2.8{"));
	assert_non_null(fake_vici_line("initiate ike=dmvpn0/192.0.2.8 "));
	assert_non_null(fake_vici_line("unload-conn name=dmvpn0/192.0.2.8\n"));
	assert_non_null(fake_vici_line("initiate ike=dmvpn0/192.0.2.10 "));
	assert_int_equal(ike_lab_lines(ike_lab_log(),
				       "IKE does not know 4 SAs of the kernel"),
			 1);
	/* One of them was unknown only because charon was about to tell. */
	ike_lab_sa(lab.node, &(struct fake_ike_sa){
		.name = "dmvpn0", .id = 9, .remote = "192.0.2.10",
		.child = { { 10, 0xe1, 0xe2, 0, NULL } } });
	/* And one came into being meanwhile. */
	ike_lab_esp(lab.node, "192.0.2.8", 0xd5, 0, 0);
	ike_lab_advance(lab.node, 39);
	assert_int_equal(lab.node->nsa_deleted, 0);
	ike_lab_advance(lab.node, 1);
	assert_int_equal(lab.node->nsa_deleted, 2);
	assert_int_equal(lab.node->sa_deleted[0].spi, 0xd1);
	assert_int_equal(lab.node->sa_deleted[1].spi, 0xd2);
	assert_non_null(strstr(ike_lab_log(),
			       "2 SAs that IKE does not know were removed"));
	ike_lab_advance(lab.node, 100);
	assert_int_equal(lab.node->nsa_deleted, 2);
}

/* Nobody can begin with who is behind a NAT. What is left of it stays until it
 * comes; its interface id does not, which charon gives to others.
 */
static void test_stale_behind_nat(void **state)
{
	(void)state;
	fake_vici_down(lab.vici);
	ike_lab_esp(lab.node, "192.0.2.7", 0xc1, 500, 1);
	ike_lab_esp(lab.node, "192.0.2.8", 0xd1, 500, 1);
	ike_lab_esp(lab.node, "192.0.2.10", 0xe1, 500, 1);
	lab.node->sa[0].encap = true;
	lab.node->sa[1].encap = true;
	lab.node->sa[2].encap = true;
	lab.node->sa[3].encap = true;
	lab.node->sa[4].encap = true;
	lab.node->sa[4].if_id = 3;
	lab.node->sa[5].encap = true;
	lab.node->sa[5].if_id = 3;
	fake_vici_up(lab.vici);
	fake_vici_serve(lab.vici);
	/* This one has come. */
	ike_lab_sa(lab.node, &(struct fake_ike_sa){
		.name = "dmvpn0", .id = 9, .remote = "192.0.2.7", .nat = true,
		.child = { { 10, 0xf1, 0xf2, 0, NULL } } });
	ike_lab_advance(lab.node, 40);
	assert_int_equal(lab.node->nsa_deleted, 4);
	assert_int_equal(lab.node->sa_deleted[0].spi, 0xc1);
	assert_int_equal(lab.node->sa_deleted[1].spi, 0xc2);
	assert_int_equal(lab.node->sa_deleted[2].spi, 0xe1);
	assert_int_equal(lab.node->sa_deleted[3].spi, 0xe2);
	ike_lab_advance(lab.node, 20);
	assert_int_equal(lab.node->nsa_deleted, 4);
	/* And now the other one, after it has found out. */
	ike_lab_sa(lab.node, &(struct fake_ike_sa){
		.name = "dmvpn0", .id = 10, .remote = "192.0.2.8", .nat = true,
		.child = { { 11, 0xa1, 0xa2, 0, NULL } } });
	ike_lab_advance(lab.node, 20);
	assert_int_equal(lab.node->nsa_deleted, 6);
	assert_int_equal(lab.node->sa_deleted[4].spi, 0xd1);
	ike_lab_advance(lab.node, 100);
	assert_int_equal(lab.node->nsa_deleted, 6);
}

static void test_stale_in_trouble(void **state)
{
	(void)state;
	/* What cannot be read is left alone. */
	ike_lab_esp(lab.node, "192.0.2.8", 0xd1, 500, 1);
	lab.node->fail_sa = -ENOBUFS;
	nh_ike_reload(lab.ike, false);
	fake_vici_serve(lab.vici);
	assert_null(strstr(ike_lab_log(), "IKE does not know"));
	lab.node->fail_sa = 0;
	nh_ike_reload(lab.ike, false);
	fake_vici_serve(lab.vici);
	assert_non_null(strstr(ike_lab_log(), "IKE does not know 2 SAs"));
	ike_lab_advance(lab.node, 30);
	/* Without charon there would be nothing in their place. */
	fake_vici_down(lab.vici);
	ike_lab_advance(lab.node, 100);
	assert_int_equal(lab.node->nsa_deleted, 0);
	/* While it tells what it has, all may be unknown. */
	fake_vici_up(lab.vici);
	fake_vici_serve(lab.vici);
	ike_lab_advance(lab.node, 39);
	nh_ike_reload(lab.ike, false);
	fake_advance(ike_net, 1000);
	assert_int_equal(lab.node->nsa_deleted, 0);
	fake_vici_serve(lab.vici);
	lab.node->fail_sa = -ENOBUFS;
	ike_lab_advance(lab.node, 100);
	assert_int_equal(lab.node->nsa_deleted, 0);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, ike_lab_teardown)
	const struct CMUnitTest tests[] = {
		T(test_winner_acts),
		T(test_loser_waits),
		T(test_chosen_is_kept),
		T(test_rekeys_what_can_be),
		T(test_both_agree),
		T(test_no_twins),
		T(test_idle),
		T(test_idle_from_the_beginning),
		T(test_not_idle),
		T(test_idle_never),
		T(test_in_use),
		T(test_orphan_no_more),
		T(test_stale),
		T(test_stale_behind_nat),
		T(test_stale_in_trouble),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
