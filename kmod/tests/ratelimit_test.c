// SPDX-License-Identifier: GPL-2.0-only
/* Tests of ratelimit.c. */
#include "../ratelimit.c"

#include <kunit/test.h>
#include <linux/cpumask.h>
#include <linux/workqueue.h>

#define WORKERS 4
#define TRIES 50000

/* How many of @n takes at @now succeed? */
static unsigned int take(struct dmvpn_bucket *b, unsigned int n,
			 unsigned long now)
{
	unsigned int got = 0;

	while (n--)
		got += dmvpn_bucket_take(b, now);
	return got;
}

/* Times at which the 32 or the 64 bits of jiffies wrap soon, or not. */
static const unsigned long starts[] = {
	0, 1, INITIAL_JIFFIES, S32_MAX - HZ, U32_MAX - HZ / 2, U32_MAX,
	ULONG_MAX - HZ / 2,
};

static void bucket_holds_burst(struct kunit *test)
{
	struct dmvpn_bucket b;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		dmvpn_bucket_init(&b, 10, 5, starts[i]);
		KUNIT_EXPECT_EQ(test, take(&b, 20, starts[i]), 5);
		/* However long the pause. */
		KUNIT_EXPECT_EQ(test, take(&b, 20, starts[i] + 100 * HZ), 5);
	}
}

static void bucket_refills_at_rate(struct kunit *test)
{
	struct dmvpn_bucket b;
	unsigned int i, j, got;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		dmvpn_bucket_init(&b, 10, 5, starts[i]);
		KUNIT_EXPECT_EQ(test, take(&b, 5, starts[i]), 5);
		/* Many refusals on the way must not eat what comes back. */
		for (got = 0, j = 1; j <= 3 * HZ; j++)
			got += take(&b, 3, starts[i] + j);
		KUNIT_EXPECT_EQ_MSG(test, got, 30, "start %lu", starts[i]);
	}
}

static void bucket_rate_below_hz(struct kunit *test)
{
	struct dmvpn_bucket b;

	dmvpn_bucket_init(&b, 1, 1, 0);
	KUNIT_EXPECT_EQ(test, take(&b, 2, 0), 1);
	KUNIT_EXPECT_EQ(test, take(&b, 2, HZ - 1), 0);
	KUNIT_EXPECT_EQ(test, take(&b, 2, HZ), 1);
	KUNIT_EXPECT_EQ(test, take(&b, 2, 2 * HZ - 1), 0);
}

static void bucket_zero_and_huge(struct kunit *test)
{
	struct dmvpn_bucket b;

	dmvpn_bucket_init(&b, 0, 3, 0);
	KUNIT_EXPECT_EQ(test, take(&b, 9, 0), 3);
	KUNIT_EXPECT_EQ(test, take(&b, 9, 1000 * HZ), 0);

	dmvpn_bucket_init(&b, 1000, 0, 0);
	KUNIT_EXPECT_EQ(test, take(&b, 9, 1000 * HZ), 0);

	dmvpn_bucket_init(&b, U32_MAX, U32_MAX, 0);
	KUNIT_EXPECT_EQ(test, take(&b, TRIES, 0), TRIES);
	KUNIT_EXPECT_EQ(test, take(&b, TRIES, U32_MAX / 2), TRIES);
}

/* A CPU that read jiffies before another one stored its later time. */
static void bucket_survives_stale_time(struct kunit *test)
{
	struct dmvpn_bucket b;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		unsigned long now = starts[i];

		dmvpn_bucket_init(&b, 1, 2, now);
		KUNIT_EXPECT_EQ(test, take(&b, 1, now + 2), 1);
		KUNIT_EXPECT_EQ(test, take(&b, 1, now), 1);
		/* Had the time gone back, it would be credited twice. */
		KUNIT_EXPECT_EQ(test, take(&b, 1, now + 2), 0);
		KUNIT_EXPECT_EQ(test, take(&b, 1, now + HZ), 0);
		KUNIT_EXPECT_EQ(test, take(&b, 2, now + HZ + 2), 1);
	}
}

/* Unused for more than half the range of the stored time. */
static void bucket_survives_long_pause(struct kunit *test)
{
	struct dmvpn_bucket b;

	dmvpn_bucket_init(&b, 10, 5, 100);
	KUNIT_EXPECT_EQ(test, take(&b, 9, 100), 5);
	KUNIT_EXPECT_EQ(test, take(&b, 9, 100 + (u32)S32_MAX + HZ), 5);
}

