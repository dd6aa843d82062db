// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn events: what dmvpnd remembers of what happened in the protocol. */
#include <json-c/json.h>
#include <poll.h>
#include <time.h>

#include "cli/cmd.h"
#include "cli/ctl.h"
#include "cli/facts.h"
#include "cli/print.h"
#include "cli/target.h"

#define POLL_MS	500

enum events_arg {
	EVENTS_PEER,
	EVENTS_DEV,
	EVENTS_COUNT,
	EVENTS_FOLLOW,
	EVENTS_FOR,
};

static const struct arg args[] = {
	{ .name = "peer", .kind = ARG_ADDR, .offer = OFFER_PEER,
	  .doc = "only those about this NBMA address" },
	TARGET_DEVS,
	{ .name = "count", .kind = ARG_NUMBER, .min = 1, .max = UINT32_MAX,
	  .doc = "only so many, the last" },
	{ .name = "follow", .kind = ARG_FLAG,
	  .doc = "go on with those that come, a line each" },
	{ .name = "for", .kind = ARG_NUMBER, .value = "SECONDS",
	  .max = 86400 * 365, .doc = "with follow: end after so many seconds" },
	{ .name = NULL },
};

static uint64_t now_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static uint64_t number_in(struct json_object *reply, const char *key)
{
	struct json_object *o;

	return json_object_object_get_ex(reply, key, &o) ?
	       json_object_get_uint64(o) : 0;
}

static void print_time(struct print *p, uint64_t age, const char *heading)
{
	uint64_t ms = now_ms(CLOCK_REALTIME) - age;
	char text[32] = "";
	time_t s = ms / 1000;
	struct tm tm;

	localtime_r(&s, &tm);
	strftime(text, sizeof(text), "%m-%d %H:%M:%S", &tm);
	print_number(p, "time_ms", NULL, ms);
	print_text(p, NULL, heading, text);
}

/* For text: without what only programs need, and a text where none is. */
static void shorten(struct json_object *event)
{
	static const char *const texts[] = { "result", "nbma", "about" };
	struct json_object *o;
	size_t i;

	json_object_object_del(event, "seq");
	json_object_object_del(event, "age_ms");
	json_object_object_del(event, "first_ms");
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (json_object_object_get_ex(event, texts[i], &o) && !o)
			json_object_object_add(event, texts[i],
					       json_object_new_string("-"));
}

static void print_event(struct cli *cli, struct print *p,
			struct json_object *event)
{
	bool lines = cli->args.v[EVENTS_FOLLOW].set;

	print_row(p);
	print_time(p, number_in(event, "age_ms"), lines ? "" : "TIME");
	if (!cli->json)
		shorten(event);
	facts_print(p, event, !lines);
}

static void print_lost(struct print *p)
{
	print_row(p);
	print_time(p, 0, "");
	print_word(p, "event", "", "lost",
		   "events were lost: there were more than dmvpnd remembers");
}

static int ask(struct cli *cli, uint64_t after, struct json_object **reply)
{
	const struct arg_value *v = cli->args.v;
	struct json_object *request = json_object_new_object();
	int code;

	if (!request || ctl_add_text(request, "cmd", "events") ||
	    (v[EVENTS_PEER].set &&
	     ctl_add_text(request, "peer", v[EVENTS_PEER].text)) ||
	    (v[EVENTS_DEV].set &&
	     ctl_add_text(request, "dev", v[EVENTS_DEV].text)) ||
	    (v[EVENTS_COUNT].set && !after &&
	     ctl_add(request, "count",
		     json_object_new_uint64(v[EVENTS_COUNT].number))) ||
	    (after &&
	     ctl_add(request, "after", json_object_new_uint64(after)))) {
		json_object_put(request);
		return cli_fail(cli, CLI_REFUSED, "out of memory");
	}
	code = ctl_request(cli, request, false, reply);
	json_object_put(request);
	return code;
}

/**
 * struct position - how far the events are read
 * @seq: number of the last one, or 0
 * @began: tells the daemon that counts from one that was there before
 * @lost: the daemon had forgotten some before they were read
 */
struct position {
	uint64_t seq;
	uint64_t began;
	bool lost;
};

/* What came after @at; @list belongs to @reply. */
static int fetch(struct cli *cli, struct position *at,
		 struct json_object **reply, struct json_object **list)
{
	struct json_object *last;
	uint64_t began;
	int code;

	code = ask(cli, at->seq, reply);
	if (code)
		return code;
	began = number_in(*reply, "began");
	/* Another daemon counts from 1 again. */
	if (at->seq && began != at->began) {
		json_object_put(*reply);
		*at = (struct position){ .began = began };
		code = ask(cli, 0, reply);
		if (code)
			return code;
	}
	at->began = began;
	if (!json_object_object_get_ex(*reply, "events", list) ||
	    !json_object_is_type(*list, json_type_array) ||
	    !json_object_object_get_ex(*reply, "seq", &last)) {
		json_object_put(*reply);
		return cli_fail(cli, CLI_REFUSED, "dmvpnd: senseless answer");
	}
	at->lost = number_in(*reply, "lost") > at->seq;
	at->seq = json_object_get_uint64(last);
	return 0;
}

static void print_list(struct cli *cli, struct print *p,
		       struct json_object *list)
{
	size_t i, n = json_object_array_length(list);

	for (i = 0; p && i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (facts_about(o, NULL))
			print_event(cli, p, o);
	}
}

static int follow(struct cli *cli, struct print *p, struct position *at)
{
	const struct arg_value *v = cli->args.v;
	struct json_object *reply, *list;
	uint64_t end = UINT64_MAX;
	int code;

	if (v[EVENTS_FOR].set)
		end = now_ms(CLOCK_MONOTONIC) + v[EVENTS_FOR].number * 1000;
	while (now_ms(CLOCK_MONOTONIC) < end) {
		if (print_flush(p))
			return CLI_REFUSED;
		poll(NULL, 0, POLL_MS);
		code = fetch(cli, at, &reply, &list);
		if (code)
			return code;
		if (at->lost)
			print_lost(p);
		print_list(cli, p, list);
		json_object_put(reply);
	}
	return CLI_OK;
}

static int run(struct cli *cli)
{
	const struct arg_value *v = cli->args.v;
	struct json_object *reply, *list;
	struct position at = { 0 };
	uint32_t ifindex;
	struct print *p;
	int code = 0, err;

	if (v[EVENTS_FOR].set && !v[EVENTS_FOLLOW].set)
		return cli_fail(cli, CLI_USAGE,
				"for: only together with follow");
	if (v[EVENTS_DEV].set)
		code = cli_dmvpn_link(cli, v[EVENTS_DEV].text, &ifindex);
	if (!code)
		code = fetch(cli, &at, &reply, &list);
	if (code)
		return code;
	p = print_new(cli->out, cli->json,
		      v[EVENTS_FOLLOW].set ? PRINT_LINE : PRINT_TABLE);
	print_list(cli, p, list);
	json_object_put(reply);
	if (p && v[EVENTS_FOLLOW].set)
		code = follow(cli, p, &at);
	err = cli_end(cli, p);
	return code ? code : err;
}

const struct cmd cmd_events = {
	.name = "events",
	.args = args,
	.run = run,
	.json = true,
	.doc = "show what happened lately in the protocol",
};
