// SPDX-License-Identifier: GPL-2.0-or-later
/* VICI's packets and messages: both ways, and what is refused. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vici/msg.h"

/* The example in the protocol's documentation. */
static const uint8_t example[] = {
	3, 4, 'k', 'e', 'y', '1', 0, 6, 'v', 'a', 'l', 'u', 'e', '1',
	1, 8, 's', 'e', 'c', 't', 'i', 'o', 'n', '1',
	1, 11, 's', 'u', 'b', '-', 's', 'e', 'c', 't', 'i', 'o', 'n',
	3, 4, 'k', 'e', 'y', '2', 0, 6, 'v', 'a', 'l', 'u', 'e', '2',
	2,
	4, 5, 'l', 'i', 's', 't', '1',
	5, 0, 5, 'i', 't', 'e', 'm', '1',
	5, 0, 5, 'i', 't', 'e', 'm', '2',
	6,
	2,
};

#define VIEW(octets)	(&(struct vici_view){ (octets), sizeof(octets) })
#define NVIEW(text)	((struct nh_view){ (const uint8_t *)(text), \
					   sizeof(text) - 1 })

/* A message as one line: "key=value section{ list[ item ] }". */
static const char *shown(const struct vici_view *msg)
{
	static char out[2048];
	struct vici_reader r;
	struct vici_elem e;
	size_t n = 0;

	out[0] = '\0';
	vici_reader_init(&r, msg);
	while (vici_next(&r, &e)) {
		int len = e.value.len;
		const char *v = len ? (const char *)e.value.data : "";

		n += (size_t)snprintf(out + n, sizeof(out) - n, "%s%s%.*s%s ",
			e.name, e.type == VICI_KEY_VALUE ? "=" : "", len, v,
			e.type == VICI_SECTION_START ? "{" :
			e.type == VICI_SECTION_END ? "}" :
			e.type == VICI_LIST_START ? "[" :
			e.type == VICI_LIST_END ? "]" : "");
		assert_true(n < sizeof(out));
	}
	assert_false(r.err);
	return out;
}

static void expect_built(struct vici_builder *b, const char *text)
{
	struct vici_view v = vici_builder_view(b);

	assert_int_equal(vici_builder_err(b), 0);
	assert_string_equal(shown(&v), text);
	vici_builder_free(b);
	assert_null(b->data);
	assert_int_equal(b->len, 0);
}

static void test_example_built(void **state)
{
	struct vici_builder b = { 0 };

	(void)state;
	vici_put(&b, "key1", "value1");
	vici_section_begin(&b, "section1");
	vici_section_begin(&b, "sub-section");
	vici_put(&b, "key2", "value2");
	vici_section_end(&b);
	vici_list_begin(&b, "list1");
	vici_list_item(&b, "item1");
	vici_list_item(&b, "item2");
	vici_list_end(&b);
	vici_section_end(&b);
	assert_int_equal(b.len, sizeof(example));
	assert_memory_equal(b.data, example, sizeof(example));
	expect_built(&b, "key1=value1 section1{ sub-section{ key2=value2 } "
			 "list1[ item1 item2 ] } ");
}

static void expect_elem(struct vici_reader *r, enum vici_elem_type type,
			unsigned int depth, const char *name,
			const char *value)
{
	struct vici_elem e;

	assert_true(vici_next(r, &e));
	assert_int_equal(e.type, type);
	assert_int_equal(e.depth, depth);
	assert_string_equal(e.name, name);
	assert_true(vici_is(e.value, value));
}

static void test_example_read(void **state)
{
	struct vici_reader r;
	struct vici_elem e;

	(void)state;
	vici_reader_init(&r, VIEW(example));
	expect_elem(&r, VICI_KEY_VALUE, 0, "key1", "value1");
	expect_elem(&r, VICI_SECTION_START, 0, "section1", "");
	expect_elem(&r, VICI_SECTION_START, 1, "sub-section", "");
	expect_elem(&r, VICI_KEY_VALUE, 2, "key2", "value2");
	expect_elem(&r, VICI_SECTION_END, 1, "", "");
	expect_elem(&r, VICI_LIST_START, 1, "list1", "");
	expect_elem(&r, VICI_LIST_ITEM, 1, "", "item1");
	expect_elem(&r, VICI_LIST_ITEM, 1, "", "item2");
	expect_elem(&r, VICI_LIST_END, 1, "", "");
	expect_elem(&r, VICI_SECTION_END, 0, "", "");
	assert_false(vici_next(&r, &e));
	assert_false(r.err);
	assert_false(vici_next(&r, &e));
}

