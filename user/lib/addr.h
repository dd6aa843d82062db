/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and prefixes of either IP family as plain comparable values. */
#ifndef NH_ADDR_H
#define NH_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for the longest text of an address or prefix, with its NUL. */
#define NH_ADDR_STRLEN		46
#define NH_PREFIX_STRLEN	(NH_ADDR_STRLEN + 4)

/**
 * struct nh_addr - an NBMA or protocol address
 * @family: AF_INET, AF_INET6, or AF_UNSPEC for "no address"
 * @len: 4, 16, or 0 for "no address"; always agrees with @family
 * @bytes: network byte order; octets beyond @len are zero
 */
struct nh_addr {
	uint8_t family;
	uint8_t len;
	uint8_t bytes[16];
};

/**
 * struct nh_prefix - an address block
 * @addr: its first address, no bit set beyond @plen
 * @plen: prefix length in bits, at most nh_addr_bits(&@addr)
 */
struct nh_prefix {
	struct nh_addr addr;
	uint8_t plen;
};

/**
 * nh_addr_parse() - read an address as inet_pton() reads it
 * @addr: set on success, untouched otherwise
 * @text: dotted quad or IPv6 text; no zone, no prefix length, no blanks
 *
 * Return: 0, or -EINVAL.
 */
int nh_addr_parse(struct nh_addr *addr, const char *text);

/**
 * nh_addr_from_bytes() - make an address of 0, 4 or 16 wire octets
 * @addr: set on success, untouched otherwise
 * @bytes: network byte order; may be NULL when @len is 0
 * @len: 0 gives the empty address
 *
 * Return: 0, or -EINVAL when @len is no address length.
 */
int nh_addr_from_bytes(struct nh_addr *addr, const uint8_t *bytes, size_t len);

/**
 * nh_addr_format() - write an address as text
 * @addr: any; the empty address becomes "-"
 * @buf: receives the text, always terminated
 * @size: of @buf, NH_ADDR_STRLEN is always enough
 *
 * Return: @buf, so that the call can stand in an argument list.
 */
char *nh_addr_format(const struct nh_addr *addr, char *buf, size_t size);

/** nh_addr_cmp() - total order: by family, then numerically (<0, 0, >0) */
int nh_addr_cmp(const struct nh_addr *a, const struct nh_addr *b);

/** nh_addr_equal() - same family and octets; two empty ones are equal */
bool nh_addr_equal(const struct nh_addr *a, const struct nh_addr *b);

/** nh_addr_hash() - 32-bit hash; @seed keeps a sender from choosing buckets */
uint32_t nh_addr_hash(const struct nh_addr *addr, uint32_t seed);

/** nh_addr_bits() - width in bits: 32, 128, or 0 for the empty address */
unsigned int nh_addr_bits(const struct nh_addr *addr);

/** nh_addr_is_set() - there is an address, even if it is 0.0.0.0 or :: */
bool nh_addr_is_set(const struct nh_addr *addr);

/** nh_addr_is_any() - 0.0.0.0 or :: */
bool nh_addr_is_any(const struct nh_addr *addr);

/** nh_addr_is_multicast() - 224.0.0.0/4 or ff00::/8 */
bool nh_addr_is_multicast(const struct nh_addr *addr);

/** nh_addr_is_loopback() - 127.0.0.0/8 or ::1 */
bool nh_addr_is_loopback(const struct nh_addr *addr);

/** nh_addr_is_linklocal() - 169.254.0.0/16 or fe80::/10 */
bool nh_addr_is_linklocal(const struct nh_addr *addr);

/** nh_addr_is_linklocal6() - fe80::/10 */
bool nh_addr_is_linklocal6(const struct nh_addr *addr);

/**
 * nh_addr_is_v4mapped() - ::ffff:0:0/96
 *
 * Such an address would be a second name for an IPv4 host; nobody may claim it.
 */
bool nh_addr_is_v4mapped(const struct nh_addr *addr);

/** nh_addr_mask() - clear the bits of @addr beyond the first @plen */
void nh_addr_mask(struct nh_addr *addr, unsigned int plen);

/**
 * nh_prefix_parse() - read "address/length"; a bare address is a host prefix
 * @prefix: set on success, untouched otherwise
 * @text: the length is decimal, without sign or leading zero
 * @why: on failure a constant text saying what is wrong; may be NULL
 *
 * Return: 0, or -EINVAL; also for host bits set, so that a typing error is
 * not silently turned into another network.
 */
int nh_prefix_parse(struct nh_prefix *prefix, const char *text,
		    const char **why);

/**
 * nh_prefix_make() - the block of @plen bits that @addr lies in
 *
 * Return: 0, or -EINVAL when @addr is empty or @plen wider than its family.
 */
int nh_prefix_make(struct nh_prefix *prefix, const struct nh_addr *addr,
		   unsigned int plen);

/** nh_prefix_format() - as nh_addr_format(), with "/length" */
char *nh_prefix_format(const struct nh_prefix *prefix, char *buf, size_t size);

/** nh_prefix_cmp() - total order: by address, shorter prefix first */
int nh_prefix_cmp(const struct nh_prefix *a, const struct nh_prefix *b);

/** nh_prefix_equal() - same address and length */
bool nh_prefix_equal(const struct nh_prefix *a, const struct nh_prefix *b);

/** nh_prefix_hash() - 32-bit hash of address and length */
uint32_t nh_prefix_hash(const struct nh_prefix *prefix, uint32_t seed);

/** nh_prefix_is_host() - the length is the whole address */
bool nh_prefix_is_host(const struct nh_prefix *prefix);

/** nh_prefix_contains() - @addr lies in @prefix; never across families */
bool nh_prefix_contains(const struct nh_prefix *prefix,
			const struct nh_addr *addr);

/** nh_prefix_covers() - each address of @inner lies in @outer */
bool nh_prefix_covers(const struct nh_prefix *outer,
		      const struct nh_prefix *inner);

#endif /* NH_ADDR_H */
