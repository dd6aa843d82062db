// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * VICI's packets and messages: octets to elements and back.
 *
 * Reader and builder share the rules of what may stand where, so that the
 * reader takes exactly the messages that the builder can write. Both are
 * content with any name that has no NUL, though charon takes printable ASCII
 * only: it builds names from its configuration without looking at them.
 */
#include "vici/msg.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUILDER_CAP_MIN	256

static bool elem_has_name(enum vici_elem_type type)
{
	return type == VICI_SECTION_START || type == VICI_KEY_VALUE ||
	       type == VICI_LIST_START;
}

static bool elem_has_value(enum vici_elem_type type)
{
	return type == VICI_KEY_VALUE || type == VICI_LIST_ITEM;
}

/* Go on by an element, if it may stand there. */
static bool step(struct vici_nest *nest, enum vici_elem_type type)
{
	if (nest->in_list) {
		nest->in_list = type != VICI_LIST_END;
		return type == VICI_LIST_ITEM || type == VICI_LIST_END;
	}
	switch (type) {
	case VICI_SECTION_START:
		return nest->depth++ < VICI_DEPTH_MAX;
	case VICI_SECTION_END:
		return nest->depth-- > 0;
	case VICI_KEY_VALUE:
		return true;
	case VICI_LIST_START:
		nest->in_list = true;
		return true;
	case VICI_LIST_ITEM:
	case VICI_LIST_END:
		break;
	}
	return false;
}

static bool is_closed(const struct vici_nest *nest)
{
	return !nest->depth && !nest->in_list;
}

static void drop(struct vici_builder *b)
{
	if (b->data)
		explicit_bzero(b->data, b->cap);
	free(b->data);
}

void vici_builder_free(struct vici_builder *b)
{
	drop(b);
	*b = (struct vici_builder){ 0 };
}

int vici_builder_err(const struct vici_builder *b)
{
	if (b->err)
		return b->err;
	return is_closed(&b->nest) ? 0 : -EINVAL;
}

struct vici_view vici_builder_view(const struct vici_builder *b)
{
	return (struct vici_view){ b->data, b->len };
}

/* Not realloc(), which leaves the octets where they were. */
static int reserve(struct vici_builder *b, size_t n)
{
	size_t cap = b->cap ? b->cap : BUILDER_CAP_MIN;
	uint8_t *data;

	if (n > VICI_PACKET_MAX - b->len)
		return -EMSGSIZE;
	if (n <= b->cap - b->len)
		return 0;
	while (cap - b->len < n)
		cap *= 2;
	data = malloc(cap);
	if (!data)
		return -ENOMEM;
	if (b->len)
		memcpy(data, b->data, b->len);
	drop(b);
	b->data = data;
	b->cap = cap;
	return 0;
}

/* @name and @value only where @type has them. */
static void put(struct vici_builder *b, enum vici_elem_type type,
		const char *name, const void *value, size_t len)
{
	size_t name_len = name ? strlen(name) : 0;
	size_t size = 1;
	struct nh_writer w;

	if (b->err)
		return;
	if (name_len > VICI_NAME_MAX || len > VICI_VALUE_MAX ||
	    elem_has_name(type) != (name != NULL) ||
	    (len && !value) || !step(&b->nest, type)) {
		b->err = -EINVAL;
		return;
	}
	size += elem_has_name(type) ? 1 + name_len : 0;
	size += elem_has_value(type) ? 2 + len : 0;
	b->err = reserve(b, size);
	if (b->err)
		return;
	nh_writer_init(&w, b->data + b->len, size);
	nh_put_u8(&w, (uint8_t)type);
	if (elem_has_name(type)) {
		nh_put_u8(&w, (uint8_t)name_len);
		nh_put_bytes(&w, name, name_len);
	}
	if (elem_has_value(type)) {
		nh_put_be16(&w, (uint16_t)len);
		nh_put_bytes(&w, value, len);
	}
	b->len += w.pos;
}

static void put_text(struct vici_builder *b, enum vici_elem_type type,
		     const char *name, const char *text)
{
	if (text)
		put(b, type, name, text, strlen(text));
	else if (!b->err)
		b->err = -EINVAL;
}

void vici_section_begin(struct vici_builder *b, const char *name)
{
	put(b, VICI_SECTION_START, name, NULL, 0);
}

void vici_section_end(struct vici_builder *b)
{
	put(b, VICI_SECTION_END, NULL, NULL, 0);
}

void vici_put(struct vici_builder *b, const char *key, const char *text)
{
	put_text(b, VICI_KEY_VALUE, key, text);
}

void vici_put_bytes(struct vici_builder *b, const char *key, const void *data,
		    size_t len)
{
	put(b, VICI_KEY_VALUE, key, data, len);
}

void vici_put_u(struct vici_builder *b, const char *key, uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	vici_put(b, key, text);
}

void vici_list_begin(struct vici_builder *b, const char *name)
{
	put(b, VICI_LIST_START, name, NULL, 0);
}

void vici_list_item(struct vici_builder *b, const char *text)
{
	put_text(b, VICI_LIST_ITEM, NULL, text);
}

