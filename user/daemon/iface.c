// SPDX-License-Identifier: GPL-2.0-or-later
/* One DMVPN device: from configuration to running NHRP and back. */
#include "daemon/iface.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/events.h"
#include "daemon/iface_link.h"
#include "daemon/maps.h"
#include "daemon/networks.h"
#include "daemon/nhs_dynamic.h"
#include "daemon/path.h"
#include "daemon/remark.h"
#include "daemon/server.h"
#include "lib/log.h"

/* Whoever makes a device gives it addresses next, and must not find them there. */
#define AGAIN_MS	2000
#define AGAIN_LOOKS	5
/* Between two looks at the kernel's state: it may be large. */
#define RESYNC_MS	1000

static void on_again(void *arg);
static void on_resync(void *arg);

struct nh_iface *nh_iface_new(struct nh_kernel *kernel, struct nh_loop *loop,
			      struct nh_ifaces *siblings,
			      struct nh_conf *conf)
{
	struct nh_iface *iface = calloc(1, sizeof(*iface));

	if (!iface)
		return NULL;
	iface->kernel = kernel;
	iface->loop = loop;
	iface->siblings = siblings;
	iface->conf = conf;
	iface->stats.since = nh_loop_now(loop);
	iface->error_limit.seed = nh_loop_random(loop);
	iface->peer_limit.seed = nh_loop_random(loop);
	iface->reply_limit.seed = nh_loop_random(loop);
	iface->transit_limit.seed = nh_loop_random(loop);
	iface->redirect_limit.seed = nh_loop_random(loop);
	LIST_INIT(&iface->nhs);
	nh_requests_init(&iface->requests, loop);
	nh_delayed_init(&iface->delayed, iface);
	nh_told_init(&iface->told);
	nh_groups_init(&iface->groups, nh_loop_random(loop));
	nh_routes_init(iface);
	nh_timer_init(&iface->again, on_again, iface);
	nh_timer_init(&iface->resync, on_resync, iface);
	LIST_INSERT_HEAD(siblings, iface, link);
	return iface;
}

static int read_locals(struct nh_iface *iface, bool *changed)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_dev dev;
	struct nh_nhs *nhs;
	int err = k->ops->dev_get(k, iface->ifindex, &dev);

	if (err) {
		nh_error(iface->conf->name, NULL,
			 "the device cannot be read: %s", k->ops->error(k));
		return err;
	}
	*changed = !nh_addr_equal(&dev.local4, &iface->local4) ||
		   !nh_addr_equal(&dev.local6, &iface->local6);
	if (!*changed)
		return 0;
	/* What a server told us of the old address is no longer true. */
	LIST_FOREACH(nhs, &iface->nhs, link)
		nhs->mapped = (struct nh_addr){ 0 };
	if (!nh_addr_equal(&dev.local4, &iface->local4))
		iface->mapped4 = (struct nh_addr){ 0 };
	if (!nh_addr_equal(&dev.local6, &iface->local6))
		iface->mapped6 = (struct nh_addr){ 0 };
	iface->local4 = dev.local4;
	iface->local6 = dev.local6;
	return 0;
}

static int own(struct nh_iface *iface)
{
	struct nh_kernel *k = iface->kernel;
	int err = k->ops->bind(k, iface->ifindex);

	if (err == -EBUSY)
		nh_error(iface->conf->name, NULL,
			 "another daemon owns the device");
	else if (err)
		nh_error(iface->conf->name, NULL,
			 "the device cannot be owned: %s", k->ops->error(k));
	return err;
}

static int start(struct nh_iface *iface, bool *changed)
{
	int err;

	/* Counted anew by each device. */
	iface->lost = 0;
	err = nh_link_no_addrgen(iface);
	if (!err)
		err = nh_link_addresses(iface, iface->conf, NULL);
	if (!err)
		err = own(iface);
	if (!err)
		err = read_locals(iface, changed);
	if (!err)
		err = nh_maps_take_over(iface);
	/* Clients may have gone while nobody listened. */
	if (!err && iface->conf->mcast_dynamic)
		nh_server_tidy(iface);
	if (!err)
		nh_network_review(iface);
	if (!err)
		err = nh_link_up(iface);
	if (!err)
		iface->started = iface->ifindex;
	return err;
}