static void bucket_limits_change(struct kunit *test)
{
	struct dmvpn_bucket b;

	dmvpn_bucket_init(&b, 10, 100, 0);
	dmvpn_bucket_set(&b, 10, 5);
	KUNIT_EXPECT_EQ(test, take(&b, 200, 0), 5);
	dmvpn_bucket_set(&b, 100, 50);
	KUNIT_EXPECT_EQ(test, take(&b, 200, 0), 0);
	KUNIT_EXPECT_EQ(test, take(&b, 200, 100 * HZ), 50);
}

struct worker {
	struct work_struct work;
	struct dmvpn_bucket *bucket;
	struct dmvpn_hashlimit *limit;
	atomic_t *missing;
	unsigned int got;
};

static void worker_run(struct work_struct *work)
{
	struct worker *w = container_of(work, struct worker, work);
	unsigned int i;

	/* Else the first may be through before the last begins. */
	atomic_dec(w->missing);
	while (atomic_read(w->missing))
		cond_resched();

	for (i = 0; i < TRIES; i++) {
		if (w->bucket)
			w->got += dmvpn_bucket_take(w->bucket, 7);
		else
			w->got += dmvpn_hashlimit_allow(w->limit, &i,
							sizeof(i), 7);
	}
}

/* Let several CPUs at one of both; returns how often they succeeded. */
static unsigned int race(struct kunit *test, struct dmvpn_bucket *b,
			 struct dmvpn_hashlimit *h)
{
	atomic_t missing = ATOMIC_INIT(WORKERS);
	struct workqueue_struct *wq;
	struct worker *workers;
	unsigned int i, cpu = 0, got = 0;

	workers = kunit_kcalloc(test, WORKERS, sizeof(*workers), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, workers);
	wq = alloc_workqueue("dmvpn_kunit", WQ_UNBOUND, 0);
	KUNIT_ASSERT_NOT_NULL(test, wq);
	for (i = 0; i < WORKERS; i++) {
		workers[i].bucket = b;
		workers[i].limit = h;
		workers[i].missing = &missing;
		INIT_WORK(&workers[i].work, worker_run);
		/* In turns: left alone, they would stay on this CPU. */
		cpu = cpumask_next(cpu, cpu_online_mask);
		if (cpu >= nr_cpu_ids)
			cpu = cpumask_first(cpu_online_mask);
		queue_work_on(cpu, wq, &workers[i].work);
	}
	destroy_workqueue(wq);
	for (i = 0; i < WORKERS; i++)
		got += workers[i].got;
	return got;
}

static void bucket_is_exact_among_cpus(struct kunit *test)
{
	struct dmvpn_bucket b;

	dmvpn_bucket_init(&b, 0, WORKERS * TRIES / 2, 0);
	KUNIT_EXPECT_EQ(test, race(test, &b, NULL), WORKERS * TRIES / 2);
}

static struct dmvpn_hashlimit *limit(struct kunit *test, unsigned int slots,
				     unsigned long interval)
{
	struct dmvpn_hashlimit *h = test->priv;

	dmvpn_hashlimit_free(h);
	KUNIT_ASSERT_EQ(test, dmvpn_hashlimit_init(h, slots, interval), 0);
	/* The same collisions in each run. */
	memset(&h->key, 0x5a, sizeof(h->key));
	return h;
}

static bool allow(struct dmvpn_hashlimit *h, u32 key, unsigned long now)
{
	return dmvpn_hashlimit_allow(h, &key, sizeof(key), now);
}

static void limit_once_per_interval(struct kunit *test)
{
	struct dmvpn_hashlimit *h = limit(test, 64, 3 * HZ);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		unsigned long now = starts[i];

		h = limit(test, 64, 3 * HZ);
		KUNIT_EXPECT_TRUE(test, allow(h, 1, now));
		KUNIT_EXPECT_FALSE(test, allow(h, 1, now));
		KUNIT_EXPECT_TRUE(test, allow(h, 2, now + HZ));
		KUNIT_EXPECT_FALSE(test, allow(h, 1, now + 3 * HZ - 1));
		KUNIT_EXPECT_TRUE(test, allow(h, 1, now + 3 * HZ));
		KUNIT_EXPECT_FALSE(test, allow(h, 2, now + 3 * HZ));
		/* Another CPU is a little behind. */
		KUNIT_EXPECT_FALSE(test, allow(h, 1, now + 3 * HZ - 1));
	}
}

static void limit_long_pause(struct kunit *test)
{
	struct dmvpn_hashlimit *h = limit(test, 64, HZ);

	KUNIT_EXPECT_TRUE(test, allow(h, 1, 5));
	KUNIT_EXPECT_TRUE(test, allow(h, 1, 5 + (u32)S32_MAX + HZ));
}

