// SPDX-License-Identifier: GPL-2.0-or-later
/* What charon is told of a device: its connections and its secret. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/ike_conn.h"
#include "tests/ike_lab.h"

/* The calls of a device that found its charon. */
static struct fake_node *told(const char *nbma, const char *ipsec)
{
	struct fake_node *node = ike_lab_node(nbma, ipsec);

	fake_vici_forget();
	fake_vici_up(ike_lab_vici(node));
	return node;
}

/* The line that begins so has all of these, NULL at the end. */
static void expect(const char *line, ...)
{
	const char *found = fake_vici_line(line), *text;
	va_list ap;
	char *own;

	if (!found)
		fail_msg("not said: %s, but\n%s", line, fake_vici_said());
	own = strndup(found, strcspn(found, "\n"));
	va_start(ap, line);
	while ((text = va_arg(ap, const char *)))
		if (!strstr(own, text))
			fail_msg("without \"%s\": %s", text, own);
	va_end(ap);
	free(own);
}

/* All that is said for a secret, with nothing but defaults. */
static void test_secret(void **state)
{
	char text[1024];

	(void)state;
	told("192.0.2.1", IKE_LAB_SECRET);
	snprintf(text, sizeof(text),
		 "get-conns\n"
		 "load-shared id=dmvpn-dmvpn0 type=IKE data=s3cr3t-of-all owners=[192.0.2.1,%%any]\n"
		 "load-conn dmvpn0{ version=2 local_addrs=[192.0.2.1] remote_addrs=[%%any] proposals=[default] unique=never mobike=no dpd_delay=30s rekey_time=12960s over_time=1440s"
		 " local{ auth=psk id=192.0.2.1 } remote{ auth=psk id=%%any }"
		 " children{ gre{ mode=transport esp_proposals=[aes128gcm16-x25519-ecp256,aes256gcm16-x25519-ecp384,aes128gcm16,aes256gcm16,chacha20poly1305,aes128-sha256,aes256-sha256] local_ts=[192.0.2.1/32[gre]] remote_ts=[dynamic[gre]] life_time=3600s rekey_time=3240s rand_time=360s reqid=%u replay_window=128 start_action=trap dpd_action=clear } } }\n"
		 "unload-conn name=dmvpn0/ipv6\n"
		 "list-sas\n", nh_ike_reqid("dmvpn0", AF_INET));
	assert_string_equal(fake_vici_said(), text);
}

static void test_certificates(void **state)
{
	(void)state;
	told("192.0.2.1", ike_lab_certs());
	expect("load-key", "type=any data=PRIVATE-K3Y", NULL);
	/* Without Identity= it is the subject of the certificate. */
	expect("load-conn dmvpn0{",
	       "local{ auth=pubkey certs=[CERT OF OURS] }",
	       "remote{ auth=pubkey id=%any cacerts=[CERT OF CA] }", NULL);
	assert_int_equal(fake_vici_count("load-shared"), 0);
	/* A secret of before lets nobody in any more. */
	assert_int_equal(fake_vici_count("unload-shared id=dmvpn-dmvpn0\n"), 1);
	assert_null(strstr(ike_lab_log(), "K3Y"));
}

static void test_choices(void **state)
{
	(void)state;
	told("192.0.2.1",
	     IKE_LAB_SECRET "Version=1\nMode=tunnel\nIdentity=hub@example\n"
	     "RemoteIdentity=*@example\nProposals=aes256-sha256-modp2048\n"
	     "EspProposals=aes256gcm16,aes128-sha1\nLifetime=600\n"
	     "IkeLifetime=7200\nDPD=0\n");
	expect("load-shared", "owners=[hub@example,192.0.2.1,%any]", NULL);
	/* No trap: in tunnel mode it would take the peer's packets. */
	expect("load-conn dmvpn0{", "version=1", " reauth_time=6480s",
	       "dpd_delay=0s", "over_time=720s",
	       "proposals=[aes256-sha256-modp2048]",
	       "local{ auth=psk id=hub@example }",
	       "remote{ auth=psk id=*@example }", "mode=tunnel",
	       "esp_proposals=[aes256gcm16,aes128-sha1]",
	       "remote_ts=[dynamic[gre]]", "life_time=600s rekey_time=540s",
	       "rand_time=60s", "start_action=none", NULL);
	assert_null(strstr(fake_vici_line("load-conn"), "over_time=720s rekey"));
}

