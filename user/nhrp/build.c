// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Packets made by this node.
 *
 * What a request carries goes into its reply, in the same order, because the
 * requester may rely on extensions that we do not know (RFC 2332 5.3).
 */
#include "nhrp/build.h"

#include <errno.h>
#include <string.h>

void nhrp_self_cie(struct nhrp_cie *cie, const struct nhrp_self *self)
{
	*cie = (struct nhrp_cie){
		.mtu = self->mtu,
		.holdtime = self->holdtime,
		.nbma = self->nbma,
		.proto = self->proto,
	};
}

static void add_exts(struct nhrp_pdu *pdu, const struct nhrp_self *self)
{
	bool purge = pdu->type == NHRP_PURGE_REQUEST;

	pdu->has_exts = true;
	pdu->has_end = true;
	pdu->end_head = NHRP_EXT_COMPULSORY | NHRP_EXT_END;

	/* Nobody responds to an indication or asks who took a purge. */
	if (!purge && pdu->type != NHRP_TRAFFIC_INDICATION)
		nhrp_ext_insert(pdu, NHRP_EXT_RESPONDER);
	nhrp_ext_insert(pdu, NHRP_EXT_FORWARD);
	nhrp_ext_insert(pdu, NHRP_EXT_REVERSE);
	if (self->auth && self->auth->len) {
		nhrp_ext_insert(pdu, NHRP_EXT_AUTH);
		nhrp_auth_rebuild(pdu, self->auth);
	}
	if (self->nat && !purge)
		nhrp_ext_insert(pdu, NHRP_EXT_NAT);
}

int nhrp_build_start(struct nhrp_pdu *pdu, const struct nhrp_self *self,
		     enum nhrp_type type, const struct nh_addr *dst)
{
	memset(pdu, 0, sizeof(*pdu));
	if (nhrp_family_of(&pdu->family, &self->nbma, &self->proto) < 0)
		return -EINVAL;
	if (dst->family != self->proto.family)
		return -EINVAL;
	pdu->hopcnt = NHRP_HOPCNT;
	pdu->type = (uint8_t)type;
	pdu->src_nbma = self->nbma;
	pdu->src_proto = self->proto;
	pdu->dst_proto = *dst;
	if (type != NHRP_ERROR_INDICATION)
		add_exts(pdu, self);
	return 0;
}

/*
 * With a link-local tunnel address Cisco registers that one by name, while
 * the packet's source registers itself; otherwise the CIE stays without
 * addresses and means the source.
 */
static void add_registered(struct nhrp_pdu *pdu, const struct nhrp_self *self,
			   const struct nhrp_registration *reg)
{
	struct nhrp_cie cie = {
		.prefix = reg->prefix,
		.mtu = self->mtu,
		.holdtime = self->holdtime,
		.preference = self->preference,
	};

	if (nh_addr_is_set(&reg->other.addr)) {
		cie.nbma = self->nbma;
		cie.proto = reg->other.addr;
		if (!nh_prefix_is_host(&reg->other))
			cie.prefix = reg->other.plen;
	} else if (nh_addr_is_set(&self->link_local)) {
		cie.nbma = self->nbma;
		cie.proto = self->link_local;
	}
	nhrp_pdu_add_cie(pdu, &cie);
}

int nhrp_build_registration_request(struct nhrp_pdu *pdu,
				    const struct nhrp_self *self,
				    const struct nhrp_registration *reg)
{
	bool known = nh_addr_is_set(&reg->nhs_proto);
	struct nhrp_ext *ext;

	if (nhrp_build_start(pdu, self, NHRP_REGISTRATION_REQUEST,
			     known ? &reg->nhs_proto : &self->proto) < 0)
		return -EINVAL;
	pdu->reqid = reg->reqid;
	pdu->flags = (reg->unique ? NHRP_REG_UNIQUE : 0) |
		     (self->nat ? NHRP_REG_NAT : 0);
	add_registered(pdu, self, reg);

	/* The spoke names whom it meant to reach; the hub compares. */
	ext = nhrp_ext_find(pdu, NHRP_EXT_NAT);
	if (ext && known && nh_addr_is_set(&reg->nhs_nbma)) {
		nhrp_nat_add(pdu, &reg->nhs_nbma, &reg->nhs_proto);
		ext->cie[0].mtu = self->mtu;
	}
	if (self->vendor && self->vendor->len) {
		ext = nhrp_ext_insert(pdu, NHRP_EXT_VENDOR);
		ext->value = (struct nh_view){ self->vendor->value,
					       self->vendor->len };
	}
	return 0;
}

int nhrp_build_resolution_request(struct nhrp_pdu *pdu,
				  const struct nhrp_self *self,
				  const struct nh_addr *dst, uint32_t reqid,
				  uint16_t flags)
{
	struct nhrp_cie cie = {
		.mtu = self->mtu,
		.holdtime = self->holdtime,
	};

	if (nhrp_build_start(pdu, self, NHRP_RESOLUTION_REQUEST, dst) < 0)
		return -EINVAL;
	pdu->reqid = reqid;
	pdu->flags = flags & (uint16_t)~NHRP_RES_NAT;
	if (self->nat)
		pdu->flags |= NHRP_RES_NAT;
	nhrp_pdu_add_cie(pdu, &cie);
	return 0;
}

