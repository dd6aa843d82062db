// SPDX-License-Identifier: GPL-2.0-or-later
/* The sections [IPsec] and [Peers]: values, cross checks, what they allow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/conf.h"

/* The next line is 4. */
#define MINIMAL	"[Tunnel]\nSource=192.0.2.1\nAddress=10.0.0.1/24\n"
#define PSK	MINIMAL "[IPsec]\nSecret=hunter2\n"
#define CERTS	MINIMAL "[IPsec]\nCertificate=me.pem\nPrivateKey=me.key\n" \
		"CA=ca.pem\n"
#define PEERS	CERTS "[Peers]\n"

static char errors[8192];
static char dir[] = "/tmp/test_conf_ipsec.XXXXXX";

static void note(void *arg, const char *text)
{
	(void)arg;
	strncat(errors, text, sizeof(errors) - strlen(errors) - 1);
	strncat(errors, "\n", sizeof(errors) - strlen(errors) - 1);
}

static int read_as(struct nh_conf **conf, const char *path, const char *text)
{
	FILE *file = fmemopen((char *)text, strlen(text), "r");
	int err;

	assert_non_null(file);
	errors[0] = '\0';
	*conf = NULL;
	err = nh_conf_read(conf, path, file, note, NULL);
	fclose(file);
	/* Right or wrong, whatever was read. */
	assert_null(strstr(errors, "hunter2"));
	return err;
}

static int read_text(struct nh_conf **conf, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/t.conf", dir);
	return read_as(conf, path, text);
}

static struct nh_conf *good(const char *text)
{
	struct nh_conf *conf;

	if (read_text(&conf, text))
		fail_msg("refused: %s", errors);
	assert_string_equal(errors, "");
	return conf;
}

/* @why: the errors, one a line, with "@" for the directory. */
static void bad(const char *text, const char *why)
{
	struct nh_conf *conf;
	char want[2048] = "";
	size_t n = 0;

	assert_true(read_text(&conf, text) < 0);
	assert_null(conf);
	for (; *why; why++)
		n += (size_t)snprintf(want + n, sizeof(want) - n, "%.*s",
				      *why == '@' ? (int)strlen(dir) : 1,
				      *why == '@' ? dir : why);
	assert_string_equal(errors, want);
}

static void put(const char *name, const void *text, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
}

static const char *const files[] = { "me.pem", "me.key", "ca.pem", "psk" };

static int setup(void **state)
{
	char path[128];
	size_t i;

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		put(files[i], "hunter2\nx\n", 10);
	snprintf(path, sizeof(path), "%s/fifo", dir);
	return mkfifo(path, 0600);
}