static void limit_interval_changes(struct kunit *test)
{
	struct dmvpn_hashlimit *h = limit(test, 64, 0);

	KUNIT_EXPECT_TRUE(test, allow(h, 1, 5));
	KUNIT_EXPECT_TRUE(test, allow(h, 1, 5));
	dmvpn_hashlimit_set(h, ULONG_MAX);
	KUNIT_EXPECT_FALSE(test, allow(h, 1, 1000 * HZ));
	dmvpn_hashlimit_set(h, HZ);
	KUNIT_EXPECT_TRUE(test, allow(h, 1, 1000 * HZ));
}

static void limit_keys_of_any_shape(struct kunit *test)
{
	struct dmvpn_hashlimit *h = limit(test, 1024, HZ);
	u8 key[37];
	unsigned int i;

	for (i = 0; i < sizeof(key); i++)
		key[i] = i;
	for (i = 0; i < 36; i++) {
		key[i] ^= 0x80;
		KUNIT_EXPECT_TRUE(test, dmvpn_hashlimit_allow(h, key, 36, 0));
		KUNIT_EXPECT_FALSE(test, dmvpn_hashlimit_allow(h, key, 36, 0));
	}
	/* The address of the bytes does not matter. */
	memmove(key + 1, key, 36);
	KUNIT_EXPECT_FALSE(test, dmvpn_hashlimit_allow(h, key + 1, 36, 0));
	KUNIT_EXPECT_TRUE(test, dmvpn_hashlimit_allow(h, key + 1, 35, 0));
}

static void limit_bounds_a_flood(struct kunit *test)
{
	struct dmvpn_hashlimit *h = limit(test, 64, HZ);
	unsigned int i, round, got;

	for (round = 0; round < 3; round++) {
		for (got = 0, i = 0; i < 20000; i++)
			got += allow(h, i, round * HZ + i % HZ / 2);
		KUNIT_EXPECT_LE(test, got, 64);
		/* And it is not a silence. */
		KUNIT_EXPECT_GE(test, got, 32);
	}
	/* Nobody is shut out longer than an interval. */
	KUNIT_EXPECT_TRUE(test, allow(h, 20001, 4 * HZ));
}

static void limit_same_key_among_cpus(struct kunit *test)
{
	struct dmvpn_hashlimit *h = limit(test, 8 * TRIES, HZ);
	unsigned int i, once = 0;

	for (i = 0; i < TRIES; i++)
		once += dmvpn_hashlimit_allow(h, &i, sizeof(i), 7);
	KUNIT_EXPECT_GE(test, once, TRIES - 2);

	h = limit(test, 8 * TRIES, HZ);
	KUNIT_EXPECT_EQ(test, race(test, NULL, h), once);
}

static void limit_refuses_bad_sizes(struct kunit *test)
{
	struct dmvpn_hashlimit *h = test->priv;

	KUNIT_EXPECT_EQ(test, dmvpn_hashlimit_init(h, 0, HZ), -EINVAL);
	KUNIT_EXPECT_EQ(test, dmvpn_hashlimit_init(h, U32_MAX, HZ), -EINVAL);
	KUNIT_EXPECT_NULL(test, h->slots);
	h = limit(test, 1, HZ);
	KUNIT_EXPECT_EQ(test, h->mask, 0);
	h = limit(test, 100, HZ);
	KUNIT_EXPECT_EQ(test, h->mask, 128 / HASHLIMIT_WAYS - 1);
}

static int ratelimit_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct dmvpn_hashlimit),
				   GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void ratelimit_test_exit(struct kunit *test)
{
	if (test->priv)
		dmvpn_hashlimit_free(test->priv);
}

static struct kunit_case ratelimit_cases[] = {
	KUNIT_CASE(bucket_holds_burst),
	KUNIT_CASE(bucket_refills_at_rate),
	KUNIT_CASE(bucket_rate_below_hz),
	KUNIT_CASE(bucket_zero_and_huge),
	KUNIT_CASE(bucket_survives_stale_time),
	KUNIT_CASE(bucket_survives_long_pause),
	KUNIT_CASE(bucket_limits_change),
	KUNIT_CASE(bucket_is_exact_among_cpus),
	KUNIT_CASE(limit_once_per_interval),
	KUNIT_CASE(limit_long_pause),
	KUNIT_CASE(limit_interval_changes),
	KUNIT_CASE(limit_keys_of_any_shape),
	KUNIT_CASE(limit_bounds_a_flood),
	KUNIT_CASE(limit_same_key_among_cpus),
	KUNIT_CASE(limit_refuses_bad_sizes),
	{}
};

static struct kunit_suite ratelimit_suite = {
	.name = "dmvpn_ratelimit",
	.init = ratelimit_test_init,
	.exit = ratelimit_test_exit,
	.test_cases = ratelimit_cases,
};

kunit_test_suite(ratelimit_suite);
