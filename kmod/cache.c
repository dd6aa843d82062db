// SPDX-License-Identifier: GPL-2.0-only
/* Cache entries: made and removed on request, used by packets, aged here. */
#include "cache.h"

#include <linux/netlink.h>
#include <linux/slab.h>

#include "compat/compat.h"
#include "dmvpn.h"
#include "hold.h"
#include "hosts.h"
#include "netlink.h"
#include "peer.h"
#include "trace.h"

/**
 * dmvpn_cache_lookup() - find the entry for an address
 * @ddev: device
 * @addr: protocol address
 *
 * That of a host without a peer is what became of a question. It hides no
 * network with one, which was told later: before that nobody had to ask.
 *
 * Context: RCU read side.
 *
 * Return: the entry with the longest prefix that covers @addr, or NULL.
 */
struct dmvpn_entry *dmvpn_cache_lookup(const struct dmvpn_dev *ddev,
				       const struct dmvpn_addr *addr)
{
	struct dmvpn_entry *host = dmvpn_hosts_lookup(ddev, addr), *e;

	if (host && host->peer)
		return host;
	if (addr->family == AF_INET)
		e = dmvpn_lpm_lookup4(&ddev->nets, addr->v4);
	else
		e = dmvpn_lpm_lookup6(&ddev->nets, &addr->v6);
	return host && (!e || !e->peer) ? host : e;
}

/* Packets find an entry by one of two tables; all of them are in a third, in
 * order, for whoever lists and changes them.
 */
static int dmvpn_tables_add(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	const struct dmvpn_addr *prefix = &e->b.prefix;
	int err = dmvpn_lpm_insert(&ddev->cache, prefix, e->b.plen, e);

	if (err)
		return err;
	if (dmvpn_entry_is_host(e))
		err = dmvpn_hosts_add(ddev, e);
	else
		err = dmvpn_lpm_insert(&ddev->nets, prefix, e->b.plen, e);
	if (err)
		dmvpn_lpm_remove(&ddev->cache, prefix, e->b.plen);
	return err;
}

static void dmvpn_tables_replace(struct dmvpn_dev *ddev,
				 struct dmvpn_entry *old, struct dmvpn_entry *e)
{
	const struct dmvpn_addr *prefix = &e->b.prefix;

	dmvpn_lpm_replace(&ddev->cache, prefix, e->b.plen, e);
	if (dmvpn_entry_is_host(e))
		dmvpn_hosts_replace(ddev, old, e);
	else
		dmvpn_lpm_replace(&ddev->nets, prefix, e->b.plen, e);
}

static void dmvpn_tables_del(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	const struct dmvpn_addr *prefix = &e->b.prefix;

	dmvpn_lpm_remove(&ddev->cache, prefix, e->b.plen);
	if (dmvpn_entry_is_host(e))
		dmvpn_hosts_del(ddev, e);
	else
		dmvpn_lpm_remove(&ddev->nets, prefix, e->b.plen);
}

/**
 * dmvpn_entry_use() - note that a packet used the entry
 * @e: entry
 *
 * Context: RCU read side, bottom halves are off.
 */
void dmvpn_entry_use(struct dmvpn_entry *e)
{
	unsigned long now = jiffies | 1;

	this_cpu_inc(*e->packets);
	/* Written once a tick, so that CPUs share the line meanwhile. */
	if (READ_ONCE(e->used) != now)
		WRITE_ONCE(e->used, now);
}

/**
 * dmvpn_entry_packets() - how many packets used the entry
 * @e: entry
 *
 * Return: the number since it was made.
 */
u64 dmvpn_entry_packets(const struct dmvpn_entry *e)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(e->packets, cpu));
	return sum;
}

static void dmvpn_entry_free(struct dmvpn_entry *e)
{
	free_percpu(e->packets);
	kfree(e);
}

static void dmvpn_entry_free_rcu(struct rcu_head *rcu)
{
	dmvpn_entry_free(container_of(rcu, struct dmvpn_entry, rcu));
}

static bool dmvpn_deadline_less(struct rb_node *a, const struct rb_node *b)
{
	return time_before(rb_entry(a, struct dmvpn_entry, rb)->deadline,
			   rb_entry(b, struct dmvpn_entry, rb)->deadline);
}