static void test_ipv6(void **state)
{
	(void)state;
	told("2001:db8::1", IKE_LAB_SECRET);
	expect("load-shared", "owners=[2001:db8::1,%any]", NULL);
	expect("load-conn dmvpn0/ipv6{", "local_addrs=[2001:db8::1]",
	       "remote_addrs=[%any6]", "local_ts=[2001:db8::1/128[gre]]",
	       "remote_ts=[dynamic[gre]]", "start_action=trap", NULL);
	assert_int_equal(fake_vici_count("load-conn"), 1);
	assert_int_equal(fake_vici_count("unload-conn name=dmvpn0\n"), 1);
}

static void test_both_families(void **state)
{
	struct fake_node *node = fake_node(ike_net, "192.0.2.1", NULL);

	(void)state;
	node->other = fake_addr("2001:db8::1");
	fake_start(node, ike_lab_conf("192.0.2.1", IKE_LAB_SECRET));
	fake_vici_up(ike_lab_vici(node));
	expect("load-shared", "owners=[192.0.2.1,2001:db8::1,%any]", NULL);
	expect("load-conn dmvpn0{", "local_addrs=[192.0.2.1]", NULL);
	expect("load-conn dmvpn0/ipv6{", "local_addrs=[2001:db8::1]", NULL);
	assert_int_equal(fake_vici_count("unload-conn"), 0);
}

/* How the connection to negotiate with 192.0.2.7 differs from others. */
static void expect_spread(struct nh_ike *ike, const char *rand_time)
{
	struct nh_addr remote = fake_addr("192.0.2.7");

	fake_vici_forget();
	nh_ike_load_conn(ike, NH_IKE_PEER, &remote);
	expect("load-conn dmvpn0/192.0.2.7{", rand_time, NULL);
}

/*
 * charon takes an IKE SA that it has, dead or not, by an equal connection: none
 * that negotiates beside one is equal to that one's.
 */
static void test_beside(void **state)
{
	struct fake_ike_sa sa = {
		.name = "dmvpn0/192.0.2.7", .id = 3, .remote = "192.0.2.7",
		.identity = "seven", .initiator = true, .state = "CONNECTING",
		.no_age = true,
	};

	(void)state;
	ike_lab_up("192.0.2.1", IKE_LAB_SECRET "IkeLifetime=60\n");
	expect_spread(lab.ike, " over_time=6s rand_time=6s");
	/* One that is on its way is waited for. */
	ike_lab_sa(lab.node, &sa);
	expect_spread(lab.ike, " rand_time=6s");
	sa.no_age = false;
	sa.state = NULL;
	ike_lab_sa(lab.node, &sa);
	expect_spread(lab.ike, " rand_time=9s");
	sa.id = 5;
	ike_lab_sa(lab.node, &sa);
	expect_spread(lab.ike, " rand_time=11s");
	/* One that is being replaced is none on its way, though charon does not
	 * tell its age then.
	 */
	sa.state = "REKEYING";
	sa.no_age = true;
	sa.id = 6;
	ike_lab_sa(lab.node, &sa);
	expect_spread(lab.ike, " rand_time=12s");
	/* Never more than twice the time. */
	sa.id = 12;
	ike_lab_sa(lab.node, &sa);
	expect_spread(lab.ike, " rand_time=11s");
	sa.id = 14;
	sa.remote = "192.0.2.8";
	ike_lab_sa(lab.node, &sa);
	expect_spread(lab.ike, " rand_time=11s");
}

/* To begin with one peer, and for those behind one NAT. */
static void test_kinds(void **state)
{
	struct nh_addr remote = fake_addr("192.0.2.7");
	struct fake_node *node = told("192.0.2.1", IKE_LAB_SECRET);
	struct nh_ike *ike = &node->iface->ike;

	(void)state;
	nh_ike_load_conn(ike, NH_IKE_PEER, &remote);
	expect("load-conn dmvpn0/192.0.2.7{", "remote_addrs=[192.0.2.7]",
	       "remote_ts=[dynamic[gre]]", "start_action=none", NULL);
	assert_null(strstr(fake_vici_line("load-conn dmvpn0/192.0.2.7"),
			   "if_id"));
	nh_ike_load_conn(ike, NH_IKE_NAT, &remote);
	expect("load-conn dmvpn0/nat/192.0.2.7{", "remote_addrs=[192.0.2.7]",
	       "remote_ts=[dynamic[gre]]", "start_action=none",
	       "if_id_in=%unique if_id_out=%unique", NULL);
	/* Without an address of that family there is nothing to begin with. */
	remote = fake_addr("2001:db8::7");
	nh_ike_load_conn(ike, NH_IKE_PEER, &remote);
	assert_non_null(fake_vici_line("unload-conn name=dmvpn0/2001:db8::7\n"));
}

