// SPDX-License-Identifier: GPL-2.0-or-later
/* The ring of events. A process has one daemon, so it has one ring. */
#include "daemon/events.h"

#include <linux/dmvpn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/iface.h"
#include "nhrp/print.h"

#define BUCKETS		256

TAILQ_HEAD(events, nh_event);

/* Zeroed, it is not ready yet: see nh_events_clear(). */
static struct {
	struct nh_event place[NH_EVENTS_MAX];
	size_t used;
	struct events list;
	struct events kind[NH_EV_MAX];
	struct events peer[BUCKETS];
	unsigned int of_kind[NH_EV_MAX];
	uint32_t seed;
	uint64_t seq;
	uint64_t lost;
} ring;

static const char *nhs_result(unsigned int code)
{
	return nh_nhs_state_name((enum nh_nhs_state)code);
}

static const char *reason_result(unsigned int code)
{
	return nhrp_reason_text((enum nhrp_reason)code);
}

static const char *limit_result(unsigned int code)
{
	return nh_limit_name((enum nh_limit)code);
}

/* An answer may be of no use though its code says that all is well. */
static const char *unresolved_result(unsigned int code)
{
	return code ? nhrp_code_name(code) : "unusable answer";
}

static const char *peer_result(unsigned int code)
{
	static const char *const names[] = {
		[DMVPN_PEER_STATE_IDLE] = "idle",
		[DMVPN_PEER_STATE_NEGOTIATING] = "negotiating",
		[DMVPN_PEER_STATE_SECURED] = "secured",
		[DMVPN_PEER_STATE_CLEAR] = "clear",
	};

	if (code >= sizeof(names) / sizeof(names[0]))
		return "unknown";
	return names[code];
}

static const struct {
	const char *name;
	const char *(*result)(unsigned int code);
} kinds[] = {
	[NH_EV_REGISTERED]	= { "registered", NULL },
	[NH_EV_MOVED]		= { "moved", NULL },
	[NH_EV_DEREGISTERED]	= { "deregistered", NULL },
	[NH_EV_REG_REFUSED]	= { "registration-refused", nhrp_code_name },
	[NH_EV_NHS]		= { "nhs", nhs_result },
	[NH_EV_ASKED]		= { "asked", NULL },
	[NH_EV_RESOLVED]	= { "resolved", NULL },
	[NH_EV_NOT_RESOLVED]	= { "not-resolved", unresolved_result },
	[NH_EV_ANSWERED]	= { "answered", NULL },
	[NH_EV_ANSWER_REFUSED]	= { "answer-refused", nhrp_code_name },
	[NH_EV_TIMEOUT]		= { "timeout", nhrp_type_name },
	[NH_EV_PURGE_SENT]	= { "purge-sent", NULL },
	[NH_EV_PURGED]		= { "purged", NULL },
	[NH_EV_PURGE_REFUSED]	= { "purge-refused", NULL },
	[NH_EV_REDIRECT_SENT]	= { "redirect-sent", NULL },
	[NH_EV_REDIRECTED]	= { "redirected", NULL },
	[NH_EV_ERROR_SENT]	= { "error-sent", nhrp_error_name },
	[NH_EV_ERROR_RECEIVED]	= { "error-received", nhrp_error_name },
	[NH_EV_REFUSED]		= { "refused", reason_result },
	[NH_EV_LIMITED]		= { "limited", limit_result },
	[NH_EV_PEER]		= { "peer", peer_result },
	[NH_EV_PEER_GONE]	= { "peer-gone", NULL },
	[NH_EV_CLEARED]		= { "cleared", NULL },
};

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == NH_EV_MAX,
	       "each kind has a name");

static bool is_like(const struct nh_event *a, const struct nh_event *b)
{
	return a->kind == b->kind && nh_addr_equal(&a->peer, &b->peer) &&
	       strcmp(a->dev, b->dev) == 0;
}

static struct events *bucket_of(const struct nh_event *ev)
{
	return &ring.peer[nh_addr_hash(&ev->peer, ring.seed) % BUCKETS];
}

static void take_out(struct nh_event *ev)
{
	ring.of_kind[ev->kind]--;
	TAILQ_REMOVE(&ring.list, ev, link);
	TAILQ_REMOVE(&ring.kind[ev->kind], ev, kind_link);
	TAILQ_REMOVE(bucket_of(ev), ev, peer_link);
}

/* The event that @ev is folded into, or NULL. */
static struct nh_event *find(const struct nh_event *ev)
{
	struct nh_event *old, *youngest = NULL;
	unsigned int alike = 0;

