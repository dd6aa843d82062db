/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The connection to charon by VICI: kept up, commands in a queue, events. */
#ifndef NH_VICI_H
#define NH_VICI_H

#include "daemon/loop.h"
#include "vici/msg.h"

struct nh_vici;

/* Most calls that wait for their answers. */
#define NH_VICI_CALLS_MAX	1024
/* A usual patience, milliseconds: charon may be fetching a revocation list. */
#define NH_VICI_PATIENCE_MS	60000

/**
 * struct nh_vici_ops - what the owner of a connection is told
 * @up: connected, and registered for the events; calls are taken from now on
 * @down: the connection is lost, or the first attempt failed; @why in a few
 *	words. Called once until @up is called again.
 * @event: one of the events registered for came. None comes before @up.
 * @patience_ms: how long charon may take for an answer, and for each item
 *	before it; then the connection is lost. A charon that waits for itself
 *	keeps its socket open.
 *
 * All are called from the loop only, never from inside of the functions
 * below, and may call each of these; nh_vici_close() too. Messages are well
 * formed and gone when the function returns.
 */
struct nh_vici_ops {
	void (*up)(void *arg);
	void (*down)(void *arg, const char *why);
	void (*event)(void *arg, const char *name,
		      const struct vici_view *body);
	unsigned int patience_ms;
};

/**
 * nh_vici_open() - connect, now and whenever the connection is lost
 * @path: charon's socket
 * @events: names of events to register for, ended by NULL; must outlive the
 *	connection. What charon does not know is logged and left out.
 * @ops: must outlive the connection
 * @arg: for @ops
 *
 * Attempts are 1, 2, 4 and then 5 seconds apart, without end.
 *
 * Return: NULL without memory, or when a name or the path is too long.
 */
struct nh_vici *nh_vici_open(struct nh_loop *loop, const char *path,
			     const char *const *events,
			     const struct nh_vici_ops *ops, void *arg);

/** nh_vici_close() - calls under way end without a word; NULL is fine */
void nh_vici_close(struct nh_vici *vici);

/** nh_vici_is_up() - whether calls are taken; NULL is not up */
bool nh_vici_is_up(const struct nh_vici *vici);

/** nh_vici_path() - the socket that was given to nh_vici_open() */
const char *nh_vici_path(const struct nh_vici *vici);

/**
 * nh_vici_call() - have charon carry out a command
 * @command: its name
 * @body: its message, consumed even on failure; NULL for an empty one
 * @stream: event by which charon sends items before the reply, or NULL; must
 *	not be one of those registered for all the time. It is registered
 *	before the command and unregistered afterwards.
 * @on_item: takes each of them; NULL only when @stream is
 * @done: takes the reply with @err 0, or says why there is none: -EPROTO when
 *	charon does not know the command or @stream, -ECONNRESET when the
 *	connection is lost, which ops->down() tells afterwards. @body is empty
 *	then. May be NULL.
 * @arg: for @on_item and @done
 *
 * Calls are carried out one after the other. What may take longer than
 * nh_vici_ops.patience_ms needs a timeout among its arguments.
 *
 * Return: 0, and @done will be called, unless nh_vici_close() is; -ENOTCONN
 * while not up; -ENOBUFS when NH_VICI_CALLS_MAX calls wait; -EINVAL or
 * -EMSGSIZE when @body or the names cannot be sent; -ENOMEM.
 */
int nh_vici_call(struct nh_vici *vici, const char *command,
		 struct vici_builder *body, const char *stream,
		 void (*on_item)(void *arg, const struct vici_view *body),
		 void (*done)(void *arg, int err,
			      const struct vici_view *body), void *arg);

/**
 * nh_vici_ok() - whether a reply says that the command was a success
 * @body: reply of a command that answers with "success" and "errmsg"
 * @why: receives charon's words when it was none, cut to @size; they may
 *	have any octets but NUL
 * @size: size of @why, at least 1
 */
bool nh_vici_ok(const struct vici_view *body, char *why, size_t size);

#endif /* NH_VICI_H */
