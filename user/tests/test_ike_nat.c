// SPDX-License-Identifier: GPL-2.0-or-later
/* Peers behind a NAT: told apart, redirected, and answered by the server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "nhrp/nat.h"
#include "tests/fake_kernel.h"
#include "daemon/ike_unload.h"
#include "tests/ike_lab.h"

static const struct fake_ike_sa natted = {
	.name = "dmvpn0", .id = 3, .remote = "192.0.2.66", .port = 4500,
	.identity = "seven", .nat = true,
	.child = { { 5, 0xc1, 0xc2, 0, NULL } },
};

/* Another peer behind that NAT */
static const struct fake_ike_sa natted_too = {
	.name = "dmvpn0", .id = 4, .remote = "192.0.2.66", .port = 33333,
	.identity = "eight", .nat = true,
	.child = { { 6, 0xd1, 0xd2, 0, NULL } },
};

static bool has_nat(const char *nbma)
{
	struct nh_addr addr = fake_addr(nbma);

	return nh_ike_has_nat(lab.ike, &addr);
}

/* The first one shows that there is a NAT. */
static void test_first(void **state)
{
	struct fake_ike_sa sa = natted;

	(void)state;
	assert_false(has_nat("192.0.2.66"));
	/* Already before it has ESP SAs. */
	sa.child[0].id = 0;
	ike_lab_sa(lab.node, &sa);
	assert_true(has_nat("192.0.2.66"));
	assert_false(has_nat("192.0.2.67"));
	assert_int_equal(fake_vici_count("load-conn dmvpn0/nat/192.0.2.66{"),
			 1);
	ike_lab_sa(lab.node, &natted);
	nh_ike_refresh(lab.ike, 3);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("load-conn"), 1);
	assert_int_equal(fake_vici_count("terminate"), 0);
	/* Told again with all the others. */
	fake_vici_forget();
	nh_ike_reload(lab.ike, false);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("load-conn dmvpn0/nat/192.0.2.66{"),
			 1);
	/* A new charon is told when it tells of such a peer. */
	fake_vici_down(lab.vici);
	fake_vici_forget();
	fake_vici_up(lab.vici);
	assert_int_equal(fake_vici_count("load-conn dmvpn0/nat/"), 0);
	fake_vici_serve(lab.vici);
	assert_int_equal(fake_vici_count("load-conn dmvpn0/nat/"), 1);
}

/* The second one has no place beside the first: it comes again. */
static void test_second(void **state)
{
	struct fake_ike_sa sa = natted_too;

	(void)state;
	ike_lab_sa(lab.node, &natted);
	fake_vici_forget();
	ike_lab_sa(lab.node, &sa);
	assert_int_equal(fake_vici_count("terminate ike-id=4 "), 1);
	assert_int_equal(fake_vici_count("terminate"), 1);
	assert_non_null(strstr(ike_lab_log(),
			       "IKE SA 4 closed: another peer has its address"));
	ike_lab_sa_gone(lab.node, 4);
	fake_vici_forget();
	/* By the other connection it gets an interface of its own. */
	sa.id = 5;
	sa.name = "dmvpn0/nat/192.0.2.66";
	sa.child[0].if_id = 7;
	ike_lab_sa(lab.node, &sa);
	assert_int_equal(fake_vici_count("terminate"), 0);
	assert_int_equal(fake_vici_count("load-conn"), 0);
}

/* All places are taken: the next one gets that of a NAT that nobody is behind,
 * and while there is none it is left alone.
 */
