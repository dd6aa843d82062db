// SPDX-License-Identifier: GPL-2.0-only
/* Longest-prefix table: a path-compressed binary trie per address family. */
#include "lpm.h"

#include <linux/cache.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "lpm_key.h"

/**
 * DOC: The longest-prefix table
 *
 * A node stands for a prefix. Its children lie inside that prefix and differ
 * in the bit that follows it, so prefix lengths grow strictly on each way
 * down and a walk ends after at most 33 nodes (IPv4) or 129 (IPv6). A node
 * without an entry is there only to branch and always has two children; hence
 * n entries never need more than 2n - 1 nodes. All that a lookup reads of a
 * node is in one cache line.
 *
 * Each change is made visible to readers by one pointer store. A node taken
 * out keeps its own pointers until the grace period ends, so a reader inside
 * it goes on and sees the table as it was.
 */

struct dmvpn_lpm_node {
	struct dmvpn_lpm_node __rcu *child[2];
	void __rcu *entry;
	struct lpm_key key;
	u8 plen;
	union {
		struct rcu_head rcu;
		/* Only while the whole table is freed, before @rcu is used. */
		struct dmvpn_lpm_node *free_next;
	};
};

/*
 * Own cache for the alignment. Its objects are not freed by kfree_rcu():
 * before 6.12 rcu_barrier() does not wait for that, so that the cache could
 * not be destroyed safely.
 */
static struct kmem_cache *node_cache;

/* Data path (either RCU flavour), netlink dumps under RCU, and writers. */
#define lpm_deref(t, p) \
	rcu_dereference_check(p, rcu_read_lock_bh_held() || \
			      lockdep_is_held((t)->lock))

#define lpm_deref_locked(t, p) \
	rcu_dereference_protected(p, lockdep_is_held((t)->lock))

/**
 * dmvpn_lpm_cache_init() - create the slab cache of all tables
 *
 * Context: process context, once when the module is loaded.
 * Return: 0 or -ENOMEM.
 */
int dmvpn_lpm_cache_init(void)
{
	node_cache = kmem_cache_create(KBUILD_MODNAME "_lpm",
				       sizeof(struct dmvpn_lpm_node), 0,
				       SLAB_HWCACHE_ALIGN | SLAB_ACCOUNT, NULL);
	return node_cache ? 0 : -ENOMEM;
}

/**
 * dmvpn_lpm_cache_destroy() - destroy the slab cache
 *
 * Context: process context, with all tables freed and after rcu_barrier().
 */
void dmvpn_lpm_cache_destroy(void)
{
	kmem_cache_destroy(node_cache);
	node_cache = NULL;
}

static struct dmvpn_lpm_node *node_new(const struct lpm_key *key, u8 plen,
				       void *entry)
{
	struct dmvpn_lpm_node *node;

	node = kmem_cache_zalloc(node_cache, GFP_KERNEL);
	if (!node)
		return NULL;
	node->key = *key;
	key_mask(&node->key, plen);
	node->plen = plen;
	RCU_INIT_POINTER(node->entry, entry);
	return node;
}

static void node_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(node_cache,
			container_of(rcu, struct dmvpn_lpm_node, rcu));
}

static void node_free(struct dmvpn_lpm *t, struct dmvpn_lpm_node *node)
{
	t->nodes--;
	call_rcu(&node->rcu, node_free_rcu);
}

static struct dmvpn_lpm_node __rcu **root_of(struct dmvpn_lpm *t, u8 family)
{
	return family == AF_INET ? &t->root4 : &t->root6;
}

/**
 * dmvpn_lpm_init() - make an empty table
 * @t: the table
 * @lock: mutex that the caller holds for each change
 */
void dmvpn_lpm_init(struct dmvpn_lpm *t, struct mutex *lock)
{
	RCU_INIT_POINTER(t->root4, NULL);
	RCU_INIT_POINTER(t->root6, NULL);
	t->lock = lock;
	t->entries = 0;
	t->nodes = 0;
}

