// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets made by the builders: octets, and the sizes that routers print. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab.h"

static struct nhrp_pdu req, rep, got;
static uint8_t buf[2048], want[2048];

static void assert_octets(const struct nhrp_pdu *pdu, const char *hex)
{
	size_t n = lab_hex(want, sizeof(want), hex);

	assert_int_equal(lab_encode(pdu, buf, sizeof(buf)), n);
	assert_memory_equal(buf, want, n);
}

static void ask(struct nhrp_pdu *pdu, const struct nhrp_self *self,
		const char *dst, uint32_t reqid)
{
	struct nh_addr addr = lab_addr(dst);

	assert_int_equal(nhrp_build_resolution_request(pdu, self, &addr, reqid,
						       0xc800), 0);
}

static void answer(struct nhrp_pdu *reply, const struct nhrp_pdu *request,
		   const struct nhrp_self *responder,
		   const struct nhrp_self *egress, uint16_t flags)
{
	struct nhrp_cie cie;

	nhrp_self_cie(&cie, egress);
	cie.prefix = 32;
	assert_int_equal(nhrp_build_resolution_reply(reply, request, responder,
						     &cie, flags), 0);
}

static void forward(struct nhrp_pdu *pdu, const struct nhrp_self *self)
{
	struct nhrp_refusal why = { 0 };

	if (!nhrp_forward(pdu, self, &why))
		fail_msg("%s", nhrp_reason_text(why.reason));
}

/* IOS 12.3: no NAT extension, records in the order that IOS prints. */
static void test_layout_resolution(void **state)
{
	struct lab lab;

	(void)state;
	lab_init(&lab, 8, false);
	ask(&req, &lab.sv9_4, "2.2.2.2", 7);
	assert_octets(&req,
		"00010800 00000000 00ff0054 a9310034 01010400"
		"0404c800 00000007 d1a8ca82 c0a80103 02020202"
		"00000000 05ea1c20 00000000"
		"80030000 80040000 80050000"
		"8007000c 00000001 63697363 6f313233 80000000");

	forward(&req, &lab.hub);
	assert_octets(&req,
		"00010800 00000000 00fe0068 20cc0034 01010400"
		"0404c800 00000007 d1a8ca82 c0a80103 02020202"
		"00000000 05ea1c20 00000000"
		"80030000"
		"80040014 00000000 05ea1c20 04000400 d1a8cae1 c0a80101"
		"80050000"
		"8007000c 00000001 63697363 6f313233 80000000");

	answer(&rep, &req, &lab.sv9_3, &lab.sv9_3, 0xf000);
	assert_octets(&rep,
		"00010800 00000000 00ff0084 02b9003c 01020400"
		"0404f800 00000007 d1a8ca82 c0a80103 02020202"
		"00200000 05ea1c20 04000400 d1a8ca83 c0a80102"
		"80030014 00000000 05ea1c20 04000400 d1a8ca83 c0a80102"
		"80040014 00000000 05ea1c20 04000400 d1a8cae1 c0a80101"
		"80050000"
		"8007000c 00000001 63697363 6f313233 80000000");

	forward(&rep, &lab.hub);
	assert_octets(&rep,
		"00010800 00000000 00fe0098 7a53003c 01020400"
		"0404f800 00000007 d1a8ca82 c0a80103 02020202"
		"00200000 05ea1c20 04000400 d1a8ca83 c0a80102"
		"80030014 00000000 05ea1c20 04000400 d1a8ca83 c0a80102"
		"80040014 00000000 05ea1c20 04000400 d1a8cae1 c0a80101"
		"80050014 00000000 05ea1c20 04000400 d1a8cae1 c0a80101"
		"8007000c 00000001 63697363 6f313233 80000000");
}

/* The hub answers for a registered address: no forward record. */
static void test_layout_hub_cache(void **state)
{
	struct lab lab;

	(void)state;
	lab_init(&lab, 8, false);
	ask(&req, &lab.sv9_3, "192.168.1.3", 3);
	answer(&rep, &req, &lab.hub, &lab.sv9_4, NHRP_RES_AUTHORITATIVE |
						 NHRP_RES_UNIQUE);
	assert_octets(&rep,
		"00010800 00000000 00ff0070 ed1e003c 01020400"
		"0404d800 00000003 d1a8ca83 c0a80102 c0a80103"
		"00200000 05ea1c20 04000400 d1a8ca82 c0a80103"
		"80030014 00000000 05ea1c20 04000400 d1a8cae1 c0a80101"
		"80040000 80050000"
		"8007000c 00000001 63697363 6f313233 80000000");
}

