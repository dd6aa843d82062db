// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn doctor: facts in, findings out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <json-c/json.h>
#include <linux/rtnetlink.h>
#include <stdio.h>

#include "cli/doctor_checks.h"
#include "cli/doctor_facts.h"
#include "cli/doctor_gather.h"
#include "cli/finding.h"
#include "cli/ike.h"
#include "genl/dmvpn_nl.h"
#include "genl/inet.h"
#include "genl/link.h"
#include "genl/nl_dev.h"
#include "genl/nl_peer.h"
#include "lib/version.h"

/* A spoke of which all is well. */
struct healthy {
	struct dmvpn_nl_link link;
	struct dmvpn_nl_dev dev;
	struct dmvpn_nl_peer peer;
	struct ike_daemon ike;
	struct doctor_server server[2];
	struct doctor_device device;
	struct doctor_facts facts;
};

static struct nh_addr addr(const char *text)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, text), 0);
	return a;
}

static void make_server(struct healthy *h, struct doctor_server *server)
{
	*server = (struct doctor_server){
		.proto = addr("10.0.0.1"), .nbma = addr("192.0.2.1"),
		.state = "UP", .answer = "no error", .expires = 400000,
		.next = 100000, .peer = &h->peer,
		.route = { .type = RTN_UNICAST, .oif = 2 },
		.way = { .ifindex = 2, .name = "eth0", .mtu = 1500,
			 .up = true, .running = true },
	};
}

static void make(struct healthy *h)
{
	memset(h, 0, sizeof(*h));
	h->link = (struct dmvpn_nl_link){
		.present = DMVPN_NL_BIT(IFLA_DMVPN_KEY),
		.ifindex = 7, .name = "dmvpn0", .mtu = 1400, .up = true,
		.running = true, .link = 2, .max_peers = 100,
		.max_entries = 1000, .max_mcast = 10,
	};
	h->dev = (struct dmvpn_nl_dev){
		.ifindex = 7, .owner = 99, .local4 = addr("192.0.2.2"),
		.peers = 2, .entries = 3, .mcast = 1,
	};
	h->peer = (struct dmvpn_nl_peer){
		.ifindex = 7, .nbma = addr("192.0.2.1"),
		.state = DMVPN_PEER_STATE_SECURED,
		.flags = DMVPN_PEER_FLAGS_NHS,
	};
	h->ike = (struct ike_daemon){
		.ifname = "dmvpn0", .state = "connected",
	};
	make_server(h, &h->server[0]);
	h->device = (struct doctor_device){
		.link = &h->link, .dev = &h->dev, .inet4 = true,
		.local4 = true, .way = "eth0", .servers = h->server,
		.n_servers = 1, .ike = &h->ike, .policy = -ENODATA,
		.underlay = h->server[0].way,
	};
	h->facts = (struct doctor_facts){
		.now = 1800000000, .kernel = true,
		.family = DMVPN_FAMILY_VERSION, .module = DMVPN_VERSION,
		.daemon = true, .version = DMVPN_VERSION,
		.config_dir = "/etc/dmvpn", .forward4 = 1, .forward6 = 0,
		.devices = &h->device, .n_devices = 1,
	};
}

/*
 * What is not ok must be one of @check, of this severity, with @found and
 * @remedy in it; with NULL nothing is.
 */
static void finds(const struct healthy *h, enum severity severity,
		  const char *check, const char *found, const char *remedy)
{
	struct findings f = { .list = NULL };
	unsigned int n = 0;
	size_t i;

	doctor_check(&h->facts, &f);
	assert_false(f.failed);
	assert_true(f.n >= 5);
	for (i = 0; i < f.n; i++) {
		const struct finding *one = &f.list[i];

		if (one->severity == SEVERITY_OK) {
			assert_null(one->remedy);
			continue;
		}
		n++;
		if (!check || n > 1 || one->severity != severity ||
		    strcmp(one->check, check) || !strstr(one->found, found) ||
		    !strstr(one->remedy ?: "", remedy))
			fail_msg("%s: %d: %s [%s]", one->check, one->severity,
				 one->found, one->remedy ?: "");
	}
	if (check && !n)
		fail_msg("%s: not found: %s", check, found);
	findings_free(&f);
}

