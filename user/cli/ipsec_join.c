// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the kernel and IKE know of IPsec, joined to rows. A hub has tens of
 * thousands of security associations: everything is found by halving.
 */
#include "cli/ipsec_join.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ike.h"
#include "genl/nl_peer.h"
#include "genl/sa.h"

/**
 * struct claim - an SPI that IKE names
 * @spi: the SPI
 * @inbound: of which direction
 * @row: the row of the child
 */
struct claim {
	uint32_t spi;
	bool inbound;
	size_t row;
};

/**
 * struct half - a security association of a device that IKE does not name
 * @sa: itself
 * @dev: the device
 * @remote: the other end
 * @inbound: its direction
 */
struct half {
	const struct dmvpn_nl_sa *sa;
	const struct ipsec_dev *dev;
	const struct nh_addr *remote;
	bool inbound;
};

/**
 * struct join - the work
 * @t: what is known
 * @rows: the rows made so far
 * @n_rows: their number
 * @row_room: rows there is room for
 * @claims: what IKE names, sorted
 * @n_claims: their number
 * @halves: what it does not
 * @n_halves: their number
 * @half_room: halves there is room for
 * @peers: sorted by device, address and interface id
 */
struct join {
	const struct ipsec_tables *t;
	struct ipsec_row *rows;
	size_t n_rows;
	size_t row_room;
	struct claim *claims;
	size_t n_claims;
	struct half *halves;
	size_t n_halves;
	size_t half_room;
	const struct dmvpn_nl_peer **peers;
};

#define CMP(a, b)	(((a) > (b)) - ((a) < (b)))

static int cmp_claims(const void *one, const void *other)
{
	const struct claim *a = one, *b = other;

	if (a->spi != b->spi)
		return CMP(a->spi, b->spi);
	if (a->inbound != b->inbound)
		return CMP(a->inbound, b->inbound);
	return CMP(a->row, b->row);
}

static int cmp_peers(const void *one, const void *other)
{
	const struct dmvpn_nl_peer *const *a = one, *const *b = other;
	int cmp;

	if ((*a)->ifindex != (*b)->ifindex)
		return CMP((*a)->ifindex, (*b)->ifindex);
	cmp = nh_addr_cmp(&(*a)->nbma, &(*b)->nbma);
	return cmp ? cmp : CMP((*a)->if_id, (*b)->if_id);
}

/* What may be paired stands together, the newest first. */
static int cmp_halves(const void *one, const void *other)
{
	const struct half *a = one, *b = other;
	int cmp;

	if (a->dev != b->dev)
		return CMP(a->dev, b->dev);
	cmp = nh_addr_cmp(a->remote, b->remote);
	if (cmp)
		return cmp;
	if (a->sa->if_id != b->sa->if_id)
		return CMP(a->sa->if_id, b->sa->if_id);
	if (a->inbound != b->inbound)
		return CMP(b->inbound, a->inbound);
	if (a->sa->added != b->sa->added)
		return CMP(b->sa->added, a->sa->added);
	/* Of a second, the kernel lists the newest first. */
	return CMP(a->sa, b->sa);
}

static uint64_t added(const struct ipsec_row *row)
{
	uint64_t in = row->in ? row->in->added : 0;
	uint64_t out = row->out ? row->out->added : 0;

	return in > out ? in : out;
}

static int cmp_rows(const void *one, const void *other)
{
	const struct ipsec_row *a = one, *b = other;
	int cmp;

	if (a->dev != b->dev)
		return CMP(a->dev, b->dev);
	cmp = nh_addr_cmp(&a->nbma, &b->nbma);
	if (cmp)
		return cmp;
	if (a->if_id != b->if_id)
		return CMP(a->if_id, b->if_id);
	if (added(a) != added(b))
		return CMP(added(b), added(a));
	return CMP(a->order, b->order);
}

static struct ipsec_row *add_row(struct join *j, const struct ipsec_dev *dev)
{
	struct ipsec_row *row;

	if (j->n_rows == j->row_room) {
		size_t room = j->row_room ? 2 * j->row_room : 16;

		row = reallocarray(j->rows, room, sizeof(*row));
		if (!row)
			return NULL;
		j->rows = row;
		j->row_room = room;
	}
	row = &j->rows[j->n_rows];
	*row = (struct ipsec_row){ .dev = dev, .order = j->n_rows++ };
	return row;
}

