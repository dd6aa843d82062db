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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
	};

	return cmocka_run_group_tests(tests, ctl_open, ctl_close);
}
