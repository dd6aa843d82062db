// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing: what must fit together, so that dmvpnd takes the result. */
#include <string.h>
#include <sys/socket.h>

#include "cli/import_tunnel.h"

#define HOLDTIME	600

static bool has_family(const struct import_tunnel *t, uint8_t family)
{
	size_t i;

	for (i = 0; i < t->naddr; i++)
		if (t->addr[i].addr.family == family &&
		    !nh_addr_is_linklocal6(&t->addr[i].addr))
			return true;
	return false;
}

static bool is_own(const struct import_tunnel *t, const struct nh_addr *addr)
{
	size_t i;

	for (i = 0; i < t->naddr; i++)
		if (nh_addr_equal(&t->addr[i].addr, addr))
			return true;
	return false;
}

static void fit_link_local(struct import_tunnel *t)
{
	size_t i;

	if (has_family(t, AF_INET6))
		return;
	for (i = 0; i < t->naddr; i++) {
		if (!nh_addr_is_linklocal6(&t->addr[i].addr))
			continue;
		import_left(t->addr[i].line,
			    "a link-local address needs another IPv6 address");
		memmove(&t->addr[i], &t->addr[i + 1],
			(t->naddr - i - 1) * sizeof(t->addr[0]));
		t->naddr--;
		return;
	}
}

/* The device has one MTU: the smaller of the two fits both families. */
static void fit_mtu(struct import_tunnel *t)
{
	struct import_num *small = &t->mtu;

	/* Addresses that are to be filled in may be of IPv6. */
	if (t->mtu.line && t->mtu.value < 1280 &&
	    (!t->naddr || has_family(t, AF_INET6))) {
		import_left(t->mtu.line, "IPv6 needs an MTU of 1280 or more");
		t->mtu.line = NULL;
	}
	if (!t->mtu6.line)
		return;
	if (!t->mtu.line || t->mtu6.value < t->mtu.value)
		small = &t->mtu6;
	import_used(t->mtu6.line, "[Tunnel] MTU=%u", small->value);
	if (t->mtu.line)
		import_used(t->mtu.line, "[Tunnel] MTU=%u", small->value);
	t->mtu = *small;
}

static void fit_times(struct import_tunnel *t)
{
	uint32_t hold = t->holdtime.line ? t->holdtime.value : HOLDTIME;

	if (!t->registration.line || t->registration.value < hold)
		return;
	import_left(t->registration.line,
		    "a registration must be renewed before HoldTime=%u is over",
		    hold);
	import_instead(t->registration.line,
		       "leave it out: a third of the time that the server grants");
	t->registration.line = NULL;
}

static struct import_nhs *find_nhs(struct import_tunnel *t,
				   const struct nh_prefix *prefix)
{
	size_t i;

	if (!nh_prefix_is_host(prefix))
		return NULL;
	for (i = 0; i < t->nnhs; i++)
		if (!t->nhs[i].dynamic &&
		    nh_addr_equal(&t->nhs[i].proto, &prefix->addr))
			return &t->nhs[i];
	return NULL;
}

/* "map A B" beside "nhs A" is where IOS has the server's NBMA address. */
static void join_maps(struct import_tunnel *t)
{
	char text[NH_ADDR_STRLEN];
	size_t i, kept = 0;

	for (i = 0; i < t->nmap; i++) {
		struct import_map *map = &t->map[i];
		struct import_nhs *nhs = find_nhs(t, &map->prefix);

		if (!nhs) {
			t->map[kept++] = *map;
			continue;
		}
		nh_addr_format(&map->nbma, text, sizeof(text));
		if (nh_addr_is_set(&nhs->nbma) || nhs->name[0]) {
			if (!nh_addr_equal(&nhs->nbma, &map->nbma))
				import_left(map->line,
					    "the server of line %u has another NBMA address",
					    nhs->line->number);
			else
				import_used(map->line, "[NHS] Nbma=%s", text);
			continue;
		}
		nhs->nbma = map->nbma;
		import_used(map->line, "[NHS] Nbma=%s", text);
	}
	t->nmap = kept;
}

/* Why the NBMA address of a peer is refused, or NULL. */
static const char *bad_nbma(const struct import_tunnel *t,
			    const struct nh_addr *nbma)
{
	if (!nh_addr_is_set(&t->source))
		return NULL;
	if (nh_addr_equal(nbma, &t->source))
		return "its NBMA address is our own";
	/* A device may have addresses of both families. */
	if (!t->source_dev[0] && nbma->family != t->source.family)
		return "its NBMA address is of another family than Source=";
	return NULL;
}

static bool same_server(const struct import_nhs *a, const struct import_nhs *b)
{
	if (a->dynamic != b->dynamic || a->family != b->family)
		return false;
	if (!a->dynamic)
		return nh_addr_equal(&a->proto, &b->proto);
	return !strcmp(a->name, b->name) && nh_addr_equal(&a->nbma, &b->nbma);
}

static const char *bad_nhs(const struct import_tunnel *t, size_t i)
{
	const struct import_nhs *nhs = &t->nhs[i];
	size_t j;

	if (!nh_addr_is_set(&nhs->nbma) && !nhs->name[0])
		return "its NBMA address is not in the file";
	if (t->naddr && !has_family(t, nhs->family))
		return "the tunnel has no address of its family";
	if (is_own(t, &nhs->proto))
		return "its tunnel address is our own";
	for (j = 0; j < i; j++)
		if (same_server(&t->nhs[j], nhs))
			return "the server is there already";
	return nhs->name[0] ? NULL : bad_nbma(t, &nhs->nbma);
}

