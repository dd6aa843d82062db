/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the daemon tells of IKE, as plain values. */
#ifndef CLI_IKE_H
#define CLI_IKE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

struct json_object;

/* A number that the daemon does not tell, or not as a number. */
#define IKE_UNKNOWN	UINT64_MAX

/**
 * struct ike_child - a pair of security associations as IKE sees it
 * @id: its number, or IKE_UNKNOWN
 * @state: IKE's word, or NULL
 * @mode: IKE's word, or NULL
 * @spi_in: of the inbound one, host byte order; 0 not known
 * @spi_out: of the outbound one
 * @if_id: xfrm interface id, or IKE_UNKNOWN
 * @installed: milliseconds since then, or IKE_UNKNOWN
 * @rekey: milliseconds until it is replaced, or IKE_UNKNOWN
 * @expires: milliseconds until it ends, or IKE_UNKNOWN
 */
struct ike_child {
	uint64_t id;
	const char *state;
	const char *mode;
	uint32_t spi_in;
	uint32_t spi_out;
	uint64_t if_id;
	uint64_t installed;
	uint64_t rekey;
	uint64_t expires;
};

/**
 * enum ike_truth - a truth that may be unknown
 * @IKE_NO: false
 * @IKE_YES: true
 * @IKE_MAYBE: the daemon does not tell
 */
enum ike_truth {
	IKE_NO,
	IKE_YES,
	IKE_MAYBE,
};

/**
 * struct ike_sa - an IKE security association
 * @ifname: the device that it is for, never NULL
 * @nbma: the other end; empty when not known
 * @port: its UDP port, or IKE_UNKNOWN
 * @name: of its configuration, or NULL
 * @ike_id: its number, or IKE_UNKNOWN
 * @version: of the protocol, or IKE_UNKNOWN
 * @state: IKE's word, or NULL
 * @initiator: who began it: enum ike_truth
 * @local_identity: who we are, or NULL
 * @identity: who the other end is, or NULL
 * @nat: there is a NAT on the path: enum ike_truth
 * @algorithms: IKE's words, or NULL
 * @established: milliseconds since then, or IKE_UNKNOWN
 * @rekey: milliseconds until it is replaced, or IKE_UNKNOWN
 * @children: the first of its children
 * @n_children: their number
 */
struct ike_sa {
	const char *ifname;
	struct nh_addr nbma;
	uint64_t port;
	const char *name;
	uint64_t ike_id;
	uint64_t version;
	const char *state;
	enum ike_truth initiator;
	const char *local_identity;
	const char *identity;
	enum ike_truth nat;
	const char *algorithms;
	uint64_t established;
	uint64_t rekey;
	const struct ike_child *children;
	size_t n_children;
};

/**
 * struct ike_daemon - how dmvpnd gets on with the IKE daemon of a device
 * @ifname: the device, never NULL
 * @state: "connected", "unreachable" or "refused", never NULL
 * @socket: where it is asked, or NULL
 * @error: what is wrong, or NULL
 * @since: milliseconds since it is so, or IKE_UNKNOWN
 */
struct ike_daemon {
	const char *ifname;
	const char *state;
	const char *socket;
	const char *error;
	uint64_t since;
};

/**
 * struct ike_facts - an answer of the daemon's
 * @daemons: array
 * @n_daemons: its length
 * @sas: array
 * @n_sas: its length
 * @children: those of all @sas, in their order
 * @n_children: their number
 *
 * The texts are those of the JSON object, which must stay.
 */
struct ike_facts {
	struct ike_daemon *daemons;
	size_t n_daemons;
	struct ike_sa *sas;
	size_t n_sas;
	struct ike_child *children;
	size_t n_children;
};

/**
 * ike_facts_read() - take an answer to the command "ipsec" apart
 * @facts: set on success, for ike_facts_free()
 * @reply: the answer
 *
 * What is missing or of another type than agreed is unknown; what does not
 * name its device is left out.
 *
 * Return: 0; -EPROTO when a list is none; -ENOMEM.
 */
int ike_facts_read(struct ike_facts *facts, struct json_object *reply);

/** ike_facts_free() - free the arrays */
void ike_facts_free(struct ike_facts *facts);

#endif /* CLI_IKE_H */
