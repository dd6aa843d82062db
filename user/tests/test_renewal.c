// SPDX-License-Identifier: GPL-2.0-or-later
/* Registrations that take the kernel one request: new ones and renewals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/log.h"
#include "tests/fake.h"
#include "tests/fake_kernel.h"

#define HUB \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\nProtection=none\n" \
	"[NHRP]\nServer=yes\n"

static struct fake_net *net;
static struct fake_node *hub;
static unsigned int registered, without;

static void count(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	(void)level;
	registered += !!strstr(line, " registered ");
	without += !!strstr(line, "client without multicast");
}

static int setup(void **state)
{
	(void)state;
	registered = 0;
	without = 0;
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1", HUB);
	nh_log_sink(count, NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	nh_log_sink(NULL, NULL);
	fake_net_free(net);
	return 0;
}

static enum nhrp_code submit(uint16_t holdtime)
{
	const struct nhrp_registration reg = {
		.nhs_proto = fake_addr("10.0.0.1"),
		.nhs_nbma = fake_addr("192.0.2.1"),
		.reqid = 1,
		.unique = true,
		.prefix = 255,
	};
	const struct nhrp_self client = { .nbma = fake_addr("192.0.2.2"),
					  .proto = fake_addr("10.0.0.2"),
					  .holdtime = holdtime };
	struct nhrp_pdu pdu;

	nhrp_build_registration_request(&pdu, &client, &reg);
	fake_inject(hub, "192.0.2.2", &pdu);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REPLY);
	return (enum nhrp_code)pdu.cie[0].code;
}

/* It is no news, and puts the client back into the multicast list. */
static void test_renewed(void **state)
{
	(void)state;
	assert_int_equal(submit(600), NHRP_CODE_OK);
	assert_int_equal(hub->sets, 1);
	assert_int_equal(registered, 1);
	fake_peer(hub, "192.0.2.2")->mcast = false;
	assert_int_equal(submit(300), NHRP_CODE_OK);
	assert_int_equal(hub->sets, 2);
	assert_int_equal(registered, 1);
	assert_int_equal(fake_entry(hub, "10.0.0.2/32")->holding_time, 300);
	assert_true(fake_peer(hub, "192.0.2.2")->mcast);
}

/* A client that finds no room in that list is registered all the same. */
static void test_list_full(void **state)
{
	(void)state;
	hub->mcast_full = true;
	assert_int_equal(submit(600), NHRP_CODE_OK);
	assert_int_equal(registered, 1);
	assert_int_equal(without, 1);
	assert_int_equal(fake_entry(hub, "10.0.0.2/32")->holding_time, 600);
	assert_false(fake_peer(hub, "192.0.2.2")->mcast);
	hub->mcast_full = false;
	assert_int_equal(submit(600), NHRP_CODE_OK);
	assert_int_equal(registered, 1);
	assert_true(fake_peer(hub, "192.0.2.2")->mcast);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_renewed),
		T(test_list_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
