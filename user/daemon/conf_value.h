/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the types of values share; used by the conf_*.c files only. */
#ifndef NH_CONF_VALUE_H
#define NH_CONF_VALUE_H

#include "daemon/conf_parse.h"

struct nh_conf_key;

/* Stores @value; false after it has reported what is wrong. */
typedef bool (*nh_conf_value)(struct nh_conf_parse *p,
			      const struct nh_conf_key *key,
			      const char *value);

/**
 * struct nh_conf_key - one key
 * @section: where it may stand
 * @name: as written
 * @fn: its type
 * @offset: of its member in struct nh_conf, or in what the section is one of
 * @min: smallest number
 * @max: largest number
 * @repeat: may be given more than once in a section
 */
struct nh_conf_key {
	enum nh_conf_section section;
	const char *name;
	nh_conf_value fn;
	size_t offset;
	uint32_t min;
	uint32_t max;
	bool repeat;
};

/** nh_conf_member() - where the current section keeps the value of @key */
void *nh_conf_member(struct nh_conf_parse *p, const struct nh_conf_key *key);

/** nh_conf_wrong() - report @value, which is no secret; always false */
bool nh_conf_wrong(struct nh_conf_parse *p, const struct nh_conf_key *key,
		   const char *value, const char *expected);

/** nh_conf_hidden() - report a secret of 1 to @max characters; always false */
bool nh_conf_hidden(struct nh_conf_parse *p, const struct nh_conf_key *key,
		    int max);

/** nh_conf_number() - a decimal number in the range of @key, nothing else */
bool nh_conf_number(struct nh_conf_parse *p, const struct nh_conf_key *key,
		    const char *value, uint32_t *out);

bool nh_conf_u32(struct nh_conf_parse *p, const struct nh_conf_key *key,
		 const char *value);
bool nh_conf_u16(struct nh_conf_parse *p, const struct nh_conf_key *key,
		 const char *value);
bool nh_conf_u8(struct nh_conf_parse *p, const struct nh_conf_key *key,
		const char *value);

/** nh_conf_limit() - of the kernel, which is left alone when it is not given */
bool nh_conf_limit(struct nh_conf_parse *p, const struct nh_conf_key *key,
		   const char *value);

bool nh_conf_bool(struct nh_conf_parse *p, const struct nh_conf_key *key,
		  const char *value);

/** nh_conf_host() - an address that one host can have */
bool nh_conf_host(struct nh_conf_parse *p, const struct nh_conf_key *key,
		  const char *value, struct nh_addr *out);

/** nh_conf_string() - a copy of any text, for a key given at most once */
bool nh_conf_string(struct nh_conf_parse *p, const struct nh_conf_key *key,
		    const char *value);

#endif /* NH_CONF_VALUE_H */
