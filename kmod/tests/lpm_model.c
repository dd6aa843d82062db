// SPDX-License-Identifier: GPL-2.0-only
/* A longest-prefix table that is too simple to be wrong: a list. */
#include "lpm_model.h"

#include <linux/module.h>
#include <linux/random.h>

static uint lpm_seed;
module_param(lpm_seed, uint, 0444);
MODULE_PARM_DESC(lpm_seed, "Seed of the random tests, 0: a new one each time");

void lpm_model_seed(struct lpm_model *m, struct kunit *test)
{
	u32 seed = lpm_seed ?: get_random_u32();

	kunit_info(test, "lpm_seed=%u\n", seed);
	prandom_seed_state(&m->rnd, seed);
}

void lpm_model_add(struct lpm_model *m, struct prefix p, void *entry)
{
	m->e[m->n++] = (struct lpm_model_entry){ p, entry };
}

struct lpm_model_entry *lpm_model_find(struct lpm_model *m,
				       const struct prefix *p)
{
	struct lpm_model_entry *e;

	for (e = m->e; e < m->e + m->n; e++)
		if (!prefix_compare(&e->p, p))
			return e;
	return NULL;
}

struct lpm_model_entry *lpm_model_lookup(struct lpm_model *m,
					 const struct dmvpn_addr *addr)
{
	struct lpm_model_entry *best = NULL, *e;

	for (e = m->e; e < m->e + m->n; e++) {
		if (best && best->p.plen >= e->p.plen)
			continue;
		if (dmvpn_prefix_contains(&e->p.addr, e->p.plen, addr,
					  dmvpn_addr_bits(addr)))
			best = e;
	}
	return best;
}

/* The first one behind @p, and inside @outer if that is given. */
struct lpm_model_entry *lpm_model_next(struct lpm_model *m,
				       const struct prefix *p,
				       const struct prefix *outer)
{
	struct lpm_model_entry *first = NULL, *e;

	for (e = m->e; e < m->e + m->n; e++) {
		if (p->addr.family && prefix_compare(&e->p, p) <= 0)
			continue;
		if (outer && !dmvpn_prefix_contains(&outer->addr, outer->plen,
						    &e->p.addr, e->p.plen))
			continue;
		if (!first || prefix_compare(&e->p, &first->p) < 0)
			first = e;
	}
	return first;
}

/* A random number less than @limit. */
u32 lpm_model_below(struct lpm_model *m, u32 limit)
{
	return prandom_u32_state(&m->rnd) % limit;
}

/* Change up to two bits, none of the first @from. */
void lpm_model_flip_bits(struct lpm_model *m, struct dmvpn_addr *addr,
			 u8 from)
{
	u8 bits = dmvpn_addr_bits(addr), bit;
	u32 n = lpm_model_below(m, 3);

	while (n-- && from < bits) {
		bit = from + lpm_model_below(m, bits - from);
		addr->v6.s6_addr[bit / 8] ^= 0x80 >> bit % 8;
	}
}

/* Often near to what is there: inside it, above it or beside it. */
static struct prefix random_prefix(struct lpm_model *m)
{
	struct prefix p = {};
	u8 bits;

	if (m->n && lpm_model_below(m, 4)) {
		p = m->e[lpm_model_below(m, m->n)].p;
		lpm_model_flip_bits(m, &p.addr,
				    lpm_model_below(m, p.plen + 1));
	} else {
		p.addr.family = lpm_model_below(m, 2) ? AF_INET : AF_INET6;
		prandom_bytes_state(&m->rnd, &p.addr.v6,
				    dmvpn_addr_len(&p.addr));
	}
	bits = dmvpn_addr_bits(&p.addr);
	if (lpm_model_below(m, 3))
		p.plen = lpm_model_below(m, bits + 1);
	else if (lpm_model_below(m, 3))
		p.plen = bits;
	p.addr = dmvpn_addr_masked(&p.addr, p.plen);
	return p;
}

/* A prefix that is in the table, or one that may be. */
struct prefix lpm_model_some_prefix(struct lpm_model *m)
{
	if (m->n && lpm_model_below(m, 2))
		return m->e[lpm_model_below(m, m->n)].p;
	return random_prefix(m);
}
