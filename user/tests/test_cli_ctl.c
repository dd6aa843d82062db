// SPDX-License-Identifier: GPL-2.0-or-later
/* The command and a daemon that answers what it is told to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <json-c/json.h>
#include <linux/xfrm.h>

#include "cli/cmd.h"
#include "cli/ctl.h"
#include "cli/ipsec_join.h"
#include "cli/show.h"
#include "genl/sa.h"
#include "tests/ctl_rig.h"

#define NHS \
	"{\"ok\":true,\"nhs\":[" \
	"{\"ifname\":\"dmvpn0\",\"address\":\"192.168.1.1\"," \
	"\"state\":\"up\",\"registered_ms\":83000,\"last_reply_ms\":null}," \
	"{\"ifname\":\"lo\",\"address\":\"10.0.0.1\"," \
	"\"state\":\"down\",\"registered_ms\":null,\"last_reply_ms\":5}]}\n"

static void test_nhs(void **state)
{
	(void)state;
	ctl_talk("show nhs", "{\"cmd\":\"nhs\"}\n", NHS, CLI_OK,
		 "IFNAME  ADDRESS      STATE  REGISTERED  LAST-REPLY\n"
		 "dmvpn0  192.168.1.1  up       00:01:23           -\n"
		 "lo      10.0.0.1     down            -    00:00:00\n", "");
}

static void test_nhs_json(void **state)
{
	(void)state;
	ctl_talk("-j show nhs", "{\"cmd\":\"nhs\"}\n", NHS, CLI_OK,
		 "[{\"ifname\":\"dmvpn0\",\"address\":\"192.168.1.1\",\"state\":\"up\",\"registered_ms\":83000},{\"ifname\":\"lo\",\"address\":\"10.0.0.1\",\"state\":\"down\",\"last_reply_ms\":5}]\n",
		 "");
}

static void test_debug(void **state)
{
	(void)state;
	ctl_talk("debug peer 192.0.2.1 level debug",
		 "{\"cmd\":\"debug\",\"peer\":\"192.0.2.1\",\"level\":\"debug\"}\n",
		 "{\"ok\":true,\"level\":\"debug\",\"peers\":[\"192.0.2.1\"]}\n",
		 CLI_OK, "level debug peers 192.0.2.1\n", "");
	ctl_talk("debug tunnel 10.0.0.2 dev dmvpn0 remove",
		 "{\"cmd\":\"debug\",\"tunnel\":\"10.0.0.2\",\"dev\":\"dmvpn0\",\"remove\":true}\n",
		 "{\"ok\":true,\"level\":\"debug\",\"peers\":[],\"tunnels\":[\"10.0.0.3/32\"],\"devices\":[]}\n",
		 CLI_OK, "level debug peers - tunnels 10.0.0.3/32 devices -\n",
		 "");
	ctl_prints("debug remove", CLI_USAGE, "",
		   "dmvpn: debug: remove: only together with peer, tunnel or dev\n");
	ctl_talk("debug", "{\"cmd\":\"debug\"}\n",
		 "{\"ok\":true,\"level\":\"info\",\"peers\":[]}\n",
		 CLI_OK, "level info peers -\n", "");
}

#define STATS \
	"{\"ok\":true,\"stats\":[{\"ifname\":\"dmvpn0\",\"counted_ms\":61000," \
	"\"in\":{\"resolution_request\":0,\"purge_reply\":2}," \
	"\"answers_in\":{\"ok\":3,\"no_binding_exists\":0},\"errors_in\":1," \
	"\"error_codes_in\":{\"unknown\":0,\"loop_detected\":1}," \
	"\"malformed\":0,\"limited\":4,\"limits\":{\"answers\":4,\"errors\":0}}]}\n"

static void test_traffic(void **state)
{
	(void)state;
	ctl_talk("show traffic", "{\"cmd\":\"stats\"}\n", STATS, CLI_OK,
		 "dmvpn0\n"
		 "    counted                       00:01:01\n"
		 "    in resolution-request         0\n"
		 "    in purge-reply                2\n"
		 "    answers-in ok                 3\n"
		 "    error-codes-in loop-detected  1\n"
		 "    limited                       4\n"
		 "    limits answers                4\n", "");
	ctl_talk("-j show traffic", "{\"cmd\":\"stats\"}\n", STATS, CLI_OK,
		 "[{\"ifname\":\"dmvpn0\",\"counted_ms\":61000,\"in\":{\"resolution_request\":0,\"purge_reply\":2},\"answers_in\":{\"ok\":3,\"no_binding_exists\":0},\"errors_in\":1,\"error_codes_in\":{\"unknown\":0,\"loop_detected\":1},\"malformed\":0,\"limited\":4,\"limits\":{\"answers\":4,\"errors\":0}}]\n",
		 "");
	ctl_talk("show traffic", "{\"cmd\":\"stats\"}\n", "{\"ok\":true}\n",
		 CLI_REFUSED, "", "dmvpn: show traffic: dmvpnd: senseless answer\n");
}

#define CLEARED(n, kept, type) \
	"{\"ok\":true,\"cleared\":" #n ",\"kept\":" #kept \
	",\"kept_type\":" type ",\"purges\":4}\n"

static void test_clear(void **state)
{
	(void)state;
	ctl_talk("clear nhrp", "{\"cmd\":\"clear\",\"what\":\"nhrp\"}\n",
		 CLEARED(0, 2, "\"nhs\""), CLI_OK, "cleared 0 kept 2 purges 4\n",
		 "");
	ctl_talk("-j clear nhrp 10.0.0.0/24 peer 192.0.2.2",
		 "{\"cmd\":\"clear\",\"what\":\"nhrp\",\"prefix\":\"10.0.0.0\\/24\",\"peer\":\"192.0.2.2\"}\n",
		 CLEARED(3, 0, "null"), CLI_OK,
		 "{\"cleared\":3,\"kept\":0,\"purges\":4}\n", "");
	ctl_talk("clear nhrp 10.0.0.1",
		 "{\"cmd\":\"clear\",\"what\":\"nhrp\",\"prefix\":\"10.0.0.1\"}\n",
		 CLEARED(0, 1, "\"nhs\""), CLI_REFUSED, "",
		 "dmvpn: clear nhrp: of type nhs: what is configured stays\n");
	ctl_talk("clear shortcuts peer 192.0.2.7",
		 "{\"cmd\":\"clear\",\"what\":\"shortcuts\",\"peer\":\"192.0.2.7\"}\n",
		 CLEARED(0, 0, "null"), CLI_NOT_FOUND, "",
		 "dmvpn: clear shortcuts: nothing of the kind\n");
	ctl_talk("clear nhs 10.0.0.1",
		 "{\"cmd\":\"clear\",\"what\":\"nhs\",\"address\":\"10.0.0.1\"}\n",
		 CLEARED(1, 0, "null"), CLI_OK, "cleared 1\n", "");
	ctl_talk("clear counters", "{\"cmd\":\"clear\",\"what\":\"counters\"}\n",
		 CLEARED(2, 0, "null"), CLI_OK, "cleared 2\n", "");
	ctl_talk("clear ipsec 192.0.2.2",
		 "{\"cmd\":\"clear\",\"what\":\"ipsec\",\"peer\":\"192.0.2.2\"}\n",
		 CLEARED(1, 0, "null"), CLI_OK, "cleared 1\n", "");
	ctl_prints("clear nhrp dev nosuch0", CLI_NOT_FOUND, "",
		   "dmvpn: clear nhrp: nosuch0: no such device\n");
}

/* Which of the strings to come there is no memory for, from 1; or 0. */
static unsigned int no_memory;

