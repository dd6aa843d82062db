// SPDX-License-Identifier: GPL-2.0-or-later
/* What the kernel and IKE know of IPsec: taken apart, joined, shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>

#include "cli/ike.h"
#include "cli/ipsec_join.h"
#include "genl/nl_peer.h"
#include "genl/sa.h"

#define NOW	1700000000

static struct nh_addr addr(const char *text)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, text), 0);
	return a;
}

static struct dmvpn_nl_sa sa(const char *src, const char *dst, uint32_t spi,
			     uint64_t age)
{
	return (struct dmvpn_nl_sa){
		.src = addr(src), .dst = addr(dst), .spi = spi,
		.added = NOW - age,
	};
}

#define LOCAL	"209.168.202.130"
#define PEER	"209.168.202.131"
#define OTHER	"209.168.202.225"

static struct dmvpn_nl_sa in(const char *remote, uint32_t spi, uint64_t age)
{
	return sa(remote, LOCAL, spi, age);
}

static struct dmvpn_nl_sa out(const char *remote, uint32_t spi, uint64_t age)
{
	return sa(LOCAL, remote, spi, age);
}

static struct dmvpn_nl_sa with_if_id(struct dmvpn_nl_sa s, uint32_t if_id)
{
	s.if_id = if_id;
	return s;
}

static struct ipsec_dev devs[3];

static int set_up(void **state)
{
	(void)state;
	devs[0] = (struct ipsec_dev){ .ifindex = 1, .name = "dmvpn0",
				      .local4 = addr(LOCAL),
				      .local6 = addr("2001:db8::1") };
	devs[1] = (struct ipsec_dev){ .ifindex = 2, .name = "dmvpn1",
				      .local4 = addr("192.0.2.9") };
	devs[2] = (struct ipsec_dev){ .ifindex = 3, .name = "dmvpn2",
				      .local4 = addr(LOCAL) };
	return 0;
}

static struct ipsec_row *rows;
static size_t n_rows;
static struct json_object *reply;
static struct ike_facts facts;

static void read_facts(const char *json)
{
	reply = json_tokener_parse(json);
	assert_non_null(reply);
	assert_int_equal(ike_facts_read(&facts, reply), 0);
}

static void forget_facts(void)
{
	ike_facts_free(&facts);
	json_object_put(reply);
	reply = NULL;
}

/* One or more devices, whatever SAs, and what the daemon told, if anything. */
static void join(size_t n_devs, const struct dmvpn_nl_sa *sas, size_t n_sas)
{
	const struct ipsec_tables t = {
		.devs = devs, .n_devs = n_devs, .sas = sas, .n_sas = n_sas,
		.ike = reply ? &facts : NULL,
	};

	free(rows);
	rows = NULL;
	assert_int_equal(ipsec_join(&t, &rows, &n_rows), 0);
}

/* A row in a few words: "dmvpn0 192.0.2.1 1/2 ike 3 child 4". */
static void expect(size_t i, const char *text)
{
	char got[160], nbma[NH_ADDR_STRLEN], ike[48] = "", if_id[24] = "";
	const struct ipsec_row *row = &rows[i];

	assert_true(i < n_rows);
	if (row->ike)
		snprintf(ike, sizeof(ike), " ike %d child %d",
			 (int)row->ike->ike_id,
			 row->child ? (int)row->child->id : -1);
	if (row->if_id)
		snprintf(if_id, sizeof(if_id), " if_id %u", row->if_id);
	snprintf(got, sizeof(got), "%s %s %u/%u%s%s", row->dev->name,
		 nh_addr_format(&row->nbma, nbma, sizeof(nbma)),
		 row->in ? row->in->spi : 0, row->out ? row->out->spi : 0,
		 if_id, ike);
	assert_string_equal(got, text);
}

static void expect_rows(size_t n)
{
	assert_int_equal(n_rows, n);
}

static void end(void)
{
	forget_facts();
	free(rows);
	rows = NULL;
}

