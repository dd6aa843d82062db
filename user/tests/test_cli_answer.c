// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands and a daemon that answers in part, or at length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdio.h>
#include <sys/socket.h>

#include "cli/cmd.h"
#include "cli/ctl.h"
#include "cli/show.h"
#include "cli/snapshot.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_dev.h"
#include "tests/ctl_rig.h"

#define REFUSED	"{\"ok\":false,\"error\":\"not today\"}\n"

static const char *const partly[] = {
	"{\"cmd\":\"version\"}\n", "{\"ok\":true,\"version\":\"0\"}\n",
	"{\"cmd\":\"nhs\"}\n", "{\"ok\":true,\"nhs\":[]}\n",
	"{\"cmd\":\"stats\"}\n", REFUSED,
	NULL
};

/* Nobody has asked who was not heard. */
static void is_quiet(void)
{
	int flags = fcntl(ctl_listener, F_GETFL);

	fcntl(ctl_listener, F_SETFL, flags | O_NONBLOCK);
	assert_true(accept(ctl_listener, NULL, NULL) < 0);
	fcntl(ctl_listener, F_SETFL, flags);
}

/* What it has told is not taken for all, and it is not asked any more. */
static void test_partly(void **state)
{
	pid_t pid = ctl_begin_talk(partly);
	struct cli cli = { .cmd = &cmd_metrics };
	struct snapshot s;

	(void)state;
	cli.err = fopen("/dev/null", "w");
	assert_non_null(cli.err);
	assert_int_equal(snapshot_read(&cli, 0, SNAPSHOT_NHS | SNAPSHOT_STATS |
				       SNAPSHOT_IPSEC | SNAPSHOT_GROUPS, &s),
			 CLI_OK);
	ctl_end(pid);
	assert_false(s.daemon);
	assert_null(s.version);
	assert_null(s.hello);
	assert_null(s.nhs);
	assert_null(s.stats);
	assert_null(s.ipsec);
	assert_null(s.groups);
	is_quiet();
	snapshot_free(&s);
	dmvpn_nl_free(cli.route);
	dmvpn_nl_free(cli.nl);
	fclose(cli.err);
}

static void test_metrics(void **state)
{
	pid_t pid = ctl_begin_talk(partly);
	char *out, *err;

	(void)state;
	assert_int_equal(ctl_run("metrics", &out, &err), CLI_OK);
	ctl_end(pid);
	is_quiet();
	assert_non_null(strstr(out, "\ndmvpn_daemon_up 0\n"));
	assert_string_equal(err, "dmvpn: metrics: dmvpnd: not today\n");
	free(out);
	free(err);
}

/* What the kernel has counted is shown, whatever the daemon says. */
static void test_stats(void **state)
{
	const struct dmvpn_nl_dev dev = { .ifindex = 1, .peers = 3 };
	struct cli cli = { .json = true, .cmd = &cmd_show_stats };
	char *out, *err;
	size_t out_size, err_size;
	pid_t pid = ctl_begin("{\"cmd\":\"stats\"}\n", REFUSED);

	(void)state;
	cli.out = open_memstream(&out, &out_size);
	cli.err = open_memstream(&err, &err_size);
	assert_int_equal(show_devs(&cli, &dev, 1), CLI_REFUSED);
	ctl_end(pid);
	fclose(cli.out);
	fclose(cli.err);
	assert_non_null(strstr(out, "\"peers\":3,"));
	assert_non_null(strstr(out, "\"kernel\":{"));
	assert_null(strstr(out, "\"nhrp\":"));
	assert_string_equal(err, "dmvpn: show stats: dmvpnd: not today\n");
	free(out);
	free(err);
}

/* As long as that about all the IKE SAs that it remembers of a device. */
static void test_long(void **state)
{
	static const char first[] = "{\"ok\":true,\"ipsec\":[", last[] = "0]}\n";
	const size_t n = 100000, each = 700;
	struct cli cli = { .err = stderr, .cmd = &cmd_show_ipsec };
	struct json_object *reply, *list;
	char *text, *at;
	size_t i;
	pid_t pid;

	(void)state;
	text = malloc(sizeof(first) + n * each + sizeof(last));
	assert_non_null(text);
	at = stpcpy(text, first);
	for (i = 0; i < n; i++)
		at += sprintf(at, "\"%*s\",", (int)each - 3, "");
	strcpy(at, last);
	pid = ctl_begin("{\"cmd\":\"ipsec\"}\n", text);
	assert_int_equal(ctl_command(&cli, "ipsec", true, &reply), CLI_OK);
	ctl_end(pid);
	assert_true(json_object_object_get_ex(reply, "ipsec", &list));
	assert_int_equal(json_object_array_length(list), n + 1);
	json_object_put(reply);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_partly),
		cmocka_unit_test(test_metrics),
		cmocka_unit_test(test_stats),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, ctl_open, ctl_close);
}
