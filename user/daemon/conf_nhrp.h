/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types of values of the section [NHRP]; used by the conf_*.c files only. */
#ifndef NH_CONF_NHRP_H
#define NH_CONF_NHRP_H

#include "daemon/conf_value.h"

/** nh_conf_nhrp_group() - name of an NHRP group */
bool nh_conf_nhrp_group(struct nh_conf_parse *p, const struct nh_conf_key *key,
			const char *value);

/** nh_conf_nhrp_rate() - PACKETS/SECONDS, all of which may come at once */
bool nh_conf_nhrp_rate(struct nh_conf_parse *p, const struct nh_conf_key *key,
		       const char *value);

/** nh_conf_nhrp_networks() - prefixes with blanks between; key->max at most */
bool nh_conf_nhrp_networks(struct nh_conf_parse *p,
			   const struct nh_conf_key *key, const char *value);

/** nh_conf_networks_check() - what must fit together */
void nh_conf_networks_check(struct nh_conf_parse *p);

#endif /* NH_CONF_NHRP_H */