static void test_pairs(void **state)
{
	struct dmvpn_nl_sa sas[] = {
		out(OTHER, 22, 5), in(PEER, 11, 5), out(PEER, 12, 5),
		in(OTHER, 21, 5),
		/* Of somebody else, and on its way through. */
		sa(PEER, "192.0.2.77", 1, 5),
		sa("192.0.2.77", "192.0.2.78", 1, 5),
	};

	(void)state;
	join(1, sas, 6);
	expect_rows(2);
	expect(0, "dmvpn0 209.168.202.131 11/12");
	expect(1, "dmvpn0 209.168.202.225 21/22");
	join(0, sas, 6);
	expect_rows(0);
	join(1, NULL, 0);
	expect_rows(0);
	/* A device without addresses has none. */
	devs[0].local4 = devs[0].local6 = (struct nh_addr){ 0 };
	join(1, sas, 6);
	expect_rows(0);
	end();
}

static void test_one_way(void **state)
{
	struct dmvpn_nl_sa sas[] = { in(PEER, 11, 5), out(OTHER, 22, 5) };

	(void)state;
	join(1, sas, 2);
	expect_rows(2);
	expect(0, "dmvpn0 209.168.202.131 11/0");
	expect(1, "dmvpn0 209.168.202.225 0/22");
	end();
}

static void test_rekeyed(void **state)
{
	struct dmvpn_nl_sa sas[] = {
		in(PEER, 11, 900), in(PEER, 13, 3), out(PEER, 14, 3),
	};
	struct dmvpn_nl_sa many[] = {
		out(PEER, 2, 900), out(PEER, 4, 3), in(PEER, 3, 4),
		in(PEER, 1, 901),
	};
	/* Installed by hand in one second: the kernel lists the last first. */
	struct dmvpn_nl_sa hand[] = {
		out(PEER, 4, 3), in(PEER, 3, 3), out(PEER, 2, 3),
		in(PEER, 1, 3),
	};

	(void)state;
	join(1, sas, 3);
	expect_rows(2);
	expect(0, "dmvpn0 209.168.202.131 13/14");
	expect(1, "dmvpn0 209.168.202.131 11/0");
	join(1, many, 4);
	expect_rows(3);
	expect(0, "dmvpn0 209.168.202.131 3/4");
	expect(1, "dmvpn0 209.168.202.131 0/2");
	expect(2, "dmvpn0 209.168.202.131 1/0");
	join(1, hand, 4);
	expect_rows(3);
	expect(0, "dmvpn0 209.168.202.131 3/4");
	expect(1, "dmvpn0 209.168.202.131 1/0");
	expect(2, "dmvpn0 209.168.202.131 0/2");
	end();
}

static void test_doubles(void **state)
{
	struct dmvpn_nl_sa sas[] = {
		in(PEER, 11, 5), out(PEER, 12, 5), in(PEER, 13, 5),
		in(PEER, 11, 5), out(PEER, 12, 5),
	};

	(void)state;
	join(1, sas, 5);
	expect_rows(2);
	expect(0, "dmvpn0 209.168.202.131 11/12");
	expect(1, "dmvpn0 209.168.202.131 13/0");
	/* One of another mark is another one. */
	sas[3].mark = sas[3].mark_mask = 1;
	join(1, sas, 5);
	expect_rows(3);
	end();
}

static void test_if_id(void **state)
{
	struct dmvpn_nl_sa sas[] = {
		with_if_id(in(PEER, 11, 5), 7), with_if_id(in(PEER, 21, 5), 8),
		with_if_id(out(PEER, 22, 5), 8), out(PEER, 32, 5),
	};

	(void)state;
	join(1, sas, 4);
	expect_rows(3);
	expect(0, "dmvpn0 209.168.202.131 0/32");
	expect(1, "dmvpn0 209.168.202.131 11/0 if_id 7");
	expect(2, "dmvpn0 209.168.202.131 21/22 if_id 8");
	end();
}

