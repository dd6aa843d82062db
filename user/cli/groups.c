// SPDX-License-Identifier: GPL-2.0-or-later
/* NHRP groups of clients, from JSON. */
#include "cli/groups.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "cli/facts.h"

static int compare(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int order = nh_addr_cmp(&x->nbma, &y->nbma);

	if (!order)
		order = (x->if_id > y->if_id) - (x->if_id < y->if_id);
	return order ? order : strcmp(x->ifname, y->ifname);
}

static int get_group(struct group *group, struct json_object *o)
{
	const char *nbma = facts_text(o, "nbma");
	struct json_object *if_id;

	*group = (struct group){
		.ifname = facts_text(o, "ifname"),
		.name = facts_text(o, "group"),
	};
	if (json_object_object_get_ex(o, "if_id", &if_id))
		group->if_id = (uint32_t)json_object_get_int64(if_id);
	if (!group->ifname || !group->name || !nbma)
		return -EPROTO;
	return nh_addr_parse(&group->nbma, nbma);
}

int groups_read(struct groups *groups, struct json_object *reply)
{
	struct json_object *list;
	size_t i, n;

	*groups = (struct groups){ 0 };
	if (!json_object_object_get_ex(reply, "groups", &list) ||
	    !json_object_is_type(list, json_type_array))
		return 0;
	n = json_object_array_length(list);
	groups->list = calloc(n + 1, sizeof(*groups->list));
	if (!groups->list)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		if (!get_group(&groups->list[groups->n],
			       json_object_array_get_idx(list, i)))
			groups->n++;
	qsort(groups->list, groups->n, sizeof(*groups->list), compare);
	return 0;
}

void groups_free(struct groups *groups)
{
	free(groups->list);
	*groups = (struct groups){ 0 };
}

const char *groups_find(const struct groups *groups, const char *ifname,
			const struct nh_addr *nbma, uint32_t if_id)
{
	const struct group key = {
		.ifname = ifname,
		.nbma = *nbma,
		.if_id = if_id,
	};
	const struct group *found;

	if (!groups->n)
		return NULL;
	found = bsearch(&key, groups->list, groups->n, sizeof(key), compare);
	return found ? found->name : NULL;
}
