// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of a device itself: up, addresses, forwarding, room in its tables. */
#include <string.h>

#include "cli/doctor_checks.h"
#include "cli/doctor_facts.h"
#include "cli/finding.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"
#include "genl/nl_dev.h"

#define STRICT	1

static void check_up(const struct doctor_facts *facts,
		     const struct doctor_device *d, struct findings *f)
{
	const char *name = d->link->name;

	if (!d->link->up) {
		finding_add(f, SEVERITY_FAIL, "device", name, "it is down");
		finding_remedy(f, "ip link set %s up", name);
	} else if (!d->link->running) {
		finding_add(f, SEVERITY_WARN, "device", name,
			    "it has no carrier: no server is up (IfState=nhrp)");
		finding_remedy(f, "dmvpn show nhs dev %s", name);
	} else if (facts->daemon && d->dev && !d->dev->owner) {
		finding_add(f, SEVERITY_FAIL, "device", name,
			    "the daemon that runs does not take its requests");
		finding_remedy(f, "%s/%s.conf, then systemctl reload dmvpnd",
			       facts->config_dir, name);
	} else {
		finding_add(f, SEVERITY_OK, "device", name, "it is up");
	}
}

static void check_address(const struct doctor_facts *facts,
			  const struct doctor_device *d, struct findings *f)
{
	const char *name = d->link->name;

	if (d->inet4 || d->inet6) {
		finding_add(f, SEVERITY_OK, "address", name, "it has one");
		return;
	}
	finding_add(f, SEVERITY_FAIL, "address", name,
		    "it has no tunnel address");
	finding_remedy(f, "[Tunnel] Address= in %s/%s.conf", facts->config_dir,
		       name);
}

/* A hub is nothing without forwarding; a spoke may be a single host. */
static void check_forwarding(const struct doctor_facts *facts,
			     const struct doctor_device *d, struct findings *f)
{
	enum severity bad = doctor_is_hub(d) ? SEVERITY_FAIL : SEVERITY_WARN;
	const char *name = d->link->name;
	size_t before = f->n;

	if (d->inet4 && !facts->forward4) {
		finding_add(f, bad, "forwarding", name,
			    "IPv4 packets of others are not forwarded");
		finding_remedy(f, "sysctl -w net.ipv4.ip_forward=1");
	}
	if (d->inet6 && !facts->forward6) {
		finding_add(f, bad, "forwarding", name,
			    "IPv6 packets of others are not forwarded");
		finding_remedy(f, "sysctl -w net.ipv6.conf.all.forwarding=1");
	}
	if (f->n > before)
		return;
	if ((d->inet4 && facts->forward4 < 0) ||
	    (d->inet6 && facts->forward6 < 0))
		finding_add(f, SEVERITY_UNKNOWN, "forwarding", name,
			    "/proc/sys cannot be read");
	else
		finding_add(f, SEVERITY_OK, "forwarding", name, "it is on");
}

/* A name with a dot in it needs the other separator. */
static void check_strict(struct findings *f, const char *device,
			 const char *name, int rp_filter)
{
	char c = strchr(name, '.') ? '/' : '.';

	if (!*name) {
		finding_add(f, SEVERITY_UNKNOWN, "rp-filter", device,
			    "the device that outer packets come by is not known");
	} else if (rp_filter < 0) {
		finding_add(f, SEVERITY_UNKNOWN, "rp-filter", device,
			    "that of %s cannot be read in /proc/sys", name);
	} else if (rp_filter == STRICT) {
		finding_add(f, SEVERITY_WARN, "rp-filter", device,
			    "strict on %s: packets whose answers go another way are dropped",
			    name);
		finding_remedy(f, "sysctl -w net%cipv4%cconf%c%s%crp_filter=2",
			       c, c, c, name, c);
	}
}

/*
 * A packet may come by the hub and its answer go directly; or come by the one
 * uplink and leave by the other. Of IPv6 packets it does not ask.
 */
static void check_rp_filter(const struct doctor_device *d, struct findings *f)
{
	const char *name = d->link->name;
	size_t before = f->n;

	if (d->inet4)
		check_strict(f, name, name, d->rp_filter);
	if (d->local4)
		check_strict(f, name, d->way, d->underlay_rp_filter);
	if (f->n == before)
		finding_add(f, SEVERITY_OK, "rp-filter", name,
			    "it is not strict%s%s",
			    d->local4 ? ", nor is that of " : "",
			    d->local4 ? d->way : "");
}

/* Full is bad; nine tenths are a warning. */
static void check_room(struct findings *f, const char *name, const char *what,
		       const char *setting, uint32_t n, uint32_t max)
{
	const uint32_t most = 16777216;	/* that the kernel takes */
	uint32_t more = max < most / 2 ? 2 * max : most;

	if (!max || n < max - max / 10)
		return;
	finding_add(f, n < max ? SEVERITY_WARN : SEVERITY_FAIL, "limits", name,
		    "%u %s of %u that there is room for", n, what, max);
	if (max < most)
		finding_remedy(f,
			       "dmvpn link set %s max-%s %u; %s=%u in [Tunnel]",
			       name, what, more, setting, more);
}

static void check_limits(const struct doctor_device *d, struct findings *f)
{
	const char *name = d->link->name;
	size_t before = f->n;

	if (!d->dev)
		return;
	check_room(f, name, "entries", "MaxEntries", d->dev->entries,
		   d->link->max_entries);
	check_room(f, name, "peers", "MaxPeers", d->dev->peers,
		   d->link->max_peers);
	check_room(f, name, "multicast", "MaxMulticast", d->dev->mcast,
		   d->link->max_mcast);
	if (f->n == before)
		finding_add(f, SEVERITY_OK, "limits", name,
			    "%u entries, %u peers, %u of multicast",
			    d->dev->entries, d->dev->peers, d->dev->mcast);
}

void doctor_check_device(const struct doctor_facts *facts,
			 const struct doctor_device *d, struct findings *f)
{
	check_up(facts, d, f);
	check_address(facts, d, f);
	check_forwarding(facts, d, f);
	check_rp_filter(d, f);
	check_limits(d, f);
}
