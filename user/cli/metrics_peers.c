// SPDX-License-Identifier: GPL-2.0-or-later
/* Metrics of single peers, so many and no more. */
#include <errno.h>
#include <stdlib.h>

#include "cli/groups.h"
#include "cli/metric.h"
#include "cli/metrics.h"
#include "cli/names.h"
#include "cli/snapshot.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"

#define N_ELEMENTS(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct chosen - a peer that has metrics of its own
 * @peer: the peer
 * @device: that it is of
 */
struct chosen {
	const struct dmvpn_nl_peer *peer;
	const struct metrics_device *device;
};

/*
 * Servers first, then by address: the same peers each time, whatever else
 * comes and goes, because a new time series costs its reader more than a
 * value.
 */
static int compare(const void *a, const void *b)
{
	const struct dmvpn_nl_peer *x = ((const struct chosen *)a)->peer;
	const struct dmvpn_nl_peer *y = ((const struct chosen *)b)->peer;
	int order = !!(y->flags & DMVPN_PEER_FLAGS_NHS) -
		    !!(x->flags & DMVPN_PEER_FLAGS_NHS);

	if (!order)
		order = nh_addr_cmp(&x->nbma, &y->nbma);
	return order ? order : (x->if_id > y->if_id) - (x->if_id < y->if_id);
}

/* One that is removed and made again while the table is read may be there twice,
 * and a reader takes nothing of a text that says one thing twice.
 */
static size_t distinct(struct chosen *list, size_t n)
{
	size_t i, kept = 0;

	for (i = 0; i < n; i++)
		if (!kept || compare(&list[kept - 1], &list[i]))
			list[kept++] = list[i];
	return kept;
}

/* Adds the peers of a device to the list; the number of those chosen. */
static size_t choose(const struct metrics_input *in, struct metrics_device *d,
		     struct chosen *list)
{
	const struct snapshot *s = in->snapshot;
	size_t i, n = 0;

	for (i = 0; i < s->n_peers; i++)
		if (s->peers[i].ifindex == d->dev->ifindex)
			list[n++] = (struct chosen){ &s->peers[i], d };
	qsort(list, n, sizeof(*list), compare);
	n = distinct(list, n);
	d->left_out = n > in->peers ? n - in->peers : 0;
	return n - d->left_out;
}

static void key(struct metrics *m, const struct chosen *c)
{
	char text[16];

	metric_label(m, "device", c->device->name);
	metric_label_addr(m, "nbma", &c->peer->nbma);
	snprintf(text, sizeof(text), "%u", c->peer->if_id);
	metric_label(m, "if_id", c->peer->if_id ? text : NULL);
}

/**
 * struct peer_metric - a metric with one value a peer
 * @family: the metric
 * @value: of a peer
 */
struct peer_metric {
	struct metric_family family;
	uint64_t (*value)(const struct dmvpn_nl_peer *peer);
};

static uint64_t ready(const struct dmvpn_nl_peer *peer)
{
	return peer->state == DMVPN_PEER_STATE_SECURED ||
	       peer->state == DMVPN_PEER_STATE_CLEAR;
}

static uint64_t tx_bytes(const struct dmvpn_nl_peer *peer)
{
	return peer->tx_bytes;
}

static uint64_t tx_packets(const struct dmvpn_nl_peer *peer)
{
	return peer->tx_packets;
}

static uint64_t tx_dropped(const struct dmvpn_nl_peer *peer)
{
	return peer->tx_dropped;
}

static uint64_t rx_bytes(const struct dmvpn_nl_peer *peer)
{
	return peer->rx_bytes;
}

static uint64_t rx_packets(const struct dmvpn_nl_peer *peer)
{
	return peer->rx_packets;
}

static uint64_t rx_dropped(const struct dmvpn_nl_peer *peer)
{
	return peer->rx_dropped;
}

static uint64_t peer_entries(const struct dmvpn_nl_peer *peer)
{
	return peer->entries;
}

