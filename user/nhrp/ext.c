// SPDX-License-Identifier: GPL-2.0-or-later
/* Extensions: reading, writing, finding and placing them. */
#include "nhrp/ext.h"

#include <string.h>

#include "nhrp/pdu.h"

uint16_t nhrp_ext_type(const struct nhrp_ext *ext)
{
	return ext->head & NHRP_EXT_TYPE;
}

/* RFC 2735's device capabilities share number 9 with Cisco's NAT address. */
static bool value_is_list(uint16_t type, size_t len)
{
	switch (type) {
	case NHRP_EXT_RESPONDER:
	case NHRP_EXT_FORWARD:
	case NHRP_EXT_REVERSE:
		return true;
	case NHRP_EXT_NAT:
		return len != NHRP_EXT_CAPABILITIES_LEN;
	default:
		return false;
	}
}

static bool get_list(struct nhrp_ext *ext, struct nh_reader *r,
		     const struct nhrp_family *family,
		     struct nhrp_refusal *why)
{
	while (nh_reader_left(r)) {
		size_t at = nh_reader_at(r);

		if (ext->ncie == NHRP_MAX_LIST_CIES)
			return nhrp_refuse(why, NHRP_R_EXT_LIST_LIMIT, at);
		if (!nhrp_cie_get(&ext->cie[ext->ncie], r, family, why)) {
			if (why->reason == NHRP_R_CIE_TRUNCATED)
				why->reason = NHRP_R_EXT_LIST;
			return false;
		}
		ext->ncie++;
	}
	return true;
}

bool nhrp_ext_get(struct nhrp_ext *ext, struct nh_reader *r,
		  const struct nhrp_family *family, struct nhrp_refusal *why)
{
	struct nh_reader value;
	uint16_t len;

	ext->offset = (uint16_t)nh_reader_at(r);
	ext->head = nh_get_be16(r);
	len = nh_get_be16(r);
	value = nh_get_sub(r, len);
	if (r->err)
		return nhrp_refuse(why, NHRP_R_EXT_TRUNCATED, ext->offset);

	ext->ncie = 0;
	ext->value = (struct nh_view){ 0 };
	ext->is_list = value_is_list(nhrp_ext_type(ext), len);
	if (ext->is_list)
		return get_list(ext, &value, family, why);
	ext->value = nh_get_view(&value, len);
	if (nhrp_ext_type(ext) == NHRP_EXT_END && len)
		return nhrp_refuse(why, NHRP_R_EXT_END_VALUE, ext->offset);
	return true;
}

static size_t value_len(const struct nhrp_ext *ext)
{
	size_t len = 0;
	unsigned int i;

	if (!ext->is_list)
		return ext->value.len;
	for (i = 0; i < ext->ncie; i++)
		len += nhrp_cie_size(&ext->cie[i]);
	return len;
}

/* The form must be the one that a decoder would choose for the type. */
bool nhrp_ext_fits(const struct nhrp_ext *ext,
		   const struct nhrp_family *family)
{
	uint16_t type = nhrp_ext_type(ext);
	unsigned int i;

	if (type == NHRP_EXT_END)
		return false;
	if (ext->is_list != value_is_list(type, value_len(ext)))
		return false;
	for (i = 0; i < ext->ncie; i++)
		if (!nhrp_cie_fits(&ext->cie[i], family))
			return false;
	return true;
}

void nhrp_ext_put(struct nh_writer *w, const struct nhrp_ext *ext)
{
	unsigned int i;

	nh_put_be16(w, ext->head);
	nh_put_be16(w, (uint16_t)value_len(ext));
	for (i = 0; i < ext->ncie; i++)
		nhrp_cie_put(w, &ext->cie[i]);
	if (!ext->is_list)
		nh_put_view(w, ext->value);
}

const struct nhrp_ext *nhrp_ext_find_const(const struct nhrp_pdu *pdu,
					   uint16_t type)
{
	unsigned int i;

	for (i = 0; i < pdu->next; i++)
		if (nhrp_ext_type(&pdu->ext[i]) == type)
			return &pdu->ext[i];
	return NULL;
}

