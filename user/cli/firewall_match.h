/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a condition of a rule is fulfilled by a packet. */
#ifndef CLI_FIREWALL_MATCH_H
#define CLI_FIREWALL_MATCH_H

#include "cli/ike.h"

struct firewall_packet;
struct json_object;

/**
 * firewall_match() - look at one condition
 * @ruleset: array of its objects, for the sets that the condition names
 * @rule: that it is of
 * @match: the condition
 *
 * Return: IKE_MAYBE when that cannot be told.
 */
enum ike_truth firewall_match(struct json_object *ruleset,
			      struct json_object *rule,
			      struct json_object *match,
			      const struct firewall_packet *packet);

#endif /* CLI_FIREWALL_MATCH_H */
