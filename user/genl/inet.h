/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses on network devices over rtnetlink. */
#ifndef DMVPN_NL_INET_H
#define DMVPN_NL_INET_H

#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

struct dmvpn_nl;

/**
 * struct dmvpn_nl_inet - an address on a device
 * @ifindex: the device
 * @addr: the address itself, host bits and all
 * @plen: length of its prefix
 * @scope: RT_SCOPE_*
 * @flags: IFA_F_*
 */
struct dmvpn_nl_inet {
	uint32_t ifindex;
	struct nh_addr addr;
	uint8_t plen;
	uint8_t scope;
	uint32_t flags;
};

/**
 * dmvpn_nl_inet_add() - put an address on a device; no error if it is there
 * @nl: opened by dmvpn_nl_open_route()
 * @addr: the device's own address
 * @plen: length of the prefix it is in
 */
int dmvpn_nl_inet_add(struct dmvpn_nl *nl, uint32_t ifindex,
		      const struct nh_addr *addr, uint8_t plen);

/**
 * dmvpn_nl_inet_del() - take an address off a device
 *
 * Return: 0; -EADDRNOTAVAIL when it is not there.
 */
int dmvpn_nl_inet_del(struct dmvpn_nl *nl, uint32_t ifindex,
		      const struct nh_addr *addr, uint8_t plen);

/**
 * dmvpn_nl_inet_dump() - read addresses, both families
 * @ifindex: of this device, or 0 for all
 * @list: set on success to an array for free(); NULL when it is empty
 * @n: set on success to its length
 *
 * Return: 0, DMVPN_NL_CHANGED, or a negative errno.
 */
int dmvpn_nl_inet_dump(struct dmvpn_nl *nl, uint32_t ifindex,
		       struct dmvpn_nl_inet **list, size_t *n);

#endif /* DMVPN_NL_INET_H */
