// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from FRR: nhrpd's interfaces, and the lines of other daemons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>

#include "tests/import_rig.h"

#define SPOKE \
	"frr version 10.3\n" \
	"! a comment\n" \
	"# another\n" \
	"hostname r1\n" \
	"nhrp nflog-group 1\n" \
	"nhrp multicast-nflog-group 2\n" \
	"interface gre1\n" \
	" description cloud\n" \
	" ip address 10.0.0.2/24\n" \
	" ip nhrp authentication cisco123\n" \
	" ip nhrp holdtime 300\n" \
	" ip nhrp map 10.0.0.9 192.0.2.9\n" \
	" ip nhrp map multicast 192.0.2.1\n" \
	" ip nhrp map 10.0.0.2 local\n" \
	" ip nhrp mtu opennhrp\n" \
	" ip nhrp network-id 1\n" \
	" ip nhrp nhs 10.0.0.1 nbma 192.0.2.1\n" \
	" ip nhrp nhs dynamic nbma hub.example.net\n" \
	" ip nhrp registration no-unique\n" \
	" ip nhrp shortcut\n" \
	" tunnel source eth0\n" \
	"exit\n" \
	"!\n" \
	"interface eth0\n" \
	" ip address 192.0.2.2/24\n" \
	" ip ospf cost 3\n" \
	"router bgp 65000\n" \
	" neighbor 10.0.0.1 remote-as external\n"

static void test_spoke(void **state)
{
	struct nh_conf *conf;
	struct import in;

	(void)state;
	imp_frr(&in, SPOKE);
	assert_int_equal(in.ntunnel, 1);
	conf = imp_conf(&in, 0);
	assert_string_equal(conf->name, "dmvpn1");
	assert_string_equal(conf->source_dev, "eth0");
	assert_int_equal(conf->naddr, 1);
	assert_int_equal(conf->addr[0].plen, 24);
	assert_int_equal(conf->network_id, 1);
	assert_int_equal(conf->holdtime, 300);
	assert_false(conf->unique);
	assert_true(conf->shortcut);
	assert_false(conf->redirect);
	assert_false(conf->mcast_dynamic);
	assert_false(conf->server);
	assert_int_equal(conf->nnhs, 2);
	assert_true(conf->nhs[0].multicast);
	assert_true(conf->nhs[1].dynamic);
	assert_string_equal(conf->nhs[1].name, "hub.example.net");
	assert_int_equal(conf->nmap, 1);
	assert_false(conf->ipsec.present);
	nh_conf_free(conf);

	imp_is(&in, "nhrp nflog-group", IMPORT_IGNORED, "no firewall");
	imp_is(&in, "nhrp multicast-nflog", IMPORT_IGNORED, "no firewall");
	imp_is(&in, "ip nhrp map 10.0.0.2", IMPORT_IGNORED, "own");
	imp_is(&in, "ip nhrp mtu", IMPORT_LEFT, "MTU");
	imp_is(&in, "interface eth0", IMPORT_IGNORED, "other daemons");
	imp_is(&in, "ip address 192", IMPORT_IGNORED, "");
	imp_is(&in, "router bgp", IMPORT_IGNORED, "other daemons");
	imp_is(&in, "exit", IMPORT_IGNORED, "end");
	imp_note(&in, "ip -d link show gre1");
	imp_note(&in, "Protection=none");
	imp_has(&in, 0, "\n#Key=\n");
	import_free(&in);
}

/* The address of a host says nothing of the cloud; IPsec is strongSwan's. */
static void test_incomplete(void **state)
{
	struct import in;

	(void)state;
	imp_frr(&in, "interface mgre\n ip address 10.0.0.1/32\n"
		     " ip nhrp network-id 1\n ip nhrp redirect\n"
		     " ip nhrp map multicast dynamic\n"
		     " tunnel protection vici profile dmvpn"
		     " fallback-profile old\n");
	assert_string_equal(in.tunnel[0]->device, "dmvpn0");
	imp_has(&in, 0, "the tunnel address 10.0.0.1, with");
	imp_has(&in, 0, "\n#Address=\n");
	imp_has(&in, 0, "what mgre has as its \"local\" address");
	imp_has(&in, 0, "\n#Source=\n");
	imp_has(&in, 0, "Protection=required\n");
	imp_has(&in, 0, "MapMulticast=dynamic\nRedirect=yes\nShortcut=no\n");
	imp_has(&in, 0, "\n#[IPsec]\n#Secret=\n");
	imp_is(&in, "ip address", IMPORT_LEFT, "prefix");
	imp_is(&in, "tunnel protection", IMPORT_LEFT, "dmvpn");
	imp_note(&in, "[IPsec] is to be filled in");
	import_free(&in);

	/* What is not known is not in the clear either. */
	imp_frr(&in, "interface mgre\n ip nhrp network-id 1\n"
		     " tunnel protection other\n");
	imp_has(&in, 0, "Protection=required\n");
	imp_is(&in, "tunnel protection", IMPORT_LEFT, "unknown");
	import_free(&in);
}

/* Two blocks of one interface, as of two daemons' files; and, FRR does not mind,
 * without blanks in front.
 */