static void warns(const struct healthy *h, const char *check,
		  const char *found, const char *remedy)
{
	finds(h, SEVERITY_WARN, check, found, remedy);
}

static void fails(const struct healthy *h, const char *check,
		  const char *found, const char *remedy)
{
	finds(h, SEVERITY_FAIL, check, found, remedy);
}

static void test_healthy(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
	h.link.protection = DMVPN_PROTECTION_NONE;
	h.device.ike = NULL;
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
}

static void test_machine(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	h.facts.kernel = false;
	fails(&h, "module", "does not know", "modprobe dmvpn");
	make(&h);
	h.facts.family = DMVPN_FAMILY_VERSION + 1;
	fails(&h, "module", "interface", "one version");
	make(&h);
	strcpy(h.facts.module, "0.0.9");
	warns(&h, "module", "0.0.9", "modprobe");
	make(&h);
	h.facts.daemon = false;
	h.server[0].state = NULL;
	fails(&h, "daemon", "does not run", "systemctl start dmvpnd");
	make(&h);
	h.facts.version = "0.0.9";
	warns(&h, "daemon", "0.0.9", "restart");
	make(&h);
	h.facts.config = 2;
	h.facts.complaint = "x.conf:4: unknown key";
	fails(&h, "config", "x.conf:4", "dmvpnd --check");
	make(&h);
	h.facts.config = -ENOENT;
	finds(&h, SEVERITY_UNKNOWN, "config", "could not be run", "");
	make(&h);
	h.facts.now = 1000;
	fails(&h, "clock", "behind", "set-ntp");
}

static void test_device(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	h.link.up = false;
	fails(&h, "device", "down", "ip link set dmvpn0 up");
	make(&h);
	h.link.running = false;
	warns(&h, "device", "carrier", "show nhs");
	make(&h);
	h.dev.owner = 0;
	fails(&h, "device", "requests", "dmvpn0.conf");
	make(&h);
	h.device.inet4 = false;
	fails(&h, "address", "no tunnel address", "Address=");
	make(&h);
	h.dev.entries = 900;
	warns(&h, "limits", "900 entries of 1000", "max-entries 2000");
	make(&h);
	h.link.max_entries = 9000000;
	h.dev.entries = 8999999;
	warns(&h, "limits", "entries of 9000000", "max-entries 16777216");
	make(&h);
	h.dev.mcast = 10;
	fails(&h, "limits", "10 multicast of 10", "MaxMulticast=20");
	make(&h);
	h.dev.peers = 89;
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
	make(&h);
	h.facts.n_devices = 0;
	fails(&h, "device", "there is no dmvpn device", "dmvpn0.conf");
	h.facts.wanted = "dmvpn7";
	fails(&h, "device", "no such", "dmvpn7.conf");
}

static void test_sysctls(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	h.facts.forward4 = 0;
	warns(&h, "forwarding", "IPv4", "net.ipv4.ip_forward=1");
	h.link.redirect = true;
	fails(&h, "forwarding", "IPv4", "net.ipv4.ip_forward=1");
	make(&h);
	h.device.n_servers = 0;
	h.facts.forward4 = 0;
	fails(&h, "forwarding", "IPv4", "net.ipv4.ip_forward=1");
	make(&h);
	h.device.inet6 = true;
	warns(&h, "forwarding", "IPv6", "net.ipv6.conf.all.forwarding=1");
	make(&h);
	h.facts.forward4 = -1;
	finds(&h, SEVERITY_UNKNOWN, "forwarding", "cannot be read", "");
	make(&h);
	h.device.rp_filter = 1;
	warns(&h, "rp-filter", "strict on dmvpn0",
	      "net.ipv4.conf.dmvpn0.rp_filter=2");
	make(&h);
	h.device.inet4 = false;
	h.device.inet6 = true;
	h.facts.forward6 = 1;
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
	make(&h);
	h.device.underlay_rp_filter = 1;
	warns(&h, "rp-filter", "strict on eth0",
	      "net.ipv4.conf.eth0.rp_filter=2");
	strcpy(h.device.way, "eth0.7");
	warns(&h, "rp-filter", "strict on eth0.7",
	      "net/ipv4/conf/eth0.7/rp_filter=2");
}

