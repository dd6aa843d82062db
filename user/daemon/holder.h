/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds a binding, and whether who sent a packet is the same one. */
#ifndef NH_HOLDER_H
#define NH_HOLDER_H

#include "daemon/kernel.h"

struct nh_iface;
struct nh_rx;

/**
 * nh_holder_speaks() - the packet is of the entry's own node
 *
 * It comes from where that is, and has its tunnel address as the source, or one that
 * is registered from the same place with the same NBMA address. The place alone says nothing: a peer may
 * pass on what others have written.
 */
bool nh_holder_speaks(struct nh_iface *iface, const struct nh_rx *rx,
		      const struct dmvpn_nl_entry *entry);

/** nh_holder_is_sender() - the entry's peer is where the packet came from */
bool nh_holder_is_sender(const struct nh_rx *rx,
			 const struct dmvpn_nl_entry *entry);

/**
 * nh_holder_yields() - whether the entry is the sender's to take
 *
 * It is the holder itself, at the same place or by its certificate at another
 * one; or the holder is gone for good.
 */
bool nh_holder_yields(struct nh_iface *iface, const struct nh_rx *rx,
		      const struct dmvpn_nl_entry *entry);

#endif /* NH_HOLDER_H */
