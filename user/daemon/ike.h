/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IKE daemon of a device: strongSwan, told by VICI what [IPsec] wants, and
 * asked who is at the other end of a security association.
 */
#ifndef NH_IKE_H
#define NH_IKE_H

#include "daemon/ike_table.h"
#include "daemon/timer.h"
#include "daemon/vici.h"

struct nh_iface;

/* Peers whose SAs are to be made, that wait for their turn. */
#define NH_IKE_WANTED_MAX	1024
/* NATs that more than one peer may be behind. */
#define NH_IKE_NATS_MAX		256

/**
 * struct nh_ike_wanted - a peer to negotiate with
 * @link: in the queue
 * @nbma: its address
 */
struct nh_ike_wanted {
	STAILQ_ENTRY(nh_ike_wanted) link;
	struct nh_addr nbma;
};

/**
 * struct nh_ike_refresh - an IKE SA that is being read anew
 * @link: in the order of the calls
 * @id: its number
 * @seen: it is there still
 */
struct nh_ike_refresh {
	STAILQ_ENTRY(nh_ike_refresh) link;
	uint32_t id;
	bool seen;
};

/**
 * struct nh_ike_tried - a peer that was negotiated with by our own wish
 * @nbma: its address
 * @until: not again before, milliseconds of the loop
 */
struct nh_ike_tried {
	struct nh_addr nbma;
	uint64_t until;
};

#define NH_IKE_TRIED_MAX	1024

/**
 * struct nh_ike - the connection of one device; all zero without [IPsec]
 * @iface: the device
 * @vici: connection to the IKE daemon; NULL, IKE is left alone
 * @table: its SAs with our peers
 * @listed: they are complete in @table
 * @listing: lists of all of them that are on their way
 * @round: of the last of those lists
 * @loaded: it has all that [IPsec] says
 * @lost: it had, and the connection was gone when it was looked at last
 * @untold: not all of it could be told, there was too much at once
 * @key_id: what it calls our private key, or ""
 * @error: what it refused, or ""
 * @since: of the present state of the connection, milliseconds of the loop
 * @refresh: IKE SAs that are being read
 * @wanted: peers to negotiate with, one after the other
 * @nwanted: how many they are
 * @busy: one of them is being told to the IKE daemon
 * @tried: those that are not to be told again yet
 * @next_tried: oldest entry in @tried
 * @nat: NATs for which there is a connection of their own
 * @nnat: entries in @nat
 * @relist: reads all IKE SAs anew
 * @tidy: looks after what is not needed, not used or there twice
 * @clean: removes from the kernel what the IKE daemon does not know
 * @unload: what was told to it is being taken back, or NULL
 */
struct nh_ike {
	struct nh_iface *iface;
	struct nh_vici *vici;
	struct nh_ike_table table;
	bool listed;
	unsigned int listing;
	uint32_t round;
	bool loaded;
	bool lost;
	bool untold;
	char key_id[48];
	char error[256];
	uint64_t since;
	STAILQ_HEAD(, nh_ike_refresh) refresh;
	STAILQ_HEAD(, nh_ike_wanted) wanted;
	size_t nwanted;
	bool busy;
	struct nh_ike_tried tried[NH_IKE_TRIED_MAX];
	size_t next_tried;
	struct nh_addr nat[NH_IKE_NATS_MAX];
	size_t nnat;
	struct nh_timer relist;
	struct nh_timer tidy;
	struct nh_timer clean;
	struct nh_ike_unload *unload;
};

/**
 * nh_ike_open() - connect to the IKE daemon if the configuration says so
 * @ike: of @iface, all zero
 *
 * Not reaching it is no error: the device stays closed until it is there.
 *
 * Return: 0 or -ENOMEM.
 */
int nh_ike_open(struct nh_ike *ike, struct nh_iface *iface);

/**
 * nh_ike_close() - disconnect; the IKE daemon goes on by what it was told
 * @teardown: take that back first, and close the SAs
 */
void nh_ike_close(struct nh_ike *ike, bool teardown);

/**
 * nh_ike_reload() - the configuration or our addresses changed: tell them
 * @reconnect: the socket may be another, or IKE is left alone from now on
 */
void nh_ike_reload(struct nh_ike *ike, bool reconnect);

/** nh_ike_refresh() - read one IKE SA anew; its number may be gone */
void nh_ike_refresh(struct nh_ike *ike, uint32_t id);

