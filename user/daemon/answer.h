/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Resolution Requests of others: answer, delay, forward or refuse. */
#ifndef NH_ANSWER_H
#define NH_ANSWER_H

#include "daemon/kernel.h"

struct nh_iface;
struct nh_rx;

/** nh_answer_request() - handler of type 1 */
void nh_answer_request(struct nh_iface *iface, const struct nh_rx *rx);

/**
 * nh_answer_delayed() - try again to answer a request that waited for SAs
 * @octets: the request
 * @len: its length
 * @from: its outer source
 * @patient: there are some now, of which IKE may tell in a moment
 *
 * Return: -EAGAIN when there are still none; -EINPROGRESS, only with @patient,
 * when the answer depends on what IKE tells; otherwise it is done with.
 */
int nh_answer_delayed(struct nh_iface *iface, const uint8_t *octets,
		      size_t len, const struct nh_endpoint *from, bool patient);

#endif /* NH_ANSWER_H */
