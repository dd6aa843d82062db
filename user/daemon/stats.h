/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counters of NHRP packets and of what was refused. */
#ifndef NH_STATS_H
#define NH_STATS_H

#include <stdint.h>

#include "nhrp/pdu.h"
#include "nhrp/reason.h"

#define NH_STATS_TYPES	(NHRP_TRAFFIC_INDICATION + 1)
#define NH_STATS_ERRORS	(NHRP_ERR_VPN_UNSUPPORTED + 1)
/* Codes of CIEs; the last one stands for those unknown. */
#define NH_STATS_CODES	(NHRP_CODE_ALREADY_REGISTERED + 2)

/* Events counted one by one; nh_counter_name() gives the words for them. */
enum nh_counter {
	NH_C_MALFORMED,		/* packet refused by the codec */
	NH_C_AUTH_FAILED,
	NH_C_LOOP,
	NH_C_HOPCNT,
	NH_C_UNSOLICITED,	/* reply to nothing we asked */
	NH_C_NOT_TRUSTED,	/* sender may not say this */
	NH_C_IDENTITY,		/* by [Peers] it may not say this */
	NH_C_FORGED_NBMA,	/* another's NBMA address, and no NAT */
	NH_C_REFUSED,		/* registration refused */
	NH_C_NO_ROUTE,		/* nowhere to forward to */
	NH_C_LIMITED,		/* over a rate or a limit in number */
	NH_C_DELAYED,
	NH_C_DELAYED_AGAIN,	/* duplicate of a delayed request */
	NH_C_DELAYED_DROPPED,
	NH_C_NO_SA,		/* not sent for want of an SA */
	NH_C_SEND_FAILED,
	NH_C_TIMEOUT,		/* request without an answer */
	NH_C_HELD_DOWN,		/* indication within the hold-down */
	NH_C_LOST,		/* upcalls lost by the kernel */
	NH_C_MAX
};

/* Which limit it was that NH_C_LIMITED counts. */
enum nh_limit {
	NH_L_PACKETS,		/* packets of one peer */
	NH_L_ANSWERS,		/* answers to one peer */
	NH_L_DELAYED,		/* delayed requests, of a peer or in all */
	NH_L_OWN,		/* own Resolution Requests */
	NH_L_IN_FLIGHT,		/* requests without an answer yet */
	NH_L_TRANSIT,		/* packets passed on */
	NH_L_ERRORS,		/* Error Indications sent */
	NH_L_REDIRECTS,		/* Traffic Indications sent */
	NH_L_ENTRIES,		/* what one peer may register */
	NH_L_GROUPS,		/* NHRP groups kept */
	NH_L_WALKS,		/* looks through the cache for a purge */
	NH_L_MAX
};

/**
 * struct nh_stats - of one device
 * @in: packets received and accepted by the codec, by type
 * @out: packets sent, by type
 * @forwarded: packets passed on, by type; also in @out
 * @errors_in: Error Indications received, by code; [0] those unknown
 * @errors_out: Error Indications sent, by code
 * @answers_in: CIEs of replies to us, by code
 * @answers_out: CIEs of our replies, by code
 * @refused: packets received and not let in, by reason
 * @since: when counting began, milliseconds of the loop
 * @count: by enum nh_counter
 * @limited: by enum nh_limit
 */
struct nh_stats {
	uint64_t in[NH_STATS_TYPES];
	uint64_t out[NH_STATS_TYPES];
	uint64_t forwarded[NH_STATS_TYPES];
	uint64_t errors_in[NH_STATS_ERRORS];
	uint64_t errors_out[NH_STATS_ERRORS];
	uint64_t answers_in[NH_STATS_CODES];
	uint64_t answers_out[NH_STATS_CODES];
	uint64_t refused[NHRP_R_COUNT_];
	uint64_t since;
	uint64_t count[NH_C_MAX];
	uint64_t limited[NH_L_MAX];
};

/** nh_counter_name() - as in the control socket's answer */
const char *nh_counter_name(enum nh_counter counter);

/** nh_limit_name() - the same of a limit */
const char *nh_limit_name(enum nh_limit limit);

/** nh_stats_answers() - count the CIEs of a reply by their codes */
void nh_stats_answers(uint64_t answers[NH_STATS_CODES],
		      const struct nhrp_pdu *pdu);

#endif /* NH_STATS_H */
