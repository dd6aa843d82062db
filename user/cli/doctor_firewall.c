// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of the firewall: whether what the device lives of gets through. */
#include <stdio.h>

#include "cli/doctor_checks.h"
#include "cli/doctor_facts.h"
#include "cli/finding.h"
#include "genl/link.h"

static const char *over(const struct doctor_passage *p)
{
	return p->v6 ? " over IPv6" : "";
}

static void let_pass(struct findings *f, const struct doctor_passage *p,
		     const char *chain)
{
	finding_remedy(f, "nft insert rule %s %s accept", chain, p->rule);
}

/* Whoever begins what is only answered gets through; a hub never begins. */
static void check_in(const struct doctor_device *d,
		     const struct doctor_passage *p, struct findings *f)
{
	const char *name = d->link->name;

	if (p->in == FIREWALL_DROP && p->answers == FIREWALL_ACCEPT &&
	    !doctor_is_hub(d)) {
		finding_add(f, SEVERITY_WARN, "firewall", name,
			    "chain %s takes %s%s as an answer only: other spokes cannot begin",
			    p->chain, p->what, over(p));
		let_pass(f, p, p->chain);
	} else if (p->in == FIREWALL_DROP) {
		finding_add(f, SEVERITY_FAIL, "firewall", name,
			    "no rule of chain %s accepts %s%s", p->chain,
			    p->what, over(p));
		let_pass(f, p, p->chain);
	} else if (p->in == FIREWALL_MAYBE) {
		finding_add(f, SEVERITY_UNKNOWN, "firewall", name,
			    "chain %s accepts %s%s under conditions that were not checked",
			    p->chain, p->what, over(p));
	}
}

static void check_out(const struct doctor_device *d,
		      const struct doctor_passage *p, struct findings *f)
{
	const char *name = d->link->name;

	if (p->out == FIREWALL_DROP) {
		finding_add(f, SEVERITY_FAIL, "firewall", name,
			    "no rule of chain %s accepts our own %s%s",
			    p->chain_out, p->what, over(p));
		let_pass(f, p, p->chain_out);
	} else if (p->out == FIREWALL_MAYBE) {
		finding_add(f, SEVERITY_UNKNOWN, "firewall", name,
			    "chain %s accepts our own %s%s under conditions that were not checked",
			    p->chain_out, p->what, over(p));
	}
}

/* Without redirects the hub may be meant to keep its spokes apart. */
static void check_forward(const struct doctor_device *d,
			  const struct doctor_passage *p, struct findings *f)
{
	const char *name = d->link->name;

	if (p->in == FIREWALL_DROP) {
		finding_add(f, d->link->redirect ? SEVERITY_FAIL :
						   SEVERITY_WARN,
			    "firewall", name,
			    "no rule of chain %s accepts %s%s", p->chain,
			    p->what, p->v6 ? " by IPv6" : "");
		let_pass(f, p, p->chain);
	} else if (p->in == FIREWALL_MAYBE) {
		finding_add(f, SEVERITY_UNKNOWN, "firewall", name,
			    "chain %s accepts %s%s under conditions that were not checked",
			    p->chain, p->what, p->v6 ? " by IPv6" : "");
	}
}

void doctor_check_firewall(const struct doctor_facts *facts,
			   const struct doctor_device *d, struct findings *f)
{
	const char *name = d->link->name;
	size_t i, before = f->n;

	if (d->self.elsewhere)
		return;
	if (facts->legacy)
		finding_add(f, SEVERITY_UNKNOWN, "firewall", name,
			    "not checked: there are rules of iptables-legacy");
	if (facts->firewall) {
		finding_add(f, SEVERITY_UNKNOWN, "firewall", name,
			    "not checked: %s", facts->firewall);
		return;
	}
	for (i = 0; i < d->n_passages; i++) {
		if (d->passages[i].forward) {
			check_forward(d, &d->passages[i], f);
			continue;
		}
		check_in(d, &d->passages[i], f);
		check_out(d, &d->passages[i], f);
	}
	if (f->n == before)
		finding_add(f, SEVERITY_OK, "firewall", name,
			    "nftables accepts its packets");
}