static int add_half(struct join *j, const struct half *half)
{
	if (j->n_halves == j->half_room) {
		size_t room = j->half_room ? 2 * j->half_room : 16;
		struct half *halves = reallocarray(j->halves, room,
						   sizeof(*halves));

		if (!halves)
			return -ENOMEM;
		j->halves = halves;
		j->half_room = room;
	}
	j->halves[j->n_halves++] = *half;
	return 0;
}

static const struct ipsec_dev *find_dev(const struct ipsec_tables *t,
					const char *name)
{
	size_t i;

	for (i = 0; i < t->n_devs; i++) {
		if (!strcmp(t->devs[i].name, name))
			return &t->devs[i];
	}
	return NULL;
}

static int add_ike_row(struct join *j, const struct ipsec_dev *dev,
		       const struct ike_sa *ike, const struct ike_child *child)
{
	struct ipsec_row *row = add_row(j, dev);
	size_t i = j->n_rows - 1;

	if (!row)
		return -ENOMEM;
	row->nbma = ike->nbma;
	row->ike = ike;
	row->child = child;
	if (!child)
		return 0;
	if (child->if_id <= UINT32_MAX)
		row->if_id = child->if_id;
	if (child->spi_in)
		j->claims[j->n_claims++] = (struct claim){ child->spi_in, true,
							   i };
	if (child->spi_out)
		j->claims[j->n_claims++] = (struct claim){ child->spi_out,
							   false, i };
	return 0;
}

static int add_ike(struct join *j)
{
	const struct ike_facts *facts = j->t->ike;
	size_t i, c;

	if (!facts)
		return 0;
	j->claims = calloc(2 * facts->n_children + 1, sizeof(*j->claims));
	if (!j->claims)
		return -ENOMEM;
	for (i = 0; i < facts->n_sas; i++) {
		const struct ike_sa *ike = &facts->sas[i];
		const struct ipsec_dev *dev = find_dev(j->t, ike->ifname);

		if (!dev)
			continue;
		if (!ike->n_children && add_ike_row(j, dev, ike, NULL))
			return -ENOMEM;
		for (c = 0; c < ike->n_children; c++) {
			if (add_ike_row(j, dev, ike, &ike->children[c]))
				return -ENOMEM;
		}
	}
	qsort(j->claims, j->n_claims, sizeof(*j->claims), cmp_claims);
	return 0;
}

static int sort_peers(struct join *j)
{
	size_t i;

	j->peers = calloc(j->t->n_peers + 1, sizeof(*j->peers));
	if (!j->peers)
		return -ENOMEM;
	for (i = 0; i < j->t->n_peers; i++)
		j->peers[i] = &j->t->peers[i];
	qsort(j->peers, j->t->n_peers, sizeof(*j->peers), cmp_peers);
	return 0;
}

static bool is_local(const struct ipsec_dev *dev, const struct nh_addr *addr)
{
	return nh_addr_is_set(addr) && (nh_addr_equal(&dev->local4, addr) ||
					nh_addr_equal(&dev->local6, addr));
}

static bool has_peer(const struct join *j, const struct half *half)
{
	const struct dmvpn_nl_peer peer = {
		.ifindex = half->dev->ifindex,
		.nbma = *half->remote,
		.if_id = half->sa->if_id,
	}, *key = &peer;

	return bsearch(&key, j->peers, j->t->n_peers, sizeof(*j->peers),
		       cmp_peers);
}

static bool same_sa(const struct dmvpn_nl_sa *a, const struct dmvpn_nl_sa *b)
{
	return a->spi == b->spi && nh_addr_equal(&a->dst, &b->dst) &&
	       a->mark == b->mark && a->mark_mask == b->mark_mask;
}

/* SPIs are unique at one end only: all that have this one are looked at. */
static bool fill_claim(struct ipsec_row *row, const struct half *half)
{
	const struct dmvpn_nl_sa **side = half->inbound ? &row->in : &row->out;

	if (row->dev != half->dev ||
	    (nh_addr_is_set(&row->nbma) &&
	     !nh_addr_equal(&row->nbma, half->remote)))
		return false;
	/* The same one again is no other one's. */
	if (*side)
		return same_sa(*side, half->sa);
	*side = half->sa;
	row->nbma = *half->remote;
	row->if_id = half->sa->if_id;
	return true;
}

