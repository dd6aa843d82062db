/* SPDX-License-Identifier: GPL-2.0-only */
/* The header of GRE version 0 (RFC 2784, RFC 2890) as bytes. */
#ifndef _DMVPN_GREHDR_H
#define _DMVPN_GREHDR_H

#include <linux/types.h>

struct sk_buff;

/**
 * struct dmvpn_gre_info - what a GRE header says
 * @proto: protocol type (an EtherType, or 0x2001 for NHRP)
 * @key: key field, 0 when there is none
 * @has_key: the header has a key field, which may hold 0
 * @has_csum: the header has a checksum, see dmvpn_gre_csum_ok()
 * @has_seq: the header has a sequence number
 * @hlen: length of the whole header in bytes: 4, 8, 12 or 16
 */
struct dmvpn_gre_info {
	__be16 proto;
	__be32 key;
	bool has_key;
	bool has_csum;
	bool has_seq;
	u8 hlen;
};

/**
 * dmvpn_gre_len() - length of the header that dmvpn_gre_push() makes
 * @has_key: with a key field
 *
 * Return: 8 with a key, 4 without.
 */
static inline unsigned int dmvpn_gre_len(bool has_key)
{
	return has_key ? 8 : 4;
}

int dmvpn_gre_parse(const struct sk_buff *skb, unsigned int offset,
		    struct dmvpn_gre_info *info);
int dmvpn_gre_parse_quoted(const struct sk_buff *skb, unsigned int offset,
			   struct dmvpn_gre_info *info);
bool dmvpn_gre_csum_ok(struct sk_buff *skb, unsigned int offset);
void dmvpn_gre_push(struct sk_buff *skb, __be16 proto, bool has_key,
		    __be32 key);

#endif /* _DMVPN_GREHDR_H */
