// SPDX-License-Identifier: GPL-2.0-or-later
/* What must fit together in a configuration file, and derived defaults. */
#include <string.h>
#include <sys/socket.h>

#include "daemon/conf_ipsec.h"
#include "daemon/conf_nhrp.h"
#include "daemon/conf_nhs.h"
#include "daemon/conf_parse.h"
#include "daemon/conf_peers.h"

/* "/etc/dmvpn/dmvpn0.conf" names device dmvpn0. */
static void default_name(struct nh_conf_parse *p)
{
	const char *base = strrchr(p->path, '/');
	const char *dot;
	size_t len;

	base = base ? base + 1 : p->path;
	dot = strrchr(base, '.');
	len = dot ? (size_t)(dot - base) : strlen(base);
	if (!len || len >= IFNAMSIZ || strcspn(base, " :") < len) {
		nh_conf_say(p, 0,
			    "[Tunnel] Name= is missing, and the file's name is none of a device");
		return;
	}
	memcpy(p->conf->name, base, len);
}

/* Whether the file rules out NBMA addresses of this family. */
static bool no_source(const struct nh_conf *conf, uint8_t family)
{
	if (conf->source_dev[0])
		return false;
	return !nh_addr_is_set(family == AF_INET ? &conf->source4 :
			       &conf->source6);
}

static void check_nbma(struct nh_conf_parse *p, unsigned int line,
		       const char *section, const struct nh_addr *nbma)
{
	const struct nh_conf *conf = p->conf;
	char text[NH_ADDR_STRLEN];

	nh_addr_format(nbma, text, sizeof(text));
	if (no_source(conf, nbma->family))
		nh_conf_say(p, line,
			    "[%s] Nbma=%s: expected an address of the family of [Tunnel] Source=",
			    section, text);
	else if (nh_addr_equal(nbma, &conf->source4) ||
		 nh_addr_equal(nbma, &conf->source6))
		nh_conf_say(p, line,
			    "[%s] Nbma=%s: expected another address than [Tunnel] Source=",
			    section, text);
}

static bool same_server(const struct nh_conf_nhs *a,
			const struct nh_conf_nhs *b)
{
	if (!a->dynamic || !b->dynamic)
		return !a->dynamic && !b->dynamic &&
		       nh_addr_equal(&a->proto, &b->proto);
	return a->family == b->family && strcmp(a->name, b->name) == 0 &&
	       nh_addr_equal(&a->nbma, &b->nbma);
}

static void check_nhs(struct nh_conf_parse *p, size_t i)
{
	const struct nh_conf *conf = p->conf;
	const struct nh_conf_nhs *nhs = &conf->nhs[i];
	char buf[NH_ADDR_STRLEN];
	const char *text;
	size_t j;

	/* What it was to be was refused. */
	if (!nhs->dynamic && !nh_addr_is_set(&nhs->proto))
		return;
	text = nh_conf_nhs_address_text(nhs, buf, sizeof(buf));
	if (!nh_conf_proto(conf, nhs->family))
		nh_conf_say(p, nhs->line,
			    "[NHS] Address=%s: expected an address of the family of a [Tunnel] Address=",
			    text);
	if (nh_conf_is_own(conf, &nhs->proto))
		nh_conf_say(p, nhs->line,
			    "[NHS] Address=%s: expected another address than [Tunnel] Address=",
			    text);
	for (j = 0; j < i; j++)
		if (same_server(&conf->nhs[j], nhs))
			nh_conf_say(p, nhs->line,
				    "[NHS] Address=%s: already given in line %u",
				    text, conf->nhs[j].line);
	if (!nhs->name[0])
		check_nbma(p, nhs->line, "NHS", &nhs->nbma);
}

