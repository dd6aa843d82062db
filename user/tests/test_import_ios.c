// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: tunnels, NHRP, and what is not translated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sys/socket.h>

#include "tests/import_rig.h"

/* A tunnel to which a line is added, or several. */
#define HEAD	"interface Tunnel7\n" \
		" ip address 10.0.0.2 255.255.255.0\n" \
		" ip nhrp network-id 1\n" \
		" tunnel source 192.0.2.2\n" \
		" tunnel mode gre multipoint\n"
#define SERVER	" ip nhrp nhs 10.0.0.1 nbma 192.0.2.1\n"

/**
 * struct one - a line and what becomes of it
 * @line: behind HEAD
 * @class: of it
 * @what: is said of it
 * @has: part of the configuration, or NULL
 */
struct one {
	const char *line;
	enum import_class class;
	const char *what;
	const char *has;
};

static void one(const char *head, const struct one *o)
{
	char text[1024];
	struct import in;

	snprintf(text, sizeof(text), "%s %s\n", head, o->line);
	imp_ios(&in, text);
	assert_int_equal(in.ntunnel, 1);
	assert_string_equal(in.tunnel[0]->device, "dmvpn7");
	imp_is(&in, o->line, o->class, o->what);
	assert_string_equal(imp_line(&in, o->line)->device, "dmvpn7");
	if (o->has)
		imp_has(&in, 0, o->has);
	nh_conf_free(imp_conf(&in, 0));
	import_free(&in);
}

