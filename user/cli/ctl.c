// SPDX-License-Identifier: GPL-2.0-or-later
/* Client of dmvpnd's control socket: one JSON line each way. */
#include "cli/ctl.h"

#include <errno.h>
#include <json-c/json.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/cmd.h"

#define TIMEOUT_S	5

/*
 * A line beyond this is no answer. The longest one is that about IKE: of a device
 * dmvpnd remembers 100000 IKE SAs (NH_IKE_SAS_MAX), each some 500 octets, and 200
 * more while its ESP SAs are being replaced. Room for long identities is left.
 */
#define REPLY_MAX	(128 << 20)

/* Anybody can take the name while dmvpnd is away. */
static bool is_trusted(int fd)
{
	struct ucred cred;
	socklen_t size = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) == 0 &&
	       (cred.uid == 0 || cred.uid == geteuid());
}

static int connect_daemon(void)
{
	const struct timeval timeout = { .tv_sec = TIMEOUT_S };
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	/* The octet 0 in front makes the name abstract, and its length counts. */
	memcpy(addr.sun_path + 1, CTL_SOCKET_NAME, sizeof(CTL_SOCKET_NAME) - 1);
	if (connect(fd, (struct sockaddr *)&addr,
		    offsetof(struct sockaddr_un, sun_path) +
			    sizeof(CTL_SOCKET_NAME)))
		err = -errno;
	else if (!is_trusted(fd))
		err = -EPERM;
	else
		return fd;
	close(fd);
	return err;
}

static int send_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = send(fd, data, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= n;
	}
	return 0;
}

/* One line, for free(). */
static int read_line(int fd, char **line)
{
	size_t len = 0, room = 0;
	char *buf = NULL;
	int err;

	for (;;) {
		ssize_t n;

		if (room - len < 2) {
			char *grown;

			room = room ? 2 * room : 4096;
			grown = room > REPLY_MAX ? NULL : realloc(buf, room);
			err = room > REPLY_MAX ? -EMSGSIZE : -ENOMEM;
			if (!grown)
				break;
			buf = grown;
		}
		n = recv(fd, buf + len, room - len - 1, 0);
		if (n < 0 && errno == EINTR)
			continue;
		err = n < 0 ? -errno : -ECONNRESET;
		if (n <= 0)
			break;
		len += n;
		buf[len] = '\0';
		if (buf[len - 1] == '\n') {
			*line = buf;
			return 0;
		}
	}
	free(buf);
	return err;
}

static int exchange(struct json_object *request, char **line)
{
	const char *text = json_object_to_json_string_ext(
		request, JSON_C_TO_STRING_PLAIN);
	int fd = connect_daemon();
	int err;

	if (fd < 0)
		return fd;
	err = text ? send_all(fd, text, strlen(text)) : -ENOMEM;
	if (!err)
		err = send_all(fd, "\n", 1);
	if (!err)
		err = read_line(fd, line);
	close(fd);
	return err;
}

int ctl_add(struct json_object *request, const char *key,
	    struct json_object *value)
{
	/* NULL would be added as null. */
	if (value && !json_object_object_add(request, key, value))
		return 0;
	json_object_put(value);
	return -1;
}

int ctl_add_text(struct json_object *request, const char *key,
		 const char *text)
{
	return ctl_add(request, key, json_object_new_string(text));
}

int ctl_request(struct cli *cli, struct json_object *request, bool quiet,
		struct json_object **reply)
{
	struct json_object *answer, *ok, *why;
	char *line = NULL;
	int err;

	*reply = NULL;
	err = exchange(request, &line);
	if (err == -ECONNREFUSED) {
		if (!quiet)
			cli_note(cli, "dmvpnd does not run in this network namespace");
		return CLI_NO_SERVICE;
	}
	if (err == -EPERM)
		return cli_fail(cli, CLI_REFUSED,
				"dmvpnd: another user's program answers in its place");
	if (err)
		return cli_fail(cli, CLI_REFUSED, "dmvpnd: %s", strerror(-err));

	answer = json_tokener_parse(line);
	free(line);
	if (!json_object_is_type(answer, json_type_object) ||
	    !json_object_object_get_ex(answer, "ok", &ok)) {
		json_object_put(answer);
		return cli_fail(cli, CLI_REFUSED, "dmvpnd: senseless answer");
	}
	if (json_object_get_boolean(ok)) {
		*reply = answer;
		return 0;
	}
	if (json_object_object_get_ex(answer, "error", &why))
		cli_fail(cli, 0, "dmvpnd: %s", json_object_get_string(why));
	else
		cli_fail(cli, 0, "dmvpnd: refused");
	json_object_put(answer);
	return CLI_REFUSED;
}

int ctl_command(struct cli *cli, const char *name, bool quiet,
		struct json_object **reply)
{
	struct json_object *request = json_object_new_object();
	int err = CLI_REFUSED;

	if (request && !ctl_add_text(request, "cmd", name))
		err = ctl_request(cli, request, quiet, reply);
	else
		cli_fail(cli, err, "out of memory");
	json_object_put(request);
	return err;
}
