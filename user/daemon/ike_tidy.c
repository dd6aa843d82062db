// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Looking after the IKE daemon's SAs: those that nothing needs are closed,
 * those that are there twice are made one, and those that it has forgotten are
 * replaced.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "daemon/iface.h"
#include "daemon/ike.h"
#include "daemon/ike_conn.h"
#include "daemon/ike_idle.h"
#include "lib/log.h"

#define TIDY_MS		5000
/* From the end of a rekeying until nothing uses the old SAs any more; and until
 * the kernel takes another pair for a renewed one, not for one that crossed.
 */
#define SWITCH_MS	4000
/* SAs that the IKE daemon does not know have this time to be replaced. */
#define CLEAN_MS	40000
#define CLEAN_AGE	30	/* seconds */
/* Both ends see two negotiations that crossed end within this time. */
#define CROSSED_MS	10000

static const char *dev(const struct nh_ike *ike)
{
	return ike->iface->conf->name;
}

bool nh_ike_is_twin(const struct nh_ike_sa *a, const struct nh_ike_sa *b)
{
	return a != b && nh_ike_sa_is_up(b, 0) &&
	       nh_addr_equal(&a->remote, &b->remote) && a->port == b->port &&
	       strcmp(a->identity, b->identity) == 0;
}

/*
 * Which of two stays, in a way that both ends agree on: the younger, as the
 * other one may be dead; where they crossed, by a number that both know.
 */
static const struct nh_ike_sa *better(const struct nh_ike_sa *a,
				      const struct nh_ike_sa *b)
{
	uint64_t apart = a->established > b->established ?
			 a->established - b->established :
			 b->established - a->established;

	if (apart > CROSSED_MS)
		return a->established > b->established ? a : b;
	return a->initiator_spi > b->initiator_spi ? a : b;
}

/* The best of all with @sa's peer, and how many others there are. */
static struct nh_ike_sa *best_of(struct nh_ike *ike, struct nh_ike_sa *sa,
				 size_t *others)
{
	struct nh_ike_sa *other = NULL;
	const struct nh_ike_sa *best = sa;

	*others = 0;
	while ((other = nh_ike_table_with(&ike->table, &sa->remote, other))) {
		if (!nh_ike_is_twin(sa, other))
			continue;
		++*others;
		best = better(best, other);
	}
	return (struct nh_ike_sa *)best;
}

static void rekey_child(struct nh_ike *ike, const struct nh_ike_sa *sa)
{
	size_t i;

	for (i = 0; i < sa->nchild; i++) {
		if (strcmp(sa->child[i].state, "INSTALLED"))
			continue;
		nh_ike_by_id(ike, "rekey", "child-id", sa->child[i].id);
		return;
	}
}

/*
 * Both ends may have begun at once, and each sends by the pair that it made
 * last. The one who began what is to stay rekeys that: now both ends use it,
 * and nothing is lost when the others are closed.
 */
static void make_one(struct nh_ike *ike, struct nh_ike_sa *sa)
{
	uint64_t now = nh_loop_now(ike->iface->loop);
	struct nh_ike_sa *best, *other = NULL;
	size_t others;

	best = best_of(ike, sa, &others);
	if (best != sa || !others || !best->initiator ||
	    now - best->established < SWITCH_MS)
		return;
	if (!best->chosen) {
		best->chosen = now;
		rekey_child(ike, best);
		return;
	}
	if (now - best->chosen < SWITCH_MS)
		return;
	while ((other = nh_ike_table_with(&ike->table, &best->remote, other)))
		if (nh_ike_is_twin(best, other))
			nh_ike_terminate(ike, other, "there is another one");
}

static bool is_ours(const struct nh_ike *ike, const struct dmvpn_nl_sa *sa)
{
	return sa->reqid == nh_ike_reqid(dev(ike), sa->src.family);
}

static const struct nh_addr *remote_of(const struct nh_ike *ike,
				       const struct dmvpn_nl_sa *sa)
{
	const struct nh_addr *local;

	local = nh_iface_local(ike->iface, sa->src.family);
	if (nh_addr_equal(local, &sa->src))
		return &sa->dst;
	return nh_addr_equal(local, &sa->dst) ? &sa->src : NULL;
}

static bool is_forgotten(const struct nh_ike *ike,
			 const struct dmvpn_nl_sa *sa)
{
	const struct nh_addr *remote = remote_of(ike, sa);

	return remote && is_ours(ike, sa) &&
	       !nh_ike_table_has_spi(&ike->table, remote, sa->spi);
}

/*
 * SAs of an IKE daemon that died work on, but nobody renews them, and nobody
 * hears when their other end is gone.
 */
