// SPDX-License-Identifier: GPL-2.0-or-later
/* The control socket's answer about what happened lately. */
#include "daemon/ctl_events.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/daemon.h"
#include "daemon/events.h"
#include "daemon/json.h"

/**
 * struct wanted - which events are
 * @dev: of this device, or NULL
 * @peer: about this NBMA address, or empty
 * @after: with a greater number
 * @count: so many of the last, at most
 */
struct wanted {
	const char *dev;
	struct nh_addr peer;
	uint64_t after;
	uint64_t count;
};

static const char *read_request(struct json_object *request,
				struct wanted *wanted)
{
	const char *peer = nh_json_get_text(request, "peer");

	*wanted = (struct wanted){
		.dev = nh_json_get_text(request, "dev"),
		.count = UINT64_MAX,
	};
	if (peer && nh_addr_parse(&wanted->peer, peer))
		return "peer: expected an address";
	if (nh_json_get_number(request, "after", &wanted->after))
		return "after: expected a number";
	if (nh_json_get_number(request, "count", &wanted->count))
		return "count: expected a number";
	return NULL;
}

static bool matches(const struct nh_event *ev, const struct wanted *wanted)
{
	return ev->seq > wanted->after &&
	       (!wanted->dev || strcmp(wanted->dev, ev->dev) == 0) &&
	       (!nh_addr_is_set(&wanted->peer) ||
		nh_addr_equal(&wanted->peer, &ev->peer));
}

static struct json_object *event_facts(const struct nh_event *ev, uint64_t now)
{
	struct json_object *o = json_object_new_object();
	char text[NH_PREFIX_STRLEN];

	nh_json_number(o, "seq", ev->seq);
	nh_json_number(o, "age_ms", now - ev->last);
	nh_json_number(o, "first_ms", now - ev->first);
	nh_json_number(o, "count", ev->count);
	nh_json_text(o, "ifname", ev->dev);
	nh_json_text(o, "event", nh_event_name((enum nh_event_kind)ev->kind));
	nh_json_text(o, "result", nh_event_result(ev));
	nh_json_addr(o, "nbma", &ev->peer);
	if (nh_prefix_is_host(&ev->prefix))
		nh_json_addr(o, "about", &ev->prefix.addr);
	else
		nh_json_text(o, "about",
			     nh_addr_is_set(&ev->prefix.addr) ?
			     nh_prefix_format(&ev->prefix, text,
					      sizeof(text)) : NULL);
	return o;
}

const char *nh_ctl_events(struct nh_daemon *daemon,
			  struct json_object *request,
			  struct json_object *reply)
{
	struct json_object *list = json_object_new_array();
	uint64_t now = nh_loop_now(daemon->loop), n = 0;
	const struct nh_event *ev;
	struct wanted wanted;
	const char *why;

	json_object_object_add(reply, "events", list);
	why = read_request(request, &wanted);
	if (why)
		return why;
	for (ev = NULL; (ev = nh_events_next(ev));)
		n += matches(ev, &wanted);
	for (ev = NULL; (ev = nh_events_next(ev));)
		if (matches(ev, &wanted) && n-- <= wanted.count)
			json_object_array_add(list, event_facts(ev, now));
	nh_json_number(reply, "seq", nh_events_seq());
	nh_json_number(reply, "lost", nh_events_lost());
	nh_json_number(reply, "began", nh_events_began());
	return NULL;
}
