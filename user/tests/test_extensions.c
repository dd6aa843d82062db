// SPDX-License-Identifier: GPL-2.0-or-later
/* Extensions that are not known: where a packet is answered, and on its way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "nhrp/nat.h"
#include "tests/cloud.h"

#define UNKNOWN	0x123

static const uint8_t value[] = { 1, 2, 3, 4, 5 };
static struct fake_net *net;
static struct fake_node *hub, *s2, *s3;
static struct nhrp_self client;
static struct nhrp_pdu pdu;

/* Two registered spokes; s2 has a LAN. @client is at s3's place. */
static int setup(void **state)
{
	struct cloud c = cloud_build("Authentication=cisco123\nHoldTime=600\n");

	(void)state;
	net = c.net;
	hub = c.hub;
	s2 = c.s2;
	s3 = c.s3;
	client = (struct nhrp_self){
		.nbma = fake_addr("192.0.2.3"),
		.proto = fake_addr("10.0.0.3"),
		.holdtime = 600,
		.auth = &hub->iface->conf->auth,
		.nat = true,
	};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

/* Puts an extension that nobody knows into @pdu, in front of the others. */
static void add_unknown(bool compulsory)
{
	struct nhrp_ext *ext;

	assert_true(pdu.next < NHRP_MAX_EXTS);
	memmove(pdu.ext + 1, pdu.ext, pdu.next++ * sizeof(*ext));
	ext = &pdu.ext[0];
	*ext = (struct nhrp_ext){
		.head = UNKNOWN | (compulsory ? NHRP_EXT_COMPULSORY : 0),
		.value = { value, sizeof(value) },
	};
}

/* Extension @i is still the one, and as it was. */
static void assert_unknown(const struct nhrp_pdu *packet, unsigned int i,
			   uint16_t bits)
{
	const struct nhrp_ext *ext = &packet->ext[i];

	assert_true(packet->next > i);
	assert_int_equal(ext->head, UNKNOWN | bits);
	assert_int_equal(ext->value.len, sizeof(value));
	assert_memory_equal(ext->value.data, value, sizeof(value));
}

static void make_registration(void)
{
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr("10.0.0.1"),
		.nhs_nbma = fake_addr("192.0.2.1"),
		.reqid = 77,
		.prefix = 255,
	};

	client.proto = fake_addr("10.0.0.33");
	nhrp_build_registration_request(&pdu, &client, &reg);
}

static void make_resolution(const char *dst, uint16_t flags)
{
	struct nh_addr addr = fake_addr(dst);

	nhrp_build_resolution_request(&pdu, &client, &addr, 77, flags);
}

static void make_purge(void)
{
	struct nh_addr dst = fake_addr("10.0.0.1");
	struct nh_prefix prefix;

	nh_prefix_parse(&prefix, "10.0.0.3/32", NULL);
	nhrp_build_purge_request(&pdu, &client, &dst, 77, 0);
	nhrp_build_purge_add(&pdu, &prefix, NULL);
}

/* @node gets @pdu, and answers that it does not know what it must know. */
static void expect_error(struct fake_node *node)
{
	size_t n = net->nsent;
	uint8_t type = pdu.type;

	add_unknown(true);
	fake_inject(node, "192.0.2.3", &pdu);
	assert_int_equal(net->nsent, n + 1);
	fake_last(net, &pdu);
	fake_drop(net);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.ind_code, NHRP_ERR_UNRECOGNIZED_EXT);
	assert_int_equal(pdu.quoted.data[NHRP_OFF_TYPE], type);
	/* It says where: the first one of all extensions. */
	assert_int_equal(pdu.ind_offset, pdu.quoted.data[NHRP_OFF_EXTOFF + 1]);
	fake_advance(net, 1100);
}

