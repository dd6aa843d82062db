// SPDX-License-Identifier: GPL-2.0-or-later
/* The log: one line an event, to stderr, syslog or a test. */
#include "lib/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

static const struct {
	const char *name;
	int priority;
} levels[] = {
	[NH_LOG_ERROR]		= { "error", LOG_ERR },
	[NH_LOG_WARNING]	= { "warning", LOG_WARNING },
	[NH_LOG_INFO]		= { "info", LOG_INFO },
	[NH_LOG_DEBUG]		= { "debug", LOG_DEBUG },
};

/* A process has one log, so its settings are global. */
static struct {
	enum nh_log_level level;
	enum nh_log_target target;
	void (*sink)(void *arg, enum nh_log_level level, const char *line);
	void *sink_arg;
	struct nh_log_condition condition[NH_LOG_CONDITIONS_MAX];
	size_t n;
	struct nh_log_subject subject;
} state = { .level = NH_LOG_INFO };

void nh_log_open(enum nh_log_target target, const char *ident)
{
	state.target = target;
	if (target == NH_LOG_SYSLOG)
		openlog(ident, LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

void nh_log_sink(void (*fn)(void *arg, enum nh_log_level level,
			    const char *line), void *arg)
{
	state.sink = fn;
	state.sink_arg = arg;
}

void nh_log_set_level(enum nh_log_level level)
{
	state.level = level;
}

enum nh_log_level nh_log_get_level(void)
{
	return state.level;
}

const char *nh_log_level_name(enum nh_log_level level)
{
	return levels[level].name;
}

int nh_log_level_parse(enum nh_log_level *level, const char *name)
{
	unsigned int i;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcmp(levels[i].name, name) == 0) {
			*level = (enum nh_log_level)i;
			return 0;
		}
	}
	return -EINVAL;
}

static bool same(const struct nh_log_condition *a,
		 const struct nh_log_condition *b)
{
	if (a->kind != b->kind)
		return false;
	return a->kind == NH_LOG_DEV ? strcmp(a->dev, b->dev) == 0 :
	       nh_prefix_equal(&a->prefix, &b->prefix);
}

static struct nh_log_condition *find(const struct nh_log_condition *condition)
{
	size_t i;

	for (i = 0; i < state.n; i++)
		if (same(&state.condition[i], condition))
			return &state.condition[i];
	return NULL;
}

int nh_log_condition_add(const struct nh_log_condition *condition)
{
	if (find(condition))
		return 0;
	if (state.n == NH_LOG_CONDITIONS_MAX)
		return -ENOSPC;
	state.condition[state.n++] = *condition;
	return 0;
}

int nh_log_condition_del(const struct nh_log_condition *condition)
{
	struct nh_log_condition *old = find(condition);

	if (!old)
		return -ENOENT;
	state.n--;
	memmove(old, old + 1,
		(size_t)(&state.condition[state.n] - old) * sizeof(*old));
	return 0;
}

bool nh_log_condition_has(const struct nh_log_condition *condition)
{
	return find(condition);
}

void nh_log_condition_clear(void)
{
	state.n = 0;
}

size_t nh_log_condition_list(const struct nh_log_condition **conditions)
{
	*conditions = state.condition;
	return state.n;
}

struct nh_log_subject nh_log_about(const struct nh_log_subject *subject)
{
	static const struct nh_log_subject nothing;
	struct nh_log_subject old = state.subject;

	state.subject = subject ? *subject : nothing;
	return old;
}

static bool fulfilled(const struct nh_log_condition *c, const char *dev,
		      const struct nh_addr *peer)
{
	switch (c->kind) {
	case NH_LOG_PEER:
		return peer && nh_addr_equal(peer, &c->prefix.addr);
	case NH_LOG_TUNNEL:
		return nh_prefix_contains(&c->prefix, &state.subject.addr[0]) ||
		       nh_prefix_contains(&c->prefix, &state.subject.addr[1]);
	case NH_LOG_DEV:
		return dev && strcmp(dev, c->dev) == 0;
	}
	return false;
}

static bool wants(enum nh_log_level level, const char *dev,
		  const struct nh_addr *peer, bool any_dev)
{
	bool peers = false, peer_ok = false, devs = false, dev_ok = any_dev;
	size_t i;

	if (level > state.level)
		return false;
	if (level != NH_LOG_DEBUG)
		return true;
	for (i = 0; i < state.n; i++) {
		const struct nh_log_condition *c = &state.condition[i];
		bool ok = fulfilled(c, dev, peer);

		if (c->kind == NH_LOG_DEV) {
			devs = true;
			dev_ok |= ok;
		} else {
			peers = true;
			peer_ok |= ok;
		}
	}
	return (!peers || peer_ok) && (!devs || dev_ok);
}

bool nh_log_wants(enum nh_log_level level, const struct nh_addr *peer)
{
	return wants(level, NULL, peer, true);
}

/* Copies @text with its unprintable octets as \xHH; cuts what does not fit. */
static void escape(char *dst, size_t size, const char *text)
{
	static const char hex[] = "0123456789abcdef";
	size_t n = 0;

	for (; *text && n + 5 < size; text++) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c < 0x7f) {
			dst[n++] = *text;
			continue;
		}
		dst[n++] = '\\';
		dst[n++] = 'x';
		dst[n++] = hex[c >> 4];
		dst[n++] = hex[c & 15];
	}
	dst[n] = '\0';
}

static void emit(enum nh_log_level level, const char *line)
{
	if (state.sink)
		state.sink(state.sink_arg, level, line);
	else if (state.target == NH_LOG_SYSLOG)
		syslog(levels[level].priority, "%s", line);
	else
		fprintf(stderr, "%s: %s\n", levels[level].name, line);
}

void nh_log(enum nh_log_level level, const char *dev,
	    const struct nh_addr *peer, const char *fmt, ...)
{
	char text[NH_LOG_LINE_MAX], line[NH_LOG_LINE_MAX];
	char addr[NH_ADDR_STRLEN];
	int saved_errno = errno;
	va_list ap;
	size_t n;

	if (!wants(level, dev, peer, false))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	n = strlen(text);
	if (dev && n < sizeof(text))
		n += (size_t)snprintf(text + n, sizeof(text) - n, " dev=%s",
				      dev);
	if (peer && nh_addr_is_set(peer) && n < sizeof(text))
		snprintf(text + n, sizeof(text) - n, " peer=%s",
			 nh_addr_format(peer, addr, sizeof(addr)));
	escape(line, sizeof(line), text);
	emit(level, line);
	errno = saved_errno;
}
