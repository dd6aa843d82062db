// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: pre-shared keys, of which dmvpnd has one. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/import_ios.h"

#define KEY_USED	"[IPsec] Secret=(not shown)"

struct ios_key *ios_key_new(struct ios *ios, const char *ring, bool v2)
{
	struct ios_key *key;

	if (!ios->key)
		ios->key = calloc(IOS_KEYS, sizeof(*ios->key));
	if (!ios->key)
		ios->in->nomem = true;
	if (!ios->key || ios->nkey == IOS_KEYS)
		return NULL;
	key = &ios->key[ios->nkey++];
	strcpy(key->ring, ring);
	key->v2 = v2;
	return key;
}

/* Whether a line of our configuration can have it: " ;" begins a comment. */
static bool is_secret(const char *text)
{
	const char *c;

	for (c = text; *c >= ' ' && *c <= '~'; c++)
		;
	return !*c && c != text && c - text <= IMPORT_SECRET &&
	       !strstr(text, " ;");
}

/* A digit in front tells how the key is encrypted, "0" that it is not. */
static bool is_encrypted(const struct ios_key *key, int n, char **w)
{
	if (!key->v2)
		return n == 2;
	return n > 1 && ((w[0][0] >= '0' && w[0][0] <= '9' && !w[0][1]) ||
			 !strcmp(w[0], "hex"));
}

void ios_key_set(struct import_at *at, struct ios_key *key, int n, char **w)
{
	const char *secret;

	if (!key) {
		import_left(at->line,
			    "there is no peer, or there are more than %d keys",
			    IOS_KEYS);
		return;
	}
	if (n > 1 && (key->v2 || n == 2) && !strcmp(w[0], "0")) {
		n--;
		w++;
	} else if (is_encrypted(key, n, w)) {
		import_left(at->line, "the key is encrypted");
		import_instead(at->line,
			       "write it in clear as [IPsec] Secret=");
		return;
	}
	/* One of IKEv2 is the rest of the line, with its blanks. */
	secret = n < 1 ? "" :
		 key->v2 ? at->line->text + (w[0] - at->words) : w[0];
	if ((n > 1 && !key->v2) || !is_secret(secret)) {
		import_left(at->line,
			    "a secret has 1 to %d characters of ASCII, and no blank before \";\"",
			    IMPORT_SECRET);
		import_instead(at->line, "[IPsec] SecretFile=");
		return;
	}
	if (key->line && strcmp(key->secret, secret)) {
		import_left(at->line,
			    "both ends have one secret, that of line %u",
			    key->line->number);
		return;
	}
	strcpy(key->secret, secret);
	if (!key->line)
		key->line = at->line;
	import_used(at->line, KEY_USED);
}

bool ios_key_peer(struct ios_key *key, int n, char **w)
{
	struct nh_addr addr, mask;
	int len = -1;

	/* What comes behind is about other things. */
	if (n > 1 && !strcmp(w[0], "ipv6")) {
		n--;
		w++;
	}
	if (!n)
		return false;
	if (strchr(w[0], '/')) {
		if (nh_prefix_parse(&key->peer, w[0], NULL))
			return false;
		key->any = !key->peer.plen;
		return true;
	}
	if (nh_addr_parse(&addr, w[0]))
		return false;
	if (n > 1 && addr.len == 4 && !nh_addr_parse(&mask, w[1]) &&
	    mask.len == 4)
		len = import_mask_len(&mask);
	if (len < 0)
		len = nh_addr_is_any(&addr) ? 0 : (int)nh_addr_bits(&addr);
	key->any = !len;
	return !nh_prefix_make(&key->peer, &addr, (unsigned int)len);
}

/* Whether the key is in a keyring that the profile names; "default" is that of
 * the global keys.
 */
static bool in_rings(const struct ios_key *key, const struct import_tunnel *t,
		     bool v2, const struct ios_obj *profile)
{
	size_t i;

	if (key->v2 != v2)
		return false;
	if (v2 && profile && !strcmp(profile->name, key->ring))
		return true;
	/* Without keyrings of its own IKEv1 looks into all of the VRF. */
	if (!profile || !profile->nref)
		return !v2 && !strcmp(key->vrf, t->vrf);
	for (i = 0; i < profile->nref; i++)
		if (!strcasecmp(profile->ref[i], key->ring) ||
		    (!v2 && !key->ring[0] && !strcmp(profile->ref[i], "default")))
			return true;
	return false;
}

