/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The classic lab, one node of which turns against the others.
 *
 * The cloud is without protection, so that there is no SA that would show who
 * it is, and the attacker knows the password: nothing is left but the daemons'
 * own defences.
 */
#ifndef TESTS_ATTACK_LAB_H
#define TESTS_ATTACK_LAB_H

#include "nhrp/nat.h"
#include "tests/fake.h"

#define ATTACKER "209.168.202.66"	/* outer address of the attacker */

/* The nodes; the packet that the attacker makes and that comes back. */
extern struct fake_net *net;
extern struct fake_node *hub, *sv9_3, *sv9_4;
extern struct nhrp_self attacker;
extern struct nhrp_pdu pdu;

/**
 * attack_build() - the lab, both spokes registered
 * @more: lines of [NHRP] of the spokes
 */
void attack_build(const char *more);

int attack_setup(void **state);
int attack_teardown(void **state);

uint64_t attack_count(const struct fake_node *node, enum nh_counter counter);

/**
 * attack_carry() - packets under way arrive where somebody is
 *
 * All tables of all nodes must be within their limits then.
 *
 * Return: number of packets that had been under way.
 */
size_t attack_carry(void);

/** attack_hit() - @node gets @pdu; the number of packets it sends at once */
size_t attack_hit(struct fake_node *node, const char *from);

/** attack_is_at() - @node has an entry that leads to @whom */
bool attack_is_at(struct fake_node *node, const char *prefix,
		  const struct fake_node *whom);

/**
 * attack_cloud_works() - what legitimate nodes do still works
 *
 * Both spokes are registered where they are and find each other's network anew;
 * and once more after they have registered again.
 */
void attack_cloud_works(void);

/** attack_registration() - @pdu becomes a registration by the attacker */
void attack_registration(const char *proto, bool unique, uint8_t prefix);

/** attack_code() - the code of the hub's answer to @pdu, -1 without one */
int attack_code(const char *from);

#endif /* TESTS_ATTACK_LAB_H */
