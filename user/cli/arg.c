// SPDX-License-Identifier: GPL-2.0-or-later
/* Arguments: reading them as their table says. */
#include "cli/arg.h"

#include <errno.h>
#include <inttypes.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

const struct arg_word arg_onoff[] = {
	{ "on", 1 },
	{ "off", 0 },
	{ NULL, 0 },
};

const char *arg_word_name(const struct arg_word *words, uint32_t value)
{
	for (; words->name; words++) {
		if (words->value == value)
			return words->name;
	}
	return NULL;
}

const struct arg *arg_find(const struct arg *table, const char *name)
{
	for (; table->name; table++) {
		if (!table->positional && !strcmp(table->name, name))
			return table;
	}
	return NULL;
}

static const char *value_name(const struct arg *arg)
{
	if (arg->value)
		return arg->value;
	if (arg->positional)
		return arg->name;
	switch (arg->kind) {
	case ARG_NUMBER:
		return "N";
	case ARG_ADDR:
	case ARG_ADDRS:
		return "ADDR";
	case ARG_PREFIX:
		return "PREFIX";
	case ARG_IFNAME:
		return "NAME";
	case ARG_PATH:
		return "PATH";
	case ARG_TEXT:
		return "TEXT";
	default:
		return NULL;
	}
}

/* A text that is built bit by bit and never overflows. */
static void append(char *buf, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void append(char *buf, size_t size, const char *fmt, ...)
{
	size_t len = strlen(buf);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf + len, size - len, fmt, ap);
	va_end(ap);
}

static void usage_value(const struct arg *arg, char *buf, size_t size)
{
	const struct arg_word *w = arg->words;
	const char *name = value_name(arg);
	const char *bar = "";

	if (name) {
		append(buf, size, "%s", name);
		bar = "|";
	}
	for (; w && w->name; w++) {
		append(buf, size, "%s%s", bar, w->name);
		bar = "|";
	}
}

void arg_usage(const struct arg *arg, char *buf, size_t size)
{
	buf[0] = '\0';
	if (!arg->needed)
		append(buf, size, "[");
	if (!arg->positional)
		append(buf, size, "%s", arg->name);
	if (!arg->positional && arg->kind != ARG_FLAG)
		append(buf, size, " ");
	if (arg->kind != ARG_FLAG)
		usage_value(arg, buf, size);
	if (!arg->needed)
		append(buf, size, "]");
	if (arg->kind == ARG_ADDRS)
		append(buf, size, "...");
}

void arg_expected(const struct arg *arg, char *buf, size_t size)
{
	const struct arg_word *w = arg->words;
	bool first = false;

	buf[0] = '\0';
	switch (arg->kind) {
	case ARG_NUMBER:
		append(buf, size, "a number %" PRIu64 "..%" PRIu64, arg->min,
		       arg->max);
		break;
	case ARG_ADDR:
	case ARG_ADDRS:
		append(buf, size, "an IPv4 or IPv6 address");
		break;
	case ARG_PREFIX:
		append(buf, size, "a prefix such as 192.0.2.0/24");
		break;
	case ARG_IFNAME:
		append(buf, size, "a device name of 1..%d characters",
		       IFNAMSIZ - 1);
		break;
	case ARG_PATH:
		append(buf, size, "a path");
		break;
	case ARG_TEXT:
		append(buf, size, "a text");
		break;
	default:
		first = true;
	}
	for (; w && w->name; w++) {
		if (!first)
			append(buf, size, w[1].name ? ", " : " or ");
		append(buf, size, "%s", w->name);
		first = false;
	}
}

/* Digits only: no sign, no blanks, and 010 is ten as well as 10. */
static int parse_number(const char *text, uint64_t *number)
{
	bool hex = !strncmp(text, "0x", 2) || !strncmp(text, "0X", 2);
	const char *digits = hex ? text + 2 : text;
	char *end;

	if (!*digits || strspn(digits, hex ? "0123456789abcdefABCDEF" :
					     "0123456789") != strlen(digits))
		return -EINVAL;
	errno = 0;
	*number = strtoull(digits, &end, hex ? 16 : 10);
	return errno ? -EINVAL : 0;
}

/* The kernel's rules for names of devices. */
static bool ifname_valid(const char *name)
{
	size_t len = strlen(name);

	return len && len < IFNAMSIZ && strcmp(name, ".") &&
	       strcmp(name, "..") && !strpbrk(name, "/: \t\n\v\f\r");
}