static void dmvpn_expire_schedule(struct dmvpn_dev *ddev)
{
	struct rb_node *first = rb_first_cached(&ddev->deadlines);
	unsigned long deadline;

	if (!first)
		return;
	deadline = rb_entry(first, struct dmvpn_entry, rb)->deadline;
	mod_delayed_work(system_percpu_wq, &ddev->expire_work,
			 time_after(deadline, jiffies) ? deadline - jiffies :
							 0);
}

static void dmvpn_deadline_add(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	rb_add_cached(&e->rb, &ddev->deadlines, dmvpn_deadline_less);
}

static void dmvpn_deadline_del(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	if (RB_EMPTY_NODE(&e->rb))
		return;
	rb_erase_cached(&e->rb, &ddev->deadlines);
	RB_CLEAR_NODE(&e->rb);
}

/* Its holding time begins now. */
static void dmvpn_entry_start(struct dmvpn_entry *e, u32 holding_time)
{
	unsigned long life = holding_time * HZ;

	e->b.holding_time = holding_time;
	e->told = false;
	e->created = jiffies;
	e->expires = e->created + life;
	e->deadline = e->expires;
	if (e->b.flags & DMVPN_ENTRY_FLAGS_REFRESH)
		e->deadline = e->created + life / 3 * 2;
}

static struct dmvpn_entry *dmvpn_entry_alloc(const struct dmvpn_binding *b,
					     struct dmvpn_peer *peer)
{
	struct dmvpn_entry *e = kzalloc(sizeof(*e), GFP_KERNEL_ACCOUNT);

	if (!e)
		return NULL;
	e->packets = alloc_percpu_gfp(unsigned long, GFP_KERNEL_ACCOUNT);
	if (!e->packets) {
		kfree(e);
		return NULL;
	}
	e->b = *b;
	e->peer = peer;
	INIT_LIST_HEAD(&e->peer_node);
	RB_CLEAR_NODE(&e->rb);
	dmvpn_entry_start(e, b->holding_time);
	return e;
}

/* Its deadline is waited for, if it has one. */
static void dmvpn_entry_wait(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	if (!e->b.holding_time)
		return;
	dmvpn_deadline_add(ddev, e);
	dmvpn_expire_schedule(ddev);
}

/* From here on the entry is in use. */
static void dmvpn_entry_link(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	if (e->peer) {
		list_add_tail(&e->peer_node, &e->peer->entries);
		e->peer->nr_entries++;
	}
	dmvpn_entry_wait(ddev, e);
}

static void dmvpn_entry_unlink(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	struct dmvpn_peer *peer = e->peer;

	dmvpn_deadline_del(ddev, e);
	if (peer) {
		list_del(&e->peer_node);
		peer->nr_entries--;
		dmvpn_peer_unuse(peer);
	}
	call_rcu(&e->rcu, dmvpn_entry_free_rcu);
}

static int dmvpn_cache_insert(struct dmvpn_dev *ddev, struct dmvpn_entry *e,
			      struct netlink_ext_ack *extack)
{
	int err;

	if (ddev->cache.entries >= dmvpn_conf_locked(ddev)->max_entries) {
		NL_SET_ERR_MSG(extack, "the device's limit of cache entries is reached");
		return -ENOSPC;
	}
	err = dmvpn_tables_add(ddev, e);
	if (err)
		NL_SET_ERR_MSG(extack, "no memory for a cache entry");
	return err;
}

static bool dmvpn_binding_same(const struct dmvpn_binding *a,
			       const struct dmvpn_binding *b)
{
	return a->type == b->type && a->flags == b->flags &&
	       a->mtu == b->mtu && a->preference == b->preference &&
	       dmvpn_addr_equal(&a->protocol, &b->protocol) &&
	       dmvpn_addr_equal(&a->claimed, &b->claimed);
}

