/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of the IKE daemon's security associations. */
#ifndef NH_IKE_SA_H
#define NH_IKE_SA_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "daemon/kernel.h"
#include "vici/msg.h"

/* While they are being replaced there are more than one. */
#define NH_IKE_CHILDREN		8

/**
 * struct nh_ike_child - a pair of ESP SAs
 * @id: the IKE daemon's number of it
 * @spi_in: SPI of packets to us, host byte order
 * @spi_out: SPI of packets to the peer, host byte order
 * @if_id: xfrm interface id, 0 without one
 * @reqid: of both SAs
 * @state: the IKE daemon's word
 * @mode: the IKE daemon's word
 * @installed: when, milliseconds of the loop; 0 not known
 * @rekey: when it will be replaced; 0 never
 * @expires: when it ends; 0 never
 */
struct nh_ike_child {
	uint32_t id;
	uint32_t spi_in;
	uint32_t spi_out;
	uint32_t if_id;
	uint32_t reqid;
	char state[16];
	char mode[16];
	uint64_t installed;
	uint64_t rekey;
	uint64_t expires;
};

/**
 * struct nh_ike_sa - an IKE SA with its pairs of ESP SAs
 * @by_id: in the table by @id
 * @by_remote: in the table by @remote
 * @name: of its connection
 * @id: the IKE daemon's number of it
 * @initiator_spi: chosen by who began, tells IKE SAs apart on both ends
 * @remote: NBMA address of the peer
 * @port: UDP port of the peer
 * @version: of IKE
 * @initiator: it was us who began
 * @nat_local: we are behind a NAT
 * @nat_remote: the peer is behind a NAT
 * @state: the IKE daemon's word
 * @local_identity: what we authenticated as
 * @identity: what the peer authenticated as; empty, it did not yet
 * @algorithms: of the IKE SA
 * @established: when, milliseconds of the loop; 0 not yet
 * @rekey: when it will be replaced; 0 never
 * @stray: a pair of it is for packets of others than the peer, too
 * @orphan: since when nothing needs it, milliseconds of the loop; 0 it is
 *	needed, as far as is known
 * @chosen: since when it is the one of several that is to stay; 0 it is not
 * @closed: when the IKE daemon was told to close it; 0 never
 * @suspect: since when the kernel says that there are no SAs; 0 it does not
 * @round: of the list that it was last read in, or after
 * @child: its pairs
 * @nchild: entries in @child
 */
struct nh_ike_sa {
	LIST_ENTRY(nh_ike_sa) by_id;
	LIST_ENTRY(nh_ike_sa) by_remote;
	char name[96];
	uint32_t id;
	uint64_t initiator_spi;
	struct nh_addr remote;
	uint16_t port;
	uint8_t version;
	bool initiator;
	bool nat_local;
	bool nat_remote;
	char state[16];
	char local_identity[256];
	char identity[256];
	char algorithms[128];
	uint64_t established;
	uint64_t rekey;
	bool stray;
	uint64_t orphan;
	uint64_t chosen;
	uint64_t closed;
	uint64_t suspect;
	uint32_t round;
	struct nh_ike_child child[NH_IKE_CHILDREN];
	size_t nchild;
};

/**
 * nh_ike_sa_read() - read an item of "list-sas"
 * @sa: filled
 * @msg: well formed message
 * @now: milliseconds of the loop
 *
 * Return: false when it is none of an IKE SA, or lacks what is needed.
 */
bool nh_ike_sa_read(struct nh_ike_sa *sa, const struct vici_view *msg,
		    uint64_t now);

/**
 * nh_ike_ids() - the IKE SAs that an event is about
 * @msg: "ike-updown", "ike-rekey", "ike-update", "child-updown" or "child-rekey"
 * @name: receives the name of the connection
 * @size: of @name
 * @ids: receives their numbers
 * @max: most of them
 *
 * Return: how many they are.
 */
size_t nh_ike_ids(const struct vici_view *msg, char *name, size_t size,
		  uint32_t *ids, size_t max);

/** nh_ike_sa_is_up() - established, with an ESP SA pair of @if_id in use */
bool nh_ike_sa_is_up(const struct nh_ike_sa *sa, uint32_t if_id);

#endif /* NH_IKE_SA_H */
