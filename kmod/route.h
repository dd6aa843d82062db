/* SPDX-License-Identifier: GPL-2.0-only */
/* The way to an NBMA address: route, then xfrm bundle. */
#ifndef _DMVPN_ROUTE_H
#define _DMVPN_ROUTE_H

#include <linux/types.h>

struct dmvpn_addr;
struct dmvpn_conf;
struct dmvpn_dev;
struct dmvpn_peer;
struct dst_entry;
struct net;

int dmvpn_route_oif(struct net *net, const struct dmvpn_conf *conf, int *oif);
struct dst_entry *dmvpn_route(struct dmvpn_dev *ddev,
			      const struct dmvpn_conf *conf,
			      const struct dmvpn_addr *nbma, u32 if_id);
struct dst_entry *dmvpn_peer_route(struct dmvpn_dev *ddev,
				   const struct dmvpn_conf *conf,
				   struct dmvpn_peer *peer);
unsigned int dmvpn_route_reason(long err);

#endif /* _DMVPN_ROUTE_H */