static void check_map(struct nh_conf_parse *p, size_t i)
{
	const struct nh_conf *conf = p->conf;
	const struct nh_conf_map *map = &conf->map[i];
	char text[NH_PREFIX_STRLEN];
	size_t j;

	nh_prefix_format(&map->prefix, text, sizeof(text));
	if (nh_prefix_is_host(&map->prefix) &&
	    nh_conf_is_own(conf, &map->prefix.addr))
		nh_conf_say(p, map->line,
			    "[Map] Prefix=%s: expected another address than [Tunnel] Address=",
			    text);
	if (nh_conf_has_nhs(conf, &map->prefix))
		nh_conf_say(p, map->line,
			    "[Map] Prefix=%s: an [NHS] has this address", text);
	for (j = 0; j < i; j++)
		if (nh_prefix_equal(&conf->map[j].prefix, &map->prefix))
			nh_conf_say(p, map->line,
				    "[Map] Prefix=%s: already given in line %u",
				    text, conf->map[j].line);
	check_nbma(p, map->line, "Map", &map->nbma);
}

/*
 * Routing protocols speak from the link-local address, so it has to be the
 * same tomorrow: it gets the interface identifier of the tunnel address, which
 * nobody else in the cloud has.
 */
static void check_link_local(struct nh_conf_parse *p)
{
	struct nh_conf *conf = p->conf;
	const struct nh_conf_addr *own = nh_conf_proto(conf, AF_INET6);
	struct nh_conf_addr link_local = { .plen = 64 };

	if (nh_conf_link_local(conf)) {
		if (!own)
			nh_conf_say(p, 0,
				    "[Tunnel] Address=: expected another IPv6 address beside the link-local one");
		return;
	}
	if (!own)
		return;
	link_local.addr = own->addr;
	memset(link_local.addr.bytes, 0, 8);
	/* An identifier of 0 is the address of any router. */
	if (nh_addr_is_any(&link_local.addr))
		return;
	link_local.addr.bytes[0] = 0xfe;
	link_local.addr.bytes[1] = 0x80;
	conf->addr[conf->naddr++] = link_local;
}

static void check_tunnel(struct nh_conf_parse *p)
{
	const struct nh_conf *conf = p->conf;

	if (!conf->source_dev[0] && !nh_addr_is_set(&conf->source4) &&
	    !nh_addr_is_set(&conf->source6))
		nh_conf_say(p, 0, "[Tunnel] Source= is missing");
	if (!conf->naddr)
		nh_conf_say(p, 0, "[Tunnel] Address= is missing");
	if (strcmp(conf->source_dev, conf->name) == 0)
		nh_conf_say(p, 0,
			    "[Tunnel] Source=%s: expected another device than the tunnel itself",
			    conf->name);
	if (conf->mtu && conf->mtu < 1280 && nh_conf_proto(conf, AF_INET6))
		nh_conf_say(p, 0,
			    "[Tunnel] MTU=%u: expected 1280 or more with an IPv6 Address=",
			    conf->mtu);
	if (conf->registration >= conf->holdtime)
		nh_conf_say(p, 0,
			    "[NHRP] RegistrationTimeout=%u: expected less than HoldTime=%u",
			    conf->registration, conf->holdtime);
}

void nh_conf_finish(struct nh_conf_parse *p)
{
	struct nh_conf *conf = p->conf;
	size_t i;

	if (!conf->name[0])
		default_name(p);
	if (!nh_conf_seen(p, NH_CONF_NHRP, "MapMulticast"))
		conf->mcast_dynamic = !conf->nnhs;
	/* A client that takes registrations is a place to hijack from. */
	if (!nh_conf_seen(p, NH_CONF_NHRP, "Server"))
		conf->server = !conf->nnhs;
	/* A hub asks and forwards for many. */
	if (!nh_conf_seen(p, NH_CONF_NHRP, "MaxSend"))
		conf->max_send = (struct nh_rate){
			.per_second = conf->server ? 1000 : 100,
			.burst = conf->server ? 1000 : 100,
			.seconds = 10,
		};
	check_tunnel(p);
	check_link_local(p);
	if (conf->if_state && !conf->nnhs)
		nh_conf_say(p, 0,
			    "[NHRP] IfState=nhrp: expected an [NHS]");
	for (i = 0; i < conf->nnhs; i++) {
		nh_conf_nhs_family(conf, &conf->nhs[i]);
		check_nhs(p, i);
	}
	for (i = 0; i < conf->nmap; i++)
		check_map(p, i);
	nh_conf_clusters_check(p);
	nh_conf_networks_check(p);
	nh_conf_ipsec_finish(p);
	nh_conf_peers_check(p);
}
