// SPDX-License-Identifier: GPL-2.0-or-later
/* Which tunnel address a relaying server has; the state of an entry in words. */
#include "cli/relay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/names.h"
#include "genl/nl_cache.h"

static bool is_server(const struct dmvpn_nl_entry *e)
{
	return (e->type == DMVPN_ENTRY_TYPE_NHS ||
		e->type == DMVPN_ENTRY_TYPE_STATIC) &&
	       nh_prefix_is_host(&e->prefix) && nh_addr_is_set(&e->nbma);
}

int relays_collect(struct relays *relays, const struct dmvpn_nl_entry *entries,
		   size_t n)
{
	size_t i;

	relays->v = NULL;
	relays->n = 0;
	for (i = 0; i < n; i++)
		relays->n += is_server(&entries[i]);
	if (!relays->n)
		return 0;
	relays->v = calloc(relays->n, sizeof(relays->v[0]));
	if (!relays->v)
		return -ENOMEM;
	relays->n = 0;
	for (i = 0; i < n; i++) {
		if (is_server(&entries[i]))
			relays->v[relays->n++] = &entries[i];
	}
	return 0;
}

void relays_free(struct relays *relays)
{
	free(relays->v);
	relays->v = NULL;
	relays->n = 0;
}

const struct nh_addr *relay_addr(const struct relays *relays,
				 const struct dmvpn_nl_entry *entry)
{
	const struct nh_addr *found = NULL;
	size_t i;

	if (!nh_addr_is_set(&entry->relay))
		return &entry->relay;
	for (i = 0; relays && i < relays->n; i++) {
		const struct dmvpn_nl_entry *e = relays->v[i];

		if (e->ifindex != entry->ifindex ||
		    !nh_addr_equal(&e->nbma, &entry->relay))
			continue;
		/* That of a server by name before one that was configured. */
		if (e->type == DMVPN_ENTRY_TYPE_NHS)
			return &e->prefix.addr;
		if (!found)
			found = &e->prefix.addr;
	}
	return found ?: &entry->relay;
}

char *relay_state(const struct relays *relays,
		  const struct dmvpn_nl_entry *entry,
		  char buf[RELAY_STATE_LEN])
{
	const char *resolving = entry->type == DMVPN_ENTRY_TYPE_INCOMPLETE ?
					"resolving, " : "";
	const struct nh_addr *relay = relay_addr(relays, entry);
	char text[NH_ADDR_STRLEN];

	if (!(entry->present & (1ULL << DMVPN_A_ENTRY_PATH)))
		snprintf(buf, RELAY_STATE_LEN, "unknown");
	else if (entry->path == DMVPN_PATH_RELAYED && nh_addr_is_set(relay))
		snprintf(buf, RELAY_STATE_LEN, "%srelayed via %s", resolving,
			 nh_addr_format(relay, text, sizeof(text)));
	else
		snprintf(buf, RELAY_STATE_LEN, "%s%s", resolving,
			 names_of(names_path, entry->path));
	return buf;
}
