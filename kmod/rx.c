// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receive.
 *
 * The protocol number of GRE belongs to the gre module, and its version 0 to
 * ip_gre, with room for one owner each. So packets are taken one step
 * earlier, by a local-in hook behind all others, that leaves alone whatever
 * is not for one of our devices. The duties of local delivery that are
 * skipped thereby are done here: the xfrm policy check and the confirmation
 * of the conntrack entry.
 */
#include "rx.h"

#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/netfilter/nf_conntrack.h>

#include "cache.h"
#include "dmvpn.h"
#include "err.h"
#include "frag.h"
#include "grehdr.h"
#include "net.h"
#include "peer.h"
#include "upcall.h"
#include "xfrm.h"

/**
 * struct dmvpn_rx - a packet on its way through here
 * @ddev: device that it is for
 * @conf: configuration of the device
 * @gre: its GRE header
 * @src: outer source
 * @dst: outer destination
 * @sa: security association that it came by
 * @ip_len: length of the outer IP header with its options or extensions
 */
struct dmvpn_rx {
	struct dmvpn_dev *ddev;
	const struct dmvpn_conf *conf;
	struct dmvpn_gre_info gre;
	struct dmvpn_addr src;
	struct dmvpn_addr dst;
	struct dmvpn_sa sa;
	unsigned int ip_len;
};

/* A packet may come by any device of the VRF the underlay device is in. */
static bool dmvpn_rx_same_vrf(struct net *net, const struct sk_buff *skb,
			      int link)
{
	struct net_device *dev = dev_get_by_index_rcu(net, link);

	return dev && l3mdev_master_ifindex_rcu(dev) ==
		      l3mdev_master_ifindex_rcu(skb->dev);
}

static bool dmvpn_rx_match(const struct dmvpn_conf *conf,
			   const struct dmvpn_addr *local,
			   const struct dmvpn_gre_info *gre)
{
	return conf->has_key == gre->has_key && conf->key == gre->key &&
	       dmvpn_conf_is_local(conf, local);
}

/**
 * dmvpn_rx_dev() - the device a GRE packet belongs to
 * @net: namespace the packet is in
 * @skb: packet that came, for its input device
 * @local: our end's address
 * @gre: GRE header
 *
 * Of two with the same address and key, on two underlay devices, it is the one on
 * the device that the packet came by. A VRF has put itself in the place of that,
 * so of two in one VRF it is the first.
 *
 * Context: RCU read side.
 *
 * Return: the device, or NULL.
 */
struct dmvpn_dev *dmvpn_rx_dev(struct net *net, const struct sk_buff *skb,
			       const struct dmvpn_addr *local,
			       const struct dmvpn_gre_info *gre)
{
	struct dmvpn_net *dn = dmvpn_net(net);
	const struct dmvpn_conf *conf;
	struct dmvpn_dev *ddev, *other = NULL;

	list_for_each_entry_rcu(ddev, &dn->devices, list) {
		conf = rcu_dereference(ddev->conf);
		if (!dmvpn_rx_match(conf, local, gre))
			continue;
		if (!conf->link || conf->link == skb->dev->ifindex)
			return ddev;
		if (!other && dmvpn_rx_same_vrf(net, skb, conf->link))
			other = ddev;
	}
	return other;
}

/* Stolen packets do not reach the hook that confirms. */
static bool dmvpn_rx_confirm(struct sk_buff *skb)
{
#if IS_ENABLED(CONFIG_NF_CONNTRACK)
	const struct nf_ct_hook *hook;
	enum ip_conntrack_info ctinfo;
	struct nf_conn *ct;

	ct = nf_ct_get(skb, &ctinfo);
	if (!ct || nf_ct_is_template(ct) || nf_ct_is_confirmed(ct))
		return true;
	hook = rcu_dereference(nf_ct_hook);
	if (hook && hook->confirm)
		return hook->confirm(skb) == NF_ACCEPT;
#endif
	return true;
}

static void dmvpn_rx_say(const struct dmvpn_rx *rx, unsigned int reason)
{
	struct sockaddr_storage src;

	dmvpn_addr_to_sockaddr(&rx->src, &src);
	if (reason == DMVPN_A_COUNTER_RX_CLEAR)
		net_info_ratelimited("%s: dropped a packet in the clear from %pISc\n",
				     rx->ddev->dev->name, &src);
	else if (reason == DMVPN_A_COUNTER_RX_WRONG_PEER)
		net_info_ratelimited("%s: dropped a packet from %pISc that came by the security association of another\n",
				     rx->ddev->dev->name, &src);
}

