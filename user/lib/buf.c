// SPDX-License-Identifier: GPL-2.0-or-later
/* Bounded reading and writing of wire octets with a sticky error. */
#include "lib/buf.h"

#include <string.h>

void nh_reader_init(struct nh_reader *r, const void *data, size_t len)
{
	*r = (struct nh_reader){ .base = data, .len = len };
}

size_t nh_reader_left(const struct nh_reader *r)
{
	return r->err ? 0 : r->len - r->pos;
}

size_t nh_reader_at(const struct nh_reader *r)
{
	return r->origin + r->pos;
}

/* The one place that moves a reader: NULL and the sticky error, or @n octets. */
static const uint8_t *take(struct nh_reader *r, size_t n)
{
	const uint8_t *p;

	if (r->err || n > r->len - r->pos) {
		r->err = true;
		return NULL;
	}
	if (n == 0)
		return NULL;
	p = r->base + r->pos;
	r->pos += n;
	return p;
}

uint8_t nh_get_u8(struct nh_reader *r)
{
	const uint8_t *p = take(r, 1);

	return p ? p[0] : 0;
}

uint16_t nh_get_be16(struct nh_reader *r)
{
	const uint8_t *p = take(r, 2);

	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

uint32_t nh_get_be32(struct nh_reader *r)
{
	const uint8_t *p = take(r, 4);

	if (!p)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

void nh_get_bytes(struct nh_reader *r, void *dst, size_t n)
{
	const uint8_t *p = take(r, n);

	if (p)
		memcpy(dst, p, n);
	else if (n)
		memset(dst, 0, n);
}

struct nh_view nh_get_view(struct nh_reader *r, size_t n)
{
	struct nh_view v = { 0 };

	if (n > UINT16_MAX) {
		r->err = true;
		return v;
	}
	v.data = take(r, n);
	v.len = v.data ? (uint16_t)n : 0;
	return v;
}

struct nh_reader nh_get_sub(struct nh_reader *r, size_t n)
{
	struct nh_reader sub = { .origin = nh_reader_at(r) };

	sub.base = take(r, n);
	sub.len = sub.base ? n : 0;
	sub.err = r->err;
	return sub;
}

void nh_writer_init(struct nh_writer *w, void *buf, size_t cap)
{
	*w = (struct nh_writer){ .base = buf, .cap = cap };
}

void nh_put_bytes(struct nh_writer *w, const void *src, size_t n)
{
	if (w->err || n > w->cap - w->pos) {
		w->err = true;
		return;
	}
	if (n == 0)
		return;
	memcpy(w->base + w->pos, src, n);
	w->pos += n;
}

void nh_put_u8(struct nh_writer *w, uint8_t v)
{
	nh_put_bytes(w, &v, 1);
}

void nh_put_be16(struct nh_writer *w, uint16_t v)
{
	const uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	nh_put_bytes(w, b, sizeof(b));
}

void nh_put_be32(struct nh_writer *w, uint32_t v)
{
	const uint8_t b[4] = {
		(uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v,
	};

	nh_put_bytes(w, b, sizeof(b));
}

void nh_put_view(struct nh_writer *w, struct nh_view v)
{
	nh_put_bytes(w, v.data, v.len);
}

void nh_patch_be16(struct nh_writer *w, size_t at, uint16_t v)
{
	if (w->err || at > w->pos || w->pos - at < 2) {
		w->err = true;
		return;
	}
	w->base[at] = (uint8_t)(v >> 8);
	w->base[at + 1] = (uint8_t)v;
}
