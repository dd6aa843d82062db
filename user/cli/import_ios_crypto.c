// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: the blocks of "crypto ...". */
#include <string.h>

#include "cli/import_ios.h"

static struct ios_obj *current(struct import_at *at)
{
	struct ios *ios = at->own;

	return &ios->obj[ios->nobj - 1];
}

struct ios_obj *ios_find(struct ios *ios, enum ios_kind kind, const char *name)
{
	size_t i;

	for (i = 0; i < ios->nobj; i++)
		if (ios->obj[i].kind == kind &&
		    (!name || !strcmp(ios->obj[i].name, name)))
			return &ios->obj[i];
	return NULL;
}

static void wrong(struct import_at *at)
{
	current(at)->bad = true;
	import_left(at->line,
		    "strongSwan has no word for it, or none that fits");
	import_instead(at->line, "[IPsec] Proposals= or EspProposals=");
}

static void add(struct import_at *at, char *list, const char *word,
		const char *key)
{
	if (!word || !ios_join(list, word))
		wrong(at);
	else
		import_used(at->line, "[IPsec] %s=", key);
}

static void policy_encr(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = current(at);
	uint32_t bits = 128;
	char word[32] = "";

	if (n == 1 && (!strcmp(w[0], "des") || !strcmp(w[0], "3des")))
		snprintf(word, sizeof(word), "%s", w[0]);
	else if (n && n < 3 && !strcmp(w[0], "aes") &&
		 (n == 1 || import_number(w[1], 128, 256, &bits)) &&
		 !(bits % 64))
		snprintf(word, sizeof(word), "aes%u", bits);
	obj->enc[0] = '\0';
	add(at, obj->enc, word[0] ? word : NULL, "Proposals");
}

static void policy_hash(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = current(at);

	obj->integ[0] = '\0';
	add(at, obj->integ, n == 1 ? ios_integrity(w[0]) : NULL, "Proposals");
}

static void groups(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = current(at);

	obj->group[0] = '\0';
	if (!n)
		wrong(at);
	for (; n && !obj->bad; n--, w++)
		add(at, obj->group, ios_dh_group(*w), "Proposals");
}

static void certificates(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	current(at)->cert = at->line;
	import_left(at->line, IOS_CERTS);
	import_instead(at->line, IOS_CERTS_INSTEAD);
}

static void authentication(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = current(at);

	if (n && (!strcmp(w[0], "local") || !strcmp(w[0], "remote"))) {
		n--;
		w++;
	}
	if (!n || strcmp(w[0], "pre-share")) {
		certificates(at, n, w);
		return;
	}
	obj->psk = at->line;
	import_used(at->line, "[IPsec] Secret=");
	if (n > 2 && !strcmp(w[1], "key"))
		ios_key_set(at, ios_key_new(at->own, obj->name, true), n - 2,
			    w + 2);
}

static void lifetime(struct import_at *at, int n, char **w)
{
	import_set(at, &current(at)->lifetime, "[IPsec] IkeLifetime",
		   n ? w[n - 1] : NULL, 60, 604800);
}

static void dpd(struct import_at *at, int n, char **w)
{
	import_set(at, &current(at)->dpd, "[IPsec] DPD", n ? w[0] : NULL, 0,
		   3600);
}

static const struct import_cmd isakmp_policy_commands[] = {
	{ "encr", .fn = policy_encr },
	{ "encryption", .fn = policy_encr },
	{ "hash", .fn = policy_hash },
	{ "authentication", .fn = authentication },
	{ "group", .fn = groups },
	{ "lifetime", .fn = lifetime },
	{ .words = NULL },
};

static void refer(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = current(at);

	for (; n; n--, w++) {
		if (obj->nref == IOS_REFS || strlen(*w) >= IOS_NAME) {
			import_left(at->line, "more than %d names", IOS_REFS);
			return;
		}
		obj->ref_line[obj->nref] = at->line;
		strcpy(obj->ref[obj->nref++], *w);
	}
	import_used(at->line, IOS_BLOCK_USED);
}

static void keyring_of(struct import_at *at, int n, char **w)
{
	if (n > 1 && !strcmp(w[0], "aaa")) {
		import_left(at->line, "the keys of an AAA server are not in the file");
		import_instead(at->line, "[IPsec] Secret=");
		return;
	}
	refer(at, n ? 1 : 0, n ? w + n - 1 : w);
}

static void identity(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = current(at);

	if (n && !strcmp(w[0], "address")) {
		/* The tunnel that this is for has it, or has another one. */
		if (n > 1 && !nh_addr_parse(&obj->own, w[n - 1]) &&
		    import_is_host(&obj->own))
			obj->own_line = at->line;
		import_ignored(at->line, "the identity is the NBMA address");
		return;
	}
	if (n != 2 || (strcmp(w[0], "fqdn") && strcmp(w[0], "user-fqdn") &&
		       strcmp(w[0], "email")) ||
	    !import_plain(w[1], sizeof(obj->identity) - 1)) {
		import_left(at->line, "not an address or name");
		import_instead(at->line, "[IPsec] Identity=");
		return;
	}
	strcpy(obj->identity, w[1]);
	import_used(at->line, "[IPsec] Identity=%.64s", w[1]);
}

