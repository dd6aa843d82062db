// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: nothing in the clear that was not, and no secret
 * for who had none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/import_rig.h"

#define TUNNEL	"interface Tunnel0\n" \
		" ip address 10.0.0.2 255.255.255.0\n" \
		" ip nhrp network-id 1\n" \
		" tunnel source 192.0.2.2\n" \
		" tunnel mode gre multipoint\n"
#define NHS	" ip nhrp nhs 10.0.0.1 nbma 192.0.2.1\n"
#define PROTECT	" tunnel protection ipsec profile P\n"
#define ANY	"crypto isakmp key hunter2 address 0.0.0.0\n"
#define PSK	"crypto isakmp policy 10\n authentication pre-share\n"
#define SET	"crypto ipsec transform-set T esp-aes esp-sha-hmac\n"
#define PROFILE	SET "crypto ipsec profile P\n set transform-set T\n"

/* The configuration has these lines, one behind the other. */
static void gives(const char *text, const char *lines)
{
	struct import in;

	imp_ios(&in, text);
	imp_has(&in, 0, lines);
	nh_conf_free(imp_conf(&in, 0));
	import_free(&in);
}

static void lacks(const char *text, const char *part)
{
	struct import in;

	imp_ios(&in, text);
	imp_lacks(&in, 0, part);
	import_free(&in);
}

static void is(const char *text, const char *line, enum import_class class,
	       const char *what)
{
	struct import in;

	imp_ios(&in, text);
	imp_is(&in, line, class, what);
	nh_conf_free(imp_conf(&in, 0));
	import_free(&in);
}

static void hides(const char *text, const char *secret)
{
	struct import in;
	char *report;
	size_t size;
	FILE *f;

	imp_ios(&in, text);
	f = open_memstream(&report, &size);
	import_report(&in, f);
	fclose(f);
	if (strstr(report, secret))
		fail_msg("%s", report);
	free(report);
	import_free(&in);
}

#define LONG	"1234567890123456789012345678901234567890123456789012345678901234"

/* Whatever protection it is, packets do not go in the clear. */
static void test_protection(void **state)
{
	static const char *const lines[] = {
		"tunnel protection ipsec profile",
		"tunnel protection ipsec profile " LONG,
		"tunnel protection ipsec policy ipv4 A",
		"tunnel protection psk 6 hunter2",
		"tunnel protection psk",
		"tunnel protection",
		"tunnel prot ipsec prof P",
	};
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), TUNNEL " %s\n", lines[i]);
		gives(text, "Protection=required\n");
		gives(text, "#[IPsec]\n#Secret=\n");
		is(text, lines[i], IMPORT_LEFT, "");
		hides(text, "hunter2");
	}
	gives(TUNNEL " no tunnel protection ipsec profile P\n",
	      "Protection=none\n");
}

static void test_psk(void **state)
{
	static const char *const keys[] = { "hunter2", "0 hunter2" };
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		snprintf(text, sizeof(text),
			 TUNNEL " tunnel protection psk %s\n", keys[i]);
		gives(text, "Protection=required\n");
		gives(text, "\n[IPsec]\nSecret=hunter2\nVersion=2\n");
		is(text, "tunnel protection psk", IMPORT_USED, "Secret=");
		hides(text, "hunter2");
	}
	hides("interface Tunnel9\n tunnel protect psk hunter2\n", "hunter2");
}

#define CERTS	"#[IPsec]\n#Certificate=\n#PrivateKey=\n#CA=\n"
#define OTHER	"crypto isakmp key other address 203.0.113.5\n"
#define RSA	"crypto isakmp policy 20\n encr aes\n"
#define SPOKE	PROFILE TUNNEL NHS PROTECT
#define HUB	PROFILE TUNNEL PROTECT
#define IN_RING	"crypto keyring K\n pre-shared-key address 0.0.0.0 key hunter2\n"
#define V1	SET "crypto ipsec profile P\n set transform-set T\n" \
		" set isakmp-profile I\n" TUNNEL NHS PROTECT

