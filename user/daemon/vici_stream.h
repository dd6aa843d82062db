/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whole packets over charon's socket, which gives and takes parts of them. */
#ifndef NH_VICI_STREAM_H
#define NH_VICI_STREAM_H

#include "vici/msg.h"

struct sockaddr_un;

/**
 * struct nh_vici_stream - a socket and the packets on their way
 * @fd: socket, or -1
 * @out: packet being sent, borrowed
 * @out_len: its length; 0 when there is none
 * @out_pos: octets sent
 * @head: length of the packet that comes
 * @in: that packet, or NULL before all of @head is there
 * @in_len: length of @in
 * @in_pos: octets of @in, or else of @head, that are there
 */
struct nh_vici_stream {
	int fd;
	const uint8_t *out;
	size_t out_len;
	size_t out_pos;
	uint8_t head[VICI_LEN_SIZE];
	uint8_t *in;
	size_t in_len;
	size_t in_pos;
};

void nh_vici_stream_init(struct nh_vici_stream *s);

/** nh_vici_stream_open() - connect; 0 or a negative errno */
int nh_vici_stream_open(struct nh_vici_stream *s,
			const struct sockaddr_un *addr);

/** nh_vici_stream_close() - disconnect, and forget what was on its way */
void nh_vici_stream_close(struct nh_vici_stream *s);

static inline bool nh_vici_stream_is_open(const struct nh_vici_stream *s)
{
	return s->fd >= 0;
}

/** nh_vici_stream_is_sending() - a packet is not yet sent completely */
static inline bool nh_vici_stream_is_sending(const struct nh_vici_stream *s)
{
	return s->out_len > 0;
}

/**
 * nh_vici_stream_put() - make a packet the one to be sent
 * @data: the packet with its length in front; must stay until it is sent
 * @len: of all that
 *
 * Only while nh_vici_stream_is_sending() is false.
 */
void nh_vici_stream_put(struct nh_vici_stream *s, const uint8_t *data,
			size_t len);

/**
 * nh_vici_stream_send() - send as much as the socket takes
 *
 * Return: 1 when this sent the last of a packet; 0 when some of it is left,
 * or there is none; a negative errno.
 */
int nh_vici_stream_send(struct nh_vici_stream *s);

/**
 * nh_vici_stream_recv() - take a packet out of the socket
 * @data: set when there is one, without its length in front; for free()
 * @len: set to its length
 *
 * Return: 1 when there is one; 0 when it is not complete; -EPIPE when charon
 * closed the connection; -EMSGSIZE when it announces what is no packet; or
 * another negative errno.
 */
int nh_vici_stream_recv(struct nh_vici_stream *s, uint8_t **data,
			size_t *len);

#endif /* NH_VICI_STREAM_H */
