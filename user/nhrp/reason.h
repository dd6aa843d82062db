/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a packet was refused: reason, place, and the error code that tells it. */
#ifndef NHRP_REASON_H
#define NHRP_REASON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nhrp/proto.h"

/**
 * enum nhrp_reason - what is wrong with a packet
 *
 * The first block comes from nhrp_pdu_decode(): the octets have no
 * unambiguous structure. The second from nhrp_pdu_check(): well formed, but
 * against the rules of its type. The third from nhrp_auth_check(),
 * nhrp_forward(), and who takes a reply.
 */
enum nhrp_reason {
	NHRP_OK = 0,

	NHRP_R_SHORT,		/* fewer octets than the fixed header */
	NHRP_R_PKTSZ_SMALL,	/* ar$pktsz below the fixed header */
	NHRP_R_PKTSZ,		/* ar$pktsz is not the received length */
	NHRP_R_CHECKSUM,
	NHRP_R_VERSION,
	NHRP_R_TYPE,
	NHRP_R_NBMA_FAMILY,
	NHRP_R_PROTO_FAMILY,
	NHRP_R_TL_RESERVED,	/* bit 7 of a type/length octet */
	NHRP_R_NBMA_LEN,	/* length does not fit ar$afn */
	NHRP_R_PROTO_LEN,	/* length does not fit ar$pro.type */
	NHRP_R_TRUNCATED,	/* mandatory part ends within its addresses */
	NHRP_R_EXTOFF,		/* ar$extoff outside the possible range */
	NHRP_R_CIE_TRUNCATED,
	NHRP_R_CIE_LIMIT,	/* more CIEs than NHRP_MAX_CIES */
	NHRP_R_EXT_FORBIDDEN,	/* extensions in an Error Indication */
	NHRP_R_EXT_TRUNCATED,
	NHRP_R_EXT_LIMIT,	/* more than NHRP_MAX_EXTS */
	NHRP_R_EXT_DUPLICATE,
	NHRP_R_EXT_LIST,	/* value is not a list of CIEs */
	NHRP_R_EXT_LIST_LIMIT,	/* more CIEs than NHRP_MAX_LIST_CIES */
	NHRP_R_EXT_END_VALUE,	/* End with a value */
	NHRP_R_EXT_AFTER_END,

	NHRP_R_EXT_NO_END,
	NHRP_R_HOPCNT_ZERO,
	NHRP_R_ADDR_MISSING,	/* an address that the type needs is empty */
	NHRP_R_ADDR_MAPPED,	/* IPv4-mapped IPv6 address claimed */
	NHRP_R_CIE_MISSING,
	NHRP_R_CIE_EXCESS,	/* more CIEs than the type allows */
	NHRP_R_PREFIX,		/* prefix length wider than the address */
	NHRP_R_EXT_RESPONDER,	/* Responder Address is not one CIE */
	NHRP_R_INNER,		/* quoted packet shows no IP addresses */

	NHRP_R_AUTH_MISSING,
	NHRP_R_AUTH_DUPLICATE,
	NHRP_R_AUTH_WRONG,
	NHRP_R_HOPCNT_EXCEEDED,
	NHRP_R_LOOP,
	NHRP_R_RECORD_FULL,	/* no room for one more transit record */
	NHRP_R_EXT_UNKNOWN,	/* compulsory, in a reply to us */

	NHRP_R_COUNT_		/* not a reason */
};

/**
 * struct nhrp_refusal - a reason and its place
 * @reason: NHRP_OK when nothing is wrong
 * @offset: octet it was found at, from the start of the fixed header
 */
struct nhrp_refusal {
	enum nhrp_reason reason;
	uint16_t offset;
};

/** nhrp_refuse() - note reason and place; false, to be returned at once */
bool nhrp_refuse(struct nhrp_refusal *why, enum nhrp_reason reason,
		 size_t offset);

/** nhrp_reason_text() - a few words for a log; never NULL */
const char *nhrp_reason_text(enum nhrp_reason reason);

/**
 * nhrp_reason_error() - code for an Error Indication about it
 *
 * Return: a code of RFC 2332 5.2.7, or NHRP_ERR_NONE when the sender must not
 * be answered, because the packet may not be what it says.
 */
enum nhrp_error_code nhrp_reason_error(enum nhrp_reason reason);

#endif /* NHRP_REASON_H */
