// SPDX-License-Identifier: GPL-2.0-or-later
/* Connections: making, opening, closing, and the text of failures. */
#include "genl/dmvpn_nl.h"

#include <errno.h>
#include <linux/dmvpn.h>
#include <linux/netlink.h>
#include <netlink/cache.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/family.h>
#include <netlink/genl/genl.h>
#include <netlink/socket.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "genl/nl_priv.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK	270
#endif

/* The kernel makes no part of a dump larger. */
#define DUMP_PART_MAX	32768

struct dmvpn_nl *dmvpn_nl_new(void)
{
	struct dmvpn_nl *nl = calloc(1, sizeof(*nl));

	if (!nl)
		return NULL;
	nl->event_fd = -1;
	nl->wake_fd = -1;
	nl->tail = &nl->head;
	return nl;
}

void dmvpn_nl_free(struct dmvpn_nl *nl)
{
	if (!nl)
		return;
	dmvpn_nl_event_close(nl);
	nl_socket_free(nl->sk);
	free(nl);
}

const char *dmvpn_nl_error(const struct dmvpn_nl *nl)
{
	return nl->error;
}

int dmvpn_nl_fail(struct dmvpn_nl *nl, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(nl->error, sizeof(nl->error), fmt, ap);
	va_end(ap);
	return err;
}

/*
 * The texts of refusals are an option of the socket that libnl leaves off.
 * With NETLINK_CAP_ACK they do not come with a copy of the request.
 */
static int enable_texts(struct dmvpn_nl *nl)
{
	int fd = nl_socket_get_fd(nl->sk);
	int on = 1;

	if (setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		return dmvpn_nl_fail(nl, -errno, "netlink socket options: %s",
				     strerror(errno));
	return 0;
}

static int open_socket(struct dmvpn_nl *nl, int protocol)
{
	int err;

	nl->sk = nl_socket_alloc();
	if (!nl->sk)
		return dmvpn_nl_fail(nl, -ENOMEM, "out of memory");
	err = nl_connect(nl->sk, protocol);
	if (err)
		return dmvpn_nl_fail(nl, -EPROTONOSUPPORT,
				     "cannot open a netlink socket: %s",
				     nl_geterror(err));
	/* One read into a buffer that is large enough for all that the kernel
	 * sends. Otherwise libnl reads each message twice, and frees buffers
	 * that were too small, with keys in them.
	 */
	nl_socket_set_msg_buf_size(nl->sk, DUMP_PART_MAX);
	nl_socket_disable_msg_peek(nl->sk);
	return enable_texts(nl);
}

static void close_socket(struct dmvpn_nl *nl)
{
	nl_socket_free(nl->sk);
	nl->sk = NULL;
}

int dmvpn_nl_open(struct dmvpn_nl *nl)
{
	int err = open_socket(nl, NETLINK_GENERIC);
	int family;

	if (err)
		goto close;

	family = genl_ctrl_resolve(nl->sk, DMVPN_FAMILY_NAME);
	if (family == -NLE_OBJ_NOTFOUND)
		err = dmvpn_nl_fail(nl, -EOPNOTSUPP,
				    "the kernel does not know dmvpn: module dmvpn is not loaded");
	else if (family < 0)
		err = dmvpn_nl_fail(nl, -EPROTO,
				    "cannot find netlink family dmvpn: %s",
				    nl_geterror(family));
	if (err)
		goto close;

	nl->family = family;
	nl_socket_set_nonblocking(nl->sk);
	return 0;
close:
	close_socket(nl);
	return err;
}

int dmvpn_nl_family_version(void)
{
	struct dmvpn_nl nl = { .event_fd = -1, .wake_fd = -1 };
	int err = open_socket(&nl, NETLINK_GENERIC);
	struct genl_family *family;
	struct nl_cache *families;

	if (!err && genl_ctrl_alloc_cache(nl.sk, &families))
		err = -EPROTO;
	if (!err) {
		family = genl_ctrl_search_by_name(families, DMVPN_FAMILY_NAME);
		err = family ? (int)genl_family_get_version(family) :
			       -EOPNOTSUPP;
		genl_family_put(family);
		nl_cache_free(families);
	}
	close_socket(&nl);
	return err;
}

static int open_other(struct dmvpn_nl *nl, int protocol)
{
	int err = open_socket(nl, protocol);

	if (err) {
		close_socket(nl);
		return err;
	}
	nl_socket_set_nonblocking(nl->sk);
	return 0;
}

int dmvpn_nl_open_route(struct dmvpn_nl *nl)
{
	return open_other(nl, NETLINK_ROUTE);
}

int dmvpn_nl_open_xfrm(struct dmvpn_nl *nl)
{
	int err = open_other(nl, NETLINK_XFRM);

	if (err)
		return err;
	nl->secret = true;
	return 0;
}
