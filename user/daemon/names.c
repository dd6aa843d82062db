// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of hosts by libevent's resolver, which does not block. */
#include "daemon/names.h"

#include <event2/dns.h>
#include <event2/util.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "daemon/loop.h"
#include "lib/log.h"

static const char *const paths[] = { "/etc/resolv.conf", "/etc/hosts" };

struct dns {
	struct nh_names names;
	struct nh_loop *loop;
	struct evdns_base *base;
	struct stat seen[2];		/* of paths */
	unsigned int pending;
};

struct nh_lookup {
	struct dns *dns;
	nh_names_fn fn;			/* NULL: nobody is interested */
	void *arg;
	struct evdns_getaddrinfo_request *request;
	bool answered;
	struct nh_timer timer;		/* to tell the answer */
	struct nh_addr addr[NH_NAMES_ADDRS];
	size_t n;
	const char *error;
};

static void on_log(int is_warning, const char *text)
{
	(void)is_warning;
	nh_debug(NULL, NULL, "DNS: %s", text);
}

/* Whether they are other files than when this was last asked. */
static bool files_changed(struct dns *dns)
{
	bool changed = false;
	size_t i;

	for (i = 0; i < 2; i++) {
		const struct stat *old = &dns->seen[i];
		struct stat now = { 0 };

		if (stat(paths[i], &now))
			now = (struct stat){ 0 };
		changed |= now.st_ino != old->st_ino ||
			   now.st_size != old->st_size ||
			   now.st_mtim.tv_sec != old->st_mtim.tv_sec ||
			   now.st_mtim.tv_nsec != old->st_mtim.tv_nsec;
		dns->seen[i] = now;
	}
	return changed;
}

static void refresh(struct dns *dns)
{
	if (dns->pending || (!files_changed(dns) && dns->base))
		return;
	if (dns->base)
		evdns_base_free(dns->base, 0);
	dns->base = evdns_base_new(nh_loop_base(dns->loop),
				   EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	if (!dns->base)
		return;
	/* Without one of them the other has to do. */
	evdns_base_resolv_conf_parse(dns->base,
				     DNS_OPTION_SEARCH |
				     DNS_OPTION_NAMESERVERS | DNS_OPTION_MISC,
				     paths[0]);
	evdns_base_load_hosts(dns->base, paths[1]);
}

static void take(struct nh_lookup *l, const struct evutil_addrinfo *res)
{
	const struct sockaddr_in6 *sin6;
	const struct sockaddr_in *sin;

	for (; res && l->n < NH_NAMES_ADDRS; res = res->ai_next) {
		if (res->ai_family == AF_INET) {
			sin = (const void *)res->ai_addr;
			nh_addr_from_bytes(&l->addr[l->n++],
					   (const void *)&sin->sin_addr, 4);
		} else if (res->ai_family == AF_INET6) {
			sin6 = (const void *)res->ai_addr;
			nh_addr_from_bytes(&l->addr[l->n++],
					   (const void *)&sin6->sin6_addr, 16);
		}
	}
}

static void on_answer(int err, struct evutil_addrinfo *res, void *arg)
{
	struct nh_lookup *l = arg;

	l->dns->pending--;
	l->answered = true;
	if (!err)
		take(l, res);
	if (res)
		evutil_freeaddrinfo(res);
	if (!l->fn) {
		free(l);
		return;
	}
	l->error = err ? evutil_gai_strerror(err) : "it has no address";
	/* It may be known at once, and is told later all the same. */
	nh_loop_set(l->dns->loop, &l->timer, 0);
}

static void tell(void *arg)
{
	struct nh_lookup *l = arg;

	l->fn(l->arg, l->addr, l->n, l->error);
	free(l);
}

static struct nh_lookup *lookup(struct nh_names *names, const char *name,
				nh_names_fn fn, void *arg)
{
	const struct evutil_addrinfo hints = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_DGRAM,
	};
	struct evdns_getaddrinfo_request *request;
	struct dns *dns = (struct dns *)names;
	struct nh_lookup *l;

	refresh(dns);
	l = dns->base ? calloc(1, sizeof(*l)) : NULL;
	if (!l)
		return NULL;
	l->dns = dns;
	l->fn = fn;
	l->arg = arg;
	nh_timer_init(&l->timer, tell, l);
	dns->pending++;
	request = evdns_getaddrinfo(dns->base, name, NULL, &hints, on_answer,
				    l);
	if (l->answered)
		return l;
	l->request = request;
	if (!request)
		on_answer(EVUTIL_EAI_FAIL, NULL, l);
	return l;
}

static void cancel(struct nh_names *names, struct nh_lookup *l)
{
	(void)names;
	l->fn = NULL;
	if (!l->answered) {
		/* Its end is told to on_answer(), now or later. */
		evdns_getaddrinfo_cancel(l->request);
		return;
	}
	nh_loop_cancel(l->dns->loop, &l->timer);
	free(l);
}

static const struct nh_names_ops ops = {
	.lookup = lookup,
	.cancel = cancel,
};

struct nh_names *nh_names_new(struct nh_loop *loop)
{
	struct dns *dns = calloc(1, sizeof(*dns));

	if (!dns)
		return NULL;
	evdns_set_log_fn(on_log);
	dns->names.ops = &ops;
	dns->loop = loop;
	return &dns->names;
}

void nh_names_free(struct nh_names *names)
{
	struct dns *dns = (struct dns *)names;

	if (!dns)
		return;
	if (dns->base)
		evdns_base_free(dns->base, 1);
	free(dns);
}
