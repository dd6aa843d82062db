// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: what "crypto" becomes in the section [IPsec]. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/import_rig.h"

#define TUNNEL	"interface Tunnel0\n" \
		" ip address 10.0.0.2 255.255.255.0\n" \
		" ip nhrp network-id 1\n" \
		" ip nhrp nhs 10.0.0.1 nbma 192.0.2.1\n" \
		" tunnel source 192.0.2.2\n" \
		" tunnel mode gre multipoint\n" \
		" tunnel protection ipsec profile P shared\n"
#define ANY	"crypto isakmp key hunter2 address 0.0.0.0\n"
#define PSK	"crypto isakmp policy 10\n authentication pre-share\n"
#define SET	"crypto ipsec transform-set T esp-aes esp-sha-hmac\n"
#define PROFILE	"crypto ipsec profile P\n set transform-set T\n"

#define V2(how) \
	"crypto ikev2 proposal A\n encryption aes-cbc-256 aes-cbc-128\n" \
	" integrity sha256\n group 14 19\n" \
	"crypto ikev2 proposal B\n encryption aes-gcm-128\n group 21\n" \
	"crypto ikev2 policy X\n match fvrf any\n proposal A\n proposal B\n" \
	"crypto ikev2 keyring K\n peer ANY\n  address 0.0.0.0 0.0.0.0\n" \
	"  pre-shared-key hunter2\n" \
	"crypto ikev2 profile V\n match identity remote address 0.0.0.0\n" \
	" identity local email me@example.net\n" how \
	" keyring local K\n lifetime 7200\n dpd 15 3 on-demand\n" \
	"crypto ipsec profile P\n set transform-set T\n set ikev2-profile V\n"
#define V2_PSK	" authentication remote pre-share\n" \
		" authentication local pre-share\n"

/* The section has these lines, one behind the other. */
static void gives(const char *crypto, const char *lines)
{
	char text[4096];
	struct import in;

	snprintf(text, sizeof(text), "%s%s", crypto, TUNNEL);
	imp_ios(&in, text);
	imp_has(&in, 0, lines);
	nh_conf_free(imp_conf(&in, 0));
	import_free(&in);
}

static void is(const char *crypto, const char *line, enum import_class class,
	       const char *what)
{
	char text[4096];
	struct import in;

	snprintf(text, sizeof(text), "%s%s", crypto, TUNNEL);
	imp_ios(&in, text);
	imp_is(&in, line, class, what);
	nh_conf_free(imp_conf(&in, 0));
	import_free(&in);
}

static void test_policies(void **state)
{
	(void)state;
	/* Their numbers are the order; what they do not say is a default. */
	gives(ANY SET PROFILE
	      "crypto isakmp policy 20\n authentication pre-share\n"
	      " encr aes 256\n hash sha512\n group 20\n"
	      "crypto isakmp policy 9\n authentication pre-share\n"
	      " encr 3des\n hash sha256\n group 5\n lifetime 3600\n",
	      "Secret=hunter2\nVersion=1\n"
	      "Proposals=3des-sha256-modp1536,aes256-sha512-ecp384\n"
	      "EspProposals=aes128-sha1\nMode=tunnel\nIkeLifetime=3600\n");
	gives(ANY PSK SET PROFILE, "Proposals=des-sha1-modp768\n");
	/* Without a policy what strongSwan does by default will do. */
	gives(ANY SET PROFILE, "Version=1\nEspProposals=");
	is(ANY SET PROFILE "crypto isakmp policy 1\n encr seal\n",
	   "encr seal", IMPORT_LEFT, "no word");
	is(ANY SET PROFILE "crypto isakmp policy 1\n encr aes\n",
	   "crypto isakmp policy 1", IMPORT_LEFT, "certificates");
	is(ANY SET PROFILE
	   "crypto isakmp policy 1\n authentication rsa-sig\n",
	   "authentication rsa-sig", IMPORT_LEFT, "certificates");
	is(ANY SET PROFILE PSK " lifetime 3600\n"
	   "crypto isakmp policy 20\n authentication pre-share\n"
	   " lifetime 7200\n", "lifetime 7200", IMPORT_LEFT, "line 7");
}

