// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing from Cisco IOS: the global commands of "crypto". */
#include <stdlib.h>
#include <string.h>

#include "cli/import_ios.h"

/* As dmvpnd asks for it. */
#define WINDOW	128

/* NULL after having said why; else the block has begun. */
static struct ios_obj *begin(struct import_at *at, enum ios_kind kind, int n,
			     char **w)
{
	struct ios *ios = at->own;
	struct ios_obj *obj;

	ios_skip(ios, "of a block that is not translated");
	if (!n || !import_plain(w[0], IOS_NAME - 1) ||
	    ios_find(ios, kind, w[0])) {
		import_left(at->line, "no name, or one that is there already");
		return NULL;
	}
	if (!ios->obj)
		ios->obj = calloc(IOS_OBJS, sizeof(*ios->obj));
	if (!ios->obj)
		at->in->nomem = true;
	if (!ios->obj || ios->nobj == IOS_OBJS) {
		import_left(at->line, "more than %d blocks", IOS_OBJS);
		return NULL;
	}
	obj = &ios->obj[ios->nobj++];
	obj->kind = kind;
	obj->from = ios->index;
	obj->to = ios->index + 1;
	strcpy(obj->name, w[0]);
	ios->kind = kind;
	import_used(at->line, IOS_BLOCK_USED);
	return obj;
}

#define BEGIN(fn, kind) \
static void fn(struct import_at *at, int n, char **w) \
{ \
	begin(at, kind, n, w); \
}

BEGIN(isakmp_policy, IOS_ISAKMP_POLICY)
BEGIN(isakmp_profile, IOS_ISAKMP_PROFILE)
BEGIN(ikev2_proposal, IOS_IKEV2_PROPOSAL)
BEGIN(ikev2_policy, IOS_IKEV2_POLICY)
BEGIN(ikev2_keyring, IOS_IKEV2_KEYRING)
BEGIN(ikev2_profile, IOS_IKEV2_PROFILE)
BEGIN(ipsec_profile, IOS_PROFILE)

static void keyring(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = begin(at, IOS_KEYRING, n, w);

	if (obj && n > 2 && !strcmp(w[1], "vrf"))
		snprintf(obj->vrf, sizeof(obj->vrf), "%s", w[2]);
}

static void transform_set(struct import_at *at, int n, char **w)
{
	struct ios_obj *obj = begin(at, IOS_TRANSFORM, n, w);

	if (obj)
		ios_transform(at, obj, n - 1, w + 1);
}

static void isakmp_key(struct import_at *at, int n, char **w)
{
	struct ios *ios = at->own;
	struct ios_key *key;
	int secret = 1;

	/* "0 KEY" and "6 KEY" tell how it is encrypted. */
	if (n > 2 && strlen(w[0]) == 1 && (!strcmp(w[2], "address") ||
					   !strcmp(w[2], "hostname")))
		secret = 2;
	if (n < secret + 2) {
		import_left(at->line, "expected a key and a peer");
		return;
	}
	key = ios_key_new(ios, "", false);
	if (key && !strcmp(w[secret], "address") &&
	    !ios_key_peer(key, n - secret - 1, w + secret + 1)) {
		import_left(at->line, "not the address of peers");
		return;
	}
	ios_key_set(at, key, secret, w);
}

static void keepalive(struct import_at *at, int n, char **w)
{
	struct ios *ios = at->own;

	import_set(at, &ios->dpd[0], "[IPsec] DPD", n ? w[0] : NULL, 0, 3600);
}

static void v2_dpd(struct import_at *at, int n, char **w)
{
	struct ios *ios = at->own;

	import_set(at, &ios->dpd[1], "[IPsec] DPD", n ? w[0] : NULL, 0, 3600);
}

static void all_lifetime(struct import_at *at, int n, char **w)
{
	struct ios *ios = at->own;

	import_set(at, &ios->lifetime, "[IPsec] Lifetime",
		   n == 1 ? w[0] : NULL, 60, 86400);
}

static void all_idle(struct import_at *at, int n, char **w)
{
	struct ios *ios = at->own;

	import_set(at, &ios->idle, "[IPsec] IdleTime", n ? w[0] : NULL, 10,
		   86400);
}

void ios_replay(struct import_at *at, int n, char **w)
{
	uint32_t size;

	if (n && !strcmp(w[0], "window-size") &&
	    (n == 1 || import_number(w[1], 1, WINDOW, &size)))
		import_ignored(at->line, "the window is one of %d packets",
			       WINDOW);
	else
		import_left(at->line, "the window is one of %d packets",
			    WINDOW);
}

void ios_df_bit(struct import_at *at, int n, char **w)
{
	bool copy = n && !strcmp(w[0], "copy");

	if (n && !strcmp(w[0], "set")) {
		import_ignored(at->line, "always so, see [Tunnel] DF=");
		return;
	}
	import_left(at->line, "a device has [Tunnel] DF=set by default");
	import_instead(at->line, "[Tunnel] DF=%s", copy ? "inherit" : "unset");
}

static void identity(struct import_at *at, int n, char **w)
{
	if (n && !strcmp(w[0], "address")) {
		import_ignored(at->line, "the identity is the NBMA address");
		return;
	}
	import_left(at->line, "the identity is the NBMA address");
	import_instead(at->line, "[IPsec] Identity=");
}

static void other(struct import_at *at, int n, char **w)
{
	(void)n;
	(void)w;
	ios_skip(at->own, "of a block that the tunnels do not need");
	import_ignored(at->line, "no tunnel needs it");
}

static void pki(struct import_at *at, int n, char **w)
{
	other(at, n, w);
	import_ignored(at->line, "certificates are files: " IOS_CERTS_INSTEAD);
}

const struct import_cmd ios_crypto_commands[] = {
	{ "crypto isakmp policy", .fn = isakmp_policy },
	{ "crypto isakmp profile", .fn = isakmp_profile },
	{ "crypto isakmp key", .fn = isakmp_key },
	{ "crypto isakmp keepalive", .fn = keepalive },
	{ "crypto isakmp identity", .fn = identity },
	{ "crypto keyring", .fn = keyring },
	{ "crypto ikev2 proposal", .fn = ikev2_proposal },
	{ "crypto ikev2 policy", .fn = ikev2_policy },
	{ "crypto ikev2 keyring", .fn = ikev2_keyring },
	{ "crypto ikev2 profile", .fn = ikev2_profile },
	{ "crypto ikev2 dpd", .fn = v2_dpd },
	{ "crypto ipsec transform-set", .fn = transform_set },
	{ "crypto ipsec profile", .fn = ipsec_profile },
	{ "crypto ipsec security-association lifetime seconds", .fn = all_lifetime },
	{ "crypto ipsec security-association idle-time", .fn = all_idle },
	{ "crypto ipsec security-association lifetime",
	  .left = "SAs end by seconds", .instead = "[IPsec] Lifetime=" },
	{ "crypto ipsec security-association lifetime kilobytes disable",
	  .ignored = "SAs end by seconds" },
	{ "crypto ipsec security-association replay", .fn = ios_replay },
	{ "crypto ipsec df-bit", .fn = ios_df_bit },
	{ "crypto pki", .fn = pki },
	{ "crypto", .fn = other },
	{ .words = NULL },
};
