// SPDX-License-Identifier: GPL-2.0-only
/* Counting, and dropping with a reason. */
#include "dmvpn.h"
#include "trace.h"

/**
 * dmvpn_count() - count an event
 * @ddev: device
 * @counter: DMVPN_A_COUNTER_*
 *
 * Context: any.
 */
void dmvpn_count(struct dmvpn_dev *ddev, unsigned int counter)
{
	this_cpu_inc(ddev->counters->value[counter]);
}

/**
 * dmvpn_counter_read() - sum of a counter over all CPUs
 * @ddev: device
 * @counter: DMVPN_A_COUNTER_*
 *
 * Return: the sum.
 */
u64 dmvpn_counter_read(const struct dmvpn_dev *ddev, unsigned int counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(ddev->counters,
					     cpu)->value[counter]);
	return sum;
}

static bool dmvpn_counter_is_rx(unsigned int counter)
{
	return counter >= DMVPN_A_COUNTER_RX_MALFORMED &&
	       counter <= DMVPN_A_COUNTER_NHRP_TOO_BIG;
}

/**
 * dmvpn_drop() - drop a packet, count it and say why
 * @ddev: device
 * @skb: packet, freed
 * @counter: DMVPN_A_COUNTER_TX_*, _RX_* or _NHRP_*
 *
 * Context: any.
 */
void dmvpn_drop(struct dmvpn_dev *ddev, struct sk_buff *skb,
		unsigned int counter)
{
	dmvpn_count(ddev, counter);
	trace_dmvpn_drop(ddev->dev, skb, counter);
	if (dmvpn_counter_is_rx(counter))
		DEV_STATS_INC(ddev->dev, rx_dropped);
	else
		DEV_STATS_INC(ddev->dev, tx_dropped);
	kfree_skb(skb);
}
