// SPDX-License-Identifier: GPL-2.0-or-later
/* Network devices of kind "dmvpn" to and from rtnetlink messages. */
#include "genl/link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>
#include <sys/socket.h>

#include "genl/attr.h"
#include "genl/nl_priv.h"

#define LINK_KIND	"dmvpn"

#define FIELD(NAME, kind, member) \
	ATTR_FIELD(IFLA_DMVPN_##NAME, ATTR_##kind, dmvpn_nl_link, member)

static const struct attr_field fields[] = {
	FIELD(LINK, U32, link),
	FIELD(LOCAL4, ADDR4, local4),
	FIELD(LOCAL6, ADDR6, local6),
	FIELD(KEY, U32, key),
	FIELD(NO_KEY, FLAG, no_key),
	FIELD(TTL, U8, ttl),
	FIELD(TOS, U8, tos),
	FIELD(DF, U8, df),
	FIELD(FWMARK, U32, fwmark),
	FIELD(NETWORK_ID, U32, network_id),
	FIELD(PROTECTION, U8, protection),
	FIELD(REDIRECT, U8, redirect),
	FIELD(SHORTCUT, U8, shortcut),
	FIELD(STRICT_SOURCE, U8, strict_source),
	FIELD(MAX_PEERS, U32, max_peers),
	FIELD(MAX_ENTRIES, U32, max_entries),
	FIELD(MAX_MCAST, U32, max_mcast),
	FIELD(HOLD_QUEUE, U32, hold_queue),
	FIELD(UPCALL_RATE, U32, upcall_rate),
	FIELD(REDIRECT_RATE, U32, redirect_rate),
	FIELD(REDIRECT_INTERVAL, U32, redirect_interval),
};

#define N_FIELDS	(sizeof(fields) / sizeof(fields[0]))
#define DATA_BITS	(DMVPN_NL_BIT(IFLA_DMVPN_MAX + 1) - 1)

static int get_data(const struct nlattr *data, struct dmvpn_nl_link *link)
{
	struct nlattr *tb[IFLA_DMVPN_MAX + 1];

	if (nla_parse_nested(tb, IFLA_DMVPN_MAX, (struct nlattr *)data, NULL))
		return -EPROTO;
	return attr_get(tb, fields, N_FIELDS, link, &link->present);
}

static int get_name(const struct nlattr *nla, struct dmvpn_nl_link *link)
{
	size_t len;

	if (!nla)
		return -EPROTO;
	len = strnlen(nla_data(nla), nla_len(nla));
	if (!len || len >= sizeof(link->name))
		return -EPROTO;
	memcpy(link->name, nla_data(nla), len);
	link->name[len] = '\0';
	return 0;
}

/* 1 for a device of another kind, as of none. */
static int get_kind(const struct nlattr *nla, struct nlattr **data)
{
	struct nlattr *tb[IFLA_INFO_MAX + 1];
	const struct nlattr *kind;

	if (!nla)
		return 1;
	if (nla_parse_nested(tb, IFLA_INFO_MAX, (struct nlattr *)nla, NULL))
		return -EPROTO;
	kind = tb[IFLA_INFO_KIND];
	if (!kind || (size_t)nla_len(kind) < sizeof(LINK_KIND) - 1 ||
	    strncmp(nla_data(kind), LINK_KIND, nla_len(kind)))
		return 1;
	*data = tb[IFLA_INFO_DATA];
	return 0;
}

int dmvpn_nl_link_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_link *link)
{
	struct nlattr *tb[IFLA_MAX + 1];
	const struct ifinfomsg *ifi;
	struct nlattr *data = NULL;
	int err;

	memset(link, 0, sizeof(*link));
	if (!nlmsg_valid_hdr(nlh, sizeof(*ifi)) ||
	    nlh->nlmsg_type != RTM_NEWLINK)
		return -EPROTO;
	if (nlmsg_parse((struct nlmsghdr *)nlh, sizeof(*ifi), tb, IFLA_MAX,
			NULL))
		return -EPROTO;
	err = get_kind(tb[IFLA_LINKINFO], &data);
	if (!err)
		err = get_name(tb[IFLA_IFNAME], link);
	if (!err && data)
		err = get_data(data, link);
	if (err)
		return err;

	ifi = nlmsg_data(nlh);
	if (ifi->ifi_index <= 0)
		return -EPROTO;
	link->ifindex = ifi->ifi_index;
	link->up = ifi->ifi_flags & IFF_UP;
	link->running = link->up && ifi->ifi_flags & IFF_RUNNING;
	link->present |= DMVPN_NL_LINK_UP;
	if (tb[IFLA_MTU] && nla_len(tb[IFLA_MTU]) == sizeof(uint32_t)) {
		link->mtu = nla_get_u32(tb[IFLA_MTU]);
		link->present |= DMVPN_NL_LINK_MTU;
	}
	if (tb[IFLA_CARRIER] && nla_len(tb[IFLA_CARRIER]) == sizeof(uint8_t)) {
		link->carrier = nla_get_u8(tb[IFLA_CARRIER]);
		link->present |= DMVPN_NL_LINK_CARRIER;
	}
	if (tb[IFLA_MASTER] && nla_len(tb[IFLA_MASTER]) == sizeof(uint32_t))
		link->master = nla_get_u32(tb[IFLA_MASTER]);
	return 0;
}

