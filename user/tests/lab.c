// SPDX-License-Identifier: GPL-2.0-or-later
/* Nodes and packets that several tests of the codec start from. */
#include "tests/lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct nh_addr lab_addr(const char *text)
{
	struct nh_addr addr;

	assert_int_equal(nh_addr_parse(&addr, text), 0);
	return addr;
}

static void node(struct nhrp_self *self, const char *nbma, const char *proto,
		 const struct nhrp_auth *auth, bool nat)
{
	*self = (struct nhrp_self){
		.nbma = lab_addr(nbma),
		.proto = lab_addr(proto),
		.mtu = 1514,
		.holdtime = 7200,
		.auth = auth,
		.nat = nat,
	};
}

void lab_init(struct lab *lab, unsigned int n, bool nat)
{
	char password[NHRP_AUTH_MAX + 1] = "";

	memset(lab, 0, sizeof(*lab));
	memcpy(password, "cisco123", n);
	if (n)
		assert_int_equal(nhrp_auth_init(&lab->auth, password), 0);
	node(&lab->hub, "209.168.202.225", "192.168.1.1", &lab->auth, nat);
	node(&lab->sv9_3, "209.168.202.131", "192.168.1.2", &lab->auth, nat);
	node(&lab->sv9_4, "209.168.202.130", "192.168.1.3", &lab->auth, nat);
}

void lab_init_ipv6(struct lab *lab)
{
	memset(lab, 0, sizeof(*lab));
	assert_int_equal(nhrp_auth_init(&lab->auth, "DMVPN"), 0);
	node(&lab->hub, "192.0.2.1", "2001:db8::1", &lab->auth, true);
	node(&lab->sv9_3, "192.0.2.2", "2001:db8::2", &lab->auth, true);
	node(&lab->sv9_4, "192.0.2.3", "2001:db8::3", &lab->auth, true);
	lab->hub.link_local = lab_addr("fe80::1");
	lab->sv9_4.link_local = lab_addr("fe80::3");
}

size_t lab_encode(const struct nhrp_pdu *pdu, uint8_t *buf, size_t cap)
{
	ssize_t n = nhrp_pdu_encode(pdu, buf, cap);

	assert_true(n > 0);
	return (size_t)n;
}

void lab_decode(struct nhrp_pdu *pdu, const uint8_t *buf, size_t len)
{
	struct nhrp_refusal why = { 0 };

	if (!nhrp_pdu_parse(pdu, buf, len, &why))
		fail_msg("refused: %s at %u", nhrp_reason_text(why.reason),
			 why.offset);
}

static int nibble(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = c ? strchr(digits, c) : NULL;

	return p ? (int)(p - digits) : -1;
}

size_t lab_hex(uint8_t *buf, size_t cap, const char *hex)
{
	size_t n = 0;

	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		assert_true(n < cap && nibble(hex[0]) >= 0 &&
			    nibble(hex[1]) >= 0);
		buf[n++] = (uint8_t)(nibble(hex[0]) << 4 | nibble(hex[1]));
		hex++;
	}
	return n;
}

