// SPDX-License-Identifier: GPL-2.0-or-later
/* Output: tables, events and states, as text and as JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <json-c/json.h>
#include <linux/dmvpn.h>

#include "cli/cmd.h"
#include "cli/facts.h"
#include "cli/groups.h"
#include "cli/monitor.h"
#include "cli/print.h"
#include "cli/relay.h"
#include "cli/show.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_event.h"
#include "lib/duration.h"

static char *output;
static size_t output_size;
static FILE *out;

static struct cli begin(bool json)
{
	out = open_memstream(&output, &output_size);
	assert_non_null(out);
	return (struct cli){ .out = out, .err = stderr, .json = json,
			     .cmd = &cmd_show };
}

static void expect(const char *text)
{
	fclose(out);
	assert_string_equal(output, text);
	free(output);
}

static struct nh_addr addr(const char *text)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, text), 0);
	return a;
}

static struct nh_prefix prefix(const char *text)
{
	struct nh_prefix p;

	assert_int_equal(nh_prefix_parse(&p, text, NULL), 0);
	return p;
}

static void test_duration(void **state)
{
	static const struct {
		uint64_t ms;
		const char *text;
	} cases[] = {
		{ 0, "00:00:00" },
		{ 999, "00:00:00" },
		{ 1000, "00:00:01" },
		{ 83000, "00:01:23" },
		{ 3600000, "01:00:00" },
		{ 86399999, "23:59:59" },
		{ 86400000, "1d0h" },
		{ 93600000, "1d2h" },
		{ 8640000000, "100d0h" },
		{ UINT64_MAX, "213503982334d14h" },
	};
	char text[NH_DURATION_STRLEN];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(nh_duration_format(cases[i].ms, text,
						       sizeof(text)),
				    cases[i].text);
}

/* One row with a value of each kind, a second one that lacks some. */
static void print_kinds(bool json, enum print_layout layout)
{
	static const char *const flags[] = { "one", "two", "three" };
	const struct nh_prefix p6 = prefix("2001:db8::/32");
	const struct nh_addr none = { 0 }, a4 = addr("192.0.2.1");
	struct print *p;

	begin(json);
	p = print_new(out, json, layout);
	assert_non_null(p);
	print_row(p);
	print_text(p, "name", "NAME", "a\"b/\033c");
	print_number(p, "number", "N", UINT64_MAX);
	print_number_or(p, "ttl", "TTL", 0, "inherit");
	print_onoff(p, "on", "ON", true);
	print_addr(p, "addr", "ADDR", &a4);
	print_addr(p, "none", "NONE", &none);
	print_prefix(p, "prefix", NULL, &p6);
	print_duration(p, "age_ms", "AGE", 83999);
	print_seconds(p, "hold", "HOLD", 83);
	print_flags(p, "flags", "FLAGS", 5, flags, 3);
	print_open(p, "in");
	print_count(p, "count", "count", 7, "of things");
	print_close(p);
	print_word(p, "event", layout == PRINT_TABLE ? "EVENT" : "",
		   "entry-set", "entry set");
	print_row(p);
	print_text(p, "name", "NAME", "second");
	print_text(p, NULL, "AGE", "never");
	print_flags(p, "flags", "FLAGS", 0, flags, 3);
	assert_int_equal(print_end(p), 0);
}

static void test_table(void **state)
{
	(void)state;
	print_kinds(false, PRINT_TABLE);
	expect("NAME                       N      TTL  ON  ADDR       NONE       AGE      HOLD  FLAGS      count                  EVENT\n"
	       "a\"b/?c  18446744073709551615  inherit  on  192.0.2.1  -     00:01:23  00:01:23  one,three  7           of things  entry set\n"
	       "second                     -        -  -   -          -        never         -  -          -                      -\n");
}

