// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests about the multicast list. */
#include "genl/nl_mcast.h"

#include <linux/dmvpn.h>

#include "genl/nl_priv.h"

static int change(struct dmvpn_nl *nl, uint8_t cmd, uint32_t ifindex,
		  const struct nh_addr *nbma, uint32_t if_id)
{
	struct nl_msg *msg;
	int err;

	msg = dmvpn_nl_peer_key(nl, cmd, ifindex, nbma, if_id, &err);
	return dmvpn_nl_talk(nl, msg, err, NULL, NULL);
}

int dmvpn_nl_mcast_add(struct dmvpn_nl *nl, uint32_t ifindex,
		       const struct nh_addr *nbma, uint32_t if_id)
{
	return change(nl, DMVPN_CMD_MCAST_ADD, ifindex, nbma, if_id);
}

int dmvpn_nl_mcast_del(struct dmvpn_nl *nl, uint32_t ifindex,
		       const struct nh_addr *nbma, uint32_t if_id)
{
	return change(nl, DMVPN_CMD_MCAST_DEL, ifindex, nbma, if_id);
}
