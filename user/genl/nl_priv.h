/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of genl/ (and its tests) share and nobody else sees. */
#ifndef DMVPN_NL_PRIV_H
#define DMVPN_NL_PRIV_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "genl/dmvpn_nl.h"
#include "lib/addr.h"

struct dmvpn_event;
struct dmvpn_nl_dev;
struct dmvpn_nl_entry;
struct dmvpn_nl_inet;
struct dmvpn_nl_link;
struct dmvpn_nl_miss;
struct dmvpn_nl_packet;
struct dmvpn_nl_peer;
struct dmvpn_nl_route;
struct dmvpn_nl_sa;
struct nl_msg;
struct nl_sock;
struct nlattr;
struct pending;

/* Kernel texts are below 100 octets; the name of the cause comes before. */
#define DMVPN_NL_ERROR_LEN	256

/**
 * struct dmvpn_nl - see dmvpn_nl.h
 * @sk: the socket, not blocking; NULL while not open
 * @family: id of the generic netlink family, 0 on other netlinks
 * @secret: what the kernel sends may hold keys and is wiped after use
 * @error: text of the last failure
 * @event_fd: epoll descriptor over the socket and @wake_fd; -1 without events
 * @wake_fd: eventfd, readable while @head or @overrun is set
 * @head: events set aside during a request, oldest first
 * @tail: where the next one is linked
 * @pending: their number
 * @overrun: events were lost and nobody has been told yet
 * @bad: messages passed over
 */
struct dmvpn_nl {
	struct nl_sock *sk;
	uint16_t family;
	bool secret;
	char error[DMVPN_NL_ERROR_LEN];
	int event_fd;
	int wake_fd;
	struct pending *head;
	struct pending **tail;
	unsigned int pending;
	bool overrun;
	uint64_t bad;
};

