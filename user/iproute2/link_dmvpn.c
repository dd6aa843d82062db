// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Plug-in for iproute2: ip link add NAME type dmvpn ..., ip -d link show.
 * The words are those of "dmvpn link add".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/dmvpn.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "iproute2/elsewhere.h"
#include "iproute2/iproute2.h"

/**
 * struct word - a word for a number
 * @text: the word; NULL ends a list
 * @number: what the attribute has then
 */
struct word {
	const char *text;
	uint8_t number;
};

static const struct word inherit_ttl[] = { { "inherit", 0 }, { NULL, 0 } };
static const struct word inherit_tos[] = { { "inherit", 1 }, { NULL, 0 } };
static const struct word onoff[] = { { "off", 0 }, { "on", 1 }, { NULL, 0 } };
static const struct word df[] = {
	{ "set", DMVPN_DF_SET },
	{ "unset", DMVPN_DF_UNSET },
	{ "inherit", DMVPN_DF_INHERIT },
	{ NULL, 0 }
};

static const struct word protection[] = {
	{ "required", DMVPN_PROTECTION_REQUIRED },
	{ "none", DMVPN_PROTECTION_NONE },
	{ NULL, 0 }
};

enum kind {
	KIND_U32,
	KIND_U8,
	KIND_ONOFF,
	KIND_ADDR4,
	KIND_ADDR6,
	KIND_KEY,
	KIND_DEVICE,
};

/**
 * struct option - an attribute and its words
 * @name: the word in front, and the name in JSON where @json is NULL
 * @json: the name in JSON, as "dmvpn -j link show" has it
 * @attr: IFLA_DMVPN_*
 * @kind: what the attribute has
 * @min: least number
 * @max: greatest number; 0: only words
 * @words: words in place of numbers, or NULL
 * @usage: what can follow
 */
struct option {
	const char *name;
	const char *json;
	int attr;
	enum kind kind;
	uint32_t min;
	uint32_t max;
	const struct word *words;
	const char *usage;
};

#define U32(text, key, ATTR) \
	{ .name = text, .json = key, .attr = IFLA_DMVPN_##ATTR, \
	  .kind = KIND_U32, .max = UINT32_MAX, .usage = "NUMBER" }
#define ONOFF(text, key, ATTR) \
	{ .name = text, .json = key, .attr = IFLA_DMVPN_##ATTR, \
	  .kind = KIND_ONOFF, .words = onoff, .usage = "{ on | off }" }

static const struct option options[] = {
	{ .name = "underlay", .attr = IFLA_DMVPN_LINK, .kind = KIND_DEVICE,
	  .usage = "{ DEV | none }" },
	{ .name = "local", .json = "local4", .attr = IFLA_DMVPN_LOCAL4,
	  .kind = KIND_ADDR4, .usage = "ADDR" },
	{ .name = "local", .json = "local6", .attr = IFLA_DMVPN_LOCAL6,
	  .kind = KIND_ADDR6, .usage = NULL },
	{ .name = "key", .attr = IFLA_DMVPN_KEY, .kind = KIND_KEY,
	  .max = UINT32_MAX, .usage = "{ NUMBER | none }" },
	{ .name = "ttl", .attr = IFLA_DMVPN_TTL, .kind = KIND_U8, .min = 1,
	  .max = UINT8_MAX, .words = inherit_ttl, .usage = "{ 1..255 | inherit }" },
	{ .name = "tos", .attr = IFLA_DMVPN_TOS, .kind = KIND_U8,
	  .max = UINT8_MAX, .words = inherit_tos, .usage = "{ 0..255 | inherit }" },
	{ .name = "df", .attr = IFLA_DMVPN_DF, .kind = KIND_U8, .words = df,
	  .usage = "{ set | unset | inherit }" },
	U32("fwmark", NULL, FWMARK),
	U32("network-id", "network_id", NETWORK_ID),
	{ .name = "protection", .attr = IFLA_DMVPN_PROTECTION, .kind = KIND_U8,
	  .words = protection, .usage = "{ required | none }" },
	ONOFF("redirect", NULL, REDIRECT),
	ONOFF("shortcut", NULL, SHORTCUT),
	ONOFF("strict-source", "strict_source", STRICT_SOURCE),
	U32("max-peers", "max_peers", MAX_PEERS),
	U32("max-entries", "max_entries", MAX_ENTRIES),
	U32("max-multicast", "max_multicast", MAX_MCAST),
	U32("hold-queue", "hold_queue", HOLD_QUEUE),
	U32("upcall-rate", "upcall_rate", UPCALL_RATE),
	U32("redirect-rate", "redirect_rate", REDIRECT_RATE),
	U32("redirect-interval", "redirect_interval_ms", REDIRECT_INTERVAL),
};