/* Compulsory: whoever would answer says that it cannot, and does nothing. */
static void test_responder(void **state)
{
	(void)state;
	make_registration();
	expect_error(hub);
	assert_null(fake_entry(hub, "10.0.0.33/32"));
	client.proto = fake_addr("10.0.0.3");
	make_purge();
	expect_error(hub);
	assert_non_null(fake_entry(hub, "10.0.0.3/32"));
	make_resolution("10.1.2.9", 0);
	expect_error(s2);
	make_resolution("10.0.0.2", 0);
	expect_error(s2);
	assert_int_equal(s2->iface->told.n, 0);
	/* No route at all, and none but the way back. */
	make_resolution("172.16.0.1", 0);
	expect_error(hub);
	make_resolution("10.0.0.77", 0);
	expect_error(hub);
	fake_route(hub, "10.1.3.0/24", FAKE_IFINDEX, "10.0.0.3");
	make_resolution("10.1.3.9", 0);
	expect_error(hub);
}

/* @node gets @pdu, and answers as if the extensions were not there. */
static void expect_reply(struct fake_node *node)
{
	uint8_t type = pdu.type + 1;
	size_t n = net->nsent;

	add_unknown(false);
	add_unknown(false);
	fake_inject(node, "192.0.2.3", &pdu);
	assert_int_equal(net->nsent, n + 1);
	fake_last(net, &pdu);
	fake_drop(net);
	assert_int_equal(pdu.type, type);
	assert_int_equal(pdu.cie[0].code, NHRP_CODE_OK);
	assert_unknown(&pdu, 0, 0);
	assert_unknown(&pdu, 1, 0);
}

/* Not compulsory: they are ignored, be they two, and returned. */
static void test_ignored(void **state)
{
	(void)state;
	make_resolution("10.1.2.9", 0);
	expect_reply(s2);
	make_resolution("10.0.0.2", 0);
	expect_reply(hub);
	make_purge();
	expect_reply(hub);
	make_registration();
	expect_reply(hub);
	assert_non_null(fake_entry(hub, "10.0.0.33/32"));
}

/* What is not as it must be: Error 9 and 11, or silence where the packet
 * cannot be read.
 */
static void test_invalid(void **state)
{
	struct nhrp_ext *ext;
	size_t n;

	(void)state;
	make_resolution("10.1.2.9", 0);
	ext = nhrp_ext_find(&pdu, NHRP_EXT_RESPONDER);
	ext->ncie = 2;
	fake_inject(s2, "192.0.2.3", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.ind_code, NHRP_ERR_INVALID_EXT);
	fake_advance(net, 1100);
	make_resolution("10.1.2.9", 0);
	assert_non_null(nhrp_ext_insert(&pdu, NHRP_EXT_AUTH));
	fake_inject(s2, "192.0.2.3", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.ind_code, NHRP_ERR_AUTH);
	fake_advance(net, 1100);
	make_resolution("10.1.2.9", 0);
	assert_non_null(nhrp_ext_insert(&pdu, NHRP_EXT_FORWARD));
	n = net->nsent;
	fake_inject(s2, "192.0.2.3", &pdu);
	assert_int_equal(net->nsent, n);
	assert_int_equal(s2->iface->stats.refused[NHRP_R_EXT_DUPLICATE], 1);
	assert_int_equal(s2->iface->told.n, 0);
}

/* The packet that the hub has handed on to @to, of @hops. */
static void expect_forwarded(const struct fake_node *to, uint8_t hops)
{
	size_t n = net->nsent, entries = hub->nentry;
	const struct fake_sent *s;
	uint8_t type = pdu.type;

	fake_inject(hub, to == s2 ? "192.0.2.3" : "192.0.2.2", &pdu);
	assert_int_equal(net->nsent, n + 1);
	s = fake_last(net, &pdu);
	fake_drop(net);
	assert_true(nh_addr_equal(&s->to, &to->nbma));
	assert_int_equal(pdu.type, type);
	assert_int_equal(pdu.hopcnt, hops);
	assert_int_equal(hub->nentry, entries);
}

static unsigned int listed(uint16_t type)
{
	return nhrp_ext_find_list(&pdu, type)->ncie;
}

/* On their way all of them are passed on as they are. The hub adds itself to
 * the record, and the address of who is behind a NAT, unless it had to know.
 */
