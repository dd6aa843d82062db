// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where outer packets go. The result is cached for each peer and CPU; it
 * holds the xfrm bundle, so that a packet for a known peer needs no lookup.
 *
 * Routes are looked up in the VRF of the underlay device, not bound to that
 * device: like "tunnel source INTERFACE" it names a source, not a way out.
 */
#include "route.h"

#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "compat/compat.h"
#include "dmvpn.h"
#include "encap.h"
#include "peer.h"
#include "xfrm.h"

/* How long a missing security association is not asked for again */
#define DMVPN_RETRY	HZ

/**
 * dmvpn_route_oif() - the VRF that outer packets are routed in
 * @net: underlay namespace
 * @conf: configuration of the device
 * @oif: set to the interface index of the VRF, 0 for none
 *
 * Context: RCU read side.
 *
 * Return: 0, or -ENODEV when the underlay device is gone.
 */
int dmvpn_route_oif(struct net *net, const struct dmvpn_conf *conf, int *oif)
{
	struct net_device *link;

	*oif = 0;
	if (!conf->link)
		return 0;
	link = dev_get_by_index_rcu(net, conf->link);
	if (!link)
		return -ENODEV;
	*oif = l3mdev_master_ifindex_rcu(link);
	return 0;
}

static struct dst_entry *dmvpn_route4(struct net *net,
				      const struct dmvpn_conf *conf,
				      const struct dmvpn_addr *nbma, int oif,
				      u32 if_id)
{
	struct flowi4 fl4 = {
		.flowi4_oif = oif,
		.flowi4_mark = conf->mark,
		.flowi4_proto = IPPROTO_GRE,
		.daddr = nbma->v4,
		.saddr = conf->local4,
		.fl4_gre_key = conf->key,
	};
	struct rtable *rt = __ip_route_output_key(net, &fl4);

	if (IS_ERR(rt))
		return ERR_PTR(-ENETUNREACH);
	if (rt->rt_flags & RTCF_LOCAL) {
		ip_rt_put(rt);
		return ERR_PTR(-ELOOP);
	}
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		ip_rt_put(rt);
		return ERR_PTR(-ENETUNREACH);
	}
	return xfrm_lookup_with_ifid(net, &rt->dst, flowi4_to_flowi(&fl4),
				     NULL, 0, if_id);
}

static struct dst_entry *dmvpn_route6(struct net *net,
				      const struct dmvpn_conf *conf,
				      const struct dmvpn_addr *nbma, int oif,
				      u32 if_id)
{
	struct flowi6 fl6 = {
		.flowi6_oif = oif,
		.flowi6_mark = conf->mark,
		.flowi6_proto = IPPROTO_GRE,
		.daddr = nbma->v6,
		.saddr = conf->local6,
		.fl6_gre_key = conf->key,
	};
	struct dst_entry *dst = ip6_route_output(net, NULL, &fl6);

	if (dst->error) {
		dst_release(dst);
		return ERR_PTR(-ENETUNREACH);
	}
	/* In a VRF the device of a local route is not the loopback one. */
	if (dst_rt6_info(dst)->rt6i_flags & (RTF_LOCAL | RTF_ANYCAST)) {
		dst_release(dst);
		return ERR_PTR(-ELOOP);
	}
	return xfrm_lookup_with_ifid(net, dst, flowi6_to_flowi(&fl6), NULL, 0,
				     if_id);
}

/**
 * dmvpn_route() - find the way to an NBMA address
 * @ddev: device
 * @conf: its configuration
 * @nbma: NBMA address
 * @if_id: xfrm interface id, 0 for none
 *
 * With protection required the result always is an xfrm bundle whose ESP
 * security association ends at @nbma. A missing one is asked of the key
 * manager by the lookup itself.
 *
 * Context: RCU read side.
 *
 * Return: a referenced dst, or an error pointer: -EADDRNOTAVAIL without
 * local address, -ENODEV without underlay device, -ENETUNREACH, -ELOOP when
 * the way leads back into the device, -EACCES by xfrm policy, -EAGAIN
 * without security association.
 */
