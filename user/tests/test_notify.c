// SPDX-License-Identifier: GPL-2.0-or-later
/* What the service manager is told: states, and signs of life. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/loop.h"
#include "daemon/notify.h"
#include "daemon/watchdog.h"

static int manager = -1;

static int setup(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	char name[64];
	socklen_t len;

	(void)state;
	manager = socket(AF_UNIX, SOCK_DGRAM, 0);
	snprintf(name, sizeof(name), "@test_notify.%d", getpid());
	memcpy(addr.sun_path, name, strlen(name));
	addr.sun_path[0] = '\0';
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
			  strlen(name));
	if (bind(manager, (struct sockaddr *)&addr, len))
		return -1;
	return setenv("NOTIFY_SOCKET", name, 1);
}

static int teardown(void **state)
{
	(void)state;
	close(manager);
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	return 0;
}

/* The number of datagrams that came, all of them this text. */
static unsigned int heard(const char *text)
{
	char got[32] = "";
	unsigned int n;

	for (n = 0; recv(manager, got, sizeof(got) - 1, MSG_DONTWAIT) > 0; n++) {
		assert_string_equal(got, text);
		memset(got, 0, sizeof(got));
	}
	return n;
}

static void test_state(void **state)
{
	(void)state;
	nh_notify("READY=1");
	assert_int_equal(heard("READY=1"), 1);
	unsetenv("NOTIFY_SOCKET");
	nh_notify("READY=1");
	assert_int_equal(heard("READY=1"), 0);
}

/* The signs of life in ten seconds, the one at the start among them. */
static unsigned int signs(const char *usec, const char *pid)
{
	struct nh_loop *loop = nh_loop_new_manual(1);
	struct nh_watchdog dog;
	unsigned int n;

	setenv("WATCHDOG_USEC", usec, 1);
	if (pid)
		setenv("WATCHDOG_PID", pid, 1);
	else
		unsetenv("WATCHDOG_PID");
	nh_watchdog_start(&dog, loop);
	nh_loop_advance(loop, 10000);
	n = heard("WATCHDOG=1");
	nh_watchdog_stop(&dog);
	nh_loop_advance(loop, 10000);
	assert_int_equal(heard("WATCHDOG=1"), 0);
	nh_loop_free(loop);
	return n;
}

static void test_watchdog(void **state)
{
	char pid[16];

	(void)state;
	snprintf(pid, sizeof(pid), "%d", getpid());
	assert_int_equal(signs("2000000", NULL), 11);
	assert_int_equal(signs("2000000", pid), 11);
	assert_int_equal(signs("20000000", pid), 2);
	/* For another process, or not asked for, or no number */
	assert_int_equal(signs("2000000", "1"), 0);
	assert_int_equal(signs("2000000", ""), 0);
	assert_int_equal(signs("0", pid), 0);
	assert_int_equal(signs("", pid), 0);
	assert_int_equal(signs("-2000000", pid), 0);
	assert_int_equal(signs("2000000s", pid), 0);
	assert_int_equal(signs("99999999999999999999", pid), 0);
}

static void test_not_asked(void **state)
{
	struct nh_loop *loop = nh_loop_new_manual(1);
	struct nh_watchdog dog;

	(void)state;
	nh_watchdog_start(&dog, loop);
	nh_loop_advance(loop, 10000);
	assert_int_equal(heard("WATCHDOG=1"), 0);
	nh_watchdog_stop(&dog);
	nh_loop_free(loop);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_state),
		T(test_watchdog),
		T(test_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
