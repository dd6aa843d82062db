/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration: one file per device, as a plain structure. */
#ifndef NH_CONF_H
#define NH_CONF_H

#include <net/if.h>
#include <stdio.h>

#include "daemon/ratelimit.h"
#include "lib/addr.h"
#include "lib/hostname.h"
#include "nhrp/auth.h"
#include "nhrp/vendor.h"

/* Limits of one file, so that a wrong file cannot eat the machine. */
#define NH_CONF_ADDRS		16
#define NH_CONF_NHS		16
#define NH_CONF_CLUSTERS	11
#define NH_CONF_MAPS		4096
#define NH_CONF_CAS		8
#define NH_CONF_SECRET_MAX	128
#define NH_CONF_RULES		4096
#define NH_CONF_PREFIXES	64
#define NH_CONF_NETWORKS	16
#define NH_CONF_ALSO		8

/* Entries of one peer, if the file does not say: its address, that of the other
 * family, its link local one, and as many again as nobody needs.
 */
#define NH_CONF_REGISTRATIONS	64

/**
 * struct nh_conf_addr - a protocol address of the device
 * @addr: the address with its host bits
 * @plen: length of the prefix that it is in
 */
struct nh_conf_addr {
	struct nh_addr addr;
	uint8_t plen;
};

/**
 * struct nh_conf_nhs - one [NHS] section
 * @proto: tunnel address of the server; empty with @dynamic
 * @dynamic: its tunnel address is learned from its replies
 * @family: of its tunnel address
 * @nbma: its NBMA address; empty with @name
 * @name: whose address is its NBMA address, or ""
 * @multicast: it gets copies of multicast packets
 * @priority: 0 is preferred to 255
 * @cluster: number of the group that it is in, below NH_CONF_CLUSTERS
 * @line: of the section in its file
 */
struct nh_conf_nhs {
	struct nh_addr proto;
	bool dynamic;
	uint8_t family;
	struct nh_addr nbma;
	char name[NH_HOSTNAME_MAX + 1];
	bool multicast;
	uint8_t priority;
	uint8_t cluster;
	unsigned int line;
};

/**
 * struct nh_conf_cluster - one [Cluster] section, a group of servers
 * @id: its number
 * @max: most servers of it that are registered with at a time; 0: all are
 * @line: of the section in its file
 */
struct nh_conf_cluster {
	uint8_t id;
	uint8_t max;
	unsigned int line;
};

/**
 * struct nh_conf_networks - a list of prefixes of the section [NHRP]
 * @at: the prefixes, each with its line in the file
 * @n: entries in @at
 */
struct nh_conf_networks {
	struct {
		struct nh_prefix prefix;
		unsigned int line;
	} at[NH_CONF_NETWORKS];
	size_t n;
};

/**
 * struct nh_conf_map - one [Map] section, a static cache entry
 * @prefix: protocol addresses
 * @nbma: NBMA address of the peer that serves them
 * @multicast: the peer gets copies of multicast packets
 * @line: of the section in its file
 */
struct nh_conf_map {
	struct nh_prefix prefix;
	struct nh_addr nbma;
	bool multicast;
	unsigned int line;
};

/**
 * struct nh_conf_ipsec - the section [IPsec], the connection that IKE gets
 * @present: there is the section; without it all members are 0
 * @line: of the section in its file
 * @socket: path of strongSwan's VICI socket
 * @version: of IKE, 1 or 2
 * @tunnel: ESP in tunnel mode, else in transport mode
 * @secret: shared by all nodes, wiped by nh_conf_free(); or NULL, and then
 *	@cert, @key and @ca are given
 * @secret_len: octets of @secret, which has no NUL behind it
 * @cert: path of our certificate, or NULL; the files of it, @key and @ca were
 *	there and readable, what they contain is not known
 * @key: path of its private key, or NULL
 * @ca: paths of the certificates of authorities that are trusted
 * @nca: entries in @ca
 * @identity: ours in IKE, NULL: the address or the certificate's subject
 * @remote_identity: what peers must have, NULL: any
 * @proposals: for the IKE SA, NULL: strongSwan's default
 * @esp_proposals: for the ESP SAs, NULL: the default is the caller's
 * @lifetime: seconds of an ESP SA
 * @ike_lifetime: seconds of an IKE SA
 * @dpd: seconds between the messages that detect dead peers, 0: none are sent
 * @idle: seconds without packets that end a path between clients, 0: only its
 *	cache entries' end does
 */