/* A spoke behind NAT: the hub's address goes out, its own comes back. */
static void test_layout_registration(void **state)
{
	const struct nh_addr outer = lab_addr("198.51.100.9");
	struct nhrp_registration reg = { .reqid = 1, .unique = true,
					 .prefix = NHRP_PREFIX_HOST_RFC };
	struct lab lab;

	(void)state;
	lab_init(&lab, 8, true);
	lab.sv9_4.preference = 255;
	reg.nhs_proto = lab.hub.proto;
	reg.nhs_nbma = lab.hub.nbma;
	assert_int_equal(nhrp_build_registration_request(&req, &lab.sv9_4,
							 &reg), 0);
	assert_octets(&req,
		"00010800 00000000 00ff006c c51c0034 01030400"
		"04048002 00000001 d1a8ca82 c0a80103 c0a80101"
		"00ff0000 05ea1c20 000000ff"
		"80030000 80040000 80050000"
		"8007000c 00000001 63697363 6f313233"
		"00090014 00200000 05ea0000 04000400 d1a8cae1 c0a80101"
		"80000000");

	nhrp_build_registration_reply(&rep, &req, &lab.hub, NHRP_CODE_OK, 600,
				      &outer);
	assert_octets(&rep,
		"00010800 00000000 00ff0094 624c0034 01040400"
		"04048002 00000001 d1a8ca82 c0a80103 c0a80101"
		"00ff0000 05ea0258 000000ff"
		"80030014 00000000 05ea1c20 04000400 d1a8cae1 c0a80101"
		"80040000 80050000"
		"8007000c 00000001 63697363 6f313233"
		"00090028 00200000 05ea0000 04000400 d1a8cae1 c0a80101"
		"         00200000 00000000 04000400 c6336409 c0a80103"
		"80000000");
}

static void test_layout_traffic(void **state)
{
	static const char inner[] =
		"4500001c 00000000 fe01f731 c0a80103 02020202"
		"08001234 00010000";
	struct nh_addr src, dst;
	uint8_t packet[64];
	struct lab lab;
	size_t n;

	(void)state;
	lab_init(&lab, 8, true);
	n = lab_hex(packet, sizeof(packet), inner);
	memset(packet + n, 0xee, sizeof(packet) - n);
	assert_int_equal(nhrp_build_traffic(&rep, &lab.hub,
			 (struct nh_view){ packet, sizeof(packet) }), 0);
	assert_octets(&rep,
		"00010800 00000000 00ff0064 3add0044 01080400"
		"04040000 00000000 d1a8cae1 c0a80101 c0a80103"
		"4500001c 00000000 fe01f731 c0a80103 02020202"
		"08001234 00010000"
		"80040000 80050000"
		"8007000c 00000001 63697363 6f313233 00090000 80000000");
	assert_true(nhrp_traffic_inner(&rep, &src, &dst));
	assert_true(nh_addr_equal(&src, &lab.sv9_4.proto));
	assert_memory_equal(dst.bytes, "\x02\x02\x02\x02", 4);

	/* The quoted packet must be of the family that can be asked for. */
	rep.family.pro_type = NHRP_PRO_IPV6;
	assert_false(nhrp_traffic_inner(&rep, &src, &dst));
	rep.family.pro_type = NHRP_PRO_IPV4;
	rep.type = NHRP_ERROR_INDICATION;
	assert_false(nhrp_traffic_inner(&rep, &src, &dst));
}

static size_t size_of(const struct nhrp_pdu *pdu)
{
	size_t n = lab_encode(pdu, buf, sizeof(buf));

	lab_decode(&got, buf, n);
	return n;
}

