/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Purge Request and Reply: bindings that are withdrawn. */
#ifndef NH_PURGE_H
#define NH_PURGE_H

#include "daemon/kernel.h"
#include "nhrp/proto.h"

struct nh_iface;
struct nh_rx;
struct nhrp_auth;
struct nhrp_pdu;

/* Most bindings that one packet withdraws. */
#define NH_PURGE_PREFIXES	NHRP_MAX_CIES

/**
 * enum nh_purge_how - the way that a purge takes
 * @NH_PURGE_DIRECT: to the node, by a server if that fails; up to 3 times
 * @NH_PURGE_SERVER: likewise, to a server that it was registered with
 * @NH_PURGE_BY_SERVER: by a server if there is one; up to 3 times
 * @NH_PURGE_LAST: to the node, once: no reply is awaited
 */
enum nh_purge_how {
	NH_PURGE_DIRECT,
	NH_PURGE_SERVER,
	NH_PURGE_BY_SERVER,
	NH_PURGE_LAST,
};

/**
 * nh_purge_send() - withdraw bindings from one node
 * @ep: where the node is
 * @node: its tunnel address
 * @list: the bindings
 * @n: their number, 1 to NH_PURGE_PREFIXES
 * @src: tunnel address of the client of ours in whose name that is, or the one
 *	that we have now and perhaps not at the next try, which says all of
 *	ourselves that the first one did; NULL, ours at each try
 */
void nh_purge_send(struct nh_iface *iface, const struct nh_endpoint *ep,
		   const struct nh_addr *node, const struct nh_prefix *list,
		   size_t n, enum nh_purge_how how, const struct nh_addr *src);

/**
 * nh_purge_recall() - @prefix is registered with a server again
 * @ep: where that is
 * @node: its tunnel address, by which it may have been elsewhere before; or
 *	empty, it has not told it yet
 *
 * A withdrawal of it that is in flight does not name it at the next try.
 */
void nh_purge_recall(struct nh_iface *iface, const struct nh_endpoint *ep,
		     const struct nh_addr *node,
		     const struct nh_prefix *prefix);

/**
 * nh_purge_awaited() - whether a packet is the reply to a request of ours
 *
 * It is to what we were when that was sent, of whatever family.
 *
 * Return: the password that it must have, of length 0 if it need not have any;
 * NULL, it is no such packet.
 */
const struct nhrp_auth *nh_purge_awaited(const struct nh_iface *iface,
					 const struct nhrp_pdu *pdu);

/** nh_purge_request() - handler of type 5, for us */
void nh_purge_request(struct nh_iface *iface, const struct nh_rx *rx);

/** nh_purge_reply() - handler of type 6, for us */
void nh_purge_reply(struct nh_iface *iface, const struct nh_rx *rx);

/** nh_purge_error() - an Error Indication about the purge with @reqid */
void nh_purge_error(struct nh_iface *iface, const struct nh_rx *rx,
		    uint32_t reqid);

#endif /* NH_PURGE_H */