static void test_places(void **state)
{
	struct fake_ike_sa sa = natted;
	char nbma[32];
	size_t i;

	(void)state;
	sa.remote = nbma;
	for (i = 0; i < NH_IKE_NATS_MAX; i++) {
		snprintf(nbma, sizeof(nbma), "198.51.100.%zu", i % 256);
		sa.id = (uint32_t)(100 + i);
		ike_lab_sa(lab.node, &sa);
		ike_lab_sa_gone(lab.node, sa.id);
	}
	assert_int_equal(lab.ike->nnat, NH_IKE_NATS_MAX);
	fake_vici_forget();
	ike_lab_sa(lab.node, &natted);
	assert_int_equal(lab.ike->nnat, NH_IKE_NATS_MAX);
	assert_true(has_nat("192.0.2.66"));
	assert_false(has_nat("198.51.100.0"));
	assert_int_equal(fake_vici_count("unload-conn name=dmvpn0/nat/198.51.100.0"),
			 1);
	/* None is free. */
	for (i = 0; i < NH_IKE_NATS_MAX; i++)
		lab.ike->nat[i] = fake_addr(natted.remote);
	fake_vici_forget();
	sa = natted;
	sa.id = 7;
	sa.remote = "192.0.2.77";
	ike_lab_sa(lab.node, &sa);
	sa.id = 8;
	sa.identity = "eight";
	ike_lab_sa(lab.node, &sa);
	assert_int_equal(fake_vici_count("terminate"), 0);
}

/* Of two that come at once one stays, whatever is heard of them and when. */
static void test_at_once(void **state)
{
	struct fake_ike_sa sa = natted_too;

	(void)state;
	ike_lab_sa(lab.node, &natted);
	ike_lab_sa(lab.node, &sa);
	fake_vici_forget();
	ike_lab_sa(lab.node, &natted);
	ike_lab_sa(lab.node, &sa);
	assert_int_equal(fake_vici_count("terminate"), 0);
}

/* The same peer twice is no other peer. */
static void test_twin(void **state)
{
	struct fake_ike_sa sa = natted;

	(void)state;
	ike_lab_sa(lab.node, &natted);
	sa.id = 4;
	sa.child[0] = (struct fake_child){ 6, 0xd1, 0xd2, 0, NULL };
	ike_lab_sa(lab.node, &sa);
	assert_int_equal(fake_vici_count("terminate"), 0);
}

/* Configured by its address: nobody else can be meant. */
static void test_configured(void **state)
{
	struct fake_ike_sa sa = natted;

	(void)state;
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET IKE_LAB_NHS
	      "[Map]\nPrefix=10.0.0.8/32\nNbma=192.0.2.8\n");
	sa.remote = "192.0.2.9";
	ike_lab_sa(lab.node, &sa);
	sa.id = 4;
	sa.remote = "192.0.2.8";
	ike_lab_sa(lab.node, &sa);
	/* Nor is it a peer's NAT that we began with ourselves. */
	sa.id = 5;
	sa.remote = "192.0.2.66";
	sa.initiator = true;
	ike_lab_sa(lab.node, &sa);
	assert_int_equal(lab.ike->nnat, 0);
	assert_int_equal(fake_vici_count("load-conn"), 0);
}

static void test_many(void **state)
{
	struct fake_ike_sa sa = natted;
	char nbma[32];
	unsigned int i;

	(void)state;
	sa.remote = nbma;
	for (i = 0; i < NH_IKE_NATS_MAX + 1; i++) {
		snprintf(nbma, sizeof(nbma), "198.18.%u.%u", i / 250,
			 i % 250 + 1);
		ike_lab_sa(lab.node, &sa);
	}
	assert_int_equal(lab.ike->nnat, NH_IKE_NATS_MAX);
	assert_true(has_nat(nbma));
	/* All of them fit into the queue at once. */
	fake_vici_forget();
	nh_ike_reload(lab.ike, false);
	assert_int_equal(fake_vici_count("load-conn dmvpn0/nat/"),
			 NH_IKE_NATS_MAX);
	assert_int_equal(fake_vici_count("list-sas\n"), 1);
	assert_string_equal(lab.ike->error, "");
	fake_vici_serve(lab.vici);
	assert_true(lab.ike->loaded);
}