static int put_no_addrgen(struct nl_msg *msg)
{
	struct nlattr *spec, *inet6;

	spec = nla_nest_start(msg, IFLA_AF_SPEC);
	if (!spec)
		return -EINVAL;
	inet6 = nla_nest_start(msg, AF_INET6);
	if (!inet6 || nla_put_u8(msg, IFLA_INET6_ADDR_GEN_MODE,
				 IN6_ADDR_GEN_MODE_NONE))
		return -EINVAL;
	nla_nest_end(msg, inet6);
	nla_nest_end(msg, spec);
	return 0;
}

static int put_info(struct nl_msg *msg, const struct dmvpn_nl_link *link)
{
	uint64_t bits = link->present & DATA_BITS;
	struct nlattr *info, *data;
	int err;

	info = nla_nest_start(msg, IFLA_LINKINFO);
	if (!info || nla_put_string(msg, IFLA_INFO_KIND, LINK_KIND))
		return -EINVAL;
	if (bits) {
		data = nla_nest_start(msg, IFLA_INFO_DATA);
		if (!data)
			return -EINVAL;
		err = attr_put_present(msg, fields, N_FIELDS, link, bits);
		if (err)
			return err;
		nla_nest_end(msg, data);
	}
	nla_nest_end(msg, info);
	return 0;
}

int dmvpn_nl_link_put(struct nl_msg *msg, const struct dmvpn_nl_link *link)
{
	struct ifinfomsg ifi = { .ifi_index = link->ifindex };

	if (link->present & DMVPN_NL_LINK_UP) {
		ifi.ifi_change = IFF_UP;
		ifi.ifi_flags = link->up ? IFF_UP : 0;
	}
	if (nlmsg_append(msg, &ifi, sizeof(ifi), NLMSG_ALIGNTO))
		return -EINVAL;
	if (link->name[0] && nla_put_string(msg, IFLA_IFNAME, link->name))
		return -EINVAL;
	if (link->present & DMVPN_NL_LINK_MTU &&
	    nla_put_u32(msg, IFLA_MTU, link->mtu))
		return -EINVAL;
	if (link->present & DMVPN_NL_LINK_NO_ADDRGEN && put_no_addrgen(msg))
		return -EINVAL;
	if (link->present & DMVPN_NL_LINK_CARRIER &&
	    nla_put_u8(msg, IFLA_CARRIER, link->carrier))
		return -EINVAL;
	return put_info(msg, link);
}

static int newlink(struct dmvpn_nl *nl, const struct dmvpn_nl_link *link,
		   int flags)
{
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, flags);
	int err = msg ? dmvpn_nl_link_put(msg, link) : -ENOMEM;

	return dmvpn_nl_talk(nl, msg, err, NULL, NULL);
}

int dmvpn_nl_link_add(struct dmvpn_nl *nl, const struct dmvpn_nl_link *link)
{
	return newlink(nl, link, NLM_F_CREATE | NLM_F_EXCL);
}

/* Not RTM_SETLINK: the kernel does not look at IFLA_LINKINFO there. */
int dmvpn_nl_link_set(struct dmvpn_nl *nl, const struct dmvpn_nl_link *link)
{
	return newlink(nl, link, 0);
}

/* A request that names a device by its index and nothing else. */
static struct nl_msg *by_index(int type, uint32_t ifindex, int *err)
{
	const struct ifinfomsg ifi = { .ifi_index = ifindex };
	struct nl_msg *msg = nlmsg_alloc_simple(type, 0);

	*err = 0;
	if (msg && nlmsg_append(msg, (void *)&ifi, sizeof(ifi), NLMSG_ALIGNTO))
		*err = -EINVAL;
	return msg;
}

int dmvpn_nl_link_del(struct dmvpn_nl *nl, uint32_t ifindex)
{
	struct nl_msg *msg;
	int err;

	msg = by_index(RTM_DELLINK, ifindex, &err);
	return dmvpn_nl_talk(nl, msg, err, NULL, NULL);
}

/**
 * struct got_link - the answer to RTM_GETLINK
 * @link: the device
 * @other: it is of another kind
 */
struct got_link {
	struct dmvpn_nl_link link;
	bool other;
};

static int reply_link(const struct nlmsghdr *nlh, void *arg)
{
	struct got_link *got = arg;
	int err = dmvpn_nl_link_parse(nlh, &got->link);

	got->other = err > 0;
	return err < 0 ? err : 0;
}

int dmvpn_nl_link_get(struct dmvpn_nl *nl, uint32_t ifindex,
		      struct dmvpn_nl_link *link)
{
	struct got_link got = { 0 };
	struct nl_msg *msg;
	int err;

	msg = by_index(RTM_GETLINK, ifindex, &err);
	err = dmvpn_nl_talk(nl, msg, err, reply_link, &got);
	if (err)
		return err;
	if (got.other)
		return dmvpn_nl_fail(nl, -EMEDIUMTYPE, "not a dmvpn device");
	*link = got.link;
	return 0;
}

static int list_link(const struct nlmsghdr *nlh, void *object,
		     uint32_t ifindex)
{
	(void)ifindex;
	return dmvpn_nl_link_parse(nlh, object);
}

int dmvpn_nl_link_dump(struct dmvpn_nl *nl, struct dmvpn_nl_link **list,
		       size_t *n)
{
	const struct dmvpn_nl_list how = {
		.size = sizeof(**list),
		.parse = list_link,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_GETLINK, NLM_F_DUMP);
	const struct dmvpn_nl_link none = { 0 };
	void *objects;
	int err;

	/* With the kind in the request the kernel sends no other device. */
	err = msg ? dmvpn_nl_link_put(msg, &none) : -ENOMEM;
	err = dmvpn_nl_dump(nl, msg, err, &how, &objects, n);
	if (err >= 0)
		*list = objects;
	return err;
}
