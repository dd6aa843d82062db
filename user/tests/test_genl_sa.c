// SPDX-License-Identifier: GPL-2.0-or-later
/* Security associations as the kernel's messages show them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#include "genl/nl_priv.h"
#include "genl/sa.h"

#define KEY	"\xde\xad\xbe\xef\xde\xad\xbe\xef\xde\xad\xbe\xef" \
		"\xde\xad\xbe\xef\xde\xad\xbe\xef\xde\xad\xbe\xef" \
		"\xde\xad\xbe\xef\xde\xad\xbe\xef\xde\xad\xbe\xef"

static struct nh_addr addr(const char *text)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, text), 0);
	return a;
}

static struct xfrm_usersa_info info_of(const char *src, const char *dst,
				       uint32_t spi)
{
	const struct nh_addr s = addr(src), d = addr(dst);
	struct xfrm_usersa_info info = {
		.id = { .spi = htonl(spi), .proto = IPPROTO_ESP },
		.family = s.family,
		.mode = XFRM_MODE_TRANSPORT,
		.reqid = 7,
		.lft = {
			.soft_add_expires_seconds = 3240,
			.hard_add_expires_seconds = 3600,
			.soft_use_expires_seconds = 11,
			.hard_byte_limit = XFRM_INF,
		},
		.curlft = {
			.bytes = 5000000000, .packets = 4000000,
			.add_time = 1700000000, .use_time = 1700000060,
		},
		.stats = {
			.replay_window = 1, .replay = 2, .integrity_failed = 3,
		},
	};

	memcpy(&info.saddr, s.bytes, s.len);
	memcpy(&info.id.daddr, d.bytes, d.len);
	return info;
}

static struct nl_msg *begin(const struct xfrm_usersa_info *info)
{
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_NEWSA, 0);

	assert_non_null(msg);
	nlmsg_append(msg, (void *)info, sizeof(*info), NLMSG_ALIGNTO);
	return msg;
}

static void put_crypt(struct nl_msg *msg, int type, const char *name,
		      unsigned int bits, size_t octets)
{
	struct xfrm_algo alg = { .alg_key_len = bits };
	char buf[sizeof(alg) + 64];

	strncpy(alg.alg_name, name, sizeof(alg.alg_name));
	memcpy(buf, &alg, sizeof(alg));
	memcpy(buf + sizeof(alg), KEY, octets);
	nla_put(msg, type, sizeof(alg) + octets, buf);
}

/* Of AEAD and of truncated authentication: both are laid out alike. */
static void put_icv(struct nl_msg *msg, int type, const char *name,
		    unsigned int bits, unsigned int icv)
{
	struct xfrm_algo_aead alg = { .alg_key_len = bits, .alg_icv_len = icv };
	char buf[sizeof(alg) + 64];

	strncpy(alg.alg_name, name, sizeof(alg.alg_name));
	memcpy(buf, &alg, sizeof(alg));
	memcpy(buf + sizeof(alg), KEY, bits / 8);
	nla_put(msg, type, sizeof(alg) + bits / 8, buf);
}

static void put_gcm(struct nl_msg *msg)
{
	put_icv(msg, XFRMA_ALG_AEAD, "rfc4106(gcm(aes))", 160, 128);
}

static struct nl_msg *gcm(uint32_t spi)
{
	struct xfrm_usersa_info info = info_of("192.0.2.1", "192.0.2.2", spi);
	struct nl_msg *msg = begin(&info);

	put_gcm(msg);
	return msg;
}

static int parse(struct nl_msg *msg, struct dmvpn_nl_sa *sa)
{
	int err = dmvpn_nl_sa_parse(nlmsg_hdr(msg), sa);

	nlmsg_free(msg);
	return err;
}

static void test_transport(void **state)
{
	const struct nh_addr src = addr("192.0.2.1"), dst = addr("192.0.2.2");
	struct nl_msg *msg = gcm(0xc0000001);
	struct dmvpn_nl_sa sa;

	(void)state;
	nla_put_u32(msg, XFRMA_IF_ID, 42);
	assert_int_equal(parse(msg, &sa), 0);
	assert_true(nh_addr_equal(&sa.src, &src));
	assert_true(nh_addr_equal(&sa.dst, &dst));
	assert_int_equal(sa.spi, 0xc0000001);
	assert_int_equal(sa.reqid, 7);
	assert_int_equal(sa.if_id, 42);
	assert_int_equal(sa.mode, XFRM_MODE_TRANSPORT);
	assert_false(sa.encap);
	assert_string_equal(sa.alg, "rfc4106(gcm(aes)) 128");
	assert_int_equal(sa.packets, 4000000);
	assert_int_equal(sa.bytes, 5000000000);
	assert_int_equal(sa.added, 1700000000);
	assert_int_equal(sa.used, 1700000060);
	assert_int_equal(sa.soft_seconds, 3240);
	assert_int_equal(sa.hard_seconds, 3600);
	assert_int_equal(sa.replay_window, 1);
	assert_int_equal(sa.replay, 2);
	assert_int_equal(sa.integrity_failed, 3);
}

