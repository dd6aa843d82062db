// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The connection to charon.
 *
 * One request is on its way at a time, for replies have no number: first the
 * registrations for events, then "up", then the calls in their order. A call
 * with a stream is three requests: register, command, unregister. Functions
 * of the owner are called last in each step, when our state is right again,
 * because they may call us. They may even close the connection: it is freed
 * at the end of the loop's callback then.
 */
#include "daemon/vici.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "daemon/vici_stream.h"
#include "lib/log.h"

/* Packets read in a round of the loop: a long stream starves nobody. */
#define READS_MAX	64

/**
 * enum phase - what the first call of the queue waits for
 * @IDLE: to be begun
 * @OPENING: the confirmation that its stream is registered
 * @ASKED: the reply
 * @CLOSING: the confirmation that its stream is unregistered
 */
enum phase {
	IDLE,
	OPENING,
	ASKED,
	CLOSING,
};

/**
 * struct call - a command in the queue
 * @link: in the queue
 * @stream: event by which items come, or NULL
 * @on_item: takes an item
 * @done: takes the reply; NULL once it did
 * @arg: for both
 * @packet: request, on the heap; NULL once it is sent
 * @len: its length
 */
struct call {
	TAILQ_ENTRY(call) link;
	char *stream;
	void (*on_item)(void *arg, const struct vici_view *body);
	void (*done)(void *arg, int err, const struct vici_view *body);
	void *arg;
	uint8_t *packet;
	size_t len;
};

/**
 * struct nh_vici - a connection
 * @loop: loop
 * @addr: charon's socket
 * @events: names to register for
 * @ops: owner
 * @arg: for @ops
 * @stream: socket, closed while there is no connection
 * @watch: of @stream
 * @watched: what @watch waits for
 * @retry: for the next attempt to connect
 * @patience: ends when charon has not answered for too long
 * @tries: attempts since the connection was up
 * @registered: events registered, while not @up
 * @up: all of them are
 * @told: ops->down() was called after the last ops->up()
 * @busy: in a callback of the loop, which settles what is to be sent
 * @closed: to be freed at the end of it
 * @phase: of the first call
 * @calls: queue
 * @n: calls in it
 * @head: request without a message on its way
 */
struct nh_vici {
	struct nh_loop *loop;
	struct sockaddr_un addr;
	const char *const *events;
	const struct nh_vici_ops *ops;
	void *arg;
	struct nh_vici_stream stream;
	struct nh_watch *watch;
	unsigned int watched;
	struct nh_timer retry;
	struct nh_timer patience;
	unsigned int tries;
	size_t registered;
	bool up;
	bool told;
	bool busy;
	bool closed;
	enum phase phase;
	TAILQ_HEAD(, call) calls;
	size_t n;
	uint8_t head[VICI_HEAD_MAX];
};

static const struct vici_view nothing;

static void call_wipe(struct call *call)
{
	if (call->packet)
		explicit_bzero(call->packet, call->len);
	free(call->packet);
	call->packet = NULL;
}

static void call_free(struct nh_vici *vici, struct call *call)
{
	TAILQ_REMOVE(&vici->calls, call, link);
	vici->n--;
	call_wipe(call);
	free(call->stream);
	free(call);
}

static void disconnect(struct nh_vici *vici)
{
	nh_loop_cancel(vici->loop, &vici->patience);
	nh_watch_free(vici->watch);
	vici->watch = NULL;
	vici->watched = 0;
	nh_vici_stream_close(&vici->stream);
	vici->up = false;
	vici->phase = IDLE;
}

static void retry_later(struct nh_vici *vici)
{
	static const unsigned int seconds[] = { 1, 2, 4, 5 };
	const size_t last = sizeof(seconds) / sizeof(seconds[0]) - 1;
	size_t i = vici->tries < last ? vici->tries : last;

	vici->tries++;
	nh_loop_set(vici->loop, &vici->retry, seconds[i] * 1000);
}

