// SPDX-License-Identifier: GPL-2.0-or-later
/* What peers claim, held against their identity, and the path they come by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "nhrp/nat.h"
#include "tests/ike_lab.h"

#define PEERS \
	"[Peers]\n" \
	"Allow=10.0.0.7,10.7.0.0/16 CN=seven\n" \
	"Allow=0.0.0.0/0 CN=hub*\n"

static struct nhrp_self client;
static struct nhrp_pdu pdu, reply;
static bool unique;

static void start(const char *more)
{
	char conf[1024];

	snprintf(conf, sizeof(conf), "%s" PEERS "%s", ike_lab_certs(), more);
	ike_lab_up("192.0.2.1", conf);
}

static int setup(void **state)
{
	unique = false;
	ike_lab_setup(state);
	client = (struct nhrp_self){
		.nbma = fake_addr("192.0.2.7"),
		.proto = fake_addr("10.0.0.7"),
		.holdtime = 600,
	};
	return 0;
}

static uint64_t count(enum nh_counter counter)
{
	return lab.node->iface->stats.count[counter];
}

/* The kernel and charon have SAs with @nbma, whose identity is this. */
static void authenticate(const char *nbma, const char *identity, bool nat)
{
	static uint32_t id = 100;
	struct fake_ike_sa sa = {
		.name = "dmvpn0", .id = id, .remote = nbma,
		.identity = identity, .nat = nat, .initiator = true,
		.child = { { id, 2 * id, 2 * id + 1, 0, NULL } },
	};

	id++;
	lab.node->secured[lab.node->nsecured++] = fake_addr(nbma);
	ike_lab_sa(lab.node, &sa);
}

/* The code that @client gets for its registration, -1 without an answer. */
static int submit(const char *from)
{
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr(client.proto.family == AF_INET ?
				       "10.0.0.1" : "fd00::1"),
		.nhs_nbma = fake_addr("192.0.2.1"),
		.reqid = 77,
		.unique = unique,
		.prefix = 255,
	};
	size_t n = ike_net->nsent;

	assert_int_equal(nhrp_build_registration_request(&pdu, &client, &reg),
			 0);
	fake_inject(lab.node, from, &pdu);
	if (ike_net->nsent == n)
		return -1;
	fake_last(ike_net, &reply);
	assert_int_equal(reply.type, NHRP_REGISTRATION_REPLY);
	return reply.cie[0].code;
}

static void test_registration(void **state)
{
	(void)state;
	start("");
	authenticate("192.0.2.7", "CN=seven", false);
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_OK);
	assert_non_null(fake_entry(lab.node, "10.0.0.7/32"));
	assert_int_equal(count(NH_C_IDENTITY), 0);
	/* Somebody else's address. */
	client.proto = fake_addr("10.0.0.8");
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_PROHIBITED);
	assert_int_equal(NHRP_CODE_PROHIBITED, 4);
	assert_null(fake_entry(lab.node, "10.0.0.8/32"));
	assert_int_equal(count(NH_C_IDENTITY), 1);
	assert_int_equal(count(NH_C_REFUSED), 1);
	assert_non_null(strstr(ike_lab_log(),
			       "identity \"CN=seven\" may not speak for 10.0.0.8/32: see [Peers]"));
	/* Nor may it be taken back by another one. */
	authenticate("192.0.2.8", "CN=eight", false);
	client.proto = fake_addr("10.0.0.7");
	client.nbma = fake_addr("192.0.2.8");
	client.holdtime = 0;
	assert_int_equal(submit("192.0.2.8"), NHRP_CODE_PROHIBITED);
	assert_non_null(fake_entry(lab.node, "10.0.0.7/32"));
	assert_int_equal(count(NH_C_IDENTITY), 2);
	assert_string_equal(nh_counter_name(NH_C_IDENTITY),
			    "identity_refused");
}

/* What was allowed once ends with the permission. */
static void test_withdrawn(void **state)
{
	char conf[1024];

	(void)state;
	start("");
	authenticate("192.0.2.7", "CN=seven", false);
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_OK);
	assert_non_null(fake_entry(lab.node, "10.0.0.7/32"));
	snprintf(conf, sizeof(conf), "%s[Peers]\nAllow=10.0.0.8 CN=seven\n",
		 ike_lab_certs());
	ike_lab_reload(lab.node, conf);
	assert_null(fake_entry(lab.node, "10.0.0.7/32"));
	/* And if the daemon did not know who that was: with the next one. */
	fake_put(lab.node, "10.0.0.7/32", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.7")->protocol = client.proto;
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_PROHIBITED);
	assert_null(fake_entry(lab.node, "10.0.0.7/32"));
}

