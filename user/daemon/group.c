// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NHRP groups of clients, as Cisco's vendor extension names them. They are the
 * daemon's alone: one that is started anew hears of them with the next
 * registrations.
 */
#include "daemon/group.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/events.h"
#include "daemon/holder.h"
#include "daemon/iface.h"
#include "daemon/rx.h"

void nh_groups_init(struct nh_groups *groups, uint32_t seed)
{
	size_t i;

	for (i = 0; i < NH_GROUP_BUCKETS; i++)
		LIST_INIT(&groups->bucket[i]);
	groups->seed = seed;
	groups->n = 0;
}

static void drop(struct nh_groups *groups, struct nh_group *group)
{
	LIST_REMOVE(group, link);
	groups->n--;
	free(group);
}

void nh_groups_free(struct nh_groups *groups)
{
	size_t i;

	for (i = 0; i < NH_GROUP_BUCKETS; i++)
		while (!LIST_EMPTY(&groups->bucket[i]))
			drop(groups, LIST_FIRST(&groups->bucket[i]));
}

static size_t bucket_of(const struct nh_groups *groups,
			const struct nh_addr *proto)
{
	return nh_addr_hash(proto, groups->seed) % NH_GROUP_BUCKETS;
}

const struct nh_group *nh_group_of(const struct nh_groups *groups,
				   const struct nh_addr *proto)
{
	const struct nh_group *group;

	LIST_FOREACH(group, &groups->bucket[bucket_of(groups, proto)], link)
		if (nh_addr_equal(&group->proto, proto))
			return group;
	return NULL;
}

void nh_group_forget(struct nh_groups *groups, const struct nh_addr *proto)
{
	struct nh_group *group = (struct nh_group *)nh_group_of(groups, proto);

	if (group)
		drop(groups, group);
}

static struct nh_group *add(struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nh_addr *proto = &rx->pdu->src_proto;
	struct nh_groups *groups = &iface->groups;
	struct nh_group *group;

	if (groups->n >= NH_GROUPS_MAX) {
		nh_limited(iface, NH_L_GROUPS, &rx->from.nbma);
		return NULL;
	}
	group = calloc(1, sizeof(*group));
	if (!group)
		return NULL;
	group->proto = *proto;
	LIST_INSERT_HEAD(&groups->bucket[bucket_of(groups, proto)], group,
			 link);
	groups->n++;
	return group;
}

/* Whether @proto is registered from where the packet came: its group ends with
 * that entry.
 */
static bool is_client(struct nh_iface *iface, const struct nh_rx *rx,
		      const struct nh_addr *proto)
{
	struct dmvpn_nl_entry own;

	return nh_path_host(iface, proto, &own) == 0 &&
	       own.type == DMVPN_ENTRY_TYPE_REGISTERED &&
	       nh_holder_is_sender(rx, &own);
}

void nh_group_learn(struct nh_iface *iface, const struct nh_rx *rx)
{
	const struct nh_addr *proto = &rx->pdu->src_proto;
	struct nh_group *group;
	struct nh_view name;
	bool has_name;
	size_t i;

	has_name = nhrp_vendor_group(rx->pdu, &name);
	group = (struct nh_group *)nh_group_of(&iface->groups, proto);
	if ((!has_name && !group) || !is_client(iface, rx, proto))
		return;
	if (!has_name) {
		drop(&iface->groups, group);
		return;
	}
	if (!group)
		group = add(iface, rx);
	if (!group)
		return;
	group->ep = rx->from;
	for (i = 0; i < name.len && i < NHRP_GROUP_MAX; i++)
		group->name[i] = name.data[i] >= ' ' && name.data[i] <= '~' ?
				 (char)name.data[i] : '?';
	group->name[i] = '\0';
}
