// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What IKE believes, held against the kernel. Whoever flushes the kernel's
 * SAs or policies does not tell the IKE daemon, which then waits for a
 * rekeying that may be an hour away.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/iface.h"
#include "daemon/ike.h"
#include "daemon/ike_conn.h"
#include "lib/log.h"

/* A peer whose SAs are being replaced has this time. */
#define PATIENCE_MS	4000

static void child_call(struct nh_ike *ike, const char *command,
		       const struct nh_addr *local)
{
	struct vici_builder b = { 0 };
	char name[NH_IKE_NAME_LEN];

	vici_put(&b, "ike", nh_ike_conn_name(name, sizeof(name),
					     ike->iface->conf->name,
					     NH_IKE_ANY, local));
	vici_put(&b, "child", NH_IKE_CHILD);
	nh_vici_call(ike->vici, command, &b, NULL, NULL, NULL, NULL);
}

static void check_trap(struct nh_ike *ike, const struct nh_addr *local)
{
	struct nh_kernel *k = ike->iface->kernel;

	if (!nh_addr_is_set(local) || k->ops->policy_has(k, local) != 0)
		return;
	nh_warn(ike->iface->conf->name, NULL,
		"the kernel lost the policy that asks for SAs: IKE installs it again");
	child_call(ike, "uninstall", local);
	child_call(ike, "install", local);
}

static bool has_spi(const struct dmvpn_nl_sa *list, size_t n, uint32_t spi,
		    const struct nh_addr *src, const struct nh_addr *dst)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].spi == spi && (!src ||
		    nh_addr_equal(&list[i].src, src)) && (!dst ||
		    nh_addr_equal(&list[i].dst, dst)))
			return true;
	return false;
}

static bool is_whole(const struct nh_ike_sa *sa,
		     const struct dmvpn_nl_sa *list, size_t n)
{
	const struct nh_ike_child *child;
	size_t i;

	for (i = 0; i < sa->nchild; i++) {
		child = &sa->child[i];
		if (strcmp(child->state, "INSTALLED") == 0 &&
		    (!has_spi(list, n, child->spi_in, &sa->remote, NULL) ||
		     !has_spi(list, n, child->spi_out, NULL, &sa->remote)))
			return false;
	}
	return true;
}

/* Negotiates anew with who lost SAs; what is left of the old ones is closed. */
static void replace(struct nh_ike *ike, struct nh_ike_sa *sa)
{
	nh_ike_terminate(ike, sa, "the kernel lost its SAs");
	nh_ike_want(ike, &sa->remote);
}

static void check_suspects(struct nh_ike *ike)
{
	struct nh_kernel *k = ike->iface->kernel;
	uint64_t now = nh_loop_now(ike->iface->loop);
	struct dmvpn_nl_sa *list = NULL;
	struct nh_ike_sa *sa = NULL;
	bool dumped = false;
	size_t n = 0;

	while ((sa = nh_ike_table_next(&ike->table, sa))) {
		if (!sa->suspect || now - sa->suspect < PATIENCE_MS)
			continue;
		if (!dumped && k->ops->sa_dump(k, &list, &n))
			return;
		dumped = true;
		sa->suspect = 0;
		if (!is_whole(sa, list, n))
			replace(ike, sa);
	}
	free(list);
}

void nh_ike_check(struct nh_ike *ike)
{
	if (!ike->iface->conf->ipsec.tunnel) {
		check_trap(ike, nh_iface_local(ike->iface, AF_INET));
		check_trap(ike, nh_iface_local(ike->iface, AF_INET6));
	}
	check_suspects(ike);
}

void nh_ike_suspect(struct nh_ike *ike, const struct nh_addr *nbma)
{
	uint64_t now = nh_loop_now(ike->iface->loop);
	struct nh_ike_sa *sa = NULL;

	while ((sa = nh_ike_table_with(&ike->table, nbma, sa)))
		if (sa->nchild && !sa->suspect)
			sa->suspect = now;
}
