// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn import: files, exit codes, JSON, and what is written where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <dirent.h>
#include <json-c/json.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cmd.h"

#define TUNNEL(n) \
	"interface Tunnel" n "\n ip address 10.0." n ".1 255.255.255.0\n" \
	" ip nhrp network-id " n "\n tunnel source 192.0.2.1\n" \
	" tunnel mode gre multipoint\n"

static char dir[] = "/tmp/test_cli_import.XXXXXX";
static char *out, *err;

static void put_octets(const char *name, const void *text, size_t len)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
}

static void put(const char *name, const char *text)
{
	put_octets(name, text, strlen(text));
}

/* Runs a command line; "@" is the directory. */
static int run(const char *line)
{
	char words[512], *argv[32], *word, *save = NULL;
	size_t out_size, err_size, n = 0;
	int argc = 0, code;
	FILE *o, *e;

	for (; *line; line++)
		n += (size_t)snprintf(words + n, sizeof(words) - n, "%.*s",
				      *line == '@' ? (int)strlen(dir) : 1,
				      *line == '@' ? dir : line);
	free(out);
	free(err);
	o = open_memstream(&out, &out_size);
	e = open_memstream(&err, &err_size);
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	code = cli_run(argc, argv, o, e);
	fclose(o);
	fclose(e);
	return code;
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in\n%s", part, text);
}

static bool is_there(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return access(path, F_OK) == 0;
}

/* Names in the directory "to", with those that begin with a dot. */
static unsigned int entries(void)
{
	struct dirent *entry;
	unsigned int n = 0;
	char path[128];
	DIR *d;

	snprintf(path, sizeof(path), "%s/to", dir);
	d = opendir(path);
	assert_non_null(d);
	while ((entry = readdir(d)))
		n += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(d);
	return n;
}

static void test_print(void **state)
{
	(void)state;
	put("two", "hostname r\n" TUNNEL("1") TUNNEL("2"));
	assert_int_equal(run("import ios @/two"), CLI_OK);
	assert_ptr_equal(strstr(out,
			 "# dmvpn1.conf\n# From interface Tunnel1 of r\n[Tunnel]\n"),
			 out);
	has(out, "\n\n# dmvpn2.conf\n");
	has(err, "two:2: used: interface Tunnel1 -> dmvpn1.conf\n");
	has(err, "devices: 2\n");
}

static void test_stdin(void **state)
{
	char path[128];

	(void)state;
	put("frr", "interface gre5\n ip nhrp network-id 1\n");
	snprintf(path, sizeof(path), "%s/frr", dir);
	assert_non_null(freopen(path, "r", stdin));
	assert_int_equal(run("import frr -"), CLI_OK);
	has(out, "# dmvpn5.conf\n");
	has(err, "standard input:1: used: interface gre5");
}

static void test_json(void **state)
{
	struct json_object *o, *list, *line, *v;

	(void)state;
	put("one", "hostname \"\\x\n!\n" TUNNEL("1") " bandwidth 5\n");
	assert_int_equal(run("-j import ios @/one"), CLI_OK);
	assert_string_equal(err, "");
	o = json_tokener_parse(out);
	assert_non_null(o);
	assert_true(json_object_object_get_ex(o, "configurations", &list));
	assert_int_equal(json_object_array_length(list), 1);
	line = json_object_array_get_idx(list, 0);
	assert_true(json_object_object_get_ex(line, "file", &v));
	assert_string_equal(json_object_get_string(v), "dmvpn1.conf");
	assert_true(json_object_object_get_ex(line, "text", &v));
	has(json_object_get_string(v), "Address=10.0.1.1/24\n");
	assert_true(json_object_object_get_ex(o, "lines", &list));
	assert_int_equal(json_object_array_length(list), 7);
	line = json_object_array_get_idx(list, 6);
	assert_true(json_object_object_get_ex(line, "line", &v));
	assert_int_equal(json_object_get_int(v), 8);
	assert_true(json_object_object_get_ex(line, "class", &v));
	assert_string_equal(json_object_get_string(v), "not-translated");
	assert_true(json_object_object_get_ex(line, "device", &v));
	assert_true(json_object_object_get_ex(line, "reason", &v));
	assert_true(json_object_object_get_ex(line, "instead", &v));
	assert_true(json_object_object_get_ex(o, "notes", &list));
	assert_true(json_object_array_length(list) > 0);
	json_object_put(o);
}

