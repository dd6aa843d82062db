// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket's answer about the counters of NHRP. */
#include "daemon/ctl_stats.h"

#include "daemon/daemon.h"
#include "daemon/json.h"
#include "nhrp/print.h"

static struct json_object *by_type(const uint64_t *counts)
{
	struct json_object *o = json_object_new_object();
	unsigned int type;
	char key[64];

	for (type = NHRP_RESOLUTION_REQUEST; type < NH_STATS_TYPES; type++) {
		nh_json_key(key, sizeof(key), nhrp_type_name(type));
		nh_json_number(o, key, counts[type]);
	}
	return o;
}

static uint64_t sum(const uint64_t *counts, unsigned int n)
{
	uint64_t total = 0;

	while (n--)
		total += counts[n];
	return total;
}

/* A code that has no name of its own is counted among the unknown ones. */
static void add_named(struct json_object *o, const char *words, uint64_t n)
{
	struct json_object *old;
	char key[64];

	nh_json_key(key, sizeof(key), words);
	if (json_object_object_get_ex(o, key, &old))
		n += json_object_get_uint64(old);
	nh_json_number(o, key, n);
}

static struct json_object *by_code(const uint64_t *counts)
{
	struct json_object *o = json_object_new_object();
	unsigned int code;

	for (code = 0; code < NH_STATS_CODES; code++)
		add_named(o, code ? nhrp_code_name(code) : "ok", counts[code]);
	return o;
}

static struct json_object *by_error(const uint64_t *counts)
{
	struct json_object *o = json_object_new_object();
	unsigned int code;

	for (code = 0; code < NH_STATS_ERRORS; code++)
		add_named(o, nhrp_error_name(code), counts[code]);
	return o;
}

static struct json_object *by_reason(const uint64_t *counts)
{
	struct json_object *o = json_object_new_object();
	unsigned int reason;

	for (reason = NHRP_OK + 1; reason < NHRP_R_COUNT_; reason++)
		add_named(o, nhrp_reason_text((enum nhrp_reason)reason),
			  counts[reason]);
	return o;
}

static struct json_object *by_limit(const uint64_t *counts)
{
	struct json_object *o = json_object_new_object();
	unsigned int limit;

	for (limit = 0; limit < NH_L_MAX; limit++)
		nh_json_number(o, nh_limit_name((enum nh_limit)limit),
			       counts[limit]);
	return o;
}

static struct json_object *stats_facts(const struct nh_iface *iface)
{
	struct json_object *o = json_object_new_object();
	const struct nh_stats *s = &iface->stats;
	unsigned int i;

	nh_json_text(o, "ifname", iface->conf->name);
	nh_json_number(o, "counted_ms", nh_loop_now(iface->loop) - s->since);
	json_object_object_add(o, "in", by_type(s->in));
	json_object_object_add(o, "out", by_type(s->out));
	json_object_object_add(o, "forwarded", by_type(s->forwarded));
	json_object_object_add(o, "answers_in", by_code(s->answers_in));
	json_object_object_add(o, "answers_out", by_code(s->answers_out));
	nh_json_number(o, "errors_in", sum(s->errors_in, NH_STATS_ERRORS));
	nh_json_number(o, "errors_out", sum(s->errors_out, NH_STATS_ERRORS));
	json_object_object_add(o, "error_codes_in", by_error(s->errors_in));
	json_object_object_add(o, "error_codes_out", by_error(s->errors_out));
	for (i = 0; i < NH_C_MAX; i++)
		nh_json_number(o, nh_counter_name((enum nh_counter)i),
			       s->count[i]);
	json_object_object_add(o, "refused", by_reason(s->refused));
	json_object_object_add(o, "limits", by_limit(s->limited));
	return o;
}

const char *nh_ctl_stats(struct nh_daemon *daemon, struct json_object *request,
			 struct json_object *reply)
{
	struct json_object *list = json_object_new_array();
	const struct nh_iface *iface;

	(void)request;
	LIST_FOREACH(iface, &daemon->ifaces, link)
		json_object_array_add(list, stats_facts(iface));
	json_object_object_add(reply, "stats", list);
	return NULL;
}
