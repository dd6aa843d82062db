// SPDX-License-Identifier: GPL-2.0-or-later
/* Seeds for fuzz_event: one message of each kind, without its header. */
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "genl/link.h"
#include "genl/nl_event.h"
#include "genl/nl_priv.h"

static struct dmvpn_nl nl = { .family = 31, .event_fd = -1, .wake_fd = -1 };
static const char *directory;
static int failures;

static void save(const char *name, struct nl_msg *msg, int err)
{
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	size_t len = nlh->nlmsg_len - NLMSG_HDRLEN;
	char path[512];
	FILE *f = NULL;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (!err)
		f = fopen(path, "wb");
	if (!f || fwrite(nlmsg_data(nlh), 1, len, f) != len) {
		fprintf(stderr, "%s: cannot write\n", path);
		failures++;
	}
	if (f && fclose(f))
		failures++;
	nlmsg_free(msg);
}

static struct nl_msg *event(uint8_t cmd)
{
	struct nl_msg *msg = dmvpn_nl_msg(&nl, cmd, 0);

	if (!msg)
		abort();
	return msg;
}

static void tables(void)
{
	struct dmvpn_nl_entry entry = {
		.ifindex = 5, .type = DMVPN_ENTRY_TYPE_REGISTERED,
		.holding_time = 600, .mtu = 1400,
	};
	struct dmvpn_nl_peer peer = { .ifindex = 5, .if_id = 7 };
	struct dmvpn_nl_dev dev = { .ifindex = 5 };
	struct nl_msg *msg;

	nh_prefix_parse(&entry.prefix, "10.1.2.0/24", NULL);
	nh_addr_parse(&entry.nbma, "203.0.113.2");
	nh_addr_parse(&entry.protocol, "172.16.0.2");
	nh_addr_parse(&peer.nbma, "2001:db8::2");
	nh_addr_parse(&dev.local4, "203.0.113.1");
	msg = event(DMVPN_CMD_ENTRY_CHANGE_NTF);
	save("entry", msg, dmvpn_nl_entry_put(msg, &entry, UINT64_MAX));
	msg = event(DMVPN_CMD_PEER_CHANGE_NTF);
	save("peer", msg, dmvpn_nl_peer_put(msg, &peer, UINT64_MAX));
	msg = event(DMVPN_CMD_DEV_CHANGE_NTF);
	save("dev", msg, dmvpn_nl_dev_put(msg, &dev, UINT64_MAX));
}

static void upcalls(void)
{
	uint8_t payload[] = { 0, 1, 8, 0, 0, 0, 0, 0, 0, 255, 0, 20 };
	struct dmvpn_nl_packet packet = {
		.ifindex = 5, .payload = payload,
		.payload_len = sizeof(payload),
	};
	struct dmvpn_nl_miss miss = { .ifindex = 5 };
	struct nl_msg *msg;

	nh_addr_parse(&packet.nbma, "203.0.113.2");
	nh_addr_parse(&miss.target, "172.16.0.2");
	nh_addr_parse(&miss.destination, "10.1.2.1");
	msg = event(DMVPN_CMD_PACKET_NTF);
	save("packet", msg, dmvpn_nl_packet_put(msg, &packet, UINT64_MAX));
	msg = event(DMVPN_CMD_MISS_NTF);
	save("miss", msg, dmvpn_nl_miss_put(msg, &miss, UINT64_MAX));
}

static void link_seed(void)
{
	struct dmvpn_nl_link link = {
		.name = "dmvpn0", .present = UINT64_MAX, .mtu = 1400,
		.network_id = 1, .ttl = 255,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(RTM_NEWLINK, 0);

	if (!msg)
		abort();
	nh_addr_parse(&link.local4, "203.0.113.1");
	nh_addr_parse(&link.local6, "2001:db8::1");
	save("link", msg, dmvpn_nl_link_put(msg, &link));
}

/* An address and a route: no builder of ours writes just these. */
static void rtnetlink(void)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_INET, .ifa_prefixlen = 24 };
	struct rtmsg rtm = {
		.rtm_family = AF_INET, .rtm_dst_len = 24,
		.rtm_type = RTN_UNICAST, .rtm_table = RT_TABLE_MAIN,
	};
	const uint8_t addr[4] = { 10, 1, 2, 0 };
	struct nl_msg *msg;

	msg = nlmsg_alloc_simple(RTM_NEWADDR, 0);
	save("address", msg, nlmsg_append(msg, &ifa, sizeof(ifa), 4) ||
	     nla_put(msg, IFA_LOCAL, 4, addr) ||
	     nla_put(msg, IFA_ADDRESS, 4, addr));
	msg = nlmsg_alloc_simple(RTM_NEWROUTE, 0);
	save("route", msg, nlmsg_append(msg, &rtm, sizeof(rtm), 4) ||
	     nla_put(msg, RTA_DST, 4, addr) ||
	     nla_put_u32(msg, RTA_OIF, 5) ||
	     nla_put(msg, RTA_GATEWAY, 4, addr));
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	directory = argv[1];
	tables();
	upcalls();
	link_seed();
	rtnetlink();
	return failures ? 1 : 0;
}
