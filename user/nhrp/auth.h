/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cisco's cleartext authentication extension: a guard against mix-ups only. */
#ifndef NHRP_AUTH_H
#define NHRP_AUTH_H

#include <stdbool.h>

#include "nhrp/reason.h"

struct nhrp_pdu;

#define NHRP_AUTH_FIXED		4	/* 00 00 00 01 */
#define NHRP_AUTH_MAX		8	/* longest password on the wire */

/**
 * struct nhrp_auth - the extension's value as we send and expect it
 * @value: 00 00 00 01 and the password
 * @len: octets used; 0 when no authentication is configured
 *
 * Packets borrow @value, so it must outlive those built with it.
 */
struct nhrp_auth {
	uint8_t value[NHRP_AUTH_FIXED + NHRP_AUTH_MAX];
	uint8_t len;
};

/**
 * nhrp_auth_init() - prepare a password
 * @auth: result; untouched on failure
 * @password: 1 to NHRP_AUTH_MAX octets
 *
 * Return: 0, or -EINVAL.
 */
int nhrp_auth_init(struct nhrp_auth *auth, const char *password);

/**
 * nhrp_auth_check() - compare what a packet carries with what we expect
 * @pdu: Error Indications pass, they have no extensions
 * @auth: NULL or empty: nothing is expected and all pass
 * @why: set on failure
 *
 * A second extension fails even if both are right, and the comparison takes
 * the same time wherever the difference is.
 *
 * Return: whether the packet may be processed.
 */
bool nhrp_auth_check(const struct nhrp_pdu *pdu, const struct nhrp_auth *auth,
		     struct nhrp_refusal *why);

/**
 * nhrp_auth_rebuild() - put our value where the packet has its own
 * @pdu: the extension keeps its place; none is added
 * @auth: NULL or empty: the packet stays as it is
 */
void nhrp_auth_rebuild(struct nhrp_pdu *pdu, const struct nhrp_auth *auth);

/**
 * nhrp_auth_replace() - make a packet one of another cloud
 * @pdu: has the extension afterwards if there is a password, and else not
 * @auth: of that cloud; NULL or empty, it has none
 *
 * Return: false when there is no room for it.
 */
bool nhrp_auth_replace(struct nhrp_pdu *pdu, const struct nhrp_auth *auth);

#endif /* NHRP_AUTH_H */