/* Takes the place of json-c's. */
struct json_object *json_object_new_string(const char *text)
{
	if (no_memory && !--no_memory)
		return NULL;
	return json_object_new_string_len(text, strlen(text));
}

/* Without what was named it would be about all: nothing is sent. */
static void test_no_memory(void **state)
{
	static const struct {
		const char *line;
		unsigned int strings;
	} cases[] = {
		{ "clear nhrp 10.0.0.0/24 peer 192.0.2.2", 4 },
		{ "clear ipsec 192.0.2.2", 3 },
		{ "debug peer 192.0.2.1 tunnel 10.0.0.2 remove", 3 },
		{ "events peer 192.0.2.2", 2 },
		{ "show nhs", 1 },
	};
	char *out, *err;
	unsigned int i, n;

	(void)state;
	ctl_needed();
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (n = 1; n <= cases[i].strings; n++) {
			no_memory = n;
			assert_int_equal(ctl_run(cases[i].line, &out, &err),
					 CLI_REFUSED);
			assert_int_equal(no_memory, 0);
			assert_non_null(strstr(err, ": out of memory\n"));
			free(out);
			free(err);
		}
	}
}

static void test_refused(void **state)
{
	(void)state;
	ctl_talk("debug peer all", "{\"cmd\":\"debug\",\"peer\":\"all\"}\n",
		 "{\"ok\":false,\"error\":\"not today\"}\n", CLI_REFUSED, "",
		 "dmvpn: debug: dmvpnd: not today\n");
}

