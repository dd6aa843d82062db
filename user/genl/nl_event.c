// SPDX-License-Identifier: GPL-2.0-or-later
/* Events: decoding them, and none lost between two requests. */
#include "genl/nl_event.h"

#include <errno.h>
#include <netlink/errno.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "genl/nl_priv.h"

#define READ_BUDGET	256

/* What one request can find in front of its answer, with room to spare. */
#define PENDING_MAX	16384

/**
 * struct pending - an event set aside
 * @next: the one that came after it
 * @nlh: the message; with its payload
 */
struct pending {
	struct pending *next;
	struct nlmsghdr nlh;
};

static const struct {
	const char *name;
	uint8_t cmd;
} kinds[] = {
	[DMVPN_EVENT_DEV_CHANGE] = { "dev-change", DMVPN_CMD_DEV_CHANGE_NTF },
	[DMVPN_EVENT_PEER_CHANGE] = { "peer-change", DMVPN_CMD_PEER_CHANGE_NTF },
	[DMVPN_EVENT_PEER_GONE] = { "peer-gone", DMVPN_CMD_PEER_GONE_NTF },
	[DMVPN_EVENT_ENTRY_CHANGE] = {
		"entry-change", DMVPN_CMD_ENTRY_CHANGE_NTF },
	[DMVPN_EVENT_ENTRY_REFRESH] = {
		"entry-refresh", DMVPN_CMD_ENTRY_REFRESH_NTF },
	[DMVPN_EVENT_ENTRY_EXPIRED] = {
		"entry-expired", DMVPN_CMD_ENTRY_EXPIRED_NTF },
	[DMVPN_EVENT_ENTRY_GONE] = { "entry-gone", DMVPN_CMD_ENTRY_GONE_NTF },
	[DMVPN_EVENT_PACKET] = { "packet", DMVPN_CMD_PACKET_NTF },
	[DMVPN_EVENT_MISS] = { "miss", DMVPN_CMD_MISS_NTF },
	[DMVPN_EVENT_REDIRECT] = { "redirect", DMVPN_CMD_REDIRECT_NTF },
};

#define N_KINDS	(sizeof(kinds) / sizeof(kinds[0]))

const char *dmvpn_event_name(enum dmvpn_event_type type)
{
	return (size_t)type < N_KINDS ? kinds[type].name : "unknown";
}

/* The type of the message, or N_KINDS. */
static size_t kind_of(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl;
	size_t i;

	if (!genlmsg_valid_hdr((struct nlmsghdr *)nlh, 0))
		return N_KINDS;
	genl = nlmsg_data(nlh);
	for (i = 0; i < N_KINDS; i++) {
		if (kinds[i].cmd == genl->cmd)
			break;
	}
	return i;
}

/* Not by the sequence number: some kernels' notifications bear a request's. */
bool dmvpn_nl_is_event(const struct dmvpn_nl *nl, const struct nlmsghdr *nlh)
{
	return nl->family && nlh->nlmsg_type == nl->family &&
	       kind_of(nlh) < N_KINDS;
}

int dmvpn_event_parse(const struct nlmsghdr *nlh, struct dmvpn_event *ev)
{
	size_t kind = kind_of(nlh);
	int err;

	if (kind == N_KINDS)
		return -ENOMSG;
	ev->type = kind;

	switch (ev->type) {
	case DMVPN_EVENT_DEV_CHANGE:
		err = dmvpn_nl_dev_parse(nlh, &ev->dev);
		ev->ifindex = ev->dev.ifindex;
		return err;
	case DMVPN_EVENT_PEER_CHANGE:
	case DMVPN_EVENT_PEER_GONE:
		err = dmvpn_nl_peer_parse(nlh, &ev->peer);
		ev->ifindex = ev->peer.ifindex;
		return err;
	case DMVPN_EVENT_ENTRY_CHANGE:
	case DMVPN_EVENT_ENTRY_REFRESH:
	case DMVPN_EVENT_ENTRY_EXPIRED:
	case DMVPN_EVENT_ENTRY_GONE:
		err = dmvpn_nl_entry_parse(nlh, &ev->entry);
		ev->ifindex = ev->entry.ifindex;
		return err;
	case DMVPN_EVENT_PACKET:
	case DMVPN_EVENT_REDIRECT:
		err = dmvpn_nl_packet_parse(nlh, &ev->packet);
		ev->ifindex = ev->packet.ifindex;
		return err;
	case DMVPN_EVENT_MISS:
		err = dmvpn_nl_miss_parse(nlh, &ev->miss);
		ev->ifindex = ev->miss.ifindex;
		return err;
	}
	return -ENOMSG;
}

