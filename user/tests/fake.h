/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Nodes of a DMVPN without kernel, clock or network, for the daemon's tests. */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include "daemon/iface.h"
#include "nhrp/pdu.h"

#define FAKE_NODES	6
#define FAKE_ENTRIES	128
#define FAKE_PEERS	128
#define FAKE_ROUTES	16
#define FAKE_SAS	32
#define FAKE_SENT	512
#define FAKE_IFINDEX	10	/* of each node's DMVPN device */
#define FAKE_LAN	20	/* of the network behind each node */

struct fake_net;

/**
 * struct fake_sent - a packet that a daemon has sent
 */
struct fake_sent {
	struct nh_addr from;
	struct nh_addr to;
	uint32_t if_id;
	size_t len;
	uint8_t octets[DMVPN_PACKET_MAX];
};

/**
 * struct fake_node - one machine: its kernel and its daemon
 * @kernel: operations, first member
 * @net: that it is in
 * @ifaces: its devices
 * @iface: the one device
 * @nbma: its address
 * @inner: what it takes for its address, being behind a NAT; or empty
 * @other: its address of the other family, or empty
 * @eth0: index of the device of that name; 0 there is none
 * @has_link: the device exists
 * @link: the device
 * @created: how often a device was created
 * @carriers: how often its carrier was set
 * @foreign: the device exists and is of another kind
 * @addr: addresses on the device
 * @owner_taken: somebody else owns the device
 * @bound: the device that the daemon owns; 0 none
 * @entry: the cache
 * @until: end of each entry, milliseconds; 0 never
 * @peer: the peers; their multicast use in .mcast
 * @route: the routing table, longest match wins
 * @watching: how many want to hear of changes of it
 * @secured: peers with SAs
 * @acquires: how often SAs were asked for
 * @sets: how often an entry was written
 * @sa: the table of security associations
 * @sa_deleted: those that deletion was asked for, in order, there or not
 * @nsa_deleted: how often it was; the record ends at FAKE_SAS
 * @no_policy: the policy that makes the kernel ask for SAs is gone
 * @fail_sa: error of reading and deleting them
 * @fail_entry_get: error of the next entry_get calls
 * @fail_entry_dump: error of the next entry_dump calls
 * @fail_entry_set: error of the next entry_set calls
 * @mcast_full: there is no room in the multicast list
 * @fail_link_set: error of the next link_set call
 * @fail_send: error of sending to an address
 */
struct fake_node {
	struct nh_kernel kernel;
	struct fake_net *net;
	struct nh_ifaces ifaces;
	struct nh_iface *iface;
	struct nh_addr nbma;
	struct nh_addr inner;
	struct nh_addr other;
	uint32_t eth0;
	bool has_link;
	struct dmvpn_nl_link link;
	unsigned int created;
	unsigned int carriers;
	bool foreign;
	struct nh_conf_addr addr[8];
	size_t naddr;
	bool owner_taken;
	uint32_t bound;
	struct dmvpn_nl_entry entry[FAKE_ENTRIES];
	uint64_t until[FAKE_ENTRIES];
	size_t nentry;
	struct dmvpn_nl_peer peer[FAKE_PEERS];
	size_t npeer;
	struct dmvpn_nl_route route[FAKE_ROUTES];
	size_t nroute;
	int watching;
	struct nh_addr secured[FAKE_NODES];
	size_t nsecured;
	unsigned int acquires;
	unsigned int sets;
	struct dmvpn_nl_sa sa[FAKE_SAS];
	size_t nsa;
	struct dmvpn_nl_sa sa_deleted[FAKE_SAS];
	size_t nsa_deleted;
	bool no_policy;
	int fail_sa;
	int fail_entry_get;
	int fail_entry_dump;
	int fail_entry_set;
	bool mcast_full;
	int fail_link_set;
	struct nh_addr fail_send;
};

/**
 * struct fake_net - the nodes, and what they sent
 * @loop: manual clock of all of them
 * @names: what names they can look up
 * @sent: packets in order
 * @nsent: number of them
 * @delivered: number of those that were handed to their receivers
 */
struct fake_net {
	struct nh_loop *loop;
	struct nh_names *names;
	struct fake_node node[FAKE_NODES];
	size_t nnodes;
	struct fake_sent sent[FAKE_SENT];
	size_t nsent;
	size_t delivered;
};

struct fake_net *fake_net_new(void);
void fake_net_free(struct fake_net *net);

/** fake_conf() - a configuration from text; fails the test when it is wrong */
struct nh_conf *fake_conf(const char *text);

/** fake_node() - a machine at @nbma; its daemon is started with @conf */
struct fake_node *fake_node(struct fake_net *net, const char *nbma,
			    const char *conf);

/** fake_start() - a new daemon on the machine, which takes over what is there */
int fake_start(struct fake_node *node, const char *conf);

/** fake_kill() - the daemon dies without a word; the kernel stays */
void fake_kill(struct fake_node *node);

/** fake_route() - @prefix by device @oif, through @gateway or NULL */
void fake_route(struct fake_node *node, const char *prefix, uint32_t oif,
		const char *gateway);

/** fake_deliver() - hand over all packets on their way, and their answers */
void fake_deliver(struct fake_net *net);

/** fake_drop() - lose the packets on their way */
void fake_drop(struct fake_net *net);

/** fake_advance() - let time pass, delivering what is sent meanwhile */
void fake_advance(struct fake_net *net, uint64_t ms);

/** fake_secure() - SAs between two machines come up, and both daemons hear it */
void fake_secure(struct fake_node *a, struct fake_node *b);

/** fake_redirect() - @node forwards a packet from @from back into the cloud */
void fake_redirect(struct fake_node *node, struct fake_node *from,
		   const char *src, const char *dst);

/** fake_miss() - the kernel of @node has a packet for @target */
void fake_miss(struct fake_node *node, const char *target);

/** fake_inject() - @node gets a packet from an outer source @from */
void fake_inject(struct fake_node *node, const char *from,
		 const struct nhrp_pdu *pdu);

/** fake_entry() - the cache entry of a prefix, or NULL */
struct dmvpn_nl_entry *fake_entry(struct fake_node *node, const char *prefix);

/** fake_put() - write an entry as another daemon, or an operator, would */
struct dmvpn_nl_entry *fake_put(struct fake_node *node, const char *prefix,
				uint32_t type, const char *nbma);

/** fake_peer() - the peer at an address, or NULL */
struct dmvpn_nl_peer *fake_peer(struct fake_node *node, const char *nbma);

/** fake_sa() - add one from @src to @dst; it stays put until a deletion */
struct dmvpn_nl_sa *fake_sa(struct fake_node *node, const char *src,
			    const char *dst, uint32_t spi);

/** fake_last() - the packet sent last, decoded into @pdu; its octets */
const struct fake_sent *fake_last(struct fake_net *net, struct nhrp_pdu *pdu);

/** fake_sizes() - sizes of the packets sent from number @first, "84 104" */
const char *fake_sizes(struct fake_net *net, size_t first);

struct nh_addr fake_addr(const char *text);

#endif /* TESTS_FAKE_H */
