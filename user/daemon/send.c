// SPDX-License-Identifier: GPL-2.0-or-later
/* NHRP packets on their way out. */
#include "daemon/send.h"

#include <errno.h>
#include <linux/dmvpn.h>

#include "daemon/iface.h"
#include "daemon/remark.h"
#include "lib/log.h"
#include "nhrp/print.h"

/* In the words of the classic "debug nhrp". */
static void trace(const struct nh_iface *iface, const struct nhrp_pdu *pdu,
		  const struct nh_endpoint *to, const char *verb,
		  const struct nh_addr *towards, size_t len)
{
	const char *dev = iface->conf->name;
	const struct nhrp_self *self;
	char event[128], ends[128], addr[NH_ADDR_STRLEN];
	struct nhrp_self own;

	if (!nh_log_wants(NH_LOG_DEBUG, &to->nbma))
		return;
	self = nh_iface_self(iface, &to->nbma, &pdu->src_proto, &own) ?
		NULL : &own;
	nh_debug(dev, &to->nbma, "NHRP: Encapsulation succeeded. Tunnel IP addr %s",
		 nh_addr_format(&to->nbma, addr, sizeof(addr)));
	nh_debug(dev, &to->nbma, "NHRP: %s",
		 nhrp_print_event(event, sizeof(event), verb, pdu->type, dev,
				  len));
	nh_debug(dev, &to->nbma, "NHRP:%s",
		 nhrp_print_ends(ends, sizeof(ends),
				 self ? &self->proto : &pdu->src_proto,
				 towards));
	nh_debug(dev, &to->nbma, "NHRP: %zu bytes out %s", len, dev);
}

static int send_pdu(struct nh_iface *iface, const struct nhrp_pdu *pdu,
		    const struct nh_endpoint *to, const char *verb,
		    const struct nh_addr *towards)
{
	struct nh_kernel *k = iface->kernel;
	const char *dev = iface->conf->name;
	uint8_t octets[DMVPN_PACKET_MAX];
	ssize_t len;
	int err;

	len = nhrp_pdu_encode(pdu, octets, sizeof(octets));
	if (len < 0) {
		nh_count(iface, NH_C_SEND_FAILED);
		nh_remark(NH_LOG_WARNING, iface, &to->nbma,
			  "a %s cannot be encoded: %s",
			  nhrp_type_name(pdu->type),
			  len == -EMSGSIZE ? "too long" : "addresses differ");
		return (int)len;
	}
	err = k->ops->packet_send(k, iface->ifindex, to, octets, (size_t)len);
	if (err == -EAGAIN) {
		nh_count(iface, NH_C_NO_SA);
		nh_debug(dev, &to->nbma,
			 "NHRP: %s not sent: no security association yet",
			 nhrp_type_name(pdu->type));
		return err;
	}
	if (err) {
		nh_count(iface, NH_C_SEND_FAILED);
		nh_remark(NH_LOG_WARNING, iface, &to->nbma,
			  "a %s cannot be sent: %s",
			  nhrp_type_name(pdu->type), k->ops->error(k));
		return err;
	}
	iface->stats.out[pdu->type]++;
	trace(iface, pdu, to, verb, towards, (size_t)len);
	return 0;
}

/* What is said meanwhile is about the ends of this packet. */
static int send_traced(struct nh_iface *iface, const struct nhrp_pdu *pdu,
		       const struct nh_endpoint *to, const char *verb,
		       const struct nh_addr *towards)
{
	const struct nh_log_subject ends = {
		{ pdu->src_proto, pdu->dst_proto }
	};
	struct nh_log_subject before = nh_log_about(&ends);
	int err = send_pdu(iface, pdu, to, verb, towards);

	nh_log_about(&before);
	return err;
}

int nh_send(struct nh_iface *iface, const struct nhrp_pdu *pdu,
	    const struct nh_endpoint *to, const struct nh_addr *towards)
{
	int err = send_traced(iface, pdu, to, "Send", towards);

	if (!err)
		nh_stats_answers(iface->stats.answers_out, pdu);
	return err;
}

int nh_send_forwarded(struct nh_iface *iface, const struct nhrp_pdu *pdu,
		      const struct nh_endpoint *to)
{
	int err = send_traced(iface, pdu, to, "Forwarding",
			      nhrp_pdu_is_reply(pdu) ? &pdu->src_proto :
			      &pdu->dst_proto);

	if (!err)
		iface->stats.forwarded[pdu->type]++;
	return err;
}
