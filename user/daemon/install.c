// SPDX-License-Identifier: GPL-2.0-or-later
/* Bindings told by Resolution Replies. */
#include "daemon/install.h"

#include <errno.h>
#include <sys/socket.h>

#include "daemon/claim.h"
#include "daemon/events.h"
#include "daemon/iface.h"
#include "daemon/path.h"
#include "daemon/rx.h"
#include "lib/log.h"
#include "nhrp/nat.h"

#define SMALLEST_MTU	576

static bool unicast(const struct nh_addr *addr)
{
	return nh_addr_is_set(addr) && !nh_addr_is_any(addr) &&
	       !nh_addr_is_multicast(addr) && !nh_addr_is_loopback(addr) &&
	       !nh_addr_is_v4mapped(addr);
}

static void read_prefix(const struct nh_iface *iface, const struct nh_rx *rx,
			const struct nhrp_cie *cie, struct nh_prefix *prefix)
{
	const struct nh_addr *dst = &rx->pdu->dst_proto;
	int plen = nhrp_cie_prefix(cie, dst);

	if (plen < 0 || nh_prefix_make(prefix, dst, (unsigned int)plen) ||
	    (!nh_prefix_is_host(prefix) && nh_path_too_wide(iface, prefix)))
		nh_prefix_make(prefix, dst, nh_addr_bits(dst));
}

const char *nh_binding_read(const struct nh_iface *iface,
			    const struct nh_rx *rx,
			    struct nh_binding *binding)
{
	const struct nhrp_pdu *pdu = rx->pdu;
	const struct nhrp_cie *cie = &pdu->cie[0];
	struct nh_addr behind;

	*binding = (struct nh_binding){
		.nbma = cie->nbma,
		.proto = cie->proto,
		.holdtime = cie->holdtime < NH_HOLD_MAX ? cie->holdtime :
			    NH_HOLD_MAX,
		.preference = cie->preference,
		.unique = pdu->flags & NHRP_RES_UNIQUE,
	};
	read_prefix(iface, rx, cie, &binding->prefix);
	/* Cisco writes the size of its interface there: an upper bound only. */
	if (cie->mtu >= SMALLEST_MTU && cie->mtu < iface->conf->mtu)
		binding->mtu = cie->mtu;
	if (nh_addr_is_set(&cie->proto) &&
	    nhrp_nat_lookup(pdu, &cie->proto, &behind) &&
	    !nh_addr_equal(&behind, &cie->nbma)) {
		binding->nbma = behind;
		binding->claimed = cie->nbma;
	}
	/* Only the egress itself shows its interface id. */
	if (nh_addr_equal(&binding->nbma, &rx->from.nbma))
		binding->if_id = rx->from.if_id;
	if (!unicast(&binding->nbma))
		return "the reply has no usable NBMA address";
	if (!binding->holdtime)
		return "the reply has no holding time";
	if (nh_addr_equal(&binding->nbma, &rx->self.nbma) ||
	    nh_addr_equal(&binding->nbma, &iface->mapped4) ||
	    nh_addr_equal(&binding->nbma, &iface->mapped6))
		return "the NBMA address is our own: both are behind one NAT";
	return NULL;
}

/* Whether what was configured or registered holds the prefix; it may if the
 * kernel does not say.
 */
static bool is_held(struct nh_iface *iface, const struct nh_prefix *prefix)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry old;
	int err;

	err = k->ops->entry_get(k, iface->ifindex, prefix, &old);
	if (err)
		return err != -ENOENT;
	return old.type == DMVPN_ENTRY_TYPE_STATIC ||
	       old.type == DMVPN_ENTRY_TYPE_NHS ||
	       old.type == DMVPN_ENTRY_TYPE_REGISTERED;
}

/* Whether the address is another node's by that one's own answer, or is being
 * asked for: then nobody's answer about something else says whose it is.
 */
static bool is_anothers(struct nh_iface *iface,
			const struct nh_binding *binding,
			const struct nh_prefix *host)
{
	const struct nh_endpoint ep = { binding->nbma, binding->if_id };
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry old;
	struct nh_endpoint holder;

	if (nh_request_about(&iface->requests, NHRP_RESOLUTION_REQUEST,
			     &host->addr))
		return true;
	if (k->ops->entry_get(k, iface->ifindex, host, &old) ||
	    old.type != DMVPN_ENTRY_TYPE_RESOLVED)
		return false;
	holder = (struct nh_endpoint){ old.nbma, old.if_id };
	return !nh_endpoint_equal(&holder, &ep);
}

static int write_entry(struct nh_iface *iface,
		       const struct nh_binding *binding,
		       const struct nh_prefix *prefix)
{
	struct nh_kernel *k = iface->kernel;
	struct dmvpn_nl_entry entry = {
		.ifindex = iface->ifindex,
		.prefix = *prefix,
		.type = DMVPN_ENTRY_TYPE_RESOLVED,
		.nbma = binding->nbma,
		.if_id = binding->if_id,
		.holding_time = binding->holdtime,
		.mtu = binding->mtu,
		.preference = binding->preference,
		.flags = DMVPN_ENTRY_FLAGS_REFRESH,
		.claimed = binding->claimed,
		.protocol = binding->proto,
	};
	int err;

	if (is_held(iface, prefix))
		return -EEXIST;
	if (nh_addr_is_set(&binding->claimed))
		entry.flags |= DMVPN_ENTRY_FLAGS_NAT;
	if (binding->unique)
		entry.flags |= DMVPN_ENTRY_FLAGS_UNIQUE;
	err = k->ops->entry_set(k, &entry, DMVPN_NL_ENTRY_ANY);
	if (err)
		nh_warn(iface->conf->name, &binding->nbma,
			"the answer is not stored: %s", k->ops->error(k));
	return err;
}

int nh_binding_install(struct nh_iface *iface, const struct nh_rx *rx,
		       const struct nh_binding *binding)
{
	char prefix[NH_PREFIX_STRLEN], proto[NH_ADDR_STRLEN];
	struct nh_prefix host;
	int err;

	err = write_entry(iface, binding, &binding->prefix);
	if (err)
		return err;
	nh_info(iface->conf->name, &binding->nbma,
		"resolved %s protocol=%s holding-time=%u",
		nh_prefix_format(&binding->prefix, prefix, sizeof(prefix)),
		nh_addr_format(&binding->proto, proto, sizeof(proto)),
		binding->holdtime);
	nh_event_prefix(iface, NH_EV_RESOLVED, 0, &binding->nbma,
			&binding->prefix);
	if (!unicast(&binding->proto) ||
	    nh_conf_is_own(iface->conf, &binding->proto))
		return 0;
	nh_prefix_make(&host, &binding->proto, nh_addr_bits(&binding->proto));
	if (!nh_prefix_equal(&host, &binding->prefix) &&
	    !is_anothers(iface, binding, &host) &&
	    nh_claim_of(iface, rx, &host, &binding->proto))
		write_entry(iface, binding, &host);
	return 0;
}
