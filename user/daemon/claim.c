// SPDX-License-Identifier: GPL-2.0-or-later
/* What peers claim, held against what IKE knows of them. */
#include "daemon/claim.h"

#include "daemon/iface.h"
#include "daemon/remark.h"
#include "daemon/rx.h"

bool nh_claim_known(struct nh_iface *iface, const struct nh_rx *rx)
{
	if (!iface->conf->peers || nh_ike_who(&iface->ike, &rx->from))
		return true;
	nh_count(iface, NH_C_IDENTITY);
	nh_remark(NH_LOG_INFO, iface, &rx->from.nbma,
		  "not answered: IKE has not told who it is");
	return false;
}

bool nh_claim_prefix(struct nh_iface *iface, const struct nh_rx *rx,
		     const struct nh_prefix *prefix)
{
	const struct nh_ike_sa *sa = nh_ike_who(&iface->ike, &rx->from);
	const char *identity = sa && sa->identity[0] ? sa->identity : NULL;
	char text[NH_PREFIX_STRLEN];

	if (nh_conf_allows(iface->conf, identity, prefix))
		return true;
	nh_count(iface, NH_C_IDENTITY);
	nh_remark(NH_LOG_WARNING, iface, &rx->from.nbma,
		  "identity \"%s\" may not speak for %s: see [Peers]",
		  identity ? identity : "unknown",
		  nh_prefix_format(prefix, text, sizeof(text)));
	return false;
}

bool nh_claim_of(struct nh_iface *iface, const struct nh_rx *rx,
		 const struct nh_prefix *prefix, const struct nh_addr *node)
{
	struct nh_prefix host;

	if (!nh_addr_is_linklocal6(&prefix->addr) ||
	    nh_prefix_make(&host, node, nh_addr_bits(node)))
		return nh_claim_prefix(iface, rx, prefix);
	return nh_claim_prefix(iface, rx, &host);
}

bool nh_claim_holds(struct nh_iface *iface, const struct dmvpn_nl_entry *entry)
{
	const struct nh_endpoint holder = { entry->nbma, entry->if_id };
	const struct nh_ike_sa *sa = nh_ike_who(&iface->ike, &holder);
	struct nh_prefix prefix = entry->prefix;

	if (!sa || !sa->identity[0])
		return true;
	if (nh_addr_is_linklocal6(&prefix.addr))
		nh_prefix_make(&prefix, &entry->protocol,
			       nh_addr_bits(&entry->protocol));
	return nh_conf_allows(iface->conf, sa->identity, &prefix);
}

bool nh_claim_nbma(struct nh_iface *iface, const struct nh_rx *rx,
		   const struct nh_addr *nbma)
{
	const struct nh_ike_sa *sa = nh_ike_who(&iface->ike, &rx->from);
	char text[NH_ADDR_STRLEN];

	if (!nh_addr_is_set(nbma) || nh_addr_equal(nbma, &rx->from.nbma) ||
	    !sa || sa->nat_remote)
		return true;
	nh_count(iface, NH_C_FORGED_NBMA);
	nh_remark(NH_LOG_WARNING, iface, &rx->from.nbma,
		  "identity \"%s\" claims the NBMA address %s, and is not behind a NAT",
		  sa->identity, nh_addr_format(nbma, text, sizeof(text)));
	return false;
}