static int teardown(void **state)
{
	char path[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/fifo", dir);
	unlink(path);
	return rmdir(dir);
}

static void assert_path(const char *path, const char *name)
{
	char want[128];

	snprintf(want, sizeof(want), "%s/%s", dir, name);
	assert_string_equal(path, want);
}

static void assert_secret(const struct nh_conf *c, const char *secret)
{
	assert_int_equal(c->ipsec.secret_len, strlen(secret));
	assert_memory_equal(c->ipsec.secret, secret, strlen(secret));
}

static void test_absent(void **state)
{
	struct nh_conf *c = good(MINIMAL);

	(void)state;
	assert_false(c->ipsec.present);
	assert_null(c->ipsec.socket);
	assert_false(c->peers);
	nh_conf_free(c);
}

static void test_defaults(void **state)
{
	struct nh_conf *c = good(PSK);
	const struct nh_conf_ipsec *i = &c->ipsec;

	(void)state;
	assert_true(i->present);
	assert_int_equal(i->line, 4);
	assert_secret(c, "hunter2");
	assert_string_equal(i->socket, "/run/charon.vici");
	assert_int_equal(i->version, 2);
	assert_false(i->tunnel);
	assert_null(i->cert);
	assert_null(i->key);
	assert_int_equal(i->nca, 0);
	assert_null(i->identity);
	assert_null(i->remote_identity);
	assert_null(i->proposals);
	assert_null(i->esp_proposals);
	assert_int_equal(i->lifetime, 3600);
	assert_int_equal(i->ike_lifetime, 14400);
	assert_int_equal(i->dpd, 30);
	assert_int_equal(i->idle, 0);
	nh_conf_free(c);
}

static void test_all_keys(void **state)
{
	struct nh_conf *c = good(
		CERTS "CA=psk\n"
		"Identity=CN=sv9-3, O=lab ; a comment\n"
		"RemoteIdentity=*.example.org\nVersion=1\n"
		"Proposals=aes256-sha256-modp2048,aes128_x\n"
		"EspProposals=aes128gcm16\nMode=tunnel\nLifetime=60\n"
		"IkeLifetime=604800\nDPD=0\nIdleTime=10\nSocket=/run/x\n");
	const struct nh_conf_ipsec *i = &c->ipsec;

	(void)state;
	assert_path(i->cert, "me.pem");
	assert_path(i->key, "me.key");
	assert_int_equal(i->nca, 2);
	assert_path(i->ca[0], "ca.pem");
	assert_path(i->ca[1], "psk");
	assert_null(i->secret);
	assert_string_equal(i->identity, "CN=sv9-3, O=lab");
	assert_string_equal(i->remote_identity, "*.example.org");
	assert_int_equal(i->version, 1);
	assert_string_equal(i->proposals, "aes256-sha256-modp2048,aes128_x");
	assert_string_equal(i->esp_proposals, "aes128gcm16");
	assert_true(i->tunnel);
	assert_int_equal(i->lifetime, 60);
	assert_int_equal(i->ike_lifetime, 604800);
	assert_int_equal(i->dpd, 0);
	assert_int_equal(i->idle, 10);
	assert_string_equal(i->socket, "/run/x");
	nh_conf_free(c);
	c = good(PSK "Mode=transport\nIdleTime=0\nVersion=1\nDPD=3600\n");
	assert_false(c->ipsec.tunnel);
	assert_int_equal(c->ipsec.idle, 0);
	assert_int_equal(c->ipsec.dpd, 3600);
	nh_conf_free(c);
}

/* The section is refused at line 4, its first key at line 5. */
static const struct {
	const char *text;
	const char *why;
} bad_files[] = {
	{ PSK "Version=3\n",
	  "@/t.conf:6: [IPsec] Version=3: expected a number from 1 to 2\n" },
	{ PSK "Mode=beet\n",
	  "@/t.conf:6: [IPsec] Mode=beet: expected transport or tunnel\n" },
	{ PSK "Lifetime=59\nIkeLifetime=604801\nDPD=3601\n",
	  "@/t.conf:6: [IPsec] Lifetime=59: expected a number from 60 to 86400\n"
	  "@/t.conf:7: [IPsec] IkeLifetime=604801: expected a number from 60 to 604800\n"
	  "@/t.conf:8: [IPsec] DPD=3601: expected a number from 0 to 3600\n" },
	{ PSK "IdleTime=9\n",
	  "@/t.conf:6: [IPsec] IdleTime=9: expected 0, or 10 and more\n" },
	{ PSK "IdleTime=86401\n",
	  "@/t.conf:6: [IPsec] IdleTime=86401: expected a number from 0 to 86400\n" },
	{ PSK "Identity=\nRemoteIdentity=\n",
	  "@/t.conf:6: [IPsec] Identity=: expected an identity\n"
	  "@/t.conf:7: [IPsec] RemoteIdentity=: expected an identity\n" },
	{ PSK "Proposals=\nEspProposals=aes128,,aes256\n",
	  "@/t.conf:6: [IPsec] Proposals=: expected proposals with a comma between two\n"
	  "@/t.conf:7: [IPsec] EspProposals=aes128,,aes256: expected proposals with a comma between two\n" },
	{ PSK "Proposals=aes128,\nEspProposals=,aes128\n",
	  "@/t.conf:6: [IPsec] Proposals=aes128,: expected proposals with a comma between two\n"
	  "@/t.conf:7: [IPsec] EspProposals=,aes128: expected proposals with a comma between two\n" },
	{ PSK "Proposals=aes128, aes256\n",
	  "@/t.conf:6: [IPsec] Proposals=aes128, aes256: expected proposals with a comma between two\n" },
	{ PSK "Socket=charon.vici\n",
	  "@/t.conf:6: [IPsec] Socket=charon.vici: expected an absolute path of at most 107 characters\n" },
	{ PSK "Colour=red\n", "@/t.conf:6: [IPsec] Colour=: unknown key\n" },
	/* Going on with a section is no error, as with the other ones. */
	{ PSK "[NHRP]\n[IPsec]\nSecret=hunter22\n",
	  "@/t.conf:8: [IPsec] Secret=: already given in line 5\n" },
	/* Files */
	{ MINIMAL "[IPsec]\nCertificate=none.pem\nPrivateKey=\nCA=/\n",
	  "@/t.conf:5: [IPsec] Certificate=none.pem: cannot read @/none.pem: No such file or directory\n"
	  "@/t.conf:6: [IPsec] PrivateKey=: expected the path of a file\n"
	  "@/t.conf:7: [IPsec] CA=/: cannot read /: not a regular file\n" },
	{ MINIMAL "[IPsec]\nSecretFile=fifo\n",
	  "@/t.conf:5: [IPsec] SecretFile=fifo: cannot read @/fifo: not a regular file\n" },
	{ MINIMAL "[IPsec]\nSecretFile=psk/x\n",
	  "@/t.conf:5: [IPsec] SecretFile=psk/x: cannot read @/psk/x: Not a directory\n" },
	{ CERTS "CA=psk\nCA=psk\nCA=psk\nCA=psk\nCA=psk\nCA=psk\nCA=psk\nCA=psk\n",
	  "@/t.conf:15: [IPsec] CA=psk: expected fewer files\n" },
	/* One way to authenticate */
	{ MINIMAL "[IPsec]\n",
	  "@/t.conf:4: [IPsec]: Secret=, SecretFile=, or Certificate=, PrivateKey= and CA= are missing\n" },
	{ PSK "SecretFile=psk\n",
	  "@/t.conf:6: [IPsec] SecretFile=: expected one way to authenticate; Secret= is given in line 5\n" },
	{ CERTS "SecretFile=psk\nSecret=hunter2\n",
	  "@/t.conf:8: [IPsec] SecretFile=: expected one way to authenticate; Secret= is given in line 9\n"
	  "@/t.conf:5: [IPsec] Certificate=: expected one way to authenticate; Secret= is given in line 9\n"
	  "@/t.conf:6: [IPsec] PrivateKey=: expected one way to authenticate; Secret= is given in line 9\n"
	  "@/t.conf:7: [IPsec] CA=: expected one way to authenticate; Secret= is given in line 9\n" },
	{ MINIMAL "[IPsec]\nSecretFile=psk\nCA=ca.pem\n",
	  "@/t.conf:6: [IPsec] CA=: expected one way to authenticate; SecretFile= is given in line 5\n" },
	{ MINIMAL "[IPsec]\nPrivateKey=me.key\n",
	  "@/t.conf:4: [IPsec]: Certificate= is missing\n"
	  "@/t.conf:4: [IPsec]: CA= is missing\n" },
	{ MINIMAL "[IPsec]\nCA=ca.pem\nCertificate=me.pem\n",
	  "@/t.conf:4: [IPsec]: PrivateKey= is missing\n" },
	{ MINIMAL "Protection=none\n[IPsec]\nSecret=hunter2\n",
	  "@/t.conf:5: [IPsec]: expected [Tunnel] Protection=required\n" },
	/* Rules */
	{ PEERS, "@/t.conf:8: [Peers]: Allow= is missing\n" },
	{ MINIMAL "[Peers]\nAllow=10.0.0.2 a\n",
	  "@/t.conf:4: [Peers]: expected a section [IPsec] too\n" },
	{ PSK "[Peers]\nAllow=10.0.0.2 a\n[NHRP]\n[Peers]\nAllow=10.0.0.3 a\n",
	  "@/t.conf:6: [Peers]: expected certificates in [IPsec]: a shared secret proves no identity\n" },
	{ MINIMAL "[IPsec]\nSecretFile=psk\n[Peers]\nAllow=10.0.0.2 a\n",
	  "@/t.conf:6: [Peers]: expected certificates in [IPsec]: a shared secret proves no identity\n" },
	{ PEERS "Allow=\nAllow=10.0.0.2\nAllow=CN=a\n",
	  "@/t.conf:9: [Peers] Allow=: expected PREFIX[,PREFIX...] IDENTITY\n"
	  "@/t.conf:10: [Peers] Allow=10.0.0.2: expected PREFIX[,PREFIX...] IDENTITY\n"
	  "@/t.conf:11: [Peers] Allow=CN=a: expected PREFIX[,PREFIX...] IDENTITY\n" },
	{ PEERS "Allow=10.0.0.2, a\nAllow=,10.0.0.2 a\n",
	  "@/t.conf:9: [Peers] Allow=10.0.0.2, a: expected PREFIX[,PREFIX...] IDENTITY\n"
	  "@/t.conf:10: [Peers] Allow=,10.0.0.2 a: expected PREFIX[,PREFIX...] IDENTITY\n" },
	{ PEERS "Allow=10.0.0.2,10.0.0.2/24 a\n",
	  "@/t.conf:9: [Peers] Allow=10.0.0.2,10.0.0.2/24 a: 10.0.0.2/24: host bits are set beyond the prefix length; expected PREFIX[,PREFIX...] IDENTITY\n" },
	{ PEERS "Allow=hub a\n",
	  "@/t.conf:9: [Peers] Allow=hub a: hub: not an address; expected PREFIX[,PREFIX...] IDENTITY\n" },
};

static void test_errors(void **state)
{
	char text[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad_files) / sizeof(bad_files[0]); i++)
		bad(bad_files[i].text, bad_files[i].why);
	/* One more than an address of a socket holds. */
	snprintf(text, sizeof(text), PSK "Socket=/%0107d\n", 0);
	assert_true(read_text(&(struct nh_conf *){ NULL }, text) < 0);
	snprintf(text, sizeof(text), PSK "Socket=/%0106d\n", 0);
	nh_conf_free(good(text));
}

