/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests in flight: ids, retransmission, giving up. */
#ifndef NH_REQID_H
#define NH_REQID_H

#include <sys/queue.h>

#include "daemon/kernel.h"
#include "daemon/loop.h"

struct nh_request;
struct nh_iface;

/**
 * struct nh_request_ops - what a kind of request does
 * @type: enum nhrp_type of the request
 * @tries: how often it is sent
 * @send: called for each try, with the same id; what fails is tried again.
 *	Must not end the request
 * @give_up: called after the last try stayed without answer, or NULL; the
 *	request is out of the table then
 * @free: frees the object that the request is in
 */
struct nh_request_ops {
	uint8_t type;
	unsigned int tries;
	void (*send)(struct nh_request *req);
	void (*give_up)(struct nh_request *req);
	void (*free)(struct nh_request *req);
};

/**
 * struct nh_request - a request in flight, first member of its object
 * @link: in the table
 * @table: that it is in
 * @iface: the device
 * @ops: its kind
 * @id: request id
 * @target: what it is about
 * @server: where it was sent last; empty, nowhere yet
 * @sent: tries so far
 * @started: time of the first
 * @timer: of the next
 */
struct nh_request {
	LIST_ENTRY(nh_request) link;
	struct nh_requests *table;
	struct nh_iface *iface;
	const struct nh_request_ops *ops;
	uint32_t id;
	struct nh_addr target;
	struct nh_endpoint server;
	unsigned int sent;
	uint64_t started;
	struct nh_timer timer;
};

/* Most requests in flight, of a device and to one server. */
#define NH_REQUESTS_MAX		1024
#define NH_REQUESTS_PER_SERVER	256

/**
 * struct nh_requests - the requests of a device
 */
struct nh_requests {
	struct nh_loop *loop;
	LIST_HEAD(, nh_request) list;
	size_t n;
};

void nh_requests_init(struct nh_requests *table, struct nh_loop *loop);

/** nh_requests_free() - end all of them */
void nh_requests_free(struct nh_requests *table);

/**
 * nh_requests_id() - an id that no request has
 *
 * Ids are random, so that those of a daemon that was started anew do not fit
 * (RFC 2332 5.2.3 wants them kept for that), nor guesses of others.
 */
uint32_t nh_requests_id(struct nh_requests *table);

/**
 * nh_request_start() - take a request into the table and send it
 * @req: @ops, @iface, @target and @server are set; the table owns it from now
 *	on, also when the start fails
 *
 * Retries follow after 1, 2, 4, 8, 16 s, each changed by up to 20 %.
 *
 * Return: 0, or -EBUSY when too many are in flight; @req is freed then.
 */
int nh_request_start(struct nh_requests *table, struct nh_request *req);

/** nh_request_find() - the request of @type with @id, or NULL */
struct nh_request *nh_request_find(const struct nh_requests *table,
				   uint8_t type, uint32_t id);

/** nh_request_about() - the request of @type about @target, or NULL */
struct nh_request *nh_request_about(const struct nh_requests *table,
				    uint8_t type, const struct nh_addr *target);

/** nh_request_end() - it was answered, or is of no interest any more */
void nh_request_end(struct nh_request *req);

/**
 * nh_requests_kick() - send again what could not be sent to @server
 * @server: its SAs are up now; NULL: all that have no server
 *
 * Only those sent once so far: the others have their next try soon.
 */
void nh_requests_kick(struct nh_requests *table,
		      const struct nh_endpoint *server);

#endif /* NH_REQID_H */
