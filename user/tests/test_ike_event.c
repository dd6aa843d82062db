// SPDX-License-Identifier: GPL-2.0-or-later
/* What charon tells by events, and whom it is asked to negotiate with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/ike_lab.h"

static const struct fake_ike_sa peer7 = {
	.name = "dmvpn0", .id = 3, .remote = "192.0.2.7", .identity = "seven",
	.child = { { 5, 0xc1, 0xc2, 0, NULL } },
};

static const struct nh_ike_sa *who(const char *nbma, uint32_t if_id)
{
	const struct nh_endpoint ep = { fake_addr(nbma), if_id };

	return nh_ike_who(lab.ike, &ep);
}

/* Each but the end of an IKE SA says no more than where to look. */
static void test_updown(void **state)
{
	struct fake_ike_sa changed = peer7;

	(void)state;
	ike_lab_sa(lab.node, &peer7);
	assert_string_equal(fake_vici_said(),
			    "list-sas ike-id=3\n");
	assert_string_equal(who("192.0.2.7", 0)->identity, "seven");
	assert_null(who("192.0.2.7", 1));
	assert_null(who("192.0.2.8", 0));
	changed.child[0].state = "DELETING";
	ike_lab_sa(lab.node, &changed);
	assert_null(who("192.0.2.7", 0));
	assert_int_equal(lab.ike->table.n, 1);
	/* Who was moved is found where it is now. */
	changed = peer7;
	changed.remote = "192.0.2.8";
	ike_lab_sa(lab.node, &changed);
	assert_null(who("192.0.2.7", 0));
	assert_non_null(who("192.0.2.8", 0));
	ike_lab_sa_gone(lab.node, 3);
	assert_null(who("192.0.2.8", 0));
	assert_int_equal(lab.ike->table.n, 0);
}

/* Found to be gone only when it was read anew. */
static void test_gone(void **state)
{
	(void)state;
	ike_lab_sa(lab.node, &peer7);
	fake_vici_del(lab.vici, 3);
	nh_ike_refresh(lab.ike, 3);
	assert_non_null(who("192.0.2.7", 0));
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->table.n, 0);
	/* What could not be read may be there. */
	ike_lab_sa(lab.node, &peer7);
	lab.vici->refuse = "list-sas";
	nh_ike_refresh(lab.ike, 3);
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->table.n, 1);
	/* One that is there no more is nothing to be told of. */
	lab.vici->refuse = NULL;
	fake_vici_del(lab.vici, 3);
	nh_ike_refresh(lab.ike, 3);
	nh_ike_refresh(lab.ike, 3);
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->table.n, 0);
}

static void event(const char *name, const char *conn, const char *first,
		  const char *second, bool up)
{
	struct vici_builder b = { 0 };

	if (up)
		vici_put(&b, "up", "yes");
	vici_section_begin(&b, conn);
	if (second) {
		vici_section_begin(&b, "old");
		vici_put(&b, "uniqueid", first);
		vici_section_end(&b);
		vici_section_begin(&b, "new");
		vici_put(&b, "uniqueid", second);
		vici_section_end(&b);
	} else if (first) {
		vici_put(&b, "uniqueid", first);
	}
	vici_section_end(&b);
	fake_vici_event(lab.vici, name, &b);
}

static void test_rekey(void **state)
{
	struct fake_ike_sa heir = peer7;

	(void)state;
	ike_lab_sa(lab.node, &peer7);
	fake_vici_del(lab.vici, 3);
	heir.id = 4;
	fake_vici_add(lab.vici, &heir);
	event("ike-rekey", "dmvpn0", "3", "4", false);
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->table.n, 1);
	assert_int_equal(who("192.0.2.7", 0)->id, 4);
}

/* Another address or port, where a NAT has forgotten the one of before. */
static void test_update(void **state)
{
	struct fake_ike_sa moved = peer7;

	(void)state;
	ike_lab_sa(lab.node, &peer7);
	moved.remote = "192.0.2.8";
	moved.port = 4501;
	fake_vici_add(lab.vici, &moved);
	event("ike-update", "dmvpn0", "3", NULL, false);
	fake_vici_serve(lab.vici);
	assert_null(who("192.0.2.7", 0));
	assert_int_equal(who("192.0.2.8", 0)->port, 4501);
}