/* read_as() sees to it that none of them shows what it is. */
static void test_secret(void **state)
{
	struct nh_conf *c;
	char text[512];

	(void)state;
	c = good(MINIMAL "[IPsec]\nSecret=hunter2 a,b=:#\n");
	assert_secret(c, "hunter2 a,b=:#");
	nh_conf_free(c);
	snprintf(text, sizeof(text), MINIMAL "[IPsec]\nSecret=hunter2%0121d\n",
		 0);
	c = good(text);
	assert_int_equal(c->ipsec.secret_len, 128);
	nh_conf_free(c);
	snprintf(text, sizeof(text), MINIMAL "[IPsec]\nSecret=hunter2%0122d\n",
		 0);
	bad(text, "@/t.conf:5: [IPsec] Secret=(not shown): expected 1 to 128 characters\n");
	bad(MINIMAL "[IPsec]\nSecret=\n",
	    "@/t.conf:5: [IPsec] Secret=(not shown): expected 1 to 128 characters\n");
	bad(MINIMAL "[IPsec]\nSecret hunter2=\nSecret hunter2\nSecrt=hunter2\n",
	    "@/t.conf:5: [IPsec] Secret=: unknown key\n"
	    "@/t.conf:6: expected KEY=VALUE or [SECTION]\n"
	    "@/t.conf:7: [IPsec] Secrt=: unknown key\n");
	bad("Secret hunter2=\n", "@/t.conf:1: Secret=: expected a section before it\n");
	snprintf(text, sizeof(text), MINIMAL "[IPsec]\nSecret=hunter2%0200d\n",
		 0);
	bad(text, "@/t.conf:5: the line is longer than 197 characters\n");
}

