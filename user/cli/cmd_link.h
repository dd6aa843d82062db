/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arguments of "link add" and "link set" as a request. */
#ifndef CLI_CMD_LINK_H
#define CLI_CMD_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/arg.h"

struct cli;
struct dmvpn_nl_link;

/* The arguments that "link add" and "link set" share begin here. */
extern const struct arg link_add_args[];
extern const struct arg link_set_args[];

/**
 * link_request() - what was given, as a request
 * @link: receives it; its name and index are not touched
 *
 * Return: 0, or an exit code after having said why.
 */
int link_request(struct cli *cli, struct dmvpn_nl_link *link);

/** link_is_elsewhere() - a device's underlay is in another network namespace */
bool link_is_elsewhere(struct cli *cli, uint32_t ifindex);

#endif /* CLI_CMD_LINK_H */
