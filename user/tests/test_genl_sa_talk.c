// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading and deleting security associations; the kernel is played here. */
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
#include <netlink/errno.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/socket.h>
#include <unistd.h>

#include "genl/nl_priv.h"
#include "genl/sa.h"

static struct nh_addr addr(const char *text)
{
	struct nh_addr a;

	assert_int_equal(nh_addr_parse(&a, text), 0);
	return a;
}

/* An association that has algorithms and a key. */
static struct nl_msg *association(uint32_t spi, uint8_t proto)
{
	struct xfrm_usersa_info info = {
		.id = { .spi = htonl(spi), .proto = proto },
		.family = AF_INET,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_NEWSA, 0);
	const struct xfrm_algo_aead alg = { "rfc4106(gcm(aes))", 160, 128 };
	char aead[sizeof(alg) + 20];

	memcpy(aead, &alg, sizeof(alg));
	memcpy(aead + sizeof(alg), "0123456789abcdefsalt", 20);
	nlmsg_append(msg, &info, sizeof(info), NLMSG_ALIGNTO);
	nla_put(msg, XFRMA_ALG_AEAD, sizeof(aead), aead);
	return msg;
}

static struct nl_msg *esp(uint32_t spi)
{
	return association(spi, IPPROTO_ESP);
}

/**
 * struct peer - the kernel's part, played over the netlink of user programs
 * @nl: connection under test
 * @fd: the kernel's end
 * @script: what it does with a request
 * @request: the last one
 * @requests: their number
 * @wiped: octets that were wiped
 * @received: octets that were received
 */
static struct peer {
	struct dmvpn_nl *nl;
	int fd;
	void (*script)(void);
	struct nl_msg *request;
	unsigned int requests;
	size_t wiped;
	size_t received;
} peer;

/* Takes the place of libnl's: what comes, comes from the kernel. */
int nl_recv(struct nl_sock *sk, struct sockaddr_nl *from, unsigned char **buf,
	    struct ucred **creds)
{
	unsigned char *got = malloc(32768);
	ssize_t n;

	(void)creds;
	assert_non_null(got);
	n = recv(nl_socket_get_fd(sk), got, 32768, MSG_DONTWAIT);
	if (n < 0) {
		free(got);
		return -NLE_AGAIN;
	}
	*from = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	*buf = got;
	peer.received += n;
	return n;
}

/* Takes the place of the C library's, to be counted. */
void explicit_bzero(void *octets, size_t len)
{
	memset(octets, 0, len);
	peer.wiped += len;
}

/* What the compiler makes of it with _FORTIFY_SOURCE. */
void __explicit_bzero_chk(void *octets, size_t len, size_t room);
void __explicit_bzero_chk(void *octets, size_t len, size_t room)
{
	assert_true(len <= room);
	explicit_bzero(octets, len);
}

static int on_send(struct nl_sock *sk, struct nl_msg *msg)
{
	(void)sk;
	nlmsg_free(peer.request);
	peer.request = nlmsg_convert(nlmsg_hdr(msg));
	peer.requests++;
	peer.script();
	return nlmsg_hdr(msg)->nlmsg_len;
}

static uint32_t flags_of(void)
{
	return nlmsg_hdr(peer.request)->nlmsg_flags;
}

/* One datagram of up to two messages. */
static void answer(struct nl_msg *first, struct nl_msg *second)
{
	struct sockaddr_nl to = {
		.nl_family = AF_NETLINK,
		.nl_pid = nl_socket_get_local_port(peer.nl->sk),
	};
	struct nl_msg *const msgs[] = { first, second };
	unsigned char buf[4096];
	struct nlmsghdr *nlh;
	size_t i, len = 0;

	for (i = 0; i < 2 && msgs[i]; i++) {
		nlh = nlmsg_hdr(msgs[i]);
		nlh->nlmsg_seq = nlmsg_hdr(peer.request)->nlmsg_seq;
		nlh->nlmsg_flags |= NLM_F_MULTI;
		memcpy(buf + len, nlh, nlh->nlmsg_len);
		len += NLMSG_ALIGN(nlh->nlmsg_len);
		nlmsg_free(msgs[i]);
	}
	assert_int_equal(sendto(peer.fd, buf, len, 0, (struct sockaddr *)&to,
				sizeof(to)), len);
}

