/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NHRP packets out of capture files, for tests. */
#ifndef TEST_CAPTURE_H
#define TEST_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * capture_each() - call @fn for each NHRP packet of a capture file
 * @name: path below the capture directory: DMVPN_CAPTURES, or
 *	../../shared/captures seen from user/
 * @fn: gets the frame number, counted from 1 over all frames of the file,
 *	and the NHRP packet without the headers around it
 * @arg: passed on
 *
 * Knows Ethernet with VLAN tags and raw IPv4, carriage in GRE and directly
 * as IP protocol 54.
 *
 * Return: number of NHRP packets, or -1 when the file is absent.
 */
int capture_each(const char *name,
		 void (*fn)(unsigned int frame, const uint8_t *data, size_t len,
			    void *arg),
		 void *arg);

/** capture_dir() - the directory, or NULL when there is none */
const char *capture_dir(void);

#endif /* TEST_CAPTURE_H */