#define N_OPTIONS	(sizeof(options) / sizeof(options[0]))

static void usage(FILE *f)
{
	const struct option *o;

	fputs("Usage: ... dmvpn\n", f);
	for (o = options; o < options + N_OPTIONS; o++) {
		if (o->usage)
			fprintf(f, "\t\t[ %s %s ]\n", o->name, o->usage);
	}
	fputs("\nADDR: own NBMA address, one of each family; 0.0.0.0 or ::, the underlay's\n"
	      "redirect-interval is in milliseconds. See dmvpn(8).\n", f);
}

static int expected(const char *name, const char *what, const char *got)
{
	if (got)
		fprintf(stderr, "dmvpn: %s: expected %s, not \"%.64s\"\n",
			name, what, got);
	else
		fprintf(stderr, "dmvpn: %s: expected %s\n", name, what);
	return -1;
}

static int append(struct nlmsghdr *n, uint64_t *seen, const char *name, int attr,
		  const void *data, size_t len)
{
	size_t end = NLMSG_ALIGN(n->nlmsg_len);
	struct rtattr *rta = (struct rtattr *)((char *)n + end);
	/* "key none" has an attribute of its own. */
	uint64_t bit = 1ull << (attr == IFLA_DMVPN_NO_KEY ? IFLA_DMVPN_KEY :
							    attr);

	/* The kernel would take the last one. */
	if (*seen & bit) {
		fprintf(stderr, "dmvpn: %s: given twice%s\n", name,
			strcmp(name, "local") ? "" : " for one family");
		return -1;
	}
	*seen |= bit;
	if (end + RTA_ALIGN(RTA_LENGTH(len)) > IPROUTE2_REQUEST_LEN) {
		fprintf(stderr, "dmvpn: too many options\n");
		return -1;
	}
	rta->rta_type = attr;
	rta->rta_len = RTA_LENGTH(len);
	memset(RTA_DATA(rta), 0, RTA_ALIGN(RTA_LENGTH(len)) - RTA_LENGTH(0));
	memcpy(RTA_DATA(rta), data, len);
	n->nlmsg_len = end + RTA_ALIGN(rta->rta_len);
	return 0;
}

static const struct word *word_of(const struct word *words, const char *text)
{
	for (; words && words->text; words++) {
		if (!strcmp(words->text, text))
			return words;
	}
	return NULL;
}

/* A number in decimal, or in hexadecimal behind "0x". */
static int number_of(const struct option *o, const char *text, uint32_t *number)
{
	unsigned long long value;
	char *end;

	if (!o->max || *text < '0' || *text > '9')
		return -1;
	errno = 0;
	value = strtoull(text, &end, strncmp(text, "0x", 2) ? 10 : 16);
	if (errno || *end || value < o->min || value > o->max)
		return -1;
	*number = value;
	return 0;
}