static const struct peer_metric peer_metrics[] = {
	{ { .name = "dmvpn_peer_ready",
	    .help = "Packets can be sent to the peer: it is secured, or need not be" },
	  ready },
	{ { .name = "dmvpn_peer_entries",
	    .help = "Cache entries that name the peer" }, peer_entries },
	{ { .name = "dmvpn_peer_transmit_bytes", .kind = METRIC_COUNTER,
	    .unit = "bytes", .help = "Octets of inner packets sent" },
	  tx_bytes },
	{ { .name = "dmvpn_peer_transmit_packets", .kind = METRIC_COUNTER,
	    .help = "Inner packets sent" }, tx_packets },
	{ { .name = "dmvpn_peer_transmit_drops", .kind = METRIC_COUNTER,
	    .help = "Inner packets not sent" }, tx_dropped },
	{ { .name = "dmvpn_peer_receive_bytes", .kind = METRIC_COUNTER,
	    .unit = "bytes", .help = "Octets of inner packets received" },
	  rx_bytes },
	{ { .name = "dmvpn_peer_receive_packets", .kind = METRIC_COUNTER,
	    .help = "Inner packets received" }, rx_packets },
	{ { .name = "dmvpn_peer_receive_drops", .kind = METRIC_COUNTER,
	    .help = "Packets of the peer that were refused" }, rx_dropped },
};

static void values(struct metrics *m, const struct chosen *list, size_t n,
		   const struct peer_metric *metric)
{
	size_t i;

	metric_family(m, &metric->family);
	for (i = 0; i < n; i++) {
		key(m, &list[i]);
		metric_number(m, metric->value(list[i].peer));
	}
}

/* A peer that was never heard has no value. */
static void last_seen(struct metrics *m, const struct metrics_input *in,
		      const struct chosen *list, size_t n)
{
	static const struct metric_family sent = {
		.name = "dmvpn_peer_transmit_timestamp_seconds",
		.unit = "seconds",
		.help = "When the last packet was sent, since the epoch",
	};
	static const struct metric_family heard = {
		.name = "dmvpn_peer_receive_timestamp_seconds",
		.unit = "seconds",
		.help = "When the last packet was received, since the epoch",
	};
	size_t i;

	metric_family(m, &sent);
	for (i = 0; i < n; i++) {
		if (!DMVPN_NL_HAS(list[i].peer, DMVPN_A_PEER_TX_IDLE))
			continue;
		key(m, &list[i]);
		metric_seconds(m, in->now - list[i].peer->tx_idle);
	}
	metric_family(m, &heard);
	for (i = 0; i < n; i++) {
		if (!DMVPN_NL_HAS(list[i].peer, DMVPN_A_PEER_RX_IDLE))
			continue;
		key(m, &list[i]);
		metric_seconds(m, in->now - list[i].peer->rx_idle);
	}
}

static void info(struct metrics *m, const struct metrics_input *in,
		 const struct chosen *list, size_t n)
{
	static const struct metric_family family = {
		.name = "dmvpn_peer_info",
		.help = "What a peer is, in its labels",
	};
	size_t i;

	metric_family(m, &family);
	for (i = 0; i < n; i++) {
		const struct dmvpn_nl_peer *peer = list[i].peer;

		key(m, &list[i]);
		metric_label(m, "state",
			     names_of(names_peer_state, peer->state));
		metric_label(m, "nhs", peer->flags & DMVPN_PEER_FLAGS_NHS ?
			     "yes" : "no");
		metric_label(m, "group",
			     groups_find(&in->groups, list[i].device->name,
					 &peer->nbma, peer->if_id));
		metric_number(m, 1);
	}
}

static void left_out(struct metrics *m, const struct metrics_input *in)
{
	static const struct metric_family family = {
		.name = "dmvpn_peers_left_out",
		.help = "Peers beyond the number that have metrics of their own",
	};
	size_t i;

	metric_family(m, &family);
	for (i = 0; i < in->n_devices; i++) {
		metric_label(m, "device", in->devices[i].name);
		metric_number(m, in->devices[i].left_out);
	}
}

int metrics_peers(struct metrics *m, struct metrics_input *in)
{
	struct chosen *list = calloc(in->snapshot->n_peers + 1, sizeof(*list));
	size_t i, n = 0;

	if (!list)
		return -ENOMEM;
	/* What a device leaves out gives its room to the next one. */
	for (i = 0; i < in->n_devices; i++)
		n += choose(in, &in->devices[i], list + n);
	left_out(m, in);
	for (i = 0; i < N_ELEMENTS(peer_metrics); i++)
		values(m, list, n, &peer_metrics[i]);
	last_seen(m, in, list, n);
	info(m, in, list, n);
	free(list);
	return 0;
}