static void test_record(void **state)
{
	(void)state;
	print_kinds(false, PRINT_RECORD);
	expect("a\"b/?c\n"
	       "    N      18446744073709551615\n"
	       "    TTL    inherit\n"
	       "    ON     on\n"
	       "    ADDR   192.0.2.1\n"
	       "    NONE   -\n"
	       "    AGE    00:01:23\n"
	       "    HOLD   00:01:23\n"
	       "    FLAGS  one,three\n"
	       "    count  7           of things\n"
	       "           entry set\n"
	       "\n"
	       "second\n"
	       "    AGE    never\n"
	       "    FLAGS  -\n");
}

static void test_line(void **state)
{
	(void)state;
	print_kinds(false, PRINT_LINE);
	expect("NAME a\"b/?c N 18446744073709551615 TTL inherit ON on ADDR 192.0.2.1 NONE - AGE 00:01:23 HOLD 00:01:23 FLAGS one,three count 7           of things entry set\n"
	       "NAME second AGE never FLAGS -\n");
}

#define JSON_FIRST \
	"{\"name\":\"a\\\"b/\\u001bc\",\"number\":18446744073709551615," \
	"\"ttl\":0,\"on\":true,\"addr\":\"192.0.2.1\"," \
	"\"prefix\":\"2001:db8::/32\",\"age_ms\":83999,\"hold\":83," \
	"\"flags\":[\"one\",\"three\"],\"in\":{\"count\":7}," \
	"\"event\":\"entry-set\"}"
#define JSON_SECOND	"{\"name\":\"second\",\"flags\":[]}"

static void test_json(void **state)
{
	(void)state;
	print_kinds(true, PRINT_TABLE);
	expect("[" JSON_FIRST "," JSON_SECOND "]\n");
	print_kinds(true, PRINT_RECORD);
	expect("[" JSON_FIRST "," JSON_SECOND "]\n");
	print_kinds(true, PRINT_LINE);
	expect(JSON_FIRST "\n" JSON_SECOND "\n");
}

static void test_empty(void **state)
{
	struct cli cli = begin(false);

	(void)state;
	assert_int_equal(show_entries(&cli, NULL, 0), CLI_OK);
	expect("");
	cli = begin(true);
	assert_int_equal(show_entries(&cli, NULL, 0), CLI_OK);
	expect("[]\n");
}

static void test_full(void **state)
{
	FILE *full = fopen("/dev/full", "w");
	struct print *p = print_new(full, false, PRINT_LINE);

	(void)state;
	print_row(p);
	print_text(p, "a", "a", "b");
	assert_int_equal(print_flush(p), -EIO);
	assert_true(print_end(p) < 0);
	fclose(full);
	assert_int_equal(print_end(NULL), -ENOMEM);
}

#define HAS(NAME)	DMVPN_NL_BIT(DMVPN_A_ENTRY_##NAME)

static struct dmvpn_nl_entry entry(const char *text, uint32_t type,
				   uint32_t path)
{
	return (struct dmvpn_nl_entry){
		.present = HAS(PATH) | HAS(TYPE),
		.ifindex = 1,
		.prefix = prefix(text),
		.type = type,
		.path = path,
	};
}

