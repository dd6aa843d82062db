// SPDX-License-Identifier: GPL-2.0-or-later
/* Error Indications: when they are sent, how many, what they change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/dispatch.h"
#include "nhrp/indication.h"
#include "tests/fake.h"

#define HUB \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\nProtection=none\n" \
	"[NHRP]\nAuthentication=cisco123\n"
#define SPOKE \
	"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\nProtection=none\n" \
	"[NHRP]\nAuthentication=cisco123\n" \
	"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"

static struct fake_net *net;
static struct fake_node *hub, *spoke;
static struct nhrp_self client;
static struct nhrp_pdu pdu, error;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1", HUB);
	fake_route(hub, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	spoke = fake_node(net, "192.0.2.2", SPOKE);
	fake_deliver(net);
	client = (struct nhrp_self){
		.nbma = fake_addr("192.0.2.3"),
		.proto = fake_addr("10.0.0.3"),
		.holdtime = 600,
		.auth = &hub->iface->conf->auth,
	};
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

/* Registers @client with @nhs by way of our hub; octets of the request. */
static size_t ask(const char *nhs)
{
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr(nhs),
		.reqid = 7,
		.prefix = 255,
	};
	uint8_t octets[DMVPN_PACKET_MAX];

	nhrp_build_registration_request(&pdu, &client, &reg);
	fake_inject(hub, "192.0.2.3", &pdu);
	return (size_t)nhrp_pdu_encode(&pdu, octets, sizeof(octets));
}

static void test_unreachable(void **state)
{
	size_t n = net->nsent, size;

	(void)state;
	size = ask("10.0.0.77");
	assert_int_equal(net->nsent, n + 1);
	assert_true(fake_last(net, &pdu)->len <= size + 40);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.hopcnt, 255);
	assert_int_equal(pdu.ind_code, NHRP_ERR_UNREACHABLE);
	assert_int_equal(pdu.quoted.len, size);
	/* One a second. */
	ask("10.0.0.78");
	assert_int_equal(net->nsent, n + 1);
	assert_int_equal(hub->iface->stats.limited[NH_L_ERRORS], 1);
	fake_advance(net, 1100);
	ask("10.0.0.79");
	fake_last(net, &pdu);
	assert_int_equal(pdu.ind_code, NHRP_ERR_UNREACHABLE);
}

/* Nobody waits for what follows a reply. */
static void test_reply(void **state)
{
	struct nhrp_self server = client;
	size_t n = net->nsent;

	(void)state;
	ask("10.0.0.77");
	assert_int_equal(net->nsent, n + 1);
	fake_advance(net, 1100);
	n = net->nsent;
	server.proto = fake_addr("10.0.0.77");
	client.proto = fake_addr("10.0.0.78");
	ask("10.0.0.77");
	nhrp_build_reply(&error, &pdu, &server);
	fake_advance(net, 1100);
	n = net->nsent;
	fake_inject(hub, "192.0.2.3", &error);
	assert_int_equal(net->nsent, n);
}

/* Who does not know the password is not told what else is wrong. */
static void test_stranger(void **state)
{
	struct nhrp_auth wrong;
	size_t n;

	(void)state;
	nhrp_auth_init(&wrong, "cisco124");
	client.auth = &wrong;
	/* Two CIEs, of which one only may be there with U. */
	for (n = 0; n < 2; n++) {
		struct nhrp_registration reg = {
			.nhs_proto = fake_addr("10.0.0.1"),
			.reqid = 7,
			.unique = true,
			.prefix = 255,
		};

		nhrp_build_registration_request(&pdu, &client, &reg);
		nhrp_pdu_add_cie(&pdu, &pdu.cie[0]);
		net->nsent = 0;
		fake_inject(hub, "192.0.2.3", &pdu);
		assert_int_equal(net->nsent, n);
		client.auth = &hub->iface->conf->auth;
	}
	fake_last(net, &pdu);
	assert_int_equal(pdu.ind_code, NHRP_ERR_PROTOCOL);
	net->delivered = 0;
}

