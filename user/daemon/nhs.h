/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Client side: the servers a device registers with (RFC 2332 5.2.3). */
#ifndef NH_NHS_H
#define NH_NHS_H

#include <sys/queue.h>

#include "daemon/conf.h"
#include "daemon/inets.h"
#include "daemon/kernel.h"
#include "daemon/loop.h"
#include "daemon/names.h"

struct nh_iface;
struct nh_rx;

/**
 * enum nh_nhs_state - in the words of "show ip nhrp nhs"
 * @NH_NHS_PROBE: asked, no answer yet
 * @NH_NHS_UP: registered
 * @NH_NHS_DOWN: does not answer, or refuses us
 * @NH_NHS_WAIT: stands by, as its cluster has enough better ones
 */
enum nh_nhs_state {
	NH_NHS_PROBE,
	NH_NHS_UP,
	NH_NHS_DOWN,
	NH_NHS_WAIT,
};

/* Networks and further addresses that are registered with one server. */
#define NH_NHS_EXTRAS	(NH_CONF_ALSO + NH_CONF_ADDRS + NH_INETS_MAX)

/**
 * struct nh_extra - what is registered beside the tunnel address
 * @prefix: a network, or a host
 * @address: it is an address of the device
 * @reqid: of the last request
 * @awaited: it is unanswered
 * @answered: an earlier one was answered
 * @held: the server has it registered
 * @code: of the last answer, enum nhrp_code
 */
struct nh_extra {
	struct nh_prefix prefix;
	bool address;
	uint32_t reqid;
	bool awaited;
	bool answered;
	bool held;
	uint8_t code;
};

/**
 * struct nh_nhs - a server
 * @link: in the list, by configuration's order
 * @iface: the device
 * @conf: its section; with a name, @conf.nbma is what that was resolved to, and
 *	if it is dynamic, @conf.proto what was learned; empty, not yet
 * @link_local: its IPv6 link-local address, as it told; or empty
 * @state: enum nh_nhs_state
 * @reached: it has us registered: the last request was answered well
 * @returning: it is reached again, and others stay until @back is over
 * @awaited: a request is unanswered
 * @unsent: the last try could not leave for want of an SA
 * @down: nor could it as the device was not up
 * @secured: there are SAs with it, or none are needed
 * @kept_relay: an earlier daemon had it relay, and nothing better is known yet
 * @kept_mcast: the same of multicast packets
 * @mapped: what our NBMA address is translated to, as it told; or empty
 * @auth_failed: it said that our password is wrong
 * @reqid: of the last request
 * @tries: unanswered so far
 * @failures: tries without a good answer since the last one
 * @backoff: seconds to the next try
 * @code: of the last answer, enum nhrp_code
 * @refusal: the one that was logged last; NHRP_CODE_OK after a good answer
 * @last_request: when, milliseconds of the loop; 0 never
 * @last_reply: when
 * @up_since: when @state became UP
 * @expires: when the registration ends at the server
 * @timer: next try, or next registration
 * @back: end of the fallback time
 * @extra: what is registered with it beside the tunnel address
 * @nextra: entries in @extra
 * @extra_tries: tries of their requests since the last registration
 * @extra_timer: the next one
 * @lookup: of its name, under way; or NULL
 * @name_timer: the next one
 * @name_asked: when the last one began
 * @name_wait: seconds after the last one that failed, 0: it did not
 * @name_failed: it did, and was logged
 * @unknown: it did not tell its tunnel address, and that was logged
 */
struct nh_nhs {
	LIST_ENTRY(nh_nhs) link;
	struct nh_iface *iface;
	struct nh_conf_nhs conf;
	struct nh_addr link_local;
	enum nh_nhs_state state;
	bool reached;
	bool returning;
	bool awaited;
	bool unsent;
	bool down;
	bool secured;
	bool kept_relay;
	bool kept_mcast;
	struct nh_addr mapped;
	bool auth_failed;
	uint32_t reqid;
	unsigned int tries;
	uint64_t failures;
	uint32_t backoff;
	uint8_t code;
	uint8_t refusal;
	uint64_t last_request;
	uint64_t last_reply;
	uint64_t up_since;
	uint64_t expires;
	struct nh_timer timer;
	struct nh_timer back;
	struct nh_extra extra[NH_NHS_EXTRAS];
	size_t nextra;
	unsigned int extra_tries;
	struct nh_timer extra_timer;
	struct nh_lookup *lookup;
	struct nh_timer name_timer;
	uint64_t name_asked;
	uint32_t name_wait;
	bool name_failed;
	bool unknown;
};

