// SPDX-License-Identifier: GPL-2.0-only
/* Generic netlink commands about cache entries. */
#include "netlink.h"

#include "cache.h"
#include "dmvpn.h"
#include "netlink-gen.h"
#include "peer.h"

static size_t dmvpn_entry_size(void)
{
	return 5 * nla_total_size(sizeof(struct in6_addr)) +
	       10 * nla_total_size(sizeof(u32)) +
	       4 * nla_total_size_64bit(sizeof(u64));
}

static int dmvpn_put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, DMVPN_A_ENTRY_PAD);
}

static bool dmvpn_peer_usable(struct dmvpn_peer *peer)
{
	return READ_ONCE(peer->state) >= DMVPN_PEER_STATE_SECURED &&
	       dmvpn_peer_settled(peer);
}

/* The server that relays now what cannot go to the peer itself. */
static const struct dmvpn_peer *dmvpn_relay(const struct dmvpn_dev *ddev,
					    const struct dmvpn_peer *but)
{
	struct dmvpn_peer *nhs;

	list_for_each_entry(nhs, &ddev->nhs, nhs_node) {
		if (nhs != but && dmvpn_peer_usable(nhs))
			return nhs;
	}
	return NULL;
}

/* Whose peer packets for the prefix are for: that of a host without one is the
 * network's. The lock of the device, which is held, keeps it there.
 */
static struct dmvpn_peer *dmvpn_way(const struct dmvpn_dev *ddev,
				    const struct dmvpn_entry *e)
{
	struct dmvpn_peer *peer = e->peer;

	if (peer || !dmvpn_entry_is_host(e))
		return peer;
	rcu_read_lock();
	e = dmvpn_cache_lookup(ddev, &e->b.prefix);
	if (e)
		peer = e->peer;
	rcu_read_unlock();
	return peer;
}

static int dmvpn_fill_path(struct sk_buff *skb, const struct dmvpn_dev *ddev,
			   const struct dmvpn_entry *e)
{
	struct dmvpn_peer *peer = dmvpn_way(ddev, e);
	const struct dmvpn_peer *relay;

	if (peer && dmvpn_peer_usable(peer))
		return nla_put_u32(skb, DMVPN_A_ENTRY_PATH, DMVPN_PATH_DIRECT);
	relay = dmvpn_addr_link_local(&e->b.prefix) ?
			NULL : dmvpn_relay(ddev, peer);
	if (!relay)
		return nla_put_u32(skb, DMVPN_A_ENTRY_PATH, DMVPN_PATH_HELD);
	if (nla_put_u32(skb, DMVPN_A_ENTRY_PATH, DMVPN_PATH_RELAYED))
		return -EMSGSIZE;
	return dmvpn_nl_put_addr(skb, DMVPN_A_ENTRY_RELAY, &relay->key.nbma);
}

static int dmvpn_fill_peer_of(struct sk_buff *skb,
			      const struct dmvpn_peer *peer)
{
	if (!peer)
		return 0;
	if (dmvpn_nl_put_addr(skb, DMVPN_A_ENTRY_NBMA, &peer->key.nbma) ||
	    (peer->key.if_id &&
	     nla_put_u32(skb, DMVPN_A_ENTRY_IF_ID, peer->key.if_id)) ||
	    nla_put_u32(skb, DMVPN_A_ENTRY_PEER_STATE,
			READ_ONCE(peer->state)))
		return -EMSGSIZE;
	return 0;
}

static int dmvpn_fill_binding(struct sk_buff *skb,
			      const struct dmvpn_binding *b)
{
	if (dmvpn_nl_put_addr(skb, DMVPN_A_ENTRY_PREFIX, &b->prefix) ||
	    nla_put_u8(skb, DMVPN_A_ENTRY_PLEN, b->plen) ||
	    nla_put_u32(skb, DMVPN_A_ENTRY_TYPE, b->type) ||
	    nla_put_u32(skb, DMVPN_A_ENTRY_HOLDING_TIME, b->holding_time) ||
	    nla_put_u16(skb, DMVPN_A_ENTRY_MTU, b->mtu) ||
	    nla_put_u8(skb, DMVPN_A_ENTRY_PREFERENCE, b->preference) ||
	    nla_put_u32(skb, DMVPN_A_ENTRY_FLAGS, b->flags) ||
	    dmvpn_nl_put_addr(skb, DMVPN_A_ENTRY_CLAIMED, &b->claimed) ||
	    dmvpn_nl_put_addr(skb, DMVPN_A_ENTRY_PROTOCOL, &b->protocol))
		return -EMSGSIZE;
	return 0;
}

