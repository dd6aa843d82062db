// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Clusters: groups of servers of which only so many are registered with.
 *
 * Of the servers of one cluster and family, the best ones that answer are UP
 * and the others WAIT. When one goes DOWN the next takes its place at once,
 * while it is asked again and again. When it answers, it is registered with
 * besides the others, and WAITs for the end of the fallback time: a server
 * that comes and goes shall not take the traffic along each time. Then it is
 * UP, and what is worse than the maximum WAITs again.
 *
 * A cluster without a maximum has as many as there are.
 */
#include "daemon/nhs_cluster.h"

#include "daemon/iface.h"
#include "daemon/nhs_kernel.h"
#include "lib/log.h"

static bool same_group(const struct nh_nhs *a, const struct nh_nhs *b)
{
	return a->conf.cluster == b->conf.cluster &&
	       a->conf.family == b->conf.family;
}

/* The servers of the group of @of, the best one first. */
static size_t members(const struct nh_nhs *of, struct nh_nhs **list)
{
	struct nh_nhs *nhs;
	size_t i, n = 0;

	LIST_FOREACH(nhs, &of->iface->nhs, link) {
		if (!same_group(nhs, of) || n == NH_CONF_NHS)
			continue;
		for (i = n++; i && list[i - 1]->conf.priority >
			      nhs->conf.priority; i--)
			list[i] = list[i - 1];
		list[i] = nhs;
	}
	return n;
}

/* How many of them, at most, are UP; without a limit, all are. */
static size_t maximum(const struct nh_nhs *of, size_t n)
{
	size_t max = nh_conf_cluster_max(of->iface->conf, of->conf.cluster);

	return max && max < n ? max : n;
}

static size_t in_use(struct nh_nhs *const *list, size_t n)
{
	size_t i, used = 0;

	for (i = 0; i < n; i++)
		used += list[i]->reached && !list[i]->returning;
	return used;
}

static void stop_waiting(struct nh_nhs *nhs)
{
	nhs->returning = false;
	nh_loop_cancel(nhs->iface->loop, &nhs->back);
}

/* It has not been asked yet. */
static bool is_idle(const struct nh_nhs *nhs)
{
	return nhs->state == NH_NHS_WAIT ||
	       (nhs->state == NH_NHS_PROBE && !nhs->awaited);
}

/* With enough of them, what an earlier daemon used is not needed any more. */
static void end_kept(struct nh_nhs **list, size_t n, size_t max)
{
	size_t i, up = 0;

	for (i = 0; i < n; i++)
		up += list[i]->state == NH_NHS_UP;
	for (i = 0; i < n && up >= max; i++)
		nh_nhs_keep_end(list[i]);
}

static void elect(struct nh_nhs **list, size_t n, size_t max)
{
	size_t i, up = 0, tried = 0, used = in_use(list, n);

	/* With too few in use there is no reason to wait. */
	for (i = 0; i < n && used < max; i++) {
		used += list[i]->returning;
		stop_waiting(list[i]);
	}
	for (i = 0; i < n; i++) {
		struct nh_nhs *nhs = list[i];

		if (nhs->returning)
			continue;
		if (nhs->reached && up < max) {
			nh_nhs_set_state(nhs, NH_NHS_UP, NULL);
			up++;
			tried++;
		} else if (nhs->reached || up == max) {
			nh_nhs_park(nhs);
		} else if (is_idle(nhs) && tried < max) {
			nh_nhs_begin(nhs);
			tried++;
		} else if (nhs->state != NH_NHS_DOWN && tried == max) {
			nh_nhs_park(nhs);
		} else {
			/* One that is DOWN keeps nobody from being tried. */
			tried += nhs->state == NH_NHS_PROBE;
		}
	}
	end_kept(list, n, max);
}

void nh_nhs_elect(struct nh_iface *iface)
{
	struct nh_nhs *list[NH_CONF_NHS], *nhs, *before;
	size_t n;

	LIST_FOREACH(nhs, &iface->nhs, link) {
		LIST_FOREACH(before, &iface->nhs, link)
			if (before == nhs || same_group(before, nhs))
				break;
		/* Each group once, for the first of it. */
		if (before != nhs)
			continue;
		n = members(nhs, list);
		elect(list, n, maximum(nhs, n));
	}
	nh_nhs_relays(iface);
	nh_nhs_carrier(iface);
}

void nh_nhs_reached(struct nh_nhs *nhs)
{
	uint32_t fallback = nhs->iface->conf->fallback;
	struct nh_nhs *list[NH_CONF_NHS];
	size_t n = members(nhs, list);

	if (nhs->reached)
		return;
	if (fallback && in_use(list, n) >= maximum(nhs, n)) {
		nhs->returning = true;
		nh_nhs_set_state(nhs, NH_NHS_WAIT, "until the fallback time is over");
		nh_loop_set(nhs->iface->loop, &nhs->back,
			    (uint64_t)fallback * 1000);
	}
	nhs->reached = true;
	nh_nhs_elect(nhs->iface);
}

void nh_nhs_lost(struct nh_nhs *nhs, const char *why)
{
	nhs->reached = false;
	stop_waiting(nhs);
	nh_nhs_set_state(nhs, NH_NHS_DOWN, why);
	nh_nhs_elect(nhs->iface);
}

void nh_nhs_back(void *arg)
{
	struct nh_nhs *nhs = arg;

	nhs->returning = false;
	nh_nhs_elect(nhs->iface);
}
