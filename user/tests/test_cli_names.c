// SPDX-License-Identifier: GPL-2.0-or-later
/* The command's names of types, flags and counters are the kernel's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/dmvpn.h>
#include <stdio.h>

#include "cli/counters.h"
#include "cli/names.h"

/* Names and order of the counters are those of the spec. */
static void test_counters(void **state)
{
	FILE *spec = fopen("../kmod/Documentation/netlink/specs/dmvpn.yaml",
			   "r");
	char line[256], name[64];
	bool inside = false;
	int n = 0;

	(void)state;
	if (!spec)
		skip();
	while (fgets(line, sizeof(line), spec)) {
		if (!strcmp(line, "    name: counter\n"))
			inside = true;
		else if (!strncmp(line, "    name: ", 10))
			inside = false;
		if (!inside || sscanf(line, "        name: %63s", name) != 1 ||
		    strncmp(line, "        ", 8))
			continue;
		n++;
		if (n == DMVPN_A_COUNTER_PAD)
			continue;
		assert_true(n <= DMVPN_A_COUNTER_MAX);
		assert_string_equal(counter_docs[n].name, name);
		assert_non_null(counter_docs[n].doc);
	}
	fclose(spec);
	assert_int_equal(n, DMVPN_A_COUNTER_MAX);
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(names_of(names_entry_type, 3), "registered");
	assert_string_equal(names_of(names_entry_type, 99), "unknown");
	assert_string_equal(names_entry_flags[2], "refresh");
	assert_int_equal(DMVPN_ENTRY_FLAGS_REFRESH, 1 << 2);
	assert_string_equal(names_peer_flags[1], "nhs");
	assert_int_equal(DMVPN_PEER_FLAGS_NHS, 1 << 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counters),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
