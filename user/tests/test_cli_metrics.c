// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn metrics: the text's grammar, and what is in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <json-c/json.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/counters.h"
#include "cli/metric.h"
#include "cli/metrics.h"
#include "cli/outfile.h"
#include "cli/snapshot.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"
#include "genl/nl_cache.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"
#include "lib/utf8.h"

#define NOW	1700000000000ULL

static char *text;
static size_t text_size;
static FILE *out;

static void begin(struct metrics *m, bool classic)
{
	out = open_memstream(&text, &text_size);
	assert_non_null(out);
	metrics_begin(m, out, classic);
}

static void expect(const char *want)
{
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

/* Each line of @lines is a whole line of the text, once. */
static void expect_lines(const char *const *lines)
{
	for (; *lines; lines++) {
		size_t len = strlen(*lines);
		unsigned int n = 0;
		char *at = text;

		while ((at = strstr(at, *lines))) {
			n += (at == text || at[-1] == '\n') && at[len] == '\n';
			at += len;
		}
		if (n != 1)
			fail_msg("%u times \"%s\" in:\n%s", n, *lines, text);
	}
}

static unsigned int count(const char *what)
{
	unsigned int n = 0;
	char *at = text;

	while ((at = strstr(at, what))) {
		at += strlen(what);
		n++;
	}
	return n;
}

static struct nh_addr addr(const char *s)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, s), 0);
	return a;
}