static int dmvpn_cache_renew(struct dmvpn_dev *ddev, struct dmvpn_entry *e,
			     const struct dmvpn_binding *b,
			     const struct dmvpn_peer *peer,
			     struct netlink_ext_ack *extack)
{
	if (e->peer != peer || !dmvpn_binding_same(&e->b, b)) {
		NL_SET_ERR_MSG(extack, "prefix: has a cache entry that says something else");
		return -EEXIST;
	}
	dmvpn_deadline_del(ddev, e);
	dmvpn_entry_start(e, b->holding_time);
	dmvpn_entry_wait(ddev, e);
	dmvpn_nl_notify_entry(ddev, e, DMVPN_CMD_ENTRY_CHANGE_NTF);
	return 0;
}

/* Whether an entry may take the place of @old. */
static int dmvpn_cache_may(const struct dmvpn_entry *old,
			   const struct dmvpn_peer *peer,
			   const struct dmvpn_set *set,
			   struct netlink_ext_ack *extack)
{
	if (old && set->exclusive) {
		NL_SET_ERR_MSG(extack, "prefix: has a cache entry already");
		return -EEXIST;
	}
	if (!old && set->update) {
		NL_SET_ERR_MSG(extack, "prefix: has no cache entry to replace");
		return -ENOENT;
	}
	if (set->peer_max && peer && (!old || old->peer != peer) &&
	    peer->nr_entries >= set->peer_max) {
		NL_SET_ERR_MSG(extack, "nbma: has as many cache entries as it may");
		return -EDQUOT;
	}
	return 0;
}

/**
 * dmvpn_cache_set() - create an entry or replace that of the same prefix
 * @ddev: device; its lock is held
 * @b: what it says; valid
 * @peer: where to, or NULL
 * @set: what may be done; filled with what was
 * @extack: says why not
 *
 * Packets see the old entry or the new one. On error nothing has changed,
 * and a @peer made for the entry is the caller's to dmvpn_peer_unuse().
 *
 * Return: 0, -EEXIST, -ENOENT, -EDQUOT at the limit of the peer, -ENOSPC at
 * that of the device, -ENOMEM.
 */
int dmvpn_cache_set(struct dmvpn_dev *ddev, const struct dmvpn_binding *b,
		    struct dmvpn_peer *peer, struct dmvpn_set *set,
		    struct netlink_ext_ack *extack)
{
	struct dmvpn_entry *old, *e;
	int err;

	lockdep_assert_held(&ddev->lock);
	old = dmvpn_lpm_find(&ddev->cache, &b->prefix, b->plen);
	set->created = !old;
	if (old && set->renew)
		return dmvpn_cache_renew(ddev, old, b, peer, extack);
	err = dmvpn_cache_may(old, peer, set, extack);
	if (err)
		return err;
	e = dmvpn_entry_alloc(b, peer);
	if (!e) {
		NL_SET_ERR_MSG(extack, "no memory for a cache entry");
		return -ENOMEM;
	}
	if (old) {
		e->used = READ_ONCE(old->used);
		dmvpn_tables_replace(ddev, old, e);
	} else {
		err = dmvpn_cache_insert(ddev, e, extack);
		if (err) {
			dmvpn_entry_free(e);
			return err;
		}
	}
	dmvpn_entry_link(ddev, e);
	if (old)
		dmvpn_entry_unlink(ddev, old);
	dmvpn_nl_notify_entry(ddev, e, DMVPN_CMD_ENTRY_CHANGE_NTF);
	if (peer)
		dmvpn_hold_flush(ddev);
	return 0;
}

/**
 * dmvpn_cache_remove() - remove an entry
 * @ddev: device; its lock is held
 * @e: entry
 * @cmd: notification to send
 */
void dmvpn_cache_remove(struct dmvpn_dev *ddev, struct dmvpn_entry *e, u8 cmd)
{
	lockdep_assert_held(&ddev->lock);
	dmvpn_nl_notify_entry(ddev, e, cmd);
	dmvpn_tables_del(ddev, e);
	dmvpn_entry_unlink(ddev, e);
}

static bool dmvpn_filter_match(const struct dmvpn_filter *f,
			       const struct dmvpn_entry *e)
{
	if (f->peer && e->peer != f->peer)
		return false;
	if (f->type != DMVPN_ENTRY_TYPE_UNSPEC && e->b.type != f->type)
		return false;
	if (f->keep_static && e->b.type == DMVPN_ENTRY_TYPE_STATIC)
		return false;
	return !f->prefix.family ||
	       dmvpn_prefix_contains(&f->prefix, f->plen, &e->b.prefix,
				     e->b.plen);
}

