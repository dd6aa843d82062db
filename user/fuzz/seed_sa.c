// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes security associations as the kernel shows them, as fuzz seeds. */
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char *directory;
static int failures;

/* The octet before the message: what fuzz_sa is to put right, nothing. */
static uint8_t octets[2048];
static size_t len;

static void begin(uint16_t family, uint8_t mode)
{
	struct xfrm_usersa_info info = {
		.id = { .spi = 0x010000c0, .proto = 50 },
		.saddr = { .a6 = { 0x010200c0 } },
		.family = family,
		.mode = mode,
	};

	info.id.daddr.a4 = 0x020200c0;
	octets[0] = 0;
	memcpy(octets + 1, &info, sizeof(info));
	len = 1 + sizeof(info);
}

static void put(uint16_t type, const void *data, size_t n)
{
	const struct nlattr nla = { .nla_len = NLA_HDRLEN + n,
				    .nla_type = type };

	memcpy(octets + len, &nla, sizeof(nla));
	memcpy(octets + len + NLA_HDRLEN, data, n);
	len += NLA_HDRLEN + NLA_ALIGN(n);
}

/* @last: bits of the check value, in those kinds that tell them; or 0 */
static void put_alg(uint16_t type, const char *name, uint32_t key_bits,
		    uint32_t last)
{
	uint8_t alg[sizeof(struct xfrm_algo_aead) + 64] = { 0 };
	size_t head = sizeof(struct xfrm_algo);

	snprintf((char *)alg, 64, "%s", name);
	memcpy(alg + 64, &key_bits, sizeof(key_bits));
	if (last) {
		memcpy(alg + head, &last, sizeof(last));
		head += sizeof(last);
	}
	memset(alg + head, 0xa5, key_bits / 8);
	put(type, alg, head + key_bits / 8);
}

static void save(const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "wb");
	if (!f || fwrite(octets, 1, len, f) != len) {
		fprintf(stderr, "%s: cannot write\n", path);
		failures++;
	}
	if (f && fclose(f))
		failures++;
}

int main(int argc, char **argv)
{
	const struct xfrm_encap_tmpl encap = {
		.encap_type = 2, .encap_sport = 0x9411, .encap_dport = 0x9411,
	};
	const struct xfrm_mark mark = { .v = 1, .m = 0xff };
	const uint32_t if_id = 7;

	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	directory = argv[1];

	begin(2, XFRM_MODE_TRANSPORT);
	put_alg(XFRMA_ALG_AEAD, "rfc4106(gcm(aes))", 160, 128);
	put(XFRMA_ENCAP, &encap, sizeof(encap));
	put(XFRMA_MARK, &mark, sizeof(mark));
	put(XFRMA_IF_ID, &if_id, sizeof(if_id));
	save("aead");

	begin(10, XFRM_MODE_TUNNEL);
	put_alg(XFRMA_ALG_AUTH, "hmac(sha256)", 256, 0);
	put_alg(XFRMA_ALG_AUTH_TRUNC, "hmac(sha256)", 256, 128);
	put_alg(XFRMA_ALG_CRYPT, "cbc(aes)", 128, 0);
	save("auth");
	return failures ? 1 : 0;
}
