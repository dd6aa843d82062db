// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets of other implementations: the same octets come out again. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "nhrp/auth.h"
#include "nhrp/print.h"
#include "tests/capture.h"

static struct nhrp_pdu pdu;

/* A packet that a file holds on purpose although it must be refused. */
struct exception {
	unsigned int frame;
	enum nhrp_reason decode;	/* NHRP_OK: decodes, but */
	enum nhrp_reason check;		/* fails nhrp_pdu_check() */
};

struct file {
	const char *name;
	int packets;
	struct exception except[8];
};

static const struct file files[] = {
	{ "cisco/NHRP-responder-address.pcap", 2, { { 0 } } },
	{ "cisco/NHRP_registration.pcap", 4, { { 0 } } },
	{ "cisco/dmvpn-ipv6-over-ipv4-nhrp-registrations.pcap", 8, { { 0 } } },
	{ "cisco/dmvpn-nhrp-registration.pcap", 2, { { 0 } } },
	{ "cisco/dmvpn-phase-2-nhrp-spoke-to-spoke-resolution.pcap", 3,
	  { { 0 } } },
	{ "cisco/dmvpn-phase-3-icmp-spoke1-hub-spoke2.pcap", 2, { { 0 } } },
	{ "cisco/dmvpn-qos-nhrp-registrations.pcap", 12, { { 0 } } },
	{ "cisco/nhrp-trace.pcap", 4, { { 0 } } },
	{ "cisco/packetlife_NHRP_registration.cap", 4, { { 0 } } },
	{ "cisco/pb_nhrp_1.pcap", 1, { { 1, NHRP_R_PKTSZ, NHRP_OK } } },
	{ "frr/frr-8.4.4-debian-shim.pcap", 73, {
		{ 34, NHRP_OK, NHRP_R_HOPCNT_ZERO },
		{ 44, NHRP_OK, NHRP_R_HOPCNT_ZERO },
		{ 45, NHRP_R_CHECKSUM, NHRP_OK },
		{ 48, NHRP_OK, NHRP_R_EXT_NO_END } } },
	{ "frr/frr-10.8dev-fbfc8222-shim.pcap", 75, {
		{ 30, NHRP_OK, NHRP_R_HOPCNT_ZERO },
		{ 40, NHRP_OK, NHRP_R_HOPCNT_ZERO },
		{ 41, NHRP_R_CHECKSUM, NHRP_OK },
		{ 44, NHRP_OK, NHRP_R_EXT_NO_END } } },
	{ "made/seed-oracle.pcap", 10, { { 0 } } },
	{ "made/valid-unseen-types.pcap", 24, { { 0 } } },
};

static const struct exception *exception_of(const struct file *file,
					    unsigned int frame)
{
	size_t i;

	for (i = 0; i < sizeof(file->except) / sizeof(file->except[0]); i++)
		if (file->except[i].frame == frame)
			return &file->except[i];
	return NULL;
}

static void round_trip(unsigned int frame, const uint8_t *data, size_t len,
		       void *arg)
{
	const struct exception *except = exception_of(arg, frame);
	const struct file *file = arg;
	struct nhrp_refusal why = { 0 };
	static char text[NHRP_PRINT_SIZE];
	static uint8_t out[2048];
	ssize_t n;

	if (!nhrp_pdu_decode(&pdu, data, len, &why)) {
		if (!except || except->decode != why.reason)
			fail_msg("%s frame %u: %s at %u", file->name, frame,
				 nhrp_reason_text(why.reason), why.offset);
		return;
	}
	if (except && except->decode != NHRP_OK)
		fail_msg("%s frame %u: accepted", file->name, frame);
	n = nhrp_pdu_encode(&pdu, out, sizeof(out));
	if (n != (ssize_t)len || memcmp(out, data, len))
		fail_msg("%s frame %u: not the same octets", file->name, frame);

	nhrp_pdu_check(&pdu, &why);
	if (why.reason != (except ? except->check : NHRP_OK))
		fail_msg("%s frame %u: %s at %u", file->name, frame,
			 nhrp_reason_text(why.reason), why.offset);

	nhrp_print_pdu(text, sizeof(text), &pdu);
	assert_true(strlen(text) > 0 && strlen(text) < sizeof(text) - 1);
	assert_null(strstr(text, "cisco123"));
}

static void need_captures(void)
{
	if (capture_dir())
		return;
	print_message("captures are absent: set DMVPN_CAPTURES\n");
	skip();
}