/**
 * dmvpn_cache_flush() - remove the entries that match
 * @ddev: device; its lock is held
 * @f: which
 *
 * Return: how many were removed.
 */
u32 dmvpn_cache_flush(struct dmvpn_dev *ddev, const struct dmvpn_filter *f)
{
	struct dmvpn_addr addr = {};
	struct dmvpn_entry *e;
	u32 count = 0;
	u8 plen = 0;

	lockdep_assert_held(&ddev->lock);
	while ((e = dmvpn_lpm_next(&ddev->cache, &addr, &plen))) {
		if (!dmvpn_filter_match(f, e))
			continue;
		dmvpn_cache_remove(ddev, e, DMVPN_CMD_ENTRY_GONE_NTF);
		count++;
		cond_resched();
	}
	return count;
}

/* An entry in use is looked at again and again until it has been renewed,
 * so that one whose first packet comes late is not missed.
 */
static void dmvpn_entry_refresh(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	unsigned long used = READ_ONCE(e->used);

	dmvpn_deadline_del(ddev, e);
	if (!e->told && used && time_after_eq(used, e->created)) {
		e->told = true;
		dmvpn_nl_notify_entry(ddev, e, DMVPN_CMD_ENTRY_REFRESH_NTF);
	}
	e->deadline = e->expires;
	if (!e->told)
		e->deadline = jiffies + max_t(unsigned long, HZ,
					      e->b.holding_time * HZ / 12);
	if (time_after(e->deadline, e->expires))
		e->deadline = e->expires;
	dmvpn_deadline_add(ddev, e);
}

static void dmvpn_expire_work(struct work_struct *work)
{
	struct dmvpn_dev *ddev = container_of(to_delayed_work(work),
					      struct dmvpn_dev, expire_work);
	struct dmvpn_entry *e;
	struct rb_node *first;

	mutex_lock(&ddev->lock);
	while (!ddev->dead && (first = rb_first_cached(&ddev->deadlines))) {
		e = rb_entry(first, struct dmvpn_entry, rb);
		if (time_after(e->deadline, jiffies))
			break;
		if (time_after_eq(jiffies, e->expires)) {
			trace_dmvpn_expire(ddev->dev, &e->b.prefix, e->b.plen);
			dmvpn_cache_remove(ddev, e,
					   DMVPN_CMD_ENTRY_EXPIRED_NTF);
		} else {
			dmvpn_entry_refresh(ddev, e);
		}
		cond_resched();
	}
	if (!ddev->dead)
		dmvpn_expire_schedule(ddev);
	mutex_unlock(&ddev->lock);
}

/**
 * dmvpn_cache_init() - make an empty cache
 * @ddev: device
 */
void dmvpn_cache_init(struct dmvpn_dev *ddev)
{
	dmvpn_lpm_init(&ddev->cache, &ddev->lock);
	dmvpn_lpm_init(&ddev->nets, &ddev->lock);
	ddev->deadlines = RB_ROOT_CACHED;
	INIT_DELAYED_WORK(&ddev->expire_work, dmvpn_expire_work);
}

/**
 * dmvpn_cache_free() - remove all entries, telling nobody
 * @ddev: device; marked dead, nobody finds it any more
 */
void dmvpn_cache_free(struct dmvpn_dev *ddev)
{
	struct dmvpn_addr addr = {};
	struct dmvpn_entry *e;
	u8 plen = 0;

	cancel_delayed_work_sync(&ddev->expire_work);
	mutex_lock(&ddev->lock);
	while ((e = dmvpn_lpm_next(&ddev->cache, &addr, &plen))) {
		if (dmvpn_entry_is_host(e))
			dmvpn_hosts_del(ddev, e);
		dmvpn_deadline_del(ddev, e);
		if (e->peer) {
			list_del(&e->peer_node);
			e->peer->nr_entries--;
		}
		call_rcu(&e->rcu, dmvpn_entry_free_rcu);
		cond_resched();
	}
	dmvpn_lpm_free(&ddev->cache);
	dmvpn_lpm_free(&ddev->nets);
	mutex_unlock(&ddev->lock);
}
