// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device demands ESP; it holds no keys and installs no policies. What
 * counts is checked on each packet: the bundle on the way out, the security
 * path on the way in. The key manager hook only says when to look again, as
 * it misses some of the ways in which an association can go.
 */
#include "xfrm.h"

#include <linux/minmax.h>
#include <linux/slab.h>
#include <net/xfrm.h>

#include "dmvpn.h"
#include "net.h"
#include "peer.h"

static bool dmvpn_xfrm_addr_is(const xfrm_address_t *xaddr,
			       const struct dmvpn_addr *addr)
{
	return xfrm_addr_equal(xaddr, (const xfrm_address_t *)&addr->v6,
			       addr->family);
}

static bool dmvpn_xfrm_is_local(const struct dmvpn_conf *conf,
				const xfrm_address_t *xaddr, u8 family)
{
	if (family == AF_INET)
		return xaddr->a4 == conf->local4;
	return ipv6_addr_equal(&xaddr->in6, &conf->local6);
}

static bool dmvpn_xfrm_is_esp(const struct xfrm_state *x, u8 family)
{
	return x->id.proto == IPPROTO_ESP && x->props.family == family &&
	       (x->props.mode == XFRM_MODE_TRANSPORT ||
		x->props.mode == XFRM_MODE_TUNNEL);
}

/**
 * dmvpn_xfrm_out_ok() - is this an ESP bundle that ends at the peer?
 * @conf: configuration
 * @dst: result of the xfrm lookup
 * @nbma: the peer's NBMA address
 *
 * Return: true when packets that leave by @dst are protected.
 */
bool dmvpn_xfrm_out_ok(const struct dmvpn_conf *conf,
		       const struct dst_entry *dst,
		       const struct dmvpn_addr *nbma)
{
	const struct xfrm_state *x = dst_xfrm(dst);

	return x && dmvpn_xfrm_is_esp(x, nbma->family) &&
	       dmvpn_xfrm_addr_is(&x->id.daddr, nbma) &&
	       dmvpn_xfrm_is_local(conf, &x->props.saddr, nbma->family);
}

/* Does the association belong to the outer source? The ends of a transport
 * mode association are the packet's own. A tunnel mode one may carry a host
 * selector instead, where its ends were translated.
 */
static bool dmvpn_xfrm_binds(const struct xfrm_state *x,
			     const struct dmvpn_addr *src,
			     const struct dmvpn_addr *dst)
{
	if (!dmvpn_xfrm_is_esp(x, src->family))
		return false;
	if (dmvpn_xfrm_addr_is(&x->props.saddr, src) &&
	    dmvpn_xfrm_addr_is(&x->id.daddr, dst))
		return true;
	return x->props.mode == XFRM_MODE_TUNNEL &&
	       x->sel.family == src->family &&
	       x->sel.prefixlen_s == dmvpn_addr_bits(src) &&
	       dmvpn_xfrm_addr_is(&x->sel.saddr, src);
}

/**
 * dmvpn_xfrm_bound() - did a packet come by an association of its source?
 * @skb: packet
 * @src: outer source
 * @dst: outer destination
 * @if_id: set to the interface id of the association
 *
 * Return: true when the last association that it came by was between the two.
 */
bool dmvpn_xfrm_bound(const struct sk_buff *skb, const struct dmvpn_addr *src,
		      const struct dmvpn_addr *dst, u32 *if_id)
{
	const struct sec_path *sp = skb_sec_path(skb);

	if (!sp || !sp->len ||
	    !dmvpn_xfrm_binds(sp->xvec[sp->len - 1], src, dst))
		return false;
	*if_id = sp->xvec[sp->len - 1]->if_id;
	return true;
}

static bool dmvpn_xfrm_policy_ok(struct sk_buff *skb, u8 family)
{
	if (family == AF_INET)
		return xfrm4_policy_check(NULL, XFRM_POLICY_IN, skb);
	return xfrm6_policy_check(NULL, XFRM_POLICY_IN, skb);
}

/**
 * dmvpn_xfrm_in() - judge a packet that came by its security path
 * @conf: configuration
 * @skb: packet, its outer IP header is the network header
 * @src: outer source
 * @dst: outer destination
 * @sa: filled with the association it came by
 *
 * The policy check that local delivery would make is made here, as the
 * packet is taken before it gets there. It may consume the security path,
 * so that is read first.
 *
 * Context: RCU read side.
 *
 * Return: 0 to accept, or the DMVPN_A_COUNTER_RX_* to drop it for.
 */
