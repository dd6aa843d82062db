/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notifications and upcalls, decoded. */
#ifndef DMVPN_NL_EVENT_H
#define DMVPN_NL_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "genl/nl_cache.h"
#include "genl/nl_dev.h"
#include "genl/nl_packet.h"
#include "genl/nl_peer.h"

struct dmvpn_nl;

/**
 * enum dmvpn_event_type - what happened, and which object of the union tells it
 * @DMVPN_EVENT_DEV_CHANGE: @dev; local address or owner changed
 * @DMVPN_EVENT_PEER_CHANGE: @peer; appeared, or its state or flags changed
 * @DMVPN_EVENT_PEER_GONE: @peer; removed
 * @DMVPN_EVENT_ENTRY_CHANGE: @entry; created or replaced
 * @DMVPN_EVENT_ENTRY_REFRESH: @entry; in use and two thirds of its time over
 * @DMVPN_EVENT_ENTRY_EXPIRED: @entry; removed at the end of its time
 * @DMVPN_EVENT_ENTRY_GONE: @entry; removed on request
 * @DMVPN_EVENT_PACKET: @packet; an NHRP packet came (owner only)
 * @DMVPN_EVENT_MISS: @miss; a packet has no resolved entry (owner only)
 * @DMVPN_EVENT_REDIRECT: @packet; a packet takes a detour (owner only)
 */
enum dmvpn_event_type {
	DMVPN_EVENT_DEV_CHANGE,
	DMVPN_EVENT_PEER_CHANGE,
	DMVPN_EVENT_PEER_GONE,
	DMVPN_EVENT_ENTRY_CHANGE,
	DMVPN_EVENT_ENTRY_REFRESH,
	DMVPN_EVENT_ENTRY_EXPIRED,
	DMVPN_EVENT_ENTRY_GONE,
	DMVPN_EVENT_PACKET,
	DMVPN_EVENT_MISS,
	DMVPN_EVENT_REDIRECT,
};

/**
 * struct dmvpn_event - something the kernel told without being asked
 * @type: enum dmvpn_event_type
 * @ifindex: the device, in the namespace of the connection
 */
struct dmvpn_event {
	enum dmvpn_event_type type;
	uint32_t ifindex;
	union {
		struct dmvpn_nl_dev dev;
		struct dmvpn_nl_peer peer;
		struct dmvpn_nl_entry entry;
		struct dmvpn_nl_packet packet;
		struct dmvpn_nl_miss miss;
	};
};

/**
 * typedef dmvpn_event_cb - takes an event
 * @ev: valid until it returns
 * @arg: as given to dmvpn_nl_event_read()
 *
 * May make requests on the same connection; events that arrive meanwhile are
 * kept for the next dmvpn_nl_event_read(). Must not free the connection.
 */
typedef void (*dmvpn_event_cb)(const struct dmvpn_event *ev, void *arg);

/**
 * enum dmvpn_nl_hear - which notifications to get besides upcalls
 * @DMVPN_NL_HEAR_NONE: none: only the upcalls of devices bound by
 *	dmvpn_nl_bind()
 * @DMVPN_NL_HEAR_EVENTS: all but entry-change
 * @DMVPN_NL_HEAR_ALL: entry-change, too, which each entry that a request
 *	makes or replaces causes
 */
enum dmvpn_nl_hear {
	DMVPN_NL_HEAR_NONE,
	DMVPN_NL_HEAR_EVENTS,
	DMVPN_NL_HEAR_ALL,
};

/**
 * dmvpn_nl_event_open() - prepare an open connection for events
 * @nl: opened by dmvpn_nl_open()
 * @hear: which notifications to get as well
 * @rcvbuf: octets of receive buffer wanted, 0 for the system's default; more
 *          than the system allows needs CAP_NET_ADMIN, which the family
 *          demands anyway
 *
 * Events met during a request are set aside. Yet a request that causes many of
 * them, as a flush does, may fill the receive buffer before its answer: it is
 * carried out and returns -ENOBUFS. Other requests than dmvpn_nl_bind() and
 * dmvpn_nl_packet_send() should have a connection of their own.
 */
int dmvpn_nl_event_open(struct dmvpn_nl *nl, enum dmvpn_nl_hear hear,
			int rcvbuf);

/**
 * dmvpn_nl_event_fd() - file descriptor that is readable while events wait
 *
 * For an event loop (level triggered, EV_PERSIST). It covers events on the
 * socket and those that were set aside during a request. Do not read from it.
 */
int dmvpn_nl_event_fd(const struct dmvpn_nl *nl);

/**
 * dmvpn_nl_event_read() - hand over the events that wait, without waiting
 * @cb: called for each event
 * @arg: for @cb
 *
 * Bounded: after 256 events it returns though more may wait. Messages
 * that are no events or make no sense are passed over and counted, see
 * dmvpn_nl_event_bad().
 *
 * Return: the number of events handed over, 0 when none waits;
 * -ENOBUFS when events were lost since the last call: read all objects again;
 * another negative errno when the socket is broken.
 */
int dmvpn_nl_event_read(struct dmvpn_nl *nl, dmvpn_event_cb cb, void *arg);

/** dmvpn_nl_event_bad() - messages passed over as senseless until now */
uint64_t dmvpn_nl_event_bad(const struct dmvpn_nl *nl);

/** dmvpn_event_name() - name of an event type, e.g. "entry-expired" */
const char *dmvpn_event_name(enum dmvpn_event_type type);

#endif /* DMVPN_NL_EVENT_H */
