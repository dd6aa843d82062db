/* SPDX-License-Identifier: GPL-2.0-only */
/* Detection of packets that take a detour by this router. */
#ifndef _DMVPN_REDIRECT_H
#define _DMVPN_REDIRECT_H

#include <linux/netfilter.h>

#define DMVPN_REDIRECT_HOOKS	2

extern const struct nf_hook_ops dmvpn_redirect_hooks[DMVPN_REDIRECT_HOOKS];

#endif /* _DMVPN_REDIRECT_H */