static void test_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t len;
	} cases[] = {
		{ "", 0 }, { "a", 1 }, { "\x7f", 1 }, { "\x80", 0 },
		{ "\xc3\xa4", 2 }, { "\xc3", 0 }, { "\xc3z", 0 },
		{ "\xc0\xaf", 0 }, { "\xe2\x82\xac", 3 },
		{ "\xe0\x80\x80", 0 }, { "\xed\xa0\x80", 0 },
		{ "\xef\xbf\xbf", 3 }, { "\xf0\x9f\x98\x80", 4 },
		{ "\xf0\x80\x80\x80", 0 }, { "\xf4\x90\x80\x80", 0 },
		{ "\xf8\x88\x80\x80", 0 }, { "\xff", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(nh_utf8_len(cases[i].text), cases[i].len);
}

static const struct metric_family bytes = {
	.name = "x_bytes", .kind = METRIC_COUNTER, .unit = "bytes",
	.help = "Octets",
};

static const struct metric_family plain = {
	.name = "y", .help = "Some",
};

static const struct metric_family unused = {
	.name = "z", .help = "None",
};

static void write_some(struct metrics *m)
{
	const struct nh_addr none = { 0 }, a = addr("2001:db8::1");

	metric_family(m, &bytes);
	metric_label(m, "a", "q\"b\\n\nz\xff\xc3\xa4");
	metric_label(m, "empty", "");
	metric_label_addr(m, "none", &none);
	metric_label_addr(m, "addr", &a);
	metric_number(m, UINT64_MAX);
	metric_number(m, 0);
	metric_family(m, &unused);
	metric_family(m, &plain);
	metric_seconds(m, 1005);
	metrics_end(m);
}

static void test_text(void **state)
{
	struct metrics m;

	(void)state;
	begin(&m, false);
	write_some(&m);
	expect("# TYPE x_bytes counter\n"
	       "# UNIT x_bytes bytes\n"
	       "# HELP x_bytes Octets\n"
	       "x_bytes_total{a=\"q\\\"b\\\\n\\nz?\xc3\xa4\",addr=\"2001:db8::1\"} 18446744073709551615\n"
	       "x_bytes_total 0\n"
	       "# TYPE y gauge\n"
	       "# HELP y Some\n"
	       "y 1.005\n"
	       "# EOF\n");
	begin(&m, true);
	write_some(&m);
	expect("# TYPE x_bytes_total counter\n"
	       "# HELP x_bytes_total Octets\n"
	       "x_bytes_total{a=\"q\\\"b\\\\n\\nz?\xc3\xa4\",addr=\"2001:db8::1\"} 18446744073709551615\n"
	       "x_bytes_total 0\n"
	       "# TYPE y gauge\n"
	       "# HELP y Some\n"
	       "y 1.005\n");
}

static struct dmvpn_nl_link links[] = {
	{ .ifindex = 7, .name = "dmvpn0", .up = true, .mtu = 1400,
	  .max_peers = 16, .max_entries = 64, .max_mcast = 4 },
};

static struct dmvpn_nl_dev devs[] = {
	{ .ifindex = 7, .owner = 99, .mcast = 2, .network_id = 5 },
	{ .ifindex = 999999 },
};

static struct dmvpn_nl_peer peers[5];
static struct dmvpn_nl_entry entries[3];

static struct snapshot snapshot = {
	.kernel = true, .links = links, .n_links = 1, .devs = devs,
	.n_devs = 2, .peers = peers, .n_peers = 5, .entries = entries,
	.n_entries = 3, .changed = 1,
};

static struct metrics_input make_input(void)
{
	static const char *const nbma[] = {
		"192.0.2.9", "192.0.2.8", "192.0.2.10", "192.0.2.8", "::1",
	};
	struct metrics_input in = {
		.snapshot = &snapshot, .now = NOW, .peers = 1000,
	};
	size_t i;

	for (i = 0; i < 5; i++)
		peers[i] = (struct dmvpn_nl_peer){
			.ifindex = 7, .nbma = addr(nbma[i]),
			.state = DMVPN_PEER_STATE_SECURED,
		};
	peers[2].flags = DMVPN_PEER_FLAGS_NHS;
	peers[2].rx_bytes = 77;
	peers[2].rx_idle = 1500;
	peers[2].present = DMVPN_NL_BIT(DMVPN_A_PEER_RX_IDLE);
	peers[3].if_id = 3;
	peers[4].state = DMVPN_PEER_STATE_IDLE;
	entries[0] = (struct dmvpn_nl_entry){
		.ifindex = 7, .type = DMVPN_ENTRY_TYPE_NHS,
		.path = DMVPN_PATH_DIRECT,
		.present = DMVPN_NL_BIT(DMVPN_A_ENTRY_PATH),
	};
	entries[1] = entries[0];
	entries[1].type = DMVPN_ENTRY_TYPE_RESOLVED;
	entries[1].path = DMVPN_PATH_RELAYED;
	entries[2] = (struct dmvpn_nl_entry){ .ifindex = 8, .type = 1 };
	assert_int_equal(metrics_devices(&in), 0);
	return in;
}

static void test_kernel(void **state)
{
	static const char *const lines[] = {
		"dmvpn_kernel_up 1",
		"dmvpn_daemon_up 0",
		"dmvpn_tables_changed 1",
		"# TYPE dmvpn_device_up gauge",
		"dmvpn_device_up{device=\"dmvpn0\"} 1",
		"dmvpn_device_owned{device=\"dmvpn0\"} 1",
		"dmvpn_device_owned{device=\"if999999\"} 0",
		"# UNIT dmvpn_device_mtu_bytes bytes",
		"dmvpn_device_mtu_bytes{device=\"dmvpn0\"} 1400",
		"dmvpn_entries_limit{device=\"dmvpn0\"} 64",
		"dmvpn_entries{device=\"dmvpn0\",type=\"nhs\"} 1",
		"dmvpn_entries{device=\"dmvpn0\",type=\"static\"} 0",
		"dmvpn_entries_path{device=\"dmvpn0\",path=\"relayed\"} 1",
		"dmvpn_peers{device=\"dmvpn0\",state=\"secured\"} 4",
		"dmvpn_peers_limit{device=\"dmvpn0\"} 16",
		"dmvpn_multicast_peers{device=\"dmvpn0\"} 2",
		"# TYPE dmvpn_drops counter",
		"dmvpn_drops_total{device=\"dmvpn0\",reason=\"rx-clear\"} 12",
		"dmvpn_upcalls_total{device=\"dmvpn0\",result=\"lost\"} 13",
		"dmvpn_detours_total{device=\"dmvpn0\",event=\"relayed\"} 14",
		"# EOF", NULL
	};
	struct metrics_input in;
	unsigned int i, n = 0;
	struct metrics m;

	(void)state;
	devs[0].counters[DMVPN_A_COUNTER_RX_CLEAR] = 12;
	devs[0].counters[DMVPN_A_COUNTER_UPCALL_LOST] = 13;
	devs[0].counters[DMVPN_A_COUNTER_RELAYED] = 14;
	in = make_input();
	begin(&m, false);
	metrics_kernel(&m, &in);
	metrics_end(&m);
	fclose(out);
	expect_lines(lines);
	for (i = 0; i <= DMVPN_A_COUNTER_MAX; i++)
		n += counter_docs[i].name != NULL;
	assert_int_equal(count("\ndmvpn_drops_total{device=\"dmvpn0\"") +
			 count("\ndmvpn_upcalls_total{device=\"dmvpn0\"") +
			 count("\ndmvpn_detours_total{device=\"dmvpn0\""), n);
	/* Without settings there is none, and no name without its family. */
	assert_int_equal(count("dmvpn_device_up{"), 1);
	assert_int_equal(count("# TYPE dmvpn_drops "), 1);
	free(text);
	free(in.devices);
}

static void test_no_kernel(void **state)
{
	static const struct snapshot nothing = { .kernel = false };
	struct metrics_input in = { .snapshot = &nothing };
	struct metrics m;

	(void)state;
	assert_int_equal(metrics_devices(&in), 0);
	begin(&m, true);
	metrics_kernel(&m, &in);
	assert_int_equal(metrics_peers(&m, &in), 0);
	metrics_nhs(&m, &in);
	metrics_nhrp(&m, &in);
	assert_int_equal(metrics_ike(&m, &in), 0);
	fclose(out);
	assert_non_null(strstr(text, "\ndmvpn_kernel_up 0\n"));
	assert_non_null(strstr(text, "\ndmvpn_daemon_up 0\n"));
	assert_int_equal(count("# TYPE"), 3);
	free(text);
	free(in.devices);
}

static void write_peers(struct metrics_input *in)
{
	struct metrics m;

	begin(&m, false);
	assert_int_equal(metrics_peers(&m, in), 0);
	fclose(out);
}

static void test_peers(void **state)
{
	static const char *const lines[] = {
		"dmvpn_peers_left_out{device=\"dmvpn0\"} 0",
		"dmvpn_peer_ready{device=\"dmvpn0\",nbma=\"::1\"} 0",
		"dmvpn_peer_ready{device=\"dmvpn0\",nbma=\"192.0.2.8\"} 1",
		"dmvpn_peer_ready{device=\"dmvpn0\",nbma=\"192.0.2.8\",if_id=\"3\"} 1",
		"dmvpn_peer_receive_bytes_total{device=\"dmvpn0\",nbma=\"192.0.2.10\"} 77",
		"dmvpn_peer_receive_timestamp_seconds{device=\"dmvpn0\",nbma=\"192.0.2.10\"} 1699999998.500",
		"dmvpn_peer_info{device=\"dmvpn0\",nbma=\"192.0.2.10\",state=\"secured\",nhs=\"yes\"} 1",
		NULL
	};
	static const char *const cut[] = {
		"dmvpn_peers_left_out{device=\"dmvpn0\"} 3",
		"dmvpn_peer_ready{device=\"dmvpn0\",nbma=\"192.0.2.10\"} 1",
		"dmvpn_peer_ready{device=\"dmvpn0\",nbma=\"192.0.2.8\"} 1",
		NULL
	};
	struct metrics_input in = make_input();

	(void)state;
	write_peers(&in);
	expect_lines(lines);
	assert_int_equal(count("dmvpn_peer_transmit_timestamp_seconds"), 0);
	free(text);

	in.peers = 2;
	write_peers(&in);
	expect_lines(cut);
	assert_int_equal(count("\ndmvpn_peer_ready{"), 2);
	free(text);

	/* Read twice, as it came again meanwhile. */
	peers[1].nbma = peers[0].nbma;
	in.peers = 1000;
	write_peers(&in);
	assert_int_equal(count("dmvpn_peer_ready{device=\"dmvpn0\",nbma=\"192.0.2.9\"}"), 1);
	assert_int_equal(count("\ndmvpn_peer_ready{"), 4);
	free(text);
	peers[1].nbma = addr("192.0.2.8");

	in.peers = 0;
	write_peers(&in);
	assert_non_null(strstr(text, "dmvpn_peers_left_out{device=\"dmvpn0\"} 5\n"));
	assert_int_equal(count("dmvpn_peer_"), 0);
	free(text);
	free(in.devices);
}

#define DAEMON \
	"{\"nhs\":[" \
	"{\"ifname\":\"dmvpn0\",\"address\":\"10.0.0.1\",\"nbma\":\"192.0.2.1\"," \
	"\"name\":null,\"state\":\"UP\",\"registered_ms\":2000," \
	"\"expires_ms\":3000,\"last_reply_ms\":null,\"failures\":0}," \
	"{\"ifname\":\"dmvpn0\",\"address\":null,\"nbma\":null,\"name\":\"hub\"," \
	"\"state\":\"DOWN\",\"failures\":4}," \
	"{\"ifname\":\"dmvpn0\",\"address\":null,\"nbma\":null,\"name\":\"hub\"," \
	"\"state\":\"PROBE\"}," \
	"{\"ifname\":\"dmvpn1\",\"address\":\"10.0.0.1\",\"state\":\"UP\"},5]," \
	"\"stats\":[{\"ifname\":\"dmvpn0\",\"counted_ms\":61000," \
	"\"in\":{\"resolution_request\":3},\"out\":{\"resolution_request\":4}," \
	"\"answers_in\":{\"ok\":5},\"errors_in\":1," \
	"\"error_codes_in\":{\"loop_detected\":1},\"malformed\":6," \
	"\"limited\":9,\"refused\":{\"too \\\"short\":7}," \
	"\"limits\":{\"answers\":9}}]," \
	"\"ike\":[{\"ifname\":\"dmvpn0\",\"state\":\"refused\"}]," \
	"\"ipsec\":[{\"ifname\":\"dmvpn0\",\"state\":\"ESTABLISHED\"," \
	"\"children\":[{\"state\":\"INSTALLED\"},{\"state\":\"REKEYED\"}]}," \
	"{\"ifname\":\"dmvpn0\",\"state\":\"ESTABLISHED\",\"children\":[" \
	"{\"state\":\"INSTALLED\"}]},{\"ifname\":\"dmvpn1\"}]}"

static void test_daemon(void **state)
{
	static const char *const lines[] = {
		"dmvpn_daemon_info{version=\"9\"} 1",
		"dmvpn_nhs_up{device=\"dmvpn0\",nhs=\"10.0.0.1\",nbma=\"192.0.2.1\"} 1",
		"dmvpn_nhs_up{device=\"dmvpn0\",name=\"hub\"} 0",
		"dmvpn_nhs_state{device=\"dmvpn0\",name=\"hub\",state=\"DOWN\"} 1",
		"dmvpn_nhs_state{device=\"dmvpn0\",name=\"hub\",state=\"UP\"} 0",
		"dmvpn_nhs_failures{device=\"dmvpn0\",name=\"hub\"} 4",
		"dmvpn_nhs_registered_timestamp_seconds{device=\"dmvpn0\",nhs=\"10.0.0.1\",nbma=\"192.0.2.1\"} 1699999998.000",
		"dmvpn_nhs_expires_timestamp_seconds{device=\"dmvpn0\",nhs=\"10.0.0.1\",nbma=\"192.0.2.1\"} 1700000003.000",
		"dmvpn_nhrp_counted_timestamp_seconds{device=\"dmvpn0\"} 1699999939.000",
		"dmvpn_nhrp_packets_total{device=\"dmvpn0\",direction=\"in\",type=\"resolution_request\"} 3",
		"dmvpn_nhrp_packets_total{device=\"dmvpn0\",direction=\"out\",type=\"resolution_request\"} 4",
		"dmvpn_nhrp_answers_total{device=\"dmvpn0\",direction=\"in\",code=\"ok\"} 5",
		"dmvpn_nhrp_errors_total{device=\"dmvpn0\",direction=\"in\",code=\"loop_detected\"} 1",
		"dmvpn_nhrp_refused_total{device=\"dmvpn0\",reason=\"too \\\"short\"} 7",
		"dmvpn_nhrp_limited_total{device=\"dmvpn0\",limit=\"answers\"} 9",
		"dmvpn_nhrp_events_total{device=\"dmvpn0\",event=\"malformed\"} 6",
		"dmvpn_ike_up{device=\"dmvpn0\"} 0",
		"dmvpn_ike_sas{device=\"dmvpn0\",state=\"ESTABLISHED\"} 2",
		"dmvpn_ike_children{device=\"dmvpn0\",state=\"INSTALLED\"} 2",
		"dmvpn_ike_children{device=\"dmvpn0\",state=\"REKEYED\"} 1",
		NULL
	};
	struct json_object *o = json_tokener_parse(DAEMON);
	struct snapshot s = { .daemon = true, .version = "9", .nhs = o,
			      .stats = o, .ipsec = o };
	struct metrics_input in = { .snapshot = &s, .now = NOW,
				    .ifname = "dmvpn0" };
	struct metrics m;

	(void)state;
	assert_non_null(o);
	begin(&m, false);
	metrics_kernel(&m, &in);
	metrics_nhs(&m, &in);
	metrics_nhrp(&m, &in);
	assert_int_equal(metrics_ike(&m, &in), 0);
	fclose(out);
	expect_lines(lines);
	assert_int_equal(count("dmvpn1"), 0);
	/* Sums are left out, and so is a server that looks like another. */
	assert_int_equal(count("errors_in"), 0);
	assert_int_equal(count("\ndmvpn_nhs_up{"), 2);
	assert_int_equal(count("\ndmvpn_nhrp_events_total{"), 1);
	free(text);
	json_object_put(o);
}

static void read_file(const char *path, const char *want)
{
	char line[32] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_non_null(fgets(line, sizeof(line), f));
	assert_string_equal(line, want);
	fclose(f);
}

static void test_outfile(void **state)
{
	char dir[] = "/tmp/dmvpn-test-XXXXXX", path[64];
	struct outfile file;
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/x.prom", dir);
	assert_int_equal(outfile_open(&file, path), 0);
	fputs("one", file.out);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(outfile_commit(&file), 0);
	read_file(path, "one");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);

	assert_int_equal(outfile_open(&file, path), 0);
	fputs("two", file.out);
	outfile_discard(&file);
	read_file(path, "one");
	assert_int_equal(unlink(path), 0);
	/* What is no file stays what it is. */
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_int_equal(outfile_open(&file, path), -EINVAL);
	assert_int_equal(outfile_open(&file, dir), -EINVAL);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(unlink(path), 0);
	/* Nothing else was left in it. */
	assert_int_equal(rmdir(dir), 0);
	assert_true(outfile_open(&file, path) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_kernel),
		cmocka_unit_test(test_no_kernel),
		cmocka_unit_test(test_peers),
		cmocka_unit_test(test_daemon),
		cmocka_unit_test(test_outfile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
