// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any octets as a packet of VICI: what is taken apart and read must be built
 * to the same octets again. And as what charon tells of an IKE SA.
 */
#include <stdlib.h>
#include <string.h>

#include "daemon/ike_sa.h"
#include "vici/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static bool has_name(enum vici_packet_type type)
{
	return type == VICI_CMD_REQUEST || type == VICI_EVENT_REGISTER ||
	       type == VICI_EVENT_UNREGISTER || type == VICI_EVENT;
}

static void rebuild_head(const struct vici_packet *p, const uint8_t *data,
			 size_t size)
{
	uint8_t head[VICI_HEAD_MAX];
	size_t len;
	ssize_t n;

	n = vici_packet_head(head, sizeof(head), p->type,
			     has_name(p->type) ? p->name : NULL, p->body.len);
	check(n == (ssize_t)(VICI_LEN_SIZE + size - p->body.len));
	check(vici_packet_len(head, &len) && len == size);
	check(!memcmp(head + VICI_LEN_SIZE, data, size - p->body.len));
}

/* Items may have a NUL, which text has not. */
static bool put(struct vici_builder *b, const struct vici_elem *e)
{
	char text[VICI_VALUE_MAX + 1];

	switch (e->type) {
	case VICI_SECTION_START:
		vici_section_begin(b, e->name);
		break;
	case VICI_SECTION_END:
		vici_section_end(b);
		break;
	case VICI_KEY_VALUE:
		vici_put_bytes(b, e->name, e->value.data, e->value.len);
		break;
	case VICI_LIST_START:
		vici_list_begin(b, e->name);
		break;
	case VICI_LIST_ITEM:
		if (!vici_text(e->value, text, sizeof(text)))
			return false;
		vici_list_item(b, text);
		break;
	case VICI_LIST_END:
		vici_list_end(b);
		break;
	}
	return true;
}

static void read_message(const struct vici_view *msg)
{
	struct vici_builder b = { 0 };
	struct vici_reader r;
	struct vici_elem e;
	bool same = true;
	char why[16];

	vici_reader_init(&r, msg);
	while (vici_next(&r, &e)) {
		check(e.depth < VICI_DEPTH_MAX + 1);
		check(strlen(e.name) <= VICI_NAME_MAX);
		same = put(&b, &e) && same;
	}
	check(!vici_next(&r, &e));
	check(vici_valid(msg) == !r.err);
	if (!r.err && same) {
		check(!vici_builder_err(&b));
		check(b.len == msg->len);
		check(!b.len || !memcmp(b.data, msg->data, b.len));
	}
	vici_builder_free(&b);
	if (vici_find_text(msg, "errmsg", why, sizeof(why)))
		check(!r.err);
	check(strlen(why) < sizeof(why));
}

/* Any text as a list: never more than commas divide. */
static void list(const uint8_t *data, size_t size)
{
	struct vici_builder b = { 0 };
	struct vici_view msg;
	char *text = malloc(size + 1);
	struct vici_reader r;
	struct vici_elem e;

	vici_text((struct nh_view){ data, (uint16_t)size }, text, size + 1);
	vici_put_list(&b, "l", text);
	check(!vici_builder_err(&b));
	msg = vici_builder_view(&b);
	vici_reader_init(&r, &msg);
	while (vici_next(&r, &e))
		check(!e.value.len || !memchr(e.value.data, ',', e.value.len));
	check(!r.err);
	vici_builder_free(&b);
	free(text);
}

#define ENDS(text)	check(memchr(text, '\0', sizeof(text)))

/* As an item of a list, and as an event. */
static void read_sa(const struct vici_view *msg)
{
	struct nh_ike_sa sa;
	uint32_t ids[3];
	char name[64];
	size_t i;

	if (nh_ike_sa_read(&sa, msg, 1000)) {
		check(sa.id && sa.name[0] && nh_addr_is_set(&sa.remote));
		check(vici_valid(msg));
	}
	check(sa.nchild <= NH_IKE_CHILDREN);
	ENDS(sa.name);
	ENDS(sa.state);
	ENDS(sa.local_identity);
	ENDS(sa.identity);
	ENDS(sa.algorithms);
	for (i = 0; i < sa.nchild; i++) {
		ENDS(sa.child[i].state);
		ENDS(sa.child[i].mode);
	}
	check(nh_ike_ids(msg, name, sizeof(name), ids, 2) <= 2);
	ENDS(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct vici_view msg = { size ? data : NULL, size };
	struct vici_packet p;

	if (size > UINT16_MAX)
		return 0;
	if (vici_packet_decode(&p, data, size)) {
		rebuild_head(&p, data, size);
		read_message(&p.body);
		read_sa(&p.body);
	}
	read_message(&msg);
	read_sa(&msg);
	list(data, size);
	return 0;
}