static bool claimed(struct join *j, const struct half *half)
{
	const struct claim key = { half->sa->spi, half->inbound, 0 };
	size_t low = 0, high = j->n_claims;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (cmp_claims(&j->claims[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < j->n_claims && j->claims[low].spi == key.spi &&
	       j->claims[low].inbound == key.inbound; low++) {
		if (fill_claim(&j->rows[j->claims[low].row], half))
			return true;
	}
	return false;
}

/* Finds the devices of a security association seen in one direction. */
static int place(struct join *j, const struct dmvpn_nl_sa *sa, bool inbound)
{
	const struct nh_addr *local = inbound ? &sa->dst : &sa->src;
	struct half half = {
		.sa = sa,
		.remote = inbound ? &sa->src : &sa->dst,
		.inbound = inbound,
	};
	const struct ipsec_dev *first = NULL;
	bool placed = false;
	size_t i;

	for (i = 0; i < j->t->n_devs; i++) {
		half.dev = &j->t->devs[i];
		if (!is_local(half.dev, local))
			continue;
		if (!first)
			first = half.dev;
		if (claimed(j, &half)) {
			placed = true;
		} else if (has_peer(j, &half)) {
			placed = true;
			if (add_half(j, &half))
				return -ENOMEM;
		}
	}
	if (placed || !first)
		return 0;
	half.dev = first;
	return add_half(j, &half);
}

static bool same_group(const struct half *a, const struct half *b)
{
	return a->dev == b->dev && nh_addr_equal(a->remote, b->remote) &&
	       a->sa->if_id == b->sa->if_id;
}

/* Only those of the same second are looked at: the other ones differ. */
static bool is_double(const struct half *kept, size_t n_kept,
		      const struct half *half)
{
	while (n_kept--) {
		if (!same_group(&kept[n_kept], half) ||
		    kept[n_kept].inbound != half->inbound ||
		    kept[n_kept].sa->added != half->sa->added)
			return false;
		if (same_sa(kept[n_kept].sa, half->sa))
			return true;
	}
	return false;
}

/* A dump that met changes may have one twice, see DMVPN_NL_CHANGED. */
static void drop_doubles(struct join *j)
{
	size_t kept = 0, i;

	for (i = 0; i < j->n_halves; i++) {
		if (!is_double(j->halves, kept, &j->halves[i]))
			j->halves[kept++] = j->halves[i];
	}
	j->n_halves = kept;
}

static int add_half_row(struct join *j, const struct half *half,
			const struct half *other)
{
	struct ipsec_row *row = add_row(j, half->dev);

	if (!row)
		return -ENOMEM;
	row->nbma = *half->remote;
	row->if_id = half->sa->if_id;
	row->in = half->inbound ? half->sa : NULL;
	row->out = half->inbound ? NULL : half->sa;
	if (other)
		row->out = other->sa;
	return 0;
}

/* Each group is its inbound ones, then its outbound ones. */
static int pair_halves(struct join *j)
{
	size_t begin, i;

	for (begin = 0; begin < j->n_halves; begin = i) {
		struct half *group = &j->halves[begin], *out = NULL;

		for (i = begin; i < j->n_halves; i++) {
			if (!same_group(group, &j->halves[i]))
				break;
			if (!out && !j->halves[i].inbound)
				out = &j->halves[i];
		}
		if (!group->inbound)
			out = NULL;
		if (add_half_row(j, group, out))
			return -ENOMEM;
		for (group++; group < &j->halves[i]; group++) {
			if (group != out && add_half_row(j, group, NULL))
				return -ENOMEM;
		}
	}
	return 0;
}

static void keep_device(struct join *j, uint32_t ifindex)
{
	size_t kept = 0, i;

	for (i = 0; i < j->n_rows; i++) {
		if (!ifindex || j->rows[i].dev->ifindex == ifindex)
			j->rows[kept++] = j->rows[i];
	}
	j->n_rows = kept;
}

static int join(struct join *j)
{
	size_t i;

	if (add_ike(j) || sort_peers(j))
		return -ENOMEM;
	for (i = 0; i < j->t->n_sas; i++) {
		if (place(j, &j->t->sas[i], true) ||
		    place(j, &j->t->sas[i], false))
			return -ENOMEM;
	}
	if (j->n_halves)
		qsort(j->halves, j->n_halves, sizeof(*j->halves), cmp_halves);
	drop_doubles(j);
	return pair_halves(j);
}

int ipsec_join(const struct ipsec_tables *t, struct ipsec_row **rows,
	       size_t *n)
{
	struct join j = { .t = t };
	int err = join(&j);

	free(j.claims);
	free(j.halves);
	free(j.peers);
	if (err) {
		free(j.rows);
		return err;
	}
	keep_device(&j, t->ifindex);
	if (j.n_rows)
		qsort(j.rows, j.n_rows, sizeof(*j.rows), cmp_rows);
	*rows = j.rows;
	*n = j.n_rows;
	return 0;
}
