// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading the IKE daemon's lists of security associations. */
#include "daemon/ike_sa.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct walk - where in a list item we are
 * @sa: being filled
 * @child: being filled, or NULL
 * @in_children: inside of "child-sas"
 * @in_selectors: inside of what the peer sends and receives by one of them
 * @now: milliseconds of the loop
 * @alg: parts of the IKE SA's algorithms
 */
struct walk {
	struct nh_ike_sa *sa;
	struct nh_ike_child *child;
	bool in_children;
	bool in_selectors;
	uint64_t now;
	char alg[5][32];
};

static uint64_t number(struct nh_view value, int base)
{
	char text[32], *end;
	uint64_t n;

	if (!vici_text(value, text, sizeof(text)) || !text[0])
		return 0;
	n = strtoull(text, &end, base);
	return *end ? 0 : n;
}

/* Seconds that have passed since something, as a moment of the loop. */
static uint64_t since(uint64_t now, uint64_t seconds)
{
	return seconds * 1000 < now ? now - seconds * 1000 : 1;
}

static uint64_t in(uint64_t now, uint64_t seconds)
{
	return seconds && seconds < UINT32_MAX ? now + seconds * 1000 : 0;
}

static void address(struct nh_addr *addr, struct nh_view value)
{
	char text[NH_ADDR_STRLEN];

	if (!vici_text(value, text, sizeof(text)) ||
	    nh_addr_parse(addr, text))
		*addr = (struct nh_addr){ 0 };
}

static void ike_fact(struct walk *w, const char *key, struct nh_view v)
{
	static const char *const alg[] = {
		"encr-alg", "encr-keysize", "integ-alg", "prf-alg", "dh-group",
	};
	struct nh_ike_sa *sa = w->sa;
	size_t i;

	for (i = 0; i < sizeof(alg) / sizeof(alg[0]); i++)
		if (strcmp(key, alg[i]) == 0)
			vici_text(v, w->alg[i], sizeof(w->alg[i]));
	if (strcmp(key, "uniqueid") == 0)
		sa->id = (uint32_t)number(v, 10);
	else if (strcmp(key, "version") == 0)
		sa->version = (uint8_t)number(v, 10);
	else if (strcmp(key, "state") == 0)
		vici_text(v, sa->state, sizeof(sa->state));
	else if (strcmp(key, "remote-host") == 0)
		address(&sa->remote, v);
	else if (strcmp(key, "remote-port") == 0)
		sa->port = (uint16_t)number(v, 10);
	else if (strcmp(key, "local-id") == 0)
		vici_text(v, sa->local_identity, sizeof(sa->local_identity));
	else if (strcmp(key, "remote-id") == 0 &&
		 !vici_text(v, sa->identity, sizeof(sa->identity)))
		/* Half of a name could be somebody else's. */
		sa->identity[0] = '\0';
	else if (strcmp(key, "initiator") == 0)
		sa->initiator = vici_is(v, "yes");
	else if (strcmp(key, "initiator-spi") == 0)
		sa->initiator_spi = number(v, 16);
	else if (strcmp(key, "nat-local") == 0)
		sa->nat_local = vici_is(v, "yes");
	else if (strcmp(key, "nat-remote") == 0)
		sa->nat_remote = vici_is(v, "yes");
	else if (strcmp(key, "established") == 0)
		sa->established = since(w->now, number(v, 10));
	else if (strcmp(key, "rekey-time") == 0 ||
		 strcmp(key, "reauth-time") == 0)
		sa->rekey = in(w->now, number(v, 10));
}

static void child_fact(struct walk *w, const char *key, struct nh_view v)
{
	struct nh_ike_child *child = w->child;

	if (strcmp(key, "uniqueid") == 0)
		child->id = (uint32_t)number(v, 10);
	else if (strcmp(key, "state") == 0)
		vici_text(v, child->state, sizeof(child->state));
	else if (strcmp(key, "mode") == 0)
		vici_text(v, child->mode, sizeof(child->mode));
	else if (strcmp(key, "reqid") == 0)
		child->reqid = (uint32_t)number(v, 10);
	else if (strcmp(key, "spi-in") == 0)
		child->spi_in = (uint32_t)number(v, 16);
	else if (strcmp(key, "spi-out") == 0)
		child->spi_out = (uint32_t)number(v, 16);
	else if (strcmp(key, "if-id-out") == 0)
		child->if_id = (uint32_t)number(v, 16);
	else if (strcmp(key, "install-time") == 0)
		child->installed = since(w->now, number(v, 10));
	else if (strcmp(key, "rekey-time") == 0)
		child->rekey = in(w->now, number(v, 10));
	else if (strcmp(key, "life-time") == 0)
		child->expires = in(w->now, number(v, 10));
}

