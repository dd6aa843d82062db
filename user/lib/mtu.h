/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The largest MTU that the kernel lets a device have. */
#ifndef NH_MTU_H
#define NH_MTU_H

/* Octets: an IP packet of 65535, less an IPv6 header and GRE with a key */
#define NH_MTU_MAX	(65535 - 40 - 8)

#endif
