// SPDX-License-Identifier: GPL-2.0-or-later
/* Which of the servers is meant. */
#include <string.h>

#include "daemon/iface.h"
#include "daemon/nhs.h"
#include "daemon/nhs_cluster.h"

struct nh_nhs *nh_nhs_find(const struct nh_iface *iface,
			   const struct nh_conf_nhs *conf)
{
	struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nhs->conf.dynamic == conf->dynamic &&
		    nhs->conf.family == conf->family &&
		    (conf->dynamic ||
		     nh_addr_equal(&nhs->conf.proto, &conf->proto)) &&
		    strcmp(nhs->conf.name, conf->name) == 0 &&
		    (conf->name[0] ||
		     nh_addr_equal(&nhs->conf.nbma, &conf->nbma)))
			return nhs;
	return NULL;
}

bool nh_nhs_stays(const struct nh_nhs *nhs, const struct nh_conf *conf)
{
	size_t i;

	for (i = 0; i < conf->nnhs; i++)
		if (nh_nhs_find(nhs->iface, &conf->nhs[i]) == nhs)
			return true;
	return false;
}

bool nh_nhs_has(const struct nh_iface *iface, const struct nh_addr *nbma)
{
	const struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (nh_addr_equal(&nhs->conf.nbma, nbma))
			return true;
	return false;
}

const struct nh_nhs *nh_nhs_best(const struct nh_iface *iface, uint8_t family)
{
	const struct nh_nhs *nhs, *best = NULL;

	LIST_FOREACH(nhs, &iface->nhs, link) {
		if (nhs->state != NH_NHS_UP || nhs->conf.family != family)
			continue;
		if (!best || nhs->conf.priority < best->conf.priority)
			best = nhs;
	}
	return best;
}

const struct nh_nhs *nh_nhs_by_endpoint(const struct nh_iface *iface,
					const struct nh_endpoint *ep)
{
	const struct nh_nhs *nhs;

	LIST_FOREACH(nhs, &iface->nhs, link)
		if (!ep->if_id && nh_addr_equal(&nhs->conf.nbma, &ep->nbma))
			return nhs;
	return NULL;
}
