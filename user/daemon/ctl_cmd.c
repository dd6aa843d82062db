// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commands of the control socket, as JSON.
 *
 * Each object about a device has its name as "ifname". Keys that end in "_ms"
 * are milliseconds. A fact that does not exist is null, so that the objects of
 * a list have the same keys.
 */
#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "daemon/ctl.h"
#include "daemon/ctl_clear.h"
#include "daemon/ctl_debug.h"
#include "daemon/ctl_events.h"
#include "daemon/ctl_ipsec.h"
#include "daemon/ctl_stats.h"
#include "daemon/daemon.h"
#include "daemon/json.h"
#include "lib/log.h"
#include "lib/version.h"
#include "nhrp/print.h"

struct command {
	const char *name;
	/* Adds to @reply; NULL, or what is wrong with @request. */
	const char *(*run)(struct nh_daemon *daemon,
			   struct json_object *request,
			   struct json_object *reply);
};

/* What is registered with a server beside the tunnel address; or refused. */
static void extra_facts(struct json_object *o, const struct nh_nhs *nhs)
{
	struct json_object *held = json_object_new_array();
	struct json_object *refused = json_object_new_array();
	char prefix[NH_PREFIX_STRLEN], text[128];
	size_t i;

	for (i = 0; nhs->reached && i < nhs->nextra; i++) {
		const struct nh_extra *extra = &nhs->extra[i];

		nh_prefix_format(&extra->prefix, prefix, sizeof(prefix));
		snprintf(text, sizeof(text), "%s: %s", prefix,
			 nhrp_code_name(extra->code));
		if (extra->held)
			json_object_array_add(held,
					      json_object_new_string(prefix));
		else if (extra->answered)
			json_object_array_add(refused,
					      json_object_new_string(text));
	}
	json_object_object_add(o, "also_registered", held);
	json_object_object_add(o, "also_refused", refused);
}

static struct json_object *nhs_facts(const struct nh_iface *iface,
				     const struct nh_nhs *nhs)
{
	uint64_t now = nh_loop_now(iface->loop);
	bool up = nhs->state == NH_NHS_UP;
	struct json_object *o = json_object_new_object();

	nh_json_text(o, "ifname", iface->conf->name);
	nh_json_addr(o, "address", &nhs->conf.proto);
	nh_json_addr(o, "nbma", &nhs->conf.nbma);
	nh_json_text(o, "name", nhs->conf.name[0] ? nhs->conf.name : NULL);
	nh_json_text(o, "state", nh_nhs_state_name(nhs->state));
	nh_json_number(o, "priority", nhs->conf.priority);
	nh_json_number(o, "cluster", nhs->conf.cluster);
	nh_json_since(o, "registered_ms", now, up ? nhs->up_since : 0);
	nh_json_until(o, "expires_ms", now, up ? nhs->expires : 0);
	nh_json_until(o, "fallback_ms", now,
		      nhs->returning ? nhs->back.due : 0);
	nh_json_since(o, "last_request_ms", now, nhs->last_request);
	nh_json_since(o, "last_reply_ms", now, nhs->last_reply);
	nh_json_until(o, "next_request_ms", now,
		      nh_timer_is_set(&nhs->timer) ? nhs->timer.due : 0);
	nh_json_number(o, "failures", nhs->failures);
	nh_json_text(o, "answer", nhs->last_reply ? nhrp_code_name(nhs->code) :
		 NULL);
	extra_facts(o, nhs);
	return o;
}

static const char *cmd_nhs(struct nh_daemon *daemon,
			   struct json_object *request,
			   struct json_object *reply)
{
	struct json_object *list = json_object_new_array();
	const struct nh_iface *iface;
	const struct nh_nhs *nhs;

	(void)request;
	LIST_FOREACH(iface, &daemon->ifaces, link)
		LIST_FOREACH(nhs, &iface->nhs, link)
			json_object_array_add(list, nhs_facts(iface, nhs));
	json_object_object_add(reply, "nhs", list);
	return NULL;
}

static const char *cmd_groups(struct nh_daemon *daemon,
			      struct json_object *request,
			      struct json_object *reply)
{
	struct json_object *list = json_object_new_array(), *o;
	const struct nh_iface *iface;
	const struct nh_group *group;
	size_t i;

	(void)request;
	LIST_FOREACH(iface, &daemon->ifaces, link) {
		for (i = 0; i < NH_GROUP_BUCKETS; i++) {
			LIST_FOREACH(group, &iface->groups.bucket[i], link) {
				o = json_object_new_object();
				nh_json_text(o, "ifname", iface->conf->name);
				nh_json_addr(o, "address", &group->proto);
				nh_json_addr(o, "nbma", &group->ep.nbma);
				nh_json_number(o, "if_id", group->ep.if_id);
				nh_json_text(o, "group", group->name);
				json_object_array_add(list, o);
			}
		}
	}
	json_object_object_add(reply, "groups", list);
	return NULL;
}

