// SPDX-License-Identifier: GPL-2.0-or-later
/* ESP security associations from and to the kernel's xfrm netlink. */
#include "genl/sa.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "genl/nl_priv.h"

/* Bits of the check value that combined algorithms have as a rule. */
#define USUAL_ICV	128

/**
 * struct alg - an algorithm, without its key
 * @name: the kernel's name, in the message
 * @key_bits: length of its key
 */
struct alg {
	const char *name;
	uint32_t key_bits;
};

/*
 * The attributes of all kinds of algorithms begin like a struct xfrm_algo and
 * end, behind @head octets, with the key, which is not looked at.
 */
static int get_alg(const struct nlattr *nla, size_t head, struct alg *alg)
{
	const struct xfrm_algo *begin = nla_data(nla);
	size_t len = nla_len(nla);

	if (len < head || !begin->alg_name[0] ||
	    !memchr(begin->alg_name, '\0', sizeof(begin->alg_name)))
		return -EPROTO;
	alg->name = begin->alg_name;
	alg->key_bits = begin->alg_key_len;
	return len - head < ((uint64_t)alg->key_bits + 7) / 8 ? -EPROTO : 0;
}

/* What these call their key ends with a salt that adds nothing to it. */
static uint32_t salt_bits(const char *name)
{
	static const struct {
		const char *prefix;
		uint32_t bits;
	} salted[] = {
		{ "rfc3686(", 32 },
		{ "rfc4106(", 32 },
		{ "rfc4309(", 24 },
		{ "rfc4543(", 32 },
		{ "rfc7539esp(", 32 },
	};
	size_t i;

	for (i = 0; i < sizeof(salted) / sizeof(salted[0]); i++)
		if (!strncmp(name, salted[i].prefix, strlen(salted[i].prefix)))
			return salted[i].bits;
	return 0;
}

static void add_word(struct dmvpn_nl_sa *sa, const char *word)
{
	size_t len = strlen(sa->alg);

	snprintf(sa->alg + len, sizeof(sa->alg) - len, "%s%s", len ? " " : "",
		 word);
}

static void add_bits(struct dmvpn_nl_sa *sa, uint32_t bits)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", bits);
	add_word(sa, text);
}

static void add_cipher(struct dmvpn_nl_sa *sa, const struct alg *alg)
{
	uint32_t salt = salt_bits(alg->name);

	add_word(sa, alg->name);
	add_bits(sa, alg->key_bits > salt ? alg->key_bits - salt : 0);
}

static int get_aead(const struct nlattr *nla, struct dmvpn_nl_sa *sa)
{
	const struct xfrm_algo_aead *aead;
	struct alg alg;

	if (!nla)
		return 0;
	if (get_alg(nla, sizeof(*aead), &alg))
		return -EPROTO;
	aead = nla_data(nla);
	add_cipher(sa, &alg);
	if (aead->alg_icv_len != USUAL_ICV) {
		add_word(sa, "icv");
		add_bits(sa, aead->alg_icv_len);
	}
	return 0;
}

static int get_crypt(const struct nlattr *nla, struct dmvpn_nl_sa *sa)
{
	struct alg alg;

	if (!nla)
		return 0;
	if (get_alg(nla, sizeof(struct xfrm_algo), &alg))
		return -EPROTO;
	add_cipher(sa, &alg);
	return 0;
}

/* The kernel tells it twice: only @trunc has the length of the check value. */
static int get_auth(const struct nlattr *nla, const struct nlattr *trunc,
		    struct dmvpn_nl_sa *sa)
{
	const struct xfrm_algo_auth *auth;
	struct alg alg;

	if (trunc) {
		if (get_alg(trunc, sizeof(*auth), &alg))
			return -EPROTO;
		auth = nla_data(trunc);
		add_word(sa, alg.name);
		add_bits(sa, auth->alg_trunc_len);
	} else if (nla) {
		if (get_alg(nla, sizeof(struct xfrm_algo), &alg))
			return -EPROTO;
		add_word(sa, alg.name);
	}
	return 0;
}

static int get_encap(const struct nlattr *nla, struct dmvpn_nl_sa *sa)
{
	const struct xfrm_encap_tmpl *encap;

	if (!nla)
		return 0;
	if ((size_t)nla_len(nla) < sizeof(*encap))
		return -EPROTO;
	encap = nla_data(nla);
	sa->encap = true;
	sa->encap_sport = ntohs(encap->encap_sport);
	sa->encap_dport = ntohs(encap->encap_dport);
	return 0;
}

static int get_mark(const struct nlattr *nla, struct dmvpn_nl_sa *sa)
{
	const struct xfrm_mark *mark;

	if (!nla)
		return 0;
	if ((size_t)nla_len(nla) < sizeof(*mark))
		return -EPROTO;
	mark = nla_data(nla);
	sa->mark = mark->v;
	sa->mark_mask = mark->m;
	return 0;
}

static int get_if_id(const struct nlattr *nla, struct dmvpn_nl_sa *sa)
{
	if (!nla)
		return 0;
	if (nla_len(nla) != sizeof(sa->if_id))
		return -EPROTO;
	sa->if_id = nla_get_u32(nla);
	return 0;
}

/* In the place of the first use, which the header has. */
static int get_lastused(const struct nlattr *nla, struct dmvpn_nl_sa *sa)
{
	if (!nla)
		return 0;
	if (nla_len(nla) != sizeof(sa->used))
		return -EPROTO;
	sa->used = nla_get_u64(nla);
	return 0;
}

