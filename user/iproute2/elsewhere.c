// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Devices that were moved away from their underlay. What ip hands to a plug-in
 * does not tell: the kernel is asked for it.
 */
#include "iproute2/elsewhere.h"

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KIND	"dmvpn"

/* The kernel's datagrams of a dump are no larger. */
#define ANSWER_LEN	32768

/**
 * struct request - a dump of the devices of one kind
 * @n: header
 * @i: names no device
 * @info: IFLA_LINKINFO, around @kind
 * @kind: IFLA_INFO_KIND, in front of @text
 * @text: the kind
 */
struct request {
	struct nlmsghdr n;
	struct ifinfomsg i;
	struct rtattr info;
	struct rtattr kind;
	char text[RTA_ALIGN(sizeof(KIND))];
};

static bool ask(int fd)
{
	const struct request request = {
		.n = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETLINK,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
		.info = {
			.rta_type = IFLA_LINKINFO,
			.rta_len = sizeof(request) -
				   offsetof(struct request, info),
		},
		.kind = {
			.rta_type = IFLA_INFO_KIND,
			.rta_len = RTA_LENGTH(sizeof(KIND)),
		},
		.text = KIND,
	};

	return send(fd, &request, sizeof(request), 0) == sizeof(request);
}

static const struct rtattr *find(const struct rtattr *a, int len, int type)
{
	for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
		if ((a->rta_type & NLA_TYPE_MASK) == type)
			return a;
	return NULL;
}

static bool is_ours(const struct rtattr *info)
{
	const struct rtattr *kind;

	if (!info)
		return false;
	kind = find(RTA_DATA(info), RTA_PAYLOAD(info), IFLA_INFO_KIND);
	return kind && RTA_PAYLOAD(kind) == sizeof(KIND) &&
	       !memcmp(RTA_DATA(kind), KIND, sizeof(KIND));
}

static bool matches(const struct nlmsghdr *n, uint32_t ifindex, uint32_t link)
{
	const struct ifinfomsg *i = NLMSG_DATA(n);
	const struct rtattr *attrs = IFLA_RTA(i), *a;
	int len = IFLA_PAYLOAD(n);
	uint32_t number = 0;

	if (n->nlmsg_type != RTM_NEWLINK ||
	    n->nlmsg_len < NLMSG_LENGTH(sizeof(*i)) ||
	    !is_ours(find(attrs, len, IFLA_LINKINFO)) ||
	    !find(attrs, len, IFLA_LINK_NETNSID))
		return false;
	a = find(attrs, len, IFLA_LINK);
	if (a && RTA_PAYLOAD(a) == sizeof(number))
		memcpy(&number, RTA_DATA(a), sizeof(number));
	return (!ifindex || ifindex == (uint32_t)i->ifi_index) &&
	       (!link || link == number);
}

static bool hear(int fd, uint32_t ifindex, uint32_t link)
{
	char buf[ANSWER_LEN] __attribute__((aligned(NLMSG_ALIGNTO)));
	const struct nlmsghdr *n;
	ssize_t len;

	while ((len = recv(fd, buf, sizeof(buf), 0)) > 0) {
		for (n = (struct nlmsghdr *)buf; NLMSG_OK(n, len);
		     n = NLMSG_NEXT(n, len)) {
			if (n->nlmsg_type == NLMSG_DONE ||
			    n->nlmsg_type == NLMSG_ERROR)
				return false;
			if (matches(n, ifindex, link))
				return true;
		}
	}
	return false;
}

bool elsewhere(uint32_t ifindex, uint32_t link)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bool found = false;

	if (fd < 0)
		return false;
	if (ask(fd))
		found = hear(fd, ifindex, link);
	close(fd);
	return found;
}
