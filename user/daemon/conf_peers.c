// SPDX-License-Identifier: GPL-2.0-or-later
/* The section [Peers]: which identity may speak for which addresses. */
#include "daemon/conf_peers.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#define SYNTAX	"PREFIX[,PREFIX...] IDENTITY"

void nh_conf_peers_begin(struct nh_conf_parse *p)
{
	p->conf->peers = true;
	if (!p->peers_line)
		p->peers_line = p->line;
}

/* Reads @list, which it cuts up, into the NH_CONF_PREFIXES of @prefix. */
static bool prefixes(struct nh_conf_parse *p, const struct nh_conf_key *key,
		     const char *value, char *list, struct nh_prefix *prefix,
		     size_t *n)
{
	const char *why;
	char *item;

	while ((item = strsep(&list, ","))) {
		if (!*item)
			return nh_conf_wrong(p, key, value, SYNTAX);
		if (*n == NH_CONF_PREFIXES)
			return nh_conf_wrong(p, key, value, "fewer prefixes");
		if (nh_prefix_parse(&prefix[*n], item, &why)) {
			nh_conf_say(p, p->line,
				    "[%s] %s=%s: %s: %s; expected " SYNTAX,
				    p->name, key->name, value, item, why);
			return false;
		}
		++*n;
	}
	return true;
}

/* Takes a copy of @prefix and @identity. */
static bool add(struct nh_conf_parse *p, const char *identity,
		const struct nh_prefix *prefix, size_t n)
{
	struct nh_conf *conf = p->conf;
	struct nh_conf_rule *rule;

	rule = reallocarray(conf->rule, conf->nrule + 1, sizeof(*rule));
	if (!rule)
		goto nomem;
	conf->rule = rule;
	rule += conf->nrule;
	*rule = (struct nh_conf_rule){ .nprefix = n, .line = p->line };
	rule->identity = strdup(identity);
	if (!rule->identity)
		goto nomem;
	rule->prefix = calloc(n, sizeof(*prefix));
	if (!rule->prefix) {
		free(rule->identity);
		goto nomem;
	}
	memcpy(rule->prefix, prefix, n * sizeof(*prefix));
	conf->nrule++;
	return true;

nomem:
	p->nomem = true;
	return false;
}

bool nh_conf_peers_allow(struct nh_conf_parse *p,
			 const struct nh_conf_key *key, const char *value)
{
	struct nh_prefix prefix[NH_CONF_PREFIXES];
	const char *identity = value + strcspn(value, " \t");
	char *list;
	size_t n = 0;
	bool ok;

	list = strndup(value, (size_t)(identity - value));
	if (!list) {
		p->nomem = true;
		return false;
	}
	identity += strspn(identity, " \t");
	if (!*identity)
		ok = nh_conf_wrong(p, key, value, SYNTAX);
	else if (p->conf->nrule == NH_CONF_RULES)
		ok = nh_conf_wrong(p, key, value, "fewer rules");
	else
		ok = prefixes(p, key, value, list, prefix, &n) &&
		     add(p, identity, prefix, n);
	free(list);
	return ok;
}

void nh_conf_peers_check(struct nh_conf_parse *p)
{
	const struct nh_conf *conf = p->conf;

	if (!conf->peers)
		return;
	/* It would allow nobody anything: rather a slip than a wish. */
	if (!conf->nrule)
		nh_conf_say(p, p->peers_line, "[Peers]: Allow= is missing");
	if (!conf->ipsec.present)
		nh_conf_say(p, p->peers_line,
			    "[Peers]: expected a section [IPsec] too");
	else if (conf->ipsec.secret)
		nh_conf_say(p, p->peers_line,
			    "[Peers]: expected certificates in [IPsec]: a shared secret proves no identity");
}

void nh_conf_peers_free(struct nh_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->nrule; i++) {
		free(conf->rule[i].identity);
		free(conf->rule[i].prefix);
	}
	free(conf->rule);
}

bool nh_conf_allows(const struct nh_conf *conf, const char *identity,
		    const struct nh_prefix *prefix)
{
	const struct nh_conf_rule *rule;
	size_t i, j;

	if (!conf->peers)
		return true;
	if (!identity)
		return false;
	for (i = 0; i < conf->nrule; i++) {
		rule = &conf->rule[i];
		for (j = 0; j < rule->nprefix; j++)
			if (nh_prefix_covers(&rule->prefix[j], prefix) &&
			    fnmatch(rule->identity, identity, 0) == 0)
				return true;
	}
	return false;
}
