// SPDX-License-Identifier: GPL-2.0-or-later
/* A charon for tests: it confirms, answers, and misbehaves as it is told. */
#include "tests/fake_charon.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#define IN_SIZE	(VICI_LEN_SIZE + VICI_PACKET_MAX)

static void note(struct fake_charon *f, const char *what, const char *name)
{
	size_t n = strlen(f->log);

	snprintf(f->log + n, sizeof(f->log) - n, "%s%s%s;", what,
		 *name ? " " : "", name);
	if (f->heard)
		f->heard(f->arg);
}

static void disconnect(struct fake_charon *f)
{
	nh_watch_free(f->watch);
	f->watch = NULL;
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	f->in_len = 0;
	f->out_len = 0;
	f->hangup = false;
}

static void on_ready(void *arg, unsigned int events);

static void rewatch(struct fake_charon *f)
{
	bool writes = f->out_len || f->hangup;

	if (f->fd < 0)
		return;
	nh_watch_free(f->watch);
	f->watch = nh_loop_watch(f->loop, f->fd,
				 writes ? NH_LOOP_READ | NH_LOOP_WRITE :
					  NH_LOOP_READ,
				 on_ready, f);
	assert_non_null(f->watch);
}

static void on_register(struct fake_charon *f, const char *name)
{
	bool known = !f->unknown || strcmp(f->unknown, name);

	fake_charon_send(f, known ? VICI_EVENT_CONFIRM : VICI_EVENT_UNKNOWN,
			 NULL, NULL);
}

static void on_packet(struct fake_charon *f, const struct vici_packet *p)
{
	assert_true(vici_valid(&p->body));
	switch (p->type) {
	case VICI_EVENT_REGISTER:
		on_register(f, p->name);
		note(f, "register", p->name);
		break;
	case VICI_EVENT_UNREGISTER:
		on_register(f, p->name);
		note(f, "unregister", p->name);
		break;
	case VICI_CMD_REQUEST:
		if (f->request)
			f->request(f->arg, p);
		else
			fake_charon_send(f, VICI_CMD_RESPONSE, NULL, NULL);
		note(f, "request", p->name);
		break;
	default:
		fail_msg("a client sent a packet of type %u", p->type);
	}
}

static void take_packets(struct fake_charon *f)
{
	struct vici_packet p;
	size_t len, whole;

	while (f->in_len >= VICI_LEN_SIZE) {
		assert_true(vici_packet_len(f->in, &len));
		whole = VICI_LEN_SIZE + len;
		if (f->in_len < whole)
			break;
		assert_true(vici_packet_decode(&p, f->in + VICI_LEN_SIZE,
					       len));
		on_packet(f, &p);
		/* It may have hung up. */
		if (f->in_len < whole)
			break;
		f->in_len -= whole;
		memmove(f->in, f->in + whole, f->in_len);
	}
}

static void write_some(struct fake_charon *f)
{
	ssize_t n;

	n = send(f->fd, f->out, f->split ? 1 : f->out_len,
		 MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n <= 0)
		return;
	f->out_len -= (size_t)n;
	memmove(f->out, f->out + n, f->out_len);
}

static void on_ready(void *arg, unsigned int events)
{
	struct fake_charon *f = arg;
	ssize_t n = -1;

	if (events & NH_LOOP_READ) {
		n = recv(f->fd, f->in + f->in_len, IN_SIZE - f->in_len,
			 MSG_DONTWAIT);
		if (n == 0) {
			disconnect(f);
			note(f, "close", "");
			return;
		}
	}
	if (n > 0) {
		f->in_len += (size_t)n;
		take_packets(f);
	}
	if (f->fd >= 0 && f->out_len && events & NH_LOOP_WRITE)
		write_some(f);
	if (f->hangup && !f->out_len)
		disconnect(f);
	rewatch(f);
}

static void on_connect(void *arg, unsigned int events)
{
	struct fake_charon *f = arg;

	(void)events;
	disconnect(f);
	f->fd = accept4(f->listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(f->fd >= 0);
	if (f->deaf)
		disconnect(f);
	rewatch(f);
	note(f, "connect", "");
}

struct fake_charon *fake_charon_new(struct nh_loop *loop, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct fake_charon *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->loop = loop;
	f->fd = -1;
	f->in = malloc(IN_SIZE);
	assert_non_null(f->in);
	f->listener = socket(AF_UNIX,
			     SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	assert_int_equal(bind(f->listener, (struct sockaddr *)&addr,
			      sizeof(addr)), 0);
	assert_int_equal(listen(f->listener, 4), 0);
	f->listening = nh_loop_watch(loop, f->listener, NH_LOOP_READ,
				     on_connect, f);
	assert_non_null(f->listening);
	return f;
}

void fake_charon_free(struct fake_charon *f)
{
	if (!f)
		return;
	disconnect(f);
	nh_watch_free(f->listening);
	close(f->listener);
	free(f->in);
	free(f->out);
	free(f);
}

void fake_charon_send(struct fake_charon *f, enum vici_packet_type type,
		      const char *name, struct vici_builder *b)
{
	struct vici_view body = { 0 };
	uint8_t head[VICI_HEAD_MAX];
	ssize_t n;

	if (b) {
		assert_int_equal(vici_builder_err(b), 0);
		body = vici_builder_view(b);
	}
	n = vici_packet_head(head, sizeof(head), type, name, body.len);
	assert_true(n > 0);
	fake_charon_send_raw(f, head, (size_t)n);
	if (body.len)
		fake_charon_send_raw(f, body.data, body.len);
	if (b)
		vici_builder_free(b);
}

void fake_charon_send_raw(struct fake_charon *f, const void *data, size_t len)
{
	f->out = realloc(f->out, f->out_len + len);
	assert_non_null(f->out);
	memcpy(f->out + f->out_len, data, len);
	f->out_len += len;
	rewatch(f);
}

void fake_charon_hangup(struct fake_charon *f)
{
	f->hangup = true;
	rewatch(f);
}