int nh_iface_open(struct nh_iface *iface)
{
	struct nh_kernel *k = iface->kernel;
	bool changed;
	int err;

	err = nh_link_setup(iface, iface->conf);
	if (!err)
		err = start(iface, &changed);
	if (!err)
		err = nh_ike_open(&iface->ike, iface);
	if (err) {
		if (iface->created)
			k->ops->link_del(k, iface->ifindex);
		iface->ifindex = 0;
		return err;
	}
	nh_inets_read(iface);
	nh_nhs_apply(iface);
	nh_nhs_sweep(iface);
	return 0;
}

/* Whether there is a device that is neither ours nor one that we could not have. */
static bool is_new(struct nh_iface *iface, struct dmvpn_nl_link *have)
{
	struct nh_kernel *k = iface->kernel;

	return iface->ifindex &&
	       !k->ops->link_get(k, iface->conf->name, have) &&
	       have->ifindex != iface->started &&
	       have->ifindex != iface->refused;
}

/* Who was told of the NBMA address of before sends to where nobody is. */
static void tell_moved(struct nh_iface *iface, bool moved)
{
	iface->moved |= moved;
	/* What withdraws is believed by a server that knows us here. And it is
	 * said once, by a device that can send it.
	 */
	if (!iface->moved || !LIST_EMPTY(&iface->nhs) ||
	    iface->ifindex != iface->started)
		return;
	iface->moved = false;
	nh_told_moved(iface);
}

static void on_again(void *arg)
{
	struct nh_iface *iface = arg;
	struct dmvpn_nl_link have;
	bool moved = false;

	if (!is_new(iface, &have))
		return;
	/* Its addresses come before that; ours would be in their way. */
	if (!have.up && ++iface->looks < AGAIN_LOOKS) {
		nh_loop_set(iface->loop, &iface->again, AGAIN_MS);
		return;
	}
	nh_info(iface->conf->name, NULL,
		"somebody has made the device anew ifindex=%u", have.ifindex);
	/* What is written changes the device, and is heard of. */
	iface->refused = have.ifindex;
	if (!nh_link_setup(iface, iface->conf) && !start(iface, &moved)) {
		iface->refused = 0;
		nh_ike_reload(&iface->ike, false);
		nh_nhs_apply(iface);
		nh_inets_read(iface);
		nh_nhs_restart(iface);
	}
	tell_moved(iface, moved);
}

void nh_iface_again(struct nh_iface *iface)
{
	struct dmvpn_nl_link have;

	if (!is_new(iface, &have) || nh_timer_is_set(&iface->again))
		return;
	iface->looks = 0;
	nh_loop_set(iface->loop, &iface->again, AGAIN_MS);
}

/* What others were told about addresses that we do not have any more; servers
 * have heard it before.
 */
static void purge_addresses(struct nh_iface *iface, const struct nh_conf *old)
{
	struct nh_prefix host;
	size_t i;

	for (i = 0; i < old->naddr; i++) {
		const struct nh_addr *addr = &old->addr[i].addr;

		if (nh_conf_is_own(iface->conf, addr))
			continue;
		nh_prefix_make(&host, addr, nh_addr_bits(addr));
		nh_told_purge(iface, &host, NULL, false);
	}
}

/* Whether IKE is to be left alone from now on, or no longer, or is another. */
static bool other_ike(const struct nh_conf *a, const struct nh_conf *b)
{
	return a->ipsec.present != b->ipsec.present ||
	       (a->ipsec.present && strcmp(a->ipsec.socket, b->ipsec.socket));
}

static bool must_register(const struct nh_conf *a, const struct nh_conf *b)
{
	const struct nh_conf_addr *a4 = nh_conf_proto(a, AF_INET);
	const struct nh_conf_addr *b4 = nh_conf_proto(b, AF_INET);
	const struct nh_conf_addr *a6 = nh_conf_proto(a, AF_INET6);
	const struct nh_conf_addr *b6 = nh_conf_proto(b, AF_INET6);

	const struct nh_conf_addr *al = nh_conf_link_local(a);
	const struct nh_conf_addr *bl = nh_conf_link_local(b);

	return !a4 != !b4 || (a4 && !nh_addr_equal(&a4->addr, &b4->addr)) ||
	       !a6 != !b6 || (a6 && !nh_addr_equal(&a6->addr, &b6->addr)) ||
	       !al != !bl || (al && !nh_addr_equal(&al->addr, &bl->addr)) ||
	       a->link_local != b->link_local ||
	       a->auth.len != b->auth.len ||
	       memcmp(a->auth.value, b->auth.value, a->auth.len) ||
	       a->holdtime != b->holdtime || a->unique != b->unique ||
	       strcmp(a->group, b->group) || a->nat != b->nat ||
	       a->registration != b->registration;
}

