/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Printing of what the daemon tells, whatever it is. */
#ifndef CLI_FACTS_H
#define CLI_FACTS_H

#include <stdbool.h>

struct json_object;
struct print;

/**
 * facts_print() - print the members of a JSON object as values of a row
 * @facts: the object
 * @upper: headings in capitals, as those of tables are
 *
 * The keys name the values in JSON, and with "-" for "_" in text. Numbers whose
 * key ends in "_ms" are milliseconds. Members of inner objects have the
 * object's name in front in text.
 */
void facts_print(struct print *p, struct json_object *facts, bool upper);

/** facts_about() - whether an object of a list is about a device; NULL: any */
bool facts_about(struct json_object *facts, const char *ifname);

/** facts_text() - a member that is a string, or NULL; as long as the object */
const char *facts_text(struct json_object *facts, const char *key);

/** facts_find() - the object of an array that is about a device, or NULL */
struct json_object *facts_find(struct json_object *list, const char *ifname);

#endif /* CLI_FACTS_H */
