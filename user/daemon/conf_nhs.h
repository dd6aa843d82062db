/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sections [NHS] and [Cluster]; used by the conf_*.c files only. */
#ifndef NH_CONF_NHS_H
#define NH_CONF_NHS_H

#include "daemon/conf_value.h"

/** nh_conf_nhs_begin() - a section [NHS] begins */
void nh_conf_nhs_begin(struct nh_conf_parse *p);

/** nh_conf_cluster_begin() - a section [Cluster] begins */
void nh_conf_cluster_begin(struct nh_conf_parse *p);

/** nh_conf_nhs_nbma() - an address, or the name of a host */
bool nh_conf_nhs_nbma(struct nh_conf_parse *p, const struct nh_conf_key *key,
		      const char *value);

/** nh_conf_clusters_check() - do they fit together, and to the servers? */
void nh_conf_clusters_check(struct nh_conf_parse *p);

/** nh_conf_nhs_address() - an address, or that it is to be learned */
bool nh_conf_nhs_address(struct nh_conf_parse *p,
			 const struct nh_conf_key *key, const char *value);

/** nh_conf_nhs_family() - the family of a server whose address is learned */
void nh_conf_nhs_family(struct nh_conf *conf, struct nh_conf_nhs *nhs);

/** nh_conf_nhs_address_text() - its address as the file has it */
const char *nh_conf_nhs_address_text(const struct nh_conf_nhs *nhs, char *text,
				     size_t size);

#endif /* NH_CONF_NHS_H */