static void test_out(void **state)
{
	char path[128];
	struct stat st;

	(void)state;
	put("two", TUNNEL("1") TUNNEL("2"));
	assert_int_equal(run("import ios @/two out @/to"), CLI_OK);
	assert_string_equal(out, "");
	assert_int_equal(entries(), 2);
	snprintf(path, sizeof(path), "%s/to/dmvpn2.conf", dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);

	/* Neither does it replace one, nor write the other. */
	unlink(path);
	assert_int_equal(run("import ios @/two out @/to"), CLI_REFUSED);
	has(err, "to/dmvpn1.conf: File exists\n");
	assert_int_equal(entries(), 1);
	snprintf(path, sizeof(path), "%s/to/dmvpn1.conf", dir);
	unlink(path);

	/* The second one is there, if only as a link that leads nowhere. */
	snprintf(path, sizeof(path), "%s/to/dmvpn2.conf", dir);
	assert_int_equal(symlink("nowhere", path), 0);
	assert_int_equal(run("import ios @/two out @/to"), CLI_REFUSED);
	has(err, "to/dmvpn2.conf: File exists\n");
	assert_int_equal(entries(), 1);
	unlink(path);

	assert_int_equal(run("import ios @/two out @/nowhere"),
			 CLI_NOT_FOUND);
	assert_int_equal(run("import ios @/two out @/two"), CLI_REFUSED);
}

static void test_bad_files(void **state)
{
	char *big = malloc(2 << 20);

	(void)state;
	assert_int_equal(run("import ios @/none"), CLI_NOT_FOUND);
	has(err, "/none: No such file or directory\n");
	assert_int_equal(run("import ios @/to"), CLI_REFUSED);
	has(err, "/to: Is a directory\n");

	put("binary", "hostname x\n" TUNNEL("1") "ab\001c\n");
	assert_int_equal(run("import ios @/binary out @/to"), CLI_REFUSED);
	has(err, "/binary:7: control character 0x01 in column 3\n");
	assert_string_equal(out, "");
	assert_int_equal(entries(), 0);
	put_octets("nul", "\nab\0c\n", 6);
	assert_int_equal(run("import frr @/nul"), CLI_REFUSED);
	has(err, "/nul:2: control character 0x00 in column 3\n");

	memset(big, 'x', 2 << 20);
	put_octets("long", big, 1025);
	assert_int_equal(run("import ios @/long"), CLI_REFUSED);
	has(err, "/long:1: the line is longer than 1024 characters\n");
	put_octets("big", big, 2 << 20);
	assert_int_equal(run("import ios @/big"), CLI_REFUSED);
	has(err, "/big: more than 1048576 octets\n");
	memset(big, '\n', 40000);
	put_octets("lines", big, 40000);
	assert_int_equal(run("import ios @/lines"), CLI_REFUSED);
	has(err, "/lines: more than 32768 lines\n");
	put_octets("lines", big, 32768);
	assert_int_not_equal(run("import ios @/lines"), CLI_REFUSED);
	free(big);
}

static void test_nothing(void **state)
{
	(void)state;
	put("nothing", "hostname x\ninterface Tunnel1\n ip mtu 1400\n");
	assert_int_equal(run("import ios @/nothing out @/to"), CLI_NOT_FOUND);
	has(err, "not-translated: interface Tunnel1: the tunnel has no NHRP");
	has(err, "nothing: no multipoint tunnel with NHRP in it\n");
	assert_int_equal(entries(), 0);
	put("empty", "");
	assert_int_equal(run("import frr @/empty"), CLI_NOT_FOUND);
	assert_false(is_there("to/dmvpn1.conf"));
}

static void test_usage(void **state)
{
	(void)state;
	assert_int_equal(run("import"), CLI_USAGE);
	has(err, "expected one of ios frr");
	assert_int_equal(run("import ios"), CLI_USAGE);
	has(err, "FILE: is missing");
	assert_int_equal(run("import ios @/two out"), CLI_USAGE);
	has(err, "out: expected a path");
	assert_int_equal(run("import ios @/two nonsense"), CLI_USAGE);
	assert_int_equal(run("complete import ios "), CLI_OK);
	assert_int_equal(run("help import ios"), CLI_OK);
	has(out, "dmvpn [-j] import ios FILE [out DIRECTORY]\n");
}

static int setup(void **state)
{
	char path[128];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/to", dir);
	return mkdir(path, 0700);
}

static int teardown(void **state)
{
	static const char *const names[] = {
		"two", "one", "frr", "binary", "nul", "long", "big", "lines",
		"nothing", "empty",
	};
	char path[128];
	size_t i;

	(void)state;
	free(out);
	free(err);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/to", dir);
	rmdir(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_stdin),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_out),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_usage),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
