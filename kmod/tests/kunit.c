// SPDX-License-Identifier: GPL-2.0-only
/* What makes the suites beside this file one module. */
#include <linux/module.h>

MODULE_DESCRIPTION("KUnit tests of the pure parts of dmvpn");
MODULE_LICENSE("GPL");
