// SPDX-License-Identifier: GPL-2.0-only
/*
 * A router on the way says that an outer packet was too big: the route to
 * that peer learns it, and with the route the peer. Only ip_gre would do so
 * otherwise, and it need not be loaded.
 *
 * Protected devices have nothing to do here: the packets that routers see of
 * them are ESP, whose own error handler does the same.
 */
#include "err.h"

#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/netfilter.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/route.h>

#include "dmvpn.h"
#include "grehdr.h"
#include "route.h"
#include "rx.h"

/* The quoted packet must be one that a device here could have sent. Returns
 * the configuration of that device, and where its routes are looked up.
 */
static const struct dmvpn_conf *dmvpn_err_ours(struct net *net,
					       struct sk_buff *skb,
					       unsigned int gre_off,
					       const struct dmvpn_addr *local,
					       int *oif)
{
	const struct dmvpn_conf *conf;
	struct dmvpn_gre_info gre;
	struct dmvpn_dev *ddev;

	if (dmvpn_gre_parse_quoted(skb, gre_off, &gre))
		return NULL;
	ddev = dmvpn_rx_dev(net, skb, local, &gre);
	if (!ddev)
		return NULL;
	conf = rcu_dereference(ddev->conf);
	if (conf->required || dmvpn_route_oif(net, conf, oif))
		return NULL;
	return conf;
}

/**
 * dmvpn_err4() - look at an ICMP packet
 * @net: underlay namespace
 * @skb: packet, data at its IP header
 *
 * Return: NF_ACCEPT: the packet is not ours to take.
 */
unsigned int dmvpn_err4(struct net *net, struct sk_buff *skb)
{
	unsigned int icmp_off = ip_hdrlen(skb);
	unsigned int quoted = icmp_off + sizeof(struct icmphdr);
	struct iphdr buf, *iph;
	struct icmphdr hbuf, *icmph;
	struct dmvpn_addr local;
	int oif;

	icmph = skb_header_pointer(skb, icmp_off, sizeof(hbuf), &hbuf);
	if (!icmph || icmph->type != ICMP_DEST_UNREACH ||
	    icmph->code != ICMP_FRAG_NEEDED)
		return NF_ACCEPT;
	iph = skb_header_pointer(skb, quoted, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5 ||
	    iph->protocol != IPPROTO_GRE)
		return NF_ACCEPT;
	local = dmvpn_addr_from_v4(iph->saddr);
	if (!dmvpn_err_ours(net, skb, quoted + iph->ihl * 4, &local, &oif) ||
	    csum_fold(skb_checksum(skb, icmp_off, skb->len - icmp_off, 0)) ||
	    !pskb_may_pull(skb, quoted + sizeof(*iph)))
		return NF_ACCEPT;
	icmph = (struct icmphdr *)(skb->data + icmp_off);
	/* It reads the quoted header at skb->data. */
	__skb_pull(skb, quoted);
	ipv4_update_pmtu(skb, net, ntohs(icmph->un.frag.mtu), oif,
			 IPPROTO_GRE);
	__skb_push(skb, quoted);
	return NF_ACCEPT;
}

/**
 * dmvpn_err6() - look at an ICMPv6 packet
 * @net: underlay namespace
 * @skb: packet, data at its IPv6 header
 * @offset: of the ICMPv6 header
 *
 * Return: NF_ACCEPT: the packet is not ours to take.
 */
unsigned int dmvpn_err6(struct net *net, struct sk_buff *skb,
			unsigned int offset)
{
	unsigned int quoted = offset + sizeof(struct icmp6hdr);
	const struct ipv6hdr *outer = ipv6_hdr(skb);
	unsigned int len = skb->len - offset;
	struct icmp6hdr hbuf, *icmph;
	const struct dmvpn_conf *conf;
	struct ipv6hdr buf, *ip6h;
	struct dmvpn_addr local;
	__be16 frag_off;
	int oif, gre;
	u8 proto;

	icmph = skb_header_pointer(skb, offset, sizeof(hbuf), &hbuf);
	if (!icmph || icmph->icmp6_type != ICMPV6_PKT_TOOBIG)
		return NF_ACCEPT;
	ip6h = skb_header_pointer(skb, quoted, sizeof(buf), &buf);
	if (!ip6h || ip6h->version != 6)
		return NF_ACCEPT;
	/* It may be a fragment, of which only the first shows its GRE header. */
	local = dmvpn_addr_from_v6(&ip6h->saddr);
	proto = ip6h->nexthdr;
	gre = ipv6_skip_exthdr(skb, quoted + sizeof(*ip6h), &proto, &frag_off);
	if (gre < 0 || proto != IPPROTO_GRE || frag_off & htons(IP6_OFFSET))
		return NF_ACCEPT;
	conf = dmvpn_err_ours(net, skb, gre, &local, &oif);
	if (!conf ||
	    csum_ipv6_magic(&outer->saddr, &outer->daddr, len, IPPROTO_ICMPV6,
			    skb_checksum(skb, offset, len, 0)) ||
	    !pskb_may_pull(skb, quoted + sizeof(*ip6h)))
		return NF_ACCEPT;
	icmph = (struct icmp6hdr *)(skb->data + offset);
	__skb_pull(skb, quoted);
	ip6_update_pmtu(skb, net, icmph->icmp6_mtu, oif, conf->mark,
			sock_net_uid(net, NULL));
	__skb_push(skb, quoted);
	return NF_ACCEPT;
}
