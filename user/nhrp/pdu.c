// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Octets to struct nhrp_pdu and back.
 *
 * The decoder accepts exactly the packets that the encoder reproduces octet
 * by octet, so that a transit node never changes what it does not know:
 * each field is kept, also unused and reserved ones, and what has no field
 * is kept as a view. Lengths, offsets and the checksum are not kept but
 * verified, because the encoder computes them.
 */
#include "nhrp/pdu.h"

#include <errno.h>
#include <string.h>

/* Internet checksum (RFC 1071); an odd last octet is padded with zero. */
static uint16_t checksum(const uint8_t *data, size_t len)
{
	struct nh_reader r;
	uint32_t sum = 0;

	nh_reader_init(&r, data, len);
	while (nh_reader_left(&r) >= 2)
		sum += nh_get_be16(&r);
	if (nh_reader_left(&r))
		sum += (uint32_t)nh_get_u8(&r) << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

bool nhrp_pdu_is_request(const struct nhrp_pdu *pdu)
{
	return pdu->type == NHRP_RESOLUTION_REQUEST ||
	       pdu->type == NHRP_REGISTRATION_REQUEST ||
	       pdu->type == NHRP_PURGE_REQUEST;
}

bool nhrp_pdu_is_reply(const struct nhrp_pdu *pdu)
{
	return pdu->type == NHRP_RESOLUTION_REPLY ||
	       pdu->type == NHRP_REGISTRATION_REPLY ||
	       pdu->type == NHRP_PURGE_REPLY;
}

bool nhrp_pdu_is_indication(const struct nhrp_pdu *pdu)
{
	return pdu->type == NHRP_ERROR_INDICATION ||
	       pdu->type == NHRP_TRAFFIC_INDICATION;
}

struct nhrp_cie *nhrp_pdu_add_cie(struct nhrp_pdu *pdu,
				  const struct nhrp_cie *cie)
{
	if (pdu->ncie == NHRP_MAX_CIES)
		return NULL;
	pdu->cie[pdu->ncie] = *cie;
	return &pdu->cie[pdu->ncie++];
}

/* Everything that has to be right before a field may be believed. */
static bool check_frame(const uint8_t *data, size_t len,
			struct nhrp_refusal *why)
{
	struct nh_reader r;
	uint16_t pktsz;

	if (len < NHRP_HDR_LEN)
		return nhrp_refuse(why, NHRP_R_SHORT, len);
	nh_reader_init(&r, data, len);
	nh_get_view(&r, NHRP_OFF_PKTSZ);
	pktsz = nh_get_be16(&r);
	if (pktsz < NHRP_HDR_LEN)
		return nhrp_refuse(why, NHRP_R_PKTSZ_SMALL, NHRP_OFF_PKTSZ);
	if (pktsz != len)
		return nhrp_refuse(why, NHRP_R_PKTSZ, NHRP_OFF_PKTSZ);
	if (checksum(data, len) != 0)
		return nhrp_refuse(why, NHRP_R_CHECKSUM, NHRP_OFF_CHKSUM);
	return true;
}

/* The octets that decode into fields only together. */
struct layout {
	uint16_t extoff;
	uint8_t shtl;
	uint8_t sstl;
	uint8_t splen;
	uint8_t dplen;
};

static bool get_header(struct nhrp_pdu *pdu, struct nh_reader *r,
		       struct layout *l, struct nhrp_refusal *why)
{
	uint8_t version;

	pdu->family.afn = nh_get_be16(r);
	pdu->family.pro_type = nh_get_be16(r);
	nh_get_bytes(r, pdu->snap, sizeof(pdu->snap));
	pdu->hopcnt = nh_get_u8(r);
	nh_get_be16(r);
	pdu->chksum = nh_get_be16(r);
	l->extoff = nh_get_be16(r);
	version = nh_get_u8(r);
	pdu->type = nh_get_u8(r);
	l->shtl = nh_get_u8(r);
	l->sstl = nh_get_u8(r);

	if (version != NHRP_VERSION)
		return nhrp_refuse(why, NHRP_R_VERSION, NHRP_OFF_VERSION);
	if (!nhrp_pdu_is_request(pdu) && !nhrp_pdu_is_reply(pdu) &&
	    !nhrp_pdu_is_indication(pdu))
		return nhrp_refuse(why, NHRP_R_TYPE, NHRP_OFF_TYPE);
	if (!nhrp_afn_len(pdu->family.afn))
		return nhrp_refuse(why, NHRP_R_NBMA_FAMILY, NHRP_OFF_AFN);
	if (!nhrp_pro_len(pdu->family.pro_type))
		return nhrp_refuse(why, NHRP_R_PROTO_FAMILY,
				   NHRP_OFF_PRO_TYPE);
	return true;
}

/* Lengths, flags and addresses, RFC 2332 5.2.0.1, 5.2.7. */
static bool get_mandatory(struct nhrp_pdu *pdu, struct nh_reader *r,
			  struct layout *l, struct nhrp_refusal *why)
{
	struct nh_view v;

	l->splen = nh_get_u8(r);
	l->dplen = nh_get_u8(r);
	pdu->flags = nh_get_be16(r);
	pdu->reqid = 0;
	pdu->ind_code = 0;
	pdu->ind_offset = 0;
	if (nhrp_pdu_is_indication(pdu)) {
		pdu->ind_code = nh_get_be16(r);
		pdu->ind_offset = nh_get_be16(r);
	} else {
		pdu->reqid = nh_get_be32(r);
	}
	if (r->err)
		return nhrp_refuse(why, NHRP_R_TRUNCATED, nh_reader_at(r));
	if (!nhrp_family_lengths(&pdu->family, NHRP_OFF_SHTL, l->shtl, l->sstl,
				 l->splen, why))
		return false;
	if (!nhrp_family_lengths(&pdu->family, NHRP_OFF_DPLEN - 2, 0, 0,
				 l->dplen, why))
		return false;

	pdu->src_nbma_type = l->shtl & NHRP_TL_E164;
	pdu->src_sub_type = l->sstl & NHRP_TL_E164;
	v = nh_get_view(r, l->shtl & NHRP_TL_LEN);
	nh_addr_from_bytes(&pdu->src_nbma, v.data, v.len);
	pdu->src_sub = nh_get_view(r, l->sstl & NHRP_TL_LEN);
	v = nh_get_view(r, l->splen);
	nh_addr_from_bytes(&pdu->src_proto, v.data, v.len);
	v = nh_get_view(r, l->dplen);
	nh_addr_from_bytes(&pdu->dst_proto, v.data, v.len);
	if (r->err)
		return nhrp_refuse(why, NHRP_R_TRUNCATED, nh_reader_at(r));
	return true;
}

static bool get_cies(struct nhrp_pdu *pdu, struct nh_reader *r,
		     struct nhrp_refusal *why)
{
	pdu->ncie = 0;
	while (nh_reader_left(r)) {
		if (pdu->ncie == NHRP_MAX_CIES)
			return nhrp_refuse(why, NHRP_R_CIE_LIMIT,
					   nh_reader_at(r));
		if (!nhrp_cie_get(&pdu->cie[pdu->ncie], r, &pdu->family, why))
			return false;
		pdu->ncie++;
	}
	return true;
}

/*
 * A second list of one type would be ambiguous. A second authentication is
 * left to nhrp_auth_check(), which must be able to say so in an Error 11;
 * unknown types are none of our business.
 */
static bool is_duplicate(const struct nhrp_pdu *pdu,
			 const struct nhrp_ext *ext)
{
	return ext->is_list && nhrp_ext_find_list(pdu, nhrp_ext_type(ext));
}

static bool get_exts(struct nhrp_pdu *pdu, struct nh_reader *r,
		     struct nhrp_refusal *why)
{
	struct nhrp_ext end = { 0 }, *ext;

	while (nh_reader_left(r)) {
		/* A full table still has to find the End that follows. */
		ext = pdu->next < NHRP_MAX_EXTS ? &pdu->ext[pdu->next] : &end;
		if (!nhrp_ext_get(ext, r, &pdu->family, why))
			return false;
		if (nhrp_ext_type(ext) == NHRP_EXT_END) {
			pdu->has_end = true;
			pdu->end_head = ext->head;
			if (nh_reader_left(r))
				return nhrp_refuse(why, NHRP_R_EXT_AFTER_END,
						   nh_reader_at(r));
			return true;
		}
		if (ext == &end)
			return nhrp_refuse(why, NHRP_R_EXT_LIMIT, ext->offset);
		if (is_duplicate(pdu, ext))
			return nhrp_refuse(why, NHRP_R_EXT_DUPLICATE,
					   ext->offset);
		pdu->next++;
	}
	return true;
}

bool nhrp_pdu_decode(struct nhrp_pdu *pdu, const void *data, size_t len,
		     struct nhrp_refusal *why)
{
	struct nh_reader r, mandatory;
	struct layout l;
	size_t end;

	pdu->ncie = 0;
	pdu->next = 0;
	pdu->quoted = (struct nh_view){ 0 };
	pdu->has_exts = false;
	pdu->has_end = false;
	pdu->end_head = 0;

	if (!check_frame(data, len, why))
		return false;
	nh_reader_init(&r, data, len);
	if (!get_header(pdu, &r, &l, why) || !get_mandatory(pdu, &r, &l, why))
		return false;
	if (l.extoff && pdu->type == NHRP_ERROR_INDICATION)
		return nhrp_refuse(why, NHRP_R_EXT_FORBIDDEN,
				   NHRP_OFF_EXTOFF);
	if (l.extoff && (l.extoff < r.pos || l.extoff > len))
		return nhrp_refuse(why, NHRP_R_EXTOFF, NHRP_OFF_EXTOFF);

	end = l.extoff ? l.extoff : len;
	mandatory = nh_get_sub(&r, end - r.pos);
	if (nhrp_pdu_is_indication(pdu))
		pdu->quoted = nh_get_view(&mandatory,
					  nh_reader_left(&mandatory));
	else if (!get_cies(pdu, &mandatory, why))
		return false;

	pdu->has_exts = l.extoff != 0;
	return get_exts(pdu, &r, why);
}

bool nhrp_pdu_parse(struct nhrp_pdu *pdu, const void *data, size_t len,
		    struct nhrp_refusal *why)
{
	return nhrp_pdu_decode(pdu, data, len, why) &&
	       nhrp_pdu_check(pdu, why);
}

/* What the structure can express but no packet can. */
static bool is_consistent(const struct nhrp_pdu *pdu)
{
	bool indication = nhrp_pdu_is_indication(pdu);
	unsigned int nbma_len = nhrp_afn_len(pdu->family.afn);
	unsigned int pro_len = nhrp_pro_len(pdu->family.pro_type);
	unsigned int i;

	if (!nhrp_pdu_is_request(pdu) && !nhrp_pdu_is_reply(pdu) &&
	    !indication)
		return false;
	if (!nbma_len || !pro_len || pdu->src_sub.len > NHRP_TL_LEN)
		return false;
	if (pdu->src_nbma.len && pdu->src_nbma.len != nbma_len)
		return false;
	if (pdu->src_proto.len && pdu->src_proto.len != pro_len)
		return false;
	if (pdu->dst_proto.len && pdu->dst_proto.len != pro_len)
		return false;
	if (indication ? pdu->ncie : pdu->quoted.len)
		return false;
	if (pdu->type == NHRP_ERROR_INDICATION && pdu->has_exts)
		return false;
	for (i = 0; i < pdu->ncie; i++)
		if (!nhrp_cie_fits(&pdu->cie[i], &pdu->family))
			return false;
	for (i = 0; i < pdu->next; i++)
		if (!nhrp_ext_fits(&pdu->ext[i], &pdu->family))
			return false;
	return pdu->has_exts || (!pdu->next && !pdu->has_end);
}

static void put_header(struct nh_writer *w, const struct nhrp_pdu *pdu)
{
	nh_put_be16(w, pdu->family.afn);
	nh_put_be16(w, pdu->family.pro_type);
	nh_put_bytes(w, pdu->snap, sizeof(pdu->snap));
	nh_put_u8(w, pdu->hopcnt);
	nh_put_be16(w, 0);	/* ar$pktsz, ar$chksum and ar$extoff */
	nh_put_be16(w, 0);	/* are known at the end */
	nh_put_be16(w, 0);
	nh_put_u8(w, NHRP_VERSION);
	nh_put_u8(w, pdu->type);
	nh_put_u8(w, (pdu->src_nbma_type & NHRP_TL_E164) | pdu->src_nbma.len);
	nh_put_u8(w, (pdu->src_sub_type & NHRP_TL_E164) |
		     (uint8_t)pdu->src_sub.len);
}

static void put_mandatory(struct nh_writer *w, const struct nhrp_pdu *pdu)
{
	unsigned int i;

	nh_put_u8(w, pdu->src_proto.len);
	nh_put_u8(w, pdu->dst_proto.len);
	nh_put_be16(w, pdu->flags);
	if (nhrp_pdu_is_indication(pdu)) {
		nh_put_be16(w, pdu->ind_code);
		nh_put_be16(w, pdu->ind_offset);
	} else {
		nh_put_be32(w, pdu->reqid);
	}
	nh_put_bytes(w, pdu->src_nbma.bytes, pdu->src_nbma.len);
	nh_put_view(w, pdu->src_sub);
	nh_put_bytes(w, pdu->src_proto.bytes, pdu->src_proto.len);
	nh_put_bytes(w, pdu->dst_proto.bytes, pdu->dst_proto.len);
	for (i = 0; i < pdu->ncie; i++)
		nhrp_cie_put(w, &pdu->cie[i]);
	nh_put_view(w, pdu->quoted);
}

static void put_exts(struct nh_writer *w, const struct nhrp_pdu *pdu)
{
	unsigned int i;

	for (i = 0; i < pdu->next; i++)
		nhrp_ext_put(w, &pdu->ext[i]);
	if (!pdu->has_end)
		return;
	/* Type 0, whatever the two bits are. */
	nh_put_be16(w, pdu->end_head & (uint16_t)~NHRP_EXT_TYPE);
	nh_put_be16(w, 0);
}

ssize_t nhrp_pdu_encode(const struct nhrp_pdu *pdu, void *buf, size_t cap)
{
	struct nh_writer w;
	uint16_t sum;

	if (!is_consistent(pdu))
		return -EINVAL;
	if (cap > NHRP_MAX_PKTSZ)
		cap = NHRP_MAX_PKTSZ;
	nh_writer_init(&w, buf, cap);
	put_header(&w, pdu);
	put_mandatory(&w, pdu);
	if (pdu->has_exts) {
		nh_patch_be16(&w, NHRP_OFF_EXTOFF, (uint16_t)w.pos);
		put_exts(&w, pdu);
	}
	nh_patch_be16(&w, NHRP_OFF_PKTSZ, (uint16_t)w.pos);
	if (w.err)
		return -EMSGSIZE;

	/*
	 * 0 and 0xffff are the same number to the receiver's sum; keep the
	 * one that came in, lest a forwarded packet change for no reason.
	 */
	sum = checksum(buf, w.pos);
	if (sum == 0 && pdu->chksum == 0xffff)
		sum = 0xffff;
	nh_patch_be16(&w, NHRP_OFF_CHKSUM, sum);
	return (ssize_t)w.pos;
}