/* Policies for certificates count where none is for secrets, and the other way
 * round; no line of one that does not count is said to be used.
 */
static void test_certificates(void **state)
{
	(void)state;
	gives(SET PROFILE
	      "crypto isakmp policy 20\n encr aes 256\n hash sha256\n"
	      " group 14\n lifetime 3600\n"
	      "crypto isakmp policy 10\n authentication rsa-sig\n",
	      "#Version=1\n"
	      "#Proposals=des-sha1-modp768,aes256-sha256-modp2048\n"
	      "#EspProposals=aes128-sha1\n#Mode=tunnel\n"
	      "#IkeLifetime=3600\n");
	is(SET PROFILE "crypto isakmp policy 20\n encr aes 256\n",
	   "encr aes", IMPORT_USED, "Proposals=");
	is(SET PROFILE "crypto isakmp policy 20\n encr aes 256\n",
	   "crypto isakmp policy", IMPORT_LEFT, "certificates");

	gives(ANY SET PROFILE PSK "crypto isakmp policy 20\n encr aes 256\n"
	      " lifetime 3600\n", "Proposals=des-sha1-modp768\nEsp");
	is(ANY SET PROFILE PSK "crypto isakmp policy 20\n encr aes 256\n",
	   "crypto isakmp policy 20", IMPORT_LEFT, "certificates");
	is(ANY SET PROFILE PSK "crypto isakmp policy 20\n encr aes 256\n",
	   "encr aes", IMPORT_IGNORED, "left out");
	is(ANY SET PROFILE PSK "crypto isakmp policy 20\n lifetime 3600\n",
	   "lifetime 3600", IMPORT_IGNORED, "left out");
	gives(ANY SET "crypto ipsec profile P\n set transform-set T\n"
	      " set isakmp-profile I\n" PSK
	      "crypto isakmp policy 20\n encr aes 256\n"
	      "crypto isakmp profile I\n match certificate M\n",
	      "#Proposals=aes256-sha1-modp768\n#Esp");
}

/* What is left out as it has no word is so as a whole. */
static void test_left_out(void **state)
{
	(void)state;
	is(ANY SET PROFILE PSK "crypto isakmp policy 20\n hash sha256\n"
	   " encr seal\n authentication pre-share\n", "hash sha256",
	   IMPORT_IGNORED, "left out");
	is(ANY SET PROFILE PSK "crypto isakmp policy 20\n hash sha256\n"
	   " encr seal\n authentication pre-share\n",
	   "crypto isakmp policy 20", IMPORT_IGNORED, "left out");
	is(ANY "crypto ipsec transform-set T esp-3des\n mode transport\n"
	   PROFILE, "mode transport", IMPORT_IGNORED, "left out");
	is(SET V2(V2_PSK) "crypto ikev2 proposal C\n encryption aes-cbc-128\n"
	   " group 99\ncrypto ikev2 policy Y\n proposal C\n",
	   "crypto ikev2 proposal C", IMPORT_IGNORED, "left out");
}

static void test_transforms(void **state)
{
	(void)state;
	gives(ANY "crypto ipsec transform-set T esp-gcm 256\n mode transport\n"
	      "crypto ipsec transform-set U esp-aes 192 esp-sha384-hmac\n"
	      " mode transport\n"
	      "crypto ipsec profile P\n set transform-set T U\n"
	      " set pfs group19\n",
	      "EspProposals=aes256gcm16-ecp256,aes192-sha384-ecp256\n");
	gives(ANY "crypto ipsec transform-set T esp-null esp-md5-hmac\n"
	      PROFILE, "EspProposals=null-md5\nMode=tunnel\n");
	is(ANY "crypto ipsec transform-set T ah-sha-hmac esp-3des\n" PROFILE,
	   "crypto ipsec transform-set", IMPORT_LEFT, "ah-sha-hmac");
	is(ANY "crypto ipsec transform-set T esp-3des\n" PROFILE,
	   "crypto ipsec transform-set", IMPORT_LEFT, "both needed");
	is(ANY SET "crypto ipsec transform-set U esp-gcm\n mode transport\n"
	   "crypto ipsec profile P\n set transform-set T U\n",
	   "mode transport", IMPORT_LEFT, "another mode");
	is(ANY SET PROFILE "crypto ipsec transform-set OTHER esp-gcm\n"
	   " mode transport\n", "mode transport", IMPORT_IGNORED,
	   "no tunnel");
}

