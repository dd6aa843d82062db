/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The section [IPsec]; used by the conf_*.c files only. */
#ifndef NH_CONF_IPSEC_H
#define NH_CONF_IPSEC_H

#include "daemon/conf_value.h"

/** nh_conf_ipsec_begin() - defaults, when the section is met first */
void nh_conf_ipsec_begin(struct nh_conf_parse *p);

/** nh_conf_ipsec_finish() - defaults; one way to authenticate, ESP required */
void nh_conf_ipsec_finish(struct nh_conf_parse *p);

/** nh_conf_ipsec_free() - free what @ipsec holds, and wipe its secret */
void nh_conf_ipsec_free(struct nh_conf_ipsec *ipsec);

bool nh_conf_ipsec_secret(struct nh_conf_parse *p,
			  const struct nh_conf_key *key, const char *value);
bool nh_conf_ipsec_secret_file(struct nh_conf_parse *p,
			       const struct nh_conf_key *key,
			       const char *value);
bool nh_conf_ipsec_file(struct nh_conf_parse *p,
			const struct nh_conf_key *key, const char *value);
bool nh_conf_ipsec_ca(struct nh_conf_parse *p, const struct nh_conf_key *key,
		      const char *value);
bool nh_conf_ipsec_identity(struct nh_conf_parse *p,
			    const struct nh_conf_key *key, const char *value);
bool nh_conf_ipsec_proposals(struct nh_conf_parse *p,
			     const struct nh_conf_key *key, const char *value);
bool nh_conf_ipsec_mode(struct nh_conf_parse *p,
			const struct nh_conf_key *key, const char *value);
bool nh_conf_ipsec_idle(struct nh_conf_parse *p,
			const struct nh_conf_key *key, const char *value);
bool nh_conf_ipsec_socket(struct nh_conf_parse *p,
			  const struct nh_conf_key *key, const char *value);

#endif /* NH_CONF_IPSEC_H */
