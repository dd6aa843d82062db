// SPDX-License-Identifier: GPL-2.0-or-later
/* Limits of the configuration: MaxSend and MaxRegistrations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/fake.h"

#define HUB \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\nProtection=none\n" \
	"[NHRP]\n"

static struct fake_net *net;
static struct nhrp_pdu pdu;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

/* Tokens of less than one a second come all the same, in whatever steps. */
static void test_slow_bucket(void **state)
{
	const struct nh_rate rate = { .per_second = 5, .burst = 5,
				      .seconds = 10 };
	struct nh_bucket bucket = { 0 };
	unsigned int n = 0;
	uint64_t now;

	(void)state;
	for (now = 0; now < 100000; now++)
		n += nh_bucket_take(&bucket, &rate, now);
	assert_in_range(n, 54, 55);
	bucket = (struct nh_bucket){ 0 };
	for (n = 0, now = 0; now < 100000; now += 7)
		n += nh_bucket_take(&bucket, &rate, now);
	assert_in_range(n, 54, 55);
}

static struct nh_rate max_send(const char *text)
{
	struct nh_conf *conf = fake_conf(text);
	struct nh_rate rate = conf->max_send;

	nh_conf_free(conf);
	return rate;
}

static void test_defaults(void **state)
{
	struct nh_rate rate = max_send(HUB);

	(void)state;
	assert_int_equal(rate.burst, 1000);
	assert_int_equal(rate.seconds, 10);
	rate = max_send(HUB "[NHS]\nAddress=10.0.0.9\nNbma=192.0.2.9\n");
	assert_int_equal(rate.burst, 100);
	assert_int_equal(rate.per_second, 100);
	assert_int_equal(rate.seconds, 10);
	rate = max_send(HUB "MaxSend=5/60\n");
	assert_int_equal(rate.burst, 5);
	assert_int_equal(rate.per_second, 5);
	assert_int_equal(rate.seconds, 60);
}

static char reported[256];

static void report(void *arg, const char *text)
{
	(void)arg;
	snprintf(reported, sizeof(reported), "%s", text);
}

static void test_refused(void **state)
{
	static const char *const bad[] = {
		"", "5", "5/", "/5", "0/5", "5/0", "65536/5", "5/65536",
		"5/10/1", "5 /10", "-5/10", "99999999999999999999/1", "5/1s",
	};
	char text[256], expected[256];
	struct nh_conf *conf = NULL;
	FILE *file;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), HUB "MaxSend=%s\n", bad[i]);
		snprintf(expected, sizeof(expected),
			 "f.conf:6: [NHRP] MaxSend=%s: expected PACKETS/SECONDS, each from 1 to 65535",
			 bad[i]);
		file = fmemopen(text, strlen(text), "r");
		assert_non_null(file);
		assert_int_not_equal(nh_conf_read(&conf, "f.conf", file,
						  report, NULL), 0);
		fclose(file);
		if (*bad[i])
			assert_string_equal(reported, expected);
	}
}

/* Forwarded packets have a bucket of their own of that size, of which one peer
 * has a quarter.
 */
static void test_forwarded(void **state)
{
	struct nhrp_self spoke = { .nbma = fake_addr("192.0.2.2"),
				   .proto = fake_addr("10.0.0.2") };
	struct nh_addr dst = fake_addr("10.1.3.1");
	struct fake_node *hub;
	char from[] = "192.0.2.x";
	unsigned int i;

	(void)state;
	hub = fake_node(net, "192.0.2.1", HUB "MaxSend=7/3600\n");
	fake_route(hub, "10.1.3.0/24", FAKE_IFINDEX, "10.0.0.3");
	fake_put(hub, "10.0.0.3/32", DMVPN_ENTRY_TYPE_REGISTERED, "192.0.2.3");
	for (i = 0; i < 10; i++) {
		nhrp_build_resolution_request(&pdu, &spoke, &dst, i + 1, 0);
		fake_inject(hub, "192.0.2.2", &pdu);
	}
	assert_int_equal(net->nsent, 1);
	assert_int_equal(hub->iface->stats.limited[NH_L_TRANSIT], 9);
	for (i = 4; i < 10; i++) {
		from[sizeof(from) - 2] = (char)('0' + i);
		fake_inject(hub, from, &pdu);
	}
	assert_int_equal(net->nsent, 7);
	fake_inject(hub, "192.0.2.99", &pdu);
	assert_int_equal(net->nsent, 7);
	fake_advance(net, 520 * 1000);
	fake_inject(hub, "192.0.2.98", &pdu);
	assert_int_equal(net->nsent, 8);
}

static enum nhrp_code registered(struct fake_node *hub, unsigned int last,
				 const char *nbma)
{
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr("10.0.0.1"),
		.nhs_nbma = fake_addr("192.0.2.1"),
		.reqid = last,
		.prefix = 255,
	};
	struct nhrp_self client = { .nbma = fake_addr(nbma),
				    .proto = fake_addr("10.0.0.0"),
				    .holdtime = 600 };

	client.proto.bytes[3] = (uint8_t)last;
	nhrp_build_registration_request(&pdu, &client, &reg);
	fake_inject(hub, nbma, &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REPLY);
	assert_int_equal(!pdu.cie[0].holdtime, pdu.cie[0].code != 0);
	return (enum nhrp_code)pdu.cie[0].code;
}

static void test_registrations(void **state)
{
	struct fake_node *hub;

	(void)state;
	hub = fake_node(net, "192.0.2.1", HUB "MaxRegistrations=2\n");
	assert_int_equal(registered(hub, 2, "192.0.2.2"), NHRP_CODE_OK);
	assert_int_equal(registered(hub, 3, "192.0.2.2"), NHRP_CODE_OK);
	assert_int_equal(registered(hub, 4, "192.0.2.2"), NHRP_CODE_RESOURCES);
	assert_null(fake_entry(hub, "10.0.0.4/32"));
	assert_int_equal(hub->iface->stats.limited[NH_L_ENTRIES], 1);
	/* What it has is renewed, and others have their own share. */
	assert_int_equal(registered(hub, 3, "192.0.2.2"), NHRP_CODE_OK);
	assert_int_equal(registered(hub, 4, "192.0.2.4"), NHRP_CODE_OK);
	assert_int_equal(registered(hub, 5, "192.0.2.4"), NHRP_CODE_OK);
	/* Nor does it get more by taking over another's. */
	assert_int_equal(registered(hub, 4, "192.0.2.2"), NHRP_CODE_RESOURCES);
	assert_int_equal(hub->iface->stats.limited[NH_L_ENTRIES], 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slow_bucket),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_refused),
		T(test_forwarded),
		T(test_registrations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
