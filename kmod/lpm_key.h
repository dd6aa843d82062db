/* SPDX-License-Identifier: GPL-2.0-only */
/* Keys of the longest-prefix table: addresses as numbers. */
#ifndef _DMVPN_LPM_KEY_H
#define _DMVPN_LPM_KEY_H

#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "addr.h"

/**
 * struct lpm_key - an address as a 128-bit number in host order
 * @w: upper and lower half
 *
 * IPv4 is in the topmost 32 bits, so that bits are counted alike in both
 * families, from 0 at the left.
 */
struct lpm_key {
	u64 w[2];
};

/* Bit number @bit: 0 to 127. */
static inline u8 key_bit(const struct lpm_key *key, u8 bit)
{
	return key->w[bit / 64] >> (63 - bit % 64) & 1;
}

/* How many of the first @max bits are the same? */
static inline u8 key_common(const struct lpm_key *a, const struct lpm_key *b,
			    u8 max)
{
	u8 common = 128;

	if (a->w[0] != b->w[0])
		common = 64 - fls64(a->w[0] ^ b->w[0]);
	else if (a->w[1] != b->w[1])
		common = 128 - fls64(a->w[1] ^ b->w[1]);
	return min(common, max);
}

/* Are the first @plen bits those of @host? */
static inline bool key_covers(const struct lpm_key *key, u8 plen,
			      const struct lpm_key *host)
{
	u64 high = key->w[0] ^ host->w[0];

	/* In two shifts, because one by 64 is undefined. */
	if (plen < 64)
		return !(high >> 1 >> (63 - plen));
	if (high || plen == 64)
		return !high;
	return !((key->w[1] ^ host->w[1]) >> (128 - plen));
}

/* As key_covers(), @plen below 64, @host the upper half of a key. */
static inline bool key_covers4(const struct lpm_key *key, u8 plen, u64 host)
{
	return !((key->w[0] ^ host) >> 1 >> (63 - plen));
}

/* Clear all but the first @plen bits. */
static inline void key_mask(struct lpm_key *key, u8 plen)
{
	if (plen < 64)
		key->w[0] &= ~(~0ULL >> plen);
	if (plen <= 64)
		key->w[1] = 0;
	else if (plen < 128)
		key->w[1] &= ~(~0ULL >> (plen - 64));
}

/* Takes the 16 bytes of the union of struct dmvpn_addr for both families. */
static inline void key_from_v6(struct lpm_key *key, const struct in6_addr *v6)
{
	key->w[0] = (u64)be32_to_cpu(v6->s6_addr32[0]) << 32 |
		    be32_to_cpu(v6->s6_addr32[1]);
	key->w[1] = (u64)be32_to_cpu(v6->s6_addr32[2]) << 32 |
		    be32_to_cpu(v6->s6_addr32[3]);
}

/* False for what is no prefix: a wrong length, host bits, no address. */
static inline bool key_from_prefix(struct lpm_key *key,
				   const struct dmvpn_addr *addr, u8 plen)
{
	if (!dmvpn_addr_plen_ok(addr, plen) ||
	    dmvpn_addr_has_host_bits(addr, plen))
		return false;
	key_from_v6(key, &addr->v6);
	return true;
}

static inline void key_to_addr(const struct lpm_key *key, u8 family,
			       struct dmvpn_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	addr->family = family;
	addr->v6.s6_addr32[0] = cpu_to_be32(upper_32_bits(key->w[0]));
	addr->v6.s6_addr32[1] = cpu_to_be32(lower_32_bits(key->w[0]));
	addr->v6.s6_addr32[2] = cpu_to_be32(upper_32_bits(key->w[1]));
	addr->v6.s6_addr32[3] = cpu_to_be32(lower_32_bits(key->w[1]));
}

#endif /* _DMVPN_LPM_KEY_H */
