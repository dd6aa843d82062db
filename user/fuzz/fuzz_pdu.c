// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any octets as an NHRP packet: what is accepted must be encoded to the same
 * octets, be printable, and yield valid replies, errors and forwarded packets.
 */
#include <stdlib.h>
#include <string.h>

#include "nhrp/forward.h"
#include "nhrp/indication.h"
#include "nhrp/print.h"

#define OUT_SIZE	(NHRP_MAX_PKTSZ + 1)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct nhrp_pdu in, made, back;
static uint8_t wire[OUT_SIZE], out[OUT_SIZE];
static struct nhrp_auth auth;
static struct nhrp_self self4, self6;

static void setup(void)
{
	if (auth.len)
		return;
	nhrp_auth_init(&auth, "cisco123");
	self4.auth = &auth;
	self4.mtu = 1400;
	self4.holdtime = 600;
	self4.nat = true;
	nh_addr_parse(&self4.nbma, "203.0.113.1");
	nh_addr_parse(&self4.proto, "172.16.0.1");
	self6 = self4;
	nh_addr_parse(&self6.proto, "2001:db8::1");
	nh_addr_parse(&self6.link_local, "fe80::1");
}

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* What we made must be readable by the rules that we apply to others. */
static void must_parse(const struct nhrp_pdu *pdu, bool strict)
{
	ssize_t n = nhrp_pdu_encode(pdu, out, sizeof(out));
	struct nhrp_refusal why;

	if (n < 0)	/* a record may push it beyond 65535 octets */
		return;
	check(nhrp_pdu_decode(&back, out, (size_t)n, &why));
	if (strict)
		check(nhrp_pdu_check(&back, &why));
}

static void answer(const struct nhrp_self *self, size_t size)
{
	struct nhrp_refusal why;
	struct nh_addr observed;
	struct nhrp_cie cie;
	bool strict = true;

	nh_addr_parse(&observed, "198.51.100.9");
	if (in.type == NHRP_REGISTRATION_REQUEST) {
		check(!nhrp_build_registration_reply(&made, &in, self,
						     NHRP_CODE_OK, 600,
						     &observed));
		must_parse(&made, strict);
	} else if (in.type == NHRP_RESOLUTION_REQUEST) {
		nhrp_self_cie(&cie, self);
		check(!nhrp_build_resolution_reply(&made, &in, self, &cie,
						   0xf000));
		must_parse(&made, strict);
		check(!nhrp_build_resolution_nak(&made, &in, self, 12));
		must_parse(&made, strict);
	} else if (in.type == NHRP_PURGE_REQUEST) {
		check(!nhrp_build_reply(&made, &in, self));
		must_parse(&made, strict);
	}
	if (nhrp_build_error(&made, self, NHRP_ERR_PROTOCOL, 0, &in.src_proto,
			     (struct nh_view){ wire, (uint16_t)size }) == 0)
		must_parse(&made, strict);

	made = in;
	if (nhrp_forward(&made, self, &why)) {
		check(made.hopcnt + 1 == in.hopcnt);
		check(made.next == in.next && made.ncie == in.ncie);
		must_parse(&made, strict);
	}
}

static void try_packet(size_t size)
{
	static char text[512], *shown;
	struct nhrp_refusal why = { 0 };
	struct nh_addr src, dst;
	struct nhrp_quoted q;
	struct nh_view group;

	if (!nhrp_pdu_decode(&in, wire, size, &why)) {
		check(why.reason != NHRP_OK && why.offset <= size);
		check(nhrp_reason_text(why.reason)[0]);
		return;
	}
	check(nhrp_pdu_encode(&in, out, sizeof(out)) == (ssize_t)size);
	check(!memcmp(wire, out, size));

	if (!shown)
		shown = malloc(NHRP_PRINT_SIZE);
	nhrp_print_pdu(shown, NHRP_PRINT_SIZE, &in);
	nhrp_print_pdu(text, sizeof(text), &in);
	nhrp_auth_check(&in, &auth, &why);
	nhrp_error_quoted(&in, &q);
	nhrp_traffic_inner(&in, &src, &dst);
	nhrp_vendor_group(&in, &group);
	nhrp_nat_lookup(&in, &in.src_proto, &dst);
	if (!nhrp_pdu_check(&in, &why) || in.family.afn != NHRP_AFN_IPV4)
		return;
	answer(in.family.pro_type == NHRP_PRO_IPV4 ? &self4 : &self6, size);
}

/* Own sum: size and checksum are made right, or no input would get far. */
static void fix(size_t size)
{
	uint32_t sum = 0;
	size_t i;

	wire[NHRP_OFF_PKTSZ] = (uint8_t)(size >> 8);
	wire[NHRP_OFF_PKTSZ + 1] = (uint8_t)size;
	wire[NHRP_OFF_CHKSUM] = 0;
	wire[NHRP_OFF_CHKSUM + 1] = 0;
	for (i = 0; i < size; i++)
		sum += i % 2 ? wire[i] : (uint32_t)wire[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	wire[NHRP_OFF_CHKSUM] = (uint8_t)(~sum >> 8);
	wire[NHRP_OFF_CHKSUM + 1] = (uint8_t)~sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nhrp_refusal why;
	uint8_t *exact;

	if (size > NHRP_MAX_PKTSZ)
		return 0;
	setup();

	/* On the heap, so that one octet too far is seen. */
	exact = malloc(size ? size : 1);
	if (size)
		memcpy(exact, data, size);
	nhrp_pdu_decode(&in, exact, size, &why);
	free(exact);

	if (size)
		memcpy(wire, data, size);
	if (size >= NHRP_HDR_LEN)
		fix(size);
	try_packet(size);
	return 0;
}