static void test_state(void **state)
{
	struct dmvpn_nl_entry e[] = {
		entry("192.168.1.9/32", DMVPN_ENTRY_TYPE_STATIC,
		      DMVPN_PATH_DIRECT),
		entry("192.168.1.1/32", DMVPN_ENTRY_TYPE_NHS,
		      DMVPN_PATH_DIRECT),
		entry("192.168.1.3/32", DMVPN_ENTRY_TYPE_INCOMPLETE,
		      DMVPN_PATH_RELAYED),
		entry("3.3.3.3/32", DMVPN_ENTRY_TYPE_RESOLVED,
		      DMVPN_PATH_RELAYED),
		entry("4.4.4.4/32", DMVPN_ENTRY_TYPE_RESOLVED,
		      DMVPN_PATH_HELD),
		entry("5.5.5.5/32", DMVPN_ENTRY_TYPE_INCOMPLETE,
		      DMVPN_PATH_HELD),
	};
	char text[RELAY_STATE_LEN];
	struct relays relays;

	(void)state;
	e[0].nbma = addr("209.168.202.225");
	e[1].nbma = e[0].nbma;
	e[2].relay = e[0].nbma;
	e[3].relay = e[0].nbma;
	assert_int_equal(relays_collect(&relays, e, 6), 0);
	assert_int_equal(relays.n, 2);
#define STATE(i)	relay_state(&relays, &e[i], text)
	assert_string_equal(STATE(1), "direct");
	assert_string_equal(STATE(2),
			    "resolving, relayed via 192.168.1.1");
	assert_string_equal(STATE(3), "relayed via 192.168.1.1");
	assert_string_equal(STATE(4), "held");
	assert_string_equal(STATE(5), "resolving, held");

	/* The one that was configured will do; another device's will not. */
	e[1].type = DMVPN_ENTRY_TYPE_RESOLVED;
	relays_free(&relays);
	assert_int_equal(relays_collect(&relays, e, 6), 0);
	assert_string_equal(STATE(3), "relayed via 192.168.1.9");
	e[0].ifindex = 2;
	assert_string_equal(STATE(3), "relayed via 209.168.202.225");
	relays_free(&relays);
	assert_string_equal(relay_state(NULL, &e[3], text),
			    "relayed via 209.168.202.225");
	e[3].present = 0;
	assert_string_equal(STATE(3), "unknown");
}

static void test_show(void **state)
{
	struct dmvpn_nl_entry e[] = {
		entry("192.168.1.1/32", DMVPN_ENTRY_TYPE_NHS,
		      DMVPN_PATH_DIRECT),
		entry("192.168.1.3/32", DMVPN_ENTRY_TYPE_INCOMPLETE,
		      DMVPN_PATH_RELAYED),
	};
	struct cli cli;

	(void)state;
	e[0].nbma = addr("209.168.202.225");
	e[0].age = 93600000;
	e[0].packets = 12;
	e[1].relay = e[0].nbma;
	e[1].age = 1500;
	e[1].expires = 2500;
	e[1].holding_time = 4;
	e[1].flags = DMVPN_ENTRY_FLAGS_REFRESH;
	e[1].present |= HAS(EXPIRES);
	cli = begin(false);
	assert_int_equal(show_entries(&cli, e, 2), CLI_OK);
	expect("PREFIX          NBMA             TYPE        STATE                                    AGE   EXPIRES  PACKETS\n"
	       "192.168.1.1/32  209.168.202.225  nhs         direct                                  1d2h     never       12\n"
	       "192.168.1.3/32  -                incomplete  resolving, relayed via 192.168.1.1  00:00:01  00:00:02        0\n");
	cli = begin(true);
	assert_int_equal(show_entries(&cli, e + 1, 1), CLI_OK);
	expect("[{\"ifname\":\"lo\",\"prefix\":\"192.168.1.3/32\",\"if_id\":0,\"type\":\"incomplete\",\"state\":\"resolving, relayed via 209.168.202.225\",\"age_ms\":1500,\"expires_ms\":2500,\"packets\":0,\"path\":\"relayed\",\"relay_nbma\":\"209.168.202.225\",\"relay\":\"209.168.202.225\",\"holding_time\":4,\"mtu\":0,\"preference\":0,\"flags\":[\"refresh\"]}]\n");

	/* Shortcuts are what was learned. */
	e[1].type = DMVPN_ENTRY_TYPE_RESOLVED;
	e[1].protocol = addr("192.168.1.9");
	e[1].nbma = addr("209.168.202.9");
	cli = begin(false);
	assert_int_equal(show_shortcuts(&cli, e, 2), CLI_OK);
	expect("PREFIX          NBMA           SERVED-BY    STATE                         AGE   EXPIRES  PACKETS\n"
	       "192.168.1.3/32  209.168.202.9  192.168.1.9  relayed via 192.168.1.1  00:00:01  00:00:02        0\n");
	e[1].protocol = (struct nh_addr){ 0 };
	cli = begin(false);
	assert_int_equal(show_shortcuts(&cli, e, 2), CLI_OK);
	expect("PREFIX          NBMA           SERVED-BY  STATE                         AGE   EXPIRES  PACKETS\n"
	       "192.168.1.3/32  209.168.202.9  -          relayed via 192.168.1.1  00:00:01  00:00:02        0\n");
	cli = begin(true);
	assert_int_equal(show_shortcuts(&cli, e, 1), CLI_OK);
	expect("[]\n");
	e[1].type = DMVPN_ENTRY_TYPE_INCOMPLETE;
	e[1].nbma = (struct nh_addr){ 0 };

	/* Columns that are of use with several devices only. */
	e[1].ifindex = 0x7ffffff;
	e[1].if_id = 9;
	cli = begin(false);
	assert_int_equal(show_entries(&cli, e, 2), CLI_OK);
	expect("DEVICE       PREFIX          NBMA             IF-ID  TYPE        STATE                                        AGE   EXPIRES  PACKETS\n"
	       "lo           192.168.1.1/32  209.168.202.225      0  nhs         direct                                      1d2h     never       12\n"
	       "if134217727  192.168.1.3/32  -                    9  incomplete  resolving, relayed via 209.168.202.225  00:00:01  00:00:02        0\n");
}

