/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables that tie netlink attributes to struct members; for genl/ only. */
#ifndef DMVPN_NL_ATTR_H
#define DMVPN_NL_ATTR_H

#include <stddef.h>
#include <stdint.h>

struct nl_msg;
struct nlattr;

/**
 * enum attr_kind - type of an attribute and of the member that holds it
 * @ATTR_U8: uint8_t
 * @ATTR_U16: uint16_t
 * @ATTR_U32: uint32_t; also one in network order, which is left so
 * @ATTR_U64: uint64_t
 * @ATTR_FLAG: bool; the attribute has no payload
 * @ATTR_ADDR: struct nh_addr of 4 or 16 octets
 * @ATTR_ADDR4: struct nh_addr, always 4 octets; 0.0.0.0 stands for empty
 * @ATTR_ADDR6: struct nh_addr, always 16 octets; :: stands for empty
 */
enum attr_kind {
	ATTR_U8,
	ATTR_U16,
	ATTR_U32,
	ATTR_U64,
	ATTR_FLAG,
	ATTR_ADDR,
	ATTR_ADDR4,
	ATTR_ADDR6,
};

/**
 * struct attr_field - one attribute and its place in the object
 * @type: attribute number
 * @kind: enum attr_kind
 * @offset: of the member in the object
 */
struct attr_field {
	uint16_t type;
	uint8_t kind;
	uint16_t offset;
};

#define ATTR_FIELD(type, kind, object, member) \
	{ type, kind, offsetof(struct object, member) }

/**
 * attr_put() - write an object's fields into a message
 * @present: fields to write even if they are zero
 * @mask: fields that may be written at all
 *
 * Return: 0; -EINVAL when the message is full or an address has no family.
 */
int attr_put(struct nl_msg *msg, const struct attr_field *fields, size_t n,
	     const void *object, uint64_t present, uint64_t mask);

/**
 * attr_put_present() - write those fields only that @present names
 *
 * For objects in which zero is a value like any other.
 */
int attr_put_present(struct nl_msg *msg, const struct attr_field *fields,
		     size_t n, const void *object, uint64_t present);

/**
 * attr_get() - read attributes into an object
 * @tb: attributes by type, as nla_parse() leaves them
 * @object: members without attribute stay as they are
 * @present: the bits of those that were there are added
 *
 * Return: 0; -EPROTO when an attribute has the wrong length.
 */
int attr_get(struct nlattr *const *tb, const struct attr_field *fields,
	     size_t n, void *object, uint64_t *present);

#endif /* DMVPN_NL_ATTR_H */
