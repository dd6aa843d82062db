// SPDX-License-Identifier: GPL-2.0-or-later
/* Configuration files: what is read, and what each error says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/dmvpn.h>

#include "daemon/conf.h"

#define MINIMAL	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\n"

static char errors[8192];

static void note(void *arg, const char *text)
{
	(void)arg;
	strncat(errors, text, sizeof(errors) - strlen(errors) - 1);
	strncat(errors, "\n", sizeof(errors) - strlen(errors) - 1);
}

static int read_text(struct nh_conf **conf, const char *text, size_t len)
{
	FILE *file = fmemopen((char *)text, len, "r");
	int err;

	assert_non_null(file);
	errors[0] = '\0';
	err = nh_conf_read(conf, "d/tun7.conf", file, note, NULL);
	fclose(file);
	return err;
}

static struct nh_conf *good(const char *text)
{
	struct nh_conf *conf = NULL;

	if (read_text(&conf, text, strlen(text)))
		fail_msg("refused: %s", errors);
	assert_string_equal(errors, "");
	return conf;
}

static void bad(const char *text, const char *why)
{
	struct nh_conf *conf = NULL;

	assert_true(read_text(&conf, text, strlen(text)) < 0);
	assert_null(conf);
	assert_string_equal(errors, why);
}

static void test_defaults(void **state)
{
	struct nh_conf *c = good(MINIMAL);

	(void)state;
	assert_string_equal(c->name, "tun7");
	assert_false(c->has_key);
	assert_int_equal(c->ttl, 255);
	assert_int_equal(c->tos, 0);
	assert_int_equal(c->df, DMVPN_DF_SET);
	assert_int_equal(c->protection, DMVPN_PROTECTION_REQUIRED);
	assert_int_equal(c->mtu, 0);
	assert_int_equal(c->hold_queue, -1);
	assert_int_equal(c->max_peers, -1);
	assert_int_equal(c->holdtime, 600);
	assert_int_equal(c->registration, 0);
	assert_true(c->unique);
	assert_true(c->shortcut);
	assert_true(c->nat);
	assert_true(c->server);
	assert_false(c->redirect);
	assert_true(c->mcast_dynamic);
	assert_int_equal(c->auth.len, 0);
	nh_conf_free(c);
}

static void test_all_keys(void **state)
{
	struct nh_conf *c = good(
		"# a comment\n"
		"[Tunnel]\n"
		"  Name=dmvpn0\n"
		"Source=192.0.2.1\nSource=2001:db8::1\nSource=eth0\n"
		"Address = 10.0.0.1/24\nAddress=fd00::1/64\n"
		"MTU=1440\nKey=0\nTTL=inherit\nTOS=inherit\nDF=inherit\n"
		"Mark=7\nProtection=none   ; as in a lab\nStrictSource=yes\n"
		"HoldQueue=0\nUpcallRate=5\nMaxPeers=6\nMaxEntries=7\n"
		"MaxMulticast=8\r\n"
		"[NHRP]\n"
		"NetworkId=1\nAuthentication=cisco123\nHoldTime=30\n"
		"RegistrationTimeout=10\nRegistrationUnique=no\nRedirect=yes\n"
		"RegistrationLinkLocal=no\n"
		"Shortcut=no\nMapMulticast=dynamic\nNatExtension=no\nServer=no\n"
		"NhsFallback=20\nIfState=nhrp\n"
		"[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.2\nMulticast=yes\n"
		"Priority=255\nCluster=10\n"
		"[NHS]\nAddress=fd00::2\nNbma=2001:db8::2\n"
		"[NHS]\nAddress=fd00::3\nNbma=hub-3.example.net\n"
		"[Cluster]\nId=10\nMaxConnections=255\n"
		"[Cluster]\nId=0\nMaxConnections=1\n"
		"[Map]\nPrefix=10.0.0.9/32\nNbma=192.0.2.9\nMulticast=yes\n"
		"[Map]\nPrefix=10.9.0.0/16\nNbma=192.0.2.9\n");

	(void)state;
	assert_string_equal(c->name, "dmvpn0");
	assert_string_equal(c->source_dev, "eth0");
	assert_int_equal(c->source4.len, 4);
	assert_int_equal(c->source6.len, 16);
	/* The third is made of the second. */
	assert_int_equal(c->naddr, 3);
	assert_int_equal(c->addr[0].plen, 24);
	assert_int_equal(c->mtu, 1440);
	assert_true(c->has_key);
	assert_int_equal(c->key, 0);
	assert_int_equal(c->ttl, 0);
	assert_int_equal(c->tos, 1);
	assert_int_equal(c->df, DMVPN_DF_INHERIT);
	assert_int_equal(c->mark, 7);
	assert_int_equal(c->protection, DMVPN_PROTECTION_NONE);
	assert_true(c->strict_source);
	assert_int_equal(c->hold_queue, 0);
	assert_int_equal(c->upcall_rate, 5);
	assert_int_equal(c->max_peers, 6);
	assert_int_equal(c->max_entries, 7);
	assert_int_equal(c->max_mcast, 8);
	assert_int_equal(c->network_id, 1);
	assert_int_equal(c->auth.len, 12);
	assert_int_equal(c->holdtime, 30);
	assert_int_equal(c->registration, 10);
	assert_false(c->unique);
	assert_false(c->link_local);
	assert_true(c->redirect);
	assert_false(c->shortcut);
	assert_true(c->mcast_dynamic);
	assert_false(c->nat);
	assert_false(c->server);
	assert_int_equal(c->nnhs, 3);
	assert_string_equal(c->nhs[2].name, "hub-3.example.net");
	assert_false(nh_addr_is_set(&c->nhs[2].nbma));
	assert_string_equal(c->nhs[1].name, "");
	assert_int_equal(c->nhs[0].priority, 255);
	assert_int_equal(c->nhs[0].cluster, 10);
	assert_int_equal(c->nhs[1].cluster, 0);
	assert_int_equal(nh_conf_cluster_max(c, 10), 255);
	assert_int_equal(nh_conf_cluster_max(c, 0), 1);
	assert_int_equal(nh_conf_cluster_max(c, 1), 0);
	assert_int_equal(c->fallback, 20);
	assert_true(c->if_state);
	assert_true(c->nhs[0].multicast);
	assert_false(c->nhs[1].multicast);
	assert_int_equal(c->nmap, 2);
	assert_true(c->map[0].multicast);
	assert_int_equal(c->map[1].prefix.plen, 16);
	nh_conf_free(c);
}