static int parse_addrs(const char *text, struct arg_value *v, const char **why)
{
	struct nh_addr addr;

	if (nh_addr_parse(&addr, text))
		return -EINVAL;
	if (nh_addr_is_set(addr.family == AF_INET ? &v->addr : &v->addr6)) {
		*why = addr.family == AF_INET ? "a second IPv4 address" :
						"a second IPv6 address";
		return -EINVAL;
	}
	if (addr.family == AF_INET)
		v->addr = addr;
	else
		v->addr6 = addr;
	return 0;
}

static int parse_value(const struct arg *arg, const char *text,
		       struct arg_value *v, const char **why)
{
	const struct arg_word *w = arg->words;

	v->text = text;
	for (; w && w->name; w++) {
		if (!strcmp(w->name, text)) {
			v->word = w->name;
			v->number = w->value;
			return 0;
		}
	}
	switch (arg->kind) {
	case ARG_NUMBER:
		if (parse_number(text, &v->number))
			return -EINVAL;
		return v->number < arg->min || v->number > arg->max ?
			       -EINVAL : 0;
	case ARG_ADDR:
		return nh_addr_parse(&v->addr, text);
	case ARG_ADDRS:
		return parse_addrs(text, v, why);
	case ARG_PREFIX:
		return nh_prefix_parse(&v->prefix, text, why);
	case ARG_IFNAME:
		return ifname_valid(text) ? 0 : -EINVAL;
	case ARG_PATH:
	case ARG_TEXT:
		return *text ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

static int take_value(const struct arg *arg, const char *text,
		      struct arg_value *v, char *error)
{
	char expected[ARG_ERROR_LEN / 2];
	const char *why = NULL;

	if (!text) {
		arg_expected(arg, expected, sizeof(expected));
		snprintf(error, ARG_ERROR_LEN, "%s: expected %s, got nothing",
			 arg->name, expected);
		return -EINVAL;
	}
	if (!parse_value(arg, text, v, &why)) {
		v->set = true;
		return 0;
	}
	arg_expected(arg, expected, sizeof(expected));
	snprintf(error, ARG_ERROR_LEN, "%s: expected %s, got \"%.64s\"%s%s",
		 arg->name, expected, text, why ? ": " : "", why ? why : "");
	return -EINVAL;
}

/* The next positional argument that has nothing yet. */
static const struct arg *next_place(const struct arg *table,
				    const struct args *args)
{
	const struct arg *arg;

	for (arg = table; arg->name && arg->positional; arg++) {
		if (!args->v[arg - table].set)
			return arg;
	}
	return NULL;
}

/* Reads one argument; returns the number of words used. */
static int take(const struct arg *table, int argc, char **argv,
		struct args *args, char *error)
{
	const struct arg *place = next_place(table, args);
	const struct arg *arg = arg_find(table, argv[0]);
	struct arg_value *v;

	/* A name in the place of an argument that must be there is its value:
	 * a device may be called "key".
	 */
	if (place && (place->needed || !arg)) {
		if (place->kind == ARG_TEXT) {
			args->rest = argv;
			args->n_rest = argc;
			args->v[place - table].set = true;
			return argc;
		}
		return take_value(place, argv[0], &args->v[place - table],
				  error) ?: 1;
	}
	if (!arg) {
		snprintf(error, ARG_ERROR_LEN, "unknown argument \"%.64s\"",
			 argv[0]);
		return -EINVAL;
	}

	v = &args->v[arg - table];
	if (v->set && arg->kind != ARG_ADDRS) {
		snprintf(error, ARG_ERROR_LEN, "%s: given twice", arg->name);
		return -EINVAL;
	}
	if (arg->kind == ARG_FLAG) {
		v->set = true;
		return 1;
	}
	return take_value(arg, argc > 1 ? argv[1] : NULL, v, error) ?: 2;
}

int arg_parse(const struct arg *table, int argc, char **argv,
	      struct args *args, char error[ARG_ERROR_LEN])
{
	const struct arg *arg;

	memset(args, 0, sizeof(*args));
	while (argc > 0) {
		int used = take(table, argc, argv, args, error);

		if (used < 0)
			return used;
		argc -= used;
		argv += used;
	}
	for (arg = table; arg->name; arg++) {
		if (arg->needed && !args->v[arg - table].set) {
			snprintf(error, ARG_ERROR_LEN, "%s: is missing",
				 arg->name);
			return -EINVAL;
		}
	}
	return 0;
}