unsigned int dmvpn_xfrm_in(const struct dmvpn_conf *conf, struct sk_buff *skb,
			   const struct dmvpn_addr *src,
			   const struct dmvpn_addr *dst, struct dmvpn_sa *sa)
{
	const struct sec_path *sp = skb_sec_path(skb);
	bool bound = false;

	*sa = (struct dmvpn_sa){};
	if (sp && sp->len > 0) {
		const struct xfrm_state *x = sp->xvec[sp->len - 1];

		sa->present = true;
		sa->spi = x->id.spi;
		sa->reqid = x->props.reqid;
		sa->if_id = x->if_id;
		bound = dmvpn_xfrm_binds(x, src, dst);
	}
	if (conf->required && !sa->present)
		return DMVPN_A_COUNTER_RX_CLEAR;
	if (conf->required && !bound)
		return DMVPN_A_COUNTER_RX_WRONG_PEER;
	/* One that is not between the two, as of a VPN between their sites */
	if (!bound)
		*sa = (struct dmvpn_sa){};
	if (!dmvpn_xfrm_policy_ok(skb, src->family))
		return DMVPN_A_COUNTER_RX_POLICY;
	return 0;
}

static u8 dmvpn_xfrm_state(const struct xfrm_state *x)
{
	switch (x->km.state) {
	case XFRM_STATE_VALID:
		return DMVPN_PEER_STATE_SECURED;
	case XFRM_STATE_ACQ:
		return DMVPN_PEER_STATE_NEGOTIATING;
	default:
		return DMVPN_PEER_STATE_IDLE;
	}
}

/**
 * struct dmvpn_xfrm_best - what is known of the associations of one direction
 * @if_id: their xfrm interface id
 * @spi: of the newest one, network byte order, 0 when it is not known
 * @state: the best that was found, enum dmvpn_peer_state
 * @proven: the newest has been used, or has been there for long enough
 */
struct dmvpn_xfrm_best {
	u32 if_id;
	__be32 spi;
	u8 state;
	bool proven;
};

static int dmvpn_xfrm_best(struct xfrm_state *x, int count, void *data)
{
	struct dmvpn_xfrm_best *best = data;
	time64_t age = ktime_get_real_seconds() - x->curlft.add_time;

	if (x->if_id != best->if_id)
		return 0;
	best->state = max(best->state, dmvpn_xfrm_state(x));
	if (x->km.state == XFRM_STATE_VALID &&
	    (!best->spi || best->spi == x->id.spi) &&
	    (READ_ONCE(x->curlft.packets) || age > DMVPN_SETTLE / HZ))
		best->proven = true;
	return 0;
}

/* The lookup by addresses shows one association, the newest. It may be that of
 * another peer behind the same address, or one that has no keys yet and is to
 * take the place of those that are used: look at all of them.
 */
static void dmvpn_xfrm_walk(struct net *net, const xfrm_address_t *daddr,
			    const xfrm_address_t *saddr, u8 family,
			    struct dmvpn_xfrm_best *best)
{
	struct xfrm_address_filter *filter;
	struct xfrm_state_walk walk;

	filter = kzalloc(sizeof(*filter), GFP_KERNEL);
	if (!filter)
		return;
	filter->saddr = *saddr;
	filter->daddr = *daddr;
	filter->family = family;
	filter->splen = family == AF_INET ? 32 : 128;
	filter->dplen = filter->splen;
	xfrm_state_walk_init(&walk, IPPROTO_ESP, filter);
	xfrm_state_walk(net, &walk, dmvpn_xfrm_best, best);
	xfrm_state_walk_done(&walk, net);	/* frees the filter */
}

/* What is there from one address to another, without asking for it */
static void dmvpn_xfrm_find(struct net *net, u32 mark,
			    const xfrm_address_t *daddr,
			    const xfrm_address_t *saddr, u8 family,
			    struct dmvpn_xfrm_best *best)
{
	struct xfrm_state *x;
	bool more;

	x = xfrm_state_lookup_byaddr(net, mark, daddr, saddr, IPPROTO_ESP,
				     family);
	if (!x)
		return;
	more = x->if_id != best->if_id || x->km.state != XFRM_STATE_VALID;
	dmvpn_xfrm_best(x, 0, best);
	xfrm_state_put(x);
	if (more)
		dmvpn_xfrm_walk(net, daddr, saddr, family, best);
}

/**
 * dmvpn_xfrm_probe() - look for a peer's security associations
 * @ddev: device
 * @conf: its configuration
 * @peer: peer
 * @proven: set when its other end is known, or old enough, to have them too
 *
 * Unlike the lookup for a packet this does not ask the key manager for
 * missing ones, so an idle peer stays idle.
 *
 * Context: process.
 *
 * Return: enum dmvpn_peer_state.
 */
