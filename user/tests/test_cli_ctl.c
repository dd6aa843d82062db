// SPDX-License-Identifier: GPL-2.0-or-later
/* The command and a daemon that answers what it is told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sched.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/ctl.h"

static int listener = -1;

static int open_listener(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	(void)state;
	/* Abstract names belong to a network namespace. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) && unshare(CLONE_NEWNET))
		return 0;
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(addr.sun_path + 1, CTL_SOCKET_NAME, strlen(CTL_SOCKET_NAME));
	if (bind(listener, (struct sockaddr *)&addr,
		 offsetof(struct sockaddr_un, sun_path) + 1 +
			 strlen(CTL_SOCKET_NAME)) ||
	    listen(listener, 1))
		return -1;
	return 0;
}

static int close_listener(void **state)
{
	(void)state;
	if (listener >= 0)
		close(listener);
	listener = -1;
	return 0;
}

/* In a child: takes a line, which must be @request, and answers in two pieces. */
static void serve(const char *request, const char *reply)
{
	int fd = accept(listener, NULL, NULL);
	size_t len = 0, half = strlen(reply) / 2;
	char line[512] = "";

	while (len < sizeof(line) - 1 && !strchr(line, '\n')) {
		ssize_t n = read(fd, line + len, sizeof(line) - 1 - len);

		if (n <= 0)
			_exit(2);
		len += n;
	}
	if (strcmp(line, request))
		_exit(3);
	if (write(fd, reply, half) != (ssize_t)half ||
	    write(fd, reply + half, strlen(reply) - half) < 0)
		_exit(4);
	close(fd);
	_exit(0);
}

static int run(const char *line, char **out, char **err)
{
	char words[256], *argv[32], *word, *save = NULL;
	size_t out_size, err_size;
	FILE *o = open_memstream(out, &out_size);
	FILE *e = open_memstream(err, &err_size);
	int argc = 0, code;

	snprintf(words, sizeof(words), "%s", line);
	for (word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
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

static void talk(const char *line, const char *request, const char *reply,
		 int code, const char *out, const char *err)
{
	int status;
	pid_t pid;

	if (listener < 0)
		skip();
	pid = fork();
	assert_true(pid >= 0);
	if (!pid)
		serve(request, reply);
	prints(line, code, out, err);
	assert_true(waitpid(pid, &status, 0) == pid);
	assert_int_equal(status, 0);
}

#define NHS \
	"{\"ok\":true,\"nhs\":[" \
	"{\"ifname\":\"dmvpn0\",\"address\":\"192.168.1.1\"," \
	"\"state\":\"up\",\"registered_ms\":83000,\"last_reply_ms\":null}," \
	"{\"ifname\":\"lo\",\"address\":\"10.0.0.1\"," \
	"\"state\":\"down\",\"registered_ms\":null,\"last_reply_ms\":5}]}\n"

static void test_nhs(void **state)
{
	(void)state;
	talk("show nhs", "{\"cmd\":\"nhs\"}\n", NHS, CLI_OK,
	     "IFNAME  ADDRESS      STATE  REGISTERED  LAST-REPLY\n"
	     "dmvpn0  192.168.1.1  up       00:01:23           -\n"
	     "lo      10.0.0.1     down            -    00:00:00\n", "");
}

static void test_nhs_json(void **state)
{
	(void)state;
	talk("-j show nhs", "{\"cmd\":\"nhs\"}\n", NHS, CLI_OK,
	     "[{\"ifname\":\"dmvpn0\",\"address\":\"192.168.1.1\",\"state\":\"up\",\"registered_ms\":83000},{\"ifname\":\"lo\",\"address\":\"10.0.0.1\",\"state\":\"down\",\"last_reply_ms\":5}]\n",
	     "");
}

static void test_debug(void **state)
{
	(void)state;
	talk("debug peer 192.0.2.1 level debug",
	     "{\"cmd\":\"debug\",\"peer\":\"192.0.2.1\",\"level\":\"debug\"}\n",
	     "{\"ok\":true,\"level\":\"debug\",\"peers\":[\"192.0.2.1\"]}\n",
	     CLI_OK, "level debug peers 192.0.2.1\n", "");
	talk("debug", "{\"cmd\":\"debug\"}\n",
	     "{\"ok\":true,\"level\":\"info\",\"peers\":[]}\n",
	     CLI_OK, "level info peers -\n", "");
}

static void test_refused(void **state)
{
	(void)state;
	talk("debug peer all", "{\"cmd\":\"debug\",\"peer\":\"all\"}\n",
	     "{\"ok\":false,\"error\":\"not today\"}\n", CLI_REFUSED, "",
	     "dmvpn: debug: dmvpnd: not today\n");
}

static void test_senseless(void **state)
{
	static const char *const replies[] = {
		"\n", "[]\n", "{}\n", "{\"ok\":\n", "nonsense\n",
		"{\"ok\":true}\n", "{\"ok\":true,\"nhs\":5}\n",
		"{\"ok\":true,\"nhs\":null}\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
		talk("show nhs", "{\"cmd\":\"nhs\"}\n", replies[i],
		     CLI_REFUSED, "",
		     "dmvpn: show nhs: dmvpnd: senseless answer\n");
	talk("show nhs", "{\"cmd\":\"nhs\"}\n", "{\"ok\":true", CLI_REFUSED,
	     "", "dmvpn: show nhs: dmvpnd: Connection reset by peer\n");
	talk("show nhs", "{\"cmd\":\"nhs\"}\n",
	     "{\"ok\":true,\"nhs\":[5,\"x\",null]}\n", CLI_OK, "", "");
}

static void test_no_daemon(void **state)
{
	(void)state;
	if (listener < 0)
		skip();
	close_listener(NULL);
	prints("show nhs", CLI_NO_SERVICE, "",
	       "dmvpn: show nhs: dmvpnd does not run in this network namespace\n");
	prints("debug", CLI_NO_SERVICE, "",
	       "dmvpn: debug: dmvpnd does not run in this network namespace\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nhs),
		cmocka_unit_test(test_nhs_json),
		cmocka_unit_test(test_debug),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_senseless),
		cmocka_unit_test(test_no_daemon),
	};

	return cmocka_run_group_tests(tests, open_listener, close_listener);
}
