// SPDX-License-Identifier: GPL-2.0-only
/* Tests of dmvpn_pending() in peer.h. */
#include "../peer.h"

#include <kunit/test.h>

#define SPAN (2 * HZ)

static void pending_until_its_end(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, dmvpn_pending(jiffies + SPAN, SPAN));
	/* Not by a tick or two: they go on meanwhile. */
	KUNIT_EXPECT_TRUE(test, dmvpn_pending(jiffies + HZ, SPAN));
	KUNIT_EXPECT_FALSE(test, dmvpn_pending(jiffies, SPAN));
	KUNIT_EXPECT_FALSE(test, dmvpn_pending(jiffies - HZ, SPAN));
	KUNIT_EXPECT_FALSE(test, dmvpn_pending(jiffies - SPAN - 1, SPAN));
}

/* jiffies have gone half of their range and more since. */
static void pending_never_again(struct kunit *test)
{
	unsigned int shift;

	for (shift = 1; shift < 8; shift++) {
		unsigned long ago = ULONG_MAX / 2 + (ULONG_MAX >> shift) / 2;

		KUNIT_EXPECT_FALSE_MSG(test, dmvpn_pending(jiffies - ago, SPAN),
				       "%lu ticks ago", ago);
	}
}

static struct kunit_case pending_cases[] = {
	KUNIT_CASE(pending_until_its_end),
	KUNIT_CASE(pending_never_again),
	{}
};

static struct kunit_suite pending_suite = {
	.name = "dmvpn_pending",
	.test_cases = pending_cases,
};

kunit_test_suite(pending_suite);
