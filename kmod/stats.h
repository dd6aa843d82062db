/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters by reason; their numbers are the netlink attributes. */
#ifndef _DMVPN_STATS_H
#define _DMVPN_STATS_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>
#include <uapi/linux/dmvpn.h>

struct dmvpn_dev;
struct sk_buff;

/**
 * struct dmvpn_counters - events of one device on one CPU
 * @value: index DMVPN_A_COUNTER_*; a machine word, so that counting is one
 *	instruction in any context
 */
struct dmvpn_counters {
	unsigned long value[DMVPN_A_COUNTER_MAX + 1];
};

/**
 * struct dmvpn_flow - traffic of a peer on one CPU
 * @tx_packets: packets sent to it
 * @tx_bytes: octets of these, without outer headers
 * @rx_packets: packets that came from it
 * @rx_bytes: octets of these, without outer headers
 * @tx_dropped: packets for it that were dropped
 * @rx_dropped: packets from it that were dropped
 * @syncp: makes the counters whole on 32 bit machines
 */
struct dmvpn_flow {
	u64_stats_t tx_packets;
	u64_stats_t tx_bytes;
	u64_stats_t rx_packets;
	u64_stats_t rx_bytes;
	u64_stats_t tx_dropped;
	u64_stats_t rx_dropped;
	struct u64_stats_sync syncp;
};

void dmvpn_count(struct dmvpn_dev *ddev, unsigned int counter);
u64 dmvpn_counter_read(const struct dmvpn_dev *ddev, unsigned int counter);
void dmvpn_drop(struct dmvpn_dev *ddev, struct sk_buff *skb,
		unsigned int counter);

#endif /* _DMVPN_STATS_H */
