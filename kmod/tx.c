// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transmit.
 *
 * A packet goes to the peer of its cache entry. While there is no entry, or
 * its peer cannot be reached yet, a next hop server relays it; where there is
 * none it waits in a short queue. So the first packets to a new destination
 * are not lost, and the change to the direct path costs none either.
 *
 * All of it runs under RCU, without a lock and without allocation but that
 * of the packet's own headers; only a packet that nobody can take now leaves
 * this path (hold.c), and only a miss that is worth telling builds a message
 * (upcall.c).
 */
#include "tx.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <linux/netlink.h>
#include <net/dst.h>
#include <net/dst_metadata.h>
#include <net/icmp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "compat/compat.h"
#include "cache.h"
#include "dmvpn.h"
#include "encap.h"
#include "hold.h"
#include "mcast.h"
#include "peer.h"
#include "route.h"
#include "upcall.h"

/* Devices without a queue that a packet may have come through, one inside the
 * other, as the kernel's tunnels have it: each takes its share of the stack, and two
 * of ours may lead to each other.
 */
#define DMVPN_TX_NESTING	5

static bool dmvpn_tx_inner4(struct sk_buff *skb, struct dmvpn_inner *in)
{
	const struct rtable *rt = skb_valid_dst(skb) ? skb_rtable(skb) : NULL;
	const struct iphdr *iph;

	if (!pskb_network_may_pull(skb, sizeof(*iph)))
		return false;
	iph = ip_hdr(skb);
	if (iph->version != 4 || iph->ihl < 5)
		return false;
	in->src = dmvpn_addr_from_v4(iph->saddr);
	in->dst = dmvpn_addr_from_v4(iph->daddr);
	in->tos = iph->tos;
	in->ttl = iph->ttl;
	in->df = iph->frag_off & htons(IP_DF);
	in->mcast = ipv4_is_multicast(iph->daddr) ||
		    ipv4_is_lbcast(iph->daddr) ||
		    (rt && rt->rt_flags & RTCF_BROADCAST);
	return true;
}

static bool dmvpn_tx_inner6(struct sk_buff *skb, struct dmvpn_inner *in)
{
	const struct ipv6hdr *ip6h;

	if (!pskb_network_may_pull(skb, sizeof(*ip6h)))
		return false;
	ip6h = ipv6_hdr(skb);
	if (ip6h->version != 6)
		return false;
	in->src = dmvpn_addr_from_v6(&ip6h->saddr);
	in->dst = dmvpn_addr_from_v6(&ip6h->daddr);
	in->tos = ipv6_get_dsfield(ip6h);
	in->ttl = ip6h->hop_limit;
	in->df = true;
	in->mcast = ipv6_addr_is_multicast(&ip6h->daddr);
	return true;
}

/**
 * dmvpn_tx_inner() - read the inner header
 * @skb: packet, data at its network header; may be reallocated
 * @in: filled
 *
 * Return: false when it is neither IPv4 nor IPv6, or malformed.
 */
bool dmvpn_tx_inner(struct sk_buff *skb, struct dmvpn_inner *in)
{
	switch (skb->protocol) {
	case htons(ETH_P_IP):
		return dmvpn_tx_inner4(skb, in);
	case htons(ETH_P_IPV6):
		return dmvpn_tx_inner6(skb, in);
	default:
		return false;
	}
}

/* The next hop by the packet's route: the gateway, or the destination on a
 * route to the interface and for packets that come without a route.
 */
static void dmvpn_tx_nexthop(const struct sk_buff *skb,
			     const struct dmvpn_inner *in,
			     struct dmvpn_addr *nexthop)
{
	const struct dst_entry *dst = skb_dst(skb);

	*nexthop = in->dst;
	/* What tc attaches for other tunnels is no route. */
	if (!skb_valid_dst(skb))
		return;
	if (in->dst.family == AF_INET) {
		const struct rtable *rt = dst_rtable(dst);

		if (rt->rt_gw_family == AF_INET)
			*nexthop = dmvpn_addr_from_v4(rt->rt_gw4);
		else if (rt->rt_gw_family == AF_INET6)
			*nexthop = dmvpn_addr_from_v6(&rt->rt_gw6);
	} else {
		*nexthop = dmvpn_addr_from_v6(rt6_nexthop(dst_rt6_info(dst),
							  &in->dst.v6));
	}
}

/**
 * dmvpn_tx_lookup() - the cache entry a packet uses
 * @ddev: device
 * @conf: its configuration
 * @skb: packet with its route
 * @in: its header
 * @target: filled with the address that needs a mapping
 *
 * A shortcut for the destination goes before the next hop. An entry that
 * leads nowhere yet (incomplete, negative) is no shortcut: while a
 * destination is being resolved its packets take the way that routing names.
 *
 * Context: RCU read side.
 *
 * Return: the entry, or NULL when none covers the packet.
 */