static void check_resolution_sizes(const struct lab *lab, size_t a, size_t t)
{
	uint8_t packet[28] = { 0x45 };

	ask(&req, &lab->sv9_4, "2.2.2.2", 1);
	assert_int_equal(size_of(&req), 68 + a + t);
	answer(&rep, &req, &lab->hub, &lab->sv9_3, 0);
	assert_int_equal(size_of(&rep), 68 + a + t + 8 + 20);
	forward(&req, &lab->hub);
	assert_int_equal(size_of(&req), 68 + a + t + 20);
	answer(&rep, &req, &lab->sv9_3, &lab->sv9_3, 0);
	assert_int_equal(size_of(&rep), 68 + a + t + 20 + 8 + 20);
	forward(&rep, &lab->hub);
	assert_int_equal(size_of(&rep), 68 + a + t + 20 + 8 + 20 + 20);

	assert_int_equal(nhrp_build_traffic(&rep, &lab->hub,
			 (struct nh_view){ packet, sizeof(packet) }), 0);
	assert_int_equal(size_of(&rep), 40 + 28 + 8 + a + t + 4);
}

static void check_registration_sizes(const struct lab *lab, size_t a, size_t t)
{
	const struct nh_addr outer = lab_addr("198.51.100.9");
	struct nhrp_registration reg = {
		.nhs_proto = lab->hub.proto,
		.nhs_nbma = lab->hub.nbma,
		.unique = true,
		.prefix = 32,
	};
	struct nhrp_self self = lab->sv9_4;
	struct nhrp_vendor vendor;
	size_t nat = t ? 24 : 0;

	assert_int_equal(nhrp_build_registration_request(&req, &self, &reg),
			 0);
	assert_int_equal(size_of(&req), 68 + a + nat);
	nhrp_build_registration_reply(&rep, &req, &lab->hub, NHRP_CODE_OK, 600,
				      &self.nbma);
	assert_int_equal(size_of(&rep), 68 + a + nat + 20);
	nhrp_build_registration_reply(&rep, &req, &lab->hub, NHRP_CODE_OK, 600,
				      &outer);
	assert_int_equal(size_of(&rep), 68 + a + nat + 20 + (t ? 20 : 0));

	assert_int_equal(nhrp_vendor_set_group(&vendor, "SHAPE_1M"), 0);
	self.vendor = &vendor;
	nhrp_build_registration_request(&req, &self, &reg);
	assert_int_equal(size_of(&req), 68 + a + nat + 17);
	nhrp_build_registration_reply(&rep, &req, &lab->hub, NHRP_CODE_OK, 600,
				      NULL);
	assert_int_equal(size_of(&rep), 68 + a + nat + 17 + 20);
}

/* 84/104/112/132/152 and 88/108/116/136/156 are among these. */
static void test_sizes(void **state)
{
	unsigned int n, nat;
	struct lab lab;

	(void)state;
	for (n = 0; n <= NHRP_AUTH_MAX; n++) {
		for (nat = 0; nat < 2; nat++) {
			lab_init(&lab, n, nat);
			check_resolution_sizes(&lab, n ? 8 + n : 0, nat * 4);
			check_registration_sizes(&lab, n ? 8 + n : 0, nat * 4);
		}
	}
}

/* Cisco registers the link-local address by name: 161 and 225 octets. */
static void test_ipv6(void **state)
{
	struct nhrp_registration reg = { .unique = true, .prefix = 128 };
	uint8_t packet[80] = { 0x60 };
	struct nh_addr src, dst;
	struct lab lab;

	(void)state;
	lab_init_ipv6(&lab);
	reg.nhs_proto = lab.hub.proto;
	reg.nhs_nbma = lab.hub.nbma;
	assert_int_equal(nhrp_build_registration_request(&req, &lab.sv9_4,
							 &reg), 0);
	assert_int_equal(size_of(&req), 161);
	assert_int_equal(buf[NHRP_OFF_EXTOFF + 1], 96);
	assert_true(nh_addr_equal(&got.cie[0].proto, &lab.sv9_4.link_local));

	nhrp_build_registration_reply(&rep, &req, &lab.hub, NHRP_CODE_OK, 7200,
				      &lab.sv9_4.nbma);
	assert_int_equal(size_of(&rep), 225);
	assert_int_equal(buf[NHRP_OFF_EXTOFF + 1], 128);
	assert_int_equal(got.ncie, 2);
	assert_true(nh_addr_equal(&got.cie[1].proto, &lab.hub.link_local));

	/* A refusal names nobody but the one refused. */
	nhrp_build_registration_reply(&rep, &req, &lab.hub,
				      NHRP_CODE_PROHIBITED, 7200, NULL);
	assert_int_equal(rep.ncie, 1);

	memcpy(packet + 8, lab.sv9_4.proto.bytes, 16);
	memcpy(packet + 24, lab.sv9_3.proto.bytes, 16);
	assert_int_equal(nhrp_build_traffic(&rep, &lab.hub,
			 (struct nh_view){ packet, sizeof(packet) }), 0);
	assert_int_equal(rep.quoted.len, 48);
	size_of(&rep);
	assert_true(nhrp_traffic_inner(&got, &src, &dst));
	assert_true(nh_addr_equal(&dst, &lab.sv9_3.proto));
}