static const struct one nhrp[] = {
	{ "ip nhrp authentication abc", IMPORT_USED, "[NHRP] Authentication=",
	  "Authentication=abc\n" },
	{ "ip nhrp authentication ;#=x", IMPORT_USED, "[NHRP] Authentication=",
	  "Authentication=;#=x\n" },
	{ "ip nhrp authentication abcdefghi", IMPORT_LEFT, "8 characters", NULL },
	{ "ip nhrp authentication 7 0822455D0A16", IMPORT_LEFT, "encrypted",
	  NULL },
	{ "ip nhrp network-id 2", IMPORT_LEFT, "since line 3", NULL },
	{ "ipv6 nhrp network-id 1", IMPORT_USED, "NetworkId=1", NULL },
	{ "ip nhrp network-id x", IMPORT_LEFT, "number", NULL },
	{ "ip nhrp holdtime 300", IMPORT_USED, "HoldTime=300",
	  "HoldTime=300\n" },
	{ "ip nhrp holdtime 10", IMPORT_LEFT, "from 30", NULL },
	{ "ip nhrp registration timeout 60", IMPORT_USED,
	  "RegistrationTimeout=60", "RegistrationTimeout=60\n" },
	{ "ip nhrp registration timeout 600", IMPORT_LEFT, "HoldTime=600",
	  NULL },
	{ "ip nhrp registration no-unique", IMPORT_USED,
	  "RegistrationUnique=no", "RegistrationUnique=no\n" },
	{ "ip nhrp registration delay 5", IMPORT_LEFT, "no key", NULL },
	{ "ip nhrp redirect", IMPORT_USED, "Redirect=yes", "Redirect=yes\n" },
	{ "ip nhrp redirect timeout 5", IMPORT_USED, "redirect-interval",
	  "Redirect=yes\n" },
	{ "ip nhrp redirect timeout", IMPORT_LEFT, "for all traffic",
	  "Redirect=yes\n" },
	{ "ip nhrp redirect timeout x", IMPORT_LEFT, "for all traffic",
	  "Redirect=yes\n" },
	{ "ip nhrp redirect interest A", IMPORT_LEFT, "for all traffic",
	  "Redirect=yes\n" },
	{ "ip nhrp redirect timeout 5 interest A", IMPORT_LEFT,
	  "for all traffic", "Redirect=yes\n" },
	{ "ip nhrp shortcut", IMPORT_USED, "Shortcut=yes", "Shortcut=yes\n" },
	{ "no ip nhrp shortcut", IMPORT_USED, "Shortcut=no", "Shortcut=no\n" },
	{ "no ip nhrp redirect", IMPORT_USED, "Redirect=no", NULL },
	{ "ip nhrp max-send 100 every 20", IMPORT_USED, "MaxSend=100/20",
	  "MaxSend=100/20\n" },
	{ "ip nhrp max-send 100", IMPORT_USED, "MaxSend=100/10", NULL },
	{ "ip nhrp max-send 100 each 20", IMPORT_LEFT, "PACKETS/SECONDS", NULL },
	{ "ip nhrp group gold", IMPORT_USED, "Group=gold", "Group=gold\n" },
	{ "nhrp group gold", IMPORT_USED, "Group=gold", "Group=gold\n" },
	{ "ip nhrp map group gold service-policy output X", IMPORT_LEFT, "QoS",
	  NULL },
	{ "nhrp map group gold service-policy output X", IMPORT_LEFT, "QoS",
	  NULL },
	{ "ip nhrp server-only", IMPORT_LEFT, "no key", NULL },
	{ "nhrp event-publisher max-event-timeout 5", IMPORT_IGNORED,
	  "dmvpn events", NULL },
	{ "ip nhrp record", IMPORT_IGNORED, "always", NULL },
	{ "ip nhrp what-is-this 5", IMPORT_LEFT, "unknown", NULL },
	{ "ip nhrp map multicast dynamic", IMPORT_USED,
	  "MapMulticast=dynamic", "MapMulticast=dynamic\n" },
	{ "no ip nhrp map multicast dynamic", IMPORT_USED,
	  "MapMulticast=none", "MapMulticast=none\n" },
	{ "no ip nhrp map multicast 192.0.2.9", IMPORT_IGNORED, "off", NULL },
	{ "ip nhrp map multicast 192.0.2.9", IMPORT_LEFT, "no server", NULL },
	{ "ip nhrp map multicast nhs", IMPORT_LEFT, "no server", NULL },
	{ "ip nhrp map 10.0.0.9 192.0.2.9", IMPORT_USED, "[Map]",
	  "[Map]\nPrefix=10.0.0.9/32\nNbma=192.0.2.9\n" },
	{ "ip nhrp map 10.1.2.3 255.255.0.0 192.0.2.9", IMPORT_USED, "[Map]",
	  "[Map]\nPrefix=10.1.0.0/16\nNbma=192.0.2.9\n" },
	{ "ip nhrp map 10.0.0.2 192.0.2.9", IMPORT_LEFT, "our own", NULL },
	{ "ip nhrp map 10.0.0.9 192.0.2.2", IMPORT_LEFT, "our own", NULL },
	{ "ip nhrp map 10.0.0.9 2001:db8::1", IMPORT_LEFT, "family", NULL },
	{ "ip nhrp map 10.0.0.9", IMPORT_LEFT, "expected", NULL },
	{ "ip nhrp map 10.0.0.9 192.0.2.9 preference 5", IMPORT_LEFT,
	  "preference", NULL },
	{ "ip nhrp nhs 10.0.0.1", IMPORT_LEFT, "not in the file", NULL },
	{ "ip nhrp nhs 10.0.0.1 nbma 192.0.2.1 priority 5 cluster 3",
	  IMPORT_USED, "[NHS]",
	  "[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\nPriority=5\nCluster=3\n" },
	{ "ip nhrp nhs 10.0.0.1 nbma hub.example.net multicast", IMPORT_USED,
	  "[NHS]", "Nbma=hub.example.net\nMulticast=yes\n" },
	{ "ip nhrp nhs dynamic nbma 192.0.2.1 multicast", IMPORT_USED, "[NHS]",
	  "Address=dynamic\nNbma=192.0.2.1\nMulticast=yes\n" },
	{ "ip nhrp nhs 10.0.0.1 nbma hub.example.net nbma 192.0.2.1",
	  IMPORT_LEFT, "second nbma", NULL },
	{ "ip nhrp nhs 10.0.0.1 nbma 192.0.2.300", IMPORT_LEFT, "192.0.2.300",
	  NULL },
	{ "ip nhrp nhs 10.0.0.1 10.0.0.0 255.0.0.0", IMPORT_LEFT, "10.0.0.0",
	  NULL },
	{ "ip nhrp nhs 10.0.0.2 nbma 192.0.2.1", IMPORT_LEFT, "our own", NULL },
	{ "ipv6 nhrp nhs 2001:db8::1 nbma 192.0.2.1", IMPORT_LEFT,
	  "no address of its family", NULL },
	{ "ip nhrp nhs fallback 30", IMPORT_USED, "NhsFallback=30",
	  "NhsFallback=30\n" },
	{ "ip nhrp nhs cluster 2 max-connections 1", IMPORT_LEFT, "no server",
	  NULL },
	{ "if-state nhrp", IMPORT_LEFT, "no server", NULL },
	{ NULL, IMPORT_OPEN, NULL, NULL },
};

