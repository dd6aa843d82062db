/* SPDX-License-Identifier: GPL-2.0-or-later */
/* State of reading one file; shared by the conf_*.c files only. */
#ifndef NH_CONF_PARSE_H
#define NH_CONF_PARSE_H

#include "daemon/conf.h"

#define NH_CONF_SECTION_MAX	16
#define NH_CONF_KEYS_MAX	64

enum nh_conf_section {
	NH_CONF_NONE,
	NH_CONF_TUNNEL,
	NH_CONF_NHRP,
	NH_CONF_NHS_,
	NH_CONF_CLUSTER,
	NH_CONF_MAP_,
	NH_CONF_IPSEC,
	NH_CONF_PEERS,
	NH_CONF_UNKNOWN,
};

/**
 * struct nh_conf_parse - where the reader is
 * @conf: what was read so far
 * @file: being read
 * @path: its name
 * @line: number of the line last read
 * @section: that the line is in
 * @name: of the section, for messages
 * @section_line: where the section starts
 * @peers_line: where [Peers] starts, 0: there is none
 * @seen: line that gave a key of conf_keys.c its value; 0, none did
 * @report: takes errors
 * @arg: for @report
 * @errors: reported so far
 * @nomem: memory ran out
 */
struct nh_conf_parse {
	struct nh_conf *conf;
	FILE *file;
	const char *path;
	unsigned int line;
	enum nh_conf_section section;
	char name[NH_CONF_SECTION_MAX];
	unsigned int section_line;
	unsigned int peers_line;
	unsigned int seen[NH_CONF_KEYS_MAX];
	nh_conf_report report;
	void *arg;
	unsigned int errors;
	bool nomem;
};

/** nh_conf_say() - report an error at a line; 0, of the file as a whole */
void nh_conf_say(struct nh_conf_parse *p, unsigned int line,
		 const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/** nh_conf_section_begin() - a line "[@name]" was read */
void nh_conf_section_begin(struct nh_conf_parse *p, const char *name);

/** nh_conf_section_end() - the section is over: is it complete? */
void nh_conf_section_end(struct nh_conf_parse *p);

/** nh_conf_key() - a line "@key=@value" was read */
void nh_conf_key(struct nh_conf_parse *p, const char *key, const char *value);

/**
 * nh_conf_seen() - which line of the last section of its kind gave a key
 *
 * Return: the line, or 0 when none did.
 */
unsigned int nh_conf_seen(const struct nh_conf_parse *p,
			  enum nh_conf_section section, const char *name);

/** nh_conf_forget_seen() - a section that may be repeated begins anew */
void nh_conf_forget_seen(struct nh_conf_parse *p);

/** nh_conf_finish() - defaults that depend on others, and the cross checks */
void nh_conf_finish(struct nh_conf_parse *p);

#endif /* NH_CONF_PARSE_H */
