// SPDX-License-Identifier: GPL-2.0-or-later
/* Metrics of devices: who runs, tables and their limits, counters. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/counters.h"
#include "cli/metric.h"
#include "cli/metrics.h"
#include "cli/names.h"
#include "cli/snapshot.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"
#include "genl/nl_cache.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"
#include "lib/version.h"

#define N_ELEMENTS(array)	(sizeof(array) / sizeof((array)[0]))

static struct metrics_device *device_of(struct metrics_input *in,
					uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < in->n_devices; i++)
		if (in->devices[i].dev->ifindex == ifindex)
			return &in->devices[i];
	return NULL;
}

static void count_peers(struct metrics_input *in)
{
	const struct snapshot *s = in->snapshot;
	size_t i;

	for (i = 0; i < s->n_peers; i++) {
		struct metrics_device *d = device_of(in, s->peers[i].ifindex);

		if (d && s->peers[i].state < METRICS_STATES)
			d->states[s->peers[i].state]++;
	}
}

/* Rows of a device stand together, so that it need not be looked for often. */
static void count_entries(struct metrics_input *in)
{
	const struct snapshot *s = in->snapshot;
	struct metrics_device *d = NULL;
	size_t i;

	for (i = 0; i < s->n_entries; i++) {
		const struct dmvpn_nl_entry *e = &s->entries[i];

		if (!d || d->dev->ifindex != e->ifindex)
			d = device_of(in, e->ifindex);
		if (d && e->type < METRICS_TYPES)
			d->types[e->type]++;
		if (d && DMVPN_NL_HAS(e, DMVPN_A_ENTRY_PATH) &&
		    e->path < METRICS_PATHS)
			d->paths[e->path]++;
	}
}

int metrics_devices(struct metrics_input *in)
{
	const struct snapshot *s = in->snapshot;
	size_t i;

	in->devices = calloc(s->n_devs + 1, sizeof(*in->devices));
	if (!in->devices)
		return -ENOMEM;
	in->n_devices = s->n_devs;
	for (i = 0; i < s->n_devs; i++) {
		struct metrics_device *d = &in->devices[i];

		d->dev = &s->devs[i];
		d->link = snapshot_link(s, d->dev->ifindex);
		if (d->link)
			memcpy(d->name, d->link->name, sizeof(d->name));
		else
			cli_ifname(d->dev->ifindex, d->name);
	}
	count_peers(in);
	count_entries(in);
	return 0;
}

static void service(struct metrics *m, const char *name, const char *help,
		    uint64_t value)
{
	const struct metric_family f = { .name = name, .help = help };

	metric_family(m, &f);
	metric_number(m, value);
}

static void version(struct metrics *m, const char *name, const char *help,
		    const char *value)
{
	const struct metric_family f = { .name = name, .help = help };

	metric_family(m, &f);
	metric_label(m, "version", value);
	metric_number(m, 1);
}

static void services(struct metrics *m, const struct snapshot *s)
{
	version(m, "dmvpn_build_info", "Version of the command that wrote this",
		DMVPN_VERSION);
	service(m, "dmvpn_kernel_up", "The kernel knows dmvpn", s->kernel);
	service(m, "dmvpn_daemon_up", "dmvpnd runs and answers", s->daemon);
	if (s->version)
		version(m, "dmvpn_daemon_info", "Version of dmvpnd",
			s->version);
	if (s->kernel)
		service(m, "dmvpn_tables_changed",
			"Tables that changed while they were read, so that numbers of this reading may be off by some",
			s->changed);
}

/**
 * struct device_metric - a metric with one value a device
 * @family: the metric
 * @of_link: needs the device's settings
 * @value: of a device
 */
struct device_metric {
	struct metric_family family;
	bool of_link;
	uint64_t (*value)(const struct metrics_device *d);
};

static uint64_t device_up(const struct metrics_device *d)
{
	return d->link->up;
}

static uint64_t device_running(const struct metrics_device *d)
{
	return d->link->running;
}

static uint64_t device_owned(const struct metrics_device *d)
{
	return d->dev->owner != 0;
}

static uint64_t device_mtu(const struct metrics_device *d)
{
	return d->link->mtu;
}

static uint64_t entries_limit(const struct metrics_device *d)
{
	return d->link->max_entries;
}

static uint64_t peers_limit(const struct metrics_device *d)
{
	return d->link->max_peers;
}

static uint64_t multicast_peers(const struct metrics_device *d)
{
	return d->dev->mcast;
}

static uint64_t multicast_limit(const struct metrics_device *d)
{
	return d->link->max_mcast;
}

static const struct device_metric device_metrics[] = {
	{ { .name = "dmvpn_device_up",
	    .help = "The device is administratively up" }, true, device_up },
	{ { .name = "dmvpn_device_running",
	    .help = "The device is up and has a carrier" },
	  true, device_running },
	{ { .name = "dmvpn_device_owned",
	    .help = "A daemon takes the requests of the device" },
	  false, device_owned },
	{ { .name = "dmvpn_device_mtu_bytes", .unit = "bytes",
	    .help = "Largest inner packet of the device" }, true, device_mtu },
	{ { .name = "dmvpn_entries_limit",
	    .help = "Most cache entries of the device" },
	  true, entries_limit },
	{ { .name = "dmvpn_peers_limit", .help = "Most peers of the device" },
	  true, peers_limit },
	{ { .name = "dmvpn_multicast_peers",
	    .help = "Peers on the multicast list" }, false, multicast_peers },
	{ { .name = "dmvpn_multicast_peers_limit",
	    .help = "Most peers on the multicast list" },
	  true, multicast_limit },
};