struct nhrp_ext *nhrp_ext_find_list(const struct nhrp_pdu *pdu, uint16_t type)
{
	unsigned int i;

	for (i = 0; i < pdu->next; i++)
		if (pdu->ext[i].is_list &&
		    nhrp_ext_type(&pdu->ext[i]) == type)
			return (struct nhrp_ext *)&pdu->ext[i];
	return NULL;
}

struct nhrp_ext *nhrp_ext_find(struct nhrp_pdu *pdu, uint16_t type)
{
	return (struct nhrp_ext *)nhrp_ext_find_const(pdu, type);
}

/* Cisco's order on the wire: 3, 4, 5, 7, 9, 8; others behind. */
static unsigned int rank(uint16_t type)
{
	switch (type) {
	case NHRP_EXT_NAT:
		return 8;
	case NHRP_EXT_VENDOR:
		return 9;
	case NHRP_EXT_RESPONDER:
	case NHRP_EXT_FORWARD:
	case NHRP_EXT_REVERSE:
	case NHRP_EXT_AUTH:
		return type;
	default:
		return 10;
	}
}

struct nhrp_ext *nhrp_ext_insert(struct nhrp_pdu *pdu, uint16_t type)
{
	bool compulsory = rank(type) <= NHRP_EXT_AUTH;
	struct nhrp_ext *ext;
	unsigned int at = 0;

	if (pdu->next == NHRP_MAX_EXTS)
		return NULL;
	while (at < pdu->next &&
	       rank(nhrp_ext_type(&pdu->ext[at])) <= rank(type))
		at++;
	ext = &pdu->ext[at];
	memmove(ext + 1, ext, (pdu->next - at) * sizeof(*ext));
	pdu->next++;
	pdu->has_exts = true;

	*ext = (struct nhrp_ext){
		.head = type | (compulsory ? NHRP_EXT_COMPULSORY : 0),
		.is_list = value_is_list(type, 0),
	};
	return ext;
}

void nhrp_ext_remove(struct nhrp_pdu *pdu, uint16_t type)
{
	struct nhrp_ext *ext;

	while ((ext = nhrp_ext_find(pdu, type))) {
		size_t behind = (size_t)(pdu->ext + pdu->next - ext) - 1;

		memmove(ext, ext + 1, behind * sizeof(*ext));
		pdu->next--;
	}
}

bool nhrp_ext_append(struct nhrp_ext *ext, const struct nhrp_cie *cie)
{
	if (!ext->is_list || ext->ncie == NHRP_MAX_LIST_CIES)
		return false;
	ext->cie[ext->ncie++] = *cie;
	return true;
}

const struct nhrp_ext *nhrp_ext_unknown_compulsory(const struct nhrp_pdu *pdu)
{
	unsigned int i;

	for (i = 0; i < pdu->next; i++) {
		const struct nhrp_ext *ext = &pdu->ext[i];

		if (!(ext->head & NHRP_EXT_COMPULSORY))
			continue;
		switch (nhrp_ext_type(ext)) {
		case NHRP_EXT_RESPONDER:
		case NHRP_EXT_FORWARD:
		case NHRP_EXT_REVERSE:
		case NHRP_EXT_AUTH:
		case NHRP_EXT_VENDOR:
			break;
		case NHRP_EXT_NAT:
			if (ext->is_list)
				break;
			return ext;
		default:
			return ext;
		}
	}
	return NULL;
}

bool nhrp_ext_has_node(const struct nhrp_ext *ext, const struct nh_addr *nbma,
		       const struct nh_addr *proto)
{
	unsigned int i;

	if (!ext || !ext->is_list)
		return false;
	for (i = 0; i < ext->ncie; i++) {
		const struct nhrp_cie *cie = &ext->cie[i];

		if (nh_addr_is_set(&cie->proto) ?
		    nh_addr_equal(&cie->proto, proto) :
		    nh_addr_is_set(nbma) && nh_addr_equal(&cie->nbma, nbma))
			return true;
	}
	return false;
}
