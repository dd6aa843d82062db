// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn metrics: numbers for a monitoring system. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cmd.h"
#include "cli/groups.h"
#include "cli/metric.h"
#include "cli/metrics.h"
#include "cli/outfile.h"
#include "cli/snapshot.h"
#include "cli/target.h"

enum {
	ARG_DEV,
	ARG_PEERS,
	ARG_FORMAT,
	ARG_OUT,
};

enum {
	FORMAT_OPENMETRICS,
	FORMAT_PROMETHEUS,
};

#define PEERS		1000
#define PEERS_MAX	1000000

static const struct arg_word formats[] = {
	{ "openmetrics", FORMAT_OPENMETRICS },
	{ "prometheus", FORMAT_PROMETHEUS },
	{ NULL, 0 },
};

static const struct arg args[] = {
	[ARG_DEV] = TARGET_DEVS,
	[ARG_PEERS] = {
		.name = "peers", .kind = ARG_NUMBER, .max = PEERS_MAX,
		.doc = "most peers of a device with metrics of their own, default 1000" },
	[ARG_FORMAT] = {
		.name = "format", .kind = ARG_WORD, .words = formats,
		.doc = "of the text, default openmetrics; prometheus is the older one" },
	[ARG_OUT] = {
		.name = "out", .kind = ARG_TEXT, .value = "FILE",
		.offer = OFFER_FILE,
		.doc = "write into this file, which is replaced as a whole" },
	{ .name = NULL },
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * 1000ULL + now.tv_nsec / 1000000;
}

static int write_parts(struct metrics_input *in, FILE *out, bool classic)
{
	struct metrics m;
	int err;

	metrics_begin(&m, out, classic);
	metrics_kernel(&m, in);
	err = metrics_peers(&m, in);
	metrics_nhs(&m, in);
	metrics_nhrp(&m, in);
	if (!err)
		err = metrics_ike(&m, in);
	/* Without its end it is seen to be incomplete. */
	if (!err)
		metrics_end(&m);
	return err;
}

static int write_metrics(struct metrics_input *in, FILE *out, bool classic)
{
	int err;

	err = groups_read(&in->groups, in->snapshot->groups);
	if (!err)
		err = metrics_devices(in);
	if (!err)
		err = write_parts(in, out, classic);
	free(in->devices);
	groups_free(&in->groups);
	return err;
}

static int to_output(struct cli *cli, struct metrics_input *in, bool classic)
{
	int err = write_metrics(in, cli->out, classic);

	if (!err && (fflush(cli->out) || ferror(cli->out)))
		err = -EIO;
	if (err)
		return cli_fail(cli, CLI_REFUSED, "output: %s",
				strerror(-err));
	return CLI_OK;
}

static int to_file(struct cli *cli, struct metrics_input *in, bool classic,
		   const char *path)
{
	struct outfile file;
	int err;

	err = outfile_open(&file, path);
	if (err == -EINVAL)
		return cli_fail(cli, CLI_REFUSED,
				"%s: there is something that is not a regular file",
				path);
	if (!err) {
		err = write_metrics(in, file.out, classic);
		if (err)
			outfile_discard(&file);
		else
			err = outfile_commit(&file);
	}
	if (err)
		return cli_fail(cli, CLI_REFUSED, "%s: %s", path,
				strerror(-err));
	return CLI_OK;
}

static int run(struct cli *cli)
{
	const struct arg_value *v = cli->args.v;
	const char *ifname = v[ARG_DEV].set ? v[ARG_DEV].text : NULL;
	bool classic = v[ARG_FORMAT].number == FORMAT_PROMETHEUS;
	struct metrics_input in = {
		.ifname = ifname,
		.peers = v[ARG_PEERS].set ? v[ARG_PEERS].number : PEERS,
	};
	struct snapshot s = { .kernel = false };
	uint32_t ifindex = 0;
	int code = 0;

	if (ifname)
		code = cli_dmvpn_link(cli, ifname, &ifindex);
	if (!code)
		code = snapshot_read(cli, ifindex, SNAPSHOT_PEERS |
				     SNAPSHOT_ENTRIES | SNAPSHOT_NHS |
				     SNAPSHOT_STATS | SNAPSHOT_IPSEC |
				     SNAPSHOT_GROUPS, &s);
	if (!code) {
		in.snapshot = &s;
		in.now = now_ms();
		code = v[ARG_OUT].set ?
			       to_file(cli, &in, classic, v[ARG_OUT].text) :
			       to_output(cli, &in, classic);
	}
	snapshot_free(&s);
	return code;
}

const struct cmd cmd_metrics = {
	.name = "metrics",
	.args = args,
	.run = run,
	.doc = "write numbers for a monitoring system",
};
