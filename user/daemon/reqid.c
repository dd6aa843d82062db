// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests in flight. One list: it has at most NH_REQUESTS_MAX members. */
#include "daemon/reqid.h"

#include <errno.h>

#include "lib/log.h"

#define FIRST_WAIT	1000	/* milliseconds; doubles with each try */
#define JITTER		20	/* percent */

void nh_requests_init(struct nh_requests *table, struct nh_loop *loop)
{
	table->loop = loop;
	LIST_INIT(&table->list);
	table->n = 0;
}

static void take_out(struct nh_request *req)
{
	LIST_REMOVE(req, link);
	req->table->n--;
	nh_loop_cancel(req->table->loop, &req->timer);
}

void nh_request_end(struct nh_request *req)
{
	take_out(req);
	req->ops->free(req);
}

void nh_requests_free(struct nh_requests *table)
{
	while (!LIST_EMPTY(&table->list))
		nh_request_end(LIST_FIRST(&table->list));
}

static bool id_in_use(const struct nh_requests *table, uint32_t id)
{
	const struct nh_request *req;

	LIST_FOREACH(req, &table->list, link)
		if (req->id == id)
			return true;
	return false;
}

uint32_t nh_requests_id(struct nh_requests *table)
{
	uint32_t id;

	/*
	 * Not a counter: whoever answers one request would know the id of the
	 * next, and could answer that one in the place of another.
	 */
	do {
		id = nh_loop_random(table->loop);
	} while (!id || id_in_use(table, id));
	return id;
}

struct nh_request *nh_request_find(const struct nh_requests *table,
				   uint8_t type, uint32_t id)
{
	struct nh_request *req;

	LIST_FOREACH(req, &table->list, link)
		if (req->id == id && req->ops->type == type)
			return req;
	return NULL;
}

struct nh_request *nh_request_about(const struct nh_requests *table,
				    uint8_t type, const struct nh_addr *target)
{
	struct nh_request *req;

	LIST_FOREACH(req, &table->list, link)
		if (req->ops->type == type &&
		    nh_addr_equal(&req->target, target))
			return req;
	return NULL;
}

static void send_again(struct nh_request *req)
{
	struct nh_loop *loop = req->table->loop;
	uint32_t wait = (uint32_t)FIRST_WAIT << req->sent;
	struct nh_log_subject before;

	req->sent++;
	nh_loop_set(loop, &req->timer, nh_loop_jitter(loop, wait, JITTER));
	before = nh_log_about(&(struct nh_log_subject){ { req->target } });
	req->ops->send(req);
	nh_log_about(&before);
}

static void on_timer(void *arg)
{
	struct nh_request *req = arg;

	if (req->sent < req->ops->tries) {
		send_again(req);
		return;
	}
	take_out(req);
	if (req->ops->give_up)
		req->ops->give_up(req);
	req->ops->free(req);
}

static size_t at_server(const struct nh_requests *table,
			const struct nh_endpoint *server)
{
	const struct nh_request *req;
	size_t n = 0;

	LIST_FOREACH(req, &table->list, link)
		if (nh_endpoint_equal(&req->server, server))
			n++;
	return n;
}

int nh_request_start(struct nh_requests *table, struct nh_request *req)
{
	if (table->n >= NH_REQUESTS_MAX ||
	    at_server(table, &req->server) >= NH_REQUESTS_PER_SERVER) {
		req->ops->free(req);
		return -EBUSY;
	}
	req->table = table;
	req->id = nh_requests_id(table);
	req->sent = 0;
	req->started = nh_loop_now(table->loop);
	nh_timer_init(&req->timer, on_timer, req);
	LIST_INSERT_HEAD(&table->list, req, link);
	table->n++;
	send_again(req);
	return 0;
}

void nh_requests_kick(struct nh_requests *table,
		      const struct nh_endpoint *server)
{
	static const struct nh_endpoint nowhere;
	struct nh_request *req;

	if (!server)
		server = &nowhere;
	LIST_FOREACH(req, &table->list, link)
		if (req->sent == 1 && nh_endpoint_equal(&req->server, server))
			req->ops->send(req);
}
