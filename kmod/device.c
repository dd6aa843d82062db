// SPDX-License-Identifier: GPL-2.0-only
/* The net_device of a DMVPN cloud. */
#include "device.h"

#include <linux/ethtool.h>
#include <linux/if_arp.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/ip.h>
#include <net/ip_tunnels.h>

#include "compat/compat.h"
#include "cache.h"
#include "dmvpn.h"
#include "grehdr.h"
#include "hold.h"
#include "hosts.h"
#include "local.h"
#include "mcast.h"
#include "net.h"
#include "netlink.h"
#include "peer.h"
#include "tx.h"
#include "upcall.h"

#define DMVPN_FEATURES	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HIGHDMA | \
			 NETIF_F_HW_CSUM | NETIF_F_GSO_SOFTWARE)

/* Fits into 1500 with any outer headers and any usual transform */
#define DMVPN_MTU		1400
#define DMVPN_MISS_SLOTS	1024
#define DMVPN_REDIRECT_SLOTS	4096

static int dmvpn_limits_init(struct dmvpn_dev *ddev,
			     const struct dmvpn_conf *conf)
{
	int err;

	err = dmvpn_hashlimit_init(&ddev->miss_limit, DMVPN_MISS_SLOTS, HZ);
	if (err)
		return err;
	err = dmvpn_hashlimit_init(&ddev->redirect_limit, DMVPN_REDIRECT_SLOTS,
				   msecs_to_jiffies(conf->redirect_interval));
	if (err) {
		dmvpn_hashlimit_free(&ddev->miss_limit);
		return err;
	}
	dmvpn_bucket_init(&ddev->miss_bucket, conf->upcall_rate,
			  conf->upcall_rate, jiffies);
	dmvpn_bucket_init(&ddev->redirect_bucket, conf->redirect_rate,
			  conf->redirect_rate, jiffies);
	return 0;
}

static void dmvpn_limits_free(struct dmvpn_dev *ddev)
{
	dmvpn_hashlimit_free(&ddev->miss_limit);
	dmvpn_hashlimit_free(&ddev->redirect_limit);
}

static int dmvpn_dev_init(struct net_device *dev)
{
	struct dmvpn_dev *ddev = netdev_priv(dev);
	struct dmvpn_conf *conf;
	int err = -ENOMEM;

	ddev->dev = dev;
	INIT_LIST_HEAD(&ddev->list);
	INIT_LIST_HEAD(&ddev->all);
	mutex_init(&ddev->lock);
	INIT_DELAYED_WORK(&ddev->local_work, dmvpn_local_work);
	dmvpn_cache_init(ddev);
	dmvpn_hold_init(ddev);
	dmvpn_mcast_init(ddev);
	dmvpn_owner_init(ddev);

	conf = kzalloc(sizeof(*conf), GFP_KERNEL);
	if (!conf)
		return err;
	dmvpn_conf_defaults(conf);
	RCU_INIT_POINTER(ddev->conf, conf);
	ddev->counters = alloc_percpu(struct dmvpn_counters);
	if (!ddev->counters)
		goto err_conf;
	err = dmvpn_limits_init(ddev, conf);
	if (err)
		goto err_counters;
	err = gro_cells_init(&ddev->gro_cells, dev);
	if (err)
		goto err_limits;
	err = dmvpn_peers_init(ddev);
	if (err)
		goto err_gro;
	err = dmvpn_hosts_init(ddev);
	if (err)
		goto err_peers;
	return 0;

err_peers:
	dmvpn_peers_free(ddev);
err_gro:
	gro_cells_destroy(&ddev->gro_cells);
err_limits:
	dmvpn_limits_free(ddev);
err_counters:
	free_percpu(ddev->counters);
err_conf:
	kfree(conf);
	return err;
}

/* The device has stopped and is in no list of the core any more. First
 * nobody must find it, then nothing of it must run, then the tables go.
 */
static void dmvpn_dev_uninit(struct net_device *dev)
{
	struct dmvpn_dev *ddev = netdev_priv(dev);

	dmvpn_net_del(ddev);
	mutex_lock(&ddev->lock);
	ddev->dead = true;
	/* Who has asked since the device was taken out may have become it. */
	WRITE_ONCE(ddev->owner, 0);
	mutex_unlock(&ddev->lock);
	cancel_delayed_work_sync(&ddev->local_work);
	dmvpn_owner_stop(ddev);
	dmvpn_mcast_stop(ddev);
	dmvpn_hold_stop(ddev);
	dmvpn_cache_free(ddev);
	dmvpn_hosts_destroy(ddev);
	dmvpn_peers_free(ddev);
}

/* Nobody holds the device any more. */
static void dmvpn_dev_free(struct net_device *dev)
{
	struct dmvpn_dev *ddev = netdev_priv(dev);

	gro_cells_destroy(&ddev->gro_cells);
	dmvpn_limits_free(ddev);
	free_percpu(ddev->counters);
	kfree(rcu_dereference_protected(ddev->conf, true));
}

static int dmvpn_dev_open(struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);

	/* A better way through the cloud is NHRP's to tell, not ICMP's. The
	 * stack sends redirects when either of two switches is on, so both
	 * go off.
	 */
	if (in_dev) {
		IN_DEV_CONF_SET(in_dev, SEND_REDIRECTS, false);
		IPV4_DEVCONF_ALL(dev_net(dev), SEND_REDIRECTS) = false;
	}
	return 0;
}

static int dmvpn_dev_stop(struct net_device *dev)
{
	struct dmvpn_dev *ddev = netdev_priv(dev);

	dmvpn_mcast_stop(ddev);
	dmvpn_hold_stop(ddev);
	return 0;
}

