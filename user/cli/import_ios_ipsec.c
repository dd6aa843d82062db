// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: the section [IPsec] of what a profile names. */
#include <stdlib.h>
#include <string.h>

#include "cli/import_ios.h"

/* Adds a proposal, with "," between two; false: a line has no more room. */
static bool add_proposal(char *list, const char *a, const char *b,
			 const char *c)
{
	size_t len = strlen(list);
	int n = snprintf(list + len, IMPORT_VALUE - len, "%s%s%s%s%s%s",
			 len ? "," : "", a, *b ? "-" : "", b, *c ? "-" : "",
			 c);

	if (n >= 0 && (size_t)n < IMPORT_VALUE - len)
		return true;
	list[len] = '\0';
	return false;
}

/* A number that a block has, or that holds where it has none. */
static void take_number(struct import_num *out, struct import_num *own,
			struct import_num *general)
{
	if (own && own->line)
		*out = *own;
	else if (general && general->line)
		*out = *general;
}

static void no_room(struct ios *ios, struct ios_obj *obj, const char *key)
{
	import_left(&ios->in->line[obj->from], "%s= has no room for it", key);
}

static void take_mode(struct ios *ios, struct import_ipsec *ipsec,
		      struct ios_obj *set, bool first)
{
	if (first) {
		ipsec->tunnel = !set->transport;
	} else if (ipsec->tunnel == set->transport) {
		import_left(set->mode ? set->mode : &ios->in->line[set->from],
			    "the first transform set has another mode");
		import_instead(set->mode ? set->mode :
			       &ios->in->line[set->from], "[IPsec] Mode=");
	}
}

/* What a block names is not there. */
static void no_ref(struct ios_obj *obj, size_t i, const char *what,
		   const char *key)
{
	import_left(obj->ref_line[i], "there is no %s \"%.32s\" in the file",
		    what, obj->ref[i]);
	import_instead(obj->ref_line[i], "[IPsec] %s=", key);
}

/* The set that routers have without being told, in their running-config or
 * not: a profile that names none has it.
 */
static void take_default_set(struct import_ipsec *ipsec,
			     const struct ios_obj *profile)
{
	ipsec->tunnel = false;
	add_proposal(ipsec->esp, "aes128", "sha1", profile->group);
}

static void take_transforms(struct ios *ios, struct import_ipsec *ipsec,
			    struct ios_obj *profile)
{
	bool first = true;
	size_t i;

	if (!profile->nref)
		take_default_set(ipsec, profile);
	for (i = 0; i < profile->nref; i++) {
		struct ios_obj *set = ios_find(ios, IOS_TRANSFORM,
					       profile->ref[i]);

		if (!set && first && !strcmp(profile->ref[i], "default")) {
			take_default_set(ipsec, profile);
			first = false;
			continue;
		}
		if (!set) {
			no_ref(profile, i, "transform set", "EspProposals");
			continue;
		}
		set->used = true;
		if (set->bad)
			continue;
		if (!add_proposal(ipsec->esp, set->aead[0] ? set->aead :
				  set->enc, set->aead[0] ? "" : set->integ,
				  profile->group)) {
			no_room(ios, set, "EspProposals");
			continue;
		}
		set->taken = true;
		take_mode(ios, ipsec, set, first);
		first = false;
	}
}

/* Without a line that says so it is certificates. */
static bool for_certs(const struct ios_obj *policy)
{
	return !policy->psk || policy->cert;
}

/* Whether there is a policy of IKEv1 for certificates, or for a secret. */
static bool has_policy(const struct ios *ios, bool certs)
{
	size_t i;

	for (i = 0; i < ios->nobj; i++)
		if (ios->obj[i].kind == IOS_ISAKMP_POLICY &&
		    for_certs(&ios->obj[i]) == certs)
			return true;
	return false;
}

