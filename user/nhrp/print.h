/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets in the words of the classic "debug nhrp" output. */
#ifndef NHRP_PRINT_H
#define NHRP_PRINT_H

#include "nhrp/pdu.h"

/* Enough for nhrp_print_pdu() of each usual packet; longer ones are cut. */
#define NHRP_PRINT_SIZE		8192

/*
 * Each function terminates @buf, cuts what does not fit, prints no password,
 * and returns @buf.
 */

/** nhrp_type_name() - "Resolution Request" and so on; "Unknown" otherwise */
const char *nhrp_type_name(unsigned int type);

/** nhrp_code_name() - words for the code of a CIE in a packet of @type */
const char *nhrp_code_name(unsigned int code);

/** nhrp_error_name() - words for the code of an Error Indication */
const char *nhrp_error_name(unsigned int code);

/** nhrp_print_event() - "Send Resolution Request via Tunnel0, packet size: 84" */
char *nhrp_print_event(char *buf, size_t size, const char *verb,
		       unsigned int type, const char *ifname, size_t pktsz);

/** nhrp_print_ends() - " src: 192.168.1.3, dst: 192.168.1.1" */
char *nhrp_print_ends(char *buf, size_t size, const struct nh_addr *src,
		      const struct nh_addr *dst);

/** nhrp_print_pdu() - all fields, several lines, each ending in a newline */
char *nhrp_print_pdu(char *buf, size_t size, const struct nhrp_pdu *pdu);

#endif /* NHRP_PRINT_H */