static const struct dmvpn_nl_peer peer = {
	.present = DMVPN_NL_BIT(DMVPN_A_PEER_STATE) |
		   DMVPN_NL_BIT(DMVPN_A_PEER_FLAGS) |
		   DMVPN_NL_BIT(DMVPN_A_PEER_TX_IDLE),
	.ifindex = 1,
	.nbma = { .family = 2, .len = 4, .bytes = { 192, 0, 2, 1 } },
	.flags = DMVPN_PEER_FLAGS_NHS | DMVPN_PEER_FLAGS_PERMANENT,
	.state = DMVPN_PEER_STATE_NEGOTIATING,
	.mcast = true,
	.tx_idle = 5000,
	.tx_packets = 7,
	.age = 60000,
};

static void test_peers(void **state)
{
	struct dmvpn_nl_peer peers[2] = { peer, peer };
	struct cli cli = begin(false);

	(void)state;
	peers[1].nbma = addr("2001:db8::1");
	peers[1].mcast = false;
	peers[1].mtu = 1400;
	peers[1].flags = 0;
	assert_int_equal(show_peers(&cli, peers, 2, NULL), CLI_OK);
	expect("NBMA         STATE        FLAGS          MULTICAST  PREF  ENTRIES   MTU  TX  TX-DROP   TX-IDLE  RX  RX-DROP  RX-IDLE       AGE\n"
	       "192.0.2.1    negotiating  permanent,nhs  on            0        0     -   7        0  00:00:05   0        0    never  00:01:00\n"
	       "2001:db8::1  negotiating  -              off           0        0  1400   7        0  00:00:05   0        0    never  00:01:00\n");
	cli = begin(true);
	assert_int_equal(show_multicast(&cli, peers, 2), CLI_OK);
	expect("[{\"ifname\":\"lo\",\"nbma\":\"192.0.2.1\",\"if_id\":0,\"state\":\"negotiating\",\"flags\":[\"permanent\",\"nhs\"],\"entries\":0,\"age_ms\":60000}]\n");
	cli = begin(false);
	assert_int_equal(show_multicast(&cli, peers, 2), CLI_OK);
	expect("NBMA       STATE        FLAGS          ENTRIES       AGE\n"
	       "192.0.2.1  negotiating  permanent,nhs        0  00:01:00\n");
	cli = begin(true);
	assert_int_equal(show_peers(&cli, peers, 1, NULL), CLI_OK);
	expect("[{\"ifname\":\"lo\",\"nbma\":\"192.0.2.1\",\"if_id\":0,\"state\":\"negotiating\",\"flags\":[\"permanent\",\"nhs\"],\"multicast\":true,\"preference\":0,\"entries\":0,\"mtu\":0,\"tx_packets\":7,\"tx_bytes\":0,\"tx_dropped\":0,\"tx_idle_ms\":5000,\"rx_packets\":0,\"rx_bytes\":0,\"rx_dropped\":0,\"age_ms\":60000}]\n");
}