static const struct one client[] = {
	{ "ip nhrp nhs 10.0.0.1 nbma 192.0.2.7", IMPORT_LEFT, "already", NULL },
	{ "ip nhrp map 10.0.0.1 192.0.2.1", IMPORT_USED, "[NHS] Nbma=", NULL },
	{ "ip nhrp map 10.0.0.1 192.0.2.7", IMPORT_LEFT, "another", NULL },
	{ "ip nhrp map multicast 192.0.2.1", IMPORT_USED,
	  "[NHS] Multicast=yes", "Multicast=yes\n" },
	{ "ip nhrp map multicast nhs", IMPORT_USED, "[NHS] Multicast=yes",
	  "Multicast=yes\n" },
	{ "ip nhrp nhs cluster 0 max-connections 1", IMPORT_USED,
	  "MaxConnections=1", "[Cluster]\nId=0\nMaxConnections=1\n" },
	{ "if-state nhrp", IMPORT_USED, "IfState=nhrp", "IfState=nhrp\n" },
	{ NULL, IMPORT_OPEN, NULL, NULL },
};

static const struct one tunnel[] = {
	{ "ip mtu 1400", IMPORT_USED, "MTU=1400", "MTU=1400\n" },
	{ "ip address 10.9.0.2 255.255.0.0 secondary", IMPORT_USED,
	  "Address=10.9.0.2/16", "Address=10.9.0.2/16\n" },
	{ "ip address 10.9.0.2 255.0.255.0", IMPORT_LEFT, "mask", NULL },
	{ "ip address dhcp", IMPORT_LEFT, "no address", NULL },
	{ "ip unnumbered Loopback0", IMPORT_LEFT, "address of its own", NULL },
	{ "ipv6 address 2001:db8::2/64", IMPORT_USED, "Address=2001:db8::2/64",
	  "Address=2001:db8::2/64\n" },
	{ "ipv6 address 2001:db8::/64 eui-64", IMPORT_LEFT, "no address", NULL },
	{ "ipv6 address fe80::2 link-local", IMPORT_LEFT, "needs another",
	  NULL },
	{ "ip tcp adjust-mss 1360", IMPORT_LEFT, "no key", NULL },
	{ "bandwidth 1000", IMPORT_LEFT, "metrics", NULL },
	{ "delay 1000", IMPORT_LEFT, "metrics", NULL },
	{ "tunnel key 4294967295", IMPORT_USED, "Key=4294967295",
	  "Key=4294967295\n" },
	{ "tunnel key 4294967296", IMPORT_LEFT, "number", NULL },
	{ "tunnel ttl 64", IMPORT_USED, "TTL=64", "TTL=64\n" },
	{ "tunnel tos 1", IMPORT_LEFT, "not possible", NULL },
	{ "tunnel tos 96", IMPORT_USED, "TOS=96", "TOS=96\nProtection=" },
	{ "tunnel ttl 9", IMPORT_USED, "TTL=9",
	  "TTL=9\nTOS=inherit\nProtection=" },
	{ "tunnel vrf RED", IMPORT_LEFT, "VRF", NULL },
	{ "vrf forwarding RED", IMPORT_LEFT, "VRF", NULL },
	{ "ip vrf forwarding RED", IMPORT_LEFT, "VRF", NULL },
	{ "tunnel checksum", IMPORT_LEFT, "checksum", NULL },
	{ "tunnel path-mtu-discovery", IMPORT_IGNORED, "always", NULL },
	{ "shutdown", IMPORT_LEFT, "up", NULL },
	{ "no shutdown", IMPORT_IGNORED, "always", NULL },
	{ "no ip redirects", IMPORT_IGNORED, "ICMP", NULL },
	{ "no ip split-horizon eigrp 90", IMPORT_IGNORED, "routing", NULL },
	{ "description key of the kingdom", IMPORT_IGNORED, "people", NULL },
	{ "frobnicate", IMPORT_LEFT, "unknown", NULL },
	{ "no frobnicate", IMPORT_IGNORED, "off", NULL },
	{ "tunnel protection ipsec profile NONE", IMPORT_LEFT,
	  "not in the file", "Protection=required\n" },
	{ NULL, IMPORT_OPEN, NULL, NULL },
};