/* What a profile names and the file does not have. */
static void test_missing(void **state)
{
	struct import in;

	(void)state;
	gives(ANY "crypto ipsec profile P\n", "EspProposals=aes128-sha1\n");
	gives(ANY "crypto ipsec profile P\n set pfs group14\n"
	      " set transform-set default\n",
	      "EspProposals=aes128-sha1-modp2048\n");
	is(ANY "crypto ipsec profile P\n set transform-set NONE\n",
	   "set transform-set", IMPORT_LEFT, "no transform set \"NONE\"");
	imp_ios(&in, ANY "crypto ipsec profile P\n set transform-set NONE\n"
		TUNNEL);
	imp_lacks(&in, 0, "EspProposals=");
	imp_note(&in, "no transform set that can be used");
	import_free(&in);
	/* One that has this name is meant. */
	gives(ANY "crypto ipsec transform-set default esp-gcm\n"
	      "crypto ipsec profile P\n set transform-set default\n",
	      "EspProposals=aes128gcm16\nMode=tunnel\n");
	is(V2(V2_PSK) "crypto ipsec transform-set T esp-gcm\n"
	   "crypto ikev2 policy Y\n proposal NONE\n", "proposal NONE",
	   IMPORT_LEFT, "no proposal \"NONE\"");
}

static void test_profile(void **state)
{
	(void)state;
	gives(ANY SET PROFILE
	      " set security-association lifetime seconds 120\n"
	      " set security-association idle-time 300\n"
	      "crypto isakmp keepalive 20 3 periodic\n",
	      "Lifetime=120\nDPD=20\nIdleTime=300\n");
	gives(ANY SET PROFILE
	      "crypto ipsec security-association lifetime seconds 1800\n",
	      "Lifetime=1800\n");
	is(ANY SET PROFILE
	   " set security-association lifetime kilobytes 100\n",
	   "set security-association lifetime k", IMPORT_LEFT, "seconds");
	is(ANY SET PROFILE "crypto ikev2 dpd 10 2 periodic\n",
	   "crypto ikev2 dpd", IMPORT_IGNORED, "no tunnel");
	is(ANY SET PROFILE "crypto pki trustpoint CA\n enrollment url x\n",
	   "enrollment", IMPORT_IGNORED, "block");
}

/* What holds for all of IPsec on the router. */
static void test_global(void **state)
{
	static const struct {
		const char *line;
		enum import_class class;
		const char *what;
	} lines[] = {
		{ "crypto ipsec security-association replay window-size 64",
		  IMPORT_IGNORED, "window" },
		{ "crypto ipsec security-association replay window-size 128",
		  IMPORT_IGNORED, "window" },
		{ "crypto ipsec security-association replay window-size 1024",
		  IMPORT_LEFT, "128" },
		{ "crypto ipsec security-association replay disable",
		  IMPORT_LEFT, "128" },
		{ "crypto ipsec df-bit clear", IMPORT_LEFT, "DF" },
		{ "crypto ipsec df-bit copy", IMPORT_LEFT, "DF" },
		{ "crypto ipsec df-bit set", IMPORT_IGNORED, "DF" },
		{ "crypto isakmp identity hostname", IMPORT_LEFT, "NBMA" },
		{ "crypto isakmp identity dn", IMPORT_LEFT, "NBMA" },
		{ "crypto isakmp identity address", IMPORT_IGNORED, "NBMA" },
		{ "crypto ipsec security-association lifetime kilobytes 100",
		  IMPORT_LEFT, "seconds" },
		{ "crypto ipsec security-association lifetime kilobytes disable",
		  IMPORT_IGNORED, "seconds" },
		{ " set security-association replay window-size 64",
		  IMPORT_IGNORED, "window" },
		{ " set security-association replay window-size 512",
		  IMPORT_LEFT, "128" },
		{ " set security-association replay disable", IMPORT_LEFT,
		  "128" },
		{ " set security-association lifetime kilobytes disable",
		  IMPORT_IGNORED, "seconds" },
	};
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), ANY SET PROFILE "%s\n",
			 lines[i].line);
		is(text, lines[i].line + strspn(lines[i].line, " "),
		   lines[i].class, lines[i].what);
	}
}

