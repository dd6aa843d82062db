// SPDX-License-Identifier: GPL-2.0-only
/* Takes the local NBMA addresses from the underlay device, and follows it. */
#include "local.h"

#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/ipv6.h>

#include "compat/compat.h"
#include "device.h"
#include "dmvpn.h"
#include "link.h"

/* Duplicates of an address are looked for during a second or two. */
#define DMVPN_LOCAL_AGAIN	HZ

static __be32 dmvpn_local_first4(const struct net_device *link)
{
	const struct in_device *in_dev = __in_dev_get_rcu(link);
	const struct in_ifaddr *ifa;

	if (!in_dev)
		return 0;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (!(ifa->ifa_flags & IFA_F_SECONDARY) &&
		    ifa->ifa_scope < RT_SCOPE_LINK)
			return ifa->ifa_local;
	}
	return 0;
}

/* How good an address is, 0 for none. A new one comes in front of those that there
 * are, and one of temporary privacy goes within a day, but peers know us by the
 * one in use. A deprecated one is taken if there is no other, as by sockets.
 */
static int dmvpn_local_rank6(const struct inet6_ifaddr *ifp,
			     const struct in6_addr *used)
{
	int in_use = ipv6_addr_equal(&ifp->addr, used);

	if (ipv6_addr_src_scope(&ifp->addr) < IPV6_ADDR_SCOPE_GLOBAL ||
	    ifp->flags & IFA_F_DADFAILED)
		return 0;
	if (ifp->flags & IFA_F_DEPRECATED)
		return in_use + 1;
	return in_use + (ifp->flags & IFA_F_TEMPORARY ? 3 : 5);
}

/* Takes the best address, @used being in use. Returns true when one that would be
 * better is still being looked for duplicates of.
 */
static bool dmvpn_local_best6(const struct net_device *link,
			      const struct in6_addr *used,
			      struct in6_addr *local)
{
	struct inet6_dev *idev = __in6_dev_get(link);
	const struct inet6_ifaddr *ifp;
	int best = 0, tentative = 0;

	if (!idev)
		return false;
	read_lock_bh(&idev->lock);
	list_for_each_entry(ifp, &idev->addr_list, if_list) {
		int rank = dmvpn_local_rank6(ifp, used);

		if (ifp->flags & IFA_F_TENTATIVE) {
			tentative = max(tentative, rank);
		} else if (rank > best) {
			best = rank;
			*local = ifp->addr;
		}
	}
	read_unlock_bh(&idev->lock);
	return tentative > best;
}

/**
 * dmvpn_local_select() - fill in the addresses to use
 * @net: underlay namespace
 * @conf: configuration, not published yet
 *
 * A configured address is used as it is; its absence from the machine shows
 * in that packets do not come.
 *
 * Return: true when there may be another one soon, of which no notifier tells.
 */
bool dmvpn_local_select(struct net *net, struct dmvpn_conf *conf)
{
	struct net_device *link;
	bool again = false, up = false;

	conf->local4 = conf->set_local4;
	conf->local6 = conf->set_local6;
	if (!conf->link)
		return false;
	rcu_read_lock();
	link = dev_get_by_index_rcu(net, conf->link);
	if (link && !conf->local4)
		conf->local4 = dmvpn_local_first4(link);
	up = link && netif_running(link);
	if (link && ipv6_addr_any(&conf->local6))
		again = dmvpn_local_best6(link, &conf->last_local6,
					  &conf->local6);
	rcu_read_unlock();
	/* One that does until a better one is ready is not remembered; nor what is
	 * left while the addresses of a device that goes down are taken away.
	 */
	if (up && !again && !ipv6_addr_any(&conf->local6))
		conf->last_local6 = conf->local6;
	return again;
}

/**
 * dmvpn_local_changed() - have the addresses taken anew
 * @ddev: device
 *
 * Context: any.
 */
void dmvpn_local_changed(struct dmvpn_dev *ddev)
{
	set_bit(0, &ddev->local_news);
	mod_delayed_work(system_percpu_wq, &ddev->local_work, 0);
}

/**
 * dmvpn_local_work() - the underlay device changed
 * @work: dmvpn_dev.local_work
 *
 * The paths to the peers are forgotten even if the addresses are the same, as
 * routes may have moved to another VRF or have another MTU.
 */
void dmvpn_local_work(struct work_struct *work)
{
	struct dmvpn_dev *ddev = container_of(to_delayed_work(work),
					      struct dmvpn_dev, local_work);
	struct dmvpn_conf *conf, *old;
	bool again = true, moved;

	mutex_lock(&ddev->lock);
	if (ddev->dead)
		goto out;
	old = dmvpn_conf_locked(ddev);
	conf = kmemdup(old, sizeof(*conf), GFP_KERNEL);
	if (conf) {
		again = dmvpn_local_select(ddev->net, conf);
		moved = conf->local4 != old->local4 ||
			!ipv6_addr_equal(&conf->local6, &old->local6);
		if (moved && dmvpn_link_clashes(ddev->net, ddev, conf))
			netdev_warn(ddev->dev,
				    "another device has the underlay's new address and the same key\n");
		if (test_and_clear_bit(0, &ddev->local_news) || moved)
			dmvpn_dev_configure(ddev, conf);
		else
			kfree(conf);
	}
	if (again)
		queue_delayed_work(system_percpu_wq, &ddev->local_work,
				   DMVPN_LOCAL_AGAIN);
out:
	mutex_unlock(&ddev->lock);
}