static void test_nhrp(void **state)
{
	const struct one *o;

	(void)state;
	for (o = nhrp; o->line; o++)
		one(HEAD, o);
	for (o = client; o->line; o++)
		one(HEAD SERVER, o);
}

static void test_tunnel(void **state)
{
	const struct one *o;
	struct import in;

	(void)state;
	for (o = tunnel; o->line; o++)
		one(HEAD, o);
	/* What is not possible is not what is without it. */
	imp_ios(&in, HEAD " tunnel tos 1\n");
	imp_lacks(&in, 0, "TOS=");
	import_free(&in);
}

/* An IPv6 tunnel over IPv6, its source an interface with both families. */
static void test_v6(void **state)
{
	struct nh_conf *conf;
	struct import in;

	(void)state;
	imp_ios(&in, "interface Loopback1\n"
		     " ip address 192.0.2.2 255.255.255.255\n"
		     " ipv6 address 2001:DB8:9::2/128\n"
		     "interface Tunnel0\n"
		     " ip address 10.0.0.2 255.255.255.0\n"
		     " ip mtu 1400\n"
		     " ipv6 address FE80::2 link-local\n"
		     " ipv6 address 2001:DB8:1::2/64\n"
		     " ipv6 mtu 1390\n"
		     " ipv6 nhrp network-id 5\n"
		     " ipv6 nhrp map multicast 2001:DB8:9::1\n"
		     " ipv6 nhrp map 2001:DB8:1::1/128 2001:DB8:9::1\n"
		     " ipv6 nhrp nhs 2001:DB8:1::1\n"
		     " ipv6 nhrp nhs dynamic nbma 2001:db8:9::3\n"
		     " ip nhrp nhs 10.0.0.1 nbma 192.0.2.1\n"
		     " tunnel source loopback1\n"
		     " tunnel mode gre multipoint ipv6\n");
	conf = imp_conf(&in, 0);
	assert_true(nh_addr_is_set(&conf->source6));
	assert_false(nh_addr_is_set(&conf->source4));
	assert_int_equal(conf->naddr, 3);
	assert_int_equal(conf->mtu, 1390);
	assert_int_equal(conf->nnhs, 2);
	assert_true(conf->nhs[0].multicast);
	assert_int_equal(conf->nhs[1].family, AF_INET6);
	assert_int_equal(conf->nmap, 0);
	nh_conf_free(conf);
	imp_is(&in, "ip nhrp nhs 10", IMPORT_LEFT, "another family");
	imp_is(&in, "ip mtu", IMPORT_USED, "MTU=1390");
	imp_is(&in, "ipv6 address 2001:DB8:9", IMPORT_USED, "Source=");
	imp_is(&in, "ip address 192", IMPORT_IGNORED, "");
	import_free(&in);
}

/* Routers print the secondary addresses first. */
static void test_secondary(void **state)
{
	struct nh_conf *conf;
	struct import in;

	(void)state;
	imp_ios(&in, "interface Tunnel4294967295\n"
		     " ip address 10.8.0.2 255.255.0.0 secondary\n"
		     " ip address 10.9.0.2 255.255.0.0 secondary\n"
		     " ip address 10.0.0.2 255.255.255.0\n"
		     " ipv6 address 2001:db8::2/64\n"
		     " ip nhrp network-id 1\n"
		     " tunnel source 192.0.2.2\n"
		     " tunnel mode gre multipoint\n"
		     "ip route 10.1.0.0 255.255.0.0 Tunnel4294967295\n");
	assert_string_equal(in.tunnel[0]->device, "dmvpn4294967295");
	imp_has(&in, 0, "Address=10.0.0.2/24\nAddress=10.8.0.2/16\n"
			"Address=10.9.0.2/16\nAddress=2001:db8::2/64\n");
	assert_string_equal(imp_line(&in, "ip route")->instead,
			    "ip route add 10.1.0.0/16 dev dmvpn4294967295");
	conf = imp_conf(&in, 0);
	/* And a link-local one. */
	assert_int_equal(conf->naddr, 5);
	nh_conf_free(conf);
	import_free(&in);
}