/** dmvpn_nl_fail() - keep the text of a failure; returns @err */
int dmvpn_nl_fail(struct dmvpn_nl *nl, int err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Requests (talk.c) ------------------------------------------------------- */

/**
 * typedef dmvpn_nl_reply - takes a message of the answer
 *
 * Return: 0, or a negative errno that ends the request.
 */
typedef int (*dmvpn_nl_reply)(const struct nlmsghdr *nlh, void *arg);

/** dmvpn_nl_msg() - begin a request to the family; NULL without memory */
struct nl_msg *dmvpn_nl_msg(struct dmvpn_nl *nl, uint8_t cmd, int flags);

/**
 * dmvpn_nl_talk() - send a request and wait for the end of the answer
 * @msg: freed here; NULL is -ENOMEM
 * @err: failure met while filling @msg, handed through; else 0
 * @reply: for each message of the answer; NULL when all it is to say is
 *	whether the request was carried out
 */
int dmvpn_nl_talk(struct dmvpn_nl *nl, struct nl_msg *msg, int err,
		  dmvpn_nl_reply reply, void *arg);

/**
 * dmvpn_nl_tell() - send a request that only errors answer
 * @msg: freed here; NULL is -ENOMEM
 * @err: as for dmvpn_nl_talk()
 *
 * For what may be lost anyway, as a packet: where there are too many events, an
 * error may be lost among them.
 */
int dmvpn_nl_tell(struct dmvpn_nl *nl, struct nl_msg *msg, int err);

/**
 * struct dmvpn_nl_list - how a dump becomes an array
 * @size: of an object
 * @parse: message to object; 0, 1 to leave it out, or a negative errno
 * @ifindex: only for @parse
 */
struct dmvpn_nl_list {
	size_t size;
	int (*parse)(const struct nlmsghdr *nlh, void *object,
		     uint32_t ifindex);
	uint32_t ifindex;
};

/**
 * dmvpn_nl_dump() - send a dump request, collect the objects
 * @msg: freed here; sent again when the dump was interrupted
 * @err: as for dmvpn_nl_talk()
 * @list: array, set on success
 *
 * Return: 0, DMVPN_NL_CHANGED, or a negative errno.
 */
int dmvpn_nl_dump(struct dmvpn_nl *nl, struct nl_msg *msg, int err,
		  const struct dmvpn_nl_list *how, void **list, size_t *n);

/**
 * dmvpn_nl_receive() - one datagram of the kernel's
 * @buf: set to it, for free()
 * @wait_ms: how long to wait for one, 0 not at all
 *
 * Return: its length; -EAGAIN, -ENOBUFS (some were lost) or another errno.
 */
int dmvpn_nl_receive(struct dmvpn_nl *nl, unsigned char **buf, int wait_ms);

/**
 * typedef dmvpn_nl_heard_fn - takes a message that nobody asked for
 * @nlh: the message; NULL, some were lost
 */
typedef void (*dmvpn_nl_heard_fn)(struct nlmsghdr *nlh, void *arg);

/**
 * dmvpn_nl_hear() - hand over what has come, up to some hundred datagrams
 *
 * So that a flood of them does not keep the caller from others.
 *
 * Return: 0, or a negative errno when the socket is of no use any more.
 */
int dmvpn_nl_hear(struct dmvpn_nl *nl, dmvpn_nl_heard_fn fn, void *arg);

/** dmvpn_nl_put_ifindex() - the only attribute of many requests */
int dmvpn_nl_put_ifindex(struct nl_msg *msg, int type, uint32_t ifindex);

/** dmvpn_nl_tb() - attributes of a message of the family into tb[max + 1] */
int dmvpn_nl_tb(const struct nlmsghdr *nlh, struct nlattr **tb, int max);

/* Events (nl_event.c) ----------------------------------------------------- */

/** dmvpn_nl_is_event() - a notification or upcall, whoever caused it */
bool dmvpn_nl_is_event(const struct dmvpn_nl *nl, const struct nlmsghdr *nlh);

/** dmvpn_nl_set_aside() - keep an event for dmvpn_nl_event_read() */
void dmvpn_nl_set_aside(struct dmvpn_nl *nl, const struct nlmsghdr *nlh);

/** dmvpn_nl_set_overrun() - events were lost; the reader is to be told */
void dmvpn_nl_set_overrun(struct dmvpn_nl *nl);

/** dmvpn_nl_event_close() - end of dmvpn_nl_event_open() */
void dmvpn_nl_event_close(struct dmvpn_nl *nl);

/**
 * dmvpn_event_parse() - message to event
 *
 * Return: 0; -ENOMSG when it is no event; -EPROTO when it makes no sense.
 */
int dmvpn_event_parse(const struct nlmsghdr *nlh, struct dmvpn_event *ev);

/* Objects: a message's attributes to and from the struct ------------------ */

int dmvpn_nl_dev_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_dev *dev);
int dmvpn_nl_dev_put(struct nl_msg *msg, const struct dmvpn_nl_dev *dev,
		     uint64_t mask);
int dmvpn_nl_peer_parse(const struct nlmsghdr *nlh,
			struct dmvpn_nl_peer *peer);
int dmvpn_nl_peer_put(struct nl_msg *msg, const struct dmvpn_nl_peer *peer,
		      uint64_t mask);
struct nl_msg *dmvpn_nl_peer_key(struct dmvpn_nl *nl, uint8_t cmd,
				 uint32_t ifindex, const struct nh_addr *nbma,
				 uint32_t if_id, int *err);
int dmvpn_nl_entry_parse(const struct nlmsghdr *nlh,
			 struct dmvpn_nl_entry *entry);
int dmvpn_nl_entry_put(struct nl_msg *msg, const struct dmvpn_nl_entry *entry,
		       uint64_t mask);
int dmvpn_nl_packet_parse(const struct nlmsghdr *nlh,
			  struct dmvpn_nl_packet *packet);
int dmvpn_nl_packet_put(struct nl_msg *msg,
			const struct dmvpn_nl_packet *packet, uint64_t mask);
int dmvpn_nl_miss_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_miss *miss);
int dmvpn_nl_miss_put(struct nl_msg *msg, const struct dmvpn_nl_miss *miss,
		      uint64_t mask);

/* These return 1 for a message about something else. */
int dmvpn_nl_link_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_link *link);
int dmvpn_nl_link_put(struct nl_msg *msg, const struct dmvpn_nl_link *link);
int dmvpn_nl_inet_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_inet *inet);
int dmvpn_nl_route_parse(const struct nlmsghdr *nlh,
			 struct dmvpn_nl_route *route);
int dmvpn_nl_sa_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_sa *sa);

#endif /* DMVPN_NL_PRIV_H */
