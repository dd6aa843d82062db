// SPDX-License-Identifier: GPL-2.0-or-later
/* NHRP groups: sent, echoed, kept, told, forgotten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ctl.h"
#include "daemon/daemon.h"
#include "tests/fake.h"

#define HUB \
	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\nProtection=none\n"
#define SPOKE(group) \
	"[Tunnel]\nSource=192.0.2.2\nAddress=10.0.0.2/24\nProtection=none\n" \
	"[NHRP]\nRegistrationUnique=no\n" group \
	"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"

static struct fake_net *net;
static struct fake_node *hub, *spoke;
static struct nhrp_pdu pdu;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1", HUB);
	fake_route(hub, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	spoke = fake_node(net, "192.0.2.2", SPOKE("Group=SHAPE_1M\n"));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

static const char *known(void)
{
	const struct nh_addr proto = fake_addr("10.0.0.2");
	const struct nh_group *group = nh_group_of(&hub->iface->groups,
						   &proto);

	return group ? group->name : "";
}

static void test_named(void **state)
{
	struct nh_view name;

	(void)state;
	/* As in the captures of Cisco's: 84 without, 13 and a header more. */
	assert_string_equal(fake_sizes(net, 0), "109");
	fake_deliver(net);
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REPLY);
	assert_true(nhrp_vendor_group(&pdu, &name));
	assert_int_equal(name.len, 8);
	assert_memory_equal(name.data, "SHAPE_1M", 8);
	assert_string_equal(known(), "SHAPE_1M");
	/* Renewed, it is the same one. */
	fake_advance(net, 300 * 1000);
	assert_int_equal(hub->iface->groups.n, 1);
}

static void test_told(void **state)
{
	struct nh_daemon daemon = { .loop = net->loop };
	static const char line[] = "{\"cmd\":\"groups\"}";
	char *answer;

	(void)state;
	fake_deliver(net);
	daemon.ifaces = hub->ifaces;
	answer = nh_ctl_answer(&daemon, line, strlen(line));
	assert_non_null(answer);
	assert_string_equal(answer,
			    "{\"ok\":true,\"groups\":[{\"ifname\":\"dmvpn0\",\"address\":\"10.0.0.2\",\"nbma\":\"192.0.2.2\",\"if_id\":0,\"group\":\"SHAPE_1M\"}]}\n");
	free(answer);
}

/* It goes with the registration, and with one that names none. */
static void test_forgotten(void **state)
{
	(void)state;
	fake_deliver(net);
	fake_advance(net, 1000);
	fake_kill(spoke);
	fake_advance(net, 700 * 1000);
	assert_null(fake_entry(hub, "10.0.0.2/32"));
	assert_string_equal(known(), "");

	fake_start(spoke, SPOKE("Group=A\n"));
	fake_deliver(net);
	assert_string_equal(known(), "A");
	nh_iface_reload(spoke->iface, fake_conf(SPOKE("Group=B\n")));
	fake_deliver(net);
	assert_string_equal(known(), "B");
	nh_iface_reload(spoke->iface, fake_conf(SPOKE("")));
	fake_deliver(net);
	assert_string_equal(known(), "");
	assert_int_equal(hub->iface->groups.n, 0);
}

/* What a peer writes there comes to a terminal. */
static void test_unprintable(void **state)
{
	(void)state;
	spoke->iface->conf->vendor.value[NHRP_OUI_LEN + 2] = 0x1b;
	nh_nhs_restart(spoke->iface);
	fake_deliver(net);
	assert_string_equal(known(), "?HAPE_1M");
}

/* The source of a packet that registers something else is no client. */
static void test_of_nobody(void **state)
{
	const struct nh_addr other = fake_addr("10.0.0.9");

	(void)state;
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_REGISTRATION_REQUEST);
	pdu.cie[0].proto = fake_addr("10.0.0.7");
	pdu.cie[0].nbma = fake_addr("192.0.2.2");
	pdu.src_proto = other;
	pdu.cie[0].prefix = 32;
	fake_inject(hub, "192.0.2.2", &pdu);
	assert_non_null(fake_entry(hub, "10.0.0.7/32"));
	assert_null(nh_group_of(&hub->iface->groups, &other));
	fake_deliver(net);
	assert_int_equal(hub->iface->groups.n, 1);
}

static void test_limit(void **state)
{
	uint64_t limited;

	(void)state;
	hub->iface->groups.n = NH_GROUPS_MAX;
	limited = hub->iface->stats.limited[NH_L_GROUPS];
	fake_deliver(net);
	assert_non_null(fake_entry(hub, "10.0.0.2/32"));
	assert_string_equal(known(), "");
	assert_int_equal(hub->iface->stats.limited[NH_L_GROUPS],
			 limited + 1);
	hub->iface->groups.n = 0;
}

static char reported[256];

static void report(void *arg, const char *text)
{
	(void)arg;
	snprintf(reported, sizeof(reported), "%s", text);
}

static void refused(const char *text, const char *expected)
{
	FILE *file = fmemopen((char *)text, strlen(text), "r");
	struct nh_conf *conf = NULL;

	reported[0] = '\0';
	assert_non_null(file);
	assert_int_not_equal(nh_conf_read(&conf, "f.conf", file, report, NULL),
			     0);
	fclose(file);
	assert_string_equal(reported, expected);
}

static void test_conf(void **state)
{
	(void)state;
	refused(SPOKE("Group=two words\n"),
		"f.conf:7: [NHRP] Group=two words: expected 1 to 64 printable characters without blanks");
	refused(SPOKE("Group=01234567890123456789012345678901234567890123456789012345678901234\n"),
		"f.conf:7: [NHRP] Group=01234567890123456789012345678901234567890123456789012345678901234: expected 1 to 64 printable characters without blanks");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_named),
		T(test_told),
		T(test_forgotten),
		T(test_unprintable),
		T(test_of_nobody),
		T(test_limit),
		cmocka_unit_test(test_conf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