static void link_local_is(const char *addresses, const char *expected)
{
	char file[256], text[NH_ADDR_STRLEN];
	const struct nh_conf_addr *own;
	struct nh_conf *c;

	snprintf(file, sizeof(file), MINIMAL "%s", addresses);
	c = good(file);
	own = nh_conf_link_local(c);
	assert_string_equal(own ? nh_addr_format(&own->addr, text,
						 sizeof(text)) : "none",
			    expected);
	own = nh_conf_proto(c, AF_INET6);
	assert_true(!own || !nh_addr_is_linklocal6(&own->addr));
	nh_conf_free(c);
}

/* It is made of the IPv6 address, unless the file has one. */
static void test_link_local(void **state)
{
	(void)state;
	link_local_is("", "none");
	link_local_is("Address=fd00::1:2:3:4/64\n", "fe80::1:2:3:4");
	link_local_is("Address=fd00::5/64\nAddress=fd01::6/64\n", "fe80::5");
	link_local_is("Address=fe80::7/64\nAddress=fd00::5/64\n", "fe80::7");
	link_local_is("Address=fd00::/64\n", "none");
}

/* Who has a server is a spoke, and its clients are not asked for. */
static void test_multicast_default(void **state)
{
	struct nh_conf *c = good(MINIMAL
		"[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.2\n");

	(void)state;
	assert_false(c->mcast_dynamic);
	nh_conf_free(c);
}

