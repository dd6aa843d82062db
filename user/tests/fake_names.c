// SPDX-License-Identifier: GPL-2.0-or-later
/* Names and addresses for daemons of tests. */
#include "tests/fake_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/loop.h"

#define ANSWER_MS	100

struct fake_names {
	struct nh_names names;
	struct nh_loop *loop;
	const char *name;
	const char *list;
	unsigned int asked;
	unsigned int pending;
};

struct nh_lookup {
	struct fake_names *fake;
	char *name;
	nh_names_fn fn;
	void *arg;
	struct nh_timer timer;
};

static void end(struct nh_lookup *l)
{
	l->fake->pending--;
	nh_loop_cancel(l->fake->loop, &l->timer);
	free(l->name);
	free(l);
}

static void answer(void *arg)
{
	struct nh_lookup *l = arg;
	struct nh_addr addr[NH_NAMES_ADDRS];
	char text[256] = "", *rest = text, *word;
	size_t n = 0;

	if (l->fake->name && strcmp(l->fake->name, l->name) == 0)
		snprintf(text, sizeof(text), "%s", l->fake->list);
	while ((word = strsep(&rest, " ")))
		if (*word)
			assert_int_equal(nh_addr_parse(&addr[n++], word), 0);
	l->fn(l->arg, addr, n, n ? NULL : "no such name");
	end(l);
}

static struct nh_lookup *lookup(struct nh_names *names, const char *name,
				nh_names_fn fn, void *arg)
{
	struct fake_names *fake = (struct fake_names *)names;
	struct nh_lookup *l = calloc(1, sizeof(*l));

	assert_non_null(l);
	l->fake = fake;
	l->name = strdup(name);
	l->fn = fn;
	l->arg = arg;
	nh_timer_init(&l->timer, answer, l);
	nh_loop_set(fake->loop, &l->timer, ANSWER_MS);
	fake->asked++;
	fake->pending++;
	return l;
}

static void cancel(struct nh_names *names, struct nh_lookup *l)
{
	(void)names;
	end(l);
}

static const struct nh_names_ops ops = {
	.lookup = lookup,
	.cancel = cancel,
};

struct nh_names *fake_names_new(struct nh_loop *loop)
{
	struct fake_names *fake = calloc(1, sizeof(*fake));

	assert_non_null(fake);
	fake->names.ops = &ops;
	fake->loop = loop;
	return &fake->names;
}

void fake_names_free(struct nh_names *names)
{
	struct fake_names *fake = (struct fake_names *)names;

	assert_int_equal(fake->pending, 0);
	free(fake);
}

void fake_names_set(struct nh_names *names, const char *name, const char *list)
{
	struct fake_names *fake = (struct fake_names *)names;

	fake->name = name;
	fake->list = list;
}

unsigned int fake_names_asked(const struct nh_names *names)
{
	return ((const struct fake_names *)names)->asked;
}
