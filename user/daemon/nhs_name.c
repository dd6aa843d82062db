// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Servers whose NBMA address is that of a name.
 *
 * The name is looked up at the start, every few minutes, and when the server
 * does not answer. An address serves as long as the name has it and the server
 * answers there; otherwise the next one is tried. Until the first answer, and
 * when there is none, the address that the kernel's entry has is used: an
 * earlier daemon has learned it.
 */
#include "daemon/nhs_name.h"

#include <sys/socket.h>

#include "daemon/iface.h"
#include "daemon/path.h"
#include "lib/log.h"

#define AGAIN		300	/* seconds between lookups */
#define AGAIN_JITTER	10	/* percent */
#define FAILED_MIN	5	/* seconds after one without an answer */
#define FAILED_MAX	80
#define HURRY_MS	5000	/* least time between two */

/* Packets can leave to it, as far as is known now. */
static bool is_usable(const struct nh_iface *iface, const struct nh_addr *addr)
{
	const struct nh_addr *local = nh_iface_local(iface, addr->family);

	return nh_addr_is_set(local) && !nh_addr_equal(local, addr) &&
	       !nh_addr_is_any(addr) && !nh_addr_is_multicast(addr) &&
	       !nh_addr_is_loopback(addr) && !nh_addr_is_v4mapped(addr);
}

/* The one in use while it is good, else the next usable one, or NULL. */
static const struct nh_addr *choose(const struct nh_nhs *nhs,
				    const struct nh_addr *list, size_t n)
{
	size_t i, current = n;

	for (i = 0; i < n; i++)
		if (nh_addr_equal(&list[i], &nhs->conf.nbma) &&
		    is_usable(nhs->iface, &list[i]))
			current = i;
	if (current < n && nhs->state != NH_NHS_DOWN)
		return &list[current];
	for (i = 1; i <= n; i++) {
		const struct nh_addr *addr = &list[(current + i) % n];

		/* From behind the current one, or from the first. */
		if (current == n)
			addr = &list[i - 1];
		if (is_usable(nhs->iface, addr))
			return addr;
	}
	return NULL;
}

static void failed(struct nh_nhs *nhs, const char *why)
{
	struct nh_iface *iface = nhs->iface;

	if (!nhs->name_failed)
		nh_warn(iface->conf->name, &nhs->conf.nbma,
			"the server's name %s is not resolved: %s",
			nhs->conf.name, why);
	nhs->name_failed = true;
	nhs->name_wait = !nhs->name_wait ? FAILED_MIN :
			 nhs->name_wait * 2 > FAILED_MAX ? FAILED_MAX :
			 nhs->name_wait * 2;
	nh_loop_set(iface->loop, &nhs->name_timer,
		    nh_loop_jitter(iface->loop, nhs->name_wait * 1000,
				   AGAIN_JITTER));
}

static void answered(void *arg, const struct nh_addr *list, size_t n,
		     const char *error)
{
	const struct nh_addr *addr;
	struct nh_nhs *nhs = arg;
	struct nh_iface *iface = nhs->iface;
	struct nh_addr old = nhs->conf.nbma;
	char text[NH_ADDR_STRLEN];

	nhs->lookup = NULL;
	addr = n ? choose(nhs, list, n) : NULL;
	if (!addr) {
		failed(nhs, n ? "no address that we can send to" : error);
		return;
	}
	nh_loop_set(iface->loop, &nhs->name_timer,
		    nh_loop_jitter(iface->loop, AGAIN * 1000, AGAIN_JITTER));
	nhs->name_wait = 0;
	if (nhs->name_failed || !nh_addr_equal(addr, &old))
		nh_info(iface->conf->name, &old, "the server's name %s is %s",
			nhs->conf.name,
			nh_addr_format(addr, text, sizeof(text)));
	nhs->name_failed = false;
	if (!nh_addr_equal(addr, &old))
		nh_nhs_move(nhs, addr);
}

static void ask(void *arg)
{
	struct nh_nhs *nhs = arg;
	struct nh_iface *iface = nhs->iface;
	struct nh_names *names = iface->names;

	if (nhs->lookup)
		return;
	nhs->name_asked = nh_loop_now(iface->loop);
	if (names)
		nhs->lookup = names->ops->lookup(names, nhs->conf.name,
						 answered, nhs);
	if (!nhs->lookup)
		failed(nhs, names ? "out of memory" : "there is no resolver");
}

/* What an earlier daemon has put there. */
static void adopt(struct nh_nhs *nhs)
{
	struct dmvpn_nl_entry entry;

	/* Of one that is to be learned too, nh_nhs_adopt() knows. */
	if (nhs->conf.dynamic)
		return;
	if (nh_path_host(nhs->iface, &nhs->conf.proto, &entry) == 0 &&
	    entry.type == DMVPN_ENTRY_TYPE_NHS && !entry.if_id)
		nhs->conf.nbma = entry.nbma;
}

void nh_nhs_name_init(struct nh_nhs *nhs)
{
	nh_timer_init(&nhs->name_timer, ask, nhs);
	if (!nhs->conf.name[0])
		return;
	adopt(nhs);
	ask(nhs);
}

void nh_nhs_name_end(struct nh_nhs *nhs)
{
	struct nh_names *names = nhs->iface->names;

	nh_loop_cancel(nhs->iface->loop, &nhs->name_timer);
	if (nhs->lookup)
		names->ops->cancel(names, nhs->lookup);
	nhs->lookup = NULL;
}

void nh_nhs_name_hurry(struct nh_nhs *nhs)
{
	uint64_t now = nh_loop_now(nhs->iface->loop);

	if (nhs->conf.name[0] && now >= nhs->name_asked + HURRY_MS)
		ask(nhs);
}
