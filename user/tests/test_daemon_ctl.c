// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket: its answers, and its connections. */
#include <errno.h>
#include <json-c/json.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/ctl.h"
#include "daemon/daemon.h"
#include "daemon/dispatch.h"
#include "lib/log.h"
#include "lib/version.h"
#include "tests/fake.h"

static struct fake_net *net;
static struct nh_daemon daemon_;

static int setup(void **state)
{
	(void)state;
	net = fake_net_new();
	daemon_ = (struct nh_daemon){ .loop = net->loop };
	LIST_INIT(&daemon_.ifaces);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	nh_log_condition_clear();
	return 0;
}

static struct json_object *ask(const char *line)
{
	char *answer = nh_ctl_answer(&daemon_, line, strlen(line));
	struct json_object *o;

	assert_non_null(answer);
	assert_int_equal(answer[strlen(answer) - 1], '\n');
	assert_ptr_equal(strchr(answer, '\n'), answer + strlen(answer) - 1);
	o = json_tokener_parse(answer);
	assert_non_null(o);
	free(answer);
	return o;
}

static struct json_object *get(struct json_object *o, const char *key)
{
	struct json_object *v;

	if (!json_object_object_get_ex(o, key, &v))
		fail_msg("no member %s", key);
	return v;
}

static void expect_error(const char *line, const char *why)
{
	struct json_object *o = ask(line);

	assert_false(json_object_get_boolean(get(o, "ok")));
	assert_string_equal(json_object_get_string(get(o, "error")), why);
	json_object_put(o);
}

static void test_errors(void **state)
{
	(void)state;
	expect_error("", "expected a JSON object");
	expect_error("{", "expected a JSON object");
	expect_error("[1]", "expected a JSON object");
	expect_error("{\"cmd\":1}", "expected a member \"cmd\"");
	expect_error("{\"cmd\":\"fly\"}", "unknown command");
	expect_error("{\"cmd\":\"debug\",\"level\":\"x\"}",
		     "level: expected error, warning, info or debug");
	expect_error("{\"cmd\":\"debug\",\"peer\":\"x\"}",
		     "peer: expected an address or \"all\"");
	expect_error("{\"cmd\":\"debug\",\"tunnel\":\"10.0.0.1/8\"}",
		     "tunnel: expected an address block");
	expect_error("{\"cmd\":\"debug\",\"dev\":\"a-name-that-is-too-long\"}",
		     "dev: expected the name of a device");
}

static void test_facts(void **state)
{
	struct json_object *o, *list, *first;
	struct fake_node *node = fake_node(net, "192.0.2.2",
		"[Tunnel]\nName=tun0\nSource=192.0.2.2\nAddress=10.0.0.2/24\n"
		"Protection=none\n"
		"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n");

	(void)state;
	fake_miss(node, "10.0.0.5");
	LIST_FIRST(&node->iface->nhs)->state = NH_NHS_UP;
	fake_miss(node, "10.0.0.6");
	daemon_.ifaces = node->ifaces;

	o = ask("{\"cmd\":\"nhs\"}");
	assert_true(json_object_get_boolean(get(o, "ok")));
	list = get(o, "nhs");
	assert_int_equal(json_object_array_length(list), 1);
	first = json_object_array_get_idx(list, 0);
	assert_string_equal(json_object_get_string(get(first, "ifname")),
			    "tun0");
	assert_string_equal(json_object_get_string(get(first, "state")), "UP");
	assert_int_equal(json_object_get_int(get(first, "cluster")), 0);
	assert_null(get(first, "fallback_ms"));
	assert_null(get(first, "expires_ms"));
	assert_null(get(first, "last_reply_ms"));
	assert_in_range(json_object_get_int(get(first, "next_request_ms")),
			900, 1100);
	assert_int_equal(json_object_array_length(
			 get(first, "also_refused")), 0);
	assert_int_equal(json_object_get_int(get(first, "last_request_ms")),
			 0);
	json_object_put(o);

	o = ask("{\"cmd\":\"requests\"}");
	list = get(o, "requests");
	assert_int_equal(json_object_array_length(list), 2);
	first = json_object_array_get_idx(list, 0);
	assert_string_equal(json_object_get_string(get(first, "target")),
			    "10.0.0.6");
	assert_string_equal(json_object_get_string(get(first, "server")),
			    "192.0.2.1");
	assert_string_equal(json_object_get_string(get(first, "type")),
			    "resolution_request");
	json_object_put(o);

	o = ask("{\"cmd\":\"stats\"}");
	first = json_object_array_get_idx(get(o, "stats"), 0);
	assert_int_equal(json_object_get_int(get(get(first, "out"),
					     "registration_request")), 1);
	assert_int_equal(json_object_get_int(get(get(first, "out"),
					     "resolution_request")), 1);
	assert_int_equal(json_object_get_int(get(first, "no_sa")), 0);
	assert_int_equal(json_object_get_int(get(first, "counted_ms")), 0);
	json_object_put(o);

	o = ask("{\"cmd\":\"version\"}");
	assert_string_equal(json_object_get_string(get(o, "version")),
			    DMVPN_VERSION);
	json_object_put(o);
}

