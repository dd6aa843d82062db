/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NHRP packets and the packets that cause NHRP packets. */
#ifndef DMVPN_NL_PACKET_H
#define DMVPN_NL_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include <linux/dmvpn.h>

#include "lib/addr.h"

struct dmvpn_nl;

/**
 * struct dmvpn_nl_packet - an NHRP packet, or the beginning of a redirected one
 * @present: mask of DMVPN_A_PACKET_*
 * @ifindex: the device
 * @nbma: outer source of one that came, outer destination of one to be sent,
 *        ingress peer of a redirected one
 * @if_id: xfrm interface id, 0 without one
 * @payload: the octets; in an event they belong to the connection and are
 *           valid until the callback returns
 * @payload_len: their number, at most DMVPN_PACKET_MAX
 * @local: outer destination of a packet that came
 * @spi: of the ESP security association it came by, network byte order;
 *       not present: it came in the clear
 * @reqid: of that security association
 * @lost: upcalls the device has lost until now
 */
struct dmvpn_nl_packet {
	uint64_t present;
	uint32_t ifindex;
	struct nh_addr nbma;
	uint32_t if_id;
	const uint8_t *payload;
	size_t payload_len;
	struct nh_addr local;
	uint32_t spi;
	uint32_t reqid;
	uint64_t lost;
};

/**
 * struct dmvpn_nl_miss - a packet found no resolved cache entry
 * @present: mask of DMVPN_A_MISS_*
 * @ifindex: the device
 * @target: protocol address to resolve: the next hop or the destination
 * @destination: destination of the packet
 * @source: source of the packet
 * @lost: upcalls the device has lost until now
 */
struct dmvpn_nl_miss {
	uint64_t present;
	uint32_t ifindex;
	struct nh_addr target;
	struct nh_addr destination;
	struct nh_addr source;
	uint64_t lost;
};

/**
 * dmvpn_nl_packet_send() - send an NHRP packet
 * @nl: connection that owns the device
 * @packet: @ifindex, @nbma, @if_id and @payload; the rest is not looked at
 *
 * Return: 0; -EAGAIN while the peer has no security association (it has been
 * asked for: try again when the peer is secured); -EPERM when another
 * connection owns the device. Where too many events come, an error may be lost
 * among them.
 */
int dmvpn_nl_packet_send(struct dmvpn_nl *nl,
			 const struct dmvpn_nl_packet *packet);

#endif /* DMVPN_NL_PACKET_H */