/* What was refused is not there, for who asks for more than one thing, too. */
static void test_nothing_left(void **state)
{
	static const char *const replies[] = {
		"{\"ok\":false,\"error\":\"no\"}\n", "[]\n", "nonsense\n",
	};
	struct json_object *reply;
	struct cli cli = { 0 };
	size_t i;
	pid_t pid;

	(void)state;
	cli.err = fopen("/dev/null", "w");
	assert_non_null(cli.err);
	for (i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		reply = (struct json_object *)&cli;
		pid = ctl_begin("{\"cmd\":\"version\"}\n", replies[i]);
		assert_int_equal(ctl_command(&cli, "version", true, &reply),
				 CLI_REFUSED);
		assert_null(reply);
		ctl_end(pid);
	}
	fclose(cli.err);
}

static void test_senseless(void **state)
{
	static const char *const replies[] = {
		"\n", "[]\n", "{}\n", "{\"ok\":\n", "nonsense\n",
		"{\"ok\":true}\n", "{\"ok\":true,\"nhs\":5}\n",
		"{\"ok\":true,\"nhs\":null}\n",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(replies) / sizeof(replies[0]); i++)
		ctl_talk("show nhs", "{\"cmd\":\"nhs\"}\n", replies[i],
			 CLI_REFUSED, "",
			 "dmvpn: show nhs: dmvpnd: senseless answer\n");
	ctl_talk("show nhs", "{\"cmd\":\"nhs\"}\n", "{\"ok\":true", CLI_REFUSED,
		 "", "dmvpn: show nhs: dmvpnd: Connection reset by peer\n");
	ctl_talk("show nhs", "{\"cmd\":\"nhs\"}\n",
		 "{\"ok\":true,\"nhs\":[5,\"x\",null]}\n", CLI_OK, "", "");
}

#define NOW	1700000000

static const struct ipsec_dev devs[] = {
	{ .ifindex = 1, .name = "dmvpn0",
	  .local4 = { 2, 4, { 192, 0, 2, 1 } } },
	{ .ifindex = 2, .name = "dmvpn1",
	  .local4 = { 2, 4, { 192, 0, 2, 9 } } },
};

#define SA(SRC, DST, SPI, ...) \
	{ .src = { 2, 4, { 192, 0, 2, SRC } }, \
	  .dst = { 2, 4, { 192, 0, 2, DST } }, .spi = SPI, __VA_ARGS__ }

