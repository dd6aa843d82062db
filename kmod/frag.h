/* SPDX-License-Identifier: GPL-2.0-only */
/* Fragments that came by a security association. */
#ifndef _DMVPN_FRAG_H
#define _DMVPN_FRAG_H

struct nf_hook_state;
struct sk_buff;

unsigned int dmvpn_frag_hook4(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state);
unsigned int dmvpn_frag_hook6(void *priv, struct sk_buff *skb,
			      const struct nf_hook_state *state);

#endif /* _DMVPN_FRAG_H */
