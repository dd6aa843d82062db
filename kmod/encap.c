// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts GRE and IP in front of a packet and sends it.
 *
 * A protected packet does not take ip_local_out(): there and in the
 * postrouting hook before encryption, netfilter may route the packet anew
 * (a changed mark, a translated source), and the new route need not have a
 * transform. The flag that says "routed anew already" keeps both away. What
 * netfilter sees of such packets is the ESP that comes out.
 */
#include "encap.h"

#include <net/gre.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ip_tunnels.h>
#include <net/ipv6.h>
#include <net/xfrm.h>

#include "dmvpn.h"
#include "grehdr.h"

static unsigned int dmvpn_encap_len(const struct dmvpn_conf *conf, u8 family)
{
	return dmvpn_gre_len(conf->has_key) +
	       (family == AF_INET ? sizeof(struct iphdr) :
				    sizeof(struct ipv6hdr));
}

/**
 * dmvpn_encap_mtu() - largest inner packet for a path
 * @conf: configuration
 * @dst: path, with its xfrm bundle
 * @family: of the outer addresses
 *
 * Return: octets, at least the 68 of RFC 791.
 */
u32 dmvpn_encap_mtu(const struct dmvpn_conf *conf, const struct dst_entry *dst,
		    u8 family)
{
	u32 mtu = dst_mtu(dst);
	u32 len = dmvpn_encap_len(conf, family);

	return max_t(u32, mtu > len ? mtu - len : 0, IPV4_MIN_MTU);
}

static int dmvpn_encap_out4(struct net *net, const struct dmvpn_conf *conf,
			    struct sk_buff *skb, const struct dmvpn_addr *nbma,
			    const struct dmvpn_outer *outer)
{
	struct iphdr *iph;

	skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	memset(IPCB(skb), 0, sizeof(*IPCB(skb)));

	iph = ip_hdr(skb);
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tos = outer->tos;
	iph->frag_off = outer->df ? htons(IP_DF) : 0;
	iph->ttl = outer->ttl;
	iph->protocol = IPPROTO_GRE;
	iph->saddr = conf->local4;
	iph->daddr = nbma->v4;
	/* 0 stands for "longer than the field", where a GSO packet is. */
	iph->tot_len = skb->len <= 0xffff ? htons(skb->len) : 0;
	ip_select_ident_segs(net, skb, NULL, skb_shinfo(skb)->gso_segs ?: 1);
	skb->protocol = htons(ETH_P_IP);

	if (!conf->required)
		return ip_local_out(net, NULL, skb);
	ip_send_check(iph);
	IPCB(skb)->flags |= IPSKB_REROUTED;
	return dst_output(net, NULL, skb);
}

static int dmvpn_encap_out6(struct net *net, const struct dmvpn_conf *conf,
			    struct sk_buff *skb, const struct dmvpn_addr *nbma,
			    const struct dmvpn_outer *outer, __be32 label)
{
	unsigned int len = skb->len;
	struct ipv6hdr *ip6h;

	skb_push(skb, sizeof(*ip6h));
	skb_reset_network_header(skb);
	memset(IP6CB(skb), 0, sizeof(*IP6CB(skb)));

	ip6h = ipv6_hdr(skb);
	ip6_flow_hdr(ip6h, outer->tos, label);
	ip6h->payload_len = len <= IPV6_MAXPLEN ? htons(len) : 0;
	ip6h->nexthdr = IPPROTO_GRE;
	ip6h->hop_limit = outer->ttl;
	ip6h->saddr = conf->local6;
	ip6h->daddr = nbma->v6;
	skb->protocol = htons(ETH_P_IPV6);
	/* Without it IPv6 answers "too big" to a packet of our own. */
	skb->ignore_df = !outer->df;

	if (!conf->required)
		return ip6_local_out(net, NULL, skb);
	IP6CB(skb)->flags |= IP6SKB_REROUTED;
	return dst_output(net, NULL, skb);
}

static __be32 dmvpn_encap_label(struct net *net, struct sk_buff *skb)
{
	struct flowi6 fl6 = {};

	/* Of the inner headers; else it would be made of an empty flow. */
	skb_get_hash(skb);
	return ip6_make_flowlabel(net, skb, 0, true, &fl6);
}

/**
 * dmvpn_encap_xmit() - send a packet to an NBMA address
 * @ddev: device
 * @conf: its configuration
 * @skb: inner packet, data at its network header; consumed
 * @dst: path from dmvpn_route(); consumed
 * @nbma: where to
 * @outer: the rest of the outer header
 *
 * Context: RCU read side, bottom halves are off.
 *
 * Return: 0 when the packet went out, -ENOMEM without room for the headers,
 * or what the output path said.
 */
int dmvpn_encap_xmit(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		     struct sk_buff *skb, struct dst_entry *dst,
		     const struct dmvpn_addr *nbma,
		     const struct dmvpn_outer *outer)
{
	bool xnet = !net_eq(ddev->net, dev_net(ddev->dev));
	unsigned int head;
	__be32 label = 0;
	int err;

	if (nbma->family == AF_INET6)
		label = dmvpn_encap_label(ddev->net, skb);
	head = LL_RESERVED_SPACE(dst->dev) + dst->header_len +
	       dmvpn_encap_len(conf, nbma->family);
	skb_scrub_packet(skb, xnet);
	skb_clear_hash_if_not_l4(skb);
	if (skb_cow_head(skb, head) ||
	    iptunnel_handle_offloads(skb, SKB_GSO_GRE)) {
		dst_release(dst);
		kfree_skb(skb);
		return -ENOMEM;
	}
	ip_tunnel_adj_headroom(ddev->dev, head);
	dmvpn_gre_push(skb, outer->proto, conf->has_key, conf->key);
	skb_dst_set(skb, dst);
	if (conf->mark)
		skb->mark = conf->mark;
	if (nbma->family == AF_INET)
		err = dmvpn_encap_out4(ddev->net, conf, skb, nbma, outer);
	else
		err = dmvpn_encap_out6(ddev->net, conf, skb, nbma, outer,
				       label);
	return net_xmit_eval(err);
}
