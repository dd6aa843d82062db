// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: the interface that a tunnel has as its source. */
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "cli/import_ios.h"

#define FILTERS	"filters are not dmvpnd's"
#define NFT	"nft with iif or oif"

static const struct import_cmd underlay_commands[] = {
	{ "ip access-group", .left = FILTERS, .instead = NFT },
	{ "ipv6 traffic-filter", .left = FILTERS, .instead = NFT },
	{ "zone-member", .left = FILTERS, .instead = NFT },
	{ "ip inspect", .left = FILTERS, .instead = NFT },
	{ "ip verify", .left = FILTERS, .instead = NFT },
	{ "ip nat", .left = "NAT is not dmvpnd's", .instead = "nft" },
	{ "service-policy", .left = "QoS is not dmvpnd's", .instead = "tc" },
	{ "ip policy", .left = "policy routing is not dmvpnd's",
	  .instead = "ip rule with iif" },
	{ "crypto ipsec df-bit", .fn = ios_df_bit },
	{ .words = NULL },
};

void ios_crypto_map(struct import_tunnel *t, struct import_line *line)
{
	/* What the tunnel itself says of protection comes first. */
	if (!t->ipsec.line)
		t->ipsec.line = line;
	t->ipsec.section = true;
	import_left(line,
		    "Protection=required is set; a crypto map is not translated");
	import_instead(line, "fill in the section [IPsec]");
}

static const struct ios_iface *find_iface(const struct ios *ios,
					  const char *name)
{
	size_t i;

	for (i = 0; i < ios->niface; i++)
		if (!strcasecmp(ios->iface[i].name, name))
			return &ios->iface[i];
	return NULL;
}

static const struct ios_iface *iface_with(const struct ios *ios,
					  const struct nh_addr *addr)
{
	size_t i;

	for (i = 0; i < ios->niface; i++)
		if (nh_addr_equal(&ios->iface[i].addr[0], addr) ||
		    nh_addr_equal(&ios->iface[i].addr[1], addr))
			return &ios->iface[i];
	return NULL;
}

static void take_source(struct import_tunnel *t, const struct nh_addr *addr,
			const char *note)
{
	char text[NH_ADDR_STRLEN];

	t->source = *addr;
	import_used(t->source_line, "[Tunnel] Source=%s%s",
		    nh_addr_format(addr, text, sizeof(text)), note);
}

static void take_iface(struct import_tunnel *t, const struct ios_iface *iface)
{
	bool six = t->underlay == AF_INET6;

	if (!iface || !iface->line[six]) {
		snprintf(t->source_hint, sizeof(t->source_hint),
			 "the device or address for %s%s on the router",
			 import_plain(t->source_name, 64) ? t->source_name :
			 "the interface", iface && iface->dynamic ?
			 ", which has a dynamic address," : "");
		return;
	}
	take_source(t, &iface->addr[six],
		    "; check it, or name the device that has it");
	import_used(iface->head, "Source= of %s", t->device);
	import_used(iface->line[six], "[Tunnel] Source=");
}

/* Until now its lines are those of an interface that does not matter. */
static void take_underlay(struct ios *ios, struct import_tunnel *t,
			  const struct ios_iface *iface)
{
	struct import_at at = { .in = ios->in, .own = ios };
	struct import_words words;
	size_t i;

	for (i = iface->from; i < iface->to; i++) {
		at.line = &ios->in->line[i];
		if (at.line->class != IMPORT_IGNORED)
			continue;
		import_split(at.line, &words);
		if (!import_run(&at, underlay_commands, words.n, words.w))
			import_ignored(at.line,
				       "of an underlay interface, which is not dmvpnd's");
	}
	if (iface->vrf) {
		import_left(iface->vrf,
			    "the device in Source= decides on the VRF");
		import_instead(iface->vrf,
			       "[Tunnel] Source= with a device that is in the VRF");
	}
	if (iface->map)
		ios_crypto_map(t, iface->map);
}

/* "crypto map M local-address" of the source: wherever the map is applied, it
 * encrypts what has that address.
 */
static void take_local_maps(struct ios *ios, struct import_tunnel *t,
			    const struct ios_iface *iface)
{
	struct import_words words;
	struct import_line *line;
	size_t i;

	for (i = 0; i < ios->in->nline; i++) {
		line = &ios->in->line[i];
		if (strncmp(line->text, "crypto map ", 11))
			continue;
		import_split(line, &words);
		if (words.n > 4 && !strcmp(words.w[3], "local-address") &&
		    !strcasecmp(words.w[4], iface->name))
			ios_crypto_map(t, line);
	}
}

/* What a map on another interface encrypts only its access list tells. */
static void remark_map(struct ios *ios, struct import_tunnel *t)
{
	size_t i;

	for (i = 0; i < ios->niface && !t->ipsec.line; i++) {
		if (!ios->iface[i].map)
			continue;
		import_note(ios->in, t->device,
			    "if the crypto map of line %u encrypts what the tunnel sends it is to be Protection=required",
			    ios->iface[i].map->number);
		return;
	}
}

void ios_source(struct ios *ios, struct import_tunnel *t)
{
	const struct ios_iface *iface = NULL;
	struct nh_addr addr;

	if (t->source_line && !nh_addr_parse(&addr, t->source_name)) {
		if (import_is_host(&addr))
			take_source(t, &addr, "");
		iface = iface_with(ios, &addr);
	} else if (t->source_line) {
		iface = find_iface(ios, t->source_name);
		take_iface(t, iface);
	}
	if (iface) {
		take_underlay(ios, t, iface);
		take_local_maps(ios, t, iface);
	}
	remark_map(ios, t);
}