static int dmvpn_fill_use(struct sk_buff *skb, const struct dmvpn_entry *e)
{
	unsigned long used = READ_ONCE(e->used);
	unsigned long now = jiffies;
	u64 left = 0;

	if (time_after(e->expires, now))
		left = jiffies64_to_msecs(e->expires - now);
	if (dmvpn_put_u64(skb, DMVPN_A_ENTRY_AGE,
			  dmvpn_nl_msecs(e->created)) ||
	    (e->b.holding_time &&
	     dmvpn_put_u64(skb, DMVPN_A_ENTRY_EXPIRES, left)) ||
	    (used &&
	     dmvpn_put_u64(skb, DMVPN_A_ENTRY_IDLE, dmvpn_nl_msecs(used))) ||
	    dmvpn_put_u64(skb, DMVPN_A_ENTRY_PACKETS, dmvpn_entry_packets(e)))
		return -EMSGSIZE;
	return 0;
}

/**
 * struct dmvpn_entry_obj - what dmvpn_fill_entry() writes
 * @ddev: device; its lock is held
 * @e: entry
 */
struct dmvpn_entry_obj {
	const struct dmvpn_dev *ddev;
	const struct dmvpn_entry *e;
};

static int dmvpn_fill_entry(struct sk_buff *skb, const void *obj)
{
	const struct dmvpn_entry_obj *what = obj;
	const struct dmvpn_dev *ddev = what->ddev;
	const struct dmvpn_entry *e = what->e;

	if (nla_put_u32(skb, DMVPN_A_ENTRY_IFINDEX, ddev->dev->ifindex) ||
	    dmvpn_fill_binding(skb, &e->b) ||
	    dmvpn_fill_peer_of(skb, e->peer) ||
	    dmvpn_fill_path(skb, ddev, e))
		return -EMSGSIZE;
	return dmvpn_fill_use(skb, e);
}

/**
 * dmvpn_nl_notify_entry() - tell what became of a cache entry
 * @ddev: device; its lock is held
 * @e: entry
 * @cmd: DMVPN_CMD_ENTRY_*_NTF
 */
void dmvpn_nl_notify_entry(struct dmvpn_dev *ddev, struct dmvpn_entry *e,
			   u8 cmd)
{
	struct dmvpn_entry_obj obj = { .ddev = ddev, .e = e };

	dmvpn_nl_notify(ddev, cmd, dmvpn_entry_size(), dmvpn_fill_entry, &obj);
}

static int dmvpn_get_prefix(struct genl_info *info, struct dmvpn_addr *prefix,
			    u8 *plen)
{
	const struct nlattr *nla = info->attrs[DMVPN_A_ENTRY_PLEN];

	if (dmvpn_nl_get_addr(info, DMVPN_A_ENTRY_PREFIX, "prefix: missing",
			      prefix))
		return -EINVAL;
	*plen = nla ? nla_get_u8(nla) : dmvpn_addr_bits(prefix);
	if (!dmvpn_addr_plen_ok(prefix, *plen)) {
		NL_SET_ERR_MSG_ATTR(info->extack, nla,
				    "plen: longer than the address");
		return -EINVAL;
	}
	if (dmvpn_addr_has_host_bits(prefix, *plen)) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    info->attrs[DMVPN_A_ENTRY_PREFIX],
				    "prefix: bits behind its length are set");
		return -EINVAL;
	}
	return 0;
}

static int dmvpn_get_optional_addr(struct genl_info *info, int attr,
				   struct dmvpn_addr *addr)
{
	return info->attrs[attr] ? dmvpn_nl_get_addr(info, attr, NULL, addr) : 0;
}

