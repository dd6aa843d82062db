/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection to charon with a fake of it, and what its owner is told. */
#ifndef VICI_RIG_H
#define VICI_RIG_H

#include "daemon/vici.h"
#include "tests/fake_charon.h"

/* Octets, and more, that the command "big" takes and returns. */
#define RIG_BIG		(6 * 60000)

/**
 * struct rig - the two ends on one real loop
 * @loop: loop
 * @charon: the fake, whose commands do this: "hang" nothing; "unknown" is not
 *	known; "half" sends half a reply and disconnects; "big" wants a big
 *	message and sends one; "list-sas" and "many" send events first. All
 *	reply with their name as "text".
 * @vici: the connection, or NULL
 * @path: of the socket
 * @told: what the owner was told, each with ";" behind it: "up", "down WHY",
 *	"event TEXT", "item TEXT", and for the end of a call "NAME ok TEXT",
 *	"NAME unknown" (-EPROTO) or "NAME reset" (-ECONNRESET)
 * @close_at: close the connection from inside of what begins so; or NULL
 * @logged: lines of the log, each with ";" behind it
 */
struct rig {
	struct nh_loop *loop;
	struct fake_charon *charon;
	struct nh_vici *vici;
	char path[96];
	char told[32768];
	const char *close_at;
	char logged[1024];
};

extern struct rig rig;
extern const struct nh_vici_ops rig_ops;
extern const char *const rig_events[];

int rig_setup(void **state);
int rig_teardown(void **state);

/** rig_listen() - start the fake; rig_setup() did */
void rig_listen(void);

void rig_open(void);

/** rig_up() - open, wait until it is up, with empty transcripts then */
void rig_up(void);

/** rig_await() - let the loop run until @text is in @transcript */
void rig_await(const char *transcript, const char *text);

/** rig_forget() - make the transcripts empty */
void rig_forget(void);

void rig_tell(const char *what, const char *more);

struct vici_builder rig_text(const char *value);

/** rig_send() - send from the fake, with @value as "text" */
void rig_send(enum vici_packet_type type, const char *name,
	      const char *value);

/** rig_try() - nh_vici_call(), whose end is told by @command */
int rig_try(const char *command, struct vici_builder *body,
	    const char *stream);

/** rig_call() - the same without message and stream; must be taken */
void rig_call(const char *command);

/** rig_call_stream() - without a message; its end is told as "stream" */
void rig_call_stream(const char *command, const char *stream);

#endif /* VICI_RIG_H */