static void test_blocks(void **state)
{
	struct import in;

	(void)state;
	imp_frr(&in, "interface gre1\nip address 10.0.0.1/24\n"
		     "interface eth0\nip address 192.0.2.1/24\nexit\n"
		     "ip nhrp holdtime 5\n"
		     "interface gre1\nip nhrp network-id 1\n"
		     "tunnel source eth0\n ip nhrp redirect\n"
		     "router ospf\n network 10.0.0.0/8 area 0\n");
	assert_int_equal(in.ntunnel, 1);
	imp_has(&in, 0, "Source=eth0\n");
	imp_has(&in, 0, "Address=10.0.0.1/24\n");
	imp_has(&in, 0, "NetworkId=1\n");
	imp_has(&in, 0, "Redirect=yes\n");
	imp_is(&in, "ip nhrp holdtime", IMPORT_LEFT, "no interface");
	imp_is(&in, "ip address 192", IMPORT_IGNORED, "other daemons");
	imp_is(&in, "network 10", IMPORT_IGNORED, "other daemons");
	import_free(&in);
}

/* Interfaces without NHRP are as many as there are. */
static void test_many(void **state)
{
	char *text = NULL;
	struct import in;
	size_t size;
	FILE *f;
	int i;

	(void)state;
	f = open_memstream(&text, &size);
	for (i = 0; i < 100; i++)
		fprintf(f, "interface eth%d\n ip address 10.0.0.1/24\n"
			"interface gre%d\n%s ip nhrp network-id 1\n", i, i,
			i < 30 || i > 80 ? "" : "!");
	for (i = 0; i < 30; i++)
		fprintf(f, "interface tun%d\n ip nhrp network-id 1\n", i);
	fclose(f);
	imp_frr(&in, text);
	assert_int_equal(in.ntunnel, IMPORT_TUNNELS);
	imp_note(&in, "more than 64 interfaces with NHRP");
	imp_is(&in, "interface eth99", IMPORT_IGNORED, "other daemons");
	/* There is something to be said of each, and of the last one, too. */
	assert_true(in.nnote > 5 * IMPORT_TUNNELS);
	assert_string_equal(in.note[in.nnote - 1].device,
			    in.tunnel[IMPORT_TUNNELS - 1]->device);
	import_free(&in);
	free(text);
}

/* With what is to be filled in the daemon takes it. */
static void test_filled_in(void **state)
{
	static const char rest[] = "Source=192.0.2.1\nAddress=10.0.0.1/24\n";
	struct nh_conf *conf;
	struct import in;
	char *text, *all;

	(void)state;
	imp_frr(&in, "interface gre7\n ip nhrp network-id 1\n");
	text = imp_text(&in, 0);
	assert_true(asprintf(&all, "[Tunnel]\n%s%s", rest, text) > 0);
	conf = imp_read("dmvpn7.conf", all);
	assert_true(conf->server);
	nh_conf_free(conf);
	free(all);
	free(text);
	import_free(&in);
}

static void test_names(void **state)
{
	struct import in;

	(void)state;
	/* gre0 and x0 both want dmvpn0, and a block may come in two parts. */
	imp_frr(&in, "interface gre0\n ip nhrp network-id 1\n"
		     "interface x0\n ip nhrp network-id 2\n"
		     "interface gre0\n ip nhrp holdtime 300\n"
		     "interface gre3 vrf red\n ip nhrp network-id 3\n"
		     "interface a/b\n ip nhrp network-id 3\n");
	assert_int_equal(in.ntunnel, 3);
	assert_string_equal(in.tunnel[0]->device, "dmvpn0");
	imp_has(&in, 0, "HoldTime=300\n");
	assert_string_equal(in.tunnel[1]->device, "dmvpn1");
	assert_string_equal(in.tunnel[2]->device, "dmvpn3");
	imp_is(&in, "interface gre3", IMPORT_LEFT, "VRF");
	imp_is(&in, "interface a/b", IMPORT_LEFT, "name");
	import_free(&in);
}

static void test_v6(void **state)
{
	struct nh_conf *conf;
	struct import in;

	(void)state;
	imp_frr(&in, "interface gre1\n ipv6 address 2001:db8:1::2/64\n"
		     " ipv6 nhrp network-id 1\n ipv6 nhrp shortcut\n"
		     " ipv6 nhrp nhs 2001:db8:1::1 nbma 192.0.2.1\n"
		     " ip nhrp nhs 10.0.0.1 nbma 192.0.2.1\n"
		     " tunnel source eth0\n");
	conf = imp_conf(&in, 0);
	assert_int_equal(conf->nnhs, 1);
	assert_int_equal(conf->nhs[0].family, AF_INET6);
	assert_true(conf->shortcut);
	nh_conf_free(conf);
	imp_is(&in, "ip nhrp nhs", IMPORT_LEFT, "family");
	import_free(&in);
}

static void test_source(void **state)
{
	struct import in;

	(void)state;
	imp_frr(&in, "interface gre1\n ip address 10.0.0.2/24\n"
		     " ip nhrp network-id 1\n"
		     " tunnel source 192.0.2.2\n");
	imp_is(&in, "tunnel source", IMPORT_LEFT, "not the name");
	import_free(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spoke),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_filled_in),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_v6),
		cmocka_unit_test(test_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