static void test_groups(void **state)
{
	struct json_object *reply = json_tokener_parse(
		"{\"groups\":[{\"ifname\":\"lo\",\"nbma\":\"192.0.2.9\",\"if_id\":0,\"group\":\"B\"},"
		"{\"ifname\":\"lo\",\"nbma\":\"192.0.2.1\",\"if_id\":0,\"group\":\"SHAPE\"},"
		"{\"nbma\":7},{\"ifname\":\"lo\",\"nbma\":\"x\",\"group\":\"C\"}]}");
	struct dmvpn_nl_peer peers[2] = { peer, peer };
	struct cli cli = begin(false);
	struct groups groups;

	(void)state;
	peers[1].nbma = addr("192.0.2.2");
	assert_int_equal(groups_read(&groups, reply), 0);
	assert_int_equal(groups.n, 2);
	assert_int_equal(show_peers(&cli, peers, 2, &groups), CLI_OK);
	expect("NBMA       STATE        FLAGS          MULTICAST  PREF  ENTRIES  MTU  TX  TX-DROP   TX-IDLE  RX  RX-DROP  RX-IDLE  GROUP       AGE\n"
	       "192.0.2.1  negotiating  permanent,nhs  on            0        0    -   7        0  00:00:05   0        0    never  SHAPE  00:01:00\n"
	       "192.0.2.2  negotiating  permanent,nhs  on            0        0    -   7        0  00:00:05   0        0    never  -      00:01:00\n");
	groups_free(&groups);
	json_object_put(reply);
}

/* These two have the same octets in front, and nothing but zeros behind. */
static void test_group_family(void **state)
{
	const struct nh_addr v4 = addr("32.1.13.184"), v6 = addr("2001:db8::");
	struct json_object *reply = json_tokener_parse(
		"{\"groups\":[{\"ifname\":\"lo\",\"nbma\":\"32.1.13.184\",\"group\":\"A\"}]}");
	struct groups groups;

	(void)state;
	assert_int_equal(groups_read(&groups, reply), 0);
	assert_string_equal(groups_find(&groups, "lo", &v4, 0), "A");
	assert_null(groups_find(&groups, "lo", &v6, 0));
	groups_free(&groups);
	json_object_put(reply);
}

static void monitor(const struct dmvpn_event *ev, bool json, const char *text)
{
	struct print *p;

	begin(json);
	p = print_new(out, json, PRINT_LINE);
	monitor_print(p, ev, 1000000000123);
	assert_int_equal(print_end(p), 0);
	expect(text);
}

static void test_monitor(void **state)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_ENTRY_CHANGE,
		.ifindex = 1,
		.entry = entry("192.168.1.3/32", DMVPN_ENTRY_TYPE_RESOLVED,
			       DMVPN_PATH_DIRECT),
	};

	(void)state;
	ev.entry.nbma = addr("192.0.2.1");
	ev.entry.present |= HAS(EXPIRES);
	ev.entry.expires = 600000;
	ev.entry.holding_time = 600;
	monitor(&ev, false, "01:46:40.123 lo entry set 192.168.1.3/32 nbma 192.0.2.1 type resolved state direct expires in 00:10:00\n");
	monitor(&ev, true, "{\"time_ms\":1000000000123,\"ifname\":\"lo\",\"event\":\"entry-change\",\"prefix\":\"192.168.1.3/32\",\"nbma\":\"192.0.2.1\",\"type\":\"resolved\",\"state\":\"direct\",\"holding_time\":600,\"expires_ms\":600000}\n");
	ev.type = DMVPN_EVENT_PEER_GONE;
	ev.peer = peer;
	monitor(&ev, false, "01:46:40.123 lo peer removed 192.0.2.1 flags permanent,nhs multicast on\n");
	ev.type = DMVPN_EVENT_DEV_CHANGE;
	ev.dev = (struct dmvpn_nl_dev){ .local4 = addr("192.0.2.9") };
	monitor(&ev, false,
		"01:46:40.123 lo device changed local 192.0.2.9 owner none\n");
	ev.dev.owner = 77;
	monitor(&ev, true, "{\"time_ms\":1000000000123,\"ifname\":\"lo\",\"event\":\"dev-change\",\"local4\":\"192.0.2.9\",\"owner\":77}\n");
}

