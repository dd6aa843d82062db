/* SPDX-License-Identifier: GPL-2.0-only */
/* A longest-prefix table that is too simple to be wrong: a list. */
#ifndef _DMVPN_TESTS_LPM_MODEL_H
#define _DMVPN_TESTS_LPM_MODEL_H

#include <linux/prandom.h>

#include "prefix.h"

#define LPM_MODEL_MAX 256

struct lpm_model_entry {
	struct prefix p;
	void *entry;
};

struct lpm_model {
	struct rnd_state rnd;
	unsigned int n;
	struct lpm_model_entry e[LPM_MODEL_MAX];
};

void lpm_model_seed(struct lpm_model *m, struct kunit *test);
void lpm_model_add(struct lpm_model *m, struct prefix p, void *entry);
struct lpm_model_entry *lpm_model_find(struct lpm_model *m,
				       const struct prefix *p);
struct lpm_model_entry *lpm_model_lookup(struct lpm_model *m,
					 const struct dmvpn_addr *addr);
struct lpm_model_entry *lpm_model_next(struct lpm_model *m,
				       const struct prefix *p,
				       const struct prefix *outer);

u32 lpm_model_below(struct lpm_model *m, u32 limit);
void lpm_model_flip_bits(struct lpm_model *m, struct dmvpn_addr *addr,
			 u8 from);
struct prefix lpm_model_some_prefix(struct lpm_model *m);

#endif /* _DMVPN_TESTS_LPM_MODEL_H */
