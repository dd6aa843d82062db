/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Extensions (RFC 2332 5.3): a list of CIEs, or octets kept as they came. */
#ifndef NHRP_EXT_H
#define NHRP_EXT_H

#include "nhrp/cie.h"

struct nhrp_pdu;

/**
 * struct nhrp_ext - one extension other than End
 * @head: type with compulsory and reserved bit, as on the wire
 * @offset: of its header in the decoded packet; 0 in one that we made
 * @is_list: the value is the list @cie, otherwise the octets @value
 * @ncie: entries in @cie
 * @cie: of Responder, transit records and Cisco's NAT address
 * @value: borrowed octets of everything else
 */
struct nhrp_ext {
	uint16_t head;
	uint16_t offset;
	bool is_list;
	uint8_t ncie;
	struct nhrp_cie cie[NHRP_MAX_LIST_CIES];
	struct nh_view value;
};

/** nhrp_ext_type() - type without the two bits */
uint16_t nhrp_ext_type(const struct nhrp_ext *ext);

/**
 * nhrp_ext_get() - read one extension; End too, which has no value
 * @ext: only what belongs to the type is written
 * @r: the extension part
 * @family: of the packet
 * @why: set on failure
 *
 * Return: whether there was a whole extension.
 */
bool nhrp_ext_get(struct nhrp_ext *ext, struct nh_reader *r,
		  const struct nhrp_family *family, struct nhrp_refusal *why);

/** nhrp_ext_fits() - it can be written into a packet of @family */
bool nhrp_ext_fits(const struct nhrp_ext *ext,
		   const struct nhrp_family *family);

/** nhrp_ext_put() - write one extension, for which nhrp_ext_fits() holds */
void nhrp_ext_put(struct nh_writer *w, const struct nhrp_ext *ext);

/** nhrp_ext_find() - first extension of @type in @pdu, or NULL */
struct nhrp_ext *nhrp_ext_find(struct nhrp_pdu *pdu, uint16_t type);

/** nhrp_ext_find_const() - the same for a packet that is only looked at */
const struct nhrp_ext *nhrp_ext_find_const(const struct nhrp_pdu *pdu,
					   uint16_t type);

/**
 * nhrp_ext_find_list() - the extension of @type that is a list of CIEs
 *
 * Differs from nhrp_ext_find() for type 9 only, which RFC 2735 and Cisco use
 * for different things, even in one packet.
 *
 * Return: the extension, writable if the packet is, or NULL.
 */
struct nhrp_ext *nhrp_ext_find_list(const struct nhrp_pdu *pdu, uint16_t type);

/**
 * nhrp_ext_insert() - add an empty extension in Cisco's order
 * @pdu: those present keep their order (RFC 2332 5.3)
 * @type: goes before the first one that ranks behind it in 3,4,5,7,9,8;
 *	  an unknown type goes last
 *
 * The compulsory bit is set as RFC 2332 and Cisco set it for @type.
 *
 * Return: the new extension, or NULL when there are NHRP_MAX_EXTS.
 */
struct nhrp_ext *nhrp_ext_insert(struct nhrp_pdu *pdu, uint16_t type);

/** nhrp_ext_remove() - drop each extension of @type */
void nhrp_ext_remove(struct nhrp_pdu *pdu, uint16_t type);

/** nhrp_ext_append() - add @cie to a list; false when it is full */
bool nhrp_ext_append(struct nhrp_ext *ext, const struct nhrp_cie *cie);

/**
 * nhrp_ext_unknown_compulsory() - first one that we must understand and do not
 *
 * The responder answers Error 1 with its @offset; a transit node passes the
 * packet on, adds no record and learns nothing from it (RFC 2332 5.3).
 *
 * Return: the extension, or NULL.
 */
const struct nhrp_ext *nhrp_ext_unknown_compulsory(const struct nhrp_pdu *pdu);

/**
 * nhrp_ext_has_node() - whether a record names a node
 * @ext: may be NULL (no record: false)
 * @nbma: of the node; looked at only where the record has no protocol address,
 *	as nodes behind different NATs may have the same one
 * @proto: of the node
 */
bool nhrp_ext_has_node(const struct nhrp_ext *ext, const struct nh_addr *nbma,
		       const struct nh_addr *proto);

#endif /* NHRP_EXT_H */