static void test_tunnel6(void **state)
{
	const struct nh_addr src = addr("2001:db8::1");
	const struct nh_addr dst = addr("2001:db8::2");
	struct xfrm_usersa_info info = info_of("2001:db8::1", "2001:db8::2", 5);
	struct dmvpn_nl_sa sa;
	struct nl_msg *msg;

	(void)state;
	info.mode = XFRM_MODE_TUNNEL;
	info.curlft.use_time = 0;
	msg = begin(&info);
	put_crypt(msg, XFRMA_ALG_AUTH, "hmac(sha256)", 256, 32);
	put_icv(msg, XFRMA_ALG_AUTH_TRUNC, "hmac(sha256)", 256, 128);
	put_crypt(msg, XFRMA_ALG_CRYPT, "cbc(aes)", 128, 16);
	assert_int_equal(parse(msg, &sa), 0);
	assert_true(nh_addr_equal(&sa.src, &src));
	assert_true(nh_addr_equal(&sa.dst, &dst));
	assert_int_equal(sa.mode, XFRM_MODE_TUNNEL);
	assert_int_equal(sa.used, 0);
	assert_int_equal(sa.if_id, 0);
	assert_string_equal(sa.alg, "cbc(aes) 128 hmac(sha256) 128");
}

static void test_algorithms(void **state)
{
	struct xfrm_usersa_info info = info_of("192.0.2.1", "192.0.2.2", 5);
	struct dmvpn_nl_sa sa;
	struct nl_msg *msg;

	(void)state;
	msg = begin(&info);
	put_icv(msg, XFRMA_ALG_AEAD, "rfc4309(ccm(aes))", 280, 64);
	assert_int_equal(parse(msg, &sa), 0);
	assert_string_equal(sa.alg, "rfc4309(ccm(aes)) 256 icv 64");

	msg = begin(&info);
	put_icv(msg, XFRMA_ALG_AEAD, "rfc7539esp(chacha20,poly1305)", 288, 128);
	assert_int_equal(parse(msg, &sa), 0);
	assert_string_equal(sa.alg, "rfc7539esp(chacha20,poly1305) 256");

	/* Without truncation there is no length to be told. */
	msg = begin(&info);
	put_crypt(msg, XFRMA_ALG_AUTH, "hmac(sha1)", 160, 20);
	put_crypt(msg, XFRMA_ALG_CRYPT, "rfc3686(ctr(aes))", 160, 20);
	assert_int_equal(parse(msg, &sa), 0);
	assert_string_equal(sa.alg, "rfc3686(ctr(aes)) 128 hmac(sha1)");

	msg = begin(&info);
	put_crypt(msg, XFRMA_ALG_CRYPT, "ecb(cipher_null)", 0, 0);
	assert_int_equal(parse(msg, &sa), 0);
	assert_string_equal(sa.alg, "ecb(cipher_null) 0");

	/* Cut off where there is no room. */
	msg = begin(&info);
	put_crypt(msg, XFRMA_ALG_CRYPT,
		  "0123456789012345678901234567890123456789", 128, 16);
	put_icv(msg, XFRMA_ALG_AUTH_TRUNC,
		"0123456789012345678901234567890123456789", 128, 96);
	assert_int_equal(parse(msg, &sa), 0);
	assert_string_equal(sa.alg, "0123456789012345678901234567890123456789"
			    " 128 012345678901234567");
}

static void test_encap_mark(void **state)
{
	const struct xfrm_encap_tmpl encap = {
		.encap_type = 2,
		.encap_sport = htons(4500), .encap_dport = htons(40001),
	};
	const struct xfrm_mark mark = { .v = 0x10, .m = 0xf0 };
	struct nl_msg *msg = gcm(5);
	struct dmvpn_nl_sa sa;

	(void)state;
	nla_put(msg, XFRMA_ENCAP, sizeof(encap), &encap);
	nla_put(msg, XFRMA_MARK, sizeof(mark), &mark);
	/* Of a kernel newer than us. */
	nla_put_u32(msg, XFRMA_MAX + 20, 1);
	assert_int_equal(parse(msg, &sa), 0);
	assert_true(sa.encap);
	assert_int_equal(sa.encap_sport, 4500);
	assert_int_equal(sa.encap_dport, 40001);
	assert_int_equal(sa.mark, 0x10);
	assert_int_equal(sa.mark_mask, 0xf0);
}

