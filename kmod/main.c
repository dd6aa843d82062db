// SPDX-License-Identifier: GPL-2.0-only
/* Module entry and exit: what exists, in the order it depends on. */
#include <linux/module.h>
#include <net/genetlink.h>
#include <net/rtnetlink.h>

#include "dmvpn.h"
#include "link.h"
#include "lpm.h"
#include "net.h"
#include "netlink.h"
#include "upcall.h"
#include "xfrm.h"

/* First what devices need, last what lets devices be made. */
static int __init dmvpn_init(void)
{
	int err;

	err = dmvpn_lpm_cache_init();
	if (err)
		return err;
	err = dmvpn_net_register();
	if (err)
		goto err_lpm;
	dmvpn_xfrm_register();
	err = dmvpn_upcall_register();
	if (err)
		goto err_xfrm;
	err = dmvpn_nl_register();
	if (err)
		goto err_upcall;
	err = dmvpn_link_register();
	if (err)
		goto err_nl;
	return 0;

err_nl:
	dmvpn_nl_unregister();
err_upcall:
	dmvpn_upcall_unregister();
err_xfrm:
	dmvpn_xfrm_unregister();
	dmvpn_net_unregister();
err_lpm:
	dmvpn_lpm_cache_destroy();
	return err;
}

static void __exit dmvpn_exit(void)
{
	dmvpn_link_unregister();
	dmvpn_nl_unregister();
	dmvpn_upcall_unregister();
	dmvpn_xfrm_unregister();
	dmvpn_net_unregister();
	/* Peers and entries may still be on their way out. */
	rcu_barrier();
	dmvpn_lpm_cache_destroy();
}

module_init(dmvpn_init);
module_exit(dmvpn_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Dynamic Multipoint VPN: multipoint GRE with an NHRP cache");
MODULE_VERSION(DMVPN_VERSION);
MODULE_ALIAS_RTNL_LINK("dmvpn");
MODULE_ALIAS_GENL_FAMILY(DMVPN_FAMILY_NAME);
/* An association gets its segmentation offload when it is made, not later. */
MODULE_SOFTDEP("pre: esp4_offload esp6_offload");