/* Reads a secret from a file of @n octets; NULL when it is refused. */
static struct nh_conf *from_file(const char *text, size_t n)
{
	struct nh_conf *c;

	put("psk", text, n);
	read_text(&c, MINIMAL "[IPsec]\nSecretFile=psk\n");
	return c;
}

static void test_secret_file(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		size_t len;
	} contents[] = {
		{ "hunter2", 7, 7 },
		{ "hunter2\n", 8, 7 },
		{ "hunter2\r\nnext\n", 14, 7 },
		{ "hunter2 \n", 9, 8 },
		{ "hunter2\0x\n", 10, 9 },
		{ "", 0, 0 },
		{ "\n", 1, 0 },
		{ "\r\n", 2, 0 },
		{ "\nhunter2\n", 9, 0 },
	};
	char text[160];
	struct nh_conf *c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(contents) / sizeof(contents[0]); i++) {
		c = from_file(contents[i].text, contents[i].n);
		assert_int_equal(!c, !contents[i].len);
		if (!c)
			continue;
		assert_int_equal(c->ipsec.secret_len, contents[i].len);
		assert_memory_equal(c->ipsec.secret, contents[i].text,
				    contents[i].len);
		nh_conf_free(c);
	}
	i = (size_t)snprintf(text, sizeof(text), "hunter2%0121d\r\n", 0);
	c = from_file(text, i);
	assert_int_equal(c->ipsec.secret_len, 128);
	nh_conf_free(c);
	i = (size_t)snprintf(text, sizeof(text), "hunter2%0122d\n", 0);
	put("psk", text, i);
	bad(MINIMAL "[IPsec]\nSecretFile=psk\n",
	    "@/t.conf:5: [IPsec] SecretFile=psk: expected 1 to 128 characters in the first line of @/psk\n");
	put("psk", "hunter2\n", 8);
}

