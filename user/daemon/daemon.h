/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The daemon as a whole: its devices, and what is done to all of them. */
#ifndef NH_DAEMON_H
#define NH_DAEMON_H

#include "daemon/iface.h"
#include "daemon/ike_unload.h"

/**
 * struct nh_daemon - all of it
 * @loop: clock, timers, descriptors
 * @kernel: operations
 * @names: resolver of the servers' names
 * @conf_dir: directory of the configuration
 * @ifaces: the devices
 * @absent: configurations whose underlay device is not there; each is opened
 *	when that comes
 * @unloads: what IKE still has of devices that were let go
 * @stopping: the end has begun: what the loop still brings opens no device
 */
struct nh_daemon {
	struct nh_loop *loop;
	struct nh_kernel *kernel;
	struct nh_names *names;
	const char *conf_dir;
	struct nh_ifaces ifaces;
	struct nh_conf_set absent;
	struct nh_ike_unloads unloads;
	bool stopping;
};

/**
 * nh_daemon_start() - open all devices of a configuration
 * @set: emptied: the devices own the files' contents
 *
 * One whose underlay device is not there yet is opened later.
 *
 * Return: 0, or a negative errno after an error was logged; the devices opened
 * until then are closed by nh_daemon_stop().
 */
int nh_daemon_start(struct nh_daemon *daemon, struct nh_conf_set *set);

/**
 * nh_daemon_reload() - read the configuration again and go over to it
 *
 * A file that is wrong leaves all as it was. Devices without a file any more
 * are let go, not removed; IKE makes no new SAs for them, and keeps those that
 * there are.
 *
 * Return: 0; -ESHUTDOWN when the daemon is ending already; or another negative
 * errno after errors were logged.
 */
int nh_daemon_reload(struct nh_daemon *daemon);

/**
 * nh_daemon_link() - a network device may be there or up that was not, or is
 *	another one
 * @name: of it; NULL, any may be
 */
void nh_daemon_link(struct nh_daemon *daemon, const char *name);

/** nh_daemon_stop() - close all devices; @teardown: and remove them */
void nh_daemon_stop(struct nh_daemon *daemon, bool teardown);

#endif /* NH_DAEMON_H */
