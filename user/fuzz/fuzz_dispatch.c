// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any sequence of packets and events at a running daemon: a hub that is a
 * client as well, over a kernel that only remembers its cache. Length and
 * checksum of each packet are put right, or nearly none would get past them.
 * Whatever comes, no table outgrows its limit and no answer its packet.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/dispatch.h"
#include "daemon/server.h"
#include "lib/log.h"

#define ENTRIES	96
#define IFINDEX	7
#define FLOOD	64	/* packets of a flood, each a little different */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The hub of the committed seeds: what they ask of it is for it. */
static const char conf_text[] =
	"[Tunnel]\nSource=203.0.113.1\nAddress=172.16.0.1/24\nProtection=none\n"
	"Address=2001:db8::1/64\n[NHRP]\nRedirect=yes\nMapMulticast=dynamic\n"
	"Server=yes\nAcceptPrefixes=10.0.0.0/8 172.0.0.0/8 2001::/16\n"
	"Register=10.9.9.0/24\n"
	"[NHS]\nAddress=172.16.0.9\nNbma=203.0.113.9\n"
	"[Map]\nPrefix=172.16.0.3/32\nNbma=203.0.113.3\n";

static struct dmvpn_nl_entry entries[ENTRIES];
static size_t nentries;
/* Length of the packet that is dealt with; 0: what is sent answers none. */
static size_t answering;

static struct dmvpn_nl_entry *find(const struct nh_prefix *prefix)
{
	size_t i;

	for (i = 0; i < nentries; i++)
		if (nh_prefix_equal(&entries[i].prefix, prefix))
			return &entries[i];
	return NULL;
}

static int link_get(struct nh_kernel *k, const char *name,
		    struct dmvpn_nl_link *link)
{
	(void)k;
	(void)name;
	*link = (struct dmvpn_nl_link){ .ifindex = IFINDEX };
	return 0;
}

static int link_set(struct nh_kernel *k, const struct dmvpn_nl_link *link)
{
	(void)k;
	(void)link;
	return 0;
}

static int inet_add(struct nh_kernel *k, uint32_t ifindex,
		    const struct nh_addr *addr, uint8_t plen)
{
	(void)k;
	(void)ifindex;
	(void)addr;
	(void)plen;
	return 0;
}

static int inet_dump(struct nh_kernel *k, uint32_t ifindex,
		     struct dmvpn_nl_inet **list, size_t *n)
{
	(void)k;
	(void)ifindex;
	*list = NULL;
	*n = 0;
	return 0;
}

/* The tunnel's subnet, one network behind us, one behind another node. */
static int route_get(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_addr *dst, struct dmvpn_nl_route *route)
{
	(void)k;
	(void)ifindex;
	*route = (struct dmvpn_nl_route){ .type = RTN_UNICAST };
	nh_prefix_make(&route->prefix, dst, dst->len == 4 ? 16 : 48);
	route->oif = dst->bytes[1] & 1 ? IFINDEX + 1 : IFINDEX;
	if (dst->bytes[1] & 2)
		nh_addr_parse(&route->gateway, "172.16.0.3");
	return dst->bytes[1] & 4 ? -ENETUNREACH : 0;
}

static int route_inside(struct nh_kernel *k,
			const struct dmvpn_nl_route *route)
{
	(void)k;
	return route->prefix.addr.bytes[0] & 1;
}

static int route_watch(struct nh_kernel *k, bool on)
{
	(void)k;
	(void)on;
	return 0;
}

static int dev_get(struct nh_kernel *k, uint32_t ifindex,
		   struct dmvpn_nl_dev *dev)
{
	(void)k;
	*dev = (struct dmvpn_nl_dev){ .ifindex = ifindex };
	return nh_addr_parse(&dev->local4, "203.0.113.1");
}

static int nothing(struct nh_kernel *k, uint32_t ifindex)
{
	(void)k;
	(void)ifindex;
	return 0;
}

static int entry_set(struct nh_kernel *k, const struct dmvpn_nl_entry *entry,
		     enum dmvpn_nl_entry_mode mode)
{
	struct dmvpn_nl_entry *e = find(&entry->prefix);
	bool peer = nh_addr_is_set(&entry->nbma);