/** nh_ike_peer() - a peer appeared, or its state changed */
void nh_ike_peer(struct nh_ike *ike, const struct dmvpn_nl_peer *peer);

/** nh_ike_peer_gone() - nothing needs its SAs any more */
void nh_ike_peer_gone(struct nh_ike *ike, const struct nh_endpoint *ep);

/**
 * nh_ike_need() - a packet for @ep waits for SAs
 *
 * In transport mode the kernel has asked the IKE daemon itself.
 */
void nh_ike_need(struct nh_ike *ike, const struct nh_endpoint *ep);

/**
 * nh_ike_renew() - SAs with a peer are wanted, or those that exist look dead
 *
 * Old ones stay until the new ones are there. Not done again for 20 seconds.
 */
void nh_ike_renew(struct nh_ike *ike, const struct nh_addr *nbma);

/**
 * nh_ike_who() - what the peer authenticated as that uses @ep
 *
 * Return: NULL when that is not known, or IKE is left alone.
 */
const struct nh_ike_sa *nh_ike_who(const struct nh_ike *ike,
				   const struct nh_endpoint *ep);

/** nh_ike_has_nat() - whether peers behind a NAT at @nbma were seen */
bool nh_ike_has_nat(const struct nh_ike *ike, const struct nh_addr *nbma);

/* What the ike*.c files have for each other. */

/** nh_ike_owns() - whether a connection of this name is ours */
bool nh_ike_owns(const struct nh_ike *ike, const char *name);

/** nh_ike_load_conn() - tell the IKE daemon a connection; enum nh_ike_kind */
void nh_ike_load_conn(struct nh_ike *ike, int kind,
		      const struct nh_addr *remote);

/** nh_ike_unload_conn() - take a connection back */
void nh_ike_unload_conn(struct nh_ike *ike, int kind,
			const struct nh_addr *remote);

/** nh_ike_by_id() - call @command with @key=@id; what it answers is no matter */
void nh_ike_by_id(struct nh_ike *ike, const char *command, const char *key,
		  uint32_t id);

/**
 * nh_ike_terminate() - close an IKE SA with all that belongs to it
 *
 * At the second call, some seconds later, without its peer's consent.
 */
void nh_ike_terminate(struct nh_ike *ike, struct nh_ike_sa *sa,
		      const char *why);

/** nh_ike_kill() - close it at once, which its peer need not agree to */
void nh_ike_kill(struct nh_ike *ike, struct nh_ike_sa *sa, const char *why);

/** nh_ike_check() - does the kernel have what IKE believes it has? */
void nh_ike_check(struct nh_ike *ike);

/** nh_ike_suspect() - a peer that IKE has SAs with is not secured */
void nh_ike_suspect(struct nh_ike *ike, const struct nh_addr *nbma);

/** nh_ike_is_twin() - @b is another one with @a's peer, and in use */
bool nh_ike_is_twin(const struct nh_ike_sa *a, const struct nh_ike_sa *b);

/** nh_ike_learn_nats() - for which NATs the IKE daemon has a connection */
void nh_ike_learn_nats(struct nh_ike *ike);

/** nh_ike_tell_apart() - see that each peer behind a NAT is one of its own */
void nh_ike_tell_apart(struct nh_ike *ike, struct nh_ike_sa *sa);

/** nh_ike_want() - negotiate with a peer as soon as its turn comes */
void nh_ike_want(struct nh_ike *ike, const struct nh_addr *nbma);

/** nh_ike_want_missing() - and with all that the kernel cannot ask for itself */
void nh_ike_want_missing(struct nh_ike *ike);

/** nh_ike_want_clear() - nobody is to be negotiated with any more */
void nh_ike_want_clear(struct nh_ike *ike);

/** nh_ike_tidy_init() - before any of the following */
void nh_ike_tidy_init(struct nh_ike *ike);

/** nh_ike_tidy_start() - @ike->table is complete: look after it from now on */
void nh_ike_tidy_start(struct nh_ike *ike);

/** nh_ike_tidy_stop() - the IKE daemon is gone */
void nh_ike_tidy_stop(struct nh_ike *ike);

/** nh_ike_news() - an IKE SA was read */
void nh_ike_news(struct nh_ike *ike, struct nh_ike_sa *sa);

#endif /* NH_IKE_H */
