// SPDX-License-Identifier: GPL-2.0-or-later
/* Gathering of what "dmvpn doctor" looks at: the firewall. */
#include <errno.h>
#include <json-c/json.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cli/doctor_facts.h"
#include "cli/doctor_gather.h"
#include "cli/spawn.h"
#include "cli/sysctl.h"
#include "genl/link.h"
#include "genl/nl_dev.h"

/* Those of the older iptables, which nft knows nothing of. */
static const char *const legacy_files[] = {
	"/proc/net/ip_tables_names",
	"/proc/net/ip6_tables_names",
};

/**
 * struct kind - packets that must pass
 * @proto: IPPROTO_*
 * @port: of UDP
 * @esp_only: of devices that demand protection only
 * @what: in words
 * @rule: what nft's rule for them matches
 */
static const struct kind {
	uint8_t proto;
	uint16_t port;
	bool esp_only;
	const char *what;
	const char *rule;
} kinds[] = {
	/* What comes out of ESP passes the firewall once more, as GRE. */
	{ IPPROTO_GRE, 0, false, "GRE", "meta l4proto gre" },
	{ IPPROTO_ESP, 0, true, "ESP", "meta l4proto esp" },
	{ IPPROTO_UDP, 500, true, "IKE (UDP 500)", "udp dport 500" },
	{ IPPROTO_UDP, 4500, true, "IKE and ESP behind NAT (UDP 4500)",
	  "udp dport 4500" },
};

static void judge(struct doctor_device *d, struct json_object *ruleset,
		  const struct kind *kind, uint8_t family)
{
	struct doctor_passage *p = &d->passages[d->n_passages++];
	struct firewall_packet packet = {
		.family = family,
		.proto = kind->proto,
		.port = kind->port,
		.way = FIREWALL_IN,
		.from_esp = kind->proto == IPPROTO_GRE && doctor_is_esp(d),
		.ifname = d->way[0] ? d->way : NULL,
	};
	bool inside = packet.from_esp;
	char unused[FIREWALL_CHAIN_LEN];

	p->what = kind->what;
	p->v6 = family == AF_INET6;
	snprintf(p->rule, sizeof(p->rule), "%s", kind->rule);
	p->in = firewall_judge(ruleset, &packet, p->chain);
	packet.established = true;
	p->answers = firewall_judge(ruleset, &packet, unused);
	/* The GRE that becomes ESP meets no rule on its way out. */
	p->out = FIREWALL_ACCEPT;
	if (inside)
		return;
	packet.established = false;
	packet.way = FIREWALL_OUT;
	p->out = firewall_judge(ruleset, &packet, p->chain_out);
}

/* From one spoke to another by way of us, before there is a shortcut. */
static void judge_forward(struct doctor_device *d,
			  struct json_object *ruleset, uint8_t family)
{
	struct doctor_passage *p = &d->passages[d->n_passages++];
	const char *name = d->link->name;
	const struct firewall_packet packet = {
		.way = FIREWALL_FORWARD, .family = family, .ifname = name,
	};

	p->what = "what spokes send each other";
	p->v6 = family == AF_INET6;
	p->forward = true;
	snprintf(p->rule, sizeof(p->rule), "iifname %s oifname %s", name, name);
	p->in = firewall_judge(ruleset, &packet, p->chain);
}

void doctor_passages(struct doctor_device *d, struct json_object *ruleset)
{
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!d->dev || (kinds[i].esp_only && !doctor_is_esp(d)))
			continue;
		if (nh_addr_is_set(&d->dev->local4))
			judge(d, ruleset, &kinds[i], AF_INET);
		if (nh_addr_is_set(&d->dev->local6))
			judge(d, ruleset, &kinds[i], AF_INET6);
	}
	if (!doctor_is_hub(d))
		return;
	if (d->inet4)
		judge_forward(d, ruleset, AF_INET);
	if (d->inet6)
		judge_forward(d, ruleset, AF_INET6);
}

static bool has_legacy(void)
{
	char line[64];
	size_t i;

	for (i = 0; i < sizeof(legacy_files) / sizeof(legacy_files[0]); i++)
		if (!file_line(legacy_files[i], line, sizeof(line)) && *line)
			return true;
	return false;
}

void doctor_gather_firewall(struct doctor_facts *facts)
{
	char *const argv[] = { "nft", "-j", "list", "ruleset", NULL };
	struct json_object *ruleset = NULL, *list;
	char *text = NULL;
	size_t i;
	int status;

	facts->legacy = has_legacy();
	status = spawn_read(argv, false, &text);
	if (!status)
		ruleset = json_tokener_parse(text);
	if (status == -ENOENT)
		facts->firewall = "nft is not installed";
	else if (status < 0)
		facts->firewall = "nft could not be run";
	else if (status)
		facts->firewall = "nft cannot list the rules";
	else if (!json_object_is_type(ruleset, json_type_object) ||
		 !json_object_object_get_ex(ruleset, "nftables", &list) ||
		 !json_object_is_type(list, json_type_array))
		facts->firewall = "nft does not speak JSON";
	else
		for (i = 0; i < facts->n_devices; i++)
			doctor_passages(&facts->devices[i], ruleset);
	json_object_put(ruleset);
	free(text);
}
