/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network devices that come, or get another name, over rtnetlink. */
#ifndef DMVPN_NL_LINK_WATCH_H
#define DMVPN_NL_LINK_WATCH_H

#include <stdbool.h>
#include <stddef.h>

struct dmvpn_nl;
struct nlmsghdr;

/**
 * typedef dmvpn_nl_link_fn - takes a change
 * @name: of a device that is there; NULL, any device may be there now
 */
typedef void (*dmvpn_nl_link_fn)(const char *name, void *arg);

/**
 * dmvpn_nl_link_watch() - hear of devices from now on
 * @nl: opened by dmvpn_nl_open_route(), and used for nothing else
 *
 * Return: 0, or a negative errno.
 */
int dmvpn_nl_link_watch(struct dmvpn_nl *nl);

/** dmvpn_nl_link_watch_fd() - readable while there are changes to read */
int dmvpn_nl_link_watch_fd(const struct dmvpn_nl *nl);

/**
 * dmvpn_nl_link_watch_read() - hand over changes, up to some hundred
 *
 * Any change of a device is one, also of one that was there before. Changes
 * that were lost are one of all devices.
 *
 * Return: 0, or a negative errno when the socket is of no use any more.
 */
int dmvpn_nl_link_watch_read(struct dmvpn_nl *nl, dmvpn_nl_link_fn fn,
			     void *arg);

/**
 * dmvpn_nl_link_there() - the device of a message; for tests too
 * @name: set when it returns true
 * @size: of @name
 *
 * Return: false when it says of no device that it is there.
 */
bool dmvpn_nl_link_there(const struct nlmsghdr *nlh, char *name, size_t size);

#endif /* DMVPN_NL_LINK_WATCH_H */