#define V2_SAYS(line) \
	"crypto ikev2 keyring K\n peer A\n  address 0.0.0.0\n" \
	"  pre-shared-key hunter2\n" \
	"crypto ikev2 profile V\n authentication remote pre-share\n" \
	" authentication local pre-share\n keyring local K\n " line "\n" \
	PROFILE " set ikev2-profile V\n" TUNNEL NHS PROTECT

/* Where certificates are meant, no secret lets anybody in. */
static void test_certificates(void **state)
{
	(void)state;
	gives(OTHER RSA SPOKE, CERTS);
	gives(ANY RSA SPOKE, CERTS);
	gives(OTHER RSA HUB, CERTS);
	lacks(OTHER RSA PSK HUB, "other");
	gives(ANY RSA PSK HUB, "\nSecret=hunter2\n");
	gives(ANY PSK IN_RING "crypto isakmp profile I\n keyring K\n"
	      " ca trust-point CA\n" V1, CERTS);
	gives(ANY PSK IN_RING "crypto isakmp profile I\n keyring K\n"
	      " match certificate M\n" V1, CERTS);
	is(ANY PSK IN_RING "crypto isakmp profile I\n keyring K\n"
	   " match certificate M\n" V1, "match certificate", IMPORT_LEFT,
	   "certificates");
	is(ANY PSK IN_RING "crypto isakmp profile I\n keyring K\n"
	   " match certificate M\n" V1, "keyring K", IMPORT_IGNORED,
	   "certificates");
	is(V2_SAYS("authentication remote rsa-sig"),
	   "authentication local pre-share", IMPORT_LEFT, "one way");
	gives("crypto ikev2 keyring K\n peer A\n  address 0.0.0.0\n"
	      "  pre-shared-key hunter2\n"
	      "crypto ikev2 profile V\n match certificate M\n"
	      " keyring local K\n" PROFILE " set ikev2-profile V\n"
	      TUNNEL PROTECT, CERTS);
}

/* Nor does one that is for somebody else. */
static void test_strangers(void **state)
{
	struct import in;

	(void)state;
	gives(OTHER PSK SPOKE, "#[IPsec]\n#Secret=\n");
	is(OTHER PSK SPOKE, "crypto isakmp key", IMPORT_IGNORED, "no tunnel");
	gives(OTHER PSK HUB, "\nSecret=other\n");
	gives(OTHER PSK PROFILE TUNNEL
	      " ip nhrp nhs 10.0.0.1 nbma hub.example.net\n" PROTECT,
	      "\nSecret=other\n");
	/* That of a profile which is not there is not known. */
	imp_ios(&in, ANY PSK V1);
	imp_has(&in, 0, "#[IPsec]\n#Secret=\n");
	imp_note(&in, "no profile \"I\"");
	import_free(&in);
}

#define RING(name, key) "crypto keyring " name "\n" \
		" pre-shared-key address 0.0.0.0 key " key "\n"

/* "default" is the ring of the global keys; another one is in a server. */
static void test_rings(void **state)
{
	(void)state;
	gives(RING("K", "other") ANY PSK
	      "crypto isakmp profile I\n keyring default\n" V1,
	      "\nSecret=hunter2\n");
	gives(RING("K", "other") ANY PSK
	      "crypto isakmp profile I\n keyring K\n" V1,
	      "\nSecret=other\n");
	is(ANY "crypto ikev2 keyring L\n peer A\n  address 0.0.0.0\n"
	   "  pre-shared-key hunter2\n"
	   "crypto ikev2 profile V\n authentication remote pre-share\n"
	   " keyring aaa L\n" PROFILE " set ikev2-profile V\n"
	   TUNNEL PROTECT, "keyring aaa L", IMPORT_LEFT, "AAA");
	lacks("crypto ikev2 keyring L\n peer A\n  address 0.0.0.0\n"
	      "  pre-shared-key hunter2\n"
	      "crypto ikev2 profile V\n authentication remote pre-share\n"
	      " keyring aaa L\n" PROFILE " set ikev2-profile V\n"
	      TUNNEL PROTECT, "hunter2");
}

#define RED	"crypto keyring K vrf RED\n" \
		" pre-shared-key address 0.0.0.0 0.0.0.0 key secret\n"

