// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn graph: what is in it, and that it is well formed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>

#include "cli/graph.h"
#include "cli/graph_layout.h"
#include "cli/snapshot.h"
#include "genl/dmvpn_nl.h"
#include "genl/inet.h"
#include "genl/nl_cache.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"

#define IFINDEX	999999

static char *text;
static size_t text_size;

static struct nh_addr addr(const char *s)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, s), 0);
	return a;
}

static struct nh_prefix prefix(const char *s)
{
	struct nh_prefix p;

	assert_int_equal(nh_prefix_parse(&p, s, NULL), 0);
	return p;
}

static struct dmvpn_nl_dev dev = { .ifindex = IFINDEX };

/* A spoke with a hub, one that is direct, one that is relayed, one without SA. */
static void spoke(struct graph *g, size_t limit)
{
	struct dmvpn_nl_inet inet = {
		.ifindex = IFINDEX, .addr = addr("10.0.0.2"), .plen = 24,
	};
	struct dmvpn_nl_peer peers[] = {
		{ .ifindex = IFINDEX, .nbma = addr("192.0.2.4"),
		  .state = DMVPN_PEER_STATE_NEGOTIATING },
		{ .ifindex = IFINDEX, .nbma = addr("192.0.2.3"),
		  .state = DMVPN_PEER_STATE_SECURED, .tx_bytes = 1500,
		  .rx_bytes = 20 },
		{ .ifindex = IFINDEX, .nbma = addr("192.0.2.1"),
		  .state = DMVPN_PEER_STATE_SECURED,
		  .flags = DMVPN_PEER_FLAGS_NHS, .tx_bytes = 7 },
		{ .ifindex = IFINDEX, .nbma = addr("192.0.2.5"), .if_id = 9 },
		{ .ifindex = 3, .nbma = addr("192.0.2.9") },
	};
	struct dmvpn_nl_entry entries[] = {
		{ .ifindex = IFINDEX, .prefix = prefix("10.1.4.0/24"),
		  .type = DMVPN_ENTRY_TYPE_RESOLVED,
		  .nbma = addr("192.0.2.4"), .protocol = addr("10.0.0.4"),
		  .present = DMVPN_NL_BIT(DMVPN_A_ENTRY_PATH),
		  .path = DMVPN_PATH_RELAYED, .relay = addr("192.0.2.1") },
		{ .ifindex = IFINDEX, .prefix = prefix("10.0.0.3/32"),
		  .type = DMVPN_ENTRY_TYPE_RESOLVED,
		  .nbma = addr("192.0.2.3"),
		  .present = DMVPN_NL_BIT(DMVPN_A_ENTRY_PATH) },
		{ .ifindex = IFINDEX, .prefix = prefix("10.0.0.1/32"),
		  .type = DMVPN_ENTRY_TYPE_NHS, .nbma = addr("192.0.2.1") },
		{ .ifindex = IFINDEX, .prefix = prefix("10.0.0.7/32"),
		  .type = DMVPN_ENTRY_TYPE_INCOMPLETE },
		{ .ifindex = IFINDEX, .prefix = prefix("10.0.0.8/32"),
		  .type = DMVPN_ENTRY_TYPE_STATIC, .nbma = addr("192.0.2.8") },
	};
	struct snapshot s = {
		.peers = peers, .n_peers = 5, .entries = entries,
		.n_entries = 5,
	};

	dev.local4 = addr("192.0.2.2");
	assert_int_equal(graph_build(g, &s, &dev, &inet, 1, limit), 0);
}

static void test_build(void **state)
{
	struct nh_addr hub = addr("192.0.2.1"), self = addr("10.0.0.2");
	struct nh_addr relayed = addr("10.0.0.4");
	struct graph g;

	(void)state;
	spoke(&g, 10);
	assert_string_equal(g.ifname, "if999999");
	assert_true(nh_addr_equal(&g.proto, &self));
	assert_false(g.centre);
	assert_int_equal(g.n, 4);
	assert_int_equal(g.left_out, 0);
	assert_int_equal(g.most, 1520);
	/* The hub, then by traffic, then by address. */
	assert_true(nh_addr_equal(&g.nodes[0].nbma, &hub));
	assert_int_equal(g.nodes[0].role, GRAPH_HUB);
	assert_int_equal(g.nodes[0].way, GRAPH_DIRECT);
	assert_int_equal(g.nodes[1].tx, 1500);
	assert_int_equal(g.nodes[1].role, GRAPH_PEER);
	assert_true(nh_addr_equal(&g.nodes[2].proto, &relayed));
	assert_int_equal(g.nodes[2].way, GRAPH_RELAYED);
	assert_ptr_equal(g.nodes[2].via, &g.nodes[0]);
	assert_int_equal(g.nodes[3].way, GRAPH_UNSECURED);
	assert_null(g.nodes[3].via);
	assert_int_equal(graph_width(&g, &g.nodes[1]), 6);
	assert_int_equal(graph_width(&g, &g.nodes[3]), 1);
	graph_free(&g);

	spoke(&g, 2);
	assert_int_equal(g.n, 2);
	assert_int_equal(g.left_out, 2);
	graph_free(&g);
}

