/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel and IKE know of IPsec, joined to rows. */
#ifndef CLI_IPSEC_JOIN_H
#define CLI_IPSEC_JOIN_H

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

struct dmvpn_nl_peer;
struct dmvpn_nl_sa;
struct ike_child;
struct ike_facts;
struct ike_sa;

/**
 * struct ipsec_dev - a device
 * @ifindex: its index
 * @name: its name
 * @local4: its IPv4 NBMA address, empty without one
 * @local6: its IPv6 NBMA address, empty without one
 */
struct ipsec_dev {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	struct nh_addr local4;
	struct nh_addr local6;
};

/**
 * struct ipsec_tables - what is known
 * @devs: all devices, whichever rows are wanted
 * @n_devs: their number
 * @peers: of all devices
 * @n_peers: their number
 * @sas: of the network namespace, in the kernel's order
 * @n_sas: their number
 * @ike: what the daemon tells, or NULL
 * @ifindex: rows of this device only, or 0
 */
struct ipsec_tables {
	const struct ipsec_dev *devs;
	size_t n_devs;
	const struct dmvpn_nl_peer *peers;
	size_t n_peers;
	const struct dmvpn_nl_sa *sas;
	size_t n_sas;
	const struct ike_facts *ike;
	uint32_t ifindex;
};

/**
 * struct ipsec_row - what belongs together
 * @dev: the device
 * @nbma: the other end; empty when only IKE has seen it and does not tell
 * @if_id: xfrm interface id, 0 without one
 * @in: inbound security association, or NULL
 * @out: outbound security association, or NULL
 * @ike: the IKE security association, or NULL
 * @child: the child of it that IKE sees the pair as, or NULL
 * @order: of rows that are equal otherwise
 *
 * At least one of @in, @out and @ike is there.
 */
struct ipsec_row {
	const struct ipsec_dev *dev;
	struct nh_addr nbma;
	uint32_t if_id;
	const struct dmvpn_nl_sa *in;
	const struct dmvpn_nl_sa *out;
	const struct ike_sa *ike;
	const struct ike_child *child;
	size_t order;
};

/**
 * ipsec_join() - make the rows
 * @rows: set on success to an array for free(), which points into @t
 * @n: set on success to its length
 *
 * A security association belongs to the devices that have one of its ends as
 * their local address. Where several have, it belongs to those of them that
 * have the other end as a peer or that IKE names, or else to the first.
 *
 * IKE's children pair what they name by SPI. Of the rest of a peer the newest
 * inbound one goes with the newest outbound one; those that are left are
 * being replaced and have rows of their own. Children that the kernel knows
 * nothing of, and IKE without children, have rows as well.
 *
 * Return: 0 or -ENOMEM.
 */
int ipsec_join(const struct ipsec_tables *t, struct ipsec_row **rows,
	       size_t *n);

#endif /* CLI_IPSEC_JOIN_H */