static void test_ipv6(void **state)
{
	struct dmvpn_nl_sa sas[] = {
		sa("2001:db8::2", "2001:db8::1", 1, 5),
		sa("2001:db8::1", "2001:db8::2", 2, 5),
		in(PEER, 11, 5), out(PEER, 12, 5),
	};

	(void)state;
	join(2, sas, 4);
	expect_rows(2);
	expect(0, "dmvpn0 209.168.202.131 11/12");
	expect(1, "dmvpn0 2001:db8::2 1/2");
	end();
}

static void test_devices(void **state)
{
	const struct dmvpn_nl_peer peers[] = {
		{ .ifindex = 3, .nbma = addr(OTHER) },
		{ .ifindex = 1, .nbma = addr(PEER), .if_id = 5 },
		{ .ifindex = 3, .nbma = addr(PEER), .if_id = 5 },
	};
	struct dmvpn_nl_sa sas[] = {
		in(PEER, 11, 5), out(PEER, 12, 5),
		in(OTHER, 21, 5), out(OTHER, 22, 5),
		with_if_id(in(PEER, 31, 5), 5),
		sa("192.0.2.7", "192.0.2.9", 41, 5),
	};
	struct ipsec_tables t = {
		.devs = devs, .n_devs = 3, .peers = peers, .n_peers = 3,
		.sas = sas, .n_sas = 6,
	};

	(void)state;
	assert_int_equal(ipsec_join(&t, &rows, &n_rows), 0);
	expect_rows(5);
	/* Nobody's peer: of the first device that has the address. */
	expect(0, "dmvpn0 209.168.202.131 11/12");
	/* A peer of two devices. */
	expect(1, "dmvpn0 209.168.202.131 31/0 if_id 5");
	expect(2, "dmvpn1 192.0.2.7 41/0");
	expect(3, "dmvpn2 209.168.202.131 31/0 if_id 5");
	/* A peer of one only. */
	expect(4, "dmvpn2 209.168.202.225 21/22");
	free(rows);
	t.ifindex = 3;
	assert_int_equal(ipsec_join(&t, &rows, &n_rows), 0);
	expect_rows(2);
	expect(0, "dmvpn2 209.168.202.131 31/0 if_id 5");
	end();
}

#define IKE(ID, NBMA, CHILDREN) \
	"{\"ifname\":\"dmvpn0\",\"nbma\":\"" NBMA "\",\"ike_id\":" #ID "," \
	"\"children\":[" CHILDREN "]}"
#define CHILD(ID, IN, OUT) \
	"{\"id\":" #ID ",\"spi_in\":" #IN ",\"spi_out\":" #OUT "}"

/* The rekeyed one is told apart by IKE, whatever the age says. */
static void test_children(void **state)
{
	struct dmvpn_nl_sa sas[] = {
		in(PEER, 11, 1), in(PEER, 13, 3), out(PEER, 14, 3),
		in(PEER, 15, 900), out(PEER, 16, 900),
	};

	(void)state;
	read_facts("{\"ipsec\":[" IKE(2, PEER, CHILD(5, 11, 12) ","
		   CHILD(6, 13, 14)) "]}");
	join(1, sas, 5);
	expect_rows(3);
	expect(0, "dmvpn0 209.168.202.131 11/0 ike 2 child 5");
	expect(1, "dmvpn0 209.168.202.131 13/14 ike 2 child 6");
	expect(2, "dmvpn0 209.168.202.131 15/16");
	end();
}

