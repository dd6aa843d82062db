/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's operations over netlink. */
#ifndef NH_KERNEL_NL_H
#define NH_KERNEL_NL_H

#include "daemon/kernel.h"

/**
 * nh_kernel_nl_open() - connect
 * @kernel: set on success, to be given to nh_kernel_nl_close()
 * @why: on failure receives the reason
 * @size: of @why
 *
 * Return: 0; -EOPNOTSUPP without the kernel module; another negative errno.
 */
int nh_kernel_nl_open(struct nh_kernel **kernel, char *why, size_t size);

/** nh_kernel_nl_close() - disconnect; the devices lose their owner */
void nh_kernel_nl_close(struct nh_kernel *kernel);

/** nh_kernel_nl_events() - the connection whose events belong to the daemon */
struct dmvpn_nl *nh_kernel_nl_events(struct nh_kernel *kernel);

/** nh_kernel_nl_routes() - the one that hears of changes of routes */
struct dmvpn_nl *nh_kernel_nl_routes(struct nh_kernel *kernel);

/** nh_kernel_nl_inets() - the one that hears of changes of addresses */
struct dmvpn_nl *nh_kernel_nl_inets(struct nh_kernel *kernel);

/** nh_kernel_nl_links() - the one that hears of network devices */
struct dmvpn_nl *nh_kernel_nl_links(struct nh_kernel *kernel);

#endif /* NH_KERNEL_NL_H */
