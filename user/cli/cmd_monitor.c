// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpn monitor: events as they happen. */
#include <errno.h>
#include <poll.h>
#include <time.h>

#include "cli/cmd.h"
#include "cli/monitor.h"
#include "cli/print.h"
#include "cli/target.h"
#include "genl/dmvpn_nl.h"
#include "genl/nl_event.h"

/* Room for the events of a flush of a full table. */
#define RCVBUF	(16 << 20)

enum monitor_arg {
	MONITOR_DEV,
	MONITOR_COUNT,
	MONITOR_FOR,
};

static const struct arg args[] = {
	TARGET_DEVS,
	{ .name = "count", .kind = ARG_NUMBER, .min = 1, .max = UINT32_MAX,
	  .doc = "end after so many events" },
	{ .name = "for", .kind = ARG_NUMBER, .value = "SECONDS",
	  .max = 86400 * 365, .doc = "end after so many seconds" },
	{ .name = NULL },
};

/**
 * struct watch - a run of the monitor
 * @p: the output
 * @ifindex: only events of this device, or 0
 * @left: events to be printed
 */
struct watch {
	struct print *p;
	uint32_t ifindex;
	uint64_t left;
};

static uint64_t now_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return ts.tv_sec * 1000ull + ts.tv_nsec / 1000000;
}

static void on_event(const struct dmvpn_event *ev, void *arg)
{
	struct watch *w = arg;

	if (!w->left || (w->ifindex && w->ifindex != ev->ifindex))
		return;
	monitor_print(w->p, ev, now_ms(CLOCK_REALTIME));
	print_flush(w->p);
	w->left--;
}

/* Milliseconds to wait for the next event; 0 when the time is over. */
static int wait_ms(uint64_t deadline)
{
	uint64_t now = now_ms(CLOCK_MONOTONIC);

	if (deadline <= now)
		return 0;
	return deadline - now > 1000 ? 1000 : deadline - now;
}

static int watch(struct cli *cli, struct watch *w, uint64_t deadline)
{
	struct pollfd pfd = {
		.fd = dmvpn_nl_event_fd(cli->nl),
		.events = POLLIN,
	};
	int wait;

	while (w->left && (wait = wait_ms(deadline))) {
		int n = poll(&pfd, 1, wait);

		if (n <= 0)
			continue;
		n = dmvpn_nl_event_read(cli->nl, on_event, w);
		if (n == -ENOBUFS)
			monitor_lost(w->p, now_ms(CLOCK_REALTIME));
		else if (n < 0)
			return cli_refused(cli, cli->nl, n, "events");
		if (print_flush(w->p))
			return CLI_REFUSED;
	}
	return CLI_OK;
}

static int run(struct cli *cli)
{
	const struct arg_value *v = cli->args.v;
	uint64_t deadline = UINT64_MAX;
	struct watch w = { .left = UINT64_MAX };
	int code, err;

	if (v[MONITOR_COUNT].set)
		w.left = v[MONITOR_COUNT].number;
	if (v[MONITOR_FOR].set)
		deadline = now_ms(CLOCK_MONOTONIC) +
			   v[MONITOR_FOR].number * 1000;
	code = cli_devices(cli, &v[MONITOR_DEV], &w.ifindex);
	if (code)
		return code;
	err = dmvpn_nl_event_open(cli->nl, DMVPN_NL_HEAR_ALL, RCVBUF);
	if (err)
		return cli_refused(cli, cli->nl, err, "events");

	w.p = print_new(cli->out, cli->json, PRINT_LINE);
	if (!w.p)
		return cli_end(cli, w.p);
	code = watch(cli, &w, deadline);
	err = cli_end(cli, w.p);
	return code ? code : err;
}

const struct cmd cmd_monitor = {
	.name = "monitor",
	.args = args,
	.run = run,
	.json = true,
	.doc = "print a line for each change, as it happens",
};