/* All that tells where to look is asked for. */
static void test_events(void **state)
{
	static const char *const all[] = {
		"ike-updown", "ike-rekey", "ike-update", "child-updown",
		"child-rekey",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_string_equal(lab.vici->events[i], all[i]);
	assert_null(lab.vici->events[i]);
}

/* charon has the old one until the other end has agreed to delete it, and says
 * nothing when it is gone.
 */
static void test_rekey_slow(void **state)
{
	struct fake_ike_sa heir = peer7, old = peer7;

	(void)state;
	ike_lab_sa(lab.node, &peer7);
	old.state = "DELETING";
	old.child[0].id = 0;
	fake_vici_add(lab.vici, &old);
	heir.id = 4;
	fake_vici_add(lab.vici, &heir);
	event("ike-rekey", "dmvpn0", "3", "4", false);
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->table.n, 2);
	fake_vici_del(lab.vici, 3);
	ike_lab_advance(lab.node, 10);
	assert_int_equal(lab.ike->table.n, 1);
	assert_int_equal(who("192.0.2.7", 0)->id, 4);
}

/* A pair for another's packets takes them from that one: it goes at once. */
static void test_stray(void **state)
{
	struct fake_ike_sa sa = peer7;

	(void)state;
	sa.selectors = "192.0.2.8/32[gre]";
	fake_vici_add(lab.vici, &sa);
	/* charon tells of both before it has answered about the first. */
	event("ike-updown", "dmvpn0", "3", NULL, true);
	event("child-updown", "dmvpn0", "3", NULL, true);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("terminate ike-id=3 force=yes "), 1);
	assert_int_equal(ike_lab_lines(ike_lab_log(),
				       "IKE SA 3 of \"seven\" closed: it is for packets of others"),
			 1);
	/* It is reminded. */
	ike_lab_advance(lab.node, 11);
	assert_int_equal(fake_vici_count("terminate ike-id=3 force=yes "), 2);
	/* Also of what was made while we were not there. */
	fake_vici_down(lab.vici);
	fake_vici_up(lab.vici);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("terminate ike-id=3 force=yes "), 3);
}

/* What there was no room for is told as soon as there is. */
static void test_stray_in_trouble(void **state)
{
	struct fake_ike_sa sa = peer7;
	size_t room = lab.vici->room;

	(void)state;
	sa.selectors = "192.0.2.8/32[gre]";
	fake_vici_add(lab.vici, &sa);
	event("child-updown", "dmvpn0", "3", NULL, true);
	lab.vici->room = 0;
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("terminate"), 0);
	lab.vici->room = room;
	ike_lab_advance(lab.node, 6);
	assert_int_equal(fake_vici_count("terminate ike-id=3 force=yes "), 1);
}

static void test_of_others(void **state)
{
	struct fake_ike_sa other = peer7;

	(void)state;
	ike_lab_sa(lab.node, &peer7);
	fake_vici_forget();
	event("child-updown", "dmvpn01", "3", NULL, true);
	event("child-updown", "dmvpn", "3", NULL, true);
	event("child-updown", "home", "3", NULL, true);
	event("ike-updown", "home", "3", NULL, false);
	fake_vici_event(lab.vici, "ike-updown", &(struct vici_builder){ 0 });
	assert_string_equal(fake_vici_said(), "");
	assert_int_equal(lab.ike->table.n, 1);
	/* Ours, but without a number, or of one that we do not know. */
	event("ike-updown", "dmvpn0", NULL, NULL, false);
	event("ike-updown", "dmvpn0", "77", NULL, false);
	event("child-updown", "dmvpn0/nat/192.0.2.7", NULL, NULL, true);
	assert_string_equal(fake_vici_said(), "");
	assert_int_equal(lab.ike->table.n, 1);
	event("child-updown", "dmvpn0/ipv6", "3", NULL, true);
	assert_int_equal(fake_vici_count("list-sas ike-id=3\n"), 1);
	/* Those of others are not even remembered. */
	other.name = "home";
	other.id = 9;
	fake_vici_add(lab.vici, &other);
	nh_ike_refresh(lab.ike, 9);
	nh_ike_reload(lab.ike, false);
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->table.n, 1);
}

static void test_malformed(void **state)
{
	struct fake_ike_sa bad = { .id = 3 };

	(void)state;
	ike_lab_sa(lab.node, &peer7);
	/* It is there, but nothing of it can be read: it is not ours. */
	fake_vici_add(lab.vici, &bad);
	nh_ike_refresh(lab.ike, 3);
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->table.n, 0);
	nh_ike_reload(lab.ike, false);
	fake_vici_serve(lab.vici);
	assert_true(lab.ike->listed);
	assert_int_equal(lab.ike->table.n, 0);
}

