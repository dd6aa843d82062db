// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes one packet of each kind, made by the builders, as fuzz seeds. */
#include <stdio.h>
#include <string.h>

#include "nhrp/forward.h"
#include "nhrp/indication.h"

static const char *directory;
static int failures;

static struct nhrp_auth auth;
static struct nhrp_vendor vendor;
static struct nhrp_self hub, spoke;
static struct nhrp_pdu req, rep;

static void save(const char *family, const char *name,
		 const struct nhrp_pdu *pdu)
{
	uint8_t packet[2048];
	char path[512];
	ssize_t n = nhrp_pdu_encode(pdu, packet, sizeof(packet));
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s-%s", directory, family, name);
	f = n > 0 ? fopen(path, "wb") : NULL;
	if (!f || fwrite(packet, 1, (size_t)n, f) != (size_t)n) {
		fprintf(stderr, "%s: cannot write\n", path);
		failures++;
	}
	if (f && fclose(f))
		failures++;
}

static void registrations(const char *family)
{
	struct nhrp_registration reg = {
		.nhs_proto = hub.proto,
		.nhs_nbma = hub.nbma,
		.reqid = 1,
		.unique = true,
		.prefix = NHRP_PREFIX_HOST_RFC,
	};
	struct nh_addr observed;

	nh_addr_parse(&observed, "198.51.100.9");
	nhrp_build_registration_request(&req, &spoke, &reg);
	save(family, "registration-request", &req);
	nhrp_build_registration_reply(&rep, &req, &hub, NHRP_CODE_OK, 600,
				      &observed);
	save(family, "registration-reply-nat", &rep);
}

static void resolutions(const char *family, const char *dst)
{
	struct nhrp_refusal why;
	struct nh_addr addr;
	struct nhrp_cie cie;

	nh_addr_parse(&addr, dst);
	nhrp_build_resolution_request(&req, &spoke, &addr, 2, 0xc800);
	save(family, "resolution-request", &req);
	nhrp_build_resolution_nak(&rep, &req, &hub, NHRP_CODE_NO_BINDING);
	save(family, "resolution-nak", &rep);
	nhrp_forward(&req, &hub, &why);
	save(family, "resolution-forwarded", &req);
	nhrp_self_cie(&cie, &hub);
	nhrp_build_resolution_reply(&rep, &req, &hub, &cie, 0xf000);
	save(family, "resolution-reply", &rep);
}

static void purges(const char *family)
{
	struct nh_prefix p;

	nh_prefix_make(&p, &spoke.proto, 24);
	nhrp_build_purge_request(&req, &spoke, &hub.proto, 3, 0);
	nhrp_build_purge_add(&req, &p, &spoke.nbma);
	save(family, "purge-request", &req);
	nhrp_build_reply(&rep, &req, &hub);
	save(family, "purge-reply", &rep);
}

static void indications(const char *family)
{
	uint8_t packet[2048] = { 0 };
	struct nh_view v = { packet, 0 };

	v.len = (uint16_t)nhrp_pdu_encode(&req, packet, sizeof(packet));
	nhrp_build_error(&rep, &hub, NHRP_ERR_AUTH, 0, &spoke.proto, v);
	save(family, "error", &rep);

	memset(packet, 0, sizeof(packet));
	if (spoke.proto.len == 4) {
		packet[0] = 0x45;
		memcpy(packet + 12, spoke.proto.bytes, 4);
		memcpy(packet + 16, hub.proto.bytes, 4);
	} else {
		packet[0] = 0x60;
		memcpy(packet + 8, spoke.proto.bytes, 16);
		memcpy(packet + 24, hub.proto.bytes, 16);
	}
	v.len = 100;
	nhrp_build_traffic(&rep, &hub, v);
	save(family, "traffic", &rep);
}

static void all(const char *family, const char *dst)
{
	registrations(family);
	resolutions(family, dst);
	purges(family);
	indications(family);
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	directory = argv[1];
	nhrp_auth_init(&auth, "cisco123");
	nhrp_vendor_set_group(&vendor, "SHAPE_1M");
	hub = (struct nhrp_self){ .mtu = 1400, .holdtime = 600, .auth = &auth,
				  .nat = true };
	spoke = hub;
	spoke.vendor = &vendor;
	nh_addr_parse(&hub.nbma, "203.0.113.1");
	nh_addr_parse(&spoke.nbma, "203.0.113.2");
	nh_addr_parse(&hub.proto, "172.16.0.1");
	nh_addr_parse(&spoke.proto, "172.16.0.2");
	all("ipv4", "10.2.0.1");

	nh_addr_parse(&hub.proto, "2001:db8::1");
	nh_addr_parse(&spoke.proto, "2001:db8::2");
	nh_addr_parse(&hub.link_local, "fe80::1");
	nh_addr_parse(&spoke.link_local, "fe80::2");
	all("ipv6", "2001:db8:2::1");
	return failures ? 1 : 0;
}
