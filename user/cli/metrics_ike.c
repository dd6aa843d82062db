// SPDX-License-Identifier: GPL-2.0-or-later
/* Metrics of IKE: numbers of its associations by state. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ike.h"
#include "cli/metric.h"
#include "cli/metrics.h"
#include "cli/snapshot.h"

/**
 * struct tally - so many are in a state
 * @device: of this device
 * @state: IKE's word
 * @n: their number
 */
struct tally {
	const char *device;
	const char *state;
	uint64_t n;
};

/* IKE knows some ten words, so that the list stays short. */
static void count(struct tally *list, size_t *n, const char *device,
		  const char *state)
{
	size_t i;

	state = state ?: "unknown";
	for (i = 0; i < *n; i++)
		if (!strcmp(list[i].device, device) &&
		    !strcmp(list[i].state, state))
			break;
	if (i == *n)
		list[(*n)++] = (struct tally){ device, state, 0 };
	list[i].n++;
}

static bool is_wanted(const struct metrics_input *in, const char *device)
{
	return !in->ifname || !strcmp(in->ifname, device);
}

static void put_daemons(struct metrics *m, const struct metrics_input *in,
			const struct ike_facts *ike)
{
	static const struct metric_family family = {
		.name = "dmvpn_ike_up",
		.help = "dmvpnd speaks with the IKE daemon, which takes what it is told",
	};
	size_t i;

	metric_family(m, &family);
	for (i = 0; i < ike->n_daemons; i++) {
		const struct ike_daemon *d = &ike->daemons[i];

		if (!is_wanted(in, d->ifname))
			continue;
		metric_label(m, "device", d->ifname);
		metric_number(m, !strcmp(d->state, "connected"));
	}
}

static void put_tallies(struct metrics *m, const struct metric_family *family,
			const struct tally *list, size_t n)
{
	size_t i;

	metric_family(m, family);
	for (i = 0; i < n; i++) {
		metric_label(m, "device", list[i].device);
		metric_label(m, "state", list[i].state);
		metric_number(m, list[i].n);
	}
}

static int put_states(struct metrics *m, const struct metrics_input *in,
		      const struct ike_facts *ike)
{
	static const struct metric_family sas = {
		.name = "dmvpn_ike_sas",
		.help = "IKE associations by IKE's state",
	};
	static const struct metric_family children = {
		.name = "dmvpn_ike_children",
		.help = "Pairs of ESP associations by IKE's state",
	};
	size_t most = ike->n_sas + ike->n_children + 1;
	struct tally *list = calloc(most, sizeof(*list));
	size_t i, k, n = 0;

	if (!list)
		return -ENOMEM;
	for (i = 0; i < ike->n_sas; i++)
		if (is_wanted(in, ike->sas[i].ifname))
			count(list, &n, ike->sas[i].ifname, ike->sas[i].state);
	put_tallies(m, &sas, list, n);
	n = 0;
	for (i = 0; i < ike->n_sas; i++) {
		const struct ike_sa *sa = &ike->sas[i];

		for (k = 0; k < sa->n_children; k++)
			if (is_wanted(in, sa->ifname))
				count(list, &n, sa->ifname,
				      sa->children[k].state);
	}
	put_tallies(m, &children, list, n);
	free(list);
	return 0;
}

int metrics_ike(struct metrics *m, const struct metrics_input *in)
{
	struct ike_facts ike;
	int err;

	if (!in->snapshot->ipsec)
		return 0;
	err = ike_facts_read(&ike, in->snapshot->ipsec);
	if (err)
		return err == -ENOMEM ? err : 0;
	put_daemons(m, in, &ike);
	err = put_states(m, in, &ike);
	ike_facts_free(&ike);
	return err;
}
