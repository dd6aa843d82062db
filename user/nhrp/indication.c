// SPDX-License-Identifier: GPL-2.0-or-later
/* Indications: packets that quote another packet instead of asking. */
#include "nhrp/indication.h"

#include <errno.h>

/* Octets behind the inner header: ports or the first half of an ICMP header. */
#define INNER_PAYLOAD	8

#define IPV4_HLEN_MIN	20
#define IPV4_ADDRS	12	/* offset of the source address */
#define IPV6_HLEN	40
#define IPV6_ADDRS	8

int nhrp_build_error(struct nhrp_pdu *pdu, const struct nhrp_self *self,
		     enum nhrp_error_code code, uint16_t offset,
		     const struct nh_addr *offender, struct nh_view packet)
{
	struct nh_reader r;
	uint8_t type;

	nh_reader_init(&r, packet.data, packet.len);
	nh_get_view(&r, NHRP_OFF_TYPE);
	type = nh_get_u8(&r);
	if (r.err || type == NHRP_ERROR_INDICATION)
		return -EINVAL;
	if (nhrp_build_start(pdu, self, NHRP_ERROR_INDICATION, offender) < 0)
		return -EINVAL;
	pdu->ind_code = (uint16_t)code;
	pdu->ind_offset = offset;
	pdu->quoted = packet;
	return 0;
}

void nhrp_error_quoted(const struct nhrp_pdu *pdu, struct nhrp_quoted *quoted)
{
	struct nh_reader r;
	uint8_t type;

	*quoted = (struct nhrp_quoted){ 0 };
	nh_reader_init(&r, pdu->quoted.data, pdu->quoted.len);
	nh_get_view(&r, NHRP_OFF_TYPE);
	type = nh_get_u8(&r);
	if (r.err)
		return;
	quoted->type = type;
	if (type == 0 || type >= NHRP_ERROR_INDICATION)
		return;
	nh_get_view(&r, NHRP_OFF_REQID - NHRP_OFF_SHTL);
	quoted->reqid = nh_get_be32(&r);
	quoted->has_reqid = !r.err;
	if (r.err)
		quoted->reqid = 0;
}

/*
 * Addresses of an IP packet of which at least the fixed header is there.
 *
 * Return: length of its header, 0 when it cannot be told.
 */
static size_t inner_addrs(struct nh_view packet, struct nh_addr *src,
			  struct nh_addr *dst)
{
	struct nh_view s, d;
	struct nh_reader r;
	size_t hlen, len;
	uint8_t first;

	nh_reader_init(&r, packet.data, packet.len);
	first = nh_get_u8(&r);
	if (first >> 4 == 4) {
		hlen = (size_t)(first & 0x0f) * 4;
		len = 4;
		nh_get_view(&r, IPV4_ADDRS - 1);
		if (hlen < IPV4_HLEN_MIN)
			return 0;
	} else if (first >> 4 == 6) {
		hlen = IPV6_HLEN;
		len = 16;
		nh_get_view(&r, IPV6_ADDRS - 1);
	} else {
		return 0;
	}
	s = nh_get_view(&r, len);
	d = nh_get_view(&r, len);
	if (r.err)
		return 0;
	nh_addr_from_bytes(src, s.data, s.len);
	nh_addr_from_bytes(dst, d.data, d.len);
	return hlen;
}

int nhrp_build_traffic(struct nhrp_pdu *pdu, const struct nhrp_self *self,
		       struct nh_view packet)
{
	struct nh_addr src, dst;
	size_t quote;

	quote = inner_addrs(packet, &src, &dst);
	if (!quote)
		return -EINVAL;
	if (nhrp_build_start(pdu, self, NHRP_TRAFFIC_INDICATION, &src) < 0)
		return -EINVAL;
	quote += INNER_PAYLOAD;
	if (packet.len > quote)
		packet.len = (uint16_t)quote;
	pdu->ind_code = NHRP_TRAFFIC_REDIRECT;
	pdu->quoted = packet;
	return 0;
}

bool nhrp_traffic_inner(const struct nhrp_pdu *pdu, struct nh_addr *src,
			struct nh_addr *dst)
{
	struct nh_addr s, d;

	if (pdu->type != NHRP_TRAFFIC_INDICATION ||
	    !inner_addrs(pdu->quoted, &s, &d) ||
	    s.len != nhrp_pro_len(pdu->family.pro_type))
		return false;
	*src = s;
	*dst = d;
	return true;
}