/* The counter only has to be above zero; it cannot reach its limit. */
static void wake(struct dmvpn_nl *nl)
{
	const uint64_t one = 1;

	while (write(nl->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static void calm(struct dmvpn_nl *nl)
{
	uint64_t count;

	while (read(nl->wake_fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
}

void dmvpn_nl_set_overrun(struct dmvpn_nl *nl)
{
	if (nl->event_fd < 0)
		return;
	nl->overrun = true;
	wake(nl);
}

void dmvpn_nl_set_aside(struct dmvpn_nl *nl, const struct nlmsghdr *nlh)
{
	struct pending *p;

	if (nl->event_fd < 0)
		return;
	if (nl->pending == PENDING_MAX)
		goto lost;
	p = malloc(offsetof(struct pending, nlh) + nlh->nlmsg_len);
	if (!p)
		goto lost;

	p->next = NULL;
	memcpy(&p->nlh, nlh, nlh->nlmsg_len);
	*nl->tail = p;
	nl->tail = &p->next;
	nl->pending++;
	wake(nl);
	return;
lost:
	dmvpn_nl_set_overrun(nl);
}

static struct pending *take_pending(struct dmvpn_nl *nl)
{
	struct pending *p = nl->head;

	if (!p)
		return NULL;
	nl->head = p->next;
	if (!nl->head)
		nl->tail = &nl->head;
	nl->pending--;
	return p;
}

static int open_fds(struct dmvpn_nl *nl)
{
	struct epoll_event in = { .events = EPOLLIN };

	nl->event_fd = epoll_create1(EPOLL_CLOEXEC);
	if (nl->event_fd < 0)
		return -errno;
	nl->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (nl->wake_fd < 0)
		return -errno;
	if (epoll_ctl(nl->event_fd, EPOLL_CTL_ADD, nl->wake_fd, &in) ||
	    epoll_ctl(nl->event_fd, EPOLL_CTL_ADD, nl_socket_get_fd(nl->sk),
		      &in))
		return -errno;
	return 0;
}

static int join_group(struct dmvpn_nl *nl, const char *name)
{
	struct nl_sock *ctrl = nl_socket_alloc();
	int group = -NLE_NOMEM;
	int err = 0;

	/* By a socket of its own: libnl would take an event for the answer. */
	if (ctrl) {
		group = genl_connect(ctrl);
		if (!group)
			group = genl_ctrl_resolve_grp(ctrl, DMVPN_FAMILY_NAME,
						      name);
		nl_socket_free(ctrl);
	}
	if (group < 0)
		return dmvpn_nl_fail(nl, -EPROTO,
				     "cannot find netlink group %s: %s", name,
				     nl_geterror(group));

	err = nl_socket_add_membership(nl->sk, group);
	if (err == -NLE_PERM)
		return dmvpn_nl_fail(nl, -EPERM,
				     "not allowed to see events: needs CAP_NET_ADMIN");
	if (err)
		return dmvpn_nl_fail(nl, -EIO, "cannot join group %s: %s",
				     name, nl_geterror(err));
	return 0;
}

int dmvpn_nl_event_open(struct dmvpn_nl *nl, enum dmvpn_nl_hear hear,
			int rcvbuf)
{
	int err;

	if (!nl->sk)
		return dmvpn_nl_fail(nl, -ENOTCONN, "not connected");
	if (nl->event_fd >= 0)
		return dmvpn_nl_fail(nl, -EALREADY, "events are open");

	if (rcvbuf > 0) {
		int fd = nl_socket_get_fd(nl->sk);

		/* The first one needs a capability, the second has a limit. */
		if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &rcvbuf,
			       sizeof(rcvbuf)) &&
		    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &rcvbuf,
			       sizeof(rcvbuf)))
			return dmvpn_nl_fail(nl, -errno, "receive buffer: %s",
					     strerror(errno));
	}

	err = open_fds(nl);
	if (err)
		dmvpn_nl_fail(nl, err, "event descriptor: %s", strerror(-err));
	else if (hear >= DMVPN_NL_HEAR_EVENTS)
		err = join_group(nl, DMVPN_MCGRP_EVENTS);
	if (!err && hear == DMVPN_NL_HEAR_ALL)
		err = join_group(nl, DMVPN_MCGRP_UPDATES);
	if (err)
		dmvpn_nl_event_close(nl);
	return err;
}

void dmvpn_nl_event_close(struct dmvpn_nl *nl)
{
	struct pending *p;

	if (nl->wake_fd >= 0)
		close(nl->wake_fd);
	if (nl->event_fd >= 0)
		close(nl->event_fd);
	nl->wake_fd = -1;
	nl->event_fd = -1;
	while ((p = take_pending(nl)))
		free(p);
}

int dmvpn_nl_event_fd(const struct dmvpn_nl *nl)
{
	return nl->event_fd;
}

uint64_t dmvpn_nl_event_bad(const struct dmvpn_nl *nl)
{
	return nl->bad;
}

static int deliver(struct dmvpn_nl *nl, const struct nlmsghdr *nlh,
		   dmvpn_event_cb cb, void *arg)
{
	struct dmvpn_event ev;

	if (!dmvpn_nl_is_event(nl, nlh))
		return 0;
	if (dmvpn_event_parse(nlh, &ev)) {
		nl->bad++;
		return 0;
	}
	cb(&ev, arg);
	return 1;
}

/* One datagram; its events are older than any that @cb makes us set aside. */
static int read_datagram(struct dmvpn_nl *nl, dmvpn_event_cb cb, void *arg)
{
	struct nlmsghdr *nlh;
	unsigned char *buf;
	int count = 0;
	int len;

	len = dmvpn_nl_receive(nl, &buf, 0);
	if (len < 0)
		return len;
	for (nlh = (struct nlmsghdr *)buf; nlmsg_ok(nlh, len);
	     nlh = nlmsg_next(nlh, &len))
		count += deliver(nl, nlh, cb, arg);
	free(buf);
	return count;
}

int dmvpn_nl_event_read(struct dmvpn_nl *nl, dmvpn_event_cb cb, void *arg)
{
	struct pending *p;
	int count = 0;
	int n = 0;

	if (nl->event_fd < 0)
		return dmvpn_nl_fail(nl, -ENOTCONN, "events are not open");

	while (count < READ_BUDGET) {
		p = take_pending(nl);
		if (p) {
			n = deliver(nl, &p->nlh, cb, arg);
			free(p);
		} else {
			n = read_datagram(nl, cb, arg);
			if (n == -ENOBUFS) {
				nl->overrun = true;
				continue;
			}
			if (n < 0)
				break;
		}
		count += n;
	}

	if (!nl->head)
		calm(nl);
	if (n < 0 && n != -EAGAIN)
		return dmvpn_nl_fail(nl, n, "cannot receive events: %s",
				     strerror(-n));
	if (nl->overrun) {
		nl->overrun = false;
		return dmvpn_nl_fail(nl, -ENOBUFS, "events were lost");
	}
	return count;
}