static void test_secrets(void **state)
{
	char *text;
	struct import in;

	(void)state;
	/* The server's is better than anybody's: it is what it will have. */
	gives("crypto isakmp key other address 192.0.2.1\n" ANY SET PROFILE,
	      "Secret=other\n");
	gives(ANY "crypto isakmp key wide address 192.0.0.0 255.255.0.0\n"
	      "crypto isakmp key other address 192.0.2.1\n" SET PROFILE,
	      "Secret=other\n");
	gives(ANY "crypto isakmp key other address 198.51.100.1\n"
	      SET PROFILE, "Secret=hunter2\n");
	gives("crypto isakmp key other address 198.51.100.1\n"
	      "crypto isakmp key hunter2 address 192.0.2.0 255.255.255.0\n"
	      SET PROFILE, "Secret=hunter2\n");
	is("crypto isakmp key other address 192.0.2.1\n" ANY SET PROFILE,
	   "crypto isakmp key hunter2", IMPORT_LEFT, "one secret");
	imp_ios(&in, "crypto isakmp key other address 192.0.2.1\n" ANY SET
		PROFILE TUNNEL);
	imp_note(&in, "peers other than the server have the secret of line 2");
	import_free(&in);
	is(ANY SET PROFILE "crypto isakmp key 6 XYZ address 192.0.2.1\n",
	   "crypto isakmp key 6", IMPORT_LEFT, "encrypted");
	is(SET PROFILE "crypto isakmp key 0 hunter2 address ipv6 ::/0\n",
	   "crypto isakmp key 0", IMPORT_USED, "Secret=");
	is(ANY SET PROFILE "crypto keyring K\n"
	   " pre-shared-key address 192.0.9.1 key x\n",
	   "pre-shared-key", IMPORT_LEFT, "one secret");
	is(ANY SET V2(V2_PSK) "crypto keyring L\n"
	   " pre-shared-key address 192.0.2.1 key x\n",
	   "pre-shared-key address", IMPORT_IGNORED, "no tunnel");
	gives(ANY SET PROFILE " set isakmp-profile I\n"
	      "crypto keyring K\n"
	      " pre-shared-key address 0.0.0.0 0.0.0.0 key other\n"
	      "crypto isakmp profile I\n keyring K\n"
	      " match identity address 0.0.0.0\n", "Secret=other\n");

	/* Without one the section is a comment. */
	imp_ios(&in, SET PROFILE TUNNEL);
	imp_has(&in, 0, "#[IPsec]\n#Secret=\n#Version=1\n");
	imp_has(&in, 0, "Protection=required\n");
	imp_note(&in, "no secret");
	text = imp_text(&in, 0);
	nh_conf_free(imp_read("dmvpn0.conf", text));
	free(text);
	import_free(&in);
}

static void test_ikev2(void **state)
{
	(void)state;
	gives(SET V2(V2_PSK), "Secret=hunter2\nVersion=2\n"
	      "Identity=me@example.net\n"
	      "Proposals=aes256-aes128-sha256-modp2048-ecp256,"
	      "aes128gcm16-prfsha256-ecp521\n"
	      "EspProposals=aes128-sha1\nMode=tunnel\nIkeLifetime=7200\n"
	      "DPD=15\n");
	/* The tunnel may name it beside the profile. */
	gives("crypto ipsec profile Q\n set transform-set T\n"
	      "interface Tunnel9\n ip address 10.9.0.1 255.255.255.0\n"
	      " ip nhrp network-id 1\n tunnel source 192.0.2.2\n"
	      " tunnel mode gre multipoint\n tunnel key 9\n"
	      " tunnel protection ipsec profile Q ikev2-profile V\n"
	      SET V2(V2_PSK), "Secret=hunter2\nVersion=2\n");
	/* A key for IKEv1 is none for IKEv2. */
	is("crypto isakmp key other address 0.0.0.0\n" SET V2(V2_PSK),
	   "crypto isakmp key", IMPORT_IGNORED, "no tunnel");
	is(SET V2(" authentication remote rsa-sig\n pki trustpoint CA\n"),
	   "pki trustpoint", IMPORT_LEFT, "certificates");
	gives(SET V2(" authentication remote rsa-sig\n"),
	      "#[IPsec]\n#Certificate=\n#PrivateKey=\n#CA=\n#Version=2\n");
	gives(SET V2(" authentication remote pre-share key other\n"
		     " authentication local pre-share key other\n"),
	      "Version=2\n");
}

