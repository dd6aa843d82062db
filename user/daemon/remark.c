// SPDX-License-Identifier: GPL-2.0-or-later
/* The limit of lines about packets. */
#include "daemon/remark.h"

#include <inttypes.h>

#include "daemon/iface.h"

/* A thousand clients may come back at once, each with a line. */
static const struct nh_rate remarks = { .per_second = 20, .burst = 1000 };

bool nh_remark_may(struct nh_iface *iface)
{
	uint64_t left_out = iface->left_out;

	if (!nh_bucket_take(&iface->remarks, &remarks,
			    nh_loop_now(iface->loop))) {
		iface->left_out++;
		return false;
	}
	iface->left_out = 0;
	if (left_out)
		nh_warn(iface->conf->name, NULL,
			"lines about packets were left out: %" PRIu64,
			left_out);
	return true;
}
