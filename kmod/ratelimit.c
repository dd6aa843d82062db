// SPDX-License-Identifier: GPL-2.0-only
/* Rate limits for what packets make the kernel do: no locks, no growth. */
#include "ratelimit.h"

#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/limits.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/slab.h>

/*
 * Both limits keep a time and something else in one 64-bit word, so that one
 * compare-and-exchange changes them together. The time is the low 32 bits of
 * jiffies: it wraps after 49 days at HZ=1000.
 */

/* Slots that one key can be in; eight words are one cache line. */
#define HASHLIMIT_WAYS 8
#define HASHLIMIT_MAX_SLOTS BIT(20)

static u64 pack(u32 high, u32 time)
{
	return (u64)high << 32 | time;
}

/*
 * Jiffies since @last. Another CPU can have stored a slightly later time than
 * ours: that counts as now. Only a second is taken for that: were it half of
 * the range, something unused for weeks would look as if it was of the future.
 */
static u32 age(u32 now, u32 last)
{
	u32 elapsed = now - last;

	return elapsed > U32_MAX - HZ ? 0 : elapsed;
}

/**
 * dmvpn_bucket_init() - make a full bucket
 * @b: the bucket
 * @rate: tokens that come back each second; 0: none ever
 * @burst: tokens of a full bucket, cut to what 32 bits of 1/HZ tokens hold
 *	(4 million at HZ=1000); 0: nothing passes
 * @now: jiffies
 */
void dmvpn_bucket_init(struct dmvpn_bucket *b, u32 rate, u32 burst,
		       unsigned long now)
{
	dmvpn_bucket_set(b, rate, burst);
	atomic64_set(&b->state, pack(b->burst * HZ, now));
}

/**
 * dmvpn_bucket_set() - change rate and burst of a bucket in use
 * @b: the bucket; it keeps its tokens as far as the new burst allows
 * @rate: see dmvpn_bucket_init()
 * @burst: see dmvpn_bucket_init()
 *
 * Context: any; callers serialise themselves against each other.
 */
void dmvpn_bucket_set(struct dmvpn_bucket *b, u32 rate, u32 burst)
{
	WRITE_ONCE(b->rate, rate);
	WRITE_ONCE(b->burst, min_t(u32, burst, U32_MAX / HZ));
}

/**
 * dmvpn_bucket_take() - take a token
 * @b: the bucket
 * @now: jiffies
 *
 * The upper half of the state is the credit in 1/HZ of a token: each jiffy
 * adds @rate of them, a token costs HZ. A refusal stores nothing, so CPUs do
 * not fight for the cache line while a flood lasts.
 *
 * Context: any.
 * Return: true when there was one.
 */
bool dmvpn_bucket_take(struct dmvpn_bucket *b, unsigned long now)
{
	u32 full = READ_ONCE(b->burst) * HZ;
	u32 rate = READ_ONCE(b->rate);
	u32 last, elapsed;
	s64 old, new;
	u64 credit;

	old = atomic64_read(&b->state);
	do {
		last = lower_32_bits(old);
		elapsed = age(now, last);
		/* Fits: (2^32 - 1)^2 + 2^32 - 1 < 2^64. */
		credit = upper_32_bits(old) + mul_u32_u32(elapsed, rate);
		credit = min_t(u64, credit, full);
		if (credit < HZ)
			return false;
		new = pack(credit - HZ, elapsed ? now : last);
	} while (!atomic64_try_cmpxchg(&b->state, &old, new));
	return true;
}

/**
 * dmvpn_hashlimit_init() - make an empty table
 * @h: the table
 * @slots: how many keys it can hold off at a time: 8 bytes each, rounded up
 *	to a power of two, at most 2^20
 * @interval: jiffies between two reports of one key; 0: no limit
 *
 * Context: process context; may sleep.
 * Return: 0; -EINVAL for no or too many slots, -ENOMEM.
 */
int dmvpn_hashlimit_init(struct dmvpn_hashlimit *h, unsigned int slots,
			 unsigned long interval)
{
	if (!slots || slots > HASHLIMIT_MAX_SLOTS)
		return -EINVAL;
	slots = max_t(u32, roundup_pow_of_two(slots), HASHLIMIT_WAYS);
	h->slots = kvcalloc(slots, sizeof(*h->slots), GFP_KERNEL);
	if (!h->slots)
		return -ENOMEM;
	h->mask = slots / HASHLIMIT_WAYS - 1;
	get_random_bytes(&h->key, sizeof(h->key));
	dmvpn_hashlimit_set(h, interval);
	return 0;
}

/**
 * dmvpn_hashlimit_free() - free the table
 * @h: the table, unused by now; all zero or freed already is fine
 *
 * Context: process context.
 */
void dmvpn_hashlimit_free(struct dmvpn_hashlimit *h)
{
	kvfree(h->slots);
	h->slots = NULL;
}

/**
 * dmvpn_hashlimit_set() - change the interval of a table in use
 * @h: the table
 * @interval: jiffies; 0: no limit; cut to 31 bits (24 days at HZ=1000)
 *
 * Context: any.
 */
void dmvpn_hashlimit_set(struct dmvpn_hashlimit *h, unsigned long interval)
{
	WRITE_ONCE(h->interval, min_t(unsigned long, interval, S32_MAX));
}

/**
 * dmvpn_hashlimit_allow() - may this key be reported now?
 * @h: the table
 * @key: bytes that name the thing, any alignment
 * @len: how many
 * @now: jiffies
 *
 * A yes starts a new interval for the key. A key has eight slots to go to and
 * takes one that is empty or whose interval is over. What is lossy:
 *
 * - all eight are in use: no, although the key was not reported. So there are
 *   never more reports in an interval than slots, whatever is sent;
 * - another key has the same tag in the same slots (one pair in 2^31 that
 *   share them): the two share one interval;
 * - the same key on two CPUs in the jiffy in which a slot runs out: one report
 *   too many.
 *
 * Context: any.
 * Return: true when it may.
 */
bool dmvpn_hashlimit_allow(struct dmvpn_hashlimit *h, const void *key,
			   size_t len, unsigned long now)
{
	u64 hash = siphash(key, len, &h->key);
	/* Never 0, so an empty slot is nobody's. */
	u32 tag = upper_32_bits(hash) | 1;
	u32 interval = READ_ONCE(h->interval);
	atomic64_t *set, *free;
	s64 old, free_old;
	int i;

	set = h->slots + (lower_32_bits(hash) & h->mask) * HASHLIMIT_WAYS;
	do {
		free = NULL;
		for (i = 0; i < HASHLIMIT_WAYS; i++) {
			old = atomic64_read(&set[i]);
			if (old && age(now, lower_32_bits(old)) < interval) {
				if (upper_32_bits(old) == tag)
					return false;
			} else if (!free || upper_32_bits(old) == tag) {
				free = &set[i];
				free_old = old;
			}
		}
		if (!free)
			return false;
		/* Lost the slot to another CPU: it may have had our key. */
	} while (atomic64_cmpxchg(free, free_old, pack(tag, now)) != free_old);
	return true;
}