/* A client that has clients itself. */
static void test_client_server(void **state)
{
	struct import in;

	(void)state;
	imp_ios(&in, HEAD SERVER " ip nhrp redirect\n");
	imp_note(&in, "Server=yes");
	import_free(&in);
	imp_ios(&in, HEAD SERVER " ip nhrp map multicast dynamic\n");
	imp_note(&in, "Server=yes");
	import_free(&in);
}

/* From 16.3 on two things are so unless "no" is there, and are not printed. */
static void test_recent(void **state)
{
	static const char *const old[] = {
		"", "version 15.9\n", "version 16.2\n",
	};
	static const char *const recent[] = {
		"version 16.3\n", "version 16.12\n", "version 17.3\n",
	};
	char text[512];
	struct import in;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		snprintf(text, sizeof(text), "%s" HEAD, old[i]);
		imp_ios(&in, text);
		imp_has(&in, 0, "MapMulticast=none\nShortcut=no\n");
		import_free(&in);

		snprintf(text, sizeof(text), "%s" HEAD SERVER, recent[i]);
		imp_ios(&in, text);
		imp_has(&in, 0, "MapMulticast=dynamic\nShortcut=yes\n");
		imp_note(&in, "no map multicast: MapMulticast=dynamic");
		imp_note(&in, "no shortcut: Shortcut=yes");
		import_free(&in);

		snprintf(text, sizeof(text), "%s" HEAD
			 " no ip nhrp map multicast dynamic\n"
			 " no ip nhrp shortcut\n", recent[i]);
		imp_ios(&in, text);
		imp_has(&in, 0, "MapMulticast=none\nShortcut=no\n");
		imp_is(&in, "no ip nhrp map", IMPORT_USED,
		       "MapMulticast=none");
		imp_is(&in, "no ip nhrp shortcut", IMPORT_USED, "Shortcut=no");
		import_free(&in);
	}
	/* Such a default does not tell that there are clients. */
	imp_ios(&in, "version 17.3\n" HEAD SERVER);
	for (i = 0; i < in.nnote; i++)
		assert_null(strstr(in.note[i].text, "Server=yes"));
	import_free(&in);
}

#define UNDERLAY \
	"interface GigabitEthernet0/0\n" \
	" description uplink\n" \
	" ip vrf forwarding RED\n" \
	" ip address 192.0.2.2 255.255.255.0\n" \
	" ip access-group IN in\n" \
	" no ip proxy-arp\n" \
	" zone-member security out\n" \
	" speed auto\n" \
	" crypto ipsec df-bit clear\n"
#define OTHER_IFACE \
	"interface GigabitEthernet0/1\n" \
	" ip address 198.51.100.1 255.255.255.0\n" \
	" ip access-group OTHER in\n crypto map N\n"

