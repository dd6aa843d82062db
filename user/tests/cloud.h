/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A hub and two spokes without protection, with LANs, for tests of daemons. */
#ifndef TESTS_CLOUD_H
#define TESTS_CLOUD_H

#include "tests/fake.h"

/**
 * struct cloud - where everybody is registered
 * @net: for fake_net_free()
 * @hub: 10.0.0.1 at 192.0.2.1
 * @s2: .2; its LAN is 10.1.2.0/24, to which the hub has a route
 * @s3: .3; has a route to all by the hub
 */
struct cloud {
	struct fake_net *net;
	struct fake_node *hub, *s2, *s3;
};

/** cloud_build() - @nhrp: lines of [NHRP] of all of them */
struct cloud cloud_build(const char *nhrp);

#endif /* TESTS_CLOUD_H */