/* Brings over what the kernel lets us; -errno, and all is as before. @moves:
 * servers have forgotten us, as we will be elsewhere.
 */
static int change_link(struct nh_iface *iface, struct nh_conf *conf,
		       bool *moves)
{
	struct nh_conf *old = iface->conf;
	struct nh_link_plan plan;
	bool told = false;
	int err;

	err = nh_link_plan(iface, conf, &plan);
	if (!err) {
		/* Servers know us by the link as it is. By one that is another
		 * one now, nothing can be sent yet.
		 */
		if (plan.have.ifindex &&
		    plan.have.ifindex == iface->started) {
			*moves = nh_link_moves(&plan);
			told = nh_nhs_let_go(iface, conf, *moves);
		}
		err = nh_link_apply(iface, conf, &plan);
	}
	if (!err)
		err = nh_link_addresses(iface, conf, old);
	if (!err)
		return 0;
	/* What was changed before the refusal is taken back. */
	if (nh_link_setup(iface, old) == 0)
		nh_link_addresses(iface, old, conf);
	if (told)
		nh_nhs_restart(iface);
	return err;
}

/* By a device that could not send before; servers know us by the old file. */
static void let_go_late(struct nh_iface *iface, struct nh_conf *old)
{
	struct nh_conf *conf = iface->conf;

	iface->conf = old;
	nh_nhs_let_go(iface, conf, false);
	iface->conf = conf;
}

int nh_iface_reload(struct nh_iface *iface, struct nh_conf *conf)
{
	struct nh_conf *old = iface->conf;
	bool anew, again, moves = false, moved = false;
	int err;

	err = change_link(iface, conf, &moves);
	if (err)
		return err;
	/* Nothing refuses it any more. */
	iface->conf = conf;
	anew = iface->ifindex != iface->started;
	again = anew || moves || must_register(old, conf);
	if (anew) {
		/* Somebody had removed the device: it is a new one. Or an
		 * earlier start of it failed.
		 */
		err = start(iface, &moved);
		iface->refused = err ? iface->ifindex : 0;
		if (!err)
			let_go_late(iface, old);
	} else {
		err = nh_maps_apply(iface, old);
		if (old->mcast_dynamic && !conf->mcast_dynamic)
			nh_server_tidy(iface);
		nh_network_review(iface);
		/* What cannot be read may have changed. */
		again |= read_locals(iface, &moved) != 0;
	}
	/* Also when it says the same: a certificate may have been renewed. */
	nh_ike_reload(&iface->ike, other_ike(old, conf));
	nh_nhs_apply(iface);
	if (again || moved)
		nh_nhs_restart(iface);
	/* What went with our address is withdrawn by the one registered now. */
	nh_inets_read(iface);
	tell_moved(iface, moved);
	purge_addresses(iface, old);
	nh_conf_free(old);
	return err;
}

void nh_iface_close(struct nh_iface *iface, bool teardown)
{
	struct nh_kernel *k = iface->kernel;

	if (teardown && iface->ifindex)
		nh_told_purge(iface, NULL, NULL, true);
	nh_nhs_free(iface, teardown && iface->ifindex);
	nh_delayed_free(&iface->delayed);
	nh_requests_free(&iface->requests);
	nh_told_free(&iface->told);
	nh_routes_free(iface);
	nh_loop_cancel(iface->loop, &iface->again);
	nh_loop_cancel(iface->loop, &iface->resync);
	nh_groups_free(&iface->groups);
	if (iface->ifindex) {
		k->ops->unbind(k, iface->ifindex);
		if (teardown && k->ops->link_del(k, iface->ifindex))
			nh_error(iface->conf->name, NULL,
				 "the device cannot be removed: %s",
				 k->ops->error(k));
	}
	/* What the loop still brings is of no concern to this device. */
	iface->ifindex = 0;
	nh_ike_close(&iface->ike, teardown);
	LIST_REMOVE(iface, link);
	nh_conf_free(iface->conf);
	free(iface);
}

void nh_iface_locals(struct nh_iface *iface)
{
	char a[NH_ADDR_STRLEN], b[NH_ADDR_STRLEN];
	bool changed;

	if (read_locals(iface, &changed) || !changed)
		return;
	nh_info(iface->conf->name, NULL,
		"local NBMA address changed ipv4=%s ipv6=%s",
		nh_addr_format(&iface->local4, a, sizeof(a)),
		nh_addr_format(&iface->local6, b, sizeof(b)));
	nh_ike_reload(&iface->ike, false);
	nh_nhs_restart(iface);
	tell_moved(iface, true);
}

