// SPDX-License-Identifier: GPL-2.0-or-later
/* Rendering for debug logs, in the words that Cisco engineers grep for. */
#include "nhrp/print.h"

#include <stdarg.h>
#include <stdio.h>

#include "nhrp/indication.h"
#include "nhrp/vendor.h"

/* Text cursor: cuts at the end of the buffer, which is always terminated. */
struct out {
	char *buf;
	size_t size;
	size_t pos;
};

__attribute__((format(printf, 2, 3)))
static void put(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (o->pos + 1 >= o->size)
		return;
	va_start(ap, fmt);
	n = vsnprintf(o->buf + o->pos, o->size - o->pos, fmt, ap);
	va_end(ap);
	if (n > 0)
		o->pos += (size_t)n;
	if (o->pos >= o->size)
		o->pos = o->size - 1;
}

static struct out out_init(char *buf, size_t size)
{
	if (size)
		buf[0] = '\0';
	return (struct out){ .buf = buf, .size = size };
}

const char *nhrp_type_name(unsigned int type)
{
	static const char *const names[] = {
		[NHRP_RESOLUTION_REQUEST] = "Resolution Request",
		[NHRP_RESOLUTION_REPLY] = "Resolution Reply",
		[NHRP_REGISTRATION_REQUEST] = "Registration Request",
		[NHRP_REGISTRATION_REPLY] = "Registration Reply",
		[NHRP_PURGE_REQUEST] = "Purge Request",
		[NHRP_PURGE_REPLY] = "Purge Reply",
		[NHRP_ERROR_INDICATION] = "Error Indication",
		[NHRP_TRAFFIC_INDICATION] = "Traffic Indication",
	};

	if (type >= sizeof(names) / sizeof(names[0]) || !names[type])
		return "Unknown";
	return names[type];
}

const char *nhrp_code_name(unsigned int code)
{
	switch (code) {
	case NHRP_CODE_OK:
		return "no error";
	case NHRP_CODE_PROHIBITED:
		return "administratively prohibited";
	case NHRP_CODE_RESOURCES:
		return "insufficient resources";
	case NHRP_CODE_NO_BINDING_OLD:
	case NHRP_CODE_NO_BINDING:
		return "no binding exists";
	case NHRP_CODE_NOT_UNIQUE:
		return "binding not unique";
	case NHRP_CODE_ALREADY_REGISTERED:
		return "unique address already registered";
	default:
		return "unknown";
	}
}

const char *nhrp_error_name(unsigned int code)
{
	switch (code) {
	case NHRP_ERR_UNRECOGNIZED_EXT:
		return "unrecognized extension";
	case NHRP_ERR_LOOP:
		return "loop detected";
	case NHRP_ERR_UNREACHABLE:
		return "protocol address unreachable";
	case NHRP_ERR_PROTOCOL:
		return "protocol error";
	case NHRP_ERR_TOO_BIG:
		return "packet too big";
	case NHRP_ERR_INVALID_EXT:
		return "invalid extension";
	case NHRP_ERR_INVALID_REPLY:
		return "invalid resolution reply received";
	case NHRP_ERR_AUTH:
		return "authentication failure";
	case NHRP_ERR_HOPCNT:
		return "hop count exceeded";
	case NHRP_ERR_VPN_MISMATCH:
		return "VPN mismatch";
	case NHRP_ERR_VPN_UNSUPPORTED:
		return "VPN unsupported";
	default:
		return "unknown";
	}
}

char *nhrp_print_event(char *buf, size_t size, const char *verb,
		       unsigned int type, const char *ifname, size_t pktsz)
{
	struct out o = out_init(buf, size);

	put(&o, "%s %s via %s, packet size: %zu", verb, nhrp_type_name(type),
	    ifname, pktsz);
	return buf;
}

char *nhrp_print_ends(char *buf, size_t size, const struct nh_addr *src,
		      const struct nh_addr *dst)
{
	char s[NH_ADDR_STRLEN], d[NH_ADDR_STRLEN];
	struct out o = out_init(buf, size);

	put(&o, " src: %s, dst: %s", nh_addr_format(src, s, sizeof(s)),
	    nh_addr_format(dst, d, sizeof(d)));
	return buf;
}

static void put_flags(struct out *o, const struct nhrp_pdu *pdu)
{
	static const struct {
		uint8_t type;	/* of the request */
		uint16_t bit;
		const char *name;
	} names[] = {
		{ NHRP_RESOLUTION_REQUEST, NHRP_RES_ROUTER, "router" },
		{ NHRP_RESOLUTION_REQUEST, NHRP_RES_AUTHORITATIVE, "auth" },
		{ NHRP_RESOLUTION_REQUEST, NHRP_RES_DST_STABLE, "dst-stable" },
		{ NHRP_RESOLUTION_REQUEST, NHRP_RES_UNIQUE, "unique" },
		{ NHRP_RESOLUTION_REQUEST, NHRP_RES_SRC_STABLE, "src-stable" },
		{ NHRP_RESOLUTION_REQUEST, NHRP_RES_NAT, "nat" },
		{ NHRP_REGISTRATION_REQUEST, NHRP_REG_UNIQUE, "unique" },
		{ NHRP_REGISTRATION_REQUEST, NHRP_REG_NAT, "nat" },
		{ NHRP_PURGE_REQUEST, NHRP_PURGE_NO_REPLY, "no-reply" },
	};
	uint8_t type = pdu->type - nhrp_pdu_is_reply(pdu);
	uint16_t rest = pdu->flags;
	size_t i;

	put(o, "flags: \"");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].type != type || !(rest & names[i].bit))
			continue;
		put(o, "%s ", names[i].name);
		rest &= (uint16_t)~names[i].bit;
	}
	if (rest)
		put(o, "0x%04x ", rest);
	put(o, "\"");
}

