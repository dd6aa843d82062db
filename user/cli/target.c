// SPDX-License-Identifier: GPL-2.0-or-later
/* What a command works on: connections, and the device that "dev" names. */
#include "cli/target.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "genl/dmvpn_nl.h"
#include "genl/link.h"

static int connect_to(struct cli *cli, struct dmvpn_nl **nl,
		      int (*open)(struct dmvpn_nl *nl), bool quiet)
{
	bool no_service;
	int err;

	if (*nl)
		return 0;
	*nl = dmvpn_nl_new();
	if (!*nl)
		return cli_fail(cli, CLI_REFUSED, "out of memory");
	err = open(*nl);
	if (!err)
		return 0;
	no_service = err == -EOPNOTSUPP || err == -EPROTONOSUPPORT;
	if (!no_service || !quiet)
		cli_fail(cli, 0, "%s", dmvpn_nl_error(*nl));
	dmvpn_nl_free(*nl);
	*nl = NULL;
	return no_service ? CLI_NO_SERVICE : CLI_REFUSED;
}

int cli_nl(struct cli *cli)
{
	return connect_to(cli, &cli->nl, dmvpn_nl_open, false);
}

int cli_nl_try(struct cli *cli)
{
	return connect_to(cli, &cli->nl, dmvpn_nl_open, true);
}

int cli_route(struct cli *cli)
{
	return connect_to(cli, &cli->route, dmvpn_nl_open_route, false);
}

int cli_xfrm(struct cli *cli)
{
	return connect_to(cli, &cli->xfrm, dmvpn_nl_open_xfrm, false);
}

int cli_dmvpn_link(struct cli *cli, const char *name, uint32_t *ifindex)
{
	struct dmvpn_nl_link link;
	int err;

	*ifindex = if_nametoindex(name);
	if (!*ifindex)
		return cli_fail(cli, CLI_NOT_FOUND, "%s: no such device", name);
	err = cli_route(cli);
	if (err)
		return err;
	err = dmvpn_nl_link_get(cli->route, *ifindex, &link);
	return err ? cli_refused(cli, cli->route, err, name) : 0;
}

static int only_device(struct cli *cli, uint32_t *ifindex)
{
	struct dmvpn_nl_link *links;
	size_t n;
	int err;

	err = cli_route(cli);
	if (err)
		return err;
	err = dmvpn_nl_link_dump(cli->route, &links, &n);
	if (err < 0)
		return cli_refused(cli, cli->route, err, "dev");
	if (n == 1)
		*ifindex = links->ifindex;
	free(links);
	/* One that was missed may be the one that is meant. */
	if (err)
		return cli_fail(cli, CLI_REFUSED,
				"dev: is missing, and the devices changed while they were counted");
	if (!n)
		return cli_fail(cli, CLI_NOT_FOUND,
				"dev: there is no dmvpn device");
	if (n > 1)
		return cli_fail(cli, CLI_USAGE,
				"dev: is missing, there are %zu dmvpn devices",
				n);
	return 0;
}

int cli_device(struct cli *cli, const struct arg_value *dev, uint32_t *ifindex)
{
	int err;

	if (dev->set)
		err = cli_dmvpn_link(cli, dev->text, ifindex);
	else
		err = only_device(cli, ifindex);
	return err ? err : cli_nl(cli);
}

int cli_devices(struct cli *cli, const struct arg_value *dev,
		uint32_t *ifindex)
{
	int err;

	*ifindex = 0;
	if (dev->set) {
		err = cli_dmvpn_link(cli, dev->text, ifindex);
		if (err)
			return err;
	}
	return cli_nl(cli);
}

char *cli_ifname(uint32_t ifindex, char buf[IFNAMSIZ])
{
	if (!if_indextoname(ifindex, buf))
		snprintf(buf, IFNAMSIZ, "if%u", ifindex);
	return buf;
}

const char *cli_device_name(struct cli_device *device, uint32_t ifindex)
{
	if (device->ifindex != ifindex)
		cli_ifname(ifindex, device->name);
	device->ifindex = ifindex;
	return device->name;
}