/* A router takes the key that tells most of the peer's address. What is right
 * for the server is right for us; then comes a key for anybody.
 */
static unsigned int rank(const struct ios_key *key,
			 const struct import_tunnel *t)
{
	enum { OTHER, MAP, ANY, SERVER };
	size_t i;

	if (key->any)
		return ANY;
	for (i = 0; i < t->nnhs; i++)
		if (nh_prefix_contains(&key->peer, &t->nhs[i].nbma))
			return SERVER + key->peer.plen;
	for (i = 0; i < t->nmap; i++)
		if (nh_prefix_contains(&key->peer, &t->map[i].nbma))
			return MAP;
	return OTHER;
}

/* Whether the tunnel tells the addresses of all whom it begins to speak to. */
static bool knows_peers(const struct import_tunnel *t)
{
	size_t i;

	for (i = 0; i < t->nnhs; i++)
		if (t->nhs[i].name[0])
			return false;
	return t->nnhs || t->nmap;
}

/* Whether peers of the tunnel have the key: one for somebody else would let
 * him in. With certificates nothing else tells whose the key is.
 */
static bool is_ours(const struct ios_key *key, const struct import_tunnel *t,
		    bool certs)
{
	if (rank(key, t))
		return true;
	return !certs && (!nh_addr_is_set(&key->peer.addr) || !knows_peers(t));
}

static struct ios_obj *ring_of(struct ios *ios, const struct ios_key *key)
{
	return ios_find(ios, key->v2 ? IOS_IKEV2_KEYRING : IOS_KEYRING,
			key->ring);
}

static void remark(struct import *in, const struct import_tunnel *t,
		   const struct ios_key *best, const struct ios_key *others)
{
	if (best->any)
		return;
	import_note(in, t->device,
		    "the secret of line %u was for one peer, and is now for any",
		    best->line->number);
	if (others)
		import_note(in, t->device,
			    "peers other than the server have the secret of line %u: they are reached by way of the server, or with one secret for all",
			    others->line->number);
}

static const struct ios_key *find(struct ios *ios,
				  const struct import_tunnel *t, bool v2,
				  const struct ios_obj *profile, bool certs)
{
	const struct ios_key *key, *best = NULL;
	struct ios_obj *ring;
	size_t i;

	for (i = 0; i < ios->nkey; i++) {
		key = &ios->key[i];
		if (!in_rings(key, t, v2, profile))
			continue;
		ring = ring_of(ios, key);
		if (ring)
			ring->asked = true;
		if (key->line && is_ours(key, t, certs) &&
		    (!best || rank(key, t) > rank(best, t)))
			best = key;
	}
	return best;
}

bool ios_secret(struct ios *ios, struct import_tunnel *t, bool v2,
		const struct ios_obj *profile, bool certs)
{
	const struct ios_key *best, *others = NULL;
	struct ios_obj *ring;
	struct ios_key *key;
	size_t i;

	best = find(ios, t, v2, profile, certs);
	if (!best)
		return false;
	strcpy(t->ipsec.secret, best->secret);
	for (i = 0; i < ios->nkey; i++) {
		key = &ios->key[i];
		if (!in_rings(key, t, v2, profile) || !key->line)
			continue;
		ring = ring_of(ios, key);
		if (ring)
			ring->used = true;
		if (!strcmp(key->secret, best->secret)) {
			key->used = true;
			import_used(key->line, KEY_USED);
			continue;
		}
		if (key->any)
			others = key;
		/* Another tunnel may have it. */
		if (key->used)
			continue;
		import_left(key->line,
			    "a device has one secret, that of line %u",
			    best->line->number);
		import_instead(key->line,
			       "one secret for all peers, or certificates");
	}
	remark(ios->in, t, best, others);
	return true;
}
