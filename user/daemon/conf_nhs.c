// SPDX-License-Identifier: GPL-2.0-or-later
/* The sections [NHS] and [Cluster]: servers, and groups of them. */
#include "daemon/conf_nhs.h"

#include <string.h>
#include <sys/socket.h>

void nh_conf_nhs_begin(struct nh_conf_parse *p)
{
	struct nh_conf *conf = p->conf;

	nh_conf_forget_seen(p);
	if (conf->nnhs == NH_CONF_NHS) {
		nh_conf_say(p, p->line, "[NHS]: expected at most %d of them",
			    NH_CONF_NHS);
		p->section = NH_CONF_UNKNOWN;
		return;
	}
	conf->nhs[conf->nnhs++] = (struct nh_conf_nhs){ .line = p->line };
}

bool nh_conf_nhs_nbma(struct nh_conf_parse *p, const struct nh_conf_key *key,
		      const char *value)
{
	struct nh_conf_nhs *nhs = &p->conf->nhs[p->conf->nnhs - 1];
	struct nh_addr addr;

	if (nh_addr_parse(&addr, value) == 0)
		return nh_conf_host(p, key, value, &nhs->nbma);
	if (!nh_hostname_ok(value))
		return nh_conf_wrong(p, key, value,
				     "an address or the name of a host");
	strcpy(nhs->name, value);
	return true;
}

/* Cisco has a command for each family, we have one list. */
#define DYNAMIC		"dynamic"
#define DYNAMIC6	"dynamic6"

bool nh_conf_nhs_address(struct nh_conf_parse *p,
			 const struct nh_conf_key *key, const char *value)
{
	struct nh_conf_nhs *nhs = &p->conf->nhs[p->conf->nnhs - 1];

	nhs->dynamic = !strcmp(value, DYNAMIC) || !strcmp(value, DYNAMIC6);
	if (nhs->dynamic) {
		nhs->family = strcmp(value, DYNAMIC) ? AF_INET6 : AF_UNSPEC;
		return true;
	}
	if (nh_addr_parse(&nhs->proto, value))
		return nh_conf_wrong(p, key, value,
				     "an IPv4 or IPv6 address, dynamic or dynamic6");
	if (!nh_conf_host(p, key, value, &nhs->proto))
		return false;
	nhs->family = nhs->proto.family;
	return true;
}

void nh_conf_nhs_family(struct nh_conf *conf, struct nh_conf_nhs *nhs)
{
	if (nhs->dynamic && nhs->family == AF_UNSPEC)
		nhs->family = nh_conf_proto(conf, AF_INET) ? AF_INET :
			      AF_INET6;
}

const char *nh_conf_nhs_address_text(const struct nh_conf_nhs *nhs, char *text,
				     size_t size)
{
	if (nhs->dynamic)
		return nhs->family == AF_INET6 ? DYNAMIC6 : DYNAMIC;
	return nh_addr_format(&nhs->proto, text, size);
}

void nh_conf_cluster_begin(struct nh_conf_parse *p)
{
	struct nh_conf *conf = p->conf;

	nh_conf_forget_seen(p);
	if (conf->ncluster == NH_CONF_CLUSTERS) {
		nh_conf_say(p, p->line,
			    "[Cluster]: expected at most %d of them",
			    NH_CONF_CLUSTERS);
		p->section = NH_CONF_UNKNOWN;
		return;
	}
	conf->cluster[conf->ncluster++] =
		(struct nh_conf_cluster){ .line = p->line };
}

static bool has_servers(const struct nh_conf *conf, uint8_t cluster)
{
	size_t i;

	for (i = 0; i < conf->nnhs; i++)
		if (conf->nhs[i].cluster == cluster)
			return true;
	return false;
}

void nh_conf_clusters_check(struct nh_conf_parse *p)
{
	const struct nh_conf *conf = p->conf;
	const struct nh_conf_cluster *c;
	size_t i, j;

	for (i = 0; i < conf->ncluster; i++) {
		c = &conf->cluster[i];
		for (j = 0; j < i; j++)
			if (conf->cluster[j].id == c->id)
				nh_conf_say(p, c->line,
					    "[Cluster] Id=%u: already given in line %u",
					    c->id, conf->cluster[j].line);
		if (!has_servers(conf, c->id))
			nh_conf_say(p, c->line,
				    "[Cluster] Id=%u: expected an [NHS] with Cluster=%u",
				    c->id, c->id);
	}
}

unsigned int nh_conf_cluster_max(const struct nh_conf *conf, uint8_t cluster)
{
	size_t i;

	for (i = 0; i < conf->ncluster; i++)
		if (conf->cluster[i].id == cluster)
			return conf->cluster[i].max;
	return 0;
}