/* With or without a peer: the type decides. */
static int dmvpn_check_type(struct genl_info *info, u8 type)
{
	const struct nlattr *nbma = info->attrs[DMVPN_A_ENTRY_NBMA];

	switch (type) {
	case DMVPN_ENTRY_TYPE_UNSPEC:
		NL_SET_ERR_MSG(info->extack, "type: missing");
		return -EINVAL;
	case DMVPN_ENTRY_TYPE_INCOMPLETE:
	case DMVPN_ENTRY_TYPE_NEGATIVE:
		if (!nbma)
			return 0;
		NL_SET_ERR_MSG_ATTR(info->extack, nbma,
				    "nbma: an entry of this type has no peer");
		return -EINVAL;
	default:
		if (nbma)
			return 0;
		NL_SET_ERR_MSG(info->extack,
			       "nbma: missing, an entry of this type has a peer");
		return -EINVAL;
	}
}

static int dmvpn_get_binding(struct genl_info *info, struct dmvpn_binding *b)
{
	struct nlattr **attrs = info->attrs;

	memset(b, 0, sizeof(*b));
	if (dmvpn_get_prefix(info, &b->prefix, &b->plen) ||
	    dmvpn_get_optional_addr(info, DMVPN_A_ENTRY_CLAIMED,
				    &b->claimed) ||
	    dmvpn_get_optional_addr(info, DMVPN_A_ENTRY_PROTOCOL,
				    &b->protocol))
		return -EINVAL;
	if (dmvpn_addr_is_multicast(&b->prefix)) {
		NL_SET_ERR_MSG_ATTR(info->extack, attrs[DMVPN_A_ENTRY_PREFIX],
				    "prefix: multicast has a list of its own");
		return -EINVAL;
	}
	b->type = dmvpn_nl_get_u32(info, DMVPN_A_ENTRY_TYPE);
	if (dmvpn_check_type(info, b->type))
		return -EINVAL;
	b->holding_time = dmvpn_nl_get_u32(info, DMVPN_A_ENTRY_HOLDING_TIME);
	if (b->holding_time > DMVPN_HOLDING_TIME_MAX) {
		NL_SET_ERR_MSG_ATTR(info->extack,
				    attrs[DMVPN_A_ENTRY_HOLDING_TIME],
				    "holding-time: at most 1048576 seconds");
		return -EINVAL;
	}
	b->flags = dmvpn_nl_get_u32(info, DMVPN_A_ENTRY_FLAGS);
	if (attrs[DMVPN_A_ENTRY_MTU])
		b->mtu = nla_get_u16(attrs[DMVPN_A_ENTRY_MTU]);
	if (attrs[DMVPN_A_ENTRY_PREFERENCE])
		b->preference = nla_get_u8(attrs[DMVPN_A_ENTRY_PREFERENCE]);
	return 0;
}

/* An attribute that says more about another one, which must be there. */
static int dmvpn_nl_needs(struct genl_info *info, int attr, int other,
			  const char *why)
{
	if (!info->attrs[attr] || info->attrs[other])
		return 0;
	NL_SET_BAD_ATTR(info->extack, info->attrs[attr]);
	info->extack->_msg = why;
	return -EINVAL;
}

/* The peer that a request names, NULL for none; it is made if need be. @joins
 * says whether it is to join the multicast list, and is set to whether it did.
 */
static struct dmvpn_peer *dmvpn_entry_peer(struct dmvpn_dev *ddev,
					   struct genl_info *info, bool *joins)
{
	struct dmvpn_addr nbma;

	if (!info->attrs[DMVPN_A_ENTRY_NBMA]) {
		*joins = false;
		if (dmvpn_nl_needs(info, DMVPN_A_ENTRY_IF_ID,
				   DMVPN_A_ENTRY_NBMA,
				   "if-id: of no nbma address") ||
		    dmvpn_nl_needs(info, DMVPN_A_ENTRY_PEER_MAX,
				   DMVPN_A_ENTRY_NBMA,
				   "peer-max: of no nbma address") ||
		    dmvpn_nl_needs(info, DMVPN_A_ENTRY_MCAST,
				   DMVPN_A_ENTRY_NBMA,
				   "mcast: of no nbma address"))
			return ERR_PTR(-EINVAL);
		return NULL;
	}
	if (dmvpn_nl_get_addr(info, DMVPN_A_ENTRY_NBMA, "nbma: missing", &nbma))
		return ERR_PTR(-EINVAL);
	return dmvpn_peer_obtain(ddev, &nbma,
				 dmvpn_nl_get_u32(info, DMVPN_A_ENTRY_IF_ID),
				 joins, info->extack);
}

