// SPDX-License-Identifier: GPL-2.0-or-later
/* Peers behind one NAT, which have one NBMA address, are told apart. */
#include <stdio.h>
#include <string.h>

#include "daemon/iface.h"
#include "daemon/ike.h"
#include "daemon/ike_conn.h"

static bool is_configured(const struct nh_ike *ike,
			  const struct nh_addr *nbma)
{
	const struct nh_conf *conf = ike->iface->conf;
	size_t i;

	if (nh_nhs_has(ike->iface, nbma))
		return true;
	/* At the start of the daemon it is not one of ours yet. */
	for (i = 0; i < conf->nnhs; i++)
		if (nh_addr_equal(&conf->nhs[i].nbma, nbma))
			return true;
	for (i = 0; i < conf->nmap; i++)
		if (nh_addr_equal(&conf->map[i].nbma, nbma))
			return true;
	return false;
}

bool nh_ike_has_nat(const struct nh_ike *ike, const struct nh_addr *nbma)
{
	size_t i;

	for (i = 0; i < ike->nnat; i++)
		if (nh_addr_equal(&ike->nat[i], nbma))
			return true;
	return false;
}

/* Room for another NAT: that of one that nobody is behind any more. */
static bool make_room(struct nh_ike *ike)
{
	size_t i;

	if (ike->nnat < NH_IKE_NATS_MAX)
		return true;
	for (i = 0; i < ike->nnat; i++) {
		if (nh_ike_table_with(&ike->table, &ike->nat[i], NULL))
			continue;
		nh_ike_unload_conn(ike, NH_IKE_NAT, &ike->nat[i]);
		ike->nat[i] = ike->nat[--ike->nnat];
		return true;
	}
	return false;
}

static void learn(struct nh_ike *ike, const char *name)
{
	char prefix[NH_IKE_NAME_LEN];
	struct nh_addr nbma;
	size_t len;

	len = (size_t)snprintf(prefix, sizeof(prefix), "%s/nat/",
			       ike->iface->conf->name);
	if (strncmp(name, prefix, len) || nh_addr_parse(&nbma, name + len) ||
	    nh_ike_has_nat(ike, &nbma) || ike->nnat >= NH_IKE_NATS_MAX)
		return;
	/* A server has an address of its own. */
	if (is_configured(ike, &nbma)) {
		nh_ike_unload_conn(ike, NH_IKE_NAT, &nbma);
		return;
	}
	ike->nat[ike->nnat++] = nbma;
	/* It may have been told by another configuration. */
	nh_ike_load_conn(ike, NH_IKE_NAT, &nbma);
}

static void on_conns(void *arg, int err, const struct vici_view *body)
{
	char name[NH_IKE_NAME_LEN];
	struct vici_reader r;
	struct vici_elem e;

	if (err)
		return;
	vici_reader_init(&r, body);
	while (vici_next(&r, &e))
		if (e.type == VICI_LIST_ITEM &&
		    vici_text(e.value, name, sizeof(name)))
			learn(arg, name);
}

void nh_ike_learn_nats(struct nh_ike *ike)
{
	ike->nnat = 0;
	nh_vici_call(ike->vici, "get-conns", NULL, NULL, NULL, on_conns, ike);
}

/*
 * Two peers behind one NAT have one address. The first shows that there is a
 * NAT: who comes by it from then on gets an interface id of its own.
 */
void nh_ike_tell_apart(struct nh_ike *ike, struct nh_ike_sa *sa)
{
	struct nh_ike_sa *other = NULL;

	if (!sa->nat_remote || sa->initiator || is_configured(ike, &sa->remote))
		return;
	if (!nh_ike_has_nat(ike, &sa->remote)) {
		/* It would come again as it did now. */
		if (!make_room(ike))
			return;
		ike->nat[ike->nnat++] = sa->remote;
		nh_ike_load_conn(ike, NH_IKE_NAT, &sa->remote);
	}
	if (!nh_ike_sa_is_up(sa, 0) || sa->closed)
		return;
	/* Both came before the connection was there: this one comes again,
	 * but not because of one that does so already.
	 */
	while ((other = nh_ike_table_with(&ike->table, &sa->remote, other))) {
		if (other == sa || other->closed ||
		    !nh_ike_sa_is_up(other, 0) || nh_ike_is_twin(sa, other))
			continue;
		nh_ike_terminate(ike, sa, "another peer has its address");
		return;
	}
}
