/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One DMVPN device: its configuration, its NHRP state, its limits. */
#ifndef NH_IFACE_H
#define NH_IFACE_H

#include "daemon/conf.h"
#include "daemon/delayed.h"
#include "daemon/group.h"
#include "daemon/ike.h"
#include "daemon/inets.h"
#include "daemon/kernel.h"
#include "daemon/names.h"
#include "daemon/nhs.h"
#include "daemon/path.h"
#include "daemon/ratelimit.h"
#include "daemon/redirect.h"
#include "daemon/reqid.h"
#include "daemon/routes.h"
#include "daemon/stats.h"
#include "daemon/told.h"
#include "nhrp/build.h"

/* Most seconds that anything learned from others is kept. */
#define NH_HOLD_MAX		7200
/* Seconds that a refusal, and the silence after all tries, is remembered. */
#define NH_NEGATIVE_REFUSED	60
#define NH_NEGATIVE_TIMEOUT	10

/**
 * enum nh_carrier - carrier of a device, as far as we have set it
 * @NH_CARRIER_UNKNOWN: not at all: it is as it was found
 * @NH_CARRIER_OFF: no server was up
 * @NH_CARRIER_ON: there was one, or it does not matter
 */
enum nh_carrier {
	NH_CARRIER_UNKNOWN,
	NH_CARRIER_OFF,
	NH_CARRIER_ON,
};

/**
 * struct nh_iface - a device
 * @link: in the daemon's list
 * @siblings: that list, to forward between devices
 * @kernel: operations
 * @loop: clock and timers
 * @names: to look names of servers up; NULL: none can be
 * @conf: owned
 * @ifindex: of the device; 0 before nh_iface_open()
 * @started: index of the device that is owned and set up; 0 none
 * @refused: index of a device of that name that could not be set up; 0 none
 * @again: takes a device over that somebody has made anew
 * @looks: how often that was put off, as the device was not up yet
 * @source: index of the device of [Tunnel] Source= that it is bound to; 0 none
 * @created: it was nh_iface_open() that created it
 * @moved: our NBMA address has changed, and others are to be told
 * @applied: nh_nhs_apply() has told the kernel of servers
 * @carrier: as it was set, enum nh_carrier
 * @local4: IPv4 NBMA address in use, or empty
 * @local6: IPv6 NBMA address in use, or empty
 * @mapped4: what @local4 is translated to, as an NHS told; or empty
 * @mapped6: the same of @local6
 * @inets: addresses on the device that its file does not have
 * @lost: upcalls that the kernel has lost
 * @resynced: when the kernel's state was last read for lost events; 0 never
 * @resync: reads it again when a second has passed since then
 * @ike: the IKE daemon; all zero without [IPsec]
 * @nhs: client side
 * @requests: own requests in flight
 * @delayed: requests of others that wait for SAs
 * @holddown: destinations not to be asked for again yet
 * @told: who was told a binding of ours
 * @groups: NHRP groups of clients
 * @routes: the look at the routes that they were told of
 * @divided: routes whose prefixes were looked into
 * @error_limit: Error Indications, by peer
 * @errors: Error Indications, all
 * @peer_limit: packets received but Resolution Requests, by peer
 * @reply_limit: answers, by peer
 * @own: own requests
 * @transit: packets forwarded
 * @transit_limit: the same, by the peer they came from
 * @walks: looks through the whole cache that others make us do
 * @redirect_limit: Traffic Indications, by peer
 * @remarks: lines of the log about packets
 * @left_out: such lines not written since the last one
 * @stats: counters
 */
struct nh_iface {
	LIST_ENTRY(nh_iface) link;
	struct nh_ifaces *siblings;
	struct nh_kernel *kernel;
	struct nh_loop *loop;
	struct nh_names *names;
	struct nh_conf *conf;
	uint32_t ifindex;
	uint32_t started;
	uint32_t refused;
	struct nh_timer again;
	unsigned int looks;
	uint32_t source;
	bool created;
	bool moved;
	bool applied;
	enum nh_carrier carrier;
	struct nh_addr local4;
	struct nh_addr local6;
	struct nh_addr mapped4;
	struct nh_addr mapped6;
	struct nh_inets inets;
	uint64_t lost;
	uint64_t resynced;
	struct nh_timer resync;
	struct nh_ike ike;
	struct nh_nhs_list nhs;
	struct nh_requests requests;
	struct nh_delayed delayed;
	struct nh_holddown holddown;
	struct nh_told told;
	struct nh_groups groups;
	struct nh_routes routes;
	struct nh_divided divided;
	struct nh_peer_buckets error_limit;
	struct nh_bucket errors;
	struct nh_peer_buckets peer_limit;
	struct nh_peer_buckets reply_limit;
	struct nh_bucket own;
	struct nh_bucket transit;
	struct nh_peer_buckets transit_limit;
	struct nh_bucket walks;
	struct nh_peer_buckets redirect_limit;
	struct nh_bucket remarks;
	uint64_t left_out;
	struct nh_stats stats;
};

