// SPDX-License-Identifier: GPL-2.0-or-later
/* Cisco's vendor extension: the NHRP group of a spoke. */
#include "nhrp/vendor.h"

#include <errno.h>
#include <string.h>

int nhrp_vendor_set_group(struct nhrp_vendor *vendor, const char *group)
{
	size_t n = strlen(group);
	struct nh_writer w;

	if (n == 0 || n > NHRP_GROUP_MAX)
		return -EINVAL;
	nh_writer_init(&w, vendor->value, sizeof(vendor->value));
	nh_put_u8(&w, NHRP_OUI_CISCO >> 16);
	nh_put_be16(&w, NHRP_OUI_CISCO & 0xffff);
	nh_put_u8(&w, NHRP_CISCO_SUB_GROUP);
	nh_put_u8(&w, (uint8_t)n);
	nh_put_bytes(&w, group, n);
	vendor->len = (uint8_t)w.pos;
	return 0;
}

static bool find_group(struct nh_view value, struct nh_view *group)
{
	struct nh_reader r;
	uint32_t oui;

	nh_reader_init(&r, value.data, value.len);
	oui = (uint32_t)nh_get_u8(&r) << 16;
	oui |= nh_get_be16(&r);
	if (r.err || oui != NHRP_OUI_CISCO)
		return false;
	while (nh_reader_left(&r)) {
		uint8_t type = nh_get_u8(&r);
		struct nh_view v = nh_get_view(&r, nh_get_u8(&r));

		if (r.err)
			return false;
		if (type == NHRP_CISCO_SUB_GROUP && v.len) {
			*group = v;
			return true;
		}
	}
	return false;
}

bool nhrp_vendor_group(const struct nhrp_pdu *pdu, struct nh_view *group)
{
	unsigned int i;

	for (i = 0; i < pdu->next; i++)
		if (nhrp_ext_type(&pdu->ext[i]) == NHRP_EXT_VENDOR &&
		    find_group(pdu->ext[i].value, group))
			return true;
	return false;
}