/* Whoever has a unique address moves with its certificate, and nobody else. */
static void test_unique_moves(void **state)
{
	(void)state;
	unique = true;
	start("Allow=10.0.0.7 CN=other\n");
	authenticate("192.0.2.7", "CN=seven", false);
	authenticate("192.0.2.8", "CN=other", false);
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_OK);
	client.nbma = fake_addr("192.0.2.8");
	assert_int_equal(submit("192.0.2.8"), NHRP_CODE_ALREADY_REGISTERED);
	assert_int_equal(fake_entry(lab.node, "10.0.0.7/32")->nbma.bytes[3],
			 7);
	authenticate("192.0.2.9", "CN=seven", false);
	client.nbma = fake_addr("192.0.2.9");
	assert_int_equal(submit("192.0.2.9"), NHRP_CODE_OK);
	assert_int_equal(fake_entry(lab.node, "10.0.0.7/32")->nbma.bytes[3],
			 9);
}

/* Rules name nodes by their other address; their link-local one goes with it,
 * and to nobody else.
 */
static void test_link_local(void **state)
{
	(void)state;
	start("Allow=fd00::7 CN=seven\nAllow=fd00::8 CN=eight\n"
	      "[Tunnel]\nAddress=fd00::1/64\n");
	authenticate("192.0.2.7", "CN=seven", false);
	authenticate("192.0.2.8", "CN=eight", false);
	client.proto = fake_addr("fd00::7");
	client.link_local = fake_addr("fe80::7");
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_OK);
	assert_non_null(fake_entry(lab.node, "fd00::7/128"));
	assert_non_null(fake_entry(lab.node, "fe80::7/128"));
	/* Though it is not unique */
	client.proto = fake_addr("fd00::8");
	client.nbma = fake_addr("192.0.2.8");
	assert_int_equal(submit("192.0.2.8"), NHRP_CODE_PROHIBITED);
	assert_null(fake_entry(lab.node, "fd00::8/128"));
	assert_true(nh_addr_equal(&fake_entry(lab.node, "fe80::7/128")->nbma,
				  &fake_entry(lab.node, "fd00::7/128")->nbma));
	client.link_local = fake_addr("fe80::8");
	assert_int_equal(submit("192.0.2.8"), NHRP_CODE_OK);
	/* Its own it may move. */
	authenticate("192.0.2.9", "CN=eight", false);
	client.nbma = fake_addr("192.0.2.9");
	assert_int_equal(submit("192.0.2.9"), NHRP_CODE_OK);
	/* The other one's global address is no way to it. */
	client.proto = fake_addr("fd00::7");
	assert_int_equal(submit("192.0.2.9"), NHRP_CODE_PROHIBITED);
	assert_non_null(fake_entry(lab.node, "fe80::8/128"));
}

/* Where the permission for the one ends, the other one goes with it. */
static void test_both_withdrawn(void **state)
{
	(void)state;
	start("[Tunnel]\nAddress=fd00::1/64\n");
	authenticate("192.0.2.7", "CN=seven", false);
	client.proto = fake_addr("fd00::7");
	client.link_local = fake_addr("fe80::7");
	fake_put(lab.node, "fd00::7/128", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.7")->protocol = client.proto;
	fake_put(lab.node, "fe80::7/128", DMVPN_ENTRY_TYPE_REGISTERED,
		 "192.0.2.7")->protocol = client.proto;
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_PROHIBITED);
	assert_null(fake_entry(lab.node, "fd00::7/128"));
	assert_null(fake_entry(lab.node, "fe80::7/128"));
}

