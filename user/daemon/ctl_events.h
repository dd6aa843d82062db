/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The control socket's answer about what happened lately. */
#ifndef NH_CTL_EVENTS_H
#define NH_CTL_EVENTS_H

struct json_object;
struct nh_daemon;

/**
 * nh_ctl_events() - add "events", oldest first, and the last one's "seq"
 * @request: may choose by "dev", "peer" (NBMA address), "after" (a "seq") and
 *	"count" (so many of the last)
 *
 * Return: NULL, or what is wrong with @request.
 */
const char *nh_ctl_events(struct nh_daemon *daemon,
			  struct json_object *request,
			  struct json_object *reply);

#endif /* NH_CTL_EVENTS_H */
