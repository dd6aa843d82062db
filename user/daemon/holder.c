// SPDX-License-Identifier: GPL-2.0-or-later
/* Who holds a binding. */
#include "daemon/holder.h"

#include <errno.h>
#include <string.h>

#include "daemon/iface.h"
#include "daemon/rx.h"

bool nh_holder_is_sender(const struct nh_rx *rx,
			 const struct dmvpn_nl_entry *entry)
{
	const struct nh_endpoint holder = { entry->nbma, entry->if_id };

	return nh_endpoint_equal(&holder, &rx->from);
}

bool nh_holder_speaks(struct nh_iface *iface, const struct nh_rx *rx,
		      const struct dmvpn_nl_entry *entry)
{
	const struct nh_addr *src = &rx->pdu->src_proto;
	struct dmvpn_nl_entry own;

	if (!nh_holder_is_sender(rx, entry))
		return false;
	if (nh_addr_equal(src, &entry->protocol))
		return true;
	/* A client whose registration the node has passed on is at its place as
	 * well, but has an NBMA address of its own.
	 */
	return nh_path_host(iface, src, &own) == 0 &&
	       nh_holder_is_sender(rx, &own) &&
	       nh_addr_equal(&own.claimed, &entry->claimed);
}

/* Whether the sender is told apart from others behind its NAT, and the holder,
 * behind the same one, came before that: then it may be any of them.
 */
static bool is_before_ids(const struct nh_rx *rx,
			  const struct dmvpn_nl_entry *entry)
{
	return !entry->if_id && rx->from.if_id &&
	       nh_addr_equal(&entry->nbma, &rx->from.nbma);
}

/* A peer behind a NAT gets a new interface id with each new IKE SA, and nobody
 * can speak by the one whose SAs are gone.
 */
static bool is_gone(struct nh_iface *iface, const struct nh_rx *rx,
		    const struct dmvpn_nl_entry *entry)
{
	const struct nh_endpoint holder = { entry->nbma, entry->if_id };
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer peer;
	int err;

	if (!entry->if_id && !is_before_ids(rx, entry))
		return false;
	err = k->ops->peer_get(k, iface->ifindex, &holder, &peer);
	return err == -ENOENT ||
	       (!err && peer.state != DMVPN_PEER_STATE_SECURED);
}

/* One that registered while it shared its place with the first that came by the
 * NAT comes again by an id of its own: its address in there is still the same.
 */
static bool is_told_apart(const struct nh_rx *rx,
			  const struct dmvpn_nl_entry *entry)
{
	return is_before_ids(rx, entry) && nh_addr_is_set(&entry->claimed) &&
	       nh_addr_equal(&entry->claimed, &rx->pdu->src_nbma);
}

/*
 * Who has a certificate is the same one at whatever address it is now. A
 * shared secret proves nothing of who a peer is, and its address is all there
 * is to know it by.
 */
static bool is_same(const struct nh_iface *iface, const struct nh_rx *rx,
		    const struct nh_endpoint *holder)
{
	const struct nh_ike_sa *now, *then;

	if (!iface->conf->ipsec.cert)
		return false;
	now = nh_ike_who(&iface->ike, &rx->from);
	then = nh_ike_who(&iface->ike, holder);
	return now && then && now->identity[0] &&
	       strcmp(now->identity, then->identity) == 0;
}

bool nh_holder_yields(struct nh_iface *iface, const struct nh_rx *rx,
		      const struct dmvpn_nl_entry *entry)
{
	const struct nh_endpoint holder = { entry->nbma, entry->if_id };

	return nh_holder_is_sender(rx, entry) || is_gone(iface, rx, entry) ||
	       is_told_apart(rx, entry) || is_same(iface, rx, &holder);
}
