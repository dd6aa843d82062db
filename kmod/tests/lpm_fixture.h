/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests of the longest-prefix table work on. */
#ifndef _DMVPN_TESTS_LPM_FIXTURE_H
#define _DMVPN_TESTS_LPM_FIXTURE_H

#include <linux/mutex.h>
#include <linux/rcupdate.h>

#include "../lpm.h"
#include "lpm_model.h"
#include "prefix.h"

/*
 * A table and the list that it should be like, and the table's functions
 * under the lock that they need.
 */
struct fixture {
	struct dmvpn_lpm table;
	struct mutex lock; /* the table's */
	struct lpm_model model;
	unsigned long serial;
};

static inline int insert(struct fixture *f, struct prefix p, void *entry)
{
	int err;

	mutex_lock(&f->lock);
	err = dmvpn_lpm_insert(&f->table, &p.addr, p.plen, entry);
	mutex_unlock(&f->lock);
	return err;
}

static inline void *replace(struct fixture *f, struct prefix p, void *entry)
{
	void *old;

	mutex_lock(&f->lock);
	old = dmvpn_lpm_replace(&f->table, &p.addr, p.plen, entry);
	mutex_unlock(&f->lock);
	return old;
}

static inline void *remove(struct fixture *f, struct prefix p)
{
	void *entry;

	mutex_lock(&f->lock);
	entry = dmvpn_lpm_remove(&f->table, &p.addr, p.plen);
	mutex_unlock(&f->lock);
	return entry;
}

static inline void *find(struct fixture *f, struct prefix p)
{
	void *entry;

	rcu_read_lock();
	entry = dmvpn_lpm_find(&f->table, &p.addr, p.plen);
	rcu_read_unlock();
	return entry;
}

static inline void *lookup(struct fixture *f, struct dmvpn_addr addr)
{
	void *entry;

	/* What a transmit function runs under. */
	rcu_read_lock_bh();
	entry = addr.family == AF_INET ?
		dmvpn_lpm_lookup4(&f->table, addr.v4) :
		dmvpn_lpm_lookup6(&f->table, &addr.v6);
	rcu_read_unlock_bh();
	return entry;
}

static inline void *next(struct fixture *f, struct prefix *p)
{
	void *entry;

	rcu_read_lock();
	entry = dmvpn_lpm_next(&f->table, &p->addr, &p->plen);
	rcu_read_unlock();
	return entry;
}

static inline void *next_within(struct fixture *f, const struct prefix *outer,
				struct prefix *p)
{
	void *entry;

	rcu_read_lock();
	entry = dmvpn_lpm_next_within(&f->table, &outer->addr, outer->plen,
				      &p->addr, &p->plen);
	rcu_read_unlock();
	return entry;
}

#endif /* _DMVPN_TESTS_LPM_FIXTURE_H */