static void resync(struct nh_iface *iface)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_peer *list;
	size_t i, n;

	nh_remark(NH_LOG_WARNING, iface, NULL,
		  "events were lost: reading the kernel's state anew");
	nh_iface_locals(iface);
	nh_maps_forget_incomplete(iface);
	nh_nhs_apply(iface);
	if (iface->conf->mcast_dynamic)
		nh_server_tidy(iface);
	if (k->ops->peer_dump(k, iface->ifindex, &list, &n))
		return;
	for (i = 0; i < n; i++) {
		const struct nh_endpoint ep = { list[i].nbma, list[i].if_id };

		if (list[i].state != DMVPN_PEER_STATE_SECURED)
			continue;
		nh_nhs_secured(iface, &ep, true);
		nh_delayed_secured(&iface->delayed, &ep);
	}
	free(list);
}

static void on_resync(void *arg)
{
	struct nh_iface *iface = arg;

	resync(iface);
	iface->resynced = nh_loop_now(iface->loop);
}

/* Whoever sends faster than we read could make us do nothing else. */
void nh_iface_resync(struct nh_iface *iface)
{
	uint64_t now = nh_loop_now(iface->loop);
	uint64_t next = iface->resynced + RESYNC_MS;

	/* One that is being closed has no servers any more. */
	if (!iface->ifindex || nh_timer_is_set(&iface->resync))
		return;
	if (!iface->resynced || next <= now)
		on_resync(iface);
	else
		nh_loop_set(iface->loop, &iface->resync, next - now);
}

bool nh_iface_wants_mcast(const struct nh_iface *iface,
			  const struct nh_addr *nbma)
{
	const struct nh_conf *conf = iface->conf;
	size_t i;

	if (nh_nhs_wants_mcast(iface, nbma))
		return true;
	for (i = 0; i < conf->nmap; i++)
		if (conf->map[i].multicast &&
		    nh_addr_equal(&conf->map[i].nbma, nbma))
			return true;
	return false;
}

int nh_iface_mcast(struct nh_iface *iface, const struct nh_addr *nbma)
{
	const struct nh_endpoint ep = { .nbma = *nbma };
	struct nh_kernel *k = iface->kernel;

	if (nh_iface_wants_mcast(iface, nbma))
		return k->ops->mcast_add(k, iface->ifindex, &ep);
	/* It may be there as a client; it leaves with its last entry then. */
	if (iface->conf->mcast_dynamic)
		return 0;
	return k->ops->mcast_del(k, iface->ifindex, &ep);
}

struct nh_iface *nh_iface_find(struct nh_ifaces *ifaces, uint32_t ifindex)
{
	struct nh_iface *iface;

	LIST_FOREACH(iface, ifaces, link)
		if (ifindex && iface->ifindex == ifindex)
			return iface;
	return NULL;
}

const struct nh_addr *nh_iface_local(const struct nh_iface *iface,
				     uint8_t family)
{
	return family == AF_INET6 ? &iface->local6 : &iface->local4;
}

bool nh_iface_may_walk(struct nh_iface *iface, const struct nh_addr *peer)
{
	static const struct nh_rate walks = { .per_second = 5, .burst = 20 };

	if (nh_bucket_take(&iface->walks, &walks, nh_loop_now(iface->loop)))
		return true;
	nh_limited(iface, NH_L_WALKS, peer);
	return false;
}

int nh_iface_self(const struct nh_iface *iface, const struct nh_addr *nbma,
		  const struct nh_addr *proto, struct nhrp_self *self)
{
	const struct nh_conf *conf = iface->conf;
	const struct nh_conf_addr *own_proto, *link_local;

	own_proto = nh_conf_proto(conf, proto->family);
	*self = (struct nhrp_self){
		.nbma = *nh_iface_local(iface, nbma->family),
		.mtu = (uint16_t)conf->mtu,
		.holdtime = conf->holdtime,
		.auth = conf->auth.len ? &conf->auth : NULL,
		.vendor = conf->vendor.len ? &conf->vendor : NULL,
		.nat = conf->nat,
	};
	if (!own_proto || !nh_addr_is_set(&self->nbma))
		return -EADDRNOTAVAIL;
	self->proto = own_proto->addr;
	link_local = nh_conf_link_local(conf);
	if (proto->family == AF_INET6 && link_local)
		self->link_local = link_local->addr;
	return 0;
}