static const struct {
	const char *text;
	const char *why;
} bad_files[] = {
	{ "", "d/tun7.conf: [Tunnel] Source= is missing\n"
	      "d/tun7.conf: [Tunnel] Address= is missing\n" },
	{ MINIMAL "Name=\n",
	  "d/tun7.conf:4: [Tunnel] Name=: expected the name of a device\n" },
	{ MINIMAL "Name=0123456789abcdef\n",
	  "d/tun7.conf:4: [Tunnel] Name=0123456789abcdef: expected the name of a device\n" },
	{ MINIMAL "Colour=red\n",
	  "d/tun7.conf:4: [Tunnel] Colour=: unknown key\n" },
	{ MINIMAL "[Tunel]\nName=x\n",
	  "d/tun7.conf:4: [Tunel]: unknown section; expected Tunnel, NHRP, NHS, Cluster, Map, IPsec or Peers\n" },
	{ "Name=x\n", "d/tun7.conf:1: Name=: expected a section before it\n" },
	{ MINIMAL "nonsense\n",
	  "d/tun7.conf:4: expected KEY=VALUE or [SECTION]\n" },
	{ MINIMAL "[NHRP\nNetworkId=1\n",
	  "d/tun7.conf:4: expected ] behind the section\n" },
	{ MINIMAL "MTU=575\n",
	  "d/tun7.conf:4: [Tunnel] MTU=575: expected a number from 576 to 65487\n" },
	{ MINIMAL "MTU=1400 octets\n",
	  "d/tun7.conf:4: [Tunnel] MTU=1400 octets: expected a number from 576 to 65487\n" },
	{ MINIMAL "Key=4294967296\n",
	  "d/tun7.conf:4: [Tunnel] Key=4294967296: expected a number from 0 to 4294967295\n" },
	{ MINIMAL "Key=-1\n",
	  "d/tun7.conf:4: [Tunnel] Key=-1: expected a number from 0 to 4294967295\n" },
	{ MINIMAL "Key=99999999999999999999999\n",
	  "d/tun7.conf:4: [Tunnel] Key=99999999999999999999999: expected a number from 0 to 4294967295\n" },
	{ MINIMAL "Key=\n",
	  "d/tun7.conf:4: [Tunnel] Key=: expected a number from 0 to 4294967295\n" },
	{ MINIMAL "Key=1\nKey=1\n",
	  "d/tun7.conf:5: [Tunnel] Key=: already given in line 4\n" },
	{ MINIMAL "TTL=0\n",
	  "d/tun7.conf:4: [Tunnel] TTL=0: expected a number from 1 to 255\n" },
	{ MINIMAL "TOS=1\n",
	  "d/tun7.conf:4: [Tunnel] TOS=1: expected inherit, or a number but 1\n" },
	{ MINIMAL "DF=on\n",
	  "d/tun7.conf:4: [Tunnel] DF=on: expected set, unset or inherit\n" },
	{ MINIMAL "Protection=yes\n",
	  "d/tun7.conf:4: [Tunnel] Protection=yes: expected required or none\n" },
	{ MINIMAL "StrictSource=1\n",
	  "d/tun7.conf:4: [Tunnel] StrictSource=1: expected yes or no\n" },
	{ MINIMAL "Source=192.0.2.2\n",
	  "d/tun7.conf:4: [Tunnel] Source=192.0.2.2: expected only one address of a family\n" },
	{ MINIMAL "Source=127.0.0.1\n",
	  "d/tun7.conf:4: [Tunnel] Source=127.0.0.1: expected the address of a host\n" },
	{ MINIMAL "Source=eth/0\n",
	  "d/tun7.conf:4: [Tunnel] Source=eth/0: expected an address or the name of a device\n" },
	{ MINIMAL "Address=10.0.0.2\n",
	  "d/tun7.conf:4: [Tunnel] Address=10.0.0.2: expected ADDRESS/LENGTH\n" },
	{ MINIMAL "Address=10.0.0.2/33\n",
	  "d/tun7.conf:4: [Tunnel] Address=10.0.0.2/33: expected a length from 1 to 32\n" },
	{ MINIMAL "Address=10.0.0.2/0\n",
	  "d/tun7.conf:4: [Tunnel] Address=10.0.0.2/0: expected a length from 1 to 32\n" },
	{ MINIMAL "Address=fd00::1/129\n",
	  "d/tun7.conf:4: [Tunnel] Address=fd00::1/129: expected a length from 1 to 128\n" },
	{ MINIMAL "Address=10.0.0.2/\n",
	  "d/tun7.conf:4: [Tunnel] Address=10.0.0.2/: expected a length from 1 to 32\n" },
	{ MINIMAL "Address=224.0.0.2/24\n",
	  "d/tun7.conf:4: [Tunnel] Address=224.0.0.2: expected the address of a host\n" },
	{ MINIMAL "Address=10.0.0.1/25\n",
	  "d/tun7.conf:4: [Tunnel] Address=10.0.0.1/25: expected each address only once\n" },
	{ MINIMAL "Address=fe80::1/64\n",
	  "d/tun7.conf: [Tunnel] Address=: expected another IPv6 address beside the link-local one\n" },
	{ MINIMAL "Address=fd00::1/64\nAddress=fe80::1/64\nAddress=fe80::2/64\n",
	  "d/tun7.conf:6: [Tunnel] Address=fe80::2/64: expected only one link-local address\n" },
	{ MINIMAL "[NHRP]\nHoldTime=29\n",
	  "d/tun7.conf:5: [NHRP] HoldTime=29: expected a number from 30 to 65535\n" },
	{ MINIMAL "[NHRP]\nHoldTime=60\nRegistrationTimeout=60\n",
	  "d/tun7.conf: [NHRP] RegistrationTimeout=60: expected less than HoldTime=60\n" },
	{ MINIMAL "[NHRP]\nAuthentication=topsecret\n",
	  "d/tun7.conf:5: [NHRP] Authentication=(not shown): expected 1 to 8 characters\n" },
	{ MINIMAL "[NHRP]\nMapMulticast=yes\n",
	  "d/tun7.conf:5: [NHRP] MapMulticast=yes: expected dynamic or none\n" },
	{ MINIMAL "[NHS]\n",
	  "d/tun7.conf:4: [NHS]: Address= is missing\n"
	  "d/tun7.conf:4: [NHS]: Nbma= is missing\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\n[NHS]\nAddress=10.0.0.3\nNbma=192.0.2.3\n",
	  "d/tun7.conf:4: [NHS]: Nbma= is missing\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\nNbma=hub..example\n",
	  "d/tun7.conf:6: [NHS] Nbma=hub..example: expected an address or the name of a host\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.300\n",
	  "d/tun7.conf:6: [NHS] Nbma=192.0.2.300: expected an address or the name of a host\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\nNbma=-hub.example\n",
	  "d/tun7.conf:6: [NHS] Nbma=-hub.example: expected an address or the name of a host\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\nNbma=127.0.0.1\n",
	  "d/tun7.conf:6: [NHS] Nbma=127.0.0.1: expected the address of a host\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.1\n",
	  "d/tun7.conf:4: [NHS] Nbma=192.0.2.1: expected another address than [Tunnel] Source=\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.2\n",
	  "d/tun7.conf:4: [NHS] Address=10.0.0.1: expected another address than [Tunnel] Address=\n" },
	{ MINIMAL "[NHS]\nAddress=fd00::2\nNbma=192.0.2.2\n",
	  "d/tun7.conf:4: [NHS] Address=fd00::2: expected an address of the family of a [Tunnel] Address=\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\nNbma=2001:db8::2\n",
	  "d/tun7.conf:4: [NHS] Nbma=2001:db8::2: expected an address of the family of [Tunnel] Source=\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.2\n[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.3\n",
	  "d/tun7.conf:7: [NHS] Address=10.0.0.2: already given in line 4\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.2\nCluster=11\n",
	  "d/tun7.conf:7: [NHS] Cluster=11: expected a number from 0 to 10\n" },
	{ MINIMAL "[Cluster]\n",
	  "d/tun7.conf:4: [Cluster]: Id= is missing\n"
	  "d/tun7.conf:4: [Cluster]: MaxConnections= is missing\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.2\nCluster=1\n"
	  "[Cluster]\nId=0\nMaxConnections=1\n"
	  "[Cluster]\nId=1\nMaxConnections=1\n"
	  "[Cluster]\nId=1\nMaxConnections=2\n",
	  "d/tun7.conf:8: [Cluster] Id=0: expected an [NHS] with Cluster=0\n"
	  "d/tun7.conf:14: [Cluster] Id=1: already given in line 11\n" },
	{ MINIMAL "[Cluster]\nId=1\nMaxConnections=256\n",
	  "d/tun7.conf:6: [Cluster] MaxConnections=256: expected a number from 0 to 255\n" },
	{ MINIMAL "[NHRP]\nIfState=nhrp\n",
	  "d/tun7.conf: [NHRP] IfState=nhrp: expected an [NHS]\n" },
	{ MINIMAL "[NHRP]\nIfState=yes\n",
	  "d/tun7.conf:5: [NHRP] IfState=yes: expected nhrp or none\n" },
	{ MINIMAL "[NHRP]\nNhsFallback=3601\n",
	  "d/tun7.conf:5: [NHRP] NhsFallback=3601: expected a number from 0 to 3600\n" },
	{ MINIMAL "[Map]\nPrefix=10.0.0.9/24\nNbma=192.0.2.9\n", NULL },
	{ MINIMAL "[Map]\nPrefix=0.0.0.0/0\nNbma=192.0.2.9\n",
	  "d/tun7.conf:5: [Map] Prefix=0.0.0.0/0: expected a unicast prefix\n" },
	{ MINIMAL "[Map]\nPrefix=10.0.0.1/32\nNbma=192.0.2.9\n",
	  "d/tun7.conf:4: [Map] Prefix=10.0.0.1/32: expected another address than [Tunnel] Address=\n" },
	{ MINIMAL "[Map]\nPrefix=10.0.0.9\nNbma=192.0.2.9\n[Map]\nPrefix=10.0.0.9/32\nNbma=192.0.2.8\n",
	  "d/tun7.conf:7: [Map] Prefix=10.0.0.9/32: already given in line 4\n" },
	{ MINIMAL "[NHS]\nAddress=10.0.0.9\nNbma=192.0.2.2\n[Map]\nPrefix=10.0.0.9/32\nNbma=192.0.2.8\n",
	  "d/tun7.conf:7: [Map] Prefix=10.0.0.9/32: an [NHS] has this address\n" },
	{ MINIMAL "Address=fd00::1/64\nMTU=1279\n",
	  "d/tun7.conf: [Tunnel] MTU=1279: expected 1280 or more with an IPv6 Address=\n" },
	/* All errors of a file are told. */
	{ MINIMAL "TTL=x\n[NHRP]\nHoldTime=x\n[What]\n",
	  "d/tun7.conf:4: [Tunnel] TTL=x: expected a number from 1 to 255\n"
	  "d/tun7.conf:6: [NHRP] HoldTime=x: expected a number from 30 to 65535\n"
	  "d/tun7.conf:7: [What]: unknown section; expected Tunnel, NHRP, NHS, Cluster, Map, IPsec or Peers\n" },
};