/* Each beginning of it is complete between its outer elements only. */
static void test_example_cut(void **state)
{
	size_t len;

	(void)state;
	for (len = 0; len <= sizeof(example); len++) {
		uint8_t *cut = malloc(len ? len : 1);
		struct vici_view v = { cut, len };
		bool whole = len == 0 || len == 14 || len == sizeof(example);

		memcpy(cut, example, len);
		assert_int_equal(vici_valid(&v), whole);
		free(cut);
	}
}

static void test_values(void **state)
{
	static const uint8_t octets[] = { 0, 255, 0 };
	struct vici_builder b = { 0 };
	struct vici_view v;
	struct nh_view value;

	(void)state;
	vici_put_u(&b, "zero", 0);
	vici_put_u(&b, "most", UINT64_MAX);
	vici_put(&b, "empty", "");
	vici_put_bytes(&b, "none", NULL, 0);
	vici_put_bytes(&b, "raw", octets, sizeof(octets));
	assert_int_equal(vici_builder_err(&b), 0);
	v = vici_builder_view(&b);
	assert_true(vici_find(&v, "zero", &value) && vici_is(value, "0"));
	assert_true(vici_find(&v, "most", &value) &&
		    vici_is(value, "18446744073709551615"));
	assert_true(vici_find(&v, "empty", &value) && vici_is(value, ""));
	assert_true(vici_find(&v, "none", &value) && value.len == 0);
	assert_true(vici_find(&v, "raw", &value));
	assert_int_equal(value.len, sizeof(octets));
	assert_memory_equal(value.data, octets, sizeof(octets));
	vici_builder_free(&b);
}

static void test_lists(void **state)
{
	struct vici_builder b = { 0 };

	(void)state;
	vici_put_list(&b, "a", "one");
	vici_put_list(&b, "b", "one,two");
	vici_put_list(&b, "c", " one ,\ttwo three,,four\t, ");
	vici_put_list(&b, "d", "");
	vici_put_list(&b, "e", " , ,");
	vici_put_list(&b, "f", ",x");
	expect_built(&b, "a[ one ] b[ one two ] c[ one two three four ] "
			 "d[ ] e[ ] f[ x ] ");
}

static void test_find(void **state)
{
	static const uint8_t cut[] = { 3, 1, 'a', 0, 1, 'x', 3, 1, 'b', 0 };
	struct vici_builder b = { 0 };
	struct nh_view value = NVIEW("kept");
	struct vici_view v;
	char text[8];

	(void)state;
	vici_section_begin(&b, "s");
	vici_put(&b, "deep", "1");
	vici_section_end(&b);
	vici_put(&b, "success", "no");
	vici_put(&b, "success", "yes");
	vici_put(&b, "errmsg", "longer than that");
	vici_put_bytes(&b, "nul", "a\0b", 3);
	v = vici_builder_view(&b);
	assert_false(vici_find(&v, "deep", &value));
	assert_false(vici_find(&v, "s", &value));
	assert_true(vici_is(value, "kept"));
	assert_true(vici_find_text(&v, "success", text, sizeof(text)));
	assert_string_equal(text, "no");
	assert_false(vici_find_text(&v, "errmsg", text, sizeof(text)));
	assert_string_equal(text, "longer ");
	assert_false(vici_find_text(&v, "nul", text, sizeof(text)));
	assert_string_equal(text, "a");
	assert_false(vici_find_text(&v, "other", text, sizeof(text)));
	assert_string_equal(text, "");
	vici_builder_free(&b);
	/* Nothing is found in what is malformed further behind. */
	assert_false(vici_find(VIEW(cut), "a", &value));
}

