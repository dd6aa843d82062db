// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of who makes the security associations that a device demands. */
#include <string.h>

#include "cli/doctor_checks.h"
#include "cli/doctor_facts.h"
#include "cli/finding.h"
#include "cli/ike.h"
#include "genl/link.h"
#include "genl/nl_dev.h"

static void check_ike(const struct doctor_device *d, struct findings *f)
{
	const struct ike_daemon *ike = d->ike;
	const char *name = d->link->name;

	if (!strcmp(ike->state, "connected")) {
		finding_add(f, SEVERITY_OK, "ipsec", name,
			    "the IKE daemon takes what it is told");
	} else if (!strcmp(ike->state, "refused")) {
		finding_add(f, SEVERITY_FAIL, "ipsec", name,
			    "the IKE daemon refuses its configuration: %s",
			    ike->error ?: "no reason");
		finding_remedy(f, "[IPsec] of %s.conf; journalctl -u strongswan",
			       name);
	} else {
		finding_add(f, SEVERITY_FAIL, "ipsec", name,
			    "the IKE daemon does not answer at %s",
			    ike->socket ?: "its socket");
		finding_remedy(f, "systemctl start strongswan");
	}
}

/* Without [IPsec] somebody else has to, by policies if they are ours to see. */
static void check_policy(const struct doctor_facts *facts,
			 const struct doctor_device *d, struct findings *f)
{
	const char *name = d->link->name;

	if (d->policy == 1) {
		finding_add(f, SEVERITY_OK, "ipsec", name,
			    "an xfrm policy demands associations for its GRE");
	} else if (!facts->daemon) {
		finding_add(f, SEVERITY_UNKNOWN, "ipsec", name,
			    "without the daemon it is not known who negotiates");
	} else if (d->policy < 0) {
		finding_add(f, SEVERITY_UNKNOWN, "ipsec", name,
			    "there is no [IPsec], and the xfrm policies cannot be looked at: %s",
			    strerror(-d->policy));
	} else {
		finding_add(f, SEVERITY_WARN, "ipsec", name,
			    "it demands ESP, but there is no [IPsec], and no xfrm policy for all its GRE");
		finding_remedy(f, "[IPsec] Secret= or Certificate= in %s/%s.conf",
			       facts->config_dir, name);
	}
}

void doctor_check_ipsec(const struct doctor_facts *facts,
			const struct doctor_device *d, struct findings *f)
{
	if (!doctor_is_esp(d))
		finding_add(f, SEVERITY_OK, "ipsec", d->link->name,
			    "it does not demand ESP (Protection=none)");
	else if (d->ike)
		check_ike(d, f);
	else
		check_policy(facts, d, f);
}
