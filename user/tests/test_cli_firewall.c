// SPDX-License-Identifier: GPL-2.0-or-later
/* What nftables would do with a packet; and programs that are asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <json-c/json.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include "cli/firewall.h"
#include "cli/spawn.h"
#include "cli/sysctl.h"

#define CHAIN(policy) \
	"{\"chain\":{\"family\":\"inet\",\"table\":\"f\",\"name\":\"in\"," \
	"\"type\":\"filter\",\"hook\":\"input\",\"prio\":0,\"policy\":\"" \
	policy "\"}}"
#define RULE_IN(chain, expr) \
	",{\"rule\":{\"family\":\"inet\",\"table\":\"f\",\"chain\":\"" chain \
	"\",\"expr\":[" expr "]}}"
#define RULE(expr)	RULE_IN("in", expr)
#define MATCH(op, left, right) \
	"{\"match\":{\"op\":\"" op "\",\"left\":" left ",\"right\":" right "}}"
#define META(key)	"{\"meta\":{\"key\":\"" key "\"}}"
#define FIELD(proto, field) \
	"{\"payload\":{\"protocol\":\"" proto "\",\"field\":\"" field "\"}}"
#define STATE(right)	MATCH("in", "{\"ct\":{\"key\":\"state\"}}", right)
#define ACCEPT		"{\"accept\":null}"
#define DROP		"{\"drop\":null}"
#define L4(proto)	MATCH("==", META("l4proto"), proto)

static const struct firewall_packet esp = {
	.family = AF_INET, .proto = IPPROTO_ESP, .ifname = "eth0",
};

static enum firewall_verdict judge(const char *rules,
				   const struct firewall_packet *packet)
{
	struct json_object *o;
	enum firewall_verdict verdict;
	char chain[FIREWALL_CHAIN_LEN];
	char *text;

	assert_true(asprintf(&text, "{\"nftables\":[%s]}", rules) > 0);
	o = json_tokener_parse(text);
	if (!o)
		fail_msg("no JSON: %s", text);
	verdict = firewall_judge(o, packet, chain);
	assert_string_equal(chain, verdict == FIREWALL_ACCEPT ? "" :
							       "inet f in");
	json_object_put(o);
	free(text);
	return verdict;
}

/* What becomes of ESP at a chain that drops, but for this rule. */
static void esp_is(const char *rules, enum firewall_verdict want)
{
	enum firewall_verdict got = judge(rules, &esp);

	if (got != want)
		fail_msg("%d, not %d: %s", got, want, rules);
}

static void test_policy(void **state)
{
	struct firewall_packet out = esp;

	(void)state;
	esp_is("{\"metainfo\":{}}", FIREWALL_ACCEPT);
	esp_is(CHAIN("accept"), FIREWALL_ACCEPT);
	esp_is(CHAIN("drop"), FIREWALL_DROP);
	esp_is(CHAIN("accept") RULE(DROP), FIREWALL_DROP);
	esp_is(CHAIN("accept") RULE("{\"reject\":{}}"), FIREWALL_DROP);
	esp_is(CHAIN("drop") RULE(ACCEPT), FIREWALL_ACCEPT);
	/* One of two chains that accepts is not enough. */
	esp_is(CHAIN("accept") "," CHAIN("drop"), FIREWALL_DROP);
	out.way = FIREWALL_OUT;
	assert_int_equal(judge(CHAIN("drop"), &out), FIREWALL_ACCEPT);
}

