/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NHRP packets on their way out: encode, send, count, tell the log. */
#ifndef NH_SEND_H
#define NH_SEND_H

#include "daemon/kernel.h"
#include "nhrp/pdu.h"

struct nh_iface;
struct nh_rx;

/**
 * nh_send() - send a packet
 * @iface: device that it leaves by
 * @pdu: the packet
 * @to: NBMA endpoint
 * @towards: protocol address for the log: the server asked, the one answered
 *
 * Return: 0; -EAGAIN while there is no SA with @to; another negative errno,
 * which was logged and counted.
 */
int nh_send(struct nh_iface *iface, const struct nhrp_pdu *pdu,
	    const struct nh_endpoint *to, const struct nh_addr *towards);

/** nh_send_forwarded() - the same for a packet of somebody else */
int nh_send_forwarded(struct nh_iface *iface, const struct nhrp_pdu *pdu,
		      const struct nh_endpoint *to);

/**
 * nh_error_send() - Error Indication about a received packet, if it may be
 * @rx: at least @data, @len, @from and @self are set, @pdu when decoded
 * @code: NHRP_ERR_NONE sends nothing
 * @offset: of what is wrong in the packet
 *
 * At most one a second to a peer.
 */
void nh_error_send(struct nh_iface *iface, const struct nh_rx *rx,
		   enum nhrp_error_code code, uint16_t offset);

/**
 * nh_acceptable() - whether a request may be answered here
 *
 * Whoever answers must know all that the requester calls compulsory (RFC 2332
 * 5.3): sends Error 1 otherwise.
 */
bool nh_acceptable(struct nh_iface *iface, const struct nh_rx *rx);

/** nh_error_receive() - handler of type 7 */
void nh_error_receive(struct nh_iface *iface, const struct nh_rx *rx);

#endif /* NH_SEND_H */
