/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log: levels, key=value fields, and a filter by peer for debugging. */
#ifndef NH_LOG_H
#define NH_LOG_H

#include "lib/addr.h"

enum nh_log_level {
	NH_LOG_ERROR,
	NH_LOG_WARNING,
	NH_LOG_INFO,
	NH_LOG_DEBUG,
};

enum nh_log_target {
	NH_LOG_STDERR,
	NH_LOG_SYSLOG,
};

/* Most peers that nh_log_filter_add() takes. */
#define NH_LOG_FILTER_MAX	16
/* A line longer than this is cut. */
#define NH_LOG_LINE_MAX		1024

/** nh_log_open() - where lines go; before it is called, to stderr */
void nh_log_open(enum nh_log_target target, const char *ident);

/** nh_log_sink() - hand lines to @fn instead, without newline; NULL ends it */
void nh_log_sink(void (*fn)(void *arg, enum nh_log_level level,
			    const char *line), void *arg);

void nh_log_set_level(enum nh_log_level level);
enum nh_log_level nh_log_get_level(void);

/** nh_log_level_name() - "error", "warning", "info" or "debug" */
const char *nh_log_level_name(enum nh_log_level level);

/** nh_log_level_parse() - the reverse; 0 or -EINVAL */
int nh_log_level_parse(enum nh_log_level *level, const char *name);

/**
 * nh_log_filter_add() - of the debug lines write those about @peer only
 *
 * May be called for several peers. Other levels are never filtered.
 *
 * Return: 0, or -ENOSPC.
 */
int nh_log_filter_add(const struct nh_addr *peer);

/** nh_log_filter_clear() - write debug lines about all peers again */
void nh_log_filter_clear(void);

/** nh_log_filter_list() - the peers filtered for; returns their number */
size_t nh_log_filter_list(const struct nh_addr **peers);

/** nh_log_wants() - whether a line would be written: before costly arguments */
bool nh_log_wants(enum nh_log_level level, const struct nh_addr *peer);

/**
 * nh_log() - write a line
 * @level: how bad it is
 * @dev: device that it is about, or NULL; becomes the field dev=
 * @peer: address of the peer that it is about, or NULL; becomes peer=
 * @fmt: the message, followed by fields of its own as " key=value"; no newline
 *
 * Octets that are no printable ASCII are escaped: names and texts of others
 * cannot forge lines or move the cursor of a terminal.
 */
void nh_log(enum nh_log_level level, const char *dev,
	    const struct nh_addr *peer, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#define nh_error(dev, peer, ...) \
	nh_log(NH_LOG_ERROR, dev, peer, __VA_ARGS__)
#define nh_warn(dev, peer, ...) \
	nh_log(NH_LOG_WARNING, dev, peer, __VA_ARGS__)
#define nh_info(dev, peer, ...) \
	nh_log(NH_LOG_INFO, dev, peer, __VA_ARGS__)
#define nh_debug(dev, peer, ...) \
	nh_log(NH_LOG_DEBUG, dev, peer, __VA_ARGS__)

#endif /* NH_LOG_H */
