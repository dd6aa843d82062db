// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading what charon lists, and keeping it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ike_table.h"
#include "tests/fake.h"
#include "tests/fake_vici.h"

#define NOW	10000000

static struct nh_ike_sa sa;

/* Consumes @b. */
static bool read_sa(struct vici_builder *b)
{
	struct vici_view msg = vici_builder_view(b);
	bool ok;

	assert_int_equal(vici_builder_err(b), 0);
	ok = nh_ike_sa_read(&sa, &msg, NOW);
	vici_builder_free(b);
	return ok;
}

static bool read_fake(const struct fake_ike_sa *fake)
{
	struct vici_builder b = { 0 };

	fake_vici_put_sa(&b, fake);
	return read_sa(&b);
}

static void test_all(void **state)
{
	(void)state;
	assert_true(read_fake(&(struct fake_ike_sa){
		.name = "dmvpn0", .id = 4000000000u, .remote = "2001:db8::7",
		.port = 4500, .identity = "CN=seven", .initiator = true,
		.spi = "f0c0ffee00c0ffee", .nat = true, .age = 100,
		.child = { { 5, 0xfffffff1, 0xc2, 0xa, NULL },
			   { 6, 0xd1, 0xd2, 0, "REKEYED" } } }));
	assert_string_equal(sa.name, "dmvpn0");
	assert_int_equal(sa.id, 4000000000u);
	assert_true(nh_addr_equal(&sa.remote,
				  &(struct nh_addr){ AF_INET6, 16,
						     { 0x20, 1, 0xd, 0xb8,
						       [15] = 7 } }));
	assert_int_equal(sa.port, 4500);
	assert_int_equal(sa.version, 2);
	assert_true(sa.initiator && sa.nat_remote && !sa.nat_local);
	assert_true(sa.initiator_spi == 0xf0c0ffee00c0ffeeull);
	assert_string_equal(sa.state, "ESTABLISHED");
	assert_string_equal(sa.identity, "CN=seven");
	assert_string_equal(sa.local_identity, "192.0.2.1");
	assert_string_equal(sa.algorithms, "AES_GCM_16-128/ECP_256");
	assert_int_equal(sa.established, NOW - 100000);
	assert_int_equal(sa.rekey, NOW + 13000000);
	assert_int_equal(sa.nchild, 2);
	assert_int_equal(sa.child[0].id, 5);
	assert_int_equal(sa.child[0].spi_in, 0xfffffff1);
	assert_int_equal(sa.child[0].spi_out, 0xc2);
	assert_int_equal(sa.child[0].if_id, 0xa);
	assert_int_equal(sa.child[0].reqid, 1);
	assert_string_equal(sa.child[0].mode, "TRANSPORT");
	assert_int_equal(sa.child[0].installed, NOW - 20000);
	assert_int_equal(sa.child[0].rekey, NOW + 3000000);
	assert_int_equal(sa.child[0].expires, NOW + 3600000);
	assert_true(nh_ike_sa_is_up(&sa, 0xa));
	assert_true(nh_ike_sa_is_up(&sa, 0));
	assert_false(nh_ike_sa_is_up(&sa, 1));
}

static void test_up(void **state)
{
	static const struct {
		const char *state;
		bool up;
	} cases[] = {
		{ "INSTALLED", true }, { "REKEYING", true },
		{ "REKEYED", true }, { "CREATED", false },
		{ "INSTALLING", false }, { "DELETING", false },
		{ "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(read_fake(&(struct fake_ike_sa){
			.name = "dmvpn0", .id = 1, .remote = "192.0.2.7",
			.child = { { 5, 1, 2, 0, cases[i].state } } }));
		assert_int_equal(nh_ike_sa_is_up(&sa, 0), cases[i].up);
	}
}