/* The interface that is the source by its name, or by its address. */
static void test_underlay(void **state)
{
	static const char *const sources[] = {
		"192.0.2.2", "GigabitEthernet0/0",
	};
	char text[1024];
	struct import in;
	size_t i;

	(void)state;
	for (i = 0; i < 2; i++) {
		snprintf(text, sizeof(text),
			 UNDERLAY OTHER_IFACE "interface Tunnel7\n"
			 " ip nhrp network-id 1\n tunnel source %s\n"
			 " tunnel mode gre multipoint\n", sources[i]);
		imp_ios(&in, text);
		imp_is(&in, "description", IMPORT_IGNORED, "underlay");
		imp_is(&in, "ip access-group IN", IMPORT_LEFT, "filters");
		imp_is(&in, "no ip proxy-arp", IMPORT_IGNORED, "underlay");
		imp_is(&in, "zone-member", IMPORT_LEFT, "filters");
		imp_is(&in, "speed", IMPORT_IGNORED, "underlay");
		imp_is(&in, "crypto ipsec df-bit", IMPORT_LEFT, "DF=");
		imp_is(&in, "ip vrf forwarding", IMPORT_LEFT, "VRF");
		if (i)
			imp_is(&in, "ip address 192", IMPORT_USED, "Source=");
		else
			imp_is(&in, "ip address 192", IMPORT_IGNORED,
			       "underlay");
		imp_is(&in, "ip access-group OTHER", IMPORT_IGNORED,
		       "no tunnel");
		imp_has(&in, 0, "Source=192.0.2.2\n");
		imp_has(&in, 0, "Protection=none\n");
		import_free(&in);
	}
	/* It has its address from elsewhere. */
	imp_ios(&in, "interface Dialer1\n ip address negotiated\n"
		     " ip access-group IN in\n"
		     "interface Tunnel7\n ip nhrp network-id 1\n"
		     " tunnel source Dialer1\n tunnel mode gre multipoint\n");
	imp_is(&in, "ip access-group", IMPORT_LEFT, "filters");
	imp_is(&in, "interface Dialer1", IMPORT_IGNORED, "underlay");
	import_free(&in);
}

/* What a crypto map encrypts is not to go in the clear. */
static void test_crypto_map(void **state)
{
	struct import in;

	(void)state;
	imp_ios(&in, HEAD " crypto map M\n");
	imp_is(&in, "crypto map", IMPORT_LEFT, "Protection=required");
	imp_has(&in, 0, "Protection=required\n");
	imp_has(&in, 0, "#[IPsec]\n#Secret=\n");
	import_free(&in);
	imp_ios(&in, HEAD UNDERLAY " crypto map M\n");
	imp_is(&in, "crypto map", IMPORT_LEFT, "Protection=required");
	imp_has(&in, 0, "Protection=required\n");
	imp_has(&in, 0, "#[IPsec]\n#Secret=\n");
	import_free(&in);
	/* It is on another interface, but for the addresses of the source. */
	imp_ios(&in, "crypto map M local-address Loopback0\n"
		     "interface Loopback0\n"
		     " ip address 192.0.2.2 255.255.255.255\n" OTHER_IFACE
		     HEAD);
	imp_is(&in, "crypto map M", IMPORT_LEFT, "Protection=required");
	imp_has(&in, 0, "Protection=required\n");
	import_free(&in);
	/* What it is for is in a filter. */
	imp_ios(&in, OTHER_IFACE HEAD);
	imp_is(&in, "crypto map N", IMPORT_IGNORED, "no tunnel");
	imp_has(&in, 0, "Protection=none\n");
	imp_note(&in, "the crypto map of line 4");
	import_free(&in);
	/* What the tunnel says itself comes first. */
	imp_ios(&in, HEAD " tunnel protection psk hunter2\n" UNDERLAY
		     " crypto map M\n");
	imp_has(&in, 0, "\nSecret=hunter2\n");
	imp_is(&in, "tunnel protection", IMPORT_USED, "Secret=");
	import_free(&in);
}

static void test_none(void **state)
{
	struct import in;

	(void)state;
	imp_ios(&in, "interface Tunnel1\n ip address 10.0.0.1 255.255.255.0\n"
		     " tunnel source 192.0.2.1\n tunnel destination 192.0.2.2\n"
		     "interface Tunnel2\n ip address 10.0.1.1 255.255.255.0\n"
		     " ip nhrp network-id 1\n tunnel destination 192.0.2.2\n"
		     "interface Tunnel3\n tunnel mode gre multipoint\n"
		     "interface Tunnel99999999999\n ip mtu 1400\n");
	assert_int_equal(in.ntunnel, 0);
	imp_is(&in, "interface Tunnel1", IMPORT_LEFT, "no NHRP");
	imp_is(&in, "interface Tunnel2", IMPORT_LEFT, "not multipoint");
	imp_is(&in, "interface Tunnel3", IMPORT_LEFT, "no NHRP");
	imp_is(&in, "interface Tunnel9", IMPORT_LEFT, "number");
	imp_is(&in, "ip nhrp", IMPORT_IGNORED, "not translated");
	imp_is(&in, "ip mtu", IMPORT_IGNORED, "not translated");
	assert_string_equal(imp_line(&in, "ip nhrp")->device, "");
	import_free(&in);
}