static void test_ipv6_underlay(void **state)
{
	struct nhrp_registration reg = { .prefix = 32 };
	struct lab lab;

	(void)state;
	lab_init(&lab, 8, false);
	lab.sv9_4.nbma = lab_addr("2001:db8:f::4");
	reg.nhs_proto = lab.hub.proto;
	assert_int_equal(nhrp_build_registration_request(&req, &lab.sv9_4,
							 &reg), 0);
	assert_int_equal(size_of(&req), 96);
	assert_int_equal(got.family.afn, NHRP_AFN_IPV6);
	assert_true(nh_addr_equal(&got.src_nbma, &lab.sv9_4.nbma));
}

static void test_registration(void **state)
{
	const struct nh_addr outer = lab_addr("198.51.100.9");
	struct nhrp_registration reg = { .reqid = 9, .prefix = 255 };
	struct nh_addr nbma;
	struct lab lab;

	(void)state;
	lab_init(&lab, 8, true);

	/* The NHS's tunnel address is not known: own one, empty NAT list. */
	nhrp_build_registration_request(&req, &lab.sv9_4, &reg);
	assert_true(nh_addr_equal(&req.dst_proto, &lab.sv9_4.proto));
	assert_int_equal(req.flags, NHRP_REG_NAT);
	assert_int_equal(nhrp_ext_find(&req, NHRP_EXT_NAT)->ncie, 0);
	assert_false(nhrp_nat_lookup(&req, &lab.hub.proto, &nbma));

	reg.unique = true;
	reg.nhs_proto = lab.hub.proto;
	reg.nhs_nbma = lab.hub.nbma;
	nhrp_build_registration_request(&req, &lab.sv9_4, &reg);
	assert_int_equal(req.flags, NHRP_REG_UNIQUE | NHRP_REG_NAT);
	assert_true(nhrp_nat_lookup(&req, &lab.hub.proto, &nbma));
	assert_true(nh_addr_equal(&nbma, &lab.hub.nbma));

	lab.hub.preference = 255;
	nhrp_build_registration_reply(&rep, &req, &lab.hub, NHRP_CODE_OK, 600,
				      &outer);
	assert_int_equal(rep.type, NHRP_REGISTRATION_REPLY);
	assert_int_equal(rep.reqid, 9);
	assert_int_equal(rep.cie[0].holdtime, 600);
	assert_int_equal(rep.cie[0].prefix, 255);
	assert_int_equal(nhrp_ext_find(&rep, NHRP_EXT_RESPONDER)->
			 cie[0].preference, 255);
	assert_true(nhrp_nat_lookup(&rep, &lab.sv9_4.proto, &nbma));
	assert_true(nh_addr_equal(&nbma, &outer));

	nhrp_build_registration_reply(&rep, &req, &lab.hub,
				      NHRP_CODE_ALREADY_REGISTERED, 600, NULL);
	assert_int_equal(rep.cie[0].code, 14);
	assert_int_equal(rep.cie[0].holdtime, 0);

	/* An old hub echoes the extension and neither adds nor offers. */
	lab.hub.nat = false;
	nhrp_build_registration_reply(&rep, &req, &lab.hub, NHRP_CODE_OK, 600,
				      &outer);
	assert_int_equal(rep.flags, NHRP_REG_UNIQUE);
	assert_int_equal(nhrp_ext_find(&rep, NHRP_EXT_NAT)->ncie, 1);

	ask(&got, &lab.sv9_4, "2.2.2.2", 1);
	assert_int_equal(nhrp_build_registration_reply(&rep, &got, &lab.hub,
			 NHRP_CODE_OK, 600, NULL), -EINVAL);
}