static void fit_nhs(struct import_tunnel *t)
{
	size_t i = 0;

	while (i < t->nnhs) {
		const char *why = bad_nhs(t, i);

		if (!why) {
			t->nhs[i].multicast |= !!t->mcast_nhs;
			i++;
			continue;
		}
		import_left(t->nhs[i].line, "%s", why);
		import_instead(t->nhs[i].line,
			       "a section [NHS] with Address= and Nbma=");
		memmove(&t->nhs[i], &t->nhs[i + 1],
			(t->nnhs - i - 1) * sizeof(t->nhs[0]));
		t->nnhs--;
	}
}

static const char *bad_map(const struct import_tunnel *t, size_t i)
{
	const struct import_map *map = &t->map[i];
	size_t j;

	if (nh_prefix_is_host(&map->prefix) && is_own(t, &map->prefix.addr))
		return "the tunnel address is our own";
	for (j = 0; j < i; j++)
		if (nh_prefix_equal(&t->map[j].prefix, &map->prefix))
			return "the tunnel address has a mapping already";
	return bad_nbma(t, &map->nbma);
}

static void fit_maps(struct import_tunnel *t)
{
	size_t i = 0;

	while (i < t->nmap) {
		const char *why = bad_map(t, i);

		if (!why) {
			i++;
			continue;
		}
		import_left(t->map[i].line, "%s", why);
		memmove(&t->map[i], &t->map[i + 1],
			(t->nmap - i - 1) * sizeof(t->map[0]));
		t->nmap--;
	}
}

/* Copies go to who is a server or has a mapping. */
static void fit_mcast(struct import_tunnel *t)
{
	size_t i, j;

	for (i = 0; i < t->nmcast; i++) {
		const struct import_mcast *m = &t->mcast[i];
		const char *section = NULL;

		for (j = 0; j < t->nnhs; j++)
			if (nh_addr_equal(&t->nhs[j].nbma, &m->nbma)) {
				t->nhs[j].multicast = true;
				section = "NHS";
			}
		for (j = 0; j < t->nmap && !section; j++)
			if (nh_addr_equal(&t->map[j].nbma, &m->nbma)) {
				t->map[j].multicast = true;
				section = "Map";
			}
		if (section) {
			import_used(m->line, "[%s] Multicast=yes", section);
			continue;
		}
		import_left(m->line,
			    "no server and no mapping has this NBMA address");
		import_instead(m->line,
			       "a section [Map] with the peer's tunnel address and Multicast=yes");
	}
	if (t->mcast_nhs && !t->nnhs)
		import_left(t->mcast_nhs, "there is no server");
}

static void fit_clusters(struct import_tunnel *t)
{
	size_t i, j;

	for (i = 0; i < IMPORT_CLUSTERS; i++) {
		if (!t->cluster[i].line)
			continue;
		for (j = 0; j < t->nnhs && t->nhs[j].cluster != i; j++)
			;
		if (j < t->nnhs)
			continue;
		import_left(t->cluster[i].line,
			    "no server is in this cluster");
		t->cluster[i].line = NULL;
	}
}

static void remark(struct import *in, const struct import_tunnel *t)
{
	if (!t->naddr)
		import_note(in, t->device,
			    "[Tunnel] Address= is to be filled in: the tunnel address with the prefix length of the whole cloud");
	if (!nh_addr_is_set(&t->source) && !t->source_dev[0])
		import_note(in, t->device,
			    "[Tunnel] Source= is to be filled in: the NBMA address, or the device that has it");
	if (!t->network_id.line)
		import_note(in, t->device, "no network-id: NetworkId= is 0");
	if (!t->holdtime.line)
		import_note(in, t->device,
			    "no holdtime: HoldTime= is 600 seconds; routers may have a default of 7200");
	if (t->nnhs && ((t->mcast_dynamic.line && t->mcast_dynamic.value) ||
			(t->redirect.line && t->redirect.value)))
		import_note(in, t->device,
			    "with an [NHS] the device takes no registrations: Server=yes if others register here");
	if (t->recent && !t->mcast_dynamic.line)
		import_note(in, t->device,
			    "no map multicast: MapMulticast=dynamic, as it is on by default in this release; without clients it does nothing");
	if (t->recent && !t->shortcut.line)
		import_note(in, t->device,
			    "no shortcut: Shortcut=yes, as it is on by default in this release");
	if (!t->ipsec.line)
		import_note(in, t->device,
			    "no tunnel protection: Protection=none, packets are in the clear");
	if (!t->mtu.line)
		import_note(in, t->device,
			    "no MTU: [Tunnel] MTU=1400 leaves room for ESP everywhere");
}

void import_fit(struct import *in, struct import_tunnel *t)
{
	fit_link_local(t);
	fit_mtu(t);
	fit_times(t);
	join_maps(t);
	fit_nhs(t);
	fit_maps(t);
	fit_mcast(t);
	fit_clusters(t);
	if (t->if_state.line && !t->nnhs) {
		import_left(t->if_state.line, "there is no server to follow");
		t->if_state.line = NULL;
	}
	remark(in, t);
}
