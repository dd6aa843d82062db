// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fragments that came by a security association.
 *
 * In tunnel mode a packet may be fragmented before it is encrypted. Put together,
 * it has the security path of its first fragment; older kernels do not look
 * whether the others have one. So that nobody can put a fragment in the clear into
 * a packet that is otherwise secured, those that came by the peer's association
 * are put together on their own, before anybody else does it.
 */
#include "frag.h"

#include <linux/jhash.h>
#include <linux/netfilter.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>

#include "dmvpn.h"
#include "net.h"
#include "xfrm.h"

/* Names our queues of fragments: none of enum ip_defrag_users. Peers with one
 * address, behind a NAT each, have one for each interface id.
 */
static u32 dmvpn_frag_user(u32 if_id)
{
	return jhash_1word(if_id, 0) | BIT(31);
}

/* Is there a device with this address that demands associations? */
static bool dmvpn_frag_ours(struct net *net, const struct dmvpn_addr *local)
{
	const struct dmvpn_net *dn = dmvpn_net(net);
	const struct dmvpn_conf *conf;
	const struct dmvpn_dev *ddev;

	list_for_each_entry_rcu(ddev, &dn->devices, list) {
		conf = rcu_dereference(ddev->conf);
		if (conf->required && dmvpn_conf_is_local(conf, local))
			return true;
	}
	return false;
}

/* When fragments wait in vain, their sender is told so with the beginning of the
 * first one, in the clear. Of what is not for this machine nobody is told.
 */
static u8 dmvpn_frag_hush(struct sk_buff *skb)
{
	u8 type = skb->pkt_type;

	skb->pkt_type = PACKET_OTHERHOST;
	return type;
}

/**
 * dmvpn_frag_hook4() - put the fragments of a peer together
 * @priv: unused
 * @skb: packet that came
 * @state: of the hook
 *
 * Context: RCU read side.
 *
 * Return: NF_ACCEPT, or NF_STOLEN of a fragment that waits for others.
 */
unsigned int dmvpn_frag_hook4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct dmvpn_addr src, dst;
	u32 if_id;
	u8 type;
	int err;

	if (likely(!ip_is_fragment(iph) || iph->protocol != IPPROTO_GRE))
		return NF_ACCEPT;
	src = dmvpn_addr_from_v4(iph->saddr);
	dst = dmvpn_addr_from_v4(iph->daddr);
	if (!dmvpn_xfrm_bound(skb, &src, &dst, &if_id) ||
	    !dmvpn_frag_ours(state->net, &dst))
		return NF_ACCEPT;
	type = dmvpn_frag_hush(skb);
	local_bh_disable();
	err = ip_defrag(state->net, skb, dmvpn_frag_user(if_id));
	local_bh_enable();
	if (err)
		return NF_STOLEN;
	skb->pkt_type = type;
	return NF_ACCEPT;
}

/**
 * dmvpn_frag_hook6() - put the fragments of a peer together
 * @priv: unused
 * @skb: packet that came
 * @state: of the hook
 *
 * What is in the packet is not looked at: it may be behind other headers.
 *
 * Context: RCU read side.
 *
 * Return: NF_ACCEPT, NF_STOLEN of a fragment that waits for others, or NF_DROP
 * of a bad one.
 */
unsigned int dmvpn_frag_hook6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state)
{
	struct dmvpn_addr src, dst;
	int err, off = 0;
	u32 if_id;
	u8 type;

	src = dmvpn_addr_from_v6(&ipv6_hdr(skb)->saddr);
	dst = dmvpn_addr_from_v6(&ipv6_hdr(skb)->daddr);
	if (!IS_ENABLED(CONFIG_NF_DEFRAG_IPV6) ||
	    likely(!dmvpn_xfrm_bound(skb, &src, &dst, &if_id)) ||
	    ipv6_find_hdr(skb, &off, NEXTHDR_FRAGMENT, NULL, NULL) < 0 ||
	    !dmvpn_frag_ours(state->net, &dst))
		return NF_ACCEPT;
	type = dmvpn_frag_hush(skb);
	err = nf_ct_frag6_gather(state->net, skb, dmvpn_frag_user(if_id));
	if (err == -EINPROGRESS)
		return NF_STOLEN;
	skb->pkt_type = type;
	return err ? NF_DROP : NF_ACCEPT;
}