static void match_remote(struct import_at *at, int n, char **w)
{
	bool address = n > 1 && !strcmp(w[0], "address");
	const char *why = address ? "peers have any address" :
		"peers have any identity";
	struct ios_key peer = { .line = NULL };

	if ((n == 1 && !strcmp(w[0], "any")) ||
	    (address && ios_key_peer(&peer, n - 1, w + 1) && peer.any)) {
		import_ignored(at->line, "%s", why);
		return;
	}
	import_left(at->line, "%s", why);
	import_instead(at->line, "[IPsec] RemoteIdentity=");
}

#define PROFILE_COMMANDS \
	{ "match identity remote", .fn = match_remote }, \
	{ "match identity", .fn = match_remote }, \
	{ "match certificate", .fn = certificates }, \
	{ "match", .ignored = "all of the tunnel's peers are meant" }, \
	{ "description", .ignored = "a text for people" }, \
	{ "vrf", .left = "the VRF of a device is not dmvpnd's", \
	  .instead = "ip link set DEVICE master VRF" }, \
	{ "ivrf", .left = "the VRF of a device is not dmvpnd's", \
	  .instead = "ip link set DEVICE master VRF" }, \
	{ "nat", .ignored = "strongSwan finds out" }, \
	{ "initiate", .ignored = "strongSwan uses main mode" }, \
	{ "pki", .left = IOS_CERTS, .instead = IOS_CERTS_INSTEAD }, \
	{ "ca", .fn = certificates }, \
	{ "local-address", .ignored = "the address is that of Source=" }

static const struct import_cmd isakmp_profile_commands[] = {
	{ "keyring", .fn = keyring_of },
	{ "self-identity", .fn = identity },
	{ "keepalive", .fn = dpd },
	PROFILE_COMMANDS,
	{ .words = NULL },
};

static const struct import_cmd ikev2_profile_commands[] = {
	{ "keyring", .fn = keyring_of },
	{ "identity local", .fn = identity },
	{ "authentication", .fn = authentication },
	{ "lifetime", .fn = lifetime },
	{ "dpd", .fn = dpd },
	PROFILE_COMMANDS,
	{ .words = NULL },
};

static void v2_encryption(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = current(at);
	uint32_t bits;
	char word[32];

	if (!n)
		wrong(at);
	for (; n && !obj->bad; n--, w++) {
		bool gcm = !strncmp(*w, "aes-gcm-", 8);

		snprintf(word, sizeof(word), "%.15s", *w);
		if (gcm || !strncmp(*w, "aes-cbc-", 8)) {
			if (!import_number(*w + 8, 128, 256, &bits) ||
			    bits % 64) {
				wrong(at);
				return;
			}
			snprintf(word, sizeof(word), "aes%u%s", bits,
				 gcm ? "gcm16" : "");
		} else if (strcmp(*w, "des") && strcmp(*w, "3des")) {
			wrong(at);
			return;
		}
		add(at, gcm ? obj->aead : obj->enc, word, "Proposals");
	}
}

static void v2_hashes(struct import_at *at, int n, char **w, bool prf)
{
	struct ios_obj *obj = current(at);
	char word[32];

	if (!n)
		wrong(at);
	for (; n && !obj->bad; n--, w++) {
		const char *hash = ios_integrity(*w);

		snprintf(word, sizeof(word), "%s%s", prf ? "prf" : "",
			 hash ? hash : "");
		add(at, prf ? obj->prf : obj->integ, hash ? word : NULL,
		    "Proposals");
	}
}

static void v2_integrity(struct import_at *at, int n, char **w)
{
	v2_hashes(at, n, w, false);
}

static void v2_prf(struct import_at *at, int n, char **w)
{
	v2_hashes(at, n, w, true);
}

static const struct import_cmd ikev2_proposal_commands[] = {
	{ "encryption", .fn = v2_encryption },
	{ "integrity", .fn = v2_integrity },
	{ "prf", .fn = v2_prf },
	{ "group", .fn = groups },
	{ .words = NULL },
};

static const struct import_cmd ikev2_policy_commands[] = {
	{ "proposal", .fn = refer },
	{ "match", .ignored = "all of the tunnel's peers are meant" },
	{ .words = NULL },
};

static void ring_key(struct import_at *at, int n, char **w)
{
	struct ios_key *key;
	int i;

	for (i = 1; i < n && strcmp(w[i], "key"); i++)
		;
	key = ios_key_new(at->own, current(at)->name, false);
	if (key)
		strcpy(key->vrf, current(at)->vrf);
	if (key && !strcmp(w[0], "address") &&
	    !ios_key_peer(key, i - 1, w + 1)) {
		import_left(at->line, "not the address of peers");
		return;
	}
	ios_key_set(at, key, n - i - 1, w + i + 1);
}

