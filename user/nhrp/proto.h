/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of the NHRP wire format: RFC 2332, RFC 2735 and Cisco's additions. */
#ifndef NHRP_PROTO_H
#define NHRP_PROTO_H

#define NHRP_VERSION		1	/* ar$op.version, RFC 2332 5.1 */

/* Fixed header, RFC 2332 5.1: length, and offsets that reasons refer to. */
#define NHRP_HDR_LEN		20
#define NHRP_OFF_AFN		0
#define NHRP_OFF_PRO_TYPE	2
#define NHRP_OFF_HOPCNT		9
#define NHRP_OFF_PKTSZ		10
#define NHRP_OFF_CHKSUM		12
#define NHRP_OFF_EXTOFF		14
#define NHRP_OFF_VERSION	16
#define NHRP_OFF_TYPE		17
#define NHRP_OFF_SHTL		18
#define NHRP_OFF_SSTL		19
#define NHRP_OFF_SPLEN		20
#define NHRP_OFF_DPLEN		21
#define NHRP_OFF_FLAGS		22
#define NHRP_OFF_REQID		24
#define NHRP_OFF_ADDRS		28
#define NHRP_MAND_LEN		8	/* lengths, flags, id before the addresses */
#define NHRP_CIE_LEN		12	/* CIE without its addresses */
#define NHRP_EXT_LEN		4	/* extension header */

/*
 * Cisco sends 255 in each type and refuses 0; peers that count down from a
 * small number only shorten the way of their own packets.
 */
#define NHRP_HOPCNT		255

/* ar$afn: address family numbers of the NBMA network (IANA). */
enum nhrp_afn {
	NHRP_AFN_IPV4		= 1,
	NHRP_AFN_IPV6		= 2,
};

/* ar$pro.type: Ethertypes; 0x0080 would say "see ar$pro.snap". */
enum nhrp_pro_type {
	NHRP_PRO_SNAP		= 0x0080,
	NHRP_PRO_IPV4		= 0x0800,
	NHRP_PRO_IPV6		= 0x86dd,
};

/* ar$op.type, RFC 2332 5.1; 8 is Cisco's. */
enum nhrp_type {
	NHRP_RESOLUTION_REQUEST		= 1,
	NHRP_RESOLUTION_REPLY		= 2,
	NHRP_REGISTRATION_REQUEST	= 3,
	NHRP_REGISTRATION_REPLY		= 4,
	NHRP_PURGE_REQUEST		= 5,
	NHRP_PURGE_REPLY		= 6,
	NHRP_ERROR_INDICATION		= 7,
	NHRP_TRAFFIC_INDICATION		= 8,
};

/* Type/length octets (ar$shtl and the like), RFC 2332 5.1. */
enum nhrp_tl {
	NHRP_TL_RESERVED	= 0x80,	/* must be zero */
	NHRP_TL_E164		= 0x40,	/* else NSAP; no meaning for IP */
	NHRP_TL_LEN		= 0x3f,
};

/* Flags of Resolution Request and Reply, RFC 2332 5.2.1, 5.2.2. */
enum nhrp_resolution_flag {
	NHRP_RES_ROUTER		= 0x8000, /* Q: requester is a router */
	NHRP_RES_AUTHORITATIVE	= 0x4000, /* A: wanted / given */
	NHRP_RES_DST_STABLE	= 0x2000, /* D: replies only */
	NHRP_RES_UNIQUE		= 0x1000, /* U: wanted / is unique */
	NHRP_RES_SRC_STABLE	= 0x0800, /* S: requester's own binding */
	NHRP_RES_NAT		= 0x0002, /* Cisco: knows the NAT extension */
};

/* Flags of Registration Request and Reply, RFC 2332 5.2.3. */
enum nhrp_registration_flag {
	NHRP_REG_UNIQUE		= 0x8000, /* U */
	NHRP_REG_NAT		= 0x0002, /* Cisco: knows the NAT extension */
};