/* A thousand peers come at once: all is read when there is time. */
static void test_too_much(void **state)
{
	(void)state;
	lab.vici->room = 2;
	fake_vici_add(lab.vici, &peer7);
	nh_ike_refresh(lab.ike, 100);
	nh_ike_refresh(lab.ike, 101);
	nh_ike_refresh(lab.ike, 3);
	fake_advance(ike_net, 1000);
	/* Still no room: not given up. */
	assert_int_equal(fake_vici_count("list-sas\n"), 0);
	assert_true(lab.ike->listed);
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->table.n, 0);
	fake_advance(ike_net, 1000);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("list-sas\n"), 1);
	assert_int_equal(lab.ike->table.n, 1);
	/* Nor what [IPsec] says: it is no refusal. */
	fake_vici_forget();
	lab.vici->room = 1;
	ike_lab_reload(lab.node, "[IPsec]\nSecret=another-one\n");
	assert_string_equal(lab.ike->error, "");
	assert_null(fake_vici_line("list-sas\n"));
	lab.vici->room = 100;
	fake_vici_serve(lab.vici);
	fake_advance(ike_net, 1000);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("load-shared"), 2);
	assert_int_equal(fake_vici_count("list-sas\n"), 1);
	assert_true(lab.ike->loaded);
	/* The connection is lost before the time comes. */
	lab.vici->room = 0;
	nh_ike_refresh(lab.ike, 3);
	fake_vici_down(lab.vici);
	fake_vici_forget();
	fake_advance(ike_net, 2000);
	assert_string_equal(fake_vici_said(), "");
}

/* A pair that is being replaced: no event tells its end. */
static void test_changing(void **state)
{
	struct fake_ike_sa changing = peer7;

	(void)state;
	changing.child[0].state = "REKEYED";
	changing.child[1] = (struct fake_child){ 6, 0xd1, 0xd2, 0, NULL };
	ike_lab_sa(lab.node, &changing);
	ike_lab_peer(lab.node, &(struct dmvpn_nl_peer){
		.nbma = fake_addr("192.0.2.7") });
	assert_int_equal(who("192.0.2.7", 0)->nchild, 2);
	fake_vici_forget();
	changing.child[0] = changing.child[1];
	changing.child[1].id = 0;
	fake_vici_add(lab.vici, &changing);
	ike_lab_advance(lab.node, 5);
	assert_string_equal(fake_vici_said(), "list-sas ike-id=3\n");
	assert_int_equal(who("192.0.2.7", 0)->nchild, 1);
	ike_lab_advance(lab.node, 60);
	assert_string_equal(fake_vici_said(), "list-sas ike-id=3\n");
}

static void renew(const char *nbma)
{
	struct nh_addr addr = fake_addr(nbma);

	nh_ike_renew(lab.ike, &addr);
}

/* One after the other, by a connection that is there no longer than needed. */
static void test_want(void **state)
{
	(void)state;
	renew("192.0.2.7");
	renew("192.0.2.8");
	renew("192.0.2.7");
	assert_int_equal(fake_vici_count("load-conn dmvpn0/192.0.2.7{"), 1);
	assert_non_null(strstr(fake_vici_said(),
			       "\ninitiate ike=dmvpn0/192.0.2.7 child=gre timeout=-1\nunload-conn name=dmvpn0/192.0.2.7\nversion\n"));
	assert_null(fake_vici_line("load-conn dmvpn0/192.0.2.8{"));
	assert_int_equal(lab.ike->nwanted, 1);
	while (lab.vici->n > 1)
		fake_vici_answer(lab.vici);
	assert_null(fake_vici_line("load-conn dmvpn0/192.0.2.8{"));
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("initiate"), 2);
	assert_non_null(fake_vici_line("initiate ike=dmvpn0/192.0.2.8 "));
	/* Nobody is bothered again at once, nor forgotten. */
	fake_advance(ike_net, 19990);
	renew("192.0.2.7");
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("initiate"), 2);
	fake_advance(ike_net, 10);
	renew("192.0.2.7");
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("initiate ike=dmvpn0/192.0.2.7 "), 2);
}