static void replace_stale(struct nh_ike *ike)
{
	struct nh_kernel *k = ike->iface->kernel;
	struct dmvpn_nl_sa *list;
	size_t i, n, stale = 0;

	if (k->ops->sa_dump(k, &list, &n))
		return;
	for (i = 0; i < n; i++) {
		if (!is_forgotten(ike, &list[i]))
			continue;
		stale++;
		nh_ike_want(ike, remote_of(ike, &list[i]));
	}
	free(list);
	if (!stale)
		return;
	nh_info(dev(ike), NULL,
		"IKE does not know %zu SAs of the kernel: they are replaced",
		stale);
	nh_loop_set(ike->iface->loop, &ike->clean, CLEAN_MS);
}

static bool is_replaced(const struct nh_ike *ike, const struct nh_addr *remote)
{
	const struct nh_ike_sa *sa = NULL;

	while ((sa = nh_ike_table_with(&ike->table, remote, sa)))
		if (nh_ike_sa_is_up(sa, 0))
			return true;
	return false;
}

/*
 * Where there is a NAT, it may be that nobody can begin with the peer: that goes
 * on with what it has until it finds out by itself, which takes minutes. Not so
 * an interface id, which another IKE daemon gives to others.
 */
static bool may_be_needed(const struct nh_ike *ike,
			  const struct dmvpn_nl_sa *sa)
{
	return sa->encap && !sa->if_id &&
	       !is_replaced(ike, remote_of(ike, sa));
}

static void on_clean(void *arg)
{
	struct nh_ike *ike = arg;
	struct nh_kernel *k = ike->iface->kernel;
	struct dmvpn_nl_sa *list;
	uint64_t now = (uint64_t)time(NULL);
	size_t i, n, gone = 0, kept = 0;

	if (!ike->listed || k->ops->sa_dump(k, &list, &n))
		return;
	for (i = 0; i < n; i++) {
		if (!is_forgotten(ike, &list[i]) ||
		    list[i].added + CLEAN_AGE > now)
			continue;
		if (may_be_needed(ike, &list[i]))
			kept++;
		else if (k->ops->sa_del(k, &list[i]) == 0)
			gone++;
	}
	free(list);
	if (gone)
		nh_info(dev(ike), NULL,
			"%zu SAs that IKE does not know were removed", gone);
	if (kept)
		nh_loop_set(ike->iface->loop, &ike->clean, CLEAN_MS);
}

/*
 * No connection of ours lets anybody have one; those of an operator, or of an
 * earlier version, may. What we send to others would be kept for it.
 */
static void stray(struct nh_ike *ike, struct nh_ike_sa *sa)
{
	nh_ike_kill(ike, sa, "it is for packets of others");
}

void nh_ike_news(struct nh_ike *ike, struct nh_ike_sa *sa)
{
	nh_debug(dev(ike), &sa->remote,
		 "IKE SA %u %s identity=%s esp=%zu%s", sa->id, sa->state,
		 sa->identity, sa->nchild, sa->nat_remote ? " nat" : "");
	if (sa->stray) {
		stray(ike, sa);
		return;
	}
	nh_ike_note_use(ike, sa);
	nh_ike_tell_apart(ike, sa);
}

/* No event tells the end of what was replaced: not of an IKE SA that was rekeyed,
 * nor of one that has failed, nor of an ESP SA. By IKEv1 that stays for the rest
 * of its lifetime.
 */
static bool is_changing(const struct nh_ike_sa *sa)
{
	size_t i;

	if (strcmp(sa->state, "ESTABLISHED") || !sa->nchild)
		return true;
	if (sa->version == 1)
		return false;
	for (i = 0; i < sa->nchild; i++)
		if (strcmp(sa->child[i].state, "INSTALLED"))
			return true;
	return false;
}

static void on_tidy(void *arg)
{
	struct nh_ike *ike = arg;
	struct nh_ike_sa *sa = NULL;

	while ((sa = nh_ike_table_next(&ike->table, sa))) {
		if (sa->stray)
			stray(ike, sa);
		else if (nh_ike_sa_is_up(sa, 0))
			make_one(ike, sa);
		if (is_changing(sa))
			nh_ike_refresh(ike, sa->id);
	}
	nh_ike_check(ike);
	nh_ike_idle(ike);
	nh_ike_want_missing(ike);
	nh_loop_set(ike->iface->loop, &ike->tidy, TIDY_MS);
}

void nh_ike_tidy_init(struct nh_ike *ike)
{
	nh_timer_init(&ike->tidy, on_tidy, ike);
	nh_timer_init(&ike->clean, on_clean, ike);
}

void nh_ike_tidy_start(struct nh_ike *ike)
{
	struct nh_ike_sa *sa = NULL;

	while ((sa = nh_ike_table_next(&ike->table, sa)))
		nh_ike_news(ike, sa);
	replace_stale(ike);
	nh_loop_set(ike->iface->loop, &ike->tidy, TIDY_MS);
}

void nh_ike_tidy_stop(struct nh_ike *ike)
{
	nh_loop_cancel(ike->iface->loop, &ike->tidy);
	nh_loop_cancel(ike->iface->loop, &ike->clean);
}