LIST_HEAD(nh_ifaces, nh_iface);

/**
 * nh_iface_new() - an object for a device; the kernel is not asked yet
 * @conf: owned by the device on success
 */
struct nh_iface *nh_iface_new(struct nh_kernel *kernel, struct nh_loop *loop,
			      struct nh_ifaces *siblings,
			      struct nh_conf *conf);

/**
 * nh_iface_open() - create the device or take it over, own it, start NHRP
 *
 * Entries of the cache are left alone, but for those that an earlier daemon
 * made of configuration that is gone, and unanswered requests of its.
 *
 * Return: 0, or a negative errno after an error was logged. A device created
 * here is removed again then.
 */
int nh_iface_open(struct nh_iface *iface);

/**
 * nh_iface_reload() - go over to a new configuration of the same device
 * @conf: owned by the device if it is in @iface->conf afterwards
 *
 * A device that somebody has removed is created again.
 *
 * Return: 0; a negative errno after an error was logged: the kernel refused
 * the new configuration, and the old one stays, or it refused the new device.
 */
int nh_iface_reload(struct nh_iface *iface, struct nh_conf *conf);

/**
 * nh_iface_again() - take a device over that somebody removed and made again
 *
 * When whoever made it has given it what it shall have, and brought it up; or
 * after ten seconds. Nothing is done when it is the one of before, or there is
 * none. Errors are logged; a device that cannot be set up is left alone until
 * the next reload.
 */
void nh_iface_again(struct nh_iface *iface);

/**
 * nh_iface_close() - stop NHRP and free the object
 * @teardown: deregister and remove the device; otherwise it goes on
 *	forwarding by what its cache holds
 */
void nh_iface_close(struct nh_iface *iface, bool teardown);

/**
 * nh_iface_resync() - events were lost: look at the kernel's state anew
 *
 * At once, or when a second has passed since the last look.
 */
void nh_iface_resync(struct nh_iface *iface);

/** nh_iface_locals() - read the NBMA addresses; register anew on a change */
void nh_iface_locals(struct nh_iface *iface);

/**
 * nh_iface_mcast() - put a peer on the multicast list, or take it off
 * @nbma: by what the configuration says of it
 *
 * Clients that are on the list because they registered are not asked about.
 *
 * Return: 0, or a negative errno.
 */
int nh_iface_mcast(struct nh_iface *iface, const struct nh_addr *nbma);

/** nh_iface_wants_mcast() - the configuration wants @nbma on that list */
bool nh_iface_wants_mcast(const struct nh_iface *iface,
			  const struct nh_addr *nbma);

struct nh_iface *nh_iface_find(struct nh_ifaces *ifaces, uint32_t ifindex);

/** nh_iface_local() - own NBMA address of @family, or an empty one */
const struct nh_addr *nh_iface_local(const struct nh_iface *iface,
				     uint8_t family);

/**
 * nh_iface_may_walk() - whether a packet of @peer may make us read the cache
 *
 * All of it, that is. Return: false after it was noted.
 */
bool nh_iface_may_walk(struct nh_iface *iface, const struct nh_addr *peer);

/**
 * nh_iface_self() - what we write about ourselves into packets
 * @nbma: an address of the NBMA family of the packet
 * @proto: an address of its protocol family
 *
 * Return: 0, or -EADDRNOTAVAIL without own address of one of the families.
 */
int nh_iface_self(const struct nh_iface *iface, const struct nh_addr *nbma,
		  const struct nh_addr *proto, struct nhrp_self *self);

/**
 * nh_iface_same_network() - packets go between the two without leaving NHRP's
 *	network
 *
 * As for the kernel, devices without an id are networks of their own.
 */
static inline bool nh_iface_same_network(const struct nh_iface *a,
					 const struct nh_iface *b)
{
	return a == b || (a->conf->network_id &&
			  a->conf->network_id == b->conf->network_id);
}

static inline void nh_count(struct nh_iface *iface, enum nh_counter counter)
{
	iface->stats.count[counter]++;
}

#endif /* NH_IFACE_H */
