/* SPDX-License-Identifier: GPL-2.0-only */
/* The daemon that owns a device, and what it is told. */
#ifndef _DMVPN_UPCALL_H
#define _DMVPN_UPCALL_H

#include <linux/types.h>

struct dmvpn_addr;
struct dmvpn_dev;
struct dmvpn_inner;
struct dmvpn_peer_key;
struct dmvpn_sa;
struct netlink_ext_ack;
struct sk_buff;

int dmvpn_owner_bind(struct dmvpn_dev *ddev, u32 portid,
		     struct netlink_ext_ack *extack);
int dmvpn_owner_unbind(struct dmvpn_dev *ddev, u32 portid,
		       struct netlink_ext_ack *extack);
void dmvpn_owner_init(struct dmvpn_dev *ddev);
void dmvpn_owner_stop(struct dmvpn_dev *ddev);
void dmvpn_owner_reset(struct dmvpn_dev *ddev);

void dmvpn_upcall_miss(struct dmvpn_dev *ddev, const struct dmvpn_addr *target,
		       const struct dmvpn_inner *in);
void dmvpn_upcall_nhrp(struct dmvpn_dev *ddev, struct sk_buff *skb,
		       unsigned int offset, const struct dmvpn_addr *src,
		       const struct dmvpn_addr *dst, const struct dmvpn_sa *sa);
bool dmvpn_upcall_redirect(struct dmvpn_dev *ddev, const struct sk_buff *skb,
			   const struct dmvpn_peer_key *from);

int dmvpn_upcall_register(void);
void dmvpn_upcall_unregister(void);

#endif /* _DMVPN_UPCALL_H */