/* What could not be looked at is not called good. */
static void test_rp_filter_unknown(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	h.device.rp_filter = -1;
	finds(&h, SEVERITY_UNKNOWN, "rp-filter", "that of dmvpn0", "");
	make(&h);
	h.device.underlay_rp_filter = -1;
	finds(&h, SEVERITY_UNKNOWN, "rp-filter", "that of eth0", "");
	h.device.way[0] = '\0';
	finds(&h, SEVERITY_UNKNOWN, "rp-filter", "is not known", "");
	/* It is of IPv4 only. */
	h.dev.local4 = (struct nh_addr){ 0 };
	h.dev.local6 = addr("2001:db8::2");
	h.device.local4 = false;
	h.device.local6 = true;
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
}

static void test_addresses(void **state)
{
	const struct dmvpn_nl_inet list[] = {
		{ .ifindex = 7, .addr = addr("10.0.0.2") },
		{ .ifindex = 7, .addr = addr("fe80::2") },
		{ .ifindex = 3, .addr = addr("192.0.2.2") },
		{ .ifindex = 4, .addr = addr("192.0.2.9") },
		{ .ifindex = 4, .addr = addr("2001:db8::9") },
	};
	struct healthy h;

	(void)state;
	make(&h);
	h.device.inet4 = false;
	h.device.local4 = false;
	doctor_addresses(&h.device, list, 5);
	assert_true(h.device.inet4 && !h.device.inet6);
	assert_true(h.device.local4 && !h.device.local6);
	assert_int_equal(h.device.holder4, 3);
	make(&h);
	h.device.local4 = false;
	h.dev.local4 = addr("192.0.2.5");
	h.dev.local6 = addr("2001:db8::9");
	doctor_addresses(&h.device, list, 5);
	assert_true(!h.device.local4 && h.device.local6);
	assert_int_equal(h.device.holder4, 0);
}

static void test_underlay(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	h.device.underlay_err = -ENODEV;
	fails(&h, "underlay", "gone", "underlay DEV");
	make(&h);
	h.device.underlay.up = false;
	fails(&h, "underlay", "eth0 is down", "ip link set eth0 up");
	make(&h);
	h.device.underlay.running = false;
	fails(&h, "underlay", "no carrier", "eth0");
	make(&h);
	h.device.local4 = false;
	fails(&h, "underlay", "192.0.2.2", "ip address add 192.0.2.2/");
	make(&h);
	h.dev.local4 = (struct nh_addr){ 0 };
	fails(&h, "underlay", "no local NBMA address", "dev eth0");
	make(&h);
	h.device.self.elsewhere = true;
	finds(&h, SEVERITY_UNKNOWN, "underlay", "another network namespace",
	      "doctor there");
}

static void test_route(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	h.server[0].route_err = -ENETUNREACH;
	fails(&h, "route", "none to the server at 192.0.2.1",
	      "ip route add 192.0.2.1 via");
	make(&h);
	h.server[0].route.oif = 7;
	fails(&h, "route", "into the tunnel", "ip route add 192.0.2.1");
	make(&h);
	h.server[0].route.type = RTN_LOCAL;
	fails(&h, "route", "our own", "Nbma=");
}

