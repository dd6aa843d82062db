// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn events, and a daemon that answers what it is told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cmd.h"
#include "tests/ctl_rig.h"

#define EVENTS \
	"{\"ok\":true,\"events\":[" \
	"{\"seq\":7,\"age_ms\":1500,\"first_ms\":9000,\"count\":3," \
	"\"ifname\":\"dmvpn0\",\"event\":\"registered\"," \
	"\"result\":null,\"nbma\":\"192.0.2.2\",\"about\":\"10.0.0.2\"},5]," \
	"\"seq\":7}\n"

static void test_events(void **state)
{
	char *out, *err;
	pid_t pid;

	(void)state;
	pid = ctl_begin("{\"cmd\":\"events\",\"peer\":\"192.0.2.2\",\"count\":9}\n",
			EVENTS);
	assert_int_equal(ctl_run("events peer 192.0.2.2 count 9", &out, &err),
			 CLI_OK);
	/* The time of day in front is not the test's to know. */
	assert_non_null(strstr(out, "  COUNT  IFNAME  EVENT       RESULT  NBMA       ABOUT\n"));
	assert_non_null(strstr(out, "      3  dmvpn0  registered  -       192.0.2.2  10.0.0.2\n"));
	assert_string_equal(err, "");
	free(out);
	free(err);
	ctl_end(pid);

	pid = ctl_begin("{\"cmd\":\"events\"}\n", EVENTS);
	assert_int_equal(ctl_run("-j events follow for 0", &out, &err), CLI_OK);
	assert_non_null(strstr(out, "\"seq\":7,\"age_ms\":1500,\"first_ms\":9000,\"count\":3,\"ifname\":\"dmvpn0\",\"event\":\"registered\",\"nbma\":\"192.0.2.2\",\"about\":\"10.0.0.2\"}\n"));
	assert_memory_equal(out, "{\"time_ms\":1", 12);
	free(out);
	free(err);
	ctl_end(pid);
	ctl_talk("events", "{\"cmd\":\"events\"}\n", "{\"ok\":true,\"events\":[]}\n",
		 CLI_REFUSED, "", "dmvpn: events: dmvpnd: senseless answer\n");
	ctl_prints("events for 3", CLI_USAGE, "",
		   "dmvpn: events: for: only together with follow\n");
}

#define FORGOT(seq, lost) \
	"{\"ok\":true,\"events\":[],\"seq\":" #seq ",\"lost\":" #lost \
	",\"began\":5}\n"

/* Those that were forgotten before anybody had read them are missed. */
static void test_lost(void **state)
{
	static const char *const replies[] = {
		FORGOT(7, 7), FORGOT(2000, 976), FORGOT(2003, 979),
	};
	static const struct {
		const char *line;
		const char *text;
	} cases[] = {
		{ "events follow for 1",
		  " events were lost: there were more than dmvpnd remembers\n" },
		{ "-j events follow for 1", ",\"event\":\"lost\"}\n" },
	};
	char *out, *err;
	size_t i;
	pid_t pid;
	int code;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		pid = ctl_serve(replies, sizeof(replies) / sizeof(replies[0]));
		code = ctl_run(cases[i].line, &out, &err);
		ctl_stop(pid);
		assert_int_equal(code, CLI_OK);
		assert_string_equal(err, "");
		assert_non_null(strstr(out, cases[i].text));
		/* There is no other line. */
		assert_string_equal(strchr(out, '\n'), "\n");
		free(out);
		free(err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_lost),
	};

	return cmocka_run_group_tests(tests, ctl_open, ctl_close);
}
