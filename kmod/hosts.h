/* SPDX-License-Identifier: GPL-2.0-only */
/* Cache entries of single addresses, by that address. */
#ifndef _DMVPN_HOSTS_H
#define _DMVPN_HOSTS_H

struct dmvpn_addr;
struct dmvpn_dev;
struct dmvpn_entry;

int dmvpn_hosts_init(struct dmvpn_dev *ddev);
void dmvpn_hosts_destroy(struct dmvpn_dev *ddev);

struct dmvpn_entry *dmvpn_hosts_lookup(const struct dmvpn_dev *ddev,
				       const struct dmvpn_addr *addr);
int dmvpn_hosts_add(struct dmvpn_dev *ddev, struct dmvpn_entry *e);
void dmvpn_hosts_replace(struct dmvpn_dev *ddev, struct dmvpn_entry *old,
			 struct dmvpn_entry *e);
void dmvpn_hosts_del(struct dmvpn_dev *ddev, struct dmvpn_entry *e);

#endif /* _DMVPN_HOSTS_H */
