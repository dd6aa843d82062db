// SPDX-License-Identifier: GPL-2.0-or-later
/* Traffic Indications: "there is a shorter way" (Cisco's type 8). */
#include "daemon/redirect.h"

#include <sys/socket.h>

#include "daemon/events.h"
#include "daemon/iface.h"
#include "daemon/path.h"
#include "daemon/resolve.h"
#include "daemon/rx.h"
#include "daemon/send.h"
#include "lib/log.h"
#include "nhrp/indication.h"

static const struct nh_rate per_peer = { .per_second = 10, .burst = 10 };

void nh_holddown_add(struct nh_holddown *h, const struct nh_addr *addr,
		     uint64_t until)
{
	size_t i;

	for (i = 0; i < NH_HOLDDOWN_MAX; i++) {
		if (nh_addr_equal(&h->place[i].addr, addr)) {
			h->place[i].until = until;
			return;
		}
	}
	h->place[h->next].addr = *addr;
	h->place[h->next].until = until;
	h->next = (h->next + 1) % NH_HOLDDOWN_MAX;
}

bool nh_holddown_has(const struct nh_holddown *h, const struct nh_addr *addr,
		     uint64_t now)
{
	size_t i;

	for (i = 0; i < NH_HOLDDOWN_MAX; i++)
		if (h->place[i].until > now &&
		    nh_addr_equal(&h->place[i].addr, addr))
			return true;
	return false;
}

/* An address of the quoted packet's family, for the packet's own families. */
static bool quoted_family(const struct dmvpn_nl_packet *packet,
			  struct nh_addr *addr)
{
	static const uint8_t zero[16];

	if (!packet->payload_len)
		return false;
	switch (packet->payload[0] >> 4) {
	case 4:
		return nh_addr_from_bytes(addr, zero, 4) == 0;
	case 6:
		return nh_addr_from_bytes(addr, zero, 16) == 0;
	}
	return false;
}

/* The quoted packet's source, as far as there is one. */
static bool quoted_source(const struct dmvpn_nl_packet *packet,
			  struct nh_addr *addr)
{
	switch (packet->payload[0] >> 4) {
	case 4:
		return packet->payload_len >= 20 &&
		       nh_addr_from_bytes(addr, packet->payload + 12, 4) == 0;
	case 6:
		return packet->payload_len >= 40 &&
		       nh_addr_from_bytes(addr, packet->payload + 8, 16) == 0;
	}
	return false;
}

/*
 * Of peers behind one NAT the kernel cannot say which one a forwarded packet
 * came from: its security association is known no more. But answers to it
 * take a route.
 */
static void tell_apart(struct nh_iface *iface,
		       const struct dmvpn_nl_packet *packet,
		       struct nh_endpoint *to)
{
	struct nh_endpoint ep;
	struct nh_addr source;
	struct nh_path path;

	if (!nh_ike_has_nat(&iface->ike, &to->nbma) ||
	    !quoted_source(packet, &source))
		return;
	nh_path_find(iface, &source, &path);
	if (path.kind == NH_PATH_TRANSIT && path.out == iface &&
	    nh_path_endpoint(iface, &path.next_hop, &ep) == 0 &&
	    nh_addr_equal(&ep.nbma, &to->nbma))
		*to = ep;
}

void nh_redirect_send(struct nh_iface *iface,
		      const struct dmvpn_nl_packet *packet)
{
	struct nh_endpoint to = { packet->nbma, packet->if_id };
	struct nh_view quoted = {
		packet->payload, (uint16_t)packet->payload_len
	};
	struct nhrp_self self;
	struct nh_addr any, src, dst;
	struct nhrp_pdu pdu;

	if (!iface->conf->redirect || !quoted_family(packet, &any) ||
	    nh_iface_self(iface, &to.nbma, &any, &self) ||
	    nhrp_build_traffic(&pdu, &self, quoted))
		return;
	if (!nh_peer_take(&iface->redirect_limit, &to.nbma, &per_peer,
			  nh_loop_now(iface->loop))) {
		nh_limited(iface, NH_L_REDIRECTS, &to.nbma);
		return;
	}
	tell_apart(iface, packet, &to);
	if (nh_send(iface, &pdu, &to, &pdu.dst_proto) == 0 &&
	    nhrp_traffic_inner(&pdu, &src, &dst))
		nh_event(iface, NH_EV_REDIRECT_SENT, 0, &to.nbma, &dst);
}

/* Whether our packets for @dst go through the tunnel and take a detour there. */
static bool takes_detour(struct nh_iface *iface, const struct nh_addr *dst)
{
	struct dmvpn_nl_entry entry;
	struct nh_path path;

	nh_path_find(iface, dst, &path);
	if (path.kind != NH_PATH_TRANSIT || path.out != iface)
		return false;
	/* An answer that is there already, its SAs may still be made. */
	if (nh_path_lookup(iface, dst, &entry) == 0 &&
	    entry.type == DMVPN_ENTRY_TYPE_RESOLVED)
		return false;
	return true;
}

/* A server has a section for each family, and one of them may be down. */
static bool is_up(const struct nh_iface *iface, const struct nh_endpoint *from)
{
	const struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nhs->state == NH_NHS_UP && !from->if_id &&
		    nh_addr_equal(&nhs->conf.nbma, &from->nbma))
			return true;
	return false;
}

void nh_redirect_receive(struct nh_iface *iface, const struct nh_rx *rx)
{
	char a[NH_ADDR_STRLEN], b[NH_ADDR_STRLEN];
	struct nh_addr src, dst;

	if (!is_up(iface, &rx->from)) {
		nh_count(iface, NH_C_NOT_TRUSTED);
		return;
	}
	if (!iface->conf->shortcut || !nhrp_traffic_inner(rx->pdu, &src, &dst))
		return;
	nh_debug(iface->conf->name, &rx->from.nbma,
		 "NHRP: Traffic Indication for packet src: %s, dst: %s",
		 nh_addr_format(&src, a, sizeof(a)),
		 nh_addr_format(&dst, b, sizeof(b)));
	nh_event(iface, NH_EV_REDIRECTED, 0, &rx->from.nbma, &dst);
	if (takes_detour(iface, &dst))
		nh_resolve_redirect(iface, &dst, &rx->from.nbma);
}