/* What is for the peer's own packets, and what is for those of others. */
static void test_selectors(void **state)
{
	static const struct {
		const char *remote;
		const char *selectors;
		bool stray;
	} cases[] = {
		{ "192.0.2.7", "192.0.2.7/32[gre]", false },
		{ "192.0.2.7", "192.0.2.7/32[47],192.0.2.7/32", false },
		{ "192.0.2.7", "192.0.2.7", false },
		{ "192.0.2.7", "192.0.2.8/32[gre]", true },
		{ "192.0.2.7", "192.0.2.7/32[gre],192.0.2.8/32[gre]", true },
		{ "192.0.2.7", "192.0.2.6/31[gre]", true },
		{ "192.0.2.7", "0.0.0.0/0[gre]", true },
		{ "192.0.2.7", "192.0.2.7..192.0.2.9[gre]", true },
		{ "192.0.2.7", "dynamic[gre]", true },
		{ "192.0.2.7", "[gre]", true },
		{ "2001:db8::7", "2001:db8::7/128[gre]", false },
		{ "2001:db8::7", "2001:db8::8/128[gre]", true },
		{ "2001:db8::7", "192.0.2.7/32[gre]", true },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(read_fake(&(struct fake_ike_sa){
			.name = "dmvpn0", .id = 1, .remote = cases[i].remote,
			.selectors = cases[i].selectors,
			.child = { { 5, 1, 2, 0, NULL } } }));
		assert_int_equal(sa.stray, cases[i].stray);
	}
}

/* More pairs than are remembered hide nothing. */
static void test_selectors_of_many(void **state)
{
	struct vici_builder b = { 0 };
	size_t i;

	(void)state;
	vici_section_begin(&b, "dmvpn0");
	vici_put(&b, "uniqueid", "1");
	vici_put(&b, "remote-host", "192.0.2.7");
	vici_section_begin(&b, "child-sas");
	for (i = 0; i <= NH_IKE_CHILDREN; i++) {
		vici_section_begin(&b, "gre-1");
		vici_put_list(&b, "local-ts", "192.0.2.1/32[gre]");
		vici_put_list(&b, "remote-ts", i < NH_IKE_CHILDREN ?
			      "192.0.2.7/32[gre]" : "192.0.2.8/32[gre]");
		vici_section_end(&b);
	}
	vici_section_end(&b);
	vici_section_end(&b);
	assert_true(read_sa(&b));
	assert_int_equal(sa.nchild, NH_IKE_CHILDREN);
	assert_true(sa.stray);
}

/* Half of a name could be somebody else's. */
static void test_long_identity(void **state)
{
	struct fake_ike_sa fake = { .name = "dmvpn0", .id = 1,
				    .remote = "192.0.2.7" };
	char name[257];

	(void)state;
	memset(name, 'x', 256);
	name[255] = '\0';
	fake.identity = name;
	assert_true(read_fake(&fake));
	assert_string_equal(sa.identity, name);
	name[255] = 'x';
	name[256] = '\0';
	assert_true(read_fake(&fake));
	assert_string_equal(sa.identity, "");
}

/* A key and what is read of it; all else is there. */
static bool read_with(const char *key, const char *value, size_t len)
{
	struct vici_builder b = { 0 };

	vici_section_begin(&b, "dmvpn0");
	vici_put(&b, "uniqueid", "1");
	vici_put(&b, "remote-host", "192.0.2.7");
	vici_put_bytes(&b, key, value, len);
	vici_section_end(&b);
	return read_sa(&b);
}

static void test_odd_values(void **state)
{
	(void)state;
	/* A NUL ends no name, but makes it none. */
	assert_true(read_with("remote-id", "CN=hub\0CN=seven", 15));
	assert_string_equal(sa.identity, "");
	assert_true(read_with("remote-port", "12x", 3));
	assert_int_equal(sa.port, 0);
	assert_true(read_with("state", "VERY_VERY_VERY_LONG", 19));
	assert_string_equal(sa.state, "VERY_VERY_VERY_");
	assert_true(read_with("initiator", "true", 4));
	assert_false(sa.initiator);
	assert_true(read_with("established", "99999999999", 11));
	assert_int_equal(sa.established, 1);
	assert_true(read_with("rekey-time", "99999999999", 11));
	assert_int_equal(sa.rekey, 0);
	assert_true(read_with("reauth-time", "10", 2));
	assert_int_equal(sa.rekey, NOW + 10000);
	assert_true(read_with("nat-local", "yes", 3));
	assert_true(sa.nat_local);
	/* Charon leaves out what does not apply. */
	assert_true(read_with("integ-alg", "HMAC_SHA2_256_128", 17));
	assert_string_equal(sa.algorithms, "HMAC_SHA2_256_128");
	/* Without these there is nothing to be known by. */
	assert_false(read_with("uniqueid", "0", 1));
	assert_false(read_with("uniqueid", "", 0));
	assert_false(read_with("remote-host", "%any", 4));
}

