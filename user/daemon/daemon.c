// SPDX-License-Identifier: GPL-2.0-or-later
/* The daemon as a whole: start, reload, stop. */
#include "daemon/daemon.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/iface_link.h"
#include "lib/log.h"

static void report(void *arg, const char *text)
{
	(void)arg;
	nh_error(NULL, NULL, "%s", text);
}

/* Takes @conf over, also when it fails. */
static int open_one(struct nh_daemon *daemon, struct nh_conf *conf)
{
	struct nh_iface *iface;
	int err;

	iface = nh_iface_new(daemon->kernel, daemon->loop, &daemon->ifaces,
			     conf);
	if (!iface) {
		nh_conf_free(conf);
		return -ENOMEM;
	}
	iface->names = daemon->names;
	nh_ike_unload_forget(&daemon->unloads, conf->name);
	err = nh_iface_open(iface);
	if (err)
		nh_iface_close(iface, false);
	return err;
}

static bool is_absent(struct nh_daemon *daemon, const struct nh_conf *conf)
{
	struct nh_kernel *k = daemon->kernel;

	return conf->source_dev[0] && !k->ops->ifindex_of(k, conf->source_dev);
}

/* Takes @conf over, also when it fails. */
static int put_off(struct nh_daemon *daemon, struct nh_conf *conf)
{
	struct nh_conf_set *absent = &daemon->absent;
	struct nh_conf **list = reallocarray(absent->conf, absent->n + 1,
					     sizeof(*list));

	if (!list) {
		nh_conf_free(conf);
		return -ENOMEM;
	}
	absent->conf = list;
	absent->conf[absent->n++] = conf;
	return 0;
}

/* As open_one(), now or later. */
static int open_or_wait(struct nh_daemon *daemon, struct nh_conf *conf)
{
	if (!is_absent(daemon, conf))
		return open_one(daemon, conf);
	nh_warn(conf->name, NULL,
		"[Tunnel] Source=%s: there is no such device yet, the tunnel waits for it",
		conf->source_dev);
	return put_off(daemon, conf);
}

int nh_daemon_start(struct nh_daemon *daemon, struct nh_conf_set *set)
{
	int err = 0;
	size_t i;

	for (i = 0; i < set->n && !err; i++) {
		err = open_or_wait(daemon, set->conf[i]);
		set->conf[i] = NULL;
	}
	nh_conf_set_free(set);
	return err;
}

static struct nh_iface *by_name(struct nh_daemon *daemon, const char *name)
{
	struct nh_iface *iface;

	LIST_FOREACH(iface, &daemon->ifaces, link)
		if (strcmp(iface->conf->name, name) == 0)
			return iface;
	return NULL;
}

static void let_go_of_others(struct nh_daemon *daemon,
			     const struct nh_conf_set *set)
{
	struct nh_iface *iface, *next;
	size_t i;

	for (iface = LIST_FIRST(&daemon->ifaces); iface; iface = next) {
		next = LIST_NEXT(iface, link);
		for (i = 0; i < set->n; i++)
			if (strcmp(set->conf[i]->name, iface->conf->name) == 0)
				break;
		if (i < set->n)
			continue;
		nh_info(iface->conf->name, NULL,
			"no configuration any more: the device is let go");
		nh_ike_unload_leave(&iface->ike, &daemon->unloads);
		nh_iface_close(iface, false);
	}
}

int nh_daemon_reload(struct nh_daemon *daemon)
{
	struct nh_iface *iface;
	struct nh_conf_set set;
	int err, one;
	size_t i;

	/* A device that bids IKE farewell would be made again, and freed. */
	if (daemon->stopping)
		return -ESHUTDOWN;
	err = nh_conf_load(&set, daemon->conf_dir, report, NULL);
	if (err) {
		nh_error(NULL, NULL,
			 "configuration refused, the old one stays");
		return err;
	}
	nh_conf_set_free(&daemon->absent);
	let_go_of_others(daemon, &set);
	for (i = 0; i < set.n; i++) {
		struct nh_conf *conf = set.conf[i];

		set.conf[i] = NULL;
		iface = by_name(daemon, conf->name);
		if (iface) {
			one = nh_iface_reload(iface, conf);
			if (iface->conf != conf)
				nh_conf_free(conf);
		} else {
			one = open_or_wait(daemon, conf);
		}
		if (one)
			err = one;
	}
	nh_conf_set_free(&set);
	nh_info(NULL, NULL, "configuration read again%s",
		err ? ", with errors" : "");
	return err;
}

void nh_daemon_link(struct nh_daemon *daemon, const char *name)
{
	struct nh_conf_set waiting = daemon->absent;
	struct nh_iface *iface;
	size_t i;

	if (daemon->stopping)
		return;
	LIST_FOREACH(iface, &daemon->ifaces, link) {
		nh_link_source(iface);
		if (name && strcmp(name, iface->conf->name))
			continue;
		nh_iface_again(iface);
		/* It may be up again. */
		nh_nhs_kick(iface);
	}
	daemon->absent = (struct nh_conf_set){ 0 };
	for (i = 0; i < waiting.n; i++) {
		struct nh_conf *conf = waiting.conf[i];

		/* The event may have another name of it. */
		if (is_absent(daemon, conf))
			put_off(daemon, conf);
		else
			open_one(daemon, conf);
	}
	free(waiting.conf);
}

void nh_daemon_stop(struct nh_daemon *daemon, bool teardown)
{
	/* The loop may run once more, for the farewell to IKE. */
	daemon->stopping = true;
	nh_conf_set_free(&daemon->absent);
	while (!LIST_EMPTY(&daemon->ifaces))
		nh_iface_close(LIST_FIRST(&daemon->ifaces), teardown);
	nh_ike_unload_forget(&daemon->unloads, NULL);
}
