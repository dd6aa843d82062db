/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which tunnel address a relaying server has; the state of an entry in words. */
#ifndef CLI_RELAY_H
#define CLI_RELAY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

struct dmvpn_nl_entry;

/* Room for the longest state. */
#define RELAY_STATE_LEN		(NH_ADDR_STRLEN + 48)

/**
 * struct relays - tunnel addresses of servers
 * @v: one an entry of type nhs or static for one host
 * @n: their number
 */
struct relays {
	const struct dmvpn_nl_entry **v;
	size_t n;
};

/**
 * relays_collect() - find the servers among the entries of a dump
 * @entries: must stay until relays_free()
 *
 * Return: 0, or -ENOMEM.
 */
int relays_collect(struct relays *relays, const struct dmvpn_nl_entry *entries,
		   size_t n);

void relays_free(struct relays *relays);

/**
 * relay_addr() - the server that relays an entry's packets
 * @relays: may be NULL
 *
 * Return: its tunnel address, else its NBMA address; empty without one.
 */
const struct nh_addr *relay_addr(const struct relays *relays,
				 const struct dmvpn_nl_entry *entry);

/** relay_state() - where the packets of an entry go, in words; returns @buf */
char *relay_state(const struct relays *relays,
		  const struct dmvpn_nl_entry *entry,
		  char buf[RELAY_STATE_LEN]);

#endif /* CLI_RELAY_H */
