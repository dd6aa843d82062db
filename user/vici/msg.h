/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets and messages of VICI, the control protocol of strongSwan's charon. */
#ifndef VICI_MSG_H
#define VICI_MSG_H

#include <sys/types.h>

#include "lib/buf.h"

/* Longest packet, without the length in front: charon's limit. */
#define VICI_PACKET_MAX	(512 * 1024)
/* Longest name, and longest value: their lengths have 8 and 16 bits. */
#define VICI_NAME_MAX	255
#define VICI_VALUE_MAX	65535
/* Sections in sections. The protocol has no limit; charon's use is below 5. */
#define VICI_DEPTH_MAX	16
/* The length in front of each packet. */
#define VICI_LEN_SIZE	4
/* All that comes before a message: length, type, length of the name, name. */
#define VICI_HEAD_MAX	(VICI_LEN_SIZE + 2 + VICI_NAME_MAX)

enum vici_packet_type {
	VICI_CMD_REQUEST	= 0,
	VICI_CMD_RESPONSE	= 1,
	VICI_CMD_UNKNOWN	= 2,
	VICI_EVENT_REGISTER	= 3,
	VICI_EVENT_UNREGISTER	= 4,
	VICI_EVENT_CONFIRM	= 5,
	VICI_EVENT_UNKNOWN	= 6,
	VICI_EVENT		= 7,
};

enum vici_elem_type {
	VICI_SECTION_START	= 1,
	VICI_SECTION_END	= 2,
	VICI_KEY_VALUE		= 3,
	VICI_LIST_START		= 4,
	VICI_LIST_ITEM		= 5,
	VICI_LIST_END		= 6,
};

/**
 * struct vici_view - a message that belongs to somebody else
 * @data: first octet; NULL only when @len is 0
 * @len: number of octets; 0 is a message without elements
 *
 * As struct nh_view, whose length is too narrow for messages.
 */
struct vici_view {
	const uint8_t *data;
	size_t len;
};

/**
 * struct vici_nest - where in a message we are
 * @depth: sections that are open
 * @in_list: a list is open
 */
struct vici_nest {
	unsigned int depth;
	bool in_list;
};

/**
 * struct vici_builder - a message being written; all zero is an empty one
 * @data: the octets so far, on the heap
 * @len: their number
 * @cap: size of @data
 * @nest: sections and list that are open
 * @err: sticky: 0, -EINVAL (what was put may not stand there, a name or value
 *	is too long), -EMSGSIZE (no packet is that long) or -ENOMEM
 *
 * Messages carry secrets: memory is wiped before it is given back.
 */
struct vici_builder {
	uint8_t *data;
	size_t len;
	size_t cap;
	struct vici_nest nest;
	int err;
};

/** vici_builder_free() - wipe and drop; @b is then an empty message */
void vici_builder_free(struct vici_builder *b);

/** vici_builder_err() - 0 when the message is complete, or why it is not */
int vici_builder_err(const struct vici_builder *b);

/** vici_builder_view() - the octets so far, valid until the next change */
struct vici_view vici_builder_view(const struct vici_builder *b);

void vici_section_begin(struct vici_builder *b, const char *name);
void vici_section_end(struct vici_builder *b);

/** vici_put() - a key and its text */
void vici_put(struct vici_builder *b, const char *key, const char *text);

/** vici_put_bytes() - a key and any octets, as keys and certificates are */
void vici_put_bytes(struct vici_builder *b, const char *key, const void *data,
		    size_t len);

/** vici_put_u() - a key and a number, which the protocol writes in decimal */
void vici_put_u(struct vici_builder *b, const char *key, uint64_t value);

void vici_list_begin(struct vici_builder *b, const char *name);
void vici_list_item(struct vici_builder *b, const char *text);
void vici_list_end(struct vici_builder *b);

/**
 * vici_put_list() - a whole list
 * @key: its name
 * @text: the items with commas between them
 *
 * Blanks around an item and items of nothing are left out.
 */