static void test_ike_alone(void **state)
{
	struct dmvpn_nl_sa sas[] = { in(OTHER, 21, 5), out(OTHER, 22, 5) };

	(void)state;
	read_facts("{\"ipsec\":["
		   "{\"ifname\":\"dmvpn0\",\"nbma\":\"" PEER "\",\"ike_id\":1,"
		   "\"state\":\"CONNECTING\"},"
		   IKE(2, OTHER, CHILD(3, 21, 22) "," CHILD(4, 31, 32)) ","
		   "{\"ifname\":\"gone0\",\"nbma\":\"" PEER "\"},"
		   "{\"ifname\":\"dmvpn0\",\"ike_id\":3}]}");
	join(1, sas, 2);
	expect_rows(4);
	expect(0, "dmvpn0 - 0/0 ike 3 child -1");
	expect(1, "dmvpn0 209.168.202.131 0/0 ike 1 child -1");
	expect(2, "dmvpn0 209.168.202.225 21/22 ike 2 child 3");
	expect(3, "dmvpn0 209.168.202.225 0/0 ike 2 child 4");
	end();
}

/* Two ends choose the same outbound SPI; two IKE SAs name the same child. */
static void test_same_spi(void **state)
{
	struct dmvpn_nl_sa sas[] = {
		in(PEER, 11, 5), out(PEER, 99, 5), in(OTHER, 21, 5),
		out(OTHER, 99, 5), in(OTHER, 21, 5),
	};

	(void)state;
	read_facts("{\"ipsec\":[" IKE(1, OTHER, CHILD(1, 21, 99)) ","
		   IKE(2, PEER, CHILD(2, 11, 99)) ","
		   IKE(3, PEER, CHILD(3, 11, 99)) "]}");
	join(1, sas, 5);
	expect_rows(3);
	expect(0, "dmvpn0 209.168.202.131 11/99 ike 2 child 2");
	expect(1, "dmvpn0 209.168.202.131 0/0 ike 3 child 3");
	expect(2, "dmvpn0 209.168.202.225 21/99 ike 1 child 1");
	end();
}

/* IKE speaks for one of the devices that share an address. */
static void test_ike_device(void **state)
{
	struct dmvpn_nl_sa sas[] = {
		with_if_id(in(PEER, 11, 5), 4), with_if_id(out(PEER, 12, 5), 4),
	};

	(void)state;
	read_facts("{\"ipsec\":[{\"ifname\":\"dmvpn2\",\"ike_id\":1,"
		   "\"children\":[{\"id\":2,\"spi_in\":11,\"spi_out\":12}]}]}");
	join(3, sas, 2);
	expect_rows(1);
	expect(0, "dmvpn2 209.168.202.131 11/12 if_id 4 ike 1 child 2");
	end();
}

/* Ten thousand peers of a hub; not a matter of minutes. */
static void test_many(void **state)
{
	const size_t n = 10000;
	struct dmvpn_nl_sa *sas = calloc(2 * n, sizeof(*sas));
	char remote[NH_ADDR_STRLEN];
	size_t i;

	(void)state;
	assert_non_null(sas);
	for (i = 0; i < n; i++) {
		snprintf(remote, sizeof(remote), "10.0.%u.%u",
			 (unsigned int)i / 256, (unsigned int)i % 256);
		sas[i] = in(remote, i + 1, 5);
		sas[2 * n - 1 - i] = out(remote, i + 1, 5);
	}
	join(1, sas, 2 * n);
	expect_rows(n);
	for (i = 0; i < n; i++)
		assert_true(rows[i].in->spi == i + 1 &&
			    rows[i].out->spi == i + 1);
	end();
	free(sas);
}

