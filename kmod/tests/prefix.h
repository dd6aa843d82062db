/* SPDX-License-Identifier: GPL-2.0-only */
/* Addresses and prefixes from text, so that tests can be read. */
#ifndef _DMVPN_TESTS_PREFIX_H
#define _DMVPN_TESTS_PREFIX_H

#include <kunit/test.h>
#include <linux/inet.h>
#include <linux/kstrtox.h>

#include "../addr.h"

struct prefix {
	struct dmvpn_addr addr;
	u8 plen;
};

/* @text is "192.0.2.0/24" or "2001:db8::1"; host length when there is none. */
static inline struct prefix prefix(struct kunit *test, const char *text)
{
	const char *slash;
	struct prefix p;
	u8 buf[16];
	bool v6 = strchr(text, ':');
	int ok;

	ok = v6 ? in6_pton(text, -1, buf, '/', &slash) :
		  in4_pton(text, -1, buf, '/', &slash);
	KUNIT_ASSERT_EQ_MSG(test, ok, 1, "%s", text);
	ok = dmvpn_addr_from_bytes(&p.addr, buf, v6 ? 16 : 4);
	KUNIT_ASSERT_EQ(test, ok, 0);
	p.plen = dmvpn_addr_bits(&p.addr);
	if (*slash == '/')
		KUNIT_ASSERT_EQ_MSG(test, kstrtou8(slash + 1, 10, &p.plen), 0,
				    "%s", text);
	return p;
}

/* The order in which dmvpn_lpm_next() shows them. */
static inline int prefix_compare(const struct prefix *a,
				 const struct prefix *b)
{
	int diff;

	if (a->addr.family != b->addr.family)
		return a->addr.family == AF_INET ? -1 : 1;
	diff = memcmp(&a->addr.v6, &b->addr.v6, sizeof(a->addr.v6));
	return diff ?: a->plen - b->plen;
}

#endif /* _DMVPN_TESTS_PREFIX_H */
