/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events as lines. */
#ifndef CLI_MONITOR_H
#define CLI_MONITOR_H

#include <stdint.h>

struct dmvpn_event;
struct print;

/**
 * monitor_print() - print an event as a row
 * @p: of layout PRINT_LINE
 * @now_ms: when it came, milliseconds since 1970
 */
void monitor_print(struct print *p, const struct dmvpn_event *ev,
		   uint64_t now_ms);

/** monitor_lost() - print that events were lost */
void monitor_lost(struct print *p, uint64_t now_ms);

#endif /* CLI_MONITOR_H */
