// SPDX-License-Identifier: GPL-2.0-or-later
/* What the daemon tells of IKE, from JSON. */
#include "cli/ike.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cli/facts.h"

static uint64_t get_number(struct json_object *o, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(o, key, &value) ||
	    !json_object_is_type(value, json_type_int) ||
	    json_object_get_int64(value) < 0)
		return IKE_UNKNOWN;
	return json_object_get_uint64(value);
}

static uint32_t get_spi(struct json_object *o, const char *key)
{
	uint64_t spi = get_number(o, key);

	return spi > UINT32_MAX ? 0 : spi;
}

static enum ike_truth get_truth(struct json_object *o, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(o, key, &value) ||
	    !json_object_is_type(value, json_type_boolean))
		return IKE_MAYBE;
	return json_object_get_boolean(value) ? IKE_YES : IKE_NO;
}

/* A list that is missing is empty, and so is null. */
static int get_list(struct json_object *o, const char *key,
		    struct json_object **list, size_t *n)
{
	*n = 0;
	if (!json_object_object_get_ex(o, key, list) || !*list)
		return 0;
	if (!json_object_is_type(*list, json_type_array))
		return -EPROTO;
	*n = json_object_array_length(*list);
	return 0;
}

static void read_daemon(struct ike_facts *facts, struct json_object *o)
{
	const struct ike_daemon daemon = {
		.ifname = facts_text(o, "ifname"),
		.state = facts_text(o, "state"),
		.socket = facts_text(o, "socket"),
		.error = facts_text(o, "error"),
		.since = get_number(o, "since_ms"),
	};

	if (daemon.ifname && daemon.state)
		facts->daemons[facts->n_daemons++] = daemon;
}

static void read_child(struct ike_child *child, struct json_object *o)
{
	*child = (struct ike_child){
		.id = get_number(o, "id"),
		.state = facts_text(o, "state"),
		.mode = facts_text(o, "mode"),
		.spi_in = get_spi(o, "spi_in"),
		.spi_out = get_spi(o, "spi_out"),
		.if_id = get_number(o, "if_id"),
		.installed = get_number(o, "installed_ms"),
		.rekey = get_number(o, "rekey_ms"),
		.expires = get_number(o, "expires_ms"),
	};
}

static void read_children(struct ike_facts *facts, struct ike_sa *sa,
			  struct json_object *o)
{
	struct json_object *list;
	size_t i, n;

	sa->children = facts->children + facts->n_children;
	if (get_list(o, "children", &list, &n))
		return;
	for (i = 0; i < n; i++) {
		struct json_object *child = json_object_array_get_idx(list, i);

		if (!json_object_is_type(child, json_type_object))
			continue;
		read_child(&facts->children[facts->n_children++], child);
		sa->n_children++;
	}
}

static void read_sa(struct ike_facts *facts, struct json_object *o)
{
	struct ike_sa *sa = &facts->sas[facts->n_sas];
	const char *nbma = facts_text(o, "nbma");

	*sa = (struct ike_sa){
		.ifname = facts_text(o, "ifname"),
		.port = get_number(o, "port"),
		.name = facts_text(o, "name"),
		.ike_id = get_number(o, "ike_id"),
		.version = get_number(o, "version"),
		.state = facts_text(o, "state"),
		.initiator = get_truth(o, "initiator"),
		.local_identity = facts_text(o, "local_identity"),
		.identity = facts_text(o, "identity"),
		.nat = get_truth(o, "nat"),
		.algorithms = facts_text(o, "algorithms"),
		.established = get_number(o, "established_ms"),
		.rekey = get_number(o, "rekey_ms"),
	};
	if (!sa->ifname)
		return;
	if (nbma)
		nh_addr_parse(&sa->nbma, nbma);
	read_children(facts, sa, o);
	facts->n_sas++;
}

/* How much room the children need at most. */
static size_t count_children(struct json_object *sas, size_t n_sas)
{
	struct json_object *list;
	size_t sum = 0, i, n;

	for (i = 0; i < n_sas; i++) {
		get_list(json_object_array_get_idx(sas, i), "children", &list,
			 &n);
		sum += n;
	}
	return sum;
}

int ike_facts_read(struct ike_facts *facts, struct json_object *reply)
{
	struct json_object *daemons = NULL, *sas = NULL;
	size_t n_daemons, n_sas, n, i;

	memset(facts, 0, sizeof(*facts));
	if (get_list(reply, "ike", &daemons, &n_daemons) ||
	    get_list(reply, "ipsec", &sas, &n_sas))
		return -EPROTO;
	n = count_children(sas, n_sas);
	facts->daemons = calloc(n_daemons + 1, sizeof(*facts->daemons));
	facts->sas = calloc(n_sas + 1, sizeof(*facts->sas));
	facts->children = calloc(n + 1, sizeof(*facts->children));
	if (!facts->daemons || !facts->sas || !facts->children) {
		ike_facts_free(facts);
		return -ENOMEM;
	}

	for (i = 0; i < n_daemons; i++)
		read_daemon(facts, json_object_array_get_idx(daemons, i));
	for (i = 0; i < n_sas; i++)
		read_sa(facts, json_object_array_get_idx(sas, i));
	return 0;
}

void ike_facts_free(struct ike_facts *facts)
{
	free(facts->daemons);
	free(facts->sas);
	free(facts->children);
	memset(facts, 0, sizeof(*facts));
}
