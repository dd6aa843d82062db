// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Printing of what the daemon tells. The daemon knows its facts best: their
 * names are taken from its answer, so that a new one shows without a new
 * command.
 */
#include "cli/facts.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/print.h"

#define HEADING_LEN	80
#define LIST_MAX	64

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len > n && !strcmp(text + len - n, end);
}

static void make_heading(char *heading, const char *outer, const char *key,
			 bool upper)
{
	int len = strlen(key);
	char *c;

	if (ends_with(key, "_ms"))
		len -= 3;
	snprintf(heading, HEADING_LEN, "%s%s%.*s", outer, *outer ? " " : "",
		 len, key);
	for (c = heading; *c; c++) {
		if (*c == '_')
			*c = '-';
		else if (upper)
			*c = toupper((unsigned char)*c);
	}
}

/* Members that are no strings become some; what is too many is left out. */
static void print_array(struct print *p, const char *key, const char *heading,
			struct json_object *array)
{
	size_t n = json_object_array_length(array);
	const char *strings[LIST_MAX];
	size_t i;

	if (n > LIST_MAX)
		n = LIST_MAX;
	for (i = 0; i < n; i++)
		strings[i] = json_object_get_string(
			json_object_array_get_idx(array, i)) ?: "";
	print_strings(p, key, heading, strings, n, "-");
}

static void print_members(struct print *p, struct json_object *facts,
			  const char *outer, bool upper)
{
	json_object_object_foreach(facts, key, value) {
		char heading[HEADING_LEN];

		make_heading(heading, outer, key, upper);
		switch (json_object_get_type(value)) {
		case json_type_object:
			print_open(p, key);
			print_members(p, value, heading, upper);
			print_close(p);
			break;
		case json_type_array:
			print_array(p, key, heading, value);
			break;
		case json_type_boolean:
			print_onoff(p, key, heading,
				    json_object_get_boolean(value));
			break;
		case json_type_int:
			if (ends_with(key, "_ms"))
				print_duration(p, key, heading,
					       json_object_get_uint64(value));
			else
				print_number(p, key, heading,
					     json_object_get_uint64(value));
			break;
		case json_type_null:
			print_instead(p, heading, "-");
			break;
		default:
			print_text(p, key, heading,
				   json_object_get_string(value));
		}
	}
}

void facts_print(struct print *p, struct json_object *facts, bool upper)
{
	print_members(p, facts, "", upper);
}

bool facts_about(struct json_object *facts, const char *ifname)
{
	struct json_object *name;

	if (!json_object_is_type(facts, json_type_object))
		return false;
	if (!ifname)
		return true;
	return json_object_object_get_ex(facts, "ifname", &name) &&
	       !strcmp(json_object_get_string(name) ?: "", ifname);
}

const char *facts_text(struct json_object *facts, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(facts, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

struct json_object *facts_find(struct json_object *list, const char *ifname)
{
	size_t i, n;

	if (!json_object_is_type(list, json_type_array))
		return NULL;
	n = json_object_array_length(list);
	for (i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (facts_about(o, ifname))
			return o;
	}
	return NULL;
}