static void counted(struct json_object *stats, const char *group,
		    const char *key, int64_t n)
{
	assert_int_equal(json_object_get_int64(get(get(stats, group), key)),
			 n);
}

/* What was refused, and with which code. */
static void test_traffic(void **state)
{
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr("10.0.0.1"),
		.nhs_nbma = fake_addr("192.0.2.1"),
		.reqid = 5,
	};
	struct nhrp_self client = {
		.nbma = fake_addr("192.0.2.2"),
		.proto = fake_addr("10.0.0.2"),
		.holdtime = 600,
	};
	struct json_object *o, *first;
	struct nhrp_pdu pdu, reply;
	struct fake_node *node = fake_node(net, "192.0.2.1",
		"[Tunnel]\nName=tun0\nSource=192.0.2.1\nAddress=10.0.0.1/24\n"
		"Protection=none\n[NHRP]\nServer=no\n");
	struct nh_endpoint from = { .nbma = client.nbma };
	uint64_t answers[NH_STATS_CODES] = { 0 };

	(void)state;
	daemon_.ifaces = node->ifaces;
	nhrp_build_registration_request(&pdu, &client, &reg);
	fake_inject(node, "192.0.2.2", &pdu);
	nh_dispatch_packet(node->iface, (const uint8_t *)"x", 1, &from);
	nh_loop_advance(net->loop, 2000);
	o = ask("{\"cmd\":\"stats\"}");
	first = json_object_array_get_idx(get(o, "stats"), 0);
	counted(first, "in", "registration_request", 1);
	counted(first, "out", "registration_reply", 1);
	counted(first, "answers_out", "administratively_prohibited", 1);
	counted(first, "answers_out", "ok", 0);
	counted(first, "answers_in", "no_binding_exists", 0);
	counted(first, "refused", "shorter_than_the_fixed_header", 1);
	counted(first, "refused", "bad_checksum", 0);
	counted(first, "error_codes_in", "authentication_failure", 0);
	counted(first, "limits", "answers", 0);
	assert_int_equal(json_object_get_int(get(first, "counted_ms")), 2000);
	json_object_put(o);

	/* Requests have no answers, and a code of tomorrow is unknown. */
	nh_stats_answers(answers, &pdu);
	assert_int_equal(nhrp_build_registration_reply(&reply, &pdu, &client,
						       NHRP_CODE_OK, 600,
						       &client.nbma), 0);
	reply.cie[0].code = 77;
	nh_stats_answers(answers, &reply);
	assert_int_equal(answers[NH_STATS_CODES - 1], 1);
	assert_int_equal(answers[0], 0);
}

static void test_debug(void **state)
{
	struct json_object *o;
	struct nh_addr peer = fake_addr("192.0.2.1");
	struct nh_addr other = fake_addr("192.0.2.2");

	(void)state;
	o = ask("{\"cmd\":\"debug\",\"level\":\"info\"}");
	assert_string_equal(json_object_get_string(get(o, "level")), "info");
	json_object_put(o);
	assert_false(nh_log_wants(NH_LOG_DEBUG, &peer));
	o = ask("{\"cmd\":\"debug\",\"level\":\"debug\",\"peer\":\"192.0.2.1\"}");
	assert_int_equal(json_object_array_length(get(o, "peers")), 1);
	json_object_put(o);
	assert_true(nh_log_wants(NH_LOG_DEBUG, &peer));
	assert_false(nh_log_wants(NH_LOG_DEBUG, &other));
	/* Further ones, of all kinds, and one less. */
	o = ask("{\"cmd\":\"debug\",\"peer\":\"192.0.2.2\",\"tunnel\":\"10.0.0.0/8\",\"dev\":\"tun0\"}");
	assert_string_equal(json_object_to_json_string_ext(o,
		JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
		"{\"ok\":true,\"level\":\"debug\",\"peers\":[\"192.0.2.1\",\"192.0.2.2\"],\"tunnels\":[\"10.0.0.0/8\"],\"devices\":[\"tun0\"]}");
	json_object_put(o);
	o = ask("{\"cmd\":\"debug\",\"peer\":\"192.0.2.1\",\"dev\":\"tun0\",\"remove\":true}");
	assert_int_equal(json_object_array_length(get(o, "peers")), 1);
	assert_int_equal(json_object_array_length(get(o, "tunnels")), 1);
	assert_int_equal(json_object_array_length(get(o, "devices")), 0);
	json_object_put(o);
	assert_true(nh_log_wants(NH_LOG_DEBUG, &other));
	assert_false(nh_log_wants(NH_LOG_DEBUG, &peer));
	expect_error("{\"cmd\":\"debug\",\"dev\":\"tun0\",\"peer\":\"192.0.2.2\",\"remove\":true,\"level\":\"info\"}",
		     "remove: there is no such condition");
	assert_int_equal(nh_log_get_level(), NH_LOG_DEBUG);
	assert_true(nh_log_wants(NH_LOG_DEBUG, &other));
	o = ask("{\"cmd\":\"debug\",\"peer\":\"all\"}");
	assert_int_equal(json_object_array_length(get(o, "peers")), 0);
	assert_string_equal(json_object_get_string(get(o, "level")), "debug");
	json_object_put(o);
	assert_true(nh_log_wants(NH_LOG_DEBUG, &other));
}

static int connect_ctl(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(addr.sun_path + 1, NH_CTL_NAME, sizeof(NH_CTL_NAME) - 1);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr,
				 offsetof(struct sockaddr_un, sun_path) +
				 sizeof(NH_CTL_NAME)), 0);
	return fd;
}

