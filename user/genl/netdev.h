/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network devices of any kind over rtnetlink, as far as all have it. */
#ifndef DMVPN_NL_NETDEV_H
#define DMVPN_NL_NETDEV_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

struct dmvpn_nl;

/**
 * struct dmvpn_nl_netdev - a network device
 * @ifindex: its index
 * @name: its name
 * @mtu: octets
 * @up: administratively up
 * @running: up, and with a carrier
 * @vrf: interface index of the VRF that it is in, or 0
 * @elsewhere: what it is on top of is in another network namespace
 */
struct dmvpn_nl_netdev {
	uint32_t ifindex;
	char name[IFNAMSIZ];
	uint32_t mtu;
	bool up;
	bool running;
	uint32_t vrf;
	bool elsewhere;
};

/**
 * dmvpn_nl_netdev_get() - read a device
 * @nl: opened by dmvpn_nl_open_route()
 * @netdev: set on success
 *
 * Return: 0; -ENODEV without such a device.
 */
int dmvpn_nl_netdev_get(struct dmvpn_nl *nl, uint32_t ifindex,
			struct dmvpn_nl_netdev *netdev);

#endif /* DMVPN_NL_NETDEV_H */
