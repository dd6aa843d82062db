/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Token buckets, one alone or one a peer. */
#ifndef NH_RATELIMIT_H
#define NH_RATELIMIT_H

#include "lib/addr.h"

/**
 * struct nh_rate - a limit
 * @per_second: tokens that come each second, or in @seconds
 * @burst: most tokens kept
 * @seconds: for fewer tokens than one a second; 0 is one
 */
struct nh_rate {
	uint32_t per_second;
	uint32_t burst;
	uint32_t seconds;
};

/**
 * struct nh_bucket - a token bucket
 * @milli: thousandths of tokens taken and not yet replaced
 * @last: when that was right, milliseconds
 *
 * All zero is a full bucket.
 */
struct nh_bucket {
	uint64_t milli;
	uint64_t last;
};

/** nh_bucket_take() - whether a token was there, which is then taken */
bool nh_bucket_take(struct nh_bucket *bucket, const struct nh_rate *rate,
		    uint64_t now);

#define NH_PEER_BUCKETS	256

/**
 * struct nh_peer_buckets - buckets found by address, in fixed memory
 *
 * Peers that share a place push one another out and start with a full bucket
 * again: combine it with a bucket for all.
 */
struct nh_peer_buckets {
	struct {
		struct nh_addr peer;
		struct nh_bucket bucket;
	} place[NH_PEER_BUCKETS];
	uint32_t seed;
};

/** nh_peer_take() - nh_bucket_take() with the bucket of @peer */
bool nh_peer_take(struct nh_peer_buckets *buckets, const struct nh_addr *peer,
		  const struct nh_rate *rate, uint64_t now);

#endif /* NH_RATELIMIT_H */