static void test_hub(void **state)
{
	struct dmvpn_nl_peer peer = {
		.ifindex = IFINDEX, .nbma = addr("192.0.2.4"),
		.state = DMVPN_PEER_STATE_CLEAR,
	};
	struct dmvpn_nl_entry entry = {
		.ifindex = IFINDEX, .prefix = prefix("10.0.0.4/32"),
		.type = DMVPN_ENTRY_TYPE_REGISTERED, .nbma = peer.nbma,
	};
	struct snapshot s = {
		.peers = &peer, .n_peers = 1, .entries = &entry,
		.n_entries = 1,
	};
	struct graph_layout *layout;
	struct graph g;

	(void)state;
	assert_int_equal(graph_build(&g, &s, &dev, NULL, 0, 10), 0);
	assert_true(g.centre);
	assert_int_equal(g.nodes[0].role, GRAPH_CLIENT);
	assert_int_equal(g.nodes[0].way, GRAPH_DIRECT);
	layout = graph_layout_new(&g);
	assert_non_null(layout);
	assert_true(layout->self.x == 0 && layout->self.y == 0);
	assert_true(layout->nodes[0].y < -100);
	free(layout);
	graph_free(&g);
}

static void test_bytes(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} cases[] = {
		{ 0, "0 B" }, { 999, "999 B" }, { 1000, "1.0 kB" },
		{ 1599, "1.5 kB" }, { 999999, "999.9 kB" },
		{ 1000000, "1.0 MB" }, { 2500000000, "2.5 GB" },
		{ UINT64_MAX, "18.4 EB" },
	};
	char buf[GRAPH_BYTES_LEN];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(graph_bytes(cases[i].bytes, buf),
				    cases[i].text);
}

static void has(const char *what)
{
	if (!strstr(text, what))
		fail_msg("no \"%s\" in:\n%s", what, text);
}

static void test_dot(void **state)
{
	struct graph g;
	FILE *out;

	(void)state;
	spoke(&g, 3);
	strcpy(g.ifname, "a\"b\\c\n");
	out = open_memstream(&text, &text_size);
	graph_dot(out, &g, 1);
	fclose(out);
	has("graph dmvpn {\n");
	has("\"a\\\"b\\\\c?\" [shape=doubleoctagon, label=\"a\\\"b\\\\c?\\n10.0.0.2\\n192.0.2.2\"];");
	has("\"a\\\"b\\\\c? 192.0.2.3\" [shape=ellipse, label=\"10.0.0.3\\n192.0.2.3\"];");
	has("\"a\\\"b\\\\c?\" -- \"a\\\"b\\\\c? 192.0.2.3\" [style=solid,");
	has("penwidth=6, label=\"direct\\n1.5 kB sent\\n20 B received\"];");
	has("\"a\\\"b\\\\c? 192.0.2.1\" -- \"a\\\"b\\\\c? 192.0.2.4\" [style=dashed,");
	has("label=\"and 1 more\"");
	assert_null(strstr(text, "192.0.2.5"));
	assert_string_equal(text + text_size - 4, "\t}\n}\n" + 1);
	free(text);
	graph_free(&g);
}

/* Each tag is closed, in the order in which they were opened. */
static void is_well_formed(void)
{
	char *open[32], *at = text;
	size_t depth = 0;

	while ((at = strchr(at, '<'))) {
		char *end = strchr(at, '>');
		size_t len = strcspn(at + 1, " />");

		assert_non_null(end);
		if (at[1] == '/') {
			len = strcspn(at + 2, ">");
			assert_true(depth > 0);
			depth--;
			assert_memory_equal(open[depth], at + 2, len);
		} else if (end[-1] != '/') {
			assert_true(len && depth < 32);
			open[depth++] = at + 1;
		}
		at = end;
	}
	assert_int_equal(depth, 0);
}

static void test_svg(void **state)
{
	struct graph g[2];
	FILE *out;

	(void)state;
	spoke(&g[0], 10);
	spoke(&g[1], 2);
	strcpy(g[0].ifname, "<&\">\xff\x01");
	out = open_memstream(&text, &text_size);
	assert_int_equal(graph_svg(out, g, 2), 0);
	fclose(out);
	has("&lt;&amp;&quot;&gt;?" "?</text>");
	has("if999999: 2 peers, and 2 more</text>");
	has("<title>10.0.0.4 at 192.0.2.4: relayed via 192.0.2.1, 0 B sent, 0 B received</title>");
	has("<line class=\"direct\"");
	has("<line class=\"relayed\"");
	has("<line class=\"unsecured\"");
	has("1.5 kB / 20 B</text>");
	is_well_formed();
	free(text);
	graph_free(&g[0]);
	graph_free(&g[1]);
}

/* So many that labels have no room side by side. */
static void test_crowd(void **state)
{
	struct dmvpn_nl_peer peers[300];
	struct snapshot s = { .peers = peers, .n_peers = 300 };
	struct graph g;
	unsigned int n = 0;
	FILE *out;
	char *at;
	size_t i;

	(void)state;
	memset(peers, 0, sizeof(peers));
	for (i = 0; i < 300; i++) {
		uint8_t bytes[4] = { 10, 0, i >> 8, i };

		peers[i].ifindex = IFINDEX;
		nh_addr_from_bytes(&peers[i].nbma, bytes, 4);
	}
	assert_int_equal(graph_build(&g, &s, &dev, NULL, 0, 200), 0);
	out = open_memstream(&text, &text_size);
	assert_int_equal(graph_svg(out, &g, 1), 0);
	fclose(out);
	has(": 200 peers, and 100 more</text>");
	for (at = text; (at = strstr(at, "<circle ")); at++)
		n++;
	assert_int_equal(n, 200);
	is_well_formed();
	assert_null(strstr(text, "nan"));
	free(text);
	graph_free(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_hub),
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_dot),
		cmocka_unit_test(test_svg),
		cmocka_unit_test(test_crowd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
