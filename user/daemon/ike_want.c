// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Negotiating by our own wish. As a rule the kernel asks the IKE daemon when a
 * packet needs SAs; but it cannot where ESP is in tunnel mode, for which there
 * is no policy for any peer, and it does not while there are old SAs.
 */
#include <stdlib.h>

#include "daemon/iface.h"
#include "daemon/ike.h"
#include "daemon/ike_conn.h"

/* A peer is not bothered more often than this. */
#define AGAIN_MS	20000

static void next(struct nh_ike *ike);

static bool tried(const struct nh_ike *ike, const struct nh_addr *nbma)
{
	uint64_t now = nh_loop_now(ike->iface->loop);
	size_t i;

	for (i = 0; i < NH_IKE_TRIED_MAX; i++)
		if (ike->tried[i].until > now &&
		    nh_addr_equal(&ike->tried[i].nbma, nbma))
			return true;
	return false;
}

static void note_tried(struct nh_ike *ike, const struct nh_addr *nbma)
{
	struct nh_ike_tried *t = &ike->tried[ike->next_tried];

	t->nbma = *nbma;
	t->until = nh_loop_now(ike->iface->loop) + AGAIN_MS;
	ike->next_tried = (ike->next_tried + 1) % NH_IKE_TRIED_MAX;
}

static void on_told(void *arg, int err, const struct vici_view *body)
{
	struct nh_ike *ike = arg;

	(void)body;
	ike->busy = false;
	if (!err)
		next(ike);
}

/* The connection is needed to begin only: what it makes keeps a copy. */
static void tell(struct nh_ike *ike, const struct nh_addr *nbma)
{
	struct vici_builder b = { 0 };
	char name[NH_IKE_NAME_LEN];

	nh_ike_load_conn(ike, NH_IKE_PEER, nbma);
	vici_put(&b, "ike", nh_ike_conn_name(name, sizeof(name),
					     ike->iface->conf->name,
					     NH_IKE_PEER, nbma));
	vici_put(&b, "child", NH_IKE_CHILD);
	vici_put(&b, "timeout", "-1");
	nh_vici_call(ike->vici, "initiate", &b, NULL, NULL, NULL, NULL);
	nh_ike_unload_conn(ike, NH_IKE_PEER, nbma);
	ike->busy = nh_vici_call(ike->vici, "version", NULL, NULL, NULL,
				 on_told, ike) == 0;
}

static void next(struct nh_ike *ike)
{
	struct nh_ike_wanted *w = STAILQ_FIRST(&ike->wanted);

	if (!w || ike->busy || !nh_vici_is_up(ike->vici))
		return;
	STAILQ_REMOVE_HEAD(&ike->wanted, link);
	ike->nwanted--;
	tell(ike, &w->nbma);
	free(w);
}

void nh_ike_want(struct nh_ike *ike, const struct nh_addr *nbma)
{
	struct nh_ike_wanted *w;

	if (!nh_vici_is_up(ike->vici) || tried(ike, nbma) ||
	    ike->nwanted >= NH_IKE_WANTED_MAX)
		return;
	w = malloc(sizeof(*w));
	if (!w)
		return;
	note_tried(ike, nbma);
	w->nbma = *nbma;
	STAILQ_INSERT_TAIL(&ike->wanted, w, link);
	ike->nwanted++;
	next(ike);
}

void nh_ike_need(struct nh_ike *ike, const struct nh_endpoint *ep)
{
	if (ike->loaded && !ep->if_id && ike->iface->conf->ipsec.tunnel)
		nh_ike_want(ike, &ep->nbma);
}

void nh_ike_renew(struct nh_ike *ike, const struct nh_addr *nbma)
{
	if (ike->loaded)
		nh_ike_want(ike, nbma);
}

void nh_ike_want_missing(struct nh_ike *ike)
{
	struct nh_iface *iface = ike->iface;
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer *list;
	size_t i, n;

	if (!iface->conf->ipsec.tunnel ||
	    k->ops->peer_dump(k, iface->ifindex, &list, &n))
		return;
	for (i = 0; i < n; i++)
		if (list[i].state == DMVPN_PEER_STATE_NEGOTIATING &&
		    !list[i].if_id)
			nh_ike_renew(ike, &list[i].nbma);
	free(list);
}

void nh_ike_want_clear(struct nh_ike *ike)
{
	struct nh_ike_wanted *w;

	while ((w = STAILQ_FIRST(&ike->wanted))) {
		STAILQ_REMOVE_HEAD(&ike->wanted, link);
		free(w);
	}
	ike->nwanted = 0;
	ike->busy = false;
}
