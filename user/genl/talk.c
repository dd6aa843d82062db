// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests: send one, wait for its answer, keep the kernel's words. */
#include <errno.h>
#include <linux/dmvpn.h>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "genl/nl_priv.h"

/* The kernel answers before send() returns: only a broken one takes time. */
#define ANSWER_WAIT_MS	2000

/* Dumps of a table that changes all the time end without a consistent one. */
#define DUMP_TRIES	5

/* Datagrams at a time, of those that nobody asked for */
#define HEAR_MAX	256

/**
 * struct talk - a request under way
 * @seq: its sequence number
 * @reply: takes the messages of the answer
 * @arg: for @reply
 * @result: of the request, once @done
 * @interrupted: the dump met a change of the table
 * @done: the answer is complete
 */
struct talk {
	uint32_t seq;
	dmvpn_nl_reply reply;
	void *arg;
	int result;
	bool interrupted;
	bool done;
};

struct nl_msg *dmvpn_nl_msg(struct dmvpn_nl *nl, uint8_t cmd, int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg)
		return NULL;
	if (!genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0, flags,
			 cmd, DMVPN_FAMILY_VERSION)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

int dmvpn_nl_put_ifindex(struct nl_msg *msg, int type, uint32_t ifindex)
{
	if (!msg)
		return -ENOMEM;
	return nla_put_u32(msg, type, ifindex) ? -EINVAL : 0;
}

int dmvpn_nl_tb(const struct nlmsghdr *nlh, struct nlattr **tb, int max)
{
	/* libnl takes pointers to what it only reads. */
	struct nlmsghdr *hdr = (struct nlmsghdr *)nlh;
	struct genlmsghdr *genl;

	if (!genlmsg_valid_hdr(hdr, 0))
		return -EPROTO;
	genl = nlmsg_data(hdr);
	if (nla_parse(tb, max, genlmsg_attrdata(genl, 0),
		      genlmsg_attrlen(genl, 0), NULL))
		return -EPROTO;
	return 0;
}

int dmvpn_nl_receive(struct dmvpn_nl *nl, unsigned char **buf, int wait_ms)
{
	struct pollfd pfd = {
		.fd = nl_socket_get_fd(nl->sk),
		.events = POLLIN,
	};
	struct sockaddr_nl from;
	int n;

	for (;;) {
		*buf = NULL;
		n = nl_recv(nl->sk, &from, buf, NULL);
		/* Any process may send to our port: only the kernel is heard. */
		if (n > 0 && !from.nl_pid)
			return n;
		free(*buf);
		*buf = NULL;
		if (n > 0)
			continue;
		/* The kernel mostly has answered before it is asked. */
		if (n == -NLE_AGAIN && !wait_ms)
			return -EAGAIN;
		if (n == -NLE_AGAIN && !poll(&pfd, 1, wait_ms))
			return -ETIMEDOUT;
		if (n == -NLE_AGAIN)
			continue;
		/* libnl's name for ENOBUFS. */
		if (n == -NLE_NOMEM)
			return -ENOBUFS;
		return -EIO;
	}
}

int dmvpn_nl_hear(struct dmvpn_nl *nl, dmvpn_nl_heard_fn fn, void *arg)
{
	struct nlmsghdr *nlh;
	unsigned char *buf;
	unsigned int i;
	int len;

	for (i = 0; i < HEAR_MAX; i++) {
		len = dmvpn_nl_receive(nl, &buf, 0);
		if (len == -EAGAIN)
			return 0;
		if (len == -ENOBUFS) {
			fn(NULL, arg);
			continue;
		}
		if (len < 0)
			return len;
		for (nlh = (struct nlmsghdr *)buf; nlmsg_ok(nlh, len);
		     nlh = nlmsg_next(nlh, &len))
			fn(nlh, arg);
		free(buf);
	}
	return 0;
}

/* The text is behind the error, and behind the request if that was copied. */
static const char *extack_text(const struct nlmsghdr *nlh, size_t offset)
{
	size_t len = nlh->nlmsg_len - NLMSG_HDRLEN;
	struct nlattr *tb[NLMSGERR_ATTR_MSG + 1];
	const struct nlattr *text;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || offset >= len)
		return NULL;
	if (nla_parse(tb, NLMSGERR_ATTR_MSG,
		      (struct nlattr *)((char *)nlmsg_data(nlh) + offset),
		      len - offset, NULL))
		return NULL;
	text = tb[NLMSGERR_ATTR_MSG];
	if (!text || !memchr(nla_data(text), '\0', nla_len(text)))
		return NULL;
	return nla_data(text);
}