struct nh_conf_ipsec {
	bool present;
	unsigned int line;
	char *socket;
	uint8_t version;
	bool tunnel;
	uint8_t *secret;
	size_t secret_len;
	char *cert;
	char *key;
	char *ca[NH_CONF_CAS];
	size_t nca;
	char *identity;
	char *remote_identity;
	char *proposals;
	char *esp_proposals;
	uint32_t lifetime;
	uint32_t ike_lifetime;
	uint32_t dpd;
	uint32_t idle;
};

/**
 * struct nh_conf_rule - one Allow= of the section [Peers]
 * @identity: pattern for fnmatch(3)
 * @prefix: what such peers may register or answer for
 * @nprefix: entries in @prefix
 * @line: of the key in its file
 */
struct nh_conf_rule {
	char *identity;
	struct nh_prefix *prefix;
	size_t nprefix;
	unsigned int line;
};

/**
 * struct nh_conf - one file
 * @file: its path
 * @name: of the device
 * @source_dev: underlay device whose addresses are the NBMA addresses, or ""
 * @source4: local IPv4 NBMA address, or empty
 * @source6: local IPv6 NBMA address, or empty
 * @addr: protocol addresses; the first of a family is the one of NHRP. Where
 *	there is an IPv6 one, one of them is link-local
 * @naddr: entries in @addr
 * @mtu: of the device, 0 leaves the kernel's choice
 * @has_key: packets carry a GRE key
 * @key: GRE key, 0 is one
 * @ttl: outer TTL, 0 copies the inner one
 * @tos: outer TOS, 1 copies the inner one
 * @df: enum dmvpn_df
 * @mark: mark of outer packets
 * @protection: enum dmvpn_protection
 * @strict_source: drop packets whose inner source is not mapped to the peer
 * @hold_queue: packets held for resolution; this and the following limits are
 *	-1 when the file does not name them, and are then left as they are
 * @upcall_rate: resolve upcalls a second
 * @max_peers: most peers
 * @max_entries: most cache entries
 * @max_mcast: most peers that get multicast
 * @network_id: redirects are sent between devices of the same one
 * @auth: password, or of length 0
 * @holdtime: seconds that bindings told by us may be used
 * @registration: seconds between registrations, 0: a third of @holdtime
 * @unique: registrations ask for uniqueness
 * @link_local: registrations name the link-local address
 * @redirect: send Traffic Indications
 * @shortcut: act on Traffic Indications
 * @mcast_dynamic: registered clients get copies of multicast packets
 * @nat: use Cisco's NAT extension
 * @server: accept registrations
 * @max_send: own requests, and as much of forwarded packets
 * @max_registrations: most entries that a peer has when it registers one
 * @also: networks that are registered beside our addresses
 * @accept: in which clients may register networks
 * @group: NHRP group that registrations name, or ""
 * @vendor: the extension that does so, or of length 0
 * @if_state: the device has a carrier while some server is up
 * @nhs: servers to register with, in the file's order
 * @nnhs: entries in @nhs
 * @cluster: groups of them that have a maximum
 * @ncluster: entries in @cluster
 * @fallback: seconds that a better server waits until it is gone back to
 * @map: static entries
 * @nmap: entries in @map
 * @ipsec: what IKE is told
 * @peers: there is a section [Peers]
 * @rule: its rules
 * @nrule: entries in @rule
 */
