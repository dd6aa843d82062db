// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network namespaces: the lists of devices, the netfilter hooks that exist
 * only while a device needs them, and the notifiers that follow underlay
 * devices, their addresses, and our own devices on their way between
 * namespaces.
 */
#include "net.h"

#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/netfilter.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/netfilter/ipv6/nf_defrag_ipv6.h>
#include <net/netns/generic.h>

#include "device.h"
#include "dmvpn.h"
#include "local.h"
#include "redirect.h"
#include "rx.h"
#include "upcall.h"

LIST_HEAD(dmvpn_devices);

static unsigned int dmvpn_net_id __read_mostly;

/**
 * dmvpn_net() - our part of a network namespace
 * @net: namespace
 *
 * Return: our part; NULL in a namespace that was not set up to the end.
 */
struct dmvpn_net *dmvpn_net(const struct net *net)
{
	return net_generic(net, dmvpn_net_id);
}

/* IPv6 fragments become whole behind LOCAL_IN, unless they are put together
 * in front of it.
 */
static int dmvpn_net_hooks_add(struct net *net)
{
	int err;

	if (IS_ENABLED(CONFIG_NF_DEFRAG_IPV6)) {
		err = nf_defrag_ipv6_enable(net);
		if (err)
			return err;
	}
	err = nf_register_net_hooks(net, dmvpn_rx_hooks, DMVPN_RX_HOOKS);
	if (err && IS_ENABLED(CONFIG_NF_DEFRAG_IPV6))
		nf_defrag_ipv6_disable(net);
	return err;
}

static void dmvpn_net_hooks_del(struct net *net)
{
	nf_unregister_net_hooks(net, dmvpn_rx_hooks, DMVPN_RX_HOOKS);
	if (IS_ENABLED(CONFIG_NF_DEFRAG_IPV6))
		nf_defrag_ipv6_disable(net);
}

/**
 * dmvpn_net_add() - start receiving for a device
 * @ddev: device
 *
 * Context: RTNL.
 *
 * Return: 0, or why the receive hooks cannot be had.
 */
int dmvpn_net_add(struct dmvpn_dev *ddev)
{
	struct dmvpn_net *dn = dmvpn_net(ddev->net);
	int err;

	ASSERT_RTNL();
	if (!dn->nr_devices) {
		err = dmvpn_net_hooks_add(ddev->net);
		if (err)
			return err;
	}
	dn->nr_devices++;
	list_add_tail_rcu(&ddev->list, &dn->devices);
	list_add_tail_rcu(&ddev->all, &dmvpn_devices);
	return 0;
}

/**
 * dmvpn_net_del() - stop receiving for a device
 * @ddev: device, added or not
 *
 * Nobody finds the device any more when this returns.
 *
 * Context: RTNL.
 */
void dmvpn_net_del(struct dmvpn_dev *ddev)
{
	struct dmvpn_net *dn = dmvpn_net(ddev->net);

	ASSERT_RTNL();
	if (list_empty(&ddev->list))
		return;
	list_del_rcu(&ddev->list);
	list_del_rcu(&ddev->all);
	synchronize_net();
	INIT_LIST_HEAD(&ddev->list);
	INIT_LIST_HEAD(&ddev->all);
	if (!--dn->nr_devices)
		dmvpn_net_hooks_del(ddev->net);
}

/**
 * dmvpn_net_redirects() - start or stop looking at forwarded packets
 * @ddev: device
 * @want: the device is to detect redirects in the namespace it is in
 *
 * Context: RTNL.
 *
 * Return: 0, or why the forward hooks cannot be had.
 */
int dmvpn_net_redirects(struct dmvpn_dev *ddev, bool want)
{
	struct net *net = dev_net(ddev->dev);
	struct dmvpn_net *dn = dmvpn_net(net);
	int err;

	ASSERT_RTNL();
	if (ddev->redirects == want)
		return 0;
	if (want && !dn->nr_redirects) {
		err = nf_register_net_hooks(net, dmvpn_redirect_hooks,
					    DMVPN_REDIRECT_HOOKS);
		if (err)
			return err;
	}
	ddev->redirects = want;
	dn->nr_redirects += want ? 1 : -1;
	if (!dn->nr_redirects)
		nf_unregister_net_hooks(net, dmvpn_redirect_hooks,
					DMVPN_REDIRECT_HOOKS);
	return 0;
}

