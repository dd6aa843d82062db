// SPDX-License-Identifier: GPL-2.0-or-later
/* Names and meanings of the kernel's counters. */
#include "cli/counters.h"

const struct counter_doc counter_docs[DMVPN_A_COUNTER_MAX + 1] = {
	[DMVPN_A_COUNTER_TX_NOT_IP] = {
		"tx-not-ip",
		"inner packet neither IPv4 nor IPv6, or malformed",
	},
	[DMVPN_A_COUNTER_TX_NO_ENTRY] = {
		"tx-no-entry",
		"no cache entry, and no server to relay",
	},
	[DMVPN_A_COUNTER_TX_UNSECURED] = {
		"tx-unsecured",
		"no security association for the peer, and no server to relay",
	},
	[DMVPN_A_COUNTER_TX_NO_LOCAL] = {
		"tx-no-local",
		"no local NBMA address of the peer's family",
	},
	[DMVPN_A_COUNTER_TX_NO_ROUTE] = {
		"tx-no-route",
		"no route to the peer's NBMA address",
	},
	[DMVPN_A_COUNTER_TX_LOOP] = {
		"tx-loop",
		"the route to the peer's NBMA address leads into the device itself",
	},
	[DMVPN_A_COUNTER_TX_TOO_BIG] = {
		"tx-too-big",
		"larger than the path to the peer; its sender was told",
	},
	[DMVPN_A_COUNTER_TX_NO_MEMORY] = {
		"tx-no-memory",
		"out of memory, or too much multicast in the queue",
	},
	[DMVPN_A_COUNTER_TX_MCAST_EMPTY] = {
		"tx-mcast-empty",
		"multicast with an empty multicast list",
	},
	[DMVPN_A_COUNTER_TX_MCAST_UNSECURED] = {
		"tx-mcast-unsecured",
		"a multicast copy for a peer without security association",
	},
	[DMVPN_A_COUNTER_TX_HOLD_OVERFLOW] = {
		"tx-hold-overflow",
		"the queue of held packets was full",
	},
	[DMVPN_A_COUNTER_TX_HOLD_EXPIRED] = {
		"tx-hold-expired",
		"held for too long",
	},
	[DMVPN_A_COUNTER_RX_MALFORMED] = {
		"rx-malformed",
		"bad GRE or inner header",
	},
	[DMVPN_A_COUNTER_RX_CHECKSUM] = {
		"rx-checksum",
		"bad GRE checksum",
	},
	[DMVPN_A_COUNTER_RX_CLEAR] = {
		"rx-clear",
		"came without ESP although protection is required",
	},
	[DMVPN_A_COUNTER_RX_WRONG_PEER] = {
		"rx-wrong-peer",
		"the outer source is not the peer of the security association",
	},
	[DMVPN_A_COUNTER_RX_POLICY] = {
		"rx-policy",
		"refused by an xfrm policy",
	},
	[DMVPN_A_COUNTER_RX_PROTOCOL] = {
		"rx-protocol",
		"neither IPv4, IPv6 nor NHRP inside",
	},
	[DMVPN_A_COUNTER_RX_SOURCE] = {
		"rx-source",
		"inner source is not an entry of the peer (strict source)",
	},
	[DMVPN_A_COUNTER_RX_ECN] = {
		"rx-ecn",
		"congestion mark on a packet that cannot carry it (RFC 6040)",
	},
	[DMVPN_A_COUNTER_RX_DOWN] = {
		"rx-down",
		"the device is not up",
	},
	[DMVPN_A_COUNTER_NHRP_NO_OWNER] = {
		"nhrp-no-owner",
		"NHRP packet without a daemon to take it",
	},
	[DMVPN_A_COUNTER_NHRP_OVERFLOW] = {
		"nhrp-overflow",
		"NHRP packet that found the daemon's buffer full or the rate exceeded",
	},
	[DMVPN_A_COUNTER_NHRP_TOO_BIG] = {
		"nhrp-too-big",
		"NHRP packet larger than the largest that is handed over",
	},
	[DMVPN_A_COUNTER_MISS] = {
		"miss",
		"packets without a resolved cache entry",
	},
	[DMVPN_A_COUNTER_RELAYED] = {
		"relayed",
		"packets sent to a server in place of their own peer",
	},
	[DMVPN_A_COUNTER_HELD] = {
		"held",
		"packets put into the queue of held packets",
	},
	[DMVPN_A_COUNTER_UPCALL_SENT] = {
		"upcall-sent",
		"upcalls sent to the daemon",
	},
	[DMVPN_A_COUNTER_UPCALL_LIMITED] = {
		"upcall-limited",
		"upcalls not sent, the rate being exceeded",
	},
	[DMVPN_A_COUNTER_UPCALL_LOST] = {
		"upcall-lost",
		"upcalls that found no daemon or its buffer full",
	},
};
