// SPDX-License-Identifier: GPL-2.0-or-later
/* A connection to charon that is none, for tests of what uses one. */
#include "tests/fake_vici.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/**
 * struct fake_call - a call that waits for its answer
 * @line: of the transcript
 * @only: the one IKE SA that is to be listed, or 0
 * @on_item: takes items
 * @done: takes the answer
 * @arg: for both
 */
struct fake_call {
	char *line;
	uint32_t only;
	void (*on_item)(void *arg, const struct vici_view *body);
	void (*done)(void *arg, int err, const struct vici_view *body);
	void *arg;
};

static char *said;

const char *fake_vici_said(void)
{
	return said ? said : "";
}

void fake_vici_forget(void)
{
	free(said);
	said = NULL;
}

static void say(const char *line)
{
	char *more;

	assert_true(asprintf(&more, "%s%s\n", fake_vici_said(), line) >= 0);
	free(said);
	said = more;
}

const char *fake_vici_line(const char *text)
{
	const char *line = fake_vici_said();

	while (*line) {
		if (strncmp(line, text, strlen(text)) == 0)
			return line;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return NULL;
}

unsigned int fake_vici_count(const char *text)
{
	const char *line = fake_vici_said();
	unsigned int n = 0;

	while (*line) {
		n += strncmp(line, text, strlen(text)) == 0;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return n;
}

static void write_elem(FILE *f, const struct vici_elem *e, bool *first)
{
	switch (e->type) {
	case VICI_SECTION_START:
		fprintf(f, " %s{", e->name);
		break;
	case VICI_SECTION_END:
		fputs(" }", f);
		break;
	case VICI_KEY_VALUE:
		fprintf(f, " %s=%.*s", e->name, e->value.len, e->value.data);
		break;
	case VICI_LIST_START:
		fprintf(f, " %s=[", e->name);
		*first = true;
		break;
	case VICI_LIST_ITEM:
		fprintf(f, "%s%.*s", *first ? "" : ",", e->value.len,
			e->value.data);
		*first = false;
		break;
	case VICI_LIST_END:
		fputc(']', f);
		break;
	}
}

static char *write_line(const char *command, const struct vici_view *msg)
{
	struct vici_reader r;
	struct vici_elem e;
	bool first = true;
	size_t size;
	char *line;
	FILE *f;

	f = open_memstream(&line, &size);
	assert_non_null(f);
	fputs(command, f);
	vici_reader_init(&r, msg);
	while (vici_next(&r, &e))
		write_elem(f, &e, &first);
	assert_false(r.err);
	fclose(f);
	return line;
}

/* The one opened last, and how many were closed: that may happen in a call. */
static struct nh_vici *last;
static unsigned int closed;

static void on_prompt(void *arg)
{
	fake_vici_serve(arg);
}

static void note_socket(const char *what, const char *path)
{
	char line[160];

	snprintf(line, sizeof(line), "%s %s", what, path);
	say(line);
}

struct nh_vici *nh_vici_open(struct nh_loop *loop, const char *path,
			     const char *const *events,
			     const struct nh_vici_ops *ops, void *arg)
{
	struct nh_vici *vici = calloc(1, sizeof(*vici));

	assert_non_null(vici);
	vici->loop = loop;
	vici->events = events;
	vici->ops = ops;
	vici->arg = arg;
	vici->room = NH_VICI_CALLS_MAX;
	snprintf(vici->path, sizeof(vici->path), "%s", path);
	nh_timer_init(&vici->timer, on_prompt, vici);
	note_socket("open", path);
	last = vici;
	return vici;
}

struct nh_vici *fake_vici_last(void)
{
	return last;
}

/* The first call, out of the queue; for call_free(). */
static struct fake_call *take(struct nh_vici *vici)
{
	struct fake_call *call = vici->call[0];

	vici->n--;
	memmove(vici->call, vici->call + 1, vici->n * sizeof(call));
	return call;
}

static void call_free(struct fake_call *call)
{
	free(call->line);
	free(call);
}

void nh_vici_close(struct nh_vici *vici)
{
	if (!vici)
		return;
	note_socket("close", vici->path);
	closed++;
	if (last == vici)
		last = NULL;
	nh_loop_cancel(vici->loop, &vici->timer);
	while (vici->n)
		call_free(take(vici));
	free(vici);
}

const char *nh_vici_path(const struct nh_vici *vici)
{
	return vici->path;
}

bool nh_vici_is_up(const struct nh_vici *vici)
{
	return vici && vici->up;
}

static int call_new(struct nh_vici *vici, const char *command,
		    const struct vici_builder *body, bool stream,
		    const struct fake_call *wanted)
{
	struct vici_view msg = vici_builder_view(body);
	struct fake_call *call;
	char id[16];

	if (!vici->up)
		return -ENOTCONN;
	if (vici->n >= vici->room)
		return -ENOBUFS;
	if (vici_builder_err(body))
		return vici_builder_err(body);
	assert_true(!wanted->on_item == !stream);
	call = malloc(sizeof(*call));
	assert_non_null(call);
	*call = *wanted;
	call->line = write_line(command, &msg);
	if (vici_find_text(&msg, "ike-id", id, sizeof(id)))
		call->only = (uint32_t)strtoul(id, NULL, 10);
	/* These come every few seconds, and change nothing. */
	if (strcmp(command, "get-shared") && strcmp(command, "get-keys"))
		say(call->line);
	vici->call[vici->n++] = call;
	if (vici->prompt)
		nh_loop_set(vici->loop, &vici->timer, 0);
	return 0;
}

int nh_vici_call(struct nh_vici *vici, const char *command,
		 struct vici_builder *body, const char *stream,
		 void (*on_item)(void *arg, const struct vici_view *body),
		 void (*done)(void *arg, int err,
			      const struct vici_view *body), void *arg)
{
	const struct fake_call wanted = {
		.on_item = on_item, .done = done, .arg = arg,
	};
	struct vici_builder empty = { 0 };
	int err;

	err = call_new(vici, command, body ? body : &empty, stream, &wanted);
	if (body)
		vici_builder_free(body);
	return err;
}

bool nh_vici_ok(const struct vici_view *body, char *why, size_t size)
{
	char success[8];

	vici_find_text(body, "errmsg", why, size);
	return vici_find_text(body, "success", success, sizeof(success)) &&
	       strcmp(success, "yes") == 0;
}

void fake_vici_up(struct nh_vici *vici)
{
	assert_false(vici->up);
	vici->up = true;
	vici->ops->up(vici->arg);
}

void fake_vici_down(struct nh_vici *vici)
{
	static const struct vici_view nothing;
	unsigned int before = closed;

	vici->up = false;
	while (closed == before && vici->n) {
		struct fake_call *call = take(vici);

		if (call->done)
			call->done(call->arg, -ECONNRESET, &nothing);
		call_free(call);
	}
	if (closed == before)
		vici->ops->down(vici->arg, "charon closed the connection");
}

static void put_child(struct vici_builder *b, const struct fake_ike_sa *sa,
		      const struct fake_child *child)
{
	char text[80];

	snprintf(text, sizeof(text), "gre-%u", child->id);
	vici_section_begin(b, text);
	vici_put(b, "name", "gre");
	vici_put_u(b, "uniqueid", child->id);
	vici_put_u(b, "reqid", 1);
	vici_put(b, "state", child->state ? child->state : "INSTALLED");
	vici_put(b, "mode", "TRANSPORT");
	snprintf(text, sizeof(text), "%08x", child->in);
	vici_put(b, "spi-in", text);
	snprintf(text, sizeof(text), "%08x", child->out);
	vici_put(b, "spi-out", text);
	if (child->if_id) {
		snprintf(text, sizeof(text), "%08x", child->if_id);
		vici_put(b, "if-id-out", text);
	}
	vici_put(b, "rekey-time", "3000");
	vici_put(b, "life-time", "3600");
	vici_put(b, "install-time", "20");
	vici_put_list(b, "local-ts", "192.0.2.1/32[gre]");
	snprintf(text, sizeof(text), "%s/%s[gre]", sa->remote,
		 strchr(sa->remote, ':') ? "128" : "32");
	vici_put_list(b, "remote-ts", sa->selectors ? sa->selectors : text);
	vici_section_end(b);
}

void fake_vici_put_sa(struct vici_builder *b, const struct fake_ike_sa *sa)
{
	const struct fake_child *child;

	vici_section_begin(b, sa->name);
	vici_put_u(b, "uniqueid", sa->id);
	vici_put(b, "version", "2");
	vici_put(b, "state", sa->state ? sa->state : "ESTABLISHED");
	vici_put(b, "local-id", "192.0.2.1");
	vici_put(b, "remote-host", sa->remote);
	vici_put_u(b, "remote-port", sa->port ? sa->port : 500);
	if (sa->identity)
		vici_put(b, "remote-id", sa->identity);
	if (sa->initiator)
		vici_put(b, "initiator", "yes");
	vici_put(b, "initiator-spi", sa->spi ? sa->spi : "00c0ffee00c0ffee");
	vici_put(b, "responder-spi", "1111111111111111");
	if (sa->nat_local)
		vici_put(b, "nat-local", "yes");
	if (sa->nat)
		vici_put(b, "nat-remote", "yes");
	vici_put(b, "encr-alg", "AES_GCM_16");
	vici_put(b, "encr-keysize", "128");
	vici_put(b, "dh-group", "ECP_256");
	if (!sa->no_age)
		vici_put_u(b, "established", sa->age);
	vici_put(b, "rekey-time", "13000");
	vici_put_list(b, "tasks-active", "IKE_MOBIKE");
	vici_section_begin(b, "child-sas");
	for (child = sa->child; child < sa->child + FAKE_VICI_CHILDREN &&
	     child->id; child++)
		put_child(b, sa, child);
	vici_section_end(b);
	vici_section_end(b);
}

static void send_item(const struct fake_call *call,
		      const struct fake_ike_sa *sa)
{
	struct vici_builder b = { 0 };
	struct vici_view msg;

	if (sa->name)
		fake_vici_put_sa(&b, sa);
	else
		vici_put_u(&b, "uniqueid", sa->id);
	assert_int_equal(vici_builder_err(&b), 0);
	msg = vici_builder_view(&b);
	call->on_item(call->arg, &msg);
	vici_builder_free(&b);
}

static void send_items(struct nh_vici *vici, const struct fake_call *call)
{
	uint64_t now = nh_loop_now(vici->loop);
	size_t i;

	for (i = 0; i < FAKE_VICI_SAS && vici->sa[i].id; i++) {
		struct fake_ike_sa sa = vici->sa[i];

		sa.age = (unsigned int)((now - vici->born[i]) / 1000);
		if (!call->only || call->only == sa.id)
			send_item(call, &sa);
	}
}

static void put_conns(const struct nh_vici *vici, struct vici_builder *b)
{
	char text[256];

	snprintf(text, sizeof(text), "other%s,%s",
		 vici->no_conns ? "" : ",dmvpn0,dmvpn0/ipv6",
		 vici->conns ? vici->conns : "");
	vici_put_list(b, "conns", text);
}

void fake_vici_answer(struct nh_vici *vici)
{
	struct vici_builder b = { 0 };
	struct fake_call *call;
	struct vici_view msg;
	bool refuse;

	assert_true(vici->n > 0);
	call = take(vici);
	refuse = vici->refuse && strncmp(call->line, vici->refuse,
					 strlen(vici->refuse)) == 0;
	if (!refuse && call->on_item)
		send_items(vici, call);
	if (strncmp(call->line, "get-conns", 9) == 0)
		put_conns(vici, &b);
	else if (strncmp(call->line, "get-", 4) == 0)
		vici_put_list(&b, "keys", vici->no_creds ? "other" :
			      "other,dmvpn-dmvpn0,0badc0de");
	else if (!refuse || vici->errmsg)
		vici_put(&b, "success", refuse ? "no" : "yes");
	if (strncmp(call->line, "load-key", 8) == 0)
		vici_put(&b, "id", "0badc0de");
	if (refuse && vici->errmsg)
		vici_put(&b, "errmsg", vici->errmsg);
	msg = vici_builder_view(&b);
	if (call->done)
		call->done(call->arg, refuse && !vici->errmsg ? -EPROTO : 0,
			   &msg);
	vici_builder_free(&b);
	call_free(call);
}

void fake_vici_serve(struct nh_vici *vici)
{
	unsigned int before = closed;

	while (closed == before && vici->n)
		fake_vici_answer(vici);
}

void fake_vici_del(struct nh_vici *vici, uint32_t id)
{
	size_t i, n = 0;

	for (i = 0; i < FAKE_VICI_SAS && vici->sa[i].id; i++)
		if (vici->sa[i].id != id) {
			vici->born[n] = vici->born[i];
			vici->sa[n++] = vici->sa[i];
		}
	if (n < FAKE_VICI_SAS)
		vici->sa[n].id = 0;
}

void fake_vici_add(struct nh_vici *vici, const struct fake_ike_sa *sa)
{
	size_t i;

	for (i = 0; i < FAKE_VICI_SAS && vici->sa[i].id &&
	     vici->sa[i].id != sa->id; i++)
		;
	assert_true(i < FAKE_VICI_SAS);
	if (!vici->sa[i].id)
		vici->born[i] = nh_loop_now(vici->loop) - sa->age * 1000;
	vici->sa[i] = *sa;
}

void fake_vici_event(struct nh_vici *vici, const char *event,
		     struct vici_builder *b)
{
	struct vici_view msg = vici_builder_view(b);

	assert_int_equal(vici_builder_err(b), 0);
	vici->ops->event(vici->arg, event, &msg);
	vici_builder_free(b);
}
