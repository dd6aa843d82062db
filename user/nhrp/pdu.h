/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A whole NHRP packet as a structure, and its way from and to octets. */
#ifndef NHRP_PDU_H
#define NHRP_PDU_H

#include <sys/types.h>

#include "nhrp/ext.h"

/**
 * struct nhrp_pdu - a packet without its lengths and offsets
 * @family: ar$afn and ar$pro.type
 * @snap: ar$pro.snap, zero when we send
 * @hopcnt: ar$hopcnt
 * @chksum: as received; 0 in packets that we made; computed anew when encoded
 * @type: enum nhrp_type
 * @src_nbma_type: NHRP_TL_E164 bit of ar$shtl
 * @src_sub_type: the same of ar$sstl
 * @flags: by type; in types 7 and 8 the unused field before the code
 * @reqid: request id (types 1 to 6)
 * @ind_code: error code or traffic code (types 7 and 8)
 * @ind_offset: error offset (7), unused field behind the code (8)
 * @src_nbma: source NBMA address: the requester's (1 to 6), the observer's
 * @src_sub: its subaddress, borrowed
 * @src_proto: source protocol address: requester, or observer (7, 8)
 * @dst_proto: what is asked for (1 to 6), the offending sender (7), the
 *	source of the packet that took the detour (8)
 * @ncie: entries in @cie; 0 in types 7 and 8
 * @cie: mandatory part's entries
 * @quoted: start of the packet that types 7 and 8 are about, borrowed
 * @has_exts: there is an extension part, be it only an End
 * @has_end: it ends in End, as it must
 * @end_head: first two octets of that End
 * @next: entries in @ext
 * @ext: extensions in wire order, without End
 *
 * Borrowed views point into the buffer given to nhrp_pdu_decode(), or into
 * the caller's objects given to a builder: keep those while the packet is
 * used. To keep a packet for later, keep its octets and decode them again.
 */
struct nhrp_pdu {
	struct nhrp_family family;
	uint8_t snap[5];
	uint8_t hopcnt;
	uint16_t chksum;
	uint8_t type;
	uint8_t src_nbma_type;
	uint8_t src_sub_type;
	uint16_t flags;
	uint32_t reqid;
	uint16_t ind_code;
	uint16_t ind_offset;
	struct nh_addr src_nbma;
	struct nh_view src_sub;
	struct nh_addr src_proto;
	struct nh_addr dst_proto;
	uint8_t ncie;
	struct nhrp_cie cie[NHRP_MAX_CIES];
	struct nh_view quoted;
	bool has_exts;
	bool has_end;
	uint16_t end_head;
	uint8_t next;
	struct nhrp_ext ext[NHRP_MAX_EXTS];
};

/**
 * nhrp_pdu_decode() - read the structure of a packet
 * @pdu: meaningful only on success; borrows from @data
 * @data: the NHRP packet alone, without GRE header
 * @len: octets received
 * @why: set on failure: reason and offset
 *
 * Accepts only what nhrp_pdu_encode() turns into the same octets again.
 * Does not judge: hop count 0 or a missing CIE are for nhrp_pdu_check().
 *
 * Return: whether @pdu describes the packet.
 */
bool nhrp_pdu_decode(struct nhrp_pdu *pdu, const void *data, size_t len,
		     struct nhrp_refusal *why);

/**
 * nhrp_pdu_check() - apply the rules of the packet's type
 * @pdu: decoded packet
 * @why: set on failure
 *
 * Return: whether the packet may be acted on or forwarded.
 */
bool nhrp_pdu_check(const struct nhrp_pdu *pdu, struct nhrp_refusal *why);

/** nhrp_pdu_parse() - decode and check: what a receiver calls */
bool nhrp_pdu_parse(struct nhrp_pdu *pdu, const void *data, size_t len,
		    struct nhrp_refusal *why);

/**
 * nhrp_pdu_encode() - write a packet with its lengths, offsets and checksum
 * @pdu: packet
 * @buf: receives the octets
 * @cap: size of @buf
 *
 * Return: octets written, -EMSGSIZE when @cap or 65535 is exceeded, -EINVAL
 * when @pdu contradicts itself (address of another family, unknown type,
 * extensions in an Error Indication, octets where a list belongs).
 */
ssize_t nhrp_pdu_encode(const struct nhrp_pdu *pdu, void *buf, size_t cap);

/** nhrp_pdu_is_request() - types 1, 3 and 5 */
bool nhrp_pdu_is_request(const struct nhrp_pdu *pdu);

/** nhrp_pdu_is_reply() - types 2, 4 and 6 */
bool nhrp_pdu_is_reply(const struct nhrp_pdu *pdu);

/** nhrp_pdu_is_indication() - types 7 and 8: no request id, no CIE */
bool nhrp_pdu_is_indication(const struct nhrp_pdu *pdu);

/** nhrp_pdu_add_cie() - append to the mandatory part; NULL when it is full */
struct nhrp_cie *nhrp_pdu_add_cie(struct nhrp_pdu *pdu,
				  const struct nhrp_cie *cie);

#endif /* NHRP_PDU_H */