/* Flags of Purge Request and Reply, RFC 2332 5.2.5. */
enum nhrp_purge_flag {
	NHRP_PURGE_NO_REPLY	= 0x8000, /* N */
};

/* Codes of a CIE, RFC 2332 5.2.2 and 5.2.4. */
enum nhrp_code {
	NHRP_CODE_OK			= 0,
	NHRP_CODE_PROHIBITED		= 4,
	NHRP_CODE_RESOURCES		= 5,
	NHRP_CODE_NO_BINDING_OLD	= 11, /* wrong constant of others */
	NHRP_CODE_NO_BINDING		= 12,
	NHRP_CODE_NOT_UNIQUE		= 13,
	NHRP_CODE_ALREADY_REGISTERED	= 14,
};

/* Codes of an Error Indication, RFC 2332 5.2.7; 16 and 17 RFC 2735. */
enum nhrp_error_code {
	NHRP_ERR_NONE			= 0,
	NHRP_ERR_UNRECOGNIZED_EXT	= 1,
	NHRP_ERR_LOOP			= 3,
	NHRP_ERR_UNREACHABLE		= 6,
	NHRP_ERR_PROTOCOL		= 7,
	NHRP_ERR_TOO_BIG		= 8,
	NHRP_ERR_INVALID_EXT		= 9,
	NHRP_ERR_INVALID_REPLY		= 10,
	NHRP_ERR_AUTH			= 11,
	NHRP_ERR_HOPCNT			= 15,
	NHRP_ERR_VPN_MISMATCH		= 16,
	NHRP_ERR_VPN_UNSUPPORTED	= 17,
};

/* Traffic code of a Traffic Indication. */
enum nhrp_traffic_code {
	NHRP_TRAFFIC_REDIRECT	= 0,
};

/* Extension types, RFC 2332 5.3; 9 is Cisco's, and RFC 2735's with length 8. */
enum nhrp_ext_type {
	NHRP_EXT_END		= 0,	/* 5.3.0 */
	NHRP_EXT_RESPONDER	= 3,	/* 5.3.1 Responder Address */
	NHRP_EXT_FORWARD	= 4,	/* 5.3.2 Forward Transit NHS Record */
	NHRP_EXT_REVERSE	= 5,	/* 5.3.3 Reverse Transit NHS Record */
	NHRP_EXT_AUTH		= 7,	/* 5.3.4, Cisco: cleartext */
	NHRP_EXT_VENDOR		= 8,	/* 5.3.5 Vendor-Private */
	NHRP_EXT_NAT		= 9,	/* Cisco: NAT address */
};

/* First two octets of an extension, RFC 2332 5.3. */
enum nhrp_ext_bits {
	NHRP_EXT_COMPULSORY	= 0x8000,
	NHRP_EXT_RESERVED	= 0x4000,
	NHRP_EXT_TYPE		= 0x3fff,
};

/* RFC 2735's device capabilities share type 9 and are told apart by this. */
#define NHRP_EXT_CAPABILITIES_LEN	8

/* Vendor extension: OUI and sub-TLVs, as Cisco's devices send them. */
#define NHRP_OUI_LEN			3
#define NHRP_OUI_CISCO			0x00000c
#define NHRP_CISCO_SUB_GROUP		1	/* "nhrp group NAME" */

/* Prefix lengths that mean "this host only" beside the full width. */
#define NHRP_PREFIX_HOST_ZERO		0
#define NHRP_PREFIX_HOST_RFC		255

/* Limits of this implementation; a packet beyond them is refused. */
#define NHRP_MAX_CIES			8	/* in the mandatory part */
#define NHRP_MAX_EXTS			16
#define NHRP_MAX_LIST_CIES		16	/* in one extension */
#define NHRP_MAX_PKTSZ			65535

#endif /* NHRP_PROTO_H */
