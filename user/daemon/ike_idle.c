// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The end of a path between clients: unused for IdleTime= its cache entries
 * go, with them the peer, and with the peer its SAs. Entries that expire, and
 * peers that vanish in other ways, end the same way. What packets still use is
 * not closed, whatever the cache says: the other end may need it.
 */
#include "daemon/ike_idle.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "daemon/iface.h"
#include "daemon/ike_conn.h"
#include "lib/log.h"

/* Nothing is closed that was used, or needed, within these seconds. */
#define GRACE_MAX	30
#define GRACE_MIN	10

static uint64_t grace(const struct nh_ike *ike)
{
	uint32_t idle = ike->iface->conf->ipsec.idle;

	if (!idle || idle > GRACE_MAX)
		return GRACE_MAX;
	return idle < GRACE_MIN ? GRACE_MIN : idle;
}

/* Only what was learned on demand ends by not being used. */
static bool is_idle(const struct dmvpn_nl_peer *peer, uint64_t limit)
{
	if (peer->flags || peer->mcast || !peer->entries || peer->age < limit)
		return false;
	if (DMVPN_NL_HAS(peer, DMVPN_A_PEER_TX_IDLE) && peer->tx_idle < limit)
		return false;
	return !DMVPN_NL_HAS(peer, DMVPN_A_PEER_RX_IDLE) ||
	       peer->rx_idle >= limit;
}

static bool is_of(const struct dmvpn_nl_entry *e,
		  const struct dmvpn_nl_peer *peer)
{
	return e->if_id == peer->if_id && nh_addr_equal(&e->nbma, &peer->nbma);
}

static void forget_path(struct nh_ike *ike, const struct dmvpn_nl_peer *peer,
			const struct dmvpn_nl_entry *entry, size_t n)
{
	struct nh_kernel *k = ike->iface->kernel;
	size_t i;

	for (i = 0; i < n; i++)
		if (is_of(&entry[i], peer) &&
		    entry[i].type != DMVPN_ENTRY_TYPE_RESOLVED)
			return;
	nh_info(ike->iface->conf->name, &peer->nbma,
		"path not used for %u s: closed",
		ike->iface->conf->ipsec.idle);
	for (i = 0; i < n; i++)
		if (is_of(&entry[i], peer))
			k->ops->entry_del(k, ike->iface->ifindex,
					  &entry[i].prefix);
}

static void forget_idle(struct nh_ike *ike)
{
	uint64_t limit = ike->iface->conf->ipsec.idle * 1000ull;
	struct nh_kernel *k = ike->iface->kernel;
	struct dmvpn_nl_entry *entry = NULL;
	struct dmvpn_nl_peer *peer;
	size_t i, npeer, nentry;

	if (!limit ||
	    k->ops->peer_dump(k, ike->iface->ifindex, &peer, &npeer))
		return;
	for (i = 0; i < npeer; i++) {
		if (!is_idle(&peer[i], limit))
			continue;
		if (!entry && k->ops->entry_dump(k, ike->iface->ifindex,
						 &entry, &nentry))
			break;
		forget_path(ike, &peer[i], entry, nentry);
	}
	free(entry);
	free(peer);
}

static bool has_child(const struct nh_ike_sa *sa, uint32_t spi)
{
	size_t i;

	for (i = 0; i < sa->nchild; i++)
		if (sa->child[i].spi_in == spi || sa->child[i].spi_out == spi)
			return true;
	return false;
}

/* Whether packets used one of the IKE SA's ESP SAs, or it is a new one. */
static bool in_use(const struct nh_ike_sa *sa, const struct dmvpn_nl_sa *list,
		   size_t n, uint64_t since)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((nh_addr_equal(&list[i].src, &sa->remote) ||
		     nh_addr_equal(&list[i].dst, &sa->remote)) &&
		    has_child(sa, list[i].spi) &&
		    (list[i].used > since || list[i].added > since))
			return true;
	return false;
}

static void close_orphans(struct nh_ike *ike)
{
	uint64_t now = nh_loop_now(ike->iface->loop);
	uint64_t since = (uint64_t)time(NULL) - grace(ike);
	struct nh_kernel *k = ike->iface->kernel;
	struct dmvpn_nl_sa *list = NULL;
	struct nh_ike_sa *sa = NULL;
	bool dumped = false;
	size_t n = 0;

	while ((sa = nh_ike_table_next(&ike->table, sa))) {
		if (!sa->orphan || now - sa->orphan < GRACE_MIN * 1000)
			continue;
		if (!dumped && k->ops->sa_dump(k, &list, &n))
			return;
		dumped = true;
		if (in_use(sa, list, n, since))
			continue;
		nh_ike_terminate(ike, sa, "nothing needs it");
		/* Not again at once, should the IKE daemon take its time. */
		sa->orphan = now;
	}
	free(list);
}

void nh_ike_idle(struct nh_ike *ike)
{
	forget_idle(ike);
	close_orphans(ike);
}

static uint32_t if_id_of(const struct nh_ike_sa *sa)
{
	return sa->nchild ? sa->child[0].if_id : 0;
}

void nh_ike_note_use(struct nh_ike *ike, struct nh_ike_sa *sa)
{
	const struct nh_endpoint ep = { sa->remote, if_id_of(sa) };
	struct nh_iface *iface = ike->iface;
	struct dmvpn_nl_peer peer;

	if (iface->kernel->ops->peer_get(iface->kernel, iface->ifindex, &ep,
					 &peer) != -ENOENT)
		sa->orphan = 0;
	else if (!sa->orphan)
		sa->orphan = nh_loop_now(iface->loop);
}

static void note_all(struct nh_ike *ike, const struct nh_endpoint *ep,
		     uint64_t orphan)
{
	struct nh_ike_sa *sa = NULL;

	while ((sa = nh_ike_table_with(&ike->table, &ep->nbma, sa)))
		if (if_id_of(sa) == ep->if_id)
			sa->orphan = orphan;
}

/* Interface ids are given once: what was learned of this one leads nowhere. */
static void forget_endpoint(struct nh_ike *ike,
			    const struct dmvpn_nl_peer *peer)
{
	struct nh_kernel *k = ike->iface->kernel;
	struct dmvpn_nl_entry *entry;
	size_t i, n;

	if (k->ops->entry_dump(k, ike->iface->ifindex, &entry, &n))
		return;
	for (i = 0; i < n; i++)
		if (is_of(&entry[i], peer) &&
		    entry[i].type == DMVPN_ENTRY_TYPE_RESOLVED)
			k->ops->entry_del(k, ike->iface->ifindex,
					  &entry[i].prefix);
	free(entry);
}

void nh_ike_peer(struct nh_ike *ike, const struct dmvpn_nl_peer *peer)
{
	const struct nh_endpoint ep = { peer->nbma, peer->if_id };

	if (!ike->vici)
		return;
	note_all(ike, &ep, 0);
	if (peer->state != DMVPN_PEER_STATE_SECURED) {
		nh_ike_suspect(ike, &peer->nbma);
		if (peer->if_id)
			forget_endpoint(ike, peer);
	}
	if (peer->state == DMVPN_PEER_STATE_NEGOTIATING)
		nh_ike_need(ike, &ep);
}

void nh_ike_peer_gone(struct nh_ike *ike, const struct nh_endpoint *ep)
{
	if (ike->vici)
		note_all(ike, ep, nh_loop_now(ike->iface->loop));
}
