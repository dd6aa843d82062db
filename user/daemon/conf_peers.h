/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section [Peers]; used by the conf_*.c files only. */
#ifndef NH_CONF_PEERS_H
#define NH_CONF_PEERS_H

#include "daemon/conf_value.h"

void nh_conf_peers_begin(struct nh_conf_parse *p);

/** nh_conf_peers_check() - there are rules, and IKE proves identities */
void nh_conf_peers_check(struct nh_conf_parse *p);

void nh_conf_peers_free(struct nh_conf *conf);

bool nh_conf_peers_allow(struct nh_conf_parse *p,
			 const struct nh_conf_key *key, const char *value);

#endif /* NH_CONF_PEERS_H */