static void test_text(void **state)
{
	char text[4];

	(void)state;
	assert_true(vici_text(NVIEW("abc"), text, sizeof(text)));
	assert_string_equal(text, "abc");
	assert_false(vici_text(NVIEW("abcd"), text, sizeof(text)));
	assert_string_equal(text, "abc");
	assert_false(vici_text(NVIEW("a"), text, 1));
	assert_string_equal(text, "");
	assert_true(vici_text((struct nh_view){ 0 }, text, 1));
	assert_true(vici_is((struct nh_view){ 0 }, ""));
	assert_false(vici_is(NVIEW("yes"), "yesterday"));
	assert_false(vici_is(NVIEW("yes"), "no"));
	assert_false(vici_is(NVIEW("no\0x"), "no"));
}

static void test_reader_refusals(void **state)
{
#define R(...)	{ { __VA_ARGS__ }, sizeof((uint8_t[]){ __VA_ARGS__ }) }
	static const struct {
		uint8_t octets[16];
		size_t len;
	} bad[] = {
		R(0),				/* no type */
		R(7),
		R(255),
		R(2),				/* nothing to end */
		R(6),
		R(1, 1, 's'),			/* not ended */
		R(4, 1, 'l'),
		R(1, 1, 's', 2, 2),
		R(5, 0, 1, 'x'),		/* item outside of a list */
		R(4, 1, 'l', 1, 1, 's', 2, 6),	/* not items in a list */
		R(4, 1, 'l', 3, 1, 'k', 0, 0, 6),
		R(4, 1, 'l', 4, 1, 'm', 6, 6),
		R(1, 1, 's', 4, 1, 'l', 2, 6),
		R(1),				/* over the end */
		R(1, 2, 's'),
		R(3, 1, 'k'),
		R(3, 1, 'k', 0),
		R(3, 1, 'k', 0, 2, 'x'),
		R(3, 1, 'k', 255, 255, 'x'),
		R(4, 1, 'l', 5, 0, 9, 'x', 6),
		R(3, 3, 'k', 0, 'x', 0, 0),	/* NUL in a name */
	};
	struct vici_reader r;
	struct vici_elem e;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct vici_view v = { bad[i].octets, bad[i].len };

		vici_reader_init(&r, &v);
		while (vici_next(&r, &e))
			;
		if (!r.err)
			fail_msg("message %zu was read", i);
		assert_false(vici_next(&r, &e));
		assert_false(vici_valid(&v));
	}
}

static size_t nested(uint8_t *buf, size_t depth)
{
	size_t i;

	for (i = 0; i < depth; i++)
		memcpy(buf + 3 * i, "\1\1s", 3);
	memset(buf + 3 * depth, VICI_SECTION_END, depth);
	return 4 * depth;
}

static void test_depth(void **state)
{
	uint8_t buf[4 * (VICI_DEPTH_MAX + 1)];
	struct vici_view v = { buf, nested(buf, VICI_DEPTH_MAX) };
	struct vici_builder b = { 0 };
	unsigned int i;

	(void)state;
	assert_true(vici_valid(&v));
	v.len = nested(buf, VICI_DEPTH_MAX + 1);
	assert_false(vici_valid(&v));

	for (i = 0; i < VICI_DEPTH_MAX; i++)
		vici_section_begin(&b, "s");
	assert_int_equal(b.err, 0);
	vici_section_begin(&b, "s");
	assert_int_equal(b.err, -EINVAL);
	vici_builder_free(&b);
}

static void expect_refused(struct vici_builder *b, int err)
{
	size_t len = b->len;

	assert_int_equal(vici_builder_err(b), err);
	/* It sticks. */
	vici_put(b, "more", "x");
	assert_int_equal(b->len, len);
	vici_builder_free(b);
	assert_int_equal(vici_builder_err(b), 0);
}

