// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsing, formatting and comparing of addresses and prefixes. */
#include "lib/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

int nh_addr_parse(struct nh_addr *addr, const char *text)
{
	struct nh_addr a = { 0 };

	if (inet_pton(AF_INET, text, a.bytes) == 1) {
		a.family = AF_INET;
		a.len = 4;
	} else if (inet_pton(AF_INET6, text, a.bytes) == 1) {
		a.family = AF_INET6;
		a.len = 16;
	} else {
		return -EINVAL;
	}
	*addr = a;
	return 0;
}

int nh_addr_from_bytes(struct nh_addr *addr, const uint8_t *bytes, size_t len)
{
	struct nh_addr a = { 0 };

	switch (len) {
	case 0:
		a.family = AF_UNSPEC;
		break;
	case 4:
		a.family = AF_INET;
		break;
	case 16:
		a.family = AF_INET6;
		break;
	default:
		return -EINVAL;
	}
	a.len = (uint8_t)len;
	if (len)
		memcpy(a.bytes, bytes, len);
	*addr = a;
	return 0;
}

char *nh_addr_format(const struct nh_addr *addr, char *buf, size_t size)
{
	char text[NH_ADDR_STRLEN] = "-";

	if (addr->family == AF_INET || addr->family == AF_INET6)
		inet_ntop(addr->family, addr->bytes, text, sizeof(text));
	snprintf(buf, size, "%s", text);
	return buf;
}

int nh_addr_cmp(const struct nh_addr *a, const struct nh_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

bool nh_addr_equal(const struct nh_addr *a, const struct nh_addr *b)
{
	return nh_addr_cmp(a, b) == 0;
}

/* FNV-1a with a seeded start and a last round of mixing for the high bits. */
static uint32_t hash_bytes(uint32_t h, const uint8_t *p, size_t n)
{
	while (n--)
		h = (h ^ *p++) * 16777619u;
	return h;
}

static uint32_t hash_finish(uint32_t h)
{
	h ^= h >> 16;
	h *= 0x85ebca6bu;
	h ^= h >> 13;
	return h;
}

uint32_t nh_addr_hash(const struct nh_addr *addr, uint32_t seed)
{
	uint32_t h = hash_bytes(2166136261u ^ seed, &addr->family, 1);

	return hash_finish(hash_bytes(h, addr->bytes, addr->len));
}

unsigned int nh_addr_bits(const struct nh_addr *addr)
{
	return addr->len * 8u;
}

bool nh_addr_is_set(const struct nh_addr *addr)
{
	return addr->len != 0;
}

bool nh_addr_is_any(const struct nh_addr *addr)
{
	static const uint8_t zero[sizeof(addr->bytes)];

	return addr->len && !memcmp(addr->bytes, zero, addr->len);
}

bool nh_addr_is_multicast(const struct nh_addr *addr)
{
	if (addr->family == AF_INET)
		return (addr->bytes[0] & 0xf0) == 0xe0;
	return addr->family == AF_INET6 && addr->bytes[0] == 0xff;
}

bool nh_addr_is_loopback(const struct nh_addr *addr)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (addr->family == AF_INET)
		return addr->bytes[0] == 127;
	return addr->family == AF_INET6 && !memcmp(addr->bytes, one, 16);
}

bool nh_addr_is_linklocal(const struct nh_addr *addr)
{
	if (addr->family == AF_INET)
		return addr->bytes[0] == 169 && addr->bytes[1] == 254;
	return nh_addr_is_linklocal6(addr);
}

bool nh_addr_is_linklocal6(const struct nh_addr *addr)
{
	return addr->family == AF_INET6 && addr->bytes[0] == 0xfe &&
	       (addr->bytes[1] & 0xc0) == 0x80;
}

bool nh_addr_is_v4mapped(const struct nh_addr *addr)
{
	static const uint8_t head[12] = { [10] = 0xff, [11] = 0xff };

	return addr->family == AF_INET6 &&
	       !memcmp(addr->bytes, head, sizeof(head));
}