static void free_tree(struct dmvpn_lpm *t, struct dmvpn_lpm_node __rcu **root)
{
	struct dmvpn_lpm_node *todo, *node, *child;
	int i;

	todo = lpm_deref_locked(t, *root);
	RCU_INIT_POINTER(*root, NULL);
	/* A stack threaded through the nodes: readers never look at it. */
	if (todo)
		todo->free_next = NULL;
	while (todo) {
		node = todo;
		todo = node->free_next;
		for (i = 0; i < 2; i++) {
			child = lpm_deref_locked(t, node->child[i]);
			if (!child)
				continue;
			child->free_next = todo;
			todo = child;
		}
		node_free(t, node);
		cond_resched();
	}
}

/**
 * dmvpn_lpm_free() - empty the table
 * @t: the table, which may be used again
 *
 * Entries are not touched: the caller knows them by other means.
 *
 * Context: process context, holding the table's lock. Readers may still run.
 */
void dmvpn_lpm_free(struct dmvpn_lpm *t)
{
	lockdep_assert_held(t->lock);
	free_tree(t, &t->root4);
	free_tree(t, &t->root6);
	t->entries = 0;
}

/* Put @leaf above @node, or beside it under a new branch. */
static int insert_above(struct dmvpn_lpm *t,
			struct dmvpn_lpm_node __rcu **link,
			struct dmvpn_lpm_node *node,
			struct dmvpn_lpm_node *leaf, u8 common)
{
	struct dmvpn_lpm_node *top = leaf;

	if (common < leaf->plen) {
		top = node_new(&leaf->key, common, NULL);
		if (!top)
			return -ENOMEM;
		t->nodes++;
		RCU_INIT_POINTER(top->child[key_bit(&leaf->key, common)],
				 leaf);
	}
	RCU_INIT_POINTER(top->child[key_bit(&node->key, common)], node);
	rcu_assign_pointer(*link, top);
	return 0;
}

/**
 * dmvpn_lpm_insert() - add an entry
 * @t: the table
 * @addr: network address
 * @plen: prefix length in bits
 * @entry: what lookups return, not NULL
 *
 * Context: process context, holding the table's lock; may sleep.
 * Return: 0; -EEXIST when the prefix has an entry, -EINVAL when @addr/@plen
 * is no prefix or has host bits, -ENOMEM. Nothing changes on error.
 */
int dmvpn_lpm_insert(struct dmvpn_lpm *t, const struct dmvpn_addr *addr,
		     u8 plen, void *entry)
{
	struct dmvpn_lpm_node __rcu **link = root_of(t, addr->family);
	struct dmvpn_lpm_node *node, *leaf;
	struct lpm_key key;
	u8 common = 0;
	int err = 0;

	lockdep_assert_held(t->lock);
	if (!entry || !key_from_prefix(&key, addr, plen))
		return -EINVAL;

	while ((node = lpm_deref_locked(t, *link))) {
		common = key_common(&node->key, &key, min(node->plen, plen));
		if (common < node->plen)
			break;
		if (node->plen == plen) {
			if (rcu_access_pointer(node->entry))
				return -EEXIST;
			rcu_assign_pointer(node->entry, entry);
			t->entries++;
			return 0;
		}
		link = &node->child[key_bit(&key, node->plen)];
	}

	leaf = node_new(&key, plen, entry);
	if (!leaf)
		return -ENOMEM;
	if (node)
		err = insert_above(t, link, node, leaf, common);
	else
		rcu_assign_pointer(*link, leaf);
	if (err) {
		/* No reader has seen it. */
		kmem_cache_free(node_cache, leaf);
		return err;
	}
	t->nodes++;
	t->entries++;
	return 0;
}

