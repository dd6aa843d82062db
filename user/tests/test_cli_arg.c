// SPDX-License-Identifier: GPL-2.0-or-later
/* Command lines: what each argument takes, and how each refusal reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/dmvpn.h>

#include "cli/cmd.h"
#include "cli/cmd_link.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"

/**
 * struct result - a command line that was parsed
 * @cli: the command
 * @code: exit code
 * @err: what was said
 * @words: a copy of the line, which the arguments point into
 */
struct result {
	struct cli cli;
	int code;
	char *err;
	char words[512];
};

static void parse(struct result *r, const char *line)
{
	char *argv[64], *word, *save = NULL;
	size_t size;
	int argc = 0;

	memset(r, 0, sizeof(*r));
	snprintf(r->words, sizeof(r->words), "%s", line);
	for (word = strtok_r(r->words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	r->cli.out = stdout;
	r->cli.err = open_memstream(&r->err, &size);
	assert_non_null(r->cli.err);
	r->code = cli_parse(&r->cli, argc, argv);
	fclose(r->cli.err);
}

static void accepted(struct result *r, const char *line)
{
	parse(r, line);
	if (r->code || *r->err)
		fail_msg("%s: %s", line, r->err);
	free(r->err);
}

/* @text is the beginning of what is said. */
static void refused(const char *line, const char *text)
{
	struct result r;

	parse(&r, line);
	if (r.code != CLI_USAGE || strncmp(r.err, text, strlen(text)))
		fail_msg("%s: %d: %s", line, r.code, r.err);
	free(r.err);
}

static void test_no_command(void **state)
{
	(void)state;
	refused("", "dmvpn: expected one of link show graph metrics doctor clear "
		"cache peer multicast monitor events debug import help version, got nothing\n");
	refused("foo", "dmvpn: expected one of link show");
	refused("link", "dmvpn: link: expected one of add set del show, "
		"got nothing\n");
	refused("cache add1 x", "dmvpn: cache: expected one of add del flush, "
		"got \"add1\"\n");
	refused("--foo show", "dmvpn: unknown option \"--foo\"\n");
	refused("-j peer del 1.2.3.4",
		"dmvpn: peer del: -j: this command has no JSON\n");
}

static void test_refusals(void **state)
{
	(void)state;
	refused("link add x key x",
		"dmvpn: link add: key: expected a number 0..4294967295 or "
		"none, got \"x\"\n");
	refused("link add x key 4294967296", "dmvpn: link add: key: expected");
	refused("link add x key -1", "dmvpn: unknown option");
	refused("link add x key +1", "dmvpn: link add: key: expected");
	refused("link add x key 0x", "dmvpn: link add: key: expected");
	refused("link add x key 99999999999999999999",
		"dmvpn: link add: key: expected");
	refused("link add x ttl 0",
		"dmvpn: link add: ttl: expected a number 1..255 or inherit, "
		"got \"0\"\n");
	refused("link add x df maybe",
		"dmvpn: link add: df: expected set, unset or inherit, "
		"got \"maybe\"\n");
	refused("link add x local 1.2.3",
		"dmvpn: link add: local: expected an IPv4 or IPv6 address, "
		"got \"1.2.3\"\n");
	refused("link add x local 1.2.3.4 local 1.2.3.5",
		"dmvpn: link add: local: expected an IPv4 or IPv6 address, "
		"got \"1.2.3.5\": a second IPv4 address\n");
	refused("link add x local ::1 local 1.2.3.4 local ::2",
		"dmvpn: link add: local: expected an IPv4 or IPv6 address, "
		"got \"::2\": a second IPv6 address\n");
	refused("link add", "dmvpn: link add: NAME: is missing\n");
	refused("link add sixteencharacter",
		"dmvpn: link add: NAME: expected a device name of 1..15 "
		"characters, got \"sixteencharacter\"\n");
	refused("link add a/b", "dmvpn: link add: NAME: expected");
	refused("link add ..", "dmvpn: link add: NAME: expected");
	refused("link add a:b", "dmvpn: link add: NAME: expected");
	refused("link del x y",
		"dmvpn: link del: unknown argument \"y\"\n");
	refused("cache add 10.0.0.1/24",
		"dmvpn: cache add: PREFIX: expected a prefix such as "
		"192.0.2.0/24, got \"10.0.0.1/24\": ");
	refused("cache add 10.0.0.0/24 type unspec",
		"dmvpn: cache add: type: expected static, nhs, registered, "
		"resolved, incomplete or negative, got \"unspec\"\n");
	refused("cache flush foo",
		"dmvpn: cache flush: PREFIX: expected a prefix such as "
		"192.0.2.0/24, got \"foo\"");
	refused("events count 0", "dmvpn: events: count: expected a number");
	refused("monitor count 0",
		"dmvpn: monitor: count: expected a number 1..4294967295, "
		"got \"0\"\n");
	refused("debug peer every",
		"dmvpn: debug: peer: expected an IPv4 or IPv6 address or all, "
		"got \"every\"\n");
}

/* A value that no kind of argument takes. */
static const char nonsense[] = "?:/#this-is-no-value";

static void try_arg(const struct cmd *cmd, const char *needed,
		    const struct arg *arg)
{
	char line[256], text[512], expected[ARG_ERROR_LEN];

	if (arg->kind == ARG_TEXT || arg->kind == ARG_PATH)
		return;
	arg_expected(arg, expected, sizeof(expected));
	snprintf(text, sizeof(text), "dmvpn: %s: %s: expected %s, got \"%s\"",
		 cmd->name, arg->name, expected, nonsense);
	if (arg->positional) {
		snprintf(line, sizeof(line), "%s %s", cmd->name, nonsense);
		refused(line, text);
		return;
	}

	if (arg->kind != ARG_FLAG) {
		snprintf(line, sizeof(line), "%s %s %s %s", cmd->name, needed,
			 arg->name, nonsense);
		refused(line, text);
		snprintf(line, sizeof(line), "%s %s %s", cmd->name, needed,
			 arg->name);
		snprintf(text, sizeof(text),
			 "dmvpn: %s: %s: expected %s, got nothing\n",
			 cmd->name, arg->name, expected);
		refused(line, text);
	}
	if (arg->kind == ARG_NUMBER) {
		snprintf(line, sizeof(line), "%s %s %s %llu", cmd->name,
			 needed, arg->name,
			 (unsigned long long)arg->max + 1);
		snprintf(text, sizeof(text), "dmvpn: %s: %s: expected",
			 cmd->name, arg->name);
		refused(line, text);
	}
}

static const char *value_of(const struct arg *arg)
{
	if (arg->words)
		return arg->words[0].name;
	switch (arg->kind) {
	case ARG_NUMBER:
		return "70";
	case ARG_ADDR:
	case ARG_ADDRS:
		return "192.0.2.1";
	case ARG_PREFIX:
		return "192.0.2.0/24";
	case ARG_FLAG:
		return "";
	default:
		return "eth9";
	}
}

static void try_twice(const struct cmd *cmd, const char *needed,
		      const struct arg *arg)
{
	char line[256], text[128];

	if (arg->positional || arg->kind == ARG_ADDRS)
		return;
	snprintf(line, sizeof(line), "%s %s %s %s %s %s", cmd->name, needed,
		 arg->name, value_of(arg), arg->name, value_of(arg));
	snprintf(text, sizeof(text), "dmvpn: %s: %s: given twice\n", cmd->name,
		 arg->name);
	refused(line, text);
}

/* Each argument of each command: nonsense, nothing, too much, twice. */
static void test_each(void **state)
{
	const struct cmd *const *c;
	const struct arg *arg;
	char needed[64];
	int tried = 0;

	(void)state;
	for (c = cmd_table; *c; c++) {
		needed[0] = '\0';
		for (arg = (*c)->args; arg->name; arg++) {
			if (arg->needed)
				snprintf(needed, sizeof(needed), "%s",
					 value_of(arg));
		}
		for (arg = (*c)->args; arg->name; arg++) {
			try_arg(*c, needed, arg);
			try_twice(*c, needed, arg);
			assert_true(arg - (*c)->args < ARGS_MAX);
			assert_non_null(arg->doc);
			tried++;
		}
	}
	assert_true(tried > 80);
}

static void test_values(void **state)
{
	struct result r;

	(void)state;
	accepted(&r, "link add key key none ttl inherit tos 0x10 up");
	assert_string_equal(r.cli.args.v[0].text, "key");
	assert_true(r.cli.cmd == &cmd_link_add);
	accepted(&r, "show -j dev dmvpn0");
	assert_true(r.cli.json);
	assert_true(r.cli.cmd == &cmd_show);
	accepted(&r, "show peers");
	assert_true(r.cli.cmd == &cmd_show_peers);
	accepted(&r, "cache flush type static");
	assert_false(r.cli.args.v[0].set);
	assert_int_equal(r.cli.args.v[1].number, DMVPN_ENTRY_TYPE_STATIC);
	accepted(&r, "cache flush 10.0.0.0/8");
	assert_int_equal(r.cli.args.v[0].prefix.plen, 8);
	accepted(&r, "monitor count 007");
	assert_int_equal(r.cli.args.v[1].number, 7);
	accepted(&r, "-h link add");
	assert_true(r.cli.cmd == &cmd_help);
	assert_int_equal(r.cli.args.n_rest, 2);
	accepted(&r, "help link add");
	assert_int_equal(r.cli.args.n_rest, 2);
}

static void request(struct dmvpn_nl_link *link, const char *line)
{
	struct result r;

	accepted(&r, line);
	memset(link, 0, sizeof(*link));
	assert_int_equal(link_request(&r.cli, link), 0);
}

static void test_link(void **state)
{
	struct dmvpn_nl_link link;

	(void)state;
	request(&link, "link add t");
	assert_true(link.present == 0);
	request(&link, "link add t underlay lo local ::1 local 127.0.0.1 "
		"key 0 ttl inherit tos inherit df inherit fwmark 1 "
		"network-id 2 protection none redirect on shortcut off "
		"strict-source on max-peers 3 max-entries 4 max-multicast 5 "
		"hold-queue 6 upcall-rate 7 redirect-rate 8 "
		"redirect-interval 9 mtu 1400 up");
	assert_true(link.present ==
		    ((DMVPN_NL_BIT(IFLA_DMVPN_MAX + 1) - 2) &
		     ~DMVPN_NL_BIT(IFLA_DMVPN_NO_KEY)) +
		    DMVPN_NL_LINK_MTU + DMVPN_NL_LINK_UP);
	assert_int_equal(link.link, 1);
	assert_int_equal(link.local4.len, 4);
	assert_int_equal(link.local6.len, 16);
	assert_int_equal(link.key, 0);
	assert_int_equal(link.ttl, 0);
	assert_int_equal(link.tos, 1);
	assert_int_equal(link.df, DMVPN_DF_INHERIT);
	assert_int_equal(link.fwmark, 1);
	assert_int_equal(link.network_id, 2);
	assert_int_equal(link.protection, DMVPN_PROTECTION_NONE);
	assert_int_equal(link.redirect, 1);
	assert_int_equal(link.shortcut, 0);
	assert_int_equal(link.strict_source, 1);
	assert_int_equal(link.max_peers, 3);
	assert_int_equal(link.max_entries, 4);
	assert_int_equal(link.max_mcast, 5);
	assert_int_equal(link.hold_queue, 6);
	assert_int_equal(link.upcall_rate, 7);
	assert_int_equal(link.redirect_rate, 8);
	assert_int_equal(link.redirect_interval, 9);
	assert_int_equal(link.mtu, 1400);
	assert_true(link.up);

	request(&link, "link set t key none down underlay none");
	assert_true(link.no_key);
	assert_false(link.up);
	assert_true(link.present == (DMVPN_NL_BIT(IFLA_DMVPN_NO_KEY) |
				     DMVPN_NL_BIT(IFLA_DMVPN_LINK) |
				     DMVPN_NL_LINK_UP));
	assert_int_equal(link.link, 0);
}

static int run(const char *line, char **out, char **err)
{
	char words[256], *argv[32], *word, *save = NULL, empty[] = "";
	size_t out_size, err_size;
	FILE *o = open_memstream(out, &out_size);
	FILE *e = open_memstream(err, &err_size);
	int argc = 0, code;

	snprintf(words, sizeof(words), "%s", line);
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = strcmp(word, "''") ? word : empty;
	code = cli_run(argc, argv, o, e);
	fclose(o);
	fclose(e);
	return code;
}

static void prints(const char *line, int code, const char *out,
		   const char *err)
{
	char *got_out, *got_err;
	int got = run(line, &got_out, &got_err);

	if (got != code || strcmp(got_out, out) || strcmp(got_err, err))
		fail_msg("%s: %d: %s%s", line, got, got_out, got_err);
	free(got_out);
	free(got_err);
}

static void test_run(void **state)
{
	(void)state;
	prints("show dev nosuchdev", CLI_NOT_FOUND, "",
	       "dmvpn: show: nosuchdev: no such device\n");
	prints("show dev lo", CLI_NOT_FOUND, "",
	       "dmvpn: show: lo: not a dmvpn device\n");
	prints("link del lo", CLI_NOT_FOUND, "",
	       "dmvpn: link del: lo: not a dmvpn device\n");
	prints("link set lo", CLI_USAGE, "",
	       "dmvpn: link set: nothing to change\n");
	prints("link set lo max-peers 0", CLI_USAGE, "",
	       "dmvpn: link set: max-peers: expected a number 1..16777216, got \"0\"\ntry \"dmvpn help link set\"\n");
	prints("link set lo mtu 65488", CLI_USAGE, "",
	       "dmvpn: link set: mtu: expected a number 68..65487, got \"65488\"\ntry \"dmvpn help link set\"\n");
	prints("link set lo up down", CLI_USAGE, "",
	       "dmvpn: link set: down: contradicts up\n");
	prints("link add t underlay nosuchdev", CLI_NOT_FOUND, "",
	       "dmvpn: link add: underlay: no device \"nosuchdev\"\n");
	prints("cache flush if-id 5 dev lo", CLI_USAGE, "",
	       "dmvpn: cache flush: if-id: only together with nbma\n");
	prints("help nosuchcommand", CLI_USAGE, "",
	       "dmvpn: help: unknown command \"nosuchcommand\"\n");
	prints("help peer del", CLI_OK,
	       "dmvpn peer del NBMA [if-id N] [dev NAME]\n\n"
	       "remove a peer with its entries and its multicast use\n"
	       "  NBMA               NBMA address of the peer\n"
	       "  if-id              xfrm interface id of the peer\n"
	       "                     (a number 0..4294967295)\n"
	       "  dev                the device; may be left out when there is only one\n"
	       "                     (a device name of 1..15 characters)\n\n",
	       "");
}

/* Each command is in the overview and explains itself. */
static void test_help(void **state)
{
	const struct cmd *const *c;
	char *overview, *out, *err, line[64];

	(void)state;
	assert_int_equal(run("help", &overview, &err), CLI_OK);
	free(err);
	for (c = cmd_table; *c; c++) {
		snprintf(line, sizeof(line), "\n  %s ", (*c)->name);
		assert_true(!strstr(overview, line) == (*c)->hidden);
		if ((*c)->hidden)
			continue;
		snprintf(line, sizeof(line), "help %s", (*c)->name);
		assert_int_equal(run(line, &out, &err), CLI_OK);
		assert_non_null(strstr(out, (*c)->doc));
		free(out);
		free(err);
	}
	free(overview);
}

/* What nobody could read was not told. */
static void test_full(void **state)
{
	static const char *const lines[] = {
		"help", "help link", "version", "link add -h", "complete sh",
	};
	size_t i, size;

	(void)state;
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char words[64], *argv[4], *word, *save = NULL, *err;
		FILE *o = fopen("/dev/full", "w");
		FILE *e = open_memstream(&err, &size);
		int argc = 0;

		assert_non_null(o);
		snprintf(words, sizeof(words), "%s", lines[i]);
		for (word = strtok_r(words, " ", &save); word;
		     word = strtok_r(NULL, " ", &save))
			argv[argc++] = word;
		assert_int_equal(cli_run(argc, argv, o, e), CLI_REFUSED);
		fclose(o);
		fclose(e);
		assert_non_null(strstr(err, ": output: Input/output error\n"));
		free(err);
	}
}

/* The manual names each command and each argument. */
static void test_manual(void **state)
{
	const struct cmd *const *c;
	const struct arg *arg;
	static char page[65536];
	FILE *f = fopen("man/dmvpn.8", "r");
	char word[64];

	(void)state;
	if (!f)
		skip();
	page[fread(page, 1, sizeof(page) - 1, f)] = '\0';
	fclose(f);
	for (c = cmd_table; *c; c++) {
		if ((*c)->hidden)
			continue;
		snprintf(word, sizeof(word), "Cm %s", (*c)->name);
		if (!strcmp((*c)->name, "multicast del"))
			snprintf(word, sizeof(word),
				 "Cm multicast add Ns | Ns Cm del");
		if (!strstr(page, word))
			fail_msg("the manual lacks \"%s\"", word);
		for (arg = (*c)->args; arg->name; arg++) {
			snprintf(word, sizeof(word), "%s %s",
				 arg->positional ? "Ar" : "Cm", arg->name);
			if (!strstr(page, word))
				fail_msg("the manual lacks \"%s\"", word);
		}
	}
}

static void test_complete(void **state)
{
	(void)state;
	prints("complete sh", CLI_OK, "show\n", "");
	prints("complete show ''", CLI_OK,
	       "shortcuts\npeers\nipsec\nnhs\nstats\ntraffic\nmulticast\ndev\n", "");
	prints("complete -j show p", CLI_OK, "peers\n", "");
	prints("complete link ''", CLI_OK, "add\nset\ndel\nshow\n", "");
	prints("complete link add x df ''", CLI_OK, "set\nunset\ninherit\n",
	       "");
	prints("complete link add x df set d", CLI_OK, "", "");
	prints("complete link add x local 1.2.3.4 lo", CLI_OK, "local\n", "");
	prints("complete link add x underlay l", CLI_OK, "lo\n", "");
	prints("complete cache add 10.0.0.0/8 re", CLI_OK,
	       "refresh\nreplace\n", "");
	prints("complete cache add re", CLI_OK, "", "");
	prints("complete debug level d", CLI_OK, "debug\n", "");
	prints("complete help link ''", CLI_OK, "add\nset\ndel\nshow\n", "");
	prints("complete import ios ''", CLI_OK, "/\n", "");
	prints("complete doctor config ''", CLI_OK, "/\n", "");
	prints("complete metrics out ''", CLI_OK, "/\n", "");
	prints("complete --h", CLI_OK, "--help\n", "");
	prints("complete", CLI_OK, "", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_command),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_run),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
