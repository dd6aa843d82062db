/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the protocol needs of the kernel, so that tests can stand in for it. */
#ifndef NH_KERNEL_H
#define NH_KERNEL_H

#include "genl/dmvpn_nl.h"
#include "genl/inet.h"
#include "genl/link.h"
#include "genl/nl_event.h"
#include "genl/policy.h"
#include "genl/route.h"
#include "genl/sa.h"

struct nh_kernel;

/**
 * struct nh_endpoint - an NBMA endpoint
 * @nbma: its address
 * @if_id: xfrm interface id, 0 without one
 */
struct nh_endpoint {
	struct nh_addr nbma;
	uint32_t if_id;
};

/**
 * struct nh_kernel_ops - the kernel, or a test's fake of it
 *
 * All return 0 or a negative errno; @error then gives the words. What they do
 * is said at the functions of genl/ that they are named after.
 */
struct nh_kernel_ops {
	/** @link_get: by name; -ENODEV, or -EMEDIUMTYPE for another kind */
	int (*link_get)(struct nh_kernel *k, const char *name,
			struct dmvpn_nl_link *link);
	int (*link_add)(struct nh_kernel *k, const struct dmvpn_nl_link *link);
	int (*link_set)(struct nh_kernel *k, const struct dmvpn_nl_link *link);
	int (*link_del)(struct nh_kernel *k, uint32_t ifindex);
	/** @ifindex_of: of any device; 0 when there is none */
	uint32_t (*ifindex_of)(struct nh_kernel *k, const char *name);
	int (*inet_add)(struct nh_kernel *k, uint32_t ifindex,
			const struct nh_addr *addr, uint8_t plen);
	int (*inet_del)(struct nh_kernel *k, uint32_t ifindex,
			const struct nh_addr *addr, uint8_t plen);
	/** @inet_dump: addresses of a device; @list is for free() */
	int (*inet_dump)(struct nh_kernel *k, uint32_t ifindex,
			 struct dmvpn_nl_inet **list, size_t *n);
	/** @route_get: in the VRF that the device @ifindex is in, if any */
	int (*route_get)(struct nh_kernel *k, uint32_t ifindex,
			 const struct nh_addr *dst,
			 struct dmvpn_nl_route *route);
	/** @route_inside: 1 when part of the prefix goes another way, else 0 */
	int (*route_inside)(struct nh_kernel *k,
			    const struct dmvpn_nl_route *route);
	/** @route_watch: changes come by nh_routes_changed(), or no longer;
	 *	each caller that wants them says so once
	 */
	int (*route_watch)(struct nh_kernel *k, bool on);

	int (*dev_get)(struct nh_kernel *k, uint32_t ifindex,
		       struct dmvpn_nl_dev *dev);
	int (*bind)(struct nh_kernel *k, uint32_t ifindex);
	int (*unbind)(struct nh_kernel *k, uint32_t ifindex);
	/** @entry_set: 1 when an entry was renewed */
	int (*entry_set)(struct nh_kernel *k,
			 const struct dmvpn_nl_entry *entry,
			 enum dmvpn_nl_entry_mode mode);
	int (*entry_del)(struct nh_kernel *k, uint32_t ifindex,
			 const struct nh_prefix *prefix);
	int (*entry_get)(struct nh_kernel *k, uint32_t ifindex,
			 const struct nh_prefix *prefix,
			 struct dmvpn_nl_entry *entry);
	/** @entry_dump: of one device; @list is for free() */
	int (*entry_dump)(struct nh_kernel *k, uint32_t ifindex,
			  struct dmvpn_nl_entry **list, size_t *n);
	int (*peer_set)(struct nh_kernel *k, const struct dmvpn_nl_peer *peer);
	int (*peer_get)(struct nh_kernel *k, uint32_t ifindex,
			const struct nh_endpoint *ep,
			struct dmvpn_nl_peer *peer);
	/** @peer_dump: of one device; @list is for free() */
	int (*peer_dump)(struct nh_kernel *k, uint32_t ifindex,
			 struct dmvpn_nl_peer **list, size_t *n);
	/** @mcast_add: no error when it is on the list already */
	int (*mcast_add)(struct nh_kernel *k, uint32_t ifindex,
			 const struct nh_endpoint *ep);
	/** @mcast_del: no error when it is not on the list */
	int (*mcast_del)(struct nh_kernel *k, uint32_t ifindex,
			 const struct nh_endpoint *ep);
	/** @packet_send: -EAGAIN while there is no security association */
	int (*packet_send)(struct nh_kernel *k, uint32_t ifindex,
			   const struct nh_endpoint *ep, const void *payload,
			   size_t len);

	/** @sa_dump: of the whole namespace; @list is for free() */
	int (*sa_dump)(struct nh_kernel *k, struct dmvpn_nl_sa **list,
		       size_t *n);
	/** @sa_del: no error when it is gone already */
	int (*sa_del)(struct nh_kernel *k, const struct dmvpn_nl_sa *sa);
	/** @policy_has: 1 or 0: all GRE from @local makes it ask for SAs */
	int (*policy_has)(struct nh_kernel *k, const struct nh_addr *local);

	const char *(*error)(struct nh_kernel *k);
};

/** struct nh_kernel - first member of whatever implements the operations */
struct nh_kernel {
	const struct nh_kernel_ops *ops;
};

static inline bool nh_endpoint_equal(const struct nh_endpoint *a,
				     const struct nh_endpoint *b)
{
	return a->if_id == b->if_id && nh_addr_equal(&a->nbma, &b->nbma);
}

#endif /* NH_KERNEL_H */
