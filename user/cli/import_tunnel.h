/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A tunnel that is imported: what its configuration is going to say. */
#ifndef CLI_IMPORT_TUNNEL_H
#define CLI_IMPORT_TUNNEL_H

#include <net/if.h>

#include "cli/import.h"
#include "lib/addr.h"
#include "lib/hostname.h"

/* As dmvpnd has them; see dmvpnd.conf(5). */
#define IMPORT_ADDRS	16
#define IMPORT_NHS	16
#define IMPORT_MAPS	4096
#define IMPORT_MCASTS	256
#define IMPORT_CLUSTERS	11
#define IMPORT_SECRET	128
/* A line has 197 characters with its key. */
#define IMPORT_VALUE	180

/**
 * struct import_num - a number that may be given
 * @line: that gave it; NULL: none did
 * @value: the number
 */
struct import_num {
	struct import_line *line;
	uint32_t value;
};

/**
 * struct import_addr - a tunnel address
 * @addr: with its host bits
 * @plen: length of its prefix
 * @secondary: there is another one that the router speaks by
 * @line: that gave it
 */
struct import_addr {
	struct nh_addr addr;
	uint8_t plen;
	bool secondary;
	struct import_line *line;
};

/**
 * struct import_nhs - a server
 * @line: that gave it
 * @family: AF_INET or AF_INET6, of the tunnel address
 * @dynamic: the server tells its tunnel address
 * @proto: the tunnel address, unless @dynamic
 * @nbma: NBMA address; empty with @name, or while it is not known
 * @name: of the host, or ""
 * @multicast: it gets copies
 * @priority: 0 is the best
 * @cluster: group of servers
 */
struct import_nhs {
	struct import_line *line;
	uint8_t family;
	bool dynamic;
	struct nh_addr proto;
	struct nh_addr nbma;
	char name[NH_HOSTNAME_MAX + 1];
	bool multicast;
	uint8_t priority;
	uint8_t cluster;
};

/**
 * struct import_map - a static mapping
 * @line: that gave it
 * @prefix: tunnel addresses
 * @nbma: whose
 * @multicast: it gets copies
 */
struct import_map {
	struct import_line *line;
	struct nh_prefix prefix;
	struct nh_addr nbma;
	bool multicast;
};

/**
 * struct import_mcast - an NBMA address that gets copies
 * @line: that gave it
 * @nbma: the address
 */
struct import_mcast {
	struct import_line *line;
	struct nh_addr nbma;
};

/**
 * struct import_ipsec - the section [IPsec]
 * @line: that asks for protection; NULL: none does
 * @profile: its name
 * @ike: profile for IKE that stands beside its name, or ""
 * @ikev2: that one is for IKEv2
 * @section: there is something to be said of IPsec
 * @secret: pre-shared key, or "": the section is a comment only
 * @certs: peers have certificates
 * @version: of IKE, 0: as is
 * @proposals: for IKE, or ""
 * @esp: for ESP, or ""
 * @tunnel: mode
 * @identity: ours, or ""
 * @lifetime: of ESP SAs
 * @ike_lifetime: of IKE SAs
 * @dpd: seconds between messages
 * @idle: seconds
 */
struct import_ipsec {
	struct import_line *line;
	char profile[IMPORT_VALUE];
	char ike[IMPORT_VALUE];
	bool ikev2;
	bool section;
	char secret[IMPORT_SECRET + 1];
	bool certs;
	uint8_t version;
	char proposals[IMPORT_VALUE];
	char esp[IMPORT_VALUE];
	bool tunnel;
	char identity[IMPORT_VALUE];
	struct import_num lifetime;
	struct import_num ike_lifetime;
	struct import_num dpd;
	struct import_num idle;
};

/**
 * struct import_tunnel - a tunnel
 * @device: its new name
 * @origin: its old one, with what else is known of it, for a comment
 * @from: index of its first line
 * @to: index behind its last line
 * @nhrp: it speaks NHRP
 * @multipoint: it is multipoint
 * @source_line: that gave the source
 * @source_name: name of the underlay's interface, or ""
 * @source_dev: Source= is this device, or ""
 * @source: Source= is this address, or empty
 * @source_hint: why there is no source, for a comment
 * @vrf: of the outer packets, or ""
 * @underlay: family of the NBMA addresses, or AF_UNSPEC
 * @address_hint: what the address may be, for a comment
 * @key_hint: where to find the key, if it is not in the file
 * @addr: tunnel addresses
 * @naddr: entries in @addr
 * @tos: as the configuration has it
 * @tos_inherit: it says nothing, and then packets have that of inside
 * @old: the router has no NAT extension
 * @recent: it has multicast for clients and shortcuts unless it says no
 * @mcast_dynamic: on or off: clients get copies
 * @mcast_nhs: all servers do
 * @redirect: on or off
 * @shortcut: on or off
 * @no_unique: registrations are not unique
 * @if_state: the carrier follows the servers
 * @auth: password, or ""
 * @auth_line: that gave it
 * @group: NHRP group, or ""
 * @group_line: that gave it
 * @send_line: that gave the two limits
 * @cluster: most servers of a group
 *
 * The numbers are those of the keys of their name.
 */