static void test_errors(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++) {
		struct nh_conf *conf = NULL;

		if (bad_files[i].why) {
			bad(bad_files[i].text, bad_files[i].why);
			continue;
		}
		/* The words for host bits are lib/addr.c's. */
		assert_true(read_text(&conf, bad_files[i].text,
				      strlen(bad_files[i].text)) < 0);
		assert_non_null(strstr(errors, "d/tun7.conf:5: [Map] Prefix="));
	}
}

static void test_password_not_shown(void **state)
{
	(void)state;
	bad(MINIMAL "[NHRP]\nAuthentication=hunter2hunter2\n"
	    "Authentication=x\n",
	    "d/tun7.conf:5: [NHRP] Authentication=(not shown): expected 1 to 8 characters\n"
	    "d/tun7.conf:6: [NHRP] Authentication=: already given in line 5\n");
	assert_null(strstr(errors, "hunter2"));
}

static void test_odd_octets(void **state)
{
	static const char nul[] = MINIMAL "MTU=14\0" "00\n";
	struct nh_conf *conf = NULL;
	char text[512];

	(void)state;
	assert_true(read_text(&conf, nul, sizeof(nul) - 1) < 0);
	assert_string_equal(errors,
			    "d/tun7.conf:4: the line contains a NUL octet\n");
	snprintf(text, sizeof(text), MINIMAL "# %0240d\n", 0);
	bad(text, "d/tun7.conf:4: the line is longer than 197 characters\n");
	/* A line without newline at the end of the file counts. */
	conf = good(MINIMAL "MTU=1300");
	assert_int_equal(conf->mtu, 1300);
	nh_conf_free(conf);
}