struct chat {
	struct nh_loop *loop;
	int fd;
	char text[1024];
	size_t len;
	unsigned int lines;
	unsigned int wanted;
	bool closed;
};

static void on_answer(void *arg, unsigned int events)
{
	struct chat *chat = arg;
	char *nl;
	ssize_t n;

	(void)events;
	n = recv(chat->fd, chat->text + chat->len,
		 sizeof(chat->text) - chat->len - 1, 0);
	if (n <= 0) {
		chat->closed = true;
		nh_loop_stop(chat->loop);
		return;
	}
	chat->len += (size_t)n;
	chat->text[chat->len] = '\0';
	chat->lines = 0;
	for (nl = chat->text; (nl = strchr(nl, '\n')); nl++)
		chat->lines++;
	if (chat->lines == chat->wanted)
		nh_loop_stop(chat->loop);
}

static void on_late(void *arg)
{
	(void)arg;
	fail_msg("no answer");
}

/* Over a real socket, in a network namespace of its own if that is allowed. */
static void test_socket(void **state)
{
	static const char request[] = "{\"cmd\":\"version\"}\n";
	struct nh_ctl *ctl, *second;
	struct nh_watch *watch;
	struct chat chat = { .wanted = 1 };
	char flood[NH_CTL_LINE_MAX];
	struct nh_timer late;
	int err;

	(void)state;
	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		skip();
	daemon_.loop = nh_loop_new();
	err = nh_ctl_open(&ctl, &daemon_);
	assert_int_equal(err, 0);
	assert_int_equal(nh_ctl_open(&second, &daemon_), -EADDRINUSE);
	nh_timer_init(&late, on_late, NULL);
	nh_loop_set(daemon_.loop, &late, 10000);

	chat.loop = daemon_.loop;
	chat.fd = connect_ctl();
	watch = nh_loop_watch(chat.loop, chat.fd, NH_LOOP_READ, on_answer,
			      &chat);
	/* In two pieces. */
	assert_int_equal(send(chat.fd, request, 5, 0), 5);
	assert_int_equal(send(chat.fd, request + 5, sizeof(request) - 6, 0),
			 sizeof(request) - 6);
	nh_loop_run(chat.loop);
	assert_non_null(strstr(chat.text, "\"ok\":true"));
	assert_non_null(strstr(chat.text, DMVPN_VERSION));
	/* The connection lives on, until a line has no end. */
	chat.len = 0;
	send(chat.fd, request, sizeof(request) - 1, 0);
	nh_loop_run(chat.loop);
	assert_non_null(strstr(chat.text, "\"ok\":true"));
	/* Two requests at once have two answers. */
	chat.len = 0;
	chat.wanted = 2;
	snprintf(flood, sizeof(flood), "%s%s", request, request);
	send(chat.fd, flood, strlen(flood), 0);
	nh_loop_run(chat.loop);
	assert_int_equal(chat.lines, 2);
	memset(flood, ' ', sizeof(flood));
	chat.len = 0;
	send(chat.fd, flood, sizeof(flood), 0);
	nh_loop_run(chat.loop);
	assert_true(chat.closed);

	nh_watch_free(watch);
	close(chat.fd);
	nh_loop_cancel(daemon_.loop, &late);
	nh_ctl_close(ctl);
	nh_loop_free(daemon_.loop);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_errors),
		T(test_facts),
		T(test_traffic),
		T(test_debug),
		T(test_socket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