/* A device of ours came into a namespace or is leaving one. */
static void dmvpn_net_own_event(struct net_device *dev, unsigned long event)
{
	struct dmvpn_dev *ddev = netdev_priv(dev);

	switch (event) {
	case NETDEV_REGISTER:
		/* Who asked in the old namespace may have become the owner
		 * since the device left it. The lock lets him finish.
		 */
		mutex_lock(&ddev->lock);
		dmvpn_owner_reset(ddev);
		mutex_unlock(&ddev->lock);
		if (dmvpn_net_redirects(ddev, dmvpn_dev_redirect(ddev)))
			netdev_warn(dev, "no redirects: out of memory\n");
		break;
	case NETDEV_UNREGISTER:
		dmvpn_net_redirects(ddev, false);
		/* Its port is one of the namespace that the device leaves. */
		dmvpn_owner_reset(ddev);
		break;
	}
}

/* Something about a device changed that may be an underlay. Its namespace may be
 * one that cannot be set up and has no part of ours.
 */
static void dmvpn_net_link_event(const struct net_device *link)
{
	struct dmvpn_dev *ddev;

	rcu_read_lock();
	list_for_each_entry_rcu(ddev, &dmvpn_devices, all) {
		if (net_eq(ddev->net, dev_net(link)) &&
		    rcu_dereference(ddev->conf)->link == link->ifindex)
			dmvpn_local_changed(ddev);
	}
	rcu_read_unlock();
}

static int dmvpn_netdev_event(struct notifier_block *nb, unsigned long event,
			      void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);

	if (dmvpn_is_dev(dev))
		dmvpn_net_own_event(dev, event);
	switch (event) {
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGEUPPER:
	case NETDEV_UNREGISTER:
		dmvpn_net_link_event(dev);
	}
	return NOTIFY_DONE;
}

static int dmvpn_inetaddr_event(struct notifier_block *nb,
				unsigned long event, void *data)
{
	const struct in_ifaddr *ifa = data;

	dmvpn_net_link_event(ifa->ifa_dev->dev);
	return NOTIFY_DONE;
}

static int dmvpn_inet6addr_event(struct notifier_block *nb,
				 unsigned long event, void *data)
{
	const struct inet6_ifaddr *ifp = data;

	dmvpn_net_link_event(ifp->idev->dev);
	return NOTIFY_DONE;
}

static struct notifier_block dmvpn_netdev_notifier = {
	.notifier_call = dmvpn_netdev_event,
};

static struct notifier_block dmvpn_inetaddr_notifier = {
	.notifier_call = dmvpn_inetaddr_event,
};

static struct notifier_block dmvpn_inet6addr_notifier = {
	.notifier_call = dmvpn_inet6addr_event,
};

static int __net_init dmvpn_net_init(struct net *net)
{
	INIT_LIST_HEAD(&dmvpn_net(net)->devices);
	return 0;
}

/* Devices that were moved elsewhere lose their underlay, so they go too. */
static void __net_exit dmvpn_net_exit_batch(struct list_head *nets)
{
	struct dmvpn_dev *ddev;
	struct net *net;
	LIST_HEAD(kill);

	rtnl_lock();
	list_for_each_entry(net, nets, exit_list) {
		list_for_each_entry(ddev, &dmvpn_net(net)->devices, list)
			unregister_netdevice_queue(ddev->dev, &kill);
	}
	unregister_netdevice_many(&kill);
	rtnl_unlock();
}

static struct pernet_operations dmvpn_net_ops = {
	.init = dmvpn_net_init,
	.exit_batch = dmvpn_net_exit_batch,
	.id = &dmvpn_net_id,
	.size = sizeof(struct dmvpn_net),
};

/**
 * dmvpn_net_register() - start following namespaces, devices and addresses
 *
 * Return: 0 or a negative error.
 */
int dmvpn_net_register(void)
{
	int err;

	err = register_pernet_device(&dmvpn_net_ops);
	if (err)
		return err;
	err = register_netdevice_notifier(&dmvpn_netdev_notifier);
	if (err)
		goto err_pernet;
	err = register_inetaddr_notifier(&dmvpn_inetaddr_notifier);
	if (err)
		goto err_netdev;
	err = register_inet6addr_notifier(&dmvpn_inet6addr_notifier);
	if (err)
		goto err_inetaddr;
	return 0;

err_inetaddr:
	unregister_inetaddr_notifier(&dmvpn_inetaddr_notifier);
err_netdev:
	unregister_netdevice_notifier(&dmvpn_netdev_notifier);
err_pernet:
	unregister_pernet_device(&dmvpn_net_ops);
	return err;
}

/**
 * dmvpn_net_unregister() - stop following them; there are no devices left
 */
void dmvpn_net_unregister(void)
{
	unregister_inet6addr_notifier(&dmvpn_inet6addr_notifier);
	unregister_inetaddr_notifier(&dmvpn_inetaddr_notifier);
	unregister_netdevice_notifier(&dmvpn_netdev_notifier);
	unregister_pernet_device(&dmvpn_net_ops);
}
