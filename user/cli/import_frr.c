// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from FRR: interfaces with NHRP of a frr.conf or nhrpd.conf. */
#include <string.h>
#include <sys/socket.h>

#include "cli/import_tunnel.h"

#define OTHER	"other daemons of FRR go on as they are"
#define NO_NFLOG "redirects and multicast need no firewall rules"

/**
 * struct frr - a configuration of FRR
 * @in: its lines
 * @index: of the line being read
 * @t: tunnel of the block that it is in, or NULL
 * @skip: it is in another block
 */
struct frr {
	struct import *in;
	size_t index;
	struct import_tunnel *t;
	bool skip;
};

/* What dmvpnd, and the kernel, take for a name, and no more than that. */
static bool is_device(const char *name)
{
	size_t len = strlen(name);

	return len && len < IFNAMSIZ && name[0] != '.' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz"
		      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-@") == len;
}

/* gre7 becomes dmvpn7; what has no number, or a taken one, gets a free one. */
static void choose_name(const struct import *in, const char *old,
			char name[IFNAMSIZ])
{
	const char *digits = old + strlen(old);
	unsigned int i;

	while (digits > old && digits[-1] >= '0' && digits[-1] <= '9')
		digits--;
	snprintf(name, IFNAMSIZ, "dmvpn%.9s", *digits ? digits : "0");
	for (i = 0; import_tunnel_named(in, name); i++)
		snprintf(name, IFNAMSIZ, "dmvpn%u", i);
}

static struct import_tunnel *find(const struct frr *frr, const char *old)
{
	size_t i;

	for (i = 0; i < frr->in->ntunnel; i++)
		if (!strcmp(frr->in->tunnel[i]->source_name, old))
			return frr->in->tunnel[i];
	return NULL;
}

static bool begin(struct frr *frr, const char *old)
{
	struct import_tunnel *t;
	char name[IFNAMSIZ];

	choose_name(frr->in, old, name);
	t = import_tunnel_new(frr->in, name);
	if (!t)
		return false;
	t->from = frr->index;
	/* nhrpd knows no other. */
	t->underlay = AF_INET;
	t->multipoint = true;
	snprintf(t->origin, sizeof(t->origin), "interface %s of FRR", old);
	snprintf(t->source_name, sizeof(t->source_name), "%s", old);
	snprintf(t->address_hint, sizeof(t->address_hint), " of %s", old);
	snprintf(t->key_hint, sizeof(t->key_hint), "%s", old);
	snprintf(t->source_hint, sizeof(t->source_hint),
		 "what %s has as its \"local\" address or \"dev\"", old);
	return true;
}

/* Lines of an interface, which FRR takes without blanks in front as well. */
static bool is_of_interface(int n, char **w)
{
	if (n > 1 && (!strcmp(w[0], "ip") || !strcmp(w[0], "ipv6")))
		return !strcmp(w[1], "nhrp") || !strcmp(w[1], "address");
	return n > 0 && !strcmp(w[0], "tunnel");
}

/*
 * Finds the interfaces with NHRP beforehand: others may be anything, and what
 * one of these has may be in several blocks, as of two daemons' files.
 */
static void find_tunnels(struct frr *frr)
{
	char name[IFNAMSIZ] = "";
	struct import_words words;
	struct import_line *line;
	int n;

	for (frr->index = 0; frr->index < frr->in->nline; frr->index++) {
		line = &frr->in->line[frr->index];
		import_split(line, &words);
		n = words.n;
		if (n > 1 && !strcmp(words.w[0], "interface")) {
			snprintf(name, sizeof(name), "%s",
				 is_device(words.w[1]) ? words.w[1] : "");
		} else if (!line->indent && !is_of_interface(n, words.w)) {
			name[0] = '\0';
		} else if (name[0] && n > 1 && !strcmp(words.w[1], "nhrp") &&
			   is_of_interface(n, words.w) && !find(frr, name) &&
			   !begin(frr, name)) {
			import_note(frr->in, "",
				    "more than %d interfaces with NHRP: those from line %u on are left out",
				    IMPORT_TUNNELS, line->number);
			return;
		}
	}
}

static void interface(struct import_at *at, int n, char **w)
{
	struct frr *frr = at->own;
	struct import_tunnel *t;

	frr->skip = true;
	if (!n || !is_device(w[0])) {
		import_left(at->line, "not the name of a device");
		return;
	}
	t = find(frr, w[0]);
	if (!t) {
		import_ignored(at->line, OTHER);
		return;
	}
	frr->skip = false;
	frr->t = t;
	t->nhrp = true;
	at->line->device = t->device;
	import_used(at->line, "%s.conf", t->device);
	if (n == 3 && !strcmp(w[1], "vrf")) {
		import_left(at->line, "the VRF of a device is not dmvpnd's");
		import_instead(at->line, "ip link set %s master %.32s",
			       t->device, w[2]);
	}
}

static void end(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	import_ignored(at->line, "the end of a block");
}

static const struct import_cmd global[] = {
	{ "interface", .fn = interface },
	{ "exit", .fn = end },
	{ "end", .fn = end },
	{ "nhrp nflog-group", .ignored = NO_NFLOG },
	{ "nhrp multicast-nflog-group", .ignored = NO_NFLOG },
	{ "nhrp event socket", .left = "what answers there is not asked",
	  .instead = "section [Peers] with certificates" },
	{ "ip nhrp", .left = "no interface is named" },
	{ "ipv6 nhrp", .left = "no interface is named" },
	{ "debug nhrp", .ignored = "dmvpn debug, dmvpn events" },
	{ .words = NULL },
};

