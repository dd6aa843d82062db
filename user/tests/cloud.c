// SPDX-License-Identifier: GPL-2.0-or-later
/* A hub and two spokes without protection, with LANs, for tests of daemons. */
#include "tests/cloud.h"

#include <stdio.h>

#define SERVER	"[NHS]\nAddress=10.0.0.1\nNbma=192.0.2.1\n"

static struct fake_node *node(struct fake_net *net, unsigned int number,
			      const char *nhrp, const char *more)
{
	char nbma[16], conf[512];

	snprintf(nbma, sizeof(nbma), "192.0.2.%u", number);
	snprintf(conf, sizeof(conf),
		 "[Tunnel]\nSource=%s\nAddress=10.0.0.%u/24\n"
		 "Protection=none\n[NHRP]\n%s%s", nbma, number, nhrp, more);
	return fake_node(net, nbma, conf);
}

struct cloud cloud_build(const char *nhrp)
{
	struct cloud c = { .net = fake_net_new() };

	c.hub = node(c.net, 1, nhrp, "");
	fake_route(c.hub, "10.0.0.0/24", FAKE_IFINDEX, NULL);
	fake_route(c.hub, "10.1.2.0/24", FAKE_IFINDEX, "10.0.0.2");
	c.s2 = node(c.net, 2, nhrp, SERVER);
	fake_route(c.s2, "10.1.2.0/24", FAKE_LAN, NULL);
	c.s3 = node(c.net, 3, nhrp, SERVER);
	fake_route(c.s3, "0.0.0.0/0", FAKE_IFINDEX, "10.0.0.1");
	fake_deliver(c.net);
	return c;
}