/* @why must not be in memory of @vici, which may be gone afterwards. */
static void lost(struct nh_vici *vici, const char *why)
{
	struct call *call, ended;

	disconnect(vici);
	retry_later(vici);
	while ((call = TAILQ_FIRST(&vici->calls))) {
		ended = *call;
		call_free(vici, call);
		if (ended.done)
			ended.done(ended.arg, -ECONNRESET, &nothing);
	}
	if (vici->closed || vici->told)
		return;
	vici->told = true;
	vici->ops->down(vici->arg, why);
}

static void lost_errno(struct nh_vici *vici, const char *what, int err)
{
	char why[128];

	snprintf(why, sizeof(why), "%s: %s", what, strerror(-err));
	lost(vici, why);
}

/* Something has to come from charon now. */
static void expect(struct nh_vici *vici)
{
	nh_loop_set(vici->loop, &vici->patience, vici->ops->patience_ms);
}

/* The names were measured when they came. */
static void send_name(struct nh_vici *vici, enum vici_packet_type type,
		      const char *name)
{
	ssize_t n = vici_packet_head(vici->head, sizeof(vici->head), type,
				     name, 0);

	nh_vici_stream_put(&vici->stream, vici->head, n > 0 ? (size_t)n : 0);
	expect(vici);
}

static void send_command(struct nh_vici *vici, const struct call *call)
{
	vici->phase = ASKED;
	nh_vici_stream_put(&vici->stream, call->packet, call->len);
	expect(vici);
}

static void register_next(struct nh_vici *vici)
{
	const char *name = vici->events[vici->registered];

	if (name) {
		send_name(vici, VICI_EVENT_REGISTER, name);
		return;
	}
	vici->up = true;
	vici->told = false;
	vici->tries = 0;
	vici->ops->up(vici->arg);
}

/* The call is over but for its stream. */
static void finish(struct nh_vici *vici, struct call *call, int err,
		   const struct vici_view *body)
{
	struct call ended = *call;

	call->done = NULL;
	if (vici->phase == ASKED && call->stream) {
		vici->phase = CLOSING;
		send_name(vici, VICI_EVENT_UNREGISTER, call->stream);
	} else {
		vici->phase = IDLE;
		call_free(vici, call);
	}
	if (ended.done)
		ended.done(ended.arg, err, body);
}

/* The three below: whether the packet was to be expected. */
static bool on_confirm(struct nh_vici *vici, bool known)
{
	struct call *call = TAILQ_FIRST(&vici->calls);

	if (!vici->up) {
		if (!known)
			nh_warn(NULL, NULL, "charon has no such event name=%s",
				vici->events[vici->registered]);
		vici->registered++;
		register_next(vici);
		return true;
	}
	switch (vici->phase) {
	case OPENING:
		if (known)
			send_command(vici, call);
		else
			finish(vici, call, -EPROTO, &nothing);
		return true;
	case CLOSING:
		vici->phase = IDLE;
		call_free(vici, call);
		return true;
	case IDLE:
	case ASKED:
		break;
	}
	return false;
}

static void on_event(struct nh_vici *vici, const struct vici_packet *p)
{
	struct call *call = TAILQ_FIRST(&vici->calls);

	if (!vici->up)
		return;
	if (vici->phase == IDLE || !call->stream ||
	    strcmp(call->stream, p->name)) {
		vici->ops->event(vici->arg, p->name, &p->body);
	} else if (vici->phase == ASKED) {
		expect(vici);
		call->on_item(call->arg, &p->body);
	}
}

static bool handle(struct nh_vici *vici, const struct vici_packet *p)
{
	if (p->type == VICI_EVENT) {
		on_event(vici, p);
		return true;
	}
	/* An answer to what is not yet asked. */
	if (nh_vici_stream_is_sending(&vici->stream))
		return false;
	switch (p->type) {
	case VICI_EVENT_CONFIRM:
	case VICI_EVENT_UNKNOWN:
		return on_confirm(vici, p->type == VICI_EVENT_CONFIRM);
	case VICI_CMD_RESPONSE:
	case VICI_CMD_UNKNOWN:
		if (vici->phase != ASKED)
			return false;
		finish(vici, TAILQ_FIRST(&vici->calls),
		       p->type == VICI_CMD_UNKNOWN ? -EPROTO : 0, &p->body);
		return true;
	default:
		return false;
	}
}

