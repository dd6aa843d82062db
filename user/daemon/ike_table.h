/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IKE SAs of a device, by number and by peer. */
#ifndef NH_IKE_TABLE_H
#define NH_IKE_TABLE_H

#include "daemon/ike_sa.h"

/* Most IKE SAs that are remembered of a device; peers make them. */
#define NH_IKE_SAS_MAX		100000
#define NH_IKE_BUCKETS		1024

LIST_HEAD(nh_ike_bucket, nh_ike_sa);

/**
 * struct nh_ike_table - the IKE SAs of a device; all zero is an empty one
 * @by_id: buckets by the IKE daemon's number
 * @by_remote: buckets by the peer's NBMA address
 * @n: number of them
 */
struct nh_ike_table {
	struct nh_ike_bucket by_id[NH_IKE_BUCKETS];
	struct nh_ike_bucket by_remote[NH_IKE_BUCKETS];
	size_t n;
};

/**
 * nh_ike_table_put() - take a copy of @sa, in place of the one of its number
 *
 * What we noted of that one (@orphan, @chosen, @closed, @suspect) is kept.
 *
 * Return: the one in the table; NULL when it is full or memory is out.
 */
struct nh_ike_sa *nh_ike_table_put(struct nh_ike_table *t,
				   const struct nh_ike_sa *sa);

/** nh_ike_table_del() - take @sa out and free it */
void nh_ike_table_del(struct nh_ike_table *t, struct nh_ike_sa *sa);

/** nh_ike_table_clear() - take all out */
void nh_ike_table_clear(struct nh_ike_table *t);

/** nh_ike_table_find() - by the IKE daemon's number, or NULL */
struct nh_ike_sa *nh_ike_table_find(const struct nh_ike_table *t, uint32_t id);

/**
 * nh_ike_table_with() - the next IKE SA with a peer
 * @after: the last one, NULL for the first
 *
 * Return: NULL when there is no further one.
 */
struct nh_ike_sa *nh_ike_table_with(const struct nh_ike_table *t,
				    const struct nh_addr *remote,
				    const struct nh_ike_sa *after);

/** nh_ike_table_at() - the youngest one with ESP SAs for @ep, or NULL */
struct nh_ike_sa *nh_ike_table_at(const struct nh_ike_table *t,
				  const struct nh_endpoint *ep);

/** nh_ike_table_has_spi() - whether an ESP SA with @remote is of one of them */
bool nh_ike_table_has_spi(const struct nh_ike_table *t,
			  const struct nh_addr *remote, uint32_t spi);

/**
 * nh_ike_table_next() - walk through all of them, in no order
 * @after: the last one, NULL for the first; must still be in the table
 */
struct nh_ike_sa *nh_ike_table_next(const struct nh_ike_table *t,
				    const struct nh_ike_sa *after);

#endif /* NH_IKE_TABLE_H */