static int keep_error(struct dmvpn_nl *nl, int err, const char *text)
{
	if (!err)
		return 0;
	if (err > 0 || err < -4095)
		err = -EPROTO;
	return dmvpn_nl_fail(nl, err, "%s", text ? text : strerror(-err));
}

static int on_error(struct dmvpn_nl *nl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *e = nlmsg_data(nlh);
	size_t offset = sizeof(*e);

	if (nlh->nlmsg_len < NLMSG_HDRLEN + sizeof(*e))
		return dmvpn_nl_fail(nl, -EPROTO, "truncated netlink answer");
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED) &&
	    e->msg.nlmsg_len > NLMSG_HDRLEN)
		offset += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	return keep_error(nl, e->error, extack_text(nlh, offset));
}

/* A dump that fails half-way says so in its last message. */
static int on_done(struct dmvpn_nl *nl, const struct nlmsghdr *nlh)
{
	int err = 0;

	if (nlh->nlmsg_len < NLMSG_HDRLEN + sizeof(err))
		return 0;
	memcpy(&err, nlmsg_data(nlh), sizeof(err));
	return keep_error(nl, err < 0 ? err : 0,
			  extack_text(nlh, sizeof(err)));
}

static void take(struct dmvpn_nl *nl, struct talk *t,
		 const struct nlmsghdr *nlh)
{
	int err = 0;

	if (dmvpn_nl_is_event(nl, nlh)) {
		dmvpn_nl_set_aside(nl, nlh);
		return;
	}
	if (nlh->nlmsg_seq != t->seq || t->done)
		return;
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		t->interrupted = true;

	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
	case NLMSG_OVERRUN:
		return;
	case NLMSG_ERROR:
		t->result = t->result ?: on_error(nl, nlh);
		t->done = true;
		return;
	case NLMSG_DONE:
		t->result = t->result ?: on_done(nl, nlh);
		t->done = true;
		return;
	}

	/* The rest of the answer is read all the same, or it would be taken
	 * for that of the next request.
	 */
	if (t->reply && !t->result)
		err = t->reply(nlh, t->arg);
	if (err)
		t->result = dmvpn_nl_fail(nl, err,
					  "senseless netlink answer: %s",
					  strerror(-err));
	if (!(nlh->nlmsg_flags & NLM_F_MULTI))
		t->done = true;
}

static int take_datagram(struct dmvpn_nl *nl, struct talk *t, int wait_ms)
{
	struct nlmsghdr *nlh;
	unsigned char *buf;
	int len, left;

	len = dmvpn_nl_receive(nl, &buf, wait_ms);
	if (len < 0)
		return len;
	left = len;
	for (nlh = (struct nlmsghdr *)buf; nlmsg_ok(nlh, left);
	     nlh = nlmsg_next(nlh, &left))
		take(nl, t, nlh);
	if (nl->secret)
		explicit_bzero(buf, len);
	free(buf);
	return 0;
}

/*
 * Where events come, the answer may find the receive buffer full and be lost
 * like one of them. It is there when send() returns, or it will never be.
 */
static int wait_answer(struct dmvpn_nl *nl, struct talk *t)
{
	int wait_ms = ANSWER_WAIT_MS;
	int err;

	while (!t->done) {
		err = take_datagram(nl, t, wait_ms);
		if (err == -ENOBUFS) {
			dmvpn_nl_set_overrun(nl);
			wait_ms = 0;
		} else if (err == -EAGAIN) {
			return dmvpn_nl_fail(nl, -ENOBUFS,
					     "the answer was lost among too many events");
		} else if (err) {
			return dmvpn_nl_fail(nl, err, "no netlink answer: %s",
					     strerror(-err));
		}
	}
	return t->result;
}

/* All that is there: the events are set aside. */
static void take_all(struct dmvpn_nl *nl, struct talk *t)
{
	int err;

	do {
		err = take_datagram(nl, t, 0);
		if (err == -ENOBUFS)
			dmvpn_nl_set_overrun(nl);
	} while (!err || err == -ENOBUFS);
}

