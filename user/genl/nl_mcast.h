/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The multicast list: peers that get copies of multicast packets. */
#ifndef DMVPN_NL_MCAST_H
#define DMVPN_NL_MCAST_H

#include <stdint.h>

#include "lib/addr.h"

struct dmvpn_nl;

/**
 * dmvpn_nl_mcast_add() - put a peer on the multicast list, making it if needed
 * @if_id: xfrm interface id of the peer, 0 without one
 *
 * Who is on the list: dmvpn_nl_peer_dump(), field "mcast".
 *
 * Return: 0; -EEXIST when it is on the list.
 */
int dmvpn_nl_mcast_add(struct dmvpn_nl *nl, uint32_t ifindex,
		       const struct nh_addr *nbma, uint32_t if_id);

/**
 * dmvpn_nl_mcast_del() - take a peer off the multicast list
 *
 * Return: 0; -ENOENT when it is not on the list.
 */
int dmvpn_nl_mcast_del(struct dmvpn_nl *nl, uint32_t ifindex,
		       const struct nh_addr *nbma, uint32_t if_id);

#endif /* DMVPN_NL_MCAST_H */