static int dmvpn_dev_iflink(const struct net_device *dev)
{
	const struct dmvpn_dev *ddev = netdev_priv(dev);
	int link;

	rcu_read_lock();
	link = rcu_dereference(ddev->conf)->link;
	rcu_read_unlock();
	return link;
}

/* Nothing here depends on the carrier: it is for the routes of the device,
 * and set by who knows whether they lead anywhere. NHRP goes on without.
 */
static int dmvpn_dev_carrier(struct net_device *dev, bool carrier)
{
	if (carrier)
		netif_carrier_on(dev);
	else
		netif_carrier_off(dev);
	return 0;
}

static const struct net_device_ops dmvpn_netdev_ops = {
	.ndo_init = dmvpn_dev_init,
	.ndo_uninit = dmvpn_dev_uninit,
	.ndo_open = dmvpn_dev_open,
	.ndo_stop = dmvpn_dev_stop,
	.ndo_start_xmit = dmvpn_xmit,
	.ndo_get_stats64 = dev_get_tstats64,
	.ndo_get_iflink = dmvpn_dev_iflink,
	.ndo_change_carrier = dmvpn_dev_carrier,
};

static void dmvpn_get_drvinfo(struct net_device *dev,
			      struct ethtool_drvinfo *info)
{
	strscpy(info->driver, KBUILD_MODNAME, sizeof(info->driver));
	strscpy(info->version, DMVPN_VERSION, sizeof(info->version));
}

static const struct ethtool_ops dmvpn_ethtool_ops = {
	.get_drvinfo = dmvpn_get_drvinfo,
	.get_link = ethtool_op_get_link,
};

/**
 * dmvpn_is_dev() - is this one of our devices?
 * @dev: any device
 *
 * Return: true when netdev_priv() of it is a struct dmvpn_dev.
 */
bool dmvpn_is_dev(const struct net_device *dev)
{
	return dev->netdev_ops == &dmvpn_netdev_ops;
}

/**
 * dmvpn_dev_redirect() - is the device to detect redirects?
 * @ddev: device
 *
 * Return: true when configured so.
 */
bool dmvpn_dev_redirect(struct dmvpn_dev *ddev)
{
	bool redirect;

	rcu_read_lock();
	redirect = rcu_dereference(ddev->conf)->redirect;
	rcu_read_unlock();
	return redirect;
}

/**
 * dmvpn_conf_defaults() - what a device without attributes does
 * @conf: zeroed configuration
 *
 * Nothing goes out in the clear unless it is asked for.
 */
void dmvpn_conf_defaults(struct dmvpn_conf *conf)
{
	conf->ttl = 255;
	conf->df = DMVPN_DF_SET;
	conf->required = true;
	conf->shortcut = true;
	conf->max_peers = 16384;
	conf->max_entries = 131072;
	conf->max_mcast = 4096;
	conf->hold_queue = 64;
	conf->upcall_rate = 100;
	conf->redirect_rate = 100;
	conf->redirect_interval = 8000;
}

/**
 * dmvpn_dev_configure() - let a new configuration take effect
 * @ddev: device; its lock is held
 * @conf: valid configuration, becomes the device's
 *
 * What can fail has been done before.
 */
void dmvpn_dev_configure(struct dmvpn_dev *ddev, struct dmvpn_conf *conf)
{
	struct dmvpn_conf *old;
	bool moved;

	lockdep_assert_held(&ddev->lock);
	old = rcu_replace_pointer(ddev->conf, conf,
				  lockdep_is_held(&ddev->lock));
	moved = conf->local4 != old->local4 ||
		!ipv6_addr_equal(&conf->local6, &old->local6);
	kfree_rcu(old, rcu);
	dmvpn_bucket_set(&ddev->miss_bucket, conf->upcall_rate,
			 conf->upcall_rate);
	dmvpn_bucket_set(&ddev->redirect_bucket, conf->redirect_rate,
			 conf->redirect_rate);
	dmvpn_hashlimit_set(&ddev->redirect_limit,
			    msecs_to_jiffies(conf->redirect_interval));
	dmvpn_peers_reset(ddev);
	dmvpn_hold_flush(ddev);
	if (moved)
		dmvpn_nl_notify_dev(ddev);
}

/**
 * dmvpn_dev_setup() - rtnl_link_ops.setup
 * @dev: device
 *
 * Point-to-point without ARP, as the neighbour table could not hold what the
 * cache holds; that the device has many peers it keeps to itself.
 */
void dmvpn_dev_setup(struct net_device *dev)
{
	dev->netdev_ops = &dmvpn_netdev_ops;
	dev->ethtool_ops = &dmvpn_ethtool_ops;
	/* Who sends by a packet socket need not say which protocol it is. */
	dev->header_ops = &ip_tunnel_header_ops;
	dev->needs_free_netdev = true;
	dev->priv_destructor = dmvpn_dev_free;
	dev->pcpu_stat_type = NETDEV_PCPU_STAT_TSTATS;

	dev->type = ARPHRD_NONE;
	dev->flags = IFF_POINTOPOINT | IFF_NOARP | IFF_MULTICAST;
	dev->priv_flags |= IFF_NO_QUEUE;
	dev->mtu = DMVPN_MTU;
	dev->min_mtu = IPV4_MIN_MTU;
	dev->max_mtu = IP_MAX_MTU - sizeof(struct ipv6hdr) -
		       dmvpn_gre_len(true);
	dev->needed_headroom = sizeof(struct ipv6hdr) + dmvpn_gre_len(true);

	dev->features |= DMVPN_FEATURES;
	dev->hw_features |= DMVPN_FEATURES;
	dev->hw_enc_features |= DMVPN_FEATURES;
	dmvpn_compat_set_lltx(dev);
	/* The next hop of a packet is in its route. */
	netif_keep_dst(dev);
}
