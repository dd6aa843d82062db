/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sparse 0.6.4 lacks to read the headers of kernels from 7.0 on: a
 * keyword, and strlen() of a literal as a constant, which MODULE_*() assert
 * on. Read by sparse only, never by a compiler.
 */
#define __typeof_unqual__ __typeof__
#define __builtin_strlen(s) (sizeof(s) - 1)
