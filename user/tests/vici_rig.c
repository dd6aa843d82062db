// SPDX-License-Identifier: GPL-2.0-or-later
/* A connection to charon with a fake of it, and what its owner is told. */
#include "tests/vici_rig.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/log.h"

struct rig rig;
static char dir[64];
static struct nh_timer late;

void rig_tell(const char *what, const char *more)
{
	size_t n = strlen(rig.told);

	snprintf(rig.told + n, sizeof(rig.told) - n, "%s%s%s;", what,
		 more[0] ? " " : "", more);
	if (rig.close_at && !strcmp(rig.close_at, what)) {
		nh_vici_close(rig.vici);
		rig.vici = NULL;
	}
	nh_loop_stop(rig.loop);
}

static void on_up(void *arg)
{
	assert_ptr_equal(arg, &rig);
	assert_true(nh_vici_is_up(rig.vici));
	rig_tell("up", "");
}

static void on_down(void *arg, const char *why)
{
	assert_ptr_equal(arg, &rig);
	assert_false(nh_vici_is_up(rig.vici));
	rig_tell("down", why);
}

/* Reads the message after the owner may have closed the connection. */
static void tell_body(const char *what, const struct vici_view *body)
{
	char text[64];

	vici_find_text(body, "text", text, sizeof(text));
	rig_tell(what, text);
	assert_true(vici_valid(body));
}

static void on_event(void *arg, const char *name, const struct vici_view *body)
{
	assert_ptr_equal(arg, &rig);
	assert_string_equal(name, "child-updown");
	tell_body("event", body);
}

static void on_item(void *arg, const struct vici_view *body)
{
	assert_ptr_equal(arg, &rig);
	tell_body("item", body);
}

static void on_done(void *arg, int err, const struct vici_view *body)
{
	char what[64];

	snprintf(what, sizeof(what), "%s %s", (const char *)arg,
		 err == 0 ? "ok" : err == -EPROTO ? "unknown" :
		 err == -ECONNRESET ? "reset" : "?");
	assert_true(!err || !body->len);
	tell_body(what, body);
}

const struct nh_vici_ops rig_ops = {
	.up = on_up,
	.down = on_down,
	.event = on_event,
	.patience_ms = 60000,
};

const char *const rig_events[] = { "child-updown", "ike-updown", NULL };

static void on_heard(void *arg)
{
	(void)arg;
	nh_loop_stop(rig.loop);
}

static void on_log(void *arg, enum nh_log_level level, const char *line)
{
	size_t n = strlen(rig.logged);

	(void)arg;
	assert_true(level <= NH_LOG_WARNING);
	snprintf(rig.logged + n, sizeof(rig.logged) - n, "%s;", line);
}

static void on_late(void *arg)
{
	(void)arg;
	fail_msg("waited too long; told \"%s\"", rig.told);
}

void rig_await(const char *transcript, const char *text)
{
	nh_loop_set(rig.loop, &late, 20000);
	while (!strstr(transcript, text))
		nh_loop_run(rig.loop);
	nh_loop_cancel(rig.loop, &late);
}

void rig_forget(void)
{
	rig.told[0] = '\0';
	rig.logged[0] = '\0';
	if (rig.charon)
		rig.charon->log[0] = '\0';
}

struct vici_builder rig_text(const char *value)
{
	struct vici_builder b = { 0 };

	vici_put(&b, "text", value);
	return b;
}

void rig_send(enum vici_packet_type type, const char *name, const char *value)
{
	struct vici_builder b = rig_text(value);

	fake_charon_send(rig.charon, type, name, &b);
}

static void send_big(void)
{
	static char value[60000];
	struct vici_builder b = { 0 };
	int i;

	memset(value, 'x', sizeof(value) - 1);
	vici_put(&b, "text", "big");
	for (i = 0; i < RIG_BIG / 60000; i++)
		vici_put(&b, "more", value);
	fake_charon_send(rig.charon, VICI_CMD_RESPONSE, NULL, &b);
}

/* What the commands of these tests do. */
static void on_request(void *arg, const struct vici_packet *p)
{
	static const char half[] = "\0\0\0\20\1";
	const char *name = p->name;
	int i;

	(void)arg;
	if (!strcmp(name, "hang")) {
		return;
	} else if (!strcmp(name, "unknown")) {
		fake_charon_send(rig.charon, VICI_CMD_UNKNOWN, NULL, NULL);
		return;
	} else if (!strcmp(name, "half")) {
		fake_charon_send_raw(rig.charon, half, sizeof(half) - 1);
		fake_charon_hangup(rig.charon);
		return;
	} else if (!strcmp(name, "big")) {
		assert_true(p->body.len > RIG_BIG);
		send_big();
		return;
	}
	if (!strcmp(name, "list-sas")) {
		rig_send(VICI_EVENT, "list-sa", "one");
		rig_send(VICI_EVENT, "child-updown", "between");
		rig_send(VICI_EVENT, "list-sa", "two");
	}
	for (i = 0; i < 200 && !strcmp(name, "many"); i++)
		rig_send(VICI_EVENT, "list-sa", "x");
	rig_send(VICI_CMD_RESPONSE, NULL, name);
}

void rig_listen(void)
{
	rig.charon = fake_charon_new(rig.loop, rig.path);
	rig.charon->request = on_request;
	rig.charon->heard = on_heard;
}

int rig_setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/test_vici.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(rig.path, sizeof(rig.path), "%s/charon.vici", dir);
	rig.loop = nh_loop_new();
	nh_timer_init(&late, on_late, NULL);
	nh_log_sink(on_log, NULL);
	rig.close_at = NULL;
	rig_listen();
	rig_forget();
	return 0;
}

int rig_teardown(void **state)
{
	(void)state;
	nh_vici_close(rig.vici);
	rig.vici = NULL;
	fake_charon_free(rig.charon);
	rig.charon = NULL;
	nh_loop_cancel(rig.loop, &late);
	nh_loop_free(rig.loop);
	nh_log_sink(NULL, NULL);
	unlink(rig.path);
	rmdir(dir);
	return 0;
}

void rig_open(void)
{
	rig.vici = nh_vici_open(rig.loop, rig.path, rig_events, &rig_ops, &rig);
	assert_non_null(rig.vici);
}

void rig_up(void)
{
	rig_forget();
	rig_open();
	rig_await(rig.told, "up;");
	rig_forget();
}

int rig_try(const char *command, struct vici_builder *body,
	    const char *stream)
{
	return nh_vici_call(rig.vici, command, body, stream, on_item, on_done,
			    (void *)command);
}

void rig_call(const char *command)
{
	assert_int_equal(rig_try(command, NULL, NULL), 0);
}

static void on_stream_done(void *arg, int err, const struct vici_view *body)
{
	assert_ptr_equal(arg, &rig);
	on_done("stream", err, body);
}

void rig_call_stream(const char *command, const char *stream)
{
	assert_int_equal(nh_vici_call(rig.vici, command, NULL, stream, on_item,
				      on_stream_done, &rig), 0);
}
