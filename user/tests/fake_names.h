/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and addresses for daemons of tests, who answers when time passes. */
#ifndef TESTS_FAKE_NAMES_H
#define TESTS_FAKE_NAMES_H

#include "daemon/names.h"

struct nh_loop;

/** fake_names_new() - a resolver that knows no name */
struct nh_names *fake_names_new(struct nh_loop *loop);

/** fake_names_free() - fails the test when a lookup is still under way */
void fake_names_free(struct nh_names *names);

/** fake_names_set() - @name, the only one, has @list: addresses and blanks */
void fake_names_set(struct nh_names *names, const char *name,
		    const char *list);

/** fake_names_asked() - lookups so far */
unsigned int fake_names_asked(const struct nh_names *names);

#endif /* TESTS_FAKE_NAMES_H */
