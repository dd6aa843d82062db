/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of hosts. */
#ifndef NH_HOSTNAME_H
#define NH_HOSTNAME_H

#include <stdbool.h>

/* The longest one, in characters. */
#define NH_HOSTNAME_MAX	191

/**
 * nh_hostname_ok() - whether a text can be the name of a host
 *
 * Labels of letters, digits, - and _ (RFC 1123 section 2.1, and what is in use);
 * the last one is no number, so that a mistyped address is none.
 */
bool nh_hostname_ok(const char *text);

#endif /* NH_HOSTNAME_H */