/* By which id 10.0.0.8 is there after a registration of it as unique. */
static uint32_t registered_by(const char *claimed, const char *nbma,
			      uint32_t if_id)
{
	struct nhrp_self client = {
		.nbma = fake_addr(claimed),
		.proto = fake_addr("10.0.0.8"),
		.holdtime = 600,
	};
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr("10.0.0.1"),
		.nhs_nbma = fake_addr("192.0.2.1"),
		.unique = true,
		.prefix = 255,
	};
	struct nh_endpoint from = { fake_addr(nbma), if_id };
	uint8_t octets[DMVPN_PACKET_MAX];
	struct nhrp_pdu pdu;
	ssize_t len;

	assert_int_equal(nhrp_build_registration_request(&pdu, &client, &reg),
			 0);
	len = nhrp_pdu_encode(&pdu, octets, sizeof(octets));
	assert_true(len > 0);
	nh_dispatch_packet(lab.node->iface, octets, (size_t)len, &from);
	return fake_entry(lab.node, "10.0.0.8/32")->if_id;
}

/* The first of those behind a NAT has no id. It has one when it comes again. */
static void test_first_again(void **state)
{
	struct nh_endpoint old = { fake_addr("192.0.2.66"), 0 };
	struct dmvpn_nl_peer *peer;

	(void)state;
	assert_int_equal(registered_by("172.20.0.5", "192.0.2.66", 0), 0);
	peer = fake_kernel_peer(lab.node, &old, false);
	/* Others do not get its unique address while it is there, */
	peer->state = DMVPN_PEER_STATE_SECURED;
	assert_int_equal(registered_by("172.20.0.6", "192.0.2.66", 6), 0);
	/* nor from elsewhere. */
	peer->state = DMVPN_PEER_STATE_IDLE;
	assert_int_equal(registered_by("172.20.0.5", "192.0.2.67", 6), 0);
	assert_int_equal(registered_by("172.20.0.6", "192.0.2.66", 6), 6);
}

/* The second one registered before it was told apart, and comes again. */
static void test_told_apart(void **state)
{
	struct nh_endpoint old = { fake_addr("192.0.2.66"), 0 };

	(void)state;
	assert_int_equal(registered_by("172.20.0.5", "192.0.2.66", 0), 0);
	fake_kernel_peer(lab.node, &old, false)->state =
		DMVPN_PEER_STATE_SECURED;
	assert_int_equal(registered_by("172.20.0.5", "192.0.2.66", 6), 6);
}

static uint32_t last_registration(void)
{
	struct nhrp_pdu pdu;

	fake_last(ike_net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REQUEST);
	return pdu.reqid;
}

/* Our place with the server is that of an IKE SA, if we are behind a NAT. */
static void test_server_sees_anew(void **state)
{
	struct nhrp_self hub = {
		.nbma = fake_addr("192.0.2.9"),
		.proto = fake_addr("10.0.0.9"),
		.holdtime = 600,
	};
	struct fake_ike_sa sa = natted;
	struct nhrp_pdu pdu, reply;
	size_t sent;

	(void)state;
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET IKE_LAB_NHS);
	sa.remote = "192.0.2.9";
	sa.nat = false;
	sa.initiator = true;
	sa.nat_local = true;
	ike_lab_sa(lab.node, &sa);
	lab.node->secured[lab.node->nsecured++] = hub.nbma;
	nh_nhs_kick(lab.node->iface);
	last_registration();
	fake_last(ike_net, &pdu);
	nhrp_build_registration_reply(&reply, &pdu, &hub, NHRP_CODE_OK, 600,
				      &pdu.src_nbma);
	fake_inject(lab.node, "192.0.2.9", &reply);
	sent = ike_net->nsent;
	sa.id = 4;
	ike_lab_sa(lab.node, &sa);
	assert_int_equal(ike_net->nsent, sent);
	/* What goes out at once could still go by the SAs of that one. */
	ike_lab_sa_gone(lab.node, 3);
	assert_int_equal(ike_net->nsent, sent);
	fake_advance(ike_net, 2500);
	assert_int_equal(ike_net->nsent, sent + 1);
	assert_int_not_equal(last_registration(), pdu.reqid);
	/* It is under way already. */
	ike_lab_sa_gone(lab.node, 4);
	fake_advance(ike_net, 300);
	assert_int_equal(ike_net->nsent, sent + 1);
}