static void test_none(void **state)
{
	struct vici_builder b = { 0 };
	struct vici_view half = { (const uint8_t *)"\1\6dmv", 5 };

	(void)state;
	assert_false(read_sa(&b));
	assert_false(nh_ike_sa_read(&sa, &half, NOW));
	vici_put(&b, "uniqueid", "1");
	vici_put(&b, "remote-host", "192.0.2.7");
	assert_false(read_sa(&b));
	vici_section_begin(&b, "dmvpn0");
	vici_section_end(&b);
	assert_false(read_sa(&b));
	assert_false(read_fake(&(struct fake_ike_sa){
		.name = "dmvpn0", .id = 1, .remote = "nowhere" }));
}

static void test_many_children(void **state)
{
	struct fake_ike_sa fake = { .name = "dmvpn0", .id = 1,
				    .remote = "192.0.2.7" };
	uint32_t i;

	(void)state;
	for (i = 0; i < FAKE_VICI_CHILDREN; i++)
		fake.child[i] = (struct fake_child){ i + 1, i, i, 0, NULL };
	assert_true(read_fake(&fake));
	assert_int_equal(sa.nchild, NH_IKE_CHILDREN);
	assert_int_equal(sa.child[NH_IKE_CHILDREN - 1].id, NH_IKE_CHILDREN);
}

/* Sections and keys that a later charon may have. */
static void test_unknown(void **state)
{
	struct vici_builder b = { 0 };
	char name[200];

	(void)state;
	memset(name, 'n', sizeof(name));
	name[199] = '\0';
	vici_section_begin(&b, name);
	vici_put(&b, "uniqueid", "1");
	vici_put(&b, "remote-host", "192.0.2.7");
	vici_put(&b, "weather", "fine");
	vici_section_begin(&b, "ppk");
	vici_put(&b, "uniqueid", "2");
	vici_section_begin(&b, "inner");
	vici_put(&b, "spi-in", "5");
	vici_section_end(&b);
	vici_section_end(&b);
	vici_section_begin(&b, "child-sas");
	vici_put(&b, "uniqueid", "3");
	vici_section_begin(&b, "gre-1");
	vici_put(&b, "uniqueid", "4");
	vici_put_list(&b, "local-ts", "a,b");
	vici_section_begin(&b, "deeper");
	vici_put(&b, "uniqueid", "5");
	vici_section_end(&b);
	vici_section_end(&b);
	vici_section_end(&b);
	vici_section_end(&b);
	assert_true(read_sa(&b));
	assert_int_equal(sa.id, 1);
	assert_int_equal(strlen(sa.name), sizeof(sa.name) - 1);
	assert_int_equal(sa.nchild, 1);
	assert_int_equal(sa.child[0].id, 4);
	assert_int_equal(sa.child[0].spi_in, 0);
}

static size_t ids_of(struct vici_builder *b, char *name, uint32_t ids[2])
{
	struct vici_view msg = vici_builder_view(b);
	size_t n;

	assert_int_equal(vici_builder_err(b), 0);
	n = nh_ike_ids(&msg, name, 10, ids, 2);
	vici_builder_free(b);
	return n;
}

static void put_one(struct vici_builder *b, const char *section,
		    const char *id)
{
	vici_section_begin(b, section);
	vici_put(b, "uniqueid", id);
	vici_section_end(b);
}