static void refuse(struct nh_vici *vici, const char *why)
{
	nh_warn(NULL, NULL, "%s", why);
	lost(vici, why);
}

/* Returns whether to go on. */
static bool receive(struct nh_vici *vici)
{
	struct vici_packet p;
	uint8_t *data;
	size_t len;
	int ret;

	ret = nh_vici_stream_recv(&vici->stream, &data, &len);
	if (ret == 0)
		return false;
	if (ret == -EPIPE) {
		lost(vici, "charon closed the connection");
	} else if (ret == -EMSGSIZE) {
		refuse(vici, "charon sent a packet of impossible length");
	} else if (ret < 0) {
		lost_errno(vici, "cannot receive", ret);
	} else {
		/* Ours alone: whoever is called may close the connection. */
		if (!vici_packet_decode(&p, data, len) ||
		    !vici_valid(&p.body))
			refuse(vici, "charon sent a malformed packet");
		else if (!handle(vici, &p))
			refuse(vici, "charon sent an unexpected packet");
		free(data);
	}
	return nh_vici_stream_is_open(&vici->stream);
}

static void transmit(struct nh_vici *vici)
{
	int ret = nh_vici_stream_send(&vici->stream);

	if (ret < 0)
		lost_errno(vici, "cannot send", ret);
	else if (ret > 0 && vici->phase == ASKED)
		call_wipe(TAILQ_FIRST(&vici->calls));
}

static void begin_call(struct nh_vici *vici)
{
	struct call *call = TAILQ_FIRST(&vici->calls);

	if (vici->phase != IDLE || !call)
		return;
	if (call->stream) {
		vici->phase = OPENING;
		send_name(vici, VICI_EVENT_REGISTER, call->stream);
	} else {
		send_command(vici, call);
	}
}

static void on_ready(void *arg, unsigned int events);

/* The old watch goes only when the new one is there. */
static bool watch_for(struct nh_vici *vici, unsigned int events)
{
	struct nh_watch *watch;

	if (vici->watched == events)
		return true;
	watch = nh_loop_watch(vici->loop, vici->stream.fd, events, on_ready,
			      vici);
	if (!watch)
		return false;
	nh_watch_free(vici->watch);
	vici->watch = watch;
	vici->watched = events;
	return true;
}

/* The end of each callback of the loop; @vici may be gone afterwards. */
static void settle(struct nh_vici *vici)
{
	unsigned int events = NH_LOOP_READ;

	if (nh_vici_stream_is_open(&vici->stream)) {
		begin_call(vici);
		transmit(vici);
	}
	if (nh_vici_stream_is_sending(&vici->stream))
		events |= NH_LOOP_WRITE;
	if (nh_vici_stream_is_open(&vici->stream) && !watch_for(vici, events))
		lost(vici, "out of memory");
	if (vici->up && vici->phase == IDLE)
		nh_loop_cancel(vici->loop, &vici->patience);
	vici->busy = false;
	if (vici->closed)
		free(vici);
}

static void on_ready(void *arg, unsigned int events)
{
	struct nh_vici *vici = arg;
	unsigned int n = 0;

	vici->busy = true;
	if (events & NH_LOOP_READ)
		while (n++ < READS_MAX && receive(vici))
			;
	settle(vici);
}

static void on_retry(void *arg)
{
	struct nh_vici *vici = arg;
	int err;

	vici->busy = true;
	vici->registered = 0;
	err = nh_vici_stream_open(&vici->stream, &vici->addr);
	if (err)
		lost_errno(vici, "cannot connect", err);
	else
		register_next(vici);
	settle(vici);
}

static void on_impatient(void *arg)
{
	struct nh_vici *vici = arg;

	vici->busy = true;
	lost(vici, "charon does not answer");
	settle(vici);
}

static bool names_fit(const char *const *names)
{
	for (; *names; names++) {
		if (strlen(*names) > VICI_NAME_MAX)
			return false;
	}
	return true;
}

