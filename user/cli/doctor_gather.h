/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gathering of what "dmvpn doctor" looks at. */
#ifndef CLI_DOCTOR_GATHER_H
#define CLI_DOCTOR_GATHER_H

#include <stddef.h>

#include "cli/ike.h"

struct cli;
struct dmvpn_nl_inet;
struct doctor_device;
struct doctor_facts;
struct json_object;
struct snapshot;

/**
 * doctor_gather() - look at everything
 * @snapshot: all of kernel and daemon; must stay
 * @ike: what the daemon tells of IKE; must stay
 * @facts: @wanted and @config_dir are set; the rest is set in any case, for
 *         doctor_facts_free()
 *
 * Return: 0 or -ENOMEM.
 */
int doctor_gather(struct cli *cli, const struct snapshot *snapshot,
		  const struct ike_facts *ike, struct doctor_facts *facts);

void doctor_facts_free(struct doctor_facts *facts);

/* Parts of it, each in a file of its own. */

/** doctor_gather_config() - have dmvpnd test its configuration */
void doctor_gather_config(struct doctor_facts *facts);

/**
 * doctor_gather_secrets() - files with secrets that are open to others
 *
 * Return: 0 or -ENOMEM.
 */
int doctor_gather_secrets(struct doctor_facts *facts);

/** doctor_addresses() - of the device, and who has those that it uses */
void doctor_addresses(struct doctor_device *d,
		      const struct dmvpn_nl_inet *list, size_t n);

/** doctor_gather_servers() - those of a device; 0 or -ENOMEM */
int doctor_gather_servers(struct cli *cli, const struct snapshot *snapshot,
			  struct doctor_device *d);

/** doctor_gather_firewall() - what it does with packets of all devices */
void doctor_gather_firewall(struct doctor_facts *facts);

/** doctor_passages() - what a firewall does with the packets of a device */
void doctor_passages(struct doctor_device *d, struct json_object *ruleset);

#endif /* CLI_DOCTOR_GATHER_H */