	(void)k;
	/* What is learned ends, and soon enough. */
	if ((entry->type == DMVPN_ENTRY_TYPE_REGISTERED ||
	     entry->type == DMVPN_ENTRY_TYPE_RESOLVED) &&
	    (!entry->holding_time || entry->holding_time > NH_HOLD_MAX))
		abort();
	/* What the kernel would refuse must not be asked for. */
	if (peer == (entry->type == DMVPN_ENTRY_TYPE_INCOMPLETE ||
		     entry->type == DMVPN_ENTRY_TYPE_NEGATIVE))
		abort();
	if (e && mode == DMVPN_NL_ENTRY_CREATE)
		return -EEXIST;
	if (e && mode == DMVPN_NL_ENTRY_RENEW) {
		if (e->type != entry->type || e->flags != entry->flags ||
		    !nh_addr_equal(&e->nbma, &entry->nbma) ||
		    !nh_addr_equal(&e->claimed, &entry->claimed) ||
		    !nh_addr_equal(&e->protocol, &entry->protocol))
			return -EEXIST;
		*e = *entry;
		return 1;
	}
	/* Configuration is not replaced by what packets say. */
	if (e && (e->type == DMVPN_ENTRY_TYPE_STATIC ||
		  e->type == DMVPN_ENTRY_TYPE_NHS) && e->type != entry->type)
		abort();
	if (!e && nentries == ENTRIES)
		return -ENOSPC;
	if (!e)
		e = &entries[nentries++];
	*e = *entry;
	return 0;
}

static int entry_del(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_prefix *prefix)
{
	struct dmvpn_nl_entry *e = find(prefix);

	(void)k;
	(void)ifindex;
	if (!e)
		return -ENOENT;
	if (e->type == DMVPN_ENTRY_TYPE_STATIC ||
	    e->type == DMVPN_ENTRY_TYPE_NHS)
		abort();
	*e = entries[--nentries];
	return 0;
}

static int entry_get(struct nh_kernel *k, uint32_t ifindex,
		     const struct nh_prefix *prefix,
		     struct dmvpn_nl_entry *entry)
{
	struct dmvpn_nl_entry *e = find(prefix);

	(void)k;
	(void)ifindex;
	if (!e)
		return -ENOENT;
	*entry = *e;
	return 0;
}

static int entry_dump(struct nh_kernel *k, uint32_t ifindex,
		      struct dmvpn_nl_entry **list, size_t *n)
{
	(void)k;
	(void)ifindex;
	*n = nentries;
	*list = calloc(nentries + 1, sizeof(**list));
	if (!*list)
		return -ENOMEM;
	memcpy(*list, entries, nentries * sizeof(**list));
	return 0;
}

static int peer_set(struct nh_kernel *k, const struct dmvpn_nl_peer *peer)
{
	(void)k;
	(void)peer;
	return 0;
}

static int peer_get(struct nh_kernel *k, uint32_t ifindex,
		    const struct nh_endpoint *ep, struct dmvpn_nl_peer *peer)
{
	size_t i;

	(void)k;
	*peer = (struct dmvpn_nl_peer){ .ifindex = ifindex, .nbma = ep->nbma };
	for (i = 0; i < nentries; i++)
		peer->entries += nh_addr_equal(&entries[i].nbma, &ep->nbma);
	return 0;
}

static int peer_dump(struct nh_kernel *k, uint32_t ifindex,
		     struct dmvpn_nl_peer **list, size_t *n)
{
	(void)k;
	(void)ifindex;
	*list = NULL;
	*n = 0;
	return 0;
}

static int mcast(struct nh_kernel *k, uint32_t ifindex,
		 const struct nh_endpoint *ep)
{
	(void)k;
	(void)ifindex;
	(void)ep;
	return 0;
}

/* An error adds its own header and addresses of at most 16 octets. */
#define ERROR_MORE	(28 + 3 * 16)

/* Each packet that leaves is one that we would accept. */
static int packet_send(struct nh_kernel *k, uint32_t ifindex,
		       const struct nh_endpoint *ep, const void *payload,
		       size_t len)
{
	struct nhrp_refusal why;
	struct nhrp_pdu pdu;

	(void)k;
	(void)ifindex;
	if (!nhrp_pdu_parse(&pdu, payload, len, &why))
		abort();
	if (pdu.type == NHRP_ERROR_INDICATION &&
	    (!answering || len > answering + ERROR_MORE))
		abort();
	return ep->nbma.bytes[3] & 0x40 ? -EAGAIN : 0;
}

/* A pair with the server of the tunnel, one of them with its first packet. */
static int sa_dump(struct nh_kernel *k, struct dmvpn_nl_sa **list, size_t *n)
{
	struct dmvpn_nl_sa *sa = calloc(2, sizeof(*sa));

	(void)k;
	if (!sa)
		return -ENOMEM;
	sa[0].spi = 1;
	sa[1].spi = 2;
	sa[1].used = 1;
	nh_addr_parse(&sa[0].src, "203.0.113.1");
	nh_addr_parse(&sa[0].dst, "203.0.113.9");
	sa[1].src = sa[0].dst;
	sa[1].dst = sa[0].src;
	*list = sa;
	*n = 2;
	return 0;
}

