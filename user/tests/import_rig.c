// SPDX-License-Identifier: GPL-2.0-or-later
/* Importing a text, and reading what comes of it as dmvpnd does. */
#include "tests/import_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void take(struct import *in, const char *text, const char *comments)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");
	char error[512];

	assert_non_null(f);
	if (import_read(in, "test", f, comments, error, sizeof(error)))
		fail_msg("%s", error);
	fclose(f);
}

/* Each line has a class and a reason. */
static void all_have(const struct import *in)
{
	size_t i;

	assert_false(in->nomem);
	for (i = 0; i < in->nline; i++)
		if (in->line[i].class == IMPORT_OPEN || !in->line[i].what[0])
			fail_msg("line %u: %s", in->line[i].number,
				 in->line[i].text);
}

void imp_ios(struct import *in, const char *text)
{
	take(in, text, "!");
	import_ios(in);
	all_have(in);
}

void imp_frr(struct import *in, const char *text)
{
	take(in, text, "!#");
	import_frr(in);
	all_have(in);
}

char *imp_text(const struct import *in, size_t i)
{
	char *text;
	size_t size;
	FILE *f;

	assert_true(i < in->ntunnel);
	f = open_memstream(&text, &size);
	import_write(in->tunnel[i], f);
	fclose(f);
	return text;
}

char *imp_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t size = 0;

	if (!f)
		fail_msg("%s is not there", path);
	assert_true(getdelim(&text, &size, '\0', f) > 0);
	fclose(f);
	return text;
}

static void refused(void *arg, const char *text)
{
	fail_msg("%s\n%s", text, (const char *)arg);
}

struct nh_conf *imp_read(const char *name, const char *text)
{
	FILE *f = fmemopen((void *)text, strlen(text), "r");
	struct nh_conf *conf = NULL;

	assert_non_null(f);
	assert_int_equal(nh_conf_read(&conf, name, f, refused, (void *)text),
			 0);
	fclose(f);
	return conf;
}

struct nh_conf *imp_conf(const struct import *in, size_t i)
{
	char name[32], *text = imp_text(in, i);
	struct nh_conf *conf;

	snprintf(name, sizeof(name), "%s.conf", in->tunnel[i]->device);
	conf = imp_read(name, text);
	free(text);
	return conf;
}

void imp_has(const struct import *in, size_t i, const char *lines)
{
	char *text = imp_text(in, i);

	if (!strstr(text, lines))
		fail_msg("%s\nis missing in:\n%s", lines, text);
	free(text);
}

void imp_lacks(const struct import *in, size_t i, const char *part)
{
	char *text = imp_text(in, i);

	if (strstr(text, part))
		fail_msg("%s\nis in:\n%s", part, text);
	free(text);
}

const struct import_line *imp_line(const struct import *in, const char *text)
{
	size_t i;

	for (i = 0; i < in->nline; i++)
		if (!strncmp(in->line[i].text, text, strlen(text)))
			return &in->line[i];
	fail_msg("no line %s", text);
	return NULL;
}

void imp_is(const struct import *in, const char *text, enum import_class class,
	    const char *what)
{
	const struct import_line *l = imp_line(in, text);

	if (l->class != class || !strstr(l->what, what))
		fail_msg("%s: %d: %s; %s", l->text, l->class, l->what,
			 l->instead);
}

void imp_note(const struct import *in, const char *text)
{
	size_t i;

	for (i = 0; i < in->nnote; i++)
		if (strstr(in->note[i].text, text))
			return;
	fail_msg("no note %s", text);
}