/* A packet of @source was forwarded back into the tunnel. */
static void redirect(const char *source)
{
	static uint8_t quoted[64];
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_REDIRECT, .ifindex = FAKE_IFINDEX,
		.packet = {
			.nbma = fake_addr("192.0.2.66"),
			.payload = quoted, .payload_len = sizeof(quoted),
		},
	};
	struct nh_addr addr = fake_addr(source);

	memset(quoted, 0, sizeof(quoted));
	quoted[0] = addr.len == 4 ? 0x45 : 0x60;
	memcpy(quoted + (addr.len == 4 ? 12 : 8), addr.bytes, addr.len);
	nh_dispatch_event(&lab.node->ifaces, &ev);
}

/* The last packet went to this one of those behind the NAT. */
static void expect_to(uint32_t if_id)
{
	assert_true(ike_net->nsent > 0);
	assert_int_equal(ike_net->sent[ike_net->nsent - 1].if_id, if_id);
	assert_true(nh_addr_equal(&ike_net->sent[ike_net->nsent - 1].to,
				  &(struct nh_addr){ AF_INET, 4,
						     { 192, 0, 2, 66 } }));
}

/* Which of them a packet came from is told by the route back to its source. */
static void test_redirect(void **state)
{
	(void)state;
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	lab.node->secured[lab.node->nsecured++] = fake_addr("192.0.2.66");
	lab.node->iface->conf->redirect = true;
	fake_put(lab.node, "10.0.0.8/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.66")->if_id = 7;
	fake_put(lab.node, "10.0.0.9/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.10")->if_id = 8;
	fake_route(lab.node, "10.8.0.0/16", FAKE_IFINDEX, "10.0.0.8");
	fake_route(lab.node, "10.9.0.0/16", FAKE_IFINDEX, "10.0.0.9");
	fake_route(lab.node, "10.10.0.0/16", FAKE_LAN, NULL);
	fake_route(lab.node, "10.11.0.0/16", FAKE_IFINDEX, "10.0.0.11");
	redirect("10.8.1.1");
	expect_to(0);
	ike_lab_sa(lab.node, &natted);
	redirect("10.8.1.1");
	expect_to(7);
	/* A route to elsewhere, or to nowhere, tells nothing. */
	redirect("10.9.1.1");
	expect_to(0);
	redirect("10.10.1.1");
	expect_to(0);
	redirect("10.11.1.1");
	expect_to(0);
	redirect("2001:db8::1");
	expect_to(0);
}

/* Too short to say where it came from. */
static void test_redirect_short(void **state)
{
	static const uint8_t octets[] = { 0x45, 0, 0, 0, 0x60, 0, 0, 0 };
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_REDIRECT, .ifindex = FAKE_IFINDEX,
		.packet = { .nbma = fake_addr("192.0.2.66"),
			    .payload_len = 4 },
	};
	size_t i;

	(void)state;
	ike_lab_sa(lab.node, &natted);
	lab.node->iface->conf->redirect = true;
	lab.node->secured[lab.node->nsecured++] = ev.packet.nbma;
	for (i = 0; i < sizeof(octets); i += 4) {
		ev.packet.payload = octets + i;
		nh_dispatch_event(&lab.node->ifaces, &ev);
	}
	ev.packet.payload_len = 0;
	nh_dispatch_event(&lab.node->ifaces, &ev);
	for (i = 0; i < ike_net->nsent; i++)
		assert_int_equal(ike_net->sent[i].if_id, 0);
}