u8 dmvpn_xfrm_probe(struct dmvpn_dev *ddev, const struct dmvpn_conf *conf,
		    const struct dmvpn_peer *peer, bool *proven)
{
	const struct dmvpn_addr *nbma = &peer->key.nbma;
	struct dmvpn_xfrm_best out = {
		.if_id = peer->key.if_id, .state = DMVPN_PEER_STATE_IDLE,
	};
	struct dmvpn_xfrm_best in = {
		.if_id = peer->key.if_id, .state = DMVPN_PEER_STATE_IDLE,
		.spi = READ_ONCE(peer->in_spi),
	};
	xfrm_address_t local = {}, remote = {};

	*proven = false;
	if (!dmvpn_conf_has_local(conf, nbma->family))
		return DMVPN_PEER_STATE_IDLE;
	remote.in6 = nbma->v6;
	if (nbma->family == AF_INET)
		local.a4 = conf->local4;
	else
		local.in6 = conf->local6;
	dmvpn_xfrm_find(ddev->net, conf->mark, &remote, &local, nbma->family,
			&out);
	dmvpn_xfrm_find(ddev->net, conf->mark, &local, &remote, nbma->family,
			&in);
	*proven = in.proven;
	if (out.state == DMVPN_PEER_STATE_SECURED &&
	    in.state == DMVPN_PEER_STATE_SECURED)
		return DMVPN_PEER_STATE_SECURED;
	if (out.state == DMVPN_PEER_STATE_IDLE &&
	    in.state == DMVPN_PEER_STATE_IDLE)
		return DMVPN_PEER_STATE_IDLE;
	return DMVPN_PEER_STATE_NEGOTIATING;
}

/* An association with @remote changed: that from it when @in, else to it. */
static void dmvpn_km_kick(struct dmvpn_dev *ddev, const xfrm_address_t *remote,
			  const struct xfrm_state *x, bool in, bool added)
{
	struct dmvpn_addr nbma;
	struct dmvpn_peer *peer;

	if (x->props.family == AF_INET)
		nbma = dmvpn_addr_from_v4(remote->a4);
	else
		nbma = dmvpn_addr_from_v6(&remote->in6);
	peer = dmvpn_peer_lookup(ddev, &nbma, x->if_id);
	if (!peer)
		return;
	/* One with another address of ours is not this device's. */
	if (added && dmvpn_xfrm_is_local(rcu_dereference(ddev->conf),
					 in ? &x->id.daddr : &x->props.saddr,
					 x->props.family))
		dmvpn_peer_sa_added(peer, x->id.spi, in);
	dmvpn_peer_kick(peer, true);
}

/* Runs under RCU, at times in softirq with the state's lock held. */
static int dmvpn_km_notify(struct xfrm_state *x, const struct km_event *c)
{
	bool added = c->event == XFRM_MSG_NEWSA || c->event == XFRM_MSG_UPDSA;
	struct dmvpn_net *dn;
	struct dmvpn_dev *ddev;

	if (c->event == XFRM_MSG_NEWAE)
		return 0;
	if (x && x->id.proto != IPPROTO_ESP)
		return 0;
	/* Not every sender of an event fills in its namespace. */
	dn = dmvpn_net(x ? xs_net(x) : c->net);
	if (!dn)
		return 0;
	rcu_read_lock();
	list_for_each_entry_rcu(ddev, &dn->devices, list) {
		if (!x) {
			dmvpn_peers_kick_all(ddev);
			continue;
		}
		dmvpn_km_kick(ddev, &x->id.daddr, x, false, added);
		dmvpn_km_kick(ddev, &x->props.saddr, x, true, added);
	}
	rcu_read_unlock();
	return 0;
}

/* The next two are called without being looked for. The error that a manager
 * before us has put into *dir stays.
 */
static int dmvpn_km_acquire(struct xfrm_state *x, struct xfrm_tmpl *tmpl,
			    struct xfrm_policy *xp)
{
	return -EINVAL;
}

static struct xfrm_policy *dmvpn_km_compile_policy(struct sock *sk, int opt,
						   u8 *data, int len, int *dir)
{
	return NULL;
}

/* Without is_alive: the kernel must not take us for a key manager. */
static struct xfrm_mgr dmvpn_km = {
	.notify = dmvpn_km_notify,
	.acquire = dmvpn_km_acquire,
	.compile_policy = dmvpn_km_compile_policy,
};

/**
 * dmvpn_xfrm_register() - start following security associations
 */
void dmvpn_xfrm_register(void)
{
	xfrm_register_km(&dmvpn_km);
}

/**
 * dmvpn_xfrm_unregister() - stop following security associations
 */
void dmvpn_xfrm_unregister(void)
{
	xfrm_unregister_km(&dmvpn_km);
}