/* The node of exactly this prefix, with or without an entry. */
static struct dmvpn_lpm_node *exact(const struct dmvpn_lpm *t,
				    const struct dmvpn_addr *addr, u8 plen)
{
	struct dmvpn_lpm_node *node;
	struct lpm_key key;

	if (!key_from_prefix(&key, addr, plen))
		return NULL;

	node = addr->family == AF_INET ? lpm_deref(t, t->root4) :
					 lpm_deref(t, t->root6);
	/* Where the bits lead; whether they are the same is asked once. */
	while (node && node->plen < plen)
		node = lpm_deref(t, node->child[key_bit(&key, node->plen)]);
	if (!node || node->plen != plen ||
	    key_common(&node->key, &key, plen) < plen)
		return NULL;
	return node;
}

/**
 * dmvpn_lpm_replace() - exchange an entry for another
 * @t: the table
 * @addr: network address
 * @plen: prefix length in bits
 * @entry: the new entry, not NULL
 *
 * Readers find the old or the new entry, never none.
 *
 * Context: holding the table's lock.
 * Return: the old entry, or NULL when there was none; then nothing changed.
 */
void *dmvpn_lpm_replace(struct dmvpn_lpm *t, const struct dmvpn_addr *addr,
			u8 plen, void *entry)
{
	struct dmvpn_lpm_node *node;
	void *old;

	lockdep_assert_held(t->lock);
	node = exact(t, addr, plen);
	if (!node || WARN_ON_ONCE(!entry))
		return NULL;
	old = lpm_deref_locked(t, node->entry);
	if (old)
		rcu_assign_pointer(node->entry, entry);
	return old;
}

/* Take out the node behind @link unless it holds an entry or branches. */
static void collapse(struct dmvpn_lpm *t, struct dmvpn_lpm_node __rcu **link)
{
	struct dmvpn_lpm_node *node = lpm_deref_locked(t, *link);
	struct dmvpn_lpm_node *left, *right;

	left = lpm_deref_locked(t, node->child[0]);
	right = lpm_deref_locked(t, node->child[1]);
	if (rcu_access_pointer(node->entry) || (left && right))
		return;
	rcu_assign_pointer(*link, left ?: right);
	node_free(t, node);
}

/**
 * dmvpn_lpm_remove() - take an entry out
 * @t: the table
 * @addr: network address
 * @plen: prefix length in bits
 *
 * Context: holding the table's lock.
 * Return: the entry, which readers may see until a grace period has passed,
 * or NULL when there was none.
 */
void *dmvpn_lpm_remove(struct dmvpn_lpm *t, const struct dmvpn_addr *addr,
		       u8 plen)
{
	struct dmvpn_lpm_node __rcu **link = root_of(t, addr->family);
	struct dmvpn_lpm_node __rcu **parent = NULL;
	struct dmvpn_lpm_node *node;
	struct lpm_key key;
	void *entry;

	lockdep_assert_held(t->lock);
	if (!key_from_prefix(&key, addr, plen))
		return NULL;

	while ((node = lpm_deref_locked(t, *link)) && node->plen < plen) {
		parent = link;
		link = &node->child[key_bit(&key, node->plen)];
	}
	if (!node || node->plen != plen ||
	    key_common(&node->key, &key, plen) < plen)
		return NULL;

	entry = lpm_deref_locked(t, node->entry);
	if (!entry)
		return NULL;
	RCU_INIT_POINTER(node->entry, NULL);
	t->entries--;
	/* A leaf that goes can leave a branch above it with one child. */
	collapse(t, link);
	if (parent)
		collapse(t, parent);
	return entry;
}

/**
 * dmvpn_lpm_find() - the entry of exactly this prefix
 * @t: the table
 * @addr: network address
 * @plen: prefix length in bits
 *
 * Context: RCU read side, or holding the table's lock.
 * Return: the entry or NULL.
 */
