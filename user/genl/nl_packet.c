// SPDX-License-Identifier: GPL-2.0-or-later
/* NHRP packets, redirected packets and misses to and from messages. */
#include "genl/nl_packet.h"

#include <errno.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string.h>

#include "genl/attr.h"
#include "genl/nl_priv.h"

#define PACKET(NAME, kind, member) \
	ATTR_FIELD(DMVPN_A_PACKET_##NAME, ATTR_##kind, dmvpn_nl_packet, member)

/* The payload, which is of no fixed size, is not in the table. */
static const struct attr_field packet_fields[] = {
	PACKET(IFINDEX, U32, ifindex),
	PACKET(NBMA, ADDR, nbma),
	PACKET(IF_ID, U32, if_id),
	PACKET(LOCAL, ADDR, local),
	PACKET(SPI, U32, spi),
	PACKET(REQID, U32, reqid),
	PACKET(LOST, U64, lost),
};

#define MISS(NAME, kind, member) \
	ATTR_FIELD(DMVPN_A_MISS_##NAME, ATTR_##kind, dmvpn_nl_miss, member)

static const struct attr_field miss_fields[] = {
	MISS(IFINDEX, U32, ifindex),
	MISS(TARGET, ADDR, target),
	MISS(DESTINATION, ADDR, destination),
	MISS(SOURCE, ADDR, source),
	MISS(LOST, U64, lost),
};

#define N_FIELDS(table)	(sizeof(table) / sizeof((table)[0]))
#define BIT(NAME)	DMVPN_NL_BIT(DMVPN_A_PACKET_##NAME)

int dmvpn_nl_packet_parse(const struct nlmsghdr *nlh,
			  struct dmvpn_nl_packet *packet)
{
	struct nlattr *tb[DMVPN_A_PACKET_MAX + 1];
	const struct nlattr *payload;
	int err;

	memset(packet, 0, sizeof(*packet));
	err = dmvpn_nl_tb(nlh, tb, DMVPN_A_PACKET_MAX);
	if (err)
		return err;
	err = attr_get(tb, packet_fields, N_FIELDS(packet_fields), packet,
		       &packet->present);
	if (err)
		return err;

	payload = tb[DMVPN_A_PACKET_PAYLOAD];
	if (!DMVPN_NL_HAS(packet, DMVPN_A_PACKET_IFINDEX) ||
	    !DMVPN_NL_HAS(packet, DMVPN_A_PACKET_NBMA) || !payload ||
	    nla_len(payload) > DMVPN_PACKET_MAX)
		return -EPROTO;
	packet->payload = nla_data(payload);
	packet->payload_len = nla_len(payload);
	packet->present |= BIT(PAYLOAD);
	return 0;
}

int dmvpn_nl_packet_put(struct nl_msg *msg,
			const struct dmvpn_nl_packet *packet, uint64_t mask)
{
	int err;

	err = attr_put(msg, packet_fields, N_FIELDS(packet_fields), packet,
		       packet->present, mask);
	if (err)
		return err;
	if (packet->payload_len > DMVPN_PACKET_MAX)
		return -EINVAL;
	if (mask & BIT(PAYLOAD) &&
	    nla_put(msg, DMVPN_A_PACKET_PAYLOAD, packet->payload_len,
		    packet->payload))
		return -EINVAL;
	return 0;
}

int dmvpn_nl_miss_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_miss *miss)
{
	struct nlattr *tb[DMVPN_A_MISS_MAX + 1];
	int err;

	memset(miss, 0, sizeof(*miss));
	err = dmvpn_nl_tb(nlh, tb, DMVPN_A_MISS_MAX);
	if (err)
		return err;
	err = attr_get(tb, miss_fields, N_FIELDS(miss_fields), miss,
		       &miss->present);
	if (err)
		return err;
	if (!DMVPN_NL_HAS(miss, DMVPN_A_MISS_IFINDEX) ||
	    !DMVPN_NL_HAS(miss, DMVPN_A_MISS_TARGET))
		return -EPROTO;
	return 0;
}

int dmvpn_nl_miss_put(struct nl_msg *msg, const struct dmvpn_nl_miss *miss,
		      uint64_t mask)
{
	return attr_put(msg, miss_fields, N_FIELDS(miss_fields), miss,
			miss->present, mask);
}

int dmvpn_nl_packet_send(struct dmvpn_nl *nl,
			 const struct dmvpn_nl_packet *packet)
{
	const uint64_t mask = BIT(IFINDEX) | BIT(NBMA) | BIT(IF_ID) |
			      BIT(PAYLOAD);
	struct nl_msg *msg = dmvpn_nl_msg(nl, DMVPN_CMD_PACKET_SEND, 0);
	int err = -ENOMEM;

	if (msg)
		err = dmvpn_nl_packet_put(msg, packet, mask);
	return dmvpn_nl_tell(nl, msg, err);
}
