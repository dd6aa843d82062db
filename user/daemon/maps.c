// SPDX-License-Identifier: GPL-2.0-or-later
/* Static mappings, and entries left behind by an earlier daemon. */
#include "daemon/maps.h"

#include <errno.h>
#include <stdlib.h>

#include "daemon/iface.h"
#include "lib/log.h"

static int set_map(struct nh_iface *iface, const struct nh_conf_map *map)
{
	struct dmvpn_nl_entry old, entry = {
		.ifindex = iface->ifindex,
		.prefix = map->prefix,
		.type = DMVPN_ENTRY_TYPE_STATIC,
		.nbma = map->nbma,
		.protocol = map->prefix.addr,
	};
	struct nh_kernel *k = iface->kernel;
	char text[NH_PREFIX_STRLEN];
	int err;

	if (k->ops->entry_get(k, iface->ifindex, &map->prefix, &old) ||
	    old.type != DMVPN_ENTRY_TYPE_STATIC || old.if_id ||
	    !nh_addr_equal(&old.nbma, &map->nbma) ||
	    !nh_addr_equal(&old.protocol, &entry.protocol)) {
		err = k->ops->entry_set(k, &entry, DMVPN_NL_ENTRY_ANY);
		if (err)
			goto fail;
	}
	err = nh_iface_mcast(iface, &map->nbma);
	if (!err)
		return 0;
fail:
	nh_error(iface->conf->name, &map->nbma, "[Map] Prefix=%s: %s",
		 nh_prefix_format(&map->prefix, text, sizeof(text)),
		 k->ops->error(k));
	return err;
}

static bool has_map(const struct nh_conf *conf, const struct nh_prefix *prefix)
{
	size_t i;

	for (i = 0; i < conf->nmap; i++)
		if (nh_prefix_equal(&conf->map[i].prefix, prefix))
			return true;
	return false;
}

/* The peer of an entry that goes is neither relay nor multicast member. */
static void demote(struct nh_iface *iface, const struct dmvpn_nl_entry *entry)
{
	const struct nh_endpoint ep = { entry->nbma, entry->if_id };
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer peer;
	size_t i;

	if (nh_nhs_has(iface, &entry->nbma))
		return;
	/* At the start of the daemon it is not one of ours yet. */
	for (i = 0; i < iface->conf->nnhs; i++)
		if (nh_addr_equal(&iface->conf->nhs[i].nbma, &entry->nbma))
			return;
	nh_iface_mcast(iface, &entry->nbma);
	if (k->ops->peer_get(k, iface->ifindex, &ep, &peer) ||
	    !(peer.flags & DMVPN_PEER_FLAGS_NHS))
		return;
	peer.flags &= ~(uint32_t)DMVPN_PEER_FLAGS_NHS;
	peer.present = DMVPN_NL_BIT(DMVPN_A_PEER_FLAGS);
	peer.preference = 0;
	k->ops->peer_set(k, &peer);
}

/* An address of a server: the configured one or, learned, its link-local. What
 * an earlier daemon has learned all of may be that of any such server, until
 * they have taken theirs over.
 */
static bool is_servers(const struct nh_conf *conf,
		       const struct dmvpn_nl_entry *entry)
{
	bool link_local = nh_addr_is_linklocal6(&entry->prefix.addr);
	size_t i;

	if (!link_local && nh_conf_has_nhs(conf, &entry->prefix))
		return true;
	for (i = 0; i < conf->nnhs; i++) {
		const struct nh_conf_nhs *nhs = &conf->nhs[i];

		if (nhs->dynamic ? nhs->family != entry->prefix.addr.family :
		    !link_local || !nh_addr_equal(&nhs->proto,
						  &entry->protocol))
			continue;
		if (nhs->name[0] || nh_addr_equal(&nhs->nbma, &entry->nbma))
			return true;
	}
	return false;
}

static bool is_left_over(struct nh_iface *iface,
			 const struct dmvpn_nl_entry *entry)
{
	switch (entry->type) {
	case DMVPN_ENTRY_TYPE_STATIC:
		return nh_addr_equal(&entry->protocol, &entry->prefix.addr) &&
		       !has_map(iface->conf, &entry->prefix);
	case DMVPN_ENTRY_TYPE_NHS:
		return !is_servers(iface->conf, entry);
	case DMVPN_ENTRY_TYPE_INCOMPLETE:
		return !nh_request_about(&iface->requests,
					 NHRP_RESOLUTION_REQUEST,
					 &entry->prefix.addr);
	default:
		return false;
	}
}

static int remove_left_over(struct nh_iface *iface, bool incomplete_only)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry *list;
	size_t i, n, gone = 0;
	int err;

	err = k->ops->entry_dump(k, iface->ifindex, &list, &n);
	if (err) {
		nh_error(iface->conf->name, NULL,
			 "the cache cannot be read: %s", k->ops->error(k));
		return err;
	}
	for (i = 0; i < n; i++) {
		if (!is_left_over(iface, &list[i]) ||
		    (incomplete_only &&
		     list[i].type != DMVPN_ENTRY_TYPE_INCOMPLETE))
			continue;
		k->ops->entry_del(k, iface->ifindex, &list[i].prefix);
		if (nh_addr_is_set(&list[i].nbma))
			demote(iface, &list[i]);
		gone++;
	}
	free(list);
	if (n && !incomplete_only)
		nh_info(iface->conf->name, NULL,
			"cache taken over entries=%zu removed=%zu", n, gone);
	return 0;
}

static int set_all(struct nh_iface *iface)
{
	size_t i;
	int err = 0, one;

	for (i = 0; i < iface->conf->nmap; i++) {
		one = set_map(iface, &iface->conf->map[i]);
		if (one)
			err = one;
	}
	return err;
}

int nh_maps_take_over(struct nh_iface *iface)
{
	int err = remove_left_over(iface, false);

	return err ? err : set_all(iface);
}

int nh_maps_apply(struct nh_iface *iface, const struct nh_conf *old)
{
	struct nh_kernel *k = iface->kernel;
	size_t i;
	int err;

	for (i = 0; i < old->nmap; i++) {
		if (has_map(iface->conf, &old->map[i].prefix))
			continue;
		k->ops->entry_del(k, iface->ifindex, &old->map[i].prefix);
		nh_iface_mcast(iface, &old->map[i].nbma);
	}
	err = set_all(iface);
	/* A mapping that was moved leaves its old peer's multicast behind. */
	for (i = 0; i < old->nmap; i++)
		if (old->map[i].multicast)
			nh_iface_mcast(iface, &old->map[i].nbma);
	return err;
}

void nh_maps_forget_incomplete(struct nh_iface *iface)
{
	remove_left_over(iface, true);
}