static void test_too_many(void **state)
{
	char text[8192] = MINIMAL, line[128];
	int i;

	(void)state;
	for (i = 0; i < NH_CONF_NHS + 1; i++) {
		snprintf(line, sizeof(line),
			 "[NHS]\nAddress=10.0.0.%d\nNbma=192.0.2.%d\n", i + 2,
			 i + 2);
		strcat(text, line);
	}
	bad(text, "d/tun7.conf:52: [NHS]: expected at most 16 of them\n");
}

/* What is installed as examples must be right; tests run in user/. */
static void test_examples(void **state)
{
	static const char *const names[] = { "etc/hub.conf", "etc/spoke.conf" };
	struct nh_conf *conf;
	size_t i;
	FILE *f;

	(void)state;
	for (i = 0; i < 2; i++) {
		f = fopen(names[i], "r");
		if (!f)
			skip();
		errors[0] = '\0';
		if (nh_conf_read(&conf, names[i], f, note, NULL))
			fail_msg("%s", errors);
		fclose(f);
		assert_int_equal(conf->nnhs, i);
		nh_conf_free(conf);
	}
}

static char dir[] = "/tmp/test_conf.XXXXXX";

static void put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void drop(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
}

static void expect_error(const char *fmt)
{
	char text[256];
	struct nh_conf_set set;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof(text), fmt, dir, dir);
