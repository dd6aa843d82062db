// SPDX-License-Identifier: GPL-2.0-or-later
/* What the log is to have in it, by the control socket. */
#include "daemon/ctl_debug.h"

#include <string.h>

#include "daemon/daemon.h"
#include "daemon/json.h"
#include "lib/log.h"

/**
 * struct wish - what is to be changed
 * @level: enum nh_log_level
 * @clear: all conditions end
 * @remove: @condition are taken back
 * @condition: those named
 * @n: their number
 */
struct wish {
	enum nh_log_level level;
	bool clear;
	bool remove;
	struct nh_log_condition condition[3];
	size_t n;
};

static const char *read_peer(struct wish *wish, const char *text)
{
	struct nh_log_condition *c = &wish->condition[wish->n];
	struct nh_addr addr;

	if (strcmp(text, "all") == 0) {
		wish->clear = true;
		return NULL;
	}
	if (nh_addr_parse(&addr, text))
		return "peer: expected an address or \"all\"";
	c->kind = NH_LOG_PEER;
	nh_prefix_make(&c->prefix, &addr, nh_addr_bits(&addr));
	wish->n++;
	return NULL;
}

static const char *read_wish(struct wish *wish, struct json_object *request)
{
	const char *level = nh_json_get_text(request, "level");
	const char *peer = nh_json_get_text(request, "peer");
	const char *tunnel = nh_json_get_text(request, "tunnel");
	const char *dev = nh_json_get_text(request, "dev");
	struct nh_log_condition *c;
	const char *why = NULL;
	struct json_object *o;

	*wish = (struct wish){ .level = nh_log_get_level() };
	if (level && nh_log_level_parse(&wish->level, level))
		return "level: expected error, warning, info or debug";
	if (json_object_object_get_ex(request, "remove", &o))
		wish->remove = json_object_get_boolean(o);
	if (peer)
		why = read_peer(wish, peer);
	if (tunnel) {
		c = &wish->condition[wish->n++];
		c->kind = NH_LOG_TUNNEL;
		if (nh_prefix_parse(&c->prefix, tunnel, NULL))
			why = "tunnel: expected an address block";
	}
	if (dev) {
		c = &wish->condition[wish->n++];
		c->kind = NH_LOG_DEV;
		if (strlen(dev) < sizeof(c->dev))
			memcpy(c->dev, dev, strlen(dev));
		else
			why = "dev: expected the name of a device";
	}
	return why;
}

static const char *carry_out(const struct wish *wish)
{
	const struct nh_log_condition *list;
	size_t i;

	for (i = 0; wish->remove && i < wish->n; i++)
		if (!nh_log_condition_has(&wish->condition[i]))
			return "remove: there is no such condition";
	if (wish->clear)
		nh_log_condition_clear();
	if (!wish->remove &&
	    nh_log_condition_list(&list) + wish->n > NH_LOG_CONDITIONS_MAX)
		return "too many conditions; \"peer all\" ends them";
	for (i = 0; i < wish->n; i++) {
		if (wish->remove)
			nh_log_condition_del(&wish->condition[i]);
		else
			nh_log_condition_add(&wish->condition[i]);
	}
	nh_log_set_level(wish->level);
	return NULL;
}

static void tell(struct json_object *reply)
{
	static const char *const keys[] = {
		[NH_LOG_PEER] = "peers",
		[NH_LOG_TUNNEL] = "tunnels",
		[NH_LOG_DEV] = "devices",
	};
	const size_t kinds = sizeof(keys) / sizeof(keys[0]);
	struct json_object *lists[sizeof(keys) / sizeof(keys[0])];
	const struct nh_log_condition *c;
	char text[NH_PREFIX_STRLEN];
	size_t i, n = nh_log_condition_list(&c);

	nh_json_text(reply, "level", nh_log_level_name(nh_log_get_level()));
	for (i = 0; i < kinds; i++) {
		lists[i] = json_object_new_array();
		json_object_object_add(reply, keys[i], lists[i]);
	}
	for (i = 0; i < n; i++, c++) {
		const char *name = c->dev;

		if (c->kind == NH_LOG_PEER)
			name = nh_addr_format(&c->prefix.addr, text,
					      sizeof(text));
		else if (c->kind == NH_LOG_TUNNEL)
			name = nh_prefix_format(&c->prefix, text,
						sizeof(text));
		json_object_array_add(lists[c->kind],
				      json_object_new_string(name));
	}
}

const char *nh_ctl_debug(struct nh_daemon *daemon, struct json_object *request,
			 struct json_object *reply)
{
	const char *why;
	struct wish wish;

	(void)daemon;
	why = read_wish(&wish, request);
	if (!why)
		why = carry_out(&wish);
	if (!why)
		tell(reply);
	return why;
}
