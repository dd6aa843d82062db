// SPDX-License-Identifier: GPL-2.0-or-later
/* The ring of events: what is noted, what is folded, what is pushed out. */
#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/ctl.h"
#include "daemon/daemon.h"
#include "daemon/dispatch.h"
#include "daemon/events.h"
#include "tests/fake.h"

static struct fake_net *net;
static struct fake_node *hub, *s1, *s2;
static struct nh_iface *iface;

#define SPOKE(n) \
	"[Tunnel]\nName=tun" #n "\nSource=192.0.2." #n \
	"\nAddress=10.0.0." #n "/24\n" \
	"Protection=none\n[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"

static int setup(void **state)
{
	(void)state;
	nh_events_clear();
	net = fake_net_new();
	hub = fake_node(net, "192.0.2.1",
			"[Tunnel]\nName=tun1\nSource=192.0.2.1\n"
			"Address=10.0.0.1/24\nProtection=none\n");
	iface = hub->iface;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	nh_events_clear();
	return 0;
}

static size_t count(void)
{
	const struct nh_event *ev = NULL;
	size_t n = 0;

	while ((ev = nh_events_next(ev)))
		n++;
	return n;
}

/* The last event of a kind on a device; its kind and result as text. */
static const struct nh_event *last(const char *dev, enum nh_event_kind kind)
{
	const struct nh_event *ev = NULL, *found = NULL;

	while ((ev = nh_events_next(ev)))
		if (ev->kind == kind && strcmp(ev->dev, dev) == 0)
			found = ev;
	return found;
}

static void about(const struct nh_event *ev, const char *peer,
		  const char *prefix, const char *result)
{
	char text[NH_PREFIX_STRLEN];

	assert_non_null(ev);
	assert_string_equal(nh_addr_format(&ev->peer, text, sizeof(text)),
			    peer);
	assert_string_equal(nh_prefix_format(&ev->prefix, text, sizeof(text)),
			    prefix);
	if (result)
		assert_string_equal(nh_event_result(ev), result);
	else
		assert_null(nh_event_result(ev));
}

static void note(enum nh_event_kind kind, unsigned int code, uint32_t peer,
		 uint32_t proto)
{
	struct nh_addr p = { AF_INET, 4, { 198, 51, (uint8_t)(peer >> 8),
					   (uint8_t)peer } };
	struct nh_addr a = { AF_INET, 4, { 10, 9, (uint8_t)(proto >> 8),
					   (uint8_t)proto } };

	nh_event(iface, kind, code, &p, &a);
}

static void test_fold(void **state)
{
	const struct nh_event *ev;
	unsigned int i;

	(void)state;
	for (i = 0; i < 1000; i++) {
		note(NH_EV_REFUSED, 5, 1, 1);
		nh_loop_advance(net->loop, 10);
	}
	note(NH_EV_REFUSED, 6, 1, 1);
	note(NH_EV_ERROR_SENT, 5, 1, 1);
	note(NH_EV_REFUSED, 5, 2, 1);
	assert_int_equal(count(), 4);
	ev = nh_events_next(NULL);
	assert_int_equal(ev->count, 1000);
	assert_int_equal(ev->last - ev->first, 9990);
	assert_int_equal(ev->seq, 1000);
	assert_int_equal(nh_events_seq(), 1003);
	/* The one that happened again is the last. */
	note(NH_EV_REFUSED, 5, 1, 1);
	ev = nh_events_next(NULL);
	assert_int_equal(ev->code, 6);
	assert_int_equal(last("tun1", NH_EV_REFUSED)->count, 1001);
	/* Much later it is an event of its own. */
	nh_loop_advance(net->loop, NH_EVENTS_FOLD_MS);
	note(NH_EV_REFUSED, 5, 1, 1);
	assert_int_equal(count(), 5);
	assert_int_equal(last("tun1", NH_EV_REFUSED)->count, 1);
}

/* Neither who asks for ever new addresses nor who has ever new addresses
 * pushes out what others did.
 */