static struct nl_msg *done(int err)
{
	struct nl_msg *msg = nlmsg_alloc_simple(NLMSG_DONE, 0);

	nlmsg_append(msg, &err, sizeof(err), NLMSG_ALIGNTO);
	return msg;
}

static struct nl_msg *error(int err)
{
	struct nlmsgerr e = { .error = err };
	struct nl_msg *msg = nlmsg_alloc_simple(NLMSG_ERROR, NLM_F_CAPPED);

	nlmsg_append(msg, &e, sizeof(e), NLMSG_ALIGNTO);
	return msg;
}

static int setup(void **state)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	struct nl_cb *cb;

	(void)state;
	memset(&peer, 0, sizeof(peer));
	peer.nl = dmvpn_nl_new();
	peer.nl->sk = nl_socket_alloc();
	if (nl_connect(peer.nl->sk, NETLINK_USERSOCK))
		return -1;
	peer.nl->secret = true;
	cb = nl_socket_get_cb(peer.nl->sk);
	nl_cb_overwrite_send(cb, on_send);
	nl_cb_put(cb);
	peer.fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_USERSOCK);
	return peer.fd < 0 ||
	       bind(peer.fd, (struct sockaddr *)&any, sizeof(any));
}

static int teardown(void **state)
{
	(void)state;
	nlmsg_free(peer.request);
	dmvpn_nl_free(peer.nl);
	close(peer.fd);
	return 0;
}

static struct nl_msg *interrupted(struct nl_msg *msg)
{
	nlmsg_hdr(msg)->nlmsg_flags |= NLM_F_DUMP_INTR;
	return msg;
}

static void script_parts(void)
{
	answer(esp(1), esp(0));
	answer(esp(2), association(9, IPPROTO_AH));
	answer(esp(3), NULL);
	answer(done(0), NULL);
}