static void test_monitor_lost(void **state)
{
	struct print *p;

	(void)state;
	begin(true);
	p = print_new(out, true, PRINT_LINE);
	monitor_lost(p, 5);
	assert_int_equal(print_end(p), 0);
	expect("{\"time_ms\":5,\"event\":\"lost\"}\n");
}

/* What the daemon tells is shown as it is, whatever it may be. */
static void test_facts(void **state)
{
	static const char json[] =
		"{\"ifname\":\"dmvpn0\",\"last_reply_ms\":83000,\"up\":true,"
		"\"in\":{\"registration_reply\":3},"
		"\"out\":{\"registration_reply\":4},\"x\":null,"
		"\"list\":[\"a\",2]}";
	struct json_object *o = json_tokener_parse(json);
	struct print *p;

	(void)state;
	begin(false);
	p = print_new(out, false, PRINT_LINE);
	print_row(p);
	facts_print(p, o, false);
	assert_int_equal(print_end(p), 0);
	expect("ifname dmvpn0 last-reply 00:01:23 up on in registration-reply 3 out registration-reply 4 x - list a,2\n");

	begin(true);
	p = print_new(out, true, PRINT_TABLE);
	print_row(p);
	facts_print(p, o, true);
	assert_int_equal(print_end(p), 0);
	expect("[{\"ifname\":\"dmvpn0\",\"last_reply_ms\":83000,\"up\":true,\"in\":{\"registration_reply\":3},\"out\":{\"registration_reply\":4},\"list\":[\"a\",\"2\"]}]\n");

	assert_true(facts_about(o, NULL));
	assert_true(facts_about(o, "dmvpn0"));
	assert_false(facts_about(o, "dmvpn1"));
	json_object_put(o);
}

/* Far more values than any table has columns. */
static void test_many(void **state)
{
	char name[16], last[64];
	struct print *p;
	int i, row;

	(void)state;
	begin(false);
	p = print_new(out, false, PRINT_RECORD);
	for (row = 0; row < 20; row++) {
		print_row(p);
		for (i = row; i < 200; i++) {
			snprintf(name, sizeof(name), "n%d", i);
			print_number(p, name, name, i);
		}
	}
	assert_int_equal(print_end(p), 0);
	fclose(out);
	snprintf(last, sizeof(last), "    n199  199\n");
	assert_string_equal(output + strlen(output) - strlen(last), last);
	free(output);
}

/* A list is whole, however long it is. */
static void test_strings(void **state)
{
	static const char one[] = "2001:db8:1234:5678::/64: no binding exists";
	const char *const list[] = { "0", one, one, one, one, one, one, one,
				     one, one, one, one, one, one, one, "." };
	const size_t n = sizeof(list) / sizeof(list[0]);
	char want[1024] = "LIST 0";
	struct print *p;
	size_t i;

	(void)state;
	begin(false);
	p = print_new(out, false, PRINT_LINE);
	print_row(p);
	print_strings(p, "list", "LIST", list, n, "-");
	assert_int_equal(print_end(p), 0);
	for (i = 1; i < n; i++)
		strcat(strcat(want, ","), list[i]);
	assert_true(strlen(want) > 600);
	expect(strcat(want, "\n"));
}

/* Names of devices may be any octets. */
static void test_json_octets(void **state)
{
	struct json_object *o = print_json_text("a\xe4\xf6z \xc3\xa4 \xc0\x80");

	(void)state;
	assert_string_equal(json_object_get_string(o), "a??z \xc3\xa4 ??");
	json_object_put(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_duration),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_record),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_octets),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_show),
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_group_family),
		cmocka_unit_test(test_monitor),
		cmocka_unit_test(test_monitor_lost),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_strings),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
