/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: what became of packets, peers and cache entries. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dmvpn

#if !defined(_DMVPN_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _DMVPN_TRACE_H

#include <linux/netdevice.h>
#include <linux/tracepoint.h>

#include "addr.h"

TRACE_EVENT(dmvpn_drop,
	TP_PROTO(const struct net_device *dev, const struct sk_buff *skb,
		 unsigned int counter),
	TP_ARGS(dev, skb, counter),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(const void *, skbaddr)
		__field(unsigned int, counter)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->skbaddr = skb;
		__entry->counter = counter;
	),
	TP_printk("ifindex=%d skbaddr=%p reason=%u", __entry->ifindex,
		  __entry->skbaddr, __entry->counter)
);

DECLARE_EVENT_CLASS(dmvpn_addr_class,
	TP_PROTO(const struct net_device *dev, const struct dmvpn_addr *addr,
		 unsigned int value),
	TP_ARGS(dev, addr, value),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(unsigned int, value)
		__field(u8, family)
		__array(u8, bytes, 16)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->value = value;
		__entry->family = addr->family;
		memcpy(__entry->bytes, &addr->v6, 16);
	),
	TP_printk("ifindex=%d family=%u addr=%s value=%u", __entry->ifindex,
		  __entry->family,
		  __print_hex(__entry->bytes,
			      __entry->family == AF_INET ? 4 : 16),
		  __entry->value)
);

/* addr: the target without a mapping; value: 1 when the daemon is told */
DEFINE_EVENT(dmvpn_addr_class, dmvpn_miss,
	TP_PROTO(const struct net_device *dev, const struct dmvpn_addr *addr,
		 unsigned int value),
	TP_ARGS(dev, addr, value));

/* addr: the peer the packet came from; value: 1 when the daemon is told */
DEFINE_EVENT(dmvpn_addr_class, dmvpn_redirect,
	TP_PROTO(const struct net_device *dev, const struct dmvpn_addr *addr,
		 unsigned int value),
	TP_ARGS(dev, addr, value));

/* addr: NBMA address; value: enum dmvpn_peer_state */
DEFINE_EVENT(dmvpn_addr_class, dmvpn_peer_state,
	TP_PROTO(const struct net_device *dev, const struct dmvpn_addr *addr,
		 unsigned int value),
	TP_ARGS(dev, addr, value));

/* addr: prefix; value: its length */
DEFINE_EVENT(dmvpn_addr_class, dmvpn_expire,
	TP_PROTO(const struct net_device *dev, const struct dmvpn_addr *addr,
		 unsigned int value),
	TP_ARGS(dev, addr, value));

TRACE_EVENT(dmvpn_upcall,
	TP_PROTO(const struct net_device *dev, unsigned int cmd, int err),
	TP_ARGS(dev, cmd, err),
	TP_STRUCT__entry(
		__field(int, ifindex)
		__field(unsigned int, cmd)
		__field(int, err)
	),
	TP_fast_assign(
		__entry->ifindex = dev->ifindex;
		__entry->cmd = cmd;
		__entry->err = err;
	),
	TP_printk("ifindex=%d cmd=%u err=%d", __entry->ifindex, __entry->cmd,
		  __entry->err)
);

#endif /* _DMVPN_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