/* Keys are of the VRF of the outer packets; global ones are of none. */
static void test_vrf(void **state)
{
	(void)state;
	gives(RED ANY SPOKE " tunnel vrf RED\n", "\nSecret=secret\n");
	gives(RED RING("L", "hunter2") SPOKE, "\nSecret=hunter2\n");
	gives(RED SPOKE, "#[IPsec]\n#Secret=\n");
	gives(ANY SPOKE " tunnel vrf RED\n", "#[IPsec]\n#Secret=\n");
	gives(RED SPOKE " tunnel vrf BLUE\n", "#[IPsec]\n#Secret=\n");
	is(RED ANY SPOKE, "pre-shared-key", IMPORT_IGNORED, "no tunnel");
	is(RED SPOKE " tunnel vrf RED\n", "tunnel vrf", IMPORT_LEFT, "VRF");
	/* A profile names its rings. */
	gives(RED "crypto isakmp profile I\n keyring K\n" V1,
	      "\nSecret=secret\n");
}

#define TWO	"interface Tunnel1\n ip address 10.1.0.2 255.255.255.0\n" \
		" ip nhrp network-id 2\n ip nhrp nhs 10.1.0.1 nbma 192.0.9.1\n" \
		" tunnel source 192.0.2.2\n tunnel mode gre multipoint\n" \
		" tunnel key 2\n" PROTECT

/* What one tunnel has is used, whatever the other one has. */
static void test_two_tunnels(void **state)
{
	struct import in;

	(void)state;
	imp_ios(&in, "crypto isakmp key first address 192.0.2.1\n"
		     "crypto isakmp key second address 192.0.9.1\n"
		     "crypto isakmp key third address 192.0.9.2\n"
		     PSK SPOKE TWO);
	imp_has(&in, 0, "\nSecret=first\n");
	imp_has(&in, 1, "\nSecret=second\n");
	imp_is(&in, "crypto isakmp key first", IMPORT_USED, "Secret=");
	imp_is(&in, "crypto isakmp key second", IMPORT_USED, "Secret=");
	assert_string_equal(imp_line(&in, "crypto isakmp key sec")->instead,
			    "");
	imp_is(&in, "crypto isakmp key third", IMPORT_LEFT, "one secret");
	import_free(&in);
}

#define V1_SAYS(line) \
	RING("K", "hunter2") PSK "crypto isakmp profile I\n keyring K\n " \
	line "\n" V1
#define V2	V2_SAYS("nat keepalive 10")

/* What a router does by default is not what strongSwan does. */
static void test_no_policy(void **state)
{
	static const char usual[] =
		"Proposals=aes256-aes192-aes128-sha512-sha384-sha256-sha1-modp2048-ecp256-modp1536-modp1024\n";
	struct import in;

	(void)state;
	gives(V2, usual);
	gives("version 15.2\n" V2, usual);
	imp_ios(&in, V2);
	imp_note(&in, "no IKEv2 policy");
	import_free(&in);
	imp_ios(&in, "version 16.9\n" V2);
	imp_lacks(&in, 0, "\nProposals=");
	imp_note(&in, "no IKE policy that can be used");
	import_free(&in);
	imp_ios(&in, ANY SPOKE);
	imp_lacks(&in, 0, "\nProposals=");
	imp_note(&in, "no IKE policy that can be used");
	import_free(&in);
	/* One that has no word is none that can be left out. */
	imp_ios(&in, "crypto ikev2 proposal A\n encryption seal\n"
		     "crypto ikev2 policy X\n proposal A\n" V2);
	imp_lacks(&in, 0, "\nProposals=");
	imp_note(&in, "no IKE policy that can be used");
	import_free(&in);
}

