// SPDX-License-Identifier: GPL-2.0-or-later
/* Client information entries: reading, writing, and what they claim. */
#include "nhrp/cie.h"

#include <errno.h>
#include <sys/socket.h>

unsigned int nhrp_afn_len(uint16_t afn)
{
	switch (afn) {
	case NHRP_AFN_IPV4:
		return 4;
	case NHRP_AFN_IPV6:
		return 16;
	default:
		return 0;
	}
}

unsigned int nhrp_pro_len(uint16_t pro_type)
{
	switch (pro_type) {
	case NHRP_PRO_IPV4:
		return 4;
	case NHRP_PRO_IPV6:
		return 16;
	default:
		return 0;
	}
}

int nhrp_family_of(struct nhrp_family *family, const struct nh_addr *nbma,
		   const struct nh_addr *proto)
{
	if (!nh_addr_is_set(nbma) || !nh_addr_is_set(proto))
		return -EINVAL;
	family->afn = nbma->family == AF_INET ? NHRP_AFN_IPV4 : NHRP_AFN_IPV6;
	family->pro_type = proto->family == AF_INET ? NHRP_PRO_IPV4 :
						      NHRP_PRO_IPV6;
	return 0;
}

bool nhrp_family_lengths(const struct nhrp_family *family, size_t at,
			 uint8_t nbma_tl, uint8_t sub_tl, uint8_t proto_len,
			 struct nhrp_refusal *why)
{
	unsigned int nbma_len = nbma_tl & NHRP_TL_LEN;

	if (nbma_tl & NHRP_TL_RESERVED)
		return nhrp_refuse(why, NHRP_R_TL_RESERVED, at);
	if (sub_tl & NHRP_TL_RESERVED)
		return nhrp_refuse(why, NHRP_R_TL_RESERVED, at + 1);
	if (nbma_len && nbma_len != nhrp_afn_len(family->afn))
		return nhrp_refuse(why, NHRP_R_NBMA_LEN, at);
	if (proto_len && proto_len != nhrp_pro_len(family->pro_type))
		return nhrp_refuse(why, NHRP_R_PROTO_LEN, at + 2);
	return true;
}

bool nhrp_cie_get(struct nhrp_cie *cie, struct nh_reader *r,
		  const struct nhrp_family *family, struct nhrp_refusal *why)
{
	size_t at = nh_reader_at(r);
	uint8_t nbma_tl, sub_tl, proto_len;
	struct nh_view v;

	cie->code = nh_get_u8(r);
	cie->prefix = nh_get_u8(r);
	cie->unused = nh_get_be16(r);
	cie->mtu = nh_get_be16(r);
	cie->holdtime = nh_get_be16(r);
	nbma_tl = nh_get_u8(r);
	sub_tl = nh_get_u8(r);
	proto_len = nh_get_u8(r);
	cie->preference = nh_get_u8(r);
	if (r->err)
		return nhrp_refuse(why, NHRP_R_CIE_TRUNCATED, at);
	if (!nhrp_family_lengths(family, at + 8, nbma_tl, sub_tl, proto_len,
				 why))
		return false;

	cie->nbma_type = nbma_tl & NHRP_TL_E164;
	cie->sub_type = sub_tl & NHRP_TL_E164;
	v = nh_get_view(r, nbma_tl & NHRP_TL_LEN);
	nh_addr_from_bytes(&cie->nbma, v.data, v.len);
	cie->sub = nh_get_view(r, sub_tl & NHRP_TL_LEN);
	v = nh_get_view(r, proto_len);
	nh_addr_from_bytes(&cie->proto, v.data, v.len);
	if (r->err)
		return nhrp_refuse(why, NHRP_R_CIE_TRUNCATED, at);
	return true;
}

bool nhrp_cie_fits(const struct nhrp_cie *cie,
		   const struct nhrp_family *family)
{
	if (cie->nbma.len && cie->nbma.len != nhrp_afn_len(family->afn))
		return false;
	if (cie->proto.len && cie->proto.len != nhrp_pro_len(family->pro_type))
		return false;
	return cie->sub.len <= NHRP_TL_LEN;
}

void nhrp_cie_put(struct nh_writer *w, const struct nhrp_cie *cie)
{
	nh_put_u8(w, cie->code);
	nh_put_u8(w, cie->prefix);
	nh_put_be16(w, cie->unused);
	nh_put_be16(w, cie->mtu);
	nh_put_be16(w, cie->holdtime);
	nh_put_u8(w, (cie->nbma_type & NHRP_TL_E164) | cie->nbma.len);
	nh_put_u8(w, (cie->sub_type & NHRP_TL_E164) | (uint8_t)cie->sub.len);
	nh_put_u8(w, cie->proto.len);
	nh_put_u8(w, cie->preference);
	nh_put_bytes(w, cie->nbma.bytes, cie->nbma.len);
	nh_put_view(w, cie->sub);
	nh_put_bytes(w, cie->proto.bytes, cie->proto.len);
}

size_t nhrp_cie_size(const struct nhrp_cie *cie)
{
	return (size_t)NHRP_CIE_LEN + cie->nbma.len + cie->sub.len +
	       cie->proto.len;
}

int nhrp_cie_prefix(const struct nhrp_cie *cie, const struct nh_addr *addr)
{
	int bits = (int)nh_addr_bits(addr);

	if (cie->prefix == NHRP_PREFIX_HOST_ZERO ||
	    cie->prefix == NHRP_PREFIX_HOST_RFC)
		return bits ? bits : -EINVAL;
	return cie->prefix <= bits ? cie->prefix : -EINVAL;
}

int nhrp_cie_claim(struct nh_prefix *prefix, const struct nhrp_cie *cie,
		   const struct nh_addr *fallback)
{
	const struct nh_addr *addr = &cie->proto;
	int plen;

	if (!nh_addr_is_set(addr))
		addr = fallback;
	plen = nhrp_cie_prefix(cie, addr);
	if (plen < 0)
		return -EINVAL;
	return nh_prefix_make(prefix, addr, (unsigned int)plen);
}