static uint32_t type_of(const char *prefix)
{
	struct dmvpn_nl_entry *e = fake_entry(spoke, prefix);

	return e ? e->type : DMVPN_ENTRY_TYPE_UNSPEC;
}

/* Whatever the code says: the same request would meet the same error. */
static void test_codes(void **state)
{
	static const uint16_t codes[] = {
		NHRP_ERR_UNRECOGNIZED_EXT, NHRP_ERR_LOOP, NHRP_ERR_UNREACHABLE,
		NHRP_ERR_PROTOCOL, NHRP_ERR_AUTH, NHRP_ERR_HOPCNT, 12, 2, 99,
	};
	struct nhrp_self self = client;
	const struct fake_sent *s;
	uint8_t quoted[256];
	size_t i, len;

	(void)state;
	self.nbma = fake_addr("192.0.2.1");
	self.proto = fake_addr("10.0.0.1");
	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		char dst[32], host[40];

		snprintf(dst, sizeof(dst), "10.3.0.%zu", i + 1);
		snprintf(host, sizeof(host), "%s/32", dst);
		fake_miss(spoke, dst);
		assert_int_equal(type_of(host), DMVPN_ENTRY_TYPE_INCOMPLETE);
		s = fake_last(net, &pdu);
		fake_drop(net);
		assert_int_equal(pdu.type, NHRP_RESOLUTION_REQUEST);
		/* As FRR quotes, 40 octets, and as opennhrp does, zeroes. */
		memset(quoted, 0, sizeof(quoted));
		memcpy(quoted, s->octets, s->len);
		len = i % 3 == 0 ? s->len : i % 3 == 1 ? 40 : s->len + 16;
		nhrp_build_error(&error, &self, (enum nhrp_error_code)codes[i],
				 0, &pdu.src_proto,
				 (struct nh_view){ quoted, (uint16_t)len });
		if (i % 2)
			error.hopcnt = 0;
		fake_inject(spoke, "192.0.2.66", &error);
		assert_int_equal(type_of(host), DMVPN_ENTRY_TYPE_INCOMPLETE);
		fake_inject(spoke, "192.0.2.1", &error);
		assert_int_equal(type_of(host), DMVPN_ENTRY_TYPE_NEGATIVE);
		assert_int_equal(fake_entry(spoke, host)->holding_time, 60);
	}
	assert_int_equal(spoke->iface->requests.n, 0);
	assert_int_equal(spoke->iface->stats.count[NH_C_NOT_TRUSTED], i);
	/* Codes that we do not know are counted as one. */
	assert_int_equal(spoke->iface->stats.errors_in[0], 2);
}

/* Errors of others are passed on, and never answered by one. */
static void test_transit(void **state)
{
	struct nh_addr dst = fake_addr("10.0.0.2");
	uint8_t octets[DMVPN_PACKET_MAX];
	ssize_t len;
	size_t n;

	(void)state;
	client.auth = NULL;
	nhrp_build_resolution_request(&pdu, &client, &dst, 1, 0);
	len = nhrp_pdu_encode(&pdu, octets, sizeof(octets));
	assert_true(len > 0);
	nhrp_build_error(&error, &client, NHRP_ERR_LOOP, 0, &dst,
			 (struct nh_view){ octets, (uint16_t)len });
	n = net->nsent;
	fake_inject(hub, "192.0.2.3", &error);
	assert_int_equal(net->nsent, n + 1);
	assert_true(nh_addr_equal(&net->sent[n].to, &spoke->nbma));
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_ERROR_INDICATION);
	assert_int_equal(pdu.hopcnt, 254);
	/* Out of hops, and with nowhere to go: silence. */
	error.hopcnt = 1;
	fake_inject(hub, "192.0.2.3", &error);
	error.hopcnt = 255;
	error.dst_proto = fake_addr("10.0.0.99");
	fake_inject(hub, "192.0.2.3", &error);
	assert_int_equal(net->nsent, n + 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_unreachable),
		T(test_reply),
		T(test_stranger),
		T(test_codes),
		T(test_transit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
