/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's ESP security associations, over its xfrm netlink. */
#ifndef DMVPN_NL_SA_H
#define DMVPN_NL_SA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

struct dmvpn_nl;

/* Room for the names and lengths of a security association's algorithms. */
#define DMVPN_NL_SA_ALG_LEN	64

/**
 * struct dmvpn_nl_sa - one ESP security association, of one direction
 * @src: outer source address
 * @dst: outer destination address, of the same family
 * @spi: host byte order, not 0
 * @reqid: ties it to the policies that use it
 * @if_id: xfrm interface id, 0 without one
 * @mark: only packets with these bits of @mark_mask use it
 * @mark_mask: 0 when the mark does not matter
 * @mode: XFRM_MODE_* of <linux/xfrm.h>
 * @encap: encapsulated, in UDP as a rule: there is a NAT on the path
 * @encap_sport: source port of that, host byte order
 * @encap_dport: destination port of that, host byte order
 * @alg: the kernel's names, cut off when there is no room: the cipher with
 *       the bits of its key (those of a salt left out), then the integrity
 *       algorithm with the bits of its check value: "rfc4106(gcm(aes)) 128",
 *       "cbc(aes) 128 hmac(sha256) 128". A combined one whose check value
 *       has not the usual 128 bits says so: "rfc4106(gcm(aes)) 256 icv 64"
 * @packets: that used it
 * @bytes: octets of them
 * @added: when it was installed, seconds since the epoch
 * @used: when it was last used, seconds since the epoch; 0 never. Of a kernel
 *        that does not tell, when it was first used
 * @soft_seconds: from @added until the key manager is to replace it; 0 never
 * @hard_seconds: from @added until it ends; 0 never
 * @replay: packets refused because they came again
 * @replay_window: packets refused because they were too old to tell
 * @integrity_failed: packets refused because of their check value
 *
 * Keys are never in it.
 */
struct dmvpn_nl_sa {
	struct nh_addr src;
	struct nh_addr dst;
	uint32_t spi;
	uint32_t reqid;
	uint32_t if_id;
	uint32_t mark;
	uint32_t mark_mask;
	uint8_t mode;
	bool encap;
	uint16_t encap_sport;
	uint16_t encap_dport;
	char alg[DMVPN_NL_SA_ALG_LEN];
	uint64_t packets;
	uint64_t bytes;
	uint64_t added;
	uint64_t used;
	uint64_t soft_seconds;
	uint64_t hard_seconds;
	uint32_t replay;
	uint32_t replay_window;
	uint32_t integrity_failed;
};

/**
 * dmvpn_nl_sa_dump() - read the ESP security associations of the namespace
 * @nl: opened by dmvpn_nl_open_xfrm()
 * @list: set on success to an array for free(); NULL when it is empty
 * @n: set on success to its length
 *
 * Both directions, whoever installed them. Those that are still being
 * negotiated are left out.
 *
 * Return: 0, DMVPN_NL_CHANGED, or a negative errno; -EPERM without
 * CAP_NET_ADMIN.
 */
int dmvpn_nl_sa_dump(struct dmvpn_nl *nl, struct dmvpn_nl_sa **list,
		     size_t *n);

/**
 * dmvpn_nl_sa_del() - remove a security association; no error if it is gone
 * @nl: opened by dmvpn_nl_open_xfrm()
 * @sa: @dst, @spi, @mark and @mark_mask; the rest is not looked at
 *
 * The key manager is told by the kernel; the other direction stays.
 *
 * Return: 0 or a negative errno.
 */
int dmvpn_nl_sa_del(struct dmvpn_nl *nl, const struct dmvpn_nl_sa *sa);

#endif /* DMVPN_NL_SA_H */