/* Two of one number, and a source that the file does not tell. */
static void test_incomplete(void **state)
{
	struct import in;

	(void)state;
	imp_ios(&in, HEAD HEAD
		     "interface Tunnel8\n ip nhrp network-id 1\n"
		     " tunnel source Dialer1\n tunnel mode gre multipoint\n"
		     "interface Dialer1\n ip address negotiated\n");
	assert_int_equal(in.ntunnel, 2);
	imp_has(&in, 1, "#Source=\n");
	imp_has(&in, 1, "Dialer1, which has a dynamic address, on");
	imp_has(&in, 1, "#Address=\n");
	imp_is(&in, "tunnel source Dialer1", IMPORT_LEFT, "no address");
	imp_note(&in, "Source= is to be filled in");
	imp_note(&in, "Address= is to be filled in");
	import_free(&in);
}

/* What looks like commands in a banner is none. */
static void test_banner(void **state)
{
	static const char *const texts[] = {
		"banner motd ^C\ninterface Tunnel9\n^C\n" HEAD,
		"banner login \003 x\ninterface Tunnel9\nend \003\n" HEAD,
		"banner exec #hello#\n" HEAD,
		"banner motd ^C\n!!!\ninterface Tunnel9\n!!! ^C\n" HEAD,
		"banner exec ^C hello ^C\n" HEAD,
	};
	struct import in;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		imp_ios(&in, texts[i]);
		assert_int_equal(in.ntunnel, 1);
		assert_string_equal(in.tunnel[0]->device, "dmvpn7");
		import_free(&in);
	}
	imp_ios(&in, "banner motd #\n" HEAD);
	assert_int_equal(in.ntunnel, 0);
	imp_note(&in, "banner of line 1 has no end");
	import_free(&in);
}

/* Limits: one more of each is left out, and said to be. */
static void test_limits(void **state)
{
	struct nh_conf *conf;
	struct import in;
	size_t i, size;
	char *text;
	FILE *f;

	(void)state;
	f = open_memstream(&text, &size);
	fputs(HEAD, f);
	for (i = 0; i < IMPORT_NHS + 1; i++)
		fprintf(f, " ip nhrp nhs 10.0.0.%zu nbma 192.0.2.%zu\n",
			100 + i, 100 + i);
	for (i = 0; i < IMPORT_MAPS + 1; i++)
		fprintf(f, " ip nhrp map 10.1.%zu.%zu 192.0.2.9\n", i >> 8,
			i & 255);
	for (i = 0; i < IMPORT_TUNNELS; i++)
		fprintf(f, "interface Tunnel%zu\n ip nhrp network-id 1\n"
			" tunnel mode gre multipoint\n", 100 + i);
	fclose(f);
	imp_ios(&in, text);
	assert_int_equal(in.ntunnel, IMPORT_TUNNELS);
	conf = imp_conf(&in, 0);
	assert_int_equal(conf->nnhs, IMPORT_NHS);
	assert_int_equal(conf->nmap, IMPORT_MAPS);
	nh_conf_free(conf);
	imp_is(&in, "ip nhrp nhs 10.0.0.116", IMPORT_LEFT, "more than 16");
	imp_is(&in, "ip nhrp map 10.1.16.0", IMPORT_LEFT, "more than 4096");
	imp_is(&in, "interface Tunnel163", IMPORT_LEFT, "more than 64");
	import_free(&in);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nhrp),
		cmocka_unit_test(test_tunnel),
		cmocka_unit_test(test_v6),
		cmocka_unit_test(test_secondary),
		cmocka_unit_test(test_client_server),
		cmocka_unit_test(test_recent),
		cmocka_unit_test(test_underlay),
		cmocka_unit_test(test_crypto_map),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_banner),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
