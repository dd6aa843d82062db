/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bounded cursors: the only way in which wire octets are read or written. */
#ifndef NH_BUF_H
#define NH_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct nh_view - octets that belong to somebody else
 * @data: first octet; NULL only when @len is 0
 * @len: number of octets
 *
 * A view is valid as long as the buffer that it was taken from.
 */
struct nh_view {
	const uint8_t *data;
	uint16_t len;
};

/**
 * struct nh_reader - reading cursor
 * @base: first octet of the window
 * @len: length of the window
 * @pos: next octet, counted from @base
 * @origin: position of @base in the outermost window, for nh_reader_at()
 * @err: sticky: once a read did not fit, each further read fails as well
 *
 * A failed read yields zero and does not move, so a decoder may read a whole
 * structure and look at @err once. Loops must look at @err in each round.
 */
struct nh_reader {
	const uint8_t *base;
	size_t len;
	size_t pos;
	size_t origin;
	bool err;
};

void nh_reader_init(struct nh_reader *r, const void *data, size_t len);

/** nh_reader_left() - octets not yet read; 0 after an error */
size_t nh_reader_left(const struct nh_reader *r);

/** nh_reader_at() - position from the start of the outermost window */
size_t nh_reader_at(const struct nh_reader *r);

uint8_t nh_get_u8(struct nh_reader *r);

/** nh_get_be16() - two octets in network order, returned in host order */
uint16_t nh_get_be16(struct nh_reader *r);

/** nh_get_be32() - four octets in network order, returned in host order */
uint32_t nh_get_be32(struct nh_reader *r);

/** nh_get_bytes() - copy @n octets to @dst; zeroes @dst when they do not fit */
void nh_get_bytes(struct nh_reader *r, void *dst, size_t n);

/** nh_get_view() - the next @n octets without copying; empty on error */
struct nh_view nh_get_view(struct nh_reader *r, size_t n);

/** nh_get_sub() - a cursor over the next @n octets, which are then passed */
struct nh_reader nh_get_sub(struct nh_reader *r, size_t n);

/**
 * struct nh_writer - writing cursor
 * @base: start of the buffer
 * @cap: its size
 * @pos: octets written so far
 * @err: sticky: something did not fit; the buffer's content is then useless
 */
struct nh_writer {
	uint8_t *base;
	size_t cap;
	size_t pos;
	bool err;
};

void nh_writer_init(struct nh_writer *w, void *buf, size_t cap);

void nh_put_u8(struct nh_writer *w, uint8_t v);

/** nh_put_be16() - write a host order value in network order */
void nh_put_be16(struct nh_writer *w, uint16_t v);

/** nh_put_be32() - write a host order value in network order */
void nh_put_be32(struct nh_writer *w, uint32_t v);

void nh_put_bytes(struct nh_writer *w, const void *src, size_t n);

void nh_put_view(struct nh_writer *w, struct nh_view v);

/** nh_patch_be16() - overwrite two octets already written at @at */
void nh_patch_be16(struct nh_writer *w, size_t at, uint16_t v);

#endif /* NH_BUF_H */