static int dmvpn_entry_set(struct dmvpn_dev *ddev, struct genl_info *info,
			   const struct dmvpn_binding *b, struct dmvpn_set *set)
{
	bool joins = info->attrs[DMVPN_A_ENTRY_MCAST];
	struct dmvpn_peer *peer = dmvpn_entry_peer(ddev, info, &joins);
	int err;

	if (IS_ERR(peer))
		return PTR_ERR(peer);
	err = dmvpn_cache_set(ddev, b, peer, set, info->extack);
	if (!err || !peer)
		return err;
	if (joins) {
		dmvpn_peer_mcast_del(peer);
		dmvpn_nl_notify_peer(peer, DMVPN_CMD_PEER_CHANGE_NTF);
	}
	dmvpn_peer_unuse(peer);
	return err;
}

static int dmvpn_fill_created(struct sk_buff *skb, const void *obj)
{
	const struct dmvpn_set *set = obj;

	return set->created ? nla_put_flag(skb, DMVPN_A_ENTRY_CREATED) : 0;
}

/* What is to become of an entry that is there can be said in one way only. */
static int dmvpn_check_set(struct genl_info *info, const struct dmvpn_set *set)
{
	if (set->exclusive + set->update + set->renew <= 1)
		return 0;
	NL_SET_ERR_MSG(info->extack,
		       "exclusive, update, renew: at most one of them");
	return -EINVAL;
}

int dmvpn_nl_entry_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_set set = {
		.exclusive = info->attrs[DMVPN_A_ENTRY_EXCLUSIVE],
		.update = info->attrs[DMVPN_A_ENTRY_UPDATE],
		.renew = info->attrs[DMVPN_A_ENTRY_RENEW],
		.peer_max = dmvpn_nl_get_u32(info, DMVPN_A_ENTRY_PEER_MAX),
	};
	struct dmvpn_binding b;
	struct dmvpn_dev *ddev;
	int err;

	err = dmvpn_check_set(info, &set);
	if (!err)
		err = dmvpn_get_binding(info, &b);
	if (err)
		return err;
	ddev = dmvpn_nl_dev_lock(info, DMVPN_A_ENTRY_IFINDEX);
	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	err = dmvpn_entry_set(ddev, info, &b, &set);
	if (!err && set.renew)
		err = dmvpn_nl_reply(info, DMVPN_CMD_ENTRY_SET,
				     nla_total_size(0), dmvpn_fill_created,
				     &set);
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

/* The entry a request names, which must exist; its device is locked. */
static struct dmvpn_entry *dmvpn_nl_entry(struct dmvpn_dev *ddev,
					  struct genl_info *info)
{
	struct dmvpn_addr prefix;
	struct dmvpn_entry *e;
	u8 plen;

	if (dmvpn_get_prefix(info, &prefix, &plen))
		return ERR_PTR(-EINVAL);
	e = dmvpn_lpm_find(&ddev->cache, &prefix, plen);
	if (e)
		return e;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[DMVPN_A_ENTRY_PREFIX],
			    "prefix: no such cache entry");
	return ERR_PTR(-ENOENT);
}

int dmvpn_nl_entry_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info,
						   DMVPN_A_ENTRY_IFINDEX);
	struct dmvpn_entry *e;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	e = dmvpn_nl_entry(ddev, info);
	err = PTR_ERR_OR_ZERO(e);
	if (!err)
		dmvpn_cache_remove(ddev, e, DMVPN_CMD_ENTRY_GONE_NTF);
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

