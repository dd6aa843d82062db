/* SPDX-License-Identifier: GPL-2.0-only */
/* rtnetlink: "ip link ... type dmvpn". */
#ifndef _DMVPN_LINK_H
#define _DMVPN_LINK_H

int dmvpn_link_register(void);
void dmvpn_link_unregister(void);

#endif /* _DMVPN_LINK_H */
