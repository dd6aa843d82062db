// SPDX-License-Identifier: GPL-2.0-or-later
/* Nodes of a DMVPN without kernel, clock or network: the nodes and the net. */
#include "tests/fake.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs those before it. */
#include <cmocka.h>

#include "daemon/dispatch.h"
#include "lib/log.h"
#include "tests/fake_kernel.h"
#include "tests/fake_names.h"

static void quiet(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	(void)level;
	if (getenv("FAKE_LOG"))
		fprintf(stderr, "# %s\n", line);
}

struct nh_addr fake_addr(const char *text)
{
	struct nh_addr addr;

	assert_int_equal(nh_addr_parse(&addr, text), 0);
	return addr;
}

static struct nh_prefix prefix_of(const char *text)
{
	struct nh_prefix prefix;

	assert_int_equal(nh_prefix_parse(&prefix, text, NULL), 0);
	return prefix;
}

struct fake_net *fake_net_new(void)
{
	struct fake_net *net = calloc(1, sizeof(*net));

	assert_non_null(net);
	nh_log_sink(quiet, NULL);
	nh_log_set_level(NH_LOG_DEBUG);
	net->loop = nh_loop_new_manual(4711);
	net->names = fake_names_new(net->loop);
	return net;
}

void fake_kill(struct fake_node *node)
{
	const struct nh_kernel_ops *ops = node->kernel.ops;
	struct nh_kernel_ops dead = *ops;

	/* What is freed must not reach the kernel. */
	dead.unbind = fake_kernel_ignore;
	node->kernel.ops = &dead;
	nh_iface_close(node->iface, false);
	node->kernel.ops = ops;
	node->iface = NULL;
}

void fake_net_free(struct fake_net *net)
{
	size_t i;

	for (i = 0; i < net->nnodes; i++)
		if (net->node[i].iface)
			nh_iface_close(net->node[i].iface, false);
	fake_names_free(net->names);
	nh_loop_free(net->loop);
	nh_log_sink(NULL, NULL);
	free(net);
}

static void report(void *arg, const char *text)
{
	(void)arg;
	fail_msg("%s", text);
}

struct nh_conf *fake_conf(const char *text)
{
	FILE *file = fmemopen((char *)text, strlen(text), "r");
	struct nh_conf *conf = NULL;

	assert_non_null(file);
	assert_int_equal(nh_conf_read(&conf, "/etc/dmvpn/dmvpn0.conf", file,
				      report, NULL), 0);
	fclose(file);
	return conf;
}

int fake_start(struct fake_node *node, const char *conf)
{
	int err;

	node->iface = nh_iface_new(&node->kernel, node->net->loop,
				   &node->ifaces, fake_conf(conf));
	assert_non_null(node->iface);
	node->iface->names = node->net->names;
	err = nh_iface_open(node->iface);
	if (err)
		fake_kill(node);
	return err;
}

struct fake_node *fake_node(struct fake_net *net, const char *nbma,
			    const char *conf)
{
	struct fake_node *node = &net->node[net->nnodes++];

	assert_true(net->nnodes <= FAKE_NODES);
	node->kernel.ops = &fake_kernel_ops;
	node->net = net;
	node->nbma = fake_addr(nbma);
	node->eth0 = FAKE_LAN;
	LIST_INIT(&node->ifaces);
	if (conf)
		assert_int_equal(fake_start(node, conf), 0);
	return node;
}

void fake_route(struct fake_node *node, const char *prefix, uint32_t oif,
		const char *gateway)
{
	struct dmvpn_nl_route *r = &node->route[node->nroute++];

	assert_true(node->nroute <= FAKE_ROUTES);
	*r = (struct dmvpn_nl_route){
		.type = RTN_UNICAST,
		.prefix = prefix_of(prefix),
		.oif = oif,
	};
	if (!oif)
		r->type = RTN_LOCAL;
	if (gateway)
		r->gateway = fake_addr(gateway);
}

static struct fake_node *at(struct fake_net *net, const struct nh_addr *nbma)
{
	size_t i;

	for (i = 0; i < net->nnodes; i++)
		if (net->node[i].iface &&
		    nh_addr_equal(&net->node[i].nbma, nbma))
			return &net->node[i];
	return NULL;
}

void fake_deliver(struct fake_net *net)
{
	while (net->delivered < net->nsent) {
		struct fake_sent *s = &net->sent[net->delivered++];
		struct nh_endpoint from = { .nbma = s->from };
		struct fake_node *node = at(net, &s->to);

		if (node)
			nh_dispatch_packet(node->iface, s->octets, s->len,
					   &from);
	}
}

void fake_drop(struct fake_net *net)
{
	net->delivered = net->nsent;
}

