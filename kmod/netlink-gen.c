// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/dmvpn.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink-gen.h"

#include <uapi/linux/dmvpn.h>

/* DMVPN_CMD_DEV_GET - do */
const struct nla_policy dmvpn_dev_get_nl_policy[DMVPN_A_DEV_IFINDEX + 1] = {
	[DMVPN_A_DEV_IFINDEX] = { .type = NLA_U32, },
};

/* DMVPN_CMD_BIND - do */
const struct nla_policy dmvpn_bind_nl_policy[DMVPN_A_DEV_IFINDEX + 1] = {
	[DMVPN_A_DEV_IFINDEX] = { .type = NLA_U32, },
};

/* DMVPN_CMD_UNBIND - do */
const struct nla_policy dmvpn_unbind_nl_policy[DMVPN_A_DEV_IFINDEX + 1] = {
	[DMVPN_A_DEV_IFINDEX] = { .type = NLA_U32, },
};

/* DMVPN_CMD_PEER_SET - do */
const struct nla_policy dmvpn_peer_set_nl_policy[DMVPN_A_PEER_PREFERENCE + 1] = {
	[DMVPN_A_PEER_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_PEER_NBMA] = { .type = NLA_BINARY, },
	[DMVPN_A_PEER_IF_ID] = { .type = NLA_U32, },
	[DMVPN_A_PEER_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x3),
	[DMVPN_A_PEER_PREFERENCE] = { .type = NLA_U8, },
};

/* DMVPN_CMD_PEER_DEL - do */
const struct nla_policy dmvpn_peer_del_nl_policy[DMVPN_A_PEER_IF_ID + 1] = {
	[DMVPN_A_PEER_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_PEER_NBMA] = { .type = NLA_BINARY, },
	[DMVPN_A_PEER_IF_ID] = { .type = NLA_U32, },
};

/* DMVPN_CMD_PEER_GET - do */
const struct nla_policy dmvpn_peer_get_nl_policy[DMVPN_A_PEER_IF_ID + 1] = {
	[DMVPN_A_PEER_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_PEER_NBMA] = { .type = NLA_BINARY, },
	[DMVPN_A_PEER_IF_ID] = { .type = NLA_U32, },
};

/* DMVPN_CMD_ENTRY_SET - do */
const struct nla_policy dmvpn_entry_set_nl_policy[DMVPN_A_ENTRY_MCAST + 1] = {
	[DMVPN_A_ENTRY_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_ENTRY_PREFIX] = { .type = NLA_BINARY, },
	[DMVPN_A_ENTRY_PLEN] = { .type = NLA_U8, },
	[DMVPN_A_ENTRY_TYPE] = NLA_POLICY_MAX(NLA_U32, 6),
	[DMVPN_A_ENTRY_NBMA] = { .type = NLA_BINARY, },
	[DMVPN_A_ENTRY_IF_ID] = { .type = NLA_U32, },
	[DMVPN_A_ENTRY_HOLDING_TIME] = { .type = NLA_U32, },
	[DMVPN_A_ENTRY_MTU] = { .type = NLA_U16, },
	[DMVPN_A_ENTRY_PREFERENCE] = { .type = NLA_U8, },
	[DMVPN_A_ENTRY_FLAGS] = NLA_POLICY_MASK(NLA_U32, 0x7),
	[DMVPN_A_ENTRY_CLAIMED] = { .type = NLA_BINARY, },
	[DMVPN_A_ENTRY_PROTOCOL] = { .type = NLA_BINARY, },
	[DMVPN_A_ENTRY_EXCLUSIVE] = { .type = NLA_FLAG, },
	[DMVPN_A_ENTRY_UPDATE] = { .type = NLA_FLAG, },
	[DMVPN_A_ENTRY_RENEW] = { .type = NLA_FLAG, },
	[DMVPN_A_ENTRY_PEER_MAX] = { .type = NLA_U32, },
	[DMVPN_A_ENTRY_MCAST] = { .type = NLA_FLAG, },
};

/* DMVPN_CMD_ENTRY_DEL - do */
const struct nla_policy dmvpn_entry_del_nl_policy[DMVPN_A_ENTRY_PLEN + 1] = {
	[DMVPN_A_ENTRY_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_ENTRY_PREFIX] = { .type = NLA_BINARY, },
	[DMVPN_A_ENTRY_PLEN] = { .type = NLA_U8, },
};

/* DMVPN_CMD_ENTRY_GET - do */
const struct nla_policy dmvpn_entry_get_nl_policy[DMVPN_A_ENTRY_PLEN + 1] = {
	[DMVPN_A_ENTRY_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_ENTRY_PREFIX] = { .type = NLA_BINARY, },
	[DMVPN_A_ENTRY_PLEN] = { .type = NLA_U8, },
};

