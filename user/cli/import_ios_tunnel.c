// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: the commands of "interface Tunnel". */
#include <string.h>
#include <sys/socket.h>

#include "cli/import_ios.h"
#include "lib/mtu.h"

#define ROUTING	"routing is the kernel's or a routing daemon's, see docs/routing.md"
#define NO_KEY	"there is no key for it"

/* A router prints the secondary addresses before the one that it speaks by. */
static void primary_first(struct import_tunnel *t)
{
	struct import_addr primary = t->addr[t->naddr - 1];
	size_t i;

	for (i = 0; i < t->naddr - 1 && !t->addr[i].secondary; i++)
		;
	memmove(&t->addr[i + 1], &t->addr[i],
		(t->naddr - 1 - i) * sizeof(t->addr[0]));
	t->addr[i] = primary;
}

static void address4(struct import_at *at, int n, char **w)
{
	struct import_tunnel *t = at->t;
	struct nh_addr addr, mask;
	size_t before = t->naddr;
	int len = -1;

	if (n >= 2 && !nh_addr_parse(&addr, w[0]) &&
	    !nh_addr_parse(&mask, w[1]) && mask.len == 4 && addr.len == 4)
		len = import_mask_len(&mask);
	if (len < 0 || n > 3 || (n == 3 && strcmp(w[2], "secondary")))
		import_left(at->line, "no address and mask are given");
	else
		import_address(at, &addr, (uint8_t)len);
	if (t->naddr == before)
		return;
	if (n == 3)
		t->addr[before].secondary = true;
	else
		primary_first(t);
}

/* "ADDRESS/LENGTH" with host bits. */
static int take_address6(char *text, struct nh_addr *addr)
{
	char *slash = strchr(text, '/');
	uint32_t len;

	if (!slash || !import_number(slash + 1, 1, 128, &len))
		return -1;
	*slash = '\0';
	return nh_addr_parse(addr, text) || addr->len != 16 ? -1 : (int)len;
}

static void address6(struct import_at *at, int n, char **w)
{
	struct nh_addr addr;
	int len = -1;

	if (n == 2 && !strcmp(w[1], "link-local") &&
	    !nh_addr_parse(&addr, w[0]) && nh_addr_is_linklocal6(&addr))
		len = 64;
	else if (n == 1)
		len = take_address6(w[0], &addr);
	if (len < 0) {
		import_left(at->line, "no address and length are given");
		import_instead(at->line, "[Tunnel] Address=");
		return;
	}
	import_address(at, &addr, (uint8_t)len);
}

static void mtu4(struct import_at *at, int n, char **w)
{
	import_set(at, &at->t->mtu, "[Tunnel] MTU", n == 1 ? w[0] : NULL,
		   576, NH_MTU_MAX);
}

static void mtu6(struct import_at *at, int n, char **w)
{
	import_set(at, &at->t->mtu6, "[Tunnel] MTU", n == 1 ? w[0] : NULL,
		   1280, NH_MTU_MAX);
}

static void if_state(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	import_set_bool(at, &at->t->if_state, "[NHRP] IfState", true);
	if (at->line->class == IMPORT_USED)
		import_used(at->line, "[NHRP] IfState=nhrp");
}

static void source(struct import_at *at, int n, char **w)
{
	struct import_tunnel *t = at->t;

	t->source_line = at->line;
	/* There may be a blank in front of the number. */
	snprintf(t->source_name, sizeof(t->source_name), "%.31s%.31s",
		 n ? w[0] : "", n == 2 ? w[1] : "");
	import_left(at->line, "no address of it is in the file");
	import_instead(at->line, "[Tunnel] Source=");
}

static void mode_multipoint(struct import_at *at, int n, char **w)
{
	if (n && strcmp(w[0], "ipv6")) {
		import_left(at->line, "unknown mode");
		return;
	}
	at->t->multipoint = true;
	if (n)
		at->t->underlay = AF_INET6;
	import_used(at->line, "a device of kind dmvpn");
}

static void key(struct import_at *at, int n, char **w)
{
	import_set(at, &at->t->key, "[Tunnel] Key", n == 1 ? w[0] : NULL, 0,
		   UINT32_MAX);
}

static void ttl(struct import_at *at, int n, char **w)
{
	import_set(at, &at->t->ttl, "[Tunnel] TTL", n == 1 ? w[0] : NULL, 1,
		   255);
}

static void tos(struct import_at *at, int n, char **w)
{
	at->t->tos_inherit = false;
	/* 1 is "inherit" for the kernel. */
	if (n == 1 && !strcmp(w[0], "1"))
		import_left(at->line, "1 is not possible");
	else
		import_set(at, &at->t->tos, "[Tunnel] TOS",
			   n == 1 ? w[0] : NULL, 0, 255);
}