void fake_advance(struct fake_net *net, uint64_t ms)
{
	uint64_t step;

	for (; ms; ms -= step) {
		step = ms < 10 ? ms : 10;
		nh_loop_advance(net->loop, step);
		fake_deliver(net);
		fake_kernel_expire(net);
	}
}

static void tell_secured(struct fake_node *node, const struct nh_addr *peer)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_PEER_CHANGE,
		.ifindex = FAKE_IFINDEX,
		.peer = {
			.nbma = *peer,
			.state = DMVPN_PEER_STATE_SECURED,
		},
	};

	node->secured[node->nsecured++] = *peer;
	nh_dispatch_event(&node->ifaces, &ev);
}

void fake_secure(struct fake_node *a, struct fake_node *b)
{
	tell_secured(a, &b->nbma);
	tell_secured(b, &a->nbma);
}

void fake_miss(struct fake_node *node, const char *target)
{
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_MISS,
		.ifindex = FAKE_IFINDEX,
		.miss = {
			.target = fake_addr(target),
			.destination = fake_addr(target),
		},
	};

	nh_dispatch_event(&node->ifaces, &ev);
}

void fake_redirect(struct fake_node *node, struct fake_node *from,
		   const char *src, const char *dst)
{
	struct nh_addr a = fake_addr(src), b = fake_addr(dst);
	uint8_t inner[48] = { a.len == 4 ? 0x45 : 0x60 };
	struct dmvpn_event ev = {
		.type = DMVPN_EVENT_REDIRECT,
		.ifindex = FAKE_IFINDEX,
		.packet = {
			.nbma = from->nbma,
			.payload = inner,
			.payload_len = a.len == 4 ? 28 : 48,
		},
	};

	memcpy(inner + (a.len == 4 ? 12 : 8), a.bytes, a.len);
	memcpy(inner + (a.len == 4 ? 16 : 24), b.bytes, b.len);
	nh_dispatch_event(&node->ifaces, &ev);
}

void fake_inject(struct fake_node *node, const char *from,
		 const struct nhrp_pdu *pdu)
{
	struct nh_endpoint ep = { .nbma = fake_addr(from) };
	uint8_t octets[DMVPN_PACKET_MAX];
	ssize_t len = nhrp_pdu_encode(pdu, octets, sizeof(octets));

	assert_true(len > 0);
	nh_dispatch_packet(node->iface, octets, (size_t)len, &ep);
}

struct dmvpn_nl_entry *fake_entry(struct fake_node *node, const char *prefix)
{
	struct nh_prefix p = prefix_of(prefix);

	return fake_kernel_entry(node, &p);
}

struct dmvpn_nl_entry *fake_put(struct fake_node *node, const char *prefix,
				uint32_t type, const char *nbma)
{
	struct dmvpn_nl_entry entry = {
		.ifindex = FAKE_IFINDEX,
		.prefix = prefix_of(prefix),
		.type = type,
	};

	if (nbma)
		entry.nbma = fake_addr(nbma);
	assert_int_equal(fake_kernel_ops.entry_set(&node->kernel, &entry,
						   DMVPN_NL_ENTRY_ANY), 0);
	return fake_kernel_entry(node, &entry.prefix);
}

struct dmvpn_nl_peer *fake_peer(struct fake_node *node, const char *nbma)
{
	struct nh_endpoint ep = { .nbma = fake_addr(nbma) };

	return fake_kernel_peer(node, &ep, false);
}

struct dmvpn_nl_sa *fake_sa(struct fake_node *node, const char *src,
			    const char *dst, uint32_t spi)
{
	struct dmvpn_nl_sa *sa = &node->sa[node->nsa++];

	assert_true(node->nsa <= FAKE_SAS);
	*sa = (struct dmvpn_nl_sa){
		.src = fake_addr(src),
		.dst = fake_addr(dst),
		.spi = spi,
		.reqid = 1,
		.alg = "rfc4106(gcm(aes)) 128",
	};
	return sa;
}

const struct fake_sent *fake_last(struct fake_net *net, struct nhrp_pdu *pdu)
{
	struct fake_sent *s = &net->sent[net->nsent - 1];
	struct nhrp_refusal why;

	assert_true(net->nsent > 0);
	if (!nhrp_pdu_parse(pdu, s->octets, s->len, &why))
		fail_msg("sent a bad packet: %s", nhrp_reason_text(why.reason));
	return s;
}

const char *fake_sizes(struct fake_net *net, size_t first)
{
	static char text[1024];
	size_t i, n = 0;

	text[0] = '\0';
	for (i = first; i < net->nsent && n < sizeof(text) - 8; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%zu",
				      n ? " " : "", net->sent[i].len);
	return text;
}
