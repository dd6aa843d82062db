// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of the servers that a device registers with. */
#include <stdio.h>
#include <string.h>

#include "cli/doctor_checks.h"
#include "cli/doctor_facts.h"
#include "cli/finding.h"
#include "genl/link.h"
#include "genl/nl_peer.h"

/* Room for the name of a server: both of its addresses. */
#define SERVER_LEN	(2 * NH_ADDR_STRLEN + 8)

static bool is(const struct doctor_server *server, const char *state)
{
	return server->state && !strcmp(server->state, state);
}

static bool any_up(const struct doctor_device *d)
{
	size_t i;

	for (i = 0; i < d->n_servers; i++)
		if (is(&d->servers[i], "UP"))
			return true;
	return false;
}

static const char *name_of(const struct doctor_server *server,
			   char buf[SERVER_LEN])
{
	char proto[NH_ADDR_STRLEN], nbma[NH_ADDR_STRLEN];

	snprintf(buf, SERVER_LEN, "%s at %s",
		 nh_addr_format(&server->proto, proto, sizeof(proto)),
		 nh_addr_format(&server->nbma, nbma, sizeof(nbma)));
	return buf;
}

static bool lacks_sa(const struct doctor_device *d,
		     const struct doctor_server *server)
{
	return doctor_is_esp(d) && server->peer &&
	       server->peer->state != DMVPN_PEER_STATE_SECURED;
}

/* The first reason that explains it; those behind it follow from it. */
static void explain(const struct doctor_device *d,
		    const struct doctor_server *server,
		    enum severity severity, struct findings *f)
{
	const char *name = d->link->name;
	char text[SERVER_LEN], nbma[NH_ADDR_STRLEN];

	name_of(server, text);
	nh_addr_format(&server->nbma, nbma, sizeof(nbma));
	if (!nh_addr_is_set(&server->nbma)) {
		finding_add(f, severity, "nhs", name,
			    "the name %s of a server has no address",
			    server->name ?: "-");
		finding_remedy(f, "getent hosts %s", server->name ?: "NAME");
	} else if (lacks_sa(d, server)) {
		finding_add(f, severity, "nhs", name,
			    "%s: no security association with it", text);
		finding_remedy(f, "dmvpn show ipsec dev %s; journalctl -u strongswan",
			       name);
	} else if (is(server, "DOWN") && server->answer &&
		   strcmp(server->answer, "no error")) {
		finding_add(f, severity, "nhs", name, "%s does not answer, or refuses us; it said last: %s",
			    text, server->answer);
		finding_remedy(f, "dmvpn events peer %s; Authentication= and NetworkId= of both", nbma);
	} else {
		finding_add(f, severity, "nhs", name, "%s does not answer",
			    text);
		finding_remedy(f, "ping %s; Authentication= and Key= of both, which a server is silent about",
			       nbma);
	}
}

static void check_holding(const struct doctor_device *d,
			  const struct doctor_server *server,
			  struct findings *f)
{
	char text[SERVER_LEN];

	if (server->expires == DOCTOR_NEVER || server->next == DOCTOR_NEVER ||
	    server->next <= server->expires)
		return;
	finding_add(f, SEVERITY_WARN, "nhs", d->link->name,
		    "%s: the registration ends %llu s before it is renewed",
		    name_of(server, text),
		    (unsigned long long)(server->next - server->expires) /
			    1000);
	finding_remedy(f, "RegistrationTimeout= a third of HoldTime= in [NHRP]");
}

static void check_server(const struct doctor_device *d,
			 const struct doctor_server *server,
			 struct findings *f)
{
	/* One of several that is down is what the others are there for. */
	enum severity bad = any_up(d) ? SEVERITY_WARN : SEVERITY_FAIL;
	char text[SERVER_LEN];

	if (is(server, "UP")) {
		finding_add(f, SEVERITY_OK, "nhs", d->link->name,
			    "registered with %s", name_of(server, text));
		check_holding(d, server, f);
	} else if (is(server, "WAIT")) {
		finding_add(f, SEVERITY_OK, "nhs", d->link->name,
			    "%s stands by", name_of(server, text));
	} else if (is(server, "PROBE") && !server->failures) {
		explain(d, server, SEVERITY_WARN, f);
	} else {
		explain(d, server, bad, f);
	}
}

void doctor_check_servers(const struct doctor_device *d, struct findings *f)
{
	size_t i;

	/* The daemon has the states; that it does not run is told already. */
	for (i = 0; i < d->n_servers; i++)
		if (d->servers[i].state)
			check_server(d, &d->servers[i], f);
}