static const struct dmvpn_nl_sa sas[] = {
	SA(1, 2, 0xc0000001, .alg = "rfc4106(gcm(aes)) 128", .reqid = 7,
	   .mode = XFRM_MODE_TRANSPORT, .packets = 12, .bytes = 1200,
	   .encap = true, .encap_sport = 4500, .encap_dport = 40001,
	   .added = NOW - 60, .used = NOW - 2, .soft_seconds = 3000,
	   .hard_seconds = 3600),
	SA(2, 1, 0xab, .alg = "rfc4106(gcm(aes)) 128", .reqid = 7,
	   .mode = XFRM_MODE_TRANSPORT, .packets = 11, .bytes = 1100,
	   .encap = true, .encap_sport = 40001, .encap_dport = 4500,
	   .added = NOW - 60, .used = NOW + 9, .soft_seconds = 40,
	   .integrity_failed = 1, .replay = UINT32_MAX, .replay_window = 4),
	SA(1, 3, 5, .alg = "cbc(aes) 128 hmac(sha256) 128",
	   .mode = XFRM_MODE_TUNNEL, .added = NOW + 5, .mark = 1,
	   .mark_mask = 255),
	SA(8, 9, 6, .alg = "ecb(cipher_null) 0", .mode = 99, .added = NOW,
	   .if_id = 3, .soft_seconds = UINT64_MAX),
};

static void shows_ipsec(bool json, uint32_t ifindex, size_t n_sas, int code,
			const char *out, const char *err)
{
	struct ipsec_tables t = { .devs = devs, .n_devs = 2, .sas = sas,
				  .n_sas = n_sas, .ifindex = ifindex };
	char *got_out, *got_err;
	size_t out_size, err_size;
	struct cli cli = { .json = json, .cmd = &cmd_show_ipsec };
	int got;

	cli.out = open_memstream(&got_out, &out_size);
	cli.err = open_memstream(&got_err, &err_size);
	got = show_ipsec(&cli, &t, NOW);
	fclose(cli.out);
	fclose(cli.err);
	if (got != code || strcmp(got_out, out) || strcmp(got_err, err))
		fail_msg("%d: %s%s", got, got_out, got_err);
	free(got_out);
	free(got_err);
}

#define IPSEC_REQUEST	"{\"cmd\":\"ipsec\"}\n"

#define IPSEC \
	"{\"ok\":true,\"ike\":[{\"ifname\":\"dmvpn0\"," \
	"\"state\":\"connected\",\"socket\":\"/run/charon.vici\"," \
	"\"error\":null,\"since_ms\":9000}," \
	"{\"ifname\":\"dmvpn1\",\"state\":\"unreachable\"," \
	"\"socket\":\"/run/charon.vici\",\"error\":\"No\\u001b such file\"," \
	"\"since_ms\":83000}],\"ipsec\":[" \
	"{\"ifname\":\"dmvpn0\",\"nbma\":\"192.0.2.2\",\"port\":40001," \
	"\"name\":\"dmvpn0\",\"ike_id\":2,\"version\":2," \
	"\"state\":\"ESTABLISHED\",\"initiator\":true," \
	"\"local_identity\":\"hub\",\"identity\":\"spoke\\u001b1\"," \
	"\"nat\":true,\"algorithms\":\"AES_GCM_16-128\"," \
	"\"established_ms\":61000,\"rekey_ms\":null," \
	"\"children\":[{\"id\":3,\"state\":\"INSTALLED\"," \
	"\"mode\":\"TRANSPORT\",\"spi_in\":171,\"spi_out\":3221225473," \
	"\"if_id\":0,\"installed_ms\":60000,\"rekey_ms\":2000000," \
	"\"expires_ms\":null}]}," \
	"{\"ifname\":\"dmvpn0\",\"nbma\":\"192.0.2.4\",\"ike_id\":4," \
	"\"version\":1,\"state\":\"CONNECTING\"}]}\n"

#define IPSEC_ALONE \
	"NBMA       IDENTITY  IKE  MODE               SPI-IN     SPI-OUT  ENCRYPTED  DECRYPTED  ALGORITHM                   AGE     REKEY      ERRORS\n" \
	"192.0.2.2  -         -    transport/udp  0x000000ab  0xc0000001         12         11  rfc4106(gcm(aes)) 128  00:01:00  00:00:00  4294967300\n"

