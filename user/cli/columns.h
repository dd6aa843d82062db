/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns that a table has only when its rows differ in them. */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include <stdint.h>

/**
 * struct columns - which columns are worth their room
 * @device: heading of the device, NULL with one device only
 * @if_id: heading of the interface id, NULL when there is none
 * @ifindex: device of the first row, 0 before it
 */
struct columns {
	const char *device;
	const char *if_id;
	uint32_t ifindex;
};

/** columns_see() - take a row into account */
static inline void columns_see(struct columns *c, uint32_t ifindex,
			       uint32_t if_id)
{
	if (c->ifindex && c->ifindex != ifindex)
		c->device = "DEVICE";
	c->ifindex = ifindex;
	if (if_id)
		c->if_id = "IF-ID";
}

#endif /* CLI_COLUMNS_H */