/* "192.0.2.7/32[gre]". The addresses of the IKE SA come before. */
static void selector(struct walk *w, struct nh_view v)
{
	char text[NH_ADDR_STRLEN + 32];
	struct nh_prefix prefix;

	if (!vici_text(v, text, sizeof(text))) {
		w->sa->stray = true;
		return;
	}
	text[strcspn(text, "[")] = '\0';
	if (nh_prefix_parse(&prefix, text, NULL) ||
	    prefix.plen != nh_addr_bits(&prefix.addr) ||
	    !nh_addr_equal(&prefix.addr, &w->sa->remote))
		w->sa->stray = true;
}

static void section(struct walk *w, const struct vici_elem *e)
{
	struct nh_ike_sa *sa = w->sa;

	if (e->depth == 0)
		snprintf(sa->name, sizeof(sa->name), "%.*s",
			 (int)sizeof(sa->name) - 1, e->name);
	else if (e->depth == 1)
		w->in_children = strcmp(e->name, "child-sas") == 0;
	else if (e->depth == 2 && w->in_children &&
		 sa->nchild < NH_IKE_CHILDREN)
		w->child = &sa->child[sa->nchild++];
}

/* Name by name, as IKE proposals are written. */
static void write_algorithms(struct walk *w)
{
	char *out = w->sa->algorithms;
	size_t size = sizeof(w->sa->algorithms), len = 0, i;

	for (i = 0; i < 5; i++) {
		const char *before = i == 1 ? "-" : "/";

		if (w->alg[i][0] && len < size)
			len += (size_t)snprintf(out + len, size - len, "%s%s",
						len ? before : "", w->alg[i]);
	}
}

bool nh_ike_sa_read(struct nh_ike_sa *sa, const struct vici_view *msg,
		    uint64_t now)
{
	struct walk w = { .sa = sa, .now = now };
	struct vici_reader r;
	struct vici_elem e;

	*sa = (struct nh_ike_sa){ 0 };
	vici_reader_init(&r, msg);
	while (vici_next(&r, &e)) {
		if (e.type == VICI_SECTION_START)
			section(&w, &e);
		else if (e.type == VICI_SECTION_END && e.depth == 2)
			w.child = NULL;
		else if (e.type == VICI_KEY_VALUE && e.depth == 1)
			ike_fact(&w, e.name, e.value);
		else if (e.type == VICI_KEY_VALUE && e.depth == 3 && w.child)
			child_fact(&w, e.name, e.value);
		else if (e.type == VICI_LIST_START)
			w.in_selectors = w.in_children && e.depth == 3 &&
					 strcmp(e.name, "remote-ts") == 0;
		else if (e.type == VICI_LIST_ITEM && w.in_selectors)
			selector(&w, e.value);
	}
	write_algorithms(&w);
	return !r.err && sa->name[0] && sa->id && nh_addr_is_set(&sa->remote);
}

size_t nh_ike_ids(const struct vici_view *msg, char *name, size_t size,
		  uint32_t *ids, size_t max)
{
	bool rekey = false;
	struct vici_reader r;
	struct vici_elem e;
	size_t n = 0;

	name[0] = '\0';
	vici_reader_init(&r, msg);
	while (vici_next(&r, &e) && n < max) {
		if (e.type == VICI_SECTION_START && e.depth == 0)
			snprintf(name, size, "%s", e.name);
		else if (e.type == VICI_SECTION_START && e.depth == 1)
			rekey = strcmp(e.name, "old") == 0 ||
				strcmp(e.name, "new") == 0;
		else if (e.type == VICI_KEY_VALUE &&
			 strcmp(e.name, "uniqueid") == 0 &&
			 (e.depth == 1 || (e.depth == 2 && rekey)))
			ids[n++] = (uint32_t)number(e.value, 10);
	}
	return n;
}

static bool in_use(const struct nh_ike_child *child)
{
	/* One that is being replaced is in use until its heir is. */
	return strcmp(child->state, "INSTALLED") == 0 ||
	       strcmp(child->state, "REKEYING") == 0 ||
	       strcmp(child->state, "REKEYED") == 0;
}

bool nh_ike_sa_is_up(const struct nh_ike_sa *sa, uint32_t if_id)
{
	size_t i;

	for (i = 0; i < sa->nchild; i++)
		if (sa->child[i].if_id == if_id && in_use(&sa->child[i]))
			return true;
	return false;
}
