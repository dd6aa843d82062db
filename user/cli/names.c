// SPDX-License-Identifier: GPL-2.0-or-later
/* Words for the numbers of the kernel's interface. */
#include "cli/names.h"

#include <linux/dmvpn.h>
#include <linux/xfrm.h>

const struct arg_word names_entry_type[] = {
	{ "static", DMVPN_ENTRY_TYPE_STATIC },
	{ "nhs", DMVPN_ENTRY_TYPE_NHS },
	{ "registered", DMVPN_ENTRY_TYPE_REGISTERED },
	{ "resolved", DMVPN_ENTRY_TYPE_RESOLVED },
	{ "incomplete", DMVPN_ENTRY_TYPE_INCOMPLETE },
	{ "negative", DMVPN_ENTRY_TYPE_NEGATIVE },
	{ NULL, 0 },
};

const struct arg_word names_protection[] = {
	{ "required", DMVPN_PROTECTION_REQUIRED },
	{ "none", DMVPN_PROTECTION_NONE },
	{ NULL, 0 },
};

const struct arg_word names_df[] = {
	{ "set", DMVPN_DF_SET },
	{ "unset", DMVPN_DF_UNSET },
	{ "inherit", DMVPN_DF_INHERIT },
	{ NULL, 0 },
};

const struct arg_word names_peer_state[] = {
	{ "idle", DMVPN_PEER_STATE_IDLE },
	{ "negotiating", DMVPN_PEER_STATE_NEGOTIATING },
	{ "secured", DMVPN_PEER_STATE_SECURED },
	{ "clear", DMVPN_PEER_STATE_CLEAR },
	{ NULL, 0 },
};

const struct arg_word names_path[] = {
	{ "direct", DMVPN_PATH_DIRECT },
	{ "relayed", DMVPN_PATH_RELAYED },
	{ "held", DMVPN_PATH_HELD },
	{ NULL, 0 },
};

const struct arg_word names_sa_mode[] = {
	{ "transport", XFRM_MODE_TRANSPORT },
	{ "tunnel", XFRM_MODE_TUNNEL },
	{ "beet", XFRM_MODE_BEET },
	{ NULL, 0 },
};

const char *const names_entry_flags[NAMES_ENTRY_FLAGS] = {
	"unique", "nat", "refresh",
};

const char *const names_peer_flags[NAMES_PEER_FLAGS] = {
	"permanent", "nhs",
};

const char *names_of(const struct arg_word *words, uint32_t value)
{
	return arg_word_name(words, value) ?: "unknown";
}
