/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the log is to have in it, by the control socket. */
#ifndef NH_CTL_DEBUG_H
#define NH_CTL_DEBUG_H

struct json_object;
struct nh_daemon;

/**
 * nh_ctl_debug() - set the level of the log and conditions on debug lines
 * @request: may have "level"; "peer" (NBMA address, or "all": no conditions),
 *	"tunnel" (tunnel addresses) and "dev", each a condition that is added, or
 *	taken back if "remove" is true
 * @reply: gets "level", "peers", "tunnels" and "devices" as they are then
 *
 * Return: NULL, or what is wrong with @request; nothing was changed then.
 */
const char *nh_ctl_debug(struct nh_daemon *daemon, struct json_object *request,
			 struct json_object *reply);

#endif /* NH_CTL_DEBUG_H */
