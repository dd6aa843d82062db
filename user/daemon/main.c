// SPDX-License-Identifier: GPL-2.0-or-later
/* dmvpnd: the NHRP daemon of dmvpn devices. Options, signals, exit code. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/ctl.h"
#include "daemon/daemon.h"
#include "daemon/dispatch.h"
#include "daemon/inets.h"
#include "daemon/kernel_nl.h"
#include "daemon/notify.h"
#include "daemon/pidfile.h"
#include "daemon/routes.h"
#include "daemon/watchdog.h"
#include "genl/inet_watch.h"
#include "genl/link_watch.h"
#include "genl/nl_event.h"
#include "genl/route_watch.h"
#include "lib/log.h"
#include "lib/version.h"

enum exit_code {
	EXIT_OK		= 0,
	EXIT_REFUSED	= 1,
	EXIT_USAGE	= 2,
	EXIT_NO_KERNEL	= 4,
};

/**
 * struct options - the command line
 * @dir: of the configuration
 * @check: only test it
 * @background: go into the background
 * @teardown: remove the devices at the end
 * @target: of the log
 * @target_set: it was given
 * @pidfile: where our process id is told, an absolute path, or NULL
 */
struct options {
	const char *dir;
	bool check;
	bool background;
	bool teardown;
	enum nh_log_target target;
	bool target_set;
	const char *pidfile;
};

/**
 * struct state - what the handlers of the loop need
 * @daemon: all devices
 * @failed: the connection to the kernel broke
 * @teardown: remove the devices at the end
 */
struct state {
	struct nh_daemon daemon;
	bool failed;
	bool teardown;
};

static void usage(FILE *to)
{
	fputs("usage: dmvpnd [-c DIR] [-l syslog|stderr] [--level LEVEL] [--teardown]\n"
	      "              [-d] [--pidfile FILE]\n"
	      "       dmvpnd --check [-c DIR]\n"
	      "  -c, --config DIR    read DIR/*.conf, default /etc/dmvpn\n"
	      "      --check         test the configuration, touch nothing\n"
	      "  -f, --foreground    stay in the foreground (default)\n"
	      "  -d, --daemonize     go into the background, log to syslog\n"
	      "      --pidfile FILE  write the process id to FILE, an absolute path\n"
	      "  -l, --log WHERE     stderr (default) or syslog\n"
	      "      --level LEVEL   error, warning, info (default) or debug\n"
	      "      --teardown      deregister and remove the devices at exit\n"
	      "  -V, --version       print the version\n"
	      "  -h, --help          print this\n", to);
}