static void test_names(void **state)
{
	struct nh_addr a4 = fake_addr("192.0.2.1");
	struct nh_addr a6 = fake_addr("2001:db8::1");
	char name[NH_IKE_NAME_LEN];

	(void)state;
	assert_string_equal(nh_ike_conn_name(name, sizeof(name), "tun0",
					     NH_IKE_ANY, &a4), "tun0");
	assert_string_equal(nh_ike_conn_name(name, sizeof(name), "tun0",
					     NH_IKE_ANY, &a6), "tun0/ipv6");
	assert_string_equal(nh_ike_conn_name(name, sizeof(name), "tun0",
					     NH_IKE_PEER, &a6),
			    "tun0/2001:db8::1");
	assert_string_equal(nh_ike_conn_name(name, sizeof(name), "tun0",
					     NH_IKE_NAT, &a4),
			    "tun0/nat/192.0.2.1");
	assert_string_equal(nh_ike_secret_id(name, sizeof(name), "tun0"),
			    "dmvpn-tun0");
}

/* Fixed for all times: SAs of an earlier daemon are known by it. */
static void test_reqid(void **state)
{
	uint32_t id[64], n = 0, i, j;
	char name[16];

	(void)state;
	for (i = 0; i < 32; i++) {
		snprintf(name, sizeof(name), "dmvpn%u", i);
		id[n++] = nh_ike_reqid(name, AF_INET);
		id[n++] = nh_ike_reqid(name, AF_INET6);
	}
	for (i = 0; i < n; i++) {
		assert_in_range(id[i], 0x40000000, 0x7fffffff);
		for (j = 0; j < i; j++)
			assert_int_not_equal(id[i], id[j]);
	}
	assert_int_equal(nh_ike_reqid("dmvpn0", AF_INET), 0x506a8052);
	assert_int_equal(nh_ike_reqid("dmvpn0", AF_INET6), 0x506a8053);
}

/* Files that were good when the configuration was read. */
static void expect_bad_file(const char *conf, const char *words)
{
	struct fake_node *node = told("192.0.2.1", conf);
	struct nh_ike *ike = &node->iface->ike;

	if (!strstr(ike->error, words))
		fail_msg("without \"%s\": %s", words, ike->error);
	assert_int_equal(ike_lab_lines(ike_lab_log(), "IKE refuses"), 1);
	fake_vici_serve(ike_lab_vici(node));
	assert_false(ike->loaded);
	assert_true(ike->listed);
	nh_iface_close(node->iface, false);
	node->iface = NULL;
	ike_net->nnodes--;
	ike_lab_log_forget();
}

static void spoil(const char *conf, const char *key, const void *data,
		  size_t len)
{
	const char *p = strstr(conf, key) + strlen(key);
	char *file = strndup(p, strcspn(p, "\n"));
	FILE *f;

	unlink(file);
	f = data ? fopen(file, "wb") : NULL;
	if (f) {
		fwrite(data, 1, len, f);
		fclose(f);
	}
	free(file);
}

/* Read only once, when it is told: the kind of a file may have changed. */
static void test_bad_certificate(void **state)
{
	static char big[61 * 1024];
	const char *conf = ike_lab_certs();
	struct fake_node *node;

	(void)state;
	memset(big, 'x', sizeof(big));
	spoil(conf, "\nCertificate=", big, sizeof(big));
	expect_bad_file(conf, "cert.pem: expected a PEM file");
	assert_int_equal(fake_vici_count("load-conn"), 0);
	assert_int_equal(fake_vici_count("load-key"), 1);
	spoil(conf, "\nCertificate=", big, 60 * 1024);
	node = told("192.0.2.1", conf);
	assert_string_equal(node->iface->ike.error, "");
	assert_int_equal(fake_vici_count("load-conn"), 1);
	nh_iface_close(node->iface, false);
	node->iface = NULL;
	ike_net->nnodes--;
	spoil(conf, "\nCertificate=", "\x30\x82\0\1", 4);
	expect_bad_file(conf, "cert.pem: expected a PEM file");
	spoil(conf, "\nCertificate=", "x", 0);
	expect_bad_file(conf, "cert.pem: expected a PEM file");
	spoil(conf, "\nCertificate=", "CERT", 4);
	spoil(conf, "\nCA=", "\0", 1);
	expect_bad_file(conf, "ca.pem: expected a PEM file");
	assert_int_equal(fake_vici_count("load-conn"), 0);
}