/* Room for the answer. */
static void make_room(struct dmvpn_nl *nl)
{
	struct talk none = { .done = true };

	if (nl->event_fd >= 0)
		take_all(nl, &none);
}

static int send_request(struct dmvpn_nl *nl, struct nl_msg *msg, int flags,
			struct talk *t)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	int n;

	/* Also for a second try: libnl numbers only what has no number. */
	nlh->nlmsg_seq = NL_AUTO_SEQ;
	nl_complete_msg(nl->sk, msg);
	/* libnl always wants an acknowledgement. */
	nlh->nlmsg_flags &= (uint16_t)~NLM_F_ACK;
	nlh->nlmsg_flags |= NLM_F_REQUEST | flags;
	t->seq = nlh->nlmsg_seq;
	n = nl_send(nl->sk, msg);
	if (n < 0)
		return dmvpn_nl_fail(nl, -EIO, "cannot send to the kernel: %s",
				     nl_geterror(n));
	return 0;
}

static int talk(struct dmvpn_nl *nl, struct nl_msg *msg, struct talk *t)
{
	int err;

	make_room(nl);
	/* An answer is acknowledgement enough, and one datagram less. */
	err = send_request(nl, msg, t->reply ? 0 : NLM_F_ACK, t);
	return err ? err : wait_answer(nl, t);
}

static int begin(struct dmvpn_nl *nl, struct nl_msg *msg, int err)
{
	if (!msg)
		return dmvpn_nl_fail(nl, -ENOMEM, "out of memory");
	if (err)
		return dmvpn_nl_fail(nl, err, "cannot make the request: %s",
				     strerror(-err));
	if (!nl->sk)
		return dmvpn_nl_fail(nl, -ENOTCONN, "not connected");
	return 0;
}

int dmvpn_nl_talk(struct dmvpn_nl *nl, struct nl_msg *msg, int err,
		  dmvpn_nl_reply reply, void *arg)
{
	struct talk t = { .reply = reply, .arg = arg };

	err = begin(nl, msg, err);
	if (!err)
		err = talk(nl, msg, &t);
	nlmsg_free(msg);
	return err;
}

/* The kernel is through with a request when send() returns: what has no error
 * to read by then was carried out.
 */
int dmvpn_nl_tell(struct dmvpn_nl *nl, struct nl_msg *msg, int err)
{
	struct talk t = { 0 };

	err = begin(nl, msg, err);
	if (!err)
		err = send_request(nl, msg, 0, &t);
	if (!err) {
		take_all(nl, &t);
		err = t.result;
	}
	nlmsg_free(msg);
	return err;
}

/**
 * struct collect - an array that grows
 * @how: what is collected
 * @objects: the array
 * @n: objects in it
 * @room: objects it has room for
 */
struct collect {
	const struct dmvpn_nl_list *how;
	char *objects;
	size_t n;
	size_t room;
};

static int collect_one(const struct nlmsghdr *nlh, void *arg)
{
	struct collect *c = arg;
	void *object;
	int err;

	if (c->n == c->room) {
		size_t room = c->room ? 2 * c->room : 16;
		char *grown = reallocarray(c->objects, room, c->how->size);

		if (!grown)
			return -ENOMEM;
		c->objects = grown;
		c->room = room;
	}
	object = c->objects + c->n * c->how->size;
	memset(object, 0, c->how->size);
	err = c->how->parse(nlh, object, c->how->ifindex);
	if (err < 0)
		return err;
	c->n += !err;
	return 0;
}

int dmvpn_nl_dump(struct dmvpn_nl *nl, struct nl_msg *msg, int err,
		  const struct dmvpn_nl_list *how, void **list, size_t *n)
{
	struct collect c = { .how = how };
	struct talk t = { 0 };
	int try;

	err = begin(nl, msg, err);
	for (try = 0; !err && try < DUMP_TRIES; try++) {
		t = (struct talk){ .reply = collect_one, .arg = &c };
		c.n = 0;
		err = talk(nl, msg, &t);
		if (!err && !t.interrupted)
			break;
	}
	nlmsg_free(msg);
	if (err || !c.n) {
		free(c.objects);
		c.objects = NULL;
		c.n = 0;
	}
	if (err)
		return err;
	*list = c.objects;
	*n = c.n;
	return t.interrupted ? DMVPN_NL_CHANGED : 0;
}