struct import_tunnel {
	char device[IFNAMSIZ];
	char origin[128];
	size_t from;
	size_t to;
	bool nhrp;
	bool multipoint;
	struct import_line *source_line;
	char source_name[64];
	char source_dev[IFNAMSIZ];
	struct nh_addr source;
	char source_hint[160];
	char vrf[64];
	uint8_t underlay;
	char address_hint[64];
	char key_hint[64];
	struct import_addr addr[IMPORT_ADDRS];
	size_t naddr;
	struct import_num mtu;
	struct import_num mtu6;
	struct import_num key;
	struct import_num ttl;
	struct import_num tos;
	bool tos_inherit;
	struct import_num network_id;
	struct import_num holdtime;
	struct import_num registration;
	struct import_num fallback;
	struct import_num send_packets;
	struct import_num send_seconds;
	bool old;
	bool recent;
	struct import_num mcast_dynamic;
	struct import_line *mcast_nhs;
	struct import_num redirect;
	struct import_num shortcut;
	struct import_num no_unique;
	struct import_num if_state;
	struct import_line *auth_line;
	char auth[9];
	struct import_line *group_line;
	char group[65];
	struct import_num cluster[IMPORT_CLUSTERS];
	struct import_nhs nhs[IMPORT_NHS];
	size_t nnhs;
	struct import_map *map;
	size_t nmap;
	struct import_mcast mcast[IMPORT_MCASTS];
	size_t nmcast;
	struct import_ipsec ipsec;
};

/**
 * struct import_at - the command that is looked at
 * @in: the import
 * @t: the tunnel that it is about
 * @line: its line
 * @family: AF_INET of "ip ...", AF_INET6 of "ipv6 ...", or AF_UNSPEC
 * @no: "no" stands in front
 * @words: what its words are in, each where it is in the line, or NULL
 * @own: of who calls import_run()
 */
struct import_at {
	struct import *in;
	struct import_tunnel *t;
	struct import_line *line;
	uint8_t family;
	bool no;
	const char *words;
	void *own;
};

/**
 * struct import_cmd - a command that is known
 * @words: that it begins with; NULL ends a table
 * @fn: takes it, given the words behind; or NULL, and then:
 * @ignored: why it is not needed, or
 * @left: why it is not translated, and
 * @instead: what to do in its place, or NULL
 * @no: @fn also takes it behind "no"; that is not needed otherwise
 */
struct import_cmd {
	const char *words;
	void (*fn)(struct import_at *at, int n, char **w);
	const char *ignored;
	const char *left;
	const char *instead;
	bool no;
};

/**
 * import_run() - carry out the command with most words that @w begins with
 *
 * Return: false without one; its line is open then.
 */
bool import_run(struct import_at *at, const struct import_cmd *table, int n,
		char **w);

/** import_tunnel_new() - a tunnel, which belongs to @in; NULL: no room */
struct import_tunnel *import_tunnel_new(struct import *in, const char *device);

void import_tunnel_free(struct import_tunnel *t);

/** import_tunnel_named() - the tunnel of a device, or NULL */
struct import_tunnel *import_tunnel_named(const struct import *in,
					  const char *device);

/** import_tunnel_drop() - the last tunnel is none; its lines are not needed */
void import_tunnel_drop(struct import *in, struct import_tunnel *t,
			const char *why);

/**
 * import_set() - take a number for a key
 * @key: its section and name
 *
 * Another number that was given before stays.
 */
void import_set(struct import_at *at, struct import_num *num,
		const char *key, const char *text, uint32_t min, uint32_t max);

/** import_set_bool() - the same for yes and no */
void import_set_bool(struct import_at *at, struct import_num *num,
		     const char *key, bool value);

/** import_address() - take a tunnel address */
void import_address(struct import_at *at, const struct nh_addr *addr,
		    uint8_t plen);

/** import_mask_len() - length of a mask of an address; -1: it has holes */
int import_mask_len(const struct nh_addr *mask);

/** import_is_host() - an address that one host can have */
bool import_is_host(const struct nh_addr *addr);

/** import_nhrp4() - take the words behind "ip nhrp" */
void import_nhrp4(struct import_at *at, int n, char **w);

/** import_nhrp6() - the same behind "ipv6 nhrp" */
void import_nhrp6(struct import_at *at, int n, char **w);

/** import_fit() - see to it that what the tunnel has fits together */
void import_fit(struct import *in, struct import_tunnel *t);

/** import_write() - write a tunnel as dmvpnd.conf(5) has it */
void import_write(const struct import_tunnel *t, FILE *out);

#endif /* CLI_IMPORT_TUNNEL_H */
