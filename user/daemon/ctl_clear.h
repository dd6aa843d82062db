/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the operator wants forgotten. */
#ifndef NH_CTL_CLEAR_H
#define NH_CTL_CLEAR_H

struct json_object;
struct nh_daemon;

/**
 * nh_ctl_clear() - forget, on all devices or on "dev"
 * @request: "what" is one of
 *	"nhrp": entries that were learned, by "prefix" (inside it) and "peer"
 *	(NBMA address); who was told a registered one by us is told again
 *	(RFC 2332 5.2.5);
 *	"shortcuts": of these those of type resolved;
 *	"counters": of NHRP;
 *	"nhs": registrations with servers, or with "address", are made anew;
 *	"ipsec": IKE and ESP SAs with "peer" are closed by the IKE daemon
 * @reply: gets "cleared", how many of them there were; "kept", entries that
 *	match and that the configuration made, with the type of one of them in
 *	"kept_type"; "purges", the requests that were sent
 *
 * Return: NULL, or what is wrong with @request.
 */
const char *nh_ctl_clear(struct nh_daemon *daemon, struct json_object *request,
			 struct json_object *reply);

#endif /* NH_CTL_CLEAR_H */