LIST_HEAD(nh_nhs_list, nh_nhs);

/**
 * nh_nhs_apply() - go over to the servers of the device's configuration
 *
 * Servers that stay keep their state, new ones are registered with, and those
 * that are gone are forgotten.
 */
void nh_nhs_apply(struct nh_iface *iface);

/** nh_nhs_restart() - register with all again at once: our address changed */
void nh_nhs_restart(struct nh_iface *iface);

/**
 * nh_nhs_anew() - register again at once, by the operator's wish
 * @addr: with the server of this tunnel address; empty, with all
 *
 * Return: with how many.
 */
unsigned int nh_nhs_anew(struct nh_iface *iface, const struct nh_addr *addr);

/** nh_nhs_kick() - send again what could not be sent: that may have changed */
void nh_nhs_kick(struct nh_iface *iface);

/** nh_nhs_restore() - somebody removed @entry: write it again if it is ours */
void nh_nhs_restore(struct nh_iface *iface,
		    const struct dmvpn_nl_entry *entry);

/** nh_nhs_withdraw() - @addr was registered, and is not ours any more */
void nh_nhs_withdraw(struct nh_iface *iface, const struct nh_addr *addr);

/**
 * nh_nhs_let_go() - withdraw what a new configuration does not register
 * @conf: that; the device's is still the one of before: servers know us by it
 *
 * @moves: we will be elsewhere: what they have is not to keep us from registering
 *	from there, and from there nothing of it can be withdrawn
 *
 * With @moves all, and from servers that go; from others, addresses and networks
 * that go.
 *
 * Return: whether there was anything. nh_nhs_restart() takes it back.
 */
bool nh_nhs_let_go(struct nh_iface *iface, const struct nh_conf *conf,
		   bool moves);

/** nh_nhs_free() - forget the servers; @withdraw: and tell them to forget us */
void nh_nhs_free(struct nh_iface *iface, bool withdraw);

/**
 * nh_nhs_secured() - whether SAs with @peer exist, or none are needed
 *
 * What waited for them is sent. A server with which they are new may have been
 * started anew: it is registered with again, and one that has not answered is
 * asked without waiting for the next try.
 */
void nh_nhs_secured(struct nh_iface *iface, const struct nh_endpoint *peer,
		    bool secured);

/**
 * nh_nhs_seen_anew() - register again soon: the server at @nbma may know us by
 * another place, as an IKE SA with it was closed
 *
 * Not at once: the SAs of that are there until the IKE daemon has said so, and a
 * registration by them would bind us to the place that goes.
 */
void nh_nhs_seen_anew(struct nh_iface *iface, const struct nh_addr *nbma);

/** nh_nhs_reply() - handler of type 4 */
void nh_nhs_reply(struct nh_iface *iface, const struct nh_rx *rx);

/** nh_nhs_error() - an Error Indication about a registration with @reqid */
void nh_nhs_error(struct nh_iface *iface, const struct nh_rx *rx,
		  uint32_t reqid);

/** nh_nhs_has() - some server is at @nbma, by address or by name */
bool nh_nhs_has(const struct nh_iface *iface, const struct nh_addr *nbma);

/** nh_nhs_best() - server to ask: the preferred one that is up, or NULL */
const struct nh_nhs *nh_nhs_best(const struct nh_iface *iface, uint8_t family);

/** nh_nhs_by_endpoint() - the server at an NBMA endpoint, or NULL */
const struct nh_nhs *nh_nhs_by_endpoint(const struct nh_iface *iface,
					const struct nh_endpoint *ep);

/** nh_nhs_wants_mcast() - some server at @nbma gets multicast packets */
bool nh_nhs_wants_mcast(const struct nh_iface *iface,
			const struct nh_addr *nbma);

/** nh_nhs_state_name() - "PROBE", "UP", "DOWN" or "WAIT" */
const char *nh_nhs_state_name(enum nh_nhs_state state);

#endif /* NH_NHS_H */