/* What is refused, or does not fit, does not stop the others for good. */
static void test_want_in_trouble(void **state)
{
	(void)state;
	lab.vici->room = 3;
	renew("192.0.2.7");
	renew("192.0.2.8");
	assert_false(lab.ike->busy);
	fake_vici_serve(lab.vici);
	lab.vici->room = 100;
	lab.vici->refuse = "initiate";
	renew("192.0.2.10");
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->nwanted, 0);
	assert_non_null(fake_vici_line("initiate ike=dmvpn0/192.0.2.10 "));
	assert_string_equal(lab.ike->error, "");
}

/* More wishes than there is memory for are none. */
static void test_want_bounded(void **state)
{
	char nbma[32];
	unsigned int i;

	(void)state;
	for (i = 0; i < NH_IKE_WANTED_MAX + 50; i++) {
		snprintf(nbma, sizeof(nbma), "198.18.%u.%u", i / 250,
			 i % 250 + 1);
		renew(nbma);
	}
	assert_int_equal(lab.ike->nwanted, NH_IKE_WANTED_MAX);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("initiate"), NH_IKE_WANTED_MAX + 1);
	assert_int_equal(lab.ike->nwanted, 0);
	/* They are freed with the device, too. */
	fake_advance(ike_net, 20000);
	renew("192.0.2.7");
	renew("192.0.2.8");
}

static void negotiating(const char *nbma, uint32_t if_id)
{
	ike_lab_peer(lab.node, &(struct dmvpn_nl_peer){
		.nbma = fake_addr(nbma), .if_id = if_id,
		.state = DMVPN_PEER_STATE_NEGOTIATING,
	});
}

/* In transport mode the kernel has asked charon itself. */
static void test_negotiating(void **state)
{
	(void)state;
	negotiating("192.0.2.7", 0);
	ike_lab_advance(lab.node, 10);
	assert_null(fake_vici_line("initiate"));
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET "Mode=tunnel\n");
	negotiating("192.0.2.7", 0);
	negotiating("192.0.2.8", 5);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("initiate"), 1);
	assert_non_null(fake_vici_line("initiate ike=dmvpn0/192.0.2.7 "));
	/* As long as it goes on, without a further word of the kernel. */
	ike_lab_advance(lab.node, 15);
	assert_int_equal(fake_vici_count("initiate"), 1);
	ike_lab_advance(lab.node, 10);
	assert_int_equal(fake_vici_count("initiate"), 2);
	ike_lab_peer(lab.node, &(struct dmvpn_nl_peer){
		.nbma = fake_addr("192.0.2.7"),
		.state = DMVPN_PEER_STATE_SECURED });
	ike_lab_advance(lab.node, 60);
	assert_int_equal(fake_vici_count("initiate"), 2);
}

/* A server that does not answer: there may be SAs that only we believe in. */
static void test_silent_server(void **state)
{
	(void)state;
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET IKE_LAB_NHS);
	lab.node->secured[lab.node->nsecured++] = fake_addr("192.0.2.9");
	nh_nhs_kick(lab.node->iface);
	ike_lab_advance(lab.node, 6);
	assert_null(fake_vici_line("initiate"));
	ike_lab_advance(lab.node, 3);
	assert_int_equal(fake_vici_count("initiate ike=dmvpn0/192.0.2.9 "), 1);
	assert_non_null(strstr(ike_lab_log(), "is DOWN: no answer"));
}

/* Without SAs a negotiation may be under way: it gets more time. */
static void test_unreachable_server(void **state)
{
	(void)state;
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET IKE_LAB_NHS);
	ike_lab_advance(lab.node, 16);
	assert_non_null(strstr(ike_lab_log(),
			       "is DOWN: no security association"));
	assert_null(fake_vici_line("initiate"));
	ike_lab_advance(lab.node, 20);
	assert_int_equal(fake_vici_count("initiate ike=dmvpn0/192.0.2.9 "), 1);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, ike_lab_setup_up, \
					      ike_lab_teardown)
	const struct CMUnitTest tests[] = {
		T(test_updown),
		T(test_gone),
		T(test_update),
		T(test_events),
		T(test_rekey),
		T(test_rekey_slow),
		T(test_stray),
		T(test_stray_in_trouble),
		T(test_of_others),
		T(test_malformed),
		T(test_too_much),
		T(test_changing),
		T(test_want),
		T(test_want_in_trouble),
		T(test_want_bounded),
		T(test_negotiating),
		T(test_silent_server),
		T(test_unreachable_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
