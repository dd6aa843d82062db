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

void ios_key_set(struct import_at *at, struct ios_key *key, int n, char **w)
{
	if (!key) {
		import_left(at->line,
			    "there is no peer, or there are more than %d keys",
			    IOS_KEYS);
		return;
	}
	if (n == 2 && !strcmp(w[0], "0")) {
		n--;
		w++;
	}
	if (n == 2) {
		import_left(at->line, "the key is encrypted");
		import_instead(at->line,
			       "write it in clear as [IPsec] Secret=");
		return;
	}
	if (n != 1 || !import_plain(w[0], IMPORT_SECRET)) {
		import_left(at->line,
			    "a secret has 1 to %d characters, and no blank",
			    IMPORT_SECRET);
		import_instead(at->line, "[IPsec] SecretFile=");
		return;
	}
	if (key->line && strcmp(key->secret, w[0])) {
		import_left(at->line,
			    "both ends have one secret, that of line %u",
			    key->line->number);
		return;
	}
	strcpy(key->secret, w[0]);
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

	if (key->v2 != v2 || !key->line)
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

static void use_ring(struct ios *ios, const struct ios_key *key)
{
	struct ios_obj *ring = ios_find(ios, key->v2 ? IOS_IKEV2_KEYRING :
					IOS_KEYRING, key->ring);

	if (ring)
		ring->used = true;
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

bool ios_secret(struct ios *ios, struct import_tunnel *t, bool v2,
		const struct ios_obj *profile, bool certs)
{
	const struct ios_key *best = NULL, *others = NULL;
	size_t i;

	for (i = 0; i < ios->nkey; i++)
		if (in_rings(&ios->key[i], t, v2, profile) &&
		    is_ours(&ios->key[i], t, certs) &&
		    (!best || rank(&ios->key[i], t) > rank(best, t)))
			best = &ios->key[i];
	if (!best)
		return false;
	strcpy(t->ipsec.secret, best->secret);
	for (i = 0; i < ios->nkey; i++) {
		if (!in_rings(&ios->key[i], t, v2, profile))
			continue;
		use_ring(ios, &ios->key[i]);
		if (!strcmp(ios->key[i].secret, best->secret)) {
			ios->key[i].used = true;
			import_used(ios->key[i].line, KEY_USED);
			continue;
		}
		if (ios->key[i].any)
			others = &ios->key[i];
		/* Another tunnel may have it. */
		if (ios->key[i].used)
			continue;
		import_left(ios->key[i].line,
			    "a device has one secret, that of line %u",
			    best->line->number);
		import_instead(ios->key[i].line,
			       "one secret for all peers, or certificates");
	}
	remark(ios->in, t, best, others);
	return true;
}