static void device_values(struct metrics *m, const struct metrics_input *in,
			  const struct device_metric *metric)
{
	size_t i;

	metric_family(m, &metric->family);
	for (i = 0; i < in->n_devices; i++) {
		const struct metrics_device *d = &in->devices[i];

		if (metric->of_link && !d->link)
			continue;
		metric_label(m, "device", d->name);
		metric_number(m, metric->value(d));
	}
}

static void device_info(struct metrics *m, const struct metrics_input *in)
{
	static const struct metric_family family = {
		.name = "dmvpn_device_info",
		.help = "What a device is, in its labels",
	};
	char text[16];
	size_t i;

	metric_family(m, &family);
	for (i = 0; i < in->n_devices; i++) {
		const struct metrics_device *d = &in->devices[i];

		metric_label(m, "device", d->name);
		metric_label_addr(m, "local4", &d->dev->local4);
		metric_label_addr(m, "local6", &d->dev->local6);
		snprintf(text, sizeof(text), "%u", d->dev->network_id);
		metric_label(m, "network_id", text);
		if (d->link)
			metric_label(m, "protection",
				     names_of(names_protection,
					      d->link->protection));
		metric_number(m, 1);
	}
}

/**
 * struct table_metric - numbers of rows by a word
 * @family: the metric
 * @label: of the word
 * @words: for each of these there is a value, be it 0
 * @counts: offset of the numbers in struct metrics_device
 */
struct table_metric {
	struct metric_family family;
	const char *label;
	const struct arg_word *words;
	size_t counts;
};

static const struct table_metric table_metrics[] = {
	{ { .name = "dmvpn_entries", .help = "Cache entries by type" },
	  "type", names_entry_type, offsetof(struct metrics_device, types) },
	{ { .name = "dmvpn_entries_path",
	    .help = "Cache entries by where their packets go" },
	  "path", names_path, offsetof(struct metrics_device, paths) },
	{ { .name = "dmvpn_peers",
	    .help = "Peers by the state of their security associations" },
	  "state", names_peer_state, offsetof(struct metrics_device, states) },
};

static void table_values(struct metrics *m, const struct metrics_input *in,
			 const struct table_metric *metric)
{
	const struct arg_word *word;
	size_t i;

	metric_family(m, &metric->family);
	for (i = 0; i < in->n_devices; i++) {
		const struct metrics_device *d = &in->devices[i];
		const uint32_t *counts =
			(const uint32_t *)((const char *)d + metric->counts);

		for (word = metric->words; word->name; word++) {
			metric_label(m, "device", d->name);
			metric_label(m, metric->label, word->name);
			metric_number(m, counts[word->value]);
		}
	}
}

/**
 * struct counter_metric - counters of the kernel whose names begin alike
 * @family: the metric
 * @label: of the rest of the name
 * @begin: of the names
 * @keep: the beginning is part of the label, too
 */
struct counter_metric {
	struct metric_family family;
	const char *label;
	const char *begin;
	bool keep;
};

/* A counter belongs to the first of these that its name fits. */
static const struct counter_metric counter_metrics[] = {
	{ { .name = "dmvpn_drops", .kind = METRIC_COUNTER,
	    .help = "Packets dropped, by reason" }, "reason", "tx-", true },
	{ { .name = "dmvpn_drops" }, "reason", "rx-", true },
	{ { .name = "dmvpn_drops" }, "reason", "nhrp-", true },
	{ { .name = "dmvpn_upcalls", .kind = METRIC_COUNTER,
	    .help = "Requests to the daemon, by what became of them" },
	  "result", "upcall-", false },
	{ { .name = "dmvpn_detours", .kind = METRIC_COUNTER,
	    .help = "Packets that could not be sent directly at once, by what became of them" },
	  "event", "", false },
};

static const struct counter_metric *metric_of(const char *counter)
{
	const struct counter_metric *c = counter_metrics;

	while (strncmp(counter, c->begin, strlen(c->begin)))
		c++;
	return c;
}

static void counter_value(struct metrics *m, const struct metrics_device *d,
			  const struct counter_metric *metric, int i)
{
	const char *name = counter_docs[i].name;

	metric_label(m, "device", d->name);
	metric_label(m, metric->label,
		     metric->keep ? name : name + strlen(metric->begin));
	metric_number(m, d->dev->counters[i]);
}

static void counter_values(struct metrics *m, const struct metrics_input *in,
			   const struct counter_metric *metric)
{
	size_t n;
	int i;

	metric_family(m, &metric->family);
	for (n = 0; n < in->n_devices; n++) {
		for (i = 0; i <= DMVPN_A_COUNTER_MAX; i++) {
			const char *name = counter_docs[i].name;

			/* Those of one family have one name. */
			if (name && !strcmp(metric_of(name)->family.name,
					    metric->family.name))
				counter_value(m, &in->devices[n],
					      metric_of(name), i);
		}
	}
}

void metrics_kernel(struct metrics *m, const struct metrics_input *in)
{
	size_t i;

	services(m, in->snapshot);
	for (i = 0; i < N_ELEMENTS(device_metrics); i++)
		device_values(m, in, &device_metrics[i]);
	device_info(m, in);
	for (i = 0; i < N_ELEMENTS(table_metrics); i++)
		table_values(m, in, &table_metrics[i]);
	for (i = 0; i < N_ELEMENTS(counter_metrics); i++)
		if (counter_metrics[i].family.help)
			counter_values(m, in, &counter_metrics[i]);
}
