// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: blocks of a running-config, global commands. */
#include "cli/import_ios.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#define ROUTING	"routing is the kernel's or a routing daemon's, see docs/routing.md"

void ios_skip(struct ios *ios, const char *why)
{
	ios->kind = IOS_SKIP;
	ios->skip = why;
}

static void hostname(struct import_at *at, int n, char **w)
{
	struct ios *ios = at->own;

	if (n == 1 && import_plain(w[0], IOS_NAME - 1))
		strcpy(ios->hostname, w[0]);
	import_ignored(at->line, "the name of the router");
}

/* The NAT extension came with 12.4. From 16.3 on multicast for clients and
 * shortcuts are on, and only "no" is printed.
 */
static void version(struct import_at *at, int n, char **w)
{
	struct ios *ios = at->own;
	unsigned int major, minor;
	bool known = n == 1 && sscanf(w[0], "%3u.%3u", &major, &minor) == 2;

	ios->major = known ? major : 0;
	if (!known || major > 12 || (major == 12 && minor >= 4)) {
		ios->recent = known &&
			      (major > 16 || (major == 16 && minor >= 3));
		import_ignored(at->line, "any version will do");
		return;
	}
	ios->old = true;
	import_used(at->line, "[NHRP] NatExtension=no");
}

static void iface_begin(struct ios *ios, struct import_at *at,
			const char *name)
{
	struct ios_iface *iface = ios->iface;

	ios_skip(ios, "of an interface that no tunnel has as its source");
	import_ignored(at->line, "%s", ios->skip);
	if (ios->niface == IOS_IFACES || strlen(name) >= IOS_NAME)
		return;
	if (!iface)
		iface = calloc(IOS_IFACES, sizeof(*iface));
	if (!iface) {
		at->in->nomem = true;
		return;
	}
	ios->iface = iface;
	iface += ios->niface++;
	strcpy(iface->name, name);
	iface->head = at->line;
	iface->from = ios->index;
	iface->to = ios->index + 1;
	ios->kind = IOS_IFACE;
}

static void tunnel_begin(struct ios *ios, struct import_at *at,
			 const char *number)
{
	char device[IFNAMSIZ];

	ios_skip(ios, "of an interface that is not translated");
	if (strspn(number, "0123456789") != strlen(number) ||
	    strlen(number) > sizeof(device) - sizeof("dmvpn")) {
		import_left(at->line, "not the number of a tunnel");
		return;
	}
	snprintf(device, sizeof(device), "dmvpn%.10s", number);
	if (import_tunnel_named(at->in, device)) {
		import_left(at->line, "the tunnel is there already");
		return;
	}
	ios->t = import_tunnel_new(at->in, device);
	if (!ios->t) {
		import_left(at->line, "more than %d tunnels", IMPORT_TUNNELS);
		return;
	}
	ios->kind = IOS_TUNNEL;
	ios->t->from = ios->index;
	ios->t->underlay = AF_INET;
	ios->t->tos_inherit = true;
	at->line->device = ios->t->device;
	import_used(at->line, "%s.conf", device);
}

static void interface(struct import_at *at, int n, char **w)
{
	struct ios *ios = at->own;
	char name[2 * IOS_NAME];

	/* There may be a blank in front of the number. */
	snprintf(name, sizeof(name), "%.63s%.63s", n ? w[0] : "",
		 n > 1 ? w[1] : "");
	if (!strncasecmp(name, "Tunnel", 6))
		tunnel_begin(ios, at, name + 6);
	else
		iface_begin(ios, at, name);
}

static void banner(struct import_at *at, int n, char **w)
{
	struct ios *ios = at->own;
	const char *text = n > 1 ? strstr(at->line->text, w[1]) : NULL;

	import_ignored(at->line, "a text for people");
	if (!text)
		return;
	ios->banner_line = at->line->number;
	snprintf(ios->banner, sizeof(ios->banner), "%.*s",
		 *text == '^' && text[1] ? 2 : 1, text);
	if (strstr(text + strlen(ios->banner), ios->banner))
		ios->banner[0] = '\0';
}

static void route(struct import_at *at, int n, char **w)
{
	struct nh_addr net, mask;
	char text[NH_ADDR_STRLEN];
	int i, len = -1;

	import_ignored(at->line, ROUTING);
	for (i = 2; i < n && strncasecmp(w[i], "Tunnel", 6); i++)
		;
	if (i >= n)
		return;
	import_left(at->line, "routes are not dmvpnd's");
	if (!nh_addr_parse(&net, w[0]) && !nh_addr_parse(&mask, w[1]))
		len = import_mask_len(&mask);
	if (len >= 0 && n == 3)
		import_instead(at->line, "ip route add %s/%d dev dmvpn%.10s",
			       nh_addr_format(&net, text, sizeof(text)), len,
			       w[2] + 6);
}

static void routing(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	ios_skip(at->own, ROUTING);
	import_ignored(at->line, ROUTING);
}

static const struct import_cmd global[] = {
	{ "hostname", .fn = hostname },
	{ "version", .fn = version },
	{ "interface", .fn = interface },
	{ "banner", .fn = banner },
	{ "ip route", .fn = route },
	{ "ipv6 route", .ignored = ROUTING },
	{ "router", .fn = routing },
	{ "ipv6 router", .fn = routing },
	{ .words = NULL },
};

/* Ignored, unless a tunnel has the interface as its source. Return: that. */
static struct ios_iface *iface_of(struct import_at *at)
{
	struct ios *ios = at->own;

