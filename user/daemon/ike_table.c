// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of IKE SAs: two sets of buckets over the same objects. */
#include "daemon/ike_table.h"

#include <stdlib.h>

static size_t id_bucket(uint32_t id)
{
	return id % NH_IKE_BUCKETS;
}

/* Peers cannot choose addresses at will, so a plain sum of octets will do. */
static size_t remote_bucket(const struct nh_addr *remote)
{
	size_t i, sum = 0;

	for (i = 0; i < remote->len; i++)
		sum = sum * 31 + remote->bytes[i];
	return sum % NH_IKE_BUCKETS;
}

static void unlink_sa(struct nh_ike_table *t, struct nh_ike_sa *sa)
{
	LIST_REMOVE(sa, by_id);
	LIST_REMOVE(sa, by_remote);
	t->n--;
}

static void link_sa(struct nh_ike_table *t, struct nh_ike_sa *sa)
{
	LIST_INSERT_HEAD(&t->by_id[id_bucket(sa->id)], sa, by_id);
	LIST_INSERT_HEAD(&t->by_remote[remote_bucket(&sa->remote)], sa,
			 by_remote);
	t->n++;
}

struct nh_ike_sa *nh_ike_table_put(struct nh_ike_table *t,
				   const struct nh_ike_sa *sa)
{
	struct nh_ike_sa *own = nh_ike_table_find(t, sa->id);
	uint64_t orphan = 0, chosen = 0, closed = 0, suspect = 0;

	if (own) {
		orphan = own->orphan;
		chosen = own->chosen;
		closed = own->closed;
		suspect = own->suspect;
		unlink_sa(t, own);
	} else {
		if (t->n >= NH_IKE_SAS_MAX)
			return NULL;
		own = malloc(sizeof(*own));
		if (!own)
			return NULL;
	}
	*own = *sa;
	own->orphan = orphan;
	own->chosen = chosen;
	own->closed = closed;
	own->suspect = suspect;
	link_sa(t, own);
	return own;
}

void nh_ike_table_del(struct nh_ike_table *t, struct nh_ike_sa *sa)
{
	unlink_sa(t, sa);
	free(sa);
}

void nh_ike_table_clear(struct nh_ike_table *t)
{
	struct nh_ike_sa *sa;

	while ((sa = nh_ike_table_next(t, NULL)))
		nh_ike_table_del(t, sa);
}

struct nh_ike_sa *nh_ike_table_find(const struct nh_ike_table *t, uint32_t id)
{
	struct nh_ike_sa *sa;

	LIST_FOREACH(sa, &t->by_id[id_bucket(id)], by_id)
		if (sa->id == id)
			return sa;
	return NULL;
}

struct nh_ike_sa *nh_ike_table_with(const struct nh_ike_table *t,
				    const struct nh_addr *remote,
				    const struct nh_ike_sa *after)
{
	struct nh_ike_sa *sa;

	sa = after ? LIST_NEXT(after, by_remote) :
	     LIST_FIRST(&t->by_remote[remote_bucket(remote)]);
	while (sa && !nh_addr_equal(&sa->remote, remote))
		sa = LIST_NEXT(sa, by_remote);
	return sa;
}

struct nh_ike_sa *nh_ike_table_at(const struct nh_ike_table *t,
				  const struct nh_endpoint *ep)
{
	struct nh_ike_sa *sa = NULL, *best = NULL;

	while ((sa = nh_ike_table_with(t, &ep->nbma, sa)))
		if (nh_ike_sa_is_up(sa, ep->if_id) &&
		    (!best || sa->established > best->established))
			best = sa;
	return best;
}

bool nh_ike_table_has_spi(const struct nh_ike_table *t,
			  const struct nh_addr *remote, uint32_t spi)
{
	const struct nh_ike_sa *sa = NULL;
	size_t i;

	while ((sa = nh_ike_table_with(t, remote, sa)))
		for (i = 0; i < sa->nchild; i++)
			if (sa->child[i].spi_in == spi ||
			    sa->child[i].spi_out == spi)
				return true;
	return false;
}

struct nh_ike_sa *nh_ike_table_next(const struct nh_ike_table *t,
				    const struct nh_ike_sa *after)
{
	struct nh_ike_sa *sa = NULL;
	size_t i = 0;

	if (after) {
		sa = LIST_NEXT(after, by_id);
		i = id_bucket(after->id) + 1;
	}
	for (; !sa && i < NH_IKE_BUCKETS; i++)
		sa = LIST_FIRST(&t->by_id[i]);
	return sa;
}