static void test_ids(void **state)
{
	struct vici_builder b = { 0 };
	uint32_t ids[2];
	char name[10];

	(void)state;
	assert_int_equal(ids_of(&b, name, ids), 0);
	assert_string_equal(name, "");
	/* That of the IKE SA, none of its children. */
	vici_put(&b, "up", "yes");
	vici_put(&b, "uniqueid", "99");
	fake_vici_put_sa(&b, &(struct fake_ike_sa){
		.name = "dmvpn0/192.0.2.7", .id = 3, .remote = "192.0.2.7",
		.child = { { 5, 1, 2, 0, NULL }, { 6, 1, 2, 0, NULL } } });
	assert_int_equal(ids_of(&b, name, ids), 1);
	assert_int_equal(ids[0], 3);
	assert_string_equal(name, "dmvpn0/19");
	/* An IKE SA and its heir. */
	vici_section_begin(&b, "dmvpn0");
	put_one(&b, "other", "9");
	put_one(&b, "old", "3");
	put_one(&b, "new", "4");
	vici_section_end(&b);
	assert_int_equal(ids_of(&b, name, ids), 2);
	assert_int_equal(ids[0], 3);
	assert_int_equal(ids[1], 4);
	/* A child and its heir: still the IKE SA. */
	vici_section_begin(&b, "dmvpn0");
	vici_put(&b, "uniqueid", "3");
	vici_section_begin(&b, "child-sas");
	vici_section_begin(&b, "gre-5");
	put_one(&b, "old", "5");
	put_one(&b, "new", "6");
	vici_section_end(&b);
	vici_section_end(&b);
	vici_section_end(&b);
	assert_int_equal(ids_of(&b, name, ids), 1);
	assert_int_equal(ids[0], 3);
	/* More than there is room for. */
	vici_section_begin(&b, "dmvpn0");
	vici_put(&b, "uniqueid", "1");
	vici_put(&b, "uniqueid", "2");
	vici_put(&b, "uniqueid", "3");
	vici_section_end(&b);
	assert_int_equal(ids_of(&b, name, ids), 2);
}

static struct nh_ike_table table;

static struct nh_ike_sa *put(uint32_t id, const char *remote, uint32_t spi)
{
	struct nh_ike_sa one = {
		.name = "dmvpn0", .id = id, .remote = fake_addr(remote),
		.established = id, .nchild = 1,
		.child = { { .id = id, .spi_in = spi, .spi_out = spi + 1,
			     .state = "INSTALLED" } },
	};

	return nh_ike_table_put(&table, &one);
}

static void test_table(void **state)
{
	const struct nh_endpoint ep = { fake_addr("192.0.2.7"), 0 };
	struct nh_ike_sa *one, *two, *next = NULL;
	unsigned int n = 0;

	(void)state;
	assert_null(nh_ike_table_next(&table, NULL));
	assert_null(nh_ike_table_at(&table, &ep));
	one = put(1, "192.0.2.7", 0x10);
	/* The same bucket, twice. */
	two = put(1 + NH_IKE_BUCKETS, "192.0.2.7", 0x20);
	put(2, "192.0.2.8", 0x30);
	assert_int_equal(table.n, 3);
	assert_ptr_equal(nh_ike_table_find(&table, 1), one);
	assert_ptr_equal(nh_ike_table_find(&table, 1 + NH_IKE_BUCKETS), two);
	assert_null(nh_ike_table_find(&table, 3));
	assert_ptr_equal(nh_ike_table_at(&table, &ep), two);
	while ((next = nh_ike_table_next(&table, next)))
		n++;
	assert_int_equal(n, 3);
	assert_true(nh_ike_table_has_spi(&table, &ep.nbma, 0x10));
	assert_true(nh_ike_table_has_spi(&table, &ep.nbma, 0x21));
	assert_false(nh_ike_table_has_spi(&table, &ep.nbma, 0x30));
	/* What we noted of it outlives what charon says. */
	one->orphan = 5;
	one->chosen = 6;
	assert_ptr_equal(put(1, "192.0.2.9", 0x10), one);
	assert_int_equal(one->orphan, 5);
	assert_int_equal(one->chosen, 6);
	assert_int_equal(table.n, 3);
	assert_ptr_equal(nh_ike_table_with(&table, &ep.nbma, NULL), two);
	assert_null(nh_ike_table_with(&table, &ep.nbma, two));
	nh_ike_table_clear(&table);
	assert_int_equal(table.n, 0);
	/* Peers make them: there is an end. */
	table.n = NH_IKE_SAS_MAX;
	assert_null(put(1, "192.0.2.7", 1));
	table.n = 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_up),
		cmocka_unit_test(test_selectors),
		cmocka_unit_test(test_selectors_of_many),
		cmocka_unit_test(test_long_identity),
		cmocka_unit_test(test_odd_values),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_many_children),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