static int sa_del(struct nh_kernel *k, const struct dmvpn_nl_sa *sa)
{
	(void)k;
	/* Nothing else was ever shown. */
	if (sa->spi != 1 && sa->spi != 2)
		abort();
	return 0;
}

static int policy_has(struct nh_kernel *k, const struct nh_addr *local)
{
	(void)k;
	(void)local;
	return 1;
}

static const char *error(struct nh_kernel *k)
{
	(void)k;
	return "";
}

static const struct nh_kernel_ops ops = {
	.link_get = link_get,
	.link_set = link_set,
	.inet_add = inet_add,
	.inet_dump = inet_dump,
	.route_get = route_get,
	.route_inside = route_inside,
	.route_watch = route_watch,
	.dev_get = dev_get,
	.bind = nothing,
	.unbind = nothing,
	.entry_set = entry_set,
	.entry_del = entry_del,
	.entry_get = entry_get,
	.entry_dump = entry_dump,
	.peer_set = peer_set,
	.peer_get = peer_get,
	.peer_dump = peer_dump,
	.mcast_add = mcast,
	.mcast_del = mcast,
	.packet_send = packet_send,
	.sa_dump = sa_dump,
	.sa_del = sa_del,
	.policy_has = policy_has,
	.error = error,
};

static void quiet(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

static void report(void *arg, const char *text)
{
	(void)arg;
	(void)text;
	abort();
}

static void put_right(uint8_t *octets, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	if (len < NHRP_HDR_LEN)
		return;
	octets[NHRP_OFF_PKTSZ] = (uint8_t)(len >> 8);
	octets[NHRP_OFF_PKTSZ + 1] = (uint8_t)len;
	octets[NHRP_OFF_CHKSUM] = 0;
	octets[NHRP_OFF_CHKSUM + 1] = 0;
	for (i = 0; i < len; i++)
		sum += i & 1 ? octets[i] : (uint32_t)octets[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum;
	octets[NHRP_OFF_CHKSUM] = (uint8_t)(sum >> 8);
	octets[NHRP_OFF_CHKSUM + 1] = (uint8_t)sum;
}

static size_t to_server(const struct nh_iface *iface,
			const struct nh_endpoint *server)
{
	const struct nh_request *req;
	size_t n = 0;

	LIST_FOREACH(req, &iface->requests.list, link)
		n += nh_endpoint_equal(&req->server, server);
	return n;
}

static void check_requests(const struct nh_iface *iface)
{
	const struct nh_request *req;
	size_t n = 0;

	LIST_FOREACH(req, &iface->requests.list, link) {
		n++;
		if (req->sent > req->ops->tries)
			abort();
		if (iface->requests.n > NH_REQUESTS_PER_SERVER &&
		    to_server(iface, &req->server) > NH_REQUESTS_PER_SERVER)
			abort();
	}
	if (n != iface->requests.n || n > NH_REQUESTS_MAX)
		abort();
}

/* The cache holds more than one peer can fill. */
static void check_entries(void)
{
	size_t i, j, n;

	for (i = 0; i < nentries; i++) {
		if (entries[i].type != DMVPN_ENTRY_TYPE_REGISTERED)
			continue;
		for (j = 0, n = 0; j < nentries; j++)
			n += entries[j].type == DMVPN_ENTRY_TYPE_REGISTERED &&
			     nh_addr_equal(&entries[i].nbma, &entries[j].nbma);
		if (n > NH_CONF_REGISTRATIONS)
			abort();
	}
}

static void check_told(const struct nh_iface *iface)
{
	uint64_t now = nh_loop_now(iface->loop);
	const struct nh_telling *t;
	size_t n = 0;

	TAILQ_FOREACH(t, &iface->told.list, link) {
		n++;
		if (t->until > now + (uint64_t)NH_HOLD_MAX * 1000)
			abort();
	}
	if (n != iface->told.n || n > NH_TOLD_MAX)
		abort();
}

/* What a remote node can make grow, and how far; the rest is fixed memory. */
static void check_limits(const struct nh_iface *iface, uint64_t began)
{
	uint64_t seconds = (nh_loop_now(iface->loop) - began) / 1000 + 1;
	uint64_t errors = 0;
	unsigned int i;

	check_entries();
	check_requests(iface);
	check_told(iface);
	if (iface->delayed.n > NH_DELAYED_MAX ||
	    !iface->delayed.n != TAILQ_EMPTY(&iface->delayed.list))
		abort();
	if (iface->holddown.next >= NH_HOLDDOWN_MAX ||
	    iface->divided.next >= sizeof(iface->divided.place) /
				   sizeof(iface->divided.place[0]))
		abort();
	for (i = 0; i < NH_STATS_ERRORS; i++)
		errors += iface->stats.errors_out[i];
	if (errors > 20 + 20 * seconds)
		abort();
}

static void packet(struct nh_iface *iface, uint8_t *octets, size_t len,
		   const struct nh_endpoint *from)
{
	put_right(octets, len);
	answering = len;
	nh_dispatch_packet(iface, octets, len, from);
	answering = 0;
}

/* The same again and again, from other places, about other addresses. */
static void flood(struct nh_iface *iface, uint8_t *octets, size_t len,
		  struct nh_endpoint *from)
{
	unsigned int i;

	for (i = 0; i < FLOOD; i++) {
		packet(iface, octets, len, from);
		if (len < 40)
			return;
		from->nbma.bytes[3] += octets[19] & 1;
		octets[27]++;	/* request id */
		octets[31]++;	/* source NBMA address, over IPv4 */
		octets[35]++;	/* source and destination of IPv4 */
		octets[39]++;
	}
}

static void tell(struct nh_iface *iface, struct dmvpn_event *ev)
{
	ev->ifindex = IFINDEX;
	nh_dispatch_event(iface->siblings, ev);
}

/* What is too short for a packet is something that the kernel tells. */
static void event(struct nh_iface *iface, const uint8_t *octets, size_t len,
		  const struct nh_endpoint *from)
{
	struct dmvpn_event ev = { 0 };

	switch (len) {
	case 1:
		ev.type = DMVPN_EVENT_PEER_CHANGE;
		ev.peer.nbma = from->nbma;
		ev.peer.state = octets[0];
		break;
	case 2:
		if (!nentries)
			return;
		ev.type = octets[1] & 1 ? DMVPN_EVENT_ENTRY_REFRESH :
			  DMVPN_EVENT_ENTRY_EXPIRED;
		ev.entry = entries[octets[0] % nentries];
		break;
	case 4:
		ev.type = DMVPN_EVENT_MISS;
		nh_addr_from_bytes(&ev.miss.target, octets, 4);
		break;
	default:
		ev.type = DMVPN_EVENT_REDIRECT;
		ev.packet.nbma = from->nbma;
		ev.packet.payload = octets;
		ev.packet.payload_len = (uint32_t)len;
	}
	tell(iface, &ev);
}

/* The first octets of a packet: its sender, the time before it, its length. */
static void play(struct nh_iface *iface, const uint8_t *data, size_t size)
{
	uint64_t began = nh_loop_now(iface->loop);
	struct nh_endpoint from = { 0 };
	uint8_t octets[256];
	size_t len;

	while (size >= 3) {
		bool many = data[1] == 255;

		len = data[2];
		nh_addr_parse(&from.nbma, "203.0.113.0");
		from.nbma.bytes[3] = data[0];
		nh_loop_advance(iface->loop, many ? 0 : data[1] * 100U);
		size -= 3;
		data += 3;
		if (len > size)
			len = size;
		memcpy(octets, data, len);
		data += len;
		size -= len;
		if (many)
			flood(iface, octets, len, &from);
		else
			packet(iface, octets, len, &from);
		if (len && len < NHRP_HDR_LEN)
			event(iface, octets, len, &from);
		check_limits(iface, began);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nh_kernel kernel = { .ops = &ops };
	struct nh_loop *loop = nh_loop_new_manual(1);
	struct nh_ifaces ifaces;
	struct nh_conf *conf;
	struct nh_iface *iface;
	FILE *file;

	nh_log_sink(quiet, NULL);
	nh_log_set_level(NH_LOG_DEBUG);
	nentries = 0;
	LIST_INIT(&ifaces);
	file = fmemopen((void *)conf_text, sizeof(conf_text) - 1, "r");
	if (!file || nh_conf_read(&conf, "dmvpn0.conf", file, report, NULL))
		abort();
	fclose(file);
	iface = nh_iface_new(&kernel, loop, &ifaces, conf);
	if (!iface || nh_iface_open(iface))
		abort();
	/* As after an answer: resolution has somebody to ask. */
	LIST_FIRST(&iface->nhs)->state = NH_NHS_UP;
	play(iface, data, size);
	nh_iface_close(iface, false);
	nh_loop_free(loop);
	return 0;
}
