/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that kernel and daemon tell of the devices, read at one go. */
#ifndef CLI_SNAPSHOT_H
#define CLI_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cli;
struct dmvpn_nl_dev;
struct dmvpn_nl_entry;
struct dmvpn_nl_link;
struct dmvpn_nl_peer;
struct json_object;

/**
 * enum snapshot_want - what is read beside devices and links
 * @SNAPSHOT_PEERS: the peers
 * @SNAPSHOT_ENTRIES: the cache
 * @SNAPSHOT_NHS: the daemon's servers
 * @SNAPSHOT_STATS: the daemon's counters
 * @SNAPSHOT_IPSEC: what the daemon knows of IKE
 * @SNAPSHOT_GROUPS: NHRP groups of clients
 */
enum snapshot_want {
	SNAPSHOT_PEERS		= 1 << 0,
	SNAPSHOT_ENTRIES	= 1 << 1,
	SNAPSHOT_NHS		= 1 << 2,
	SNAPSHOT_STATS		= 1 << 3,
	SNAPSHOT_IPSEC		= 1 << 4,
	SNAPSHOT_GROUPS		= 1 << 5,
};

/**
 * struct snapshot - what was read, for snapshot_free()
 * @kernel: the kernel knows dmvpn
 * @changed: number of tables that changed while they were read
 * @links: the devices as rtnetlink has them
 * @n_links: their number
 * @devs: the same devices as the family "dmvpn" has them
 * @n_devs: their number
 * @peers: of these devices
 * @n_peers: their number
 * @entries: of these devices
 * @n_entries: their number
 * @daemon: dmvpnd runs, and answers all that it was asked
 * @version: of dmvpnd; borrowed, or NULL
 * @hello: its answer to "version", or NULL
 * @nhs: its answer to "nhs", or NULL; that, and those below, about all devices
 * @stats: its answer to "stats", or NULL
 * @ipsec: its answer to "ipsec", or NULL
 * @groups: its answer to "groups", or NULL
 */
struct snapshot {
	bool kernel;
	unsigned int changed;
	struct dmvpn_nl_link *links;
	size_t n_links;
	struct dmvpn_nl_dev *devs;
	size_t n_devs;
	struct dmvpn_nl_peer *peers;
	size_t n_peers;
	struct dmvpn_nl_entry *entries;
	size_t n_entries;
	bool daemon;
	const char *version;
	struct json_object *hello;
	struct json_object *nhs;
	struct json_object *stats;
	struct json_object *ipsec;
	struct json_object *groups;
};

/**
 * snapshot_read() - read it
 * @ifindex: only this device, or 0 for all
 * @want: mask of enum snapshot_want
 * @s: set in any case
 *
 * A kernel without dmvpn and a daemon that does not run are facts and no
 * failures; a daemon that gives no sensible answer to any of the questions is
 * complained about, and counts as one that does not run.
 *
 * Return: 0, or an exit code after having said why.
 */
int snapshot_read(struct cli *cli, uint32_t ifindex, unsigned int want,
		  struct snapshot *s);

void snapshot_free(struct snapshot *s);

/** snapshot_link() - the device as rtnetlink has it, or NULL */
const struct dmvpn_nl_link *snapshot_link(const struct snapshot *s,
					  uint32_t ifindex);

/** snapshot_list() - a list in an answer of the daemon's, or NULL */
struct json_object *snapshot_list(struct json_object *answer, const char *key);

#endif /* CLI_SNAPSHOT_H */
