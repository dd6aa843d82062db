/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Client information entries, the records of NHRP (RFC 2332 5.2.0.1). */
#ifndef NHRP_CIE_H
#define NHRP_CIE_H

#include "lib/addr.h"
#include "lib/buf.h"
#include "nhrp/reason.h"

/**
 * struct nhrp_family - the two address families of a packet
 * @afn: ar$afn, NBMA side
 * @pro_type: ar$pro.type, protocol side
 */
struct nhrp_family {
	uint16_t afn;
	uint16_t pro_type;
};

/** nhrp_afn_len() - octets of an NBMA address of @afn; 0 when unsupported */
unsigned int nhrp_afn_len(uint16_t afn);

/** nhrp_pro_len() - octets of a protocol address; 0 when unsupported */
unsigned int nhrp_pro_len(uint16_t pro_type);

/**
 * nhrp_family_of() - families for the addresses of two ends
 *
 * Return: 0, or -EINVAL when one of them is empty.
 */
int nhrp_family_of(struct nhrp_family *family, const struct nh_addr *nbma,
		   const struct nh_addr *proto);

/**
 * nhrp_family_lengths() - judge three length octets that stand in a row
 * @at: position of @nbma_tl in the packet, for @why
 * @nbma_tl: NBMA type/length octet: the length of the family, or 0
 * @sub_tl: subaddress type/length octet: any length
 * @proto_len: protocol address length: that of the family, or 0
 * @why: set on failure
 */
bool nhrp_family_lengths(const struct nhrp_family *family, size_t at,
			 uint8_t nbma_tl, uint8_t sub_tl, uint8_t proto_len,
			 struct nhrp_refusal *why);

/**
 * struct nhrp_cie - one client information entry
 * @code: enum nhrp_code
 * @prefix: as on the wire; nhrp_cie_prefix() gives it a meaning
 * @unused: zero so far; newer IOS calls it flags
 * @mtu: octets; Cisco writes the nominal interface size, useless for a path
 * @holdtime: seconds
 * @preference: larger is better
 * @nbma_type: NHRP_TL_E164 bit of the NBMA type/length octet
 * @sub_type: the same of the subaddress
 * @nbma: client NBMA address, may be empty
 * @sub: client NBMA subaddress, borrowed, normally empty
 * @proto: client protocol address, may be empty
 */
struct nhrp_cie {
	uint8_t code;
	uint8_t prefix;
	uint16_t unused;
	uint16_t mtu;
	uint16_t holdtime;
	uint8_t preference;
	uint8_t nbma_type;
	uint8_t sub_type;
	struct nh_addr nbma;
	struct nh_view sub;
	struct nh_addr proto;
};

/**
 * nhrp_cie_get() - read one entry
 * @cie: meaningful only on success
 * @r: stands behind the entry afterwards
 * @family: of the packet; addresses must be of it or empty
 * @why: set on failure, untouched otherwise
 *
 * Return: whether there was a whole entry.
 */
bool nhrp_cie_get(struct nhrp_cie *cie, struct nh_reader *r,
		  const struct nhrp_family *family, struct nhrp_refusal *why);

/** nhrp_cie_fits() - its addresses are of @family or empty */
bool nhrp_cie_fits(const struct nhrp_cie *cie,
		   const struct nhrp_family *family);

/** nhrp_cie_put() - write one entry, for which nhrp_cie_fits() holds */
void nhrp_cie_put(struct nh_writer *w, const struct nhrp_cie *cie);

/** nhrp_cie_size() - octets that nhrp_cie_put() writes */
size_t nhrp_cie_size(const struct nhrp_cie *cie);

/**
 * nhrp_cie_prefix() - prefix length that an entry means for @addr
 * @cie: 0, 255 and the full width all mean "this host"
 * @addr: the address that it qualifies, not empty
 *
 * Return: 1 to nh_addr_bits(@addr), or -EINVAL for a length beyond it.
 */
int nhrp_cie_prefix(const struct nhrp_cie *cie, const struct nh_addr *addr);

/**
 * nhrp_cie_claim() - the block of addresses that an entry stands for
 * @prefix: result
 * @cie: its own protocol address is used when present
 * @fallback: the packet's, used when the entry has none
 *
 * Return: 0, or -EINVAL (no address, or impossible length).
 */
int nhrp_cie_claim(struct nh_prefix *prefix, const struct nhrp_cie *cie,
		   const struct nh_addr *fallback);

#endif /* NHRP_CIE_H */
