/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happened lately in the protocol: a ring of fixed size, always on.
 *
 * Unlike the log it has no texts and no levels, and who makes many events
 * pushes out few of others: what repeats is folded into one event with a
 * count, one peer has few events of a kind, and a kind has a quarter of the
 * ring at most.
 */
#ifndef NH_EVENTS_H
#define NH_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "daemon/stats.h"
#include "lib/addr.h"

struct nh_iface;

/* Events that are remembered: in all, of a kind, of a kind and one peer. */
#define NH_EVENTS_MAX		1024
#define NH_EVENTS_KIND		256
#define NH_EVENTS_PEER		16
/* An event that follows its like within this time is folded into it. */
#define NH_EVENTS_FOLD_MS	60000

#define NH_EVENT_DEV_LEN	16

/**
 * enum nh_event_kind - what happened; in brackets what @code of the event is
 */
enum nh_event_kind {
	NH_EV_REGISTERED,	/* a client, newly */
	NH_EV_MOVED,		/* a client, to another NBMA address */
	NH_EV_DEREGISTERED,	/* a client, by its own wish */
	NH_EV_REG_REFUSED,	/* a client [enum nhrp_code] */
	NH_EV_NHS,		/* server's state changed [enum nh_nhs_state] */
	NH_EV_ASKED,		/* Resolution Request of ours */
	NH_EV_RESOLVED,		/* it was answered */
	NH_EV_NOT_RESOLVED,	/* it was refused [enum nhrp_code; 0 unusable] */
	NH_EV_ANSWERED,		/* Resolution Request of another */
	NH_EV_ANSWER_REFUSED,	/* the same [enum nhrp_code] */
	NH_EV_TIMEOUT,		/* no answer [enum nhrp_type of the request] */
	NH_EV_PURGE_SENT,
	NH_EV_PURGED,		/* by a Purge Request of its peer or server */
	NH_EV_PURGE_REFUSED,	/* whose binding it is not */
	NH_EV_REDIRECT_SENT,
	NH_EV_REDIRECTED,	/* Traffic Indication received */
	NH_EV_ERROR_SENT,	/* [enum nhrp_error_code] */
	NH_EV_ERROR_RECEIVED,	/* [enum nhrp_error_code] */
	NH_EV_REFUSED,		/* packet not let in [enum nhrp_reason] */
	NH_EV_LIMITED,		/* [enum nh_limit] */
	NH_EV_PEER,		/* a peer's state [enum dmvpn_peer_state] */
	NH_EV_PEER_GONE,
	NH_EV_CLEARED,		/* by the operator */
	NH_EV_MAX
};

/**
 * struct nh_event - an event
 * @link: in the order of @seq
 * @kind_link: the same among those of its kind
 * @peer_link: the same among those of peers with the same hash
 * @seq: number of its last occurrence; they grow from 1
 * @first: when it happened first, milliseconds of the loop
 * @last: when it happened last
 * @count: how often it happened
 * @kind: enum nh_event_kind
 * @code: what it is depends on @kind
 * @dev: the device
 * @peer: NBMA address of the peer, or empty
 * @prefix: protocol address that it is about, of the last occurrence; or empty
 */
struct nh_event {
	TAILQ_ENTRY(nh_event) link;
	TAILQ_ENTRY(nh_event) kind_link;
	TAILQ_ENTRY(nh_event) peer_link;
	uint64_t seq;
	uint64_t first;
	uint64_t last;
	uint64_t count;
	uint16_t kind;
	uint16_t code;
	char dev[NH_EVENT_DEV_LEN];
	struct nh_addr peer;
	struct nh_prefix prefix;
};

/**
 * nh_event() - note that something happened
 * @kind: what
 * @code: as @kind says, 0 where it says nothing
 * @peer: NBMA address of the peer that it is about, or NULL
 * @addr: protocol address that it is about, or NULL
 */
void nh_event(const struct nh_iface *iface, enum nh_event_kind kind,
	      unsigned int code, const struct nh_addr *peer,
	      const struct nh_addr *addr);

/** nh_event_prefix() - the same about a prefix */
void nh_event_prefix(const struct nh_iface *iface, enum nh_event_kind kind,
		     unsigned int code, const struct nh_addr *peer,
		     const struct nh_prefix *prefix);

/** nh_limited() - note and count that something went over a limit */
void nh_limited(struct nh_iface *iface, enum nh_limit limit,
		const struct nh_addr *peer);

/** nh_events_next() - walk through them, oldest first; NULL begins and ends */
const struct nh_event *nh_events_next(const struct nh_event *after);

/** nh_events_seq() - number of the last event; 0 before the first */
uint64_t nh_events_seq(void);

/**
 * nh_events_lost() - number of the last event that is forgotten
 *
 * Who has read no further has missed some. Return: 0 when all are there.
 */
uint64_t nh_events_lost(void);

/**
 * nh_events_began() - tells one daemon's numbers from those of another
 *
 * Return: milliseconds since the epoch, of the first call.
 */
uint64_t nh_events_began(void);

/** nh_events_clear() - forget them; the numbers go on */
void nh_events_clear(void);

/** nh_event_name() - the kind in a word, as in the control socket's answer */
const char *nh_event_name(enum nh_event_kind kind);

/** nh_event_result() - the code in words, or NULL when the kind has none */
const char *nh_event_result(const struct nh_event *ev);

#endif /* NH_EVENTS_H */