static int parse_local(struct nlmsghdr *n, uint64_t *seen, const char *text)
{
	struct in6_addr v6;
	struct in_addr v4;

	if (inet_pton(AF_INET, text, &v4) == 1)
		return append(n, seen, "local", IFLA_DMVPN_LOCAL4, &v4,
			      sizeof(v4));
	if (inet_pton(AF_INET6, text, &v6) == 1)
		return append(n, seen, "local", IFLA_DMVPN_LOCAL6, &v6,
			      sizeof(v6));
	return expected("local", "an address", text);
}

/* What the request is about, if that exists: "ip link replace" has its name. */
static uint32_t device_of(const struct nlmsghdr *n)
{
	const struct ifinfomsg *i = NLMSG_DATA(n);
	const struct rtattr *a = IFLA_RTA(i);
	int len = IFLA_PAYLOAD(n);

	if (i->ifi_index)
		return i->ifi_index;
	/* Behind IFLA_LINKINFO are attributes of the kind. */
	for (; RTA_OK(a, len) && a->rta_type != IFLA_LINKINFO;
	     a = RTA_NEXT(a, len))
		if (a->rta_type == IFLA_IFNAME)
			return if_nametoindex(RTA_DATA(a));
	return 0;
}

static int parse_device(struct nlmsghdr *n, uint64_t *seen, const char *text)
{
	uint32_t ifindex = 0, device = device_of(n);

	if (strcmp(text, "none")) {
		ifindex = if_nametoindex(text);
		if (!ifindex)
			return expected("underlay", "a device or none", text);
		/* The number would be one of there. */
		if (device && elsewhere(device, 0)) {
			fprintf(stderr, "dmvpn: underlay: that of this device is in another network namespace\n");
			return -1;
		}
	}
	return append(n, seen, "underlay", IFLA_DMVPN_LINK, &ifindex,
		      sizeof(ifindex));
}

static int parse_value(const struct option *o, struct nlmsghdr *n,
		       uint64_t *seen, const char *text)
{
	const struct word *word = word_of(o->words, text);
	uint32_t number;
	uint8_t octet;

	if (o->kind == KIND_ADDR4 || o->kind == KIND_ADDR6)
		return parse_local(n, seen, text);
	if (o->kind == KIND_DEVICE)
		return parse_device(n, seen, text);
	if (o->kind == KIND_KEY && !strcmp(text, "none"))
		return append(n, seen, o->name, IFLA_DMVPN_NO_KEY, "", 0);
	if (word)
		number = word->number;
	else if (number_of(o, text, &number))
		return expected(o->name, o->usage, text);
	octet = number;
	if (o->kind == KIND_U8 || o->kind == KIND_ONOFF)
		return append(n, seen, o->name, o->attr, &octet,
			      sizeof(octet));
	return append(n, seen, o->name, o->attr, &number, sizeof(number));
}

static const struct option *option_of(const char *name)
{
	const struct option *o;

	for (o = options; o < options + N_OPTIONS; o++) {
		if (!strcmp(o->name, name))
			return o;
	}
	return NULL;
}

static int parse_opt(struct link_util *lu, int argc, char **argv,
		     struct nlmsghdr *n)
{
	const struct option *o;
	uint64_t seen = 0;

	(void)lu;
	if (!iproute2_known()) {
		fprintf(stderr, "dmvpn: the plug-in does not know this version of iproute2; use dmvpn link\n");
		return -1;
	}
	for (; argc > 0; argc -= 2, argv += 2) {
		if (!strcmp(*argv, "help")) {
			usage(stdout);
			return -1;
		}
		o = option_of(*argv);
		if (!o) {
			fprintf(stderr, "dmvpn: unknown option \"%.64s\"\n",
				*argv);
			usage(stderr);
			return -1;
		}
		if (argc < 2)
			return expected(o->name, o->usage, NULL);
		if (parse_value(o, n, &seen, argv[1]))
			return -1;
	}
	return 0;
}

