/* SPDX-License-Identifier: GPL-2.0-only */
/* An IPv4 or IPv6 address in one type, and prefixes made of it. */
#ifndef _DMVPN_ADDR_H
#define _DMVPN_ADDR_H

#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inetdevice.h>
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/types.h>
#include <net/ipv6.h>

/**
 * struct dmvpn_addr - an address of either family
 * @v4: IPv4 address, network byte order; the other 12 bytes are zero
 * @v6: IPv6 address
 * @family: AF_INET, AF_INET6, or 0 for "no address" (then all is zero)
 * @zero: always zero
 *
 * Each bit of the struct is determined by the address, so the struct as a
 * whole (or the 16 bytes of the union, where the family is known) serves as
 * a hash key. Make one with the functions below, or zero it first.
 */
struct dmvpn_addr {
	union {
		__be32 v4;
		struct in6_addr v6;
	};
	u8 family;
	u8 zero[3];
};

static_assert(sizeof(struct dmvpn_addr) == 20);

/**
 * dmvpn_addr_from_v4() - wrap an IPv4 address
 * @v4: network byte order
 *
 * Return: the address, with family AF_INET.
 */
static inline struct dmvpn_addr dmvpn_addr_from_v4(__be32 v4)
{
	struct dmvpn_addr addr = {};

	addr.v4 = v4;
	addr.family = AF_INET;
	return addr;
}

/**
 * dmvpn_addr_from_v6() - wrap an IPv6 address
 * @v6: the address; v4-mapped ones stay IPv6
 *
 * Return: the address, with family AF_INET6.
 */
static inline struct dmvpn_addr dmvpn_addr_from_v6(const struct in6_addr *v6)
{
	struct dmvpn_addr addr = {};

	addr.v6 = *v6;
	addr.family = AF_INET6;
	return addr;
}

/**
 * dmvpn_addr_link_local() - whether no router forwards to or from an address
 * @addr: address of either family
 *
 * IPv4's 169.254.0.0/16 is not among them: Linux forwards it.
 *
 * Return: true for a link-local unicast address of IPv6 (RFC 4291, 2.5.6).
 */
static inline bool dmvpn_addr_link_local(const struct dmvpn_addr *addr)
{
	return addr->family == AF_INET6 &&
	       ipv6_addr_type(&addr->v6) & IPV6_ADDR_LINKLOCAL;
}

/**
 * dmvpn_addr_from_bytes() - make an address from wire or attribute bytes
 * @addr: filled; untouched on error
 * @buf: @len bytes in network byte order, any alignment
 * @len: 4 for IPv4, 16 for IPv6
 *
 * Return: 0, or -EINVAL for another length.
 */
static inline int dmvpn_addr_from_bytes(struct dmvpn_addr *addr,
					const void *buf, size_t len)
{
	if (len != sizeof(addr->v4) && len != sizeof(addr->v6))
		return -EINVAL;
	memset(addr, 0, sizeof(*addr));
	memcpy(&addr->v6, buf, len);
	addr->family = len == sizeof(addr->v4) ? AF_INET : AF_INET6;
	return 0;
}

/**
 * dmvpn_addr_len() - length of the address in bytes
 * @addr: any address
 *
 * The bytes themselves begin at &addr->v6 for both families.
 *
 * Return: 4, 16, or 0 for "no address".
 */
static inline unsigned int dmvpn_addr_len(const struct dmvpn_addr *addr)
{
	switch (addr->family) {
	case AF_INET:
		return sizeof(addr->v4);
	case AF_INET6:
		return sizeof(addr->v6);
	default:
		return 0;
	}
}

/**
 * dmvpn_addr_bits() - length of the address in bits
 * @addr: any address
 *
 * Return: 32, 128, or 0 for "no address": the prefix length of a host.
 */
static inline u8 dmvpn_addr_bits(const struct dmvpn_addr *addr)
{
	return dmvpn_addr_len(addr) * 8;
}

/**
 * dmvpn_addr_equal() - compare family and address
 * @a: one address
 * @b: the other
 *
 * Return: true when both are the same; two "no address" are the same.
 */