int dmvpn_nl_entry_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info,
						   DMVPN_A_ENTRY_IFINDEX);
	struct dmvpn_entry_obj obj = { .ddev = ddev };
	struct dmvpn_entry *e;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	e = dmvpn_nl_entry(ddev, info);
	err = PTR_ERR_OR_ZERO(e);
	obj.e = e;
	if (!err)
		err = dmvpn_nl_reply(info, DMVPN_CMD_ENTRY_GET,
				     dmvpn_entry_size(), dmvpn_fill_entry,
				     &obj);
	dmvpn_nl_dev_unlock(ddev);
	return err;
}

static int dmvpn_dump_entries(struct sk_buff *skb, struct netlink_callback *cb,
			      struct dmvpn_dev *ddev, struct dmvpn_dump *dump)
{
	struct dmvpn_entry_obj obj = { .ddev = ddev };
	struct dmvpn_addr prefix = dump->prefix;
	struct dmvpn_entry *e;
	u8 plen = dump->plen;

	while ((e = dmvpn_lpm_next(&ddev->cache, &prefix, &plen))) {
		obj.e = e;
		if (dmvpn_nl_dump_put(skb, cb, DMVPN_CMD_ENTRY_GET,
				      dmvpn_fill_entry, &obj))
			return -EMSGSIZE;
		dump->prefix = prefix;
		dump->plen = plen;
	}
	return 0;
}

int dmvpn_nl_entry_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dmvpn_nl_dump(skb, cb, DMVPN_A_ENTRY_IFINDEX,
			     dmvpn_dump_entries);
}

static int dmvpn_get_filter(struct dmvpn_dev *ddev, struct genl_info *info,
			    struct dmvpn_filter *f)
{
	struct dmvpn_addr nbma;
	u32 if_id;

	memset(f, 0, sizeof(*f));
	if (dmvpn_nl_needs(info, DMVPN_A_ENTRY_PLEN, DMVPN_A_ENTRY_PREFIX,
			   "plen: of no prefix") ||
	    dmvpn_nl_needs(info, DMVPN_A_ENTRY_IF_ID, DMVPN_A_ENTRY_NBMA,
			   "if-id: of no nbma address"))
		return -EINVAL;
	if (info->attrs[DMVPN_A_ENTRY_PREFIX] &&
	    dmvpn_get_prefix(info, &f->prefix, &f->plen))
		return -EINVAL;
	f->type = dmvpn_nl_get_u32(info, DMVPN_A_ENTRY_TYPE);
	if (info->attrs[DMVPN_A_ENTRY_NBMA]) {
		if (dmvpn_nl_get_addr(info, DMVPN_A_ENTRY_NBMA, "nbma: missing", &nbma))
			return -EINVAL;
		if_id = dmvpn_nl_get_u32(info, DMVPN_A_ENTRY_IF_ID);
		f->peer = dmvpn_peer_lookup(ddev, &nbma, if_id);
		if (!f->peer) {
			NL_SET_ERR_MSG_ATTR(info->extack,
					    info->attrs[DMVPN_A_ENTRY_NBMA],
					    "nbma: no such peer");
			return -ENOENT;
		}
	}
	f->keep_static = !f->prefix.family && !f->peer && !f->type;
	return 0;
}

static int dmvpn_fill_flushed(struct sk_buff *skb, const void *obj)
{
	return nla_put_u32(skb, DMVPN_A_ENTRY_FLUSHED, *(const u32 *)obj);
}

int dmvpn_nl_entry_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct dmvpn_dev *ddev = dmvpn_nl_dev_lock(info,
						   DMVPN_A_ENTRY_IFINDEX);
	struct dmvpn_filter f;
	u32 flushed;
	int err;

	if (IS_ERR(ddev))
		return PTR_ERR(ddev);
	err = dmvpn_get_filter(ddev, info, &f);
	if (!err) {
		flushed = dmvpn_cache_flush(ddev, &f);
		err = dmvpn_nl_reply(info, DMVPN_CMD_ENTRY_FLUSH,
				     nla_total_size(sizeof(flushed)),
				     dmvpn_fill_flushed, &flushed);
	}
	dmvpn_nl_dev_unlock(ddev);
	return err;
}