/* Gone, unreadable or a directory after it was looked at. */
static void test_lost_files(void **state)
{
	const char *conf = ike_lab_certs();
	struct fake_node *node = ike_lab_node("192.0.2.1", conf);
	struct nh_ike *ike = &node->iface->ike;
	char *ca = strdup(node->iface->conf->ipsec.ca[0]);

	(void)state;
	spoil(conf, "\nPrivateKey=", NULL, 0);
	fake_vici_forget();
	fake_vici_up(ike_lab_vici(node));
	assert_non_null(strstr(ike->error, "the secret: "));
	assert_non_null(strstr(ike->error,
			       "key.pem: No such file or directory"));
	assert_int_equal(fake_vici_count("load-key"), 0);
	assert_int_equal(fake_vici_count("load-conn"), 1);
	spoil(conf, "\nPrivateKey=", "KEY", 3);
	spoil(conf, "\nCA=", NULL, 0);
	assert_int_equal(rename(node->iface->conf->ipsec.cert, ca), 0);
	fake_vici_forget();
	nh_ike_reload(ike, false);
	assert_non_null(strstr(ike->error, "a connection: "));
	assert_non_null(strstr(ike->error,
			       "cert.pem: No such file or directory"));
	assert_int_equal(fake_vici_count("load-conn"), 0);
	/* An error in the middle of reading is one, too. */
	free(node->iface->conf->ipsec.cert);
	node->iface->conf->ipsec.cert = strdup("/tmp");
	nh_ike_reload(ike, false);
	assert_non_null(strstr(ike->error, "/tmp: Is a directory"));
	free(ca);
}

/* More than fits into one packet of VICI. */
static void test_too_many_authorities(void **state)
{
	static char big[60 * 1024];
	char conf[2048];
	size_t i, n;

	(void)state;
	memset(big, 'x', sizeof(big));
	n = (size_t)snprintf(conf, sizeof(conf),
			     "[IPsec]\nCertificate=%s\nPrivateKey=%s\n",
			     ike_lab_file("cert.pem", big, sizeof(big)),
			     ike_lab_file("key.pem", "KEY", 3));
	for (i = 0; i < 8; i++) {
		char name[16];

		snprintf(name, sizeof(name), "ca%zu.pem", i);
		n += (size_t)snprintf(conf + n, sizeof(conf) - n, "CA=%s\n",
				      ike_lab_file(name, big, sizeof(big)));
	}
	expect_bad_file(conf, "a connection: Message too long");
	assert_int_equal(fake_vici_count("load-conn"), 0);
}

/* Octets of all kinds, to the last one, and in no line of the log. */
static void test_secret_is_kept(void **state)
{
	char secret[129], conf[512], line[512];
	size_t i;

	(void)state;
	for (i = 0; i < 128; i++)
		secret[i] = (char)(33 + i % 94);
	secret[128] = '\0';
	snprintf(conf, sizeof(conf), "[IPsec]\nSecretFile=%s\n",
		 ike_lab_file("psk", secret, 128));
	told("192.0.2.1", conf);
	snprintf(line, sizeof(line),
		 "load-shared id=dmvpn-dmvpn0 type=IKE data=%s owners=[",
		 secret);
	assert_int_equal(fake_vici_count(line), 1);
	secret[8] = '\0';
	assert_null(strstr(ike_lab_log(), secret));
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, ike_lab_setup, \
					      ike_lab_teardown)
	const struct CMUnitTest tests[] = {
		T(test_secret),
		T(test_certificates),
		T(test_choices),
		T(test_ipv6),
		T(test_both_families),
		T(test_beside),
		T(test_kinds),
		T(test_names),
		T(test_reqid),
		T(test_bad_certificate),
		T(test_lost_files),
		T(test_too_many_authorities),
		T(test_secret_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
