// SPDX-License-Identifier: GPL-2.0-or-later
/* Purges that the whole cache is looked through for: how often, what for. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/cloud.h"

#define MANY	64

static struct fake_net *net;
static struct fake_node *s3;

/* The first spoke's tunnel address and LAN are known to the second one. */
static int setup(void **state)
{
	struct cloud c = cloud_build("HoldTime=600\n");

	(void)state;
	net = c.net;
	s3 = c.s3;
	fake_miss(s3, "10.1.2.9");
	fake_deliver(net);
	assert_non_null(fake_entry(s3, "10.1.2.0/24"));
	assert_non_null(fake_entry(s3, "10.0.0.2/32"));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

/* Of what the node with @src has, at @from. Return: whether it is answered. */
static bool purge(const char *from, const char *src, const char *prefixes)
{
	struct nhrp_self self = { .nbma = fake_addr(from),
				  .proto = fake_addr(src) };
	struct nh_addr to = fake_addr("10.0.0.3");
	char *list = strdup(prefixes), *rest = list, *one;
	size_t before = net->nsent;
	struct nh_prefix prefix;
	struct nhrp_pdu pdu;

	assert_non_null(list);
	nhrp_build_purge_request(&pdu, &self, &to, 99, 0);
	while ((one = strsep(&rest, " "))) {
		assert_int_equal(nh_prefix_parse(&prefix, one, NULL), 0);
		nhrp_build_purge_add(&pdu, &prefix, NULL);
	}
	free(list);
	fake_inject(s3, from, &pdu);
	if (net->nsent == before)
		return false;
	fake_last(net, &pdu);
	assert_int_equal(pdu.type, NHRP_PURGE_REPLY);
	return true;
}

/* Somebody names what is not there, until nothing is looked for any more. */
static void use_up(void)
{
	unsigned int i;

	for (i = 0; purge("192.0.2.9", "10.0.0.9", "10.7.0.0/16"); i++)
		assert_true(i < 20);
	assert_int_equal(i, 20);
}

static char text[32];

static const char *network(unsigned int i)
{
	snprintf(text, sizeof(text), "10.4.%u.0/24", i);
	return text;
}

static const char *client(unsigned int i)
{
	snprintf(text, sizeof(text), "10.0.0.%u/32", 100 + i);
	return text;
}

/* Looks through the whole cache are dear: there is a limit of them. */
static void test_limited(void **state)
{
	unsigned int i;

	(void)state;
	use_up();
	/* What was not looked at is not acknowledged. */
	for (i = 1; i < 10; i++)
		assert_false(purge("192.0.2.9", "10.0.0.9", "10.7.0.0/16"));
	assert_int_equal(s3->iface->stats.count[NH_C_LIMITED], 10);
}

/* All that a node has told of may go at once, in full packets. */
static void test_networks(void **state)
{
	char list[NHRP_MAX_CIES * sizeof(text)] = "";
	unsigned int i;

	(void)state;
	for (i = 0; i < MANY; i++)
		fake_put(s3, network(i), DMVPN_ENTRY_TYPE_RESOLVED,
			 "192.0.2.2");
	for (i = 0; i < MANY; i++) {
		strcat(list, network(i));
		if ((i + 1) % NHRP_MAX_CIES) {
			strcat(list, " ");
			continue;
		}
		assert_true(purge("192.0.2.2", "10.0.0.2", list));
		list[0] = '\0';
	}
	for (i = 0; i < MANY; i++)
		assert_null(fake_entry(s3, network(i)));
	assert_int_equal(s3->iface->stats.count[NH_C_LIMITED], 0);
	assert_non_null(fake_entry(s3, "10.1.2.0/24"));
}

/* Others' looks for nothing take nothing of that; what lies inside goes when it
 * is said again.
 */
static void test_network_used_up(void **state)
{
	(void)state;
	fake_put(s3, "10.1.2.7/32", DMVPN_ENTRY_TYPE_RESOLVED, "192.0.2.2");
	use_up();
	assert_false(purge("192.0.2.2", "10.0.0.2", "10.1.2.0/24"));
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	assert_non_null(fake_entry(s3, "10.1.2.7/32"));
	nh_loop_advance(net->loop, 1000);
	assert_true(purge("192.0.2.2", "10.0.0.2", "10.1.2.0/24"));
	assert_null(fake_entry(s3, "10.1.2.7/32"));
	assert_non_null(fake_entry(s3, "10.0.0.2/32"));
}

/* Many clients of a server go in one burst, each with what lies behind it. */
static void test_clients(void **state)
{
	unsigned int i;

	(void)state;
	use_up();
	for (i = 0; i < MANY; i++) {
		fake_put(s3, client(i), DMVPN_ENTRY_TYPE_RESOLVED,
			 "192.0.2.7");
		assert_true(purge("192.0.2.1", "10.0.0.1", client(i)));
		assert_null(fake_entry(s3, client(i)));
	}
	assert_true(purge("192.0.2.1", "10.0.0.1", "10.0.0.2/32"));
	assert_null(fake_entry(s3, "10.0.0.2/32"));
	assert_null(fake_entry(s3, "10.1.2.0/24"));
	/* Who is gone already is not looked for. */
	assert_true(purge("192.0.2.1", "10.0.0.1", "10.0.0.2/32"));
}

/* What could not be done is not acknowledged when it is said again, but done
 * then; and nothing by halves.
 */
static void test_said_again(void **state)
{
	unsigned int i;

	(void)state;
	s3->fail_entry_dump = -ENOMEM;
	for (i = 0; i < 2; i++)
		assert_false(purge("192.0.2.2", "10.0.0.2", "10.0.0.2/32"));
	assert_non_null(fake_entry(s3, "10.0.0.2/32"));
	assert_non_null(fake_entry(s3, "10.1.2.0/24"));
	s3->fail_entry_dump = 0;
	assert_true(purge("192.0.2.2", "10.0.0.2", "10.0.0.2/32"));
	assert_null(fake_entry(s3, "10.0.0.2/32"));
	assert_null(fake_entry(s3, "10.1.2.0/24"));
}

/* Nor what could not even be read. */
static void test_unreadable(void **state)
{
	(void)state;
	s3->fail_entry_get = -EIO;
	assert_false(purge("192.0.2.2", "10.0.0.2", "10.0.0.2/32"));
	s3->fail_entry_get = 0;
	assert_true(purge("192.0.2.2", "10.0.0.2", "10.0.0.2/32"));
	assert_null(fake_entry(s3, "10.0.0.2/32"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_limited),
		T(test_networks),
		T(test_network_used_up),
		T(test_clients),
		T(test_said_again),
		T(test_unreadable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