static void test_mtu(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	/* 20 of IP, 8 of GRE with its key, 37 of ESP. */
	h.link.mtu = 1435;
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
	h.link.mtu = 1436;
	warns(&h, "mtu", "only 1435 fit", "ip link set dmvpn0 mtu 1435");
	h.link.protection = DMVPN_PROTECTION_NONE;
	h.link.present = 0;
	h.link.mtu = 1476;
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
	h.server[0].route.mtu = 1280;
	warns(&h, "mtu", "only 1256 fit", "mtu 1256");
	h.peer.mtu = 1300;
	warns(&h, "mtu", "only 1300 fit", "mtu 1300");
	make(&h);
	h.link.mtu = 1416;
	h.server[0].nbma = addr("2001:db8::1");
	warns(&h, "mtu", "only 1415 fit", "mtu 1415");
}

static void test_ipsec(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	h.ike.state = "refused";
	h.ike.error = "no such key";
	fails(&h, "ipsec", "no such key", "[IPsec]");
	h.ike.state = "unreachable";
	h.ike.socket = "/run/vici";
	fails(&h, "ipsec", "/run/vici", "systemctl start strongswan");
	make(&h);
	h.device.ike = NULL;
	h.device.policy = 1;
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
	h.device.policy = 0;
	warns(&h, "ipsec", "no xfrm policy", "[IPsec]");
	h.device.policy = -EPERM;
	finds(&h, SEVERITY_UNKNOWN, "ipsec", "Operation not permitted", "");
}

static void test_servers(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	h.server[0].state = "DOWN";
	fails(&h, "nhs", "10.0.0.1 at 192.0.2.1 does not answer",
	      "ping 192.0.2.1");
	h.server[0].answer = "administratively prohibited";
	fails(&h, "nhs", "prohibited", "events peer 192.0.2.1");
	h.peer.state = DMVPN_PEER_STATE_NEGOTIATING;
	fails(&h, "nhs", "no security association", "show ipsec");
	make(&h);
	h.server[0].state = "PROBE";
	warns(&h, "nhs", "does not answer", "ping");
	h.server[0].failures = 1;
	fails(&h, "nhs", "does not answer", "ping");
	make(&h);
	h.server[0].nbma = (struct nh_addr){ 0 };
	h.server[0].name = "hub.example";
	h.server[0].state = "DOWN";
	fails(&h, "nhs", "hub.example", "getent hosts hub.example");

	make(&h);
	h.device.n_servers = 2;
	make_server(&h, &h.server[1]);
	h.server[1].state = "DOWN";
	warns(&h, "nhs", "does not answer", "");
	h.server[1].state = "WAIT";
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
	make(&h);
	h.server[0].next = 460000;
	warns(&h, "nhs", "ends 60 s before", "HoldTime=");
	h.server[0].next = DOCTOR_NEVER;
	finds(&h, SEVERITY_OK, NULL, NULL, NULL);
}

static void test_firewall(void **state)
{
	struct healthy h;

	(void)state;
	make(&h);
	h.facts.firewall = "nft is not installed";
	finds(&h, SEVERITY_UNKNOWN, "firewall", "nft is not installed", "");
	make(&h);
	h.facts.legacy = true;
	finds(&h, SEVERITY_UNKNOWN, "firewall", "iptables-legacy", "");
	make(&h);
	h.device.n_passages = 1;
	h.device.passages[0] = (struct doctor_passage){
		.what = "ESP", .rule = "meta l4proto esp",
		.in = FIREWALL_DROP, .answers = FIREWALL_DROP,
		.chain = "inet filter input",
	};
	fails(&h, "firewall", "no rule of chain inet filter input accepts ESP",
	      "nft insert rule inet filter input meta l4proto esp accept");
	h.device.passages[0].answers = FIREWALL_ACCEPT;
	warns(&h, "firewall", "as an answer only", "nft insert rule");
	h.link.redirect = true;
	fails(&h, "firewall", "no rule", "nft insert rule");
	h.device.passages[0].in = FIREWALL_MAYBE;
	finds(&h, SEVERITY_UNKNOWN, "firewall", "not checked", "");
	h.device.passages[0].in = FIREWALL_ACCEPT;
	h.device.passages[0].out = FIREWALL_DROP;
	fails(&h, "firewall", "our own ESP", "nft insert rule");
	make(&h);
	h.device.n_passages = 1;
	h.device.passages[0] = (struct doctor_passage){
		.what = "x", .rule = "y", .forward = true, .v6 = true,
		.in = FIREWALL_DROP, .chain = "inet filter forward",
	};
	warns(&h, "firewall", "no rule of chain inet filter forward accepts x",
	      "nft insert rule inet filter forward y accept");
	h.link.redirect = true;
	fails(&h, "firewall", "by IPv6", "nft insert rule");
	h.device.passages[0].in = FIREWALL_MAYBE;
	finds(&h, SEVERITY_UNKNOWN, "firewall", "not checked", "");
}

