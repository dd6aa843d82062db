/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of the addresses of network devices, over rtnetlink. */
#ifndef DMVPN_NL_INET_WATCH_H
#define DMVPN_NL_INET_WATCH_H

#include <stdint.h>

struct dmvpn_nl;
struct nlmsghdr;

/**
 * typedef dmvpn_nl_inet_fn - takes a change
 * @ifindex: of the device; 0, any device may have others now
 */
typedef void (*dmvpn_nl_inet_fn)(uint32_t ifindex, void *arg);

/**
 * dmvpn_nl_inet_watch() - hear of changes from now on
 * @nl: opened by dmvpn_nl_open_route(), and used for nothing else
 *
 * Return: 0, or a negative errno.
 */
int dmvpn_nl_inet_watch(struct dmvpn_nl *nl);

/** dmvpn_nl_inet_watch_fd() - readable while there are changes to read */
int dmvpn_nl_inet_watch_fd(const struct dmvpn_nl *nl);

/**
 * dmvpn_nl_inet_watch_read() - hand over changes, up to some hundred
 *
 * Changes that were lost are one of all devices.
 *
 * Return: 0, or a negative errno when the socket is of no use any more.
 */
int dmvpn_nl_inet_watch_read(struct dmvpn_nl *nl, dmvpn_nl_inet_fn fn,
			     void *arg);

/** dmvpn_nl_inet_changed() - device of a message; 0 none; for tests too */
uint32_t dmvpn_nl_inet_changed(const struct nlmsghdr *nlh);

#endif /* DMVPN_NL_INET_WATCH_H */
