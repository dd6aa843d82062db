// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any octets as a netlink message: no parser of notifications, links,
 * addresses or routes reads beyond it, and what is accepted can be written
 * again.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>

#include "genl/inet.h"
#include "genl/link.h"
#include "genl/nl_event.h"
#include "genl/nl_priv.h"
#include "genl/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct dmvpn_nl nl = { .family = 31, .event_fd = -1, .wake_fd = -1 };

static void check(bool ok)
{
	if (!ok)
		abort();
}

static int write_again(struct nl_msg *msg, const struct dmvpn_event *ev)
{
	switch (ev->type) {
	case DMVPN_EVENT_DEV_CHANGE:
		return dmvpn_nl_dev_put(msg, &ev->dev, UINT64_MAX);
	case DMVPN_EVENT_PEER_CHANGE:
	case DMVPN_EVENT_PEER_GONE:
		return dmvpn_nl_peer_put(msg, &ev->peer, UINT64_MAX);
	case DMVPN_EVENT_ENTRY_CHANGE:
	case DMVPN_EVENT_ENTRY_REFRESH:
	case DMVPN_EVENT_ENTRY_EXPIRED:
	case DMVPN_EVENT_ENTRY_GONE:
		return dmvpn_nl_entry_put(msg, &ev->entry, UINT64_MAX);
	case DMVPN_EVENT_PACKET:
	case DMVPN_EVENT_REDIRECT:
		return dmvpn_nl_packet_put(msg, &ev->packet, UINT64_MAX);
	case DMVPN_EVENT_MISS:
		return dmvpn_nl_miss_put(msg, &ev->miss, UINT64_MAX);
	}
	return -EINVAL;
}

static void try_event(struct nlmsghdr *nlh)
{
	struct dmvpn_event ev, again;
	struct nl_msg *msg;
	uint8_t cmd;

	if (dmvpn_event_parse(nlh, &ev))
		return;
	cmd = ((struct genlmsghdr *)nlmsg_data(nlh))->cmd;
	msg = dmvpn_nl_msg(&nl, cmd, 0);
	check(msg && !write_again(msg, &ev));
	check(!dmvpn_event_parse(nlmsg_hdr(msg), &again));
	check(again.type == ev.type && again.ifindex == ev.ifindex);
	nlmsg_free(msg);
}

static void try_link(struct nlmsghdr *nlh)
{
	struct dmvpn_nl_link link, again;
	struct nl_msg *msg;

	nlh->nlmsg_type = RTM_NEWLINK;
	if (dmvpn_nl_link_parse(nlh, &link))
		return;
	msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);
	check(msg && !dmvpn_nl_link_put(msg, &link));
	check(!dmvpn_nl_link_parse(nlmsg_hdr(msg), &again));
	check(again.present == link.present);
	nlmsg_free(msg);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dmvpn_nl_route route;
	struct dmvpn_nl_inet inet;
	struct nlmsghdr *nlh;
	size_t len = NLMSG_HDRLEN + size;

	if (size > 16384)
		return 0;
	nlh = calloc(1, len);
	check(nlh);
	nlh->nlmsg_len = len;
	nlh->nlmsg_type = nl.family;
	if (size)
		memcpy(nlmsg_data(nlh), data, size);

	try_event(nlh);
	try_link(nlh);
	nlh->nlmsg_type = RTM_NEWADDR;
	if (!dmvpn_nl_inet_parse(nlh, &inet))
		check(inet.plen <= nh_addr_bits(&inet.addr));
	nlh->nlmsg_type = RTM_NEWROUTE;
	if (!dmvpn_nl_route_parse(nlh, &route))
		check(route.prefix.plen <= nh_addr_bits(&route.prefix.addr));
	free(nlh);
	return 0;
}
