/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log: levels, key=value fields, and conditions on debug lines. */
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

/* Most conditions that hold at once. */
#define NH_LOG_CONDITIONS_MAX	16
/* Room for the name of a device. */
#define NH_LOG_DEV_LEN		16
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
 * enum nh_log_condition_kind - what a condition is about
 * @NH_LOG_PEER: NBMA address of the peer
 * @NH_LOG_TUNNEL: tunnel address of a packet's source or destination
 * @NH_LOG_DEV: the device
 */
enum nh_log_condition_kind {
	NH_LOG_PEER,
	NH_LOG_TUNNEL,
	NH_LOG_DEV,
};

/**
 * struct nh_log_condition - a condition on debug lines
 * @kind: enum nh_log_condition_kind
 * @prefix: of the first two kinds; a peer's is a host
 * @dev: of the third
 */
struct nh_log_condition {
	enum nh_log_condition_kind kind;
	struct nh_prefix prefix;
	char dev[NH_LOG_DEV_LEN];
};

/**
 * nh_log_condition_add() - write only those debug lines that fulfil it
 *
 * Of several about peers or tunnel addresses one must be fulfilled, and of
 * several about devices one. Other levels are never held back.
 *
 * Return: 0, also when it holds already; or -ENOSPC.
 */
int nh_log_condition_add(const struct nh_log_condition *condition);

/** nh_log_condition_del() - take one back; 0 or -ENOENT */
int nh_log_condition_del(const struct nh_log_condition *condition);

/** nh_log_condition_has() - whether it holds */
bool nh_log_condition_has(const struct nh_log_condition *condition);

/** nh_log_condition_clear() - write all debug lines again */
void nh_log_condition_clear(void);

/** nh_log_condition_list() - those that hold; returns their number */
size_t nh_log_condition_list(const struct nh_log_condition **conditions);

/**
 * struct nh_log_subject - tunnel addresses that lines are about
 * @addr: two of them, each may be empty
 */
struct nh_log_subject {
	struct nh_addr addr[2];
};

/**
 * nh_log_about() - say what the lines from now on are about
 * @subject: NULL, nothing
 *
 * Return: what they were about before, to be given back afterwards.
 */
struct nh_log_subject nh_log_about(const struct nh_log_subject *subject);

/**
 * nh_log_wants() - whether a line may be written: before costly arguments
 *
 * The device is not asked for: nh_log() looks at that as well.
 */
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
/* Its arguments are not looked at unless the line is wanted. */
#define nh_debug(dev, peer, ...) \
	do { \
		if (nh_log_wants(NH_LOG_DEBUG, peer)) \
			nh_log(NH_LOG_DEBUG, dev, peer, __VA_ARGS__); \
	} while (0)

#endif /* NH_LOG_H */