/* Who is not known yet is not refused for minutes, but tries again at once. */
static void test_unknown(void **state)
{
	(void)state;
	start("");
	lab.node->secured[lab.node->nsecured++] = client.nbma;
	assert_int_equal(submit("192.0.2.7"), -1);
	assert_non_null(strstr(ike_lab_log(),
			       "not answered: IKE has not told who it is"));
	assert_int_equal(count(NH_C_IDENTITY), 1);
	assert_int_equal(count(NH_C_REFUSED), 0);
	assert_null(fake_entry(lab.node, "10.0.0.7/32"));
	/* An identity that was too long to be read is one that has no rule. */
	authenticate("192.0.2.7", NULL, false);
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_PROHIBITED);
	assert_non_null(strstr(ike_lab_log(),
			       "identity \"unknown\" may not speak for 10.0.0.7/32"));
	assert_int_equal(count(NH_C_IDENTITY), 2);
	/* The youngest SA tells who it is now. */
	nh_loop_advance(ike_net->loop, 1000);
	authenticate("192.0.2.7", "CN=seven", false);
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_OK);
	/* Its SAs outlive strongSwan, and so does what is known of them. */
	fake_vici_down(ike_lab_vici(lab.node));
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_OK);
	assert_non_null(fake_entry(lab.node, "10.0.0.7/32"));
}

/* Without [Peers] each may speak for all, also who is not known. */
static void test_no_rules(void **state)
{
	(void)state;
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	lab.node->secured[lab.node->nsecured++] = client.nbma;
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_OK);
	assert_int_equal(count(NH_C_IDENTITY), 0);
}

static void test_nbma(void **state)
{
	(void)state;
	start("");
	authenticate("192.0.2.7", "CN=seven", false);
	client.nbma = fake_addr("192.0.2.99");
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_PROHIBITED);
	assert_int_equal(count(NH_C_FORGED_NBMA), 1);
	assert_non_null(strstr(ike_lab_log(),
			       "identity \"CN=seven\" claims the NBMA address 192.0.2.99, and is not behind a NAT"));
	assert_string_equal(nh_counter_name(NH_C_FORGED_NBMA), "forged_nbma");
	/* Behind one, the address that it has there is of use. */
	authenticate("192.0.2.66", "CN=seven", true);
	client.nbma = fake_addr("172.20.0.5");
	assert_int_equal(submit("192.0.2.66"), NHRP_CODE_OK);
	assert_true(fake_entry(lab.node, "10.0.0.7/32")->flags &
		    DMVPN_ENTRY_FLAGS_NAT);
	assert_int_equal(count(NH_C_FORGED_NBMA), 1);
}

/* Where nothing is known of a NAT, as without [IPsec], all may be true. */
static void test_nbma_not_known(void **state)
{
	(void)state;
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET);
	lab.node->secured[lab.node->nsecured++] = fake_addr("192.0.2.66");
	assert_int_equal(submit("192.0.2.66"), NHRP_CODE_OK);
	assert_int_equal(count(NH_C_FORGED_NBMA), 0);
}

/* Registered with a server of that section and identity. */
static void register_with(const char *nhs, const char *identity)
{
	struct nhrp_self hub = {
		.nbma = fake_addr("192.0.2.9"),
		.proto = fake_addr("10.0.0.9"),
		.holdtime = 600,
	};

	start(nhs);
	authenticate("192.0.2.9", identity, false);
	nh_nhs_kick(lab.node->iface);
	fake_last(ike_net, &pdu);
	nhrp_build_registration_reply(&reply, &pdu, &hub, NHRP_CODE_OK, 600,
				      &pdu.src_nbma);
	fake_inject(lab.node, "192.0.2.9", &reply);
}

/* Registered with a server, which then can be asked. */
static void start_client(const char *server_identity)
{
	register_with(IKE_LAB_NHS, server_identity);
	assert_non_null(nh_nhs_best(lab.node->iface, AF_INET));
}

/* A tunnel address that is learned is one that the server may have. */
static void test_learned_address(void **state)
{
	(void)state;
	register_with("[NHS]\nAddress=dynamic\nNbma=192.0.2.9\n", "CN=seven");
	assert_null(nh_nhs_best(lab.node->iface, AF_INET));
	assert_null(fake_entry(lab.node, "10.0.0.9/32"));
	assert_int_equal(count(NH_C_IDENTITY), 1);
}

static void test_learned_from_hub(void **state)
{
	(void)state;
	register_with("[NHS]\nAddress=dynamic\nNbma=192.0.2.9\n", "CN=hub1");
	assert_non_null(nh_nhs_best(lab.node->iface, AF_INET));
	assert_non_null(fake_entry(lab.node, "10.0.0.9/32"));
}