static void add_policy(struct ios *ios, struct import_ipsec *ipsec,
		       struct ios_obj *policy)
{
	policy->used = true;
	if (for_certs(policy)) {
		import_left(&ios->in->line[policy->from], IOS_CERTS);
		import_instead(&ios->in->line[policy->from],
			       IOS_CERTS_INSTEAD);
	}
	if (policy->bad || for_certs(policy) != ipsec->certs)
		return;
	if (!add_proposal(ipsec->proposals,
			  policy->enc[0] ? policy->enc : "des",
			  policy->integ[0] ? policy->integ : "sha1",
			  policy->group[0] ? policy->group : "modp768")) {
		no_room(ios, policy, "Proposals");
		return;
	}
	policy->taken = true;
	if (!policy->lifetime.line)
		return;
	if (ipsec->ike_lifetime.line &&
	    ipsec->ike_lifetime.value != policy->lifetime.value)
		import_left(policy->lifetime.line,
			    "[IPsec] IkeLifetime is that of line %u",
			    ipsec->ike_lifetime.line->number);
	else
		ipsec->ike_lifetime = policy->lifetime;
}

static unsigned long priority(const struct ios_obj *policy)
{
	return strtoul(policy->name, NULL, 10);
}

/* The policies of IKEv1 in their order, which is that of their numbers. */
static void take_policies(struct ios *ios, struct import_ipsec *ipsec)
{
	struct ios_obj *best;
	size_t i, round;

	for (i = 0; i < ios->nobj; i++)
		if (ios->obj[i].kind == IOS_ISAKMP_POLICY)
			ios->obj[i].used = false;
	for (round = 0; round < ios->nobj; round++) {
		best = NULL;
		for (i = 0; i < ios->nobj; i++)
			if (ios->obj[i].kind == IOS_ISAKMP_POLICY &&
			    !ios->obj[i].used &&
			    (!best || priority(&ios->obj[i]) < priority(best)))
				best = &ios->obj[i];
		if (!best)
			return;
		add_policy(ios, ipsec, best);
	}
}

static void add_v2_proposal(struct ios *ios, struct import_ipsec *ipsec,
			    struct ios_obj *p)
{
	char rest[2 * IOS_WORDS];
	bool cbc = p->enc[0] && p->integ[0], gcm = p->aead[0];
	int taken = 0;

	p->used = true;
	if (p->bad)
		return;
	snprintf(rest, sizeof(rest), "%s%s%s", p->integ, p->integ[0] &&
		 p->prf[0] ? "-" : "", p->prf);
	if (cbc)
		taken += add_proposal(ipsec->proposals, p->enc, rest,
				      p->group);
	/* With AEAD what hashes keys cannot be that of the integrity. */
	if (gcm)
		taken += add_proposal(ipsec->proposals, p->aead, p->prf[0] ?
				      p->prf : "prfsha256", p->group);
	if (taken < cbc + gcm)
		no_room(ios, p, "Proposals");
	p->taken |= taken > 0;
}

/* Up to version 15 the proposal that routers have without being told has old
 * groups, which strongSwan's has not; its MD5 is left out, as it has better too.
 */
#define DEFAULT_PROPOSAL \
	"aes256-aes192-aes128-sha512-sha384-sha256-sha1-modp2048-ecp256-modp1536-modp1024"

static void take_v2_proposals(struct ios *ios, struct import_tunnel *t)
{
	struct import_ipsec *ipsec = &t->ipsec;
	struct ios_obj *p;
	size_t i, j;

	for (i = 0; i < ios->nobj; i++) {
		if (ios->obj[i].kind != IOS_IKEV2_POLICY)
			continue;
		ios->obj[i].used = true;
		for (j = 0; j < ios->obj[i].nref; j++) {
			p = ios_find(ios, IOS_IKEV2_PROPOSAL,
				     ios->obj[i].ref[j]);
			if (p)
				add_v2_proposal(ios, ipsec, p);
			else
				no_ref(&ios->obj[i], j, "proposal",
				       "Proposals");
		}
	}
	if (ios_find(ios, IOS_IKEV2_POLICY, NULL))
		return;
	p = ios_find(ios, IOS_IKEV2_PROPOSAL, "default");
	if (p) {
		add_v2_proposal(ios, ipsec, p);
	} else if (ios->major < 16) {
		add_proposal(ipsec->proposals, DEFAULT_PROPOSAL, "", "");
		import_note(ios->in, t->device,
			    "no IKEv2 policy: Proposals= is what routers up to version 15 have by default");
	}
}

