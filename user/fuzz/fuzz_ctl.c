// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests of any octets at the control socket: always one line back. */
#include <stdlib.h>
#include <string.h>

#include "daemon/ctl.h"
#include "daemon/daemon.h"
#include "lib/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void quiet(void *arg, enum nh_log_level level, const char *line)
{
	(void)arg;
	(void)level;
	(void)line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* A directory that does not exist, so that "reload" reads nothing. */
	struct nh_daemon daemon = { .conf_dir = "/nonexistent" };
	static struct nh_loop *loop;	/* reachable to the end: no leak */
	char *answer;

	if (size > NH_CTL_LINE_MAX)
		return 0;
	if (!loop)
		loop = nh_loop_new_manual(1);
	daemon.loop = loop;
	LIST_INIT(&daemon.ifaces);
	nh_log_sink(quiet, NULL);
	answer = nh_ctl_answer(&daemon, (const char *)data, size);
	if (!answer || strchr(answer, '\n') != answer + strlen(answer) - 1)
		abort();
	free(answer);
	return 0;
}
