// SPDX-License-Identifier: GPL-2.0-or-later
/* xfrm policies from the kernel's xfrm netlink. */
#include "genl/policy.h"

#include <errno.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <netlink/msg.h>
#include <string.h>

#include "genl/nl_priv.h"

static int put_selector(struct nl_msg *msg, const struct nh_addr *local)
{
	struct xfrm_userpolicy_id id = {
		.sel = {
			.family = local->family,
			.prefixlen_s = (uint8_t)nh_addr_bits(local),
			.proto = IPPROTO_GRE,
		},
		.dir = XFRM_POLICY_OUT,
	};

	if (!msg)
		return -ENOMEM;
	if (!nh_addr_is_set(local))
		return -EINVAL;
	memcpy(&id.sel.saddr, local->bytes, local->len);
	return nlmsg_append(msg, &id, sizeof(id), NLMSG_ALIGNTO) ? -ENOMEM : 0;
}

int dmvpn_nl_policy_has(struct dmvpn_nl *nl, const struct nh_addr *local)
{
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_GETPOLICY, 0);
	int err = put_selector(msg, local);

	err = dmvpn_nl_talk(nl, msg, err, NULL, NULL);
	if (err == -ENOENT)
		return 0;
	return err ? err : 1;
}