struct dmvpn_entry *dmvpn_tx_lookup(struct dmvpn_dev *ddev,
				    const struct dmvpn_conf *conf,
				    const struct sk_buff *skb,
				    const struct dmvpn_inner *in,
				    struct dmvpn_addr *target)
{
	struct dmvpn_entry *e, *shortcut = NULL;

	if (conf->shortcut) {
		shortcut = dmvpn_cache_lookup(ddev, &in->dst);
		if (shortcut && shortcut->peer)
			return shortcut;
	}
	dmvpn_tx_nexthop(skb, in, target);
	e = dmvpn_cache_lookup(ddev, target);
	return e ?: shortcut;
}

/* Only a packet socket brings IPv6 to a device of a kernel that has it disabled,
 * and that kernel has nothing to answer with.
 */
static void dmvpn_tx_icmp6(struct sk_buff *skb, u8 type, u8 code, u32 info)
{
	if (ipv6_mod_enabled())
		icmpv6_ndo_send(skb, type, code, info);
}

/* Tells the sender that a packet is too big for the path, or clears the
 * don't-fragment bit where it cannot be told. Returns true when the packet
 * must not go out.
 */
static bool dmvpn_tx_too_big(struct sk_buff *skb, const struct dmvpn_inner *in,
			     u32 mtu, struct dmvpn_outer *outer)
{
	bool v4 = in->dst.family == AF_INET;
	u32 least = v4 ? IPV4_MIN_MTU : IPV6_MIN_MTU;
	u32 told = max(mtu, least);
	bool fits, fits_told;

	if (skb_is_gso(skb)) {
		fits = skb_gso_validate_network_len(skb, mtu);
		fits_told = fits || skb_gso_validate_network_len(skb, told);
	} else {
		fits = skb->len <= mtu;
		fits_told = skb->len <= told;
	}
	if (fits || !outer->df)
		return false;
	/* Fragments of the outer packet are better than a loss. */
	if (fits_told || !in->df) {
		outer->df = false;
		return false;
	}
	skb_dst_update_pmtu_no_confirm(skb, told);
	if (v4)
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED,
			      htonl(told));
	else
		dmvpn_tx_icmp6(skb, ICMPV6_PKT_TOOBIG, 0, told);
	return true;
}

static void dmvpn_tx_outer(const struct dmvpn_conf *conf,
			   const struct sk_buff *skb,
			   const struct dmvpn_inner *in,
			   struct dmvpn_outer *outer)
{
	u8 tos = conf->tos == 1 ? in->tos : conf->tos;

	outer->proto = skb->protocol;
	outer->tos = INET_ECN_encapsulate(tos, in->tos);
	outer->ttl = conf->ttl ?: in->ttl;
	outer->df = conf->df == DMVPN_DF_SET ||
		    (conf->df == DMVPN_DF_INHERIT && in->df);
}

/**
 * dmvpn_tx_to() - send a packet to a peer
 * @ddev: device
 * @conf: its configuration
 * @skb: packet
 * @in: its header
 * @peer: where to
 * @limit: largest packet that may go there, 0 for no limit
 *
 * Context: RCU read side, bottom halves are off.
 *
 * Return: 0 when the packet has been dealt with (sent, or dropped and
 * counted); otherwise an error of dmvpn_route() and the packet is the
 * caller's still.
 */
int dmvpn_tx_to(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		struct sk_buff *skb, const struct dmvpn_inner *in,
		struct dmvpn_peer *peer, u32 limit)
{
	struct dst_entry *dst = dmvpn_peer_route(ddev, conf, peer);
	unsigned int len = skb->len;
	struct dmvpn_outer outer;
	u32 mtu;
	int err;

	if (IS_ERR(dst))
		return PTR_ERR(dst);
	dmvpn_tx_outer(conf, skb, in, &outer);
	mtu = dmvpn_encap_mtu(conf, dst, peer->key.nbma.family);
	/* A bundle takes over the MTU of its route without a new lookup. */
	if (READ_ONCE(peer->mtu) != mtu)
		WRITE_ONCE(peer->mtu, mtu);
	if (limit && limit < mtu)
		mtu = max_t(u32, limit, IPV4_MIN_MTU);
	if (dmvpn_tx_too_big(skb, in, mtu, &outer)) {
		dst_release(dst);
		dmvpn_peer_count_drop(peer, true);
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_TOO_BIG);
		return 0;
	}
	err = dmvpn_encap_xmit(ddev, conf, skb, dst, &peer->key.nbma, &outer);
	if (!err) {
		dev_sw_netstats_tx_add(ddev->dev, 1, len);
		dmvpn_peer_count_tx(peer, len);
	} else {
		/* It has been freed; the output path's reasons are its own. */
		if (err == -ENOMEM)
			dmvpn_count(ddev, DMVPN_A_COUNTER_TX_NO_MEMORY);
		DEV_STATS_INC(ddev->dev, tx_errors);
		dmvpn_peer_count_drop(peer, true);
	}
	return 0;
}