static void put_cie(struct out *o, unsigned int n, const struct nhrp_cie *cie)
{
	char a[NH_ADDR_STRLEN];

	put(o, " (C-%u) code: %s(%u)\n", n, nhrp_code_name(cie->code),
	    cie->code);
	put(o, "       prefix: %u, mtu: %u, hd_time: %u\n", cie->prefix,
	    cie->mtu, cie->holdtime);
	put(o, "       addr_len: %u, subaddr_len: %u, proto_len: %u, pref: %u\n",
	    cie->nbma.len, cie->sub.len, cie->proto.len, cie->preference);
	if (cie->nbma.len)
		put(o, "       client NBMA: %s\n",
		    nh_addr_format(&cie->nbma, a, sizeof(a)));
	if (cie->proto.len)
		put(o, "       client protocol: %s\n",
		    nh_addr_format(&cie->proto, a, sizeof(a)));
}

static const char *ext_name(unsigned int type)
{
	switch (type) {
	case NHRP_EXT_RESPONDER:
		return "Responder Address";
	case NHRP_EXT_FORWARD:
		return "Forward Transit NHS Record";
	case NHRP_EXT_REVERSE:
		return "Reverse Transit NHS Record";
	case NHRP_EXT_AUTH:
		return "Authentication";
	case NHRP_EXT_VENDOR:
		return "Vendor Private";
	case NHRP_EXT_NAT:
		return "NAT address";
	default:
		return "Unknown";
	}
}

/* The value of an authentication extension is a password: length only. */
static void put_ext(struct out *o, const struct nhrp_ext *ext)
{
	unsigned int i;

	put(o, " %s Extension(%u)%s", ext_name(nhrp_ext_type(ext)),
	    nhrp_ext_type(ext),
	    ext->head & NHRP_EXT_COMPULSORY ? ", compulsory" : "");
	if (!ext->is_list)
		put(o, ", length: %u", ext->value.len);
	put(o, ":\n");
	for (i = 0; i < ext->ncie; i++)
		put_cie(o, i + 1, &ext->cie[i]);
}

/* Someone else's octets must not steer the terminal that shows the log. */
static void put_group(struct out *o, const struct nhrp_pdu *pdu)
{
	struct nh_view group;
	struct nh_reader r;

	if (!nhrp_vendor_group(pdu, &group))
		return;
	put(o, " NHRP group: ");
	nh_reader_init(&r, group.data, group.len);
	while (nh_reader_left(&r)) {
		uint8_t c = nh_get_u8(&r);

		put(o, "%c", c > 0x20 && c < 0x7f ? c : '?');
	}
	put(o, "\n");
}

static void put_indication(struct out *o, const struct nhrp_pdu *pdu)
{
	char s[NH_ADDR_STRLEN], d[NH_ADDR_STRLEN];
	struct nh_addr src, dst;
	struct nhrp_quoted q;

	if (pdu->type == NHRP_TRAFFIC_INDICATION) {
		put(o, " (M) traffic code: %s(%u)\n",
		    pdu->ind_code == NHRP_TRAFFIC_REDIRECT ? "redirect" :
		    "unknown", pdu->ind_code);
		if (nhrp_traffic_inner(pdu, &src, &dst))
			put(o, "     inner packet: src: %s, dst: %s\n",
			    nh_addr_format(&src, s, sizeof(s)),
			    nh_addr_format(&dst, d, sizeof(d)));
		return;
	}
	put(o, " (M) error code: %s(%u), offset: %u\n",
	    nhrp_error_name(pdu->ind_code), pdu->ind_code, pdu->ind_offset);
	nhrp_error_quoted(pdu, &q);
	put(o, "     about: %s", nhrp_type_name(q.type));
	if (q.has_reqid)
		put(o, ", reqid: %u", q.reqid);
	put(o, "\n");
}

char *nhrp_print_pdu(char *buf, size_t size, const struct nhrp_pdu *pdu)
{
	bool v4 = pdu->family.afn == NHRP_AFN_IPV4;
	char a[NH_ADDR_STRLEN], b[NH_ADDR_STRLEN];
	struct out o = out_init(buf, size);
	unsigned int i;

	put(&o, " (F) %s, afn: AF_%s(%u), type: %s(%X), hop: %u, ver: %u\n",
	    nhrp_type_name(pdu->type), v4 ? "IP" : "IP6", pdu->family.afn,
	    pdu->family.pro_type == NHRP_PRO_IPV4 ? "IP" : "IPV6",
	    pdu->family.pro_type, pdu->hopcnt, NHRP_VERSION);
	put(&o, "     shtl: %u, sstl: %u\n", pdu->src_nbma.len,
	    pdu->src_sub.len);
	if (nhrp_pdu_is_indication(pdu)) {
		put_indication(&o, pdu);
	} else {
		put(&o, " (M) ");
		put_flags(&o, pdu);
		put(&o, ", reqid: %u\n", pdu->reqid);
	}
	put(&o, "     src NBMA: %s\n",
	    nh_addr_format(&pdu->src_nbma, a, sizeof(a)));
	put(&o, "     src protocol: %s, dst protocol: %s\n",
	    nh_addr_format(&pdu->src_proto, a, sizeof(a)),
	    nh_addr_format(&pdu->dst_proto, b, sizeof(b)));
	for (i = 0; i < pdu->ncie; i++)
		put_cie(&o, i + 1, &pdu->cie[i]);
	for (i = 0; i < pdu->next; i++)
		put_ext(&o, &pdu->ext[i]);
	put_group(&o, pdu);
	return buf;
}
