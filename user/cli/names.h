/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words for the numbers of the kernel's interface, both ways. */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include <stdint.h>

#include "cli/arg.h"

extern const struct arg_word names_entry_type[];
extern const struct arg_word names_protection[];
extern const struct arg_word names_df[];
extern const struct arg_word names_peer_state[];
extern const struct arg_word names_path[];
extern const struct arg_word names_sa_mode[];

/* From the lowest bit on. */
#define NAMES_ENTRY_FLAGS	3
#define NAMES_PEER_FLAGS	2
extern const char *const names_entry_flags[NAMES_ENTRY_FLAGS];
extern const char *const names_peer_flags[NAMES_PEER_FLAGS];

/** names_of() - word for a number; "unknown" for one of a newer kernel */
const char *names_of(const struct arg_word *words, uint32_t value);

#endif /* CLI_NAMES_H */
