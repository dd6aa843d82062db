// SPDX-License-Identifier: GPL-2.0-or-later
/* Metrics of the servers that devices register with, as the daemon tells. */
#include <json-c/json.h>
#include <string.h>

#include "cli/facts.h"
#include "cli/metric.h"
#include "cli/metrics.h"
#include "cli/snapshot.h"

#define N_ELEMENTS(array)	(sizeof(array) / sizeof((array)[0]))

/* What makes a server another one than the next, and the labels of it. */
static const struct {
	const char *fact;
	const char *label;
} keys[] = {
	{ "ifname", "device" },
	{ "address", "nhs" },
	{ "nbma", "nbma" },
	{ "name", "name" },
};

static bool same(struct json_object *a, struct json_object *b)
{
	size_t i;

	for (i = 0; i < N_ELEMENTS(keys); i++)
		if (strcmp(facts_text(a, keys[i].fact) ?: "",
			   facts_text(b, keys[i].fact) ?: ""))
			return false;
	return true;
}

/*
 * Servers that have not told their addresses yet may look alike. A reader takes
 * nothing of a text that has one value twice, so only the first is told.
 */
static bool is_told(const struct metrics_input *in, struct json_object *list,
		    size_t n)
{
	struct json_object *nhs = json_object_array_get_idx(list, n);
	size_t i;

	if (!facts_about(nhs, in->ifname))
		return false;
	for (i = 0; i < n; i++)
		if (same(json_object_array_get_idx(list, i), nhs))
			return false;
	return true;
}

static void key(struct metrics *m, struct json_object *nhs)
{
	size_t i;

	for (i = 0; i < N_ELEMENTS(keys); i++)
		metric_label(m, keys[i].label, facts_text(nhs, keys[i].fact));
}

static void up_value(struct metrics *m, struct json_object *nhs)
{
	const char *state = facts_text(nhs, "state");

	key(m, nhs);
	metric_number(m, state && !strcmp(state, "UP"));
}

static void state_values(struct metrics *m, struct json_object *nhs)
{
	static const char *const states[] = { "PROBE", "UP", "DOWN", "WAIT" };
	const char *state = facts_text(nhs, "state") ?: "";
	size_t i;

	for (i = 0; i < N_ELEMENTS(states); i++) {
		key(m, nhs);
		metric_label(m, "state", states[i]);
		metric_number(m, !strcmp(states[i], state));
	}
}

/* A fact that is no number, as of a server never heard, has no value. */
static bool number(struct json_object *nhs, const char *fact, uint64_t *value)
{
	struct json_object *o;

	if (!json_object_object_get_ex(nhs, fact, &o) ||
	    !json_object_is_type(o, json_type_int))
		return false;
	*value = json_object_get_uint64(o);
	return true;
}

static void failures_value(struct metrics *m, struct json_object *nhs)
{
	uint64_t n;

	if (!number(nhs, "failures", &n))
		return;
	key(m, nhs);
	metric_number(m, n);
}

/**
 * struct nhs_metric - a metric of servers
 * @family: the metric
 * @put: writes the values of a server; or NULL
 * @past: the fact that tells how long ago it was, or NULL
 * @future: the fact that tells in what time it will be, or NULL
 */
struct nhs_metric {
	struct metric_family family;
	void (*put)(struct metrics *m, struct json_object *nhs);
	const char *past;
	const char *future;
};

static const struct nhs_metric nhs_metrics[] = {
	{ .family = { .name = "dmvpn_nhs_up",
		      .help = "The device is registered with the server" },
	  .put = up_value },
	{ .family = { .name = "dmvpn_nhs_state",
		      .help = "1 for the state that the server is in" },
	  .put = state_values },
	{ .family = { .name = "dmvpn_nhs_failures",
		      .help = "Requests in a row that had no good answer" },
	  .put = failures_value },
	{ .family = { .name = "dmvpn_nhs_registered_timestamp_seconds",
		      .unit = "seconds",
		      .help = "Since when it is registered, since the epoch" },
	  .past = "registered_ms" },
	{ .family = { .name = "dmvpn_nhs_reply_timestamp_seconds",
		      .unit = "seconds",
		      .help = "When the server answered last, since the epoch" },
	  .past = "last_reply_ms" },
	{ .family = { .name = "dmvpn_nhs_expires_timestamp_seconds",
		      .unit = "seconds",
		      .help = "When the registration ends unless it is renewed, since the epoch" },
	  .future = "expires_ms" },
};

static void put(struct metrics *m, const struct metrics_input *in,
		struct json_object *nhs, const struct nhs_metric *metric)
{
	uint64_t ms;

	if (metric->put) {
		metric->put(m, nhs);
	} else if (metric->past && number(nhs, metric->past, &ms)) {
		key(m, nhs);
		metric_seconds(m, in->now - ms);
	} else if (metric->future && number(nhs, metric->future, &ms)) {
		key(m, nhs);
		metric_seconds(m, in->now + ms);
	}
}

void metrics_nhs(struct metrics *m, const struct metrics_input *in)
{
	struct json_object *list = snapshot_list(in->snapshot->nhs, "nhs");
	size_t k, i, n = list ? json_object_array_length(list) : 0;

	for (k = 0; k < N_ELEMENTS(nhs_metrics); k++) {
		metric_family(m, &nhs_metrics[k].family);
		for (i = 0; i < n; i++)
			if (is_told(in, list, i))
				put(m, in, json_object_array_get_idx(list, i),
				    &nhs_metrics[k]);
	}
}
