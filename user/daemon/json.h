/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of JSON objects, as the control socket has them. */
#ifndef NH_JSON_H
#define NH_JSON_H

#include <json-c/json.h>

#include "lib/addr.h"

/** nh_json_text() - null for NULL */
void nh_json_text(struct json_object *o, const char *key, const char *text);

/** nh_json_addr() - null for an empty address */
void nh_json_addr(struct json_object *o, const char *key,
		  const struct nh_addr *addr);

void nh_json_number(struct json_object *o, const char *key, uint64_t v);

/** nh_json_since() - milliseconds since @then; null when it never was */
void nh_json_since(struct json_object *o, const char *key, uint64_t now,
		   uint64_t then);

/** nh_json_until() - milliseconds until @then; null when it is over */
void nh_json_until(struct json_object *o, const char *key, uint64_t now,
		   uint64_t then);

/** nh_json_key() - a key of words: "Purge Reply" becomes purge_reply */
void nh_json_key(char *key, size_t size, const char *words);

/** nh_json_get_text() - a text; NULL when it is not there or no text */
const char *nh_json_get_text(struct json_object *o, const char *key);

/**
 * nh_json_get_number() - a number from 0 on
 * @v: set when it is there, as it was when not
 *
 * Return: 0, or -EINVAL when it is something else.
 */
int nh_json_get_number(struct json_object *o, const char *key, uint64_t *v);

#endif /* NH_JSON_H */
