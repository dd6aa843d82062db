// SPDX-License-Identifier: GPL-2.0-or-later
/* Token buckets: what limits all that a peer can make us do. */
#include "daemon/ratelimit.h"

bool nh_bucket_take(struct nh_bucket *bucket, const struct nh_rate *rate,
		    uint64_t now)
{
	uint32_t seconds = rate->seconds ? rate->seconds : 1;
	uint64_t share = (now - bucket->last) * rate->per_second;
	uint64_t back = share / seconds;

	/* What is left of the division comes with the next one. */
	bucket->last = now - share % seconds / rate->per_second;
	bucket->milli -= back < bucket->milli ? back : bucket->milli;
	if (bucket->milli + 1000 > (uint64_t)rate->burst * 1000)
		return false;
	bucket->milli += 1000;
	return true;
}

bool nh_peer_take(struct nh_peer_buckets *buckets, const struct nh_addr *peer,
		  const struct nh_rate *rate, uint64_t now)
{
	uint32_t i = nh_addr_hash(peer, buckets->seed) % NH_PEER_BUCKETS;

	if (!nh_addr_equal(&buckets->place[i].peer, peer)) {
		buckets->place[i].peer = *peer;
		buckets->place[i].bucket = (struct nh_bucket){ .last = now };
	}
	return nh_bucket_take(&buckets->place[i].bucket, rate, now);
}
