// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A packet's way through nftables' chains, from JSON. What is not understood
 * makes a rule one that may or may not be about the packet.
 */
#include "cli/firewall.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/facts.h"
#include "cli/firewall_match.h"

/* The kernel lets chains jump so deep. */
#define DEPTH_MAX	16

/**
 * struct walk - a packet on its way through a base chain
 * @ruleset: array of all objects
 * @packet: the packet
 * @maybe: a rule that may be about it would have accepted it
 */
struct walk {
	struct json_object *ruleset;
	const struct firewall_packet *packet;
	bool maybe;
};

/**
 * enum step - where a rule or a chain leads
 * @STEP_ON: to what follows
 * @STEP_RETURN: out of the chain
 * @STEP_ACCEPT: out of all of them
 * @STEP_DROP: nowhere
 */
enum step {
	STEP_ON,
	STEP_RETURN,
	STEP_ACCEPT,
	STEP_DROP,
};

static enum step walk_chain(struct walk *w, struct json_object *like,
			    const char *name, unsigned int depth);

static bool same(struct json_object *a, struct json_object *b, const char *key)
{
	return !strcmp(facts_text(a, key) ?: "", facts_text(b, key) ?: "");
}

/* The one member of a statement is its name and what it says. */
static const char *statement(struct json_object *o, struct json_object **value)
{
	*value = NULL;
	if (!json_object_is_type(o, json_type_object))
		return "";
	json_object_object_foreach(o, key, member) {
		*value = member;
		return key;
	}
	return "";
}

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(word, *list))
			return true;
	return false;
}

static enum step jump(struct walk *w, struct json_object *rule,
		      struct json_object *value, bool gone, unsigned int depth)
{
	const char *target = facts_text(value, "target");
	enum step step = STEP_ON;

	if (target && depth < DEPTH_MAX)
		step = walk_chain(w, rule, target, depth + 1);
	if (step == STEP_ON || step == STEP_RETURN)
		return gone ? STEP_RETURN : STEP_ON;
	return step;
}

/* What a rule does that is about the packet, or may be. */
static enum step take(enum step step, enum ike_truth about, struct walk *w)
{
	if (about == IKE_YES)
		return step;
	if (step == STEP_ACCEPT || step == STEP_RETURN)
		w->maybe |= step == STEP_ACCEPT;
	return STEP_ON;
}

static enum step walk_rule(struct walk *w, struct json_object *rule,
			   unsigned int depth)
{
	/* These change nothing of where the packet goes. */
	static const char *const idle[] = {
		"counter", "log", "mangle", "notrack", "set", "map", NULL
	};
	enum ike_truth about = IKE_YES, one;
	struct json_object *expr, *value;
	size_t i, n;

	if (!json_object_object_get_ex(rule, "expr", &expr) ||
	    !json_object_is_type(expr, json_type_array))
		return STEP_ON;
	n = json_object_array_length(expr);
	for (i = 0; i < n; i++) {
		const char *name = statement(
			json_object_array_get_idx(expr, i), &value);

		if (!strcmp(name, "match")) {
			one = firewall_match(w->ruleset, rule, value,
					     w->packet);
			if (one == IKE_NO)
				return STEP_ON;
			if (one == IKE_MAYBE)
				about = one;
		} else if (!strcmp(name, "accept")) {
			return take(STEP_ACCEPT, about, w);
		} else if (!strcmp(name, "drop") || !strcmp(name, "reject")) {
			return take(STEP_DROP, about, w);
		} else if (!strcmp(name, "return")) {
			return take(STEP_RETURN, about, w);
		} else if (!strcmp(name, "jump") || !strcmp(name, "goto")) {
			return take(jump(w, rule, value, *name == 'g', depth),
				    about, w);
		} else if (!strcmp(name, "vmap") || !strcmp(name, "queue") ||
			   !strcmp(name, "xt")) {
			/* Some verdict that is not looked at. */
			w->maybe = true;
			about = IKE_MAYBE;
		} else if (!is_one_of(name, idle)) {
			about = IKE_MAYBE;
		}
	}
	return STEP_ON;
}

/* @like: an object of the same table */
static enum step walk_chain(struct walk *w, struct json_object *like,
			    const char *name, unsigned int depth)
{
	size_t i, n = json_object_array_length(w->ruleset);
	struct json_object *rule;
	enum step step;

	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(w->ruleset, i);

		if (!json_object_object_get_ex(o, "rule", &rule) ||
		    !same(rule, like, "family") || !same(rule, like, "table") ||
		    strcmp(facts_text(rule, "chain") ?: "", name))
			continue;
		step = walk_rule(w, rule, depth);
		if (step != STEP_ON)
			return step;
	}
	return STEP_ON;
}

static bool sees(struct json_object *chain,
		 const struct firewall_packet *packet)
{
	const char *family = facts_text(chain, "family") ?: "";
	const char *hook = facts_text(chain, "hook") ?: "";

	if (strcmp(facts_text(chain, "type") ?: "", "filter"))
		return false;
	if (strcmp(family, "inet") &&
	    strcmp(family, packet->family == AF_INET ? "ip" : "ip6"))
		return false;
	switch (packet->way) {
	case FIREWALL_OUT:
		return !strcmp(hook, "output") || !strcmp(hook, "postrouting");
	case FIREWALL_FORWARD:
		return !strcmp(hook, "prerouting") ||
		       !strcmp(hook, "forward") || !strcmp(hook, "postrouting");
	default:
		return !strcmp(hook, "input") || !strcmp(hook, "prerouting");
	}
}

static enum firewall_verdict judge_chain(struct walk *w,
					 struct json_object *chain)
{
	const char *policy = facts_text(chain, "policy") ?: "accept";
	enum step step;

	w->maybe = false;
	step = walk_chain(w, chain, facts_text(chain, "name") ?: "", 0);
	if (step == STEP_ON || step == STEP_RETURN)
		step = strcmp(policy, "drop") ? STEP_ACCEPT : STEP_DROP;
	if (step == STEP_ACCEPT)
		return FIREWALL_ACCEPT;
	return w->maybe ? FIREWALL_MAYBE : FIREWALL_DROP;
}

enum firewall_verdict firewall_judge(struct json_object *ruleset,
				     const struct firewall_packet *packet,
				     char chain[FIREWALL_CHAIN_LEN])
{
	enum firewall_verdict worst = FIREWALL_ACCEPT, one;
	struct walk w = { .packet = packet };
	struct json_object *c;
	size_t i, n;

	chain[0] = '\0';
	if (!json_object_object_get_ex(ruleset, "nftables", &w.ruleset) ||
	    !json_object_is_type(w.ruleset, json_type_array))
		return FIREWALL_ACCEPT;
	n = json_object_array_length(w.ruleset);
	for (i = 0; i < n && worst != FIREWALL_DROP; i++) {
		struct json_object *o = json_object_array_get_idx(w.ruleset, i);

		if (!json_object_object_get_ex(o, "chain", &c) ||
		    !sees(c, packet))
			continue;
		one = judge_chain(&w, c);
		if (one == FIREWALL_ACCEPT)
			continue;
		worst = one;
		snprintf(chain, FIREWALL_CHAIN_LEN, "%s %s %s",
			 facts_text(c, "family") ?: "?",
			 facts_text(c, "table") ?: "?",
			 facts_text(c, "name") ?: "?");
	}
	return worst;
}
