/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	Documentation/netlink/specs/dmvpn.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_DMVPN_GEN_H
#define _LINUX_DMVPN_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/dmvpn.h>

extern const struct nla_policy dmvpn_dev_get_nl_policy[DMVPN_A_DEV_IFINDEX + 1];

extern const struct nla_policy dmvpn_bind_nl_policy[DMVPN_A_DEV_IFINDEX + 1];

extern const struct nla_policy dmvpn_unbind_nl_policy[DMVPN_A_DEV_IFINDEX + 1];

extern const struct nla_policy dmvpn_peer_set_nl_policy[DMVPN_A_PEER_PREFERENCE + 1];

extern const struct nla_policy dmvpn_peer_del_nl_policy[DMVPN_A_PEER_IF_ID + 1];

extern const struct nla_policy dmvpn_peer_get_nl_policy[DMVPN_A_PEER_IF_ID + 1];

extern const struct nla_policy dmvpn_entry_set_nl_policy[DMVPN_A_ENTRY_MCAST + 1];

extern const struct nla_policy dmvpn_entry_del_nl_policy[DMVPN_A_ENTRY_PLEN + 1];

extern const struct nla_policy dmvpn_entry_get_nl_policy[DMVPN_A_ENTRY_PLEN + 1];

extern const struct nla_policy dmvpn_entry_flush_nl_policy[DMVPN_A_ENTRY_IF_ID + 1];

extern const struct nla_policy dmvpn_mcast_add_nl_policy[DMVPN_A_PEER_IF_ID + 1];

extern const struct nla_policy dmvpn_mcast_del_nl_policy[DMVPN_A_PEER_IF_ID + 1];

extern const struct nla_policy dmvpn_packet_send_nl_policy[DMVPN_A_PACKET_PAYLOAD + 1];

/* Ops table for dmvpn */
extern const struct genl_ops dmvpn_nl_ops[13];

int dmvpn_nl_dev_get_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_dev_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int dmvpn_nl_bind_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_unbind_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_peer_set_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_peer_del_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_peer_get_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_peer_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int dmvpn_nl_entry_set_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_entry_del_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_entry_get_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_entry_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int dmvpn_nl_entry_flush_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_mcast_add_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_mcast_del_doit(struct sk_buff *skb, struct genl_info *info);
int dmvpn_nl_packet_send_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	DMVPN_NLGRP_EVENTS,
	DMVPN_NLGRP_UPDATES,
};

#endif /* _LINUX_DMVPN_GEN_H */