static void pre_shared_key(struct import_at *at, int n, char **w)
{
	if (n < 4) {
		import_left(at->line, "expected an address and a key");
		return;
	}
	ring_key(at, n, w);
}

static const struct import_cmd keyring_commands[] = {
	{ "pre-shared-key", .fn = pre_shared_key },
	{ "description", .ignored = "a text for people" },
	{ "local-address", .ignored = "the address is that of Source=" },
	{ .words = NULL },
};

/* The key of the "peer" that the lines are about. */
static struct ios_key *last_key(struct import_at *at)
{
	struct ios *ios = at->own;
	struct ios_key *key = ios->nkey ? &ios->key[ios->nkey - 1] : NULL;

	return key && key->v2 && !strcmp(key->ring, current(at)->name) ? key :
	       NULL;
}

static void v2_peer(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	if (ios_key_new(at->own, current(at)->name, true))
		import_used(at->line, IOS_BLOCK_USED);
	else
		import_left(at->line, "more than %d keys", IOS_KEYS);
}

static void v2_address(struct import_at *at, int n, char **w)
{
	struct ios_key *key = last_key(at);

	if (key && ios_key_peer(key, n, w))
		import_used(at->line, IOS_BLOCK_USED);
	else
		import_left(at->line, "not the address of a peer");
}

static void v2_key(struct import_at *at, int n, char **w)
{
	if (n > 1 && (!strcmp(w[0], "local") || !strcmp(w[0], "remote"))) {
		n--;
		w++;
	}
	ios_key_set(at, last_key(at), n, w);
}

static const struct import_cmd ikev2_keyring_commands[] = {
	{ "peer", .fn = v2_peer },
	{ "address", .fn = v2_address },
	{ "hostname", .ignored = "the secret is for any peer" },
	{ "identity", .ignored = "the secret is for any peer" },
	{ "description", .ignored = "a text for people" },
	{ "pre-shared-key", .fn = v2_key },
	{ .words = NULL },
};

static void mode(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = current(at);

	if (!n || (strcmp(w[0], "transport") && strcmp(w[0], "tunnel"))) {
		import_left(at->line, "expected transport or tunnel");
		return;
	}
	obj->mode = at->line;
	obj->transport = !strcmp(w[0], "transport");
	import_used(at->line, "[IPsec] Mode=%s", w[0]);
}

static const struct import_cmd transform_commands[] = {
	{ "mode", .fn = mode },
	{ .words = NULL },
};

static void sa_lifetime(struct import_at *at, int n, char **w)
{
	import_set(at, &current(at)->lifetime, "[IPsec] Lifetime",
		   n == 1 ? w[0] : NULL, 60, 86400);
}

static void sa_idle(struct import_at *at, int n, char **w)
{
	import_set(at, &current(at)->idle, "[IPsec] IdleTime",
		   n ? w[0] : NULL, 10, 86400);
}

static void pfs(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = current(at);
	const char *group = n ? w[0] : "group1";

	obj->group[0] = '\0';
	add(at, obj->group, strncmp(group, "group", 5) ? NULL :
	    ios_dh_group(group + 5), "EspProposals");
}

static void name_profile(struct import_at *at, int n, char **w, char *out)
{
	if (n != 1 || strlen(w[0]) >= IOS_NAME) {
		import_left(at->line, "expected the name of a profile");
		return;
	}
	strcpy(out, w[0]);
	import_used(at->line, IOS_BLOCK_USED);
}

static void set_isakmp(struct import_at *at, int n, char **w)
{
	name_profile(at, n, w, current(at)->isakmp);
}

static void set_ikev2(struct import_at *at, int n, char **w)
{
	name_profile(at, n, w, current(at)->ikev2);
}

static const struct import_cmd profile_commands[] = {
	{ "set transform-set", .fn = refer },
	{ "set security-association lifetime seconds", .fn = sa_lifetime },
	{ "set security-association lifetime", .left = "SAs end by seconds",
	  .instead = "[IPsec] Lifetime=" },
	{ "set security-association idle-time", .fn = sa_idle },
	{ "set security-association lifetime kilobytes disable",
	  .ignored = "SAs end by seconds" },
	{ "set security-association replay", .fn = ios_replay },
	{ "set pfs", .fn = pfs },
	{ "set isakmp-profile", .fn = set_isakmp },
	{ "set ikev2-profile", .fn = set_ikev2 },
	{ "responder-only", .left = "each end may begin" },
	{ "description", .ignored = "a text for people" },
	{ .words = NULL },
};

const struct import_cmd *const ios_crypto_blocks[] = {
	isakmp_policy_commands,
	isakmp_profile_commands,
	keyring_commands,
	ikev2_proposal_commands,
	ikev2_policy_commands,
	ikev2_keyring_commands,
	ikev2_profile_commands,
	transform_commands,
	profile_commands,
};
