// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing: tunnels, their addresses and numbers, and finding commands. */
#include "cli/import_tunnel.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static bool take(struct import_at *at, const struct import_cmd *cmd, int n,
		 char **w)
{
	struct import_line *line = at->line;

	if (at->t)
		line->device = at->t->device;
	if (at->no && !cmd->no && !cmd->ignored) {
		import_ignored(line, "switches something off");
		return true;
	}
	if (cmd->fn) {
		cmd->fn(at, n, w);
		return line->class != IMPORT_OPEN;
	}
	if (cmd->ignored) {
		import_ignored(line, "%s", cmd->ignored);
		return true;
	}
	import_left(line, "%s", cmd->left);
	if (cmd->instead)
		import_instead(line, "%s", cmd->instead);
	return true;
}

bool import_run(struct import_at *at, const struct import_cmd *table, int n,
		char **w)
{
	const struct import_cmd *best = NULL;
	int words = 0;

	for (; table->words; table++) {
		int some = import_begins(table->words, n, w);

		if (some > words) {
			words = some;
			best = table;
		}
	}
	return best && take(at, best, n - words, w + words);
}

struct import_tunnel *import_tunnel_new(struct import *in, const char *device)
{
	struct import_tunnel *t;

	if (in->ntunnel == IMPORT_TUNNELS)
		return NULL;
	t = calloc(1, sizeof(*t));
	if (!t) {
		in->nomem = true;
		return NULL;
	}
	snprintf(t->device, sizeof(t->device), "%s", device);
	in->tunnel[in->ntunnel++] = t;
	return t;
}

void import_tunnel_free(struct import_tunnel *t)
{
	explicit_bzero(t->auth, sizeof(t->auth));
	explicit_bzero(&t->ipsec, sizeof(t->ipsec));
	free(t->map);
	free(t);
}

struct import_tunnel *import_tunnel_named(const struct import *in,
					  const char *device)
{
	size_t i;

	for (i = 0; i < in->ntunnel; i++)
		if (!strcmp(in->tunnel[i]->device, device))
			return in->tunnel[i];
	return NULL;
}

void import_tunnel_drop(struct import *in, struct import_tunnel *t,
			const char *why)
{
	size_t i;

	import_left(&in->line[t->from], "%s", why);
	in->line[t->from].device = "";
	for (i = t->from + 1; i < t->to; i++) {
		import_ignored(&in->line[i],
			       "of an interface that is not translated");
		in->line[i].device = "";
	}
	import_tunnel_free(t);
	in->ntunnel--;
}

static void taken(struct import_at *at, struct import_num *num,
		  const char *key, uint32_t value, const char *text)
{
	if (num->line && num->value != value) {
		import_left(at->line, "%s is something else since line %u",
			    key, num->line->number);
		import_instead(at->line,
			       "a device has one value; two need two devices");
		return;
	}
	num->value = value;
	if (!num->line)
		num->line = at->line;
	import_used(at->line, "%s=%s", key, text);
}

void import_set(struct import_at *at, struct import_num *num,
		const char *key, const char *text, uint32_t min, uint32_t max)
{
	uint32_t value;

	if (!text || !import_number(text, min, max, &value)) {
		import_left(at->line, "%s is a number from %u to %u", key,
			    min, max);
		return;
	}
	taken(at, num, key, value, text);
}

void import_set_bool(struct import_at *at, struct import_num *num,
		     const char *key, bool value)
{
	taken(at, num, key, value, value ? "yes" : "no");
}

bool import_is_host(const struct nh_addr *addr)
{
	return nh_addr_is_set(addr) && !nh_addr_is_any(addr) &&
	       !nh_addr_is_multicast(addr) && !nh_addr_is_loopback(addr) &&
	       !nh_addr_is_v4mapped(addr);
}

static const struct import_addr *same_address(const struct import_tunnel *t,
					      const struct nh_addr *addr)
{
	size_t i;

	for (i = 0; i < t->naddr; i++)
		if (nh_addr_equal(&t->addr[i].addr, addr) ||
		    (nh_addr_is_linklocal6(&t->addr[i].addr) &&
		     nh_addr_is_linklocal6(addr)))
			return &t->addr[i];
	return NULL;
}

void import_address(struct import_at *at, const struct nh_addr *addr,
		    uint8_t plen)
{
	struct import_tunnel *t = at->t;
	const struct import_addr *same = same_address(t, addr);
	char text[NH_ADDR_STRLEN];

	if (!import_is_host(addr) || !plen || plen > nh_addr_bits(addr)) {
		import_left(at->line, "not the address of a host in a subnet");
		return;
	}
	if (same) {
		import_left(at->line,
			    "line %u has this address, or another link-local one",
			    same->line->number);
		return;
	}
	if (t->naddr == IMPORT_ADDRS) {
		import_left(at->line, "more than %d addresses", IMPORT_ADDRS);
		return;
	}
	t->addr[t->naddr++] = (struct import_addr){
		.addr = *addr, .plen = plen, .line = at->line,
	};
	import_used(at->line, "[Tunnel] Address=%s/%u",
		    nh_addr_format(addr, text, sizeof(text)), plen);
}

int import_mask_len(const struct nh_addr *mask)
{
	struct nh_addr ones = *mask;
	unsigned int len = 0;

	while (len < nh_addr_bits(mask) &&
	       mask->bytes[len / 8] & (0x80 >> len % 8))
		len++;
	nh_addr_mask(&ones, len);
	return nh_addr_equal(&ones, mask) ? (int)len : -1;
}
