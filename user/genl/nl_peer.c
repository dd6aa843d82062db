// SPDX-License-Identifier: GPL-2.0-or-later
/* Peers to and from messages. */
#include "genl/nl_peer.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "genl/attr.h"
#include "genl/nl_priv.h"

#define FIELD(NAME, kind, member) \
	ATTR_FIELD(DMVPN_A_PEER_##NAME, ATTR_##kind, dmvpn_nl_peer, member)

static const struct attr_field fields[] = {
	FIELD(IFINDEX, U32, ifindex),
	FIELD(NBMA, ADDR, nbma),
	FIELD(IF_ID, U32, if_id),
	FIELD(FLAGS, U32, flags),
	FIELD(PREFERENCE, U8, preference),
	FIELD(STATE, U32, state),
	FIELD(MTU, U32, mtu),
	FIELD(TX_PACKETS, U64, tx_packets),
	FIELD(TX_BYTES, U64, tx_bytes),
	FIELD(RX_PACKETS, U64, rx_packets),
	FIELD(RX_BYTES, U64, rx_bytes),
	FIELD(TX_DROPPED, U64, tx_dropped),
	FIELD(RX_DROPPED, U64, rx_dropped),
	FIELD(TX_IDLE, U64, tx_idle),
	FIELD(RX_IDLE, U64, rx_idle),
	FIELD(ENTRIES, U32, entries),
	FIELD(MCAST, FLAG, mcast),
	FIELD(AGE, U64, age),
};

#define N_FIELDS	(sizeof(fields) / sizeof(fields[0]))

#define BIT(NAME)	DMVPN_NL_BIT(DMVPN_A_PEER_##NAME)
#define KEY		(BIT(IFINDEX) | BIT(NBMA) | BIT(IF_ID))

int dmvpn_nl_peer_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_peer *peer)
{
	struct nlattr *tb[DMVPN_A_PEER_MAX + 1];
	int err;

	memset(peer, 0, sizeof(*peer));
	err = dmvpn_nl_tb(nlh, tb, DMVPN_A_PEER_MAX);
	if (err)
		return err;
	err = attr_get(tb, fields, N_FIELDS, peer, &peer->present);
	if (err)
		return err;
	if (!DMVPN_NL_HAS(peer, DMVPN_A_PEER_IFINDEX) ||
	    !DMVPN_NL_HAS(peer, DMVPN_A_PEER_NBMA))
		return -EPROTO;
	return 0;
}

int dmvpn_nl_peer_put(struct nl_msg *msg, const struct dmvpn_nl_peer *peer,
		      uint64_t mask)
{
	return attr_put(msg, fields, N_FIELDS, peer, peer->present, mask);
}

/* A request that names a peer; also those of the multicast list. */
struct nl_msg *dmvpn_nl_peer_key(struct dmvpn_nl *nl, uint8_t cmd,
				 uint32_t ifindex, const struct nh_addr *nbma,
				 uint32_t if_id, int *err)
{
	const struct dmvpn_nl_peer peer = {
		.present = BIT(IFINDEX) | BIT(NBMA),
		.ifindex = ifindex,
		.nbma = *nbma,
		.if_id = if_id,
	};
	struct nl_msg *msg = dmvpn_nl_msg(nl, cmd, 0);

	*err = msg ? dmvpn_nl_peer_put(msg, &peer, KEY) : -ENOMEM;
	return msg;
}

int dmvpn_nl_peer_set(struct dmvpn_nl *nl, const struct dmvpn_nl_peer *peer)
{
	struct nl_msg *msg = dmvpn_nl_msg(nl, DMVPN_CMD_PEER_SET, 0);
	int err = -ENOMEM;

	if (msg)
		err = dmvpn_nl_peer_put(msg, peer,
					KEY | BIT(FLAGS) | BIT(PREFERENCE));
	return dmvpn_nl_talk(nl, msg, err, NULL, NULL);
}

int dmvpn_nl_peer_del(struct dmvpn_nl *nl, uint32_t ifindex,
		      const struct nh_addr *nbma, uint32_t if_id)
{
	struct nl_msg *msg;
	int err;

	msg = dmvpn_nl_peer_key(nl, DMVPN_CMD_PEER_DEL, ifindex, nbma, if_id,
				&err);
	return dmvpn_nl_talk(nl, msg, err, NULL, NULL);
}

static int reply_peer(const struct nlmsghdr *nlh, void *arg)
{
	return dmvpn_nl_peer_parse(nlh, arg);
}

int dmvpn_nl_peer_get(struct dmvpn_nl *nl, uint32_t ifindex,
		      const struct nh_addr *nbma, uint32_t if_id,
		      struct dmvpn_nl_peer *peer)
{
	struct nl_msg *msg;
	int err;

	msg = dmvpn_nl_peer_key(nl, DMVPN_CMD_PEER_GET, ifindex, nbma, if_id,
				&err);
	return dmvpn_nl_talk(nl, msg, err, reply_peer, peer);
}

static int list_peer(const struct nlmsghdr *nlh, void *object,
		     uint32_t ifindex)
{
	struct dmvpn_nl_peer *peer = object;
	int err = dmvpn_nl_peer_parse(nlh, peer);

	if (err)
		return err;
	return ifindex && peer->ifindex != ifindex;
}

int dmvpn_nl_peer_dump(struct dmvpn_nl *nl, uint32_t ifindex,
		       struct dmvpn_nl_peer **list, size_t *n)
{
	const struct dmvpn_nl_list how = {
		.size = sizeof(**list),
		.parse = list_peer,
		.ifindex = ifindex,
	};
	struct nl_msg *msg = dmvpn_nl_msg(nl, DMVPN_CMD_PEER_GET, NLM_F_DUMP);
	void *objects;
	int err = 0;

	if (ifindex)
		err = dmvpn_nl_put_ifindex(msg, DMVPN_A_PEER_IFINDEX, ifindex);
	err = dmvpn_nl_dump(nl, msg, err, &how, &objects, n);
	if (err >= 0)
		*list = objects;
	return err;
}