/* Relative to the file of the device, or as they are. */
static void test_paths(void **state)
{
	struct nh_conf *c;
	char text[256], cwd[256];

	(void)state;
	snprintf(text, sizeof(text), MINIMAL "[IPsec]\nSecretFile=%s/psk\n",
		 dir);
	c = good(text);
	assert_secret(c, "hunter2");
	nh_conf_free(c);
	assert_non_null(getcwd(cwd, sizeof(cwd)));
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(read_as(&c, "t.conf", CERTS), 0);
	assert_string_equal(c->ipsec.cert, "me.pem");
	nh_conf_free(c);
	assert_int_equal(chdir(cwd), 0);
}

static void test_rules(void **state)
{
	struct nh_conf *c = good(
		PEERS "Allow=192.168.1.2,2.2.2.0/24 CN=sv9-3, O=lab ; s\n"
		"Allow=0.0.0.0/0,::/0  \t CN=hub-*\n");

	(void)state;
	assert_true(c->peers);
	assert_int_equal(c->nrule, 2);
	assert_string_equal(c->rule[0].identity, "CN=sv9-3, O=lab");
	assert_int_equal(c->rule[0].nprefix, 2);
	assert_int_equal(c->rule[0].prefix[0].plen, 32);
	assert_int_equal(c->rule[0].prefix[1].plen, 24);
	assert_int_equal(c->rule[0].line, 9);
	assert_string_equal(c->rule[1].identity, "CN=hub-*");
	assert_int_equal(c->rule[1].prefix[1].addr.len, 16);
	nh_conf_free(c);
}

static void test_many_rules(void **state)
{
	const size_t size = 1 << 18;
	struct nh_conf *c;
	char *text = malloc(size);
	size_t n, i;

	(void)state;
	assert_non_null(text);
	n = (size_t)snprintf(text, size, PEERS);
	for (i = 0; i < NH_CONF_RULES; i++)
		n += (size_t)snprintf(text + n, size - n, "Allow=::%zx a\n", i);
	c = good(text);
	assert_int_equal(c->nrule, NH_CONF_RULES);
	nh_conf_free(c);
	snprintf(text + n, size - n, "Allow=::1 a\n");
	bad(text, "@/t.conf:4105: [Peers] Allow=::1 a: expected fewer rules\n");
	free(text);
}

static bool allows(const struct nh_conf *c, const char *id, const char *prefix)
{
	struct nh_prefix p;

	assert_int_equal(nh_prefix_parse(&p, prefix, NULL), 0);
	return nh_conf_allows(c, id, &p);
}