/* The NBMA address is what dmvpnd takes itself. */
static void take_identity(struct import_tunnel *t, struct ios_obj *ike)
{
	char *identity = t->ipsec.identity;

	strcpy(identity, ike->identity);
	if (!ike->own_line || nh_addr_equal(&ike->own, &t->source))
		return;
	nh_addr_format(&ike->own, identity, sizeof(t->ipsec.identity));
	import_used(ike->own_line, "[IPsec] Identity=%s", identity);
}

/* With certificates a secret is of no use, nor is what leads to one. */
static void without_secret(struct ios_obj *ike)
{
	size_t i;

	for (i = 0; i < ike->nref; i++)
		import_ignored(ike->ref_line[i], "peers have certificates");
	if (ike->psk)
		import_left(ike->psk, "both ends authenticate in one way");
}

static void take_ike(struct ios *ios, struct import_tunnel *t,
		     struct ios_obj *profile)
{
	struct import_ipsec *ipsec = &t->ipsec;
	bool v2 = ipsec->ike[0] ? ipsec->ikev2 : profile->ikev2[0];
	const char *name = v2 ? profile->ikev2 : profile->isakmp;
	struct ios_obj *ike;

	if (ipsec->ike[0])
		name = ipsec->ike;
	ike = ios_find(ios, v2 ? IOS_IKEV2_PROFILE : IOS_ISAKMP_PROFILE, name);
	if (ike) {
		ike->used = true;
		take_identity(t, ike);
	}
	ipsec->version = v2 ? 2 : 1;
	ipsec->certs = (ike && ike->cert) ||
		       (!v2 && has_policy(ios, true) &&
			!has_policy(ios, false));
	if (v2) {
		take_v2_proposals(ios, t);
		take_number(&ipsec->ike_lifetime, ike ? &ike->lifetime : NULL,
			    NULL);
	} else {
		take_policies(ios, ipsec);
	}
	take_number(&ipsec->dpd, ike ? &ike->dpd : NULL, &ios->dpd[v2]);
	if (ipsec->certs) {
		if (ike)
			without_secret(ike);
		return;
	}
	/* Which keys are meant is not known then. */
	if (name[0] && !ike)
		import_note(ios->in, t->device,
			    "there is no profile \"%.63s\" in the file", name);
	else
		ios_secret(ios, t, v2, ike, !v2 && has_policy(ios, true));
}

static bool has_weak(const char *list)
{
	static const char *const weak[] = {
		"des-", "md5", "null", "modp768", "modp1024", "modp1536",
	};
	size_t i;

	for (i = 0; i < sizeof(weak) / sizeof(weak[0]); i++) {
		size_t len = strlen(weak[i]);
		const char *at;

		/* At the end a DH group may be the beginning of another. */
		for (at = list; (at = strstr(at, weak[i])); at++)
			if (at[len] < '0' || at[len] > '9')
				return true;
	}
	return false;
}

