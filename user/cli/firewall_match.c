// SPDX-License-Identifier: GPL-2.0-or-later
/* Conditions of nftables' rules, from JSON. */
#include "cli/firewall_match.h"

#include <json-c/json.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/facts.h"
#include "cli/firewall.h"

/* Sets in sets are not; this bounds what makes no sense. */
#define DEPTH_MAX	4

/**
 * struct sought - what a value is compared with
 * @ruleset: for sets by name
 * @rule: whose table they are in
 * @word: nft's word for it, or NULL
 * @number: the same as a number, or -1
 */
struct sought {
	struct json_object *ruleset;
	struct json_object *rule;
	const char *word;
	int64_t number;
};

static bool same_text(struct json_object *a, struct json_object *b,
		      const char *key)
{
	return !strcmp(facts_text(a, key) ?: "", facts_text(b, key) ?: "");
}

/* The elements of a set that a rule names, or NULL. */
static struct json_object *set_elements(const struct sought *what,
					const char *name)
{
	size_t i, n = json_object_array_length(what->ruleset);
	struct json_object *set, *elements;

	for (i = 0; i < n; i++) {
		struct json_object *o =
			json_object_array_get_idx(what->ruleset, i);

		if (json_object_object_get_ex(o, "set", &set) &&
		    !strcmp(facts_text(set, "name") ?: "", name) &&
		    same_text(set, what->rule, "family") &&
		    same_text(set, what->rule, "table"))
			return json_object_object_get_ex(set, "elem",
							 &elements) ?
				       elements : NULL;
	}
	return NULL;
}

static enum ike_truth truth(bool value)
{
	return value ? IKE_YES : IKE_NO;
}

static enum ike_truth in_range(struct json_object *range,
			       const struct sought *what)
{
	if (!json_object_is_type(range, json_type_array) ||
	    json_object_array_length(range) != 2 || what->number < 0)
		return IKE_MAYBE;
	return truth(json_object_get_int64(json_object_array_get_idx(range, 0)) <=
			     what->number &&
		     json_object_get_int64(json_object_array_get_idx(range, 1)) >=
			     what->number);
}

/* Names of interfaces may end in "*". */
static enum ike_truth same_word(const char *value, const struct sought *what)
{
	size_t len = strlen(value);
	char *end;
	long n;

	if (what->word && len && value[len - 1] == '*')
		return truth(!strncmp(value, what->word, len - 1));
	if (what->word && !strcmp(value, what->word))
		return IKE_YES;
	n = strtol(value, &end, 0);
	if (*value && !*end)
		return what->number < 0 ? IKE_MAYBE : truth(n == what->number);
	return what->word ? IKE_NO : IKE_MAYBE;
}

static enum ike_truth is_in(struct json_object *value,
			    const struct sought *what, unsigned int depth)
{
	enum ike_truth found = IKE_NO;
	struct json_object *inner;
	const char *text;
	size_t i, n;

	if (depth == DEPTH_MAX)
		return IKE_MAYBE;
	switch (json_object_get_type(value)) {
	case json_type_int:
		return what->number < 0 ?
			       IKE_MAYBE :
			       truth(json_object_get_int64(value) ==
				     what->number);
	case json_type_string:
		text = json_object_get_string(value);
		if (*text != '@')
			return same_word(text, what);
		inner = set_elements(what, text + 1);
		return inner ? is_in(inner, what, depth + 1) : IKE_MAYBE;
	case json_type_array:
		n = json_object_array_length(value);
		for (i = 0; i < n && found != IKE_YES; i++) {
			enum ike_truth one =
				is_in(json_object_array_get_idx(value, i),
				      what, depth + 1);

			if (one != IKE_NO)
				found = one;
		}
		return found;
	case json_type_object:
		if (json_object_object_get_ex(value, "set", &inner))
			return is_in(inner, what, depth + 1);
		if (json_object_object_get_ex(value, "range", &inner))
			return in_range(inner, what);
		return IKE_MAYBE;
	default:
		return IKE_MAYBE;
	}
}

static const char *proto_word(uint8_t proto)
{
	return proto == IPPROTO_ESP ? "esp" :
	       proto == IPPROTO_GRE ? "gre" : "udp";
}

/* Of a packet that may be of any protocol nothing is known. */
static enum ike_truth match_proto(struct json_object *right, uint8_t proto,
				  struct sought *what)
{
	if (!proto)
		return IKE_MAYBE;
	what->word = proto_word(proto);
	what->number = proto;
	return is_in(right, what, 0);
}

static enum ike_truth match_ifname(struct json_object *right,
				   const struct firewall_packet *packet,
				   struct sought *what)
{
	enum ike_truth loopback;

	what->word = packet->ifname ?: "lo";
	loopback = is_in(right, what, 0);
	if (packet->ifname)
		return loopback;
	/* Not that one, whichever else it is. */
	return loopback == IKE_YES && json_object_is_type(right,
							  json_type_string) ?
		       IKE_NO : IKE_MAYBE;
}

