// SPDX-License-Identifier: GPL-2.0-only
/* The header of GRE version 0 (RFC 2784, RFC 2890) as bytes. */
#include "grehdr.h"

#include <linux/errno.h>
#include <linux/if_tunnel.h>
#include <linux/in.h>
#include <linux/skbuff.h>
#include <net/gre.h>

/* Checksum, key and sequence number: one word each, in this order. */
#define GRE_MAX_WORDS 4

/*
 * Bits 1, 4 and 5: RFC 2784 section 2.3 wants packets with these discarded.
 * It wants bits 6 to 12 ignored.
 */
#define GRE_REFUSED (GRE_ROUTING | GRE_STRICT | cpu_to_be16(0x0400))

static int parse(const struct sk_buff *skb, unsigned int offset,
		 struct dmvpn_gre_info *info, bool quoted)
{
	const struct gre_base_hdr *base;
	__be32 buf[GRE_MAX_WORDS];
	unsigned int words = 1;
	const __be32 *hdr;
	__be16 flags;

	base = skb_header_pointer(skb, offset, sizeof(*base), buf);
	if (!base)
		return -EINVAL;
	flags = base->flags;
	if (flags & (GRE_VERSION | GRE_REFUSED))
		return -EINVAL;

	info->proto = base->protocol;
	info->has_csum = !!(flags & GRE_CSUM);
	info->has_key = !!(flags & GRE_KEY);
	info->has_seq = !!(flags & GRE_SEQ);
	words += info->has_csum + info->has_key;
	info->hlen = (words + info->has_seq) * sizeof(*hdr);

	hdr = skb_header_pointer(skb, offset,
				 quoted ? words * sizeof(*hdr) : info->hlen,
				 buf);
	if (!hdr)
		return -EINVAL;
	/* The key comes after the checksum and before the sequence number. */
	info->key = info->has_key ? hdr[words - 1] : 0;
	return 0;
}

/**
 * dmvpn_gre_parse() - read the GRE header of a packet
 * @skb: the packet; nothing is pulled or changed
 * @offset: of the GRE header from skb->data, in bytes
 * @info: filled; undefined on error
 *
 * RFC 2784 section 2, RFC 2890 section 2. The checksum is not verified.
 *
 * Context: any.
 * Return: 0, or -EINVAL for another version, routing or other bits that a
 * receiver has to refuse, or a header that is cut off.
 */
int dmvpn_gre_parse(const struct sk_buff *skb, unsigned int offset,
		    struct dmvpn_gre_info *info)
{
	return parse(skb, offset, info, false);
}

/**
 * dmvpn_gre_parse_quoted() - read the GRE header that an ICMP error quotes
 * @skb: the error
 * @offset: of the quoted GRE header from skb->data, in bytes
 * @info: filled; undefined on error
 *
 * An error need not quote more than 8 bytes of the header (RFC 792): enough
 * for what dmvpn_gre_push() makes. Whatever follows the key may be missing,
 * so @info->hlen can point behind the end of the packet.
 *
 * Context: any.
 * Return: 0, or -EINVAL as from dmvpn_gre_parse().
 */
int dmvpn_gre_parse_quoted(const struct sk_buff *skb, unsigned int offset,
			   struct dmvpn_gre_info *info)
{
	return parse(skb, offset, info, true);
}

/**
 * dmvpn_gre_csum_ok() - verify the checksum of a GRE packet
 * @skb: received packet that ends where the GRE payload ends; made linear up
 *	to @offset, so pointers into it are to be read again
 * @offset: of the GRE header from skb->data, in bytes; the header has a
 *	checksum
 *
 * It covers GRE header and payload, without pseudo header (RFC 2784 section
 * 2.5). What the hardware found out is used, and used up, by the rules of
 * linux/skbuff.h; what was found out here is kept for the payload's own
 * checksum. Counting skb->csum from skb->data on is what the IP layers do as
 * far as LOCAL_IN.
 *
 * Context: any; the caller owns @skb.
 * Return: true when it is right.
 */
bool dmvpn_gre_csum_ok(struct sk_buff *skb, unsigned int offset)
{
	bool ok;

	if (!pskb_may_pull(skb, offset))
		return false;
	__skb_pull(skb, offset);
	skb_postpull_rcsum(skb, skb->data - offset, offset);
	ok = !skb_checksum_simple_validate(skb);
	if (ok)
		skb_checksum_try_convert(skb, IPPROTO_GRE, null_compute_pseudo);
	skb_push_rcsum(skb, offset);
	return ok;
}

/**
 * dmvpn_gre_push() - put a GRE header before a packet
 * @skb: the packet, with writable headroom of dmvpn_gre_len() bytes
 * @proto: protocol type of the packet
 * @has_key: with a key field
 * @key: its value, network byte order; ignored without
 *
 * The header becomes the transport header, and @proto the inner protocol that
 * segmentation looks at.
 *
 * Context: any; the caller owns @skb.
 */
void dmvpn_gre_push(struct sk_buff *skb, __be16 proto, bool has_key,
		    __be32 key)
{
	struct gre_base_hdr *base = skb_push(skb, dmvpn_gre_len(has_key));

	base->flags = has_key ? GRE_KEY : 0;
	base->protocol = proto;
	if (has_key)
		*(__be32 *)(base + 1) = key;
	skb_reset_transport_header(skb);
	skb_set_inner_protocol(skb, proto);
}