static void test_builder_refusals(void **state)
{
	char name[VICI_NAME_MAX + 2];
	struct vici_builder b = { 0 };

	(void)state;
	vici_section_end(&b);
	expect_refused(&b, -EINVAL);
	vici_list_end(&b);
	expect_refused(&b, -EINVAL);
	vici_list_item(&b, "x");
	expect_refused(&b, -EINVAL);
	vici_list_begin(&b, "l");
	vici_put(&b, "k", "v");
	expect_refused(&b, -EINVAL);
	vici_list_begin(&b, "l");
	vici_section_begin(&b, "s");
	expect_refused(&b, -EINVAL);
	vici_list_begin(&b, "l");
	vici_put_list(&b, "m", "v");
	expect_refused(&b, -EINVAL);
	vici_put(&b, "k", NULL);
	expect_refused(&b, -EINVAL);
	vici_put(&b, NULL, "v");
	expect_refused(&b, -EINVAL);
	vici_section_begin(&b, NULL);
	expect_refused(&b, -EINVAL);
	vici_put_bytes(&b, "k", NULL, 1);
	expect_refused(&b, -EINVAL);
	vici_put_list(&b, "k", NULL);
	expect_refused(&b, -EINVAL);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	vici_put(&b, name, "v");
	expect_refused(&b, -EINVAL);
	vici_put(&b, name + 1, "v");
	assert_int_equal(vici_builder_err(&b), 0);
	vici_builder_free(&b);
	/* Only the end tells that something is open. */
	vici_section_begin(&b, "s");
	assert_int_equal(vici_builder_err(&b), -EINVAL);
	vici_section_end(&b);
	assert_int_equal(vici_builder_err(&b), 0);
	vici_list_begin(&b, "l");
	assert_int_equal(vici_builder_err(&b), -EINVAL);
	vici_builder_free(&b);
}

static void test_builder_limits(void **state)
{
	uint8_t *big = calloc(1, VICI_VALUE_MAX + 1);
	struct vici_builder b = { 0 };
	struct vici_view v;
	size_t i;

	(void)state;
	vici_put_bytes(&b, "k", big, VICI_VALUE_MAX + 1);
	expect_refused(&b, -EINVAL);
	/* 7 of them leave 65508 octets, 5 of which are not the value's. */
	for (i = 0; i < 7; i++)
		vici_put_bytes(&b, "k", big, VICI_VALUE_MAX);
	vici_put_bytes(&b, "k", big,
		       VICI_PACKET_MAX - 7 * (5 + VICI_VALUE_MAX) - 5);
	assert_int_equal(vici_builder_err(&b), 0);
	assert_int_equal(b.len, VICI_PACKET_MAX);
	v = vici_builder_view(&b);
	assert_true(vici_valid(&v));
	vici_put_bytes(&b, "", NULL, 0);
	expect_refused(&b, -EMSGSIZE);
	free(big);
}

static void test_packet_heads(void **state)
{
	static const uint8_t request[] = {
		0, 0, 0, 11, 0, 7, 'v', 'e', 'r', 's', 'i', 'o', 'n', 'm', 'm',
	};
	uint8_t buf[VICI_HEAD_MAX];
	char name[VICI_NAME_MAX + 2];

	(void)state;
	assert_int_equal(vici_packet_head(buf, sizeof(buf), VICI_CMD_REQUEST,
					  "version", 2), 13);
	assert_memory_equal(buf, request, 13);
	assert_int_equal(vici_packet_head(buf, sizeof(buf),
					  VICI_EVENT_CONFIRM, NULL, 0), 5);
	assert_memory_equal(buf, "\0\0\0\1\5", 5);
	assert_int_equal(vici_packet_head(buf, sizeof(buf),
					  VICI_CMD_REQUEST, NULL, 0), -EINVAL);
	assert_int_equal(vici_packet_head(buf, sizeof(buf),
					  VICI_CMD_RESPONSE, "x", 0),
			 -EINVAL);
	assert_int_equal(vici_packet_head(buf, sizeof(buf),
					  VICI_EVENT_REGISTER, "x", 1),
			 -EINVAL);
	assert_int_equal(vici_packet_head(buf, sizeof(buf), 8, NULL, 0),
			 -EINVAL);
	assert_int_equal(vici_packet_head(buf, 12, VICI_EVENT, "version", 0),
			 -EMSGSIZE);
	assert_int_equal(vici_packet_head(buf, sizeof(buf), VICI_EVENT, "x",
					  VICI_PACKET_MAX - 3), 7);
	assert_int_equal(vici_packet_head(buf, sizeof(buf), VICI_EVENT, "x",
					  VICI_PACKET_MAX - 2), -EMSGSIZE);
	assert_int_equal(vici_packet_head(buf, sizeof(buf), VICI_EVENT, "x",
					  SIZE_MAX), -EMSGSIZE);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(vici_packet_head(buf, sizeof(buf), VICI_EVENT, name,
					  0), -EINVAL);
	assert_int_equal(vici_packet_head(buf, sizeof(buf), VICI_EVENT,
					  name + 1, 0), VICI_HEAD_MAX);
}