void vici_put_list(struct vici_builder *b, const char *key, const char *text);

/**
 * struct vici_elem - an element of a message
 * @type: what it is
 * @depth: sections around it, 0 at the top; the start and the end of a
 *	section are in the section that contains it
 * @name: of VICI_SECTION_START, VICI_KEY_VALUE and VICI_LIST_START; else empty
 * @value: of VICI_KEY_VALUE and VICI_LIST_ITEM, borrowed; else empty
 */
struct vici_elem {
	enum vici_elem_type type;
	unsigned int depth;
	char name[VICI_NAME_MAX + 1];
	struct nh_view value;
};

/**
 * struct vici_reader - a message being read
 * @in: what is left of it
 * @nest: sections and list that are open
 * @err: sticky: it is malformed
 */
struct vici_reader {
	struct nh_reader in;
	struct vici_nest nest;
	bool err;
};

void vici_reader_init(struct vici_reader *r, const struct vici_view *msg);

/**
 * vici_next() - read an element
 * @e: meaningful only on success
 *
 * Return: false at the end, and where the message is malformed; only r->err
 * tells which.
 */
bool vici_next(struct vici_reader *r, struct vici_elem *e);

/** vici_valid() - whether vici_next() reaches the end of @msg */
bool vici_valid(const struct vici_view *msg);

/**
 * vici_find() - a value outside of all sections
 * @msg: message
 * @key: its key; of two the first is taken
 * @value: set on success, borrowed
 *
 * Return: false when there is none, or the message is malformed.
 */
bool vici_find(const struct vici_view *msg, const char *key,
	       struct nh_view *value);

/**
 * vici_find_text() - as vici_find(), but a copy that ends in NUL
 *
 * Return: false also when vici_text() is.
 */
bool vici_find_text(const struct vici_view *msg, const char *key, char *text,
		    size_t size);

/**
 * vici_text() - a value as text
 * @value: octets of anybody, and so of anything but NUL
 * @text: receives as much of them as fits, and a NUL in any case
 * @size: size of @text, at least 1
 *
 * Return: whether @text is all of it; false also where it has a NUL.
 */
bool vici_text(struct nh_view value, char *text, size_t size);

/** vici_is() - whether a value is this text */
bool vici_is(struct nh_view value, const char *text);

/**
 * struct vici_packet - a packet taken apart
 * @type: what it is
 * @name: of the command or event; empty in types that have none
 * @body: the message, borrowed and not yet read; empty in types without one
 */
struct vici_packet {
	enum vici_packet_type type;
	char name[VICI_NAME_MAX + 1];
	struct vici_view body;
};

/**
 * vici_packet_len() - read the length in front of a packet
 * @head: VICI_LEN_SIZE octets
 * @len: of the packet behind them, from 1 to VICI_PACKET_MAX
 *
 * Return: false when no packet has that length.
 */
bool vici_packet_len(const void *head, size_t *len);

/**
 * vici_packet_decode() - take a packet apart
 * @p: meaningful only on success; borrows from @data
 * @data: the packet without the length in front
 * @len: its length
 *
 * Return: whether it is one of the eight, with a name and a message where its
 * type has them and only there.
 */
bool vici_packet_decode(struct vici_packet *p, const void *data, size_t len);

/**
 * vici_packet_head() - write what comes before a packet's message
 * @buf: receives the octets
 * @cap: size of @buf; VICI_HEAD_MAX is always enough
 * @type: type of the packet
 * @name: of the command or event; NULL in types that have none
 * @body: length of the message; 0 in types without one
 *
 * Return: octets written; -EINVAL when name or message do not go with @type,
 * or the name is too long; -EMSGSIZE when @cap or VICI_PACKET_MAX is exceeded.
 */
ssize_t vici_packet_head(void *buf, size_t cap, enum vici_packet_type type,
			 const char *name, size_t body);

#endif /* VICI_MSG_H */