static void vrf(struct import_at *at, int n, char **w)
{
	snprintf(at->t->vrf, sizeof(at->t->vrf), "%s", n ? w[0] : "");
	import_left(at->line, "the device in Source= decides on the VRF");
	import_instead(at->line,
		       "[Tunnel] Source= with a device that is in VRF %.32s",
		       n ? w[0] : "");
}

static void inner_vrf(struct import_at *at, int n, char **w)
{
	import_left(at->line, "the VRF of a device is not dmvpnd's");
	import_instead(at->line, "ip link set %s master %.32s",
		       at->t->device, n ? w[0] : "VRF");
}

/* Whatever protects the tunnel, it is not to send in the clear. */
static struct import_ipsec *protected_by(struct import_at *at)
{
	struct import_ipsec *ipsec = &at->t->ipsec;

	ipsec->line = at->line;
	ipsec->section = true;
	return ipsec;
}

static void protection(struct import_at *at, int n, char **w)
{
	struct import_ipsec *ipsec = protected_by(at);
	int i;

	if (!n || !import_plain(w[0], IOS_NAME - 1)) {
		import_left(at->line,
			    "Protection=required is set; no profile is named");
		return;
	}
	for (i = 1; i + 1 < n; i++) {
		ipsec->ikev2 = !strcmp(w[i], "ikev2-profile");
		if ((ipsec->ikev2 || !strcmp(w[i], "isakmp-profile")) &&
		    import_plain(w[i + 1], IOS_NAME - 1)) {
			strcpy(ipsec->ike, w[i + 1]);
			break;
		}
	}
	strcpy(ipsec->profile, w[0]);
	import_used(at->line, "[Tunnel] Protection=required%s", n > 1 &&
		    !strcmp(w[n - 1], "shared") ?
		    "; devices with one address share SAs anyway" : "");
}

static void other_protection(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	protected_by(at);
	import_left(at->line,
		    "Protection=required is set; only \"ipsec profile\" is translated");
	import_instead(at->line, "fill in the section [IPsec]");
}

/* A key without a profile; "0" tells that it is not encrypted. */
static void protection_psk(struct import_at *at, int n, char **w)
{
	struct import_ipsec *ipsec;

	if (n == 2 && !strcmp(w[0], "0")) {
		w++;
		n--;
	}
	if (n != 1 || !import_plain(w[0], IMPORT_SECRET)) {
		other_protection(at, n, w);
		import_left(at->line,
			    "Protection=required is set; the key is none in clear");
		import_instead(at->line,
			       "write it in clear as [IPsec] Secret=");
		return;
	}
	ipsec = protected_by(at);
	ipsec->version = 2;
	strcpy(ipsec->secret, w[0]);
	import_used(at->line, "[IPsec] Secret=(not shown)");
}

/* "protection" may be cut short where a configuration was typed. */
static void other(struct import_at *at, int n, char **w)
{
	if (n && strlen(w[0]) > 1 &&
	    !strncmp(w[0], "protection", strlen(w[0])))
		other_protection(at, n, w);
	else
		import_left(at->line, "unknown command of a tunnel");
}

static void crypto_map(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	ios_crypto_map(at->t, at->line);
}

static void shut(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	if (at->no) {
		import_ignored(at->line, "always so");
		return;
	}
	import_left(at->line, "dmvpnd brings its devices up");
	import_instead(at->line,
		       "keep %s.conf out of /etc/dmvpn for the time being",
		       at->t->device);
}