#pragma GCC diagnostic pop
	errors[0] = '\0';
	assert_true(nh_conf_load(&set, dir, note, NULL) < 0);
	assert_string_equal(errors, text);
	assert_int_equal(set.n, 0);
}

static void test_directory(void **state)
{
	struct nh_conf_set set;

	(void)state;
	assert_non_null(mkdtemp(dir));
	expect_error("%s: no file *.conf in it\n");
	put("b.conf", MINIMAL);
	put("a.conf", "[Tunnel]\nName=b\nSource=192.0.2.7\nAddress=10.1.0.1/24\n");
	put("c.conf.bak", "nonsense\n");
	put(".conf", "nonsense\n");
	expect_error("%s/b.conf: device b is configured by %s/a.conf already\n");
	put("a.conf", MINIMAL);
	errors[0] = '\0';
	assert_int_equal(nh_conf_load(&set, dir, note, NULL), 0);
	assert_int_equal(set.n, 2);
	assert_string_equal(set.conf[0]->name, "a");
	assert_string_equal(set.conf[1]->name, "b");
	nh_conf_set_free(&set);
	put("a.conf", "x\n");
	put("b.conf", "y\n");
	expect_error("%s/a.conf:1: expected KEY=VALUE or [SECTION]\n"
		     "%s/b.conf:1: expected KEY=VALUE or [SECTION]\n");
	drop("a.conf");
	drop("b.conf");
	drop("c.conf.bak");
	drop(".conf");
	rmdir(dir);
	expect_error("%s: No such file or directory\n");
}

static void test_accepted_networks(void **state)
{
	struct nh_conf *c = good(MINIMAL
		"[NHRP]\nAcceptPrefixes=10.1.0.0/16  10.0.0.0/8\n"
		"AcceptPrefixes=192.0.2.7/32\n");

	(void)state;
	assert_int_equal(c->accept.n, 3);
	assert_int_equal(c->accept.at[1].prefix.plen, 8);
	assert_int_equal(c->accept.at[2].line, 6);
	nh_conf_free(c);
	bad(MINIMAL "[NHRP]\nAcceptPrefixes=10.1.0.0/16 10.2.0.1/16\n",
	    "d/tun7.conf:5: [NHRP] AcceptPrefixes=10.2.0.1/16: host bits are set beyond the prefix length; expected ADDRESS/LENGTH\n");
	bad(MINIMAL "[NHRP]\nAcceptPrefixes=224.0.0.0/8\n",
	    "d/tun7.conf:5: [NHRP] AcceptPrefixes=224.0.0.0/8: expected a unicast prefix\n");
	bad(MINIMAL "[NHRP]\nAcceptPrefixes=10.1.0.0/16\n"
	    "AcceptPrefixes=10.1.0.0/16\n",
	    "d/tun7.conf:6: [NHRP] AcceptPrefixes=10.1.0.0/16: already given in line 5\n");
	bad(MINIMAL "[NHRP]\nAcceptPrefixes=fd01::/48 10.0.0.0/25\nServer=no\n",
	    "d/tun7.conf:5: [NHRP] AcceptPrefixes=fd01::/48: expected Server=yes\n"
	    "d/tun7.conf:5: [NHRP] AcceptPrefixes=fd01::/48: expected a prefix of the family of a [Tunnel] Address=\n"
	    "d/tun7.conf:5: [NHRP] AcceptPrefixes=10.0.0.0/25: expected Server=yes\n"
	    "d/tun7.conf:5: [NHRP] AcceptPrefixes=10.0.0.0/25: expected a prefix outside of the subnet of [Tunnel] Address=\n");
	bad(MINIMAL "[NHRP]\nAcceptPrefixes=10.1.0.0/16 10.2.0.0/16 10.3.0.0/16 "
	    "10.4.0.0/16 10.5.0.0/16 10.6.0.0/16 10.7.0.0/16 10.8.0.0/16\n"
	    "AcceptPrefixes=10.11.0.0/16 10.12.0.0/16 10.13.0.0/16 "
	    "10.14.0.0/16 10.15.0.0/16 10.16.0.0/16 10.17.0.0/16 10.18.0.0/16\n"
	    "AcceptPrefixes=10.19.0.0/16\n",
	    "d/tun7.conf:7: [NHRP] AcceptPrefixes=10.19.0.0/16: expected fewer prefixes\n");
}

