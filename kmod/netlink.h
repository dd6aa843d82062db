/* SPDX-License-Identifier: GPL-2.0-only */
/* Generic netlink: what its files share, and the notifications. */
#ifndef _DMVPN_NETLINK_H
#define _DMVPN_NETLINK_H

#include <net/genetlink.h>

#include "addr.h"

struct dmvpn_dev;
struct dmvpn_entry;
struct dmvpn_peer;

extern struct genl_family dmvpn_nl_family;

/**
 * struct dmvpn_dump - where a dump stands, in netlink_callback.ctx
 * @ifindex: device being dumped, 0 before the first
 * @id: peer dumped last
 * @prefix: cache entry dumped last, family 0 before the first
 * @plen: its length
 */
struct dmvpn_dump {
	int ifindex;
	u32 id;
	struct dmvpn_addr prefix;
	u8 plen;
};

/* Dumps a locked device from @dump on; -EMSGSIZE to be called again. */
typedef int (*dmvpn_dump_fn)(struct sk_buff *skb, struct netlink_callback *cb,
			     struct dmvpn_dev *ddev, struct dmvpn_dump *dump);

/* Writes the attributes of an object; -EMSGSIZE when they do not fit. */
typedef int (*dmvpn_fill_fn)(struct sk_buff *skb, const void *obj);

struct dmvpn_dev *dmvpn_nl_dev_lock(struct genl_info *info, int attr);
void dmvpn_nl_dev_unlock(struct dmvpn_dev *ddev);
int dmvpn_nl_dump(struct sk_buff *skb, struct netlink_callback *cb, int attr,
		  dmvpn_dump_fn fn);

int dmvpn_nl_get_addr(struct genl_info *info, int attr, const char *why,
		      struct dmvpn_addr *addr);
int dmvpn_nl_need(struct genl_info *info, int attr, const char *why);
u32 dmvpn_nl_get_u32(struct genl_info *info, int attr);
int dmvpn_nl_put_addr(struct sk_buff *skb, int attr,
		      const struct dmvpn_addr *addr);
u64 dmvpn_nl_msecs(unsigned long since);

void dmvpn_nl_notify_dev(struct dmvpn_dev *ddev);
void dmvpn_nl_notify_peer(struct dmvpn_peer *peer, u8 cmd);
void dmvpn_nl_notify_entry(struct dmvpn_dev *ddev, struct dmvpn_entry *e,
			   u8 cmd);

int dmvpn_nl_reply(struct genl_info *info, u8 cmd, size_t size,
		   dmvpn_fill_fn fill, const void *obj);
int dmvpn_nl_dump_put(struct sk_buff *skb, struct netlink_callback *cb,
		      u8 cmd, dmvpn_fill_fn fill, const void *obj);
void dmvpn_nl_notify(struct dmvpn_dev *ddev, u8 cmd, size_t size,
		     dmvpn_fill_fn fill, const void *obj);

int dmvpn_nl_register(void);
void dmvpn_nl_unregister(void);

#endif /* _DMVPN_NETLINK_H */