void vici_list_end(struct vici_builder *b)
{
	put(b, VICI_LIST_END, NULL, NULL, 0);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

void vici_put_list(struct vici_builder *b, const char *key, const char *text)
{
	const char *start, *end;

	if (!text) {
		put_text(b, VICI_LIST_ITEM, NULL, NULL);
		return;
	}
	vici_list_begin(b, key);
	for (start = text; ; start += strcspn(start, ",") + 1) {
		start += strspn(start, " \t");
		end = start + strcspn(start, ",");
		while (end > start && is_blank(end[-1]))
			end--;
		if (end > start)
			put(b, VICI_LIST_ITEM, NULL, start,
			    (size_t)(end - start));
		if (!strchr(start, ','))
			break;
	}
	vici_list_end(b);
}

/* A name in front of which is its length; NUL would cut our copy of it. */
static bool get_name(struct nh_reader *r, char name[VICI_NAME_MAX + 1])
{
	uint8_t len = nh_get_u8(r);

	nh_get_bytes(r, name, len);
	name[len] = '\0';
	return !r->err && strlen(name) == len;
}

void vici_reader_init(struct vici_reader *r, const struct vici_view *msg)
{
	*r = (struct vici_reader){ 0 };
	nh_reader_init(&r->in, msg->data, msg->len);
}

static bool get_elem(struct vici_reader *r, struct vici_elem *e)
{
	e->type = nh_get_u8(&r->in);
	e->depth = r->nest.depth;
	e->name[0] = '\0';
	e->value = (struct nh_view){ 0 };
	if (!step(&r->nest, e->type))
		return false;
	if (e->type == VICI_SECTION_END)
		e->depth = r->nest.depth;
	if (elem_has_name(e->type) && !get_name(&r->in, e->name))
		return false;
	if (elem_has_value(e->type))
		e->value = nh_get_view(&r->in, nh_get_be16(&r->in));
	return !r->in.err;
}

bool vici_next(struct vici_reader *r, struct vici_elem *e)
{
	if (r->err)
		return false;
	if (!nh_reader_left(&r->in)) {
		r->err = !is_closed(&r->nest);
		return false;
	}
	r->err = !get_elem(r, e);
	return !r->err;
}

bool vici_valid(const struct vici_view *msg)
{
	struct vici_reader r;
	struct vici_elem e;

	vici_reader_init(&r, msg);
	while (vici_next(&r, &e))
		;
	return !r.err;
}

bool vici_find(const struct vici_view *msg, const char *key,
	       struct nh_view *value)
{
	struct nh_view first = { 0 };
	struct vici_reader r;
	struct vici_elem e;
	bool found = false;

	vici_reader_init(&r, msg);
	while (vici_next(&r, &e)) {
		if (found || e.depth || e.type != VICI_KEY_VALUE ||
		    strcmp(e.name, key))
			continue;
		first = e.value;
		found = true;
	}
	if (!found || r.err)
		return false;
	*value = first;
	return true;
}

bool vici_find_text(const struct vici_view *msg, const char *key, char *text,
		    size_t size)
{
	struct nh_view value;

	text[0] = '\0';
	return vici_find(msg, key, &value) && vici_text(value, text, size);
}

bool vici_text(struct nh_view value, char *text, size_t size)
{
	size_t len = value.len < size ? value.len : size - 1;

	if (len)
		memcpy(text, value.data, len);
	text[len] = '\0';
	return len == value.len && strlen(text) == len;
}

bool vici_is(struct nh_view value, const char *text)
{
	return strlen(text) == value.len &&
	       (!value.len || !memcmp(value.data, text, value.len));
}

static bool packet_has_name(enum vici_packet_type type)
{
	return type == VICI_CMD_REQUEST || type == VICI_EVENT_REGISTER ||
	       type == VICI_EVENT_UNREGISTER || type == VICI_EVENT;
}

static bool packet_has_body(enum vici_packet_type type)
{
	return type == VICI_CMD_REQUEST || type == VICI_CMD_RESPONSE ||
	       type == VICI_EVENT;
}

bool vici_packet_len(const void *head, size_t *len)
{
	struct nh_reader r;

	nh_reader_init(&r, head, VICI_LEN_SIZE);
	*len = nh_get_be32(&r);
	return *len >= 1 && *len <= VICI_PACKET_MAX;
}

bool vici_packet_decode(struct vici_packet *p, const void *data, size_t len)
{
	struct nh_reader r;

	if (len < 1 || len > VICI_PACKET_MAX)
		return false;
	nh_reader_init(&r, data, len);
	p->type = nh_get_u8(&r);
	p->name[0] = '\0';
	p->body = (struct vici_view){ 0 };
	if (p->type > VICI_EVENT)
		return false;
	if (packet_has_name(p->type) && !get_name(&r, p->name))
		return false;
	p->body.len = nh_reader_left(&r);
	if (!p->body.len)
		return true;
	p->body.data = r.base + r.pos;
	return packet_has_body(p->type);
}

ssize_t vici_packet_head(void *buf, size_t cap, enum vici_packet_type type,
			 const char *name, size_t body)
{
	size_t name_len = name ? strlen(name) : 0;
	size_t head = name ? 1 + 1 + name_len : 1;
	struct nh_writer w;

	if (type > VICI_EVENT || name_len > VICI_NAME_MAX ||
	    packet_has_name(type) != (name != NULL) ||
	    (body && !packet_has_body(type)))
		return -EINVAL;
	if (body > VICI_PACKET_MAX - head)
		return -EMSGSIZE;
	nh_writer_init(&w, buf, cap);
	nh_put_be32(&w, (uint32_t)(head + body));
	nh_put_u8(&w, (uint8_t)type);
	if (name) {
		nh_put_u8(&w, (uint8_t)name_len);
		nh_put_bytes(&w, name, name_len);
	}
	return w.err ? -EMSGSIZE : (ssize_t)w.pos;
}