/* What becomes of @target by an answer from @from that it is at @client. */
static uint32_t resolve(const char *target, const char *from,
			enum nhrp_code code)
{
	struct nhrp_cie cie;
	struct dmvpn_nl_entry *entry;
	char prefix[64];

	fake_miss(lab.node, target);
	fake_last(ike_net, &pdu);
	assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
	nhrp_self_cie(&cie, &client);
	cie.prefix = 32;
	cie.holdtime = 600;
	cie.code = (uint8_t)code;
	assert_int_equal(nhrp_build_resolution_reply(&reply, &pdu, &client,
						     &cie, pdu.flags), 0);
	fake_inject(lab.node, from, &reply);
	snprintf(prefix, sizeof(prefix), "%s/32", target);
	entry = fake_entry(lab.node, prefix);
	return entry ? entry->type : 0;
}

static void test_reply_of_the_egress(void **state)
{
	(void)state;
	start_client("CN=hub1");
	authenticate("192.0.2.7", "CN=seven", false);
	assert_int_equal(resolve("10.7.1.1", "192.0.2.7", NHRP_CODE_OK),
			 DMVPN_ENTRY_TYPE_RESOLVED);
	/* For a network that is not its own it is not heard. */
	assert_int_equal(resolve("10.8.1.1", "192.0.2.7", NHRP_CODE_OK),
			 DMVPN_ENTRY_TYPE_INCOMPLETE);
	assert_int_equal(count(NH_C_IDENTITY), 1);
	assert_int_equal(count(NH_C_NOT_TRUSTED), 0);
	/* The server may be, in the same exchange. */
	fake_inject(lab.node, "192.0.2.9", &reply);
	assert_int_equal(fake_entry(lab.node, "10.8.1.1/32")->type,
			 DMVPN_ENTRY_TYPE_RESOLVED);
}

/* Its own address it may not take from another one, either. */
static void test_next_hop_of_the_egress(void **state)
{
	(void)state;
	start_client("CN=hub1");
	authenticate("192.0.2.7", "CN=seven", false);
	assert_int_equal(resolve("10.7.1.1", "192.0.2.7", NHRP_CODE_OK),
			 DMVPN_ENTRY_TYPE_RESOLVED);
	assert_non_null(fake_entry(lab.node, "10.0.0.7/32"));
	client.proto = fake_addr("10.0.0.8");
	assert_int_equal(resolve("10.7.1.2", "192.0.2.7", NHRP_CODE_OK),
			 DMVPN_ENTRY_TYPE_RESOLVED);
	assert_null(fake_entry(lab.node, "10.0.0.8/32"));
	assert_int_equal(count(NH_C_IDENTITY), 1);
}

/* Whether the hub passes on what "seven" answers about @target to "eight", as
 * the node @proto.
 */
static bool passes(const char *target, const char *proto)
{
	const struct nhrp_self eight = {
		.nbma = fake_addr("192.0.2.8"),
		.proto = fake_addr("10.0.0.8"),
		.holdtime = 600,
	};
	struct nh_addr dst = fake_addr(target);
	struct nhrp_self seven = client;
	size_t n = ike_net->nsent;
	struct nhrp_cie cie;

	seven.proto = fake_addr(proto);
	assert_int_equal(nhrp_build_resolution_request(&pdu, &eight, &dst, 5,
						       0xc800), 0);
	nhrp_self_cie(&cie, &seven);
	cie.prefix = 24;
	assert_int_equal(nhrp_build_resolution_reply(&reply, &pdu, &seven,
						     &cie, 0x2000), 0);
	fake_inject(lab.node, "192.0.2.7", &reply);
	return ike_net->nsent > n;
}