static void test_resolution_flags(void **state)
{
	struct lab lab;

	(void)state;
	lab_init(&lab, 0, true);
	ask(&req, &lab.sv9_4, "2.2.2.2", 1);
	assert_int_equal(req.flags, 0xc802);
	req.flags |= 0x0040;	/* not known to us */

	answer(&rep, &req, &lab.sv9_3, &lab.sv9_3, 0xf000);
	assert_int_equal(rep.flags, 0xf842);
	lab.sv9_3.nat = false;
	answer(&rep, &req, &lab.sv9_3, &lab.sv9_3, 0x2000);
	assert_int_equal(rep.flags, 0xa840);

	nhrp_build_resolution_nak(&rep, &req, &lab.hub, NHRP_CODE_NO_BINDING);
	assert_int_equal(rep.flags, 0xc842);
	assert_int_equal(rep.ncie, 1);
	assert_int_equal(rep.cie[0].code, 12);
	assert_int_equal(nhrp_cie_size(&rep.cie[0]), NHRP_CIE_LEN);
	assert_int_equal(nhrp_build_resolution_nak(&got, &rep, &lab.hub, 12),
			 -EINVAL);
}

/* The reply shows the request's extensions in its order, and our End. */
static void test_reply_keeps_extensions(void **state)
{
	static const uint8_t opaque[] = { 1, 2, 3 };
	struct nhrp_ext *ext;
	struct lab lab;
	unsigned int i;

	(void)state;
	lab_init(&lab, 8, true);
	ask(&req, &lab.sv9_4, "2.2.2.2", 1);
	ext = nhrp_ext_insert(&req, 0x123);
	ext->value = (struct nh_view){ opaque, sizeof(opaque) };
	nhrp_ext_append(nhrp_ext_find(&req, NHRP_EXT_REVERSE), &req.cie[0]);
	req.has_end = false;
	req.snap[1] = 7;
	req.chksum = 0xffff;

	assert_int_equal(nhrp_build_reply(&rep, &req, &lab.hub), 0);
	assert_int_equal(rep.next, req.next);
	for (i = 0; i < rep.next; i++)
		assert_int_equal(rep.ext[i].head, req.ext[i].head);
	assert_memory_equal(nhrp_ext_find(&rep, 0x123)->value.data, opaque, 3);
	assert_int_equal(nhrp_ext_find(&rep, NHRP_EXT_REVERSE)->ncie, 0);
	assert_true(rep.has_end);
	assert_int_equal(rep.snap[1], 0);
	assert_int_equal(rep.chksum, 0);

	assert_int_equal(nhrp_build_reply(&got, &rep, &lab.hub), -EINVAL);
}

static void test_purge(void **state)
{
	struct nh_prefix p;
	unsigned int i;
	struct lab lab;

	(void)state;
	lab_init(&lab, 8, true);
	assert_int_equal(nh_prefix_parse(&p, "2.2.2.2", NULL), 0);
	nhrp_build_purge_request(&req, &lab.sv9_3, &lab.hub.proto, 11, 0);
	assert_int_equal(nhrp_build_purge_add(&req, &p, NULL), 0);
	assert_octets(&req,
		"00010800 00000000 00ff0054 4d6a0038 01050400"
		"04040000 0000000b d1a8ca83 c0a80102 c0a80101"
		"00200000 00000000 00000400 02020202"
		"80040000 80050000"
		"8007000c 00000001 63697363 6f313233 80000000");
	nhrp_build_reply(&rep, &req, &lab.hub);
	assert_int_equal(rep.type, NHRP_PURGE_REPLY);
	assert_int_equal(size_of(&rep), 84);

	for (i = 1; i < NHRP_MAX_CIES; i++)
		assert_int_equal(nhrp_build_purge_add(&req, &p,
						      &lab.sv9_3.nbma), 0);
	assert_int_equal(nhrp_build_purge_add(&req, &p, NULL), -ENOSPC);
}

