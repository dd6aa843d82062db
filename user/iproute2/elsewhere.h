/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that were moved away from their underlay. */
#ifndef DMVPN_ELSEWHERE_H
#define DMVPN_ELSEWHERE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * elsewhere() - whether some device's underlay is in another network namespace
 * @ifindex: this device of ours; 0, any
 * @link: with this number; 0, any
 */
bool elsewhere(uint32_t ifindex, uint32_t link);

#endif /* DMVPN_ELSEWHERE_H */