int nhrp_build_purge_request(struct nhrp_pdu *pdu, const struct nhrp_self *self,
			     const struct nh_addr *dst, uint32_t reqid,
			     uint16_t flags)
{
	if (nhrp_build_start(pdu, self, NHRP_PURGE_REQUEST, dst) < 0)
		return -EINVAL;
	pdu->reqid = reqid;
	pdu->flags = flags;
	return 0;
}

int nhrp_build_purge_add(struct nhrp_pdu *pdu, const struct nh_prefix *prefix,
			 const struct nh_addr *nbma)
{
	struct nhrp_cie cie = {
		.prefix = prefix->plen,
		.proto = prefix->addr,
	};

	if (nbma)
		cie.nbma = *nbma;
	return nhrp_pdu_add_cie(pdu, &cie) ? 0 : -ENOSPC;
}

int nhrp_build_reply(struct nhrp_pdu *reply, const struct nhrp_pdu *req,
		     const struct nhrp_self *self)
{
	struct nhrp_ext *ext;

	if (!nhrp_pdu_is_request(req))
		return -EINVAL;
	*reply = *req;
	memset(reply->snap, 0, sizeof(reply->snap));
	reply->type = req->type + 1;
	reply->hopcnt = NHRP_HOPCNT;
	reply->chksum = 0;

	ext = nhrp_ext_find(reply, NHRP_EXT_RESPONDER);
	if (ext) {
		nhrp_self_cie(&ext->cie[0], self);
		if (req->type == NHRP_REGISTRATION_REQUEST)
			ext->cie[0].preference = self->preference;
		ext->ncie = 1;
	}
	/* It lists the nodes that the reply passes: none so far. */
	ext = nhrp_ext_find(reply, NHRP_EXT_REVERSE);
	if (ext)
		ext->ncie = 0;
	nhrp_auth_rebuild(reply, self->auth);
	if (reply->has_exts && !reply->has_end) {
		reply->has_end = true;
		reply->end_head = NHRP_EXT_COMPULSORY | NHRP_EXT_END;
	}
	return 0;
}

/* Cisco's hub answers a link-local registration with its own one behind it. */
static void add_hub_link_local(struct nhrp_pdu *reply,
			       const struct nhrp_self *self)
{
	struct nhrp_cie cie;

	if (!reply->ncie || !nh_addr_is_set(&self->link_local) ||
	    !nh_addr_is_linklocal(&reply->cie[0].proto))
		return;
	nhrp_self_cie(&cie, self);
	cie.prefix = (uint8_t)nh_addr_bits(&self->link_local);
	cie.preference = self->preference;
	cie.proto = self->link_local;
	nhrp_pdu_add_cie(reply, &cie);
}

int nhrp_build_registration_reply(struct nhrp_pdu *reply,
				  const struct nhrp_pdu *req,
				  const struct nhrp_self *self,
				  enum nhrp_code code, uint16_t holdtime,
				  const struct nh_addr *observed)
{
	unsigned int i;

	if (req->type != NHRP_REGISTRATION_REQUEST ||
	    nhrp_build_reply(reply, req, self) < 0)
		return -EINVAL;
	if (!self->nat)
		reply->flags &= (uint16_t)~NHRP_REG_NAT;
	for (i = 0; i < reply->ncie; i++) {
		struct nhrp_cie *cie = &reply->cie[i];

		cie->code = (uint8_t)code;
		if (code != NHRP_CODE_OK)
			cie->holdtime = 0;
		else if (cie->holdtime > holdtime)
			cie->holdtime = holdtime;
	}
	if (code == NHRP_CODE_OK)
		add_hub_link_local(reply, self);
	if (self->nat && observed && nh_addr_is_set(observed) &&
	    !nh_addr_equal(observed, &req->src_nbma))
		nhrp_nat_add(reply, observed, &req->src_proto);
	return 0;
}

int nhrp_build_resolution_reply(struct nhrp_pdu *reply,
				const struct nhrp_pdu *req,
				const struct nhrp_self *self,
				const struct nhrp_cie *answer, uint16_t flags)
{
	const uint16_t ours = NHRP_RES_AUTHORITATIVE | NHRP_RES_DST_STABLE |
			      NHRP_RES_UNIQUE;

	if (req->type != NHRP_RESOLUTION_REQUEST ||
	    nhrp_build_reply(reply, req, self) < 0)
		return -EINVAL;
	reply->flags = (uint16_t)((req->flags & ~ours) | (flags & ours));
	if (!self->nat)
		reply->flags &= (uint16_t)~NHRP_RES_NAT;
	reply->ncie = 1;
	reply->cie[0] = *answer;
	return 0;
}

int nhrp_build_resolution_nak(struct nhrp_pdu *reply,
			      const struct nhrp_pdu *req,
			      const struct nhrp_self *self,
			      enum nhrp_code code)
{
	const struct nhrp_cie nak = { .code = (uint8_t)code };

	return nhrp_build_resolution_reply(reply, req, self, &nak,
					   req->flags & NHRP_RES_AUTHORITATIVE);
}