/* "%s" and "%u" come behind a name that is text only. */
static void print_text(const struct option *o, const char *value)
{
	char fmt[40];

	snprintf(fmt, sizeof(fmt), "%s %%s ", o->name);
	print_color_string(IPROUTE2_PRINT_ANY, IPROUTE2_COLOR_NONE,
			   o->json ?: o->name, fmt, value);
}

static void print_number(const struct option *o, uint32_t value)
{
	char fmt[40];

	snprintf(fmt, sizeof(fmt), "%s %%u ", o->name);
	print_color_uint(IPROUTE2_PRINT_ANY, IPROUTE2_COLOR_NONE,
			 o->json ?: o->name, fmt, value);
}

static void print_onoff(const struct option *o, bool value)
{
	char fmt[40];

	snprintf(fmt, sizeof(fmt), "%s %%s ", o->name);
	print_color_on_off(IPROUTE2_PRINT_ANY, IPROUTE2_COLOR_NONE,
			   o->json ?: o->name, fmt, value);
}

static void print_addr(const struct option *o, int family, const void *addr)
{
	char text[INET6_ADDRSTRLEN];

	print_text(o, inet_ntop(family, addr, text, sizeof(text)));
}

static void print_device(const struct option *o, uint32_t ifindex)
{
	char name[IFNAMSIZ];

	if (!ifindex)
		return;
	/* Which device is shown is not told: the number may be one of there. */
	if (elsewhere(0, ifindex) || !if_indextoname(ifindex, name))
		snprintf(name, sizeof(name), "if%u", ifindex);
	print_text(o, name);
}

static void print_octet(const struct option *o, uint8_t value)
{
	const struct word *word;

	for (word = o->words; word && word->text; word++) {
		if (word->number == value) {
			print_text(o, word->text);
			return;
		}
	}
	print_number(o, value);
}

static size_t length_of(enum kind kind)
{
	switch (kind) {
	case KIND_U8:
	case KIND_ONOFF:
		return sizeof(uint8_t);
	case KIND_ADDR6:
		return sizeof(struct in6_addr);
	default:
		return sizeof(uint32_t);
	}
}

static void print_option(const struct option *o, const struct rtattr *attr)
{
	const void *data = (const char *)attr + RTA_LENGTH(0);
	uint32_t number = 0;
	uint8_t octet = 0;

	if (RTA_PAYLOAD(attr) < length_of(o->kind))
		return;
	memcpy(&octet, data, sizeof(octet));
	if (length_of(o->kind) >= sizeof(number))
		memcpy(&number, data, sizeof(number));
	switch (o->kind) {
	case KIND_ADDR4:
		print_addr(o, AF_INET, data);
		break;
	case KIND_ADDR6:
		print_addr(o, AF_INET6, data);
		break;
	case KIND_DEVICE:
		print_device(o, number);
		break;
	case KIND_ONOFF:
		print_onoff(o, octet);
		break;
	case KIND_U8:
		print_octet(o, octet);
		break;
	default:
		print_number(o, number);
	}
}

static void print_opt(struct link_util *lu, FILE *f, struct rtattr *tb[])
{
	const struct option *o;

	(void)lu;
	if (!tb)
		return;
	if (!iproute2_known()) {
		fputs("(this version of iproute2 is not known to the plug-in) ",
		      f);
		return;
	}
	for (o = options; o < options + N_OPTIONS; o++) {
		if (tb[o->attr])
			print_option(o, tb[o->attr]);
	}
}

static void print_help(struct link_util *lu, int argc, char **argv, FILE *f)
{
	(void)lu;
	(void)argc;
	(void)argv;
	usage(f);
}

/* The name that ip looks for. */
extern struct link_util dmvpn_link_util;

struct link_util dmvpn_link_util __attribute__((visibility("default"))) = {
	.id = "dmvpn",
	.maxattr = IFLA_DMVPN_MAX,
	.parse_opt = parse_opt,
	.print_opt = print_opt,
	.print_help = print_help,
};
