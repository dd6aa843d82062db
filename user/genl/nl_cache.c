// SPDX-License-Identifier: GPL-2.0-or-later
/* Cache entries to and from messages. */
#include "genl/nl_cache.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "genl/attr.h"
#include "genl/nl_priv.h"

#define FIELD(NAME, kind, member) \
	ATTR_FIELD(DMVPN_A_ENTRY_##NAME, ATTR_##kind, dmvpn_nl_entry, member)

static const struct attr_field fields[] = {
	FIELD(IFINDEX, U32, ifindex),
	FIELD(PREFIX, ADDR, prefix.addr),
	FIELD(PLEN, U8, prefix.plen),
	FIELD(TYPE, U32, type),
	FIELD(NBMA, ADDR, nbma),
	FIELD(IF_ID, U32, if_id),
	FIELD(HOLDING_TIME, U32, holding_time),
	FIELD(MTU, U16, mtu),
	FIELD(PREFERENCE, U8, preference),
	FIELD(FLAGS, U32, flags),
	FIELD(CLAIMED, ADDR, claimed),
	FIELD(PROTOCOL, ADDR, protocol),
	FIELD(AGE, U64, age),
	FIELD(EXPIRES, U64, expires),
	FIELD(IDLE, U64, idle),
	FIELD(PACKETS, U64, packets),
	FIELD(PATH, U32, path),
	FIELD(RELAY, ADDR, relay),
	FIELD(PEER_STATE, U32, peer_state),
};

#define N_FIELDS	(sizeof(fields) / sizeof(fields[0]))

#define BIT(NAME)	DMVPN_NL_BIT(DMVPN_A_ENTRY_##NAME)
#define KEY		(BIT(IFINDEX) | BIT(PREFIX) | BIT(PLEN))

int dmvpn_nl_entry_parse(const struct nlmsghdr *nlh,
			 struct dmvpn_nl_entry *entry)
{
	struct nlattr *tb[DMVPN_A_ENTRY_MAX + 1];
	struct nh_prefix *prefix = &entry->prefix;
	int err;

	memset(entry, 0, sizeof(*entry));
	err = dmvpn_nl_tb(nlh, tb, DMVPN_A_ENTRY_MAX);
	if (err)
		return err;
	err = attr_get(tb, fields, N_FIELDS, entry, &entry->present);
	if (err)
		return err;
	if (!DMVPN_NL_HAS(entry, DMVPN_A_ENTRY_IFINDEX) ||
	    !DMVPN_NL_HAS(entry, DMVPN_A_ENTRY_PREFIX))
		return -EPROTO;
	if (!DMVPN_NL_HAS(entry, DMVPN_A_ENTRY_PLEN))
		prefix->plen = nh_addr_bits(&prefix->addr);
	if (prefix->plen > nh_addr_bits(&prefix->addr))
		return -EPROTO;
	return 0;
}

int dmvpn_nl_entry_put(struct nl_msg *msg, const struct dmvpn_nl_entry *entry,
		       uint64_t mask)
{
	uint64_t present = entry->present;

	/* Length 0 is that of a default route, absence that of a host. */
	if (nh_addr_is_set(&entry->prefix.addr))
		present |= BIT(PREFIX) | BIT(PLEN);
	return attr_put(msg, fields, N_FIELDS, entry, present, mask);
}

/* A request that names an entry. */
static struct nl_msg *key(struct dmvpn_nl *nl, uint8_t cmd, uint32_t ifindex,
			  const struct nh_prefix *prefix, int *err)
{
	const struct dmvpn_nl_entry entry = {
		.present = KEY,
		.ifindex = ifindex,
		.prefix = *prefix,
	};
	struct nl_msg *msg = dmvpn_nl_msg(nl, cmd, 0);

	*err = msg ? dmvpn_nl_entry_put(msg, &entry, KEY) : -ENOMEM;
	return msg;
}

/* What is to become of an old entry, and what besides the entry itself. */
static int put_how(struct nl_msg *msg, const struct dmvpn_nl_entry *entry,
		   enum dmvpn_nl_entry_mode mode)
{
	static const int flags[] = {
		[DMVPN_NL_ENTRY_CREATE] = DMVPN_A_ENTRY_EXCLUSIVE,
		[DMVPN_NL_ENTRY_REPLACE] = DMVPN_A_ENTRY_UPDATE,
		[DMVPN_NL_ENTRY_RENEW] = DMVPN_A_ENTRY_RENEW,
	};
	int err = 0;

	if (flags[mode])
		err = nla_put_flag(msg, flags[mode]);
	if (!err && entry->peer_max)
		err = nla_put_u32(msg, DMVPN_A_ENTRY_PEER_MAX,
				  entry->peer_max);
	if (!err && entry->mcast)
		err = nla_put_flag(msg, DMVPN_A_ENTRY_MCAST);
	return err;
}

static int reply_renewed(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[DMVPN_A_ENTRY_MAX + 1];
	int err = dmvpn_nl_tb(nlh, tb, DMVPN_A_ENTRY_MAX);

	*(bool *)arg = !err && !tb[DMVPN_A_ENTRY_CREATED];
	return err;
}

int dmvpn_nl_entry_set(struct dmvpn_nl *nl, const struct dmvpn_nl_entry *entry,
		       enum dmvpn_nl_entry_mode mode)
{
	const uint64_t mask = KEY | BIT(TYPE) | BIT(NBMA) | BIT(IF_ID) |
			      BIT(HOLDING_TIME) | BIT(MTU) | BIT(PREFERENCE) |
			      BIT(FLAGS) | BIT(CLAIMED) | BIT(PROTOCOL);
	struct nl_msg *msg;
	bool renewed = false;
	int err = -ENOMEM;

	msg = dmvpn_nl_msg(nl, DMVPN_CMD_ENTRY_SET, 0);
	if (msg)
		err = dmvpn_nl_entry_put(msg, entry, mask);
	if (!err)
		err = put_how(msg, entry, mode);
	if (mode != DMVPN_NL_ENTRY_RENEW)
		return dmvpn_nl_talk(nl, msg, err, NULL, NULL);
	err = dmvpn_nl_talk(nl, msg, err, reply_renewed, &renewed);
	return err ? err : renewed;
}

int dmvpn_nl_entry_del(struct dmvpn_nl *nl, uint32_t ifindex,
		       const struct nh_prefix *prefix)
{
	struct nl_msg *msg;
	int err;

	msg = key(nl, DMVPN_CMD_ENTRY_DEL, ifindex, prefix, &err);
	return dmvpn_nl_talk(nl, msg, err, NULL, NULL);
}

static int reply_entry(const struct nlmsghdr *nlh, void *arg)
{
	return dmvpn_nl_entry_parse(nlh, arg);
}

int dmvpn_nl_entry_get(struct dmvpn_nl *nl, uint32_t ifindex,
		       const struct nh_prefix *prefix,
		       struct dmvpn_nl_entry *entry)
{
	struct nl_msg *msg;
	int err;

	msg = key(nl, DMVPN_CMD_ENTRY_GET, ifindex, prefix, &err);
	return dmvpn_nl_talk(nl, msg, err, reply_entry, entry);
}

static int list_entry(const struct nlmsghdr *nlh, void *object,
		      uint32_t ifindex)
{
	struct dmvpn_nl_entry *entry = object;
	int err = dmvpn_nl_entry_parse(nlh, entry);

	if (err)
		return err;
	return ifindex && entry->ifindex != ifindex;
}

int dmvpn_nl_entry_dump(struct dmvpn_nl *nl, uint32_t ifindex,
			struct dmvpn_nl_entry **list, size_t *n)
{
	const struct dmvpn_nl_list how = {
		.size = sizeof(**list),
		.parse = list_entry,
		.ifindex = ifindex,
	};
	struct nl_msg *msg = dmvpn_nl_msg(nl, DMVPN_CMD_ENTRY_GET, NLM_F_DUMP);
	void *objects;
	int err = 0;

	if (ifindex)
		err = dmvpn_nl_put_ifindex(msg, DMVPN_A_ENTRY_IFINDEX, ifindex);
	err = dmvpn_nl_dump(nl, msg, err, &how, &objects, n);
	if (err >= 0)
		*list = objects;
	return err;
}

static int reply_flushed(const struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *tb[DMVPN_A_ENTRY_MAX + 1];
	const struct nlattr *flushed;
	int err;

	err = dmvpn_nl_tb(nlh, tb, DMVPN_A_ENTRY_MAX);
	if (err)
		return err;
	flushed = tb[DMVPN_A_ENTRY_FLUSHED];
	if (!flushed || nla_len(flushed) != sizeof(uint32_t))
		return -EPROTO;
	*(uint32_t *)arg = nla_get_u32(flushed);
	return 0;
}

int dmvpn_nl_entry_flush(struct dmvpn_nl *nl,
			 const struct dmvpn_nl_entry *match, uint32_t *flushed)
{
	const uint64_t mask = KEY | BIT(TYPE) | BIT(NBMA) | BIT(IF_ID);
	uint32_t count = 0;
	struct nl_msg *msg;
	int err = -ENOMEM;

	msg = dmvpn_nl_msg(nl, DMVPN_CMD_ENTRY_FLUSH, 0);
	if (msg)
		err = dmvpn_nl_entry_put(msg, match, mask);
	err = dmvpn_nl_talk(nl, msg, err, reply_flushed, &count);
	if (!err && flushed)
		*flushed = count;
	return err;
}