static void dmvpn_tx_unreachable(struct sk_buff *skb,
				 const struct dmvpn_inner *in)
{
	if (in->dst.family == AF_INET)
		icmp_ndo_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	else
		dmvpn_tx_icmp6(skb, ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH,
			       0);
}

/* As dmvpn_tx_to(), once the other end can be expected to understand it;
 * -EINPROGRESS before.
 */
static int dmvpn_tx_ready(struct dmvpn_dev *ddev,
			  const struct dmvpn_conf *conf, struct sk_buff *skb,
			  const struct dmvpn_inner *in,
			  struct dmvpn_peer *peer, u32 limit)
{
	struct dst_entry *dst;

	/* Packets may be the first to see that it has been secured, and may
	 * have been told since that it is not.
	 */
	if (unlikely(smp_load_acquire(&peer->state) <
		     DMVPN_PEER_STATE_SECURED)) {
		dst = dmvpn_peer_route(ddev, conf, peer);
		if (IS_ERR(dst))
			return PTR_ERR(dst);
		dst_release(dst);
		dmvpn_peer_found(conf, peer);
	}
	if (unlikely(!dmvpn_peer_settled(peer)))
		return -EINPROGRESS;
	return dmvpn_tx_to(ddev, conf, skb, in, peer, limit);
}

/* @err says why the packet cannot go to its own peer: -ENOENT without a
 * mapping, else as dmvpn_tx_ready().
 */
static void dmvpn_tx_relay(struct dmvpn_dev *ddev,
			   const struct dmvpn_conf *conf, struct sk_buff *skb,
			   const struct dmvpn_inner *in,
			   const struct dmvpn_entry *e, int err)
{
	struct dmvpn_peer *tried = e ? e->peer : NULL;
	struct dmvpn_peer *young = err == -EINPROGRESS ? tried : NULL;
	bool stays = dmvpn_addr_link_local(&in->dst) ||
		     dmvpn_addr_link_local(&in->src);
	bool waits;
	struct dmvpn_peer *nhs;
	int last;

	list_for_each_entry_rcu(nhs, &ddev->nhs, nhs_node) {
		/* A server is a router, which would not hand it on. */
		if (stays || nhs == tried)
			continue;
		last = dmvpn_tx_ready(ddev, conf, skb, in, nhs, 0);
		if (!last) {
			dmvpn_count(ddev, DMVPN_A_COUNTER_RELAYED);
			return;
		}
		if (last == -EINPROGRESS && !young)
			young = nhs;
		/* One that is being secured is worth waiting for. */
		if (err != -EAGAIN && err != -EINPROGRESS)
			err = last;
	}
	waits = err == -EAGAIN || err == -EINPROGRESS ||
		(err == -ENOENT && READ_ONCE(ddev->owner));
	/* Rather than have one dropped, send to a peer that may be ready. */
	if (waits && conf->hold_queue &&
	    !(young && (dmvpn_hold_full(ddev, conf) || dmvpn_hold_over(skb)))) {
		dmvpn_hold(ddev, conf, skb);
		return;
	}
	if (young && !dmvpn_tx_to(ddev, conf, skb, in, young,
				  young == tried ? e->b.mtu : 0))
		return;
	dmvpn_tx_unreachable(skb, in);
	dmvpn_drop(ddev, skb, err == -ENOENT ? DMVPN_A_COUNTER_TX_NO_ENTRY :
					       dmvpn_route_reason(err));
}

/**
 * dmvpn_tx_unicast() - send a packet to the peer its destination maps to
 * @ddev: device
 * @conf: its configuration
 * @skb: packet with its route, consumed
 * @in: its header
 * @first: count it; one that was held has been counted when it came
 *
 * Context: RCU read side, bottom halves are off.
 */
void dmvpn_tx_unicast(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		      struct sk_buff *skb, const struct dmvpn_inner *in,
		      bool first)
{
	struct dmvpn_peer *peer = NULL;
	struct dmvpn_addr target;
	struct dmvpn_entry *e;
	int err = -ENOENT;

	e = dmvpn_tx_lookup(ddev, conf, skb, in, &target);
	if (e) {
		if (first)
			dmvpn_entry_use(e);
		peer = e->peer;
	}
	if (peer) {
		err = dmvpn_tx_ready(ddev, conf, skb, in, peer, e->b.mtu);
		if (likely(!err))
			return;
	} else {
		if (first)
			dmvpn_count(ddev, DMVPN_A_COUNTER_MISS);
		/* An entry without a peer is one that is being dealt with. */
		if (!e)
			dmvpn_upcall_miss(ddev, &target, in);
	}
	dmvpn_tx_relay(ddev, conf, skb, in, e, err);
}