struct nh_conf {
	char *file;
	char name[IFNAMSIZ];
	char source_dev[IFNAMSIZ];
	struct nh_addr source4;
	struct nh_addr source6;
	struct nh_conf_addr addr[NH_CONF_ADDRS + 1];
	size_t naddr;
	uint32_t mtu;
	bool has_key;
	uint32_t key;
	uint8_t ttl;
	uint8_t tos;
	uint8_t df;
	uint32_t mark;
	uint8_t protection;
	bool strict_source;
	int64_t hold_queue;
	int64_t upcall_rate;
	int64_t max_peers;
	int64_t max_entries;
	int64_t max_mcast;
	uint32_t network_id;
	struct nhrp_auth auth;
	uint16_t holdtime;
	uint16_t registration;
	bool unique;
	bool link_local;
	bool redirect;
	bool shortcut;
	bool mcast_dynamic;
	bool nat;
	bool server;
	struct nh_rate max_send;
	uint32_t max_registrations;
	struct nh_conf_networks also;
	struct nh_conf_networks accept;
	char group[NHRP_GROUP_MAX + 1];
	struct nhrp_vendor vendor;
	bool if_state;
	struct nh_conf_nhs nhs[NH_CONF_NHS];
	size_t nnhs;
	struct nh_conf_cluster cluster[NH_CONF_CLUSTERS];
	size_t ncluster;
	uint16_t fallback;
	struct nh_conf_map *map;
	size_t nmap;
	struct nh_conf_ipsec ipsec;
	bool peers;
	struct nh_conf_rule *rule;
	size_t nrule;
};

/**
 * struct nh_conf_set - the files of a directory, ordered by name
 */
struct nh_conf_set {
	struct nh_conf **conf;
	size_t n;
};

/**
 * typedef nh_conf_report - takes one error
 * @text: "FILE:LINE: [Section] Key=value: what is wrong, what is expected"
 */
typedef void (*nh_conf_report)(void *arg, const char *text);

/**
 * nh_conf_read() - read one file
 * @conf: set on success, to be given to nh_conf_free()
 * @path: for messages, and for the default of Name
 * @file: open for reading
 * @report: called for each error
 * @arg: for @report
 *
 * Return: 0; -EINVAL after errors were reported; -ENOMEM.
 */
int nh_conf_read(struct nh_conf **conf, const char *path, FILE *file,
		 nh_conf_report report, void *arg);

void nh_conf_free(struct nh_conf *conf);

/**
 * nh_conf_load() - read each *.conf of a directory
 * @set: filled on success, empty otherwise
 *
 * Also refuses two files for one device.
 *
 * Return: 0; -EINVAL after errors were reported; a directory or file that
 * cannot be read and a directory without any file are such errors.
 */
int nh_conf_load(struct nh_conf_set *set, const char *dir,
		 nh_conf_report report, void *arg);

void nh_conf_set_free(struct nh_conf_set *set);

/** nh_conf_proto() - the first protocol address of @family, or NULL
 *
 * Not the link-local one.
 */
const struct nh_conf_addr *nh_conf_proto(const struct nh_conf *conf,
					 uint8_t family);

/** nh_conf_link_local() - the IPv6 link-local address, or NULL */
const struct nh_conf_addr *nh_conf_link_local(const struct nh_conf *conf);

/** nh_conf_touches() - @prefix has some of a subnet of the device */
bool nh_conf_touches(const struct nh_conf *conf,
		     const struct nh_prefix *prefix);

/** nh_conf_is_own() - @addr is one of the device's protocol addresses */
bool nh_conf_is_own(const struct nh_conf *conf, const struct nh_addr *addr);

/** nh_conf_cluster_max() - most servers of a cluster, per family; 0: no limit */
unsigned int nh_conf_cluster_max(const struct nh_conf *conf, uint8_t cluster);

/** nh_conf_has_nhs() - @prefix is the tunnel address of a server */
bool nh_conf_has_nhs(const struct nh_conf *conf,
		     const struct nh_prefix *prefix);

/**
 * nh_conf_allows() - whether an identity may speak for addresses
 * @conf: without a section [Peers] it allows everything
 * @identity: that IKE has authenticated; NULL, not known, is allowed nothing
 * @prefix: a single rule must cover all of it
 */
bool nh_conf_allows(const struct nh_conf *conf, const char *identity,
		    const struct nh_prefix *prefix);

/**
 * nh_conf_ipsec_equal() - whether IKE would be told the same
 *
 * Files are compared by their paths: who wants a renewed certificate of the
 * same path to be noticed reads it again.
 */
bool nh_conf_ipsec_equal(const struct nh_conf *a, const struct nh_conf *b);

#endif /* NH_CONF_H */
