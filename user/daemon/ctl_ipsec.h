/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket's answer about IKE. */
#ifndef NH_CTL_IPSEC_H
#define NH_CTL_IPSEC_H

struct json_object;
struct nh_daemon;

/** nh_ctl_ipsec() - add "ike" (connections) and "ipsec" (SAs) to @reply */
void nh_ctl_ipsec(struct nh_daemon *daemon, struct json_object *reply);

#endif /* NH_CTL_IPSEC_H */