/**
 * dmvpn_xmit() - ndo_start_xmit
 * @skb: inner packet, consumed
 * @dev: device
 *
 * Context: bottom halves are off.
 *
 * Return: NETDEV_TX_OK, always.
 */
netdev_tx_t dmvpn_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct dmvpn_dev *ddev = netdev_priv(dev);
	const struct dmvpn_conf *conf;
	struct dmvpn_inner in;

	if (unlikely(dev_recursion_level() > DMVPN_TX_NESTING)) {
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_LOOP);
		return NETDEV_TX_OK;
	}
	if (!dmvpn_tx_inner(skb, &in)) {
		dmvpn_drop(ddev, skb, DMVPN_A_COUNTER_TX_NOT_IP);
		return NETDEV_TX_OK;
	}
	dmvpn_hold_new(skb);
	rcu_read_lock();
	conf = rcu_dereference(ddev->conf);
	if (in.mcast)
		dmvpn_mcast_xmit(ddev, conf, skb, &in);
	else
		dmvpn_tx_unicast(ddev, conf, skb, &in, true);
	rcu_read_unlock();
	return NETDEV_TX_OK;
}

static int dmvpn_tx_nhrp_skb(struct dmvpn_dev *ddev,
			     const struct dmvpn_addr *nbma, u32 if_id,
			     struct sk_buff *skb)
{
	/* As Cisco's: network control, fragmented rather than lost */
	static const struct dmvpn_outer outer = {
		.proto = cpu_to_be16(DMVPN_P_NHRP), .tos = 0xc0, .ttl = 255,
	};
	const struct dmvpn_conf *conf = rcu_dereference(ddev->conf);
	struct dmvpn_peer *peer = dmvpn_peer_lookup(ddev, nbma, if_id);
	struct dst_entry *dst;
	int err;

	if (peer) {
		/* The daemon knows when it is time to look again. */
		WRITE_ONCE(peer->retry, 0);
		dst = dmvpn_peer_route(ddev, conf, peer);
	} else {
		dst = dmvpn_route(ddev, conf, nbma, if_id);
	}
	if (IS_ERR(dst)) {
		kfree_skb(skb);
		return PTR_ERR(dst);
	}
	err = dmvpn_encap_xmit(ddev, conf, skb, dst, nbma, &outer);
	/* A queue's verdict is positive, netlink's errors are negative. */
	return err > 0 ? net_xmit_errno(err) : err;
}

static void dmvpn_tx_nhrp_error(int err, struct netlink_ext_ack *extack)
{
	switch (err) {
	case -EAGAIN:
		NL_SET_ERR_MSG(extack, "nbma: no security association with the peer yet");
		break;
	case -EACCES:
		NL_SET_ERR_MSG(extack, "nbma: an xfrm policy forbids it");
		break;
	case -EADDRNOTAVAIL:
		NL_SET_ERR_MSG(extack, "the device has no local NBMA address of that family");
		break;
	case -ELOOP:
		NL_SET_ERR_MSG(extack, "nbma: the route to it leads into the device");
		break;
	default:
		NL_SET_ERR_MSG(extack, "nbma: no route to it, or the packet was dropped");
	}
}

/**
 * dmvpn_tx_nhrp() - send an NHRP packet
 * @ddev: device, up
 * @nbma: where to
 * @if_id: xfrm interface id of the peer, 0 for none
 * @packet: NHRP packet
 * @len: its length in octets
 * @extack: says why not
 *
 * Context: process.
 *
 * Return: 0, -ENOMEM, or an error of dmvpn_route() or of the output path.
 */
int dmvpn_tx_nhrp(struct dmvpn_dev *ddev, const struct dmvpn_addr *nbma,
		  u32 if_id, const void *packet, unsigned int len,
		  struct netlink_ext_ack *extack)
{
	unsigned int head = LL_MAX_HEADER + READ_ONCE(ddev->dev->needed_headroom);
	struct sk_buff *skb = alloc_skb(head + len, GFP_KERNEL);
	int err;

	if (!skb) {
		NL_SET_ERR_MSG(extack, "no memory for the packet");
		return -ENOMEM;
	}
	skb_reserve(skb, head);
	skb_put_data(skb, packet, len);
	skb_reset_network_header(skb);
	skb->dev = ddev->dev;
	skb->protocol = htons(DMVPN_P_NHRP);
	skb->priority = TC_PRIO_CONTROL;

	local_bh_disable();
	rcu_read_lock();
	err = dmvpn_tx_nhrp_skb(ddev, nbma, if_id, skb);
	rcu_read_unlock();
	local_bh_enable();
	if (err)
		dmvpn_tx_nhrp_error(err, extack);
	return err;
}
