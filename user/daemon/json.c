// SPDX-License-Identifier: GPL-2.0-or-later
/* Members of JSON objects, as the control socket has them. */
#include "daemon/json.h"

#include <errno.h>
#include <stdio.h>

void nh_json_text(struct json_object *o, const char *key, const char *text)
{
	json_object_object_add(o, key,
			       text ? json_object_new_string(text) : NULL);
}

void nh_json_addr(struct json_object *o, const char *key,
		  const struct nh_addr *addr)
{
	char text[NH_ADDR_STRLEN];

	nh_json_text(o, key, nh_addr_is_set(addr) ?
		 nh_addr_format(addr, text, sizeof(text)) : NULL);
}

void nh_json_number(struct json_object *o, const char *key, uint64_t v)
{
	json_object_object_add(o, key, json_object_new_uint64(v));
}

void nh_json_since(struct json_object *o, const char *key, uint64_t now,
		   uint64_t then)
{
	if (then)
		nh_json_number(o, key, now - then);
	else
		json_object_object_add(o, key, NULL);
}

void nh_json_until(struct json_object *o, const char *key, uint64_t now,
		   uint64_t then)
{
	if (then > now)
		nh_json_number(o, key, then - now);
	else
		json_object_object_add(o, key, NULL);
}

void nh_json_key(char *key, size_t size, const char *words)
{
	size_t i;

	snprintf(key, size, "%s", words);
	for (i = 0; key[i]; i++) {
		if (key[i] >= 'A' && key[i] <= 'Z')
			key[i] = (char)(key[i] - 'A' + 'a');
		else if (!((key[i] >= 'a' && key[i] <= 'z') ||
			   (key[i] >= '0' && key[i] <= '9')))
			key[i] = '_';
	}
}

const char *nh_json_get_text(struct json_object *o, const char *key)
{
	struct json_object *member;

	if (!json_object_object_get_ex(o, key, &member) ||
	    !json_object_is_type(member, json_type_string))
		return NULL;
	return json_object_get_string(member);
}

int nh_json_get_number(struct json_object *o, const char *key, uint64_t *v)
{
	struct json_object *member;

	if (!json_object_object_get_ex(o, key, &member))
		return 0;
	if (!json_object_is_type(member, json_type_int) ||
	    json_object_get_int64(member) < 0)
		return -EINVAL;
	*v = json_object_get_uint64(member);
	return 0;
}
