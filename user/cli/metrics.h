/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The metrics of "dmvpn metrics", from a snapshot; docs/metrics.md lists them. */
#ifndef CLI_METRICS_H
#define CLI_METRICS_H

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/dmvpn.h>

#include "cli/groups.h"

struct dmvpn_nl_dev;
struct dmvpn_nl_link;
struct metrics;
struct snapshot;

#define METRICS_STATES	(DMVPN_PEER_STATE_CLEAR + 1)
#define METRICS_TYPES	(DMVPN_ENTRY_TYPE_NEGATIVE + 1)
#define METRICS_PATHS	(DMVPN_PATH_HELD + 1)

/**
 * struct metrics_device - a device, and what its tables hold
 * @name: of the device
 * @dev: its facts
 * @link: its settings, or NULL when it went meanwhile
 * @states: number of peers by enum dmvpn_peer_state
 * @types: number of entries by enum dmvpn_entry_type
 * @paths: number of entries by enum dmvpn_path
 * @left_out: number of peers without metrics of their own
 */
struct metrics_device {
	char name[IFNAMSIZ];
	const struct dmvpn_nl_dev *dev;
	const struct dmvpn_nl_link *link;
	uint32_t states[METRICS_STATES];
	uint32_t types[METRICS_TYPES];
	uint32_t paths[METRICS_PATHS];
	uint32_t left_out;
};

/**
 * struct metrics_input - what the metrics are made of
 * @snapshot: with all that may be wanted
 * @devices: by the index of the device in @snapshot
 * @n_devices: their number
 * @groups: NHRP groups of clients
 * @ifname: what the daemon tells is about this device, or NULL for all
 * @now: milliseconds since the epoch
 * @peers: most peers of a device that have metrics of their own
 */
struct metrics_input {
	const struct snapshot *snapshot;
	struct metrics_device *devices;
	size_t n_devices;
	struct groups groups;
	const char *ifname;
	uint64_t now;
	uint32_t peers;
};

/** metrics_devices() - fill in @devices of @in from its snapshot; 0 or -ENOMEM */
int metrics_devices(struct metrics_input *in);

/* These write the metrics of a part; 0 or -ENOMEM. */
void metrics_kernel(struct metrics *m, const struct metrics_input *in);
int metrics_peers(struct metrics *m, struct metrics_input *in);
void metrics_nhs(struct metrics *m, const struct metrics_input *in);
void metrics_nhrp(struct metrics *m, const struct metrics_input *in);
int metrics_ike(struct metrics *m, const struct metrics_input *in);

#endif /* CLI_METRICS_H */