static void test_transit(void **state)
{
	struct nhrp_self egress = client;
	struct nhrp_cie cie;
	struct nhrp_pdu req;
	int i;

	(void)state;
	fake_entry(hub, "10.0.0.2/32")->flags |= DMVPN_ENTRY_FLAGS_NAT;
	fake_entry(hub, "10.0.0.3/32")->flags |= DMVPN_ENTRY_FLAGS_NAT;
	egress.nbma = fake_addr("192.0.2.2");
	egress.proto = fake_addr("10.0.0.2");
	for (i = 0; i < 2; i++) {
		uint16_t bits = i ? NHRP_EXT_COMPULSORY : 0;

		make_resolution("10.1.2.9", NHRP_RES_SRC_STABLE);
		add_unknown(i);
		req = pdu;
		expect_forwarded(s2, 254);
		assert_unknown(&pdu, 0, bits);
		assert_int_equal(pdu.next, req.next);
		assert_int_equal(listed(NHRP_EXT_FORWARD), !i);
		assert_int_equal(listed(NHRP_EXT_NAT), !i);
		nhrp_self_cie(&cie, &egress);
		nhrp_build_resolution_reply(&pdu, &req, &egress, &cie,
					    NHRP_RES_DST_STABLE);
		expect_forwarded(s3, 254);
		assert_unknown(&pdu, 0, bits);
		assert_int_equal(listed(NHRP_EXT_REVERSE), !i);
		assert_int_equal(listed(NHRP_EXT_NAT), !i);
	}
	/* A client that the hub would answer for may know it. */
	make_resolution("10.0.0.2", 0);
	add_unknown(true);
	expect_forwarded(s2, 254);
	assert_unknown(&pdu, 0, NHRP_EXT_COMPULSORY);
}

/* The hub's reply to the last packet sent, with and without the bit. */
static void reply(bool compulsory)
{
	struct nhrp_self self = client;
	struct nhrp_pdu req;

	self.nbma = fake_addr("192.0.2.1");
	self.proto = fake_addr("10.0.0.1");
	fake_last(net, &req);
	fake_drop(net);
	switch (req.type) {
	case NHRP_REGISTRATION_REQUEST:
		nhrp_build_registration_reply(&pdu, &req, &self, NHRP_CODE_OK,
					      600, NULL);
		break;
	case NHRP_RESOLUTION_REQUEST: {
		struct nhrp_cie cie;

		nhrp_self_cie(&cie, &self);
		nhrp_build_resolution_reply(&pdu, &req, &self, &cie, 0);
		break;
	}
	default:
		nhrp_build_reply(&pdu, &req, &self);
	}
	add_unknown(compulsory);
	fake_inject(s3, "192.0.2.1", &pdu);
}

/* A reply is not taken by who does not know all that it must; silently. */
static void test_client(void **state)
{
	struct nh_nhs *nhs = LIST_FIRST(&s3->iface->nhs);
	size_t n;

	(void)state;
	fake_miss(s3, "10.9.9.9");
	n = net->nsent;
	reply(true);
	assert_int_equal(fake_entry(s3, "10.9.9.9/32")->type,
			 DMVPN_ENTRY_TYPE_INCOMPLETE);
	reply(false);
	assert_int_equal(fake_entry(s3, "10.9.9.9/32")->type,
			 DMVPN_ENTRY_TYPE_RESOLVED);
	assert_int_equal(net->nsent, n);

	nh_nhs_restart(s3->iface);
	reply(true);
	assert_true(nhs->awaited);
	reply(false);
	assert_false(nhs->awaited);

	nh_nhs_withdraw(s3->iface, &client.proto);
	n = net->nsent;
	reply(true);
	assert_int_equal(s3->iface->requests.n, 1);
	reply(false);
	assert_int_equal(s3->iface->requests.n, 0);
	assert_int_equal(net->nsent, n);
	assert_int_equal(s3->iface->stats.refused[NHRP_R_EXT_UNKNOWN], 3);
	assert_int_equal(s3->iface->stats.count[NH_C_MALFORMED], 3);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_responder),
		T(test_ignored),
		T(test_invalid),
		T(test_transit),
		T(test_client),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
