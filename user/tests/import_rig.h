/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Importing a text, and reading what comes of it as dmvpnd does. */
#ifndef TESTS_IMPORT_RIG_H
#define TESTS_IMPORT_RIG_H

#include "cli/import_tunnel.h"
#include "daemon/conf.h"

/** imp_ios() - import a running-config, which must be a text */
void imp_ios(struct import *in, const char *text);

/** imp_frr() - import a configuration of FRR, which must be a text */
void imp_frr(struct import *in, const char *text);

/** imp_text() - the configuration of a tunnel, for free() */
char *imp_text(const struct import *in, size_t i);

/** imp_file() - a file, for free() */
char *imp_file(const char *path);

/** imp_read() - what the daemon's parser makes of a text; it must take it */
struct nh_conf *imp_read(const char *name, const char *text);

/** imp_conf() - what it makes of the configuration of a tunnel */
struct nh_conf *imp_conf(const struct import *in, size_t i);

/** imp_has() - the configuration of a tunnel has these lines */
void imp_has(const struct import *in, size_t i, const char *lines);

/** imp_lacks() - it does not have this text */
void imp_lacks(const struct import *in, size_t i, const char *text);

/** imp_line() - the line of the input that begins with a text */
const struct import_line *imp_line(const struct import *in, const char *text);

/** imp_is() - the class of a line, and a part of what is said of it */
void imp_is(const struct import *in, const char *line, enum import_class class,
	    const char *what);

/** imp_note() - some note has this text */
void imp_note(const struct import *in, const char *text);

#endif /* TESTS_IMPORT_RIG_H */