/* A request that a server of ours handed on, of who is at @proto. */
static void ask(const char *proto, const char *nbma, const char *behind)
{
	struct nhrp_self egress = {
		.nbma = fake_addr(nbma), .proto = fake_addr(proto),
		.holdtime = 600, .nat = true,
	};
	struct nh_addr dst = fake_addr("10.1.1.1"), addr;
	struct nhrp_pdu pdu;

	nhrp_build_resolution_request(&pdu, &egress, &dst, 31, 0);
	if (behind) {
		addr = fake_addr(behind);
		nhrp_nat_add(&pdu, &addr, &egress.proto);
	}
	fake_inject(lab.node, "192.0.2.9", &pdu);
}

/* Only who is behind the NAT can begin: by the answer it learns with whom. */
static void test_answer(void **state)
{
	(void)state;
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET IKE_LAB_NHS);
	lab.node->secured[lab.node->nsecured++] = fake_addr("192.0.2.9");
	fake_route(lab.node, "10.1.0.0/16", FAKE_LAN, NULL);
	ask("10.0.0.3", "192.0.2.3", NULL);
	assert_int_equal(ike_net->nsent, 0);
	assert_int_equal(lab.node->iface->stats.count[NH_C_DELAYED], 1);
	ask("10.0.0.4", "172.20.0.3", "192.0.2.66");
	assert_int_equal(ike_net->nsent, 1);
	assert_true(nh_addr_equal(&ike_net->sent[0].to,
				  &lab.node->iface->conf->nhs[0].nbma));
	assert_int_equal(lab.node->iface->stats.count[NH_C_DELAYED], 1);
	/* With SAs it is answered like everybody. */
	lab.node->secured[lab.node->nsecured++] = fake_addr("192.0.2.66");
	ask("10.0.0.4", "172.20.0.3", "192.0.2.66");
	assert_int_equal(ike_net->nsent, 2);
	expect_to(0);
}

/* Those that were told before this daemon was there, and may have changed. */
static void test_known_before(void **state)
{
	(void)state;
	ike_lab_up("192.0.2.2", IKE_LAB_NHS IKE_LAB_SECRET);
	fake_vici_down(lab.vici);
	lab.vici->conns = "dmvpn0/nat/192.0.2.50,dmvpn0/nat/192.0.2.50,"
			  "dmvpn0/nat/192.0.2.9,"
			  "dmvpn0/nat/no-address,dmvpn0/192.0.2.51,"
			  "dmvpn01/nat/192.0.2.52,dmvpn0/nat/2001:db8::50";
	fake_vici_forget();
	fake_vici_up(lab.vici);
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->nnat, 2);
	assert_true(nh_ike_has_nat(lab.ike, &(struct nh_addr){
		AF_INET, 4, { 192, 0, 2, 50 } }));
	assert_int_equal(fake_vici_count("load-conn dmvpn0/nat/192.0.2.50{"), 1);
	/* A server has an address of its own. */
	assert_int_equal(fake_vici_count("unload-conn name=dmvpn0/nat/192.0.2.9\n"),
			 1);
	/* Taken back with the rest. */
	nh_ike_unload_say(lab.ike, false);
	assert_int_equal(fake_vici_count("unload-conn name=dmvpn0/nat/192.0.2.50\n"),
			 1);
	/* Another charon has none of them. */
	fake_vici_down(lab.vici);
	lab.vici->conns = NULL;
	fake_vici_up(lab.vici);
	fake_vici_serve(lab.vici);
	assert_int_equal(lab.ike->nnat, 0);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, ike_lab_setup_up, \
					      ike_lab_teardown)
	const struct CMUnitTest tests[] = {
		T(test_first),
		T(test_second),
		T(test_at_once),
		T(test_places),
		T(test_twin),
		T(test_configured),
		T(test_many),
		T(test_first_again),
		T(test_told_apart),
		T(test_server_sees_anew),
		T(test_redirect),
		T(test_redirect_short),
		T(test_answer),
		T(test_known_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