static void take_profile(struct ios *ios, struct import_tunnel *t)
{
	struct import_ipsec *ipsec = &t->ipsec;
	struct ios_obj *profile = ios_find(ios, IOS_PROFILE, ipsec->profile);

	if (!profile) {
		import_left(ipsec->line, "the profile is not in the file");
		import_instead(ipsec->line,
			       "Protection=required is set; fill in the section [IPsec]");
		return;
	}
	profile->used = true;
	take_transforms(ios, ipsec, profile);
	take_number(&ipsec->lifetime, &profile->lifetime, &ios->lifetime);
	take_number(&ipsec->idle, &profile->idle, &ios->idle);
	take_ike(ios, t, profile);
	if (!ipsec->proposals[0])
		import_note(ios->in, t->device,
			    "no IKE policy that can be used: IKE is as strongSwan has it by default; fill in [IPsec] Proposals= if the other routers want something else");
	if (!ipsec->esp[0])
		import_note(ios->in, t->device,
			    "no transform set that can be used: ESP is as dmvpnd has it by default; fill in [IPsec] EspProposals= if the other routers want something else");
	if (has_weak(ipsec->proposals) || has_weak(ipsec->esp))
		import_note(ios->in, t->device,
			    "DES, 3DES, MD5 and DH groups 1, 2 and 5 are weak, and strongSwan may lack them: leave Version=, Proposals= and EspProposals= out once no old router is left");
}

void ios_ipsec(struct ios *ios, struct import_tunnel *t)
{
	struct import_ipsec *ipsec = &t->ipsec;

	if (!ipsec->line)
		return;
	ipsec->section = true;
	if (ipsec->profile[0])
		take_profile(ios, t);
	if (ipsec->certs)
		import_note(ios->in, t->device,
			    "peers have certificates: fill in [IPsec] Certificate=, PrivateKey= and CA=");
	else if (!ipsec->secret[0])
		import_note(ios->in, t->device,
			    "no secret that can be used: fill in [IPsec] Secret=, or Certificate=, PrivateKey= and CA=, or have SAs made by other means");
}

/* What holds for all profiles, if some tunnel has it. */
static void number_end(const struct ios *ios, const struct import_num *num)
{
	size_t i;

	for (i = 0; num->line && i < ios->in->ntunnel; i++) {
		const struct import_ipsec *ipsec = &ios->in->tunnel[i]->ipsec;

		if (ipsec->lifetime.line == num->line ||
		    ipsec->idle.line == num->line ||
		    ipsec->dpd.line == num->line)
			return;
	}
	if (num->line)
		import_ignored(num->line, "no tunnel needs it");
}

/* Of a block that is left out no line is used, whatever it was taken for. */
static void leave_out(struct ios *ios, const struct ios_obj *obj)
{
	struct import_line *line = ios->in->line;
	size_t i;

	if (obj->kind != IOS_ISAKMP_POLICY &&
	    obj->kind != IOS_IKEV2_PROPOSAL && obj->kind != IOS_TRANSFORM)
		return;
	for (i = obj->from; i < obj->to; i++)
		if (line[i].class == IMPORT_USED)
			import_ignored(&line[i], "the block is left out");
}

void ios_crypto_end(struct ios *ios)
{
	struct import_line *line;
	size_t i, j;

	number_end(ios, &ios->lifetime);
	number_end(ios, &ios->idle);
	number_end(ios, &ios->dpd[0]);
	number_end(ios, &ios->dpd[1]);
	for (i = 0; i < ios->nkey; i++) {
		line = ios->key[i].line;
		if (line && !ios->key[i].used && line->class == IMPORT_USED)
			import_ignored(line, "no tunnel needs it");
	}
	for (i = 0; i < ios->nobj; i++) {
		if (ios->obj[i].used) {
			if (!ios->obj[i].taken)
				leave_out(ios, &ios->obj[i]);
			continue;
		}
		/* What is wrong with its keys is to be known then. */
		for (j = ios->obj[i].from; j < ios->obj[i].to; j++)
			if (!ios->obj[i].asked)
				import_ignored(&ios->in->line[j],
					       "no tunnel needs it");
			else if (ios->in->line[j].class == IMPORT_USED)
				import_ignored(&ios->in->line[j],
					       "no key of it is taken");
	}
}