	TAILQ_FOREACH_REVERSE(old, bucket_of(ev), events, peer_link) {
		if (ev->last - old->last >= NH_EVENTS_FOLD_MS)
			break;
		if (!is_like(old, ev))
			continue;
		if (!youngest)
			youngest = old;
		if (old->code == ev->code &&
		    nh_prefix_equal(&old->prefix, &ev->prefix))
			return old;
		if (++alike == NH_EVENTS_PEER)
			return youngest;
	}
	return NULL;
}

/* A place for a new event of @kind, taken from the oldest if need be. */
static struct nh_event *make_room(unsigned int kind)
{
	struct nh_event *old;

	if (ring.of_kind[kind] < NH_EVENTS_KIND) {
		if (ring.used < NH_EVENTS_MAX)
			return &ring.place[ring.used++];
		old = TAILQ_FIRST(&ring.list);
	} else {
		old = TAILQ_FIRST(&ring.kind[kind]);
	}
	take_out(old);
	/* The oldest of one kind may be younger than that of another. */
	if (ring.lost < old->seq)
		ring.lost = old->seq;
	return old;
}

static void put(struct nh_event *ev)
{
	struct nh_event *place;

	if (!ring.seed)
		nh_events_clear();
	place = find(ev);
	if (place) {
		ev->first = place->first;
		ev->count = place->count + 1;
		take_out(place);
	} else {
		place = make_room(ev->kind);
	}
	*place = *ev;
	place->seq = ++ring.seq;
	ring.of_kind[place->kind]++;
	TAILQ_INSERT_TAIL(&ring.list, place, link);
	TAILQ_INSERT_TAIL(&ring.kind[place->kind], place, kind_link);
	TAILQ_INSERT_TAIL(bucket_of(place), place, peer_link);
}

void nh_event_prefix(const struct nh_iface *iface, enum nh_event_kind kind,
		     unsigned int code, const struct nh_addr *peer,
		     const struct nh_prefix *prefix)
{
	uint64_t now = nh_loop_now(iface->loop);
	struct nh_event ev = {
		.first = now,
		.last = now,
		.count = 1,
		.kind = (uint16_t)kind,
		.code = (uint16_t)code,
	};

	snprintf(ev.dev, sizeof(ev.dev), "%s", iface->conf->name);
	if (peer)
		ev.peer = *peer;
	if (prefix)
		ev.prefix = *prefix;
	put(&ev);
}

void nh_event(const struct nh_iface *iface, enum nh_event_kind kind,
	      unsigned int code, const struct nh_addr *peer,
	      const struct nh_addr *addr)
{
	struct nh_prefix host = { 0 };

	if (addr && nh_addr_is_set(addr))
		nh_prefix_make(&host, addr, nh_addr_bits(addr));
	nh_event_prefix(iface, kind, code, peer, &host);
}

void nh_limited(struct nh_iface *iface, enum nh_limit limit,
		const struct nh_addr *peer)
{
	nh_count(iface, NH_C_LIMITED);
	iface->stats.limited[limit]++;
	nh_event(iface, NH_EV_LIMITED, limit, peer, NULL);
}

const struct nh_event *nh_events_next(const struct nh_event *after)
{
	return after ? TAILQ_NEXT(after, link) : TAILQ_FIRST(&ring.list);
}

uint64_t nh_events_seq(void)
{
	return ring.seq;
}

uint64_t nh_events_lost(void)
{
	return ring.lost;
}

uint64_t nh_events_began(void)
{
	static uint64_t began;
	struct timespec now;

	if (!began && !clock_gettime(CLOCK_REALTIME, &now))
		began = (uint64_t)now.tv_sec * 1000 +
			(uint64_t)now.tv_nsec / 1000000;
	return began;
}

void nh_events_clear(void)
{
	size_t i;

	TAILQ_INIT(&ring.list);
	for (i = 0; i < NH_EV_MAX; i++)
		TAILQ_INIT(&ring.kind[i]);
	for (i = 0; i < BUCKETS; i++)
		TAILQ_INIT(&ring.peer[i]);
	memset(ring.of_kind, 0, sizeof(ring.of_kind));
	ring.used = 0;
	ring.lost = ring.seq;
	ring.seed = arc4random() | 1;
}

const char *nh_event_name(enum nh_event_kind kind)
{
	return kinds[kind].name;
}

const char *nh_event_result(const struct nh_event *ev)
{
	return kinds[ev->kind].result ? kinds[ev->kind].result(ev->code) :
	       NULL;
}
