/* SPDX-License-Identifier: GPL-2.0-only */
/* IPsec: what the device demands of it, and news of security associations. */
#ifndef _DMVPN_XFRM_H
#define _DMVPN_XFRM_H

#include <linux/types.h>

struct dmvpn_addr;
struct dmvpn_conf;
struct dmvpn_dev;
struct dmvpn_peer;
struct dst_entry;
struct sk_buff;

/**
 * struct dmvpn_sa - the security association a packet came by
 * @spi: network byte order
 * @reqid: of the association
 * @if_id: xfrm interface id of the association
 * @present: there was one
 */
struct dmvpn_sa {
	__be32 spi;
	u32 reqid;
	u32 if_id;
	bool present;
};

bool dmvpn_xfrm_out_ok(const struct dmvpn_conf *conf,
		       const struct dst_entry *dst,
		       const struct dmvpn_addr *nbma);
unsigned int dmvpn_xfrm_in(const struct dmvpn_conf *conf, struct sk_buff *skb,
			   const struct dmvpn_addr *src,
			   const struct dmvpn_addr *dst, struct dmvpn_sa *sa);
bool dmvpn_xfrm_bound(const struct sk_buff *skb, const struct dmvpn_addr *src,
		      const struct dmvpn_addr *dst, u32 *if_id);
u8 dmvpn_xfrm_probe(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		    const struct dmvpn_peer *peer, bool *proven);

void dmvpn_xfrm_register(void);
void dmvpn_xfrm_unregister(void);

#endif /* _DMVPN_XFRM_H */
