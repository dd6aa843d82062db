// SPDX-License-Identifier: GPL-2.0-only
/*
 * A forwarded packet that came by a device of an NHRP network and leaves by
 * one of the same network could go straight from peer to peer. The daemon is
 * asked to tell the peer it came from; the packet goes on its way.
 *
 * Which peer that is can be read here only: the outer header still stands in
 * front of the packet, where receive left it as the MAC header. On the way
 * to transmit it is lost.
 */
#include "redirect.h"

#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "cache.h"
#include "device.h"
#include "dmvpn.h"
#include "peer.h"
#include "trace.h"
#include "tx.h"
#include "upcall.h"

/**
 * struct dmvpn_pair - what redirects are limited by
 * @src: inner source
 * @dst: inner destination
 */
struct dmvpn_pair {
	struct dmvpn_addr src;
	struct dmvpn_addr dst;
};

static bool dmvpn_same_network(const struct dmvpn_dev *in,
			       const struct dmvpn_conf *conf,
			       const struct dmvpn_dev *out)
{
	return in == out ||
	       (conf->network_id && conf->network_id ==
		rcu_dereference(out->conf)->network_id);
}

/* In a VRF the input device is the VRF; the packet remembers its own. */
static struct net_device *dmvpn_redirect_in(const struct sk_buff *skb,
					    const struct nf_hook_state *state)
{
	if (state->pf == NFPROTO_IPV4 && ipv4_l3mdev_skb(IPCB(skb)->flags))
		return dev_get_by_index_rcu(state->net, IPCB(skb)->iif);
	if (state->pf == NFPROTO_IPV6 && ipv6_l3mdev_skb(IP6CB(skb)->flags))
		return dev_get_by_index_rcu(state->net, IP6CB(skb)->iif);
	return state->in;
}

/* Reads the outer header, if it is one that came to this device. */
static bool dmvpn_redirect_from(const struct sk_buff *skb,
				const struct dmvpn_conf *conf,
				struct dmvpn_peer_key *from)
{
	const struct ipv6hdr *ip6h;
	const struct iphdr *iph;
	unsigned int len;

	if (!skb_mac_header_was_set(skb) ||
	    skb_mac_header(skb) >= skb_network_header(skb))
		return false;
	len = skb_network_header(skb) - skb_mac_header(skb);
	iph = (const struct iphdr *)skb_mac_header(skb);
	if (len > sizeof(*iph) && iph->version == 4 &&
	    iph->protocol == IPPROTO_GRE && iph->daddr == conf->local4) {
		from->nbma = dmvpn_addr_from_v4(iph->saddr);
		return true;
	}
	ip6h = (const struct ipv6hdr *)iph;
	if (len > sizeof(*ip6h) && ip6h->version == 6 &&
	    ipv6_addr_equal(&ip6h->daddr, &conf->local6)) {
		from->nbma = dmvpn_addr_from_v6(&ip6h->saddr);
		return true;
	}
	return false;
}

static bool dmvpn_redirect_limit_ok(struct dmvpn_dev *ddev,
				    const struct dmvpn_inner *in)
{
	struct dmvpn_pair pair = { .src = in->src, .dst = in->dst };

	if (!dmvpn_hashlimit_allow(&ddev->redirect_limit, &pair, sizeof(pair),
				   jiffies))
		return false;
	if (dmvpn_bucket_take(&ddev->redirect_bucket, jiffies))
		return true;
	dmvpn_count(ddev, DMVPN_A_COUNTER_UPCALL_LIMITED);
	return false;
}

static void dmvpn_redirect(struct dmvpn_dev *ddev, struct dmvpn_dev *out,
			   const struct dmvpn_conf *conf, struct sk_buff *skb)
{
	struct dmvpn_peer_key from = {};
	struct dmvpn_addr target;
	struct dmvpn_peer *peer;
	struct dmvpn_inner in;
	struct dmvpn_entry *e;
	bool told;

	if (!dmvpn_redirect_from(skb, conf, &from) ||
	    !dmvpn_tx_inner(skb, &in) || in.mcast)
		return;
	e = dmvpn_tx_lookup(out, rcu_dereference(out->conf), skb, &in,
			    &target);
	/* Without a peer of its own the packet goes to the first server. */
	peer = e && e->peer ? e->peer :
	       list_first_or_null_rcu(&out->nhs, struct dmvpn_peer, nhs_node);
	/* Back to where it came from: there is no shorter way. */
	if (peer && dmvpn_addr_equal(&peer->key.nbma, &from.nbma))
		return;
	if (!dmvpn_redirect_limit_ok(ddev, &in))
		return;
	told = dmvpn_upcall_redirect(ddev, skb, &from);
	trace_dmvpn_redirect(ddev->dev, &from.nbma, told);
}

static unsigned int dmvpn_redirect_hook(void *priv, struct sk_buff *skb,
					const struct nf_hook_state *state)
{
	struct dmvpn_dev *ddev, *out;
	const struct dmvpn_conf *conf;
	struct net_device *in;

	if (likely(!dmvpn_is_dev(state->out)))
		return NF_ACCEPT;
	/* A verdict of user space may come when its tables are gone. */
	if (!netif_running(state->out))
		return NF_ACCEPT;
	in = dmvpn_redirect_in(skb, state);
	if (!in || !dmvpn_is_dev(in))
		return NF_ACCEPT;
	ddev = netdev_priv(in);
	out = netdev_priv(state->out);
	conf = rcu_dereference(ddev->conf);
	if (conf->redirect && dmvpn_same_network(ddev, conf, out))
		dmvpn_redirect(ddev, out, conf, skb);
	return NF_ACCEPT;
}

/* Last, so that what the firewall drops makes no redirect. */
const struct nf_hook_ops dmvpn_redirect_hooks[DMVPN_REDIRECT_HOOKS] = {
	{
		.hook = dmvpn_redirect_hook,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_FORWARD,
		.priority = INT_MAX,
	},
	{
		.hook = dmvpn_redirect_hook,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_FORWARD,
		.priority = INT_MAX,
	},
};