/* Whether "iifname" or "oifname" is about the packet's interface. */
static bool is_its_interface(const char *key, enum firewall_way way)
{
	if (way != FIREWALL_OUT &&
	    (!strcmp(key, "iifname") || !strcmp(key, "iif")))
		return true;
	return way != FIREWALL_IN &&
	       (!strcmp(key, "oifname") || !strcmp(key, "oif"));
}

static enum ike_truth match_meta(const char *key, struct json_object *right,
				 const struct firewall_packet *packet,
				 struct sought *what)
{
	bool v4 = packet->family == AF_INET;

	if (!strcmp(key, "l4proto")) {
		return match_proto(right, packet->proto, what);
	} else if (!strcmp(key, "nfproto")) {
		what->word = v4 ? "ipv4" : "ipv6";
		what->number = v4 ? 2 : 10;
	} else if (!strcmp(key, "protocol")) {
		what->word = v4 ? "ip" : "ip6";
	} else if (is_its_interface(key, packet->way)) {
		return match_ifname(right, packet, what);
	} else if (!strcmp(key, "ipsec") || !strcmp(key, "secpath")) {
		if (packet->way != FIREWALL_IN ||
		    !json_object_is_type(right, json_type_boolean))
			return IKE_MAYBE;
		return truth(json_object_get_boolean(right) ==
			     packet->from_esp);
	} else {
		return IKE_MAYBE;
	}
	return is_in(right, what, 0);
}

static bool is_ip(const char *header)
{
	return !strcmp(header, "ip") || !strcmp(header, "ip6");
}

/*
 * A field of a header is a condition on the protocol, too, which nft adds and
 * does not tell: whatever is asked of the field, a packet without it is not
 * meant.
 */
static bool is_other_header(struct json_object *left,
			    const struct firewall_packet *packet)
{
	const char *header;
	struct json_object *o;

	if (!json_object_object_get_ex(left, "payload", &o))
		return false;
	header = facts_text(o, "protocol") ?: "";
	if (is_ip(header))
		return strcmp(header, packet->family == AF_INET ? "ip" : "ip6");
	if (!*header || !strcmp(header, "ether") || !strcmp(header, "th"))
		return false;
	return packet->proto && strcmp(header, proto_word(packet->proto));
}

/* Of a header that the packet has, or may have. */
static enum ike_truth match_payload(struct json_object *left,
				    struct json_object *right,
				    const struct firewall_packet *packet,
				    struct sought *what)
{
	const char *header = facts_text(left, "protocol") ?: "";
	const char *field = facts_text(left, "field") ?: "";

	if (is_ip(header)) {
		if (strcmp(field, packet->family == AF_INET ? "protocol" :
							      "nexthdr"))
			return IKE_MAYBE;
		return match_proto(right, packet->proto, what);
	}
	if (!strcmp(header, "ether") || !*header)
		return IKE_MAYBE;
	if (packet->proto != IPPROTO_UDP || strcmp(field, "dport"))
		return IKE_MAYBE;
	what->number = packet->port;
	return is_in(right, what, 0);
}

static enum ike_truth match_ct(const char *key, struct json_object *right,
			       const struct firewall_packet *packet,
			       struct sought *what)
{
	enum ike_truth found;

	if (strcmp(key, "state"))
		return IKE_MAYBE;
	what->word = packet->established ? "established" : "new";
	found = is_in(right, what, 0);
	if (found != IKE_NO)
		return found;
	/* Some rule may have seen to that. */
	what->word = "untracked";
	return is_in(right, what, 0) == IKE_NO ? IKE_NO : IKE_MAYBE;
}

static enum ike_truth match_left(struct json_object *left,
				 struct json_object *right,
				 const struct firewall_packet *packet,
				 struct sought *what)
{
	struct json_object *o;

	if (json_object_object_get_ex(left, "meta", &o))
		return match_meta(facts_text(o, "key") ?: "", right, packet,
				  what);
	if (json_object_object_get_ex(left, "payload", &o))
		return match_payload(o, right, packet, what);
	if (json_object_object_get_ex(left, "ct", &o))
		return match_ct(facts_text(o, "key") ?: "", right, packet,
				what);
	return IKE_MAYBE;
}

enum ike_truth firewall_match(struct json_object *ruleset,
			      struct json_object *rule,
			      struct json_object *match,
			      const struct firewall_packet *packet)
{
	struct sought what = { .ruleset = ruleset, .rule = rule, .number = -1 };
	const char *op = facts_text(match, "op") ?: "";
	struct json_object *left, *right;
	enum ike_truth found;

	if (!json_object_object_get_ex(match, "left", &left) ||
	    !json_object_object_get_ex(match, "right", &right))
		return IKE_MAYBE;
	if (is_other_header(left, packet))
		return IKE_NO;
	found = match_left(left, right, packet, &what);
	if (found == IKE_MAYBE || !strcmp(op, "==") || !strcmp(op, "in"))
		return found;
	return strcmp(op, "!=") ? IKE_MAYBE : truth(found == IKE_NO);
}