static void test_flood(void **state)
{
	uint64_t before = nh_events_seq();
	uint32_t i;

	(void)state;
	note(NH_EV_REGISTERED, 0, 1, 1);
	for (i = 0; i < 5000; i++)
		note(NH_EV_ANSWERED, 0, 2, i);
	assert_int_equal(count(), 1 + NH_EVENTS_PEER);
	assert_int_equal(nh_events_lost(), before);
	about(last("tun1", NH_EV_ANSWERED), "198.51.0.2", "10.9.19.135/32",
	      NULL);
	assert_int_equal(last("tun1", NH_EV_ANSWERED)->count,
			 5000 - NH_EVENTS_PEER + 1);
	for (i = 0; i < 5000; i++)
		note(NH_EV_REFUSED, 1, i, 1);
	assert_int_equal(count(), 1 + NH_EVENTS_PEER + NH_EVENTS_KIND);
	about(nh_events_next(NULL), "198.51.0.1", "10.9.0.1/32", NULL);
	/* Of 5000 of that kind the last ones are there, and all of others. */
	assert_int_equal(nh_events_lost(), nh_events_seq() - NH_EVENTS_KIND);
	/* The youngest of that kind are left. */
	about(last("tun1", NH_EV_REFUSED), "198.51.19.135", "10.9.0.1/32",
	      "shorter than the fixed header");
	/* Of all kinds together there are no more than fit. */
	for (i = 0; i < 300; i++) {
		note(NH_EV_PURGED, 0, i, 1);
		note(NH_EV_MOVED, 0, i, 1);
		note(NH_EV_PEER, 3, i, 1);
		note(NH_EV_NHS, NH_NHS_UP, i, 1);
	}
	assert_int_equal(count(), NH_EVENTS_MAX);
	nh_events_clear();
	assert_int_equal(count(), 0);
	note(NH_EV_PURGED, 0, 1, 1);
	assert_int_equal(count(), 1);
}

static void test_names(void **state)
{
	struct nh_event ev = { .kind = 0 };
	unsigned int code;

	(void)state;
	for (; ev.kind < NH_EV_MAX; ev.kind++) {
		assert_non_null(nh_event_name((enum nh_event_kind)ev.kind));
		ev.code = 1;
		assert_true(!nh_event_result(&ev) || *nh_event_result(&ev));
	}
	ev.kind = NH_EV_LIMITED;
	for (code = 0; code < NH_L_MAX; code++) {
		ev.code = (uint16_t)code;
		assert_non_null(nh_event_result(&ev));
	}
	ev.kind = NH_EV_PEER;
	ev.code = 77;
	assert_string_equal(nh_event_result(&ev), "unknown");
}