static void test_report(void **state)
{
	struct import in;
	char *text;
	size_t size;
	FILE *f;

	(void)state;
	imp_ios(&in, "username x password 0 hunter2\nenable secret 5 hunter2\n"
		     "snmp-server community hunter2 RO\n"
		     "dot11 ssid office\n wpa-psk ascii 0 hunter2\n"
		     "ntp authentication-key 1 md5 hunter2 7\n"
		     "crypto isakmp key hunter2 hostname h\n"
		     "crypto ikev2 profile V\n"
		     " authentication remote pre-share key hunter2\n"
		     "key chain K\n key 1\n  key-string hunter2\n"
		     "router ospf 1\n area 0 encryption ipsec spi 256 esp null"
		     " sha1 hunter2\n"
		     "router isis\n area-password hunter2\n"
		     " domain-password hunter2\n"
		     "crypto map M 1 ipsec-manual\n"
		     " set session-key inbound ah 256 hunter2\n"
		     "crypto ikev2 proposal A\n encryption aes-cbc-256\n"
		     ANY PSK SET PROFILE TUNNEL
		     " ip nhrp authentication hunter2\n tunnel key 22\n"
		     " ipv6 ospf authentication ipsec spi 500 sha1 hunter2\n");
	f = open_memstream(&text, &size);
	import_report(&in, f);
	fclose(f);
	assert_null(strstr(text, "hunter2"));
	assert_non_null(strstr(text, "(not shown)"));
	assert_non_null(strstr(text, "used: tunnel key 22 -> [Tunnel] Key=22"));
	assert_non_null(strstr(text, "used: authentication pre-share ->"));
	assert_non_null(strstr(text, ": encryption aes-cbc-256"));
	free(text);
	import_free(&in);
}

/* Words are what blanks of any kind are between, as many as there are. */
static void test_report_blanks(void **state)
{
	static const char *const lines[] = {
		" authentication local pre-share key\thunter2\n",
		"\tauthentication\tremote\tpre-share\tkey\thunter2\n",
		" encryption key\t1 size 128bit 7 hunter2\n",
		" encryption\tvlan 1\tkey 1 size 40bit 0 hunter2\n",
		" tunnel key 22 key hunter2\n",
		" description 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19"
		" 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39"
		" 40 41 password hunter2\n",
		" neighbor 10.0.0.1\tpassword\t\thunter2\n",
	};
	char *text, config[256];
	struct import in;
	size_t i, size;
	FILE *f;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(config, sizeof(config), "crypto ikev2 profile V\n%s",
			 lines[i]);
		imp_ios(&in, config);
		f = open_memstream(&text, &size);
		import_report(&in, f);
		fclose(f);
		if (strstr(text, "hunter2") || !strstr(text, " (not shown)"))
			fail_msg("%s", text);
		free(text);
		import_free(&in);
	}
	imp_ios(&in, "interface Tunnel1\n tunnel\tkey\t22\n");
	f = open_memstream(&text, &size);
	import_report(&in, f);
	fclose(f);
	assert_non_null(strstr(text, ": tunnel key 22"));
	free(text);
	import_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_transforms),
		cmocka_unit_test(test_missing),
		cmocka_unit_test(test_profile),
		cmocka_unit_test(test_global),
		cmocka_unit_test(test_secrets),
		cmocka_unit_test(test_ikev2),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_report_blanks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