/* Judges the outer packet. Returns 0 or the counter to drop it by. */
static unsigned int dmvpn_rx_outer(struct dmvpn_rx *rx, struct sk_buff *skb)
{
	unsigned int reason;

	if (!netif_running(rx->ddev->dev))
		return DMVPN_A_COUNTER_RX_DOWN;
	reason = dmvpn_xfrm_in(rx->conf, skb, &rx->src, &rx->dst, &rx->sa);
	if (reason) {
		dmvpn_rx_say(rx, reason);
		return reason;
	}
	if (!dmvpn_rx_confirm(skb))
		return DMVPN_A_COUNTER_RX_POLICY;
	if (rx->gre.has_csum && !dmvpn_gre_csum_ok(skb, rx->ip_len))
		return DMVPN_A_COUNTER_RX_CHECKSUM;
	return 0;
}

static bool dmvpn_rx_source_ok(const struct dmvpn_rx *rx,
			       const struct sk_buff *skb,
			       const struct dmvpn_peer *peer)
{
	struct dmvpn_addr src;
	struct dmvpn_entry *e;

	if (skb->protocol == htons(ETH_P_IP))
		src = dmvpn_addr_from_v4(ip_hdr(skb)->saddr);
	else
		src = dmvpn_addr_from_v6(&ipv6_hdr(skb)->saddr);
	e = dmvpn_cache_lookup(rx->ddev, &src);
	/* A server relays for others, whose addresses are not its own. */
	return peer && ((e && e->peer == peer) ||
			!list_empty(&peer->nhs_node));
}

static bool dmvpn_rx_pull(struct sk_buff *skb, unsigned int len, __be16 proto,
			  bool xnet)
{
	/* Afterwards the outer header is to be found as the MAC header:
	 * that is where the redirect hook looks for the peer.
	 */
	skb_pop_mac_header(skb);
	if (iptunnel_pull_header(skb, len, proto, xnet))
		return false;
	skb_reset_network_header(skb);
	if (proto == htons(ETH_P_IP))
		return pskb_network_may_pull(skb, sizeof(struct iphdr)) &&
		       ip_hdr(skb)->version == 4;
	return pskb_network_may_pull(skb, sizeof(struct ipv6hdr)) &&
	       ipv6_hdr(skb)->version == 6;
}

static bool dmvpn_rx_ecn_ok(const struct dmvpn_rx *rx, struct sk_buff *skb)
{
	const void *outer = skb_mac_header(skb);

	/* More than 1: congestion, and no way to say so (RFC 6040) */
	if (rx->src.family == AF_INET)
		return IP_ECN_decapsulate(outer, skb) <= 1;
	return IP6_ECN_decapsulate(outer, skb) <= 1;
}

/* Delivers the inner packet. Returns 0 or the counter to drop it by. */
static unsigned int dmvpn_rx_inner(struct dmvpn_rx *rx, struct sk_buff *skb,
				   struct dmvpn_peer *peer)
{
	struct net_device *dev = rx->ddev->dev;
	bool xnet = !net_eq(rx->ddev->net, dev_net(dev));
	unsigned int len = rx->ip_len + rx->gre.hlen;

	if (rx->gre.proto != htons(ETH_P_IP) &&
	    rx->gre.proto != htons(ETH_P_IPV6))
		return DMVPN_A_COUNTER_RX_PROTOCOL;
	if (!dmvpn_rx_pull(skb, len, rx->gre.proto, xnet))
		return DMVPN_A_COUNTER_RX_MALFORMED;
	if (!dmvpn_rx_ecn_ok(rx, skb))
		return DMVPN_A_COUNTER_RX_ECN;
	if (rx->conf->strict_source && !dmvpn_rx_source_ok(rx, skb, peer))
		return DMVPN_A_COUNTER_RX_SOURCE;
	skb->dev = dev;
	skb->pkt_type = PACKET_HOST;
	dev_sw_netstats_rx_add(dev, skb->len);
	if (peer)
		dmvpn_peer_count_rx(peer, skb->len);
	gro_cells_receive(&rx->ddev->gro_cells, skb);
	return 0;
}