static void spokes(void)
{
	s1 = fake_node(net, "192.0.2.2", SPOKE(2));
	s2 = fake_node(net, "192.0.2.3", SPOKE(3));
	fake_deliver(net);
	fake_route(hub, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	fake_route(s1, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	fake_route(s2, "10.0.0.0/24", FAKE_IFINDEX, NULL);
}

/* The life of a cloud, as its daemons saw it. */
static void test_protocol(void **state)
{
	(void)state;
	spokes();
	about(last("tun1", NH_EV_REGISTERED), "192.0.2.3", "10.0.0.3/32",
	      NULL);
	about(last("tun2", NH_EV_NHS), "192.0.2.1", "10.0.0.1/32", "UP");
	fake_miss(s1, "10.0.0.3");
	about(last("tun2", NH_EV_ASKED), "192.0.2.1", "10.0.0.3/32", NULL);
	fake_deliver(net);
	about(last("tun1", NH_EV_ANSWERED), "192.0.2.2", "10.0.0.3/32", NULL);
	about(last("tun2", NH_EV_RESOLVED), "192.0.2.3", "10.0.0.3/32", NULL);
	fake_miss(s1, "10.0.0.77");
	fake_deliver(net);
	about(last("tun1", NH_EV_ANSWER_REFUSED), "192.0.2.2",
	      "10.0.0.77/32", "no binding exists");
	about(last("tun2", NH_EV_NOT_RESOLVED), "192.0.2.1", "10.0.0.77/32",
	      "no binding exists");
	fake_miss(s1, "10.0.0.78");
	fake_drop(net);
	nh_loop_advance(net->loop, 60000);
	about(last("tun2", NH_EV_TIMEOUT), "192.0.2.1", "10.0.0.78/32",
	      "Resolution Request");
}

/* Withdrawn by its owner, it is withdrawn from who was told. */
static void test_withdrawn(void **state)
{
	(void)state;
	spokes();
	fake_miss(s1, "10.0.0.3");
	fake_deliver(net);
	nh_iface_close(s2->iface, true);
	s2->iface = NULL;
	fake_deliver(net);
	about(last("tun1", NH_EV_PURGED), "192.0.2.3", "10.0.0.3/32", NULL);
	about(last("tun1", NH_EV_PURGE_SENT), "192.0.2.2", "10.0.0.3/32",
	      NULL);
	about(last("tun2", NH_EV_PURGED), "192.0.2.1", "10.0.0.3/32", NULL);
}

static void test_bad_packets(void **state)
{
	const struct nh_endpoint from = { .nbma = fake_addr("192.0.2.66") };
	uint8_t octets[64] = { 0 };
	int i;

	(void)state;
	for (i = 0; i < 50; i++)
		nh_dispatch_packet(iface, octets, sizeof(octets), &from);
	assert_int_equal(count(), 1);
	assert_int_equal(last("tun1", NH_EV_REFUSED)->count, 50);
	nh_limited(iface, NH_L_ANSWERS, &from.nbma);
	about(last("tun1", NH_EV_LIMITED), "192.0.2.66", "-/0", "answers");
	assert_int_equal(iface->stats.count[NH_C_LIMITED], 1);
	assert_int_equal(iface->stats.limited[NH_L_ANSWERS], 1);
}

static struct json_object *ask(const char *line, struct json_object **list)
{
	struct nh_daemon daemon = { .loop = net->loop };
	char *answer = nh_ctl_answer(&daemon, line, strlen(line));
	struct json_object *o = json_tokener_parse(answer);

	free(answer);
	if (!json_object_object_get_ex(o, "events", list))
		*list = NULL;
	return o;
}

static void answers(const char *line, const char *text)
{
	struct json_object *list, *o = ask(line, &list);

	assert_string_equal(json_object_to_json_string_ext(
		list ? list : o, JSON_C_TO_STRING_PLAIN |
		JSON_C_TO_STRING_NOSLASHESCAPE), text);
	json_object_put(o);
}

static void test_ctl(void **state)
{
	struct json_object *list, *o;
	uint64_t seq = nh_events_seq();
	char line[64], text[256];

	(void)state;
	note(NH_EV_REG_REFUSED, NHRP_CODE_PROHIBITED, 1, 1);
	nh_event(iface, NH_EV_PEER_GONE, 0, NULL, NULL);
	nh_loop_advance(net->loop, 1500);
	note(NH_EV_REG_REFUSED, NHRP_CODE_PROHIBITED, 1, 1);
	snprintf(text, sizeof(text),
		 "[{\"seq\":%ju,\"age_ms\":0,\"first_ms\":1500,\"count\":2,"
		 "\"ifname\":\"tun1\",\"event\":\"registration-refused\","
		 "\"result\":\"administratively prohibited\","
		 "\"nbma\":\"198.51.0.1\",\"about\":\"10.9.0.1\"}]",
		 (uintmax_t)seq + 3);
	answers("{\"cmd\":\"events\",\"peer\":\"198.51.0.1\"}", text);
	answers("{\"cmd\":\"events\",\"count\":1}", text);
	snprintf(line, sizeof(line), "{\"cmd\":\"events\",\"after\":%ju}",
		 (uintmax_t)seq + 2);
	answers(line, text);
	snprintf(text, sizeof(text), "[]");
	answers("{\"cmd\":\"events\",\"dev\":\"tun2\"}", text);
	o = ask("{\"cmd\":\"events\",\"dev\":\"tun1\"}", &list);
	assert_int_equal(json_object_array_length(list), 2);
	assert_true(json_object_object_get_ex(o, "lost", &list));
	assert_int_equal(json_object_get_uint64(list), seq);
	json_object_put(o);
	answers("{\"cmd\":\"events\",\"peer\":\"x\"}",
		"{\"ok\":false,\"error\":\"peer: expected an address\"}");
	answers("{\"cmd\":\"events\",\"after\":-1}",
		"{\"ok\":false,\"error\":\"after: expected a number\"}");
	answers("{\"cmd\":\"events\",\"count\":\"1\"}",
		"{\"ok\":false,\"error\":\"count: expected a number\"}");
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_fold),
		T(test_flood),
		T(test_names),
		T(test_protocol),
		T(test_withdrawn),
		T(test_bad_packets),
		T(test_ctl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
