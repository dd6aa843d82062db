// SPDX-License-Identifier: GPL-2.0-or-later
/* Cisco's authentication: preparing, comparing and replacing the password. */
#include "nhrp/auth.h"

#include <errno.h>
#include <string.h>

#include "nhrp/pdu.h"

int nhrp_auth_init(struct nhrp_auth *auth, const char *password)
{
	size_t n = strlen(password);
	struct nh_writer w;

	if (n == 0 || n > NHRP_AUTH_MAX)
		return -EINVAL;
	nh_writer_init(&w, auth->value, sizeof(auth->value));
	nh_put_be32(&w, 1);
	nh_put_bytes(&w, password, n);
	auth->len = (uint8_t)w.pos;
	return 0;
}

/* Time depends on our own length only, not on where the values differ. */
static bool same(struct nh_view got, const struct nhrp_auth *auth)
{
	volatile uint8_t diff = got.len != auth->len;
	struct nh_reader r;
	unsigned int i;

	nh_reader_init(&r, got.data, got.len);
	for (i = 0; i < auth->len; i++)
		diff |= nh_get_u8(&r) ^ auth->value[i];
	return diff == 0;
}

bool nhrp_auth_check(const struct nhrp_pdu *pdu, const struct nhrp_auth *auth,
		     struct nhrp_refusal *why)
{
	const struct nhrp_ext *found = NULL;
	unsigned int i;

	if (!auth || !auth->len || pdu->type == NHRP_ERROR_INDICATION)
		return true;
	for (i = 0; i < pdu->next; i++) {
		if (nhrp_ext_type(&pdu->ext[i]) != NHRP_EXT_AUTH)
			continue;
		if (found)
			return nhrp_refuse(why, NHRP_R_AUTH_DUPLICATE,
					   pdu->ext[i].offset);
		found = &pdu->ext[i];
	}
	if (!found)
		return nhrp_refuse(why, NHRP_R_AUTH_MISSING, 0);
	if (!same(found->value, auth))
		return nhrp_refuse(why, NHRP_R_AUTH_WRONG, found->offset);
	return true;
}

void nhrp_auth_rebuild(struct nhrp_pdu *pdu, const struct nhrp_auth *auth)
{
	struct nhrp_ext *ext = nhrp_ext_find(pdu, NHRP_EXT_AUTH);

	if (ext && auth && auth->len)
		ext->value = (struct nh_view){ auth->value, auth->len };
}

bool nhrp_auth_replace(struct nhrp_pdu *pdu, const struct nhrp_auth *auth)
{
	if (!auth || !auth->len) {
		nhrp_ext_remove(pdu, NHRP_EXT_AUTH);
		return true;
	}
	if (!nhrp_ext_find(pdu, NHRP_EXT_AUTH) &&
	    !nhrp_ext_insert(pdu, NHRP_EXT_AUTH))
		return false;
	nhrp_auth_rebuild(pdu, auth);
	return true;
}
