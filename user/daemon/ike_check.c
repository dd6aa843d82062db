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

/*
 * Whoever loads the IKE daemon's own files anew ("swanctl --load-all") makes it
 * forget all connections that are not in them, and it does not say so.
 */
static void again(struct nh_ike *ike, const char *what)
{
	/* What it has refused it would refuse again, and it is no loss. */
	if (!ike->loaded)
		return;
	if (!ike->lost)
		nh_warn(ike->iface->conf->name, NULL,
			"%s: IKE is told the connection again", what);
	ike->lost = true;
	nh_ike_reload(ike, false);
}

static bool lacks_policy(struct nh_ike *ike, const struct nh_addr *local)
{
	struct nh_kernel *k = ike->iface->kernel;

	return nh_addr_is_set(local) && k->ops->policy_has(k, local) == 0;
}

/* Where it has the connection still, to be told that again is no news. */
static void install_anew(struct nh_ike *ike, const struct nh_addr *local)
{
	child_call(ike, "uninstall", local);
	child_call(ike, "install", local);
}

static void check_traps(struct nh_ike *ike)
{
	const struct nh_addr *local4 = nh_iface_local(ike->iface, AF_INET);
	const struct nh_addr *local6 = nh_iface_local(ike->iface, AF_INET6);
	bool lacks4 = lacks_policy(ike, local4);
	bool lacks6 = lacks_policy(ike, local6);

	if (!lacks4 && !lacks6) {
		ike->lost = false;
		return;
	}
	again(ike, "the kernel lost the policy that asks for SAs");
	if (lacks4)
		install_anew(ike, local4);
	if (lacks6)
		install_anew(ike, local6);
}

static void on_conns(void *arg, int err, const struct vici_view *body)
{
	struct nh_ike *ike = arg;
	bool has4 = !nh_addr_is_set(nh_iface_local(ike->iface, AF_INET));
	bool has6 = !nh_addr_is_set(nh_iface_local(ike->iface, AF_INET6));
	struct vici_reader r;
	struct vici_elem e;
	char name[2][NH_IKE_NAME_LEN];

	if (err)
		return;
	nh_ike_conn_name(name[0], sizeof(name[0]), ike->iface->conf->name,
			 NH_IKE_ANY, nh_iface_local(ike->iface, AF_INET));
	nh_ike_conn_name(name[1], sizeof(name[1]), ike->iface->conf->name,
			 NH_IKE_ANY, nh_iface_local(ike->iface, AF_INET6));
	vici_reader_init(&r, body);
	while (vici_next(&r, &e)) {
		if (e.type != VICI_LIST_ITEM)
			continue;
		has4 |= vici_is(e.value, name[0]);
		has6 |= vici_is(e.value, name[1]);
	}
	if (r.err)
		return;
	if (has4 && has6)
		ike->lost = false;
	else
		again(ike, "IKE lost the connection");
}

static void on_creds(void *arg, int err, const struct vici_view *body)
{
	struct nh_ike *ike = arg;
	char id[NH_IKE_NAME_LEN];
	struct vici_reader r;
	struct vici_elem e;

	if (ike->iface->conf->ipsec.secret)
		nh_ike_secret_id(id, sizeof(id), ike->iface->conf->name);
	else
		snprintf(id, sizeof(id), "%s", ike->key_id);
	if (err || !*id)
		return;
	vici_reader_init(&r, body);
	while (vici_next(&r, &e))
		if (e.type == VICI_LIST_ITEM && vici_is(e.value, id))
			return;
	if (!r.err)
		again(ike, "IKE lost the secret or private key");
}

/* "swanctl --load-creds" takes away what is not in the IKE daemon's own files, and
 * leaves the connection.
 */
static void check_creds(struct nh_ike *ike)
{
	nh_vici_call(ike->vici, ike->iface->conf->ipsec.secret ?
		     "get-shared" : "get-keys", NULL, NULL, NULL, on_creds,
		     ike);
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
	if (!ike->iface->conf->ipsec.tunnel)
		check_traps(ike);
	else if (ike->loaded)
		nh_vici_call(ike->vici, "get-conns", NULL, NULL, NULL,
			     on_conns, ike);
	if (ike->loaded)
		check_creds(ike);
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