struct nh_vici *nh_vici_open(struct nh_loop *loop, const char *path,
			     const char *const *events,
			     const struct nh_vici_ops *ops, void *arg)
{
	struct nh_vici *vici;

	if (strlen(path) >= sizeof(vici->addr.sun_path) || !names_fit(events))
		return NULL;
	vici = calloc(1, sizeof(*vici));
	if (!vici)
		return NULL;
	vici->loop = loop;
	vici->addr.sun_family = AF_UNIX;
	memcpy(vici->addr.sun_path, path, strlen(path));
	vici->events = events;
	vici->ops = ops;
	vici->arg = arg;
	nh_vici_stream_init(&vici->stream);
	TAILQ_INIT(&vici->calls);
	nh_timer_init(&vici->retry, on_retry, vici);
	nh_timer_init(&vici->patience, on_impatient, vici);
	/* From the loop, so that nobody is called before we return. */
	nh_loop_set(loop, &vici->retry, 0);
	return vici;
}

void nh_vici_close(struct nh_vici *vici)
{
	if (!vici || vici->closed)
		return;
	disconnect(vici);
	nh_loop_cancel(vici->loop, &vici->retry);
	while (!TAILQ_EMPTY(&vici->calls))
		call_free(vici, TAILQ_FIRST(&vici->calls));
	vici->closed = true;
	if (!vici->busy)
		free(vici);
}

const char *nh_vici_path(const struct nh_vici *vici)
{
	return vici->addr.sun_path;
}

bool nh_vici_is_up(const struct nh_vici *vici)
{
	return vici && vici->up;
}

static int make_packet(struct call *call, const char *command,
		       const struct vici_builder *body)
{
	struct vici_view msg = vici_builder_view(body);
	uint8_t head[VICI_HEAD_MAX];
	int err = vici_builder_err(body);
	ssize_t n;

	if (err)
		return err;
	n = vici_packet_head(head, sizeof(head), VICI_CMD_REQUEST, command,
			     msg.len);
	if (n < 0)
		return (int)n;
	call->len = (size_t)n + msg.len;
	call->packet = malloc(call->len);
	if (!call->packet)
		return -ENOMEM;
	memcpy(call->packet, head, (size_t)n);
	if (msg.len)
		memcpy(call->packet + n, msg.data, msg.len);
	return 0;
}

/* An idle connection is woken by being ready to write. */
static bool wake(struct nh_vici *vici)
{
	return vici->busy || vici->phase != IDLE ||
	       watch_for(vici, NH_LOOP_READ | NH_LOOP_WRITE);
}

static int queue(struct nh_vici *vici, const char *command,
		 const struct vici_builder *body, const char *stream,
		 const struct call *wanted)
{
	struct call *call;
	int err;

	if (!vici->up)
		return -ENOTCONN;
	if (vici->n >= NH_VICI_CALLS_MAX)
		return -ENOBUFS;
	if (stream && (strlen(stream) > VICI_NAME_MAX || !wanted->on_item))
		return -EINVAL;
	call = calloc(1, sizeof(*call));
	if (!call)
		return -ENOMEM;
	*call = *wanted;
	TAILQ_INSERT_TAIL(&vici->calls, call, link);
	vici->n++;
	err = make_packet(call, command, body);
	if (!err && stream) {
		call->stream = strdup(stream);
		err = call->stream ? 0 : -ENOMEM;
	}
	if (!err && !wake(vici))
		err = -ENOMEM;
	if (err)
		call_free(vici, call);
	return err;
}

int nh_vici_call(struct nh_vici *vici, const char *command,
		 struct vici_builder *body, const char *stream,
		 void (*on_item)(void *arg, const struct vici_view *body),
		 void (*done)(void *arg, int err,
			      const struct vici_view *body), void *arg)
{
	const struct call wanted = {
		.on_item = on_item,
		.done = done,
		.arg = arg,
	};
	struct vici_builder empty = { 0 };
	int err;

	err = queue(vici, command, body ? body : &empty, stream, &wanted);
	if (body)
		vici_builder_free(body);
	return err;
}

bool nh_vici_ok(const struct vici_view *body, char *why, size_t size)
{
	struct nh_view value;

	if (vici_find(body, "success", &value) && vici_is(value, "yes")) {
		why[0] = '\0';
		return true;
	}
	if (vici_find(body, "errmsg", &value) && value.len)
		vici_text(value, why, size);
	else
		snprintf(why, size, "no reason given");
	return false;
}