void *dmvpn_lpm_find(const struct dmvpn_lpm *t, const struct dmvpn_addr *addr,
		     u8 plen)
{
	struct dmvpn_lpm_node *node = exact(t, addr, plen);

	return node ? lpm_deref(t, node->entry) : NULL;
}

/*
 * Lookup. What covers a host is the upper end of the way that its bits lead
 * down, so the last entry on that way is the one if it covers the host: one
 * comparison is enough where a table holds hosts, as an NHRP cache mostly
 * does. Otherwise the way is gone again, with a comparison at each node.
 */

/* The last entry on the way down, or the last of those that cover the host. */
static __always_inline void *descend4(const struct dmvpn_lpm *t, u64 key,
				      bool covering,
				      struct dmvpn_lpm_node **last)
{
	struct dmvpn_lpm_node *node = lpm_deref(t, t->root4);
	void *entry, *best = NULL;

	while (node && (!covering ||
			key_covers4(&node->key, node->plen, key))) {
		entry = lpm_deref(t, node->entry);
		if (entry) {
			best = entry;
			*last = node;
		}
		if (node->plen == 32)
			break;
		node = lpm_deref(t, node->child[key >> (63 - node->plen) & 1]);
	}
	return best;
}

/**
 * dmvpn_lpm_lookup4() - the entry of the longest prefix that covers a host
 * @t: the table
 * @addr: IPv4 address, network byte order
 *
 * Context: RCU read side (also the BH flavour), or holding the table's lock.
 * Return: the entry or NULL; no reference is taken.
 */
void *dmvpn_lpm_lookup4(const struct dmvpn_lpm *t, __be32 addr)
{
	const u64 key = (u64)be32_to_cpu(addr) << 32;
	struct dmvpn_lpm_node *last = NULL;
	void *entry = descend4(t, key, false, &last);

	if (!entry || likely(key_covers4(&last->key, last->plen, key)))
		return entry;
	return descend4(t, key, true, &last);
}

static __always_inline void *descend6(const struct dmvpn_lpm *t,
				      const struct lpm_key *key, bool covering,
				      struct dmvpn_lpm_node **last)
{
	struct dmvpn_lpm_node *node = lpm_deref(t, t->root6);
	void *entry, *best = NULL;

	while (node && (!covering ||
			key_covers(&node->key, node->plen, key))) {
		entry = lpm_deref(t, node->entry);
		if (entry) {
			best = entry;
			*last = node;
		}
		if (node->plen == 128)
			break;
		node = lpm_deref(t, node->child[key_bit(key, node->plen)]);
	}
	return best;
}

/**
 * dmvpn_lpm_lookup6() - the entry of the longest prefix that covers a host
 * @t: the table
 * @addr: IPv6 address
 *
 * Context: RCU read side (also the BH flavour), or holding the table's lock.
 * Return: the entry or NULL; no reference is taken.
 */
void *dmvpn_lpm_lookup6(const struct dmvpn_lpm *t, const struct in6_addr *addr)
{
	struct dmvpn_lpm_node *last = NULL;
	struct lpm_key key;
	void *entry;

	key_from_v6(&key, addr);
	entry = descend6(t, &key, false, &last);
	if (!entry || likely(key_covers(&last->key, last->plen, &key)))
		return entry;
	return descend6(t, &key, true, &last);
}

/* The root of what comes first after @key/@plen in tree order. */
static struct dmvpn_lpm_node *subtree_after(const struct dmvpn_lpm *t,
					    struct dmvpn_lpm_node *node,
					    const struct lpm_key *key, u8 plen)
{
	struct dmvpn_lpm_node *after = NULL, *left, *right;
	u8 common;

	while (node) {
		common = key_common(&node->key, key, min(node->plen, plen));
		if (common < node->plen) {
			/* Inside the cursor's prefix, right or left of it. */
			if (common == plen || key_bit(&node->key, common))
				after = node;
			break;
		}
		left = lpm_deref(t, node->child[0]);
		right = lpm_deref(t, node->child[1]);
		if (node->plen == plen) {
			after = left ?: right ?: after;
			break;
		}
		if (key_bit(key, node->plen)) {
			node = right;
		} else {
			after = right ?: after;
			node = left;
		}
	}
	return after;
}