static void test_ipsec(void **state)
{
	pid_t pid = ctl_begin(IPSEC_REQUEST, IPSEC);

	(void)state;
	shows_ipsec(false, 0, 4, CLI_OK,
		    "DEVICE  NBMA       IF-ID  IDENTITY  IKE             MODE               SPI-IN     SPI-OUT  ENCRYPTED  DECRYPTED  ALGORITHM                           AGE             REKEY      ERRORS\n"
		    "dmvpn0  192.0.2.2      0  spoke?1   v2 established  transport/udp  0x000000ab  0xc0000001         12         11  rfc4106(gcm(aes)) 128          00:01:00          00:33:20  4294967300\n"
		    "dmvpn0  192.0.2.3      0  -         -               tunnel                  -  0x00000005          0          -  cbc(aes) 128 hmac(sha256) 128  00:00:00                 -           -\n"
		    "dmvpn0  192.0.2.4      0  -         v1 connecting   -                       -           -          -          -  -                                     -                 -           -\n"
		    "dmvpn1  192.0.2.8      3  -         -               unknown        0x00000006           -          -          0  ecb(cipher_null) 0             00:00:00  213503982334d14h           0\n",
		    "dmvpn: show ipsec: dmvpn1: IKE: unreachable for 00:01:23: /run/charon.vici: No? such file\n");
	ctl_end(pid);
	/* The trouble of another device is not told. */
	pid = ctl_begin(IPSEC_REQUEST, IPSEC);
	shows_ipsec(false, 1, 0, CLI_OK,
		    "NBMA       IDENTITY  IKE             MODE  SPI-IN  SPI-OUT  ENCRYPTED  DECRYPTED  ALGORITHM  AGE     REKEY  ERRORS\n"
		    "192.0.2.2  spoke?1   v2 established  -     -       -        -          -          -          -    00:33:20  -\n"
		    "192.0.2.4  -         v1 connecting   -     -       -        -          -          -          -           -  -\n",
		    "");
	ctl_end(pid);
}

static void test_ipsec_json(void **state)
{
	pid_t pid = ctl_begin(IPSEC_REQUEST, IPSEC);

	(void)state;
	shows_ipsec(true, 0, 2, CLI_OK,
		    "["
		    "{\"ifname\":\"dmvpn0\",\"nbma\":\"192.0.2.2\",\"if_id\":0,\"mode\":\"transport\",\"spi_in\":171,\"spi_out\":3221225473,\"encrypted\":12,\"decrypted\":11,\"algorithm\":\"rfc4106(gcm(aes)) 128\",\"age_ms\":60000,\"rekey_ms\":2000000,\"errors\":4294967300,"
		    "\"inbound\":{\"src\":\"192.0.2.2\",\"dst\":\"192.0.2.1\",\"spi\":171,\"reqid\":7,\"if_id\":0,\"mark\":0,\"mark_mask\":0,\"mode\":\"transport\",\"encap\":{\"sport\":40001,\"dport\":4500},\"algorithm\":\"rfc4106(gcm(aes)) 128\",\"packets\":11,\"bytes\":1100,\"age_ms\":60000,\"idle_ms\":0,\"soft_lifetime_ms\":40000,\"hard_lifetime_ms\":null,\"rekey_ms\":0,\"expires_ms\":null,\"integrity_failed\":1,\"replay\":4294967295,\"replay_window\":4},"
		    "\"outbound\":{\"src\":\"192.0.2.1\",\"dst\":\"192.0.2.2\",\"spi\":3221225473,\"reqid\":7,\"if_id\":0,\"mark\":0,\"mark_mask\":0,\"mode\":\"transport\",\"encap\":{\"sport\":4500,\"dport\":40001},\"algorithm\":\"rfc4106(gcm(aes)) 128\",\"packets\":12,\"bytes\":1200,\"age_ms\":60000,\"idle_ms\":2000,\"soft_lifetime_ms\":3000000,\"hard_lifetime_ms\":3600000,\"rekey_ms\":2940000,\"expires_ms\":3540000,\"integrity_failed\":0,\"replay\":0,\"replay_window\":0},"
		    "\"ike\":{\"name\":\"dmvpn0\",\"ike_id\":2,\"version\":2,\"state\":\"ESTABLISHED\",\"initiator\":true,\"port\":40001,\"local_identity\":\"hub\",\"identity\":\"spoke\\u001b1\",\"nat\":true,\"algorithms\":\"AES_GCM_16-128\",\"established_ms\":61000,\"rekey_ms\":null},"
		    "\"child\":{\"id\":3,\"state\":\"INSTALLED\",\"mode\":\"TRANSPORT\",\"spi_in\":171,\"spi_out\":3221225473,\"if_id\":0,\"installed_ms\":60000,\"rekey_ms\":2000000,\"expires_ms\":null}},"
		    "{\"ifname\":\"dmvpn0\",\"nbma\":\"192.0.2.4\",\"if_id\":0,\"mode\":null,\"spi_in\":null,\"spi_out\":null,\"encrypted\":null,\"decrypted\":null,\"algorithm\":null,\"age_ms\":null,\"rekey_ms\":null,\"errors\":null,"
		    "\"inbound\":null,"
		    "\"outbound\":null,"
		    "\"ike\":{\"name\":null,\"ike_id\":4,\"version\":1,\"state\":\"CONNECTING\",\"initiator\":null,\"port\":null,\"local_identity\":null,\"identity\":null,\"nat\":null,\"algorithms\":null,\"established_ms\":null,\"rekey_ms\":null},"
		    "\"child\":null},"
		    "{\"ifname\":\"dmvpn1\",\"ike_daemon\":{\"state\":\"unreachable\",\"socket\":\"/run/charon.vici\",\"error\":\"No\\u001b such file\",\"since_ms\":83000}}]\n",
		    "");
	ctl_end(pid);
}