static void test_packet_len(void **state)
{
	size_t len;

	(void)state;
	assert_false(vici_packet_len("\0\0\0\0", &len));
	assert_true(vici_packet_len("\0\0\0\1", &len));
	assert_int_equal(len, 1);
	assert_true(vici_packet_len("\0\x8\0\0", &len));
	assert_int_equal(len, VICI_PACKET_MAX);
	assert_false(vici_packet_len("\0\x8\0\1", &len));
	assert_false(vici_packet_len("\xff\xff\xff\xff", &len));
}

static void test_packet_decode(void **state)
{
	uint8_t named[] = { 0, 2, 'n', 'm', 'b', 'o', 'd' };
	uint8_t unnamed[] = { 1, 'b' };
	struct vici_packet p;
	uint8_t *big;

	(void)state;
	assert_true(vici_packet_decode(&p, named, sizeof(named)));
	assert_int_equal(p.type, VICI_CMD_REQUEST);
	assert_string_equal(p.name, "nm");
	assert_ptr_equal(p.body.data, named + 4);
	assert_int_equal(p.body.len, 3);
	assert_true(vici_packet_decode(&p, named, 4));
	assert_int_equal(p.body.len, 0);
	assert_null(p.body.data);
	assert_false(vici_packet_decode(&p, named, 3));
	assert_false(vici_packet_decode(&p, named, 1));
	assert_false(vici_packet_decode(&p, named, 0));
	named[0] = VICI_EVENT;
	assert_true(vici_packet_decode(&p, named, sizeof(named)));
	named[2] = '\0';
	assert_false(vici_packet_decode(&p, named, sizeof(named)));
	named[2] = 'n';
	named[0] = VICI_EVENT_REGISTER;
	assert_false(vici_packet_decode(&p, named, sizeof(named)));
	assert_true(vici_packet_decode(&p, named, 4));
	named[0] = VICI_EVENT_UNREGISTER;
	assert_true(vici_packet_decode(&p, named, 4));

	assert_true(vici_packet_decode(&p, unnamed, 2));
	assert_string_equal(p.name, "");
	assert_int_equal(p.body.len, 1);
	for (unnamed[0] = VICI_CMD_UNKNOWN; unnamed[0] <= VICI_EVENT_UNKNOWN;
	     unnamed[0] += unnamed[0] == VICI_CMD_UNKNOWN ? 3 : 1) {
		assert_true(vici_packet_decode(&p, unnamed, 1));
		assert_false(vici_packet_decode(&p, unnamed, 2));
	}
	unnamed[0] = 8;
	assert_false(vici_packet_decode(&p, unnamed, 1));

	big = calloc(1, VICI_PACKET_MAX + 1);
	big[0] = VICI_CMD_RESPONSE;
	assert_true(vici_packet_decode(&p, big, VICI_PACKET_MAX));
	assert_false(vici_packet_decode(&p, big, VICI_PACKET_MAX + 1));
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_example_built),
		cmocka_unit_test(test_example_read),
		cmocka_unit_test(test_example_cut),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_reader_refusals),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_builder_refusals),
		cmocka_unit_test(test_builder_limits),
		cmocka_unit_test(test_packet_heads),
		cmocka_unit_test(test_packet_len),
		cmocka_unit_test(test_packet_decode),
	};

	return cmocka_run_group_tests_name("vici_msg", tests, NULL, NULL);
}