static void test_matches(void **state)
{
	static const struct {
		const char *rule;
		enum firewall_verdict want;
	} cases[] = {
		{ L4("\"esp\""), FIREWALL_ACCEPT },
		{ L4("50"), FIREWALL_ACCEPT },
		{ L4("\"50\""), FIREWALL_ACCEPT },
		{ L4("\"tcp\""), FIREWALL_DROP },
		{ L4("{\"set\":[\"gre\",\"esp\"]}"), FIREWALL_ACCEPT },
		{ L4("{\"set\":[\"gre\",\"udp\"]}"), FIREWALL_DROP },
		{ L4("{\"range\":[49,51]}"), FIREWALL_ACCEPT },
		{ L4("{\"range\":[51,60]}"), FIREWALL_DROP },
		{ L4("\"@nobody\""), FIREWALL_MAYBE },
		{ MATCH("!=", META("l4proto"), "\"tcp\""), FIREWALL_ACCEPT },
		{ MATCH("!=", META("l4proto"), "\"esp\""), FIREWALL_DROP },
		{ MATCH("<", META("l4proto"), "60"), FIREWALL_MAYBE },
		{ MATCH("==", FIELD("ip", "protocol"), "\"esp\""),
		  FIREWALL_ACCEPT },
		{ MATCH("==", FIELD("ip6", "nexthdr"), "\"esp\""),
		  FIREWALL_DROP },
		{ MATCH("==", FIELD("ip", "saddr"), "\"192.0.2.1\""),
		  FIREWALL_MAYBE },
		{ MATCH("==", FIELD("ip6", "saddr"), "\"::1\""),
		  FIREWALL_DROP },
		{ MATCH("==", FIELD("esp", "spi"), "5"), FIREWALL_MAYBE },
		{ MATCH("==", FIELD("tcp", "dport"), "22"), FIREWALL_DROP },
		{ MATCH("==", FIELD("th", "dport"), "22"), FIREWALL_MAYBE },
		{ MATCH("!=", FIELD("ip6", "nexthdr"), "\"tcp\""),
		  FIREWALL_DROP },
		{ MATCH("!=", FIELD("ip6", "saddr"), "\"::1\""),
		  FIREWALL_DROP },
		{ MATCH("!=", FIELD("ip", "saddr"), "\"192.0.2.1\""),
		  FIREWALL_MAYBE },
		{ MATCH("!=", FIELD("ip", "protocol"), "\"tcp\""),
		  FIREWALL_ACCEPT },
		{ MATCH("!=", FIELD("udp", "dport"), "500"), FIREWALL_DROP },
		{ MATCH("!=", FIELD("icmp", "type"), "\"echo-request\""),
		  FIREWALL_DROP },
		{ MATCH("<", FIELD("udp", "dport"), "500"), FIREWALL_DROP },
		{ MATCH("==", META("nfproto"), "\"ipv4\""), FIREWALL_ACCEPT },
		{ MATCH("==", META("nfproto"), "\"ipv6\""), FIREWALL_DROP },
		{ MATCH("==", META("protocol"), "\"ip\""), FIREWALL_ACCEPT },
		{ MATCH("==", META("iifname"), "\"eth0\""), FIREWALL_ACCEPT },
		{ MATCH("==", META("iifname"), "\"eth*\""), FIREWALL_ACCEPT },
		{ MATCH("==", META("iif"), "\"lo\""), FIREWALL_DROP },
		{ MATCH("==", META("oifname"), "\"lo\""), FIREWALL_MAYBE },
		{ MATCH("==", META("mark"), "1"), FIREWALL_MAYBE },
		{ MATCH("==", META("ipsec"), "true"), FIREWALL_DROP },
		{ MATCH("==", META("ipsec"), "false"), FIREWALL_ACCEPT },
		{ STATE("[\"established\",\"related\"]"), FIREWALL_DROP },
		{ STATE("\"new\""), FIREWALL_ACCEPT },
		{ STATE("[\"established\",\"untracked\"]"),
		  FIREWALL_MAYBE },
		{ MATCH("==", "{\"ct\":{\"key\":\"mark\"}}", "1"),
		  FIREWALL_MAYBE },
		{ "{\"limit\":{\"rate\":5}}", FIREWALL_MAYBE },
		{ "{\"counter\":{\"packets\":0}},{\"log\":null}",
		  FIREWALL_ACCEPT },
		{ "{\"xt\":null}", FIREWALL_MAYBE },
		{ L4("\"tcp\"") ",{\"limit\":{}}", FIREWALL_DROP },
		{ "{\"match\":5}", FIREWALL_MAYBE },
		{ "5", FIREWALL_MAYBE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *rules;

		assert_true(asprintf(&rules, CHAIN("drop") RULE("%s," ACCEPT),
				     cases[i].rule) > 0);
		esp_is(rules, cases[i].want);
		free(rules);
	}
	/* A list of those who are blocked is not about us. */
	esp_is(CHAIN("accept") RULE(MATCH("==", FIELD("ip", "saddr"),
					  "\"@bad\"") "," DROP),
	       FIREWALL_ACCEPT);
}

/* What drops all others of some header is not about packets without it. */
static void test_implied(void **state)
{
	struct firewall_packet packet = esp;

	(void)state;
#define IS(want, left, right) \
	assert_int_equal(judge(CHAIN("accept") RULE(MATCH("!=", left, right) \
						    "," DROP), &packet), want)
	IS(FIREWALL_ACCEPT, FIELD("udp", "dport"), "500");
	IS(FIREWALL_ACCEPT, FIELD("icmp", "type"), "\"echo-request\"");
	IS(FIREWALL_DROP, META("l4proto"), "\"udp\"");
	packet.proto = IPPROTO_GRE;
	IS(FIREWALL_ACCEPT, FIELD("udp", "dport"), "500");
	packet.family = AF_INET6;
	IS(FIREWALL_ACCEPT, FIELD("ip", "saddr"),
	   "{\"prefix\":{\"addr\":\"10.0.0.0\",\"len\":8}}");
	IS(FIREWALL_ACCEPT, FIELD("ip", "protocol"), "\"tcp\"");
	packet.proto = IPPROTO_UDP;
	packet.port = 4500;
	IS(FIREWALL_DROP, FIELD("udp", "dport"), "500");
	packet.port = 500;
	IS(FIREWALL_ACCEPT, FIELD("udp", "dport"), "500");
#undef IS
}

/* From one spoke to another: in by the device, out by it, of any protocol. */
static void test_forward(void **state)
{
#define FORWARD \
	"{\"chain\":{\"family\":\"inet\",\"table\":\"f\",\"name\":\"in\"," \
	"\"type\":\"filter\",\"hook\":\"forward\",\"policy\":\"drop\"}}"
#define IS(want, rule) \
	assert_int_equal(judge(FORWARD RULE(rule "," ACCEPT), &packet), want)
	const struct firewall_packet packet = {
		.way = FIREWALL_FORWARD, .family = AF_INET, .ifname = "dmvpn0",
	};

	(void)state;
	esp_is(FORWARD, FIREWALL_ACCEPT);
	assert_int_equal(judge(CHAIN("drop"), &packet), FIREWALL_ACCEPT);
	assert_int_equal(judge(FORWARD, &packet), FIREWALL_DROP);
	IS(FIREWALL_ACCEPT, MATCH("==", META("iifname"), "\"dmvpn0\""));
	IS(FIREWALL_ACCEPT, MATCH("==", META("oifname"), "\"dmvpn*\""));
	IS(FIREWALL_DROP, MATCH("==", META("iifname"), "\"dmvpn0\"") ","
	   MATCH("==", META("oifname"), "\"eth0\""));
	IS(FIREWALL_DROP, STATE("\"established\""));
	IS(FIREWALL_MAYBE, L4("\"tcp\""));
	IS(FIREWALL_MAYBE, MATCH("==", FIELD("tcp", "dport"), "22"));
	IS(FIREWALL_MAYBE, MATCH("==", FIELD("ip", "protocol"), "6"));
	IS(FIREWALL_DROP, MATCH("==", FIELD("ip6", "nexthdr"), "6"));
	IS(FIREWALL_MAYBE, MATCH("==", META("ipsec"), "true"));
#undef IS
#undef FORWARD
}

static void test_sets(void **state)
{
	(void)state;
	esp_is(CHAIN("drop") ",{\"set\":{\"family\":\"inet\",\"table\":\"f\","
	       "\"name\":\"s\",\"elem\":[\"gre\",\"esp\"]}}"
	       RULE(L4("\"@s\"") "," ACCEPT), FIREWALL_ACCEPT);
	esp_is(CHAIN("drop") ",{\"set\":{\"family\":\"inet\",\"table\":\"g\","
	       "\"name\":\"s\",\"elem\":[\"gre\",\"esp\"]}}"
	       RULE(L4("\"@s\"") "," ACCEPT), FIREWALL_MAYBE);
}

static void test_jumps(void **state)
{
	(void)state;
	esp_is(CHAIN("drop") RULE("{\"jump\":{\"target\":\"sub\"}}")
	       RULE_IN("sub", L4("\"esp\"") "," ACCEPT), FIREWALL_ACCEPT);
	esp_is(CHAIN("drop") RULE("{\"jump\":{\"target\":\"sub\"}}")
	       RULE_IN("sub", L4("\"esp\"") ",{\"return\":null}")
	       RULE_IN("sub", ACCEPT), FIREWALL_DROP);
	/* Behind a goto nothing comes but the policy. */
	esp_is(CHAIN("drop") RULE("{\"goto\":{\"target\":\"sub\"}}")
	       RULE(ACCEPT), FIREWALL_DROP);
	esp_is(CHAIN("drop") RULE("{\"jump\":{\"target\":\"sub\"}}")
	       RULE(ACCEPT), FIREWALL_ACCEPT);
	esp_is(CHAIN("drop") RULE(MATCH("==", META("mark"), "1")
				  ",{\"jump\":{\"target\":\"sub\"}}")
	       RULE_IN("sub", ACCEPT), FIREWALL_MAYBE);
	/* The kernel has no loops; whoever makes one up gets an answer. */
	esp_is(CHAIN("drop") RULE("{\"jump\":{\"target\":\"in\"}}"),
	       FIREWALL_DROP);
}

static void test_ports(void **state)
{
	struct firewall_packet ike = {
		.family = AF_INET6, .proto = IPPROTO_UDP, .port = 500,
	};

	(void)state;
	assert_int_equal(judge(CHAIN("drop") RULE(MATCH("==",
		FIELD("udp", "dport"), "{\"set\":[500,4500]}") "," ACCEPT),
		&ike), FIREWALL_ACCEPT);
	assert_int_equal(judge(CHAIN("drop") RULE(MATCH("==",
		FIELD("udp", "dport"), "{\"range\":[501,4500]}") "," ACCEPT),
		&ike), FIREWALL_DROP);
	assert_int_equal(judge(CHAIN("drop") RULE(MATCH("==",
		FIELD("udp", "sport"), "500") "," ACCEPT), &ike),
		FIREWALL_MAYBE);
	/* It comes in by some interface that is not known, but not by lo. */
	assert_int_equal(judge(CHAIN("drop") RULE(MATCH("==",
		META("iifname"), "\"eth0\"") "," ACCEPT), &ike),
		FIREWALL_MAYBE);
	assert_int_equal(judge(CHAIN("drop") RULE(MATCH("==",
		META("iifname"), "\"lo\"") "," ACCEPT), &ike), FIREWALL_DROP);
	ike.established = true;
	assert_int_equal(judge(CHAIN("drop") RULE(
		STATE("[\"established\"]") "," ACCEPT), &ike),
		FIREWALL_ACCEPT);
}

static void test_spawn(void **state)
{
	char *const hello[] = { "sh", "-c", "echo hello; echo bad >&2; exit 3",
				NULL };
	char *const nobody[] = { "no-such-program-here", NULL };
	char *const ends[] = { "sh", "-c", "kill -9 $$", NULL };
	char *text;

	(void)state;
	assert_int_equal(spawn_read(hello, false, &text), 3);
	assert_string_equal(text, "hello\n");
	free(text);
	assert_int_equal(spawn_read(hello, true, &text), 3);
	assert_string_equal(text, "bad\n");
	free(text);
	assert_int_equal(spawn_read(nobody, false, &text), -ENOENT);
	assert_null(text);
	assert_int_equal(spawn_read(ends, false, &text), -ECHILD);
	assert_null(text);
}

static void test_sysctl(void **state)
{
	char line[8];

	(void)state;
	assert_int_equal(sysctl_number("no/such/%s", "thing"), -1);
	assert_true(sysctl_number("ipv4/ip_forward") >= 0);
	assert_int_equal(file_line("/proc/no/such", line, sizeof(line)),
			 -ENOENT);
	assert_string_equal(line, "");
	assert_int_equal(file_line("/proc/self/comm", line, sizeof(line)), 0);
	assert_int_equal(strlen(line), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policy),
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_implied),
		cmocka_unit_test(test_forward),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_jumps),
		cmocka_unit_test(test_ports),
		cmocka_unit_test(test_spawn),
		cmocka_unit_test(test_sysctl),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
