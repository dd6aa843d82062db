/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network device itself, brought to what the configuration says. */
#ifndef NH_IFACE_LINK_H
#define NH_IFACE_LINK_H

#include "daemon/iface.h"

/**
 * struct nh_link_plan - what is to be done to a device
 * @want: all that its configuration says
 * @have: what is there; with index 0, nothing
 */
struct nh_link_plan {
	struct dmvpn_nl_link want;
	struct dmvpn_nl_link have;
};

/**
 * nh_link_plan() - find out what nh_link_apply() has to do
 * @iface: nothing of it is changed yet, nor of the device
 * @conf: what it shall become
 *
 * Return: 0, or a negative errno after an error was logged.
 */
int nh_link_plan(struct nh_iface *iface, const struct nh_conf *conf,
		 struct nh_link_plan *plan);

/**
 * nh_link_moves() - whether others will find a device that is there elsewhere
 *
 * By another NBMA address, another key or in another VRF.
 */
bool nh_link_moves(const struct nh_link_plan *plan);

/**
 * nh_link_apply() - do it: the second half of nh_link_setup()
 * @conf: that the plan was made for
 */
int nh_link_apply(struct nh_iface *iface, const struct nh_conf *conf,
		  const struct nh_link_plan *plan);

/**
 * nh_link_setup() - create the device or take over the one that is there
 * @iface: @conf is what it shall become; @ifindex and @created are set
 * @conf: what it shall become
 *
 * Only differences are written, so that a live device is not disturbed. The
 * device is not brought up.
 *
 * Return: 0, or a negative errno after an error was logged.
 */
int nh_link_setup(struct nh_iface *iface, const struct nh_conf *conf);

/**
 * nh_link_addresses() - put the addresses on the device
 * @old: configuration whose addresses go, if @conf has not got them; or NULL
 *
 * Return: 0, or a negative errno after an error was logged.
 */
int nh_link_addresses(struct nh_iface *iface, const struct nh_conf *conf,
		      const struct nh_conf *old);

/**
 * nh_link_source() - bind to the device of [Tunnel] Source= that is there now
 *
 * One that was removed and made anew, as of PPP, has another index. An error is
 * logged.
 */
void nh_link_source(struct nh_iface *iface);

/**
 * nh_link_carrier() - give the device its carrier, or take it
 *
 * Not written when it was set so before. An error is logged.
 */
void nh_link_carrier(struct nh_iface *iface, bool on);

/** nh_link_up() - bring the device up; 0, or a negative errno, logged */
int nh_link_up(struct nh_iface *iface);

/**
 * nh_link_no_addrgen() - keep the kernel from giving a link-local address
 *
 * The one of the configuration would be one of two, and which of them routing
 * protocols take a matter of chance.
 *
 * Return: 0, or a negative errno after an error was logged.
 */
int nh_link_no_addrgen(struct nh_iface *iface);

#endif /* NH_IFACE_LINK_H */
