// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket: connections and lines. */
#include "daemon/ctl.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "lib/log.h"

#define CLIENTS_MAX	16
#define BACKLOG		8

/**
 * struct client - a connection
 * @link: in the list
 * @ctl: that list's owner
 * @fd: its socket
 * @watch: for reading, or for writing while @out is not empty
 * @in: of the request, until its newline
 * @in_len: octets in @in
 * @out: answer on its way, or NULL
 * @out_pos: octets of @out sent
 * @out_len: length of @out
 */
struct client {
	LIST_ENTRY(client) link;
	struct nh_ctl *ctl;
	int fd;
	struct nh_watch *watch;
	char in[NH_CTL_LINE_MAX];
	size_t in_len;
	char *out;
	size_t out_pos;
	size_t out_len;
};

struct nh_ctl {
	struct nh_daemon *daemon;
	int fd;
	struct nh_watch *watch;
	LIST_HEAD(, client) clients;
	size_t n;
};

static void client_free(struct client *c)
{
	LIST_REMOVE(c, link);
	c->ctl->n--;
	nh_watch_free(c->watch);
	close(c->fd);
	free(c->out);
	free(c);
}

static void on_client(void *arg, unsigned int events);

static bool rewatch(struct client *c, unsigned int events)
{
	nh_watch_free(c->watch);
	c->watch = nh_loop_watch(c->ctl->daemon->loop, c->fd, events,
				 on_client, c);
	return c->watch;
}

/* The three below: whether the connection goes on. */
static bool client_answer(struct client *c)
{
	char *end = memchr(c->in, '\n', c->in_len);
	size_t len;

	if (!end)
		return c->in_len < sizeof(c->in) && rewatch(c, NH_LOOP_READ);
	len = (size_t)(end - c->in);
	c->out = nh_ctl_answer(c->ctl->daemon, c->in, len);
	if (!c->out)
		return false;
	c->out_len = strlen(c->out);
	c->out_pos = 0;
	/* What came behind the newline is the next request. */
	c->in_len -= len + 1;
	memmove(c->in, end + 1, c->in_len);
	return rewatch(c, NH_LOOP_WRITE);
}

static bool client_write(struct client *c)
{
	ssize_t n;

	n = send(c->fd, c->out + c->out_pos, c->out_len - c->out_pos,
		 MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->out_pos += (size_t)n;
	if (c->out_pos < c->out_len)
		return true;
	free(c->out);
	c->out = NULL;
	return client_answer(c);
}

static bool client_read(struct client *c)
{
	ssize_t n;

	n = recv(c->fd, c->in + c->in_len, sizeof(c->in) - c->in_len,
		 MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	if (!n)
		return false;
	c->in_len += (size_t)n;
	return client_answer(c);
}

static void on_client(void *arg, unsigned int events)
{
	struct client *c = arg;
	bool goes_on;

	(void)events;
	goes_on = c->out ? client_write(c) : client_read(c);
	if (!goes_on)
		client_free(c);
}

/* Root, or the user that the daemon runs as. */
static bool is_one_of_us(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
	       (cred.uid == 0 || cred.uid == geteuid());
}

static void on_connect(void *arg, unsigned int events)
{
	struct nh_ctl *ctl = arg;
	struct client *c = NULL;
	int fd;

	(void)events;
	fd = accept4(ctl->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	if (ctl->n < CLIENTS_MAX && is_one_of_us(fd))
		c = calloc(1, sizeof(*c));
	if (!c) {
		close(fd);
		return;
	}
	c->ctl = ctl;
	c->fd = fd;
	LIST_INSERT_HEAD(&ctl->clients, c, link);
	ctl->n++;
	if (!rewatch(c, NH_LOOP_READ))
		client_free(c);
}

static int stream_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Whether who has the name is a user that could not be us: anybody can take it
 * while we are away.
 */
static bool is_strangers(const struct sockaddr_un *addr, socklen_t len)
{
	int fd = stream_socket();
	bool strange;

	if (fd < 0)
		return false;
	/* One of us listens as soon as it has the name. */
	if (connect(fd, (const struct sockaddr *)addr, len) == 0)
		strange = !is_one_of_us(fd);
	else
		strange = errno == ECONNREFUSED || errno == EAGAIN;
	close(fd);
	return strange;
}

static int listen_at_name(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	socklen_t len = offsetof(struct sockaddr_un, sun_path) +
			sizeof(NH_CTL_NAME);
	int fd, err;

	/* The octet 0 in front makes the name abstract. */
	memcpy(addr.sun_path + 1, NH_CTL_NAME, sizeof(NH_CTL_NAME) - 1);
	fd = stream_socket();
	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&addr, len) || listen(fd, BACKLOG)) {
		err = -errno;
		close(fd);
		return err == -EADDRINUSE && is_strangers(&addr, len) ?
		       -EPERM : err;
	}
	return fd;
}

int nh_ctl_open(struct nh_ctl **ctl, struct nh_daemon *daemon)
{
	struct nh_ctl *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	c->daemon = daemon;
	LIST_INIT(&c->clients);
	c->fd = listen_at_name();
	if (c->fd < 0) {
		err = c->fd;
		free(c);
		return err;
	}
	c->watch = nh_loop_watch(daemon->loop, c->fd, NH_LOOP_READ, on_connect,
				 c);
	if (!c->watch) {
		nh_ctl_close(c);
		return -ENOMEM;
	}
	*ctl = c;
	return 0;
}

void nh_ctl_close(struct nh_ctl *ctl)
{
	if (!ctl)
		return;
	while (!LIST_EMPTY(&ctl->clients))
		client_free(LIST_FIRST(&ctl->clients));
	nh_watch_free(ctl->watch);
	close(ctl->fd);
	free(ctl);
}
