/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of "dmvpn show", apart from where their rows come from. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <stddef.h>
#include <stdint.h>

struct cli;
struct dmvpn_nl_dev;
struct dmvpn_nl_entry;
struct dmvpn_nl_peer;
struct groups;
struct ipsec_tables;

/* All return an exit code. */

int show_entries(struct cli *cli, const struct dmvpn_nl_entry *entries,
		 size_t n);
int show_shortcuts(struct cli *cli, const struct dmvpn_nl_entry *entries,
		   size_t n);

/** show_peers() - @groups: NHRP groups of clients; NULL, not known */
int show_peers(struct cli *cli, const struct dmvpn_nl_peer *peers, size_t n,
	       const struct groups *groups);

int show_multicast(struct cli *cli, const struct dmvpn_nl_peer *peers,
		   size_t n);
int show_devs(struct cli *cli, const struct dmvpn_nl_dev *devs, size_t n);

/**
 * show_ipsec() - the security associations, after having asked the daemon
 * @tables: all but what the daemon tells
 * @now: seconds since the epoch
 */
int show_ipsec(struct cli *cli, struct ipsec_tables *tables, uint64_t now);

/** show_changed() - say that a table changed while it was read */
void show_changed(struct cli *cli, int err);

#endif /* CLI_SHOW_H */
