/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cisco's vendor extension, which names the NHRP group of a spoke. */
#ifndef NHRP_VENDOR_H
#define NHRP_VENDOR_H

#include "nhrp/pdu.h"

/* Longest group name that we configure, and room for its extension. */
#define NHRP_GROUP_MAX		64

/**
 * struct nhrp_vendor - a vendor extension of our own, ready to be sent
 * @value: OUI and sub-TLVs
 * @len: octets used; 0 for none
 */
struct nhrp_vendor {
	uint8_t value[NHRP_OUI_LEN + 2 + NHRP_GROUP_MAX];
	uint8_t len;
};

/**
 * nhrp_vendor_set_group() - make the extension that names an NHRP group
 * @vendor: result
 * @group: 1 to NHRP_GROUP_MAX octets
 *
 * Return: 0, or -EINVAL.
 */
int nhrp_vendor_set_group(struct nhrp_vendor *vendor, const char *group);

/**
 * nhrp_vendor_group() - the group named by Cisco's vendor extension
 * @pdu: all its vendor extensions are searched
 * @group: set when found: borrowed octets, not terminated, any value
 */
bool nhrp_vendor_group(const struct nhrp_pdu *pdu, struct nh_view *group);

#endif /* NHRP_VENDOR_H */