	import_ignored(at->line, "%s", ios->skip);
	return &ios->iface[ios->niface - 1];
}

static void iface_address(struct import_at *at, int n, char **w)
{
	struct ios_iface *iface = iface_of(at);
	struct nh_addr addr;
	bool six = at->family == AF_INET6;
	char *slash = six && n ? strchr(w[0], '/') : NULL;

	if (n && (!strcmp(w[0], "dhcp") || !strcmp(w[0], "negotiated") ||
		  !strcmp(w[0], "autoconfig")))
		iface->dynamic = true;
	if (slash)
		*slash = '\0';
	/* The first one: "secondary" and "eui-64" are others. */
	if (n != (six ? 1 : 2) || iface->line[six] ||
	    nh_addr_parse(&addr, w[0]) || !import_is_host(&addr) ||
	    (addr.family == AF_INET6) != six)
		return;
	iface->addr[six] = addr;
	iface->line[six] = at->line;
}

static void iface_address4(struct import_at *at, int n, char **w)
{
	at->family = AF_INET;
	iface_address(at, n, w);
}

static void iface_address6(struct import_at *at, int n, char **w)
{
	at->family = AF_INET6;
	iface_address(at, n, w);
}

static void iface_vrf(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	iface_of(at)->vrf = at->line;
}

static void iface_map(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	iface_of(at)->map = at->line;
}

static const struct import_cmd iface_commands[] = {
	{ "ip address", .fn = iface_address4 },
	{ "ipv6 address", .fn = iface_address6 },
	{ "vrf forwarding", .fn = iface_vrf },
	{ "ip vrf forwarding", .fn = iface_vrf },
	{ "crypto map", .fn = iface_map },
	{ .words = NULL },
};

static void block_end(struct ios *ios)
{
	if (ios->kind == IOS_TUNNEL)
		ios_tunnel_end(ios);
	else if (ios->kind == IOS_IFACE)
		ios->iface[ios->niface - 1].to = ios->index;
	else if (ios->kind >= IOS_ISAKMP_POLICY)
		ios->obj[ios->nobj - 1].to = ios->index;
	ios->kind = IOS_NONE;
	ios->skip = NULL;
	ios->t = NULL;
	ios->indented = false;
}

static const struct import_cmd *block_commands(const struct ios *ios)
{
	if (ios->kind == IOS_IFACE)
		return iface_commands;
	if (ios->kind == IOS_TUNNEL)
		return ios_tunnel_commands;
	return ios_crypto_blocks[ios->kind - IOS_ISAKMP_POLICY];
}

/* Whether the line belongs to the block. One whose blanks in front were lost
 * on the way does if the block knows it.
 */
static bool in_block(struct ios *ios, struct import_at *at, int n, char **w)
{
	bool indented = at->line->indent > 0;

	ios->indented |= indented;
	if (ios->kind == IOS_NONE || (!indented && ios->indented))
		return false;
	at->t = ios->t;
	if (ios->kind != IOS_SKIP &&
	    import_run(at, block_commands(ios), n, w))
		return true;
	if (!indented)
		return false;
	if (ios->kind == IOS_SKIP || ios->kind == IOS_IFACE)
		import_ignored(at->line, "%s", ios->skip);
	else if (at->no)
		import_ignored(at->line, "switches something off");
	else
		import_left(at->line, "unknown command of this block");
	if (ios->t)
		at->line->device = ios->t->device;
	return true;
}

static void take_line(struct ios *ios, struct import_line *line)
{
	struct import_at at = { .in = ios->in, .line = line, .own = ios };
	struct import_words words;
	char **w = words.w;
	int n;

	if (ios->banner[0]) {
		import_ignored(line, "a text for people");
		if (strstr(line->text, ios->banner))
			ios->banner[0] = '\0';
		return;
	}
	import_split(line, &words);
	at.words = words.buf;
	n = words.n;
	if (n > 1 && !strcmp(w[0], "no")) {
		at.no = true;
		w++;
		n--;
	}
	if (in_block(ios, &at, n, w))
		return;
	block_end(ios);
	at.t = NULL;
	if (import_run(&at, ios_crypto_commands, n, w) ||
	    import_run(&at, global, n, w))
		return;
	ios_skip(ios, "nothing that DMVPN needs");
	import_ignored(line, "%s", ios->skip);
}

static void finish(struct ios *ios)
{
	struct import *in = ios->in;
	size_t i;

	for (i = 0; i < in->ntunnel; i++) {
		struct import_tunnel *t = in->tunnel[i];

		snprintf(t->origin, sizeof(t->origin), "interface Tunnel%s%s%s",
			 t->device + strlen("dmvpn"),
			 ios->hostname[0] ? " of " : "", ios->hostname);
		t->old = ios->old;
		t->recent = ios->recent;
		ios_source(ios, t);
		ios_ipsec(ios, t);
		import_fit(in, t);
	}
	ios_crypto_end(ios);
}

void import_ios(struct import *in)
{
	struct ios ios = { .in = in };

	for (ios.index = 0; ios.index < in->nline; ios.index++)
		take_line(&ios, &in->line[ios.index]);
	block_end(&ios);
	if (ios.banner[0])
		import_note(in,
			    "", "the banner of line %u has no end: nothing behind it was looked at",
			    ios.banner_line);
	finish(&ios);
	import_close(in);
	if (ios.key)
		explicit_bzero(ios.key, IOS_KEYS * sizeof(*ios.key));
	free(ios.key);
	free(ios.obj);
	free(ios.iface);
}