/* Who gets it from the hub sees the hub's identity only. */
static void test_reply_through_the_hub(void **state)
{
	const struct nhrp_self seven = client;

	(void)state;
	start("Allow=10.0.0.8 CN=eight\n");
	fake_route(lab.node, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	authenticate("192.0.2.7", "CN=seven", false);
	authenticate("192.0.2.8", "CN=eight", false);
	assert_int_equal(submit("192.0.2.7"), NHRP_CODE_OK);
	client.nbma = fake_addr("192.0.2.8");
	client.proto = fake_addr("10.0.0.8");
	assert_int_equal(submit("192.0.2.8"), NHRP_CODE_OK);
	client = seven;
	assert_true(passes("10.7.3.1", "10.0.0.7"));
	assert_int_equal(count(NH_C_IDENTITY), 0);
	assert_false(passes("10.9.3.1", "10.0.0.7"));
	assert_int_equal(count(NH_C_IDENTITY), 1);
	/* In the name of another node */
	assert_false(passes("10.7.3.1", "10.0.0.9"));
	assert_int_equal(count(NH_C_IDENTITY), 2);
}

static void test_reply_of_nobody(void **state)
{
	(void)state;
	start_client("CN=hub1");
	lab.node->secured[lab.node->nsecured++] = client.nbma;
	assert_int_equal(resolve("10.7.1.1", "192.0.2.7", NHRP_CODE_OK),
			 DMVPN_ENTRY_TYPE_INCOMPLETE);
	assert_int_equal(count(NH_C_IDENTITY), 1);
}

/* Servers speak for others by a rule, as everybody. */
static void test_reply_of_the_server(void **state)
{
	(void)state;
	start_client("CN=hub1");
	assert_int_equal(resolve("10.8.1.1", "192.0.2.9", NHRP_CODE_OK),
			 DMVPN_ENTRY_TYPE_RESOLVED);
	/* Its refusals, too. */
	assert_int_equal(resolve("10.8.1.2", "192.0.2.9",
				 NHRP_CODE_NO_BINDING),
			 DMVPN_ENTRY_TYPE_NEGATIVE);
	/* It names the address of others: that is no forgery. */
	assert_int_equal(count(NH_C_FORGED_NBMA), 0);
}

static void test_server_without_rule(void **state)
{
	(void)state;
	start_client("CN=boss");
	assert_int_equal(resolve("10.8.1.1", "192.0.2.9", NHRP_CODE_OK),
			 DMVPN_ENTRY_TYPE_INCOMPLETE);
	assert_int_equal(count(NH_C_IDENTITY), 1);
}

/* By the NAT extension, an address of its own that it does not have. */
static void test_reply_of_another_place(void **state)
{
	struct nh_addr from = fake_addr("192.0.2.7");

	(void)state;
	start_client("CN=hub1");
	authenticate("192.0.2.7", "CN=seven", false);
	client.nat = true;
	client.nbma = fake_addr("172.20.0.5");
	assert_int_equal(resolve("10.7.1.1", "192.0.2.6", NHRP_CODE_OK),
			 DMVPN_ENTRY_TYPE_INCOMPLETE);
	assert_int_equal(count(NH_C_NOT_TRUSTED), 1);
	assert_true(nhrp_nat_add(&reply, &from, &client.proto));
	fake_inject(lab.node, "192.0.2.7", &reply);
	assert_int_equal(fake_entry(lab.node, "10.7.1.1/32")->type,
			 DMVPN_ENTRY_TYPE_INCOMPLETE);
	assert_int_equal(count(NH_C_FORGED_NBMA), 1);
	/* Behind a NAT it has. */
	nh_loop_advance(ike_net->loop, 1000);
	authenticate("192.0.2.7", "CN=seven", true);
	fake_inject(lab.node, "192.0.2.7", &reply);
	assert_int_equal(fake_entry(lab.node, "10.7.1.1/32")->type,
			 DMVPN_ENTRY_TYPE_RESOLVED);
	assert_int_equal(count(NH_C_FORGED_NBMA), 1);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, ike_lab_teardown)
	const struct CMUnitTest tests[] = {
		T(test_registration),
		T(test_withdrawn),
		T(test_unique_moves),
		T(test_link_local),
		T(test_both_withdrawn),
		T(test_unknown),
		T(test_no_rules),
		T(test_nbma),
		T(test_nbma_not_known),
		T(test_learned_address),
		T(test_learned_from_hub),
		T(test_reply_of_the_egress),
		T(test_next_hop_of_the_egress),
		T(test_reply_through_the_hub),
		T(test_reply_of_nobody),
		T(test_reply_of_the_server),
		T(test_server_without_rule),
		T(test_reply_of_another_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
