// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of what a device is on top of: underlay, routes, room in packets. */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/doctor_checks.h"
#include "cli/doctor_facts.h"
#include "cli/finding.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"

/* Header; vector and check value of AES-GCM; trailer and padding. */
#define ESP_LEN		(8 + 8 + 16 + 2 + 3)

/* Whether it is there; -1 without such an address. */
static int local_is_there(const struct doctor_device *d, uint8_t family)
{
	const struct nh_addr *local = family == AF_INET ? &d->dev->local4 :
							  &d->dev->local6;

	if (!nh_addr_is_set(local))
		return -1;
	return family == AF_INET ? d->local4 : d->local6;
}

static void check_local(const struct doctor_device *d, struct findings *f)
{
	int v4 = local_is_there(d, AF_INET), v6 = local_is_there(d, AF_INET6);
	const struct nh_addr *missing = !v4 ? &d->dev->local4 :
					!v6 ? &d->dev->local6 : NULL;
	const char *name = d->link->name;
	char text[NH_ADDR_STRLEN];

	if (v4 < 0 && v6 < 0) {
		finding_add(f, SEVERITY_FAIL, "underlay", name,
			    "there is no local NBMA address");
		finding_remedy(f, "ip address add ADDRESS/LENGTH dev %s",
			       d->way[0] ? d->way : "UNDERLAY");
	} else if (missing) {
		nh_addr_format(missing, text, sizeof(text));
		finding_add(f, SEVERITY_FAIL, "underlay", name,
			    "no interface has its local NBMA address %s", text);
		finding_remedy(f, "ip address add %s/LENGTH dev %s", text,
			       d->way[0] ? d->way : "UNDERLAY");
	} else {
		finding_add(f, SEVERITY_OK, "underlay", name,
			    "%s%sthe local NBMA address is there", d->way,
			    d->way[0] ? ", " : "");
	}
}

static void check_underlay(const struct doctor_device *d, struct findings *f)
{
	const char *name = d->link->name;

	if (d->self.elsewhere) {
		finding_add(f, SEVERITY_UNKNOWN, "underlay", name,
			    "it is in another network namespace");
		finding_remedy(f, "dmvpn doctor there, for routes and firewall");
	} else if (d->link->link && d->underlay_err) {
		finding_add(f, SEVERITY_FAIL, "underlay", name,
			    "its device is gone");
		finding_remedy(f, "dmvpn link set %s underlay DEV", name);
	} else if (d->link->link && !d->underlay.up) {
		finding_add(f, SEVERITY_FAIL, "underlay", name, "%s is down",
			    d->underlay.name);
		finding_remedy(f, "ip link set %s up", d->underlay.name);
	} else if (d->link->link && !d->underlay.running) {
		finding_add(f, SEVERITY_FAIL, "underlay", name,
			    "%s has no carrier", d->underlay.name);
		finding_remedy(f, "look at the cable of %s", d->underlay.name);
	} else if (d->dev) {
		check_local(d, f);
	}
}

static void check_route(const struct doctor_device *d,
			const struct doctor_server *server, struct findings *f)
{
	const char *name = d->link->name;
	char nbma[NH_ADDR_STRLEN];

	nh_addr_format(&server->nbma, nbma, sizeof(nbma));
	if (server->route_err) {
		finding_add(f, SEVERITY_FAIL, "route", name,
			    "there is none to the server at %s: %s", nbma,
			    strerror(-server->route_err));
		finding_remedy(f, "ip route add %s via GATEWAY", nbma);
	} else if (server->route.type == RTN_LOCAL) {
		finding_add(f, SEVERITY_FAIL, "route", name,
			    "the server's NBMA address %s is our own", nbma);
		finding_remedy(f, "Nbma= in [NHS] is that of the server");
	} else if (server->route.oif == d->link->ifindex) {
		finding_add(f, SEVERITY_FAIL, "route", name,
			    "that to the server at %s leads into the tunnel",
			    nbma);
		finding_remedy(f, "ip route add %s via GATEWAY dev UNDERLAY",
			       nbma);
	} else {
		finding_add(f, SEVERITY_OK, "route", name, "to %s by %s", nbma,
			    server->way.name[0] ? server->way.name : "?");
	}
}

/* What an inner packet may have on the path to the server; 0 not known. */
static uint32_t room(const struct doctor_device *d,
		     const struct doctor_server *server)
{
	uint32_t path = server->route.mtu ?: server->way.mtu;
	uint32_t taken = server->nbma.family == AF_INET ? 20 : 40;

	/* The kernel knows the very algorithms, and what the path has told. */
	if (server->peer && server->peer->mtu)
		return server->peer->mtu;
	taken += d->link->no_key || !(d->link->present &
				      DMVPN_NL_BIT(IFLA_DMVPN_KEY)) ? 4 : 8;
	if (doctor_is_esp(d))
		taken += ESP_LEN;
	return path > taken ? path - taken : 0;
}

static void check_mtu(const struct doctor_device *d,
		      const struct doctor_server *server, struct findings *f)
{
	uint32_t most = room(d, server);
	const char *name = d->link->name;
	char nbma[NH_ADDR_STRLEN];

	if (!most)
		return;
	nh_addr_format(&server->nbma, nbma, sizeof(nbma));
	if (d->link->mtu <= most) {
		finding_add(f, SEVERITY_OK, "mtu", name,
			    "%u, and %u would fit on the path to %s",
			    d->link->mtu, most, nbma);
		return;
	}
	finding_add(f, SEVERITY_WARN, "mtu", name,
		    "%u, but only %u fit on the path to %s: who ignores that packets are too big stalls",
		    d->link->mtu, most, nbma);
	finding_remedy(f, "ip link set %s mtu %u; MTU=%u in [Tunnel]", name,
		       most, most);
}

void doctor_check_underlay(const struct doctor_device *d, struct findings *f)
{
	size_t i;

	check_underlay(d, f);
	for (i = 0; i < d->n_servers && !d->self.elsewhere; i++) {
		const struct doctor_server *server = &d->servers[i];

		if (!nh_addr_is_set(&server->nbma))
			continue;
		check_route(d, server, f);
		if (!server->route_err)
			check_mtu(d, server, f);
	}
}