/* DMVPN_CMD_ENTRY_FLUSH - do */
const struct nla_policy dmvpn_entry_flush_nl_policy[DMVPN_A_ENTRY_IF_ID + 1] = {
	[DMVPN_A_ENTRY_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_ENTRY_PREFIX] = { .type = NLA_BINARY, },
	[DMVPN_A_ENTRY_PLEN] = { .type = NLA_U8, },
	[DMVPN_A_ENTRY_TYPE] = NLA_POLICY_MAX(NLA_U32, 6),
	[DMVPN_A_ENTRY_NBMA] = { .type = NLA_BINARY, },
	[DMVPN_A_ENTRY_IF_ID] = { .type = NLA_U32, },
};

/* DMVPN_CMD_MCAST_ADD - do */
const struct nla_policy dmvpn_mcast_add_nl_policy[DMVPN_A_PEER_IF_ID + 1] = {
	[DMVPN_A_PEER_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_PEER_NBMA] = { .type = NLA_BINARY, },
	[DMVPN_A_PEER_IF_ID] = { .type = NLA_U32, },
};

/* DMVPN_CMD_MCAST_DEL - do */
const struct nla_policy dmvpn_mcast_del_nl_policy[DMVPN_A_PEER_IF_ID + 1] = {
	[DMVPN_A_PEER_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_PEER_NBMA] = { .type = NLA_BINARY, },
	[DMVPN_A_PEER_IF_ID] = { .type = NLA_U32, },
};

/* DMVPN_CMD_PACKET_SEND - do */
const struct nla_policy dmvpn_packet_send_nl_policy[DMVPN_A_PACKET_PAYLOAD + 1] = {
	[DMVPN_A_PACKET_IFINDEX] = { .type = NLA_U32, },
	[DMVPN_A_PACKET_NBMA] = { .type = NLA_BINARY, },
	[DMVPN_A_PACKET_IF_ID] = { .type = NLA_U32, },
	[DMVPN_A_PACKET_PAYLOAD] = { .type = NLA_BINARY, },
};

/* Ops table for dmvpn */
const struct genl_ops dmvpn_nl_ops[13] = {
	{
		.cmd		= DMVPN_CMD_DEV_GET,
		.doit		= dmvpn_nl_dev_get_doit,
		.dumpit		= dmvpn_nl_dev_get_dumpit,
		.policy		= dmvpn_dev_get_nl_policy,
		.maxattr	= DMVPN_A_DEV_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_BIND,
		.doit		= dmvpn_nl_bind_doit,
		.policy		= dmvpn_bind_nl_policy,
		.maxattr	= DMVPN_A_DEV_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_UNBIND,
		.doit		= dmvpn_nl_unbind_doit,
		.policy		= dmvpn_unbind_nl_policy,
		.maxattr	= DMVPN_A_DEV_IFINDEX,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_PEER_SET,
		.doit		= dmvpn_nl_peer_set_doit,
		.policy		= dmvpn_peer_set_nl_policy,
		.maxattr	= DMVPN_A_PEER_PREFERENCE,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_PEER_DEL,
		.doit		= dmvpn_nl_peer_del_doit,
		.policy		= dmvpn_peer_del_nl_policy,
		.maxattr	= DMVPN_A_PEER_IF_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_PEER_GET,
		.doit		= dmvpn_nl_peer_get_doit,
		.dumpit		= dmvpn_nl_peer_get_dumpit,
		.policy		= dmvpn_peer_get_nl_policy,
		.maxattr	= DMVPN_A_PEER_IF_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_ENTRY_SET,
		.doit		= dmvpn_nl_entry_set_doit,
		.policy		= dmvpn_entry_set_nl_policy,
		.maxattr	= DMVPN_A_ENTRY_MCAST,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_ENTRY_DEL,
		.doit		= dmvpn_nl_entry_del_doit,
		.policy		= dmvpn_entry_del_nl_policy,
		.maxattr	= DMVPN_A_ENTRY_PLEN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_ENTRY_GET,
		.doit		= dmvpn_nl_entry_get_doit,
		.dumpit		= dmvpn_nl_entry_get_dumpit,
		.policy		= dmvpn_entry_get_nl_policy,
		.maxattr	= DMVPN_A_ENTRY_PLEN,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_ENTRY_FLUSH,
		.doit		= dmvpn_nl_entry_flush_doit,
		.policy		= dmvpn_entry_flush_nl_policy,
		.maxattr	= DMVPN_A_ENTRY_IF_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_MCAST_ADD,
		.doit		= dmvpn_nl_mcast_add_doit,
		.policy		= dmvpn_mcast_add_nl_policy,
		.maxattr	= DMVPN_A_PEER_IF_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_MCAST_DEL,
		.doit		= dmvpn_nl_mcast_del_doit,
		.policy		= dmvpn_mcast_del_nl_policy,
		.maxattr	= DMVPN_A_PEER_IF_ID,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
	{
		.cmd		= DMVPN_CMD_PACKET_SEND,
		.doit		= dmvpn_nl_packet_send_doit,
		.policy		= dmvpn_packet_send_nl_policy,
		.maxattr	= DMVPN_A_PACKET_PAYLOAD,
		.flags		= GENL_UNS_ADMIN_PERM,
	},
};

static const struct genl_multicast_group dmvpn_nl_mcgrps[] = {
	[DMVPN_NLGRP_EVENTS] = { "events", },
	[DMVPN_NLGRP_UPDATES] = { "updates", },
};
