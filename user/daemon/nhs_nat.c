// SPDX-License-Identifier: GPL-2.0-or-later
/* What servers say of the NAT that we are behind. */
#include "daemon/nhs_nat.h"

#include <sys/socket.h>

#include "daemon/iface.h"
#include "daemon/rx.h"
#include "lib/log.h"
#include "nhrp/nat.h"

/* What some server sees, @nhs before all others. */
static const struct nh_addr *seen_by_any(const struct nh_nhs *nhs,
					 uint8_t family)
{
	static const struct nh_addr none;
	const struct nh_nhs *other;

	if (nh_addr_is_set(&nhs->mapped))
		return &nhs->mapped;
	LIST_FOREACH(other, &nhs->iface->nhs, link)
		if (other->reached && other->mapped.family == family &&
		    nh_addr_is_set(&other->mapped))
			return &other->mapped;
	return &none;
}

void nh_nhs_learn_mapping(struct nh_nhs *nhs, const struct nh_rx *rx)
{
	const uint8_t family = rx->self.nbma.family;
	struct nh_iface *iface = nhs->iface;
	struct nh_addr *mapped, seen = { 0 };
	char text[NH_ADDR_STRLEN];

	if (!iface->conf->nat ||
	    !nhrp_ext_find_const(rx->pdu, NHRP_EXT_NAT))
		return;
	nhrp_nat_lookup(rx->pdu, &rx->self.proto, &seen);
	if (nh_addr_equal(&seen, &rx->self.nbma))
		seen = (struct nh_addr){ 0 };
	nhs->mapped = seen;
	seen = *seen_by_any(nhs, family);
	mapped = family == AF_INET ? &iface->mapped4 : &iface->mapped6;
	if (nh_addr_equal(&seen, mapped))
		return;
	*mapped = seen;
	nh_info(iface->conf->name, &nhs->conf.nbma,
		"NAT: our address is seen as %s",
		nh_addr_is_set(&seen) ?
		nh_addr_format(&seen, text, sizeof(text)) : "it is");
}
