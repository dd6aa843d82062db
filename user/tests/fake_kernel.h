/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel of a fake node. */
#ifndef TESTS_FAKE_KERNEL_H
#define TESTS_FAKE_KERNEL_H

#include "tests/fake.h"

extern const struct nh_kernel_ops fake_kernel_ops;

struct dmvpn_nl_entry *fake_kernel_entry(struct fake_node *node,
					 const struct nh_prefix *prefix);
struct dmvpn_nl_peer *fake_kernel_peer(struct fake_node *node,
				       const struct nh_endpoint *ep,
				       bool create);

/** fake_kernel_expire() - remove entries whose time is over, and tell */
void fake_kernel_expire(struct fake_net *net);

int fake_kernel_ignore(struct nh_kernel *k, uint32_t ifindex);

#endif /* TESTS_FAKE_KERNEL_H */
