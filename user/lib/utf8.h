/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Characters of UTF-8 text. */
#ifndef NH_UTF8_H
#define NH_UTF8_H

#include <stddef.h>

/**
 * nh_utf8_len() - octets of the character that a text begins with
 * @text: with a NUL at its end
 *
 * Return: 1 to 4; 0 at the end, and for what is no character: overlong forms,
 * surrogates, and numbers beyond U+10FFFF are none.
 */
size_t nh_utf8_len(const char *text);

#endif /* NH_UTF8_H */
