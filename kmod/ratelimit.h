/* SPDX-License-Identifier: GPL-2.0-only */
/* Rate limits for what packets make the kernel do: no locks, no growth. */
#ifndef _DMVPN_RATELIMIT_H
#define _DMVPN_RATELIMIT_H

#include <linux/atomic.h>
#include <linux/siphash.h>
#include <linux/types.h>

/**
 * struct dmvpn_bucket - a token bucket
 * @state: time of the last refill and credit left, see ratelimit.c
 * @rate: tokens that come back each second
 * @burst: tokens that a full bucket holds
 */
struct dmvpn_bucket {
	atomic64_t state;
	u32 rate;
	u32 burst;
};

void dmvpn_bucket_init(struct dmvpn_bucket *b, u32 rate, u32 burst,
		       unsigned long now);
void dmvpn_bucket_set(struct dmvpn_bucket *b, u32 rate, u32 burst);
bool dmvpn_bucket_take(struct dmvpn_bucket *b, unsigned long now);

/**
 * struct dmvpn_hashlimit - "at most once per interval" for many keys
 * @key: secret of the hash, so that nobody can aim at a slot
 * @slots: fixed array of slots
 * @mask: number of sets of slots, less one
 * @interval: jiffies between two reports of one key
 */
struct dmvpn_hashlimit {
	siphash_key_t key;
	atomic64_t *slots;
	u32 mask;
	u32 interval;
};

int dmvpn_hashlimit_init(struct dmvpn_hashlimit *h, unsigned int slots,
			 unsigned long interval);
void dmvpn_hashlimit_free(struct dmvpn_hashlimit *h);
void dmvpn_hashlimit_set(struct dmvpn_hashlimit *h, unsigned long interval);
bool dmvpn_hashlimit_allow(struct dmvpn_hashlimit *h, const void *key,
			   size_t len, unsigned long now);

#endif /* _DMVPN_RATELIMIT_H */
