// SPDX-License-Identifier: GPL-2.0-or-later
/* Rules that a well-formed packet must keep, type by type. */
#include "nhrp/indication.h"
#include "nhrp/pdu.h"

static size_t addrs_len(const struct nhrp_pdu *pdu)
{
	return (size_t)pdu->src_nbma.len + pdu->src_sub.len +
	       pdu->src_proto.len + pdu->dst_proto.len;
}

/* Who asks must be told where the answer goes; who withdraws need not. */
static bool check_addresses(const struct nhrp_pdu *pdu,
			    struct nhrp_refusal *why)
{
	bool binding = pdu->type == NHRP_RESOLUTION_REQUEST ||
		       pdu->type == NHRP_REGISTRATION_REQUEST;

	if (binding && !nh_addr_is_set(&pdu->src_nbma))
		return nhrp_refuse(why, NHRP_R_ADDR_MISSING, NHRP_OFF_SHTL);
	if (!nh_addr_is_set(&pdu->src_proto))
		return nhrp_refuse(why, NHRP_R_ADDR_MISSING, NHRP_OFF_SPLEN);
	if (!nh_addr_is_set(&pdu->dst_proto))
		return nhrp_refuse(why, NHRP_R_ADDR_MISSING, NHRP_OFF_DPLEN);
	if (nh_addr_is_v4mapped(&pdu->src_nbma) ||
	    nh_addr_is_v4mapped(&pdu->src_proto) ||
	    nh_addr_is_v4mapped(&pdu->dst_proto))
		return nhrp_refuse(why, NHRP_R_ADDR_MAPPED, NHRP_OFF_ADDRS);
	return true;
}

/* RFC 2332 5.2.1 to 5.2.6: how many CIEs make sense. */
static bool check_cie_count(const struct nhrp_pdu *pdu,
			    struct nhrp_refusal *why)
{
	size_t at = NHRP_OFF_ADDRS + addrs_len(pdu);
	unsigned int min = 1, max = NHRP_MAX_CIES, i;

	switch (pdu->type) {
	case NHRP_RESOLUTION_REQUEST:
		min = 0;
		max = 1;
		break;
	case NHRP_RESOLUTION_REPLY:
		for (i = 0; i < pdu->ncie; i++)
			if (pdu->cie[i].code != NHRP_CODE_OK)
				max = 1;
		break;
	case NHRP_REGISTRATION_REQUEST:
		if (pdu->flags & NHRP_REG_UNIQUE)
			max = 1;
		break;
	}
	if (pdu->ncie < min)
		return nhrp_refuse(why, NHRP_R_CIE_MISSING, at);
	if (pdu->ncie > max)
		return nhrp_refuse(why, NHRP_R_CIE_EXCESS,
				   at + nhrp_cie_size(&pdu->cie[0]));
	return true;
}

static bool check_cies(const struct nhrp_pdu *pdu, struct nhrp_refusal *why)
{
	size_t at = NHRP_OFF_ADDRS + addrs_len(pdu);
	unsigned int i;

	for (i = 0; i < pdu->ncie; i++) {
		const struct nhrp_cie *cie = &pdu->cie[i];

		if (nhrp_cie_prefix(cie, &pdu->src_proto) < 0)
			return nhrp_refuse(why, NHRP_R_PREFIX, at + 1);
		if (nh_addr_is_v4mapped(&cie->nbma) ||
		    nh_addr_is_v4mapped(&cie->proto))
			return nhrp_refuse(why, NHRP_R_ADDR_MAPPED,
					   at + NHRP_CIE_LEN);
		at += nhrp_cie_size(cie);
	}
	return true;
}

static bool check_exts(const struct nhrp_pdu *pdu, struct nhrp_refusal *why)
{
	unsigned int i, j;

	for (i = 0; i < pdu->next; i++) {
		const struct nhrp_ext *ext = &pdu->ext[i];

		for (j = 0; j < ext->ncie; j++)
			if (nh_addr_is_v4mapped(&ext->cie[j].nbma) ||
			    nh_addr_is_v4mapped(&ext->cie[j].proto))
				return nhrp_refuse(why, NHRP_R_ADDR_MAPPED,
						   ext->offset);
		if (nhrp_ext_type(ext) == NHRP_EXT_RESPONDER && ext->ncie > 1)
			return nhrp_refuse(why, NHRP_R_EXT_RESPONDER,
					   ext->offset);
	}
	if (pdu->has_exts && !pdu->has_end)
		return nhrp_refuse(why, NHRP_R_EXT_NO_END, NHRP_OFF_EXTOFF);
	return true;
}

/*
 * Hop count 0 is let pass in indications only: opennhrp and older FRR send
 * it there, and an indication is never forwarded on its strength.
 */
bool nhrp_pdu_check(const struct nhrp_pdu *pdu, struct nhrp_refusal *why)
{
	struct nh_addr src, dst;

	if (!check_exts(pdu, why))
		return false;
	if (pdu->type == NHRP_ERROR_INDICATION)
		return true;
	if (pdu->type == NHRP_TRAFFIC_INDICATION)
		return nhrp_traffic_inner(pdu, &src, &dst) ||
		       nhrp_refuse(why, NHRP_R_INNER,
				   NHRP_OFF_ADDRS + addrs_len(pdu));
	if (pdu->hopcnt == 0)
		return nhrp_refuse(why, NHRP_R_HOPCNT_ZERO, NHRP_OFF_HOPCNT);
	return check_addresses(pdu, why) && check_cie_count(pdu, why) &&
	       check_cies(pdu, why);
}