static int get_addr(uint16_t family, const xfrm_address_t *from,
		    struct nh_addr *addr)
{
	return nh_addr_from_bytes(addr, (const uint8_t *)from,
				  family == AF_INET ? 4 : 16) ? -EPROTO : 0;
}

static int get_info(const struct xfrm_usersa_info *info,
		    struct dmvpn_nl_sa *sa)
{
	sa->spi = ntohl(info->id.spi);
	sa->reqid = info->reqid;
	sa->mode = info->mode;
	sa->packets = info->curlft.packets;
	sa->bytes = info->curlft.bytes;
	sa->added = info->curlft.add_time;
	sa->used = info->curlft.use_time;
	sa->soft_seconds = info->lft.soft_add_expires_seconds;
	sa->hard_seconds = info->lft.hard_add_expires_seconds;
	sa->replay = info->stats.replay;
	sa->replay_window = info->stats.replay_window;
	sa->integrity_failed = info->stats.integrity_failed;
	if (get_addr(info->family, &info->saddr, &sa->src))
		return -EPROTO;
	return get_addr(info->family, &info->id.daddr, &sa->dst);
}

int dmvpn_nl_sa_parse(const struct nlmsghdr *nlh, struct dmvpn_nl_sa *sa)
{
	struct nlattr *tb[XFRMA_MAX + 1];
	struct xfrm_usersa_info info;
	int err;

	memset(sa, 0, sizeof(*sa));
	if (!nlmsg_valid_hdr(nlh, sizeof(info)) ||
	    nlh->nlmsg_type != XFRM_MSG_NEWSA)
		return -EPROTO;
	/* Its 64-bit members are aligned to 4 octets only. */
	memcpy(&info, nlmsg_data(nlh), sizeof(info));
	if (info.id.proto != IPPROTO_ESP || !info.id.spi ||
	    (info.family != AF_INET && info.family != AF_INET6))
		return 1;
	if (nlmsg_parse((struct nlmsghdr *)nlh, sizeof(info), tb, XFRMA_MAX,
			NULL))
		return -EPROTO;

	err = get_info(&info, sa);
	if (!err)
		err = get_aead(tb[XFRMA_ALG_AEAD], sa);
	if (!err)
		err = get_crypt(tb[XFRMA_ALG_CRYPT], sa);
	if (!err)
		err = get_auth(tb[XFRMA_ALG_AUTH], tb[XFRMA_ALG_AUTH_TRUNC],
			       sa);
	if (!err)
		err = get_encap(tb[XFRMA_ENCAP], sa);
	if (!err)
		err = get_mark(tb[XFRMA_MARK], sa);
	if (!err)
		err = get_if_id(tb[XFRMA_IF_ID], sa);
	if (!err)
		err = get_lastused(tb[XFRMA_LASTUSED], sa);
	/* Of one being negotiated the SPI may be known, but nothing else. */
	if (!err && !tb[XFRMA_ALG_AEAD] && !tb[XFRMA_ALG_CRYPT] &&
	    !tb[XFRMA_ALG_AUTH] && !tb[XFRMA_ALG_AUTH_TRUNC])
		return 1;
	return err;
}

static int list_sa(const struct nlmsghdr *nlh, void *object, uint32_t ifindex)
{
	(void)ifindex;
	return dmvpn_nl_sa_parse(nlh, object);
}

int dmvpn_nl_sa_dump(struct dmvpn_nl *nl, struct dmvpn_nl_sa **list, size_t *n)
{
	const struct dmvpn_nl_list how = {
		.size = sizeof(**list),
		.parse = list_sa,
	};
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_GETSA, NLM_F_DUMP);
	void *objects;
	int err = 0;

	/* In this request the attributes follow the header at once. */
	if (msg && nla_put_u8(msg, XFRMA_PROTO, IPPROTO_ESP))
		err = -EINVAL;
	err = dmvpn_nl_dump(nl, msg, err, &how, &objects, n);
	if (err >= 0)
		*list = objects;
	return err;
}

static int put_id(struct nl_msg *msg, const struct dmvpn_nl_sa *sa)
{
	const struct xfrm_mark mark = { .v = sa->mark, .m = sa->mark_mask };
	struct xfrm_usersa_id id = {
		.spi = htonl(sa->spi),
		.family = sa->dst.family,
		.proto = IPPROTO_ESP,
	};

	if (!msg)
		return -ENOMEM;
	if (!nh_addr_is_set(&sa->dst) || !sa->spi)
		return -EINVAL;
	memcpy(&id.daddr, sa->dst.bytes, sa->dst.len);
	if (nlmsg_append(msg, &id, sizeof(id), NLMSG_ALIGNTO))
		return -EINVAL;
	/* One with a mark is found by its mark only. */
	if (sa->mark_mask && nla_put(msg, XFRMA_MARK, sizeof(mark), &mark))
		return -EINVAL;
	return 0;
}

int dmvpn_nl_sa_del(struct dmvpn_nl *nl, const struct dmvpn_nl_sa *sa)
{
	struct nl_msg *msg = nlmsg_alloc_simple(XFRM_MSG_DELSA, 0);
	int err = put_id(msg, sa);

	err = dmvpn_nl_talk(nl, msg, err, NULL, NULL);
	return err == -ESRCH ? 0 : err;
}