/* -1: go on; otherwise the exit code. */
static int parse_options(struct options *o, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "check", no_argument, NULL, 'C' },
		{ "foreground", no_argument, NULL, 'f' },
		{ "daemonize", no_argument, NULL, 'd' },
		{ "pidfile", required_argument, NULL, 'P' },
		{ "log", required_argument, NULL, 'l' },
		{ "level", required_argument, NULL, 'L' },
		{ "teardown", no_argument, NULL, 'T' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	enum nh_log_level level;
	int c;

	while ((c = getopt_long(argc, argv, "c:fdl:Vh", longs, NULL)) != -1) {
		switch (c) {
		case 'c':
			o->dir = optarg;
			break;
		case 'C':
			o->check = true;
			break;
		case 'f':
			o->background = false;
			break;
		case 'd':
			o->background = true;
			break;
		case 'P':
			if (*optarg != '/') {
				fprintf(stderr, "dmvpnd: --pidfile %s: expected an absolute path\n",
					optarg);
				return EXIT_USAGE;
			}
			o->pidfile = optarg;
			break;
		case 'l':
			if (strcmp(optarg, "syslog") &&
			    strcmp(optarg, "stderr")) {
				fprintf(stderr, "dmvpnd: --log %s: expected syslog or stderr\n",
					optarg);
				return EXIT_USAGE;
			}
			o->target = strcmp(optarg, "syslog") ? NH_LOG_STDERR :
				    NH_LOG_SYSLOG;
			o->target_set = true;
			break;
		case 'L':
			if (nh_log_level_parse(&level, optarg)) {
				fprintf(stderr, "dmvpnd: --level %s: expected error, warning, info or debug\n",
					optarg);
				return EXIT_USAGE;
			}
			nh_log_set_level(level);
			break;
		case 'T':
			o->teardown = true;
			break;
		case 'V':
			printf("dmvpnd %s\n", DMVPN_VERSION);
			return EXIT_OK;
		case 'h':
			usage(stdout);
			return EXIT_OK;
		default:
			usage(stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "dmvpnd: unexpected argument \"%s\"\n",
			argv[optind]);
		usage(stderr);
		return EXIT_USAGE;
	}
	return -1;
}

static void report(void *arg, const char *text)
{
	(void)arg;
	fprintf(stderr, "dmvpnd: %s\n", text);
}

static void on_terminate(void *arg, unsigned int signo)
{
	struct state *state = arg;

	nh_info(NULL, NULL, "ending on signal %u", signo);
	state->teardown |= signo == SIGUSR1;
	nh_loop_stop(state->daemon.loop);
}

static void on_hangup(void *arg, unsigned int signo)
{
	struct state *state = arg;

	(void)signo;
	/* The service manager has been told that it ends. */
	if (state->daemon.stopping)
		return;
	nh_notify("RELOADING=1");
	nh_daemon_reload(&state->daemon);
	nh_notify("READY=1");
}

static void on_event(const struct dmvpn_event *ev, void *arg)
{
	struct state *state = arg;

	nh_dispatch_event(&state->daemon.ifaces, ev);
}

/* Without a connection that hears of changes there is no going on. */
static void broken(struct state *state, const char *what, int err)
{
	nh_error(NULL, NULL, "%s: %s", what, strerror(-err));
	state->failed = true;
	nh_loop_stop(state->daemon.loop);
}

static void on_readable(void *arg, unsigned int events)
{
	struct state *state = arg;
	struct nh_daemon *daemon = &state->daemon;
	struct dmvpn_nl *nl = nh_kernel_nl_events(daemon->kernel);
	struct nh_iface *iface;
	int err;

	(void)events;
	err = dmvpn_nl_event_read(nl, on_event, state);
	if (err == -ENOBUFS) {
		LIST_FOREACH(iface, &daemon->ifaces, link)
			nh_iface_resync(iface);
	} else if (err < 0) {
		broken(state, "the connection to the kernel broke", err);
	}
}

static void on_route(const struct nh_prefix *prefix, void *arg)
{
	nh_routes_changed(arg, prefix);
}

static void on_routes(void *arg, unsigned int events)
{
	struct state *state = arg;
	struct nh_daemon *daemon = &state->daemon;
	int err;

	(void)events;
	err = dmvpn_nl_route_watch_read(nh_kernel_nl_routes(daemon->kernel),
					on_route, &daemon->ifaces);
	if (err < 0)
		broken(state, "the routing table cannot be listened to", err);
}

static void on_inet(uint32_t ifindex, void *arg)
{
	nh_inets_changed(arg, ifindex);
}

static void on_inets(void *arg, unsigned int events)
{
	struct state *state = arg;
	struct nh_daemon *daemon = &state->daemon;
	int err;

	(void)events;
	err = dmvpn_nl_inet_watch_read(nh_kernel_nl_inets(daemon->kernel),
				       on_inet, &daemon->ifaces);
	if (err < 0)
		broken(state, "addresses cannot be listened to", err);
}

static void on_link(const char *name, void *arg)
{
	nh_daemon_link(arg, name);
}

static void on_links(void *arg, unsigned int events)
{
	struct state *state = arg;
	struct nh_daemon *daemon = &state->daemon;
	int err;

	(void)events;
	err = dmvpn_nl_link_watch_read(nh_kernel_nl_links(daemon->kernel),
				       on_link, daemon);
	if (err < 0)
		broken(state, "devices cannot be listened to", err);
}

static int serve(struct state *state, struct nh_conf_set *set)
{
	struct nh_daemon *daemon = &state->daemon;
	struct nh_watch *watches[8] = { 0 };
	struct nh_watchdog dog = { 0 };
	int code = EXIT_REFUSED;
	bool watched = true;
	size_t i;

	watches[0] = nh_loop_signal(daemon->loop, SIGTERM, on_terminate, state);
	watches[1] = nh_loop_signal(daemon->loop, SIGINT, on_terminate, state);
	watches[2] = nh_loop_signal(daemon->loop, SIGHUP, on_hangup, state);
	watches[3] = nh_loop_watch(daemon->loop,
				   dmvpn_nl_event_fd(
					nh_kernel_nl_events(daemon->kernel)),
				   NH_LOOP_READ, on_readable, state);
	watches[4] = nh_loop_watch(daemon->loop,
				   dmvpn_nl_route_watch_fd(
					nh_kernel_nl_routes(daemon->kernel)),
				   NH_LOOP_READ, on_routes, state);
	watches[5] = nh_loop_watch(daemon->loop,
				   dmvpn_nl_inet_watch_fd(
					nh_kernel_nl_inets(daemon->kernel)),
				   NH_LOOP_READ, on_inets, state);
	watches[6] = nh_loop_signal(daemon->loop, SIGUSR1, on_terminate, state);
	watches[7] = nh_loop_watch(daemon->loop,
				   dmvpn_nl_link_watch_fd(
					nh_kernel_nl_links(daemon->kernel)),
				   NH_LOOP_READ, on_links, state);
	for (i = 0; i < sizeof(watches) / sizeof(watches[0]); i++)
		watched &= watches[i] != NULL;
	if (!watched) {
		nh_error(NULL, NULL, "out of memory");
	} else if (nh_daemon_start(daemon, set) == 0) {
		nh_notify("READY=1");
		nh_watchdog_start(&dog, daemon->loop);
		nh_loop_run(daemon->loop);
		nh_watchdog_stop(&dog);
		nh_notify("STOPPING=1");
		code = state->failed ? EXIT_REFUSED : EXIT_OK;
	}
	nh_daemon_stop(daemon, state->teardown && code == EXIT_OK);
	for (i = 0; i < sizeof(watches) / sizeof(watches[0]); i++)
		nh_watch_free(watches[i]);
	return code;
}

/* The file is there as long as we serve, and not before it is sure that we do. */
static int serve_as_told(struct state *state, struct nh_conf_set *set,
			 const struct options *o)
{
	int err = o->pidfile ? nh_pidfile_write(o->pidfile) : 0;
	int code;

	if (err) {
		nh_error(NULL, NULL, "cannot write %s: %s", o->pidfile,
			 strerror(-err));
		return EXIT_REFUSED;
	}
	code = serve(state, set);
	if (o->pidfile)
		unlink(o->pidfile);
	return code;
}

static int open_kernel(struct nh_kernel **kernel)
{
	char why[256];
	int err = nh_kernel_nl_open(kernel, why, sizeof(why));

	if (err == -EOPNOTSUPP) {
		nh_error(NULL, NULL,
			 "the kernel does not know dmvpn devices: is the module loaded (modprobe dmvpn)?");
		return EXIT_NO_KERNEL;
	}
	if (err) {
		nh_error(NULL, NULL, "no connection to the kernel: %s", why);
		return EXIT_REFUSED;
	}
	return EXIT_OK;
}

static int run(struct nh_conf_set *set, const struct options *o)
{
	struct state state = {
		.daemon.conf_dir = o->dir,
		.teardown = o->teardown,
	};
	struct nh_ctl *ctl = NULL;
	int code, err;

	LIST_INIT(&state.daemon.ifaces);
	code = open_kernel(&state.daemon.kernel);
	if (code)
		return code;
	code = EXIT_REFUSED;
	state.daemon.loop = nh_loop_new();
	if (state.daemon.loop)
		state.daemon.names = nh_names_new(state.daemon.loop);
	err = state.daemon.names ? nh_ctl_open(&ctl, &state.daemon) : -ENOMEM;
	/* Tunnels do not depend on it. */
	if (err == -EPERM)
		nh_warn(NULL, NULL,
			"another user's program has our name: no orders are taken from the command");
	if (err == -EADDRINUSE)
		nh_error(NULL, NULL,
			 "dmvpnd runs in this network namespace already");
	else if (err && err != -EPERM)
		nh_error(NULL, NULL, "cannot listen: %s", strerror(-err));
	else
		code = serve_as_told(&state, set, o);
	nh_ctl_close(ctl);
	nh_names_free(state.daemon.names);
	nh_loop_free(state.daemon.loop);
	nh_kernel_nl_close(state.daemon.kernel);
	return code;
}

/* The path is needed again by reloads, from another working directory. */
static char *absolute(const char *dir)
{
	char *path = realpath(dir, NULL);

	if (!path)
		fprintf(stderr, "dmvpnd: %s: %s\n", dir, strerror(errno));
	return path;
}

int main(int argc, char **argv)
{
	struct options o = { .dir = "/etc/dmvpn" };
	struct nh_conf_set set;
	char *dir;
	int code;

	code = parse_options(&o, argc, argv);
	if (code >= 0)
		return code;
	dir = absolute(o.dir);
	if (!dir)
		return EXIT_USAGE;
	o.dir = dir;
	if (nh_conf_load(&set, dir, report, NULL)) {
		free(dir);
		return EXIT_USAGE;
	}
	if (o.check) {
		code = EXIT_OK;
	} else if (o.background && daemon(0, 0)) {
		fprintf(stderr, "dmvpnd: %s\n", strerror(errno));
		code = EXIT_REFUSED;
	} else {
		nh_log_open(o.background && !o.target_set ? NH_LOG_SYSLOG :
			    o.target, "dmvpnd");
		code = run(&set, &o);
	}
	nh_conf_set_free(&set);
	free(dir);
	return code;
}
