// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of the counters, and of the limits. */
#include "daemon/stats.h"

static const char *const names[] = {
	[NH_C_MALFORMED]	= "malformed",
	[NH_C_AUTH_FAILED]	= "auth_failed",
	[NH_C_LOOP]		= "loop",
	[NH_C_HOPCNT]		= "hop_count_exceeded",
	[NH_C_UNSOLICITED]	= "unsolicited",
	[NH_C_NOT_TRUSTED]	= "not_trusted",
	[NH_C_IDENTITY]		= "identity_refused",
	[NH_C_FORGED_NBMA]	= "forged_nbma",
	[NH_C_REFUSED]		= "registration_refused",
	[NH_C_NO_ROUTE]		= "no_route",
	[NH_C_LIMITED]		= "limited",
	[NH_C_DELAYED]		= "delayed",
	[NH_C_DELAYED_AGAIN]	= "delayed_again",
	[NH_C_DELAYED_DROPPED]	= "delayed_dropped",
	[NH_C_NO_SA]		= "no_sa",
	[NH_C_SEND_FAILED]	= "send_failed",
	[NH_C_TIMEOUT]		= "timeout",
	[NH_C_HELD_DOWN]	= "held_down",
	[NH_C_LOST]		= "upcalls_lost",
};

_Static_assert(sizeof(names) / sizeof(names[0]) == NH_C_MAX,
	       "each counter has a name");

const char *nh_counter_name(enum nh_counter counter)
{
	return names[counter];
}

static const char *const limits[] = {
	[NH_L_PACKETS]		= "packets",
	[NH_L_ANSWERS]		= "answers",
	[NH_L_DELAYED]		= "delayed_requests",
	[NH_L_OWN]		= "own_requests",
	[NH_L_IN_FLIGHT]	= "requests_in_flight",
	[NH_L_TRANSIT]		= "transit",
	[NH_L_ERRORS]		= "errors",
	[NH_L_REDIRECTS]	= "redirects",
	[NH_L_ENTRIES]		= "registered_entries",
	[NH_L_GROUPS]		= "groups",
	[NH_L_WALKS]		= "cache_walks",
};

_Static_assert(sizeof(limits) / sizeof(limits[0]) == NH_L_MAX,
	       "each limit has a name");

const char *nh_limit_name(enum nh_limit limit)
{
	return limits[limit];
}

void nh_stats_answers(uint64_t answers[NH_STATS_CODES],
		      const struct nhrp_pdu *pdu)
{
	unsigned int i, code;

	if (pdu->type != NHRP_RESOLUTION_REPLY &&
	    pdu->type != NHRP_REGISTRATION_REPLY)
		return;
	for (i = 0; i < pdu->ncie; i++) {
		code = pdu->cie[i].code;
		if (code >= NH_STATS_CODES)
			code = NH_STATS_CODES - 1;
		answers[code]++;
	}
}