static inline bool dmvpn_addr_equal(const struct dmvpn_addr *a,
				    const struct dmvpn_addr *b)
{
	return a->family == b->family && ipv6_addr_equal(&a->v6, &b->v6);
}

/**
 * dmvpn_addr_is_unspec() - is this no address at all, 0.0.0.0 or ::?
 * @addr: any address
 *
 * Return: true when it names no host.
 */
static inline bool dmvpn_addr_is_unspec(const struct dmvpn_addr *addr)
{
	return ipv6_addr_any(&addr->v6);
}

/**
 * dmvpn_addr_is_multicast() - is this 224.0.0.0/4 or ff00::/8?
 * @addr: any address
 *
 * Return: true for multicast; 255.255.255.255 is not multicast.
 */
static inline bool dmvpn_addr_is_multicast(const struct dmvpn_addr *addr)
{
	switch (addr->family) {
	case AF_INET:
		return ipv4_is_multicast(addr->v4);
	case AF_INET6:
		return ipv6_addr_is_multicast(&addr->v6);
	default:
		return false;
	}
}

/**
 * dmvpn_addr_plen_ok() - can a prefix of this address have this length?
 * @addr: any address
 * @plen: prefix length in bits
 *
 * Return: true for 0..32 with IPv4 and 0..128 with IPv6.
 */
static inline bool dmvpn_addr_plen_ok(const struct dmvpn_addr *addr, u8 plen)
{
	return addr->family && plen <= dmvpn_addr_bits(addr);
}

/**
 * dmvpn_addr_masked() - clear the host bits
 * @addr: address for which dmvpn_addr_plen_ok() holds
 * @plen: prefix length in bits
 *
 * Return: the network address of @addr/@plen.
 */
static inline struct dmvpn_addr
dmvpn_addr_masked(const struct dmvpn_addr *addr, u8 plen)
{
	struct in6_addr v6;

	if (addr->family == AF_INET)
		return dmvpn_addr_from_v4(addr->v4 & inet_make_mask(plen));
	if (addr->family != AF_INET6)
		return (struct dmvpn_addr){};
	ipv6_addr_prefix(&v6, &addr->v6, plen);
	return dmvpn_addr_from_v6(&v6);
}

/**
 * dmvpn_addr_has_host_bits() - is this not the network address of its prefix?
 * @addr: address for which dmvpn_addr_plen_ok() holds
 * @plen: prefix length in bits
 *
 * Return: true when a bit right of the prefix is set.
 */
static inline bool dmvpn_addr_has_host_bits(const struct dmvpn_addr *addr,
					    u8 plen)
{
	struct dmvpn_addr net = dmvpn_addr_masked(addr, plen);

	return !dmvpn_addr_equal(&net, addr);
}

/**
 * dmvpn_prefix_contains() - does one prefix cover another?
 * @outer: address of the covering prefix; its host bits do not matter
 * @outer_plen: its length in bits
 * @inner: address of the covered prefix or host
 * @inner_plen: its length in bits
 *
 * Return: true when both are of one family and each address of the inner
 * prefix lies in the outer one; a prefix covers itself.
 */
static inline bool dmvpn_prefix_contains(const struct dmvpn_addr *outer,
					 u8 outer_plen,
					 const struct dmvpn_addr *inner,
					 u8 inner_plen)
{
	if (outer->family != inner->family || outer_plen > inner_plen)
		return false;
	/* The zero bytes behind an IPv4 address are equal on both sides. */
	return ipv6_prefix_equal(&outer->v6, &inner->v6, outer_plen);
}

/**
 * dmvpn_addr_to_sockaddr() - fill a socket address, as %pISc prints it
 * @addr: any address
 * @ss: filled, port 0
 */
static inline void dmvpn_addr_to_sockaddr(const struct dmvpn_addr *addr,
					  struct sockaddr_storage *ss)
{
	memset(ss, 0, sizeof(*ss));
	ss->ss_family = addr->family;
	if (addr->family == AF_INET)
		((struct sockaddr_in *)ss)->sin_addr.s_addr = addr->v4;
	else if (addr->family == AF_INET6)
		((struct sockaddr_in6 *)ss)->sin6_addr = addr->v6;
}

#endif /* _DMVPN_ADDR_H */