static void test_identity(void **state)
{
	static const struct {
		const char *text;
		const char *line;
		enum import_class class;
		const char *what;
	} lines[] = {
#define LINE(says, line, class, what) { says(line), line, class, what }
		LINE(V2_SAYS, "match identity remote address 0.0.0.0",
		     IMPORT_IGNORED, "any address"),
		LINE(V2_SAYS, "match identity remote address 0.0.0.0 0.0.0.0",
		     IMPORT_IGNORED, "any address"),
		LINE(V2_SAYS, "match identity remote address ::/0",
		     IMPORT_IGNORED, "any address"),
		LINE(V2_SAYS, "match identity remote address 192.0.2.0 255.255.255.0",
		     IMPORT_LEFT, "any address"),
		LINE(V2_SAYS, "match identity remote address 192.0.2.1",
		     IMPORT_LEFT, "any address"),
		LINE(V2_SAYS, "match identity remote any", IMPORT_IGNORED,
		     "any identity"),
		LINE(V2_SAYS, "match identity remote fqdn h.example.net",
		     IMPORT_LEFT, "any identity"),
		LINE(V1_SAYS, "match identity address 0.0.0.0 RED",
		     IMPORT_IGNORED, "any address"),
		LINE(V1_SAYS, "match identity address 192.0.2.1 255.255.255.255",
		     IMPORT_LEFT, "any address"),
		LINE(V2_SAYS, "identity local address 192.0.2.2",
		     IMPORT_IGNORED, "NBMA"),
		LINE(V2_SAYS, "identity local address 198.51.100.7",
		     IMPORT_USED, "Identity=198.51.100.7"),
		LINE(V1_SAYS, "self-identity address", IMPORT_IGNORED, "NBMA"),
		LINE(V1_SAYS, "self-identity user-fqdn me@example.net",
		     IMPORT_USED, "Identity=me@example.net"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		is(lines[i].text, lines[i].line, lines[i].class,
		   lines[i].what);
	gives(V2_SAYS("identity local address 198.51.100.7"),
	      "\nIdentity=198.51.100.7\n");
	gives(V1_SAYS("self-identity user-fqdn me@example.net"),
	      "\nIdentity=me@example.net\n");
	lacks(V2_SAYS("identity local address 192.0.2.2"), "Identity=");
}

#define V2_KEY(key) \
	"crypto ikev2 keyring K\n peer A\n  address 0.0.0.0\n" \
	"  pre-shared-key " key "\n" \
	"crypto ikev2 profile V\n authentication remote pre-share\n" \
	" authentication local pre-share\n keyring local K\n" \
	PROFILE " set ikev2-profile V\n" TUNNEL NHS PROTECT
#define LINE_KEY "a long secret that all routers share"

/* The keys of IKEv2 are what is left of their lines. */
static void test_blanks(void **state)
{
	(void)state;
	gives(V2_KEY(LINE_KEY), "\nSecret=" LINE_KEY "\n");
	gives(V2_KEY("0 " LINE_KEY), "\nSecret=" LINE_KEY "\n");
	gives(V2_KEY("local a  b;c #d"), "\nSecret=a  b;c #d\n");
	gives(V2_SAYS("authentication remote pre-share key a b"),
	      "\nSecret=hunter2\n");
	hides(V2_KEY(LINE_KEY), "long");
	hides(V2_SAYS("authentication remote pre-share key " LINE_KEY),
	      "long");
	is(V2_KEY("a ;b"), "pre-shared-key", IMPORT_LEFT, "of ASCII");
	is(V2_KEY("a\tb"), "pre-shared-key", IMPORT_LEFT, "of ASCII");
	is(V2_KEY("6 XYZ"), "pre-shared-key", IMPORT_LEFT, "encrypted");
	is(V2_KEY("hex 0A0B"), "pre-shared-key", IMPORT_LEFT, "encrypted");
	is(V2_KEY("1 2 3 4 5 6 7 8 9 0"), "pre-shared-key", IMPORT_LEFT,
	   "encrypted");
	gives(V2_KEY("a b c d e f g h i j k l m n o p q r s t u v w x y z"
		     " a b c d e f g h i j k l m n o p q r s t u v w x y z"),
	      "w x y z a b c d e f g h i j k l m n o p q r s t u v w x y z\n");
	lacks(V2_KEY(LONG " " LONG), "\nSecret=");
	/* Those of IKEv1 have no blanks. */
	is(RING("K", "a b c") PSK SPOKE, "pre-shared-key", IMPORT_LEFT,
	   "of ASCII");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_protection),
		cmocka_unit_test(test_psk),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_rings),
		cmocka_unit_test(test_vrf),
		cmocka_unit_test(test_two_tunnels),
		cmocka_unit_test(test_no_policy),
		cmocka_unit_test(test_identity),
		cmocka_unit_test(test_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