/* As dmvpn_lpm_next(), but in one tree and from @node on. */
static void *first_from(const struct dmvpn_lpm *t,
			struct dmvpn_lpm_node __rcu * const *root,
			struct dmvpn_lpm_node *node, u8 family,
			struct dmvpn_addr *addr, u8 *plen)
{
	struct dmvpn_lpm_node *below;
	void *entry;

	while (node) {
		entry = lpm_deref(t, node->entry);
		if (entry) {
			key_to_addr(&node->key, family, addr);
			*plen = node->plen;
			return entry;
		}
		below = lpm_deref(t, node->child[0]) ?:
			lpm_deref(t, node->child[1]);
		/* A leaf loses its entry just before it goes: step over it. */
		node = below ?: subtree_after(t, lpm_deref(t, *root),
					      &node->key, node->plen);
	}
	return NULL;
}

/**
 * dmvpn_lpm_next() - the entry that follows a prefix
 * @t: the table
 * @addr: in: network address of the prefix shown last, or family 0 to start;
 *	out: that of the entry returned, untouched when there is none
 * @plen: in and out: its prefix length in bits
 *
 * The order is IPv4 before IPv6, then by address, then short prefixes before
 * long ones. The cursor is a prefix, not a place, so it stays good when
 * entries come and go, even the one that it names: each entry that is there
 * from start to end is shown exactly once.
 *
 * Context: RCU read side, or holding the table's lock.
 * Return: the entry, or NULL at the end and for a cursor that is no prefix.
 */
void *dmvpn_lpm_next(const struct dmvpn_lpm *t, struct dmvpn_addr *addr,
		     u8 *plen)
{
	struct dmvpn_lpm_node *node4, *node6;
	struct lpm_key key;
	void *entry;

	node4 = lpm_deref(t, t->root4);
	node6 = lpm_deref(t, t->root6);
	if (addr->family && !key_from_prefix(&key, addr, *plen))
		return NULL;
	if (addr->family == AF_INET)
		node4 = subtree_after(t, node4, &key, *plen);
	else if (addr->family == AF_INET6)
		node6 = subtree_after(t, node6, &key, *plen);

	if (addr->family != AF_INET6) {
		entry = first_from(t, &t->root4, node4, AF_INET, addr, plen);
		if (entry)
			return entry;
	}
	return first_from(t, &t->root6, node6, AF_INET6, addr, plen);
}

/**
 * dmvpn_lpm_next_within() - as dmvpn_lpm_next(), inside one prefix only
 * @t: the table
 * @outer: network address of the prefix to stay in
 * @outer_plen: its length in bits
 * @addr: cursor as for dmvpn_lpm_next(); family 0 starts at @outer itself
 * @plen: in and out: the cursor's prefix length in bits
 *
 * Context: RCU read side, or holding the table's lock.
 * Return: the entry, or NULL when there is no other one inside @outer.
 */
void *dmvpn_lpm_next_within(const struct dmvpn_lpm *t,
			    const struct dmvpn_addr *outer, u8 outer_plen,
			    struct dmvpn_addr *addr, u8 *plen)
{
	struct dmvpn_addr next = *addr;
	u8 next_plen = *plen;
	void *entry = NULL;

	if (!next.family) {
		next = *outer;
		next_plen = outer_plen;
		entry = dmvpn_lpm_find(t, &next, next_plen);
	}
	if (!entry)
		entry = dmvpn_lpm_next(t, &next, &next_plen);
	if (!entry ||
	    !dmvpn_prefix_contains(outer, outer_plen, &next, next_plen))
		return NULL;
	*addr = next;
	*plen = next_plen;
	return entry;
}