const struct import_cmd ios_tunnel_commands[] = {
	{ "ip address", .fn = address4 },
	{ "ipv6 address", .fn = address6 },
	{ "ipv6 enable", .ignored = "an IPv6 address brings a link-local one" },
	{ "ip unnumbered", .left = "a DMVPN device needs an address of its own",
	  .instead = "[Tunnel] Address=" },
	{ "ip mtu", .fn = mtu4 },
	{ "ipv6 mtu", .fn = mtu6 },
	{ "ip tcp adjust-mss",
	  .left = NO_KEY ": the MTU of a path is told to senders",
	  .instead = "nft: tcp flags syn tcp option maxseg size set rt mtu" },
	{ "ipv6 tcp adjust-mss",
	  .left = NO_KEY ": the MTU of a path is told to senders",
	  .instead = "nft: tcp flags syn tcp option maxseg size set rt mtu" },
	{ "bandwidth", .left = "metrics belong to the routing daemon",
	  .instead = "\"bandwidth\" of FRR's interface" },
	{ "delay", .left = "metrics belong to the routing daemon",
	  .instead = "\"delay\" of FRR's interface, for EIGRP" },
	{ "ip nhrp", .fn = import_nhrp4, .no = true },
	{ "ipv6 nhrp", .fn = import_nhrp6, .no = true },
	{ "nhrp", .fn = import_nhrp4, .no = true },
	{ "if-state nhrp", .fn = if_state },
	{ "tunnel source", .fn = source },
	{ "tunnel mode gre multipoint", .fn = mode_multipoint },
	{ "tunnel mode", .left = "only \"gre multipoint\" is translated" },
	{ "tunnel destination", .left = "the device is multipoint",
	  .instead = "[NHS] Nbma=" },
	{ "tunnel key", .fn = key },
	{ "tunnel ttl", .fn = ttl },
	{ "tunnel tos", .fn = tos },
	{ "tunnel path-mtu-discovery",
	  .ignored = "always so, see [Tunnel] DF=" },
	{ "tunnel vrf", .fn = vrf },
	{ "tunnel protection ipsec profile", .fn = protection },
	{ "tunnel protection psk", .fn = protection_psk },
	{ "tunnel protection", .fn = other_protection },
	{ "tunnel checksum", .left = "GRE checksums are not done" },
	{ "tunnel sequence-datagrams",
	  .left = "GRE sequence numbers are not done" },
	{ "tunnel bandwidth",
	  .ignored = "a tunnel is as fast as what is below it" },
	{ "tunnel route-via", .left = NO_KEY,
	  .instead = "[Tunnel] Source= with that device, or Mark= and a rule" },
	{ "tunnel", .fn = other },
	{ "vrf forwarding", .fn = inner_vrf },
	{ "ip vrf forwarding", .fn = inner_vrf },
	{ "shutdown", .fn = shut, .no = true },
	{ "description", .ignored = "a text for people" },
	{ "keepalive", .left = "a multipoint device has no keepalives",
	  .instead = "[IPsec] DPD=, [NHRP] RegistrationTimeout=" },
	{ "ip redirects", .ignored = "the device sends no ICMP redirects" },
	{ "ip access-group", .left = "filters are not dmvpnd's",
	  .instead = "nft with iifname or oifname" },
	{ "ipv6 traffic-filter", .left = "filters are not dmvpnd's",
	  .instead = "nft with iifname or oifname" },
	{ "zone-member", .left = "filters are not dmvpnd's",
	  .instead = "nft with iifname or oifname" },
	{ "ip nat", .left = "NAT is not dmvpnd's", .instead = "nft" },
	{ "service-policy", .left = "QoS is not dmvpnd's", .instead = "tc" },
	{ "qos pre-classify",
	  .ignored = "the kernel's filters see inner packets on the device" },
	{ "ip policy", .left = "policy routing is not dmvpnd's",
	  .instead = "ip rule with iif" },
	{ "crypto map", .fn = crypto_map },
	{ "ip pim", .ignored = ROUTING },
	{ "ip igmp", .ignored = ROUTING },
	{ "ip ospf", .ignored = ROUTING },
	{ "ipv6 ospf", .ignored = ROUTING },
	{ "ospfv3", .ignored = ROUTING },
	{ "ipv6 eigrp", .ignored = ROUTING },
	{ "ip rip", .ignored = ROUTING },
	{ "isis", .ignored = ROUTING },
	{ "ip router", .ignored = ROUTING },
	{ "bfd", .ignored = ROUTING },
	{ "ip summary-address", .ignored = ROUTING },
	{ "ip split-horizon", .ignored = ROUTING },
	{ "ip next-hop-self", .ignored = ROUTING },
	{ "ip hello-interval", .ignored = ROUTING },
	{ "ip hold-time", .ignored = ROUTING },
	{ "ip authentication", .ignored = ROUTING },
	{ "ip bandwidth-percent", .ignored = ROUTING },
	{ "load-interval", .ignored = "counters are not averaged" },
	{ "ip flow", .ignored = "not of DMVPN" },
	{ "ip route-cache", .ignored = "not of DMVPN" },
	{ "ip virtual-reassembly", .ignored = "the kernel reassembles" },
	{ .words = NULL },
};

void ios_tunnel_end(struct ios *ios)
{
	struct import_line *head = &ios->in->line[ios->t->from];
	struct import_tunnel *t = ios->t;

	t->to = ios->index;
	if (!t->nhrp) {
		import_tunnel_drop(ios->in, t, "the tunnel has no NHRP");
	} else if (!t->multipoint) {
		import_tunnel_drop(ios->in, t,
				   "the tunnel is not multipoint GRE");
		import_instead(head,
			       "\"tunnel mode gre multipoint\" without a destination, and import it again");
	}
}