/* FRR wants the address of a host on the device, which tells no subnet. */
static void address(struct import_at *at, int n, char **w)
{
	struct import_tunnel *t = at->t;
	char *slash = n == 1 ? strchr(w[0], '/') : NULL;
	struct nh_addr addr;
	uint32_t plen;

	if (!slash || !import_number(slash + 1, 1, 128, &plen)) {
		import_left(at->line, "no address and length are given");
		return;
	}
	*slash = '\0';
	if (nh_addr_parse(&addr, w[0])) {
		import_left(at->line, "not an address");
		return;
	}
	if (plen < nh_addr_bits(&addr)) {
		import_address(at, &addr, (uint8_t)plen);
		return;
	}
	snprintf(t->address_hint, sizeof(t->address_hint), " %s", w[0]);
	import_left(at->line,
		    "the length of the cloud's prefix is not in the file");
	import_instead(at->line, "[Tunnel] Address= with that length");
}

static void source(struct import_at *at, int n, char **w)
{
	struct import_tunnel *t = at->t;
	struct nh_addr addr;

	/* An address is a name to the kernel, but not to dmvpnd. */
	if (n != 1 || !is_device(w[0]) || !nh_addr_parse(&addr, w[0]) ||
	    !strcmp(w[0], t->device) || !strcmp(w[0], t->source_name)) {
		import_left(at->line, "not the name of an underlay device");
		return;
	}
	t->source_line = at->line;
	strcpy(t->source_dev, w[0]);
	import_used(at->line, "[Tunnel] Source=%s", w[0]);
}

static void protection(struct import_at *at, int n, char **w)
{
	struct import_ipsec *ipsec = &at->t->ipsec;

	ipsec->line = at->line;
	ipsec->section = true;
	import_left(at->line,
		    "Protection=required is set; connection %.64s is strongSwan's",
		    n ? w[0] : "");
	import_instead(at->line,
		       "fill in the section [IPsec], and take the connection out of strongSwan's files%s",
		       n > 1 ? "; there is no fallback" : "");
}

static void other_protection(struct import_at *at, int n, char **w)
{
	protection(at, n, w);
	import_left(at->line,
		    "Protection=required is set; unknown command of a tunnel");
	import_instead(at->line, "fill in the section [IPsec]");
}

static const struct import_cmd commands[] = {
	{ "ip nhrp", .fn = import_nhrp4, .no = true },
	{ "ipv6 nhrp", .fn = import_nhrp6, .no = true },
	{ "ip address", .fn = address },
	{ "ipv6 address", .fn = address },
	{ "tunnel source", .fn = source },
	{ "tunnel protection vici profile", .fn = protection },
	{ "tunnel protection", .fn = other_protection },
	{ "tunnel", .left = "unknown command of a tunnel" },
	{ "description", .ignored = "a text for people" },
	{ "shutdown", .left = "dmvpnd brings its devices up",
	  .instead = "keep the file out of /etc/dmvpn for the time being" },
	{ "exit", .fn = end },
	{ "end", .fn = end },
	{ .words = NULL },
};

static void block_end(struct frr *frr)
{
	frr->t = NULL;
	frr->skip = false;
}

/* An interface without NHRP may be anything: then all its lines are OTHER. */
static bool in_block(struct frr *frr, struct import_at *at, int n, char **w)
{
	if (!at->line->indent && !(frr->t && is_of_interface(n, w)))
		return false;
	if (!frr->t || frr->skip) {
		import_ignored(at->line, OTHER);
		return true;
	}
	at->t = frr->t;
	at->line->device = frr->t->device;
	if (!import_run(at, commands, n, w))
		import_ignored(at->line, OTHER);
	return true;
}

static void take_line(struct frr *frr, struct import_line *line)
{
	struct import_at at = { .in = frr->in, .line = line, .own = frr };
	struct import_words words;
	char **w = words.w;
	int n;

	import_split(line, &words);
	n = words.n;
	if (n > 1 && !strcmp(w[0], "no")) {
		at.no = true;
		w++;
		n--;
	}
	if (in_block(frr, &at, n, w))
		return;
	block_end(frr);
	if (import_run(&at, global, n, w))
		return;
	frr->skip = true;
	import_ignored(line, OTHER);
}

void import_frr(struct import *in)
{
	struct frr frr = { .in = in };
	size_t i;

	find_tunnels(&frr);
	for (frr.index = 0; frr.index < in->nline; frr.index++)
		take_line(&frr, &in->line[frr.index]);
	block_end(&frr);
	for (i = 0; i < in->ntunnel; i++) {
		struct import_tunnel *t = in->tunnel[i];

		import_fit(in, t);
		import_note(in, t->device,
			    "the GRE device goes: its key becomes [Tunnel] Key=, see ip -d link show %s",
			    t->source_name);
		if (t->ipsec.line)
			import_note(in, t->device,
				    "[IPsec] is to be filled in: Secret=, or Certificate=, PrivateKey= and CA=");
	}
	import_close(in);
}