void nh_addr_mask(struct nh_addr *addr, unsigned int plen)
{
	unsigned int i;

	for (i = 0; i < addr->len; i++) {
		if (plen >= 8) {
			plen -= 8;
			continue;
		}
		addr->bytes[i] &= (uint8_t)(0xff00 >> plen);
		plen = 0;
	}
}

/* Digits only: strtoul() would take blanks, signs and leading zeroes. */
static int parse_plen(const char *text, unsigned int max)
{
	unsigned int v = 0;
	const char *p = text;

	if (*p == '\0' || (*p == '0' && p[1] != '\0'))
		return -EINVAL;
	for (; *p; p++) {
		if (*p < '0' || *p > '9')
			return -EINVAL;
		v = v * 10 + (unsigned int)(*p - '0');
		if (v > max)
			return -EINVAL;
	}
	return (int)v;
}

int nh_prefix_parse(struct nh_prefix *prefix, const char *text,
		    const char **why)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	char head[NH_ADDR_STRLEN];
	struct nh_prefix p;
	struct nh_addr addr;
	const char *dummy;
	int plen;

	if (!why)
		why = &dummy;
	*why = "not an address";
	if (n >= sizeof(head))
		return -EINVAL;
	memcpy(head, text, n);
	head[n] = '\0';
	if (nh_addr_parse(&addr, head) < 0)
		return -EINVAL;

	*why = "not a prefix length of this address family";
	plen = (int)nh_addr_bits(&addr);
	if (slash)
		plen = parse_plen(slash + 1, nh_addr_bits(&addr));
	if (plen < 0 || nh_prefix_make(&p, &addr, (unsigned int)plen) < 0)
		return -EINVAL;

	*why = "host bits are set beyond the prefix length";
	if (!nh_addr_equal(&p.addr, &addr))
		return -EINVAL;
	*why = NULL;
	*prefix = p;
	return 0;
}

int nh_prefix_make(struct nh_prefix *prefix, const struct nh_addr *addr,
		   unsigned int plen)
{
	struct nh_prefix p = { .addr = *addr, .plen = (uint8_t)plen };

	if (!nh_addr_is_set(addr) || plen > nh_addr_bits(addr))
		return -EINVAL;
	nh_addr_mask(&p.addr, plen);
	*prefix = p;
	return 0;
}

char *nh_prefix_format(const struct nh_prefix *prefix, char *buf, size_t size)
{
	char addr[NH_ADDR_STRLEN];

	nh_addr_format(&prefix->addr, addr, sizeof(addr));
	snprintf(buf, size, "%s/%u", addr, prefix->plen);
	return buf;
}

int nh_prefix_cmp(const struct nh_prefix *a, const struct nh_prefix *b)
{
	int c = nh_addr_cmp(&a->addr, &b->addr);

	return c ? c : (int)a->plen - (int)b->plen;
}

bool nh_prefix_equal(const struct nh_prefix *a, const struct nh_prefix *b)
{
	return nh_prefix_cmp(a, b) == 0;
}

uint32_t nh_prefix_hash(const struct nh_prefix *prefix, uint32_t seed)
{
	return nh_addr_hash(&prefix->addr, seed ^ prefix->plen * 0x9e3779b1u);
}

bool nh_prefix_is_host(const struct nh_prefix *prefix)
{
	return nh_addr_is_set(&prefix->addr) &&
	       prefix->plen == nh_addr_bits(&prefix->addr);
}

bool nh_prefix_contains(const struct nh_prefix *prefix,
			const struct nh_addr *addr)
{
	struct nh_addr a = *addr;

	nh_addr_mask(&a, prefix->plen);
	return nh_addr_is_set(addr) && nh_addr_equal(&a, &prefix->addr);
}

bool nh_prefix_covers(const struct nh_prefix *outer,
		      const struct nh_prefix *inner)
{
	return outer->plen <= inner->plen &&
	       nh_prefix_contains(outer, &inner->addr);
}
