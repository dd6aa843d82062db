// SPDX-License-Identifier: GPL-2.0-or-later
/* Cisco's NAT address extension: who is reached under which NBMA address. */
#include "nhrp/nat.h"

bool nhrp_nat_lookup(const struct nhrp_pdu *pdu, const struct nh_addr *proto,
		     struct nh_addr *nbma)
{
	const struct nhrp_ext *ext = nhrp_ext_find_list(pdu, NHRP_EXT_NAT);
	unsigned int i;

	if (!ext || !nh_addr_is_set(proto))
		return false;
	for (i = ext->ncie; i-- > 0;) {
		const struct nhrp_cie *cie = &ext->cie[i];

		if (nh_addr_is_set(&cie->nbma) &&
		    nh_addr_equal(&cie->proto, proto)) {
			*nbma = cie->nbma;
			return true;
		}
	}
	return false;
}

bool nhrp_nat_add(struct nhrp_pdu *pdu, const struct nh_addr *nbma,
		  const struct nh_addr *proto)
{
	struct nhrp_ext *ext = nhrp_ext_find_list(pdu, NHRP_EXT_NAT);
	struct nhrp_cie cie = {
		.prefix = (uint8_t)nh_addr_bits(proto),
		.nbma = *nbma,
		.proto = *proto,
	};

	return ext && nhrp_ext_append(ext, &cie);
}
