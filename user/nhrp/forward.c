// SPDX-License-Identifier: GPL-2.0-or-later
/* Transit: loop check, hop count, transit record, authentication. */
#include "nhrp/forward.h"

bool nhrp_forward_loops(const struct nhrp_pdu *pdu,
			const struct nhrp_self *self)
{
	const struct nh_addr *nbma = &self->nbma;
	const struct nh_addr *proto = &self->proto;

	/* Behind NATs others may have our NBMA address as well. */
	if (nh_addr_equal(&pdu->src_proto, proto))
		return true;
	if (nhrp_pdu_is_request(pdu))
		return nhrp_ext_has_node(nhrp_ext_find_const(pdu,
					 NHRP_EXT_FORWARD), nbma, proto);
	if (!nhrp_pdu_is_reply(pdu))
		return false;
	return nhrp_ext_has_node(nhrp_ext_find_const(pdu, NHRP_EXT_REVERSE),
				 nbma, proto) ||
	       nhrp_ext_has_node(nhrp_ext_find_const(pdu, NHRP_EXT_RESPONDER),
				 nbma, proto);
}

/* The record that the packet's direction collects; NULL when it has none. */
static struct nhrp_ext *record_of(struct nhrp_pdu *pdu)
{
	/* Who does not know an extension must not speak for the packet. */
	if (nhrp_ext_unknown_compulsory(pdu))
		return NULL;
	if (nhrp_pdu_is_request(pdu))
		return nhrp_ext_find(pdu, NHRP_EXT_FORWARD);
	if (nhrp_pdu_is_reply(pdu))
		return nhrp_ext_find(pdu, NHRP_EXT_REVERSE);
	return NULL;
}

bool nhrp_forward(struct nhrp_pdu *pdu, const struct nhrp_self *self,
		  struct nhrp_refusal *why)
{
	struct nhrp_ext *record;
	struct nhrp_cie cie;

	nhrp_self_cie(&cie, self);
	if (!nhrp_cie_fits(&cie, &pdu->family))
		return nhrp_refuse(why, NHRP_R_PROTO_FAMILY,
				   NHRP_OFF_PRO_TYPE);
	/* Whoever counts to 0 says so; FRR would send the 0 on. */
	if (pdu->hopcnt <= 1)
		return nhrp_refuse(why, NHRP_R_HOPCNT_EXCEEDED,
				   NHRP_OFF_HOPCNT);
	if (nhrp_forward_loops(pdu, self))
		return nhrp_refuse(why, NHRP_R_LOOP, 0);

	record = record_of(pdu);
	if (record && !nhrp_ext_append(record, &cie))
		return nhrp_refuse(why, NHRP_R_RECORD_FULL, record->offset);
	pdu->hopcnt--;
	nhrp_auth_rebuild(pdu, self->auth);
	return true;
}
