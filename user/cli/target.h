/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command works on: connections, and the device that "dev" names. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include <net/if.h>
#include <stdint.h>

#include "cli/arg.h"

struct cli;

/* The argument of commands that change a device; "dev" may be left out. */
#define TARGET_DEV \
	{ .name = "dev", .kind = ARG_IFNAME, .offer = OFFER_DMVPN, \
	  .doc = "the device; may be left out when there is only one" }

/* The argument of commands that show devices. */
#define TARGET_DEVS \
	{ .name = "dev", .kind = ARG_IFNAME, .offer = OFFER_DMVPN, \
	  .doc = "only this device; otherwise all" }

#define TARGET_IF_ID \
	{ .name = "if-id", .kind = ARG_NUMBER, .max = UINT32_MAX, \
	  .doc = "xfrm interface id of the peer" }

/* All of these return 0, or an exit code after having said why. */

/** cli_nl() - open cli->nl */
int cli_nl(struct cli *cli);

/** cli_nl_try() - the same; silent about a kernel that knows no dmvpn */
int cli_nl_try(struct cli *cli);

/** cli_route() - open cli->route */
int cli_route(struct cli *cli);

/** cli_xfrm() - open cli->xfrm */
int cli_xfrm(struct cli *cli);

/** cli_device() - open cli->nl; index of the device named, or of the only one */
int cli_device(struct cli *cli, const struct arg_value *dev, uint32_t *ifindex);

/** cli_devices() - open cli->nl; index of the device named, or 0 for all */
int cli_devices(struct cli *cli, const struct arg_value *dev,
		uint32_t *ifindex);

/** cli_dmvpn_link() - index of a device, made sure to be of kind dmvpn */
int cli_dmvpn_link(struct cli *cli, const char *name, uint32_t *ifindex);

/** cli_ifname() - name of a device, or "if7" when it has gone; returns @buf */
char *cli_ifname(uint32_t ifindex, char buf[IFNAMSIZ]);

/**
 * struct cli_device - the device of the row before, for the rows of a list
 * @ifindex: its number; 0 before the first row
 * @name: its name
 */
struct cli_device {
	uint32_t ifindex;
	char name[IFNAMSIZ];
};

/** cli_device_name() - the same, but the kernel is asked only for another one */
const char *cli_device_name(struct cli_device *device, uint32_t ifindex);

#endif /* CLI_TARGET_H */