/* Not each kernel tells of the last use. */
static void test_used(void **state)
{
	struct nl_msg *msg = gcm(5);
	struct dmvpn_nl_sa sa;

	(void)state;
	nla_put_u64(msg, XFRMA_LASTUSED, 1700009999);
	assert_int_equal(parse(msg, &sa), 0);
	assert_int_equal(sa.used, 1700009999);
	assert_int_equal(parse(gcm(5), &sa), 0);
	assert_int_equal(sa.used, 1700000060);
}

static void test_left_out(void **state)
{
	struct xfrm_usersa_info info = info_of("192.0.2.1", "192.0.2.2", 5);
	struct dmvpn_nl_sa sa;

	(void)state;
	/* Before negotiation, and while it goes on. */
	assert_int_equal(parse(gcm(0), &sa), 1);
	assert_int_equal(parse(begin(&info), &sa), 1);
	info.id.proto = IPPROTO_AH;
	assert_int_equal(parse(begin(&info), &sa), 1);
	info.id.proto = IPPROTO_ESP;
	info.family = AF_UNSPEC;
	assert_int_equal(parse(begin(&info), &sa), 1);
}

/* An association of which one attribute has @len octets of @data. */
static int with(int type, const void *data, size_t len)
{
	struct nl_msg *msg = gcm(5);
	struct dmvpn_nl_sa sa;

	nla_put(msg, type, len, data);
	return parse(msg, &sa);
}

static void test_refused(void **state)
{
	struct xfrm_algo_auth alg = { .alg_name = "x", .alg_key_len = 8 };
	const size_t crypt = sizeof(struct xfrm_algo);
	char octets[128] = "x";
	struct dmvpn_nl_sa sa;
	struct nl_msg *msg;

	(void)state;
	assert_int_equal(with(XFRMA_ALG_CRYPT, octets, crypt), 0);
	assert_int_equal(with(XFRMA_ALG_CRYPT, octets, crypt - 1), -EPROTO);
	assert_int_equal(with(XFRMA_ALG_AUTH, octets, crypt - 1), -EPROTO);
	assert_int_equal(with(XFRMA_ALG_AUTH_TRUNC, octets, crypt), -EPROTO);
	assert_int_equal(with(XFRMA_ALG_AEAD, octets, crypt), -EPROTO);
	/* A key that is not all there, and one of half a gigabyte. */
	assert_int_equal(with(XFRMA_ALG_AEAD, &alg, sizeof(alg)), -EPROTO);
	alg.alg_key_len = UINT32_MAX;
	assert_int_equal(with(XFRMA_ALG_AEAD, &alg, sizeof(alg)), -EPROTO);
	/* No name, and one without end. */
	octets[0] = '\0';
	assert_int_equal(with(XFRMA_ALG_AUTH, octets, crypt), -EPROTO);
	memset(octets, 'x', 64);
	assert_int_equal(with(XFRMA_ALG_CRYPT, octets, crypt), -EPROTO);

	assert_int_equal(with(XFRMA_ENCAP, octets, 8), -EPROTO);
	assert_int_equal(with(XFRMA_MARK, octets, 4), -EPROTO);
	assert_int_equal(with(XFRMA_IF_ID, octets, 2), -EPROTO);
	assert_int_equal(with(XFRMA_IF_ID, octets, 8), -EPROTO);
	assert_int_equal(with(XFRMA_LASTUSED, octets, 4), -EPROTO);
	assert_int_equal(with(XFRMA_LASTUSED, octets, 12), -EPROTO);

	msg = gcm(5);
	nlmsg_hdr(msg)->nlmsg_len = NLMSG_HDRLEN +
				    sizeof(struct xfrm_usersa_info) - 4;
	assert_int_equal(parse(msg, &sa), -EPROTO);
	msg = gcm(5);
	nlmsg_hdr(msg)->nlmsg_type = XFRM_MSG_NEWPOLICY;
	assert_int_equal(parse(msg, &sa), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transport),
		cmocka_unit_test(test_tunnel6),
		cmocka_unit_test(test_algorithms),
		cmocka_unit_test(test_encap_mark),
		cmocka_unit_test(test_used),
		cmocka_unit_test(test_left_out),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