static void test_error(void **state)
{
	uint8_t packet[128];
	struct nhrp_quoted q;
	struct nh_view v = { packet, 0 };
	struct lab lab;

	(void)state;
	lab_init(&lab, 8, false);
	ask(&req, &lab.sv9_4, "2.2.2.2", 7);
	v.len = (uint16_t)lab_encode(&req, packet, sizeof(packet));
	assert_int_equal(nhrp_build_error(&rep, &lab.hub, NHRP_ERR_UNREACHABLE,
					  0, &req.src_proto, v), 0);
	assert_int_equal(size_of(&rep), 124);
	assert_int_equal(got.ind_code, 6);
	assert_int_equal(got.hopcnt, 255);
	assert_false(got.has_exts);
	nhrp_error_quoted(&got, &q);
	assert_int_equal(q.type, NHRP_RESOLUTION_REQUEST);
	assert_true(q.has_reqid);
	assert_int_equal(q.reqid, 7);

	/* Peers quote too little, or nothing. */
	v.len = 27;
	nhrp_build_error(&rep, &lab.hub, NHRP_ERR_AUTH, 0, &req.src_proto, v);
	nhrp_error_quoted(&rep, &q);
	assert_int_equal(q.type, NHRP_RESOLUTION_REQUEST);
	assert_false(q.has_reqid);
	rep.quoted = (struct nh_view){ 0 };
	size_of(&rep);
	nhrp_error_quoted(&got, &q);
	assert_int_equal(q.type, 0);

	/* Never about an error, nor about what shows no type. */
	packet[NHRP_OFF_TYPE] = NHRP_ERROR_INDICATION;
	assert_int_equal(nhrp_build_error(&rep, &lab.hub, NHRP_ERR_AUTH, 0,
					  &req.src_proto, v), -EINVAL);
	v.len = 17;
	assert_int_equal(nhrp_build_error(&rep, &lab.hub, NHRP_ERR_AUTH, 0,
					  &req.src_proto, v), -EINVAL);
}

static void test_builders_refuse(void **state)
{
	const struct nh_addr v6 = lab_addr("2001:db8::1");
	uint8_t packet[28] = { 0 };
	struct nh_view v = { packet, sizeof(packet) };
	struct nhrp_registration reg = { .reqid = 1 };
	struct nhrp_vendor vendor;
	char longer[NHRP_GROUP_MAX + 2];
	struct lab lab;

	(void)state;
	lab_init(&lab, 8, true);
	assert_int_equal(nhrp_build_resolution_request(&req, &lab.hub, &v6, 1,
						       0), -EINVAL);
	assert_int_equal(nhrp_build_purge_request(&req, &lab.hub, &v6, 1, 0),
			 -EINVAL);
	assert_int_equal(nhrp_build_error(&req, &lab.hub, NHRP_ERR_AUTH, 0,
					  &v6, v), -EINVAL);
	assert_int_equal(nhrp_build_traffic(&req, &lab.hub, v), -EINVAL);
	packet[0] = 0x44;	/* header length 16 */
	assert_int_equal(nhrp_build_traffic(&req, &lab.hub, v), -EINVAL);
	packet[0] = 0x45;
	v.len = 19;
	assert_int_equal(nhrp_build_traffic(&req, &lab.hub, v), -EINVAL);
	lab.hub.proto = v6;
	v.len = 28;
	assert_int_equal(nhrp_build_traffic(&req, &lab.hub, v), -EINVAL);
	memset(&lab.hub.nbma, 0, sizeof(lab.hub.nbma));
	assert_int_equal(nhrp_build_registration_request(&req, &lab.hub, &reg),
			 -EINVAL);

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(nhrp_vendor_set_group(&vendor, longer), -EINVAL);
	assert_int_equal(nhrp_vendor_set_group(&vendor, ""), -EINVAL);
	longer[NHRP_GROUP_MAX] = '\0';
	assert_int_equal(nhrp_vendor_set_group(&vendor, longer), 0);
	assert_int_equal(vendor.len, NHRP_GROUP_MAX + 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout_resolution),
		cmocka_unit_test(test_layout_hub_cache),
		cmocka_unit_test(test_layout_registration),
		cmocka_unit_test(test_layout_traffic),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_ipv6_underlay),
		cmocka_unit_test(test_registration),
		cmocka_unit_test(test_resolution_flags),
		cmocka_unit_test(test_reply_keeps_extensions),
		cmocka_unit_test(test_purge),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_builders_refuse),
	};

	return cmocka_run_group_tests_name("build", tests, NULL, NULL);
}
