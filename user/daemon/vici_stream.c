// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole packets over charon's socket: what is there of them so far. */
#include "daemon/vici_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void nh_vici_stream_init(struct nh_vici_stream *s)
{
	*s = (struct nh_vici_stream){ .fd = -1 };
}

int nh_vici_stream_open(struct nh_vici_stream *s,
			const struct sockaddr_un *addr)
{
	int err;

	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s->fd < 0)
		return -errno;
	/* At once or never: EAGAIN is a full backlog, no attempt under way. */
	if (connect(s->fd, (const struct sockaddr *)addr, sizeof(*addr)) == 0)
		return 0;
	err = -errno;
	nh_vici_stream_close(s);
	return err;
}

void nh_vici_stream_close(struct nh_vici_stream *s)
{
	if (s->fd >= 0)
		close(s->fd);
	free(s->in);
	nh_vici_stream_init(s);
}

void nh_vici_stream_put(struct nh_vici_stream *s, const uint8_t *data,
			size_t len)
{
	s->out = data;
	s->out_len = len;
	s->out_pos = 0;
}

int nh_vici_stream_send(struct nh_vici_stream *s)
{
	ssize_t n;

	if (!s->out_len)
		return 0;
	while (s->out_pos < s->out_len) {
		n = send(s->fd, s->out + s->out_pos, s->out_len - s->out_pos,
			 MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n >= 0)
			s->out_pos += (size_t)n;
		else if (errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			return -errno;
	}
	s->out_len = 0;
	return 1;
}

static int begin_packet(struct nh_vici_stream *s)
{
	if (!vici_packet_len(s->head, &s->in_len))
		return -EMSGSIZE;
	s->in = malloc(s->in_len);
	s->in_pos = 0;
	return s->in ? 0 : -ENOMEM;
}

/* Until @want octets are at @buf: 1, or 0 or an error as our caller's. */
static int fill(struct nh_vici_stream *s, uint8_t *buf, size_t want)
{
	ssize_t n;

	while (s->in_pos < want) {
		n = recv(s->fd, buf + s->in_pos, want - s->in_pos,
			 MSG_DONTWAIT);
		if (n > 0)
			s->in_pos += (size_t)n;
		else if (n == 0)
			return -EPIPE;
		else if (errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			return -errno;
	}
	return 1;
}

int nh_vici_stream_recv(struct nh_vici_stream *s, uint8_t **data, size_t *len)
{
	int ret;

	if (!s->in) {
		ret = fill(s, s->head, sizeof(s->head));
		if (ret <= 0)
			return ret;
		ret = begin_packet(s);
		if (ret)
			return ret;
	}
	ret = fill(s, s->in, s->in_len);
	if (ret <= 0)
		return ret;
	*data = s->in;
	*len = s->in_len;
	s->in = NULL;
	s->in_pos = 0;
	return 1;
}