static void test_own_networks(void **state)
{
	struct nh_conf *c = good(MINIMAL
		"[NHRP]\nRegister=10.1.2.0/24 192.0.2.7\n"
		"[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.2\n");

	(void)state;
	assert_int_equal(c->also.n, 2);
	assert_int_equal(c->also.at[1].prefix.plen, 32);
	nh_conf_free(c);
#define WRONG(value) \
	"d/tun7.conf:5: [NHRP] Register=" value ": expected a network of at " \
	"least 8 bits (IPv6: 16) outside of the subnet of [Tunnel] Address=\n"
	bad(MINIMAL "[NHRP]\nRegister=10.0.0.0/8 10.0.0.128/25 10.0.0.9 0.0.0.0/0\n"
	    "[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.2\n",
	    WRONG("10.0.0.0/8") WRONG("10.0.0.128/25") WRONG("10.0.0.9/32")
	    WRONG("0.0.0.0/0"));
	bad(MINIMAL "[NHRP]\nRegister=fd01::/48\n"
	    "[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.2\n",
	    "d/tun7.conf:5: [NHRP] Register=fd01::/48: expected an [NHS] of its family\n");
	bad(MINIMAL "[NHRP]\nRegister=10.1.1.0/24 10.1.2.0/24 10.1.3.0/24 "
	    "10.1.4.0/24 10.1.5.0/24 10.1.6.0/24 10.1.7.0/24 10.1.8.0/24 "
	    "10.1.9.0/24\n[NHS]\nAddress=10.0.0.2\nNbma=192.0.2.2\n",
	    "d/tun7.conf:5: [NHRP] Register=10.1.9.0/24: expected fewer prefixes\n");
}

static void test_dynamic_servers(void **state)
{
	struct nh_conf *c = good(MINIMAL "Address=fd00::1/64\n"
		"[NHS]\nAddress=dynamic\nNbma=192.0.2.2\n"
		"[NHS]\nAddress=dynamic6\nNbma=192.0.2.2\n"
		"[NHS]\nAddress=dynamic\nNbma=hub.example.net\n");

	(void)state;
	assert_true(c->nhs[0].dynamic);
	assert_int_equal(c->nhs[0].family, AF_INET);
	assert_false(nh_addr_is_set(&c->nhs[0].proto));
	assert_int_equal(c->nhs[1].family, AF_INET6);
	nh_conf_free(c);
	c = good("[Tunnel]\nSource=192.0.2.1\nAddress=fd00::1/64\n"
		 "[NHS]\nAddress=dynamic\nNbma=192.0.2.2\n");
	assert_int_equal(c->nhs[0].family, AF_INET6);
	nh_conf_free(c);
	bad(MINIMAL "[NHS]\nAddress=dynamic6\nNbma=192.0.2.2\n",
	    "d/tun7.conf:4: [NHS] Address=dynamic6: expected an address of the family of a [Tunnel] Address=\n");
	bad(MINIMAL "[NHS]\nAddress=dynamic\nNbma=192.0.2.2\n"
	    "[NHS]\nAddress=dynamic\nNbma=192.0.2.2\n",
	    "d/tun7.conf:7: [NHS] Address=dynamic: already given in line 4\n");
	bad(MINIMAL "[NHS]\nAddress=Dynamic\nNbma=192.0.2.2\n",
	    "d/tun7.conf:5: [NHS] Address=Dynamic: expected an IPv4 or IPv6 address, dynamic or dynamic6\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_link_local),
		cmocka_unit_test(test_multicast_default),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_password_not_shown),
		cmocka_unit_test(test_odd_octets),
		cmocka_unit_test(test_too_many),
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_accepted_networks),
		cmocka_unit_test(test_own_networks),
		cmocka_unit_test(test_dynamic_servers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
