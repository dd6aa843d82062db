/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket's answer about the counters of NHRP. */
#ifndef NH_CTL_STATS_H
#define NH_CTL_STATS_H

struct json_object;
struct nh_daemon;

/** nh_ctl_stats() - add "stats", an object a device; returns NULL */
const char *nh_ctl_stats(struct nh_daemon *daemon, struct json_object *request,
			 struct json_object *reply);

#endif /* NH_CTL_STATS_H */
