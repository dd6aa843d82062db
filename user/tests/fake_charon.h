/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A charon for tests: the other end of VICI, on the loop of the test. */
#ifndef FAKE_CHARON_H
#define FAKE_CHARON_H

#include "daemon/loop.h"
#include "vici/msg.h"

/**
 * struct fake_charon - listens, and talks to one client at a time
 * @loop: real loop
 * @request: called for each command, must answer it if anybody shall; NULL
 *	answers each with an empty message
 * @heard: called after anything was added to @log; or NULL
 * @arg: for both
 * @unknown: event that it does not know, or NULL
 * @split: send single octets, each in a round of the loop of its own
 * @deaf: close each connection at once
 * @log: all that came, as "connect", "register NAME", "unregister NAME",
 *	"request NAME" and "close", each followed by ";"
 * @listener: socket
 * @listening: its watch
 * @fd: connection, or -1
 * @watch: its watch
 * @hangup: to be closed when @out is sent
 * @in: octets received
 * @in_len: their number
 * @out: octets to send, on the heap
 * @out_len: their number
 */
struct fake_charon {
	struct nh_loop *loop;
	void (*request)(void *arg, const struct vici_packet *p);
	void (*heard)(void *arg);
	void *arg;
	const char *unknown;
	bool split;
	bool deaf;
	char log[32768];
	int listener;
	struct nh_watch *listening;
	int fd;
	struct nh_watch *watch;
	bool hangup;
	uint8_t *in;
	size_t in_len;
	uint8_t *out;
	size_t out_len;
};

/** fake_charon_new() - listen at @path, which must not exist */
struct fake_charon *fake_charon_new(struct nh_loop *loop, const char *path);

/** fake_charon_free() - disconnect; @path stays */
void fake_charon_free(struct fake_charon *f);

/** fake_charon_send() - a packet; @b is consumed, NULL is no message */
void fake_charon_send(struct fake_charon *f, enum vici_packet_type type,
		      const char *name, struct vici_builder *b);

/** fake_charon_send_raw() - octets, whatever they are */
void fake_charon_send_raw(struct fake_charon *f, const void *data,
			  size_t len);

/** fake_charon_hangup() - disconnect when all is sent */
void fake_charon_hangup(struct fake_charon *f);

#endif /* FAKE_CHARON_H */
