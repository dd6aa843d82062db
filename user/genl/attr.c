// SPDX-License-Identifier: GPL-2.0-or-later
/* Netlink attributes to and from struct members, driven by tables. */
#include "genl/attr.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "genl/dmvpn_nl.h"
#include "lib/addr.h"

static size_t scalar_size(enum attr_kind kind)
{
	switch (kind) {
	case ATTR_U8:
		return sizeof(uint8_t);
	case ATTR_U16:
		return sizeof(uint16_t);
	case ATTR_U32:
		return sizeof(uint32_t);
	case ATTR_U64:
		return sizeof(uint64_t);
	default:
		return 0;
	}
}

static bool is_zero(const struct attr_field *f, const void *member)
{
	static const uint8_t zero[sizeof(uint64_t)];

	switch (f->kind) {
	case ATTR_FLAG:
		return !*(const bool *)member;
	case ATTR_ADDR:
	case ATTR_ADDR4:
	case ATTR_ADDR6:
		return !nh_addr_is_set(member);
	default:
		return !memcmp(member, zero, scalar_size(f->kind));
	}
}

static int put_addr(struct nl_msg *msg, const struct attr_field *f,
		    const struct nh_addr *addr)
{
	size_t len = addr->len;

	if (f->kind != ATTR_ADDR) {
		len = f->kind == ATTR_ADDR4 ? 4 : 16;
		if (nh_addr_is_set(addr) && addr->len != len)
			return -EINVAL;
	}
	if (!len)
		return -EINVAL;
	return nla_put(msg, f->type, len, addr->bytes) ? -EINVAL : 0;
}

static int put_one(struct nl_msg *msg, const struct attr_field *f,
		   const void *member)
{
	int err;

	switch (f->kind) {
	case ATTR_FLAG:
		if (!*(const bool *)member)
			return 0;
		err = nla_put_flag(msg, f->type);
		break;
	case ATTR_ADDR:
	case ATTR_ADDR4:
	case ATTR_ADDR6:
		return put_addr(msg, f, member);
	default:
		err = nla_put(msg, f->type, scalar_size(f->kind), member);
		break;
	}
	return err ? -EINVAL : 0;
}

int attr_put(struct nl_msg *msg, const struct attr_field *fields, size_t n,
	     const void *object, uint64_t present, uint64_t mask)
{
	const struct attr_field *f;

	for (f = fields; f < fields + n; f++) {
		const void *member = (const char *)object + f->offset;
		uint64_t bit = DMVPN_NL_BIT(f->type);
		int err;

		if (!(mask & bit))
			continue;
		if (!(present & bit) && is_zero(f, member))
			continue;
		err = put_one(msg, f, member);
		if (err)
			return err;
	}
	return 0;
}

int attr_put_present(struct nl_msg *msg, const struct attr_field *fields,
		     size_t n, const void *object, uint64_t present)
{
	return attr_put(msg, fields, n, object, present, present);
}

static int get_addr(const struct attr_field *f, const struct nlattr *nla,
		    struct nh_addr *addr)
{
	size_t len = nla_len(nla);
	struct nh_addr got;

	if (f->kind == ATTR_ADDR4 && len != 4)
		return -EPROTO;
	if (f->kind == ATTR_ADDR6 && len != 16)
		return -EPROTO;
	if (!len || nh_addr_from_bytes(&got, nla_data(nla), len))
		return -EPROTO;
	if (f->kind != ATTR_ADDR && nh_addr_is_any(&got))
		memset(&got, 0, sizeof(got));
	*addr = got;
	return 0;
}

static int get_one(const struct attr_field *f, const struct nlattr *nla,
		   void *member)
{
	switch (f->kind) {
	case ATTR_FLAG:
		*(bool *)member = true;
		return 0;
	case ATTR_ADDR:
	case ATTR_ADDR4:
	case ATTR_ADDR6:
		return get_addr(f, nla, member);
	default:
		if ((size_t)nla_len(nla) != scalar_size(f->kind))
			return -EPROTO;
		memcpy(member, nla_data(nla), scalar_size(f->kind));
		return 0;
	}
}

int attr_get(struct nlattr *const *tb, const struct attr_field *fields,
	     size_t n, void *object, uint64_t *present)
{
	const struct attr_field *f;
	int err;

	for (f = fields; f < fields + n; f++) {
		if (!tb[f->type])
			continue;
		err = get_one(f, tb[f->type], (char *)object + f->offset);
		if (err)
			return err;
		*present |= DMVPN_NL_BIT(f->type);
	}
	return 0;
}