/* What the kernel knows is shown, whatever the daemon says. */
static void test_ipsec_refused(void **state)
{
	pid_t pid = ctl_begin(IPSEC_REQUEST,
			      "{\"ok\":false,\"error\":\"not today\"}\n");

	(void)state;
	shows_ipsec(false, 1, 2, CLI_REFUSED, IPSEC_ALONE,
		    "dmvpn: show ipsec: dmvpnd: not today\n");
	ctl_end(pid);
	pid = ctl_begin(IPSEC_REQUEST, "{\"ok\":true,\"ipsec\":7}\n");
	shows_ipsec(false, 1, 2, CLI_REFUSED, IPSEC_ALONE,
		    "dmvpn: show ipsec: dmvpnd: senseless answer\n");
	ctl_end(pid);
	pid = ctl_begin(IPSEC_REQUEST, "{\"ok\":true}\n");
	shows_ipsec(false, 1, 2, CLI_OK, IPSEC_ALONE, "");
	ctl_end(pid);
}

static void test_no_daemon(void **state)
{
	(void)state;
	ctl_needed();
	ctl_close(NULL);
	ctl_prints("show nhs", CLI_NO_SERVICE, "",
		   "dmvpn: show nhs: dmvpnd does not run in this network namespace\n");
	shows_ipsec(false, 1, 2, CLI_OK, IPSEC_ALONE, "");
	shows_ipsec(true, 1, 0, CLI_OK, "[]\n", "");
	ctl_prints("debug", CLI_NO_SERVICE, "",
		   "dmvpn: debug: dmvpnd does not run in this network namespace\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nhs),
		cmocka_unit_test(test_nhs_json),
		cmocka_unit_test(test_debug),
		cmocka_unit_test(test_traffic),
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_senseless),
		cmocka_unit_test(test_ipsec),
		cmocka_unit_test(test_ipsec_json),
		cmocka_unit_test(test_ipsec_refused),
		cmocka_unit_test(test_no_daemon),
	};

	return cmocka_run_group_tests(tests, ctl_open, ctl_close);
}
