// SPDX-License-Identifier: GPL-2.0-or-later
/* Cursors: bounds, sticky errors, byte order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/buf.h"

static const uint8_t ten[10] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

static void test_read(void **state)
{
	struct nh_reader r;
	struct nh_view v;
	uint8_t two[2];

	(void)state;
	nh_reader_init(&r, ten, sizeof(ten));
	assert_int_equal(nh_get_u8(&r), 1);
	assert_int_equal(nh_get_be16(&r), 0x0203);
	assert_int_equal(nh_get_be32(&r), 0x04050607);
	assert_int_equal(nh_reader_at(&r), 7);
	nh_get_bytes(&r, two, 2);
	assert_memory_equal(two, ten + 7, 2);
	v = nh_get_view(&r, 1);
	assert_ptr_equal(v.data, ten + 9);
	assert_int_equal(v.len, 1);
	assert_int_equal(nh_reader_left(&r), 0);
	assert_false(r.err);
	v = nh_get_view(&r, 0);
	assert_int_equal(v.len, 0);
	assert_false(r.err);
}

static void test_read_error_sticks(void **state)
{
	uint8_t two[2] = { 0xaa, 0xaa };
	struct nh_reader r, sub;

	(void)state;
	nh_reader_init(&r, ten, 3);
	assert_int_equal(nh_get_be32(&r), 0);
	assert_true(r.err);
	assert_int_equal(r.pos, 0);
	assert_int_equal(nh_reader_left(&r), 0);
	assert_int_equal(nh_get_u8(&r), 0);
	assert_int_equal(nh_get_be16(&r), 0);
	nh_get_bytes(&r, two, 2);
	assert_int_equal(two[0] | two[1], 0);
	assert_int_equal(nh_get_view(&r, 1).len, 0);
	sub = nh_get_sub(&r, 1);
	assert_true(sub.err);
	assert_int_equal(nh_reader_left(&sub), 0);

	nh_reader_init(&r, ten, sizeof(ten));
	nh_get_u8(&r);
	assert_null(nh_get_view(&r, (size_t)-1).data);
	assert_true(r.err);
	nh_reader_init(&r, ten, sizeof(ten));
	nh_get_view(&r, 0x10000);
	assert_true(r.err);
}

static void test_sub(void **state)
{
	struct nh_reader r, a, b;

	(void)state;
	nh_reader_init(&r, ten, sizeof(ten));
	nh_get_u8(&r);
	a = nh_get_sub(&r, 6);
	assert_int_equal(nh_reader_at(&r), 7);
	nh_get_be16(&a);
	b = nh_get_sub(&a, 3);
	assert_int_equal(nh_reader_at(&b), 3);
	assert_int_equal(nh_get_u8(&b), 4);
	assert_int_equal(nh_reader_left(&b), 2);
	nh_get_be32(&b);
	assert_true(b.err);
	assert_false(a.err);
	assert_int_equal(nh_reader_left(&a), 1);
	a = nh_get_sub(&r, 0);
	assert_false(a.err);
	assert_int_equal(nh_reader_left(&a), 0);
}

static void test_write(void **state)
{
	uint8_t buf[12];
	struct nh_writer w;

	(void)state;
	nh_writer_init(&w, buf, sizeof(buf));
	nh_put_u8(&w, 1);
	nh_put_be16(&w, 0x0203);
	nh_put_be32(&w, 0x04050607);
	nh_put_bytes(&w, ten + 7, 2);
	nh_put_view(&w, (struct nh_view){ ten + 9, 1 });
	nh_put_view(&w, (struct nh_view){ NULL, 0 });
	assert_int_equal(w.pos, 10);
	assert_memory_equal(buf, ten, 10);
	nh_patch_be16(&w, 8, 0xabcd);
	assert_false(w.err);
	assert_int_equal(buf[8], 0xab);
	assert_int_equal(buf[9], 0xcd);
}

static void test_write_error_sticks(void **state)
{
	uint8_t buf[4] = { 0 };
	struct nh_writer w;

	(void)state;
	nh_writer_init(&w, buf, 3);
	nh_put_be16(&w, 0x0102);
	nh_put_be16(&w, 0x0304);
	assert_true(w.err);
	nh_put_u8(&w, 9);
	assert_int_equal(w.pos, 2);
	assert_int_equal(buf[2], 0);
	nh_writer_init(&w, buf, 4);
	nh_put_be16(&w, 1);
	nh_patch_be16(&w, 1, 7);
	assert_true(w.err);
	nh_writer_init(&w, buf, 4);
	nh_patch_be16(&w, 5, 7);
	assert_true(w.err);
	nh_put_bytes(&w, ten, (size_t)-1);
	assert_int_equal(w.pos, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_read_error_sticks),
		cmocka_unit_test(test_sub),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_write_error_sticks),
	};

	return cmocka_run_group_tests_name("buf", tests, NULL, NULL);
}