struct dst_entry *dmvpn_route(struct dmvpn_dev *ddev,
			      const struct dmvpn_conf *conf,
			      const struct dmvpn_addr *nbma, u32 if_id)
{
	struct dst_entry *dst;
	int oif, err;

	if (!dmvpn_conf_has_local(conf, nbma->family))
		return ERR_PTR(-EADDRNOTAVAIL);
	err = dmvpn_route_oif(ddev->net, conf, &oif);
	if (err)
		return ERR_PTR(err);
	if (nbma->family == AF_INET)
		dst = dmvpn_route4(ddev->net, conf, nbma, oif, if_id);
	else
		dst = dmvpn_route6(ddev->net, conf, nbma, oif, if_id);

	if (IS_ERR(dst)) {
		switch (PTR_ERR(dst)) {
		case -ENETUNREACH:
		case -ELOOP:
			return dst;
		case -EPERM:
			return ERR_PTR(-EACCES);
		default: /* -EREMOTE, -EAGAIN, -ESRCH: no state yet */
			return ERR_PTR(-EAGAIN);
		}
	}
	if (dst->dev == ddev->dev) {
		dst_release(dst);
		return ERR_PTR(-ELOOP);
	}
	if (conf->required && !dmvpn_xfrm_out_ok(conf, dst, nbma)) {
		dst_release(dst);
		return ERR_PTR(-EAGAIN);
	}
	return dst;
}

/* The slow half of dmvpn_peer_route(): look up, cache, note the state. */
static struct dst_entry *dmvpn_peer_route_new(struct dmvpn_dev *ddev,
					      const struct dmvpn_conf *conf,
					      struct dmvpn_peer *peer)
{
	unsigned long retry = READ_ONCE(peer->retry);
	const struct dmvpn_addr *nbma = &peer->key.nbma;
	struct dst_entry *dst;

	if (retry && dmvpn_pending(retry, DMVPN_RETRY + 1))
		return ERR_PTR(-EAGAIN);
	dst = dmvpn_route(ddev, conf, nbma, peer->key.if_id);
	if (IS_ERR(dst)) {
		if (PTR_ERR(dst) == -EAGAIN) {
			WRITE_ONCE(peer->retry, (jiffies + DMVPN_RETRY) | 1);
			dmvpn_peer_set_state(peer,
					     DMVPN_PEER_STATE_NEGOTIATING);
		}
		return dst;
	}
	if (nbma->family == AF_INET)
		dst_cache_set_ip4(&peer->dst_cache, dst, conf->local4);
	else
		dst_cache_set_ip6(&peer->dst_cache, dst, &conf->local6);
	WRITE_ONCE(peer->mtu, dmvpn_encap_mtu(conf, dst, nbma->family));
	dmvpn_peer_found(conf, peer);
	return dst;
}

/**
 * dmvpn_peer_route() - the way to a peer, from its cache if possible
 * @ddev: device
 * @conf: its configuration
 * @peer: peer
 *
 * Context: RCU read side, bottom halves are off.
 *
 * Return: as dmvpn_route().
 */
struct dst_entry *dmvpn_peer_route(struct dmvpn_dev *ddev,
				   const struct dmvpn_conf *conf,
				   struct dmvpn_peer *peer)
{
	struct dst_entry *dst = dst_cache_get(&peer->dst_cache);

	if (likely(dst)) {
		/* It may be of an earlier configuration: without protection,
		 * or from another local address.
		 */
		if (likely(!conf->required ||
			   dmvpn_xfrm_out_ok(conf, dst, &peer->key.nbma)))
			return dst;
		dst_release(dst);
	}
	return dmvpn_peer_route_new(ddev, conf, peer);
}

/**
 * dmvpn_route_reason() - what to count for an error of dmvpn_route()
 * @err: negative error
 *
 * Return: DMVPN_A_COUNTER_TX_*.
 */
unsigned int dmvpn_route_reason(long err)
{
	switch (err) {
	case -EADDRNOTAVAIL:
		return DMVPN_A_COUNTER_TX_NO_LOCAL;
	case -ELOOP:
		return DMVPN_A_COUNTER_TX_LOOP;
	case -EAGAIN:
	case -EACCES:
	case -EINPROGRESS: /* of dmvpn_tx_ready() */
		return DMVPN_A_COUNTER_TX_UNSECURED;
	default:
		return DMVPN_A_COUNTER_TX_NO_ROUTE;
	}
}
