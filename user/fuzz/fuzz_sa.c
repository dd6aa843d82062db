// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Any octets as a security association of the kernel's: the parser does not
 * read beyond them, what it accepts makes sense, and nothing of a key is in it.
 */
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "genl/nl_priv.h"
#include "genl/sa.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool ok)
{
	if (!ok)
		abort();
}

static size_t key_offset(const struct nlattr *nla)
{
	switch (nla_type(nla)) {
	case XFRMA_ALG_AEAD:
		return sizeof(struct xfrm_algo_aead);
	case XFRMA_ALG_AUTH_TRUNC:
		return sizeof(struct xfrm_algo_auth);
	case XFRMA_ALG_AUTH:
	case XFRMA_ALG_CRYPT:
		return sizeof(struct xfrm_algo);
	}
	return SIZE_MAX;
}

/* The same message with other keys. */
static void change_keys(struct nlmsghdr *nlh)
{
	const int hdrlen = sizeof(struct xfrm_usersa_info);
	struct nlattr *nla;
	uint8_t *octets;
	size_t i;
	int left;

	nlmsg_for_each_attr(nla, nlh, hdrlen, left) {
		octets = nla_data(nla);
		for (i = key_offset(nla); i < (size_t)nla_len(nla); i++)
			octets[i] ^= 0xff;
	}
}

static void try_sa(struct nlmsghdr *nlh)
{
	struct dmvpn_nl_sa sa, again;

	if (dmvpn_nl_sa_parse(nlh, &sa))
		return;
	check(sa.spi && sa.src.len && sa.src.family == sa.dst.family);
	check(memchr(sa.alg, '\0', sizeof(sa.alg)) && sa.alg[0]);
	change_keys(nlh);
	check(!dmvpn_nl_sa_parse(nlh, &again));
	check(!memcmp(&sa, &again, sizeof(sa)));
}

/* Most inputs would be of no protocol and family that is looked at. */
static void put_right(struct xfrm_usersa_info *out, uint8_t how)
{
	struct xfrm_usersa_info info;

	memcpy(&info, out, sizeof(info));
	if (how & 1)
		info.id.proto = IPPROTO_ESP;
	if (how & 2)
		info.family = how & 4 ? AF_INET : AF_INET6;
	memcpy(out, &info, sizeof(info));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nlmsghdr *nlh;
	uint8_t how, *buf;
	size_t len;

	if (!size || size > 16384)
		return 0;
	how = *data++;
	size--;
	/* As a later message of a datagram is: aligned to 4 octets only. */
	len = NLMSG_HDRLEN + size;
	buf = calloc(1, 4 + len);
	check(buf);
	nlh = (struct nlmsghdr *)(buf + 4);
	nlh->nlmsg_len = len;
	nlh->nlmsg_type = XFRM_MSG_NEWSA;
	memcpy(nlmsg_data(nlh), data, size);
	if (size >= sizeof(struct xfrm_usersa_info))
		put_right(nlmsg_data(nlh), how);
	try_sa(nlh);
	free(buf);
	return 0;
}
