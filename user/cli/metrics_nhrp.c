// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Metrics of NHRP, as the daemon has counted it. Names of what is counted are
 * taken from its answer, so that a new one shows without a new command.
 */
#include <json-c/json.h>
#include <string.h>

#include "cli/facts.h"
#include "cli/metric.h"
#include "cli/metrics.h"
#include "cli/snapshot.h"

/**
 * struct part - counters that are an object of the daemon's answer
 * @fact: the object's name; NULL: the numbers beside the objects
 * @direction: a label, or NULL
 */
struct part {
	const char *fact;
	const char *direction;
};

/**
 * struct nhrp_metric - a metric of NHRP
 * @family: the metric
 * @label: of what is counted
 * @parts: where it is
 */
struct nhrp_metric {
	struct metric_family family;
	const char *label;
	struct part parts[4];
};

static const struct nhrp_metric nhrp_metrics[] = {
	{ { .name = "dmvpn_nhrp_packets", .kind = METRIC_COUNTER,
	    .help = "NHRP packets by type" }, "type",
	  { { "in", "in" }, { "out", "out" }, { "forwarded", "forwarded" } } },
	{ { .name = "dmvpn_nhrp_answers", .kind = METRIC_COUNTER,
	    .help = "Answers of NHRP by code" }, "code",
	  { { "answers_in", "in" }, { "answers_out", "out" } } },
	{ { .name = "dmvpn_nhrp_errors", .kind = METRIC_COUNTER,
	    .help = "Error Indications of NHRP by code" }, "code",
	  { { "error_codes_in", "in" }, { "error_codes_out", "out" } } },
	{ { .name = "dmvpn_nhrp_refused", .kind = METRIC_COUNTER,
	    .help = "NHRP packets that were not let in, by reason" }, "reason",
	  { { "refused", NULL } } },
	{ { .name = "dmvpn_nhrp_limited", .kind = METRIC_COUNTER,
	    .help = "What went over a limit, by limit" }, "limit",
	  { { "limits", NULL } } },
	{ { .name = "dmvpn_nhrp_events", .kind = METRIC_COUNTER,
	    .help = "What else happened in NHRP" }, "event",
	  { { NULL, NULL } } },
};

/* Those that others add up to. */
static bool is_sum(const char *key)
{
	return !strcmp(key, "errors_in") || !strcmp(key, "errors_out") ||
	       !strcmp(key, "limited");
}

static void put_values(struct metrics *m, const char *device,
		       const struct nhrp_metric *metric,
		       const struct part *part, struct json_object *counters)
{
	json_object_object_foreach(counters, key, value) {
		if (!json_object_is_type(value, json_type_int) ||
		    is_sum(key) || !strcmp(key, "counted_ms"))
			continue;
		metric_label(m, "device", device);
		metric_label(m, "direction", part->direction);
		metric_label(m, metric->label, key);
		metric_number(m, json_object_get_uint64(value));
	}
}

static void put_device(struct metrics *m, struct json_object *stats,
		       const struct nhrp_metric *metric)
{
	const char *device = facts_text(stats, "ifname");
	const struct part *part;
	struct json_object *o;

	if (!metric->parts[0].fact)
		put_values(m, device, metric, &metric->parts[0], stats);
	for (part = metric->parts; part->fact; part++)
		if (json_object_object_get_ex(stats, part->fact, &o) &&
		    json_object_is_type(o, json_type_object))
			put_values(m, device, metric, part, o);
}

static void put_since(struct metrics *m, const struct metrics_input *in,
		      struct json_object *stats)
{
	struct json_object *o;

	if (!json_object_object_get_ex(stats, "counted_ms", &o))
		return;
	metric_label(m, "device", facts_text(stats, "ifname"));
	metric_seconds(m, in->now - json_object_get_uint64(o));
}

void metrics_nhrp(struct metrics *m, const struct metrics_input *in)
{
	static const struct metric_family since = {
		.name = "dmvpn_nhrp_counted_timestamp_seconds",
		.unit = "seconds",
		.help = "Since when NHRP is counted, since the epoch",
	};
	struct json_object *list = snapshot_list(in->snapshot->stats, "stats");
	size_t k, i, n = list ? json_object_array_length(list) : 0;

	metric_family(m, &since);
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (facts_about(o, in->ifname))
			put_since(m, in, o);
	}
	for (k = 0; k < sizeof(nhrp_metrics) / sizeof(nhrp_metrics[0]); k++) {
		metric_family(m, &nhrp_metrics[k].family);
		for (i = 0; i < n; i++) {
			struct json_object *o =
				json_object_array_get_idx(list, i);

			if (facts_about(o, in->ifname))
				put_device(m, o, &nhrp_metrics[k]);
		}
	}
}
