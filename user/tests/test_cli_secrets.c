// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn doctor: files with secrets, and who may read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor_checks.h"
#include "cli/doctor_facts.h"
#include "cli/doctor_gather.h"
#include "cli/finding.h"

static char dir[] = "/tmp/dmvpn-test-XXXXXX";
static const char *const names[] = {
	"a.conf", "b.conf", "c.key", ".d.conf", "e.conf.old", "f.conf",
};

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static char *path_of(const char *name)
{
	char *path;

	assert_true(asprintf(&path, "%s/%s", dir, name) > 0);
	return path;
}

static void empty_dir(void)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *path = path_of(names[i]);

		unlink(path);
		free(path);
	}
}

static int remove_dir(void **state)
{
	(void)state;
	empty_dir();
	return rmdir(dir);
}

static void put(const char *name, mode_t mode, const char *text)
{
	char *path = path_of(name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
	free(path);
}

static void forget(struct doctor_facts *facts)
{
	doctor_facts_free(facts);
	*facts = (struct doctor_facts){ .config_dir = dir };
}

/* These files, with " " between two, are open to others. */
static void finds(const char *open, int err)
{
	struct doctor_facts facts = { .config_dir = dir };
	char found[256] = "";
	size_t i;

	assert_int_equal(doctor_gather_secrets(&facts), 0);
	for (i = 0; i < facts.n_open; i++) {
		assert_memory_equal(facts.open[i], dir, strlen(dir));
		if (i)
			strcat(found, " ");
		strcat(found, facts.open[i] + strlen(dir) + 1);
	}
	assert_string_equal(found, open);
	assert_int_equal(facts.secrets, err);
	forget(&facts);
	empty_dir();
}

#define TUNNEL	"[Tunnel]\nSource=eth0\n"

static void test_config(void **state)
{
	(void)state;
	finds("", 0);
	put("a.conf", 0644, TUNNEL "[NHRP]\nNetworkId=1\n");
	finds("", 0);
	put("a.conf", 0600, TUNNEL "[NHRP]\nAuthentication=x\n");
	put("b.conf", 0644, TUNNEL "[NHRP]\nAuthentication=x\n");
	finds("b.conf", 0);
	put("a.conf", 0640, TUNNEL "[IPsec]\nVersion=1\n  Secret = x y\n");
	put("b.conf", 0602, TUNNEL "[IPsec]\r\nSecret: x\r\n");
	finds("a.conf b.conf", 0);
	/* What dmvpnd would not take for a secret. */
	put("a.conf", 0644, "[IPsec]\n#Secret=x\n;Secret=x\nSecret=\n"
			    "[NHRP]\nSecret=x\n[Map]\nAuthentication=x\n");
	finds("", 0);
	/* Nor these for a configuration. */
	put(".d.conf", 0644, "[IPsec]\nSecret=x\n");
	put("e.conf.old", 0644, "[IPsec]\nSecret=x\n");
	finds("", 0);
}

static void test_named(void **state)
{
	char text[128];

	(void)state;
	snprintf(text, sizeof(text), "[IPsec]\nPrivateKey=%s/c.key\n", dir);
	put("a.conf", 0644, "[IPsec]\nPrivateKey=c.key\nCertificate=f.conf\n");
	put("c.key", 0640, "");
	put("b.conf", 0644, text);
	put("f.conf", 0644, "");
	finds("c.key", 0);
	put("a.conf", 0644, "[IPsec]\nSecretFile=c.key\n");
	put("c.key", 0600, "");
	finds("", 0);
	put("a.conf", 0644, "[IPsec]\nSecretFile=c.key\n");
	put("c.key", 0604, "");
	finds("c.key", 0);
	put("a.conf", 0644, "[IPsec]\nSecret=x\nPrivateKey=c.key\n");
	finds("a.conf", -ENOENT);
}

static void test_no_dir(void **state)
{
	struct doctor_facts facts = { .config_dir = "/no/such/dir" };

	(void)state;
	assert_int_equal(doctor_gather_secrets(&facts), 0);
	assert_int_equal(facts.secrets, -ENOENT);
	assert_int_equal(facts.n_open, 0);
}

/* The findings of this check, one behind the other. */
static void says(const struct doctor_facts *facts, const char *want)
{
	struct findings f = { .list = NULL };
	char said[512] = "";
	size_t i, len = 0;

	doctor_check(facts, &f);
	assert_false(f.failed);
	for (i = 0; i < f.n; i++) {
		const struct finding *one = &f.list[i];

		if (!strcmp(one->check, "secrets"))
			len += snprintf(said + len, sizeof(said) - len,
					"%d %s [%s];", one->severity,
					one->found, one->remedy ?: "");
	}
	assert_string_equal(said, want);
	findings_free(&f);
}

static void test_findings(void **state)
{
	char *open[] = { "/etc/dmvpn/a.conf", "/x.key" };
	struct doctor_facts facts = { .config_dir = "/etc/dmvpn" };

	(void)state;
	says(&facts, "0 no file that has one is open to others [];");
	facts.open = open;
	facts.n_open = 2;
	says(&facts,
	     "1 /etc/dmvpn/a.conf, which has a secret in it, is open to others than its owner [chmod 600 /etc/dmvpn/a.conf];"
	     "1 /x.key, which has a secret in it, is open to others than its owner [chmod 600 /x.key];");
	facts.n_open = 0;
	facts.secrets = -EACCES;
	says(&facts,
	     "3 not every file could be looked at: Permission denied [];");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_config),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_no_dir),
		cmocka_unit_test(test_findings),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
