/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection to charon that is none: in place of daemon/vici.c it writes
 * down what is called, and answers when the test says so.
 */
#ifndef FAKE_VICI_H
#define FAKE_VICI_H

#include "daemon/vici.h"

/* IKE SAs that the charon behind a connection has at most. */
#define FAKE_VICI_SAS		16
#define FAKE_VICI_CHILDREN	12

/**
 * struct fake_child - a pair of ESP SAs as charon tells it
 * @id: its number
 * @in: SPI
 * @out: SPI
 * @if_id: xfrm interface id; 0 is left out
 * @state: NULL for INSTALLED
 */
struct fake_child {
	uint32_t id;
	uint32_t in;
	uint32_t out;
	uint32_t if_id;
	const char *state;
};

/**
 * struct fake_ike_sa - an IKE SA as charon tells it
 * @name: of its connection; NULL, no item of this SA is well formed
 * @id: its number; 0 ends the list
 * @remote: address of the peer
 * @port: of the peer, 0 for 500
 * @identity: of the peer; NULL, it has none yet
 * @spi: of who began, in hexadecimal; NULL for a made-up one
 * @initiator: we began
 * @nat: the peer is behind a NAT
 * @nat_local: we are behind a NAT
 * @age: seconds since it was established, when it is added first
 * @no_age: it is not yet
 * @selectors: of the peer, in each pair, with commas; NULL, its address
 * @state: NULL for ESTABLISHED
 * @child: up to the first whose @id is 0
 */
struct fake_ike_sa {
	const char *name;
	uint32_t id;
	const char *remote;
	uint16_t port;
	const char *identity;
	const char *spi;
	bool initiator;
	bool nat;
	bool nat_local;
	unsigned int age;
	bool no_age;
	const char *selectors;
	const char *state;
	struct fake_child child[FAKE_VICI_CHILDREN];
};

struct fake_call;

/**
 * struct nh_vici - a connection, the stub's own kind
 * @loop: loop
 * @path: of the socket
 * @events: that were registered for
 * @ops: owner
 * @arg: for @ops
 * @up: it is there
 * @call: waiting for answers, in order
 * @n: how many they are
 * @room: most that may wait
 * @sa: the IKE SAs that "list-sas" tells
 * @born: when each of them was established, milliseconds of the loop
 * @refuse: what begins so in the transcript is refused, if not NULL
 * @errmsg: the reason that is given for it; NULL, it is not known (-EPROTO)
 * @conns: it has these, too, with commas between them; or NULL
 * @no_conns: it has forgotten the connections that it was told
 * @no_creds: and the secret, or the private key
 * @prompt: answer by itself, when the loop runs
 * @timer: for that
 */
struct nh_vici {
	struct nh_loop *loop;
	char path[128];
	const char *const *events;
	const struct nh_vici_ops *ops;
	void *arg;
	bool up;
	struct fake_call *call[NH_VICI_CALLS_MAX];
	size_t n;
	size_t room;
	struct fake_ike_sa sa[FAKE_VICI_SAS];
	uint64_t born[FAKE_VICI_SAS];
	const char *refuse;
	const char *errmsg;
	const char *conns;
	bool no_conns;
	bool no_creds;
	bool prompt;
	struct nh_timer timer;
};

/**
 * fake_vici_said() - all calls since the last fake_vici_forget()
 *
 * One a line: "COMMAND KEY=VALUE LIST=[A,B] SECTION{KEY=VALUE }", each value
 * as it is; "open PATH" and "close PATH" are in it too.
 */
const char *fake_vici_said(void);

/** fake_vici_count() - how many of those lines begin with @text */
unsigned int fake_vici_count(const char *text);

/** fake_vici_line() - the first of them that begins with @text, or NULL */
const char *fake_vici_line(const char *text);

void fake_vici_forget(void);

/** fake_vici_last() - the connection opened last, NULL when it is closed */
struct nh_vici *fake_vici_last(void);

/** fake_vici_up() - charon is there, and nothing is answered yet */
void fake_vici_up(struct nh_vici *vici);

/** fake_vici_down() - it is gone; calls that wait end so */
void fake_vici_down(struct nh_vici *vici);

/** fake_vici_serve() - answer what waits, and what is called meanwhile */
void fake_vici_serve(struct nh_vici *vici);

/** fake_vici_answer() - answer the first one only */
void fake_vici_answer(struct nh_vici *vici);

/** fake_vici_add() - an IKE SA more, or in place of the one of its number */
void fake_vici_add(struct nh_vici *vici, const struct fake_ike_sa *sa);

/** fake_vici_del() - one less; no event tells it */
void fake_vici_del(struct nh_vici *vici, uint32_t id);

/** fake_vici_event() - raise one; @b is consumed */
void fake_vici_event(struct nh_vici *vici, const char *event,
		     struct vici_builder *b);

/** fake_vici_put_sa() - what "list-sa" says of @sa */
void fake_vici_put_sa(struct vici_builder *b, const struct fake_ike_sa *sa);

#endif /* FAKE_VICI_H */