/* What must pass depends on the device. */
static void test_passages(void **state)
{
	static const char drop[] =
		"{\"nftables\":[{\"chain\":{\"family\":\"inet\",\"table\":\"f\","
		"\"name\":\"in\",\"type\":\"filter\",\"hook\":\"input\","
		"\"policy\":\"drop\"}},{\"rule\":{\"family\":\"inet\","
		"\"table\":\"f\",\"chain\":\"in\",\"expr\":[{\"match\":{"
		"\"op\":\"==\",\"left\":{\"meta\":{\"key\":\"ipsec\"}},"
		"\"right\":true}},{\"accept\":null}]}},"
		"{\"chain\":{\"family\":\"inet\",\"table\":\"f\","
		"\"name\":\"out\",\"type\":\"filter\",\"hook\":\"output\","
		"\"policy\":\"drop\"}}]}";
	struct json_object *ruleset = json_tokener_parse(drop);
	struct healthy h;
	size_t i;

	(void)state;
	assert_non_null(ruleset);
	make(&h);
	doctor_passages(&h.device, ruleset);
	assert_int_equal(h.device.n_passages, 4);
	/* GRE out of ESP passes by that rule, and GRE that becomes ESP comes
	 * to no rule; all else does not pass.
	 */
	for (i = 0; i < 4; i++) {
		assert_int_equal(h.device.passages[i].in,
				 i ? FIREWALL_DROP : FIREWALL_ACCEPT);
		assert_int_equal(h.device.passages[i].out,
				 i ? FIREWALL_DROP : FIREWALL_ACCEPT);
	}
	make(&h);
	h.dev.local6 = addr("2001:db8::2");
	doctor_passages(&h.device, ruleset);
	assert_int_equal(h.device.n_passages, 8);
	make(&h);
	h.dev.local6 = addr("2001:db8::2");
	h.device.inet6 = true;
	h.link.redirect = true;
	doctor_passages(&h.device, ruleset);
	assert_int_equal(h.device.n_passages, DOCTOR_PASSAGES);
	/* That chain has nothing to do with what is forwarded. */
	assert_true(h.device.passages[9].forward && h.device.passages[9].v6);
	assert_int_equal(h.device.passages[9].in, FIREWALL_ACCEPT);
	assert_string_equal(h.device.passages[9].rule,
			    "iifname dmvpn0 oifname dmvpn0");
	make(&h);
	h.link.protection = DMVPN_PROTECTION_NONE;
	doctor_passages(&h.device, ruleset);
	assert_int_equal(h.device.n_passages, 1);
	assert_int_equal(h.device.passages[0].in, FIREWALL_DROP);
	assert_int_equal(h.device.passages[0].out, FIREWALL_DROP);
	json_object_put(ruleset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_healthy),
		cmocka_unit_test(test_machine),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_sysctls),
		cmocka_unit_test(test_rp_filter_unknown),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_underlay),
		cmocka_unit_test(test_route),
		cmocka_unit_test(test_mtu),
		cmocka_unit_test(test_ipsec),
		cmocka_unit_test(test_servers),
		cmocka_unit_test(test_firewall),
		cmocka_unit_test(test_passages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
