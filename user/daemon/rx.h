/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A received packet on its way through the handlers. */
#ifndef NH_RX_H
#define NH_RX_H

#include "daemon/kernel.h"
#include "nhrp/build.h"

/**
 * struct nh_rx - a received packet that the codec and authentication passed
 * @pdu: borrows from @data
 * @data: its octets
 * @len: their number
 * @from: outer source
 * @self: we, in the families of the packet
 * @patient: it may wait a moment for what IKE has still to tell
 */
struct nh_rx {
	const struct nhrp_pdu *pdu;
	const uint8_t *data;
	size_t len;
	struct nh_endpoint from;
	struct nhrp_self self;
	bool patient;
};

#endif /* NH_RX_H */
