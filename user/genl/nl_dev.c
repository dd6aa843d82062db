// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices to and from messages; ownership. */
#include "genl/nl_dev.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "genl/attr.h"
#include "genl/nl_priv.h"

#define FIELD(NAME, kind, member) \
	ATTR_FIELD(DMVPN_A_DEV_##NAME, ATTR_##kind, dmvpn_nl_dev, member)

static const struct attr_field fields[] = {
	FIELD(IFINDEX, U32, ifindex),
	FIELD(OWNER, U32, owner),
	FIELD(LOCAL4, ADDR4, local4),
	FIELD(LOCAL6, ADDR6, local6),
	FIELD(PEERS, U32, peers),
	FIELD(ENTRIES, U32, entries),
	FIELD(MCAST, U32, mcast),
	FIELD(NETWORK_ID, U32, network_id),
};

#define N_FIELDS	(sizeof(fields) / sizeof(fields[0]))

static int get_counters(const struct nlattr *nest, struct dmvpn_nl_dev *dev)
{
	struct nlattr *tb[DMVPN_A_COUNTER_MAX + 1];
	int i;

	if (nla_parse_nested(tb, DMVPN_A_COUNTER_MAX, (struct nlattr *)nest,
			     NULL))
		return -EPROTO;
	for (i = DMVPN_A_COUNTER_PAD + 1; i <= DMVPN_A_COUNTER_MAX; i++) {
		if (!tb[i])
			continue;
		if (nla_len(tb[i]) != sizeof(dev->counters[i]))
			return -EPROTO;
		memcpy(&dev->counters[i], nla_data(tb[i]),
		       sizeof(dev->counters[i]));
	}
	dev->present |= DMVPN_NL_BIT(DMVPN_A_DEV_COUNTERS);
	return 0;
}

int dmvpn_nl_dev_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_dev *dev)
{
	struct nlattr *tb[DMVPN_A_DEV_MAX + 1];
	int err;

	memset(dev, 0, sizeof(*dev));
	err = dmvpn_nl_tb(nlh, tb, DMVPN_A_DEV_MAX);
	if (err)
		return err;
	err = attr_get(tb, fields, N_FIELDS, dev, &dev->present);
	if (err)
		return err;
	if (!DMVPN_NL_HAS(dev, DMVPN_A_DEV_IFINDEX))
		return -EPROTO;
	if (tb[DMVPN_A_DEV_COUNTERS])
		return get_counters(tb[DMVPN_A_DEV_COUNTERS], dev);
	return 0;
}

static int put_counters(struct nl_msg *msg, const struct dmvpn_nl_dev *dev)
{
	struct nlattr *nest = nla_nest_start(msg, DMVPN_A_DEV_COUNTERS);
	int i;

	if (!nest)
		return -EINVAL;
	for (i = DMVPN_A_COUNTER_PAD + 1; i <= DMVPN_A_COUNTER_MAX; i++) {
		if (nla_put_u64(msg, i, dev->counters[i]))
			return -EINVAL;
	}
	nla_nest_end(msg, nest);
	return 0;
}

int dmvpn_nl_dev_put(struct nl_msg *msg, const struct dmvpn_nl_dev *dev,
		     uint64_t mask)
{
	if (dev->present & mask & DMVPN_NL_BIT(DMVPN_A_DEV_COUNTERS)) {
		int err = put_counters(msg, dev);

		if (err)
			return err;
	}
	return attr_put(msg, fields, N_FIELDS, dev, dev->present, mask);
}

static int reply_dev(const struct nlmsghdr *nlh, void *arg)
{
	return dmvpn_nl_dev_parse(nlh, arg);
}

static int list_dev(const struct nlmsghdr *nlh, void *object, uint32_t ifindex)
{
	(void)ifindex;
	return dmvpn_nl_dev_parse(nlh, object);
}

/* A request that names a device and nothing else. */
static int talk_ifindex(struct dmvpn_nl *nl, uint8_t cmd, uint32_t ifindex,
			dmvpn_nl_reply reply, void *arg)
{
	struct nl_msg *msg = dmvpn_nl_msg(nl, cmd, 0);
	int err = dmvpn_nl_put_ifindex(msg, DMVPN_A_DEV_IFINDEX, ifindex);

	return dmvpn_nl_talk(nl, msg, err, reply, arg);
}

int dmvpn_nl_dev_get(struct dmvpn_nl *nl, uint32_t ifindex,
		     struct dmvpn_nl_dev *dev)
{
	return talk_ifindex(nl, DMVPN_CMD_DEV_GET, ifindex, reply_dev, dev);
}

int dmvpn_nl_dev_dump(struct dmvpn_nl *nl, struct dmvpn_nl_dev **list,
		      size_t *n)
{
	const struct dmvpn_nl_list how = {
		.size = sizeof(**list),
		.parse = list_dev,
	};
	void *objects;
	int err;

	err = dmvpn_nl_dump(nl, dmvpn_nl_msg(nl, DMVPN_CMD_DEV_GET, NLM_F_DUMP),
			    0, &how, &objects, n);
	if (err >= 0)
		*list = objects;
	return err;
}

int dmvpn_nl_bind(struct dmvpn_nl *nl, uint32_t ifindex)
{
	return talk_ifindex(nl, DMVPN_CMD_BIND, ifindex, NULL, NULL);
}

int dmvpn_nl_unbind(struct dmvpn_nl *nl, uint32_t ifindex)
{
	return talk_ifindex(nl, DMVPN_CMD_UNBIND, ifindex, NULL, NULL);
}