static const char *cmd_ipsec(struct nh_daemon *daemon,
			     struct json_object *request,
			     struct json_object *reply)
{
	(void)request;
	nh_ctl_ipsec(daemon, reply);
	return NULL;
}

static struct json_object *request_facts(const struct nh_iface *iface,
					 const struct nh_request *req)
{
	struct json_object *o = json_object_new_object();
	char key[64];

	nh_json_key(key, sizeof(key), nhrp_type_name(req->ops->type));
	nh_json_text(o, "ifname", iface->conf->name);
	nh_json_text(o, "type", key);
	nh_json_addr(o, "target", &req->target);
	nh_json_addr(o, "server", &req->server.nbma);
	nh_json_number(o, "request_id", req->id);
	nh_json_number(o, "sent", req->sent);
	nh_json_number(o, "age_ms", nh_loop_now(iface->loop) - req->started);
	return o;
}

static const char *cmd_requests(struct nh_daemon *daemon,
				struct json_object *request,
				struct json_object *reply)
{
	struct json_object *list = json_object_new_array();
	const struct nh_iface *iface;
	const struct nh_request *req;
	uint64_t delayed = 0;

	(void)request;
	LIST_FOREACH(iface, &daemon->ifaces, link) {
		delayed += iface->delayed.n;
		LIST_FOREACH(req, &iface->requests.list, link)
			json_object_array_add(list,
					      request_facts(iface, req));
	}
	json_object_object_add(reply, "requests", list);
	nh_json_number(reply, "delayed", delayed);
	return NULL;
}

static const char *cmd_version(struct nh_daemon *daemon,
			       struct json_object *request,
			       struct json_object *reply)
{
	(void)daemon;
	(void)request;
	nh_json_text(reply, "version", DMVPN_VERSION);
	return NULL;
}

static const char *cmd_reload(struct nh_daemon *daemon,
			      struct json_object *request,
			      struct json_object *reply)
{
	int err = nh_daemon_reload(daemon);

	(void)request;
	(void)reply;
	if (err == -ESHUTDOWN)
		return "the daemon is ending, the configuration is not read again";
	return err ? "configuration refused or not carried out, see the log" :
	       NULL;
}

static const struct command commands[] = {
	{ "nhs", cmd_nhs },
	{ "groups", cmd_groups },
	{ "ipsec", cmd_ipsec },
	{ "stats", nh_ctl_stats },
	{ "requests", cmd_requests },
	{ "events", nh_ctl_events },
	{ "clear", nh_ctl_clear },
	{ "debug", nh_ctl_debug },
	{ "version", cmd_version },
	{ "reload", cmd_reload },
};

static const char *run(struct nh_daemon *daemon, struct json_object *request,
		       struct json_object *reply)
{
	const char *name;
	size_t i;

	if (!json_object_is_type(request, json_type_object))
		return "expected a JSON object";
	name = nh_json_get_text(request, "cmd");
	if (!name)
		return "expected a member \"cmd\"";
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return commands[i].run(daemon, request, reply);
	return "unknown command";
}

static struct json_object *parse(const char *line, size_t len)
{
	struct json_tokener *tok = json_tokener_new();
	struct json_object *o;

	if (!tok)
		return NULL;
	o = json_tokener_parse_ex(tok, line, (int)len);
	if (json_tokener_get_error(tok) != json_tokener_success) {
		json_object_put(o);
		o = NULL;
	}
	json_tokener_free(tok);
	return o;
}

char *nh_ctl_answer(struct nh_daemon *daemon, const char *line, size_t len)
{
	struct json_object *request = parse(line, len);
	struct json_object *reply = json_object_new_object();
	const char *why, *text;
	char *answer = NULL;

	if (!reply) {
		json_object_put(request);
		return NULL;
	}
	json_object_object_add(reply, "ok", json_object_new_boolean(true));
	why = run(daemon, request, reply);
	if (why) {
		json_object_put(reply);
		reply = json_object_new_object();
		json_object_object_add(reply, "ok",
				       json_object_new_boolean(false));
		nh_json_text(reply, "error", why);
	}
	text = json_object_to_json_string_ext(reply, JSON_C_TO_STRING_PLAIN);
	if (!text || asprintf(&answer, "%s\n", text) < 0)
		answer = NULL;
	json_object_put(request);
	json_object_put(reply);
	return answer;
}
