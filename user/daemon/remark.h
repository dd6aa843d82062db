/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of the log that packets of others cause: not more than a disk bears. */
#ifndef NH_REMARK_H
#define NH_REMARK_H

#include <stdbool.h>

#include "lib/log.h"

struct nh_iface;

/**
 * nh_remark_may() - whether one more such line may be written now
 *
 * Lines that were left out before are told of by their number.
 */
bool nh_remark_may(struct nh_iface *iface);

/** nh_remark() - nh_log() about a packet, within the limit of @iface */
#define nh_remark(level, iface, peer, ...) do {				\
	if (nh_log_wants(level, peer) && nh_remark_may(iface))		\
		nh_log(level, (iface)->conf->name, peer, __VA_ARGS__);	\
} while (0)

#endif /* NH_REMARK_H */
