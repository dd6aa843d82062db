// SPDX-License-Identifier: GPL-2.0-or-later
/* The classic lab with an attacker in it. */
#include "tests/attack_lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COMMON \
	"MTU=1440\nKey=0\nProtection=none\n[NHRP]\nNetworkId=1\n" \
	"Authentication=cisco123\nHoldTime=600\n"
#define HUB \
	"[Tunnel]\nSource=209.168.202.225\nAddress=192.168.1.1/24\n" COMMON

struct fake_net *net;
struct fake_node *hub, *sv9_3, *sv9_4;
struct nhrp_self attacker;
struct nhrp_pdu pdu;
static unsigned int asked;

static struct fake_node *spoke(int n, const char *nbma, const char *more,
			       const char *own, const char *other)
{
	struct fake_node *node;
	char conf[1024];

	snprintf(conf, sizeof(conf),
		 "[Tunnel]\nSource=%s\nAddress=192.168.1.%d/24\n" COMMON
		 "%s[NHS]\nAddress=192.168.1.1\nNbma=209.168.202.225\n", nbma,
		 n, more);
	node = fake_node(net, nbma, conf);
	fake_route(node, "192.168.1.0/24", FAKE_IFINDEX, NULL);
	fake_route(node, own, FAKE_LAN, NULL);
	fake_route(node, other, FAKE_IFINDEX, "192.168.1.1");
	return node;
}

void attack_build(const char *more)
{
	net = fake_net_new();
	hub = fake_node(net, "209.168.202.225", HUB);
	fake_route(hub, "192.168.1.0/24", FAKE_IFINDEX, NULL);
	fake_route(hub, "2.2.2.0/24", FAKE_IFINDEX, "192.168.1.2");
	fake_route(hub, "3.3.3.0/24", FAKE_IFINDEX, "192.168.1.3");
	sv9_3 = spoke(2, "209.168.202.131", more, "2.2.2.0/24", "3.3.3.0/24");
	sv9_4 = spoke(3, "209.168.202.130", more, "3.3.3.0/24", "2.2.2.0/24");
	fake_deliver(net);
	attacker = (struct nhrp_self){
		.nbma = fake_addr(ATTACKER),
		.proto = fake_addr("192.168.1.66"),
		.holdtime = 600,
		.auth = &hub->iface->conf->auth,
		.nat = true,
	};
	asked = 0;
}

int attack_setup(void **state)
{
	(void)state;
	attack_build("");
	return 0;
}

int attack_teardown(void **state)
{
	(void)state;
	fake_net_free(net);
	return 0;
}

uint64_t attack_count(const struct fake_node *node, enum nh_counter counter)
{
	return node->iface->stats.count[counter];
}

static void limits_hold(const struct fake_node *node)
{
	const struct nh_iface *iface = node->iface;

	assert_true(iface->requests.n <= NH_REQUESTS_MAX);
	assert_true(iface->delayed.n <= NH_DELAYED_MAX);
	assert_true(iface->told.n <= NH_TOLD_MAX);
	assert_true(node->nentry <= FAKE_ENTRIES);
}

size_t attack_carry(void)
{
	size_t n = net->nsent - net->delivered;

	fake_deliver(net);
	limits_hold(hub);
	limits_hold(sv9_3);
	limits_hold(sv9_4);
	if (net->nsent > FAKE_SENT / 2) {
		net->nsent = 0;
		net->delivered = 0;
	}
	return n;
}

size_t attack_hit(struct fake_node *node, const char *from)
{
	fake_inject(node, from, &pdu);
	return attack_carry();
}

bool attack_is_at(struct fake_node *node, const char *prefix,
		  const struct fake_node *whom)
{
	struct dmvpn_nl_entry *e = fake_entry(node, prefix);

	return e && nh_addr_equal(&e->nbma, &whom->nbma);
}

/* A spoke asks for the other's network anew, and gets it from the other. */
static void asks(struct fake_node *node, const char *prefix,
		 const char *target, struct fake_node *egress)
{
	struct nh_prefix p;

	assert_int_equal(nh_prefix_parse(&p, prefix, NULL), 0);
	node->kernel.ops->entry_del(&node->kernel, FAKE_IFINDEX, &p);
	fake_miss(node, target);
	fake_advance(net, 1500);
	attack_carry();
	assert_true(attack_is_at(node, prefix, egress));
	assert_int_equal(fake_entry(node, prefix)->type,
			 DMVPN_ENTRY_TYPE_RESOLVED);
}

void attack_cloud_works(void)
{
	char target[32];
	int i;

	for (i = 0; i < 2; i++) {
		assert_true(attack_is_at(hub, "192.168.1.2/32", sv9_3));
		assert_true(attack_is_at(hub, "192.168.1.3/32", sv9_4));
		assert_non_null(nh_nhs_best(sv9_3->iface, AF_INET));
		assert_non_null(nh_nhs_best(sv9_4->iface, AF_INET));
		snprintf(target, sizeof(target), "2.2.2.%u", ++asked);
		asks(sv9_4, "2.2.2.0/24", target, sv9_3);
		snprintf(target, sizeof(target), "3.3.3.%u", asked);
		asks(sv9_3, "3.3.3.0/24", target, sv9_4);
		fake_advance(net, 250000);
		attack_carry();
	}
}

void attack_registration(const char *proto, bool unique, uint8_t prefix)
{
	struct nhrp_registration reg = {
		.nhs_proto = fake_addr("192.168.1.1"),
		.nhs_nbma = fake_addr("209.168.202.225"),
		.reqid = 77,
		.unique = unique,
		.prefix = prefix,
	};

	attacker.proto = fake_addr(proto);
	assert_int_equal(nhrp_build_registration_request(&pdu, &attacker,
							 &reg), 0);
}

int attack_code(const char *from)
{
	size_t n = net->nsent;
	int code = -1;

	fake_inject(hub, from, &pdu);
	if (net->nsent > n) {
		fake_last(net, &pdu);
		if (pdu.type == NHRP_REGISTRATION_REPLY)
			code = pdu.cie[0].code;
	}
	attack_carry();
	return code;
}