static void test_facts(void **state)
{
	(void)state;
	read_facts("{\"ok\":true,\"new\":{\"x\":[1]},"
		   "\"ike\":[{\"ifname\":\"a\",\"state\":\"refused\",\"x\":1,"
		   "\"error\":\"no\",\"since_ms\":7,\"socket\":null}],"
		   "\"ipsec\":[{\"ifname\":\"a\",\"nbma\":\"2001:db8::2\","
		   "\"port\":4500,\"initiator\":true,\"nat\":false,"
		   "\"established_ms\":null,\"rekey_ms\":0,\"x\":{},"
		   "\"children\":[{\"spi_in\":4294967295,\"if_id\":3,"
		   "\"x\":null}]}]}");
	assert_int_equal(facts.n_daemons, 1);
	assert_string_equal(facts.daemons[0].error, "no");
	assert_null(facts.daemons[0].socket);
	assert_int_equal(facts.daemons[0].since, 7);
	assert_int_equal(facts.n_sas, 1);
	assert_int_equal(facts.sas[0].nbma.len, 16);
	assert_int_equal(facts.sas[0].port, 4500);
	assert_int_equal(facts.sas[0].initiator, IKE_YES);
	assert_int_equal(facts.sas[0].nat, IKE_NO);
	assert_true(facts.sas[0].established == IKE_UNKNOWN);
	assert_int_equal(facts.sas[0].rekey, 0);
	assert_int_equal(facts.sas[0].n_children, 1);
	assert_int_equal(facts.children[0].spi_in, UINT32_MAX);
	assert_int_equal(facts.children[0].spi_out, 0);
	assert_int_equal(facts.children[0].if_id, 3);
	forget_facts();
}

static void test_wrong_types(void **state)
{
	static const char *const senseless[] = {
		"{\"ike\":5}", "{\"ike\":{}}", "{\"ipsec\":\"x\"}",
		"{\"ike\":[],\"ipsec\":true}",
	};
	struct json_object *o;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(senseless) / sizeof(senseless[0]); i++) {
		o = json_tokener_parse(senseless[i]);
		assert_int_equal(ike_facts_read(&facts, o), -EPROTO);
		json_object_put(o);
	}
	read_facts("{\"ike\":null,\"ipsec\":[5,null,[],\"x\",{},"
		   "{\"ifname\":7,\"children\":[{},{}]},"
		   "{\"ifname\":\"a\",\"children\":8},"
		   "{\"ifname\":\"b\",\"nbma\":\"nonsense\",\"port\":\"x\","
		   "\"name\":[],\"version\":2.5,\"state\":1,\"nat\":\"yes\","
		   "\"ike_id\":-1,\"rekey_ms\":true,\"children\":[9,null,"
		   "{\"spi_in\":4294967296,\"spi_out\":-1,\"if_id\":{}}]}]}");
	assert_int_equal(facts.n_daemons, 0);
	assert_int_equal(facts.n_sas, 2);
	assert_int_equal(facts.n_children, 1);
	assert_int_equal(facts.sas[0].n_children, 0);
	assert_int_equal(facts.sas[1].n_children, 1);
	assert_false(nh_addr_is_set(&facts.sas[1].nbma));
	assert_null(facts.sas[1].name);
	assert_null(facts.sas[1].state);
	assert_true(facts.sas[1].port == IKE_UNKNOWN);
	assert_true(facts.sas[1].version == IKE_UNKNOWN);
	assert_true(facts.sas[1].ike_id == IKE_UNKNOWN);
	assert_true(facts.sas[1].rekey == IKE_UNKNOWN);
	assert_int_equal(facts.sas[1].nat, IKE_MAYBE);
	assert_int_equal(facts.children[0].spi_in, 0);
	assert_int_equal(facts.children[0].spi_out, 0);
	assert_true(facts.children[0].if_id == IKE_UNKNOWN);
	forget_facts();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_pairs, set_up),
		cmocka_unit_test_setup(test_one_way, set_up),
		cmocka_unit_test_setup(test_rekeyed, set_up),
		cmocka_unit_test_setup(test_doubles, set_up),
		cmocka_unit_test_setup(test_if_id, set_up),
		cmocka_unit_test_setup(test_ipv6, set_up),
		cmocka_unit_test_setup(test_devices, set_up),
		cmocka_unit_test_setup(test_children, set_up),
		cmocka_unit_test_setup(test_ike_alone, set_up),
		cmocka_unit_test_setup(test_same_spi, set_up),
		cmocka_unit_test_setup(test_ike_device, set_up),
		cmocka_unit_test_setup(test_many, set_up),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_wrong_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