static void test_round_trip(void **state)
{
	size_t i;

	(void)state;
	need_captures();
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		int n = capture_each(files[i].name, round_trip,
				     (void *)&files[i]);

		if (n != files[i].packets)
			fail_msg("%s: %d packets, not %d", files[i].name, n,
				 files[i].packets);
	}
}

static bool is_known(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (!strcmp(files[i].name, name))
			return true;
	return !strcmp(name, "made/negative.pcap");
}

static bool is_capture(const char *name)
{
	const char *end = strrchr(name, '.');

	return end && (!strcmp(end, ".pcap") || !strcmp(end, ".cap") ||
		       !strcmp(end, ".pcapng"));
}

/* A capture that no table here was written for: nothing in it is excused. */
static unsigned int stranger(const char *dir, const char *entry)
{
	struct file file = { 0 };
	char name[512];
	int n;

	snprintf(name, sizeof(name), "%s%s%s", dir, *dir ? "/" : "", entry);
	if (!is_capture(entry) || is_known(name))
		return 0;
	file.name = name;
	n = capture_each(name, round_trip, &file);
	if (n < 0)
		fail_msg("%s: cannot be read", name);
	print_message("%s: %d packets\n", name, n);
	return (unsigned int)n;
}

static void test_strangers(void **state)
{
	static const char *const dirs[] = { "", "cisco", "frr", "made",
					    "more" };
	unsigned int n = 0;
	char path[4096];
	size_t i;

	(void)state;
	need_captures();
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		struct dirent *entry;
		DIR *dir;

		snprintf(path, sizeof(path), "%s/%s", capture_dir(), dirs[i]);
		dir = opendir(path);
		while (dir && (entry = readdir(dir)))
			n += stranger(dirs[i], entry->d_name);
		if (dir)
			closedir(dir);
	}
	print_message("%u packets of captures that are in no table\n", n);
}

/* Which step refuses each packet of made/negative.pcap, and why. */
static const struct negative {
	enum nhrp_reason reason;
	uint16_t offset;
} negatives[] = {
	[1] = { NHRP_R_CHECKSUM, 12 },
	[2] = { NHRP_R_VERSION, 16 },
	[3] = { NHRP_R_EXTOFF, 14 },
	[4] = { NHRP_R_EXTOFF, 14 },
	[5] = { NHRP_R_EXTOFF, 14 },
	[6] = { NHRP_R_PKTSZ, 10 },
	[7] = { NHRP_R_PKTSZ_SMALL, 10 },
	[8] = { NHRP_R_TL_RESERVED, 18 },
	[9] = { NHRP_R_NBMA_LEN, 18 },
	[10] = { NHRP_R_PROTO_LEN, 20 },
	[11] = { NHRP_R_HOPCNT_ZERO, 9 },
	[12] = { NHRP_R_NBMA_LEN, 48 },
	[13] = { NHRP_R_CIE_TRUNCATED, 40 },
	[14] = { NHRP_R_CIE_MISSING, 40 },
	[15] = { NHRP_R_EXT_TRUNCATED, 60 },
	[16] = { NHRP_R_EXT_NO_END, 14 },
	[17] = { NHRP_R_EXT_AFTER_END, 84 },
	[18] = { NHRP_R_AUTH_DUPLICATE, 80 },
	[19] = { NHRP_R_AUTH_WRONG, 64 },
	[20] = { NHRP_R_AUTH_WRONG, 64 },
};

static void refused(unsigned int frame, const uint8_t *data, size_t len,
		    void *arg)
{
	const struct nhrp_auth *auth = arg;
	struct nhrp_refusal why = { 0 };

	assert_in_range(frame, 1, sizeof(negatives) / sizeof(negatives[0]) - 1);
	if (nhrp_pdu_parse(&pdu, data, len, &why) &&
	    nhrp_auth_check(&pdu, auth, &why))
		fail_msg("frame %u: accepted", frame);
	if (why.reason != negatives[frame].reason ||
	    why.offset != negatives[frame].offset)
		fail_msg("frame %u: %s at %u", frame,
			 nhrp_reason_text(why.reason), why.offset);
}

static void test_negative(void **state)
{
	struct nhrp_auth auth;

	(void)state;
	need_captures();
	assert_int_equal(nhrp_auth_init(&auth, "cisco123"), 0);
	assert_int_equal(capture_each("made/negative.pcap", refused, &auth),
			 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_negative),
	};

	return cmocka_run_group_tests_name("captures", tests, NULL, NULL);
}