void lab_fix(uint8_t *buf, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	buf[NHRP_OFF_PKTSZ] = (uint8_t)(len >> 8);
	buf[NHRP_OFF_PKTSZ + 1] = (uint8_t)len;
	buf[NHRP_OFF_CHKSUM] = 0;
	buf[NHRP_OFF_CHKSUM + 1] = 0;
	for (i = 0; i < len; i++)
		sum += i % 2 ? buf[i] : (uint32_t)buf[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	buf[NHRP_OFF_CHKSUM] = (uint8_t)(~sum >> 8);
	buf[NHRP_OFF_CHKSUM + 1] = (uint8_t)~sum;
}

/* Replies and forwarded packets borrow from what they are made of. */
static struct {
	struct lab lab;
	struct nhrp_vendor vendor;
	struct nhrp_pdu req, pdu;
	uint8_t quoted[512];
} s;

static void registration(struct nhrp_pdu *pdu, struct nhrp_self *self)
{
	struct nhrp_registration reg = {
		.nhs_proto = s.lab.hub.proto,
		.nhs_nbma = s.lab.hub.nbma,
		.reqid = 5,
		.unique = true,
		.prefix = NHRP_PREFIX_HOST_RFC,
	};

	assert_int_equal(nhrp_vendor_set_group(&s.vendor, "SHAPE_1M"), 0);
	self->vendor = &s.vendor;
	assert_int_equal(nhrp_build_registration_request(pdu, self, &reg), 0);
}

static void resolution(struct nhrp_pdu *pdu, const struct nh_addr *dst)
{
	assert_int_equal(nhrp_build_resolution_request(pdu, &s.lab.sv9_4, dst,
						       7, 0xc800), 0);
}

static void reply_to(const struct nhrp_pdu *req)
{
	const struct nh_addr observed = lab_addr("198.51.100.9");
	struct nhrp_refusal why;
	struct nhrp_cie cie;

	switch (req->type) {
	case NHRP_REGISTRATION_REQUEST:
		nhrp_build_registration_reply(&s.pdu, req, &s.lab.hub,
					      NHRP_CODE_OK, 600, &observed);
		break;
	case NHRP_RESOLUTION_REQUEST:
		assert_true(nhrp_forward(&s.req, &s.lab.hub, &why));
		nhrp_self_cie(&cie, &s.lab.sv9_3);
		nhrp_build_resolution_reply(&s.pdu, req, &s.lab.sv9_3, &cie,
					    0xf000);
		assert_true(nhrp_forward(&s.pdu, &s.lab.hub, &why));
		break;
	default:
		nhrp_build_reply(&s.pdu, req, &s.lab.hub);
	}
}

static void purge(struct nhrp_pdu *pdu, const char *prefix)
{
	struct nh_prefix p;

	assert_int_equal(nh_prefix_parse(&p, prefix, NULL), 0);
	nhrp_build_purge_request(pdu, &s.lab.sv9_3, &s.lab.hub.proto, 11, 0);
	nhrp_build_purge_add(pdu, &p, NULL);
	nhrp_build_purge_add(pdu, &p, &s.lab.sv9_3.nbma);
}

static void indication(enum nhrp_type type, const struct nh_addr *behind)
{
	size_t n = lab_encode(&s.req, s.quoted, sizeof(s.quoted));

	if (type == NHRP_ERROR_INDICATION) {
		nhrp_build_error(&s.pdu, &s.lab.hub, NHRP_ERR_UNREACHABLE, 0,
				 &s.req.src_proto,
				 (struct nh_view){ s.quoted, (uint16_t)n });
		return;
	}
	memset(s.quoted, 0, sizeof(s.quoted));
	if (behind->len == 4) {
		s.quoted[0] = 0x45;
		memcpy(s.quoted + 12, s.lab.sv9_4.proto.bytes, 4);
		memcpy(s.quoted + 16, behind->bytes, 4);
	} else {
		s.quoted[0] = 0x60;
		memcpy(s.quoted + 8, s.lab.sv9_4.proto.bytes, 16);
		memcpy(s.quoted + 24, behind->bytes, 16);
	}
	nhrp_build_traffic(&s.pdu, &s.lab.hub,
			   (struct nh_view){ s.quoted, 100 });
}

/* Nine kinds, first over IPv4, then over IPv6. */
size_t lab_packet(unsigned int which, uint8_t *buf, size_t cap)
{
	bool v6 = which >= LAB_PACKETS / 2;
	struct nh_addr dst = lab_addr(v6 ? "2001:db8:2::2" : "2.2.2.2");

	assert_true(which < LAB_PACKETS);
	if (v6)
		lab_init_ipv6(&s.lab);
	else
		lab_init(&s.lab, 8, true);
	which %= LAB_PACKETS / 2;

	if (which < 2)
		registration(&s.req, &s.lab.sv9_4);
	else if (which == 4 || which == 5)
		purge(&s.req, v6 ? "2001:db8:2::/48" : "2.2.2.0/24");
	else
		resolution(&s.req, &dst);

	switch (which) {
	case 0:
	case 2:
	case 4:
		s.pdu = s.req;
		break;
	case 6:
		nhrp_build_resolution_nak(&s.pdu, &s.req, &s.lab.hub,
					  NHRP_CODE_NO_BINDING);
		break;
	case 7:
		indication(NHRP_ERROR_INDICATION, &dst);
		break;
	case 8:
		indication(NHRP_TRAFFIC_INDICATION, &dst);
		break;
	default:
		reply_to(&s.req);
	}
	return lab_encode(&s.pdu, buf, cap);
}