static void dmvpn_rx_packet(struct dmvpn_rx *rx, struct sk_buff *skb)
{
	struct dmvpn_peer *peer = NULL;
	unsigned int reason;

	rx->conf = rcu_dereference(rx->ddev->conf);
	reason = dmvpn_rx_outer(rx, skb);
	if (!reason) {
		peer = dmvpn_peer_lookup(rx->ddev, &rx->src, rx->sa.if_id);
		if (peer)
			dmvpn_peer_heard(peer, rx->sa.spi);
		if (rx->gre.proto == htons(DMVPN_P_NHRP)) {
			dmvpn_upcall_nhrp(rx->ddev, skb,
					  rx->ip_len + rx->gre.hlen, &rx->src,
					  &rx->dst, &rx->sa);
			return;
		}
		reason = dmvpn_rx_inner(rx, skb, peer);
		if (!reason)
			return;
	}
	if (peer)
		dmvpn_peer_count_drop(peer, false);
	dmvpn_drop(rx->ddev, skb, reason);
}

/* Takes the packet, whatever becomes of it. A packet that a firewall had queued
 * to a program comes from that program's verdict, with bottom halves on.
 */
static void dmvpn_rx(struct dmvpn_rx *rx, struct sk_buff *skb)
{
	local_bh_disable();
	dmvpn_rx_packet(rx, skb);
	local_bh_enable();
}

static unsigned int dmvpn_rx_hook4(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct dmvpn_rx rx;

	if (iph->protocol == IPPROTO_ICMP)
		return dmvpn_err4(state->net, skb);
	if (iph->protocol != IPPROTO_GRE)
		return NF_ACCEPT;
	rx.ip_len = ip_hdrlen(skb);
	if (dmvpn_gre_parse(skb, rx.ip_len, &rx.gre))
		return NF_ACCEPT;
	rx.src = dmvpn_addr_from_v4(iph->saddr);
	rx.dst = dmvpn_addr_from_v4(iph->daddr);
	rx.ddev = dmvpn_rx_dev(state->net, skb, &rx.dst, &rx.gre);
	if (!rx.ddev)
		return NF_ACCEPT;
	dmvpn_rx(&rx, skb);
	return NF_STOLEN;
}

/* Has a routing header a further hop for it? */
static bool dmvpn_rx_routed_on(const struct sk_buff *skb)
{
	int off = 0, flags = IP6_FH_F_SKIP_RH;

	return ipv6_hdr(skb)->nexthdr != IPPROTO_GRE &&
	       ipv6_find_hdr(skb, &off, NEXTHDR_ROUTING, NULL, &flags) >= 0;
}

static unsigned int dmvpn_rx_hook6(void *priv, struct sk_buff *skb,
				   const struct nf_hook_state *state)
{
	const struct ipv6hdr *ip6h = ipv6_hdr(skb);
	int proto, off = 0, flags = IP6_FH_F_AUTH;
	struct dmvpn_rx rx;

	if (likely(ip6h->nexthdr == IPPROTO_TCP ||
		   ip6h->nexthdr == IPPROTO_UDP))
		return NF_ACCEPT;
	/* Behind AH it comes again, once that was checked. */
	proto = ipv6_find_hdr(skb, &off, -1, NULL, &flags);
	/* Not whole: only without nf_defrag_ipv6, see dmvpn_net_add(). */
	if (flags & IP6_FH_F_FRAG)
		return NF_ACCEPT;
	if (proto == IPPROTO_ICMPV6)
		return dmvpn_err6(state->net, skb, off);
	if (proto != IPPROTO_GRE || dmvpn_rx_routed_on(skb) ||
	    dmvpn_gre_parse(skb, off, &rx.gre))
		return NF_ACCEPT;
	rx.ip_len = off;
	ip6h = ipv6_hdr(skb);
	rx.src = dmvpn_addr_from_v6(&ip6h->saddr);
	rx.dst = dmvpn_addr_from_v6(&ip6h->daddr);
	rx.ddev = dmvpn_rx_dev(state->net, skb, &rx.dst, &rx.gre);
	if (!rx.ddev)
		return NF_ACCEPT;
	dmvpn_rx(&rx, skb);
	return NF_STOLEN;
}

/* Packets are taken behind everybody else, but before conntrack confirms at
 * INT_MAX: a later hook of the same priority would come first. Fragments are
 * put together before conntrack does it.
 */
const struct nf_hook_ops dmvpn_rx_hooks[DMVPN_RX_HOOKS] = {
	{
		.hook = dmvpn_rx_hook4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = INT_MAX - 1,
	},
	{
		.hook = dmvpn_rx_hook6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_LOCAL_IN,
		.priority = INT_MAX - 1,
	},
	{
		.hook = dmvpn_frag_hook4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_CONNTRACK_DEFRAG - 1,
	},
	{
		.hook = dmvpn_frag_hook6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_CONNTRACK_DEFRAG - 1,
	},
};