static void test_dump(void **state)
{
	struct dmvpn_nl_sa *list;
	struct nlattr *proto;
	size_t n;

	(void)state;
	peer.script = script_parts;
	assert_int_equal(dmvpn_nl_sa_dump(peer.nl, &list, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(list[0].spi, 1);
	assert_int_equal(list[1].spi, 2);
	assert_int_equal(list[2].spi, 3);
	assert_string_equal(list[2].alg, "rfc4106(gcm(aes)) 128");
	free(list);

	assert_int_equal(nlmsg_hdr(peer.request)->nlmsg_type, XFRM_MSG_GETSA);
	assert_int_equal(flags_of() & NLM_F_DUMP, NLM_F_DUMP);
	proto = nlmsg_find_attr(nlmsg_hdr(peer.request), 0, XFRMA_PROTO);
	assert_non_null(proto);
	assert_int_equal(nla_get_u8(proto), IPPROTO_ESP);
	/* No key stays behind. */
	assert_true(peer.received > 0);
	assert_int_equal(peer.wiped, peer.received);
}

static void script_empty(void)
{
	answer(done(0), NULL);
}

static void script_changes_once(void)
{
	if (peer.requests > 1) {
		script_parts();
		return;
	}
	answer(esp(8), esp(9));
	answer(interrupted(esp(10)), interrupted(done(0)));
}

static void script_changes(void)
{
	answer(esp(8), interrupted(done(0)));
}

static void test_dump_changes(void **state)
{
	struct dmvpn_nl_sa *list;
	size_t n;

	(void)state;
	peer.script = script_empty;
	assert_int_equal(dmvpn_nl_sa_dump(peer.nl, &list, &n), 0);
	assert_int_equal(n, 0);
	assert_null(list);

	peer.requests = 0;
	peer.script = script_changes_once;
	assert_int_equal(dmvpn_nl_sa_dump(peer.nl, &list, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(list[0].spi, 1);
	free(list);

	peer.script = script_changes;
	assert_int_equal(dmvpn_nl_sa_dump(peer.nl, &list, &n),
			 DMVPN_NL_CHANGED);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].spi, 8);
	free(list);
}

static void script_eperm(void)
{
	answer(error(-EPERM), NULL);
}

static void script_fails_late(void)
{
	answer(esp(1), NULL);
	answer(done(-ENOMEM), NULL);
}

static void script_senseless(void)
{
	struct nl_msg *msg = esp(2);

	nla_put_u16(msg, XFRMA_IF_ID, 1);
	answer(esp(1), msg);
	answer(done(0), NULL);
}

static void test_dump_fails(void **state)
{
	struct dmvpn_nl_sa *list;
	size_t n;

	(void)state;
	peer.script = script_eperm;
	assert_int_equal(dmvpn_nl_sa_dump(peer.nl, &list, &n), -EPERM);
	assert_string_equal(dmvpn_nl_error(peer.nl), "Operation not permitted");
	peer.script = script_fails_late;
	assert_int_equal(dmvpn_nl_sa_dump(peer.nl, &list, &n), -ENOMEM);
	peer.script = script_senseless;
	assert_int_equal(dmvpn_nl_sa_dump(peer.nl, &list, &n), -EPROTO);
	assert_int_equal(peer.wiped, peer.received);
}

static void script_done(void)
{
	answer(error(0), NULL);
}

static void script_esrch(void)
{
	answer(error(-ESRCH), NULL);
}

static const struct xfrm_usersa_id *deleted(void)
{
	struct nlmsghdr *nlh = nlmsg_hdr(peer.request);

	assert_int_equal(nlh->nlmsg_type, XFRM_MSG_DELSA);
	assert_true(nlmsg_valid_hdr(nlh, sizeof(struct xfrm_usersa_id)));
	return nlmsg_data(nlh);
}

static struct nlattr *deleted_mark(void)
{
	return nlmsg_find_attr(nlmsg_hdr(peer.request),
			       sizeof(struct xfrm_usersa_id), XFRMA_MARK);
}

static void test_del(void **state)
{
	struct dmvpn_nl_sa sa = { .spi = 0xc0000001 };
	const struct xfrm_usersa_id *id;
	const struct xfrm_mark *mark;

	(void)state;
	peer.script = script_done;
	assert_int_equal(dmvpn_nl_sa_del(peer.nl, &sa), -EINVAL);
	sa.dst = addr("192.0.2.2");
	assert_int_equal(dmvpn_nl_sa_del(peer.nl, &sa), 0);
	assert_int_equal(peer.requests, 1);
	id = deleted();
	assert_int_equal(id->spi, htonl(0xc0000001));
	assert_int_equal(id->family, AF_INET);
	assert_int_equal(id->proto, IPPROTO_ESP);
	assert_memory_equal(&id->daddr, sa.dst.bytes, 16);
	assert_null(deleted_mark());

	/* Gone by itself. */
	peer.script = script_esrch;
	sa.dst = addr("2001:db8::2");
	sa.mark = 0x10;
	sa.mark_mask = 0xf0;
	assert_int_equal(dmvpn_nl_sa_del(peer.nl, &sa), 0);
	id = deleted();
	assert_int_equal(id->family, AF_INET6);
	assert_memory_equal(&id->daddr, sa.dst.bytes, 16);
	assert_non_null(deleted_mark());
	mark = nla_data(deleted_mark());
	assert_int_equal(mark->v, 0x10);
	assert_int_equal(mark->m, 0xf0);

	peer.script = script_eperm;
	assert_int_equal(dmvpn_nl_sa_del(peer.nl, &sa), -EPERM);
	sa.spi = 0;
	assert_int_equal(dmvpn_nl_sa_del(peer.nl, &sa), -EINVAL);
}

#define PEER_TEST(fn)	cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PEER_TEST(test_dump),
		PEER_TEST(test_dump_changes),
		PEER_TEST(test_dump_fails),
		PEER_TEST(test_del),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
