// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache entries of single addresses, by that address.
 *
 * The longest prefix is the address itself: an entry found here that has a peer
 * is the one to use. Most entries of a hub are such, the tunnel addresses of its
 * clients. A way down a tree of them is as long as the logarithm of their number,
 * of which only the upper end stays in the cache of the processor.
 */
#include "hosts.h"

#include <linux/jhash.h>
#include <linux/rhashtable.h>

#include "cache.h"
#include "dmvpn.h"

/* Clients choose their addresses: hence the seed. */
static u32 dmvpn_hosts_hash(const void *data, u32 len, u32 seed)
{
	const struct dmvpn_addr *addr = data;

	if (addr->family == AF_INET)
		return jhash_1word((__force u32)addr->v4, seed);
	return __ipv6_addr_jhash(&addr->v6, seed);
}

static int dmvpn_hosts_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct dmvpn_entry *e = obj;

	return !dmvpn_addr_equal(&e->b.prefix, arg->key);
}

static const struct rhashtable_params dmvpn_hosts_params = {
	.head_offset = offsetof(struct dmvpn_entry, host),
	.key_offset = offsetof(struct dmvpn_entry, b.prefix),
	.key_len = sizeof(struct dmvpn_addr),
	.hashfn = dmvpn_hosts_hash,
	.obj_cmpfn = dmvpn_hosts_cmp,
	.automatic_shrinking = true,
};

/**
 * dmvpn_hosts_init() - make an empty table
 * @ddev: device
 *
 * Return: 0 or -ENOMEM.
 */
int dmvpn_hosts_init(struct dmvpn_dev *ddev)
{
	return rhashtable_init(&ddev->hosts, &dmvpn_hosts_params);
}

/**
 * dmvpn_hosts_destroy() - free the table
 * @ddev: device; it has no entries any more, and no reader is left
 */
void dmvpn_hosts_destroy(struct dmvpn_dev *ddev)
{
	rhashtable_destroy(&ddev->hosts);
}

/**
 * dmvpn_hosts_lookup() - find the entry of an address
 * @ddev: device
 * @addr: protocol address
 *
 * Context: RCU read side.
 *
 * Return: the entry of exactly this address, or NULL.
 */
struct dmvpn_entry *dmvpn_hosts_lookup(const struct dmvpn_dev *ddev,
				       const struct dmvpn_addr *addr)
{
	/* The lookup changes nothing, but does not say so. */
	return rhashtable_lookup((struct rhashtable *)&ddev->hosts, addr,
				 dmvpn_hosts_params);
}

/**
 * dmvpn_hosts_add() - add an entry
 * @ddev: device; its lock is held
 * @e: entry of an address that has none
 *
 * Return: 0 or -ENOMEM.
 */
int dmvpn_hosts_add(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	int err = rhashtable_insert_fast(&ddev->hosts, &e->host,
					 dmvpn_hosts_params);

	return err ? -ENOMEM : 0;
}

/**
 * dmvpn_hosts_replace() - exchange an entry for another
 * @ddev: device; its lock is held
 * @old: in the table
 * @e: entry of the same address
 *
 * Readers find the old or the new entry, never none.
 */
void dmvpn_hosts_replace(struct dmvpn_dev *ddev, struct dmvpn_entry *old,
			 struct dmvpn_entry *e)
{
	WARN_ON_ONCE(rhashtable_replace_fast(&ddev->hosts, &old->host,
					     &e->host, dmvpn_hosts_params));
}

/**
 * dmvpn_hosts_del() - take an entry out
 * @ddev: device; its lock is held
 * @e: entry; readers may see it until a grace period has passed
 */
void dmvpn_hosts_del(struct dmvpn_dev *ddev, struct dmvpn_entry *e)
{
	rhashtable_remove_fast(&ddev->hosts, &e->host, dmvpn_hosts_params);
}