static void test_allows(void **state)
{
	struct nh_conf *c = good(
		PEERS "Allow=192.168.1.2,2.2.2.0/24,fd00:2::/48 CN=sv9-3, O=lab\n"
		"Allow=192.168.1.3 CN=sv9-?\n"
		"Allow=0.0.0.0/0 CN=hub-*\n"
		"Allow=10.0.0.0/25,10.0.0.128/25 [ab].example.org\n");

	(void)state;
	assert_true(allows(c, "CN=sv9-3, O=lab", "192.168.1.2"));
	assert_true(allows(c, "CN=sv9-3, O=lab", "2.2.2.0/24"));
	assert_true(allows(c, "CN=sv9-3, O=lab", "2.2.2.128/25"));
	assert_true(allows(c, "CN=sv9-3, O=lab", "fd00:2:0:1::/64"));
	/* Wider, beside it, of another rule. */
	assert_false(allows(c, "CN=sv9-3, O=lab", "2.2.2.0/23"));
	assert_false(allows(c, "CN=sv9-3, O=lab", "192.168.1.2/31"));
	assert_false(allows(c, "CN=sv9-3, O=lab", "0.0.0.0/0"));
	assert_false(allows(c, "CN=sv9-3, O=lab", "2.2.3.0/24"));
	assert_false(allows(c, "CN=sv9-3, O=lab", "192.168.1.3"));
	assert_true(allows(c, "CN=sv9-4", "192.168.1.3"));
	assert_false(allows(c, "CN=sv9-34", "192.168.1.3"));
	assert_false(allows(c, "cn=sv9-4", "192.168.1.3"));
	assert_true(allows(c, "CN=hub-1, O=lab", "0.0.0.0/0"));
	assert_true(allows(c, "CN=hub-", "255.255.255.255"));
	/* A family has its own everything. */
	assert_false(allows(c, "CN=hub-1", "::/0"));
	assert_false(allows(c, "CN=hub-1", "::1"));
	assert_true(allows(c, "a.example.org", "10.0.0.128/25"));
	/* Two halves in the rule are not the whole. */
	assert_false(allows(c, "a.example.org", "10.0.0.0/24"));
	assert_false(allows(c, "c.example.org", "10.0.0.1"));
	assert_false(allows(c, "", "10.0.0.1"));
	assert_false(allows(c, NULL, "10.0.0.1"));
	nh_conf_free(c);
	c = good(MINIMAL);
	assert_true(allows(c, NULL, "0.0.0.0/0"));
	assert_true(allows(c, "anybody", "::1"));
	nh_conf_free(c);
}

static void test_equal(void **state)
{
	static const char *const texts[] = {
		MINIMAL, PSK, PSK "Version=1\n", PSK "Mode=tunnel\n",
		PSK "Lifetime=60\n", PSK "IkeLifetime=60\n", PSK "DPD=0\n",
		PSK "IdleTime=10\n", PSK "Socket=/run/x\n",
		PSK "Proposals=aes128\n", PSK "EspProposals=aes128\n",
		PSK "EspProposals=aes256\n", PSK "Identity=a\n",
		PSK "RemoteIdentity=a\n", MINIMAL "[IPsec]\nSecret=hunter3\n",
		MINIMAL "[IPsec]\nSecret=hunter22\n", CERTS, CERTS "CA=psk\n",
		CERTS "CA=me.pem\n",
		MINIMAL "[IPsec]\nCertificate=psk\nPrivateKey=me.key\nCA=ca.pem\n",
		MINIMAL "[IPsec]\nCertificate=me.pem\nPrivateKey=psk\nCA=ca.pem\n",
	};
	struct nh_conf *a, *b;
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		a = good(texts[i]);
		for (j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
			b = good(texts[j]);
			assert_int_equal(nh_conf_ipsec_equal(a, b), i == j);
			nh_conf_free(b);
		}
		nh_conf_free(a);
	}
	/* Where it is from, and what it is not about, makes no difference. */
	a = good(PSK "Lifetime=3600\nSocket=/run/charon.vici\n");
	b = good(MINIMAL "MTU=1400\n[NHRP]\n[IPsec]\nSecretFile=psk\n");
	assert_true(nh_conf_ipsec_equal(a, b));
	nh_conf_free(a);
	nh_conf_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_all_keys),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_secret),
		cmocka_unit_test(test_secret_file),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_many_rules),
		cmocka_unit_test(test_allows),
		cmocka_unit_test(test_equal),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
